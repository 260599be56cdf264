//! The critical concentration over temperature and enthalpy.

use std::f64::consts::LN_10;

use frit_units::constants::BOLTZMANN;

use super::{DispersionError, ln_concentration};
use crate::OutOfRange;
use crate::parameter::{finite, positive};

/// log₁₀ c\* on a grid of temperatures and enthalpies.
#[derive(Debug, Clone, PartialEq)]
pub struct ConcentrationMap {
    /// Temperatures \[K\].
    pub temperatures: Vec<f64>,
    /// Enthalpies per atom [eV].
    pub enthalpies: Vec<f64>,
    /// log₁₀ c\*: one row of enthalpies for each temperature.
    pub log10_concentrations: Vec<f64>,
}

impl ConcentrationMap {
    /// The map over all pairs of these temperatures and enthalpies.
    ///
    /// # Errors
    /// If a temperature is not positive or an enthalpy is not finite.
    pub fn new(temperatures: Vec<f64>, enthalpies: Vec<f64>) -> Result<Self, DispersionError> {
        for &temperature in &temperatures {
            positive("temperature", temperature, "K")?;
        }
        for &enthalpy in &enthalpies {
            finite("enthalpy per atom", enthalpy, "eV")?;
        }
        let log10_concentrations = temperatures
            .iter()
            .flat_map(|&temperature| {
                enthalpies
                    .iter()
                    .map(move |&enthalpy| ln_concentration(temperature, enthalpy) / LN_10)
            })
            .collect();
        Ok(Self {
            temperatures,
            enthalpies,
            log10_concentrations,
        })
    }

    /// 201 temperatures from 200 to 1200 K and 201 enthalpies from -1 to 0 eV, as in the figure
    /// of Zhu et al.
    ///
    /// # Errors
    /// Never, in fact; the range is a valid one.
    pub fn of_figure() -> Result<Self, DispersionError> {
        Self::new(even(200.0, 1200.0, 201), even(-1.0, 0.0, 201))
    }

    /// The line of this log₁₀ c\*, traced through the grid: pairs of temperature and enthalpy,
    /// one for each temperature at which the line crosses the grid.
    ///
    /// Enthalpies must ascend.
    pub fn contour(&self, log10_concentration: f64) -> Vec<[f64; 2]> {
        let width = self.enthalpies.len();
        let mut line = Vec::new();
        for (k, &temperature) in self.temperatures.iter().enumerate() {
            let row = &self.log10_concentrations[k * width..][..width];
            // c* rises with the enthalpy.
            let above = row.partition_point(|&value| value < log10_concentration);
            if above == 0 || above == width {
                continue;
            }
            let fraction = (log10_concentration - row[above - 1]) / (row[above] - row[above - 1]);
            let step = self.enthalpies[above] - self.enthalpies[above - 1];
            line.push([temperature, self.enthalpies[above - 1] + fraction * step]);
        }
        line
    }
}

/// `points` numbers at even distances from `first` to `last`.
fn even(first: f64, last: f64, points: u32) -> Vec<f64> {
    (0..points)
        .map(|k| first + (last - first) * f64::from(k) / f64::from(points - 1))
        .collect()
}

/// The enthalpy per atom [eV] at which `concentration` is the critical one at this temperature:
/// Δh = kT [1 - ln(1/c - 1)], a straight line through the origin.
///
/// # Errors
/// Unless the concentration lies between 0 and 1 and the temperature is positive.
pub fn contour_enthalpy(concentration: f64, temperature: f64) -> Result<f64, DispersionError> {
    if !(concentration > 0.0 && concentration < 1.0) {
        return Err(DispersionError::Parameter(OutOfRange {
            name: "concentration",
            value: concentration,
            unit: "",
            expected: "between 0 and 1, both excluded",
        }));
    }
    let temperature = positive("temperature", temperature, "K")?;
    Ok(BOLTZMANN * temperature * (1.0 - (1.0 / concentration - 1.0).ln()))
}

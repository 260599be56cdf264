//! The gas, what covers the metal, and the rates that follow.

use std::f64::consts::TAU;

use frit_units::constants::{ATOMIC_MASS_UNIT, BOLTZMANN, BOLTZMANN_SI};

use super::{CELL_AREA, Kinetics, LoopingError};
use crate::parameter::{not_negative, positive};

/// Masses of the molecules [u].
const HYDROGEN_MASS: f64 = 2.016;
const OXYGEN_MASS: f64 = 31.998;
/// Area of a site on the metal [m²]: nickel {111}.
pub const SITE_AREA: f64 = 5.4e-20;

/// The gas around the particle: partial pressures [Pa].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gas {
    /// Of hydrogen.
    pub hydrogen: f64,
    /// Of oxygen.
    pub oxygen: f64,
}

impl Gas {
    /// 20 % hydrogen and 2 % oxygen at 1 bar, as in Pan et al. (the pressure is our choice).
    pub const STANDARD: Self = Self {
        hydrogen: 20e3,
        oxygen: 2e3,
    };

    pub(crate) fn validate(&self) -> Result<(), LoopingError> {
        not_negative("pressure of hydrogen", self.hydrogen, "Pa")?;
        not_negative("pressure of oxygen", self.oxygen, "Pa")?;
        if self.hydrogen == 0.0 && self.oxygen == 0.0 {
            return Err(LoopingError::NoGas);
        }
        Ok(())
    }
}

/// Molecules of mass `mass` \[u\] that hit an area, per area and time [1/(m² s)]: p / √(2πmkT).
fn flux(pressure: f64, mass: f64, temperature: f64) -> f64 {
    pressure / (TAU * mass * ATOMIC_MASS_UNIT * BOLTZMANN_SI * temperature).sqrt()
}

/// What covers the metal in the steady state of fast gas reactions.
///
/// With x = √(F_H/k_des), hydrogen in equilibrium with the gas on free sites, and
/// y = F_O/(k_w x), oxygen that arrives and is removed by hydrogen, θ_free = 1/(1 + x + y).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverages {
    /// Hydrogen over free sites, x.
    pub hydrogen_ratio: f64,
    /// Blocking oxygen over free sites, y; infinite without hydrogen.
    pub oxygen_ratio: f64,
    /// Share of free sites.
    pub free: f64,
    /// Share of sites with hydrogen.
    pub hydrogen: f64,
    /// Oxygen atoms that arrive at a free site [1/s].
    pub oxygen_arrival: f64,
}

impl Coverages {
    /// The coverages of the metal at a temperature [K].
    pub fn of_metal(kinetics: &Kinetics, gas: Gas, temperature: f64) -> Self {
        let (barrier, desorption) = (kinetics.hydrogen_barrier, kinetics.hydrogen_desorption);
        let x = hydrogen_ratio(kinetics, gas, temperature, barrier, desorption);
        let arrival =
            2.0 * kinetics.oxygen_sticking * flux(gas.oxygen, OXYGEN_MASS, temperature) * SITE_AREA;
        let removal = kinetics.removal_frequency
            * (-kinetics.removal_barrier / (BOLTZMANN * temperature)).exp();
        let y = if arrival == 0.0 {
            0.0
        } else {
            arrival / (removal * x)
        };
        let free = 1.0 / (1.0 + x + y);
        Self {
            hydrogen_ratio: x,
            oxygen_ratio: y,
            free,
            hydrogen: x * free,
            oxygen_arrival: arrival,
        }
    }

    /// Water that the metal itself makes, per site [1/s]: F_O θ_free².
    pub fn direct_water(&self) -> f64 {
        self.oxygen_arrival * self.free * self.free
    }
}

/// √(F/k_des) of hydrogen on free sites.
fn hydrogen_ratio(
    kinetics: &Kinetics,
    gas: Gas,
    temperature: f64,
    barrier: f64,
    desorption: f64,
) -> f64 {
    let thermal_energy = BOLTZMANN * temperature;
    let arrival = 2.0
        * kinetics.hydrogen_sticking
        * flux(gas.hydrogen, HYDROGEN_MASS, temperature)
        * SITE_AREA;
    let ratio = arrival / kinetics.desorption_frequency;
    (ratio * ((desorption - barrier) / thermal_energy).exp()).sqrt()
}

/// The rates of slow events at a temperature and in a gas [1/s].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// What covers the metal.
    pub coverages: Coverages,
    /// Reduction under the metal, at a ledge with three neighbours.
    pub reduction: f64,
    /// Reduction of the bare oxide, likewise.
    pub bare_reduction: f64,
    /// Advance of the metal by a step.
    pub advance: f64,
    /// Hop of iron in one direction, not upwards.
    pub hop: f64,
    /// Growth at each of the steps around mobile iron.
    pub attachment: f64,
    /// Growth away from steps.
    pub nucleation: f64,
    /// Factor of reduction for each neighbour over three.
    pub ledge_factor: f64,
    /// Factor of a hop for each layer upwards.
    pub climb_factor: f64,
}

impl Rates {
    /// The rates at a temperature [K].
    ///
    /// # Errors
    /// If a constant, the temperature or the gas is out of its range.
    pub fn new(kinetics: &Kinetics, gas: Gas, temperature: f64) -> Result<Self, LoopingError> {
        kinetics.validate()?;
        gas.validate()?;
        Ok(Self::at(
            kinetics,
            gas,
            positive("temperature", temperature, "K")?,
        ))
    }

    /// The rates of constants, gas and temperature that have been checked.
    pub(crate) fn at(kinetics: &Kinetics, gas: Gas, temperature: f64) -> Self {
        let boltzmann = |energy: f64| (-energy / (BOLTZMANN * temperature)).exp();
        let coverages = Coverages::of_metal(kinetics, gas, temperature);
        let bare_ratio = hydrogen_ratio(
            kinetics,
            gas,
            temperature,
            kinetics.bare_hydrogen_barrier,
            kinetics.bare_hydrogen_desorption,
        );
        let bare_hydrogen = bare_ratio / (1.0 + bare_ratio);
        // O₂ binds the iron of a quarter of a cell's area in each of its four molecules.
        let attachment =
            kinetics.oxidation_sticking * flux(gas.oxygen, OXYGEN_MASS, temperature) * CELL_AREA
                / 4.0
                * boltzmann(kinetics.oxidation_barrier);
        Self {
            coverages,
            // Two hydrogen atoms make a molecule of water: second order.
            reduction: kinetics.reduction_frequency
                * boltzmann(kinetics.reduction_barrier)
                * coverages.hydrogen.powi(2),
            bare_reduction: kinetics.reduction_frequency
                * boltzmann(kinetics.bare_reduction_barrier)
                * bare_hydrogen.powi(2),
            advance: (kinetics.advance_frequency * boltzmann(kinetics.advance_barrier))
                .min(kinetics.advance_limit),
            hop: (kinetics.hop_frequency * boltzmann(kinetics.hop_barrier)).min(kinetics.hop_limit),
            attachment,
            nucleation: attachment * boltzmann(kinetics.nucleation_barrier),
            ledge_factor: boltzmann(kinetics.ledge_energy),
            climb_factor: boltzmann(kinetics.climb_barrier),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverages_are_those_of_an_independent_program() {
        // By a Python script that shares nothing with this program, with older constants.
        for (temperature, y, hydrogen) in [
            (973.0, 3.306_80e-2, 1.411_50e-1),
            (773.0, 3.218_78, 1.347_92e-1),
            (673.0, 87.4920, 1.924_46e-2),
        ] {
            let found = Coverages::of_metal(&Kinetics::default(), Gas::STANDARD, temperature);
            let constants = 1e-5;
            assert!(
                (found.oxygen_ratio / y - 1.0).abs() < constants,
                "{found:?}"
            );
            assert!(
                (found.hydrogen / hydrogen - 1.0).abs() < constants,
                "{found:?}"
            );
        }
    }

    #[test]
    fn coverages_balance_arrival_and_removal() {
        let (kinetics, temperature) = (Kinetics::default(), 800.0);
        let found = Coverages::of_metal(&kinetics, Gas::STANDARD, temperature);
        let oxygen = found.oxygen_ratio * found.free;
        assert!((found.free + found.hydrogen + oxygen - 1.0).abs() < 1e-12);
        let removal = kinetics.removal_frequency
            * (-kinetics.removal_barrier / (BOLTZMANN * temperature)).exp();
        let removed = removal * oxygen * found.hydrogen;
        assert!((removed / found.direct_water() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn without_one_gas_nothing_of_it_is_there() {
        let kinetics = Kinetics::default();
        let only =
            |hydrogen, oxygen| Rates::new(&kinetics, Gas { hydrogen, oxygen }, 900.0).unwrap();
        let reducing = only(20e3, 0.0);
        assert_eq!(
            (reducing.coverages.oxygen_ratio, reducing.attachment),
            (0.0, 0.0)
        );
        let oxidising = only(0.0, 2e3);
        assert_eq!(
            (oxidising.coverages.hydrogen, oxidising.reduction),
            (0.0, 0.0)
        );
        assert_eq!(oxidising.bare_reduction, 0.0);
        let neither = Gas {
            hydrogen: 0.0,
            oxygen: 0.0,
        };
        assert_eq!(
            Rates::new(&kinetics, neither, 900.0),
            Err(LoopingError::NoGas)
        );
        assert!(Rates::new(&kinetics, Gas::STANDARD, -1.0).is_err());
    }
}

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

/// Molecules of mass `mass` \[u\] that hit an area, per area and time [1/(m² s)]: p / √(2πmkT)
/// (Hertz and Knudsen, doi:10.1002/andp.19093330505).
fn flux(pressure: f64, mass: f64, temperature: f64) -> f64 {
    pressure / (TAU * mass * ATOMIC_MASS_UNIT * BOLTZMANN_SI * temperature).sqrt()
}

/// What covers the metal in the steady state of fast gas reactions.
///
/// Hydrogen on free sites is in equilibrium with the gas, dissociated, hence the root
/// (Langmuir, doi:10.1021/ja02242a004): x = θ_H/θ_free = √(F_H/k_des). Oxygen arrives at pairs of free
/// sites, F_O θ_free², and hydrogen removes it, k_w θ_O θ_H (Langmuir-Hinshelwood), hence
/// y = θ_O/θ_free = F_O/(k_w x). All sites are free or covered: θ_free = 1/(1 + x + y).
///
/// Ratios are kept as logarithms, which hold them at any temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverages {
    /// Logarithm of hydrogen over free sites, ln x; -∞ without hydrogen.
    pub log_hydrogen_ratio: f64,
    /// Logarithm of blocking oxygen over free sites, ln y; -∞ without oxygen.
    pub log_oxygen_ratio: f64,
    /// Share of free sites.
    pub free: f64,
    /// Share of sites with hydrogen.
    pub hydrogen: f64,
    /// Share of sites that oxygen blocks.
    pub oxygen: f64,
    /// Oxygen atoms that arrive at a free site [1/s].
    pub oxygen_arrival: f64,
}

impl Coverages {
    /// The coverages of the metal at a temperature [K].
    pub fn of_metal(kinetics: &Kinetics, gas: Gas, temperature: f64) -> Self {
        let (barrier, desorption) = (kinetics.hydrogen_barrier, kinetics.hydrogen_desorption);
        let hydrogen = log_hydrogen_ratio(kinetics, gas, temperature, barrier, desorption);
        let arrival =
            2.0 * kinetics.oxygen_sticking * flux(gas.oxygen, OXYGEN_MASS, temperature) * SITE_AREA;
        let oxygen = if arrival > 0.0 {
            (arrival / kinetics.removal_frequency).ln()
                + kinetics.removal_barrier / (BOLTZMANN * temperature)
                - hydrogen
        } else {
            f64::NEG_INFINITY
        };
        // Relative to the largest of the three, none overflows.
        let largest = hydrogen.max(oxygen).max(0.0);
        let shares = if largest == f64::INFINITY {
            // No hydrogen removes the oxygen.
            [0.0, 0.0, 1.0]
        } else {
            [0.0, hydrogen, oxygen].map(|log| (log - largest).exp())
        };
        let all: f64 = shares.iter().sum();
        let [free, covered, blocked] = shares.map(|share| share / all);
        Self {
            log_hydrogen_ratio: hydrogen,
            log_oxygen_ratio: oxygen,
            free,
            hydrogen: covered,
            oxygen: blocked,
            oxygen_arrival: arrival,
        }
    }

    /// Water that the metal itself makes, per site [1/s]: F_O θ_free².
    pub fn direct_water(&self) -> f64 {
        self.oxygen_arrival * self.free * self.free
    }
}

/// ln √(F_H/k_des) of hydrogen on free sites, with F_H = 2 s J A exp(-E_diss/kT) and
/// k_des = ν exp(-E_des/kT); -∞ without hydrogen.
fn log_hydrogen_ratio(
    kinetics: &Kinetics,
    gas: Gas,
    temperature: f64,
    barrier: f64,
    desorption: f64,
) -> f64 {
    let arrival = 2.0
        * kinetics.hydrogen_sticking
        * flux(gas.hydrogen, HYDROGEN_MASS, temperature)
        * SITE_AREA;
    let energy = (desorption - barrier) / (BOLTZMANN * temperature);
    0.5 * ((arrival / kinetics.desorption_frequency).ln() + energy)
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
    /// If a constant, the temperature or the gas is out of its range, or a rate no finite number.
    pub fn new(kinetics: &Kinetics, gas: Gas, temperature: f64) -> Result<Self, LoopingError> {
        kinetics.validate()?;
        gas.validate()?;
        let temperature = positive("temperature", temperature, "K")?;
        let rates = Self::at(kinetics, gas, temperature);
        match rates.is_finite() {
            true => Ok(rates),
            false => Err(LoopingError::Rates { temperature }),
        }
    }

    /// Whether all rates and coverages are numbers with which time can be counted.
    fn is_finite(&self) -> bool {
        let covered = &self.coverages;
        [
            covered.free,
            covered.hydrogen,
            covered.oxygen,
            covered.oxygen_arrival,
            self.reduction,
            self.bare_reduction,
            self.advance,
            self.hop,
            self.attachment,
            self.nucleation,
            self.ledge_factor,
            self.climb_factor,
        ]
        .iter()
        .all(|value| value.is_finite())
            && covered.log_hydrogen_ratio < f64::INFINITY
    }

    /// The rates of constants, gas and temperature that have been checked.
    pub(crate) fn at(kinetics: &Kinetics, gas: Gas, temperature: f64) -> Self {
        let boltzmann = |energy: f64| (-energy / (BOLTZMANN * temperature)).exp();
        let coverages = Coverages::of_metal(kinetics, gas, temperature);
        let bare_ratio = log_hydrogen_ratio(
            kinetics,
            gas,
            temperature,
            kinetics.bare_hydrogen_barrier,
            kinetics.bare_hydrogen_desorption,
        );
        let bare_hydrogen = 1.0 / (1.0 + (-bare_ratio).exp());
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
                (found.log_oxygen_ratio.exp() / y - 1.0).abs() < constants,
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
        let oxygen = found.log_oxygen_ratio.exp() * found.free;
        assert!((oxygen / found.oxygen - 1.0).abs() < 1e-12);
        assert!((found.free + found.hydrogen + oxygen - 1.0).abs() < 1e-12);
        let removal = kinetics.removal_frequency
            * (-kinetics.removal_barrier / (BOLTZMANN * temperature)).exp();
        let removed = removal * oxygen * found.hydrogen;
        assert!((removed / found.direct_water() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn rates_are_numbers_at_any_temperature() {
        let kinetics = Kinetics::default();
        for temperature in [1e-6, 1.0, 10.0, 20.0, 100.0, 1e4, 1e9] {
            for (hydrogen, oxygen) in [(20e3, 2e3), (20e3, 0.0), (0.0, 2e3), (1e-30, 1e30)] {
                let found = Rates::new(&kinetics, Gas { hydrogen, oxygen }, temperature).unwrap();
                let covered = &found.coverages;
                let shares = covered.free + covered.hydrogen + covered.oxygen;
                assert!((shares - 1.0).abs() < 1e-12, "{temperature} {found:?}");
                assert!(found.is_finite(), "{temperature} {found:?}");
            }
        }
        // In the cold, hydrogen or, however little hydrogen leaves it, oxygen covers the metal.
        let cold = Coverages::of_metal(&kinetics, Gas::STANDARD, 10.0);
        assert_eq!(cold.oxygen, 1.0);
    }

    #[test]
    fn without_one_gas_nothing_of_it_is_there() {
        let kinetics = Kinetics::default();
        let only =
            |hydrogen, oxygen| Rates::new(&kinetics, Gas { hydrogen, oxygen }, 900.0).unwrap();
        let reducing = only(20e3, 0.0);
        assert_eq!((reducing.coverages.oxygen, reducing.attachment), (0.0, 0.0));
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

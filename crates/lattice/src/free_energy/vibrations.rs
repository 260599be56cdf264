//! Harmonic vibrations.

use frit_units::constants::{BOLTZMANN, ELEMENTARY_CHARGE, PLANCK_SI};

/// Speed of light [cm/s], exact.
const SPEED_OF_LIGHT: f64 = 2.997_924_58e10;
/// Energy of a wavenumber of 1 cm⁻¹ [eV].
pub(crate) const WAVENUMBER: f64 = PLANCK_SI * SPEED_OF_LIGHT / ELEMENTARY_CHARGE;

/// What vibrations add to the energy of a resting structure.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Thermal {
    /// Zero-point energy [eV].
    pub zero_point: f64,
    /// Energy (of a gas: enthalpy) from heating to the temperature [eV].
    pub heat: f64,
    /// Entropy [eV/K].
    pub entropy: f64,
}

/// Harmonic vibrations of these wavenumbers \[cm⁻¹\] at a temperature \[K\]: with x = hcν/kT,
/// the sums of hcν/2, hcν/(eˣ - 1) and k [x/(eˣ - 1) - ln(1 - e⁻ˣ)].
pub(crate) fn harmonic(wavenumbers: &[f64], temperature: f64) -> Thermal {
    let thermal_energy = BOLTZMANN * temperature;
    let mut sum = Thermal::default();
    for wavenumber in wavenumbers {
        let quantum = WAVENUMBER * wavenumber;
        let x = quantum / thermal_energy;
        let occupation = 1.0 / x.exp_m1();
        sum.zero_point += quantum / 2.0;
        sum.heat += quantum * occupation;
        sum.entropy += BOLTZMANN * (x * occupation - (-(-x).exp()).ln_1p());
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmonic_vibrations_are_those_of_ase() {
        // ase.thermochemistry.HarmonicThermo of ASE 3.29 for 100, 500 and 1000 cm⁻¹.
        for (temperature, energy, entropy, free_energy) in [
            (300.0, 0.126_565_58, 1.833_498_940_7e-4, 0.071_560_61),
            (773.15, 0.223_007_28, 3.707_267_839_5e-4, -0.063_620_13),
        ] {
            let found = harmonic(&[100.0, 500.0, 1000.0], temperature);
            let inner = found.zero_point + found.heat;
            // ASE has the constants of 2014.
            assert!((inner - energy).abs() < 1e-6);
            assert!((found.entropy / entropy - 1.0).abs() < 1e-5);
            assert!((inner - temperature * found.entropy - free_energy).abs() < 1e-6);
        }
    }
}

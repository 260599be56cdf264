//! Physical constants and the one internal unit system of the atomistic part.
//!
//! Values: CODATA 2022 (Mohr, Newell, Taylor, Tiesinga, Rev. Mod. Phys. 97, 025002 (2025);
//! doi:10.1103/RevModPhys.97.025002). Those marked *exact* are exact by the definition of the SI.
//!
//! Internal units: Å, ps, eV, u (unified atomic mass unit), K, e. A force is in eV/Å, a velocity
//! in Å/ps, a pressure in eV/Å³.

/// Elementary charge in C, exact.
pub const ELEMENTARY_CHARGE: f64 = 1.602_176_634e-19;
/// Boltzmann constant in J/K, exact.
pub const BOLTZMANN_SI: f64 = 1.380_649e-23;
/// Avogadro constant in 1/mol, exact.
pub const AVOGADRO: f64 = 6.022_140_76e23;
/// Planck constant in J s, exact.
pub const PLANCK_SI: f64 = 6.626_070_15e-34;
/// Unified atomic mass unit in kg, CODATA 2022.
pub const ATOMIC_MASS_UNIT: f64 = 1.660_539_068_92e-27;
/// Coulomb's constant times e² in eV Å, CODATA 2022: e²/(4 π ε₀) with ε₀ = 8.8541878188e-12 F/m.
pub const COULOMB: f64 = 14.399_645_468_668;
/// Bohr radius in Å, CODATA 2022.
pub const BOHR_RADIUS: f64 = 0.529_177_210_544;

/// Boltzmann constant [eV/K], exact.
pub const BOLTZMANN: f64 = BOLTZMANN_SI / ELEMENTARY_CHARGE;

/// Energy of mass times velocity squared: 1 u (Å/ps)² in eV, about 1.0364e-4.
///
/// The only factor that the internal units need, since eV is not u Å²/ps².
pub const MASS_VELOCITY2_TO_ENERGY: f64 = ATOMIC_MASS_UNIT * 1.0e4 / ELEMENTARY_CHARGE;

/// Pressure of 1 eV/Å³ in bar.
pub const PRESSURE_TO_BAR: f64 = ELEMENTARY_CHARGE * 1.0e30 / 1.0e5;

/// Factors that turn forces into accelerations and velocities into energies.
///
/// Frit's dynamics takes them as a value so that a comparison with another program can use that
/// program's rounding; everything that runs by itself uses [`MechanicalConstants::CODATA`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MechanicalConstants {
    /// Energy of mass times velocity squared [eV / (u Å²/ps²)].
    pub mass_velocity2_to_energy: f64,
    /// Acceleration of force per mass [(Å/ps²) / (eV/Å/u)].
    pub force_to_acceleration: f64,
    /// Boltzmann constant [eV/K].
    pub boltzmann: f64,
}

impl MechanicalConstants {
    /// The values frit computes with.
    pub const CODATA: Self = Self {
        mass_velocity2_to_energy: MASS_VELOCITY2_TO_ENERGY,
        force_to_acceleration: 1.0 / MASS_VELOCITY2_TO_ENERGY,
        boltzmann: BOLTZMANN,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_agree_with_published_values() {
        // CODATA 2022: the atomic mass constant energy equivalent, 931.49410372 MeV, over c².
        let speed_of_light = 299_792_458.0e-2; // Å/ps
        let from_energy = 931.494_103_72e6 / (speed_of_light * speed_of_light);
        assert!((MASS_VELOCITY2_TO_ENERGY / from_energy - 1.0).abs() < 1e-10);
        assert!((BOLTZMANN - 8.617_333_262e-5).abs() < 1e-14);
    }
}

//! Extended XYZ: a line with the number of atoms, a line of `key=value`, a line for each atom.
//!
//! The writer follows the columns that OVITO and ASE know by name (see [`Encoder`]); the reader takes
//! what ASE, QUIP, OVITO, LAMMPS and GPUMD write, and plain XYZ. Grammar: the specification of
//! libAtoms/extxyz (<https://github.com/libAtoms/extxyz>) and ASE's reader.

mod comment;
mod reader;
mod row;
mod writer;

pub use reader::{Options, VelUnit, read};
pub use writer::Encoder;

use frit_units::constants::ELEMENTARY_CHARGE;

/// One Å/ps in ASE's unit of velocity, Å per (Å √(u/eV)).
///
/// ASE computes it from CODATA 2014 (e = 1.6021766208e-19 C, u = 1.66053904e-27 kg); with other
/// constants a file would not come back from ASE with the same velocities.
pub(crate) fn ase_velocity() -> f64 {
    const ASE_CHARGE: f64 = 1.602_176_620_8e-19;
    const ASE_MASS_UNIT: f64 = 1.660_539_04e-27;
    // The CODATA sets differ by 1e-8; a slip in a digit would differ by more.
    debug_assert!((ASE_CHARGE / ELEMENTARY_CHARGE - 1.0).abs() < 1e-7);
    let second = 1e10 * (ASE_CHARGE / ASE_MASS_UNIT).sqrt();
    1.0 / (second * 1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_of_velocity_is_that_of_ase() {
        // ase.units.fs of ASE 3.29, 1 fs in ASE's unit of time.
        const ASE_FEMTOSECOND: f64 = 0.098_226_947_884_640_63;
        assert!((ase_velocity() * 1000.0 * ASE_FEMTOSECOND - 1.0).abs() < 1e-15);
    }
}

//! The text formats of LAMMPS: dump files and data files.
//!
//! Formats: LAMMPS documentation, `dump` (custom), `read_data`, and Howto_triclinic
//! (<https://docs.lammps.org>).

mod boxes;
pub mod data;
mod data_sections;
mod data_writer;
pub mod dump;
mod dump_writer;
mod types;

use crate::ReadError;
use crate::files::Lines;

/// How to read what the file itself leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Names of the types 1, 2, ...; empty to take them from the file.
    pub type_names: Vec<String>,
}

/// LAMMPS's systems of units that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Units {
    /// Å, ps, eV: the internal units.
    Metal,
    /// Å, fs, kcal/mol.
    Real,
}

/// Energy of 1 kcal/mol [eV]: 4184 J over Avogadro's number and the elementary charge.
const KILOCALORIE_PER_MOLE: f64 =
    4184.0 / frit_units::constants::AVOGADRO / frit_units::constants::ELEMENTARY_CHARGE;

impl Units {
    fn parse(name: &str, lines: &Lines) -> Result<Self, ReadError> {
        match name {
            "metal" => Ok(Self::Metal),
            "real" => Ok(Self::Real),
            other => Err(lines.unexpected(other, "the units `metal` or `real`")),
        }
    }

    /// One unit of time [ps].
    fn time(self) -> f64 {
        match self {
            Self::Metal => 1.0,
            Self::Real => 1e-3,
        }
    }

    /// One unit of velocity [Å/ps].
    fn velocity(self) -> f64 {
        1.0 / self.time()
    }

    /// One unit of energy [eV], and of force [eV/Å].
    fn energy(self) -> f64 {
        match self {
            Self::Metal => 1.0,
            Self::Real => KILOCALORIE_PER_MOLE,
        }
    }
}

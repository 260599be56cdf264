//! The ensembles in which a system can move.

use crate::{CellRescaling, Langevin, NoseHoover, Rescaling};

/// What is kept constant while the atoms move, and by which method.
#[derive(Debug, Clone, PartialEq)]
pub enum Ensemble {
    /// Energy and volume: velocity Verlet alone.
    Nve,
    /// Temperature and volume, by a Nosé-Hoover chain.
    NoseHoover(NoseHoover),
    /// Temperature and volume, by stochastic velocity rescaling.
    Rescaling(Rescaling),
    /// Temperature and volume, by friction and noise on every atom.
    Langevin(Langevin),
    /// Temperature and pressure of a periodic system, by two stochastic rescalings.
    Isobaric(Isobaric),
}

/// Stochastic rescaling of velocities and cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Isobaric {
    /// The thermostat.
    pub thermostat: Rescaling,
    /// The barostat.
    pub barostat: CellRescaling,
}

impl Ensemble {
    /// The name, as in decks.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nve => "nve",
            Self::NoseHoover(_) => "nose-hoover",
            Self::Rescaling(_) => "bussi",
            Self::Langevin(_) => "langevin",
            Self::Isobaric(_) => "npt",
        }
    }

    /// Whether a total momentum of zero stays zero.
    pub fn conserves_momentum(&self) -> bool {
        !matches!(self, Self::Langevin(_))
    }
}

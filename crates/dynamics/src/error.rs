//! Why dynamics cannot be set up, stepped or restored.

use frit_atoms::CellError;

use crate::number::Number;
use crate::{AtomReport, ForceError, ParameterError};

/// Why dynamics cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SetupError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// Pressure makes sense in periodic cells only.
    #[error(
        "the isobaric ensemble needs a cell that is periodic in all directions; this one has {periodic:?}"
    )]
    NotPeriodic {
        /// Which directions are periodic.
        periodic: [bool; 3],
    },
}

/// Why a step could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StepError {
    /// There are no forces to start from.
    #[error("there are no forces for the atoms; evaluate them at the present positions first")]
    NoForces,
    /// The forces could not be evaluated.
    #[error("no forces in step {step} at {time:.6} ps: {source}")]
    Forces {
        /// The step.
        step: u64,
        /// The time [ps].
        time: f64,
        /// Why.
        source: ForceError,
    },
    /// An atom moved too far, or to no finite place.
    #[error(
        "an atom moves too fast in step {step} at {time:.6} ps (limit {limit} Å a step): {atom}; \
         atoms may start too close together, or the time step may be too long"
    )]
    Stray {
        /// The step.
        step: u64,
        /// The time [ps].
        time: f64,
        /// The limit [Å].
        limit: f64,
        /// The fastest atom.
        atom: Box<AtomReport>,
    },
    /// The volume moved too far in one move of the barostat.
    #[error(
        "in step {step} at {time:.6} ps the barostat would {} in one move, far more than a crystal \
         or a liquid can follow: its relaxation time may be too short, the bulk modulus too small, \
         or the structure far from its density at this pressure (minimise it first)",
        match to {
            Some(to) => format!("change the volume from {} to {} Å³", Number(*from), Number(*to)),
            None => format!("shrink the volume from {} Å³ to nothing", Number(*from)),
        }
    )]
    Volume {
        /// The step.
        step: u64,
        /// The time [ps].
        time: f64,
        /// The volume [Å³].
        from: f64,
        /// The volume to be [Å³]; `None` if not positive.
        to: Option<f64>,
    },
    /// The barostat made a cell that is none.
    #[error("the barostat made a bad cell in step {step}: {source}")]
    Cell {
        /// The step.
        step: u64,
        /// Why it is none.
        source: CellError,
    },
}

/// Saved state that does not fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RestoreError {
    /// The state is of another ensemble.
    #[error("the saved state is of the ensemble {found}, but this is {expected}")]
    Ensemble {
        /// The ensemble saved.
        found: String,
        /// The ensemble to be restored.
        expected: &'static str,
    },
    /// The state has other numbers.
    #[error("the saved state has the numbers {found:?}, but this ensemble has {expected:?}")]
    Numbers {
        /// The names saved.
        found: Vec<String>,
        /// The names expected.
        expected: Vec<String>,
    },
}

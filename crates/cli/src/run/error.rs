//! Why a run fails.

use frit_analysis::MissingAtom;
use frit_atoms::NeighbourError;
use frit_build::BuildError;
use frit_dynamics::minimise::MinimiseError;
use frit_dynamics::{ForceError, ParameterError, RestoreError, SetupError, StepError};
use frit_io::{CheckpointError, WriteError};

use super::directory::DirectoryError;
use super::state::StateError;
use crate::exit::Exit;
use crate::necking::NeckingError;
use crate::plan::ExternalError;

/// Why a run fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Something could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The checkpoint cannot be used.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint does not hold together.
    #[error(transparent)]
    State(#[from] StateError),
    /// The checkpoint is of another ensemble.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// What was observed could not be stored or restored.
    #[error("what was observed cannot be restored from the checkpoint: {0}")]
    Json(#[from] serde_json::Error),
    /// A step failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The first forces failed.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// A minimisation failed.
    #[error(transparent)]
    Minimise(#[from] MinimiseError),
    /// The dynamics cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The neighbours cannot be found.
    #[error(transparent)]
    Neighbours(#[from] NeighbourError),
    /// The particles cannot be put together.
    #[error("the particles cannot be put together: {0}")]
    Build(#[from] BuildError),
    /// A layer has lost an atom.
    #[error(transparent)]
    Missing(#[from] MissingAtom),
    /// The neck cannot be watched.
    #[error(transparent)]
    Neck(#[from] NeckingError),
    /// The atoms cannot be observed.
    #[error(transparent)]
    Observe(#[from] frit_analysis::observe::ObserveError),
    /// What acts on atoms beside their potential has nothing to act on.
    #[error(transparent)]
    External(#[from] ExternalError),
    /// There are no atoms to measure.
    #[error("there are no atoms to measure")]
    NoAtoms,
    /// The potential does not know a species.
    #[error("{0}")]
    Bind(String),
    /// Signals cannot be heard.
    #[error(transparent)]
    Signals(#[from] frit_engine::SignalError),
    /// The atoms cannot be drawn.
    #[error(transparent)]
    Picture(#[from] frit_analysis::PictureError),
    /// A table cannot be read back for its plot.
    #[error(transparent)]
    Table(#[from] frit_io::TableError),
    /// A method other than molecular dynamics failed.
    #[error("{source}")]
    Method {
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// The exit code.
        exit: Exit,
    },
}

impl RunError {
    /// A failure of a method, with its exit code.
    pub(crate) fn method(
        exit: Exit,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Method {
            source: Box::new(source),
            exit,
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Directory(error) if error.is_refusal() => Exit::Refused,
            Self::Step(_)
            | Self::Force(_)
            | Self::Minimise(_)
            | Self::Missing(_)
            | Self::Neck(NeckingError::MissingAtom(_) | NeckingError::NoAtoms { .. }) => {
                Exit::Simulation
            }
            Self::Setup(_)
            | Self::Parameter(_)
            | Self::Neck(_)
            | Self::Observe(_)
            | Self::External(_)
            | Self::Bind(_) => Exit::Usage,
            Self::Build(_) => Exit::Simulation,
            Self::Method { exit, .. } => *exit,
            _ => Exit::Failure,
        }
    }
}

//! The run: phases driven one after the other, watched, and safe against any interruption.

mod bodies;
mod cache;
mod checkpoint;
mod directory;
mod dynamics;
mod error;
mod execute;
mod external;
mod manifest;
mod minimise;
mod molecular_dynamics;
mod neck;
mod observers;
mod outputs;
pub(crate) mod plots;
mod post_mortem;
mod progress;
pub(crate) mod quantities;
mod results;
mod shell;
mod state;
mod summary;
mod supervisor;
mod table;
mod trajectory;

use frit_atoms::System;
use frit_engine::Observer;
use frit_io::{Checkpoint, WriteError};

use crate::necking::Seen;
use crate::plan::{Body, Phase};

pub(crate) use cache::CacheChoice;
pub(crate) use directory::{
    DirectoryError, EVENTS, FINAL, INPUT, MERGERS, NECK, PATH, PLOTS, RunDirectory, SPEEDS,
    SUMMARY, TABLE, write_text,
};
pub(crate) use error::RunError;
pub(crate) use execute::{End, execute};
pub(crate) use manifest::{HashedFile, Manifest};
pub(crate) use molecular_dynamics::{MolecularDynamics, tidy};
pub(crate) use outputs::{open_table, open_trajectory};
pub(crate) use progress::duration;
pub(crate) use results::{last_rows, results};
pub(crate) use shell::{Goal, Method, Recorder, Source, plan_text, run_method};
pub(crate) use summary::PairSummary;
pub(crate) use trajectory::STAGE;

/// An observer of a run: it goes through all phases and can be saved.
pub(crate) trait Watcher: Observer<MolecularDynamics, Error = RunError> {
    /// A phase begins; called before its first forces are evaluated.
    fn begin(&mut self, phase: &Phase, system: &System);

    /// Brings what was written to the disk and notes in a checkpoint how far it had come.
    ///
    /// # Errors
    /// A file cannot be written.
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError>;

    /// Completes what was written.
    ///
    /// # Errors
    /// A file cannot be written.
    fn finish(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    /// What was written of a body in a table that all bodies share, as it stands in the file.
    ///
    /// # Errors
    /// The file cannot be read.
    fn rows_of(&mut self, _: Body) -> Result<String, RunError> {
        Ok(String::new())
    }

    /// Writes again what another run had written of a body.
    ///
    /// # Errors
    /// The file cannot be written.
    fn write_rows(&mut self, _: &str) -> Result<(), RunError> {
        Ok(())
    }

    /// What was seen of contact and neck, if this is who watches for them.
    fn neck(&self) -> Option<Seen<'_>> {
        None
    }
}

//! `[output]` and `[checkpoint]`.

use std::path::PathBuf;

use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::walk::Table;
use crate::walk::form::{FilePath, Switch};
use crate::walk::key;

/// Checkpoints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checkpoint {
    /// How often one is written; one is also written when a run is interrupted.
    pub every: Schedule,
}

/// What is written at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Whether plots are drawn.
    pub plots: bool,
    /// Where equilibrated particles are kept, if the deck says it.
    pub cache: Option<PathBuf>,
}

/// How often molecular dynamics writes checkpoints, unless told otherwise.
pub(crate) const OFTEN_DYNAMICS: &str = "\"10 ps\"";

/// How often methods write checkpoints whose steps are counted in thousands.
pub(crate) const OFTEN_STEPS: &str = "\"1000 steps\"";

/// Reads `[checkpoint]`; `often` is the default, as TOML.
pub(crate) fn read_checkpoint(table: &mut Table<'_, '_>, often: &str) -> Option<Checkpoint> {
    let every = table.default(
        key(
            "every",
            "How often a checkpoint is written (other methods than molecular dynamics: every 1000 steps if left out, redispersion every 1e8, and all of them at least every 30 s of computing; a minimisation, which has no time: every minute, or so many steps); an interrupted run writes one in any case",
            "\"10 ps\"",
        ),
        &ScheduleForm,
        often,
    );
    Some(Checkpoint { every })
}

/// Reads `[output]` of a deck of atoms.
pub(crate) fn read_output_of_atoms(table: &mut Table<'_, '_>) -> Option<Output> {
    let output = read_output(table)?;
    let cache = table.optional(
        key(
            "cache",
            "Folder in which particles are kept once `each-particle` stages have equilibrated them, for runs that differ in what comes after; `frit run` has `--cache` and `--no-cache`",
            "\"particles\"",
        ),
        &FilePath,
        "`$FRIT_CACHE`, or `frit` in the user's folder for caches",
    );
    Some(Output { cache, ..output })
}

/// Reads `[output]`.
pub(crate) fn read_output(table: &mut Table<'_, '_>) -> Option<Output> {
    let plots = table.default(
        key(
            "plots",
            "Whether SVG plots of what was observed are drawn at the end",
            "false",
        ),
        &Switch,
        "true",
    );
    Some(Output { plots, cache: None })
}

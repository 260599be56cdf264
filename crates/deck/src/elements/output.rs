//! `[output]` and `[checkpoint]`.

use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::walk::Table;
use crate::walk::form::Switch;
use crate::walk::key;

/// Checkpoints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checkpoint {
    /// How often one is written; one is also written when a run is interrupted.
    pub every: Schedule,
}

/// What is written at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Whether plots are drawn.
    pub plots: bool,
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
            "How often a checkpoint is written (other methods than molecular dynamics: every 1000 steps if left out); an interrupted run writes one in any case",
            "\"10 ps\"",
        ),
        &ScheduleForm,
        often,
    );
    Some(Checkpoint { every })
}

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
    Some(Output { plots })
}

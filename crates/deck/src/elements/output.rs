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

pub(crate) fn read_checkpoint(table: &mut Table<'_, '_>) -> Option<Checkpoint> {
    let every = table.default(
        key(
            "every",
            "How often a checkpoint is written; an interrupted run writes one in any case",
            "\"10 ps\"",
        ),
        &ScheduleForm,
        "\"10 ps\"",
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

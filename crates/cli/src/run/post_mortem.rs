//! What is left when a simulation fails.

use frit_dynamics::minimise::MinimiseError;
use frit_dynamics::{AtomReport, ForceError, StepError};
use frit_engine::Clock;
use frit_io::Frame;
use serde_json::{Value, json};

use super::directory::{POST_MORTEM, POST_MORTEM_FRAME, RunDirectory};
use super::error::RunError;
use crate::plan::Phase;
use crate::terminal;

/// What is known of a failure.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    message: String,
    atom: Option<&'a AtomReport>,
    other: Option<u32>,
}

impl<'a> Finding<'a> {
    fn of_forces(message: String, error: &'a ForceError) -> Self {
        let (atom, other) = match error {
            ForceError::NotFinite(atom) | ForceError::BehindWall { atom, .. } => (Some(atom), None),
            ForceError::TooClose { atom, other, .. } => (Some(atom), Some(*other)),
            ForceError::Neighbours(_) => (None, None),
        };
        Self {
            message,
            atom: atom.map(AsRef::as_ref),
            other,
        }
    }
}

impl<'a> From<&'a StepError> for Finding<'a> {
    fn from(error: &'a StepError) -> Self {
        let message = error.to_string();
        match error {
            StepError::Forces { source, .. } => Self::of_forces(message, source),
            StepError::Stray { atom, .. } => Self {
                message,
                atom: Some(atom),
                other: None,
            },
            _ => Self {
                message,
                atom: None,
                other: None,
            },
        }
    }
}

impl<'a> From<&'a MinimiseError> for Finding<'a> {
    fn from(error: &'a MinimiseError) -> Self {
        let message = error.to_string();
        match error {
            MinimiseError::Forces(source) => Self::of_forces(message, source),
            MinimiseError::Parameter(_) | MinimiseError::Saved { .. } => Self {
                message,
                atom: None,
                other: None,
            },
        }
    }
}

/// Writes what is known of a failure, and the frame in which it was found.
///
/// # Errors
/// A file cannot be written; the failure itself is still what the caller reports.
pub(crate) fn write(
    directory: &RunDirectory,
    phase: &Phase,
    clock: Clock,
    frame: &Frame,
    finding: &Finding<'_>,
) -> Result<(), RunError> {
    let text = json!({
        "error": finding.message,
        "stage": phase.stage,
        "body": phase.body.name(),
        "steps_done": clock.step,
        "time_ps": clock.time,
        "atom": finding.atom.map(report),
        "other_atom": finding.other,
        "frame": POST_MORTEM_FRAME,
    });
    let path = directory.file(POST_MORTEM);
    frit_io::write_atomically(&path, |writer| {
        writer.write_all(format!("{text:#}\n").as_bytes())
    })?;
    frit_io::write_frames(
        &directory.file(POST_MORTEM_FRAME),
        frit_io::Selection::All,
        [frame],
    )?;
    terminal::say(&format!("post-mortem written: {}", path.display()));
    Ok(())
}

fn report(atom: &AtomReport) -> Value {
    let vector = |v: frit_atoms::Vector| [v.x, v.y, v.z];
    json!({
        "id": atom.id,
        "species": atom.species,
        "position_angstrom": vector(atom.position),
        "velocity_angstrom_per_ps": vector(atom.velocity),
        "force_ev_per_angstrom": atom.force.map(vector),
        "nearest_id": atom.nearest.map(|(id, _)| id),
        "nearest_distance_angstrom": atom.nearest.map(|(_, distance)| distance),
    })
}

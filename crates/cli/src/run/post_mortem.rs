//! What is left when a simulation fails.

use frit_dynamics::{AtomReport, ForceError, StepError};
use serde_json::{Value, json};

use super::MolecularDynamics;
use super::directory::{POST_MORTEM, POST_MORTEM_FRAME, RunDirectory};
use super::error::RunError;
use super::trajectory::frame;
use crate::plan::Phase;
use crate::terminal;

/// Writes what is known of a failure, and the frame in which it was found.
///
/// # Errors
/// A file cannot be written; the failure itself is still what the caller reports.
pub(crate) fn write(
    directory: &RunDirectory,
    phase: &Phase,
    md: &MolecularDynamics,
    error: &StepError,
) -> Result<(), RunError> {
    let (atom, other) = match error {
        StepError::Stray { atom, .. } => (Some(atom), None),
        StepError::Forces { source, .. } => match source {
            ForceError::NotFinite(atom) => (Some(atom), None),
            ForceError::TooClose { atom, other, .. } => (Some(atom), Some(*other)),
            ForceError::Neighbours(_) => (None, None),
        },
        _ => (None, None),
    };
    let clock = md.body_clock();
    let text = json!({
        "error": error.to_string(),
        "stage": phase.stage,
        "body": phase.body.name(),
        "steps_done": clock.step,
        "time_ps": clock.time,
        "atom": atom.map(|atom| report(atom)),
        "other_atom": other,
        "frame": POST_MORTEM_FRAME,
    });
    let path = directory.file(POST_MORTEM);
    frit_io::write_atomically(&path, |writer| {
        writer.write_all(format!("{text:#}\n").as_bytes())
    })?;
    frit_io::write_frames(
        &directory.file(POST_MORTEM_FRAME),
        frit_io::Selection::All,
        [&frame(md, None)?],
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

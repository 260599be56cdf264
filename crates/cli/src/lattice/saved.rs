//! States of the models in checkpoints.

use frit_io::{Checkpoint, CheckpointError};
use frit_lattice::SavedState;

const INTEGERS: &str = "lattice.integers";
const REALS: &str = "lattice.reals";

fn names<T>(arrays: &[(String, T)]) -> String {
    let names: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
    names.join("\n")
}

/// Stores a state, to the bit.
pub(super) fn put(saved: &SavedState, checkpoint: &mut Checkpoint) {
    checkpoint.put_text(INTEGERS, names(&saved.integers));
    checkpoint.put_text(REALS, names(&saved.reals));
    for (name, values) in &saved.integers {
        checkpoint.put_u64s(format!("lattice.{name}"), values);
    }
    for (name, values) in &saved.reals {
        checkpoint.put_f64s(format!("lattice.{name}"), values);
    }
}

/// Takes the state of a checkpoint.
///
/// # Errors
/// It has none.
pub(super) fn get(checkpoint: &Checkpoint) -> Result<SavedState, CheckpointError> {
    let mut saved = SavedState::default();
    for name in checkpoint.get_text(INTEGERS)?.lines() {
        let values = checkpoint.get_u64s(&format!("lattice.{name}"))?;
        saved.integers.push((name.to_owned(), values));
    }
    for name in checkpoint.get_text(REALS)?.lines() {
        let values = checkpoint.get_f64s(&format!("lattice.{name}"))?;
        saved.reals.push((name.to_owned(), values));
    }
    Ok(saved)
}

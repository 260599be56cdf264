//! What acts on atoms beside their potential, into checkpoints and back.

use frit_atoms::Vector;
use frit_dynamics::External;
use frit_dynamics::external::{Centres, Chosen};
use frit_io::Checkpoint;

use super::state::{StateError, inconsistent};
use crate::plan::Beginnings;

/// Puts what the parts found into a checkpoint.
pub(super) fn put(checkpoint: &mut Checkpoint, external: &External) {
    let ids = |ids: &[u32]| ids.iter().map(|&id| u64::from(id)).collect::<Vec<_>>();
    let flat = |places: &[Vector]| -> Vec<f64> {
        places
            .iter()
            .flat_map(|place| place.iter().copied())
            .collect()
    };
    let frozen = external.frozen.as_ref().map_or(&[][..], Chosen::ids);
    checkpoint.put_u64s("external.frozen", &ids(frozen));
    for (k, springs) in external.springs.iter().enumerate() {
        checkpoint.put_u64s(format!("external.spring.{k}"), &ids(springs.atoms().ids()));
        checkpoint.put_f64s(format!("external.places.{k}"), &flat(springs.places()));
    }
    for (k, force) in external.forces.iter().enumerate() {
        checkpoint.put_u64s(format!("external.force.{k}"), &ids(force.atoms().ids()));
    }
    let walls: Vec<f64> = external.walls.iter().map(|wall| wall.at).collect();
    checkpoint.put_f64s("external.walls", &walls);
    let centres = external.centres.as_ref().map(Centres::places);
    checkpoint.put_f64s("external.centres", &flat(&centres.unwrap_or_default()));
}

/// What the parts found when the stage began, from a checkpoint.
///
/// # Errors
/// Sections are missing.
pub(super) fn get(checkpoint: &Checkpoint) -> Result<Beginnings, StateError> {
    let ids = |name: &str| -> Result<Vec<u32>, StateError> {
        let ids = checkpoint.get_u64s(name)?.into_iter();
        ids.map(|id| {
            u32::try_from(id).map_err(|_| inconsistent(format!("`{name}` has the id {id}")))
        })
        .collect()
    };
    let places = |name: &str| -> Result<Vec<Vector>, StateError> {
        let numbers = checkpoint.get_f64s(name)?;
        Ok(numbers
            .chunks_exact(3)
            .map(Vector::from_column_slice)
            .collect())
    };
    let present = |name: &'static str| {
        (0..)
            .map(move |k| format!("external.{name}.{k}"))
            .take_while(|name| checkpoint.contains(name))
    };
    Ok(Beginnings {
        frozen: ids("external.frozen")?,
        springs: present("spring")
            .zip(present("places"))
            .map(|(atoms, targets)| Ok((ids(&atoms)?, places(&targets)?)))
            .collect::<Result<_, StateError>>()?,
        forces: present("force")
            .map(|name| ids(&name))
            .collect::<Result<_, _>>()?,
        walls: checkpoint.get_f64s("external.walls")?,
        centres: places("external.centres")?,
    })
}

//! A system and its motion in a checkpoint, to the bit.

use frit_atoms::neighbours::ListOrigin;
use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector};
use frit_dynamics::Saved;
use frit_dynamics::minimise::SavedMinimisation;
use frit_io::{Checkpoint, CheckpointError};

/// Why a checkpoint does not give a state.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    /// A section is missing or of another kind.
    #[error(transparent)]
    Section(#[from] CheckpointError),
    /// Sections do not fit each other.
    #[error("the checkpoint does not hold together: {0}; remove it to begin anew")]
    Inconsistent(String),
}

pub(super) fn inconsistent(what: impl Into<String>) -> StateError {
    StateError::Inconsistent(what.into())
}

/// Stores a system under names that begin with `prefix`.
pub(crate) fn put_system(checkpoint: &mut Checkpoint, prefix: &str, system: &System) {
    let name = |column: &str| format!("{prefix}.{column}");
    let atoms = &system.atoms;
    put_cell(checkpoint, &name("cell"), &system.cell);
    let periodic = system.cell.periodic().map(u8::from);
    checkpoint.put_u8s(name("periodic"), &periodic);
    checkpoint.put_f64s(name("position"), &flat(atoms.position()));
    checkpoint.put_f64s(name("velocity"), &flat(atoms.velocity()));
    let images: Vec<i32> = atoms.image().iter().flatten().copied().collect();
    checkpoint.put_i32s(name("image"), &images);
    checkpoint.put_u8s(name("species"), atoms.species());
    checkpoint.put_u32s(name("id"), atoms.id());
    checkpoint.put_u8s(name("group"), atoms.group());
    let names: Vec<&str> = system.species.iter().map(|one| one.name.as_str()).collect();
    checkpoint.put_text(name("names"), names.join("\n"));
    let masses: Vec<f64> = system.species.iter().map(|one| one.mass).collect();
    checkpoint.put_f64s(name("masses"), &masses);
}

/// The system stored under a prefix.
///
/// # Errors
/// Sections are missing or do not fit each other.
pub(crate) fn get_system(checkpoint: &Checkpoint, prefix: &str) -> Result<System, StateError> {
    let name = |column: &str| format!("{prefix}.{column}");
    let periodic = checkpoint.get_u8s(&name("periodic"))?;
    let periodic: [u8; 3] = periodic
        .try_into()
        .map_err(|_| inconsistent("a cell has three directions"))?;
    let cell = get_cell(checkpoint, &name("cell"), periodic.map(|flag| flag != 0))?;
    let position = vectors(&checkpoint.get_f64s(&name("position"))?);
    let velocity = vectors(&checkpoint.get_f64s(&name("velocity"))?);
    let image = checkpoint.get_i32s(&name("image"))?;
    let species = checkpoint.get_u8s(&name("species"))?;
    let id = checkpoint.get_u32s(&name("id"))?;
    let group = checkpoint.get_u8s(&name("group"))?;
    let count = position.len();
    let lengths = [velocity.len(), species.len(), id.len(), group.len()];
    if lengths != [count; 4] || image.len() != 3 * count {
        return Err(inconsistent("columns of atoms have different lengths"));
    }
    let atoms: Atoms = (0..count)
        .map(|at| Atom {
            position: position[at],
            velocity: velocity[at],
            image: [image[3 * at], image[3 * at + 1], image[3 * at + 2]],
            species: species[at],
            id: id[at],
            group: group[at],
        })
        .collect();
    let masses = checkpoint.get_f64s(&name("masses"))?;
    let names = checkpoint.get_text(&name("names"))?;
    let species = names
        .lines()
        .zip(masses)
        .map(|(name, mass)| Species {
            name: name.to_owned(),
            mass,
        })
        .collect();
    System::new(cell, atoms, species).map_err(|error| inconsistent(error.to_string()))
}

/// Stores what the neighbour list must remember.
pub(crate) fn put_origin(checkpoint: &mut Checkpoint, origin: &ListOrigin) {
    checkpoint.put_f64s("list.position", &flat(&origin.position));
    put_cell(checkpoint, "list.cell", &origin.cell);
    checkpoint.put_f64s("list.skin", &[origin.skin]);
    checkpoint.put_u64s("list.counts", &[origin.builds, origin.updates]);
}

/// What the neighbour list must remember, for a system.
///
/// # Errors
/// Sections are missing or do not fit each other.
pub(crate) fn get_origin(
    checkpoint: &Checkpoint,
    system: &System,
) -> Result<ListOrigin, StateError> {
    let position = vectors(&checkpoint.get_f64s("list.position")?);
    if position.len() != system.atoms.len() {
        return Err(inconsistent("the neighbour list is of other atoms"));
    }
    let skin = checkpoint.get_f64s("list.skin")?;
    let counts = checkpoint.get_u64s("list.counts")?;
    let (&[skin], &[builds, updates]) = (&skin[..], &counts[..]) else {
        return Err(inconsistent("the neighbour list has other counts"));
    };
    Ok(ListOrigin {
        position,
        cell: get_cell(checkpoint, "list.cell", system.cell.periodic())?,
        skin,
        builds,
        updates,
    })
}

/// Stores the state of the dynamics.
pub(crate) fn put_dynamics(checkpoint: &mut Checkpoint, saved: &Saved) {
    checkpoint.put_text("dynamics.ensemble", saved.ensemble.clone());
    checkpoint.put_u64s("dynamics.step", &[saved.step]);
    let names: Vec<&str> = saved
        .numbers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    checkpoint.put_text("dynamics.names", names.join("\n"));
    let numbers: Vec<f64> = saved.numbers.iter().map(|(_, number)| *number).collect();
    checkpoint.put_f64s("dynamics.numbers", &numbers);
}

/// The state of the dynamics.
///
/// # Errors
/// Sections are missing or do not fit each other.
pub(crate) fn get_dynamics(checkpoint: &Checkpoint) -> Result<Saved, StateError> {
    let numbers = checkpoint.get_f64s("dynamics.numbers")?;
    let names = checkpoint.get_text("dynamics.names")?;
    Ok(Saved {
        ensemble: checkpoint.get_text("dynamics.ensemble")?.to_owned(),
        step: one(checkpoint, "dynamics.step")?,
        numbers: names.lines().map(str::to_owned).zip(numbers).collect(),
    })
}

/// Stores the state of a minimisation.
pub(crate) fn put_minimisation(checkpoint: &mut Checkpoint, saved: &SavedMinimisation) {
    checkpoint.put_text(MINIMISER, saved.method.clone());
    let counts = [saved.steps, saved.evaluations, u64::from(saved.stalled)];
    checkpoint.put_u64s("minimisation.counts", &counts);
    checkpoint.put_f64s("minimisation.numbers", &saved.numbers);
    let lengths: Vec<u64> = saved.columns.iter().map(|one| one.len() as u64).collect();
    checkpoint.put_u64s("minimisation.lengths", &lengths);
    checkpoint.put_f64s("minimisation.columns", &flat(&saved.columns.concat()));
}

const MINIMISER: &str = "minimisation.method";

/// The state of a minimisation, if one was under way.
///
/// # Errors
/// Sections are missing or do not fit each other.
pub(crate) fn get_minimisation(
    checkpoint: &Checkpoint,
) -> Result<Option<SavedMinimisation>, StateError> {
    if !checkpoint.contains(MINIMISER) {
        return Ok(None);
    }
    let counts = checkpoint.get_u64s("minimisation.counts")?;
    let &[steps, evaluations, stalled] = &counts[..] else {
        return Err(inconsistent("a minimisation has three counts"));
    };
    let flat = vectors(&checkpoint.get_f64s("minimisation.columns")?);
    let mut rest = flat.as_slice();
    let mut columns = Vec::new();
    for length in checkpoint.get_u64s("minimisation.lengths")? {
        let Some((column, after)) = rest.split_at_checked(length as usize) else {
            return Err(inconsistent("columns of the minimisation are missing"));
        };
        columns.push(column.to_vec());
        rest = after;
    }
    Ok(Some(SavedMinimisation {
        method: checkpoint.get_text(MINIMISER)?.to_owned(),
        steps,
        evaluations,
        stalled: stalled != 0,
        numbers: checkpoint.get_f64s("minimisation.numbers")?,
        columns,
    }))
}

/// The only number of a section.
///
/// # Errors
/// The section is missing or holds more or fewer.
pub(crate) fn one(checkpoint: &Checkpoint, name: &str) -> Result<u64, StateError> {
    match checkpoint.get_u64s(name)?[..] {
        [number] => Ok(number),
        _ => Err(inconsistent(format!("`{name}` is not one number"))),
    }
}

fn put_cell(checkpoint: &mut Checkpoint, name: &str, cell: &Cell) {
    let rows = cell.vectors().transpose();
    let numbers: Vec<f64> = rows.iter().chain(cell.origin().iter()).copied().collect();
    checkpoint.put_f64s(name, &numbers);
}

fn get_cell(checkpoint: &Checkpoint, name: &str, periodic: [bool; 3]) -> Result<Cell, StateError> {
    let numbers = checkpoint.get_f64s(name)?;
    if numbers.len() != 12 {
        return Err(inconsistent("a cell has twelve numbers"));
    }
    Cell::new(
        Matrix::from_row_slice(&numbers[..9]),
        Vector::from_row_slice(&numbers[9..]),
        periodic,
    )
    .map_err(|error| inconsistent(error.to_string()))
}

fn flat(vectors: &[Vector]) -> Vec<f64> {
    vectors.iter().flat_map(|v| [v.x, v.y, v.z]).collect()
}

fn vectors(numbers: &[f64]) -> Vec<Vector> {
    numbers
        .chunks_exact(3)
        .map(Vector::from_row_slice)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_comes_back_to_the_bit() {
        let species = ["Fe", "Pt"].map(|name| Species::of_element(name).unwrap());
        let atoms: Atoms = (1..=3_u32)
            .map(|id| Atom {
                position: Vector::new(0.1 * f64::from(id), 1.0 / 3.0, -1e-17),
                velocity: Vector::new(-0.0, f64::MIN_POSITIVE, f64::from(id)),
                image: [id as i32, -1, 0],
                species: (id % 2) as u8,
                id: 4 - id,
                group: 1,
            })
            .collect();
        let vectors = Matrix::new(9.0, 0.0, 0.0, 1.0, 8.0, 0.0, 2.0, 3.0, 7.0);
        let cell = Cell::new(vectors, Vector::new(1.0, 2.0, 3.0), [true, false, true]).unwrap();
        let system = System::new(cell, atoms, species.to_vec()).unwrap();
        let mut checkpoint = Checkpoint::new();
        put_system(&mut checkpoint, "whole", &system);
        assert_eq!(get_system(&checkpoint, "whole").unwrap(), system);
        assert!(get_system(&checkpoint, "particle").is_err());
    }
}

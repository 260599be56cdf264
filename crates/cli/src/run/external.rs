//! What acts on atoms beside their potential, from its description in the deck to the atoms of a
//! stage, into checkpoints and back.

use frit_atoms::{System, Vector};
use frit_deck::{Group, Share as DeckShare, WallPlace};
use frit_dynamics::External;
use frit_dynamics::external::{AddedForce, Centres, Chosen, Hold, Share, Springs, Wall};
use frit_dynamics::measure::Selection;
use frit_io::Checkpoint;

use super::error::RunError;
use super::state::{StateError, inconsistent};
use crate::plan::{Body, Phase};

/// What the parts found out when the stage began: it cannot be found again later.
#[derive(Debug, Default, Clone)]
pub(crate) struct Beginnings {
    frozen: Vec<u32>,
    springs: Vec<(Vec<u32>, Vec<Vector>)>,
    forces: Vec<Vec<u32>>,
    walls: Vec<f64>,
    centres: Vec<Vector>,
}

/// What acts in a phase, on atoms as they are when it begins, or as they were then.
///
/// # Errors
/// A group has no atoms; or the checkpoint is of other parts.
pub(super) fn external(
    phase: &Phase,
    groups: &[Group],
    system: &System,
    beginnings: Option<&Beginnings>,
) -> Result<External, RunError> {
    let begun = match beginnings {
        Some(beginnings) => beginnings.clone(),
        None => begin(phase, groups, system)?,
    };
    let deck = &phase.external;
    let other = || inconsistent("other forces act on the atoms");
    let chosen = |ids: &[u32]| Chosen::new(ids.iter().copied(), system);
    let counts = [begun.springs.len(), begun.forces.len(), begun.walls.len()];
    if counts != [deck.springs.len(), deck.forces.len(), deck.walls.len()] {
        return Err(other().into());
    }
    let springs = deck.springs.iter().zip(&begun.springs);
    let springs = springs.map(|(asked, (ids, places))| {
        let stiffness = asked.stiffness.internal();
        Springs::to(stiffness, chosen(ids), places.clone()).ok_or_else(other)
    });
    let forces = deck.forces.iter().zip(&begun.forces);
    let forces = forces.map(|(asked, ids)| {
        let share = match asked.share {
            DeckShare::Total => Share::Total,
            DeckShare::Each => Share::Each,
        };
        let force = Vector::from(asked.force.map(frit_units::Quantity::internal));
        AddedForce::new(force, share, chosen(ids), system)
    });
    let walls = deck.walls.iter().zip(&begun.walls);
    let walls = walls.map(|(asked, &at)| Wall {
        name: asked.name.clone(),
        axis: asked.side.axis,
        low: asked.side.low,
        at,
        epsilon: asked.epsilon.internal(),
        sigma: asked.sigma.internal(),
        cutoff: asked.cutoff.internal(),
    });
    let mut centres =
        held(phase).map(|hold| Centres::new(hold, &Selection::groups(system), system));
    if let (Some(centres), Some(_)) = (&mut centres, beginnings)
        && !centres.restore(&begun.centres)
    {
        return Err(other().into());
    }
    Ok(External {
        springs: springs.collect::<Result<_, _>>()?,
        forces: forces.collect(),
        walls: walls.collect(),
        centres,
        frozen: (!begun.frozen.is_empty()).then(|| chosen(&begun.frozen)),
    })
}

/// How a phase holds the centres of mass.
fn held(phase: &Phase) -> Option<Hold> {
    let frit_deck::StageMethod::Dynamics(dynamics) = phase.method else {
        return None;
    };
    Some(match dynamics.centres? {
        frit_deck::Centres::Pinned => Hold::Pinned,
        frit_deck::Centres::Tethered { stiffness } => Hold::Tethered {
            stiffness: stiffness.internal(),
        },
    })
}

/// What the parts find when a stage begins.
fn begin(phase: &Phase, groups: &[Group], system: &System) -> Result<Beginnings, RunError> {
    let deck = &phase.external;
    let ids = |name: &str| {
        let group = groups.iter().find(|group| group.name == name);
        let ids = group.map_or_else(Vec::new, |group| members(group, phase.body, system));
        // A group of one particle has no atoms while the other is alone.
        let elsewhere = group.is_some_and(|group| {
            matches!(phase.body, Body::Particle(which) if group.particle.is_some_and(|one| usize::from(one) != which))
        });
        if ids.is_empty() && !elsewhere {
            return Err(RunError::EmptyGroup {
                group: name.to_owned(),
                stage: phase.label(),
            });
        }
        Ok(ids)
    };
    let mut begun = Beginnings::default();
    for name in &deck.freeze {
        begun.frozen.extend(ids(name)?);
    }
    for spring in &deck.springs {
        let atoms = Chosen::new(ids(&spring.group)?, system);
        let springs = Springs::new(1.0, atoms, system);
        begun
            .springs
            .push((springs.atoms().ids().to_vec(), springs.places().to_vec()));
    }
    for force in &deck.forces {
        begun.forces.push(ids(&force.group)?);
    }
    for wall in &deck.walls {
        let sign = if wall.side.low { 1.0 } else { -1.0 };
        let along = (0..system.atoms.len()).map(|atom| system.unwrapped(atom)[wall.side.axis]);
        begun.walls.push(match wall.place {
            WallPlace::At(at) => at.in_angstroms(),
            WallPlace::Distance(distance) => {
                let outermost = along.fold(f64::INFINITY, |least, x| least.min(sign * x));
                sign * (outermost - distance.in_angstroms())
            }
        });
    }
    Ok(begun)
}

/// Ids of the atoms of a group, ascending.
fn members(group: &Group, body: Body, system: &System) -> Vec<u32> {
    let is_of_particle = |atom_group: u8| match (group.particle, body) {
        (None, _) => true,
        (Some(wanted), Body::Whole) => wanted == atom_group,
        (Some(wanted), Body::Particle(which)) => usize::from(wanted) == which,
    };
    let is_element = |species: u8| {
        let name = &system.species[usize::from(species)].name;
        let wanted = group.elements.as_ref();
        wanted.is_none_or(|elements| elements.contains(name))
    };
    let has_id = |id: u32| {
        group
            .ids
            .is_none_or(|[first, last]| (first..=last).contains(&u64::from(id)))
    };
    let is_inside = |place: usize| {
        group.slab.is_none_or(|slab| {
            let x = system.unwrapped(place)[slab.axis];
            slab.from.is_none_or(|from| from.in_angstroms() <= x)
                && slab.to.is_none_or(|to| x <= to.in_angstroms())
        })
    };
    let mut ids: Vec<u32> = system
        .atoms
        .iter()
        .enumerate()
        .filter(|(place, atom)| {
            is_of_particle(atom.group)
                && is_element(atom.species)
                && has_id(atom.id)
                && is_inside(*place)
        })
        .map(|(_, atom)| atom.id)
        .collect();
    ids.sort_unstable();
    ids
}

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

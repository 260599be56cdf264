//! What acts on atoms beside their potential, from its description in the deck to the atoms of a
//! stage.

use frit_atoms::{System, Vector};
use frit_build::PARTICLES;
use frit_deck::{Group, Share as DeckShare, WallPlace};
use frit_dynamics::External;
use frit_dynamics::external::{AddedForce, Centres, Chosen, Hold, Share, Springs, Wall};
use frit_dynamics::measure::Selection;

use super::{Body, Phase};

/// Why a stage cannot begin to act on its atoms.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExternalError {
    /// A group is empty when a stage needs it.
    #[error(
        "the group `{group}` has no atoms when the stage `{stage}` begins; look at `[group.{group}]` in the deck"
    )]
    EmptyGroup {
        /// Its name.
        group: String,
        /// The stage.
        stage: String,
    },
    /// What a checkpoint says of the beginning is of another stage.
    #[error("other forces act on the atoms than the checkpoint says")]
    Other,
}

/// What the parts found out when the stage began: it cannot be found again later.
#[derive(Debug, Default, Clone)]
pub(crate) struct Beginnings {
    /// Ids of frozen atoms.
    pub frozen: Vec<u32>,
    /// Ids and places [Å] of the atoms of each spring.
    pub springs: Vec<(Vec<u32>, Vec<Vector>)>,
    /// Ids of the atoms that each force acts on.
    pub forces: Vec<Vec<u32>>,
    /// Where the walls stand [Å].
    pub walls: Vec<f64>,
    /// Where the centres of mass are held [Å].
    pub centres: Vec<Vector>,
}

/// What acts in a phase, on atoms as they are when it begins, or as they were then.
///
/// # Errors
/// A group has no atoms; or the checkpoint is of other parts.
pub(crate) fn external(
    phase: &Phase,
    groups: &[Group],
    system: &System,
    beginnings: Option<&Beginnings>,
) -> Result<External, ExternalError> {
    let begun = match beginnings {
        Some(beginnings) => beginnings.clone(),
        None => begin(phase, groups, system)?,
    };
    let deck = &phase.external;
    let other = || ExternalError::Other;
    let chosen = |ids: &[u32]| Chosen::new(ids.iter().copied(), system);
    let counts = [begun.springs.len(), begun.forces.len(), begun.walls.len()];
    if counts != [deck.springs.len(), deck.forces.len(), deck.walls.len()] {
        return Err(other());
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
        return Err(other());
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
fn begin(phase: &Phase, groups: &[Group], system: &System) -> Result<Beginnings, ExternalError> {
    let deck = &phase.external;
    let ids = |name: &str| {
        let group = groups.iter().find(|group| group.name == name);
        let ids = group.map_or_else(Vec::new, |group| members(group, phase.body, system));
        let is_elsewhere = group.is_some_and(|group| is_elsewhere(group, phase.body));
        if ids.is_empty() && !is_elsewhere {
            return Err(ExternalError::EmptyGroup {
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

/// Whether a group is of one particle, which has no atoms while the other is alone.
pub(super) fn is_elsewhere(group: &Group, body: Body) -> bool {
    let of = |particle| matches!(body, Body::Particle(which) if usize::from(particle) != which);
    group.particle.is_some_and(of)
}

/// Ids of the atoms of a group, ascending.
pub(super) fn members(group: &Group, body: Body, system: &System) -> Vec<u32> {
    let is_of_particle = |atom_group: u8| match (group.particle, body) {
        (None, _) => true,
        (Some(wanted), Body::Whole) => PARTICLES[usize::from(wanted)] == atom_group,
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

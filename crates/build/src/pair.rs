//! Two particles, facet to facet.

use crate::error::positive;
use crate::facing::median;
use crate::orientation::fit_orientation;
use crate::particle::frame;
use crate::report::counts_of;
use crate::{
    Axis, BuildError, FacingLayers, MemberReport, Orientation, Outermost, PairReport, Particle,
};
use frit_atoms::{Atom, Atoms, Matrix, Species, System, Vector, centre_of_mass};

/// Least distance [Å] allowed between atoms of the two particles: closer, the steep repulsion
/// between their cores throws them out (the nearest neighbours of metals are 2.5 Å to 3 Å apart).
pub(crate) const LEAST_DISTANCE: f64 = 1.5;

/// Groups of the first and the second particle of a pair, as files, tables and plots number them. A
/// particle alone is of the first group, the slab under one of the second; what is no particle of group 0.
pub const PARTICLES: [u8; 2] = [1, 2];

/// When the gap has the length asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapSet {
    /// As the particles are now, usually hot: their planes are measured and set apart.
    Hot,
    /// As the particles were built, cold: their centres of mass get the distance that they would
    /// have with the perfect lattices set apart.
    ///
    /// The gap when hot then depends on the lattice constant with which the particles are built.
    /// Cubes of 2048 atoms of Pt85Fe15 built at that of Pt, 3.92 Å, shrink by 0.6 % and 0.4 % at
    /// 1473 K, and a gap of 5.5 Å becomes 5.43 Å; built at the alloy's own at 0 K, 3.875 Å, they
    /// expand, which closes about 1 Å.
    Cold,
}

/// How two particles are put together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// The axis along which they face each other; the first lies at its lower end.
    pub axis: Axis,
    /// Distance [Å] between the median planes of the two facing facet layers; where a particle turns no
    /// facet to the other, from its outermost atom.
    pub gap: f64,
    /// When the gap has this length.
    pub set: GapSet,
    /// How far [Å] the second centre of mass lies off the first one's line along the axis, in the
    /// two directions that follow the axis in the order x, y, z, x, y; usually zero.
    ///
    /// Equal fcc cubes with an odd number of planes face each other atom on atom, so that in a gap
    /// of 5.5 Å adatoms of both may stand 1.6 Å apart; half a lattice constant sideways puts the
    /// atoms of one over the hollows of the other. Cubes with an even number do so by themselves.
    pub offset: [f64; 2],
    /// Rotation of the second particle beyond the orientation in which it was built.
    pub turn: Matrix,
}

/// A particle to be placed.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The particle as it was built.
    pub built: &'a Particle,
    /// Its atoms now, in any order, with the ids of the built ones.
    pub now: &'a System,
}

/// Two particles facing each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The atoms: the first particle is group 1 and keeps its ids; the second is group 2, its ids
    /// follow those of the first. The cell is free and frames them; the middle between the centres
    /// of mass is the origin.
    pub system: System,
    /// The facing facet layers.
    pub facing: FacingLayers,
    /// Ids of the adatoms of both particles, ascending.
    pub adatoms: Vec<u32>,
    /// What was put together.
    pub report: PairReport,
}

impl Pair {
    /// How far [Å] the report looks for the closest atoms across the gap.
    pub const LOOK: f64 = 5.0;
}

/// Puts two particles facet to facet.
///
/// Each is turned back to the orientation in which it was built (velocities too), by the rotation
/// that best fits its core to the lattice: alone and hot, a particle turns by some degrees even
/// without angular momentum, as its shape changes. Then the centres of mass are put on one line
/// along the axis (or off it by the offset asked for), so that the attraction of the particles makes
/// no torque and their distance is all along the axis; the facets' own centres would follow single
/// atoms that wander. The caller has removed each particle's momentum and angular momentum.
///
/// # Errors
/// Both particles must be free and have the atoms with which they were built; the gap must be
/// positive, the offset finite, and no two atoms closer than 1.5 Å; shared species must have equal masses.
pub fn assemble(
    first: Member<'_>,
    second: Member<'_>,
    placement: &Placement,
) -> Result<Pair, BuildError> {
    let gap = positive("the gap", placement.gap)?;
    let axis = placement.axis;
    if let Some(&value) = placement.offset.iter().find(|x| !x.is_finite()) {
        return Err(BuildError::BadOffset { value });
    }
    let first = Aligned::new(first, "first", axis.unit(), &Matrix::identity())?;
    let second = Aligned::new(second, "second", -axis.unit(), &placement.turn)?;
    let distance = match placement.set {
        GapSet::Hot => first.plane + gap + second.plane,
        GapSet::Cold => first.cold_plane + gap + second.cold_plane,
    };

    let mut species = first.member.now.species.clone();
    let translate = merge(&mut species, &second.member.now.species)?;
    let offset = first.atoms.iter().map(|atom| atom.id).max().unwrap_or(0);
    let mut apart = Vector::zeros();
    for (step, along) in [distance, placement.offset[0], placement.offset[1]]
        .into_iter()
        .enumerate()
    {
        apart[(axis.index() + step) % 3] = along;
    }
    let half = 0.5 * apart;
    let mut atoms = Atoms::new();
    for &atom in &first.atoms {
        atoms.push(Atom {
            position: atom.position - half,
            group: PARTICLES[0],
            ..atom
        });
    }
    for &atom in &second.atoms {
        atoms.push(Atom {
            position: atom.position + half,
            species: translate[usize::from(atom.species)],
            id: offset + atom.id,
            group: PARTICLES[1],
            ..atom
        });
    }
    let moved = |ids: &[u32]| ids.iter().map(|id| offset + id).collect::<Vec<u32>>();
    let facing = FacingLayers::new(
        axis,
        PARTICLES,
        [first.facing.ids.clone(), moved(&second.facing.ids)],
    );
    let mut adatoms = first.member.built.adatoms.clone();
    adatoms.extend(moved(&second.member.built.adatoms));

    let system = System::new(frame(atoms.position())?, atoms, species)?;
    let measured = facing.gap(&system)?;
    let closest = closest_across(&system, axis)?;
    let report = PairReport {
        composition: counts_of(&system),
        adatoms: adatoms.len(),
        gap: measured.layers,
        outermost_gap: measured.outermost,
        closest,
        centre_distance: apart.norm(),
        members: [first.report, second.report],
    };
    Ok(Pair {
        system,
        facing,
        adatoms,
        report,
    })
}

/// A particle turned back, with its centre of mass at the origin.
struct Aligned<'a> {
    member: Member<'a>,
    facing: Outermost,
    atoms: Vec<Atom>,
    /// How far [Å] the median plane of the facing layer, or the outermost atom, lies from the centre of
    /// mass towards the other particle, now.
    plane: f64,
    /// The same as built.
    cold_plane: f64,
    report: MemberReport,
}

impl<'a> Aligned<'a> {
    /// `towards` is the direction to the other particle; `turn` comes after turning back.
    fn new(
        member: Member<'a>,
        which: &'static str,
        towards: Vector,
        turn: &Matrix,
    ) -> Result<Self, BuildError> {
        let Member { built, now } = member;
        let periodic = now.cell.periodic();
        if let Some(axis) = Axis::ALL.into_iter().find(|axis| periodic[axis.index()]) {
            let axis = axis.name();
            return Err(BuildError::Periodic { which, axis });
        }
        if now.atoms.len() != built.system.atoms.len() {
            return Err(BuildError::OtherAtoms {
                which,
                found: now.atoms.len(),
                built: built.system.atoms.len(),
            });
        }
        // Towards the other particle, in the frame in which it was built.
        let direction = turn.transpose() * towards;
        let facing = built.outermost(&direction);
        let fit = orientation(member)?;
        let rotation = turn * fit.rotation;
        let centre = centre_of_mass(now, |_| true).unwrap_or_default();
        let atoms: Vec<Atom> = now
            .atoms
            .by_id()
            .into_iter()
            .map(|index| {
                let atom = now.atoms.get(index as usize);
                Atom {
                    position: rotation * (now.unwrapped(index as usize) - centre),
                    velocity: rotation * atom.velocity,
                    image: [0; 3],
                    ..atom
                }
            })
            .collect();
        let hot: Vec<f64> = atoms
            .iter()
            .map(|atom| towards.dot(&atom.position))
            .collect();
        let cold_centre = centre_of_mass(&built.system, |_| true).unwrap_or_default();
        let cold: Vec<f64> = (built.system.atoms.position().iter())
            .map(|place| direction.dot(&(place - cold_centre)))
            .collect();
        let plane = end(&hot, &facing.ids);
        let half = 0.5 * facing.spacing;
        let layer = facing.ids.iter().map(|&id| hot[id as usize - 1]);
        Ok(Self {
            member,
            plane,
            cold_plane: end(&cold, &facing.ids),
            report: MemberReport {
                angle: fit.angle,
                scale: fit.scale,
                deviation: fit.deviation,
                layer: facing.ids.len(),
                in_plane: layer.filter(|x| (x - plane).abs() < half).count(),
            },
            facing,
            atoms,
        })
    }
}

/// Where a particle ends: the median of a layer, or without one the outermost atom. Heights in the order
/// of the ids, which count from 1.
fn end(heights: &[f64], layer: &[u32]) -> f64 {
    if layer.is_empty() {
        return heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    }
    median(layer.iter().map(|&id| heights[id as usize - 1]).collect())
}

/// How the core of a particle lies now, relative to the lattice on which it was built.
fn orientation(member: Member<'_>) -> Result<Orientation, BuildError> {
    let Member { built, now } = member;
    // Built ids count from 1 without gaps: the k-th id in ascending order must be k + 1.
    let order = now.atoms.by_id();
    if let Some(missing) = (1_u32..)
        .zip(&order)
        .find(|(id, index)| now.atoms.id()[**index as usize] != *id)
    {
        return Err(crate::MissingAtom { id: missing.0 }.into());
    }
    let places = || built.core.iter().map(|&id| id as usize - 1);
    let then: Vec<Vector> = places()
        .map(|place| built.system.atoms.position()[place])
        .collect();
    let here: Vec<Vector> = places()
        .map(|place| now.unwrapped(order[place] as usize))
        .collect();
    Ok(fit_orientation(&then, &here))
}

/// Adds to `species` those of `others` that are not there; returns where each of `others` stands.
pub(crate) fn merge(species: &mut Vec<Species>, others: &[Species]) -> Result<Vec<u8>, BuildError> {
    let mut places = Vec::new();
    for other in others {
        let place = match species.iter().position(|known| known.name == other.name) {
            Some(place) if species[place].mass == other.mass => place,
            Some(place) => {
                return Err(BuildError::MassDiffers {
                    name: other.name.clone(),
                    first: species[place].mass,
                    second: other.mass,
                });
            }
            None => {
                species.push(other.clone());
                species.len() - 1
            }
        };
        places.push(u8::try_from(place).map_err(|_| {
            let found = species.len();
            BuildError::Composition(crate::CompositionError::TooMany { found })
        })?);
    }
    Ok(places)
}

/// The closest distance across the gap, if within [`Pair::LOOK`].
fn closest_across(system: &System, axis: Axis) -> Result<Option<f64>, BuildError> {
    let axis = axis.index();
    let of = |group: u8| {
        let all = system.atoms.iter();
        all.filter(move |atom| atom.group == group)
    };
    let end = of(PARTICLES[0]).map(|atom| atom.position[axis]);
    let start = of(PARTICLES[1]).map(|atom| atom.position[axis]);
    let (end, start) = (
        end.fold(f64::NEG_INFINITY, f64::max),
        start.fold(f64::INFINITY, f64::min),
    );
    // Only atoms within reach of the other particle's outermost one can be close to it.
    let near_second: Vec<Atom> = of(PARTICLES[0])
        .filter(|atom| atom.position[axis] > start - Pair::LOOK)
        .collect();
    let near_first: Vec<Atom> = of(PARTICLES[1])
        .filter(|atom| atom.position[axis] < end + Pair::LOOK)
        .collect();
    let mut closest = (Pair::LOOK * Pair::LOOK, 0, 0);
    let mut widen = 0.0_f64;
    for one in &near_second {
        for other in &near_first {
            let apart = other.position - one.position;
            let square = apart.norm_squared();
            if square < closest.0 {
                closest = (square, one.id, other.id);
            }
            if square < LEAST_DISTANCE * LEAST_DISTANCE {
                let across = square - apart[axis] * apart[axis];
                let needed = (LEAST_DISTANCE * LEAST_DISTANCE - across).sqrt();
                widen = widen.max(needed - apart[axis]);
            }
        }
    }
    let (square, first, second) = closest;
    if square < LEAST_DISTANCE * LEAST_DISTANCE {
        return Err(BuildError::Overlap {
            first,
            second,
            distance: square.sqrt(),
            least: LEAST_DISTANCE,
            widen,
        });
    }
    Ok((square < Pair::LOOK * Pair::LOOK).then(|| square.sqrt()))
}

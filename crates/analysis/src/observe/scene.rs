//! What measures see: a moment, the first moment, and what several of them need of both.

use super::Snapshot;
use super::body::{BodyReference, FacetReference, Pose, Reference};
use super::structure::{Structure, structures};
use super::surface::Bonded;
use frit_atoms::Vector;
use frit_build::{Axis, FacingLayers};
use std::sync::OnceLock;

/// A moment with everything that measures share; each part is computed when first asked for.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The moment.
    pub snapshot: &'a Snapshot,
    /// The first moment.
    pub reference: &'a Reference,
    /// Atoms closer than this are bonded [Å].
    pub bond: f64,
    bonded: OnceLock<Vec<Bonded>>,
    coordination: OnceLock<Vec<u32>>,
    normals: OnceLock<Vec<Option<Vector>>>,
    structures: OnceLock<Vec<Structure>>,
    poses: OnceLock<Vec<Pose>>,
    inside: OnceLock<Vec<Vector>>,
}

/// The two bodies of a pair, now and at the first moment.
#[derive(Debug, Clone, Copy)]
pub struct Couple<'a> {
    /// At the first moment.
    pub bodies: [&'a BodyReference; 2],
    /// Now.
    pub poses: [Pose; 2],
    /// Unit vector from the centre of the first to that of the second, now.
    pub axis: Vector,
    /// Distance of the centres, now [Å].
    pub distance: f64,
}

impl<'a> Scene<'a> {
    /// A moment beside the first.
    pub fn new(snapshot: &'a Snapshot, reference: &'a Reference, bond: f64) -> Self {
        Self {
            snapshot,
            reference,
            bond,
            bonded: OnceLock::new(),
            coordination: OnceLock::new(),
            normals: OnceLock::new(),
            structures: OnceLock::new(),
            poses: OnceLock::new(),
            inside: OnceLock::new(),
        }
    }

    /// Number of neighbours of each atom, in the order of the snapshot.
    pub fn coordination(&self) -> &[u32] {
        self.coordination
            .get_or_init(|| self.bonded().iter().map(|around| around.count).collect())
    }

    /// Outward normals of surface atoms, in the order of the snapshot.
    pub fn normals(&self) -> &[Option<Vector>] {
        self.normals
            .get_or_init(|| self.bonded().iter().map(Bonded::normal).collect())
    }

    /// Whether an atom is bonded to one of another particle.
    pub fn crosses(&self, place: usize) -> bool {
        self.bonded()[place].crosses
    }

    /// One pass over all neighbours serves all that ask.
    fn bonded(&self) -> &[Bonded] {
        self.bonded.get_or_init(|| {
            (self.snapshot).map(|place| Bonded::new(self.snapshot, place, self.bond))
        })
    }

    /// Structure of each atom, in the order of the snapshot.
    pub fn structures(&self) -> &[Structure] {
        self.structures.get_or_init(|| structures(self.snapshot))
    }

    /// Where each particle is now, in the order of the reference.
    pub fn poses(&self) -> &[Pose] {
        self.poses
            .get_or_init(|| self.reference.poses(self.snapshot))
    }

    /// Each atom's position in the frame of its own particle, which moves and turns with it [Å]; in
    /// the order of the snapshot.
    pub fn inside(&self) -> &[Vector] {
        self.inside.get_or_init(|| {
            let poses = self.poses();
            let of_group = self.body_of_group();
            self.snapshot.map(|place| {
                let body = of_group[usize::from(self.snapshot.group(place))];
                poses[body].inside(&self.snapshot.unwrapped()[place])
            })
        })
    }

    /// For each group its place among the bodies (zero for groups without).
    pub fn body_of_group(&self) -> [usize; 256] {
        let mut places = [0; 256];
        for (place, body) in self.reference.bodies.iter().enumerate() {
            places[usize::from(body.group)] = place;
        }
        places
    }

    /// The pair, if there are two particles.
    pub fn couple(&self) -> Option<Couple<'_>> {
        let ([first, second], &[one, two]) = (&self.reference.bodies[..], self.poses()) else {
            return None;
        };
        let apart = two.centre - one.centre;
        Some(Couple {
            bodies: [first, second],
            poses: [one, two],
            axis: apart.try_normalize(f64::EPSILON)?,
            distance: apart.norm(),
        })
    }
}

/// Smallest cosine between a facet's normal and the direction to the other particle for the facet
/// to face it: 30°.
const FACING: f64 = 0.866;

impl Couple<'_> {
    /// The direction from one of the particles to the other.
    pub fn towards(&self, which: usize) -> Vector {
        if which == 0 { self.axis } else { -self.axis }
    }

    /// The facet with which one of the particles faces the other: that through which the line between
    /// the centres left it at the first moment, if it was within 30° of that line; else the largest of those
    /// that were.
    pub fn facing(&self, which: usize) -> Option<(usize, &FacetReference)> {
        facing_facet(self.bodies, which)
    }

    /// The grain with which one of the particles faced the other at the first moment.
    pub fn facing_grain(&self, which: usize) -> Option<usize> {
        if let Some((_, facet)) = self.facing(which) {
            return Some(facet.grain);
        }
        let towards = towards(self.bodies, which)?;
        self.bodies[which].grain(&(self.distance * towards))
    }
}

/// The direction from one of two particles to the other at the first moment.
fn towards(bodies: [&BodyReference; 2], which: usize) -> Option<Vector> {
    let [one, two] = bodies.map(|body| Vector::from(body.centre));
    let towards = if which == 0 { two - one } else { one - two };
    towards.try_normalize(f64::EPSILON)
}

/// The facet with which one of two particles faces the other at the first moment, and its place.
fn facing_facet(bodies: [&BodyReference; 2], which: usize) -> Option<(usize, &FacetReference)> {
    let towards = towards(bodies, which)?;
    let body = bodies[which];
    let faces = |facet: &FacetReference| Vector::from(facet.normal).dot(&towards) > FACING;
    if let Some(place) = body.facet_towards(&towards)
        && faces(&body.facets[place])
    {
        return Some((place, &body.facets[place]));
    }
    (body.facets.iter().enumerate())
        .filter(|(_, facet)| faces(facet))
        .max_by(|a, b| a.1.area.total_cmp(&b.1.area))
}

impl Reference {
    /// The layers with which two particles face each other, along that one of x, y and z that is
    /// nearest to the line between their centres; a particle that turns no facet to the other has an empty
    /// layer. None without two particles.
    pub fn facing_layers(&self) -> Option<FacingLayers> {
        let [one, two] = &self.bodies[..] else {
            return None;
        };
        let apart = Vector::from(two.centre) - Vector::from(one.centre);
        let axis = apart.iamax();
        let layers = [0, 1].map(|which| {
            let facet = facing_facet([one, two], which);
            let ranks = facet.map_or(&[][..], |(_, facet)| &facet.atoms);
            ranks.iter().map(|&rank| self.id[rank as usize]).collect()
        });
        let [first, second]: [Vec<u32>; 2] = layers;
        let groups = [one.group, two.group];
        Some(if apart[axis] > 0.0 {
            FacingLayers::new(Axis::ALL[axis], groups, [first, second])
        } else {
            FacingLayers::new(Axis::ALL[axis], [groups[1], groups[0]], [second, first])
        })
    }
}

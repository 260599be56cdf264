//! Particles as bodies: how they stood at the start, and how they have moved and turned since.

use super::facets::Grain;
use super::grains::{Body, Border, GrainReference};
use super::measure::ObserveError;
use super::rotation::best_rotation;
use super::snapshot::Snapshot;
use super::structure::{Structure, structures};
use super::surface::{Family, normals};
use frit_atoms::{Atom, Cell, Matrix, Species, System, Vector};
use serde::{Deserialize, Serialize};

/// The first moment of an observation, with which all later ones are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Ids of the atoms, ascending.
    pub id: Vec<u32>,
    /// Their species, as numbers of the system.
    pub species: Vec<u8>,
    /// Their positions with all wrapping undone [Å].
    pub position: Vec<Vector3>,
    /// The particles, by ascending group.
    pub bodies: Vec<BodyReference>,
    /// Positions in the cell [Å], and the cells crossed; for the bonds.
    wrapped: Vec<(Vector3, [i32; 3])>,
    /// Rows of the cell, its origin, and which directions are periodic.
    cell: ([Vector3; 4], [bool; 3]),
    /// Who was whose neighbour.
    #[serde(skip)]
    pub bonds: Bonds,
}

/// Neighbours at the first moment, by rank.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bonds {
    start: Vec<usize>,
    all: Vec<Bond>,
}

/// A neighbour at the first moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bond {
    /// Its rank.
    pub rank: u32,
    /// The vector to it [Å].
    pub vector: Vector,
    /// Cells between the two, beyond their own images.
    pub image: [i32; 3],
}

impl Bonds {
    /// The bonds of the atom of this rank.
    pub fn of(&self, rank: usize) -> &[Bond] {
        &self.all[self.start[rank]..self.start[rank + 1]]
    }
}

/// A vector as it is saved.
pub type Vector3 = [f64; 3];

/// A particle at the first moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BodyReference {
    /// Its group.
    pub group: u8,
    /// Ranks of the atoms that tell how it moves: those of the perfect crystal inside, or all atoms
    /// where fewer than half are.
    pub core: Vec<u32>,
    /// Centroid of these atoms [Å].
    pub centre: Vector3,
    /// Its crystals, the largest first: one, or several if it is twinned; none if it is not fcc.
    pub grains: Vec<GrainReference>,
    /// Mean distance of nearest neighbours in the crystal [Å].
    pub spacing: f64,
    /// Its facets, those of the first grain first.
    pub facets: Vec<FacetReference>,
}

/// A facet at the first moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FacetReference {
    /// Place of its grain among those of the particle.
    pub grain: usize,
    /// Its family.
    pub family: Family,
    /// Its indices, in the axes of the grain.
    pub indices: [i8; 3],
    /// Outward normal in space.
    pub normal: Vector3,
    /// Distance of its outermost complete plane from the centre [Å].
    pub height: f64,
    /// Area of that plane [Å²]: its atoms times the area of one.
    pub area: f64,
    /// Distance to the next plane [Å].
    pub spacing: f64,
    /// Ranks of the atoms of the plane.
    pub atoms: Vec<u32>,
    /// Atoms in and above the outermost [`BELOW`](Self::BELOW) planes.
    pub mass: usize,
}

impl FacetReference {
    /// How many planes below its outermost complete one a facet's mass is counted.
    pub const BELOW: f64 = 3.5;
}

impl BodyReference {
    /// Volume of an atom of the fcc crystal [Å³]: spacing³/√2.
    pub fn atomic_volume(&self) -> f64 {
        self.spacing.powi(3) / 2.0_f64.sqrt()
    }

    /// The grain in which a point of the body's own frame lies, or over which it stands; none if the
    /// body is no crystal.
    ///
    /// A grain is what lies below all its facets and on its own side of all its borders, so that the
    /// point belongs to that grain whose planes it exceeds least. A twinned particle, with grooves in its
    /// surface, is the union of such convex grains.
    pub fn grain(&self, point: &Vector) -> Option<usize> {
        if self.grains.len() < 2 {
            return (!self.grains.is_empty()).then_some(0);
        }
        let mut excess: Vec<f64> = (self.grains.iter())
            .map(|grain| {
                let above = |border: &Border| above(&border.normal, border.height, point);
                grain
                    .borders
                    .iter()
                    .map(above)
                    .fold(f64::NEG_INFINITY, f64::max)
            })
            .collect();
        for facet in &self.facets {
            let above = above(&facet.normal, facet.height, point);
            excess[facet.grain] = excess[facet.grain].max(above);
        }
        let least = excess.iter().copied().fold(f64::INFINITY, f64::min);
        // At a border two grains are equal but for rounding: the larger gets it, now and later.
        excess.iter().position(|&above| above < least + EQUAL)
    }

    /// Place of the facet through which a ray from the centre leaves the body; none if it leaves where
    /// no facet is.
    pub fn facet_towards(&self, direction: &Vector) -> Option<usize> {
        let mut farthest: Option<(f64, Option<usize>)> = None;
        for (number, grain) in self.grains.iter().enumerate() {
            let facets = (self.facets.iter().enumerate())
                .filter(|(_, facet)| facet.grain == number)
                .map(|(place, facet)| (facet.normal, facet.height, Some(place)));
            let borders = (grain.borders.iter()).map(|b| (b.normal, b.height, None));
            // The part of the ray inside the grain.
            let mut begin = 0.0_f64;
            let mut end = (f64::INFINITY, None);
            for (normal, height, place) in facets.chain(borders) {
                let cosine = Vector::from(normal).dot(direction);
                if cosine > EQUAL && height / cosine < end.0 {
                    end = (height / cosine, place);
                } else if cosine < -EQUAL {
                    begin = begin.max(height / cosine);
                }
            }
            if end.0 > begin && end.0.is_finite() && farthest.is_none_or(|(far, _)| end.0 > far) {
                farthest = Some(end);
            }
        }
        farthest?.1
    }

    /// The facet over which a point of the body's own frame stands, and its height [Å] above the
    /// facet's outermost complete plane: of the facets of its grain that whose plane it exceeds most.
    pub fn sector(&self, point: &Vector) -> Option<(usize, f64)> {
        let grain = self.grain(point)?;
        let mut best: Option<(usize, f64)> = None;
        for (at, facet) in self.facets.iter().enumerate() {
            if facet.grain != grain {
                continue;
            }
            let height = above(&facet.normal, facet.height, point);
            // Over an edge two facets are equal but for rounding: the first gets it.
            if best.is_none_or(|(_, known)| height > known + EQUAL) {
                best = Some((at, height));
            }
        }
        best
    }
}

/// Heights [Å] that differ by less are equal.
const EQUAL: f64 = 1e-6;

fn above(normal: &Vector3, height: f64, point: &Vector) -> f64 {
    Vector::from(*normal).dot(point) - height
}

/// Where a particle is now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Rotation since the first moment.
    pub rotation: Matrix,
    /// Centroid of its core [Å].
    pub centre: Vector,
}

impl Pose {
    /// A point of space in the frame that moves and turns with the body: from its centre, in the
    /// directions of the first moment.
    pub fn inside(&self, point: &Vector) -> Vector {
        self.rotation.tr_mul(&(point - self.centre))
    }
}

impl Reference {
    /// The first moment.
    ///
    /// # Errors
    /// No neighbours can be found.
    pub fn new(snapshot: &Snapshot, bond: f64) -> Result<Self, ObserveError> {
        let order: Vec<usize> = places(snapshot);
        let structures = structures(snapshot);
        let coordination = snapshot.coordination(bond);
        let normals = normals(snapshot, bond);
        let mut groups: Vec<u8> = snapshot.system().atoms.group().to_vec();
        groups.sort_unstable();
        groups.dedup();
        let view = First {
            snapshot,
            order: &order,
            structures: &structures,
            coordination: &coordination,
            normals: &normals,
            bond,
        };
        let system = snapshot.system();
        let (id, species) = (system.atoms.id(), system.atoms.species());
        let rows = [0, 1, 2].map(|k| system.cell.vector(k).into());
        let mut reference = Self {
            cell: (
                [rows[0], rows[1], rows[2], system.cell.origin().into()],
                system.cell.periodic(),
            ),
            species: order.iter().map(|&place| species[place]).collect(),
            wrapped: (order.iter())
                .map(|&place| {
                    let atoms = &system.atoms;
                    (atoms.position()[place].into(), atoms.image()[place])
                })
                .collect(),
            bonds: Bonds::default(),
            id: order.iter().map(|&place| id[place]).collect(),
            position: (order.iter())
                .map(|&place| snapshot.unwrapped()[place].into())
                .collect(),
            bodies: groups.into_iter().map(|group| view.body(group)).collect(),
        };
        reference.find_bonds(bond)?;
        Ok(reference)
    }

    /// Finds who was bonded to whom, from the positions that are saved: the same bits after a restart.
    ///
    /// # Errors
    /// What is saved is no system.
    pub fn find_bonds(&mut self, bond: f64) -> Result<(), ObserveError> {
        let broken = |problem: String| ObserveError::OtherAtoms { problem };
        let (rows, periodic) = self.cell;
        let [a, b, c, origin] = rows.map(Vector::from);
        let vectors = Matrix::from_rows(&[a.transpose(), b.transpose(), c.transpose()]);
        let cell = Cell::new(vectors, origin, periodic).map_err(|e| broken(e.to_string()))?;
        let atoms = (self.wrapped.iter().zip(&self.id)).map(|(&(position, image), &id)| Atom {
            position: position.into(),
            velocity: Vector::zeros(),
            image,
            species: 0,
            id,
            group: 0,
        });
        let any = Species {
            name: "any".to_owned(),
            mass: 1.0,
        };
        let system = System::new(cell, atoms.collect(), vec![any]);
        let snapshot = Snapshot::new(&system.map_err(|e| broken(e.to_string()))?, bond)?;
        let mut bonds = Bonds::default();
        bonds.start.push(0);
        for place in places(&snapshot) {
            let here = snapshot.unwrapped()[place];
            bonds.all.extend(snapshot.near(place, bond).map(|near| {
                let rest = near.vector - (snapshot.unwrapped()[near.place] - here);
                let image = cell.inverse().tr_mul(&rest).map(|x| x.round() as i32);
                Bond {
                    rank: snapshot.rank()[near.place],
                    vector: near.vector,
                    image: image.into(),
                }
            }));
            bonds.start.push(bonds.all.len());
        }
        self.bonds = bonds;
        Ok(())
    }

    /// Whether a moment has the same atoms.
    ///
    /// # Errors
    /// Says how it differs.
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), ObserveError> {
        let problem = if snapshot.len() != self.id.len() {
            format!(
                "it had {} atoms, this has {}",
                self.id.len(),
                snapshot.len()
            )
        } else {
            let atoms = &snapshot.system().atoms;
            let differs = |(rank, place): (usize, usize)| {
                let other = atoms.id()[place] != self.id[rank];
                (other || atoms.species()[place] != self.species[rank]).then_some(self.id[rank])
            };
            match places(snapshot).into_iter().enumerate().find_map(differs) {
                None => return Ok(()),
                Some(id) => format!("atom {id} is missing or of another species"),
            }
        };
        Err(ObserveError::OtherAtoms { problem })
    }

    /// Where each particle is now.
    pub fn poses(&self, snapshot: &Snapshot) -> Vec<Pose> {
        let order = places(snapshot);
        let now = |rank: u32| snapshot.unwrapped()[order[rank as usize]];
        self.bodies
            .iter()
            .map(|body| {
                let count = body.core.len().max(1) as f64;
                let centre = body.core.iter().map(|&rank| now(rank)).sum::<Vector>() / count;
                let before = Vector::from(body.centre);
                let pairs = (body.core.iter()).map(|&rank| {
                    let then = Vector::from(self.position[rank as usize]) - before;
                    (then, now(rank) - centre)
                });
                Pose {
                    rotation: best_rotation(pairs),
                    centre,
                }
            })
            .collect()
    }
}

/// The place of each atom, by ascending id.
pub(crate) fn places(snapshot: &Snapshot) -> Vec<usize> {
    let mut order = vec![0; snapshot.len()];
    for (place, &rank) in snapshot.rank().iter().enumerate() {
        order[rank as usize] = place;
    }
    order
}

/// What is known of the first moment.
struct First<'a> {
    snapshot: &'a Snapshot,
    order: &'a [usize],
    structures: &'a [Structure],
    coordination: &'a [u32],
    normals: &'a [Option<Vector>],
    bond: f64,
}

impl First<'_> {
    fn body(&self, group: u8) -> BodyReference {
        let snapshot = self.snapshot;
        let own = |rank: &u32| snapshot.group(self.order[*rank as usize]) == group;
        let all: Vec<u32> = (0..snapshot.len() as u32).filter(own).collect();
        let is_crystal = |rank: &u32| self.structures[self.order[*rank as usize]] == Structure::Fcc;
        let crystal: Vec<u32> = all.iter().copied().filter(is_crystal).collect();
        // Small particles have hardly any inside; a molten or bcc one no fcc atoms at all.
        let inside = |rank: &u32| self.normals[self.order[*rank as usize]].is_none();
        let quiet: Vec<u32> = all.iter().copied().filter(inside).collect();
        let core = if 4 * quiet.len() >= all.len() {
            quiet
        } else {
            all.clone()
        };
        let count = core.len().max(1) as f64;
        let at = |rank: &u32| snapshot.unwrapped()[self.order[*rank as usize]];
        let centre = core.iter().map(at).sum::<Vector>() / count;
        let mut body = BodyReference {
            group,
            core,
            centre: centre.into(),
            grains: Vec::new(),
            spacing: self.spacing(&crystal),
            facets: Vec::new(),
        };
        self.find_facets(&all, &mut body);
        self.weigh(&all, &mut body);
        body
    }

    /// The grains and their facets.
    fn find_facets(&self, all: &[u32], body: &mut BodyReference) {
        let places: Vec<usize> = all.iter().map(|&rank| self.order[rank as usize]).collect();
        let mut member = vec![None; self.snapshot.len()];
        for (atom, &place) in (0..).zip(&places) {
            member[place] = Some(atom);
        }
        let view = Body {
            snapshot: self.snapshot,
            places: &places,
            member: &member,
            structures: self.structures,
            bond: self.bond,
        };
        let centre = Vector::from(body.centre);
        let grains = view.grains();
        body.grains = view.references(&grains, &centre);
        let mut grain_of = vec![None; self.snapshot.len()];
        for (&place, grain) in places.iter().zip(&grains.of) {
            grain_of[place] = *grain;
        }
        for (number, reference) in body.grains.iter().enumerate() {
            let atoms: Vec<(u32, usize)> = (0..all.len())
                .filter(|&atom| grains.of[atom] == Some(number))
                .map(|atom| (all[atom], places[atom]))
                .collect();
            let grain = Grain {
                snapshot: self.snapshot,
                number,
                reference,
                atoms: &atoms,
                grain_of: &grain_of,
                coordination: self.coordination,
                centre,
                spacing: body.spacing,
                bond: self.bond,
            };
            body.facets.extend(grain.facets());
        }
    }

    fn spacing(&self, crystal: &[u32]) -> f64 {
        let mut sum = 0.0;
        let mut count = 0.0;
        for &rank in crystal {
            for near in self.snapshot.near(self.order[rank as usize], self.bond) {
                sum += near.square.sqrt();
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// Counts the atoms of each facet.
    fn weigh(&self, all: &[u32], body: &mut BodyReference) {
        let centre = Vector::from(body.centre);
        let mut mass = vec![0; body.facets.len()];
        for &rank in all {
            let point = self.snapshot.unwrapped()[self.order[rank as usize]] - centre;
            if let Some((facet, height)) = body.sector(&point)
                && height > -FacetReference::BELOW * body.facets[facet].spacing
            {
                mass[facet] += 1;
            }
        }
        for (facet, mass) in body.facets.iter_mut().zip(mass) {
            facet.mass = mass;
        }
    }
}

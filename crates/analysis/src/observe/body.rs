//! Particles as bodies: how they stood at the start, and how they have moved and turned since.

use super::measure::ObserveError;
use super::rotation::best_rotation;
use super::snapshot::Snapshot;
use super::structure::{Structure, structures};
use super::surface::{Family, facet_of, low_index_facets, normal, normals};
use frit_atoms::{Atom, Cell, Matrix, Species, System, Vector};
use serde::{Deserialize, Serialize};

/// Fewest atoms that make a facet; a smaller terrace has more edge than area.
const FEWEST_IN_FACET: usize = 6;

/// Rounds of fitting the crystal's axes to the bonds of all its atoms; two suffice at 1500 K.
const ROUNDS: usize = 4;

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
    /// The cubic axes, as columns; `None` if it is no fcc crystal.
    pub axes: Option<[Vector3; 3]>,
    /// Mean distance of nearest neighbours in the crystal [Å].
    pub spacing: f64,
    /// Its facets.
    pub facets: Vec<FacetReference>,
}

/// A facet at the first moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FacetReference {
    /// Its family.
    pub family: Family,
    /// Its indices, in the axes of the particle.
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
    /// The cubic axes as the columns of a matrix, if it is a crystal.
    pub fn axes(&self) -> Option<Matrix> {
        let axes = self.axes?.map(Vector::from);
        Some(Matrix::from_columns(&axes))
    }

    /// Volume of an atom of the fcc crystal [Å³]: spacing³/√2.
    pub fn atomic_volume(&self) -> f64 {
        self.spacing.powi(3) / 2.0_f64.sqrt()
    }

    /// The facet over which a point of the body's own frame stands, and its height [Å] above the
    /// facet's outermost complete plane: that whose plane it exceeds most.
    pub fn sector(&self, point: &Vector) -> Option<(usize, f64)> {
        // Over an edge two facets are equal but for rounding: the first gets it, now and later.
        const EQUAL: f64 = 1e-6;
        let mut best: Option<(usize, f64)> = None;
        for (at, facet) in self.facets.iter().enumerate() {
            let height = Vector::from(facet.normal).dot(point) - facet.height;
            if best.is_none_or(|(_, known)| height > known + EQUAL) {
                best = Some((at, height));
            }
        }
        best
    }
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
        let spacing = self.spacing(&crystal);
        let axes = self.axes(&crystal);
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
            axes: axes.map(|axes| [0, 1, 2].map(|k| axes.column(k).into_owned().into())),
            spacing,
            facets: Vec::new(),
        };
        if let Some(axes) = axes {
            body.facets = self.facets(&all, &axes, &centre, spacing);
            self.weigh(&all, &mut body);
        }
        body
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

    /// The cubic axes, as columns, from the bonds of the fcc atoms.
    fn axes(&self, crystal: &[u32]) -> Option<Matrix> {
        let bonds = |rank: u32| {
            (self.snapshot.near(self.order[rank as usize], self.bond))
                .map(|near| near.vector.normalize())
        };
        let mut axes = crystal.iter().find_map(|&rank| {
            let bonds: Vec<Vector> = bonds(rank).collect();
            first_axes(&bonds)
        })?;
        for _ in 0..ROUNDS {
            let pairs = (crystal.iter()).flat_map(|&rank| bonds(rank)).map(|bond| {
                let inside = axes.tr_mul(&bond);
                (nearest_bond(&inside), bond)
            });
            axes = best_rotation(pairs);
        }
        Some(axes)
    }

    fn facets(
        &self,
        all: &[u32],
        axes: &Matrix,
        centre: &Vector,
        spacing: f64,
    ) -> Vec<FacetReference> {
        let mut members = vec![Vec::new(); low_index_facets().len()];
        for &rank in all {
            let place = self.order[rank as usize];
            if let Some(normal) = &self.normals[place]
                && let Some(facet) = facet_of(normal, self.coordination[place], axes)
            {
                members[facet].push(rank);
            }
        }
        low_index_facets()
            .into_iter()
            .zip(members)
            .filter_map(|((family, indices), members)| {
                let normal = axes * normal(indices);
                let height = |rank: u32| {
                    let place = self.order[rank as usize];
                    normal.dot(&(self.snapshot.unwrapped()[place] - centre))
                };
                let mut heights: Vec<f64> = members.iter().map(|&rank| height(rank)).collect();
                heights.sort_unstable_by(f64::total_cmp);
                let (plane, cell) = family.plane();
                let (plane, cell) = (plane * spacing, cell * spacing * spacing);
                let middle = *heights.get(heights.len() / 2)?;
                let atoms: Vec<u32> = (all.iter().copied())
                    .filter(|&rank| (height(rank) - middle).abs() < 0.5 * plane)
                    .collect();
                let flat = members
                    .iter()
                    .filter(|&&rank| (height(rank) - middle).abs() < 0.5 * plane);
                (flat.count() >= FEWEST_IN_FACET).then(|| FacetReference {
                    family,
                    indices,
                    normal: normal.into(),
                    height: middle,
                    area: cell * atoms.len() as f64,
                    spacing: plane,
                    atoms,
                    mass: 0,
                })
            })
            .collect()
    }

    /// Counts the atoms of each facet, and keeps those in its plane that no other facet claims.
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

/// Cubic axes from the bonds of one atom: two bonds at a right angle add up to one axis and differ
/// by another.
fn first_axes(bonds: &[Vector]) -> Option<Matrix> {
    let u = bonds.first()?;
    let v = bonds
        .iter()
        .min_by(|a, b| a.dot(u).abs().total_cmp(&b.dot(u).abs()))?;
    let x = (u + v).try_normalize(0.5)?;
    let y = (u - v) - x * x.dot(&(u - v));
    let y = y.try_normalize(0.5)?;
    let axes = Matrix::from_columns(&[x, y, x.cross(&y)]);
    // Of fcc, all bonds lie near <110>.
    let straight = |bond: &&Vector| {
        let inside = axes.tr_mul(bond);
        nearest_bond(&inside).dot(&inside) > 0.9
    };
    (bonds.iter().filter(straight).count() >= 10).then_some(axes)
}

/// The <110> direction nearest to one given in cubic axes.
fn nearest_bond(direction: &Vector) -> Vector {
    let least = direction.iamin();
    let mut bond = direction.map(|x| 0.5_f64.sqrt().copysign(x));
    bond[least] = 0.0;
    bond
}

//! Surface atoms, their normals, and the facets to which they belong.

use super::Snapshot;
use frit_atoms::{Matrix, Vector};

/// Most neighbours of a surface atom: an atom of a flat (111) facet has 9 of 12, one under the
/// edge of an adlayer 10.
pub const MOST_NEIGHBOURS: u32 = 10;

/// Fewest neighbours of an atom of a terrace: 8 on {100}, 9 on {111}, 7 on {110}; with 5 or fewer it
/// is at an edge of a cube, a corner, or adsorbed.
pub(super) const LEAST_ON_TERRACE: u32 = 6;

/// Least length of the mean of the unit vectors to the neighbours, of a surface atom: it is 0.27 on
/// {111}, 0.35 on {100}, 0.43 on {110}, and 0.09 or less in the bulk beside one vacancy.
const LEAST_ASYMMETRY: f64 = 0.18;

/// Largest angle between an atom's normal and that of its facet: half of the smallest angle
/// between two of the families, 35.26° between {111} and {110}.
const LARGEST_TILT: f64 = 17.63;

/// A family of facets.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Family {
    /// {100}
    Cube,
    /// {111}
    Octahedron,
    /// {110}
    Dodecahedron,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 3] = [Self::Cube, Self::Octahedron, Self::Dodecahedron];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cube => "{100}",
            Self::Octahedron => "{111}",
            Self::Dodecahedron => "{110}",
        }
    }

    /// Distance of its planes and area of an atom in them, for nearest neighbours at distance 1 of
    /// an fcc crystal.
    pub fn plane(self) -> (f64, f64) {
        match self {
            Self::Cube => (0.5_f64.sqrt(), 1.0),
            Self::Octahedron => ((2.0_f64 / 3.0).sqrt(), 0.75_f64.sqrt()),
            Self::Dodecahedron => (0.5, 2.0_f64.sqrt()),
        }
    }
}

/// The 26 facets of lowest index of a cubic crystal: 6 {100}, 8 {111}, 12 {110}.
pub fn low_index_facets() -> Vec<(Family, [i8; 3])> {
    let mut facets = Vec::with_capacity(26);
    for h in -1..=1_i8 {
        for k in -1..=1_i8 {
            for l in -1..=1_i8 {
                let family = match [h, k, l].iter().filter(|&&index| index != 0).count() {
                    1 => Family::Cube,
                    2 => Family::Dodecahedron,
                    3 => Family::Octahedron,
                    _ => continue,
                };
                facets.push((family, [h, k, l]));
            }
        }
    }
    facets.sort();
    facets
}

/// The unit normal of a facet, in the crystal's axes.
pub fn normal(indices: [i8; 3]) -> Vector {
    Vector::from(indices.map(f64::from)).normalize()
}

/// The outward normal of every surface atom, `None` for atoms of the bulk.
///
/// An atom is at the surface when it has at most ten neighbours and they lie to one side: the mean of
/// the unit vectors to them is longer than 0.18. The normal points against that mean.
pub fn normals(snapshot: &Snapshot, bond: f64) -> Vec<Option<Vector>> {
    snapshot.map(|place| Bonded::new(snapshot, place, bond).normal())
}

/// What one pass over the neighbours of an atom tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bonded {
    /// How many they are.
    pub(super) count: u32,
    /// Whether one belongs to another particle.
    pub(super) crosses: bool,
    /// Sum of the unit vectors to them.
    units: Vector,
}

impl Bonded {
    /// Of the neighbours closer than `bond` [Å].
    pub(super) fn new(snapshot: &Snapshot, place: usize, bond: f64) -> Self {
        let own = snapshot.group(place);
        let mut bonded = Self {
            count: 0,
            crosses: false,
            units: Vector::zeros(),
        };
        for near in snapshot.near(place, bond) {
            bonded.units += near.vector / near.square.sqrt();
            bonded.count += 1;
            bonded.crosses |= snapshot.group(near.place) != own;
        }
        bonded
    }

    /// The outward normal of a surface atom.
    pub(super) fn normal(&self) -> Option<Vector> {
        if self.count == 0 || self.count > MOST_NEIGHBOURS {
            return None;
        }
        let mean = self.units / f64::from(self.count);
        (mean.norm() > LEAST_ASYMMETRY).then(|| -mean.normalize())
    }
}

/// The facet (its place in [`low_index_facets`]) to which a surface atom with this normal and
/// number of neighbours belongs, in a crystal whose axes are the columns of `axes`; `None` at edges
/// and corners, and for adatoms.
pub fn facet_of(normal: &Vector, neighbours: u32, axes: &Matrix) -> Option<usize> {
    if neighbours < LEAST_ON_TERRACE {
        return None;
    }
    let direction = axes.tr_mul(normal);
    let (place, cosine) = low_index_facets()
        .into_iter()
        .map(|(_, indices)| self::normal(indices).dot(&direction))
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    (cosine > LARGEST_TILT.to_radians().cos()).then_some(place)
}

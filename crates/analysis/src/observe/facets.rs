//! Facets of a particle at the first moment.

use super::body::FacetReference;
use super::grains::GrainReference;
use super::snapshot::Snapshot;
use super::surface::{LEAST_ON_TERRACE, low_index_facets, normal};
use frit_atoms::{Matrix, Vector};

/// Fewest atoms of a facet that have nothing above them and six neighbours or more.
const FEWEST_IN_FACET: usize = 4;

/// Least standard deviation of the atoms of a facet along its narrowest direction [distances of
/// nearest neighbours]: a square of four has 0.5, a row, which is an edge, 0.
const LEAST_WIDTH: f64 = 0.35;

/// Least share of atoms with nothing above them in the plane of a facet: under a fifth of a layer of
/// adatoms, which each cover four, 0.4.
const LEAST_BARE: f64 = 0.2;

/// Largest share, in the atoms of a facet, of atoms above it by more than an adatom is.
const MOST_FAR: f64 = 0.1;

/// Atoms of one grain of a particle at the first moment.
pub(super) struct Grain<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Its number in the particle.
    pub(super) number: usize,
    pub(super) reference: &'a GrainReference,
    /// Ranks of its atoms, ascending, and their places in the snapshot.
    pub(super) atoms: &'a [(u32, usize)],
    /// Grain of each atom of the particle, by its place in the snapshot.
    pub(super) grain_of: &'a [Option<usize>],
    /// Of all atoms of the snapshot.
    pub(super) coordination: &'a [u32],
    /// Centre of the particle [Å].
    pub(super) centre: Vector,
    /// Distance of nearest neighbours [Å].
    pub(super) spacing: f64,
    pub(super) bond: f64,
}

impl Grain<'_> {
    /// The facets: of the 26 directions of lowest index those with a plane that nothing covers.
    ///
    /// In every direction the atoms with six or more neighbours, none of them higher by more than
    /// half a plane, are sorted by height. The plane with most of them is a facet if it extends in two
    /// dimensions and hardly more lies above than a layer of adatoms.
    pub(super) fn facets(&self) -> Vec<FacetReference> {
        let axes = self.reference.axes();
        low_index_facets()
            .into_iter()
            .filter_map(|(family, indices)| {
                let normal = axes * normal(indices);
                let (plane, cell) = family.plane();
                let (plane, cell) = (plane * self.spacing, cell * self.spacing * self.spacing);
                let height = self.plane(&normal, 0.5 * plane)?;
                let atoms: Vec<u32> = (self.atoms.iter())
                    .filter(|(_, place)| {
                        (self.height(*place, &normal) - height).abs() < 0.5 * plane
                    })
                    .map(|(rank, _)| *rank)
                    .collect();
                Some(FacetReference {
                    grain: self.number,
                    family,
                    indices,
                    normal: normal.into(),
                    height,
                    area: cell * atoms.len() as f64,
                    spacing: plane,
                    atoms,
                    mass: 0,
                })
            })
            .collect()
    }

    fn height(&self, place: usize, normal: &Vector) -> f64 {
        normal.dot(&(self.snapshot.unwrapped()[place] - self.centre))
    }

    /// Height of the facet plane in a direction, if there is one.
    fn plane(&self, normal: &Vector, half: f64) -> Option<f64> {
        let mut bare: Vec<(f64, usize)> = (self.atoms.iter())
            .filter(|(_, place)| self.is_bare(*place, normal, half))
            .map(|&(_, place)| (self.height(place, normal), place))
            .collect();
        bare.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let within = |low: f64, high: f64| {
            let first = bare.partition_point(|(height, _)| *height < low);
            &bare[first..bare.partition_point(|(height, _)| *height < high)]
        };
        // Of equal numbers the higher plane.
        let most = (bare.iter())
            .map(|(height, _)| within(*height, height + 2.0 * half))
            .max_by_key(|window| window.len())?;
        let guess = median(most)?;
        // A dense layer of adatoms may show more such atoms than the plane below.
        [0.0, -2.0 * half].into_iter().find_map(|step| {
            let window = within(guess + step - half, guess + step + half);
            let height = median(window)?;
            self.is_facet(normal, half, height, window)
                .then_some(height)
        })
    }

    fn is_facet(&self, normal: &Vector, half: f64, height: f64, bare: &[(f64, usize)]) -> bool {
        // Numbers of atoms in the plane, the next below and above, and further above.
        let [mut inside, mut terrace, mut below, mut above, mut far] = [0; 5];
        for &(_, place) in self.atoms {
            match ((self.height(place, normal) - height) / half + 1.0).div_euclid(2.0) {
                0.0 => {
                    inside += 1;
                    terrace += usize::from(self.coordination[place] >= LEAST_ON_TERRACE);
                }
                -1.0 => below += 1,
                1.0 => above += 1,
                planes if planes > 0.0 => far += 1,
                _ => {}
            }
        }
        bare.len() >= FEWEST_IN_FACET
            && bare.len() as f64 >= LEAST_BARE * terrace as f64
            && 2 * inside > below
            && above <= inside
            && far as f64 <= MOST_FAR * inside as f64
            && self.width(bare) > LEAST_WIDTH * self.spacing
    }

    fn is_bare(&self, place: usize, normal: &Vector, half: f64) -> bool {
        let own = self.snapshot.group(place);
        self.coordination[place] >= LEAST_ON_TERRACE
            && (self.snapshot.near(place, self.bond))
                .filter(|near| self.snapshot.group(near.place) == own)
                .all(|near| {
                    self.grain_of[near.place] == Some(self.number)
                        && normal.dot(&near.vector) < half
                })
    }

    /// Standard deviation [Å] of atoms of a plane along its narrowest direction in the plane: of the
    /// three principal ones, the middle.
    fn width(&self, atoms: &[(f64, usize)]) -> f64 {
        let at = |place: usize| self.snapshot.unwrapped()[place];
        let count = atoms.len() as f64;
        let mean = atoms.iter().map(|&(_, place)| at(place)).sum::<Vector>() / count;
        let spread: Matrix = (atoms.iter())
            .map(|&(_, place)| (at(place) - mean) * (at(place) - mean).transpose() / count)
            .sum();
        let mut principal: [f64; 3] = spread.symmetric_eigenvalues().into();
        principal.sort_unstable_by(f64::total_cmp);
        principal[1].max(0.0).sqrt()
    }
}

/// The middle of sorted heights.
fn median(sorted: &[(f64, usize)]) -> Option<f64> {
    Some(sorted.get(sorted.len() / 2)?.0)
}

//! Crystals cut along a low-index plane.

use frit_atoms::{Atom, Atoms, Cell, Matrix, System, Vector};
use frit_build::{Composition, Lattice};
use frit_engine::random::{Purpose, Streams};

use crate::EnergyError;

/// A plane of low index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// (100).
    P100,
    /// (110).
    P110,
    /// (111).
    P111,
}

impl Plane {
    /// All planes.
    pub const ALL: [Self; 3] = [Self::P100, Self::P110, Self::P111];

    /// Its indices, such as `100`.
    pub fn name(self) -> &'static str {
        match self {
            Self::P100 => "100",
            Self::P110 => "110",
            Self::P111 => "111",
        }
    }

    /// Two directions in the plane and the normal, at right angles and right-handed; whole numbers.
    fn directions(self) -> [[i32; 3]; 3] {
        match self {
            Self::P100 => [[0, 1, 1], [0, -1, 1], [1, 0, 0]],
            Self::P110 => [[0, 0, 1], [1, -1, 0], [1, 1, 0]],
            Self::P111 => [[1, -1, 0], [1, 1, -2], [1, 1, 1]],
        }
    }
}

/// A block of a crystal with a plane across z.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The lattice.
    pub lattice: Lattice,
    /// Lattice constant [Å].
    pub constant: f64,
    /// The plane across z.
    pub plane: Plane,
    /// Shortest repeats along x and y.
    pub repeat: [u32; 2],
    /// Atomic layers.
    pub layers: u32,
    /// What stands on the sites.
    pub composition: Composition,
}

/// A site of the lattice in units of half the lattice constant.
type Site = [i32; 3];

impl Block {
    /// The shortest translations of the lattice along the two directions in the plane and its
    /// normal [half lattice constants].
    fn translations(&self) -> [Site; 3] {
        self.plane.directions().map(|direction| {
            let twice = direction.map(|k| 2 * k);
            if is_site(self.lattice, direction) {
                direction
            } else {
                twice
            }
        })
    }

    /// Heights above the lowest layer [along the normal's whole numbers] of one layer over the other.
    fn step(&self) -> i32 {
        let normal = self.plane.directions()[2];
        let heights = near()
            .filter(|site| is_site(self.lattice, *site))
            .map(|site| dot(site, normal));
        heights.filter(|height| *height > 0).min().unwrap_or(1)
    }

    /// Layers after which the stacking repeats.
    pub fn period(&self) -> u32 {
        let [.., up] = self.translations();
        (dot(up, self.plane.directions()[2]) / self.step()) as u32
    }

    /// Distance between layers [Å].
    pub fn spacing(&self) -> f64 {
        let normal = self.plane.directions()[2];
        let length = f64::from(dot(normal, normal)).sqrt();
        0.5 * self.constant * f64::from(self.step()) / length
    }

    /// Edges in the plane [Å].
    pub fn edges(&self) -> [f64; 2] {
        let [x, y, _] = self.translations();
        let edge = |along: Site, n: u32| {
            0.5 * self.constant * f64::from(dot(along, along)).sqrt() * f64::from(n)
        };
        [edge(x, self.repeat[0]), edge(y, self.repeat[1])]
    }

    /// Positions [Å] of the sites of a layer, counted from 0 at the bottom; layers above the block
    /// are those that would grow on it.
    pub fn layer(&self, layer: u32) -> Vec<Vector> {
        let [x, y, _] = self.translations();
        let normal = self.plane.directions()[2];
        let height = layer as i32 * self.step();
        // All sites of the layer within one period: a site is the sum of whole translations and
        // one of the few in the smallest box.
        let [x_square, y_square] = [dot(x, x), dot(y, y)];
        let mut places: Vec<[i32; 2]> = Vec::new();
        let reach = 4 + 2 * layer as i32;
        for a in -reach..=reach {
            for b in -reach..=reach {
                for c in -reach..=reach {
                    let site = [a, b, c];
                    if dot(site, normal) != height || !is_site(self.lattice, site) {
                        continue;
                    }
                    let place = [
                        dot(site, x).rem_euclid(x_square),
                        dot(site, y).rem_euclid(y_square),
                    ];
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
            }
        }
        places.sort_unstable();
        let [along_x, along_y] = [(x_square, self.repeat[0]), (y_square, self.repeat[1])];
        let at = |k: i32, (square, _): (i32, u32), n: u32| {
            // A projection on a translation of squared length `square`, back to a length.
            0.5 * self.constant
                * (f64::from(k) / f64::from(square) + f64::from(n))
                * f64::from(square).sqrt()
        };
        let z = f64::from(layer) * self.spacing();
        let mut sites = Vec::new();
        for i in 0..self.repeat[0] {
            for j in 0..self.repeat[1] {
                for place in &places {
                    sites.push(Vector::new(
                        at(place[0], along_x, i),
                        at(place[1], along_y, j),
                        z,
                    ));
                }
            }
        }
        sites
    }

    /// The block, periodic in all directions; the cell fits if the layers are whole periods.
    ///
    /// # Errors
    /// There are no atoms, or too many.
    pub fn periodic(&self, streams: Streams) -> Result<System, EnergyError> {
        if self.layers == 0 || self.repeat.contains(&0) {
            return Err(EnergyError::Parameter {
                name: "the size of the slab",
                value: format!(
                    "{} x {} cells, {} layers",
                    self.repeat[0], self.repeat[1], self.layers
                ),
                expected: "at least 1 in each direction",
            });
        }
        let sites: Vec<Vector> = (0..self.layers)
            .flat_map(|layer| self.layer(layer))
            .collect();
        let mut stream = streams.stream(Purpose::Alloy, 0, 0);
        let species = self.composition.assign(sites.len(), &mut stream);
        let atoms: Atoms = (1..)
            .zip(sites.into_iter().zip(species))
            .map(|(id, (position, species))| Atom {
                position,
                velocity: Vector::zeros(),
                image: [0; 3],
                species,
                id,
                group: 0,
            })
            .collect();
        let [x, y] = self.edges();
        let height = f64::from(self.layers) * self.spacing();
        let cell = Cell::orthogonal([x, y, height], [true; 3])?;
        Ok(System::new(
            cell,
            atoms,
            self.composition.species().to_vec(),
        )?)
    }

    /// The block as a slab: free along z, with `vacuum` [Å] in the cell above it.
    ///
    /// # Errors
    /// As [`Block::periodic`].
    pub fn slab(&self, streams: Streams, vacuum: f64) -> Result<System, EnergyError> {
        free_along_z(self.periodic(streams)?, vacuum)
    }
}

/// A periodic block without periodicity along z, its cell higher by `vacuum` [Å].
///
/// # Errors
/// Never for a block with a cell.
pub(crate) fn free_along_z(mut block: System, vacuum: f64) -> Result<System, EnergyError> {
    let mut vectors = *block.cell.vectors();
    vectors[(2, 2)] += vacuum;
    block.cell = Cell::new(vectors, Vector::zeros(), [true, true, false])?;
    Ok(block)
}

/// The area of the cell's base [Å²].
pub(crate) fn area(vectors: &Matrix) -> f64 {
    vectors.row(0).cross(&vectors.row(1)).norm()
}

fn dot(a: Site, b: Site) -> i32 {
    (0..3).map(|k| a[k] * b[k]).sum()
}

/// Whether there is a site there.
fn is_site(lattice: Lattice, site: Site) -> bool {
    let odd = site.map(|k| k.rem_euclid(2));
    lattice.half_sites().contains(&odd)
}

/// Whole numbers around zero.
fn near() -> impl Iterator<Item = Site> {
    (-2..=2).flat_map(|a| (-2..=2).flat_map(move |b| (-2..=2).map(move |c| [a, b, c])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(lattice: Lattice, plane: Plane) -> Block {
        Block {
            lattice,
            constant: 4.0,
            plane,
            repeat: [2, 3],
            layers: 6,
            composition: Composition::of_elements([("Pt", 1.0)]).unwrap(),
        }
    }

    #[test]
    fn blocks_have_the_density_and_bonds_of_the_crystal() {
        for lattice in Lattice::MONATOMIC_CUBIC {
            let unit = frit_build::Crystal::new(lattice, 1.0).unwrap();
            for plane in Plane::ALL {
                let block = block(lattice, plane);
                let mut whole = block.clone();
                whole.layers = 2 * block.period();
                let system = whole.periodic(Streams::new(1)).unwrap();
                let density = system.atoms.len() as f64 / system.cell.volume();
                let expected = lattice.half_sites().len() as f64 / 64.0;
                assert!((density - expected).abs() < 1e-12, "{lattice:?} {plane:?}");
                let bond = 4.0 * unit.nearest();
                let position = system.atoms.position();
                // Two cells may be too small for each neighbour to be another atom: count images.
                let mut bonds = 0;
                for other in position {
                    for image in near() {
                        let apart = other - position[0] + system.cell.translation(image);
                        bonds += usize::from((apart.norm() - bond).abs() < 1e-9);
                    }
                }
                assert_eq!(
                    bonds,
                    unit.surroundings(0, unit.bond()).len(),
                    "{lattice:?} {plane:?}"
                );
            }
        }
    }

    #[test]
    fn layers_are_spaced_as_in_the_textbook() {
        let spacing = |plane| block(Lattice::Fcc, plane).spacing();
        assert!((spacing(Plane::P100) - 2.0).abs() < 1e-12);
        assert!((spacing(Plane::P110) - 4.0 / 8.0_f64.sqrt()).abs() < 1e-12);
        assert!((spacing(Plane::P111) - 4.0 / 3.0_f64.sqrt()).abs() < 1e-12);
        let period = |plane| block(Lattice::Fcc, plane).period();
        assert_eq!(Plane::ALL.map(period), [2, 2, 3]);
    }
}

//! Crystals cut along a low-index plane, closed and open.

use frit_atoms::{Cell, Matrix, System, Vector};
use frit_build::{Arrangement, Composition, Crystal, Lattice, Occupation, Slab};
use frit_engine::random::Streams;

use crate::EnergyError;
use crate::bench::unwrapped;
use crate::surface::VACUUM;

/// More planes than the stacking of any cubic lattice needs to repeat: 6 for (111) of bcc.
const PLANES: u32 = 7;
/// Places in two planes closer than this [Å] are above each other.
const SAME: f64 = 1e-6;

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

    fn surface(self) -> frit_build::Surface {
        match self {
            Self::P100 => frit_build::Surface::S100,
            Self::P110 => frit_build::Surface::S110,
            Self::P111 => frit_build::Surface::S111,
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

impl Block {
    /// A slab of this many layers, ids ascending layer by layer.
    fn slab_of(&self, layers: u32, streams: Streams) -> Result<System, EnergyError> {
        let slab = Slab {
            crystal: Crystal::new(self.lattice, self.constant)?,
            surface: self.plane.surface(),
            layers,
            repeat: self.repeat,
            vacuum: VACUUM,
            occupation: Occupation::uniform(self.composition.clone(), Arrangement::Random),
            adatom: None,
        };
        Ok(slab.build(streams)?.system)
    }

    /// Positions [Å] of the sites of a layer, counted from 0 at the bottom, which lies at z = 0;
    /// layers above the block are those that would grow on it.
    ///
    /// # Errors
    /// The lattice must be cubic, and the block have cells.
    pub fn layer(&self, layer: u32) -> Result<Vec<Vector>, EnergyError> {
        let sites = unwrapped(&self.slab_of(layer + 1, Streams::new(0))?);
        let first = sites.len() / (layer as usize + 1) * layer as usize;
        Ok(sites[first..].to_vec())
    }

    /// Layers after which the stacking repeats.
    ///
    /// # Errors
    /// As [`Block::layer`].
    pub fn period(&self) -> Result<u32, EnergyError> {
        let first = self.layer(0)?;
        let cell = self.periodic_cell(1)?;
        for period in 1..PLANES {
            let above = |site: &Vector| {
                let mut apart = cell.shortest(&(site - first[0]));
                apart.z = 0.0;
                apart.norm() < SAME
            };
            if self.layer(period)?.iter().any(above) {
                return Ok(period);
            }
        }
        Ok(PLANES)
    }

    /// Distance between layers [Å].
    ///
    /// # Errors
    /// As [`Block::layer`].
    pub fn spacing(&self) -> Result<f64, EnergyError> {
        Ok(self.layer(1)?[0].z - self.layer(0)?[0].z)
    }

    /// Edges in the plane [Å].
    ///
    /// # Errors
    /// As [`Block::layer`].
    pub fn edges(&self) -> Result<[f64; 2], EnergyError> {
        let cell = self.slab_of(1, Streams::new(0))?.cell;
        Ok([0, 1].map(|k| cell.vector(k).norm()))
    }

    fn periodic_cell(&self, layers: u32) -> Result<Cell, EnergyError> {
        let [x, y] = self.edges()?;
        let height = f64::from(layers) * self.spacing()?;
        Ok(Cell::orthogonal([x, y, height], [true; 3])?)
    }

    /// The block, periodic in all directions; the cell fits if the layers are whole periods.
    ///
    /// # Errors
    /// As [`Block::layer`].
    pub fn periodic(&self, streams: Streams) -> Result<System, EnergyError> {
        let mut system = self.slab_of(self.layers, streams)?;
        system.cell = self.periodic_cell(self.layers)?;
        Ok(system)
    }

    /// The block as a slab: free along z.
    ///
    /// # Errors
    /// As [`Block::layer`].
    pub fn slab(&self, streams: Streams) -> Result<System, EnergyError> {
        self.slab_of(self.layers, streams)
    }
}

/// A periodic block without periodicity along z, with empty space above it.
///
/// # Errors
/// Never for a block with a cell.
pub(crate) fn free_along_z(mut block: System) -> Result<System, EnergyError> {
    let mut vectors = *block.cell.vectors();
    vectors[(2, 2)] += VACUUM;
    block.cell = Cell::new(vectors, Vector::zeros(), [true, true, false])?;
    Ok(block)
}

/// The area of the cell's base [Å²].
pub(crate) fn area(vectors: &Matrix) -> f64 {
    vectors.row(0).cross(&vectors.row(1)).norm()
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
    fn closed_blocks_have_the_density_and_bonds_of_the_crystal() {
        for lattice in Lattice::MONATOMIC_CUBIC {
            let unit = Crystal::new(lattice, 4.0).unwrap();
            for plane in Plane::ALL {
                let mut whole = block(lattice, plane);
                whole.layers = 2 * whole.period().unwrap();
                let system = whole.periodic(Streams::new(1)).unwrap();
                let density = system.atoms.len() as f64 / system.cell.volume();
                let expected = lattice.half_sites().len() as f64 / 64.0;
                assert!((density - expected).abs() < 1e-9, "{lattice:?} {plane:?}");
                let position = system.atoms.position();
                let mut bonds = 0;
                for other in position {
                    for k in 0..125 {
                        let image = [k % 5 - 2, k / 5 % 5 - 2, k / 25 - 2];
                        let apart = other - position[0] + system.cell.translation(image);
                        bonds += usize::from((apart.norm() - unit.nearest()).abs() < 1e-9);
                    }
                }
                let expected = unit.surroundings(0, unit.bond()).len();
                assert_eq!(bonds, expected, "{lattice:?} {plane:?}");
            }
        }
    }

    #[test]
    fn layers_are_spaced_as_in_the_textbook() {
        let spacing = |plane| block(Lattice::Fcc, plane).spacing().unwrap();
        assert!((spacing(Plane::P100) - 2.0).abs() < 1e-12);
        assert!((spacing(Plane::P110) - 4.0 / 8.0_f64.sqrt()).abs() < 1e-12);
        assert!((spacing(Plane::P111) - 4.0 / 3.0_f64.sqrt()).abs() < 1e-12);
        let period = |plane| block(Lattice::Fcc, plane).period().unwrap();
        assert_eq!(Plane::ALL.map(period), [2, 2, 3]);
    }
}

//! Periodic crystals.

use crate::error::{countable, positive};
use crate::report::{counts_of, density};
use crate::{BuildError, BulkReport, Composition, Lattice};
use frit_atoms::{Atom, Atoms, Cell, System, Vector};
use frit_engine::random::{Purpose, Streams};

/// A periodic crystal: a conventional cell repeated along x, y and z, filled by a random alloy.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// The lattice.
    pub lattice: Lattice,
    /// Lattice constant [Å].
    pub constant: f64,
    /// Conventional cells along x, y, z.
    pub repeat: [u32; 3],
    /// What stands on the sites.
    pub composition: Composition,
}

/// A periodic crystal as built.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkStructure {
    /// The crystal: at rest, one group, ids from 1.
    pub system: System,
    /// What was built.
    pub report: BulkReport,
}

impl Bulk {
    /// Number of atoms.
    ///
    /// # Errors
    /// Each direction needs a cell, and the atoms must be countable in 32 bits.
    pub fn atoms(&self) -> Result<usize, BuildError> {
        let repeat = self.repeat;
        if repeat.contains(&0) {
            return Err(BuildError::NoCells { repeat });
        }
        let cells: u128 = repeat.map(u128::from).iter().product();
        countable(cells * self.lattice.basis().len() as u128)
    }

    /// Builds it; `streams` decide which species stands where.
    ///
    /// # Errors
    /// The lattice constant must be positive, and as [`Bulk::atoms`].
    pub fn build(&self, streams: Streams) -> Result<BulkStructure, BuildError> {
        let constant = positive("the lattice constant", self.constant)?;
        let count = self.atoms()?;
        let mut stream = streams.stream(Purpose::Alloy, 0, 0);
        let mut species = self.composition.assign(count, &mut stream).into_iter();
        let mut atoms = Atoms::new();
        let [along_x, along_y, along_z] = self.repeat;
        for x in 0..along_x {
            for y in 0..along_y {
                for z in 0..along_z {
                    let corner = Vector::new(f64::from(x), f64::from(y), f64::from(z));
                    for site in self.lattice.basis() {
                        let place = corner + 0.5 * Vector::from(site.map(f64::from));
                        atoms.push(Atom {
                            position: constant * place,
                            velocity: Vector::zeros(),
                            image: [0; 3],
                            species: species.next().unwrap_or(0),
                            id: atoms.len() as u32 + 1,
                            group: 0,
                        });
                    }
                }
            }
        }
        let edges = self.repeat.map(|n| constant * f64::from(n));
        let cell = Cell::orthogonal(edges, [true; 3])?;
        let system = System::new(cell, atoms, self.composition.species().to_vec())?;
        let report = BulkReport {
            lattice: self.lattice,
            constant,
            repeat: self.repeat,
            composition: counts_of(&system),
            density: density(self.lattice, constant, &system),
        };
        Ok(BulkStructure { system, report })
    }
}

//! Periodic crystals.

use crate::error::countable;
use crate::report::{counts_of, density};
use crate::{Arrangement, BuildError, BulkReport, Composition, Crystal, Lattice, Occupation};
use frit_atoms::{Atom, Atoms, Cell, System, Vector};
use frit_engine::random::Streams;

/// A periodic crystal: a conventional cell repeated along x, y and z, filled by a random alloy.
///
/// The short form of a [`Periodic`] crystal without order.
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

impl Bulk {
    /// Builds it; `streams` decide which species stands where.
    ///
    /// # Errors
    /// As [`Periodic::build`].
    pub fn build(&self, streams: Streams) -> Result<BulkStructure, BuildError> {
        Periodic {
            crystal: Crystal::new(self.lattice, self.constant)?,
            repeat: self.repeat,
            occupation: Occupation::uniform(self.composition.clone(), Arrangement::Random),
        }
        .build(streams)
    }
}

/// A periodic crystal: a conventional cell repeated along x, y and z.
#[derive(Debug, Clone, PartialEq)]
pub struct Periodic {
    /// The crystal.
    pub crystal: Crystal,
    /// Conventional cells along x, y, z.
    pub repeat: [u32; 3],
    /// What stands on the sites.
    pub occupation: Occupation,
}

/// A periodic crystal as built.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkStructure {
    /// The crystal: at rest, one group, ids from 1.
    pub system: System,
    /// What was built.
    pub report: BulkReport,
}

impl Periodic {
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
        countable(cells * self.crystal.sites_per_cell() as u128)
    }

    /// Builds it; `streams` decide which species stands where.
    ///
    /// # Errors
    /// As [`Periodic::atoms`]; a quasi-random arrangement needs one alloy on like sites.
    pub fn build(&self, streams: Streams) -> Result<BulkStructure, BuildError> {
        let count = self.atoms()?;
        let edges = self.crystal.edges();
        let [along_x, along_y, along_z] = self.repeat;
        let mut places = Vec::with_capacity(count);
        let mut sublattices = Vec::with_capacity(count);
        for x in 0..along_x {
            for y in 0..along_y {
                for z in 0..along_z {
                    let corner = Vector::new(f64::from(x), f64::from(y), f64::from(z));
                    for site in self.crystal.sites() {
                        places.push((corner + site.fraction).component_mul(&edges));
                        sublattices.push(site.sublattice);
                    }
                }
            }
        }
        let species = self.occupation.assign(&sublattices, streams);
        let atoms: Atoms = (1_u32..)
            .zip(places.into_iter().zip(species))
            .map(|(id, (position, species))| Atom {
                position,
                velocity: Vector::zeros(),
                image: [0; 3],
                species,
                id,
                group: 0,
            })
            .collect();
        let lengths = [0, 1, 2].map(|k| edges[k] * f64::from(self.repeat[k]));
        let cell = Cell::orthogonal(lengths, [true; 3])?;
        let mut system = System::new(cell, atoms, self.occupation.species())?;
        let all = vec![true; count];
        let order = (self.occupation).arrange(&self.crystal, &mut system, &all, streams)?;
        let report = BulkReport {
            lattice: self.crystal.lattice(),
            constant: self.crystal.constant(),
            repeat: self.repeat,
            composition: counts_of(&system),
            density: density(&self.crystal, &self.occupation),
            order,
        };
        Ok(BulkStructure { system, report })
    }
}

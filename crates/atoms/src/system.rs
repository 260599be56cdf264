//! A cell with atoms of some species in it.

use rayon::prelude::*;

use crate::{Atoms, Cell, Species, Vector};

/// Why cell, atoms and species do not make a system.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SystemError {
    /// An atom refers to a species that is not listed.
    #[error("atom {id} has species number {species}, but only {known} species are listed")]
    UnknownSpecies {
        /// The atom's id.
        id: u32,
        /// The index found.
        species: u8,
        /// How many are listed.
        known: usize,
    },
    /// Two atoms have the same id.
    #[error("two atoms have the id {id}; ids must be unique")]
    DuplicateId {
        /// The id.
        id: u32,
    },
    /// A position or velocity is not a number.
    #[error("atom {id} has a position or velocity that is not a finite number")]
    NotFinite {
        /// The atom's id.
        id: u32,
    },
    /// A mass is not positive.
    #[error("species {name} has the mass {mass} u; a mass must be positive")]
    BadMass {
        /// The species' name.
        name: String,
        /// The mass [u].
        mass: f64,
    },
}

/// What is simulated: no potential, no forces, no time.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The cell.
    pub cell: Cell,
    /// The atoms.
    pub atoms: Atoms,
    /// The species, in the order to which the atoms' species indices refer.
    pub species: Vec<Species>,
}

impl System {
    /// A system, checked: species known, ids unique, numbers finite, masses positive.
    ///
    /// # Errors
    /// Names the first atom or species at fault.
    pub fn new(cell: Cell, atoms: Atoms, species: Vec<Species>) -> Result<Self, SystemError> {
        if let Some(bad) = species
            .iter()
            .find(|s| !(s.mass > 0.0 && s.mass.is_finite()))
        {
            return Err(SystemError::BadMass {
                name: bad.name.clone(),
                mass: bad.mass,
            });
        }
        for atom in atoms.iter() {
            if usize::from(atom.species) >= species.len() {
                return Err(SystemError::UnknownSpecies {
                    id: atom.id,
                    species: atom.species,
                    known: species.len(),
                });
            }
            let numbers = atom.position.iter().chain(atom.velocity.iter());
            if !numbers.into_iter().all(|x| x.is_finite()) {
                return Err(SystemError::NotFinite { id: atom.id });
            }
        }
        let mut ids = atoms.id().to_vec();
        ids.sort_unstable();
        if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(SystemError::DuplicateId { id: pair[0] });
        }
        Ok(Self {
            cell,
            atoms,
            species,
        })
    }

    /// Mass [u] of the atom at place `index`.
    pub fn mass(&self, index: usize) -> f64 {
        self.species[usize::from(self.atoms.species()[index])].mass
    }

    /// Position [Å] of the atom at place `index` with all wrapping undone.
    pub fn unwrapped(&self, index: usize) -> Vector {
        self.atoms.position()[index] + self.cell.translation(self.atoms.image()[index])
    }

    /// Atoms of each species, in the order of [`System::species`].
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.species.len()];
        for &species in self.atoms.species() {
            counts[usize::from(species)] += 1;
        }
        counts
    }

    /// Brings atoms back into the cell along its periodic directions and counts it in their images.
    pub fn wrap(&mut self) {
        let cell = self.cell;
        let atoms = self.atoms.split_mut();
        atoms
            .position
            .par_iter_mut()
            .zip(atoms.image)
            .with_min_len(4096)
            .for_each(|(position, image)| {
                let outside = cell.image_of(position);
                if outside != [0; 3] {
                    *position -= cell.translation(outside);
                    for k in 0..3 {
                        image[k] = image[k].saturating_add(outside[k]);
                    }
                }
            });
    }
}

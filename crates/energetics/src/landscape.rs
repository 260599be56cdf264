//! Energies and forces as a function of positions.

use frit_atoms::neighbours::Update;
use frit_atoms::{Matrix, System, Vector};
use frit_dynamics::{ForceError, ForceField};
use frit_potentials::{Potential, Request};

use crate::{EnergyError, rigid};

/// Skin of the neighbour lists [Å]: the atoms of a relaxation move little.
const SKIN: f64 = 0.6;

/// A potential energy over the positions of points.
pub trait Landscape: Send {
    /// The energy [eV] at `position` [Å]; `force` [eV/Å] is overwritten, one entry a position.
    ///
    /// Points that cannot move have no force.
    ///
    /// # Errors
    /// There is no energy at these positions.
    fn evaluate(&mut self, position: &[Vector], force: &mut Vec<Vector>)
    -> Result<f64, ForceError>;

    /// Takes out of a displacement from `position` [Å] what cannot move, and motions of the whole that
    /// change no energy; nothing, unless a landscape says otherwise.
    fn free(&self, _position: &[Vector], _displacement: &mut [Vector]) {}
}

/// The landscape of atoms in a cell of constant shape. Positions are unwrapped and in the order of
/// ascending ids; atoms may be fixed.
pub struct AtomLandscape {
    system: System,
    forces: ForceField,
    /// Where in the system each atom is.
    place: Vec<u32>,
    fixed: Vec<bool>,
}

impl AtomLandscape {
    /// The landscape of a system's atoms under a potential; `fixed` says which cannot move, in the
    /// order of ascending ids.
    ///
    /// # Errors
    /// The potential has no cutoff that a neighbour list could reach, or `fixed` has not one entry
    /// an atom.
    pub fn new(
        system: System,
        potential: Box<dyn Potential>,
        fixed: Vec<bool>,
    ) -> Result<Self, EnergyError> {
        if fixed.len() != system.atoms.len() {
            return Err(EnergyError::Fixed {
                found: fixed.len(),
                atoms: system.atoms.len(),
            });
        }
        let forces = ForceField::new(potential, SKIN).map_err(ForceError::from)?;
        let place = system.atoms.by_id();
        Ok(Self {
            system,
            forces,
            place,
            fixed,
        })
    }

    /// The system at the positions evaluated last; its order may have changed.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The present positions [Å], unwrapped, in the order of ascending ids.
    pub fn position(&self) -> Vec<Vector> {
        let places = self.place.iter();
        places
            .map(|&place| self.system.unwrapped(place as usize))
            .collect()
    }

    /// Which atoms are fixed, in the order of ascending ids.
    pub fn fixed(&self) -> &[bool] {
        &self.fixed
    }

    /// The virial tensor [eV] at the present positions, with all atoms counted.
    ///
    /// # Errors
    /// There are no forces at these positions.
    pub fn virial(&mut self) -> Result<Matrix, ForceError> {
        self.request(Request::ALL)?;
        Ok(self.forces.evaluation().virial)
    }

    fn request(&mut self, request: Request) -> Result<(), ForceError> {
        if self.forces.evaluate(&mut self.system, request)? == Update::Rebuilt {
            self.place = self.system.atoms.by_id();
        }
        Ok(())
    }
}

impl Landscape for AtomLandscape {
    fn evaluate(
        &mut self,
        position: &[Vector],
        force: &mut Vec<Vector>,
    ) -> Result<f64, ForceError> {
        let cell = self.system.cell;
        let atoms = self.system.atoms.split_mut();
        for (&place, position) in self.place.iter().zip(position) {
            let place = place as usize;
            atoms.position[place] = position - cell.translation(atoms.image[place]);
        }
        self.request(Request::ENERGY)?;
        let all = self.forces.force();
        force.clear();
        force.extend(self.place.iter().zip(&self.fixed).map(|(&place, &fixed)| {
            if fixed {
                Vector::zeros()
            } else {
                all[place as usize]
            }
        }));
        Ok(self.forces.evaluation().energy)
    }

    fn free(&self, position: &[Vector], displacement: &mut [Vector]) {
        if !self.fixed.contains(&true) {
            rigid::remove(displacement, position, &self.system.cell);
            return;
        }
        for (displacement, &fixed) in displacement.iter_mut().zip(&self.fixed) {
            if fixed {
                *displacement = Vector::zeros();
            }
        }
    }
}

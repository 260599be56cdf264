//! Constant forces on atoms.

use frit_atoms::{System, Vector};
use frit_potentials::Evaluation;

use super::Chosen;

/// Who gets how much of a force on several atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// The force is that on all atoms together; each gets a part by its mass, so that they are
    /// accelerated as one body, without being deformed by it.
    Total,
    /// The force is that on each atom.
    Each,
}

/// A constant force on atoms. Its energy is `-Σ F_i · x_i` of the unwrapped positions: only changes
/// of it have a meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedForce {
    /// [eV/Å]
    force: Vector,
    share: Share,
    atoms: Chosen,
    /// Of all chosen atoms [u].
    mass: f64,
}

impl AddedForce {
    /// A force [eV/Å] on atoms of a system.
    pub fn new(force: Vector, share: Share, atoms: Chosen, system: &System) -> Self {
        // In the order of ids: the same bits when a continued run has the atoms in another order.
        let masses = atoms.places(system).into_iter();
        Self {
            force,
            share,
            mass: masses.map(|place| system.mass(place)).sum(),
            atoms,
        }
    }

    /// The atoms.
    pub fn atoms(&self) -> &Chosen {
        &self.atoms
    }

    pub(super) fn act(&self, system: &System, evaluation: &mut Evaluation) {
        let with_atoms = evaluation.request.atom_energy;
        for (place, &id) in system.atoms.id().iter().enumerate() {
            if !self.atoms.contains(id) {
                continue;
            }
            let force = match self.share {
                Share::Total => self.force * (system.mass(place) / self.mass),
                Share::Each => self.force,
            };
            let energy = -force.dot(&system.unwrapped(place));
            evaluation.force[place] += force;
            evaluation.energy += energy;
            if with_atoms {
                evaluation.atom_energy[place] += energy;
            }
        }
    }
}

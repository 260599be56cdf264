//! Springs from atoms to places.

use frit_atoms::{System, Vector};
use frit_potentials::Evaluation;

use super::Chosen;

/// A spring from each of some atoms to its own place: the energy of an atom is `k |x - x_0|² / 2`.
#[derive(Debug, Clone, PartialEq)]
pub struct Springs {
    /// Stiffness k [eV/Å²].
    stiffness: f64,
    atoms: Chosen,
    /// Places x_0 [Å], unwrapped, in the order of the ids.
    places: Vec<Vector>,
}

impl Springs {
    /// Springs of a stiffness [eV/Å²] to where the atoms are now.
    pub fn new(stiffness: f64, atoms: Chosen, system: &System) -> Self {
        let places = atoms.places(system).into_iter();
        Self {
            stiffness,
            places: places.map(|place| system.unwrapped(place)).collect(),
            atoms,
        }
    }

    /// Springs of a stiffness [eV/Å²] to places [Å] in the order of the atoms' ids; `None` if there
    /// are not as many.
    pub fn to(stiffness: f64, atoms: Chosen, places: Vec<Vector>) -> Option<Self> {
        (atoms.ids().len() == places.len()).then_some(Self {
            stiffness,
            atoms,
            places,
        })
    }

    /// The atoms.
    pub fn atoms(&self) -> &Chosen {
        &self.atoms
    }

    /// The places [Å], in the order of the atoms' ids.
    pub fn places(&self) -> &[Vector] {
        &self.places
    }

    pub(super) fn act(&self, system: &System, evaluation: &mut Evaluation) {
        let with_atoms = evaluation.request.atom_energy;
        for (place, &id) in system.atoms.id().iter().enumerate() {
            let Some(rank) = self.atoms.rank(id) else {
                continue;
            };
            let offset = system.unwrapped(place) - self.places[rank];
            let energy = 0.5 * self.stiffness * offset.norm_squared();
            evaluation.force[place] -= self.stiffness * offset;
            evaluation.energy += energy;
            if with_atoms {
                evaluation.atom_energy[place] += energy;
            }
        }
    }
}

//! One evaluation of a potential, with its results in the order of the ids.

use frit_atoms::neighbours::ListOrigin;
use frit_atoms::{Matrix, Neighbours, System, Vector};

use crate::{Evaluation, Potential, Request};

/// What an evaluation gave.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observation {
    pub(super) energy: f64,
    pub(super) force: Vec<Vector>,
    pub(super) virial: Matrix,
    pub(super) atom_energy: Vec<f64>,
}

impl Observation {
    /// All numbers, for comparing bits.
    pub(super) fn bits(&self) -> Vec<u64> {
        let forces = self.force.iter().flatten();
        forces
            .chain(&self.atom_energy)
            .chain(self.virial.iter())
            .chain([&self.energy])
            .map(|number| number.to_bits())
            .collect()
    }

    /// The largest component of a force [eV/Å].
    pub(super) fn largest_force(&self) -> f64 {
        self.force.iter().fold(0.0, |most, f| most.max(f.amax()))
    }
}

/// Evaluates a system with a fresh list. Failures are told in words.
pub(super) fn observe(
    potential: &mut dyn Potential,
    system: &System,
    skin: f64,
    request: Request,
) -> Result<Observation, String> {
    let mut system = system.clone();
    let neighbours = listed(potential, &mut system, skin)?;
    let mut evaluation = Evaluation::default();
    evaluation.clear(system.atoms.len(), request);
    potential
        .evaluate(&neighbours.surroundings(), &mut evaluation)
        .map_err(|error| error.to_string())?;
    Ok(by_id(&system, &evaluation))
}

/// A fresh list for a system, whose atoms it wraps but leaves in their order.
pub(super) fn listed(
    potential: &dyn Potential,
    system: &mut System,
    skin: f64,
) -> Result<Neighbours, String> {
    let mut neighbours =
        Neighbours::new(potential.cutoff(), skin).map_err(|error| error.to_string())?;
    system.wrap();
    // As if a checkpoint were read: building a list otherwise sorts the atoms, and potentials would
    // never see another order.
    let here = ListOrigin {
        position: system.atoms.position().to_vec(),
        cell: system.cell,
        skin,
        builds: 1,
        updates: 0,
    };
    neighbours
        .restore(system, &here)
        .map_err(|error| error.to_string())?;
    Ok(neighbours)
}

/// Sorts the columns of an evaluation by the ids of the atoms.
pub(super) fn by_id(system: &System, evaluation: &Evaluation) -> Observation {
    let order = system.atoms.by_id();
    Observation {
        energy: evaluation.energy,
        force: order
            .iter()
            .map(|&place| evaluation.force[place as usize])
            .collect(),
        virial: evaluation.virial,
        atom_energy: order
            .iter()
            .filter_map(|&place| evaluation.atom_energy.get(place as usize).copied())
            .collect(),
    }
}

//! Work over the chunks of a neighbour list: in parallel, with sums in chunk order.
//!
//! Each chunk writes its own atoms' results and keeps its own sums; they are added in the order of
//! the chunks, so that no bit depends on the number of threads.

use std::ops::Range;

use frit_atoms::neighbours::CHUNK;
use frit_atoms::{Matrix, Surroundings, Vector};
use rayon::prelude::*;

use crate::{Evaluation, EvaluationError, Request};

/// Components of a symmetric tensor: xx, yy, zz, xy, xz, yz.
pub(crate) type Symmetric = [f64; 6];

/// Chunks that a thread takes at once: few, or else one thread waits at the end for another's long piece.
pub(crate) const PIECE: usize = 2;

/// What a kernel writes for one chunk.
pub(crate) struct Task<'a> {
    /// Number of the chunk.
    pub(crate) chunk: usize,
    /// Its atoms.
    pub(crate) atoms: Range<usize>,
    force: &'a mut [Vector],
    atom_energy: &'a mut [f64],
    energy: f64,
    virial: Symmetric,
    not_finite: Option<usize>,
}

impl Task<'_> {
    /// Adds a force [eV/Å] to the atom at place `atom`, which the chunk holds.
    #[inline(always)]
    pub(crate) fn add_force(&mut self, atom: usize, force: [f64; 3]) {
        self.force[atom - self.atoms.start] += Vector::from(force);
        // The sum is finite unless a component is not, or is beyond any use.
        self.require_finite(atom, force[0] + force[1] + force[2]);
    }

    /// Adds an atom's energy [eV] and its part of the virial [eV].
    #[inline(always)]
    pub(crate) fn add_energy_and_virial(&mut self, atom: usize, energy: f64, virial: Symmetric) {
        if let Some(sum) = self.atom_energy.get_mut(atom - self.atoms.start) {
            *sum += energy;
        }
        self.energy += energy;
        for (sum, part) in self.virial.iter_mut().zip(virial) {
            *sum += part;
        }
        self.require_finite(atom, energy);
    }

    #[inline(always)]
    fn require_finite(&mut self, atom: usize, number: f64) {
        if !number.is_finite() && self.not_finite.is_none() {
            self.not_finite = Some(atom);
        }
    }
}

/// Whether energies or the virial are to be summed beside the forces.
pub(crate) fn wants_sums(request: Request) -> bool {
    request != Request::FORCES
}

/// Calls `kernel` once for each chunk of the list and adds what the chunks found.
///
/// # Errors
/// Names an atom whose position is not finite, or else the first whose force or energy is not.
pub(crate) fn for_each_chunk(
    surroundings: &Surroundings<'_>,
    evaluation: &mut Evaluation,
    kernel: impl Fn(&mut Task<'_>) + Sync,
) -> Result<(), EvaluationError> {
    let mut energies = evaluation.atom_energy.chunks_mut(CHUNK);
    let mut tasks: Vec<Task<'_>> = evaluation
        .force
        .chunks_mut(CHUNK)
        .enumerate()
        .map(|(chunk, force)| Task {
            chunk,
            atoms: surroundings.list.atoms_of(chunk),
            force,
            atom_energy: energies.next().unwrap_or_default(),
            energy: 0.0,
            virial: [0.0; 6],
            not_finite: None,
        })
        .collect();
    tasks.par_iter_mut().with_max_len(PIECE).for_each(|task| {
        for atom in task.atoms.clone() {
            task.require_finite(atom, surroundings.position[atom].sum());
        }
        kernel(task);
    });
    let mut energy = 0.0;
    let mut virial = [0.0; 6];
    for task in &tasks {
        if let Some(atom) = task.not_finite {
            return Err(EvaluationError::NotFinite {
                atom: culprit(surroundings).unwrap_or(atom),
            });
        }
        energy += task.energy;
        for (sum, part) in virial.iter_mut().zip(task.virial) {
            *sum += part;
        }
    }
    if evaluation.request.energy || evaluation.request.atom_energy {
        evaluation.energy += energy;
    }
    if evaluation.request.virial {
        let [xx, yy, zz, xy, xz, yz] = virial;
        evaluation.virial += Matrix::new(xx, xy, xz, xy, yy, yz, xz, yz, zz);
    }
    Ok(())
}

/// The atom whose position spoils the forces of its neighbours.
fn culprit(surroundings: &Surroundings<'_>) -> Option<usize> {
    surroundings.position[..surroundings.owned()]
        .iter()
        .position(|position| !position.iter().all(|x| x.is_finite()))
}

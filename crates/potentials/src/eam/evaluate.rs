//! The two passes of an EAM evaluation: densities, then forces.
//!
//! Rows of the list are full and each atom sums its own terms, so no two chunks write to the same
//! place and no bit depends on the number of threads. The force on i from j needs F'(ρ_j) as well
//! as F'(ρ_i), hence two passes.

use std::ops::Range;

use frit_atoms::Surroundings;
use frit_atoms::neighbours::CHUNK;
use rayon::prelude::*;

use super::functions::Functions;
use crate::chunks::{Task, for_each_chunk, wants_sums};
use crate::{Evaluation, EvaluationError};

/// What the kernels load of an atom or ghost: one aligned half of a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(32))]
pub(super) struct Record {
    /// Position [Å].
    pub(super) position: [f64; 3],
    /// F'(ρ) of the atom; before the second pass not yet valid.
    pub(super) slope: f64,
}

/// What the kernels read.
pub(super) struct Scene<'a> {
    pub(super) functions: &'a Functions,
    pub(super) surroundings: &'a Surroundings<'a>,
    /// As the positions of the surroundings.
    pub(super) records: &'a [Record],
    /// Density at each owned atom; before the second pass not yet valid.
    pub(super) density: &'a [f64],
}

/// The neighbours within the cutoff proper of a chunk's atoms: found in the first pass, used again
/// in the second.
#[derive(Debug, Default)]
pub(super) struct InnerList {
    /// Indices of neighbours; how rows are laid out is the kernel's own affair.
    pub(super) entries: Vec<u32>,
    /// Neighbours of each (atom, species), or where they end in the atom's row: as the kernel likes.
    pub(super) counts: Vec<u32>,
    /// Squared distances of one row [Å²].
    pub(super) squared: Vec<f64>,
    /// What a vector kernel notes of each vector of one row.
    pub(super) marks: Vec<Mark>,
}

/// Which entries of a vector are within the cutoff.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    /// How many of the row's entries before are.
    pub(super) before: u32,
    /// Those of the vector, a bit each.
    pub(super) mask: u8,
}

impl InnerList {
    /// Makes room for the rows of a chunk, each rounded up to a multiple of `lanes`, and for `lanes`
    /// entries more.
    pub(super) fn reserve(&mut self, scene: &Scene<'_>, atoms: Range<usize>, lanes: usize) {
        let (mut room, mut longest) = (lanes, 0);
        for atom in atoms {
            let length = scene
                .surroundings
                .list
                .segments(atom)
                .0
                .len()
                .next_multiple_of(lanes);
            room += length;
            longest = longest.max(length);
        }
        self.counts.clear();
        let more = room.saturating_sub(self.entries.len());
        self.entries.reserve_exact(more);
        self.entries.resize(room, 0);
        self.squared.resize(longest + lanes, 0.0);
        self.marks.resize(longest / lanes + 2, Mark::default());
    }
}

/// One way to compute.
pub(super) trait Kernel {
    /// Writes the densities at the atoms of a chunk.
    fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut InnerList,
        density: &mut [f64],
    );

    /// Adds the forces on the atoms of a chunk; with `SUMS` also their energies and the virial.
    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>);
}

/// Scratch memory, kept between evaluations.
#[derive(Debug, Default)]
pub(super) struct Memory {
    records: Vec<Record>,
    density: Vec<f64>,
    inner: Vec<InnerList>,
}

/// Adds forces, and what else is asked for, to `evaluation`.
pub(super) fn evaluate<K: Kernel>(
    functions: &Functions,
    surroundings: &Surroundings<'_>,
    memory: &mut Memory,
    evaluation: &mut Evaluation,
) -> Result<(), EvaluationError> {
    memory.place(surroundings);
    memory.densities::<K>(functions, surroundings);
    memory.slopes(functions, surroundings);
    let scene = Scene {
        functions,
        surroundings,
        records: &memory.records,
        density: &memory.density,
    };
    let inner = &memory.inner;
    if wants_sums(evaluation.request) {
        for_each_chunk(surroundings, evaluation, |task| {
            K::forces::<true>(&scene, &inner[task.chunk], task);
        })
    } else {
        for_each_chunk(surroundings, evaluation, |task| {
            K::forces::<false>(&scene, &inner[task.chunk], task);
        })
    }
}

/// Records filled by one task; a fixed number, though nothing is summed.
const RECORDS: usize = 4 * CHUNK;

impl Memory {
    /// Copies the positions into the records.
    fn place(&mut self, surroundings: &Surroundings<'_>) {
        self.records
            .resize(surroundings.position.len(), Record::default());
        self.records
            .par_chunks_mut(RECORDS)
            .zip(surroundings.position.par_chunks(RECORDS))
            .for_each(|(records, positions)| {
                for (record, position) in records.iter_mut().zip(positions) {
                    record.position = (*position).into();
                }
            });
    }

    /// The first pass.
    fn densities<K: Kernel>(&mut self, functions: &Functions, surroundings: &Surroundings<'_>) {
        let list = surroundings.list;
        self.density.resize(surroundings.owned(), 0.0);
        self.inner.resize_with(list.chunks(), InnerList::default);
        let scene = Scene {
            functions,
            surroundings,
            records: &self.records,
            density: &[],
        };
        self.density
            .par_chunks_mut(CHUNK)
            .zip(&mut self.inner)
            .enumerate()
            .for_each(|(chunk, (density, inner))| {
                K::densities(&scene, list.atoms_of(chunk), inner, density);
            });
    }

    /// F'(ρ) of each atom, also for its ghosts.
    fn slopes(&mut self, functions: &Functions, surroundings: &Surroundings<'_>) {
        let (owned, ghosts) = self.records.split_at_mut(self.density.len());
        owned
            .par_chunks_mut(CHUNK)
            .zip(self.density.par_chunks(CHUNK))
            .zip(surroundings.species.par_chunks(CHUNK))
            .for_each(|((records, densities), species)| {
                for ((record, &density), &kind) in records.iter_mut().zip(densities).zip(species) {
                    record.slope = functions.embedding(usize::from(kind)).slope(density);
                }
            });
        ghosts
            .par_chunks_mut(RECORDS)
            .zip(surroundings.parent.par_chunks(RECORDS))
            .for_each(|(ghosts, parents)| {
                for (ghost, &parent) in ghosts.iter_mut().zip(parents) {
                    ghost.slope = owned[parent as usize].slope;
                }
            });
    }
}

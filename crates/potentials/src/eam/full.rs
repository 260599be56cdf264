//! Evaluation over full rows: each pair from both of its atoms, densities first, then forces. The plain
//! formulas and mixed precision go this way; the fast kernels of double precision evaluate each pair
//! once ([`super::half`]).
//!
//! Rows of the list are full and each atom sums its own terms, so no two chunks write to the same
//! place and no bit depends on the number of threads. The force on i from j needs F'(ρ_j) as well
//! as F'(ρ_i), hence two passes.

use std::ops::Range;

use frit_atoms::neighbours::CHUNK;
use frit_atoms::{Surroundings, Vector};
use rayon::prelude::*;

use super::functions::Functions;
use crate::chunks::{PIECE, Task, for_each_chunk, wants_sums};
use crate::halo::{Ahead, Halos};
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

/// How a kernel keeps an atom or ghost.
pub(super) trait Site: Copy + Default + Send + Sync {
    /// Takes a position [Å].
    fn place(&mut self, position: &Vector);

    /// Takes F'(ρ).
    fn set_slope(&mut self, slope: f64);

    /// Takes F'(ρ) of another.
    fn copy_slope(&mut self, other: &Self);
}

impl Site for Record {
    #[inline(always)]
    fn place(&mut self, position: &Vector) {
        self.position = (*position).into();
    }

    #[inline(always)]
    fn set_slope(&mut self, slope: f64) {
        self.slope = slope;
    }

    #[inline(always)]
    fn copy_slope(&mut self, other: &Self) {
        self.slope = other.slope;
    }
}

/// What the kernels read.
pub(super) struct Scene<'a, R = Record> {
    pub(super) functions: &'a Functions,
    pub(super) surroundings: &'a Surroundings<'a>,
    /// As the positions of the surroundings.
    pub(super) records: &'a [R],
    /// Density at each owned atom; before the second pass not yet valid.
    pub(super) density: &'a [f64],
    halos: &'a Halos,
}

impl<R> Scene<'_, R> {
    /// Makes ready to ask for the records near the chunk behind that of an atom.
    #[inline]
    pub(super) fn ahead(&self, atom: usize) -> Ahead<'_, R, ()> {
        let arrays = (self.records.as_ptr(), std::ptr::null());
        self.halos.ahead(Some(atom / CHUNK + 1), CHUNK, arrays)
    }
}

/// The neighbours within the cutoff proper of a chunk's atoms: found in the first pass, used again
/// in the second.
#[derive(Debug, Default)]
pub(super) struct InnerList {
    /// Indices of neighbours; how rows are laid out is the kernel's own affair.
    pub(super) entries: Vec<u32>,
    /// Neighbours of each (atom, species), or where they end in the atom's row: as the kernel likes.
    pub(super) counts: Vec<u32>,
    /// Squared distances of one row [Å²]; only mixed precision keeps them.
    pub(super) squared: Vec<f32>,
}

impl InnerList {
    /// Makes room for the rows of a chunk, each lengthened by `padding` at most, for the longest of
    /// them in each column of one row, and everywhere for `lanes` entries more.
    pub(super) fn reserve<R>(
        &mut self,
        scene: &Scene<'_, R>,
        atoms: &Range<usize>,
        lanes: usize,
        padding: usize,
    ) {
        let (entries, longest) = scene.surroundings.list.entries_of(atoms.start / CHUNK);
        let (room, longest) = (entries + atoms.len() * padding + lanes, longest + 2 * lanes);
        self.counts.clear();
        if self.entries.len() < room {
            self.entries.reserve_exact(room - self.entries.len());
            self.entries.resize(room, 0);
        }
        if self.squared.len() < longest {
            self.squared.resize(longest, 0.0);
        }
    }
}

/// One way to compute over full rows.
pub(super) trait Kernel {
    /// What it loads of an atom or ghost.
    type Record: Site;
    /// What it keeps of a chunk from the first pass to the second.
    type Inner: Default + Send + Sync;
    /// Whether it asks for records ahead ([`Scene::ahead`]).
    const ASKS_AHEAD: bool = true;

    /// Writes the densities at the atoms of a chunk.
    fn densities(
        scene: &Scene<'_, Self::Record>,
        atoms: Range<usize>,
        inner: &mut Self::Inner,
        density: &mut [f64],
    );

    /// Adds the forces on the atoms of a chunk; with `SUMS` also their energies and the virial.
    fn forces<const SUMS: bool>(
        scene: &Scene<'_, Self::Record>,
        inner: &Self::Inner,
        task: &mut Task<'_>,
    );
}

/// Scratch memory, kept between evaluations.
#[derive(Debug, Default)]
pub(super) struct Memory<R = Record, I = InnerList> {
    records: Vec<R>,
    density: Vec<f64>,
    halos: Halos,
    inner: Vec<I>,
}

/// Adds forces, and what else is asked for, to `evaluation`.
pub(super) fn evaluate<K: Kernel>(
    functions: &Functions,
    surroundings: &Surroundings<'_>,
    memory: &mut Memory<K::Record, K::Inner>,
    evaluation: &mut Evaluation,
) -> Result<(), EvaluationError> {
    if K::ASKS_AHEAD {
        let positions = surroundings.position.len();
        memory.halos.make(surroundings, CHUNK, positions);
    }
    memory.place(surroundings);
    memory.densities::<K>(functions, surroundings);
    set_slopes(
        &mut memory.records,
        &memory.density,
        functions,
        surroundings,
    );
    let scene = Scene {
        functions,
        surroundings,
        records: &memory.records,
        density: &memory.density,
        halos: &memory.halos,
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

impl<R: Site, I: Default + Send + Sync> Memory<R, I> {
    /// Copies the positions into the records.
    fn place(&mut self, surroundings: &Surroundings<'_>) {
        self.records
            .resize(surroundings.position.len(), R::default());
        self.records
            .par_chunks_mut(RECORDS)
            .zip(surroundings.position.par_chunks(RECORDS))
            .for_each(|(records, positions)| {
                for (record, position) in records.iter_mut().zip(positions) {
                    record.place(position);
                }
            });
    }

    /// The first pass.
    fn densities<K: Kernel<Record = R, Inner = I>>(
        &mut self,
        functions: &Functions,
        surroundings: &Surroundings<'_>,
    ) {
        let list = surroundings.list;
        self.density.resize(surroundings.owned(), 0.0);
        self.inner.resize_with(list.chunks(), I::default);
        let scene = Scene {
            functions,
            surroundings,
            records: &self.records,
            density: &[],
            halos: &self.halos,
        };
        self.density
            .par_chunks_mut(CHUNK)
            .zip(&mut self.inner)
            .enumerate()
            .with_max_len(PIECE)
            .for_each(|(chunk, (density, inner))| {
                K::densities(&scene, list.atoms_of(chunk), inner, density);
            });
    }
}

/// Writes F'(ρ) into the record of each atom and of its ghosts.
///
/// Records are of the owned atoms and the ghosts, all or the first of them; densities of the owned atoms,
/// and any behind.
pub(super) fn set_slopes<R: Site>(
    records: &mut [R],
    density: &[f64],
    functions: &Functions,
    surroundings: &Surroundings<'_>,
) {
    let (owned, others) = records.split_at_mut(surroundings.owned());
    owned
        .par_chunks_mut(CHUNK)
        .zip(density.par_chunks(CHUNK))
        .zip(surroundings.species.par_chunks(CHUNK))
        .for_each(|((records, densities), species)| {
            for ((record, &density), &kind) in records.iter_mut().zip(densities).zip(species) {
                record.set_slope(functions.embedding(usize::from(kind)).slope(density));
            }
        });
    others
        .par_chunks_mut(RECORDS)
        .zip(surroundings.parent.par_chunks(RECORDS))
        .for_each(|(ghosts, parents)| {
            for (ghost, &parent) in ghosts.iter_mut().zip(parents) {
                ghost.copy_slope(&owned[parent as usize]);
            }
        });
}

//! The fast evaluation: each pair once.
//!
//! The first pass finds the pairs within the cutoff and sums the densities on both atoms of each, the
//! second sums the forces. What a pair adds to the atom in whose row it does not stand is written there
//! at once: units of atoms that share neighbours wait for each other, always in the same order
//! ([`crate::units`]), so that the bits do not depend on threads. A ghost collects what its parent
//! misses, and after each pass gives it to the parent. Compared with rows that hold all of an atom's
//! neighbours, roots and functions are computed half as often, and half as much of lists is read; that
//! outweighs the writing by a quarter of the whole evaluation (AVX-512).
//!
//! Of all ghosts only those that lie forward stand in rows (see [`rows`]); there are no records of others.
#![expect(
    unsafe_code,
    reason = "units that run at the same time write to one array of sums"
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod eight;
mod portable;
mod rows;

use std::ops::Range;
use std::sync::Mutex;

use frit_atoms::Surroundings;
use rayon::prelude::*;

use super::full::{Record, Site, set_slopes};
use super::functions::{Functions, MOST_SPECIES};
use crate::chunks::{Symmetric, for_each_chunk, wants_sums};
use crate::halo::{Ahead, Halos};
use crate::images::Images;
use crate::units::{Plan, Turn, UNIT, atoms_of, lock};
use crate::{Evaluation, EvaluationError};
use rows::{HalfRows, INDEX, positions_of};

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(super) use avx512::Avx512;
pub(super) use portable::Portable;
pub(super) use rows::{RowPairs, UnitRows};

/// Atoms or ghosts that one task prepares; a fixed number, though nothing is summed.
const PIECE: usize = 1024;

/// Where padding entries point: a record so far away [Å] that it is beyond any cutoff, yet its squared
/// distances are finite.
const NOWHERE: f64 = 1e150;

/// What an atom or ghost collects in the second pass.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(32))]
pub(super) struct Collected {
    force: [f64; 3],
    /// Half of the pair energies; only if they are asked for.
    energy: f64,
}

impl Collected {
    #[inline(always)]
    fn add(&mut self, other: &Self) {
        for (sum, more) in self.force.iter_mut().zip(other.force) {
            *sum += more;
        }
        self.energy += other.energy;
    }
}

/// What the kernels read, and where they add.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    functions: &'a Functions,
    /// Species of owned atoms and ghosts.
    species: &'a [u8],
    /// Owned atoms, ghosts that lie forward, and one for each unit that is nowhere.
    records: &'a [Record],
    owned: usize,
    /// Number of owned atoms and ghosts that have records.
    positions: usize,
    /// As long as `records`, like `collected`.
    density: *mut f64,
    collected: *mut Collected,
    halos: &'a Halos,
}

// SAFETY: units that run at the same time add to different atoms and ghosts (see `crate::units`), and each
// has a record of its own that is nowhere.
unsafe impl Send for Scene<'_> {}
// SAFETY: as above.
unsafe impl Sync for Scene<'_> {}

impl Scene<'_> {
    /// Makes ready to ask for the records, and for what is summed, near a unit.
    fn ahead<T>(&self, unit: Option<usize>, sums: *mut T) -> Ahead<'_, Record, T> {
        let arrays = (self.records.as_ptr(), sums.cast_const());
        self.halos.ahead(unit, UNIT, arrays)
    }
}

/// The pairs within the cutoff of a unit's atoms: found in the first pass, used again in the second.
#[derive(Debug, Default)]
pub(super) struct Inner {
    /// Entries of all rows; how they are padded is the kernel's own affair.
    entries: Vec<u32>,
    /// How long the row of each atom is, in what the kernel counts.
    counts: Vec<u32>,
    /// Part of the virial [eV].
    virial: Symmetric,
}

/// Squared distances [Å²]: of one thread, for the time of a unit.
#[derive(Debug, Default)]
pub(super) struct Squares(Vec<f64>);

/// Asks for what the first pass over the next unit will use.
pub(super) type AheadOfDensities<'a> = Ahead<'a, Record, f64>;
/// Asks for what the second pass over the next unit will use.
pub(super) type AheadOfForces<'a> = Ahead<'a, Record, Collected>;

/// A unit of atoms, as a pass over it finds it.
struct Unit<'a> {
    atoms: Range<usize>,
    /// The unit that probably follows on this thread, if any.
    next: Option<usize>,
    rows: &'a UnitRows,
    inner: &'a mut Inner,
    squares: &'a mut Squares,
}

/// One way to compute over half rows: two passes over each unit.
pub(super) trait Kernel {
    /// Writes the entries of those of a full row that a half row keeps; returns their number, and the
    /// largest index of the full row. `entries` is longer than the row by 16, which may be written.
    fn keep(row: &[u32], pairs: &RowPairs, entries: &mut [u32]) -> (usize, u32) {
        pairs.keep(row, entries)
    }

    /// Finds the pairs within the cutoff and adds the densities on both of their atoms.
    ///
    /// # Safety
    /// No other thread uses the densities of these atoms and their neighbours; the machine has the
    /// instructions.
    unsafe fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        rows: &UnitRows,
        inner: &mut Inner,
        squares: &mut Squares,
        ahead: &AheadOfDensities<'_>,
    );

    /// Adds the forces on both atoms of each pair; with `SUMS` also their energies and the virial.
    ///
    /// # Safety
    /// No other thread uses what these atoms and their neighbours collect; the machine has the
    /// instructions; the first pass has been over the unit.
    unsafe fn forces<const SUMS: bool>(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut Inner,
        ahead: &AheadOfForces<'_>,
    );
}

/// Scratch memory, kept between evaluations.
#[derive(Debug, Default)]
pub(super) struct Memory {
    records: Vec<Record>,
    density: Vec<f64>,
    collected: Vec<Collected>,
    rows: HalfRows,
    plan: Plan,
    /// Of the ghosts that have records.
    images: Images,
    halos: Halos,
    inner: Vec<Mutex<Inner>>,
    squares: Vec<Mutex<Squares>>,
}

/// Whether entries can hold the species and all indices.
pub(super) fn fits(functions: &Functions, surroundings: &Surroundings<'_>) -> bool {
    let units = surroundings.owned().div_ceil(UNIT);
    functions.species <= MOST_SPECIES && surroundings.position.len() + units <= INDEX as usize
}

/// Adds forces, and what else is asked for, to `evaluation`.
pub(super) fn evaluate<K: Kernel>(
    functions: &Functions,
    surroundings: &Surroundings<'_>,
    memory: &mut Memory,
    evaluation: &mut Evaluation,
) -> Result<(), EvaluationError> {
    surroundings.require_whole();
    let built = surroundings.built;
    memory.rows.make::<K>(surroundings, functions.species);
    memory
        .plan
        .make(built.stamp(), built.position(), built.reach());
    let (owned, positions) = (surroundings.owned(), positions_of(surroundings));
    let parents = &surroundings.parent[..positions - owned];
    memory.images.make(built.stamp(), owned, parents);
    memory.halos.make(surroundings, UNIT, positions);
    memory.prepare(surroundings);
    memory.run(functions, surroundings, |scene, unit| {
        let ahead = scene.ahead(unit.next, scene.density);
        // SAFETY: the plan runs no two units that share neighbours at once; a model is only made for
        // a path that the machine can run.
        unsafe {
            K::densities(
                scene,
                unit.atoms,
                unit.rows,
                unit.inner,
                unit.squares,
                &ahead,
            );
        }
    });
    memory.gather_densities(owned);
    set_slopes(
        &mut memory.records[..positions],
        &memory.density,
        functions,
        surroundings,
    );
    let sums = wants_sums(evaluation.request);
    memory.run(functions, surroundings, |scene, unit| {
        let ahead = scene.ahead(unit.next, scene.collected);
        let (atoms, inner) = (unit.atoms, unit.inner);
        inner.virial = [0.0; 6];
        // SAFETY: as above.
        unsafe {
            if sums {
                K::forces::<true>(scene, atoms, inner, &ahead);
            } else {
                K::forces::<false>(scene, atoms, inner, &ahead);
            }
        }
    });
    memory.hand_out(functions, surroundings, evaluation)
}

impl Memory {
    /// Copies the positions and clears what is summed.
    fn prepare(&mut self, surroundings: &Surroundings<'_>) {
        let count = positions_of(surroundings);
        let units = surroundings.owned().div_ceil(UNIT);
        self.records.resize(count + units, Record::default());
        self.density.resize(count + units, 0.0);
        self.collected.resize(count + units, Collected::default());
        self.records[count..].fill(Record {
            position: [NOWHERE; 3],
            slope: 0.0,
        });
        self.records[..count]
            .par_chunks_mut(PIECE)
            .zip(surroundings.position[..count].par_chunks(PIECE))
            .zip(self.density.par_chunks_mut(PIECE))
            .zip(self.collected.par_chunks_mut(PIECE))
            .for_each(|(((records, positions), density), collected)| {
                for (record, position) in records.iter_mut().zip(positions) {
                    record.place(position);
                }
                density.fill(0.0);
                collected.fill(Collected::default());
            });
        self.inner
            .resize_with(units.max(self.inner.len()), Mutex::default);
        let threads = rayon::current_num_threads();
        self.squares
            .resize_with(threads.max(self.squares.len()), Mutex::default);
    }

    /// Calls `pass` once for each unit.
    fn run(
        &mut self,
        functions: &Functions,
        surroundings: &Surroundings<'_>,
        pass: impl Fn(&Scene<'_>, Unit<'_>) + Sync,
    ) {
        let scene = Scene {
            functions,
            species: surroundings.species,
            records: &self.records,
            owned: surroundings.owned(),
            positions: positions_of(surroundings),
            density: self.density.as_mut_ptr(),
            collected: self.collected.as_mut_ptr(),
            halos: &self.halos,
        };
        let (rows, inner, squares) = (&self.rows.units, &self.inner, &self.squares);
        self.plan.run(|Turn { unit, next }| {
            let thread = rayon::current_thread_index().unwrap_or(0);
            let unit = Unit {
                atoms: atoms_of(unit, scene.owned),
                next,
                rows: &rows[unit],
                inner: &mut lock(&inner[unit]),
                squares: &mut lock(&squares[thread]),
            };
            pass(&scene, unit);
        });
    }

    /// Adds the densities at ghosts to those at their parents.
    fn gather_densities(&mut self, owned: usize) {
        let images = &self.images;
        let (owned, ghosts) = self.density.split_at_mut(owned);
        owned
            .par_chunks_mut(PIECE)
            .enumerate()
            .for_each(|(piece, sums)| {
                for (atom, sum) in (piece * PIECE..).zip(sums) {
                    for &ghost in images.of(atom) {
                        *sum += ghosts[ghost as usize];
                    }
                }
            });
    }

    /// Adds what the owned atoms and their ghosts have collected to the evaluation.
    fn hand_out(
        &self,
        functions: &Functions,
        surroundings: &Surroundings<'_>,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let sums = wants_sums(evaluation.request);
        let (owned, ghosts) = self.collected.split_at(surroundings.owned());
        for_each_chunk(surroundings, evaluation, |task| {
            for atom in task.atoms.clone() {
                let mut collected = owned[atom];
                for &ghost in self.images.of(atom) {
                    collected.add(&ghosts[ghost as usize]);
                }
                task.add_force(atom, collected.force);
                if sums {
                    let kind = usize::from(surroundings.species[atom]);
                    let embedding = functions.embedding(kind).energy(self.density[atom]);
                    // The virial of a unit is handed out with its first atom.
                    let virial = match atom % UNIT {
                        0 => lock(&self.inner[atom / UNIT]).virial,
                        _ => [0.0; 6],
                    };
                    task.add_energy_and_virial(atom, embedding + collected.energy, virial);
                }
            }
        })
    }
}

//! The AVX-512 kernel: eight pairs at a time.
//!
//! - An atom's position and F'(ρ) lie in one 32-byte record, and so do the four coefficients of a
//!   cubic. Eight are loaded whole and transposed in registers: that touches one cache line each and
//!   is as fast as gathers at their best.
//! - The first pass packs the pairs within the cutoff of a whole unit: entries into an inner list that
//!   the second pass reads again, squared distances into a buffer.
//! - One loop runs over all the species of a row: entries tell the species of their atoms, by which
//!   lanes look up where their functions start. Only where all lanes are of the atom's own species is
//!   one density function evaluated instead of two.
//! - Places in tables take long to come (root, division, store and load), and the processor looks
//!   ahead by few operations that wait. So the places of the next eight pairs are asked for before the
//!   functions of the present ones are evaluated, also from one row to the next: a tenth faster.
//! - Square roots and divisions are those of IEEE 754, so that processors of different makers give the
//!   same bits; estimates refined by Newton steps were not faster.
//!
//! Rows of the inner list are padded to whole vectors by entries that point nowhere, none is without
//! a vector. Lanes that point nowhere pull nothing, and what is scattered there counts nowhere.
#![expect(
    unsafe_code,
    reason = "vector loads and functions compiled for AVX-512"
)]

use std::arch::x86_64::*;
use std::ops::Range;

use super::eight::{
    add_to_each, load_entries, load_records, scatter, store, store_entries, take_back, transposed,
};
use super::rows::{LANES, SPECIES_SHIFT, nowhere_of};
use super::{AheadOfDensities, AheadOfForces, Inner, Kernel, RowPairs, Scene, Squares, UnitRows};
use crate::eam::full::Record;
use crate::eam::functions::{DUO_NUMBERS, Functions};

/// Only made into a kernel after the machine has been asked: `Eam::new` checks the path.
pub(in crate::eam) struct Avx512;

/// Numbers in a record, and in a knot.
const NUMBERS: usize = 4;

impl Kernel for Avx512 {
    fn keep(row: &[u32], pairs: &RowPairs, entries: &mut [u32]) -> (usize, u32) {
        // SAFETY: `Eam::new` refuses this path on machines without these instructions.
        unsafe { keep(row, pairs, entries) }
    }

    unsafe fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        rows: &UnitRows,
        inner: &mut Inner,
        squares: &mut Squares,
        ahead: &AheadOfDensities<'_>,
    ) {
        // SAFETY: the caller's.
        unsafe { densities(scene, atoms, rows, inner, squares, ahead) }
    }

    unsafe fn forces<const SUMS: bool>(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut Inner,
        ahead: &AheadOfForces<'_>,
    ) {
        // SAFETY: the caller's.
        unsafe { forces::<SUMS>(scene, atoms, inner, ahead) }
    }
}

/// See [`Kernel::keep`].
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn keep(row: &[u32], pairs: &RowPairs, entries: &mut [u32]) -> (usize, u32) {
    let all = |number: u32| _mm512_set1_epi32(number as i32);
    let (atom, owned, species) = (all(pairs.atom), all(pairs.owned), all(pairs.species));
    let positions = all(pairs.positions);
    let mut largest = _mm512_setzero_si512();
    let mut count = 0;
    for others in row.chunks(2 * LANES) {
        let lanes = (u32::from(u16::MAX) >> (2 * LANES - others.len())) as __mmask16;
        // SAFETY: the lanes of the mask are others.
        let other = unsafe { _mm512_maskz_loadu_epi32(lanes, others.as_ptr().cast()) };
        largest = _mm512_max_epu32(largest, other);
        let ghosts = _mm512_cmpge_epu32_mask(other, owned);
        let odd = _mm512_test_epi32_mask(_mm512_xor_si512(atom, other), all(1));
        let later = _mm512_cmpgt_epu32_mask(other, atom);
        let named = _mm512_mask_cmplt_epu32_mask(lanes, other, positions);
        let kept = named & (ghosts | (odd ^ later));
        let chosen = _mm512_maskz_compress_epi32(kept, _mm512_or_si512(other, species));
        let to = &mut entries[count..count + 2 * LANES];
        // SAFETY: the pointer is to sixteen numbers.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), chosen) };
        count += kept.count_ones() as usize;
    }
    (count, _mm512_reduce_max_epu32(largest))
}

/// The first pass.
///
/// # Safety
/// As [`Kernel::densities`].
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
unsafe fn densities(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    rows: &UnitRows,
    inner: &mut Inner,
    squares: &mut Squares,
    ahead: &AheadOfDensities<'_>,
) {
    select(scene, atoms.clone(), rows, inner, squares);
    let grid = Grid::of(scene.functions);
    let entries = inner.entries.as_chunks::<LANES>().0;
    let squares = squares.0.as_chunks::<LANES>().0;
    let limit = limit(scene);
    let prepare = |vector: usize, owner: &Owner, knots: [&mut Knots; 2]| {
        // SAFETY: the pointer is to eight numbers.
        let squared = unsafe { _mm512_loadu_pd(squares[vector].as_ptr()) };
        let within = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(squared, limit);
        let distance = _mm512_sqrt_pd(squared);
        let place = grid.find(scene, owner, &entries[vector], distance, knots);
        (within, place)
    };
    let mut owners = Owners::new(scene, atoms.clone());
    let mut turns = Turns::default();
    let mut vector = 0;
    let mut next = prepare(0, &owners.now, turns.at(0));
    for (row, (atom, &count)) in atoms.zip(&inner.counts).enumerate() {
        ahead.ask(row..row + 1);
        let mut sum = _mm512_setzero_pd();
        let end = vector + count as usize;
        while vector < end {
            let (within, place) = next;
            let owner = owners.of(vector + 1 < end);
            next = prepare(vector + 1, owner, turns.at(vector + 1));
            let [knots, taken_knots] = turns.at(vector);
            // SAFETY: they were found.
            let given = unsafe { grid.cubics(knots, 0) }.value(place.fraction);
            let taken = if place.same {
                given
            } else {
                // SAFETY: as above.
                unsafe { grid.cubics(taken_knots, 0) }.value(place.fraction)
            };
            sum = _mm512_mask_add_pd(sum, within, sum, given);
            // SAFETY: entries are indices of densities, all different but those that point nowhere;
            // the caller's for the threads.
            unsafe { add_to_each(scene.density, &entries[vector], taken) };
            vector += 1;
        }
        // SAFETY: as above.
        unsafe { *scene.density.add(atom) += _mm512_reduce_add_pd(sum) };
        owners.go_on();
    }
}

/// Packs the pairs of a unit within the cutoff: entries, and squared distances. Counts are in vectors.
/// Behind the last row follows one vector more.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn select(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    rows: &UnitRows,
    inner: &mut Inner,
    squares: &mut Squares,
) {
    // Each row may end with a padded vector and one that overhangs.
    let room = rows.len() + (atoms.len() + 2) * LANES;
    if inner.entries.len() < room {
        inner.entries.reserve_exact(room - inner.entries.len());
        inner.entries.resize(room, 0);
    }
    if squares.0.len() < room {
        squares.0.resize(room, 0.0);
    }
    inner.counts.clear();
    let limit = limit(scene);
    let nowhere = nowhere_of(&atoms, scene.positions);
    let mut start = 0;
    for (row, atom) in atoms.enumerate() {
        let here = scene.records[atom].position.map(|x| _mm512_set1_pd(x));
        let mut end = start;
        for entries in rows.row(row).as_chunks::<LANES>().0 {
            // SAFETY: rows hold indices of records.
            let [x, y, z, _] = unsafe { load_records(scene.records, entries) };
            let squared = squared([x, y, z], here).1;
            let mask = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(squared, limit);
            let chosen = _mm256_maskz_compress_epi32(mask, load_entries(entries));
            store_entries(&mut inner.entries[end..end + LANES], chosen);
            let chosen = _mm512_maskz_compress_pd(mask, squared);
            store(&mut squares.0[end..end + LANES], chosen);
            end += mask.count_ones() as usize;
        }
        let own = u32::from(scene.species[atom]) << SPECIES_SHIFT;
        let padding = _mm256_set1_epi32((nowhere | own) as i32);
        let vectors = (end - start).div_ceil(LANES).max(1);
        // Two stores, for a row without neighbours has a vector of its own.
        for behind in [end, start + (vectors - 1) * LANES + LANES] {
            store_entries(&mut inner.entries[behind..behind + LANES], padding);
            store(
                &mut squares.0[behind..behind + LANES],
                _mm512_set1_pd(f64::INFINITY),
            );
        }
        inner.counts.push(vectors as u32);
        start += vectors * LANES;
    }
}

/// The second pass.
///
/// # Safety
/// As [`Kernel::forces`].
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
unsafe fn forces<const SUMS: bool>(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    inner: &mut Inner,
    ahead: &AheadOfForces<'_>,
) {
    let grid = Grid::of(scene.functions);
    let inverse_step = grid.inverse_step;
    let entries = inner.entries.as_chunks::<LANES>().0;
    let prepare = |vector: usize, owner: &Owner, knots: [&mut Knots; 2]| {
        let pairs = Pairs::of(scene, owner.record, &entries[vector]);
        let place = grid.find(scene, owner, &entries[vector], pairs.distance, knots);
        (pairs, place)
    };
    let mut owners = Owners::new(scene, atoms.clone());
    let mut turns = Turns::default();
    let mut virial = [_mm512_setzero_pd(); 6];
    let mut vector = 0;
    let mut next = prepare(0, &owners.now, turns.at(0));
    for (row, (atom, &count)) in atoms.zip(&inner.counts).enumerate() {
        ahead.ask(row..row + 1);
        let own_slope = _mm512_set1_pd(owners.now.record.slope);
        let mut sums = [_mm512_setzero_pd(); 2];
        let end = vector + count as usize;
        while vector < end {
            let (pairs, place) = next;
            let owner = owners.of(vector + 1 < end);
            next = prepare(vector + 1, owner, turns.at(vector + 1));
            let [knots, taken_knots] = turns.at(vector);
            let p = place.fraction;
            // SAFETY: they were found.
            let (density, pair) = unsafe { (grid.cubics(knots, 0), grid.cubics(knots, NUMBERS)) };
            let given = density.slope(p);
            let embedding = if place.same {
                _mm512_mul_pd(_mm512_add_pd(own_slope, pairs.slope), given)
            } else {
                // SAFETY: as above.
                let taken = unsafe { grid.cubics(taken_knots, 0) }.slope(p);
                _mm512_fmadd_pd(own_slope, given, _mm512_mul_pd(pairs.slope, taken))
            };
            // φ' = ((r φ)' − φ) / r, and the force is along d / r.
            let inverse = pairs.inverse;
            let [value, slope] = pair.value_and_slope(p);
            let phi = _mm512_mul_pd(value, inverse);
            let pair_slope = _mm512_mul_pd(_mm512_fmsub_pd(slope, inverse_step, phi), inverse);
            let slope = _mm512_fmadd_pd(embedding, inverse_step, pair_slope);
            let pull = _mm512_maskz_mul_pd(pairs.within, slope, inverse);
            let force = pairs.to_atom.map(|d| _mm512_mul_pd(pull, d));
            let mut energy = _mm512_setzero_pd();
            if SUMS {
                energy = _mm512_maskz_mul_pd(pairs.within, phi, _mm512_set1_pd(0.5));
                add_virial(force, pairs.to_atom, &mut virial);
            }
            let [x, y, z] = force;
            // SAFETY: entries are indices of what is collected, all different but those that point
            // nowhere; the caller's for the threads.
            unsafe { scatter(scene, &entries[vector], [x, y, z, energy], &mut sums) };
            vector += 1;
        }
        // SAFETY: as above.
        unsafe { take_back(scene, atom, sums) };
        owners.go_on();
    }
    if SUMS {
        inner.virial = virial.map(|sum| _mm512_reduce_add_pd(sum));
    }
}

/// Adds the parts `force ⊗ to_atom` of eight pairs.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn add_virial(force: [__m512d; 3], to_atom: [__m512d; 3], virial: &mut [__m512d; 6]) {
    let components = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];
    for (sum, (a, b)) in virial.iter_mut().zip(components) {
        *sum = _mm512_fnmadd_pd(force[a], to_atom[b], *sum);
    }
}

/// The atom in whose row pairs stand.
struct Owner<'a> {
    record: &'a Record,
    kind: usize,
}

/// The owner of the present row, and that of the next.
struct Owners<'a> {
    scene: &'a Scene<'a>,
    now: Owner<'a>,
    next: Owner<'a>,
    /// The atom of `next`.
    atom: usize,
    last: usize,
}

impl<'a> Owners<'a> {
    #[inline(always)]
    fn new(scene: &'a Scene<'a>, atoms: Range<usize>) -> Self {
        let owner = |atom: usize| Owner {
            record: &scene.records[atom],
            kind: usize::from(scene.species[atom]),
        };
        let last = atoms.end - 1;
        let atom = last.min(atoms.start + 1);
        Self {
            scene,
            now: owner(atoms.start),
            next: owner(atom),
            atom,
            last,
        }
    }

    /// The owner of the next vector.
    #[inline(always)]
    fn of(&self, in_this_row: bool) -> &Owner<'a> {
        if in_this_row { &self.now } else { &self.next }
    }

    /// Goes on to the next row.
    #[inline(always)]
    fn go_on(&mut self) {
        self.atom = self.last.min(self.atom + 1);
        let next = Owner {
            record: &self.scene.records[self.atom],
            kind: usize::from(self.scene.species[self.atom]),
        };
        self.now = std::mem::replace(&mut self.next, next);
    }
}

/// Eight pairs of an atom.
struct Pairs {
    /// From the neighbours to the atom [Å].
    to_atom: [__m512d; 3],
    /// Which are within the cutoff: all but those that point nowhere.
    within: __mmask8,
    distance: __m512d,
    /// One over the distance.
    inverse: __m512d,
    /// F'(ρ) of the neighbours.
    slope: __m512d,
}

impl Pairs {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn of(scene: &Scene<'_>, record: &Record, entries: &[u32; LANES]) -> Self {
        // SAFETY: rows hold indices of records.
        let [x, y, z, slope] = unsafe { load_records(scene.records, entries) };
        let here = record.position.map(|x| _mm512_set1_pd(x));
        let (to_atom, squared) = squared([x, y, z], here);
        let distance = _mm512_sqrt_pd(squared);
        Self {
            to_atom,
            within: _mm512_cmp_pd_mask::<_CMP_LT_OQ>(squared, limit(scene)),
            distance,
            inverse: _mm512_div_pd(_mm512_set1_pd(1.0), distance),
            slope,
        }
    }
}

/// The cutoff, squared.
#[inline]
#[target_feature(enable = "avx512f")]
fn limit(scene: &Scene<'_>) -> __m512d {
    _mm512_set1_pd(scene.functions.cutoff * scene.functions.cutoff)
}

/// The ways from `there` to `here`, and their squared lengths.
#[inline]
#[target_feature(enable = "avx512f")]
fn squared(there: [__m512d; 3], here: [__m512d; 3]) -> ([__m512d; 3], __m512d) {
    let x = _mm512_sub_pd(here[0], there[0]);
    let y = _mm512_sub_pd(here[1], there[1]);
    let z = _mm512_sub_pd(here[2], there[2]);
    let squared = _mm512_fmadd_pd(x, x, _mm512_fmadd_pd(y, y, _mm512_mul_pd(z, z)));
    ([x, y, z], squared)
}

/// Where in tables eight pairs stand.
struct Place {
    /// The way to the next knots, from 0 to 1.
    fraction: __m512d,
    /// Whether all neighbours are of the atom's species.
    same: bool,
}

/// Where, in numbers, the coefficients of eight cubics start. In memory, for scalars address them.
#[derive(Clone, Copy, Default)]
#[repr(C, align(32))]
struct Knots([u32; LANES]);

/// Knots of the present vector and of the next, by turns.
#[derive(Clone, Copy, Default)]
struct Turns {
    /// Of the densities that the neighbours give; r φ stands behind.
    given: [Knots; 2],
    /// Of those that they take; only if they are not the same.
    taken: [Knots; 2],
}

impl Turns {
    /// The knots of a vector.
    #[inline(always)]
    fn at(&mut self, vector: usize) -> [&mut Knots; 2] {
        [&mut self.given[vector % 2], &mut self.taken[vector % 2]]
    }
}

/// The tables, in the shape in which this kernel needs them.
struct Grid {
    /// The first of all coefficients.
    first: *const f64,
    /// In all lanes.
    inverse_step: __m512d,
    /// In all lanes, the last knot but one.
    last: __m256i,
}

impl Grid {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn of(functions: &Functions) -> Self {
        Self {
            first: functions.all_radial().as_ptr().cast(),
            inverse_step: _mm512_set1_pd(functions.inverse_step),
            last: _mm256_set1_epi32(functions.points as i32 - 2),
        }
    }

    /// Finds the places of distances. They are clamped to the last knot but one of functions of
    /// `Functions::points` knots.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn find(
        &self,
        scene: &Scene<'_>,
        owner: &Owner<'_>,
        entries: &[u32; LANES],
        distance: __m512d,
        [given, taken]: [&mut Knots; 2],
    ) -> Place {
        const { assert!(DUO_NUMBERS == 1 << 3) };
        let place = _mm512_mul_pd(distance, self.inverse_step);
        // Beyond the table, and for what is no number, the conversion gives i32::MIN, which as an
        // unsigned number is beyond the last knot as well.
        let knot = _mm256_min_epu32(_mm512_cvttpd_epi32(place), self.last);
        let fraction = _mm512_sub_pd(place, _mm512_cvtepi32_pd(knot));
        let start = _mm256_slli_epi32::<3>(knot);
        let species = _mm256_srli_epi32::<{ SPECIES_SHIFT as i32 }>(load_entries(entries));
        let starts = &scene.functions.starts[owner.kind];
        let of_given = _mm256_add_epi32(start, look_up(&starts.given, species));
        store_entries(&mut given.0, of_given);
        let own = _mm256_set1_epi32(owner.kind as i32);
        let same = _mm256_cmpneq_epi32_mask(species, own) == 0;
        if !same {
            let of_taken = _mm256_add_epi32(start, look_up(&starts.taken, species));
            store_entries(&mut taken.0, of_taken);
        }
        Place {
            fraction: _mm512_min_pd(fraction, _mm512_set1_pd(1.0)),
            same,
        }
    }

    /// The coefficients of eight cubics, `further` numbers behind their starts.
    ///
    /// # Safety
    /// They are those of knots.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    unsafe fn cubics(&self, knots: &Knots, further: usize) -> Cubics {
        // SAFETY: the caller's; both cubics of a knot are aligned to 32 bytes. For the volatile
        // read see `transposed`.
        Cubics(transposed(|lane| unsafe {
            let place = std::ptr::from_ref(&knots.0[lane]).read_volatile() as usize;
            _mm256_load_pd(self.first.add(place + further))
        }))
    }
}

/// The numbers of a table for eight species.
#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn look_up(table: &[u32; 16], species: __m256i) -> __m256i {
    // SAFETY: the pointer is to sixteen numbers.
    let table = unsafe { _mm512_loadu_si512(table.as_ptr().cast()) };
    let found = _mm512_permutexvar_epi32(_mm512_castsi256_si512(species), table);
    _mm512_castsi512_si256(found)
}

/// Coefficients of eight cubics.
struct Cubics([__m512d; 4]);

impl Cubics {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn value(&self, p: __m512d) -> __m512d {
        let [c0, c1, c2, c3] = self.0;
        let sum = _mm512_fmadd_pd(c3, p, c2);
        let sum = _mm512_fmadd_pd(sum, p, c1);
        _mm512_fmadd_pd(sum, p, c0)
    }

    /// The derivative by the fraction.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn slope(&self, p: __m512d) -> __m512d {
        let [_, c1, c2, c3] = self.0;
        let triple = _mm512_mul_pd(_mm512_set1_pd(3.0), c3);
        let sum = _mm512_fmadd_pd(triple, p, _mm512_add_pd(c2, c2));
        _mm512_fmadd_pd(sum, p, c1)
    }

    /// Both, by Horner's scheme.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn value_and_slope(&self, p: __m512d) -> [__m512d; 2] {
        let [c0, c1, c2, c3] = self.0;
        let second = _mm512_fmadd_pd(c3, p, c2);
        let first = _mm512_fmadd_pd(second, p, c1);
        let slope = _mm512_fmadd_pd(c3, p, second);
        [
            _mm512_fmadd_pd(first, p, c0),
            _mm512_fmadd_pd(slope, p, first),
        ]
    }
}

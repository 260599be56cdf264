//! The AVX-512 kernel: eight neighbours at a time.
//!
//! - An atom's position and F'(ρ) lie in one 32-byte record, and so do the four coefficients of a
//!   cubic. Eight are loaded whole and transposed in registers: that touches one cache line each and
//!   is faster than four gathers (by a sixth of the whole evaluation, on a Xeon of 2023).
//! - The first pass packs the neighbours within the cutoff: indices into an inner list that the second
//!   pass reads again, squared distances into a buffer from which full vectors are evaluated.
//! - Rows are grouped by species, and one loop runs over all of a row: where the species change
//!   within a vector, its lanes look into different tables. (A loop for each species ends twice as
//!   often where no processor can foresee it, with vectors half empty: for 15 % of Fe in Pt it took a
//!   sixth longer than for Pt alone.) Only where all lanes are of the atom's own species is one
//!   density function evaluated instead of two.
//! - Square roots and divisions are those of IEEE 754, so that processors of different makers give the
//!   same bits; estimates refined by Newton steps were not faster.
//!
//! Rows of the inner list start at multiples of eight. Lanes beyond a row's end compute with valid but
//! meaningless numbers and are masked where they would be summed.
#![expect(
    unsafe_code,
    reason = "vector loads and functions compiled for AVX-512"
)]

use std::arch::x86_64::*;
use std::ops::Range;

use super::evaluate::{InnerList, Kernel, Mark, Record, Scene};
use super::functions::{DUO_NUMBERS, Functions};
use crate::chunks::Task;

/// Only made into a kernel after the machine has been asked: `Eam::new` checks the path.
pub(super) struct Avx512;

/// Numbers in a vector.
const LANES: usize = 8;
/// Numbers in a record, and in a knot.
const NUMBERS: usize = 4;
/// The mask of a full vector.
const ALL: __mmask8 = 0xFF;

impl Kernel for Avx512 {
    type Record = Record;
    type Squared = f64;

    fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut InnerList,
        density: &mut [f64],
    ) {
        // SAFETY: `Eam::new` refuses this path on machines without these instructions.
        unsafe { densities(scene, atoms, inner, density) }
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
        // SAFETY: `Eam::new` refuses this path on machines without these instructions.
        unsafe { forces::<SUMS>(scene, inner, task) }
    }
}

/// The first pass over a chunk.
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn densities(scene: &Scene<'_>, atoms: Range<usize>, inner: &mut InnerList, density: &mut [f64]) {
    let functions = scene.functions;
    inner.reserve(scene, &atoms, LANES, LANES);
    let mut start = 0;
    for (atom, density) in atoms.zip(density) {
        let here = Here::of(&scene.records[atom]);
        let kind = usize::from(scene.surroundings.species[atom]);
        let first = inner.counts.len();
        let count = select(scene, &here, atom, start, inner);
        let padded = count.next_multiple_of(LANES);
        start += padded;
        let starts = &functions.given[kind * functions.species..][..functions.species];
        let tables = Tables::new(&inner.counts[first..], starts);
        let sum = sum_densities(functions, &tables, &inner.squared[..padded], count);
        *density = _mm512_reduce_add_pd(sum);
    }
}

/// Which tables the lanes of a row look into.
struct Tables<'a> {
    /// Where the neighbours of each species end in the row.
    ends: &'a [u32],
    /// Where the functions of each species start.
    starts: &'a [u32],
    /// In all lanes: where the first species ends, and where its functions start and the second's.
    first_end: __m256i,
    first_start: __m256i,
    second_start: __m256i,
}

impl<'a> Tables<'a> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn new(ends: &'a [u32], starts: &'a [u32]) -> Self {
        let all = |number: u32| _mm256_set1_epi32(number as i32);
        Self {
            ends,
            starts,
            first_end: all(ends[0]),
            first_start: all(starts[0]),
            second_start: all(*starts.get(1).unwrap_or(&starts[0])),
        }
    }

    /// The starts for eight lanes of the row.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn of_lanes(&self, lanes: __m256i) -> __m256i {
        let later = _mm256_cmpge_epi32_mask(lanes, self.first_end);
        let mut starts = _mm256_mask_mov_epi32(self.first_start, later, self.second_start);
        if self.starts.len() > 2 {
            for (end, start) in self.ends[1..].iter().zip(&self.starts[2..]) {
                let later = _mm256_cmpge_epi32_mask(lanes, _mm256_set1_epi32(*end as i32));
                starts = _mm256_mask_mov_epi32(starts, later, _mm256_set1_epi32(*start as i32));
            }
        }
        starts
    }
}

/// The numbers of the lanes of a vector in their row.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn lanes_of(vector: usize) -> __m256i {
    let first = _mm256_set1_epi32((vector * LANES) as i32);
    _mm256_add_epi32(first, _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
}

/// Packs the neighbours of an atom within the cutoff: indices from `start` on among the entries, their
/// squared distances, and the ends of each species among the counts. Returns their number; the
/// indices are followed by valid ones up to a multiple of eight.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn select(
    scene: &Scene<'_>,
    here: &Here,
    atom: usize,
    start: usize,
    inner: &mut InnerList,
) -> usize {
    let limit = _mm512_set1_pd(scene.functions.cutoff * scene.functions.cutoff);
    let (row, segments) = scene.surroundings.list.segments(atom);
    // Both have room for the row rounded up to whole vectors and for one vector more.
    let (entries, squared) = (&mut inner.entries[start..], &mut inner.squared[..]);
    let marks = &mut inner.marks[..row.len() / LANES + 2];
    let mut count = 0;
    let (vectors, rest) = row.as_chunks::<LANES>();
    for (indices, mark) in vectors.iter().zip(marks.iter_mut()) {
        let near = Near::of(scene.records, here, indices);
        let mask = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(near.squared, limit);
        *mark = Mark {
            before: count as u32,
            mask,
        };
        pack(
            &near,
            indices,
            mask,
            &mut entries[count..],
            &mut squared[count..],
        );
        count += mask.count_ones() as usize;
    }
    let mut last = Mark {
        before: count as u32,
        mask: 0,
    };
    if !rest.is_empty() {
        let lanes = first_lanes(rest.len());
        let indices = load_first(rest);
        let near = Near::of(scene.records, here, &indices);
        last.mask = _mm512_mask_cmp_pd_mask::<_CMP_LT_OQ>(lanes, near.squared, limit);
        pack(
            &near,
            &indices,
            last.mask,
            &mut entries[count..],
            &mut squared[count..],
        );
        count += last.mask.count_ones() as usize;
    }
    marks[vectors.len()] = last;
    for end in &segments[1..segments.len() - 1] {
        let end = (end - segments[0]) as usize;
        let mark = &marks[end / LANES];
        let within = mark.mask & first_lanes(end % LANES);
        inner.counts.push(mark.before + within.count_ones());
    }
    inner.counts.push(count as u32);
    // The lanes beyond the end must hold valid indices: zero is one.
    let end = &mut entries[count..count + LANES];
    // SAFETY: the pointer is to eight numbers.
    unsafe { _mm256_storeu_si256(end.as_mut_ptr().cast(), _mm256_setzero_si256()) };
    count
}

/// Writes the chosen lanes side by side, followed by zeros.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn pack(
    near: &Near,
    indices: &[u32; LANES],
    mask: __mmask8,
    entries: &mut [u32],
    squared: &mut [f64],
) {
    let (entries, squared) = (&mut entries[..LANES], &mut squared[..LANES]);
    // SAFETY: each pointer is to eight numbers.
    unsafe {
        let indices = _mm256_loadu_si256(indices.as_ptr().cast());
        let chosen = _mm256_maskz_compress_epi32(mask, indices);
        _mm256_storeu_si256(entries.as_mut_ptr().cast(), chosen);
        let chosen = _mm512_maskz_compress_pd(mask, near.squared);
        _mm512_storeu_pd(squared.as_mut_ptr(), chosen);
    }
}

/// Sums the densities at `count` squared distances, padded to whole vectors, lane by lane.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn sum_densities(
    functions: &Functions,
    tables: &Tables<'_>,
    squared: &[f64],
    count: usize,
) -> __m512d {
    let mut sum = _mm512_setzero_pd();
    let end = _mm256_set1_epi32(count as i32);
    for (number, squared) in squared.as_chunks::<LANES>().0.iter().enumerate() {
        // SAFETY: the pointer is to eight numbers.
        let squared = unsafe { _mm512_loadu_pd(squared.as_ptr()) };
        let place = Places::of(_mm512_sqrt_pd(squared), functions);
        let lanes = lanes_of(number);
        let value = place
            .density(functions, tables.of_lanes(lanes))
            .value(place.fraction);
        let mask = _mm256_cmplt_epi32_mask(lanes, end);
        sum = _mm512_mask_add_pd(sum, mask, sum, value);
    }
    sum
}

/// The second pass over a chunk.
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
    let functions = scene.functions;
    let kinds = functions.species;
    let mut rows = inner.counts.chunks_exact(kinds);
    let mut start = 0;
    for atom in task.atoms.clone() {
        let here = Here::of(&scene.records[atom]);
        let kind = usize::from(scene.surroundings.species[atom]);
        let ends = rows.next().unwrap_or_default();
        let count = ends.last().map_or(0, |&end| end as usize);
        let row = &inner.entries[start..start + count.next_multiple_of(LANES)];
        start += row.len();
        let all = kind * kinds..(kind + 1) * kinds;
        let row = Row {
            indices: row.as_chunks::<LANES>().0,
            count,
            given: Tables::new(ends, &functions.given[all.clone()]),
            taken: Tables::new(ends, &functions.taken[all]),
            own: _mm256_set1_epi32(functions.given[kind * kinds + kind] as i32),
        };
        // Vectors whose lanes are all of the atom's species; those behind the end may be of any.
        let same_start = kind
            .checked_sub(1)
            .map_or(0, |before| ends[before] as usize);
        let same_end = match ends[kind] as usize {
            end if end == count => row.indices.len(),
            end => end / LANES,
        };
        let same = same_start.div_ceil(LANES).min(same_end)..same_end;
        let mut sums = Sums::zero();
        add_vectors::<SUMS, false>(scene, &here, &row, 0..same.start, &mut sums);
        add_vectors::<SUMS, true>(scene, &here, &row, same.clone(), &mut sums);
        add_vectors::<SUMS, false>(scene, &here, &row, same.end..row.indices.len(), &mut sums);
        task.add_force(atom, sums.force.map(|sum| _mm512_reduce_add_pd(sum)));
        if SUMS {
            let embedding = functions.embedding(kind).energy(scene.density[atom]);
            let energy = embedding + 0.5 * _mm512_reduce_add_pd(sums.energy);
            let virial = sums.virial.map(|sum| -0.5 * _mm512_reduce_add_pd(sum));
            task.add_energy_and_virial(atom, energy, virial);
        }
    }
}

/// The neighbours of an atom within the cutoff.
struct Row<'a> {
    indices: &'a [[u32; LANES]],
    count: usize,
    /// For the density that the neighbours give, and r φ.
    given: Tables<'a>,
    /// For the density that they take.
    taken: Tables<'a>,
    /// In all lanes: where the functions of two atoms of its own species start.
    own: __m256i,
}

/// What an atom sums over its neighbours, lane by lane.
struct Sums {
    force: [__m512d; 3],
    energy: __m512d,
    virial: [__m512d; 6],
}

impl Sums {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        let zero = _mm512_setzero_pd();
        Self {
            force: [zero; 3],
            energy: zero,
            virial: [zero; 6],
        }
    }
}

/// Adds what the neighbours in some vectors of a row do to an atom; with `SAME` all are of its species,
/// so that the densities given and taken are the same function.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn add_vectors<const SUMS: bool, const SAME: bool>(
    scene: &Scene<'_>,
    here: &Here,
    row: &Row<'_>,
    vectors: Range<usize>,
    sums: &mut Sums,
) {
    let functions = scene.functions;
    let inverse_step = _mm512_set1_pd(functions.inverse_step);
    let end = _mm256_set1_epi32(row.count as i32);
    for number in vectors {
        let lanes = lanes_of(number);
        let mask = _mm256_cmplt_epi32_mask(lanes, end);
        let near = Near::of(scene.records, here, &row.indices[number]);
        let r = _mm512_sqrt_pd(near.squared);
        let inverse = _mm512_div_pd(_mm512_set1_pd(1.0), r);
        let place = Places::of(r, functions);
        let p = place.fraction;
        let starts = if SAME {
            row.own
        } else {
            row.given.of_lanes(lanes)
        };
        let (density, pair) = place.both(functions, starts);
        let given = density.slope(p);
        let embedding = if SAME {
            _mm512_mul_pd(_mm512_add_pd(here.slope, near.slope), given)
        } else {
            let starts = row.taken.of_lanes(lanes);
            let taken = place.density(functions, starts).slope(p);
            _mm512_fmadd_pd(here.slope, given, _mm512_mul_pd(near.slope, taken))
        };
        // φ' = ((r φ)' − φ) / r, and the force is along d / r.
        let phi = _mm512_mul_pd(pair.value(p), inverse);
        let pair_slope = _mm512_fmsub_pd(pair.slope(p), inverse_step, phi);
        let slope = _mm512_fmadd_pd(embedding, inverse_step, _mm512_mul_pd(pair_slope, inverse));
        let pull = _mm512_mul_pd(slope, inverse);
        let d = near.displacement;
        for k in 0..3 {
            sums.force[k] = _mm512_mask3_fmadd_pd(pull, d[k], sums.force[k], mask);
        }
        if SUMS {
            sums.energy = _mm512_mask_add_pd(sums.energy, mask, sums.energy, phi);
            let along = d.map(|component| _mm512_mul_pd(pull, component));
            for (sum, (a, b)) in
                sums.virial
                    .iter_mut()
                    .zip([(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)])
            {
                *sum = _mm512_mask3_fmadd_pd(along[a], d[b], *sum, mask);
            }
        }
    }
}

/// An atom, in all lanes.
struct Here {
    position: [__m512d; 3],
    slope: __m512d,
}

impl Here {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn of(record: &Record) -> Self {
        Self {
            position: record.position.map(|x| _mm512_set1_pd(x)),
            slope: _mm512_set1_pd(record.slope),
        }
    }
}

/// Eight neighbours of an atom.
struct Near {
    /// From the atom to the neighbours.
    displacement: [__m512d; 3],
    squared: __m512d,
    slope: __m512d,
}

impl Near {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn of(records: &[Record], here: &Here, indices: &[u32; LANES]) -> Self {
        let [x, y, z, slope] = load_records(records, indices);
        let x = _mm512_sub_pd(x, here.position[0]);
        let y = _mm512_sub_pd(y, here.position[1]);
        let z = _mm512_sub_pd(z, here.position[2]);
        let squared = _mm512_fmadd_pd(x, x, _mm512_fmadd_pd(y, y, _mm512_mul_pd(z, z)));
        Self {
            displacement: [x, y, z],
            squared,
            slope,
        }
    }
}

/// The x, y, z and slopes of eight records.
///
/// # Panics
/// When an index is beyond the records.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn load_records(records: &[Record], indices: &[u32; LANES]) -> [__m512d; 4] {
    // SAFETY: the pointer is to eight indices.
    let all = unsafe { _mm256_loadu_si256(indices.as_ptr().cast()) };
    let end = _mm256_set1_epi32(records.len().min(u32::MAX as usize) as u32 as i32);
    let beyond = _mm256_cmpge_epu32_mask(all, end);
    assert!(beyond == 0, "the list names atoms that do not exist");
    // SAFETY: all indices are below the number of records.
    unsafe { load_transposed::<NUMBERS>(records.as_ptr().cast(), indices) }
}

/// Eight groups of four numbers, transposed: all first numbers, all second, third and fourth.
///
/// A group starts `STRIDE` times its index behind `first`.
///
/// # Safety
/// All groups are there, and aligned to 32 bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
unsafe fn load_transposed<const STRIDE: usize>(
    first: *const f64,
    indices: &[u32; LANES],
) -> [__m512d; 4] {
    let group = |lane: usize| {
        // SAFETY: the caller's. The read is volatile or else the compiler takes the indices out of
        // the vector from which they came, by shuffles on the port that the transposition needs.
        unsafe {
            let index = std::ptr::from_ref(&indices[lane]).read_volatile() as usize;
            _mm256_load_pd(first.add(STRIDE * index))
        }
    };
    let two = |low: usize, high: usize| {
        _mm512_insertf64x4::<1>(_mm512_castpd256_pd512(group(low)), group(high))
    };
    // With x y z w for the four numbers, pairs of lanes x y, then z w, of groups 0 2, 1 3, 4 6, 5 7.
    let (even, odd) = (two(0, 2), two(1, 3));
    let (later_even, later_odd) = (two(4, 6), two(5, 7));
    // Lanes x0 x1 z0 z1 x2 x3 z2 z3, and y and w likewise.
    let xz = _mm512_unpacklo_pd(even, odd);
    let yw = _mm512_unpackhi_pd(even, odd);
    let later_xz = _mm512_unpacklo_pd(later_even, later_odd);
    let later_yw = _mm512_unpackhi_pd(later_even, later_odd);
    const FIRST_HALVES: i32 = 0b10_00_10_00;
    const SECOND_HALVES: i32 = 0b11_01_11_01;
    [
        _mm512_shuffle_f64x2::<FIRST_HALVES>(xz, later_xz),
        _mm512_shuffle_f64x2::<FIRST_HALVES>(yw, later_yw),
        _mm512_shuffle_f64x2::<SECOND_HALVES>(xz, later_xz),
        _mm512_shuffle_f64x2::<SECOND_HALVES>(yw, later_yw),
    ]
}

/// Where in tables eight distances stand.
struct Places {
    /// Where the coefficients of the knots below start, from the start of their function. Addresses
    /// then need no shift for each lane.
    coefficients: __m256i,
    /// The way to the next knots, from 0 to 1.
    fraction: __m512d,
}

impl Places {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn of(distance: __m512d, functions: &Functions) -> Self {
        let place = _mm512_mul_pd(distance, _mm512_set1_pd(functions.inverse_step));
        // Beyond the table, and for what is no number, the conversion gives i32::MIN, which as an
        // unsigned number is beyond the last knot as well.
        let last = _mm256_set1_epi32(functions.points as i32 - 2);
        let knot = _mm256_min_epu32(_mm512_cvttpd_epi32(place), last);
        let fraction = _mm512_sub_pd(place, _mm512_cvtepi32_pd(knot));
        const { assert!(DUO_NUMBERS == 1 << 3) };
        Self {
            coefficients: _mm256_slli_epi32::<3>(knot),
            fraction: _mm512_min_pd(fraction, _mm512_set1_pd(1.0)),
        }
    }

    /// The cubics of the density in the functions with these starts.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn density(&self, functions: &Functions, starts: __m256i) -> Cubics {
        let coefficients = self.coefficients(starts);
        let first: *const f64 = functions.all_radial().as_ptr().cast();
        // SAFETY: as `coefficients` says.
        Cubics(unsafe { load_transposed::<1>(first, &coefficients) })
    }

    /// The cubics of the density and of r φ in the functions with these starts.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn both(&self, functions: &Functions, starts: __m256i) -> (Cubics, Cubics) {
        let coefficients = self.coefficients(starts);
        let first: *const f64 = functions.all_radial().as_ptr().cast();
        // SAFETY: as `coefficients` says; r φ stands behind the density in each knot.
        unsafe {
            (
                Cubics(load_transposed::<1>(first, &coefficients)),
                Cubics(load_transposed::<1>(first.add(NUMBERS), &coefficients)),
            )
        }
    }

    /// Where the coefficients start, in numbers. Places are clamped to the last knot but one of
    /// functions of `Functions::points` knots, starts are those of functions, and both cubics of a
    /// knot are aligned to 32 bytes.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn coefficients(&self, starts: __m256i) -> [u32; LANES] {
        let mut coefficients = [0; LANES];
        let places = _mm256_add_epi32(self.coefficients, starts);
        // SAFETY: the array has room for eight.
        unsafe { _mm256_storeu_si256(coefficients.as_mut_ptr().cast(), places) };
        coefficients
    }
}

/// Coefficients of eight cubics.
struct Cubics([__m512d; 4]);

impl Cubics {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn value(&self, p: __m512d) -> __m512d {
        let [c0, c1, c2, c3] = self.0;
        let sum = _mm512_fmadd_pd(c3, p, c2);
        let sum = _mm512_fmadd_pd(sum, p, c1);
        _mm512_fmadd_pd(sum, p, c0)
    }

    /// The derivative by the fraction.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn slope(&self, p: __m512d) -> __m512d {
        let [_, c1, c2, c3] = self.0;
        let triple = _mm512_mul_pd(_mm512_set1_pd(3.0), c3);
        let sum = _mm512_fmadd_pd(triple, p, _mm512_add_pd(c2, c2));
        _mm512_fmadd_pd(sum, p, c1)
    }
}

/// Fewer than eight indices, followed by zeros.
#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn load_first(indices: &[u32]) -> [u32; LANES] {
    let mut all = [0; LANES];
    // SAFETY: the lanes of the mask are the indices; the array has room for eight.
    unsafe {
        let loaded = _mm256_maskz_loadu_epi32(first_lanes(indices.len()), indices.as_ptr().cast());
        _mm256_storeu_si256(all.as_mut_ptr().cast(), loaded);
    }
    all
}

/// The mask of the first `count` lanes; all if there are more.
#[inline]
fn first_lanes(count: usize) -> __mmask8 {
    if count >= LANES {
        ALL
    } else {
        (1 << count) - 1
    }
}

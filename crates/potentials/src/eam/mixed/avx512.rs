//! The mixed AVX-512 kernel: sixteen neighbours at a time.
//!
//! Records of sixteen neighbours are loaded whole and transposed in registers. Coefficients of the
//! polynomials are looked up by permutations of registers: 32 intervals fit two of them.
//!
//! Rows of the inner list start at multiples of sixteen for each species. Lanes beyond a row's end
//! compute with valid but meaningless numbers and are masked where they would be summed.
#![expect(
    unsafe_code,
    reason = "vector loads and functions compiled for AVX-512"
)]

use std::arch::asm;
use std::arch::x86_64::*;
use std::ops::Range;

use super::Single;
use super::plain::Close;
use super::polynomials::{PLACE_BITS, PairPolynomials, Polynomial, Polynomials, VALUE, exact};
use crate::chunks::Task;
use crate::eam::full::{InnerList, Kernel};
use crate::eam::functions::Duo;
use crate::whole::UNIT;

type Scene<'a> = crate::eam::full::Scene<'a, Single>;

/// Only made into a kernel after the machine has been asked: `MixedEam::new` checks the path.
pub(super) struct Avx512;

/// Numbers in a vector.
const LANES: usize = 16;

impl Kernel for Avx512 {
    type Record = Single;

    fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut InnerList,
        density: &mut [f64],
    ) {
        // SAFETY: `MixedEam::new` refuses this path on machines without these instructions.
        unsafe { densities(scene, atoms, inner, density) }
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
        // SAFETY: `MixedEam::new` refuses this path on machines without these instructions.
        unsafe { forces::<SUMS>(scene, inner, task) }
    }
}

/// The first pass over a chunk.
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn densities(scene: &Scene<'_>, atoms: Range<usize>, inner: &mut InnerList, density: &mut [f64]) {
    let functions = scene.functions;
    let polynomials = functions.polynomials();
    inner.reserve(scene, &atoms, LANES, functions.species * LANES);
    let mut start = 0;
    for (atom, density) in atoms.zip(density) {
        let record = &scene.records[atom];
        let here = Here::of(record);
        let kind = usize::from(scene.surroundings.species[atom]);
        let mut sum = _mm512_setzero_ps();
        let mut close = 0.0;
        for other_kind in 0..functions.species {
            let row = scene.surroundings.list.row_and_beyond(atom, other_kind);
            let table = &polynomials.of(other_kind, kind).density;
            let entries = &mut inner.entries[start..];
            let (count, before) = add_densities(scene, table, &here, row, entries, &mut sum);
            if before {
                let table = functions.radial(other_kind, kind);
                close += close_densities(scene, table, record, &entries[..count]);
            }
            inner.counts.push(count as u32);
            start += count.next_multiple_of(LANES);
        }
        *density = f64::from(_mm512_reduce_add_ps(sum)) + close;
    }
}

/// Adds the densities that the neighbours of a row give, lane by lane, but for those before the first
/// interval, and packs the indices of those within the cutoff into `entries`. That has room for the
/// row rounded up to whole vectors and for one vector more.
///
/// Returns the number of indices, which are followed by valid ones up to a multiple of sixteen, and
/// whether there are neighbours before the first interval.
///
/// Neighbours beyond the cutoff are evaluated as well: packing the distances before would spare one
/// vector in six, and cost more.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn add_densities(
    scene: &Scene<'_>,
    table: &Polynomial<VALUE>,
    here: &Here,
    (row, length): (&[u32], usize),
    entries: &mut [u32],
    sum: &mut __m512,
) -> (usize, bool) {
    let polynomials = scene.functions.polynomials();
    let limit = _mm512_set1_ps(polynomials.limit);
    let least = _mm512_set1_ps(polynomials.least);
    let mut any_before = 0;
    let mut count = 0;
    let vectors = &row.as_chunks::<LANES>().0[..length.div_ceil(LANES)];
    for (number, indices) in vectors.iter().enumerate() {
        let near = Near::of(scene.records, here, indices);
        let lanes = first_lanes(length - number * LANES);
        let within = _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(lanes, near.squared, limit);
        let known = _mm512_mask_cmp_ps_mask::<_CMP_GE_OQ>(within, near.squared, least);
        any_before |= within & !known;
        let value = Places::of(near.squared).value(table);
        *sum = _mm512_mask_add_ps(*sum, known, *sum, value);
        let packed = &mut entries[count..count + LANES];
        // SAFETY: each pointer is to sixteen numbers.
        unsafe {
            let indices = _mm512_loadu_si512(indices.as_ptr().cast());
            let indices = _mm512_maskz_compress_epi32(within, indices);
            _mm512_storeu_si512(packed.as_mut_ptr().cast(), indices);
        }
        count += within.count_ones() as usize;
    }
    // The lanes beyond the end must hold valid indices: zero is one.
    entries[count..count + LANES].fill(0);
    (count, any_before != 0)
}

/// The densities of neighbours before the first interval, from the tables.
#[cold]
#[inline(never)]
fn close_densities(scene: &Scene<'_>, table: &[Duo], here: &Single, entries: &[u32]) -> f64 {
    let least = scene.functions.polynomials().least;
    let squares = entries
        .iter()
        .map(|&other| super::Squares::of(here, &scene.records[other as usize]).sum);
    squares
        .filter(|&squared| squared < least)
        .map(|squared| exact(scene.functions, table, f64::from(squared).sqrt()).density)
        .sum()
}

/// The second pass over a chunk.
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
    let functions = scene.functions;
    let polynomials = functions.polynomials();
    let mut counts = inner.counts.iter();
    let mut start = 0;
    for atom in task.atoms.clone() {
        let record = &scene.records[atom];
        let here = Here::of(record);
        let kind = usize::from(scene.surroundings.species[atom]);
        let mut sums = Sums::zero();
        let mut close = Close::default();
        for other_kind in 0..functions.species {
            let count = counts.next().map_or(0, |&count| count as usize);
            let row = &inner.entries[start..start + count.next_multiple_of(LANES)];
            start += row.len();
            let pair = Pair {
                given: polynomials.of(other_kind, kind),
                taken: polynomials.of(kind, other_kind),
            };
            let before = if other_kind == kind {
                add_row::<SUMS, true>(scene, polynomials, &here, row, count, &pair, &mut sums)
            } else {
                add_row::<SUMS, false>(scene, polynomials, &here, row, count, &pair, &mut sums)
            };
            if before {
                for &other in &row[..count] {
                    let there = &scene.records[other as usize];
                    if super::Squares::of(record, there).sum < polynomials.least {
                        close.add(scene, [kind, other_kind], [record, there]);
                    }
                }
            }
        }
        let force = sums
            .force
            .map(|sum| f64::from(UNIT) * f64::from(_mm512_reduce_add_ps(sum)));
        task.add_force(atom, [0, 1, 2].map(|k| force[k] + close.force[k]));
        if SUMS {
            let embedding = functions.embedding(kind).energy(scene.density[atom]);
            let pairs = f64::from(_mm512_reduce_add_ps(sums.energy)) + close.energy;
            let virial = std::array::from_fn(|k| {
                let sum = f64::from(_mm512_reduce_add_ps(sums.virial[k]));
                -0.5 * (f64::from(UNIT * UNIT) * sum + close.virial[k])
            });
            task.add_energy_and_virial(atom, embedding + 0.5 * pairs, virial);
        }
    }
}

/// The functions of a pair of species.
struct Pair<'a> {
    /// The density that the neighbour gives, and φ.
    given: &'a PairPolynomials,
    /// The density that it takes.
    taken: &'a PairPolynomials,
}

/// What an atom sums over its neighbours, lane by lane; lengths in units of [`UNIT`].
struct Sums {
    force: [__m512; 3],
    energy: __m512,
    virial: [__m512; 6],
}

impl Sums {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        let zero = _mm512_setzero_ps();
        Self {
            force: [zero; 3],
            energy: zero,
            virial: [zero; 6],
        }
    }
}

/// Adds what the `count` neighbours of a row do to an atom, but for those before the first interval;
/// returns whether there are such. With `SAME` the densities given and taken are the same function.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn add_row<const SUMS: bool, const SAME: bool>(
    scene: &Scene<'_>,
    polynomials: &Polynomials,
    here: &Here,
    row: &[u32],
    count: usize,
    pair: &Pair<'_>,
    sums: &mut Sums,
) -> bool {
    let least = _mm512_set1_ps(polynomials.least);
    let mut any_before = 0;
    for (number, indices) in row.as_chunks::<LANES>().0.iter().enumerate() {
        let near = Near::of(scene.records, here, indices);
        let lanes = first_lanes(count - number * LANES);
        let mask = _mm512_mask_cmp_ps_mask::<_CMP_GE_OQ>(lanes, near.squared, least);
        any_before |= lanes & !mask;
        let place = Places::of(near.squared);
        let given = place.value(&pair.given.density_slope);
        let embedding = if SAME {
            _mm512_mul_ps(_mm512_add_ps(here.slope, near.slope), given)
        } else {
            // The same bits seen from the other atom: a sum of two rounded products.
            let taken = place.value(&pair.taken.density_slope);
            _mm512_add_ps(
                _mm512_mul_ps(here.slope, given),
                _mm512_mul_ps(near.slope, taken),
            )
        };
        let pull = _mm512_add_ps(embedding, place.value(&pair.given.pair_slope));
        let d = near.displacement;
        for k in 0..3 {
            sums.force[k] = _mm512_mask3_fmadd_ps(pull, d[k], sums.force[k], mask);
        }
        if SUMS {
            let value = place.value(&pair.given.pair);
            sums.energy = _mm512_mask_add_ps(sums.energy, mask, sums.energy, value);
            let along = d.map(|component| _mm512_mul_ps(pull, component));
            let components = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];
            for (sum, (a, b)) in sums.virial.iter_mut().zip(components) {
                *sum = _mm512_mask3_fmadd_ps(along[a], d[b], *sum, mask);
            }
        }
    }
    any_before != 0
}

/// An atom, in all lanes.
struct Here {
    position: [__m512i; 3],
    slope: __m512,
}

impl Here {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn of(record: &Single) -> Self {
        Self {
            position: record.position.map(|x| _mm512_set1_epi32(x)),
            slope: _mm512_set1_ps(record.slope),
        }
    }
}

/// Sixteen neighbours of an atom.
struct Near {
    /// From the atom to the neighbours, in units of [`UNIT`].
    displacement: [__m512; 3],
    /// Their lengths, squared [Å²].
    squared: __m512,
    slope: __m512,
}

impl Near {
    /// # Panics
    /// When an index is beyond the records.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn of(records: &[Single], here: &Here, indices: &[u32; LANES]) -> Self {
        // SAFETY: the pointer is to sixteen indices.
        let all = unsafe { _mm512_loadu_si512(indices.as_ptr().cast()) };
        let end = _mm512_set1_epi32(records.len().min(u32::MAX as usize) as u32 as i32);
        let beyond = _mm512_cmpge_epu32_mask(all, end);
        assert!(beyond == 0, "the list names atoms that do not exist");
        // SAFETY: all indices are below the number of records.
        let [x, y, z, slope] = unsafe { load_transposed(records.as_ptr().cast(), indices) };
        let along = |k: usize, there: __m512i| {
            _mm512_cvtepi32_ps(_mm512_sub_epi32(there, here.position[k]))
        };
        let d = [along(0, x), along(1, y), along(2, z)];
        let squared = _mm512_mul_ps(d[2], d[2]);
        let squared = _mm512_fmadd_ps(d[1], d[1], squared);
        let squared = _mm512_fmadd_ps(d[0], d[0], squared);
        Self {
            // A power of two: the bits are those that lengths in Å would give.
            squared: _mm512_mul_ps(squared, _mm512_set1_ps(UNIT * UNIT)),
            displacement: d,
            slope: _mm512_castsi512_ps(slope),
        }
    }
}

/// Sixteen records of four numbers, transposed.
///
/// # Safety
/// All records are there.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
unsafe fn load_transposed(first: *const __m128i, indices: &[u32; LANES]) -> [__m512i; 4] {
    let offset = |lane: usize| {
        // SAFETY: a reference is valid. The read is volatile or else the compiler takes the indices out
        // of the vector from which they came, by shuffles on the port that the transposition needs.
        let index = unsafe { std::ptr::from_ref(&indices[lane]).read_volatile() as usize };
        size_of::<__m128i>() * index
    };
    let four = |lane: usize| {
        let lanes: __m512i;
        // SAFETY: the caller's. Written out because an insertion from memory may run on two ports, and
        // one from a register, which the compiler likes to make of it, only on the one that the
        // transposition needs.
        unsafe {
            asm!(
                "vbroadcasti32x4 {lanes}, [{first} + {a}]",
                "vinserti32x4 {lanes}, {lanes}, [{first} + {b}], 1",
                "vinserti32x4 {lanes}, {lanes}, [{first} + {c}], 2",
                "vinserti32x4 {lanes}, {lanes}, [{first} + {d}], 3",
                first = in(reg) first,
                a = in(reg) offset(lane),
                b = in(reg) offset(lane + 4),
                c = in(reg) offset(lane + 8),
                d = in(reg) offset(lane + 12),
                lanes = out(zmm_reg) lanes,
                options(pure, readonly, nostack, preserves_flags)
            );
        }
        lanes
    };
    let (a, b, c, d) = (four(0), four(1), four(2), four(3));
    // In each quarter: x0 x1 y0 y1, x2 x3 y2 y3, and z and w likewise.
    let (xy, more_xy) = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
    let (zw, more_zw) = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(xy, more_xy),
        _mm512_unpackhi_epi64(xy, more_xy),
        _mm512_unpacklo_epi64(zw, more_zw),
        _mm512_unpackhi_epi64(zw, more_zw),
    ]
}

/// Where in the polynomials sixteen squared distances stand.
struct Places {
    /// Numbers of the intervals, of which permutations read the last five bits.
    interval: __m512i,
    /// The places in them.
    v: __m512,
}

impl Places {
    /// As [`Polynomials::locate`].
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn of(squared: __m512) -> Self {
        let bits = _mm512_castps_si512(squared);
        let mantissa = _mm512_slli_epi32::<{ 23 - PLACE_BITS }>(bits);
        // one | (mantissa & mask).
        const OR_AND: i32 = 0xF8;
        let from_one = _mm512_ternarylogic_epi32::<OR_AND>(
            _mm512_set1_epi32(0x3F80_0000),
            mantissa,
            _mm512_set1_epi32(0x007F_FFFF),
        );
        Self {
            interval: _mm512_srli_epi32::<PLACE_BITS>(bits),
            v: _mm512_sub_ps(_mm512_castsi512_ps(from_one), _mm512_set1_ps(1.5)),
        }
    }

    /// A polynomial there.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn value<const N: usize>(&self, polynomial: &Polynomial<N>) -> __m512 {
        let coefficient = |k: usize| {
            let all = polynomial.0[k].as_ptr();
            // SAFETY: the pointer is to 32 numbers, aligned to 64 bytes.
            unsafe {
                _mm512_permutex2var_ps(
                    _mm512_load_ps(all),
                    self.interval,
                    _mm512_load_ps(all.add(LANES)),
                )
            }
        };
        let mut sum = coefficient(N - 1);
        for k in (0..N - 1).rev() {
            sum = _mm512_fmadd_ps(sum, self.v, coefficient(k));
        }
        sum
    }
}

/// The mask of the first `count` lanes; all if there are more.
#[inline]
fn first_lanes(count: usize) -> __mmask16 {
    if count >= LANES {
        u16::MAX
    } else {
        (1 << count) - 1
    }
}

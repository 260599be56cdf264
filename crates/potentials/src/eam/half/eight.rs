//! Eight groups of four numbers, to registers and back.
#![expect(
    unsafe_code,
    reason = "vector loads and functions compiled for AVX-512"
)]

use std::arch::x86_64::*;

use super::Scene;
use super::rows::{INDEX, LANES, SPECIES_SHIFT};
use crate::eam::full::Record;

/// Where, in numbers of the array, a group of four starts: the shift drops the species.
#[inline(always)]
fn group_of(entry: u32) -> usize {
    const { assert!(u32::BITS - SPECIES_SHIFT == 4) };
    (entry << 4) as usize / 4
}

/// The x, y, z and slopes of eight records.
///
/// # Safety
/// The entries' indices are those of records.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
pub(super) unsafe fn load_records(records: &[Record], entries: &[u32; LANES]) -> [__m512d; 4] {
    let first: *const f64 = records.as_ptr().cast();
    // SAFETY: the caller's; records are aligned to 32 bytes. For the volatile read see `transposed`.
    transposed(|lane| unsafe {
        let entry = std::ptr::from_ref(&entries[lane]).read_volatile();
        _mm256_load_pd(first.add(group_of(entry)))
    })
}

/// Eight groups of four numbers, transposed: all first numbers, all second, third and fourth.
///
/// Who computes addresses from numbers that come from a vector must read them from memory by a volatile
/// read, or else the compiler takes them out of the vector by shuffles, on the port that the
/// transposition needs.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
pub(super) fn transposed(group: impl Fn(usize) -> __m256d) -> [__m512d; 4] {
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

/// Adds eight numbers to those at the entries' indices.
///
/// # Safety
/// The indices are in the array, and no other thread uses what is there.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
pub(super) unsafe fn add_to_each(array: *mut f64, entries: &[u32; LANES], numbers: __m512d) {
    let index = _mm256_and_si256(load_entries(entries), _mm256_set1_epi32(INDEX as i32));
    // SAFETY: the caller's.
    unsafe {
        let sum = _mm512_add_pd(_mm512_i32gather_pd::<8>(index, array), numbers);
        _mm512_i32scatter_pd::<8>(array, index, sum);
    }
}

/// Adds forces and energies to what eight neighbours collect, and to the sums.
///
/// # Safety
/// The entries' indices are those of records, and no other thread uses what is there.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
pub(super) unsafe fn scatter(
    scene: &Scene<'_>,
    entries: &[u32; LANES],
    [x, y, z, w]: [__m512d; 4],
    sums: &mut [__m512d; 2],
) {
    let first: *mut f64 = scene.collected.cast();
    // Lanes x0 y0 x2 y2 x4 y4 x6 y6, and so on.
    let (even_xy, odd_xy) = (_mm512_unpacklo_pd(x, y), _mm512_unpackhi_pd(x, y));
    let (even_zw, odd_zw) = (_mm512_unpacklo_pd(z, w), _mm512_unpackhi_pd(z, w));
    let low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    let high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    // Groups of lane and lane + 2.
    let groups = [
        (0, _mm512_permutex2var_pd(even_xy, low, even_zw)),
        (1, _mm512_permutex2var_pd(odd_xy, low, odd_zw)),
        (4, _mm512_permutex2var_pd(even_xy, high, even_zw)),
        (5, _mm512_permutex2var_pd(odd_xy, high, odd_zw)),
    ];
    for (lane, both) in groups {
        sums[lane % 2] = _mm512_add_pd(sums[lane % 2], both);
        // SAFETY: the caller's; the groups are aligned to 32 bytes. For the volatile read see
        // `transposed`.
        unsafe {
            let place = |lane: usize| {
                let entry = std::ptr::from_ref(&entries[lane]).read_volatile();
                first.add(group_of(entry))
            };
            let (one, other) = (place(lane), place(lane + 2));
            let old = _mm512_castpd256_pd512(_mm256_load_pd(one));
            let old = _mm512_insertf64x4::<1>(old, _mm256_load_pd(other));
            let new = _mm512_add_pd(old, both);
            _mm256_store_pd(one, _mm512_castpd512_pd256(new));
            _mm256_store_pd(other, _mm512_extractf64x4_pd::<1>(new));
        }
    }
}

/// Gives an atom the opposite of the forces that its neighbours got, and as much energy.
///
/// # Safety
/// No other thread uses what the atom collects.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
pub(super) unsafe fn take_back(scene: &Scene<'_>, atom: usize, sums: [__m512d; 2]) {
    let sum = _mm512_add_pd(sums[0], sums[1]);
    let sum = _mm256_add_pd(
        _mm512_castpd512_pd256(sum),
        _mm512_extractf64x4_pd::<1>(sum),
    );
    let sign = _mm256_setr_pd(-1.0, -1.0, -1.0, 1.0);
    // SAFETY: the caller's; it is stored as a whole, for a part would be slow to read back as a whole.
    unsafe {
        let to: *mut f64 = scene.collected.add(atom).cast();
        _mm256_store_pd(to, _mm256_fmadd_pd(sum, sign, _mm256_load_pd(to)));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
pub(super) fn load_entries(entries: &[u32; LANES]) -> __m256i {
    // SAFETY: the pointer is to eight numbers.
    unsafe { _mm256_loadu_si256(entries.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
pub(super) fn store_entries(to: &mut [u32], entries: __m256i) {
    let to = &mut to[..LANES];
    // SAFETY: the pointer is to eight numbers.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), entries) };
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn store(to: &mut [f64], numbers: __m512d) {
    let to = &mut to[..LANES];
    // SAFETY: the pointer is to eight numbers.
    unsafe { _mm512_storeu_pd(to.as_mut_ptr(), numbers) };
}

//! The inner loops of the list build in AVX-512: sixteen points at a time.
//!
//! Operation for operation the same as the plain ones in [`super::select`], so that the results are
//! the same to the last bit.
#![expect(unsafe_code, reason = "vector loads and stores take pointers")]

use std::arch::x86_64::*;
use std::ops::Range;

use super::grid::Grid;
use super::rows::Candidates;
use super::select::{Path, Shell, check_collect, check_select};

/// Numbers in a vector of single precision.
const LANES: usize = 16;

/// See [`Path::collect`].
pub(super) fn collect(
    grid: &Grid,
    runs: &[Range<usize>],
    shell: &Shell,
    candidates: &mut Candidates,
) {
    debug_assert!(Path::Avx512.is_there());
    check_collect(grid, runs, candidates);
    // SAFETY: the path `Avx512` is only made where the processor has it; the ranges were checked.
    unsafe { collect_vectors(grid, runs, shell, candidates) }
}

/// See [`Path::select`].
pub(super) fn select(
    candidates: &Candidates,
    range: Range<usize>,
    atom: (u32, [f32; 3], f32),
    entries: &mut [u32],
) -> usize {
    debug_assert!(Path::Avx512.is_there());
    check_select(candidates, &range, entries);
    // SAFETY: the path `Avx512` is only made where the processor has it; the ranges were checked.
    unsafe { select_vectors(candidates, range, atom, entries) }
}

/// The first `count` lanes, or all.
#[inline]
fn first_lanes(count: usize) -> u16 {
    if count >= LANES {
        u16::MAX
    } else {
        (1 << count) - 1
    }
}

/// Sixteen coordinates minus `centre`, in single precision; zero beyond the lanes of `mask`.
///
/// # Safety
/// The numbers at `from` in the lanes of `mask` must be readable.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn relative(from: *const f64, mask: u16, centre: f64) -> __m512 {
    let centre = _mm512_set1_pd(centre);
    // SAFETY: lanes outside the mask are not read; `wrapping_add`, as all of the upper half may be.
    let (low, high) = unsafe {
        (
            _mm512_maskz_loadu_pd(mask as u8, from),
            _mm512_maskz_loadu_pd((mask >> 8) as u8, from.wrapping_add(8)),
        )
    };
    let low = _mm512_cvtpd_ps(_mm512_sub_pd(low, centre));
    let high = _mm512_cvtpd_ps(_mm512_sub_pd(high, centre));
    let low = _mm512_castpd256_pd512(_mm256_castps_pd(low));
    _mm512_castpd_ps(_mm512_insertf64x4::<1>(low, _mm256_castps_pd(high)))
}

/// `x² + y² + z²`, rounded after each operation.
#[inline]
#[target_feature(enable = "avx512f")]
fn squared([x, y, z]: [__m512; 3]) -> __m512 {
    let xy = _mm512_add_ps(_mm512_mul_ps(x, x), _mm512_mul_ps(y, y));
    _mm512_add_ps(xy, _mm512_mul_ps(z, z))
}

/// # Safety
/// What [`check_collect`] checks.
#[target_feature(enable = "avx512f,popcnt")]
unsafe fn collect_vectors(
    grid: &Grid,
    runs: &[Range<usize>],
    shell: &Shell,
    candidates: &mut Candidates,
) {
    let half = shell.half.map(|half| _mm512_set1_ps(half));
    let far2 = _mm512_set1_ps(shell.far2);
    let zero = _mm512_setzero_ps();
    let mut used = candidates.used;
    for run in runs {
        let mut point = run.start;
        while point < run.end {
            let lanes = first_lanes(run.end - point);
            // SAFETY: the lanes of the mask are points of the run.
            let (at, index) = unsafe {
                (
                    [
                        relative(grid.x.as_ptr().add(point), lanes, shell.centre[0]),
                        relative(grid.y.as_ptr().add(point), lanes, shell.centre[1]),
                        relative(grid.z.as_ptr().add(point), lanes, shell.centre[2]),
                    ],
                    _mm512_maskz_loadu_epi32(lanes, grid.index.as_ptr().add(point).cast()),
                )
            };
            let outside =
                |k: usize| _mm512_max_ps(_mm512_sub_ps(_mm512_abs_ps(at[k]), half[k]), zero);
            let distance2 = squared([outside(0), outside(1), outside(2)]);
            let near = _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(lanes, distance2, far2);
            // SAFETY: `used` is at most the number of points so far, and a vector overhangs by no
            // more than the room left for that.
            unsafe {
                let store = |to: *mut f32, from| {
                    _mm512_storeu_ps(to, _mm512_maskz_compress_ps(near, from));
                };
                store(candidates.x.as_mut_ptr().add(used), at[0]);
                store(candidates.y.as_mut_ptr().add(used), at[1]);
                store(candidates.z.as_mut_ptr().add(used), at[2]);
                let index = _mm512_maskz_compress_epi32(near, index);
                _mm512_storeu_si512(candidates.index.as_mut_ptr().add(used).cast(), index);
            }
            used += near.count_ones() as usize;
            point += LANES;
        }
    }
    candidates.used = used;
}

/// # Safety
/// What [`check_select`] checks.
#[target_feature(enable = "avx512f,popcnt")]
unsafe fn select_vectors(
    candidates: &Candidates,
    range: Range<usize>,
    (atom, here, near2): (u32, [f32; 3], f32),
    entries: &mut [u32],
) -> usize {
    let here = here.map(|x| _mm512_set1_ps(x));
    let near2 = _mm512_set1_ps(near2);
    let atom = _mm512_set1_epi32(atom as i32);
    let mut used = 0;
    let mut candidate = range.start;
    while candidate < range.end {
        let lanes = first_lanes(range.end - candidate);
        // SAFETY: a vector reads at most `OVERHANG` beyond the range.
        let (at, index) = unsafe {
            (
                [
                    _mm512_loadu_ps(candidates.x.as_ptr().add(candidate)),
                    _mm512_loadu_ps(candidates.y.as_ptr().add(candidate)),
                    _mm512_loadu_ps(candidates.z.as_ptr().add(candidate)),
                ],
                _mm512_loadu_si512(candidates.index.as_ptr().add(candidate).cast()),
            )
        };
        let difference = |k: usize| _mm512_sub_ps(at[k], here[k]);
        let distance2 = squared([difference(0), difference(1), difference(2)]);
        let near = _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(lanes, distance2, near2);
        let near = _mm512_mask_cmpneq_epi32_mask(near, index, atom);
        // SAFETY: `used` is at most the number of candidates so far, and a vector overhangs by no
        // more than the room left for that.
        unsafe {
            let index = _mm512_maskz_compress_epi32(near, index);
            _mm512_storeu_si512(entries.as_mut_ptr().add(used).cast(), index);
        }
        used += near.count_ones() as usize;
        candidate += LANES;
    }
    used
}

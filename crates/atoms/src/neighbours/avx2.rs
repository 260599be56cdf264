//! The inner loops of the list build in AVX2: eight points at a time.
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
const LANES: usize = 8;

/// For each mask of eight lanes the lanes that are set, first; AVX2 has no compression of its own.
static SET_LANES: [[u32; LANES]; 256] = set_lanes();

const fn set_lanes() -> [[u32; LANES]; 256] {
    let mut table = [[0; LANES]; 256];
    let mut mask = 0;
    while mask < 256 {
        let (mut lane, mut set) = (0, 0);
        while lane < LANES {
            if mask >> lane & 1 == 1 {
                table[mask][set] = lane as u32;
                set += 1;
            }
            lane += 1;
        }
        mask += 1;
    }
    table
}

/// See [`Path::collect`].
pub(super) fn collect(
    grid: &Grid,
    runs: &[Range<usize>],
    shell: &Shell,
    candidates: &mut Candidates,
) {
    debug_assert!(Path::Avx2.is_there());
    check_collect(grid, runs, candidates);
    // SAFETY: the path `Avx2` is only made where the processor has it; the ranges were checked.
    unsafe { collect_vectors(grid, runs, shell, candidates) }
}

/// See [`Path::select`].
pub(super) fn select(
    candidates: &Candidates,
    range: Range<usize>,
    atom: (u32, [f32; 3], f32),
    entries: &mut [u32],
) -> usize {
    debug_assert!(Path::Avx2.is_there());
    check_select(candidates, &range, entries);
    // SAFETY: the path `Avx2` is only made where the processor has it; the ranges were checked.
    unsafe { select_vectors(candidates, range, atom, entries) }
}

/// The first `count` lanes, or all, as a mask.
#[inline]
fn first_lanes(count: usize) -> u32 {
    if count >= LANES {
        0xff
    } else {
        (1 << count) - 1
    }
}

/// Eight coordinates minus `centre`, in single precision.
///
/// # Safety
/// Eight numbers at `from` must be readable.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn relative(from: *const f64, centre: f64) -> __m256 {
    let centre = _mm256_set1_pd(centre);
    // SAFETY: as required of the caller.
    let (low, high) = unsafe { (_mm256_loadu_pd(from), _mm256_loadu_pd(from.add(4))) };
    _mm256_set_m128(
        _mm256_cvtpd_ps(_mm256_sub_pd(high, centre)),
        _mm256_cvtpd_ps(_mm256_sub_pd(low, centre)),
    )
}

/// `x² + y² + z²`, rounded after each operation.
#[inline]
#[target_feature(enable = "avx2")]
fn squared([x, y, z]: [__m256; 3]) -> __m256 {
    let xy = _mm256_add_ps(_mm256_mul_ps(x, x), _mm256_mul_ps(y, y));
    _mm256_add_ps(xy, _mm256_mul_ps(z, z))
}

/// The order of lanes that brings those of the mask to the front.
#[inline]
#[target_feature(enable = "avx2")]
fn compression(mask: u32) -> __m256i {
    let lanes = &SET_LANES[mask as usize & 0xff];
    // SAFETY: the row has eight numbers.
    unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) }
}

/// # Safety
/// What [`check_collect`] checks.
#[target_feature(enable = "avx2,popcnt")]
unsafe fn collect_vectors(
    grid: &Grid,
    runs: &[Range<usize>],
    shell: &Shell,
    candidates: &mut Candidates,
) {
    let half = shell.half.map(|half| _mm256_set1_ps(half));
    let far2 = _mm256_set1_ps(shell.far2);
    let zero = _mm256_setzero_ps();
    let sign = _mm256_set1_ps(-0.0);
    let mut used = candidates.used;
    for run in runs {
        let mut point = run.start;
        while point < run.end {
            // SAFETY: a vector reads at most `OVERHANG` beyond the run, which the columns have.
            let (at, index) = unsafe {
                (
                    [
                        relative(grid.x.as_ptr().add(point), shell.centre[0]),
                        relative(grid.y.as_ptr().add(point), shell.centre[1]),
                        relative(grid.z.as_ptr().add(point), shell.centre[2]),
                    ],
                    _mm256_loadu_si256(grid.index.as_ptr().add(point).cast()),
                )
            };
            let outside = |k: usize| {
                let beside = _mm256_sub_ps(_mm256_andnot_ps(sign, at[k]), half[k]);
                _mm256_max_ps(beside, zero)
            };
            let distance2 = squared([outside(0), outside(1), outside(2)]);
            let near = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LT_OQ>(distance2, far2)) as u32
                & first_lanes(run.end - point);
            let front = compression(near);
            // SAFETY: `used` is at most the number of points so far, and a vector overhangs by no
            // more than the room left for that.
            unsafe {
                let store = |to: *mut f32, from| {
                    _mm256_storeu_ps(to, _mm256_permutevar8x32_ps(from, front));
                };
                store(candidates.x.as_mut_ptr().add(used), at[0]);
                store(candidates.y.as_mut_ptr().add(used), at[1]);
                store(candidates.z.as_mut_ptr().add(used), at[2]);
                let index = _mm256_permutevar8x32_epi32(index, front);
                _mm256_storeu_si256(candidates.index.as_mut_ptr().add(used).cast(), index);
            }
            used += near.count_ones() as usize;
            point += LANES;
        }
    }
    candidates.used = used;
}

/// # Safety
/// What [`check_select`] checks.
#[target_feature(enable = "avx2,popcnt")]
unsafe fn select_vectors(
    candidates: &Candidates,
    range: Range<usize>,
    (atom, here, near2): (u32, [f32; 3], f32),
    entries: &mut [u32],
) -> usize {
    let here = here.map(|x| _mm256_set1_ps(x));
    let near2 = _mm256_set1_ps(near2);
    let atom = _mm256_set1_epi32(atom as i32);
    let mut used = 0;
    let mut candidate = range.start;
    while candidate < range.end {
        // SAFETY: a vector reads at most `OVERHANG` beyond the range.
        let (at, index) = unsafe {
            (
                [
                    _mm256_loadu_ps(candidates.x.as_ptr().add(candidate)),
                    _mm256_loadu_ps(candidates.y.as_ptr().add(candidate)),
                    _mm256_loadu_ps(candidates.z.as_ptr().add(candidate)),
                ],
                _mm256_loadu_si256(candidates.index.as_ptr().add(candidate).cast()),
            )
        };
        let difference = |k: usize| _mm256_sub_ps(at[k], here[k]);
        let distance2 = squared([difference(0), difference(1), difference(2)]);
        let near = _mm256_cmp_ps::<_CMP_LT_OQ>(distance2, near2);
        let itself = _mm256_castsi256_ps(_mm256_cmpeq_epi32(index, atom));
        let near = _mm256_movemask_ps(_mm256_andnot_ps(itself, near)) as u32
            & first_lanes(range.end - candidate);
        // SAFETY: `used` is at most the number of candidates so far, and a vector overhangs by no
        // more than the room left for that.
        unsafe {
            let index = _mm256_permutevar8x32_epi32(index, compression(near));
            _mm256_storeu_si256(entries.as_mut_ptr().add(used).cast(), index);
        }
        used += near.count_ones() as usize;
        candidate += LANES;
    }
    used
}

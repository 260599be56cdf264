//! What the mixed AVX-512 kernel does with sixteen numbers at a time.
//!
//! Records of sixteen neighbours are loaded whole and transposed in registers. Coefficients of the
//! polynomials are looked up by permutations of registers: 32 intervals fit two of them.
#![expect(
    unsafe_code,
    reason = "vector loads and functions compiled for AVX-512"
)]

use std::arch::asm;
use std::arch::x86_64::*;

use super::Single;
use super::polynomials::{INTERVALS, PLACE_BITS, Polynomial};
use super::rows::{Entries, LANES};
use crate::whole::UNIT;

/// The sums of the lanes of sixteen vectors.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn sum_each(vectors: &[__m512; LANES]) -> __m512 {
    // First lanes within quarters come together, then quarters.
    let pairs: [__m512; 8] = std::array::from_fn(|k| {
        let [a, b] = [vectors[2 * k], vectors[2 * k + 1]];
        _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b))
    });
    let fours: [__m512; 4] = std::array::from_fn(|k| {
        let [a, b] = [pairs[2 * k], pairs[2 * k + 1]].map(|x| _mm512_castps_pd(x));
        let low = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
        _mm512_add_ps(low, _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)))
    });
    let halves = |a, b| {
        let even = _mm512_shuffle_f32x4::<0b10_00_10_00>(a, b);
        _mm512_add_ps(even, _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b))
    };
    halves(halves(fours[0], fours[1]), halves(fours[2], fours[3]))
}

/// Sixteen neighbours of an atom.
pub(super) struct Near {
    /// From the atom to the neighbours, in units of [`UNIT`].
    pub(super) displacement: [__m512; 3],
    /// Their lengths, squared, in units of UNIT².
    pub(super) squared: __m512,
    /// F'(ρ) of the neighbours.
    pub(super) slope: __m512,
}

impl Near {
    /// # Safety
    /// All entries are of records.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    pub(super) unsafe fn of(records: &[Single], here: &Single, entries: &Entries) -> Self {
        // SAFETY: the caller's.
        let [x, y, z, slope] = unsafe { load_transposed(records.as_ptr().cast(), entries) };
        let along = |k: usize, there: __m512i| {
            let way: __m512i;
            // SAFETY: a reference is valid. Written out because the compiler likes to load the number
            // early, and to spread it from there on the port that the transposition needs.
            unsafe {
                asm!(
                    "vpsubd {way}, {there}, dword ptr [{here}]{{1to16}}",
                    here = in(reg) &here.position[k],
                    there = in(zmm_reg) there,
                    way = lateout(zmm_reg) way,
                    options(pure, readonly, nostack, preserves_flags)
                );
            }
            _mm512_cvtepi32_ps(way)
        };
        let d = [along(0, x), along(1, y), along(2, z)];
        let squared = _mm512_mul_ps(d[2], d[2]);
        let squared = _mm512_fmadd_ps(d[1], d[1], squared);
        Self {
            squared: _mm512_fmadd_ps(d[0], d[0], squared),
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
unsafe fn load_transposed(first: *const __m128i, Entries(entries): &Entries) -> [__m512i; 4] {
    let offset = |lane: usize| {
        // SAFETY: a reference is valid. The read is volatile or else the compiler takes the entries out
        // of the vector that holds them, by shuffles on the port that the transposition needs.
        unsafe { std::ptr::from_ref(&entries[lane]).read_volatile() as usize }
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
pub(super) struct Places {
    /// Numbers of the intervals, of which permutations read the last five bits.
    interval: __m512i,
    /// The places in them.
    v: __m512,
}

impl Places {
    /// As [`Polynomials::locate`], of squares in units of UNIT².
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    pub(super) fn of(squared: __m512) -> Self {
        // Squares in Å² are as many octaves smaller, which leaves the place and the last bits of the
        // interval's number as they are.
        const ONE: u32 = 1_f32.to_bits() >> 23;
        const OCTAVES: u32 = 2 * (ONE - (UNIT.to_bits() >> 23));
        const {
            assert!((OCTAVES << (23 - PLACE_BITS)).is_multiple_of(INTERVALS as u32));
        }
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
    pub(super) fn value<const N: usize>(&self, polynomial: &Polynomial<N>) -> __m512 {
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
        // Two powers at a time: fewer results wait for one another.
        let square = _mm512_mul_ps(self.v, self.v);
        let pair = |k: usize| _mm512_fmadd_ps(coefficient(k + 1), self.v, coefficient(k));
        let mut sum = if N.is_multiple_of(2) {
            pair(N - 2)
        } else {
            coefficient(N - 1)
        };
        for k in (0..N.div_ceil(2) - 1).rev() {
            sum = _mm512_fmadd_ps(sum, square, pair(2 * k));
        }
        sum
    }
}

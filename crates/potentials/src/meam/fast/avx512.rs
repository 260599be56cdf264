//! Vectors of eight doubles or sixteen singles with AVX-512 F, DQ, BW and VL.
#![expect(
    unsafe_code,
    reason = "instructions of the path, and vector loads and stores"
)]
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "all for one reason: kernels of this path run only where the processor has AVX-512, and the callers of unsafe functions answer for pointers"
)]

use std::arch::x86_64::*;

use super::lanes::{self, Exact, Lanes, Singles, Vectors, exp_double};

/// The path.
pub(in crate::meam) struct Avx512;

#[derive(Clone, Copy)]
pub(in crate::meam) struct Doubles(__m512d);

#[derive(Clone, Copy)]
pub(in crate::meam) struct Floats(__m512);

/// The path in mixed precision. Bonds are few: vectors of eight singles hold them as well as
/// vectors of sixteen would, and more instructions of their length run at a time.
pub(in crate::meam) struct Mixed;

impl Vectors for Avx512 {
    type Double = Doubles;
    type Real = Doubles;
    type Single = Floats;
}

impl Vectors for Mixed {
    type Double = Doubles;
    type Real = super::avx2::Reals;
    type Single = Floats;
}

/// Four records each in two vectors, so that unpacking them pairwise transposes.
#[inline(always)]
unsafe fn two_records(records: *const [f64; 4], low: u32, high: u32) -> __m512d {
    unsafe {
        let low = _mm256_loadu_pd(records.add(low as usize).cast());
        let high = _mm256_loadu_pd(records.add(high as usize).cast());
        _mm512_insertf64x4::<1>(_mm512_castpd256_pd512(low), high)
    }
}

/// Eight records of four columns.
#[inline(always)]
fn rows([x, y, z, w]: [Doubles; 4]) -> [__m256d; 8] {
    unsafe {
        let (xy_even, xy_odd) = (_mm512_unpacklo_pd(x.0, y.0), _mm512_unpackhi_pd(x.0, y.0));
        let (zw_even, zw_odd) = (_mm512_unpacklo_pd(z.0, w.0), _mm512_unpackhi_pd(z.0, w.0));
        let first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
        let last = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
        let a = _mm512_permutex2var_pd(xy_even, first, zw_even);
        let b = _mm512_permutex2var_pd(xy_odd, first, zw_odd);
        let c = _mm512_permutex2var_pd(xy_even, last, zw_even);
        let d = _mm512_permutex2var_pd(xy_odd, last, zw_odd);
        [
            _mm512_castpd512_pd256(a),
            _mm512_castpd512_pd256(b),
            _mm512_extractf64x4_pd::<1>(a),
            _mm512_extractf64x4_pd::<1>(b),
            _mm512_castpd512_pd256(c),
            _mm512_castpd512_pd256(d),
            _mm512_extractf64x4_pd::<1>(c),
            _mm512_extractf64x4_pd::<1>(d),
        ]
    }
}

#[inline(always)]
unsafe fn add_to_record(records: *mut [f64; 4], index: *const u32, place: usize, term: __m256d) {
    unsafe {
        let record = records.add(*index.add(place) as usize).cast::<f64>();
        _mm256_storeu_pd(record, _mm256_add_pd(_mm256_loadu_pd(record), term));
    }
}

impl Lanes for Doubles {
    type Number = f64;
    const N: usize = 8;
    type Mask = __mmask8;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(unsafe { _mm512_set1_pd(x) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        Self(unsafe { _mm512_loadu_pd(from) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        unsafe { _mm512_storeu_pd(to, self.0) }
    }
    #[inline(always)]
    unsafe fn store_single(self, to: *mut f32) {
        unsafe { _mm256_storeu_ps(to, _mm512_cvtpd_ps(self.0)) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(unsafe { _mm512_add_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm512_sub_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm512_mul_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm512_fmadd_pd(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn neg_mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm512_fnmadd_pd(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(unsafe { _mm512_min_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(unsafe { _mm512_max_pd(self.0, other.0) })
    }
    /// Newton's iteration doubles the 14 digits of the estimate twice.
    #[inline(always)]
    fn reciprocal(self) -> Self {
        let one = Self::splat(1.0);
        let y = Self(unsafe { _mm512_rcp14_pd(self.0) });
        let y = y.mul_add(self.neg_mul_add(y, one), y);
        y.mul_add(self.neg_mul_add(y, one), y)
    }
    #[inline(always)]
    fn reciprocal_root(self) -> Self {
        let half = self.mul(Self::splat(0.5));
        let three_halves = Self::splat(1.5);
        let y = Self(unsafe { _mm512_rsqrt14_pd(self.0) });
        let y = y.mul(half.mul(y).neg_mul_add(y, three_halves));
        y.mul(half.mul(y).neg_mul_add(y, three_halves))
    }
    #[inline(always)]
    fn less(self, other: Self) -> __mmask8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0) }
    }
    #[inline(always)]
    fn first(count: usize) -> __mmask8 {
        if count >= 8 { 0xff } else { (1 << count) - 1 }
    }
    #[inline(always)]
    fn both(one: __mmask8, other: __mmask8) -> __mmask8 {
        one & other
    }
    #[inline(always)]
    fn bits(mask: __mmask8) -> u32 {
        u32::from(mask)
    }
    #[inline(always)]
    fn select(mask: __mmask8, yes: Self, no: Self) -> Self {
        Self(unsafe { _mm512_mask_blend_pd(mask, no.0, yes.0) })
    }
    #[inline(always)]
    fn keep(self, mask: __mmask8) -> Self {
        Self(unsafe { _mm512_maskz_mov_pd(mask, self.0) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(unsafe { _mm512_roundscale_pd::<8>(self.0) })
    }
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        Self(unsafe { _mm512_scalef_pd(self.0, n.0) })
    }
    #[inline(always)]
    fn sums(v: [Self; 8]) -> [f64; 8] {
        unsafe {
            let pairs = |a: Self, b: Self| {
                _mm512_add_pd(_mm512_unpacklo_pd(a.0, b.0), _mm512_unpackhi_pd(a.0, b.0))
            };
            let halves = |a, b| {
                _mm512_add_pd(
                    _mm512_shuffle_f64x2::<0x88>(a, b),
                    _mm512_shuffle_f64x2::<0xDD>(a, b),
                )
            };
            let low = halves(pairs(v[0], v[1]), pairs(v[2], v[3]));
            let high = halves(pairs(v[4], v[5]), pairs(v[6], v[7]));
            let mut sums = [0.0; 8];
            _mm512_storeu_pd(sums.as_mut_ptr(), halves(low, high));
            sums
        }
    }
    #[inline(always)]
    unsafe fn ways(places: *const Exact, index: *const u32, here: &Exact) -> [Self; 4] {
        unsafe { lanes::ways_double(places, index, here) }
    }
    #[inline(always)]
    unsafe fn records(records: *const [f64; 4], index: *const u32) -> [Self; 4] {
        unsafe {
            let pair = |a: usize, b: usize| two_records(records, *index.add(a), *index.add(b));
            let (a, b, c, d) = (pair(0, 2), pair(1, 3), pair(4, 6), pair(5, 7));
            let (ab_low, ab_high) = (_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
            let (cd_low, cd_high) = (_mm512_unpacklo_pd(c, d), _mm512_unpackhi_pd(c, d));
            [
                Self(_mm512_shuffle_f64x2::<0x88>(ab_low, cd_low)),
                Self(_mm512_shuffle_f64x2::<0x88>(ab_high, cd_high)),
                Self(_mm512_shuffle_f64x2::<0xDD>(ab_low, cd_low)),
                Self(_mm512_shuffle_f64x2::<0xDD>(ab_high, cd_high)),
            ]
        }
    }
    #[inline(always)]
    unsafe fn store_records(columns: [Self; 4], to: *mut [f64; 4]) {
        for (place, row) in rows(columns).into_iter().enumerate() {
            unsafe { _mm256_storeu_pd(to.add(place).cast(), row) };
        }
    }
    #[inline(always)]
    unsafe fn add_to_records(
        [x, y, z]: [Self; 3],
        records: *mut [f64; 4],
        index: *const u32,
        count: usize,
    ) {
        unsafe {
            let terms = rows([x, y, z, Self(_mm512_setzero_pd())]);
            for (place, term) in terms.into_iter().enumerate() {
                if place < count {
                    add_to_record(records, index, place, term);
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn gather(table: *const f64, index: *const u32) -> Self {
        unsafe {
            let index = _mm256_loadu_si256(index.cast());
            Self(_mm512_i32gather_pd::<8>(index, table))
        }
    }
    #[inline(always)]
    unsafe fn products(table: *const f64, first: *const u32, count: *const u32) -> Self {
        unsafe {
            let one = _mm256_set1_epi32(1);
            let mut index = _mm256_loadu_si256(first.cast());
            let mut left = _mm256_loadu_si256(count.cast());
            let mut product = _mm512_set1_pd(1.0);
            let mut level = 0;
            loop {
                let mask = _mm256_test_epi32_mask(left, left);
                // Few runs are longer than four: the branch is then foreseen.
                if level >= 4 && mask == 0 {
                    return Self(product);
                }
                let factor = _mm512_mask_i32gather_pd::<8>(_mm512_set1_pd(1.0), mask, index, table);
                product = _mm512_mul_pd(product, factor);
                index = _mm256_add_epi32(index, one);
                left = _mm256_mask_sub_epi32(left, mask, left, one);
                level += 1;
            }
        }
    }
    #[inline(always)]
    unsafe fn lookup(self, table: &[f64]) -> Self {
        unsafe {
            let index = _mm512_castpd_si512(self.0);
            if table.len() == 8 {
                Self(_mm512_permutexvar_pd(
                    index,
                    _mm512_loadu_pd(table.as_ptr()),
                ))
            } else {
                Self(_mm512_i64gather_pd::<8>(index, table.as_ptr()))
            }
        }
    }
    #[inline(always)]
    unsafe fn coefficients(
        place: Self,
        table_start: Self,
        table: *const [f64; 4],
    ) -> ([Self; 4], Self) {
        unsafe {
            let interval = _mm512_cvttpd_epi64(place.0);
            let rest = _mm512_sub_pd(place.0, _mm512_cvtepi64_pd(interval));
            let start = _mm512_castpd_si512(table_start.0);
            let index = _mm512_slli_epi64::<2>(_mm512_add_epi64(interval, start));
            let table = table.cast::<f64>();
            let column = |k| Self(_mm512_i64gather_pd::<8>(index, table.add(k)));
            ([column(0), column(1), column(2), column(3)], Self(rest))
        }
    }
    #[inline(always)]
    fn combine_index(self, factor: usize, other: Self) -> Self {
        unsafe {
            let scaled = _mm512_mullo_epi64(
                _mm512_castpd_si512(self.0),
                _mm512_set1_epi64(factor as i64),
            );
            let sum = _mm512_add_epi64(scaled, _mm512_castpd_si512(other.0));
            Self(_mm512_castsi512_pd(sum))
        }
    }
    #[inline(always)]
    fn exp(self) -> Self {
        exp_double(self)
    }
}

impl lanes::Doubles for Doubles {
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        unsafe {
            let mantissa = _mm512_getmant_pd::<_MM_MANT_NORM_1_2, _MM_MANT_SIGN_ZERO>(self.0);
            (Self(mantissa), Self(_mm512_getexp_pd(self.0)))
        }
    }
}

impl Singles for Floats {
    const N: usize = 16;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(unsafe { _mm512_set1_ps(x) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm512_loadu_ps(from) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm512_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm512_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn mul_sub(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm512_fmsub_ps(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn less(self, other: Self) -> u64 {
        u64::from(unsafe { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn list_bits(bits: u64, to: *mut u32) -> usize {
        unsafe {
            let numbers = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
            // Two parts without a branch, for most lists end in the second.
            let mut count = 0;
            for part in 0..4 {
                let mask = (bits >> (16 * part)) as u16;
                let shifted = _mm512_add_epi32(numbers, _mm512_set1_epi32(16 * part));
                let listed = _mm512_maskz_compress_epi32(mask, shifted);
                _mm512_storeu_si512(to.add(count).cast(), listed);
                count += mask.count_ones() as usize;
                if part == 1 && bits >> 32 == 0 {
                    break;
                }
            }
            count
        }
    }
    #[inline(always)]
    unsafe fn compress_indices(from: &[u32], bits: u32, to: *mut u32) {
        unsafe {
            let all = _mm256_loadu_si256(from.as_ptr().cast());
            _mm256_storeu_si256(to.cast(), _mm256_maskz_compress_epi32(bits as u8, all));
        }
    }
}

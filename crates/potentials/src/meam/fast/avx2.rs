//! Vectors of four doubles or eight singles with AVX2 and FMA.
#![expect(
    unsafe_code,
    reason = "instructions of the path, and vector loads and stores"
)]
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "all for one reason: kernels of this path run only where the processor has AVX2 and FMA, and the callers of unsafe functions answer for pointers"
)]

use std::arch::x86_64::*;

use super::lanes::{self, Exact, Lanes, Singles, Vectors, Whole, exp_double, exp_single};
use crate::whole::UNIT;

/// The path.
pub(in crate::meam) struct Avx2;

#[derive(Clone, Copy)]
pub(in crate::meam) struct Doubles(__m256d);

#[derive(Clone, Copy)]
pub(in crate::meam) struct Floats(__m256);

/// Adding it to a whole number of modest size leaves the number in the low bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// The path in mixed precision.
pub(in crate::meam) struct Mixed;

/// Eight singles for bonds.
#[derive(Clone, Copy)]
pub(in crate::meam) struct Reals(__m256);

impl Vectors for Avx2 {
    type Double = Doubles;
    type Real = Doubles;
    type Single = Floats;
}

impl Vectors for Mixed {
    type Double = Doubles;
    type Real = Reals;
    type Single = Floats;
}

/// Four rows as four columns.
#[inline(always)]
fn transpose([a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
    unsafe {
        let (ab_low, ab_high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (cd_low, cd_high) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        [
            _mm256_permute2f128_pd::<0x20>(ab_low, cd_low),
            _mm256_permute2f128_pd::<0x20>(ab_high, cd_high),
            _mm256_permute2f128_pd::<0x31>(ab_low, cd_low),
            _mm256_permute2f128_pd::<0x31>(ab_high, cd_high),
        ]
    }
}

#[inline(always)]
unsafe fn load_record(records: *const [f64; 4], index: usize) -> __m256d {
    unsafe { _mm256_loadu_pd(records.add(index).cast()) }
}

/// The sums of the numbers of each of four vectors.
#[inline(always)]
fn four_sums(a: Doubles, b: Doubles, c: Doubles, d: Doubles) -> __m256d {
    unsafe {
        let (ab, cd) = (_mm256_hadd_pd(a.0, b.0), _mm256_hadd_pd(c.0, d.0));
        let crossed = _mm256_permute2f128_pd::<0x21>(ab, cd);
        _mm256_add_pd(crossed, _mm256_blend_pd::<0b1100>(ab, cd))
    }
}

impl Lanes for Doubles {
    type Number = f64;
    const N: usize = 4;
    type Mask = __m256d;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(unsafe { _mm256_set1_pd(x) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        Self(unsafe { _mm256_loadu_pd(from) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        unsafe { _mm256_storeu_pd(to, self.0) }
    }
    #[inline(always)]
    unsafe fn store_single(self, to: *mut f32) {
        unsafe { _mm_storeu_ps(to, _mm256_cvtpd_ps(self.0)) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(unsafe { _mm256_add_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm256_sub_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm256_mul_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm256_fmadd_pd(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn neg_mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm256_fnmadd_pd(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(unsafe { _mm256_min_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(unsafe { _mm256_max_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        Self(unsafe { _mm256_div_pd(_mm256_set1_pd(1.0), self.0) })
    }
    #[inline(always)]
    fn reciprocal_root(self) -> Self {
        Self(unsafe { _mm256_div_pd(_mm256_set1_pd(1.0), _mm256_sqrt_pd(self.0)) })
    }
    #[inline(always)]
    fn less(self, other: Self) -> __m256d {
        unsafe { _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0) }
    }
    #[inline(always)]
    fn first(count: usize) -> __m256d {
        unsafe {
            let places = _mm256_set_pd(3.0, 2.0, 1.0, 0.0);
            _mm256_cmp_pd::<_CMP_LT_OQ>(places, _mm256_set1_pd(count as f64))
        }
    }
    #[inline(always)]
    fn both(one: __m256d, other: __m256d) -> __m256d {
        unsafe { _mm256_and_pd(one, other) }
    }
    #[inline(always)]
    fn bits(mask: __m256d) -> u32 {
        unsafe { _mm256_movemask_pd(mask) as u32 }
    }
    #[inline(always)]
    fn select(mask: __m256d, yes: Self, no: Self) -> Self {
        Self(unsafe { _mm256_blendv_pd(no.0, yes.0, mask) })
    }
    #[inline(always)]
    fn keep(self, mask: __m256d) -> Self {
        Self(unsafe { _mm256_and_pd(self.0, mask) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(unsafe {
            _mm256_round_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0)
        })
    }
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        unsafe {
            let whole = _mm256_castpd_si256(n.add(Self::splat(WHOLE)).0);
            let one = _mm256_castpd_si256(_mm256_set1_pd(1.0));
            let power = _mm256_add_epi64(_mm256_slli_epi64::<52>(whole), one);
            self.mul(Self(_mm256_castsi256_pd(power)))
        }
    }
    #[inline(always)]
    fn sums(v: [Self; 8]) -> [f64; 8] {
        let mut sums = [0.0; 8];
        unsafe {
            _mm256_storeu_pd(sums.as_mut_ptr(), four_sums(v[0], v[1], v[2], v[3]));
            _mm256_storeu_pd(sums.as_mut_ptr().add(4), four_sums(v[4], v[5], v[6], v[7]));
        }
        sums
    }
    #[inline(always)]
    unsafe fn ways(places: *const Exact, index: *const u32, here: &Exact) -> [Self; 4] {
        unsafe { lanes::ways_double(places, index, here) }
    }
    #[inline(always)]
    unsafe fn records(records: *const [f64; 4], index: *const u32) -> [Self; 4] {
        unsafe {
            let [x, y, z, w] = transpose([
                load_record(records, *index as usize),
                load_record(records, *index.add(1) as usize),
                load_record(records, *index.add(2) as usize),
                load_record(records, *index.add(3) as usize),
            ]);
            [Self(x), Self(y), Self(z), Self(w)]
        }
    }
    #[inline(always)]
    unsafe fn store_records([x, y, z, w]: [Self; 4], to: *mut [f64; 4]) {
        unsafe {
            for (place, row) in transpose([x.0, y.0, z.0, w.0]).into_iter().enumerate() {
                _mm256_storeu_pd(to.add(place).cast(), row);
            }
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
            let terms = transpose([x.0, y.0, z.0, _mm256_setzero_pd()]);
            for (place, term) in terms.into_iter().enumerate() {
                if place < count {
                    let record = records.add(*index.add(place) as usize).cast::<f64>();
                    _mm256_storeu_pd(record, _mm256_add_pd(_mm256_loadu_pd(record), term));
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn gather(table: *const f64, index: *const u32) -> Self {
        unsafe {
            let index = _mm_loadu_si128(index.cast());
            Self(_mm256_i32gather_pd::<8>(table, index))
        }
    }
    #[inline(always)]
    unsafe fn products(table: *const f64, first: *const u32, count: *const u32) -> Self {
        unsafe { Self::load(super::plain::products(table, first, count).as_ptr()) }
    }
    #[inline(always)]
    unsafe fn lookup(self, table: &[f64]) -> Self {
        unsafe {
            let index = _mm256_castpd_si256(self.0);
            Self(_mm256_i64gather_pd::<8>(table.as_ptr(), index))
        }
    }
    #[inline(always)]
    unsafe fn coefficients(
        place: Self,
        table_start: Self,
        table: *const [f64; 4],
    ) -> ([Self; 4], Self) {
        unsafe {
            let interval = _mm256_cvttpd_epi32(place.0);
            let rest = place.sub(Self(_mm256_cvtepi32_pd(interval)));
            let start = _mm256_castpd_si256(table_start.0);
            let index = _mm256_add_epi64(_mm256_cvtepi32_epi64(interval), start);
            let [a, b, c, d] = transpose([
                load_record(table, _mm256_extract_epi64::<0>(index) as usize),
                load_record(table, _mm256_extract_epi64::<1>(index) as usize),
                load_record(table, _mm256_extract_epi64::<2>(index) as usize),
                load_record(table, _mm256_extract_epi64::<3>(index) as usize),
            ]);
            ([Self(a), Self(b), Self(c), Self(d)], rest)
        }
    }
    #[inline(always)]
    fn combine_index(self, factor: usize, other: Self) -> Self {
        unsafe {
            let scaled = _mm256_mul_epu32(
                _mm256_castpd_si256(self.0),
                _mm256_set1_epi64x(factor as i64),
            );
            let sum = _mm256_add_epi64(scaled, _mm256_castpd_si256(other.0));
            Self(_mm256_castsi256_pd(sum))
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
        /// The bits of 2^52: below them there is room for a whole number.
        const TWO_52: f64 = 4_503_599_627_370_496.0;
        unsafe {
            let one = _mm256_set1_pd(1.0);
            let fraction = _mm256_castsi256_pd(_mm256_set1_epi64x((1 << 52) - 1));
            let mantissa = _mm256_or_pd(_mm256_and_pd(self.0, fraction), one);
            let biased = _mm256_srli_epi64::<52>(_mm256_castpd_si256(self.0));
            let whole = _mm256_or_pd(_mm256_castsi256_pd(biased), _mm256_set1_pd(TWO_52));
            let exponent = Self(whole).sub(Self::splat(TWO_52 + 1023.0));
            (Self(mantissa), exponent)
        }
    }
}

impl Singles for Floats {
    const N: usize = 8;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(unsafe { _mm256_set1_ps(x) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm256_loadu_ps(from) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm256_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm256_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn mul_sub(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm256_fmsub_ps(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn less(self, other: Self) -> u64 {
        let mask = unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LT_OQ>(self.0, other.0)) };
        u64::from(mask as u32)
    }
    #[inline(always)]
    unsafe fn list_bits(bits: u64, to: *mut u32) -> usize {
        unsafe { super::plain::list_bits(bits, to) }
    }
    #[inline(always)]
    unsafe fn compress_indices(from: &[u32], bits: u32, to: *mut u32) {
        unsafe { super::plain::compress_indices(from, bits, to) }
    }
}

/// Four records each in two vectors, the columns of which `turn` finds.
#[inline(always)]
unsafe fn rows(records: *const __m128, index: *const u32) -> [__m256; 4] {
    unsafe {
        let row = |k: usize| {
            let low = _mm_loadu_ps(records.add(*index.add(k) as usize).cast());
            let high = _mm_loadu_ps(records.add(*index.add(k + 4) as usize).cast());
            _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(low), high)
        };
        [row(0), row(1), row(2), row(3)]
    }
}

/// Transposes four by four numbers in each half.
#[inline(always)]
fn turn([a, b, c, d]: [__m256; 4]) -> [__m256; 4] {
    unsafe {
        let (ab_low, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd_low, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        [
            _mm256_shuffle_ps::<0x44>(ab_low, cd_low),
            _mm256_shuffle_ps::<0xEE>(ab_low, cd_low),
            _mm256_shuffle_ps::<0x44>(ab_high, cd_high),
            _mm256_shuffle_ps::<0xEE>(ab_high, cd_high),
        ]
    }
}

/// Eight records of four columns.
#[inline(always)]
fn unturned([x, y, z, w]: [Reals; 4]) -> [__m128; 8] {
    unsafe {
        let [a, b, c, d] = turn([x.0, y.0, z.0, w.0]);
        [
            _mm256_castps256_ps128(a),
            _mm256_castps256_ps128(b),
            _mm256_castps256_ps128(c),
            _mm256_castps256_ps128(d),
            _mm256_extractf128_ps::<1>(a),
            _mm256_extractf128_ps::<1>(b),
            _mm256_extractf128_ps::<1>(c),
            _mm256_extractf128_ps::<1>(d),
        ]
    }
}

impl Lanes for Reals {
    type Number = f32;
    const N: usize = 8;
    type Mask = __m256;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(unsafe { _mm256_set1_ps(x as f32) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm256_loadu_ps(from) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm256_storeu_ps(to, self.0) }
    }
    #[inline(always)]
    unsafe fn store_single(self, to: *mut f32) {
        unsafe { self.store(to) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(unsafe { _mm256_add_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm256_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm256_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn neg_mul_add(self, factor: Self, term: Self) -> Self {
        Self(unsafe { _mm256_fnmadd_ps(self.0, factor.0, term.0) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(unsafe { _mm256_min_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(unsafe { _mm256_max_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        Self(unsafe { _mm256_div_ps(_mm256_set1_ps(1.0), self.0) })
    }
    #[inline(always)]
    fn reciprocal_root(self) -> Self {
        Self(unsafe { _mm256_div_ps(_mm256_set1_ps(1.0), _mm256_sqrt_ps(self.0)) })
    }
    #[inline(always)]
    fn less(self, other: Self) -> __m256 {
        unsafe { _mm256_cmp_ps::<_CMP_LT_OQ>(self.0, other.0) }
    }
    #[inline(always)]
    fn first(count: usize) -> __m256 {
        unsafe {
            let places = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
            let count = _mm256_set1_epi32(count as i32);
            _mm256_castsi256_ps(_mm256_cmpgt_epi32(count, places))
        }
    }
    #[inline(always)]
    fn both(one: __m256, other: __m256) -> __m256 {
        unsafe { _mm256_and_ps(one, other) }
    }
    #[inline(always)]
    fn bits(mask: __m256) -> u32 {
        unsafe { _mm256_movemask_ps(mask) as u32 }
    }
    #[inline(always)]
    fn select(mask: __m256, yes: Self, no: Self) -> Self {
        Self(unsafe { _mm256_blendv_ps(no.0, yes.0, mask) })
    }
    #[inline(always)]
    fn keep(self, mask: __m256) -> Self {
        Self(unsafe { _mm256_and_ps(self.0, mask) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(unsafe {
            _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0)
        })
    }
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        unsafe {
            let one = _mm256_castps_si256(_mm256_set1_ps(1.0));
            let shifted = _mm256_slli_epi32::<23>(_mm256_cvtps_epi32(n.0));
            self.mul(Self(_mm256_castsi256_ps(_mm256_add_epi32(shifted, one))))
        }
    }
    #[inline(always)]
    fn sums(v: [Self; 8]) -> [f64; 8] {
        unsafe {
            let four = |a: Self, b: Self, c: Self, d: Self| {
                _mm256_hadd_ps(_mm256_hadd_ps(a.0, b.0), _mm256_hadd_ps(c.0, d.0))
            };
            let (low, high) = (four(v[0], v[1], v[2], v[3]), four(v[4], v[5], v[6], v[7]));
            let whole = |x| _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let mut sums = [0.0; 8];
            _mm256_storeu_pd(sums.as_mut_ptr(), _mm256_cvtps_pd(whole(low)));
            _mm256_storeu_pd(sums.as_mut_ptr().add(4), _mm256_cvtps_pd(whole(high)));
            sums
        }
    }
    #[inline(always)]
    unsafe fn ways(places: *const Whole, index: *const u32, here: &Whole) -> [Self; 4] {
        unsafe {
            let [x, y, z, kind] = turn(rows(places.cast(), index));
            let unit = Self(_mm256_set1_ps(UNIT));
            let way = |there, here| {
                let way = _mm256_sub_epi32(_mm256_castps_si256(there), _mm256_set1_epi32(here));
                Self(_mm256_cvtepi32_ps(way)).mul(unit)
            };
            let [here_x, here_y, here_z] = here.position;
            [way(x, here_x), way(y, here_y), way(z, here_z), Self(kind)]
        }
    }
    #[inline(always)]
    unsafe fn records(records: *const [f32; 4], index: *const u32) -> [Self; 4] {
        unsafe {
            let [x, y, z, w] = turn(rows(records.cast(), index));
            [Self(x), Self(y), Self(z), Self(w)]
        }
    }
    #[inline(always)]
    unsafe fn store_records(columns: [Self; 4], to: *mut [f32; 4]) {
        unsafe {
            for (place, row) in unturned(columns).into_iter().enumerate() {
                _mm_storeu_ps(to.add(place).cast(), row);
            }
        }
    }
    #[inline(always)]
    unsafe fn add_to_records(
        [x, y, z]: [Self; 3],
        records: *mut [f32; 4],
        index: *const u32,
        count: usize,
    ) {
        unsafe {
            let terms = unturned([x, y, z, Self(_mm256_setzero_ps())]);
            for (place, term) in terms.into_iter().enumerate() {
                if place < count {
                    let record = records.add(*index.add(place) as usize).cast::<f32>();
                    _mm_storeu_ps(record, _mm_add_ps(_mm_loadu_ps(record), term));
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn gather(table: *const f32, index: *const u32) -> Self {
        unsafe {
            let index = _mm256_loadu_si256(index.cast());
            Self(_mm256_i32gather_ps::<4>(table, index))
        }
    }
    #[inline(always)]
    unsafe fn products(table: *const f32, first: *const u32, count: *const u32) -> Self {
        unsafe {
            let one = _mm256_set1_epi32(1);
            let mut index = _mm256_loadu_si256(first.cast());
            let mut left = _mm256_loadu_si256(count.cast());
            let mut product = _mm256_set1_ps(1.0);
            let mut level = 0;
            loop {
                let mask = _mm256_castsi256_ps(_mm256_cmpgt_epi32(left, _mm256_setzero_si256()));
                // Few runs are longer than four: the branch is then foreseen.
                if level >= 4 && _mm256_movemask_ps(mask) == 0 {
                    return Self(product);
                }
                let ones = _mm256_set1_ps(1.0);
                let factor = _mm256_mask_i32gather_ps::<4>(ones, table, index, mask);
                product = _mm256_mul_ps(product, factor);
                index = _mm256_add_epi32(index, one);
                left = _mm256_sub_epi32(left, one);
                level += 1;
            }
        }
    }
    #[inline(always)]
    unsafe fn lookup(self, table: &[f32]) -> Self {
        unsafe {
            let index = _mm256_castps_si256(self.0);
            if table.len() == 8 {
                let table = _mm256_loadu_ps(table.as_ptr());
                Self(_mm256_permutevar8x32_ps(table, index))
            } else {
                Self(_mm256_i32gather_ps::<4>(table.as_ptr(), index))
            }
        }
    }
    #[inline(always)]
    unsafe fn coefficients(
        place: Self,
        table_start: Self,
        table: *const [f32; 4],
    ) -> ([Self; 4], Self) {
        unsafe {
            let interval = _mm256_cvttps_epi32(place.0);
            let rest = place.sub(Self(_mm256_cvtepi32_ps(interval)));
            let index = _mm256_add_epi32(interval, _mm256_castps_si256(table_start.0));
            let mut places = [0_u32; 8];
            _mm256_storeu_si256(places.as_mut_ptr().cast(), index);
            (Self::records(table, places.as_ptr()), rest)
        }
    }
    #[inline(always)]
    fn combine_index(self, factor: usize, other: Self) -> Self {
        unsafe {
            let factor = _mm256_set1_epi32(factor as i32);
            let scaled = _mm256_mullo_epi32(_mm256_castps_si256(self.0), factor);
            let sum = _mm256_add_epi32(scaled, _mm256_castps_si256(other.0));
            Self(_mm256_castsi256_ps(sum))
        }
    }
    #[inline(always)]
    fn exp(self) -> Self {
        exp_single(self)
    }
}

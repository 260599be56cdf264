//! Vectors of four doubles or eight singles in plain Rust, which compilers turn into whatever
//! vector instructions there are.
#![expect(
    unsafe_code,
    reason = "loads and stores by pointer, as the traits have them"
)]
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "all for one reason: the callers of unsafe functions answer for the pointers"
)]

use super::lanes::{self, Exact, Lanes, Singles, Vectors, Whole, exp_double, exp_single};

/// The path.
pub(in crate::meam) struct Plain;

#[derive(Clone, Copy)]
#[repr(align(32))]
pub(in crate::meam) struct Doubles([f64; 4]);

#[derive(Clone, Copy)]
#[repr(align(32))]
pub(in crate::meam) struct Floats([f32; 8]);

impl Vectors for Plain {
    type Double = Doubles;
    type Real = Doubles;
    type Single = Floats;
}

/// The path in mixed precision.
pub(in crate::meam) struct Mixed;

impl Vectors for Mixed {
    type Double = Doubles;
    type Real = Floats;
    type Single = Floats;
}

impl Doubles {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.0, other.0);
        Self([f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])])
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(f))
    }
}

impl Lanes for Doubles {
    type Number = f64;
    const N: usize = 4;
    type Mask = [bool; 4];

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self([x; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        Self(unsafe { from.cast::<[f64; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        unsafe { to.cast::<[f64; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn store_single(self, to: *mut f32) {
        unsafe {
            to.cast::<[f32; 4]>()
                .write_unaligned(self.0.map(|x| x as f32))
        }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        self.mul(factor).add(term)
    }
    #[inline(always)]
    fn neg_mul_add(self, factor: Self, term: Self) -> Self {
        term.sub(self.mul(factor))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        self.map(|a| 1.0 / a)
    }
    #[inline(always)]
    fn reciprocal_root(self) -> Self {
        self.map(|a| 1.0 / a.sqrt())
    }
    #[inline(always)]
    fn less(self, other: Self) -> [bool; 4] {
        let (a, b) = (self.0, other.0);
        [a[0] < b[0], a[1] < b[1], a[2] < b[2], a[3] < b[3]]
    }
    #[inline(always)]
    fn first(count: usize) -> [bool; 4] {
        [count > 0, count > 1, count > 2, count > 3]
    }
    #[inline(always)]
    fn both(one: [bool; 4], other: [bool; 4]) -> [bool; 4] {
        [
            one[0] & other[0],
            one[1] & other[1],
            one[2] & other[2],
            one[3] & other[3],
        ]
    }
    #[inline(always)]
    fn bits(mask: [bool; 4]) -> u32 {
        let bit = |k: usize| u32::from(mask[k]) << k;
        bit(0) | bit(1) | bit(2) | bit(3)
    }
    #[inline(always)]
    fn select(mask: [bool; 4], yes: Self, no: Self) -> Self {
        let pick = |k: usize| if mask[k] { yes.0[k] } else { no.0[k] };
        Self([pick(0), pick(1), pick(2), pick(3)])
    }
    #[inline(always)]
    fn keep(self, mask: [bool; 4]) -> Self {
        Self::select(mask, self, Self::splat(0.0))
    }
    /// Adding 1.5 · 2^52 leaves no bits behind the point.
    #[inline(always)]
    fn round(self) -> Self {
        const SHIFT: f64 = 6_755_399_441_055_744.0;
        self.map(|a| (a + SHIFT) - SHIFT)
    }
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        self.zip(n, |a, n| {
            a * f64::from_bits(((n as i32 + 1023) as u64) << 52)
        })
    }
    #[inline(always)]
    fn sums(vectors: [Self; 8]) -> [f64; 8] {
        vectors.map(|Self([a, b, c, d])| (a + b) + (c + d))
    }
    #[inline(always)]
    unsafe fn ways(places: *const Exact, index: *const u32, here: &Exact) -> [Self; 4] {
        unsafe { lanes::ways_double(places, index, here) }
    }
    #[inline(always)]
    unsafe fn records(records: *const [f64; 4], index: *const u32) -> [Self; 4] {
        let record = |k| unsafe { *records.add(*index.add(k) as usize) };
        let (a, b, c, d) = (record(0), record(1), record(2), record(3));
        [0, 1, 2, 3].map(|k| Self([a[k], b[k], c[k], d[k]]))
    }
    #[inline(always)]
    unsafe fn store_records([x, y, z, w]: [Self; 4], to: *mut [f64; 4]) {
        for k in 0..4 {
            unsafe { *to.add(k) = [x.0[k], y.0[k], z.0[k], w.0[k]] };
        }
    }
    #[inline(always)]
    unsafe fn add_to_records(
        [x, y, z]: [Self; 3],
        records: *mut [f64; 4],
        index: *const u32,
        count: usize,
    ) {
        for k in 0..count.min(4) {
            let record = unsafe { &mut *records.add(*index.add(k) as usize) };
            record[0] += x.0[k];
            record[1] += y.0[k];
            record[2] += z.0[k];
        }
    }
    #[inline(always)]
    unsafe fn gather(table: *const f64, index: *const u32) -> Self {
        Self([0, 1, 2, 3].map(|k| unsafe { *table.add(*index.add(k) as usize) }))
    }
    #[inline(always)]
    unsafe fn products(table: *const f64, first: *const u32, count: *const u32) -> Self {
        Self(unsafe { products(table, first, count) })
    }
    #[inline(always)]
    unsafe fn lookup(self, table: &[f64]) -> Self {
        self.map(|a| unsafe { *table.get_unchecked(a.to_bits() as usize) })
    }
    #[inline(always)]
    unsafe fn coefficients(
        place: Self,
        table_start: Self,
        table: *const [f64; 4],
    ) -> ([Self; 4], Self) {
        let interval = place.0.map(|x| x as u32);
        let rest = [0, 1, 2, 3].map(|k| place.0[k] - f64::from(interval[k]));
        let row = |k: usize| unsafe {
            *table.add(interval[k] as usize + table_start.0[k].to_bits() as usize)
        };
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        (
            [0, 1, 2, 3].map(|k| Self([a[k], b[k], c[k], d[k]])),
            Self(rest),
        )
    }
    #[inline(always)]
    fn combine_index(self, factor: usize, other: Self) -> Self {
        self.zip(other, |a, b| {
            f64::from_bits(a.to_bits() * factor as u64 + b.to_bits())
        })
    }
    #[inline(always)]
    fn exp(self) -> Self {
        exp_double(self)
    }
}

impl lanes::Doubles for Doubles {
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        const FRACTION: u64 = (1 << 52) - 1;
        let mantissa = self.map(|a| f64::from_bits((a.to_bits() & FRACTION) | (1023 << 52)));
        let exponent = self.map(|a| f64::from((a.to_bits() >> 52) as i32 - 1023));
        (mantissa, exponent)
    }
}

impl Floats {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|k| f(self.0[k], other.0[k])))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(self.0.map(f))
    }
}

impl Lanes for Floats {
    type Number = f32;
    const N: usize = 8;
    type Mask = [bool; 8];

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self([x as f32; 8])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { from.cast::<[f32; 8]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { to.cast::<[f32; 8]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn store_single(self, to: *mut f32) {
        unsafe { self.store(to) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Lanes::add(Lanes::mul(self, factor), term)
    }
    #[inline(always)]
    fn neg_mul_add(self, factor: Self, term: Self) -> Self {
        Lanes::sub(term, Lanes::mul(self, factor))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        self.map(|a| 1.0 / a)
    }
    #[inline(always)]
    fn reciprocal_root(self) -> Self {
        self.map(|a| 1.0 / a.sqrt())
    }
    #[inline(always)]
    fn less(self, other: Self) -> [bool; 8] {
        std::array::from_fn(|k| self.0[k] < other.0[k])
    }
    #[inline(always)]
    fn first(count: usize) -> [bool; 8] {
        std::array::from_fn(|k| k < count)
    }
    #[inline(always)]
    fn both(one: [bool; 8], other: [bool; 8]) -> [bool; 8] {
        std::array::from_fn(|k| one[k] & other[k])
    }
    #[inline(always)]
    fn bits(mask: [bool; 8]) -> u32 {
        let mut bits = 0;
        for (k, set) in mask.into_iter().enumerate() {
            bits |= u32::from(set) << k;
        }
        bits
    }
    #[inline(always)]
    fn select(mask: [bool; 8], yes: Self, no: Self) -> Self {
        Self(std::array::from_fn(|k| {
            if mask[k] { yes.0[k] } else { no.0[k] }
        }))
    }
    #[inline(always)]
    fn keep(self, mask: [bool; 8]) -> Self {
        Self::select(mask, self, Self([0.0; 8]))
    }
    /// Adding 1.5 · 2^23 leaves no bits behind the point.
    #[inline(always)]
    fn round(self) -> Self {
        const SHIFT: f32 = 12_582_912.0;
        self.map(|a| (a + SHIFT) - SHIFT)
    }
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        self.zip(n, |a, n| {
            a * f32::from_bits(((n as i32 + 127) as u32) << 23)
        })
    }
    #[inline(always)]
    fn sums(vectors: [Self; 8]) -> [f64; 8] {
        vectors.map(|Self([a, b, c, d, e, f, g, h])| {
            f64::from(((a + b) + (c + d)) + ((e + f) + (g + h)))
        })
    }
    #[inline(always)]
    unsafe fn ways(places: *const Whole, index: *const u32, here: &Whole) -> [Self; 4] {
        unsafe {
            columns(std::array::from_fn(|k| {
                (*places.add(*index.add(k) as usize)).way(here)
            }))
        }
    }
    #[inline(always)]
    unsafe fn records(records: *const [f32; 4], index: *const u32) -> [Self; 4] {
        unsafe {
            columns(std::array::from_fn(|k| {
                *records.add(*index.add(k) as usize)
            }))
        }
    }
    #[inline(always)]
    unsafe fn store_records([x, y, z, w]: [Self; 4], to: *mut [f32; 4]) {
        for k in 0..8 {
            unsafe { *to.add(k) = [x.0[k], y.0[k], z.0[k], w.0[k]] };
        }
    }
    #[inline(always)]
    unsafe fn add_to_records(
        [x, y, z]: [Self; 3],
        records: *mut [f32; 4],
        index: *const u32,
        count: usize,
    ) {
        for k in 0..count.min(8) {
            let record = unsafe { &mut *records.add(*index.add(k) as usize) };
            record[0] += x.0[k];
            record[1] += y.0[k];
            record[2] += z.0[k];
        }
    }
    #[inline(always)]
    unsafe fn gather(table: *const f32, index: *const u32) -> Self {
        Self(std::array::from_fn(|k| unsafe {
            *table.add(*index.add(k) as usize)
        }))
    }
    #[inline(always)]
    unsafe fn products(table: *const f32, first: *const u32, count: *const u32) -> Self {
        let mut products = [1.0; 8];
        for (lane, product) in products.iter_mut().enumerate() {
            let (first, count) = unsafe { (*first.add(lane) as usize, *count.add(lane) as usize) };
            for place in first..first + count {
                *product *= unsafe { *table.add(place) };
            }
        }
        Self(products)
    }
    #[inline(always)]
    unsafe fn lookup(self, table: &[f32]) -> Self {
        self.map(|a| unsafe { *table.get_unchecked(a.to_bits() as usize) })
    }
    #[inline(always)]
    unsafe fn coefficients(
        place: Self,
        table_start: Self,
        table: *const [f32; 4],
    ) -> ([Self; 4], Self) {
        let interval = place.0.map(|x| x as u32);
        let rest = std::array::from_fn(|k| place.0[k] - interval[k] as f32);
        let index: [u32; 8] = std::array::from_fn(|k| interval[k] + table_start.0[k].to_bits());
        (unsafe { Self::records(table, index.as_ptr()) }, Self(rest))
    }
    #[inline(always)]
    fn combine_index(self, factor: usize, other: Self) -> Self {
        self.zip(other, |a, b| {
            f32::from_bits(a.to_bits() * factor as u32 + b.to_bits())
        })
    }
    #[inline(always)]
    fn exp(self) -> Self {
        exp_single(self)
    }
}

/// Eight rows of four as four columns.
#[inline(always)]
fn columns(rows: [[f32; 4]; 8]) -> [Floats; 4] {
    [0, 1, 2, 3].map(|k| Floats(std::array::from_fn(|row| rows[row][k])))
}

impl Singles for Floats {
    const N: usize = 8;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; 8])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { from.cast::<[f32; 8]>().read_unaligned() })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] * other.0[k]))
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] - other.0[k]))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] * factor.0[k] + term.0[k]))
    }
    #[inline(always)]
    fn mul_sub(self, factor: Self, term: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] * factor.0[k] - term.0[k]))
    }
    #[inline(always)]
    fn less(self, other: Self) -> u64 {
        let mut bits = 0;
        for k in 0..8 {
            bits |= u64::from(self.0[k] < other.0[k]) << k;
        }
        bits
    }
    #[inline(always)]
    unsafe fn list_bits(bits: u64, to: *mut u32) -> usize {
        unsafe { list_bits(bits, to) }
    }
    #[inline(always)]
    unsafe fn compress_indices(from: &[u32], bits: u32, to: *mut u32) {
        unsafe { compress_indices(from, bits, to) }
    }
}

/// [`Singles::list_bits`], bit by bit.
#[inline(always)]
pub(super) unsafe fn list_bits(bits: u64, to: *mut u32) -> usize {
    let mut rest = bits;
    let mut count = 0;
    while rest != 0 {
        unsafe { *to.add(count) = rest.trailing_zeros() };
        count += 1;
        rest &= rest - 1;
    }
    count
}

/// [`Singles::compress_indices`], one by one, without branches.
#[inline(always)]
pub(super) unsafe fn compress_indices(from: &[u32], bits: u32, to: *mut u32) {
    let mut place = 0;
    for (k, index) in from.iter().enumerate() {
        unsafe { *to.add(place) = *index };
        place += (bits >> k & 1) as usize;
    }
}

/// [`Lanes::products`] of four runs.
#[inline(always)]
pub(super) unsafe fn products(table: *const f64, first: *const u32, count: *const u32) -> [f64; 4] {
    let mut products = [1.0; 4];
    for lane in 0..4 {
        let (first, count) = unsafe { (*first.add(lane) as usize, *count.add(lane) as usize) };
        for place in first..first + count {
            products[lane] *= unsafe { *table.add(place) };
        }
    }
    products
}

//! What the kernels ask of vectors of numbers.
//!
//! The kernels are written once, for any type that keeps these traits; a path of instructions is an
//! implementation of them. Products and sums named `mul_add` are fused where the instructions are.
//!
//! Everything here and in the phases is `#[inline(always)]`, and takes no closures nor the adapters
//! of arrays and iterators around vectors: only what is inlined into the function that enables the
//! instructions is compiled with them, and the compiler does not inline large closures.
#![expect(unsafe_code, reason = "the traits load and store by pointer")]

use frit_atoms::Vector;

use crate::whole;

/// A number of double or single precision.
pub(in crate::meam) trait Number:
    Copy + Default + Send + Sync + std::fmt::Debug + 'static
{
    /// Where an atom is, and of which species: what all atoms around it read.
    type Place: Place<Self>;

    fn of(x: f64) -> Self;
    fn wide(self) -> f64;
    /// The number whose bits are an index.
    fn of_index(index: usize) -> Self;
    /// The bits, as an index.
    fn index(self) -> usize;
    /// The largest number below a positive one.
    fn below(x: f64) -> Self;
}

impl Number for f64 {
    type Place = Exact;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
    #[inline(always)]
    fn of_index(index: usize) -> Self {
        Self::from_bits(index as u64)
    }
    #[inline(always)]
    fn index(self) -> usize {
        self.to_bits() as usize
    }
    fn below(x: f64) -> Self {
        x.next_down()
    }
}

impl Number for f32 {
    type Place = Whole;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn of_index(index: usize) -> Self {
        Self::from_bits(index as u32)
    }
    #[inline(always)]
    fn index(self) -> usize {
        self.to_bits() as usize
    }
    fn below(x: f64) -> Self {
        (x as f32).next_down()
    }
}

/// Where an atom is, and of which species.
pub(in crate::meam) trait Place<N>:
    Copy + Default + Send + Sync + std::fmt::Debug
{
    fn new(position: &Vector, species: u8) -> Self;
    fn species(&self) -> usize;
}

/// (x, y, z, species as bits) in half of a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(32))]
pub(in crate::meam) struct Exact(pub(super) [f64; 4]);

impl Place<f64> for Exact {
    #[inline(always)]
    fn new(position: &Vector, species: u8) -> Self {
        let species = f64::of_index(usize::from(species));
        Self([position.x, position.y, position.z, species])
    }
    #[inline(always)]
    fn species(&self) -> usize {
        self.0[3].index()
    }
}

/// The position in whole numbers (see [`crate::whole`]) and the species in a quarter of a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(16))]
pub(in crate::meam) struct Whole {
    pub(super) position: [i32; 3],
    species: u32,
}

impl Place<f32> for Whole {
    #[inline(always)]
    fn new(position: &Vector, species: u8) -> Self {
        Self {
            position: whole::position(position),
            species: u32::from(species),
        }
    }
    #[inline(always)]
    fn species(&self) -> usize {
        self.species as usize
    }
}

impl Whole {
    /// The way from `here` to this place [Å], and the species as bits.
    #[inline(always)]
    pub(super) fn way(&self, here: &Self) -> [f32; 4] {
        let [x, y, z] = whole::way(here.position, self.position);
        [x, y, z, f32::from_bits(self.species)]
    }
}

/// A vector of numbers.
pub(in crate::meam) trait Lanes: Copy {
    /// Of which precision they are.
    type Number: Number;
    /// Numbers in a vector: a divisor of 8.
    const N: usize;
    /// A truth value for each number.
    type Mask: Copy;

    fn splat(x: f64) -> Self;
    /// # Safety
    /// `N` numbers must lie at `from`.
    unsafe fn load(from: *const Self::Number) -> Self;
    /// # Safety
    /// `N` numbers must have room at `to`.
    unsafe fn store(self, to: *mut Self::Number);
    /// Stores the numbers in single precision.
    ///
    /// # Safety
    /// `N` numbers must have room at `to`.
    unsafe fn store_single(self, to: *mut f32);

    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    /// `self * factor + term`.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// `term - self * factor`.
    fn neg_mul_add(self, factor: Self, term: Self) -> Self;
    /// The smaller; `other` if `self` is no number.
    fn min(self, other: Self) -> Self;
    /// The larger; `other` if `self` is no number.
    fn max(self, other: Self) -> Self;
    fn reciprocal(self) -> Self;
    /// `1 / √self` for normal positive numbers.
    fn reciprocal_root(self) -> Self;

    /// Where `self < other`; false where either is no number.
    fn less(self, other: Self) -> Self::Mask;
    /// The first `count` places.
    fn first(count: usize) -> Self::Mask;
    fn both(one: Self::Mask, other: Self::Mask) -> Self::Mask;
    fn bits(mask: Self::Mask) -> u32;
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// `self` where the mask holds, else 0.
    fn keep(self, mask: Self::Mask) -> Self;

    /// Splits into the nearest whole number n and the rest, in (-1/2, 1/2).
    fn round(self) -> Self;
    /// `self * 2^n` for whole n of modest size.
    fn scale(self, n: Self) -> Self;

    /// The sums of the numbers of each of eight vectors.
    fn sums(vectors: [Self; 8]) -> [f64; 8];

    /// The ways from `here` to `N` places [Å], and their species as bits, transposed.
    ///
    /// # Safety
    /// `N` indices must lie at `index`, each that of a place.
    unsafe fn ways(
        places: *const PlaceOf<Self>,
        index: *const u32,
        here: &PlaceOf<Self>,
    ) -> [Self; 4];
    /// `N` records of four numbers, transposed.
    ///
    /// # Safety
    /// `N` indices must lie at `index`, each that of a record.
    unsafe fn records(records: *const [Self::Number; 4], index: *const u32) -> [Self; 4];
    /// Stores `N` records of four numbers, given transposed, one behind the other.
    ///
    /// # Safety
    /// They must have room at `to`.
    unsafe fn store_records(columns: [Self; 4], to: *mut [Self::Number; 4]);
    /// Adds (x, y, z, 0) to the records of the first `count` indices, one after the other.
    ///
    /// # Safety
    /// `count` indices, at most `N`, must lie at `index`, each that of a record.
    unsafe fn add_to_records(
        xyz: [Self; 3],
        records: *mut [Self::Number; 4],
        index: *const u32,
        count: usize,
    );

    /// `N` numbers of a table.
    ///
    /// # Safety
    /// `N` indices must lie at `index`, each that of a number of the table.
    unsafe fn gather(table: *const Self::Number, index: *const u32) -> Self;
    /// The products of `N` runs of numbers, given by their first places and lengths; 1 for none.
    ///
    /// # Safety
    /// `N` places and lengths must lie at `first` and `count`, and the runs in the table.
    unsafe fn products(table: *const Self::Number, first: *const u32, count: *const u32) -> Self;
    /// The numbers of a table at indices that are the *bits* of `self`.
    ///
    /// # Safety
    /// They must be indices of numbers of the table.
    unsafe fn lookup(self, table: &[Self::Number]) -> Self;
    /// The coefficients of a table's interval. `place >= 0` is in intervals.
    ///
    /// # Safety
    /// The whole parts of `place` must be indices of intervals, counted from `interval`'s (bits).
    unsafe fn coefficients(
        place: Self,
        table_start: Self,
        table: *const [Self::Number; 4],
    ) -> ([Self; 4], Self);
    /// `self * factor + term` on indices held as bits.
    fn combine_index(self, factor: usize, other: Self) -> Self;

    /// `e^self` for |self| < 700 (double precision) or 80 (single), to about one unit of the last
    /// place.
    fn exp(self) -> Self;
}

/// `e^x`: 2^n e^f with |f| <= ln 2 / 2, and a series of powers of f, the highest first. ln 2 is given
/// as a number of few digits, whose products with n are exact, and the rest.
#[inline(always)]
pub(super) fn exp<D: Lanes>(x: D, [ln2_high, ln2_low]: [f64; 2], series: &[f64]) -> D {
    let n = x.mul(D::splat(std::f64::consts::LOG2_E)).round();
    let f = n.neg_mul_add(D::splat(ln2_high), x);
    let f = n.neg_mul_add(D::splat(ln2_low), f);
    let mut sum = D::splat(series[0]);
    for coefficient in &series[1..] {
        sum = sum.mul_add(f, D::splat(*coefficient));
    }
    sum.scale(n)
}

/// [`Lanes::exp`] in double precision: the first term of Taylor's series left out is 2e-17.
#[inline(always)]
pub(super) fn exp_double<D: Lanes>(x: D) -> D {
    exp(
        x,
        [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10],
        &[
            1.0 / 479_001_600.0,
            1.0 / 39_916_800.0,
            1.0 / 3_628_800.0,
            1.0 / 362_880.0,
            1.0 / 40_320.0,
            1.0 / 5_040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
            1.0,
            1.0,
        ],
    )
}

/// [`Lanes::exp`] in single precision: the first term of Taylor's series left out is 5e-9.
#[inline(always)]
pub(super) fn exp_single<D: Lanes>(x: D) -> D {
    exp(
        x,
        [0.693_359_375, -2.121_944_400_546_905_8e-4],
        &[
            1.0 / 5_040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
            1.0,
            1.0,
        ],
    )
}

/// What doubles can beside.
pub(in crate::meam) trait Doubles: Lanes<Number = f64> {
    /// Mantissa in [1, 2) and exponent of positive normal numbers.
    fn split(self) -> (Self, Self);

    /// `ln self` for positive normal numbers, to about one unit of the last place of the larger of
    /// result and 1.
    ///
    /// With m in [√½, √2): 2 artanh[(m-1)/(m+1)] as a series of odd powers up to the 25th, whose next
    /// term is below 1e-21.
    #[inline(always)]
    fn ln(self) -> Self {
        let one = Self::splat(1.0);
        let (m, e) = self.split();
        let high = Self::splat(std::f64::consts::SQRT_2).less(m);
        let m = Self::select(high, m.mul(Self::splat(0.5)), m);
        let e = Self::select(high, e.add(one), e);
        let f = m.sub(one).mul(m.add(one).reciprocal());
        let square = f.mul(f);
        let mut sum = Self::splat(1.0 / 25.0);
        for odd in [
            23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0,
        ] {
            sum = sum.mul_add(square, Self::splat(1.0 / odd));
        }
        e.mul_add(Self::splat(std::f64::consts::LN_2), f.add(f).mul(sum))
    }
}

/// A vector of single-precision numbers, for tests that need not be exact.
pub(in crate::meam) trait Singles: Copy {
    /// Numbers in a vector: a divisor of 16.
    const N: usize;
    fn splat(x: f32) -> Self;
    /// # Safety
    /// `N` numbers must lie at `from`.
    unsafe fn load(from: *const f32) -> Self;
    fn mul(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    /// `self * factor + term`.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// `self * factor - term`.
    fn mul_sub(self, factor: Self, term: Self) -> Self;
    /// Where `self < other`, as bits.
    fn less(self, other: Self) -> u64;
    /// Stores the numbers of the bits that are set, and rubbish behind them; returns how many.
    ///
    /// # Safety
    /// 64 numbers must have room at `to`.
    unsafe fn list_bits(bits: u64, to: *mut u32) -> usize;
    /// Stores the indices whose bits are set, of eight, and rubbish behind them.
    ///
    /// # Safety
    /// As many indices as there are bits to look at must lie at `from`, at most eight, and eight
    /// must have room at `to`.
    unsafe fn compress_indices(from: &[u32], bits: u32, to: *mut u32);
}

/// [`Lanes::ways`] in double precision.
///
/// # Safety
/// As there.
#[inline(always)]
pub(super) unsafe fn ways_double<D: Lanes<Number = f64>>(
    places: *const Exact,
    index: *const u32,
    here: &Exact,
) -> [D; 4] {
    // SAFETY: the caller's; a place is a record.
    let [x, y, z, kind] = unsafe { D::records(places.cast(), index) };
    [
        x.sub(D::splat(here.0[0])),
        y.sub(D::splat(here.0[1])),
        z.sub(D::splat(here.0[2])),
        kind,
    ]
}

#[inline(always)]
pub(super) fn sub3<D: Lanes>(a: [D; 3], b: [D; 3]) -> [D; 3] {
    [a[0].sub(b[0]), a[1].sub(b[1]), a[2].sub(b[2])]
}

#[inline(always)]
pub(super) fn scale3<D: Lanes>(factor: D, a: [D; 3]) -> [D; 3] {
    [factor.mul(a[0]), factor.mul(a[1]), factor.mul(a[2])]
}

/// `factor * a + term`.
#[inline(always)]
pub(super) fn mul_add3<D: Lanes>(factor: D, a: [D; 3], term: [D; 3]) -> [D; 3] {
    [
        factor.mul_add(a[0], term[0]),
        factor.mul_add(a[1], term[1]),
        factor.mul_add(a[2], term[2]),
    ]
}

/// `term - factor * a`.
#[inline(always)]
pub(super) fn neg_mul_add3<D: Lanes>(factor: D, a: [D; 3], term: [D; 3]) -> [D; 3] {
    [
        factor.neg_mul_add(a[0], term[0]),
        factor.neg_mul_add(a[1], term[1]),
        factor.neg_mul_add(a[2], term[2]),
    ]
}

#[inline(always)]
pub(super) fn dot<D: Lanes>(a: [D; 3], b: [D; 3]) -> D {
    a[0].mul_add(b[0], a[1].mul_add(b[1], a[2].mul(b[2])))
}

/// A path of instructions, with what it computes in which precision.
pub(in crate::meam) trait Vectors {
    /// For sums over atoms and embedding.
    type Double: Doubles;
    /// For bonds and their screening.
    type Real: Lanes;
    /// For the classification of screeners.
    type Single: Singles;
}

/// The numbers of a path's bonds.
pub(super) type NumberOf<V> = <<V as Vectors>::Real as Lanes>::Number;
/// The places of atoms that a vector's numbers are measured between.
pub(super) type PlaceOf<L> = <<L as Lanes>::Number as Number>::Place;

//! What is known of one atom's surroundings, as columns of numbers.
#![expect(unsafe_code, reason = "vector loads and stores take pointers")]

use super::lanes::{Lanes, Number, Singles};

/// Atoms that pass through the phases at a time; no more than a vector has lanes, in which they are embedded.
pub(super) const GROUP: usize = 2;
/// Neighbours that a site holds. Atoms with more take the reference path.
pub(super) const MAX_NEIGHBOURS: usize = 64;
/// Partial screeners that a site holds. Atoms with more take the reference path.
pub(super) const MAX_TRIPLETS: usize = 512;
/// Room behind the last number for vectors that overhang.
const OVERHANG: usize = 16;
/// A column of neighbours: nine cache lines, so that columns spread over all sets of the cache.
const STRIDE: usize = MAX_NEIGHBOURS + 8;

/// A number for each neighbour.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Column<N>([N; STRIDE]);

/// A single for each neighbour.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct SingleColumn([f32; MAX_NEIGHBOURS + OVERHANG]);

/// A number for each partial screener.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct TripletColumn<N>([N; MAX_TRIPLETS + OVERHANG]);

/// An index for each neighbour.
pub(super) type Indices = [u32; MAX_NEIGHBOURS + OVERHANG];
/// An index for each partial screener, with room for what lists of 64 bits overhang.
pub(super) type TripletIndices = [u32; MAX_TRIPLETS + 64 + OVERHANG];

impl<N: Number> Column<N> {
    #[inline(always)]
    pub(super) fn load<D: Lanes<Number = N>>(&self, at: usize) -> D {
        assert!(at <= STRIDE - 8);
        // SAFETY: at most 8 numbers are read from `at`, which all lie in the column.
        unsafe { D::load(self.0.as_ptr().add(at)) }
    }
    #[inline(always)]
    pub(super) fn store<D: Lanes<Number = N>>(&mut self, at: usize, x: D) {
        assert!(at <= STRIDE - 8);
        // SAFETY: as for `load`.
        unsafe { x.store(self.0.as_mut_ptr().add(at)) }
    }
    #[inline(always)]
    pub(super) fn set(&mut self, at: usize, x: N) {
        self.0[at] = x;
    }
    #[inline(always)]
    pub(super) fn get(&self, at: usize) -> N {
        self.0[at]
    }
    pub(super) fn as_ptr(&self) -> *const N {
        self.0.as_ptr()
    }
}

impl SingleColumn {
    #[inline(always)]
    pub(super) fn load<S: Singles>(&self, at: usize) -> S {
        assert!(at <= MAX_NEIGHBOURS);
        // SAFETY: at most 16 numbers are read from `at`, which all lie in the column.
        unsafe { S::load(self.0.as_ptr().add(at)) }
    }
    #[inline(always)]
    pub(super) fn store<D: Lanes>(&mut self, at: usize, x: D) {
        assert!(at <= MAX_NEIGHBOURS);
        // SAFETY: at most 8 numbers are written from `at`, which all lie in the column.
        unsafe { x.store_single(self.0.as_mut_ptr().add(at)) }
    }
    #[inline(always)]
    pub(super) fn get(&self, at: usize) -> f32 {
        self.0[at]
    }
}

impl<N: Number> TripletColumn<N> {
    #[inline(always)]
    pub(super) fn load<D: Lanes<Number = N>>(&self, at: usize) -> D {
        assert!(at <= MAX_TRIPLETS + OVERHANG - 8);
        // SAFETY: at most 8 numbers are read from `at`, which all lie in the column.
        unsafe { D::load(self.0.as_ptr().add(at)) }
    }
    #[inline(always)]
    pub(super) fn store<D: Lanes<Number = N>>(&mut self, at: usize, x: D) {
        assert!(at <= MAX_TRIPLETS + OVERHANG - 8);
        // SAFETY: as for `load`.
        unsafe { x.store(self.0.as_mut_ptr().add(at)) }
    }
    pub(super) fn as_ptr(&self) -> *const N {
        self.0.as_ptr()
    }
}

/// One atom's surroundings and what the phases find out.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Site<N> {
    pub(super) atom: usize,
    pub(super) species: usize,
    /// Neighbours within the range of screening.
    pub(super) neighbours: usize,
    /// Neighbours within the cutoff, as bits.
    pub(super) in_cutoff: u64,
    /// Bonds: neighbours within the cutoff that no atom screens completely.
    pub(super) bonds: usize,
    /// Partial screeners of bonds.
    pub(super) triplets: usize,
    /// Too many neighbours or screeners: left to the reference path.
    pub(super) crowded: bool,
    /// Where the neighbours' records lie.
    pub(super) index: Indices,
    /// Neighbours as (x, y, z, species as bits), relative to the atom.
    pub(super) records: [[N; 4]; STRIDE],

    // Singles for the classification of screeners: positions, r², and d / r², 1 / r² of bonds.
    pub(super) single: [SingleColumn; 4],
    pub(super) scaled: [SingleColumn; 4],
    /// Cmin and Cmax by species of the bond's end, for each screener.
    pub(super) single_cmin: [SingleColumn; super::constants::MAX_SPECIES],
    pub(super) single_cmax: [SingleColumn; super::constants::MAX_SPECIES],
    /// For each neighbour the screeners of the bond to it that are not without effect, as bits.
    pub(super) screeners: [u64; MAX_NEIGHBOURS],

    // Bonds.
    pub(super) neighbour_of_bond: Indices,
    pub(super) first_triplet: Indices,
    pub(super) triplets_of_bond: Indices,
    pub(super) screening: Column<N>,
    pub(super) kind: Column<N>,
    pub(super) direction: [Column<N>; 3],
    pub(super) distance: Column<N>,
    pub(super) inverse_distance: Column<N>,
    pub(super) taper: Column<N>,
    pub(super) taper_slope: Column<N>,
    pub(super) density: [Column<N>; 4],
    pub(super) pair: Column<N>,
    pub(super) pair_slope: Column<N>,

    // Triplets: places of j and k among the neighbours, their positions, S and derivatives.
    pub(super) bond_end: TripletIndices,
    pub(super) screener: TripletIndices,
    pub(super) end_position: [TripletColumn<N>; 3],
    pub(super) screener_position: [TripletColumn<N>; 3],
    pub(super) factor: TripletColumn<N>,
    pub(super) by_ik: TripletColumn<N>,
    pub(super) by_jk: TripletColumn<N>,
    pub(super) by_ij: TripletColumn<N>,

    pub(super) moments: [f64; 24],
    pub(super) pair_energy: f64,
    pub(super) embedding: f64,
    pub(super) by_zeroth: f64,
    pub(super) by_square: f64,

    /// For each neighbour 2 S_ij f_c (∂E/∂(S f_c)) / r².
    pub(super) strength: Column<N>,
    /// Gradient of the site energy by each neighbour's position.
    pub(super) gradient: [[N; 4]; STRIDE],
}

impl<N: Number> Site<N> {
    pub(super) fn new() -> Self {
        let column = Column([N::default(); STRIDE]);
        let single = SingleColumn([0.0; MAX_NEIGHBOURS + OVERHANG]);
        let triplet = TripletColumn([N::default(); MAX_TRIPLETS + OVERHANG]);
        let columns = || std::array::from_fn(|_| column.clone());
        let triplets = || std::array::from_fn(|_| triplet.clone());
        let indices = [0; MAX_NEIGHBOURS + OVERHANG];
        Self {
            atom: 0,
            species: 0,
            neighbours: 0,
            in_cutoff: 0,
            bonds: 0,
            triplets: 0,
            crowded: false,
            index: indices,
            records: [[N::default(); 4]; STRIDE],
            single: std::array::from_fn(|_| single.clone()),
            scaled: std::array::from_fn(|_| single.clone()),
            single_cmin: std::array::from_fn(|_| single.clone()),
            single_cmax: std::array::from_fn(|_| single.clone()),
            screeners: [0; MAX_NEIGHBOURS],
            neighbour_of_bond: indices,
            first_triplet: indices,
            triplets_of_bond: indices,
            screening: column.clone(),
            kind: column.clone(),
            direction: [column.clone(), column.clone(), column.clone()],
            distance: column.clone(),
            inverse_distance: column.clone(),
            taper: column.clone(),
            taper_slope: column.clone(),
            density: columns(),
            pair: column.clone(),
            pair_slope: column.clone(),
            bond_end: [0; MAX_TRIPLETS + 64 + OVERHANG],
            screener: [0; MAX_TRIPLETS + 64 + OVERHANG],
            end_position: triplets(),
            screener_position: triplets(),
            factor: triplet.clone(),
            by_ik: triplet.clone(),
            by_jk: triplet.clone(),
            by_ij: triplet.clone(),
            moments: [0.0; 24],
            pair_energy: 0.0,
            embedding: 0.0,
            by_zeroth: 0.0,
            by_square: 0.0,
            strength: column.clone(),
            gradient: [[N::default(); 4]; STRIDE],
        }
    }
    /// Stores the records of neighbours from `at` on, given as columns.
    #[inline(always)]
    pub(super) fn store_records<D: Lanes<Number = N>>(&mut self, columns: [D; 4], at: usize) {
        assert!(at <= STRIDE - 8);
        // SAFETY: at most 8 records are written from `at`, which all have room.
        unsafe { D::store_records(columns, self.records.as_mut_ptr().add(at)) }
    }
}

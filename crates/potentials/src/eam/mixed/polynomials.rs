//! Functions of the distance as polynomials of its square, in single precision.
//!
//! The squared distance s, as a number of single precision, names its interval by its own bits: the
//! exponent and the first three bits of the mantissa, so that each octave has eight intervals. The
//! other bits are the place v in the interval, from -1/2 to 1/2. No root is taken, and the 32
//! coefficients of each power fit two registers of AVX-512, in which they are looked up without access
//! to memory. Slopes are the exact derivatives of the polynomials, so that forces belong to the energy.

use nalgebra::{SMatrix, SVector};

use super::super::cubic::Place;
use super::super::functions::{Duo, Functions};

/// Intervals of a function: four octaves of the squared distance, so two of the distance.
pub(in crate::eam) const INTERVALS: usize = 32;
/// Coefficients of a function.
pub(in crate::eam) const VALUE: usize = 7;
/// Coefficients of its derivative.
pub(in crate::eam) const SLOPE: usize = VALUE - 1;
/// Bits of a number that do not name its interval.
pub(in crate::eam) const PLACE_BITS: u32 = 20;

/// For each power of v the coefficients of all intervals, at the last five bits of their numbers.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(in crate::eam) struct Polynomial<const N: usize>(pub(in crate::eam) [[f32; INTERVALS]; N]);

/// The two functions of a pair of species (source, at), by the squared distance.
#[derive(Debug, Clone)]
pub(in crate::eam) struct PairPolynomials {
    /// The density that the source gives.
    pub(in crate::eam) density: Polynomial<VALUE>,
    /// Its derivative by the distance, over the distance [1/Å²].
    pub(in crate::eam) density_slope: Polynomial<SLOPE>,
    /// φ [eV].
    pub(in crate::eam) pair: Polynomial<VALUE>,
    /// Its derivative by the distance, over the distance [eV/Å²].
    pub(in crate::eam) pair_slope: Polynomial<SLOPE>,
}

/// The functions of all pairs of species.
#[derive(Debug, Clone)]
pub(in crate::eam) struct Polynomials {
    /// Squares below this [Å²] are before the first interval.
    pub(in crate::eam) least: f32,
    /// Squares from this on [Å²] are beyond the cutoff.
    pub(in crate::eam) limit: f32,
    /// The number of the first interval: its numbers' first bits.
    first: u32,
    species: usize,
    pairs: Vec<PairPolynomials>,
    /// The largest deviation from the tables, of pairs no closer than the first interval.
    pub(in crate::eam) worst: Deviation,
}

/// A deviation of the polynomials from the tables.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::eam) struct Deviation {
    /// In units of what is allowed.
    pub(in crate::eam) excess: f64,
    /// At which distance [Å].
    pub(in crate::eam) distance: f64,
    /// For which species: source, at.
    pub(in crate::eam) species: [usize; 2],
}

/// The pair force [eV/Å], and the derivative of the density as far as forces feel it (F' is a few eV at
/// most), may deviate by this, or by as much of themselves when they are larger.
pub(in crate::eam) const ALLOWED: f64 = 1e-4;

impl Polynomials {
    pub(in crate::eam) fn new(functions: &Functions) -> Self {
        let limit = (functions.cutoff * functions.cutoff) as f32;
        // The last interval that holds numbers below the limit.
        let last = limit.next_down().to_bits() >> PLACE_BITS;
        let first = last - (INTERVALS as u32 - 1);
        let mut polynomials = Self {
            least: f32::from_bits(first << PLACE_BITS),
            limit,
            first,
            species: functions.species,
            pairs: Vec::new(),
            worst: Deviation::default(),
        };
        for source in 0..functions.species {
            for at in 0..functions.species {
                let fitted = polynomials.fit(functions, functions.radial(source, at));
                polynomials.check(functions, &fitted, [source, at]);
                polynomials.pairs.push(fitted);
            }
        }
        polynomials
    }

    /// The functions of a pair of species.
    #[inline(always)]
    pub(in crate::eam) fn of(&self, source: usize, at: usize) -> &PairPolynomials {
        &self.pairs[source * self.species + at]
    }

    /// The interval of a square [Å²] from the least on, by the last bits of its number, and the place in
    /// it.
    #[inline(always)]
    pub(in crate::eam) fn locate(squared: f32) -> (usize, f32) {
        let bits = squared.to_bits();
        let interval = (bits >> PLACE_BITS) as usize % INTERVALS;
        // The bits of the place become those of a number from 1 to 2.
        let mantissa = (bits << (23 - PLACE_BITS)) & 0x007F_FFFF;
        (interval, f32::from_bits(0x3F80_0000 | mantissa) - 1.5)
    }

    /// The bounds of an interval, from the first one's number on.
    fn bounds(&self, interval: usize) -> [f64; 2] {
        let start = |number: u32| f64::from(f32::from_bits(number << PLACE_BITS));
        let ahead = (interval as u32).wrapping_sub(self.first) % INTERVALS as u32;
        let number = self.first + ahead;
        [start(number), start(number + 1)]
    }

    fn fit(&self, functions: &Functions, table: &[Duo]) -> PairPolynomials {
        let mut fitted = PairPolynomials {
            density: Polynomial([[0.0; INTERVALS]; VALUE]),
            density_slope: Polynomial([[0.0; INTERVALS]; SLOPE]),
            pair: Polynomial([[0.0; INTERVALS]; VALUE]),
            pair_slope: Polynomial([[0.0; INTERVALS]; SLOPE]),
        };
        for interval in 0..INTERVALS {
            let [low, high] = self.bounds(interval);
            let (middle, width) = (0.5 * (low + high), high - low);
            // The functions are not asked beyond the cutoff.
            let end = high.min(f64::from(self.limit));
            // Interpolation where the polynomials of Chebyshev are zero comes close to the best fit.
            let places: [f64; VALUE] = std::array::from_fn(|k| {
                let angle = std::f64::consts::PI * (k as f64 + 0.5) / VALUE as f64;
                let squared = 0.5 * (low + end) - 0.5 * (end - low) * angle.cos();
                (squared - middle) / width
            });
            let powers = SMatrix::<f64, VALUE, VALUE>::from_fn(|row, k| places[row].powi(k as i32));
            let factors = powers.lu();
            let solve = |value: &dyn Fn(f64) -> f64| {
                let values = SVector::<f64, VALUE>::from_fn(|row, _| {
                    value((middle + width * places[row]).sqrt())
                });
                // The places are distinct, so that there is a solution.
                factors.solve(&values).unwrap_or_default()
            };
            let density = solve(&|r| exact(functions, table, r).density);
            let pair = solve(&|r| exact(functions, table, r).pair);
            for (values, slopes, coefficients) in [
                (&mut fitted.density, &mut fitted.density_slope, density),
                (&mut fitted.pair, &mut fitted.pair_slope, pair),
            ] {
                for k in 0..VALUE {
                    values.0[k][interval] = coefficients[k] as f32;
                    if k > 0 {
                        // (1/r) d/dr = 2 d/ds, and v = (s - middle) / width.
                        let slope = 2.0 * k as f64 * coefficients[k] / width;
                        slopes.0[k - 1][interval] = slope as f32;
                    }
                }
            }
        }
        fitted
    }

    /// Notes the largest deviation of a pair of species.
    fn check(&mut self, functions: &Functions, fitted: &PairPolynomials, species: [usize; 2]) {
        const POINTS: usize = 16;
        let table = functions.radial(species[0], species[1]);
        for interval in 0..INTERVALS {
            let [low, high] = self.bounds(interval);
            let end = high.min(f64::from(self.limit));
            for point in 0..POINTS {
                let squared = low + (end - low) * (point as f64 + 0.5) / POINTS as f64;
                let r = squared.sqrt();
                let (interval, v) = Self::locate(squared as f32);
                let wanted = exact(functions, table, r);
                for (found, wanted) in [
                    (fitted.density_slope.at(interval, v), wanted.density_slope),
                    (fitted.pair_slope.at(interval, v), wanted.pair_slope),
                ] {
                    let deviation = (f64::from(found) * r - wanted).abs();
                    let excess = deviation / (ALLOWED * wanted.abs().max(1.0));
                    if excess > self.worst.excess || excess.is_nan() {
                        self.worst = Deviation {
                            excess,
                            distance: r,
                            species,
                        };
                    }
                }
            }
        }
    }
}

impl<const N: usize> Polynomial<N> {
    /// The value at the place `v` of an interval.
    #[inline(always)]
    pub(in crate::eam) fn at(&self, interval: usize, v: f32) -> f32 {
        let mut sum = self.0[N - 1][interval];
        for power in self.0[..N - 1].iter().rev() {
            sum = sum * v + power[interval];
        }
        sum
    }
}

/// Functions of a pair at one distance, from the tables.
pub(in crate::eam) struct Exact {
    pub(in crate::eam) density: f64,
    /// By the distance [1/Å].
    pub(in crate::eam) density_slope: f64,
    /// φ [eV].
    pub(in crate::eam) pair: f64,
    /// By the distance [eV/Å].
    pub(in crate::eam) pair_slope: f64,
}

/// The functions of a pair at the distance `r` [Å], from the tables.
pub(in crate::eam) fn exact(functions: &Functions, table: &[Duo], r: f64) -> Exact {
    let Place { knot, fraction } = Place::of(r, functions.inverse_step, functions.points);
    let Duo { density, pair } = &table[knot];
    let phi = pair.value(fraction) / r;
    Exact {
        density: density.value(fraction),
        density_slope: density.slope(fraction) * functions.inverse_step,
        pair: phi,
        // φ' = ((r φ)' − φ) / r.
        pair_slope: (pair.slope(fraction) * functions.inverse_step - phi) / r,
    }
}

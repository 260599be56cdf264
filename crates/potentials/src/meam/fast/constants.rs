//! The constants, laid out for vectors.

use super::lanes::Number;
use super::screeners::MARGIN;
use crate::meam::functions::GammaForm;
use crate::meam::model::Constants;

/// Species that the vector kernels take: numbers of a species fit one register.
pub(in crate::meam) const MAX_SPECIES: usize = 8;

/// A number for each species.
pub(super) type BySpecies<N> = [N; MAX_SPECIES];

/// Constants of a potential.
#[derive(Debug, Clone)]
pub(in crate::meam) struct VectorConstants<N> {
    pub(super) species: usize,
    /// Squares of the ranges of screening and of the cutoff [Å²].
    pub(super) range2: f64,
    pub(super) cutoff2: f64,
    pub(super) cutoff: f64,
    pub(super) inverse_taper: f64,
    /// Atomic densities are exp(intercept_l - rate_l r).
    pub(super) intercept: [BySpecies<N>; 4],
    pub(super) rate: [BySpecies<N>; 4],
    /// Whether densities 1 and 3 are the same in all elements.
    pub(super) third_is_first: bool,
    pub(super) central: Vec<Central<N>>,
    pub(super) inverse_step: f64,
    /// The last place in a table, just inside its last interval.
    pub(super) last_place: N,
    /// The pair potentials' cubics, table after table.
    pub(super) tables: Vec<[N; 4]>,
    pub(super) smoothing: f64,
}

/// Constants of the atom in the centre.
#[derive(Debug, Clone)]
pub(in crate::meam) struct Central<N> {
    /// Cmin and Cmax of bond (i, j) by the species of k, a little smaller and a little larger: limits for
    /// tests that are not exact ([`super::screeners`]).
    pub(super) careful_cmin: [BySpecies<N>; MAX_SPECIES],
    pub(super) careful_cmax: [BySpecies<N>; MAX_SPECIES],
    /// Cmax and 1/(Cmax - Cmin) at `species(j) * species + species(k)`.
    pub(super) cmax_of_pair: Vec<N>,
    pub(super) inverse_width: Vec<N>,
    /// First interval of the pair's table, as bits.
    pub(super) table_start: BySpecies<N>,
    pub(super) t: [f64; 4],
    pub(super) embedding: f64,
    pub(super) inverse_reference: f64,
    pub(super) gamma_form: GammaForm,
}

impl<N: Number> VectorConstants<N> {
    pub(in crate::meam) fn new(constants: &Constants) -> Option<Self> {
        let species = constants.species;
        if species > MAX_SPECIES || species == 0 {
            return None;
        }
        let by_species = |of: &dyn Fn(usize) -> f64| -> BySpecies<N> {
            std::array::from_fn(|e| N::of(of(e.min(species - 1))))
        };
        let elements = &constants.elements;
        let intercept = [0, 1, 2, 3].map(|l| by_species(&|e| elements[e].intercept[l]));
        let rate = [0, 1, 2, 3].map(|l| by_species(&|e| elements[e].rate[l]));
        let pairs = (0..species).flat_map(|a| (a..species).map(move |b| a * species + b));
        let tables = pairs.map(|pair| &constants.pair[pair]);
        let intervals = constants.pair[0].coefficients.len();
        Some(Self {
            species,
            range2: constants.range * constants.range,
            cutoff2: constants.rc * constants.rc,
            cutoff: constants.rc,
            inverse_taper: 1.0 / constants.delr,
            third_is_first: elements
                .iter()
                .all(|e| e.intercept[1] == e.intercept[3] && e.rate[1] == e.rate[3]),
            intercept,
            rate,
            central: (0..species).map(|i| Central::new(constants, i)).collect(),
            inverse_step: constants.pair[0].inverse_step,
            last_place: N::below(intervals as f64),
            tables: tables
                .flat_map(|table| &table.coefficients)
                .map(|row| row.map(N::of))
                .collect(),
            smoothing: constants.smoothing,
        })
    }
}

/// The number of a pair's table; i-j and j-i share one.
fn table_of(species: usize, i: usize, j: usize) -> usize {
    let (a, b) = (i.min(j), i.max(j));
    a * species - a * (a + 1) / 2 + b
}

impl<N: Number> Central<N> {
    fn new(constants: &Constants, i: usize) -> Self {
        let species = constants.species;
        let inside = |e: usize| e.min(species - 1);
        let limits = |of: &[f64], factor: f64| -> [BySpecies<N>; MAX_SPECIES] {
            std::array::from_fn(|j| {
                std::array::from_fn(|k| {
                    N::of(factor * of[constants.triple(i, inside(j), inside(k))])
                })
            })
        };
        // Eight numbers are looked up in a register.
        let room = (species * species).max(MAX_SPECIES);
        let mut cmax_of_pair = vec![N::of(2.0); room];
        let mut inverse_width = vec![N::of(1.0); room];
        for j in 0..species {
            for k in 0..species {
                let triple = constants.triple(i, j, k);
                cmax_of_pair[j * species + k] = N::of(constants.cmax[triple]);
                let width = constants.cmax[triple] - constants.cmin[triple];
                inverse_width[j * species + k] = N::of(1.0 / width);
            }
        }
        let intervals = constants.pair[0].coefficients.len();
        let start = |j: usize| table_of(species, i, inside(j)) * intervals;
        let element = &constants.elements[i];
        Self {
            careful_cmin: limits(&constants.cmin, 1.0 - MARGIN),
            careful_cmax: limits(&constants.cmax, 1.0 + MARGIN),
            cmax_of_pair,
            inverse_width,
            table_start: std::array::from_fn(|j| N::of_index(start(j))),
            t: element.t,
            embedding: element.embedding,
            inverse_reference: 1.0 / element.reference_density,
            gamma_form: element.gamma_form,
        }
    }
}

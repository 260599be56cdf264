//! The constants, laid out for vectors.

use crate::meam::functions::GammaForm;
use crate::meam::model::Constants;

/// Species that the vector kernels take: numbers of a species fit one register.
pub(in crate::meam) const MAX_SPECIES: usize = 8;

/// A number for each species.
pub(super) type BySpecies = [f64; MAX_SPECIES];

/// Constants of a potential.
#[derive(Debug, Clone)]
pub(in crate::meam) struct VectorConstants {
    pub(super) species: usize,
    /// Squares of the ranges of screening and of the cutoff [Å²].
    pub(super) range2: f64,
    pub(super) cutoff2: f64,
    pub(super) cutoff: f64,
    pub(super) inverse_taper: f64,
    /// Atomic densities are exp(intercept_l - rate_l r).
    pub(super) intercept: [BySpecies; 4],
    pub(super) rate: [BySpecies; 4],
    /// Whether densities 1 and 3 are the same in all elements.
    pub(super) third_is_first: bool,
    pub(super) central: Vec<Central>,
    pub(super) inverse_step: f64,
    /// The last place in a table, just inside its last interval.
    pub(super) last_place: f64,
    /// The pair potentials' cubics, table after table.
    pub(super) tables: Vec<[f64; 4]>,
    pub(super) smoothing: f64,
}

/// Constants of the atom in the centre.
#[derive(Debug, Clone)]
pub(super) struct Central {
    /// Cmin and Cmax of bond (i, j) by the species of k.
    pub(super) cmin: [BySpecies; MAX_SPECIES],
    pub(super) cmax: [BySpecies; MAX_SPECIES],
    /// Cmax and 1/(Cmax - Cmin) at `species(j) * species + species(k)`.
    pub(super) cmax_of_pair: Vec<f64>,
    pub(super) inverse_width: Vec<f64>,
    /// First interval of the pair's table, as bits.
    pub(super) table_start: BySpecies,
    pub(super) t: [f64; 4],
    pub(super) embedding: f64,
    pub(super) inverse_reference: f64,
    pub(super) gamma_form: GammaForm,
}

impl VectorConstants {
    pub(in crate::meam) fn new(constants: &Constants) -> Option<Self> {
        let species = constants.species;
        if species > MAX_SPECIES || species == 0 {
            return None;
        }
        let by_species = |of: &dyn Fn(usize) -> f64| -> BySpecies {
            std::array::from_fn(|e| of(e.min(species - 1)))
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
            third_is_first: intercept[1] == intercept[3] && rate[1] == rate[3],
            intercept,
            rate,
            central: (0..species).map(|i| Central::new(constants, i)).collect(),
            inverse_step: constants.pair[0].inverse_step,
            last_place: intervals as f64 - 1e-6,
            tables: tables
                .flat_map(|table| table.coefficients.iter().copied())
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

impl Central {
    fn new(constants: &Constants, i: usize) -> Self {
        let species = constants.species;
        let inside = |e: usize| e.min(species - 1);
        let limits = |of: &[f64]| -> [BySpecies; MAX_SPECIES] {
            std::array::from_fn(|j| {
                std::array::from_fn(|k| of[constants.triple(i, inside(j), inside(k))])
            })
        };
        let (cmin, cmax) = (limits(&constants.cmin), limits(&constants.cmax));
        // Eight numbers are looked up in a register.
        let room = (species * species).max(MAX_SPECIES);
        let mut cmax_of_pair = vec![2.0; room];
        let mut inverse_width = vec![1.0; room];
        for j in 0..species {
            for k in 0..species {
                cmax_of_pair[j * species + k] = cmax[j][k];
                inverse_width[j * species + k] = 1.0 / (cmax[j][k] - cmin[j][k]);
            }
        }
        let intervals = constants.pair[0].coefficients.len();
        let start = |j: usize| (table_of(species, i, inside(j)) * intervals) as u64;
        let element = &constants.elements[i];
        Self {
            cmin,
            cmax,
            cmax_of_pair,
            inverse_width,
            table_start: std::array::from_fn(|j| f64::from_bits(start(j))),
            t: element.t,
            embedding: element.embedding,
            inverse_reference: 1.0 / element.reference_density,
            gamma_form: element.gamma_form,
        }
    }
}

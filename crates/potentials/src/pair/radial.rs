//! The kernel of pair potentials, for any function of the distance.

use frit_atoms::Surroundings;

use crate::chunks::{Task, for_each_chunk, wants_sums};
use crate::{Evaluation, EvaluationError, Model};

/// A function of the distance of one pair of species.
pub trait Radial: Send + Sync {
    /// Where the function ends [Å].
    fn cutoff(&self) -> f64;

    /// Energy and slope at a squared distance [Å²] below the cutoff's.
    fn at(&self, distance_squared: f64) -> RadialValue;
}

/// A function of the distance and its derivative at one distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RadialValue {
    /// φ(r) [eV].
    pub energy: f64,
    /// φ'(r)/r [eV/Å²]; negative where the pair repels.
    pub slope_over_distance: f64,
}

/// Why parameters do not make a pair potential.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PairError {
    /// No parameters are given for two species.
    #[error("no parameters are given for the pair {first}-{second}; there are some for {}", known.join(", "))]
    MissingPair {
        /// A species.
        first: String,
        /// The other, or the same.
        second: String,
        /// The pairs for which there are parameters.
        known: Vec<String>,
    },
    /// The parameters of a pair are given twice.
    #[error("parameters of the pair {first}-{second} are given twice; keep one of them")]
    TwoPairs {
        /// A species.
        first: String,
        /// The other, or the same.
        second: String,
    },
    /// A parameter is out of its range.
    #[error("{name} is {found}; it must be {allowed}")]
    BadParameter {
        /// The parameter, with its pair.
        name: String,
        /// Its value.
        found: f64,
        /// The values that are allowed.
        allowed: &'static str,
    },
    /// A species is no element.
    #[error("{name} is no element; this potential needs the atomic number of each species")]
    NoElement {
        /// The species.
        name: String,
    },
}

/// A pair potential: E = Σ_{i<j} φ_{ab}(r_ij), a and b the species of i and j.
#[derive(Debug, Clone)]
pub struct Pair<R> {
    name: &'static str,
    description: String,
    species: usize,
    functions: Vec<R>,
}

impl<R: Radial> Pair<R> {
    /// A potential from its functions, one for each ordered pair of species: that of species `a`
    /// and `b` stands at `a * species + b`, and is the same as that of `b` and `a`.
    ///
    /// # Panics
    /// When the number of functions is not `species²`.
    pub fn new(name: &'static str, description: String, species: usize, functions: Vec<R>) -> Self {
        assert_eq!(functions.len(), species * species, "one function a pair");
        Self {
            name,
            description,
            species,
            functions,
        }
    }

    /// The function of two species.
    pub fn function(&self, first: usize, second: usize) -> &R {
        &self.functions[first * self.species + second]
    }

    fn atom<const SUMS: bool>(
        &self,
        surroundings: &Surroundings<'_>,
        atom: usize,
        task: &mut Task<'_>,
    ) {
        let here = surroundings.position[atom];
        let kind = usize::from(surroundings.species[atom]);
        let mut force = [0.0; 3];
        let mut energy = 0.0;
        let mut virial = [0.0; 6];
        for other_kind in 0..self.species {
            let function = self.function(kind, other_kind);
            let limit = function.cutoff() * function.cutoff();
            for &other in surroundings.list.row_of_species(atom, other_kind) {
                let d = surroundings.position[other as usize] - here;
                let squared = d.norm_squared();
                if squared >= limit {
                    continue;
                }
                let RadialValue {
                    energy: pair_energy,
                    slope_over_distance: pull,
                } = function.at(squared);
                force[0] += pull * d.x;
                force[1] += pull * d.y;
                force[2] += pull * d.z;
                if SUMS {
                    // The other half of each pair is found from the other atom.
                    energy += 0.5 * pair_energy;
                    let half = -0.5 * pull;
                    virial[0] += half * d.x * d.x;
                    virial[1] += half * d.y * d.y;
                    virial[2] += half * d.z * d.z;
                    virial[3] += half * d.x * d.y;
                    virial[4] += half * d.x * d.z;
                    virial[5] += half * d.y * d.z;
                }
            }
        }
        task.add_force(atom, force);
        if SUMS {
            task.add_energy_and_virial(atom, energy, virial);
        }
    }
}

impl<R: Radial> Model for Pair<R> {
    type Workspace = ();

    fn name(&self) -> &'static str {
        self.name
    }

    fn cutoff(&self) -> f64 {
        self.functions
            .iter()
            .map(Radial::cutoff)
            .fold(0.0, f64::max)
    }

    fn describe(&self) -> String {
        self.description.clone()
    }

    fn kernel(&self) -> &'static str {
        "portable"
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        _workspace: &mut (),
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let sums = wants_sums(evaluation.request);
        for_each_chunk(surroundings, evaluation, |task| {
            for atom in task.atoms.clone() {
                if sums {
                    self.atom::<true>(surroundings, atom, task);
                } else {
                    self.atom::<false>(surroundings, atom, task);
                }
            }
        })
    }
}

/// Checks that a number is positive and finite.
pub(super) fn positive(name: String, found: f64) -> Result<f64, PairError> {
    if found > 0.0 && found.is_finite() {
        Ok(found)
    } else {
        Err(PairError::BadParameter {
            name,
            found,
            allowed: "positive and finite",
        })
    }
}

//! A MEAM potential for the species of a system.

use frit_atoms::{Species, Surroundings};

use super::error::MeamError;
use super::fast::{self, VectorConstants};
use super::functions::GammaForm;
use super::parameters::MeamParameters;
use super::table::CubicTable;
use super::{reference, workspace::MeamWorkspace};
use crate::{Evaluation, EvaluationError, KernelPath, Model};

/// On which points the pair potentials are tabulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PairTable {
    /// Four times as dense as LAMMPS's: forces differ from those of the exact pair potential by
    /// less than 1e-9 eV/Å at the distances of a crystal (fourfold density divides the error of a
    /// cubic's slope by 64).
    #[default]
    Dense,
    /// LAMMPS's: 1000 points to 1.1 cutoffs. For comparison with its numbers to the last digits.
    Lammps,
}

impl PairTable {
    fn intervals_per_lammps_step(self) -> usize {
        match self {
            Self::Dense => 4,
            Self::Lammps => 1,
        }
    }
}

/// Points of LAMMPS's tables, and how far beyond the cutoff they reach.
const LAMMPS_POINTS: usize = 1000;
const LAMMPS_REACH: f64 = 1.1;

/// A 2NN-MEAM potential, ready to evaluate.
#[derive(Debug, Clone)]
pub struct Meam {
    constants: Constants,
    /// None where the reference path evaluates.
    vectors: Option<VectorConstants>,
    path: KernelPath,
    description: String,
    warnings: Vec<String>,
}

/// What the kernels read. Indices are those of the system's species.
#[derive(Debug, Clone)]
pub(super) struct Constants {
    pub(super) species: usize,
    /// Cutoff and taper [Å].
    pub(super) rc: f64,
    pub(super) delr: f64,
    /// How far neighbours and screening atoms can be [Å].
    pub(super) range: f64,
    pub(super) elements: Vec<ElementConstants>,
    /// Cmin and Cmax of (i, j, k), k fastest.
    pub(super) cmin: Vec<f64>,
    pub(super) cmax: Vec<f64>,
    /// Pair potentials of (i, j), j fastest.
    pub(super) pair: Vec<CubicTable>,
    pub(super) smoothing: f64,
}

/// Constants of one species.
#[derive(Debug, Clone)]
pub(super) struct ElementConstants {
    /// Atomic densities are exp(intercept_l - rate_l r).
    pub(super) intercept: [f64; 4],
    pub(super) rate: [f64; 4],
    pub(super) t: [f64; 4],
    /// A Ec [eV].
    pub(super) embedding: f64,
    pub(super) reference_density: f64,
    pub(super) gamma_form: GammaForm,
}

impl Constants {
    fn new(parameters: &MeamParameters, places: &[usize], table: PairTable) -> Self {
        let elements = places.iter().map(|&e| element(parameters, e)).collect();
        let mut constants = Self {
            species: places.len(),
            rc: parameters.rc,
            delr: parameters.delr,
            range: parameters.range(),
            elements,
            cmin: Vec::new(),
            cmax: Vec::new(),
            pair: Vec::new(),
            smoothing: parameters.smoothing,
        };
        for &i in places {
            for &j in places {
                constants.pair.push(pair_table(parameters, i, j, table));
                for &k in places {
                    let triple = parameters.triple(i, j, k);
                    constants.cmin.push(parameters.cmin[triple]);
                    constants.cmax.push(parameters.cmax[triple]);
                }
            }
        }
        constants
    }

    #[inline]
    pub(super) fn triple(&self, i: usize, j: usize, k: usize) -> usize {
        (i * self.species + j) * self.species + k
    }
}

fn element(parameters: &MeamParameters, e: usize) -> ElementConstants {
    let element = &parameters.elements[e];
    let rose = &parameters.pair(e, e).rose;
    ElementConstants {
        intercept: element.beta.map(|beta| beta + element.rho0.ln()),
        rate: element.beta.map(|beta| beta / rose.distance),
        t: element.t,
        embedding: element.a * rose.energy,
        reference_density: parameters.reference_density(e),
        gamma_form: element.gamma_form,
    }
}

fn pair_table(parameters: &MeamParameters, i: usize, j: usize, table: PairTable) -> CubicTable {
    let finer = table.intervals_per_lammps_step();
    let step = LAMMPS_REACH * parameters.rc / (LAMMPS_POINTS * finer) as f64;
    let mut values: Vec<f64> = (0..LAMMPS_POINTS * finer)
        .map(|k| parameters.pair_potential(i, j, k as f64 * step))
        .collect();
    if !values[0].is_finite() {
        values[0] = values[1];
    }
    CubicTable::new(&values, step)
}

impl Meam {
    /// The potential for a system's species, evaluated by a kernel path.
    ///
    /// # Errors
    /// If a species has no parameters, or the machine cannot run the path.
    pub fn new(
        parameters: &MeamParameters,
        species: &[Species],
        path: KernelPath,
    ) -> Result<Self, MeamError> {
        Self::with_table(parameters, species, path, PairTable::default())
    }

    /// As [`Meam::new`], with a choice of the pair potential's table.
    ///
    /// # Errors
    /// As [`Meam::new`].
    pub fn with_table(
        parameters: &MeamParameters,
        species: &[Species],
        path: KernelPath,
        table: PairTable,
    ) -> Result<Self, MeamError> {
        let places = species
            .iter()
            .map(|species| place(parameters, &species.name))
            .collect::<Result<Vec<_>, _>>()?;
        let constants = Constants::new(parameters, &places, table);
        let path = fast::supported(path.checked()?);
        let vectors = match path {
            KernelPath::Reference => None,
            _ => VectorConstants::new(&constants),
        };
        let path = if vectors.is_some() {
            path
        } else {
            KernelPath::Reference
        };
        Ok(Self {
            constants,
            vectors,
            path,
            description: parameters.describe(),
            warnings: parameters.warnings().to_vec(),
        })
    }

    /// What looks like a mistake in the parameters, though it is allowed.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

fn place(parameters: &MeamParameters, name: &str) -> Result<usize, MeamError> {
    parameters
        .elements()
        .position(|element| element == name)
        .ok_or_else(|| MeamError::UnknownSpecies {
            species: name.to_owned(),
            known: parameters.elements().collect::<Vec<_>>().join(", "),
        })
}

impl Model for Meam {
    type Workspace = MeamWorkspace;

    fn name(&self) -> &'static str {
        "meam"
    }

    fn cutoff(&self) -> f64 {
        self.constants.range
    }

    fn describe(&self) -> String {
        self.description.clone()
    }

    fn kernel(&self) -> &'static str {
        self.path.name()
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        workspace: &mut MeamWorkspace,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let constants = &self.constants;
        match &self.vectors {
            None => reference::evaluate(constants, surroundings, workspace, evaluation),
            Some(vectors) => fast::evaluate(
                constants,
                vectors,
                self.path,
                surroundings,
                &mut workspace.fast,
                evaluation,
            ),
        }
    }
}

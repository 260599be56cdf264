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
    kernels: Kernels,
    path: KernelPath,
    description: String,
    warnings: Vec<String>,
}

/// What evaluates, with its constants.
#[derive(Debug, Clone)]
enum Kernels {
    Reference,
    Double(Box<VectorConstants<f64>>),
    Mixed(Box<VectorConstants<f32>>),
}

impl Kernels {
    fn double(constants: &Constants) -> Self {
        VectorConstants::new(constants).map_or(Self::Reference, |v| Self::Double(Box::new(v)))
    }

    fn mixed(constants: &Constants) -> Self {
        VectorConstants::new(constants).map_or(Self::Reference, |v| Self::Mixed(Box::new(v)))
    }
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
        Self::build(parameters, species, path, table, Kernels::double)
    }

    /// The potential in mixed precision: bonds and their screening in single precision; embedding,
    /// the sums over the system and all motion in double. Positions enter as whole numbers of
    /// 2⁻²⁴ Å, so that differences of neighbours are exact. Beside forces on all the rest, the gradient
    /// of each site energy is exactly balanced: momentum is conserved as in double precision.
    ///
    /// # Errors
    /// As [`Meam::new`]; also if there is no kernel in mixed precision: for more than eight species or
    /// the reference path.
    pub fn mixed(
        parameters: &MeamParameters,
        species: &[Species],
        path: KernelPath,
    ) -> Result<Self, MeamError> {
        let table = PairTable::default();
        let meam = Self::build(parameters, species, path, table, Kernels::mixed)?;
        match meam.kernels {
            Kernels::Reference => Err(MeamError::NoMixed {
                species: species.len(),
                path,
            }),
            _ => Ok(meam),
        }
    }

    fn build(
        parameters: &MeamParameters,
        species: &[Species],
        path: KernelPath,
        table: PairTable,
        kernels: impl FnOnce(&Constants) -> Kernels,
    ) -> Result<Self, MeamError> {
        let places = species
            .iter()
            .map(|species| place(parameters, &species.name))
            .collect::<Result<Vec<_>, _>>()?;
        let constants = Constants::new(parameters, &places, table);
        let path = fast::supported(path.checked()?);
        let kernels = match path {
            KernelPath::Reference => Kernels::Reference,
            _ => kernels(&constants),
        };
        Ok(Self {
            constants,
            kernels,
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
        match (&self.kernels, self.path) {
            (Kernels::Reference, _) => KernelPath::Reference.name(),
            (Kernels::Double(_), path) => path.name(),
            (Kernels::Mixed(_), KernelPath::Avx512) => "avx512, mixed",
            (Kernels::Mixed(_), KernelPath::Avx2) => "avx2, mixed",
            (Kernels::Mixed(_), _) => "portable, mixed",
        }
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        workspace: &mut MeamWorkspace,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let (constants, path) = (&self.constants, self.path);
        match &self.kernels {
            Kernels::Reference => {
                reference::evaluate(constants, surroundings, workspace, evaluation)
            }
            Kernels::Double(vectors) => {
                let memory = &mut workspace.double;
                fast::evaluate(constants, vectors, path, surroundings, memory, evaluation)
            }
            Kernels::Mixed(vectors) => {
                let memory = &mut workspace.mixed;
                fast::evaluate(constants, vectors, path, surroundings, memory, evaluation)
            }
        }
    }
}

//! The contract between state and interaction.
//!
//! Authors of a potential write a [`Model`]: immutable parameters, a workspace of its own type, and
//! one evaluation of the whole system. [`Bound`] turns it into a [`Potential`], which drivers call
//! once an evaluation; no dynamic call happens per pair.

use frit_atoms::{Matrix, Surroundings, Vector};
use rayon::prelude::*;

/// Forces that one task zeroes.
const PIECE: usize = 4096;

/// What an evaluation must yield beside the forces.
///
/// Forces have the same bits whatever else is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Request {
    /// The total energy.
    pub energy: bool,
    /// The virial tensor.
    pub virial: bool,
    /// The energy of each atom; implies the total.
    pub atom_energy: bool,
}

impl Request {
    /// Forces alone.
    pub const FORCES: Self = Self {
        energy: false,
        virial: false,
        atom_energy: false,
    };
    /// Forces and energy.
    pub const ENERGY: Self = Self {
        energy: true,
        virial: false,
        atom_energy: false,
    };
    /// Everything.
    pub const ALL: Self = Self {
        energy: true,
        virial: true,
        atom_energy: true,
    };

    /// What either of two requests asks for.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            energy: self.energy || other.energy,
            virial: self.virial || other.virial,
            atom_energy: self.atom_energy || other.atom_energy,
        }
    }
}

/// The result of an evaluation, in buffers that are used again.
///
/// Potentials **add** to it. Columns are in the order of the owned atoms; ghosts' shares have gone
/// to their parents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// What was asked for, and so what below is valid.
    pub request: Request,
    /// Total potential energy [eV].
    pub energy: f64,
    /// Force on each owned atom [eV/Å].
    pub force: Vec<Vector>,
    /// Virial: the sum of `r ⊗ F` over the interactions [eV]; positive when atoms repel. Pressure is
    /// `(2 K + tr W) / (3 V)`, stress (positive in tension) is `-W / V` for atoms at rest.
    pub virial: Matrix,
    /// Energy of each owned atom [eV]; empty unless asked for.
    pub atom_energy: Vec<f64>,
}

impl Evaluation {
    /// Zeroes everything for `owned` atoms and a request.
    pub fn clear(&mut self, owned: usize, request: Request) {
        self.request = request;
        self.energy = 0.0;
        self.virial = Matrix::zeros();
        self.force.resize(owned, Vector::zeros());
        self.force
            .par_chunks_mut(PIECE)
            .for_each(|piece| piece.fill(Vector::zeros()));
        self.atom_energy.clear();
        if request.atom_energy {
            self.atom_energy.resize(owned, 0.0);
        }
    }
}

/// Why an evaluation failed. Atoms are given by their place in the present order.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvaluationError {
    /// A force or energy came out as no finite number.
    #[error("the potential gave a force or energy that is not finite on the atom at place {atom}")]
    NotFinite {
        /// The atom's place.
        atom: usize,
    },
    /// Two atoms are so close that the potential is not defined.
    #[error(
        "the atoms at places {atom} and {other} are {distance} Å apart, closer than the potential is defined ({limit} Å)"
    )]
    TooClose {
        /// The atom's place.
        atom: usize,
        /// The other's place (of the parent, for a ghost).
        other: usize,
        /// Their distance [Å].
        distance: f64,
        /// The smallest distance that is defined [Å].
        limit: f64,
    },
}

/// An interaction, as its author writes it.
///
/// Indices of species are those of the system for which the model was made: the readers of
/// potential files match elements by name.
pub trait Model: Send + Sync {
    /// Scratch memory; empty at first, kept between evaluations, without memory of them.
    type Workspace: Default + Send;

    /// The name of the method, such as `meam`.
    fn name(&self) -> &'static str;

    /// How far a row of the neighbour list must reach [Å] (without skin).
    fn cutoff(&self) -> f64;

    /// The effective parameters, for people: lines of text with units.
    fn describe(&self) -> String;

    /// The kernel path that evaluates, such as `avx512`.
    fn kernel(&self) -> &'static str;

    /// Adds this model's forces, and what else `evaluation.request` asks for, to `evaluation`.
    ///
    /// # Errors
    /// Names the atom at which no finite result exists.
    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        workspace: &mut Self::Workspace,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError>;
}

/// An interaction, as drivers see it.
pub trait Potential: Send {
    /// The names of the methods, such as `meam` or `eam + zbl`.
    fn name(&self) -> String;

    /// How far a row of the neighbour list must reach [Å] (without skin).
    fn cutoff(&self) -> f64;

    /// The effective parameters, for people.
    fn describe(&self) -> String;

    /// The kernel paths that evaluate.
    fn kernel(&self) -> String;

    /// Adds forces, and what else `evaluation.request` asks for, to `evaluation`.
    ///
    /// # Errors
    /// Names the atom at which no finite result exists.
    fn evaluate(
        &mut self,
        surroundings: &Surroundings<'_>,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError>;
}

/// A model with its workspace: a [`Potential`].
#[derive(Debug)]
pub struct Bound<M: Model> {
    model: M,
    workspace: M::Workspace,
}

impl<M: Model> Bound<M> {
    /// Gives the model a workspace.
    pub fn new(model: M) -> Self {
        Self {
            model,
            workspace: M::Workspace::default(),
        }
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.model
    }
}

impl<M: Model> Potential for Bound<M> {
    fn name(&self) -> String {
        self.model.name().to_owned()
    }

    fn cutoff(&self) -> f64 {
        self.model.cutoff()
    }

    fn describe(&self) -> String {
        self.model.describe()
    }

    fn kernel(&self) -> String {
        self.model.kernel().to_owned()
    }

    fn evaluate(
        &mut self,
        surroundings: &Surroundings<'_>,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        self.model
            .evaluate(surroundings, &mut self.workspace, evaluation)
    }
}

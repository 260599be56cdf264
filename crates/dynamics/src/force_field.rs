//! A potential with its neighbour list and its latest result.

use frit_atoms::neighbours::{ListOrigin, SkinTuner, Update};
use frit_atoms::{NeighbourError, Neighbours, System, Vector};
use frit_potentials::{Evaluation, EvaluationError, Potential, Request};

use crate::number::Number;
use crate::{AtomReport, External};

/// Why there are no forces.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ForceError {
    /// The neighbours could not be found.
    #[error(transparent)]
    Neighbours(#[from] NeighbourError),
    /// A force or energy is not a finite number.
    #[error("the potential gave a force or energy that is not finite on {0}")]
    NotFinite(Box<AtomReport>),
    /// Two atoms are closer than the potential is defined.
    #[error(
        "atoms {} and {other} are {} Å apart, closer than the potential is defined ({} Å): {atom}",
        atom.id, Number(*distance), Number(*limit)
    )]
    TooClose {
        /// One of the two.
        atom: Box<AtomReport>,
        /// The id of the other (of the atom itself, if it met its own image).
        other: u32,
        /// Their distance [Å].
        distance: f64,
        /// The smallest distance that is defined [Å].
        limit: f64,
    },
    /// An atom is not on its side of a wall.
    #[error("the wall \"{wall}\" at {axis} = {at} Å has this atom behind it: {atom}")]
    BehindWall {
        /// The atom.
        atom: Box<AtomReport>,
        /// Name of the wall.
        wall: String,
        /// Its axis.
        axis: &'static str,
        /// Where it stands [Å].
        at: f64,
    },
}

/// Forces on a system: a potential, the neighbour list that it needs, and the latest evaluation.
pub struct ForceField {
    potential: Box<dyn Potential>,
    neighbours: Neighbours,
    external: External,
    evaluation: Evaluation,
    evaluations: u64,
}

impl ForceField {
    /// A potential with neighbour lists of this skin [Å].
    ///
    /// # Errors
    /// The potential's cutoff must be positive, the skin not negative, both finite.
    pub fn new(potential: Box<dyn Potential>, skin: f64) -> Result<Self, NeighbourError> {
        let neighbours = Neighbours::new(potential.cutoff(), skin)?;
        Ok(Self {
            potential,
            neighbours,
            external: External::default(),
            evaluation: Evaluation::default(),
            evaluations: 0,
        })
    }

    /// Lets the skin be chosen anew now and then, from counts.
    #[must_use]
    pub fn with_tuner(mut self, tuner: SkinTuner) -> Self {
        self.neighbours = self.neighbours.with_tuner(tuner);
        self
    }

    /// Lets something act on the atoms beside the potential, from the next evaluation on.
    #[must_use]
    pub fn with_external(mut self, external: External) -> Self {
        self.external = external;
        self
    }

    /// What acts on the atoms beside the potential.
    pub fn external(&self) -> &External {
        &self.external
    }

    /// Evaluates forces, and what else is asked for, at the system's present positions.
    ///
    /// When the neighbour list no longer holds, the atoms are first wrapped into the cell and
    /// sorted in space, and the list is built anew; their ids keep their identity. The forces do
    /// not depend on the request, to the bit.
    ///
    /// # Errors
    /// Names the atom by its id, with position and nearest neighbour. There are no forces then.
    pub fn evaluate(
        &mut self,
        system: &mut System,
        request: Request,
    ) -> Result<Update, ForceError> {
        self.evaluation.clear(0, Request::FORCES);
        let update = self.neighbours.update(system)?;
        self.evaluate_with_this_list(system, request)?;
        Ok(update)
    }

    /// Builds the list of an earlier origin, for the same atoms in the same order, and evaluates
    /// forces, and what else is asked for, with it: to the bit those of that time.
    ///
    /// # Errors
    /// As [`Neighbours::restore`] and [`ForceField::evaluate`].
    pub fn restore(
        &mut self,
        system: &mut System,
        origin: &ListOrigin,
        request: Request,
    ) -> Result<(), ForceError> {
        self.evaluation.clear(0, Request::FORCES);
        self.neighbours.restore(system, origin)?;
        self.evaluate_with_this_list(system, request)
    }

    fn evaluate_with_this_list(
        &mut self,
        system: &System,
        request: Request,
    ) -> Result<(), ForceError> {
        self.evaluation.clear(system.atoms.len(), request);
        self.evaluations += 1;
        self.potential
            .evaluate(&self.neighbours.surroundings(), &mut self.evaluation)
            .map_err(|error| {
                self.evaluation.clear(0, Request::FORCES);
                ForceError::explain(&error, system)
            })?;
        let acted = self.external.act(system, &mut self.evaluation);
        if acted.is_err() {
            self.evaluation.clear(0, Request::FORCES);
        }
        acted
    }

    /// Force on each atom [eV/Å], in the present order; empty before the first evaluation and
    /// after a failed one.
    pub fn force(&self) -> &[Vector] {
        &self.evaluation.force
    }

    /// The latest evaluation.
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// The potential.
    pub fn potential(&self) -> &dyn Potential {
        self.potential.as_ref()
    }

    /// The neighbour list; its origin belongs into a checkpoint.
    pub fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// How often forces were evaluated.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }
}

impl ForceError {
    /// A potential's error with the atoms, which it gives by their places, found in the system.
    pub fn explain(error: &EvaluationError, system: &System) -> Self {
        let report = |place| Box::new(AtomReport::new(system, place, &[]));
        match *error {
            EvaluationError::NotFinite { atom } => Self::NotFinite(report(atom)),
            EvaluationError::TooClose {
                atom,
                other,
                distance,
                limit,
            } => Self::TooClose {
                atom: report(atom),
                other: system.atoms.id()[other],
                distance,
                limit,
            },
        }
    }
}

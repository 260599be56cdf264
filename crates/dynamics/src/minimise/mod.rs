//! Minimisers: walks from given positions to a nearby minimum of the potential energy.

mod fire;
mod lbfgs;

pub use fire::Fire;
pub use lbfgs::Lbfgs;

use frit_atoms::neighbours::Update;
use frit_atoms::{System, Vector};
use frit_potentials::Request;

use crate::parameter::{ParameterError, positive};
use crate::{ForceError, ForceField};

/// How to walk.
#[derive(Debug, Clone)]
pub enum Minimiser {
    /// Damped dynamics: robust far from the minimum.
    Fire(Fire),
    /// Quasi-Newton steps: few evaluations.
    Lbfgs(Lbfgs),
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// The minimum is reached when no atom's force is larger than this [eV/Å].
    pub max_force: f64,
    /// Steps to be made at most.
    pub max_steps: u64,
}

/// How a minimisation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The largest force is still above the criterion.
    Running,
    /// The largest force is below the criterion.
    Converged,
    /// All steps are used up.
    OutOfSteps,
    /// No step lowers the energy any more within its rounding errors.
    Stalled,
}

/// The figures of a minimisation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Steps made.
    pub steps: u64,
    /// Evaluations of forces and energy.
    pub evaluations: u64,
    /// Potential energy [eV].
    pub energy: f64,
    /// The largest force on an atom [eV/Å].
    pub max_force: f64,
    /// How it stands.
    pub status: Status,
}

/// A minimisation under way.
///
/// It moves atoms and leaves velocities alone. Its memory is in the order of the atoms' ids, so it
/// does not notice when the atoms are sorted anew. The same start gives the same bits.
#[derive(Debug)]
pub struct Minimisation {
    method: Minimiser,
    criteria: Criteria,
    point: Point,
    steps: u64,
    first_evaluation: u64,
    stalled: bool,
}

impl Minimisation {
    /// Evaluates the start.
    ///
    /// # Errors
    /// The largest force must be positive, and the start must have forces.
    pub fn start(
        method: Minimiser,
        criteria: Criteria,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Self, MinimiseError> {
        positive(
            "largest force of the minimisation",
            criteria.max_force,
            "eV/Å",
        )?;
        let first_evaluation = forces.evaluations();
        Ok(Self {
            method,
            criteria,
            point: Point::here(system, forces)?,
            steps: 0,
            first_evaluation,
            stalled: false,
        })
    }

    /// How it stands.
    pub fn progress(&self, forces: &ForceField) -> Progress {
        let max_force = self.point.max_force();
        let status = if max_force <= self.criteria.max_force {
            Status::Converged
        } else if self.stalled {
            Status::Stalled
        } else if self.steps >= self.criteria.max_steps {
            Status::OutOfSteps
        } else {
            Status::Running
        };
        Progress {
            steps: self.steps,
            evaluations: forces.evaluations() - self.first_evaluation,
            energy: self.point.energy,
            max_force,
            status,
        }
    }

    /// Makes one step, unless it has ended, and says how it stands.
    ///
    /// # Errors
    /// As [`ForceField::evaluate`].
    pub fn advance(
        &mut self,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Progress, MinimiseError> {
        if self.progress(forces).status == Status::Running {
            let moved = match &mut self.method {
                Minimiser::Fire(fire) => fire.step(&mut self.point, system, forces)?,
                Minimiser::Lbfgs(lbfgs) => lbfgs.step(&mut self.point, system, forces)?,
            };
            self.stalled = moved == Moved::No;
            self.steps += 1;
        }
        Ok(self.progress(forces))
    }

    /// Steps until it ends.
    ///
    /// # Errors
    /// As [`Minimisation::advance`].
    pub fn finish(
        mut self,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Progress, MinimiseError> {
        loop {
            let progress = self.advance(system, forces)?;
            if progress.status != Status::Running {
                return Ok(progress);
            }
        }
    }
}

/// Why a minimisation failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MinimiseError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// There are no forces.
    #[error(transparent)]
    Forces(#[from] ForceError),
}

/// Whether a step found a better place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moved {
    Yes,
    No,
}

/// Energy and forces at the present positions, in the order of the atoms' ids.
#[derive(Debug, Clone)]
struct Point {
    energy: f64,
    force: Vec<Vector>,
    /// Where in the system each atom is.
    place: Vec<u32>,
}

impl Point {
    /// Evaluates at the system's positions.
    fn here(system: &mut System, forces: &mut ForceField) -> Result<Self, ForceError> {
        let mut point = Self {
            energy: 0.0,
            force: Vec::new(),
            place: Vec::new(),
        };
        point.evaluate(system, forces)?;
        Ok(point)
    }

    fn evaluate(&mut self, system: &mut System, forces: &mut ForceField) -> Result<(), ForceError> {
        let list = forces.evaluate(system, Request::ENERGY)?;
        if list == Update::Rebuilt || self.place.len() != system.atoms.len() {
            self.place = system.atoms.by_id();
        }
        self.energy = forces.evaluation().energy;
        self.force.clear();
        let force = forces.force();
        self.force
            .extend(self.place.iter().map(|&place| force[place as usize]));
        Ok(())
    }

    /// Moves the atoms by `factor * direction`, direction in the order of ids.
    fn shift(&self, system: &mut System, direction: &[Vector], factor: f64) {
        let position = system.atoms.position_mut();
        for (&place, direction) in self.place.iter().zip(direction) {
            position[place as usize] += direction * factor;
        }
    }

    fn max_force(&self) -> f64 {
        longest(&self.force)
    }
}

fn dot(a: &[Vector], b: &[Vector]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.dot(b)).sum()
}

fn longest(vectors: &[Vector]) -> f64 {
    let squares = vectors.iter().map(Vector::norm_squared);
    squares.fold(0.0, f64::max).sqrt()
}

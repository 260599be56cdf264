//! Minimisers: walks from given positions to a nearby minimum of the potential energy.

mod fire;
mod lbfgs;

pub use fire::Fire;
pub use lbfgs::Lbfgs;

use frit_atoms::neighbours::{ListOrigin, Update};
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

impl Minimiser {
    /// The name, as in decks.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fire(_) => "fire",
            Self::Lbfgs(_) => "lbfgs",
        }
    }

    fn save(&self) -> (Vec<f64>, Vec<Vec<Vector>>) {
        match self {
            Self::Fire(fire) => fire.save(),
            Self::Lbfgs(lbfgs) => lbfgs.save(),
        }
    }

    /// Takes on what was saved; false if that does not fit so many atoms.
    fn restore(&mut self, saved: &SavedMinimisation, atoms: usize) -> bool {
        let (numbers, columns) = (&saved.numbers, &saved.columns);
        let is_empty_or_full = |column: &Vec<Vector>| [0, atoms].contains(&column.len());
        columns.iter().all(is_empty_or_full)
            && match self {
                Self::Fire(fire) => fire.restore(numbers, columns),
                Self::Lbfgs(lbfgs) => lbfgs.restore(numbers, columns),
            }
    }
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// The minimum is reached when no atom's force is larger than this [eV/Å].
    pub max_force: f64,
    /// Steps to be made at most.
    pub max_steps: u64,
}

impl Criteria {
    fn check(&self) -> Result<(), ParameterError> {
        let name = "largest force of the minimisation";
        positive(name, self.max_force, "eV/Å").map(drop)
    }
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

/// How far a minimisation has come, in figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
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
    /// Evaluations before this force field took over, and those that it had made then.
    evaluations: [u64; 2],
    stalled: bool,
}

/// All state of a minimisation that is neither in the system nor in the neighbour list.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedMinimisation {
    /// The method's name.
    pub method: String,
    /// Steps made.
    pub steps: u64,
    /// Evaluations of forces and energy.
    pub evaluations: u64,
    /// Whether no step lowers the energy any more.
    pub stalled: bool,
    /// Numbers that the method remembers; they must be kept to the bit.
    pub numbers: Vec<f64>,
    /// Columns that the method remembers, in the order of the atoms' ids; to the bit as well.
    pub columns: Vec<Vec<Vector>>,
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
        criteria.check()?;
        let evaluations = [0, forces.evaluations()];
        Ok(Self {
            method,
            criteria,
            point: Point::here(system, forces)?,
            steps: 0,
            evaluations,
            stalled: false,
        })
    }

    /// The state, for a checkpoint, beside the system and the origin of its neighbour list.
    pub fn save(&self, forces: &ForceField) -> SavedMinimisation {
        let (numbers, columns) = self.method.save();
        SavedMinimisation {
            method: self.method.name().to_owned(),
            steps: self.steps,
            evaluations: self.standing(forces).evaluations,
            stalled: self.stalled,
            numbers,
            columns,
        }
    }

    /// Goes on where a minimisation was saved, with the bits that it would have had.
    ///
    /// `system` is as it was then, and `origin` that of its neighbour list.
    ///
    /// # Errors
    /// As [`Minimisation::start`]; or the state is of another method or of other atoms.
    pub fn resume(
        mut method: Minimiser,
        criteria: Criteria,
        saved: &SavedMinimisation,
        system: &mut System,
        (forces, origin): (&mut ForceField, &ListOrigin),
    ) -> Result<Self, MinimiseError> {
        criteria.check()?;
        let atoms = system.atoms.len();
        if saved.method != method.name() || !method.restore(saved, atoms) {
            return Err(MinimiseError::Saved {
                found: saved.method.clone(),
                expected: method.name(),
                atoms,
            });
        }
        forces.restore(system, origin, Request::ENERGY)?;
        Ok(Self {
            method,
            criteria,
            point: Point::of(system, forces),
            steps: saved.steps,
            evaluations: [saved.evaluations, forces.evaluations()],
            stalled: saved.stalled,
        })
    }

    /// How it stands.
    pub fn standing(&self, forces: &ForceField) -> Standing {
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
        Standing {
            steps: self.steps,
            evaluations: self.evaluations[0] + forces.evaluations() - self.evaluations[1],
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
    ) -> Result<Standing, MinimiseError> {
        if self.standing(forces).status == Status::Running {
            let moved = match &mut self.method {
                Minimiser::Fire(fire) => fire.step(&mut self.point, system, forces)?,
                Minimiser::Lbfgs(lbfgs) => lbfgs.step(&mut self.point, system, forces)?,
            };
            self.stalled = moved == Moved::No;
            self.steps += 1;
        }
        Ok(self.standing(forces))
    }

    /// Steps until it ends.
    ///
    /// # Errors
    /// As [`Minimisation::advance`].
    pub fn finish(
        mut self,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Standing, MinimiseError> {
        loop {
            let standing = self.advance(system, forces)?;
            if standing.status != Status::Running {
                return Ok(standing);
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
    /// A saved state does not fit.
    #[error(
        "the saved state is of the minimiser {found}, or of other atoms; this is {expected} with {atoms} atoms"
    )]
    Saved {
        /// The minimiser saved.
        found: String,
        /// The minimiser to be restored.
        expected: &'static str,
        /// The atoms at hand.
        atoms: usize,
    },
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
        self.take(forces);
        Ok(())
    }

    /// What was evaluated at the system's positions already.
    fn of(system: &System, forces: &ForceField) -> Self {
        let mut point = Self {
            energy: 0.0,
            force: Vec::new(),
            place: system.atoms.by_id(),
        };
        point.take(forces);
        point
    }

    fn take(&mut self, forces: &ForceField) {
        self.energy = forces.evaluation().energy;
        self.force.clear();
        let force = forces.force();
        self.force
            .extend(self.place.iter().map(|&place| force[place as usize]));
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

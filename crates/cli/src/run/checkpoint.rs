//! How far a run is: what lies between phases, and how it goes into a checkpoint and back.

use std::path::Path;

use frit_atoms::System;
use frit_dynamics::ForceField;
use frit_dynamics::minimise::SavedMinimisation;
use frit_engine::Clock;
use frit_io::Checkpoint;

use super::error::RunError;
use super::external;
use super::state::{
    StateError, get_dynamics, get_minimisation, get_origin, get_system, one, put_dynamics,
    put_minimisation, put_origin, put_system,
};
use super::{MolecularDynamics, Watcher};
use crate::plan::{Beginnings, Body};

/// How far a run is, apart from the phase under way.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    /// The phase under way, or to come next.
    pub phase: usize,
    /// The particles after their last finished phase.
    pub particles: [Option<System>; 2],
    /// Everything, after its last finished phase; `None` before it is put together.
    pub whole: Option<System>,
    /// Steps and time of particle 1, particle 2, and everything.
    pub clocks: [Clock; 3],
    /// Seconds spent in the loop of each phase.
    pub seconds: Vec<f64>,
    /// Steps made in each finished phase.
    pub steps: Vec<u64>,
}

/// The motion of the phase under way, from a checkpoint.
#[derive(Debug)]
pub(crate) struct Motion {
    /// The system.
    pub system: System,
    /// The neighbour list.
    pub origin: frit_atoms::neighbours::ListOrigin,
    /// What moves the atoms.
    pub mover: Mover,
    /// What acts beside the potential, as the stage found it.
    pub beginnings: Beginnings,
}

/// What moves the atoms in the phase under way, with its state.
#[derive(Debug)]
pub(crate) enum Mover {
    /// Dynamics.
    Dynamics(frit_dynamics::Saved),
    /// A minimisation.
    Minimisation(SavedMinimisation),
}

impl Mover {
    /// Steps made in the phase.
    pub(crate) fn steps(&self) -> u64 {
        match self {
            Self::Dynamics(saved) => saved.step,
            Self::Minimisation(saved) => saved.steps,
        }
    }
}

/// The phase under way, to be put into a checkpoint.
pub(crate) struct Underway<'a> {
    /// The system.
    pub system: &'a System,
    /// The forces on it.
    pub forces: &'a ForceField,
    /// What moves it.
    pub mover: Mover,
}

impl<'a> From<&'a MolecularDynamics> for Underway<'a> {
    fn from(md: &'a MolecularDynamics) -> Self {
        Self {
            system: &md.system,
            forces: &md.forces,
            mover: Mover::Dynamics(md.dynamics.save()),
        }
    }
}

const NAMES: [&str; 3] = ["particle.1", "particle.2", "whole"];

impl Reached {
    /// Nothing done yet.
    pub(crate) fn start(phases: usize) -> Self {
        let zero = Clock { step: 0, time: 0.0 };
        Self {
            phase: 0,
            particles: [None, None],
            whole: None,
            clocks: [zero; 3],
            seconds: vec![0.0; phases],
            steps: vec![0; phases],
        }
    }

    /// The clock of a body.
    pub(crate) fn clock(&mut self, body: Body) -> &mut Clock {
        &mut self.clocks[place(body)]
    }

    /// The state of a body after its last finished phase.
    pub(crate) fn system(&mut self, body: Body) -> &mut Option<System> {
        match body {
            Body::Particle(which) => &mut self.particles[which],
            Body::Whole => &mut self.whole,
        }
    }

    /// Writes a checkpoint, with the motion of the phase under way if there is one.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(crate) fn write(
        &self,
        path: &Path,
        kernel: &str,
        watchers: &mut [Box<dyn Watcher>],
        motion: Option<Underway<'_>>,
    ) -> Result<(), RunError> {
        let mut checkpoint = Checkpoint::new();
        checkpoint.put_text("frit", env!("CARGO_PKG_VERSION"));
        checkpoint.put_text("kernel", kernel);
        checkpoint.put_u64s("phase", &[self.phase as u64]);
        checkpoint.put_f64s("seconds", &self.seconds);
        checkpoint.put_u64s("steps", &self.steps);
        let steps: Vec<u64> = self.clocks.iter().map(|clock| clock.step).collect();
        let times: Vec<f64> = self.clocks.iter().map(|clock| clock.time).collect();
        checkpoint.put_u64s("clock.steps", &steps);
        checkpoint.put_f64s("clock.times", &times);
        let [first, second] = &self.particles;
        for (name, system) in NAMES.into_iter().zip([first, second, &self.whole]) {
            if let Some(system) = system {
                put_system(&mut checkpoint, name, system);
            }
        }
        if let Some(motion) = motion {
            put_system(&mut checkpoint, "motion", motion.system);
            match &motion.mover {
                Mover::Dynamics(saved) => put_dynamics(&mut checkpoint, saved),
                Mover::Minimisation(saved) => put_minimisation(&mut checkpoint, saved),
            }
            external::put(&mut checkpoint, motion.forces.external());
            if let Some(origin) = motion.forces.neighbours().origin() {
                put_origin(&mut checkpoint, origin);
            }
        }
        for watcher in watchers {
            watcher.save(&mut checkpoint)?;
        }
        checkpoint.write(path)?;
        Ok(())
    }

    /// How far a run was when a checkpoint was written, and the motion of the phase under way.
    ///
    /// # Errors
    /// The checkpoint does not hold together, or is of other phases.
    pub(crate) fn read(
        checkpoint: &Checkpoint,
        phases: usize,
    ) -> Result<(Self, Option<Motion>), StateError> {
        let inconsistent = |what: &str| StateError::Inconsistent(what.to_owned());
        let seconds = checkpoint.get_f64s("seconds")?;
        let phase = one(checkpoint, "phase")? as usize;
        let made = checkpoint.get_u64s("steps")?;
        if [seconds.len(), made.len()] != [phases; 2] || phase > phases {
            return Err(inconsistent("it is of other stages"));
        }
        let steps = checkpoint.get_u64s("clock.steps")?;
        let times = checkpoint.get_f64s("clock.times")?;
        let clocks: Vec<Clock> = steps
            .into_iter()
            .zip(times)
            .map(|(step, time)| Clock { step, time })
            .collect();
        let clocks = clocks
            .try_into()
            .map_err(|_| inconsistent("there are three clocks"))?;
        let stored = |name: &str| {
            checkpoint
                .contains(&format!("{name}.position"))
                .then(|| get_system(checkpoint, name))
                .transpose()
        };
        let motion = match stored("motion")? {
            None => None,
            Some(system) => Some(Motion {
                origin: get_origin(checkpoint, &system)?,
                mover: match get_minimisation(checkpoint)? {
                    Some(saved) => Mover::Minimisation(saved),
                    None => Mover::Dynamics(get_dynamics(checkpoint)?),
                },
                beginnings: external::get(checkpoint)?,
                system,
            }),
        };
        let reached = Self {
            phase,
            particles: [stored(NAMES[0])?, stored(NAMES[1])?],
            whole: stored(NAMES[2])?,
            clocks,
            seconds,
            steps: made,
        };
        Ok((reached, motion))
    }
}

fn place(body: Body) -> usize {
    match body {
        Body::Particle(which) => which,
        Body::Whole => 2,
    }
}

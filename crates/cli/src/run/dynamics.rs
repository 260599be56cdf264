//! A phase of dynamics.

use std::time::Instant;

use frit_atoms::neighbours::ListOrigin;
use frit_atoms::{System, Vector};
use frit_dynamics::measure::{AtRest, Selection, kinetic_energy};
use frit_dynamics::{
    Dynamics, External, Setup, StepError, initialise_velocities, remove_angular_momentum,
    remove_momentum,
};
use frit_engine::{Clock, DriveError, Engine, Interrupt, Outcome, drive};
use frit_potentials::Request;
use frit_units::constants::MechanicalConstants;

use super::checkpoint::{Motion, Mover};
use super::directory::CHECKPOINT;
use super::error::RunError;
use super::execute::Run;
use super::post_mortem::Finding;
use super::progress::{Pace, Progress};
use super::state::inconsistent;
use super::supervisor::Guard;
use super::{MolecularDynamics, Watcher};
use crate::plan::{Body, Phase, StructurePlan, at_rest, ensemble, external, schedule, swaps};
use crate::terminal;

impl Run<'_> {
    pub(super) fn dynamics(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Dynamics,
        motion: Option<Motion>,
    ) -> Result<Option<Interrupt>, RunError> {
        let begun = *self.done.clock(phase.body);
        let fresh = motion.is_none() && begun.step == 0;
        let (mut md, origin) = self.motion(phase, deck, begun, motion)?;
        self.first_forces(phase, &mut md, origin.as_ref())?;
        let progress = Progress::start(
            phase.label(),
            md.clock(),
            phase.steps(),
            Pace::Dynamics(phase.timestep()),
        );
        let path = self.directory.file(CHECKPOINT);
        let current = self.done.phase;
        let seconds_before = self.done.seconds[current];
        let (done, kernel) = (&mut self.done, &self.kernel);
        let mut guard = Guard {
            progress,
            signals: &self.signals,
            schedule: schedule(self.plan.deck.checkpoint.every, phase.timestep()),
            save: |md: &MolecularDynamics, watchers: &mut [Box<dyn Watcher>], seconds: f64| {
                done.seconds[current] = seconds;
                done.write(&path, kernel, watchers, Some(md.into()))
            },
            is_over: |_: &MolecularDynamics, watchers: &[Box<dyn Watcher>]| {
                until_met(deck, watchers)
            },
            patience: None,
            saved: Instant::now(),
            last: md.clock(),
            entered: Instant::now(),
            seconds_before,
            interrupted: None,
        };
        // Where a checkpoint was written after the step that met the condition, no step is left.
        let outcome = if until_met(deck, &self.watchers) {
            Ok(Outcome::Stopped)
        } else {
            drive(
                &mut md,
                &mut self.watchers,
                &mut guard,
                phase.steps(),
                fresh,
            )
        };
        let spent = guard.seconds();
        let interrupted = guard.interrupted;
        guard.progress.finish();
        match outcome {
            Ok(Outcome::Stopped) if interrupted.is_some() => return Ok(interrupted),
            Ok(Outcome::Stopped | Outcome::Finished) => {}
            Err(DriveError::Look(error)) => return Err(error),
            Err(DriveError::Step(error)) => return Err(self.fail(phase, &md, error)),
        }
        self.done.seconds[self.done.phase] = spent;
        self.done.steps[self.done.phase] = md.clock().step;
        *self.done.clock(phase.body) = md.body_clock();
        self.tell_end(phase, &md, spent);
        *self.done.system(phase.body) = Some(md.system);
        Ok(None)
    }

    /// The system in motion at the beginning of a phase, or where a checkpoint left it with the
    /// origin of its neighbour list.
    fn motion(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Dynamics,
        begun: Clock,
        motion: Option<Motion>,
    ) -> Result<(MolecularDynamics, Option<ListOrigin>), RunError> {
        let streams = self.plan.phase_streams(self.done.phase);
        let groups = &self.plan.deck.groups;
        let (system, external, saved) = match motion {
            Some(motion) => {
                let begun = Some(&motion.beginnings);
                let external = external(phase, groups, &motion.system, begun)?;
                let Mover::Dynamics(saved) = motion.mover else {
                    return Err(inconsistent("a minimisation was under way").into());
                };
                (motion.system, external, Some((motion.origin, saved)))
            }
            None => {
                let mut system = self.body(phase.body)?;
                let external = external(phase, groups, &system, None)?;
                self.set_in_motion(phase, deck, &external, &mut system)?;
                (system, external, None)
            }
        };
        let at_rest = at_rest(deck, &external, &system);
        let mut setup = Setup::new(ensemble(deck, &system, at_rest)?, phase.timestep(), streams);
        setup.swaps = swaps(deck)?;
        let mut dynamics = Dynamics::new(setup, &system)?;
        let origin = match saved {
            Some((origin, state)) => {
                dynamics.restore(&state)?;
                Some(origin)
            }
            None => None,
        };
        let md = MolecularDynamics {
            system,
            forces: self.force_field(phase.body)?.with_external(external),
            dynamics,
            begun,
            at_rest,
        };
        Ok((md, origin))
    }

    /// The first forces of a phase; those of a checkpoint come from its list, to the bit.
    fn first_forces(
        &mut self,
        phase: &Phase,
        md: &mut MolecularDynamics,
        origin: Option<&ListOrigin>,
    ) -> Result<(), RunError> {
        for watcher in &mut self.watchers {
            watcher.begin(phase, &md.system);
        }
        let needs = self
            .watchers
            .iter()
            .fold(Request::FORCES, |needs, watcher| {
                needs.union(watcher.needs())
            });
        let evaluated = match origin {
            Some(origin) => md.forces.restore(&mut md.system, origin, needs),
            None => md.forces.evaluate(&mut md.system, needs).map(drop),
        };
        evaluated.map_err(|source| {
            let clock = md.clock();
            let error = StepError::Forces {
                step: clock.step,
                time: clock.time,
                source,
            };
            self.fail(phase, md, error)
        })
    }

    /// Gives a body the velocities with which a phase begins.
    fn set_in_motion(
        &self,
        phase: &Phase,
        deck: &frit_deck::Dynamics,
        external: &External,
        system: &mut System,
    ) -> Result<(), RunError> {
        if let Some(velocities) = deck.velocities {
            self.draw(system, phase.body, velocities.temperature.in_kelvin())?;
        }
        if deck.centres == Some(frit_deck::Centres::Pinned) {
            for body in Selection::groups(system) {
                remove_momentum(system, body);
            }
        }
        if let Some(frozen) = &external.frozen {
            for place in frozen.places(system) {
                system.atoms.velocity_mut()[place] = Vector::zeros();
            }
        }
        // A thermostat that conserves momentum would take a drift for heat and cool the atoms.
        if !matches!(
            deck.ensemble,
            frit_deck::Ensemble::Nve | frit_deck::Ensemble::Langevin { .. }
        ) {
            bring_to_rest(phase, system, at_rest(deck, external, system));
        }
        Ok(())
    }

    /// Draws velocities; each particle of a pair gets its own, without momentum.
    fn draw(&self, system: &mut System, body: Body, temperature: f64) -> Result<(), RunError> {
        let streams = self.plan.phase_streams(self.done.phase);
        let constants = MechanicalConstants::CODATA;
        let is_pair = matches!(self.plan.structure, StructurePlan::Pair(_));
        let selections: &[Selection] = if is_pair && body == Body::Whole {
            &frit_build::PARTICLES.map(Selection::Group)
        } else {
            &[Selection::All]
        };
        for &selection in selections {
            let at_rest = AtRest::conserved_in(&system.cell);
            initialise_velocities(system, selection, temperature, at_rest, streams, &constants)?;
        }
        Ok(())
    }

    /// Leaves a post-mortem of a step.
    fn fail(&self, phase: &Phase, md: &MolecularDynamics, error: StepError) -> RunError {
        let frame = super::trajectory::frame(md, None);
        self.bury(phase, md.body_clock(), frame, &Finding::from(&error));
        error.into()
    }

    fn tell_end(&self, phase: &Phase, md: &MolecularDynamics, seconds: f64) {
        let exchanges = md.dynamics.swapped();
        if exchanges.attempts > 0 {
            terminal::say(&format!(
                "{}: {} of {} exchanges of atoms were accepted",
                phase.label(),
                exchanges.accepted,
                exchanges.attempts
            ));
        }
        let steps = md.clock().step;
        let atom_steps = md.system.atoms.len() as f64 * steps.max(1) as f64;
        let early = if steps < phase.steps() {
            format!(" of at most {}, until there was a neck,", phase.steps())
        } else {
            String::new()
        };
        terminal::say(&format!(
            "{}: {steps} steps{early} of {} atoms in {}, {:.2} µs per atom and step",
            phase.label(),
            md.system.atoms.len(),
            super::duration(std::time::Duration::from_secs_f64(seconds)),
            1e6 * seconds / atom_steps
        ));
    }
}

/// Whether what ends a stage early has come.
fn until_met(deck: &frit_deck::Dynamics, watchers: &[Box<dyn Watcher>]) -> bool {
    match deck.until {
        None => false,
        Some(frit_deck::Until::Neck) => {
            let seen = watchers.iter().find_map(|watcher| watcher.neck());
            seen.is_some_and(|seen| seen.watch.neck().is_some())
        }
    }
}

/// Part of the kinetic energy that a rigid motion must have to be told of.
const WORTH_TELLING: f64 = 1e-6;

/// Takes the rigid motions out of a system that are to hold no heat.
fn bring_to_rest(phase: &Phase, system: &mut System, at_rest: AtRest) {
    let constants = MechanicalConstants::CODATA;
    let before = kinetic_energy(system, Selection::All, &constants);
    let what = match at_rest {
        AtRest::Nothing | AtRest::Held { .. } => return,
        AtRest::Translation => "drift",
        AtRest::TranslationAndRotation => "drift and rotation",
    };
    remove_momentum(system, Selection::All);
    if at_rest == AtRest::TranslationAndRotation {
        remove_angular_momentum(system, Selection::All);
    }
    let rigid = before - kinetic_energy(system, Selection::All, &constants);
    if rigid > WORTH_TELLING * before {
        terminal::say(&format!(
            "{}: took out {what} with {:.2} % of the kinetic energy ({rigid:.4} eV), which the \
             thermostat would have taken for heat",
            phase.label(),
            100.0 * rigid / before
        ));
    }
}

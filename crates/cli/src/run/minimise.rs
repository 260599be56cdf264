//! A phase of minimisation.

use std::time::{Duration, Instant};

use frit_atoms::System;
use frit_dynamics::ForceField;
use frit_dynamics::minimise::{
    Criteria, Fire, Lbfgs, Minimisation, MinimiseError, Minimiser, Status,
};
use frit_engine::{Clock, Interrupt};
use frit_io::Frame;

use super::checkpoint::{Motion, Mover, Underway};
use super::error::RunError;
use super::execute::Run;
use super::post_mortem::Finding;
use super::progress::{Pace, Progress};
use super::state::inconsistent;
use crate::plan::{Phase, external};
use crate::terminal;

/// How often a minimisation writes a checkpoint where the deck gives a time, which it does not
/// have: by the clock, since that changes no bit.
const SAVE_EVERY: Duration = Duration::from_secs(60);

impl Run<'_> {
    pub(super) fn minimise(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Minimise,
        motion: Option<Motion>,
    ) -> Result<Option<Interrupt>, RunError> {
        let entered = Instant::now();
        let seconds_before = self.done.seconds[self.done.phase];
        let (mut system, mut forces, mut minimisation) = self.minimisation(phase, deck, motion)?;
        let begun = steps(minimisation.standing(&forces).steps);
        let mut shown = Progress::start(phase.label(), begun, deck.steps, Pace::Steps);
        let mut saved = Instant::now();
        let result = loop {
            let result = minimisation
                .advance(&mut system, &mut forces)
                .map_err(|error| self.fail_to_minimise(phase, &system, error))?;
            shown.step(steps(result.steps));
            if result.status != Status::Running {
                break result;
            }
            let interrupt = self.signals.arrived();
            let is_due = match self.plan.deck.checkpoint.every {
                frit_deck::Schedule::Steps(every) => result.steps.is_multiple_of(every),
                frit_deck::Schedule::Time(_) => saved.elapsed() >= SAVE_EVERY,
            };
            if is_due || interrupt.is_some() {
                saved = Instant::now();
                self.done.seconds[self.done.phase] =
                    seconds_before + entered.elapsed().as_secs_f64();
                self.save(Some(Underway {
                    system: &system,
                    forces: &forces,
                    mover: Mover::Minimisation(minimisation.save(&forces)),
                }))?;
            }
            if interrupt.is_some() {
                shown.finish();
                return Ok(interrupt);
            }
        };
        shown.finish();
        let end = match result.status {
            Status::Converged | Status::Running => "converged",
            Status::OutOfSteps => "NOT converged: out of steps",
            Status::Stalled => "NOT converged: no step lowers the energy any more",
        };
        terminal::say(&format!(
            "{}: {end} after {} steps, energy {:.6} eV, largest force {:.2e} eV/Å",
            phase.label(),
            result.steps,
            result.energy,
            result.max_force
        ));
        self.done.steps[self.done.phase] = result.steps;
        self.done.seconds[self.done.phase] = seconds_before + entered.elapsed().as_secs_f64();
        *self.done.system(phase.body) = Some(system);
        Ok(None)
    }

    /// A minimisation at its start, or where a checkpoint left it.
    fn minimisation(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Minimise,
        motion: Option<Motion>,
    ) -> Result<(System, ForceField, Minimisation), RunError> {
        let method = match deck.method {
            frit_deck::MinimiseMethod::Fire => Minimiser::Fire(Fire::default()),
            frit_deck::MinimiseMethod::Lbfgs => Minimiser::Lbfgs(Lbfgs::default()),
        };
        let criteria = Criteria {
            max_force: deck.force_tolerance.in_electronvolts_per_angstrom(),
            max_steps: deck.steps,
        };
        let groups = &self.plan.deck.groups;
        let (mut system, beginnings, saved) = match motion {
            None => (self.body(phase.body)?, None, None),
            Some(motion) => {
                let Mover::Minimisation(saved) = motion.mover else {
                    return Err(inconsistent("dynamics was under way").into());
                };
                let saved = (saved, motion.origin);
                (motion.system, Some(motion.beginnings), Some(saved))
            }
        };
        let external = external(phase, groups, &system, beginnings.as_ref())?;
        let mut forces = self.force_field(phase.body)?.with_external(external);
        let minimisation = match saved {
            None => Minimisation::start(method, criteria, &mut system, &mut forces),
            Some((saved, origin)) => {
                let forces = (&mut forces, &origin);
                Minimisation::resume(method, criteria, &saved, &mut system, forces)
            }
        };
        let minimisation =
            minimisation.map_err(|error| self.fail_to_minimise(phase, &system, error))?;
        Ok((system, forces, minimisation))
    }

    /// Leaves a post-mortem of a minimisation.
    fn fail_to_minimise(
        &mut self,
        phase: &Phase,
        system: &System,
        error: MinimiseError,
    ) -> RunError {
        let clock = *self.done.clock(phase.body);
        let mut frame = Frame::from_system(system);
        frame.step = Some(clock.step);
        frame.time = Some(clock.time);
        self.bury(phase, clock, Ok(frame), &Finding::from(&error));
        error.into()
    }
}

/// A clock of steps without time.
fn steps(step: u64) -> Clock {
    Clock { step, time: 0.0 }
}

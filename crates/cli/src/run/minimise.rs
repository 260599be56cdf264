//! A phase of minimisation.

use std::time::Instant;

use frit_atoms::System;
use frit_dynamics::minimise::{
    Criteria, Fire, Lbfgs, Minimisation, MinimiseError, Minimiser, Status,
};
use frit_engine::{Clock, Interrupt};
use frit_io::Frame;

use super::error::RunError;
use super::execute::Run;
use super::external::external;
use super::post_mortem::Finding;
use super::progress::{Pace, Progress};
use crate::plan::Phase;
use crate::terminal;

impl Run<'_> {
    pub(super) fn minimise(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Minimise,
    ) -> Result<Option<Interrupt>, RunError> {
        let entered = Instant::now();
        let mut system = self.body(phase.body)?;
        let external = external(phase, &self.plan.deck.groups, &system, None)?;
        let mut forces = self.force_field(phase.body)?.with_external(external);
        let method = match deck.method {
            frit_deck::MinimiseMethod::Fire => Minimiser::Fire(Fire::default()),
            frit_deck::MinimiseMethod::Lbfgs => Minimiser::Lbfgs(Lbfgs::default()),
        };
        let criteria = Criteria {
            max_force: deck.force_tolerance.in_electronvolts_per_angstrom(),
            max_steps: deck.steps,
        };
        let mut minimisation = Minimisation::start(method, criteria, &mut system, &mut forces)
            .map_err(|error| self.fail_to_minimise(phase, &system, error))?;
        let mut shown = Progress::start(phase.label(), steps(0), deck.steps, Pace::Steps);
        let result = loop {
            let result = minimisation
                .advance(&mut system, &mut forces)
                .map_err(|error| self.fail_to_minimise(phase, &system, error))?;
            shown.step(steps(result.steps));
            if result.status != Status::Running {
                break result;
            }
            if let Some(interrupt) = self.signals.arrived() {
                // A minimisation begins again from its start, and takes the same way.
                self.save(None)?;
                shown.finish();
                return Ok(Some(interrupt));
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
        self.done.seconds[self.done.phase] = entered.elapsed().as_secs_f64();
        *self.done.system(phase.body) = Some(system);
        Ok(None)
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

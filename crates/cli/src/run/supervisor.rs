//! Who watches over the loop: progress, signals, periodic checkpoints.

use std::path::Path;
use std::time::Instant;

use frit_engine::{Clock, Engine, Interrupt, Schedule, Signals, Supervisor, Verdict};

use super::checkpoint::Progress as Done;
use super::error::RunError;
use super::progress::Progress;
use super::{MolecularDynamics, Watcher};

/// Watches over the loop of one phase.
pub(crate) struct Guard<'a> {
    /// Shown to the user.
    pub progress: Progress,
    /// Signals that ask to end.
    pub signals: &'a Signals,
    /// When checkpoints are written.
    pub schedule: Schedule,
    /// Where the checkpoint lies.
    pub path: &'a Path,
    /// The kernel path, as noted in checkpoints.
    pub kernel: &'a str,
    /// How far the run was when the phase began, with the time spent in it so far.
    pub done: &'a mut Done,
    /// When the loop was entered.
    pub entered: Instant,
    /// Seconds spent in this phase before.
    pub seconds_before: f64,
    /// The signal that ended the loop.
    pub interrupted: Option<Interrupt>,
}

impl Guard<'_> {
    fn note_seconds(&mut self) {
        let phase = self.done.phase;
        self.done.seconds[phase] = self.seconds_before + self.entered.elapsed().as_secs_f64();
    }
}

impl Supervisor<MolecularDynamics, Box<dyn Watcher>> for Guard<'_> {
    type Error = RunError;

    fn after_step(
        &mut self,
        md: &MolecularDynamics,
        watchers: &mut [Box<dyn Watcher>],
    ) -> Result<Verdict, RunError> {
        let clock = md.clock();
        self.progress.step(clock.step);
        self.interrupted = self.signals.arrived();
        let before = Clock {
            step: clock.step - 1,
            time: clock.time - md.dynamics.setup().time_step,
        };
        if self.schedule.is_due(Some(before), clock) || self.interrupted.is_some() {
            self.note_seconds();
            self.done
                .write(self.path, self.kernel, watchers, Some(md))?;
        }
        Ok(match self.interrupted {
            Some(_) => Verdict::Stop,
            None => Verdict::Continue,
        })
    }
}

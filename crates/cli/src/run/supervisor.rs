//! Who watches over the loop: progress, signals, periodic checkpoints.

use std::time::{Duration, Instant};

use frit_engine::{Clock, Engine, Interrupt, Schedule, Signals, Supervisor, Verdict};

use super::error::RunError;
use super::progress::Progress;

/// Watches over one loop; `save` writes a checkpoint and is told the seconds spent in the loop.
pub(crate) struct Guard<'a, S, D> {
    /// Shown to the user.
    pub progress: Progress,
    /// Signals that ask to end.
    pub signals: &'a Signals,
    /// When checkpoints are written.
    pub schedule: Schedule,
    /// After so much time without a checkpoint one is written in any case, if this is given.
    pub patience: Option<Duration>,
    /// When the last checkpoint was written, or the loop was entered.
    pub saved: Instant,
    /// Writes a checkpoint.
    pub save: S,
    /// Whether the loop ends where the engine stands, before its last step.
    pub is_over: D,
    /// Where the engine stood after the step before.
    pub last: Clock,
    /// When the loop was entered.
    pub entered: Instant,
    /// Seconds spent in this loop before.
    pub seconds_before: f64,
    /// The signal that ended the loop.
    pub interrupted: Option<Interrupt>,
}

impl<S, D> Guard<'_, S, D> {
    /// Seconds spent in this loop, over all attempts.
    pub(crate) fn seconds(&self) -> f64 {
        self.seconds_before + self.entered.elapsed().as_secs_f64()
    }
}

impl<E, O, S, D> Supervisor<E, O> for Guard<'_, S, D>
where
    E: Engine,
    S: FnMut(&E, &mut [O], f64) -> Result<(), RunError>,
    D: FnMut(&E, &[O]) -> bool,
{
    type Error = RunError;

    fn after_step(&mut self, engine: &E, observers: &mut [O]) -> Result<Verdict, RunError> {
        let clock = engine.clock();
        self.progress.step(clock);
        self.interrupted = self.signals.arrived();
        let is_late = (self.patience).is_some_and(|patience| self.saved.elapsed() >= patience);
        if self.schedule.is_due(Some(self.last), clock) || is_late || self.interrupted.is_some() {
            let seconds = self.seconds();
            (self.save)(engine, observers, seconds)?;
            self.saved = Instant::now();
        }
        self.last = clock;
        let is_over = (self.is_over)(engine, observers);
        Ok(if is_over || self.interrupted.is_some() {
            Verdict::Stop
        } else {
            Verdict::Continue
        })
    }
}

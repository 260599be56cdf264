//! Progress: a bar on a terminal, a line a minute otherwise.

use std::time::{Duration, Instant};

use frit_engine::{Clock, Rate};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal;

/// Between lines when nobody watches on a terminal.
const LINE_EVERY: Duration = Duration::from_secs(60);
/// Between looks at the clock that feed the rate.
const READ_EVERY: Duration = Duration::from_millis(500);

/// What a loop counts until it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pace {
    /// Steps of molecular dynamics of so long [ps].
    Dynamics(f64),
    /// Steps.
    Steps,
    /// Physical time until so much, whatever the steps.
    Time(f64),
}

/// Parts into which the time of [`Pace::Time`] is divided.
const PARTS: f64 = 1e6;

impl Pace {
    fn place(self, clock: Clock) -> u64 {
        match self {
            Self::Dynamics(_) | Self::Steps => clock.step,
            Self::Time(until) => (clock.time / until * PARTS) as u64,
        }
    }
}

/// Shows how far a phase is, its rate, and when it will be done.
pub(crate) struct Progress {
    label: String,
    last_step: u64,
    pace: Pace,
    rate: Rate,
    started: Instant,
    read: Instant,
    printed: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins to show a loop that stands at `first` and goes to `last_step`, or to the time of its
    /// pace.
    pub(crate) fn start(label: String, first: Clock, last_step: u64, pace: Pace) -> Self {
        let now = Instant::now();
        let first_step = pace.place(first);
        let last_step = match pace {
            Pace::Dynamics(_) | Pace::Steps => last_step,
            Pace::Time(_) => PARTS as u64,
        };
        let bar = terminal::is_watched().then(|| {
            let bar = ProgressBar::with_draw_target(Some(last_step), ProgressDrawTarget::stderr());
            if let Ok(style) =
                ProgressStyle::with_template("{prefix} {bar:32} {percent:>3} %  {msg}")
            {
                bar.set_style(style.progress_chars("━╸ "));
            }
            bar.set_prefix(label.clone());
            bar.set_position(first_step);
            bar
        });
        let mut rate = Rate::default();
        rate.note(Duration::ZERO, first_step);
        Self {
            label,
            last_step,
            pace,
            rate,
            started: now,
            read: now,
            printed: now,
            bar,
        }
    }

    /// Notes that a step was done; cheap enough for every step.
    pub(crate) fn step(&mut self, clock: Clock) {
        let now = Instant::now();
        if now - self.read < READ_EVERY {
            return;
        }
        self.read = now;
        let step = self.pace.place(clock);
        self.rate.note(now - self.started, step);
        if let Some(bar) = &self.bar {
            bar.set_position(step);
            bar.set_message(self.figures());
        } else if now - self.printed >= LINE_EVERY {
            self.printed = now;
            let percent = 100.0 * step as f64 / self.last_step.max(1) as f64;
            terminal::say(&format!(
                "{} {percent:.1} %  {}",
                self.label,
                self.figures()
            ));
        }
    }

    fn figures(&self) -> String {
        let Some(rate) = self.rate.steps_per_second() else {
            return String::new();
        };
        let remaining = self
            .rate
            .remaining(self.last_step)
            .map_or_else(|| "?".to_owned(), duration);
        match self.pace {
            Pace::Dynamics(timestep) => {
                let per_day = rate * timestep * 1e-3 * 86_400.0;
                format!("{rate:.0} steps/s, {per_day:.3} ns/day, {remaining} left")
            }
            Pace::Steps => format!("{rate:.0} steps/s, {remaining} left"),
            Pace::Time(_) => format!("{remaining} left"),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A duration for people: `42 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let text = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(text(42), "42 s");
        assert_eq!(text(185), "3 min 5 s");
        assert_eq!(text(7_800), "2 h 10 min");
        assert_eq!(text(273_600), "3 d 4 h");
    }
}

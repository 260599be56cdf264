//! Progress: a bar on a terminal, a line a minute otherwise.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use frit_engine::Rate;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal;

/// Between lines when nobody watches on a terminal.
const LINE_EVERY: Duration = Duration::from_secs(60);
/// Between looks at the clock that feed the rate.
const READ_EVERY: Duration = Duration::from_millis(500);

/// Shows how far a phase is, its rate, and when it will be done.
pub(crate) struct Progress {
    label: String,
    last_step: u64,
    /// Physical time of a step [ps].
    timestep: f64,
    rate: Rate,
    started: Instant,
    read: Instant,
    printed: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins to show a phase that goes to `last_step` with steps of `timestep` [ps].
    pub(crate) fn start(label: String, first_step: u64, last_step: u64, timestep: f64) -> Self {
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| {
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
            timestep,
            rate,
            started: now,
            read: now,
            printed: now,
            bar,
        }
    }

    /// Notes that a step was done; cheap enough for every step.
    pub(crate) fn step(&mut self, step: u64) {
        let now = Instant::now();
        if now - self.read < READ_EVERY {
            return;
        }
        self.read = now;
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
        let per_day = rate * self.timestep * 1e-3 * 86_400.0;
        let remaining = self
            .rate
            .remaining(self.last_step)
            .map_or_else(|| "?".to_owned(), duration);
        format!("{rate:.0} steps/s, {per_day:.3} ns/day, {remaining} left")
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

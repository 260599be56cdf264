//! How fast a run goes and how long it will take.

use std::collections::VecDeque;
use std::time::Duration;

/// Steps per second, from the last readings, so that one slow stretch (a checkpoint, a suspended
/// machine) does not spoil the estimate.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    readings: VecDeque<(Duration, u64)>,
}

/// Readings kept; the rate is the median over their intervals.
const READINGS: usize = 32;

impl Rate {
    /// Notes that `step` was reached `elapsed` after the start.
    pub fn note(&mut self, elapsed: Duration, step: u64) {
        if self.readings.len() == READINGS {
            self.readings.pop_front();
        }
        self.readings.push_back((elapsed, step));
    }

    /// Steps per second; `None` before two readings.
    pub fn steps_per_second(&self) -> Option<f64> {
        let mut rates: Vec<f64> = self
            .readings
            .iter()
            .zip(self.readings.iter().skip(1))
            .map(|(&(start, first), &(end, last))| {
                (last - first) as f64 / (end - start).as_secs_f64().max(1e-9)
            })
            .collect();
        if rates.is_empty() {
            return None;
        }
        rates.sort_by(f64::total_cmp);
        Some(rates[rates.len() / 2])
    }

    /// Time until `last`, from the present rate.
    pub fn remaining(&self, last: u64) -> Option<Duration> {
        let rate = self.steps_per_second().filter(|&rate| rate > 0.0)?;
        let (_, step) = self.readings.back()?;
        Duration::try_from_secs_f64(last.saturating_sub(*step) as f64 / rate).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_stretch_does_not_change_the_rate() {
        let mut rate = Rate::default();
        assert_eq!(rate.steps_per_second(), None);
        let mut elapsed = 0.0;
        for reading in 0..20_u64 {
            elapsed += if reading == 10 { 50.0 } else { 1.0 };
            rate.note(Duration::from_secs_f64(elapsed), reading * 100);
        }
        let steps = rate.steps_per_second().unwrap();
        assert!((steps - 100.0).abs() < 1e-6, "{steps}");
        let remaining = rate.remaining(2000).unwrap().as_secs_f64();
        assert!((remaining - 1.0).abs() < 1e-6, "{remaining}");
    }
}

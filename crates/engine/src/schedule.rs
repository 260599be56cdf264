//! When an observer looks.

use crate::Clock;

/// When an observer looks: at multiples of a number of steps, or of a span of physical time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Schedule {
    /// At steps that are multiples of this number, step 0 included; 0 means never.
    Steps(u64),
    /// At the first step at or after each multiple of this span, in the engine's unit of time.
    Time(f64),
}

impl Schedule {
    /// Never.
    pub const NEVER: Self = Self::Steps(0);

    /// Whether a look is due when the clock has come from `before` to `now`.
    ///
    /// `before` is `None` at the start, where every schedule but [`Schedule::NEVER`] is due.
    pub fn is_due(self, before: Option<Clock>, now: Clock) -> bool {
        match (self, before) {
            (Self::Steps(0), _) => false,
            (_, None) => true,
            (Self::Steps(every), Some(_)) => now.step.is_multiple_of(every),
            (Self::Time(span), Some(before)) => {
                (now.time / span).floor() > (before.time / span).floor()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_multiples() {
        let schedule = Schedule::Steps(10);
        let at = |step| Clock { step, time: 0.0 };
        assert!(schedule.is_due(None, at(0)));
        assert!(!schedule.is_due(Some(at(8)), at(9)));
        assert!(schedule.is_due(Some(at(9)), at(10)));
        assert!(!Schedule::NEVER.is_due(None, at(0)));
    }

    #[test]
    fn times_fire_once_per_span() {
        let schedule = Schedule::Time(0.1);
        let mut before = Clock { step: 0, time: 0.0 };
        let mut looks = 0;
        for step in 1..=1000 {
            // An irregular clock, as kinetic Monte Carlo has.
            let now = Clock {
                step,
                time: before.time + 0.003 + 0.002 * (step as f64).sin(),
            };
            looks += u32::from(schedule.is_due(Some(before), now));
            before = now;
        }
        assert_eq!(looks, (before.time / 0.1).floor() as u32);
    }
}

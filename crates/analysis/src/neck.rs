//! First contact and sustained neck, from a series of bond counts.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Rounding of sums of time steps, relative: a hold of 2 ps counted in 1000 steps of 2 fs.
const TIME_ROUNDING: f64 = 1e-9;

/// What counts as a neck.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NeckRule {
    /// Bonds that a neck has at least.
    pub bonds: usize,
    /// Time [ps] for which it must have them without a break.
    #[serde(rename = "hold_ps")]
    pub hold: f64,
}

impl Default for NeckRule {
    /// 20 bonds held for 2 ps.
    ///
    /// Two or three atoms of each particle that meet share a few bonds and part again within some
    /// vibrations (0.2 ps each); 20 bonds are five atoms in fourfold hollows of the other particle.
    fn default() -> Self {
        Self {
            bonds: 20,
            hold: 2.0,
        }
    }
}

impl NeckRule {
    /// Longest time [ps] between two looks: half of the hold, so that at least three looks, at its
    /// start, within and at its end, bear every neck.
    pub fn longest_interval(&self) -> f64 {
        0.5 * self.hold
    }

    /// Checks that the rule can be met when bonds are counted every `interval` [ps].
    ///
    /// # Errors
    /// The hold must be positive, at least one bond needed, and the interval at most half the hold.
    pub fn check(&self, interval: f64) -> Result<(), NeckError> {
        if !(self.hold > 0.0 && self.hold.is_finite()) {
            return Err(NeckError::BadHold { hold: self.hold });
        }
        if self.bonds == 0 {
            return Err(NeckError::NoBonds);
        }
        let longest = self.longest_interval();
        if !(interval > 0.0 && interval <= longest * (1.0 + TIME_ROUNDING)) {
            return Err(NeckError::TooSeldom {
                interval,
                hold: self.hold,
                longest,
            });
        }
        Ok(())
    }
}

/// Why a neck cannot be watched for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NeckError {
    /// The hold is not a positive time.
    #[error("a neck must be held for a positive time; found {hold} ps")]
    BadHold {
        /// The hold found [ps].
        hold: f64,
    },
    /// No bond is needed.
    #[error("a neck needs at least one bond; found 0")]
    NoBonds,
    /// The looks are too far apart.
    #[error(
        "bonds are counted every {interval} ps, too seldom to see them held for {hold} ps; count them at least every {longest} ps"
    )]
    TooSeldom {
        /// Time between counts [ps].
        interval: f64,
        /// The hold [ps].
        hold: f64,
        /// Longest time allowed between counts [ps].
        longest: f64,
    },
    /// Time went backwards.
    #[error("bonds at {time} ps come after those at {last} ps; give them in the order of time")]
    Backwards {
        /// Time of the count refused [ps].
        time: f64,
        /// Time of the last count [ps].
        last: f64,
    },
}

/// When something was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Time [ps] of the first count that shows it.
    #[serde(rename = "time_ps")]
    pub time: f64,
    /// Time [ps] of the count before, which does not show it: the event lies between the two.
    /// `None` if already the first count shows it.
    #[serde(rename = "not_yet_at_ps")]
    pub not_yet_at: Option<f64>,
}

/// A sustained neck.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Neck {
    /// Start of the interval through which it had enough bonds.
    pub start: Event,
    /// Time [ps] of the count at which it had held long enough.
    #[serde(rename = "confirmed_ps")]
    pub confirmed: f64,
    /// Counts that bear it, from the start to the confirmation.
    pub counts: usize,
}

/// An interval of enough bonds that has not lasted long enough yet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Candidate {
    start: Event,
    counts: usize,
}

/// Watches bond counts for first contact and sustained neck.
///
/// The first bond at all is the contact; the first interval in which every count shows enough
/// bonds, of the rule's length at least, is the neck. Nothing is assumed about times that nobody
/// looked at: after a break longer than [`NeckRule::longest_interval`] an interval starts anew
/// with the next count, and the break is counted. All of its state is plain data to save.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeckWatch {
    rule: NeckRule,
    last: Option<f64>,
    contact: Option<Event>,
    candidate: Option<Candidate>,
    neck: Option<Neck>,
    breaks: usize,
    longest_interval: f64,
}

impl NeckWatch {
    /// A watch that has seen nothing yet.
    pub fn new(rule: NeckRule) -> Self {
        Self {
            rule,
            last: None,
            contact: None,
            candidate: None,
            neck: None,
            breaks: 0,
            longest_interval: 0.0,
        }
    }

    /// Takes the number of bonds at a time [ps]; a time seen already is passed over.
    ///
    /// # Errors
    /// Times must not go backwards, and be numbers.
    pub fn observe(&mut self, time: f64, bonds: usize) -> Result<(), NeckError> {
        if self.last == Some(time) {
            return Ok(());
        }
        let last = self.last.unwrap_or(f64::NEG_INFINITY);
        // Not a number is not greater either.
        if time.partial_cmp(&last) != Some(Ordering::Greater) {
            return Err(NeckError::Backwards { time, last });
        }
        if self.last.is_some() {
            let interval = time - last;
            self.longest_interval = self.longest_interval.max(interval);
            if interval > self.rule.longest_interval() * (1.0 + TIME_ROUNDING) {
                self.breaks += 1;
                self.candidate = None;
            }
        }
        let seen = Event {
            time,
            not_yet_at: self.last,
        };
        self.last = Some(time);
        if bonds > 0 && self.contact.is_none() {
            self.contact = Some(seen);
        }
        if bonds < self.rule.bonds {
            self.candidate = None;
        } else if self.neck.is_none() {
            let candidate = self.candidate.get_or_insert(Candidate {
                start: seen,
                counts: 0,
            });
            candidate.counts += 1;
            let held = time - candidate.start.time;
            if held >= self.rule.hold * (1.0 - TIME_ROUNDING) {
                self.neck = Some(Neck {
                    start: candidate.start,
                    confirmed: time,
                    counts: candidate.counts,
                });
            }
        }
        Ok(())
    }

    /// The rule.
    pub fn rule(&self) -> NeckRule {
        self.rule
    }

    /// The first bond, if there was one.
    pub fn first_contact(&self) -> Option<Event> {
        self.contact
    }

    /// The first sustained neck, if there was one.
    pub fn neck(&self) -> Option<Neck> {
        self.neck
    }

    /// Times at which nobody looked for longer than the rule allows.
    pub fn breaks(&self) -> usize {
        self.breaks
    }

    /// Longest time [ps] between two counts so far: the resolution of the times.
    pub fn resolution(&self) -> f64 {
        self.longest_interval
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(counts: &[(f64, usize)]) -> NeckWatch {
        let mut watch = NeckWatch::new(NeckRule::default());
        for &(time, bonds) in counts {
            watch.observe(time, bonds).unwrap();
        }
        watch
    }

    #[test]
    fn contact_and_neck_have_their_times() {
        let mut watch = NeckWatch::new(NeckRule::default());
        for step in 0..=100_u32 {
            let bonds = match step {
                0..=19 => 0,
                20..=39 => 3,
                40..=49 => 25, // held for 0.9 ps only
                50 => 19,
                _ => 20,
            };
            watch.observe(0.1 * f64::from(step), bonds).unwrap();
        }
        let contact = watch.first_contact().unwrap();
        assert!((contact.time - 2.0).abs() < 1e-12);
        assert!((contact.not_yet_at.unwrap() - 1.9).abs() < 1e-12);
        let neck = watch.neck().unwrap();
        assert!((neck.start.time - 5.1).abs() < 1e-12);
        assert!((neck.confirmed - 7.1).abs() < 1e-12);
        assert_eq!(neck.counts, 21);
        assert_eq!(watch.breaks(), 0);
        assert!((watch.resolution() - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_neck_at_the_first_count_is_said_to_be_so() {
        let watch = watch(&[(0.0, 30), (1.0, 30), (2.0, 30)]);
        assert_eq!(watch.first_contact().unwrap().not_yet_at, None);
        assert_eq!(watch.neck().unwrap().start.not_yet_at, None);
    }

    #[test]
    fn nothing_is_assumed_about_times_nobody_looked_at() {
        let gap = [(0.0, 0), (1.0, 20), (1.5, 20), (4.0, 20), (5.0, 20)];
        let watched = watch(&gap);
        assert_eq!(watched.breaks(), 1);
        assert!(watched.neck().is_none());
        let mut later = watched;
        later.observe(6.0, 20).unwrap();
        assert_eq!(later.neck().unwrap().start.time, 4.0);
    }

    #[test]
    fn a_count_taken_twice_counts_once_and_time_runs_forward() {
        let mut watch = watch(&[(0.0, 0), (1.0, 5)]);
        let before = watch.clone();
        watch.observe(1.0, 99).unwrap();
        assert_eq!(watch, before);
        assert!(matches!(
            watch.observe(0.5, 5),
            Err(NeckError::Backwards { .. })
        ));
        assert!(
            NeckWatch::new(NeckRule::default())
                .observe(f64::NAN, 5)
                .is_err()
        );
        assert!(matches!(
            watch.observe(f64::NAN, 5),
            Err(NeckError::Backwards { .. })
        ));
    }

    #[test]
    fn saving_and_restoring_changes_nothing() {
        let counts: Vec<(f64, usize)> = (0..60)
            .map(|step| (0.1 * f64::from(step), if step < 13 { 7 } else { 33 }))
            .collect();
        let whole = watch(&counts);
        for cut in [1, 12, 14, 20, 33, 40] {
            let saved = serde_json::to_string(&watch(&counts[..cut])).unwrap();
            let mut restored: NeckWatch = serde_json::from_str(&saved).unwrap();
            for &(time, bonds) in &counts[cut..] {
                restored.observe(time, bonds).unwrap();
            }
            assert_eq!(restored, whole);
        }
    }

    #[test]
    fn unusable_rules_are_refused() {
        let rule = NeckRule::default();
        assert!(rule.check(1.0).is_ok());
        assert!(rule.check(0.002).is_ok());
        let message = rule.check(1.5).unwrap_err().to_string();
        assert!(message.contains("at least every 1 ps"), "{message}");
        assert!(NeckRule { hold: 0.0, ..rule }.check(0.1).is_err());
        assert!(NeckRule { bonds: 0, ..rule }.check(0.1).is_err());
    }
}

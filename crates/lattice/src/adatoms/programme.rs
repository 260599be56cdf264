//! Temperature in the course of a run.

use super::AdatomError;
use crate::parameter::positive;

/// A ramp is a staircase of steps no higher than this [K].
const RAMP_STEP: f64 = 1.0;

/// How long something lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// A number of events.
    Events(u64),
    /// A span of physical time \[s\].
    Time(f64),
}

/// The temperature of a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Temperature {
    /// It stays \[K\].
    Constant(f64),
    /// It changes evenly over the stage, in steps of at most 1 K.
    Ramp {
        /// At the start of the stage [K].
        from: f64,
        /// At its end [K].
        to: f64,
    },
}

/// A part of a temperature programme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Its temperature.
    pub temperature: Temperature,
    /// How long it lasts.
    pub extent: Extent,
}

/// A span of constant temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Segment {
    pub(crate) temperature: f64,
    pub(crate) extent: Extent,
    /// The stage it belongs to, repetitions counted.
    pub(crate) stage: usize,
}

/// Temperature as a sequence of stages; after the last, its last temperature stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    /// Of one cycle.
    segments: Vec<Segment>,
    /// Of one cycle.
    stages: usize,
    cycles: usize,
}

impl Programme {
    /// One temperature [K] for ever.
    ///
    /// # Errors
    /// If it is not positive.
    pub fn constant(temperature: f64) -> Result<Self, AdatomError> {
        Self::new(&[Stage {
            temperature: Temperature::Constant(temperature),
            extent: Extent::Events(u64::MAX),
        }])
    }

    /// These stages one after the other.
    ///
    /// # Errors
    /// Without stages, if a temperature is not positive, or if a stage has no positive extent.
    pub fn new(stages: &[Stage]) -> Result<Self, AdatomError> {
        Self::repeated(stages, 1)
    }

    /// These stages, all of them `cycles` times over.
    ///
    /// # Errors
    /// As [`Programme::new`], or if `cycles` is 0.
    pub fn repeated(stages: &[Stage], cycles: usize) -> Result<Self, AdatomError> {
        if stages.is_empty() || cycles == 0 {
            return Err(AdatomError::NoStages);
        }
        let mut segments = Vec::new();
        for (number, stage) in stages.iter().enumerate() {
            let empty = match stage.extent {
                Extent::Events(events) => events == 0,
                Extent::Time(time) => !(time > 0.0 && time.is_finite()),
            };
            if empty {
                return Err(AdatomError::EmptyStage { number: number + 1 });
            }
            match stage.temperature {
                Temperature::Constant(temperature) => segments.push(Segment {
                    temperature: positive("temperature", temperature, "K")?,
                    extent: stage.extent,
                    stage: number,
                }),
                Temperature::Ramp { from, to } => {
                    positive("temperature", from, "K")?;
                    positive("temperature", to, "K")?;
                    segments.extend(staircase(from, to, stage.extent, number));
                }
            }
        }
        Ok(Self {
            segments,
            stages: stages.len(),
            cycles,
        })
    }

    /// How many stages it has, repetitions counted.
    pub fn stages(&self) -> usize {
        self.stages * self.cycles
    }

    /// How long all of it lasts; `None` if some stages last events and others times.
    ///
    /// Times are added up as the simulation does, so that its clock comes to exactly this time.
    pub fn extent(&self) -> Option<Extent> {
        let (mut events, mut time) = (0_u64, 0.0);
        for segment in (0..self.len()).map(|index| self.segment(index)) {
            match segment.extent {
                Extent::Events(some) => events = events.saturating_add(some),
                Extent::Time(some) => time += some,
            }
        }
        match (events, time) {
            (events, 0.0) => Some(Extent::Events(events)),
            (0, time) => Some(Extent::Time(time)),
            _ => None,
        }
    }

    /// Spans of constant temperature, repetitions counted.
    pub(crate) fn len(&self) -> usize {
        self.segments.len() * self.cycles
    }

    pub(crate) fn segment(&self, index: usize) -> Segment {
        let (cycle, within) = (index / self.segments.len(), index % self.segments.len());
        let segment = self.segments[within];
        Segment {
            stage: segment.stage + cycle * self.stages,
            ..segment
        }
    }

    /// Whether a stage ends with this span.
    pub(crate) fn ends_stage(&self, index: usize) -> bool {
        let next = (index + 1) % self.segments.len();
        next == 0 || self.segments[next].stage != self.segments[index % self.segments.len()].stage
    }

    /// The spans before this one that belong to its stage, and all that do.
    pub(crate) fn place_in_stage(&self, index: usize) -> (usize, usize) {
        let within = index % self.segments.len();
        let stage = self.segments[within].stage;
        let first = self.segments.partition_point(|one| one.stage < stage);
        let end = self.segments.partition_point(|one| one.stage <= stage);
        (within - first, end - first)
    }
}

/// The ramp as segments of equal extent, each at the temperature in its middle.
fn staircase(from: f64, to: f64, extent: Extent, stage: usize) -> Vec<Segment> {
    let wanted = ((to - from).abs() / RAMP_STEP).ceil().max(1.0) as u64;
    let steps = match extent {
        Extent::Events(events) => wanted.min(events),
        Extent::Time(_) => wanted,
    };
    (0..steps)
        .map(|step| Segment {
            temperature: from + (to - from) * (step as f64 + 0.5) / steps as f64,
            extent: match extent {
                // Whole numbers whose sum is that of the stage.
                Extent::Events(events) => {
                    let until = |step| (u128::from(events) * step / u128::from(steps)) as u64;
                    Extent::Events(until(u128::from(step) + 1) - until(step.into()))
                }
                Extent::Time(time) => Extent::Time(time / steps as f64),
            },
            stage,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_a_staircase_that_lasts_as_long() {
        let ramp = Stage {
            temperature: Temperature::Ramp {
                from: 473.15,
                to: 476.0,
            },
            extent: Extent::Events(100),
        };
        let programme = Programme::repeated(&[ramp], 2).unwrap();
        assert_eq!(programme.stages(), 2);
        let segments: Vec<Segment> = (0..programme.len())
            .map(|index| programme.segment(index))
            .collect();
        assert_eq!(segments.len(), 6);
        assert_eq!(programme.extent(), Some(Extent::Events(200)));
        assert!((segments[0].temperature - 473.625).abs() < 1e-9);
        assert!((segments[2].temperature - 475.525).abs() < 1e-9);
        assert_eq!([2, 3, 5].map(|k| segments[k].stage), [0, 1, 1]);
        assert_eq!(
            [1, 2, 4, 5].map(|k| programme.ends_stage(k)),
            [false, true, false, true]
        );
        assert_eq!(programme.place_in_stage(4), (1, 3));
    }

    #[test]
    fn impossible_programmes_are_refused() {
        assert_eq!(Programme::new(&[]), Err(AdatomError::NoStages));
        let stage = |temperature, extent| {
            Programme::new(&[Stage {
                temperature: Temperature::Constant(temperature),
                extent,
            }])
        };
        assert!(stage(-1.0, Extent::Events(1)).is_err());
        assert_eq!(
            stage(300.0, Extent::Time(0.0)),
            Err(AdatomError::EmptyStage { number: 1 })
        );
    }
}

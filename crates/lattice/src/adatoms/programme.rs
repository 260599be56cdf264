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
    /// The stage it belongs to.
    pub(crate) stage: usize,
}

/// Temperature as a sequence of stages; after the last, its last temperature stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    segments: Vec<Segment>,
    stages: usize,
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
        if stages.is_empty() {
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
        })
    }

    /// These stages, all of them `cycles` times over.
    ///
    /// # Errors
    /// As [`Programme::new`].
    pub fn repeated(stages: &[Stage], cycles: usize) -> Result<Self, AdatomError> {
        Self::new(&stages.repeat(cycles))
    }

    /// How many stages it has, repetitions counted.
    pub fn stages(&self) -> usize {
        self.stages
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
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
        let segments = programme.segments();
        assert_eq!(segments.len(), 6);
        let events: u64 = segments
            .iter()
            .map(|segment| match segment.extent {
                Extent::Events(events) => events,
                Extent::Time(_) => 0,
            })
            .sum();
        assert_eq!(events, 200);
        assert!((segments[0].temperature - 473.625).abs() < 1e-9);
        assert!((segments[2].temperature - 475.525).abs() < 1e-9);
        assert_eq!(segments[3].stage, 1);
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

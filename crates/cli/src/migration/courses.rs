//! How the Cu fractions of single particles swing: periods and deviations, into the summary.

use std::collections::BTreeMap;

use frit_engine::{Engine, Observer, Schedule};
use frit_io::Checkpoint;
use frit_migration::Simulation;
use frit_migration::swing::{OSCILLATING, swing};
use serde_json::{Map, Value, json};

use crate::run::{Recorder, RunError};

/// So many particles are followed, the first by their ids.
const FOLLOWED: u64 = 400;

/// Swings are counted after this time [s], when the start is forgotten; or after half of a run that
/// is shorter than twice as long.
const START: f64 = 1.0;

/// Cu fractions of the first particles over time.
pub(super) struct Courses {
    schedule: Schedule,
    times: Vec<f64>,
    /// Cu fractions by id; of particles that merged or dissolved, fewer than times.
    copper: BTreeMap<u64, Vec<f64>>,
}

impl Courses {
    pub(super) fn open(
        schedule: Schedule,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let mut courses = Self {
            schedule,
            times: Vec::new(),
            copper: BTreeMap::new(),
        };
        if let Some(checkpoint) = checkpoint {
            courses.times = checkpoint.get_f64s("courses.times")?;
            let values = checkpoint.get_f64s("courses.copper")?;
            let mut values = values.into_iter();
            let lengths = checkpoint.get_u64s("courses.length")?;
            for (id, length) in checkpoint.get_u64s("courses.id")?.into_iter().zip(lengths) {
                let course = values.by_ref().take(length as usize).collect();
                courses.copper.insert(id, course);
            }
        }
        Ok(courses)
    }
}

impl Observer<Simulation> for Courses {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, simulation: &Simulation) -> Result<(), RunError> {
        let particles = simulation.particles();
        self.times.push(simulation.clock().time);
        // Ids stand in rising order.
        let followed = particles.id().iter().zip(particles.sums());
        for (&id, sums) in followed.take_while(|(id, _)| **id < FOLLOWED) {
            self.copper.entry(id).or_default().push(sums.copper);
        }
        Ok(())
    }
}

impl Recorder<Simulation> for Courses {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        let ids: Vec<u64> = self.copper.keys().copied().collect();
        let lengths: Vec<u64> = self.copper.values().map(|one| one.len() as u64).collect();
        let values: Vec<f64> = self.copper.values().flatten().copied().collect();
        checkpoint.put_f64s("courses.times", &self.times);
        checkpoint.put_u64s("courses.id", &ids);
        checkpoint.put_u64s("courses.length", &lengths);
        checkpoint.put_f64s("courses.copper", &values);
        Ok(())
    }

    fn results(&self, summary: &mut Map<String, Value>) {
        let end = self.times.last().copied().unwrap_or(0.0);
        let first = self
            .times
            .partition_point(|&time| time < START.min(0.5 * end));
        let whole = self.copper.values();
        let whole = whole.filter(|course| course.len() == self.times.len());
        let swings: Vec<_> = whole
            .map(|course| swing(&self.times[first..], &course[first..]))
            .collect();
        let count = swings.len().max(1) as f64;
        let deviation = swings.iter().map(|one| one.deviation).sum::<f64>() / count;
        let oscillating: Vec<_> = swings
            .iter()
            .filter(|one| one.deviation > OSCILLATING)
            .collect();
        let periods: Vec<f64> = oscillating.iter().filter_map(|one| one.period).collect();
        let period = match periods.len() {
            0 => Value::Null,
            some => json!(periods.iter().sum::<f64>() / some as f64),
        };
        summary.insert("swing".to_owned(), json!(deviation));
        let share = oscillating.len() as f64 / count;
        summary.insert("oscillating_share".to_owned(), json!(share));
        summary.insert("period_s".to_owned(), period);
    }
}

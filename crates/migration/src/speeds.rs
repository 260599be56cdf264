//! Speeds between frames, as a microscope sees them.

use std::collections::HashMap;

use frit_engine::random::{Purpose, Streams};

use crate::parameters::Imaging;
use crate::particles::Particles;

/// Edges of the bins in which Zhao et al. (doi:10.1002/smll.202405759) count speeds [m/s]; the
/// last bin has no upper edge.
pub const SPEED_BINS: [f64; 8] = [0.0, 2e-9, 5e-9, 10e-9, 15e-9, 20e-9, 30e-9, 40e-9];

/// Particles faster than this count as migrating, as with Zhao et al. [m/s].
pub const MIGRATING: f64 = 10e-9;

/// Positions in the last frame, with their errors of localisation.
#[derive(Debug, Clone)]
pub struct Frames {
    interval: f64,
    localisation: f64,
    streams: Streams,
    frame: u64,
    /// Position and number of ancestors by id.
    last: HashMap<u64, ([f64; 2], u64)>,
}

/// What [`Frames`] remembers, in the order of the ids.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedFrames {
    /// Frames taken.
    pub frame: u64,
    /// Ids.
    pub id: Vec<u64>,
    /// Ancestors of each.
    pub ancestors: Vec<u64>,
    /// x and y of each, as seen [m].
    pub position: Vec<f64>,
}

impl Frames {
    /// Frames of a microscope; they are taken when [`Frames::take`] is called.
    pub fn new(imaging: &Imaging, streams: Streams) -> Self {
        Self {
            interval: imaging.frame_interval,
            localisation: imaging.localisation,
            streams,
            frame: 0,
            last: HashMap::new(),
        }
    }

    /// Takes a frame. Returns the speed [m/s] of each particle that was in the last one too and
    /// did not merge since, in the order of the particles.
    ///
    /// The error is that of the frame and the particle: it enters the two speeds before and after
    /// with opposite signs, and adds `2 σ²/τ²` to the variance of each component.
    pub fn take(&mut self, particles: &Particles) -> Vec<f64> {
        let mut speeds = Vec::new();
        let mut next = HashMap::with_capacity(particles.len());
        for (k, &id) in particles.id().iter().enumerate() {
            let mut stream = self.streams.stream(Purpose::Localisation, self.frame, id);
            let error = stream.normal_pair();
            let seen =
                [0, 1].map(|axis| particles.position()[k][axis] + self.localisation * error[axis]);
            let ancestors = particles.ancestors()[k];
            if let Some((before, same)) = self.last.get(&id)
                && *same == ancestors
            {
                speeds.push((seen[0] - before[0]).hypot(seen[1] - before[1]) / self.interval);
            }
            next.insert(id, (seen, ancestors));
        }
        self.last = next;
        self.frame += 1;
        speeds
    }

    /// What is remembered.
    pub fn save(&self) -> SavedFrames {
        let mut id: Vec<u64> = self.last.keys().copied().collect();
        id.sort_unstable();
        SavedFrames {
            frame: self.frame,
            ancestors: id.iter().map(|id| self.last[id].1).collect(),
            position: id.iter().flat_map(|id| self.last[id].0).collect(),
            id,
        }
    }

    /// Remembers what was saved.
    pub fn restore(&mut self, saved: &SavedFrames) {
        self.frame = saved.frame;
        let places = saved
            .position
            .chunks_exact(2)
            .map(|place| [place[0], place[1]]);
        let known = saved.id.iter().zip(places).zip(&saved.ancestors);
        self.last = known
            .map(|((&id, place), &ancestors)| (id, (place, ancestors)))
            .collect();
    }
}

/// The share of speeds above a threshold [m/s]; 0 if there are none.
pub fn share_above(speeds: &[f64], threshold: f64) -> f64 {
    let above = speeds.iter().filter(|&&speed| speed > threshold).count();
    above as f64 / speeds.len().max(1) as f64
}

/// How many speeds fall into each bin; `edges` [m/s] rise, and the last bin has no upper edge.
pub fn histogram(speeds: &[f64], edges: &[f64]) -> Vec<u64> {
    let mut counts = vec![0; edges.len()];
    for &speed in speeds {
        let bin = edges.partition_point(|&edge| edge <= speed);
        if bin > 0 {
            counts[bin - 1] += 1;
        }
    }
    counts
}

//! Motion in a step: displacement, rotation and mergers.

use frit_engine::random::{Purpose, Streams};
use frit_units::constants::BOLTZMANN_SI;
use nalgebra::UnitQuaternion;
use rayon::prelude::*;

use super::Simulation;
use super::stages::CHUNK;
use crate::contacts::Bystanders;
use crate::field::Scratch;
use crate::merging::merge_contacts;
use crate::motion::{Brownian, diffusivity, rotate};
use crate::parameters::{Inertia, Motion, Rotation, Support};

/// From this many particles on, they are moved in parallel.
const PARALLEL_WALKERS: usize = 2000;

/// Share of its radius by which a particle may move in one part of a step: by diffusion, and by
/// drift.
const SHORT_MOVE: [f64; 2] = [0.25, 0.1];

/// Brownian motion in a step.
struct Mover {
    motion: Motion,
    /// [K].
    temperature: f64,
    /// Reference temperature [K].
    reference: f64,
    streams: Streams,
    step: u64,
}

impl Mover {
    /// Displaces and turns one particle over `time` [s], in the part of its motion with this number.
    fn displace(
        &self,
        (time, part): (f64, u32),
        id: u64,
        radius: f64,
        force: [f64; 2],
        [position, velocity]: [&mut [f64; 2]; 2],
        orientation: &mut UnitQuaternion<f64>,
    ) {
        let thermal = BOLTZMANN_SI * self.temperature;
        let diffusivity = diffusivity(&self.motion, radius, self.temperature, self.reference);
        // Each part has its own numbers.
        let streams = self.streams.branch(part.into());
        let mut stream = streams.stream(Purpose::ParticleMotion, self.step, id);
        let first = stream.normal_pair();
        let (brownian, second) = match self.motion.inertia {
            Inertia::Overdamped => {
                let brownian = Brownian::overdamped(diffusivity, thermal, time);
                (brownian, [0.0; 2])
            }
            Inertia::Underdamped { density } => {
                let mass = 4.0 / 3.0 * std::f64::consts::PI * radius.powi(3) * density;
                let brownian = Brownian::underdamped(diffusivity, thermal, mass, time);
                (brownian, stream.normal_pair())
            }
        };
        for axis in 0..2 {
            brownian.advance(
                &mut position[axis],
                &mut velocity[axis],
                force[axis],
                [first[axis], second[axis]],
            );
        }
        if let Rotation::Free { ratio } | Rotation::InPlane { ratio } = self.motion.rotation {
            let rate = ratio * diffusivity / (radius * radius);
            let purpose = Purpose::ParticleRotation;
            let mut stream = streams.stream(purpose, self.step, id);
            rotate(orientation, self.motion.rotation, rate, time, &mut stream);
        }
    }
}

impl Simulation {
    /// Moves all particles and merges those that touch.
    ///
    /// Small particles are fast: each moves in as many equal parts of the step as keep its own moves
    /// short, a power of two, so that the others need not move as often.
    pub(super) fn advance_motion(&mut self) {
        self.mergers.clear();
        let Support::Periodic { edge, capture_gap } = self.parameters.support else {
            // Nothing to miss.
            self.displace_all(&vec![1; self.particles.len()]);
            return;
        };
        let (mut parts, missed) = self.divide_motion();
        self.counters.coarse_moves += u64::from(missed);
        let most = parts.iter().copied().max().unwrap_or(1);
        let mut fast = fast(&parts);
        let mut bystanders = None;
        for part in 1..most {
            let movers: Vec<usize> = fast
                .iter()
                .copied()
                .filter(|&k| part.is_multiple_of(most / parts[k]))
                .collect();
            for &k in &movers {
                let of_own = part / (most / parts[k]) - 1;
                self.displace_one(k, parts[k], of_own);
            }
            let (position, radius) = (&self.particles.position, &self.particles.radius);
            let others = bystanders.get_or_insert_with(|| {
                Bystanders::new(position, radius, [edge, capture_gap], &fast)
            });
            if movers.iter().any(|&k| others.touch(position, radius, k)) {
                self.merge(edge, capture_gap);
                // Who merged takes up the rhythm of its new size.
                parts = self.divide_motion().0;
                parts.iter_mut().for_each(|own| *own = (*own).min(most));
                fast = self::fast(&parts);
                bystanders = None;
            }
        }
        self.displace_all(&parts);
        self.merge(edge, capture_gap);
    }

    /// Into how many parts the motion of each particle is divided, powers of two; whether some
    /// would need more than allowed.
    fn divide_motion(&self) -> (Vec<u32>, bool) {
        let time = self.parameters.numerics.time_step;
        let thermal = BOLTZMANN_SI * self.parameters.conditions.temperature;
        let most = self.parameters.motion.most_substeps;
        let mut missed = false;
        let particles = self.particles.radius.iter().zip(&self.particles.force);
        let parts = particles.map(|(&radius, &[x, y])| {
            let diffusivity = diffusivity(
                &self.parameters.motion,
                radius,
                self.parameters.conditions.temperature,
                self.parameters.kinetics.reference_temperature,
            );
            let spread = 4.0 * diffusivity * time / (SHORT_MOVE[0] * radius).powi(2);
            let drift = diffusivity / thermal * x.hypot(y) * time / (SHORT_MOVE[1] * radius);
            let needed = spread.max(drift);
            missed |= needed > f64::from(most);
            // Saturates, and is 0 for particles that rest.
            let needed = (needed.ceil() as u32).clamp(1, most);
            // At most the largest power of two that is allowed.
            needed.next_power_of_two().min(1 << most.ilog2())
        });
        (parts.collect(), missed)
    }

    /// Merges those that touch.
    fn merge(&mut self, edge: f64, gap: f64) {
        let merged = merge_contacts(&mut self.particles, &self.surface, edge, gap);
        if !merged.is_empty() {
            self.measure_merged(&merged);
            self.counters.mergers += merged.len() as u64;
            self.mergers.extend(merged);
        }
    }

    /// New sums and forces for particles that merged.
    fn measure_merged(&mut self, merged: &[(u64, u64)]) {
        let mut scratch = Scratch::new(self.particles.vertices);
        for (stays, _) in merged {
            // Ids stand in rising order; one that stayed may have gone in a later merger.
            let Ok(k) = self.particles.id.binary_search(stays) else {
                continue;
            };
            let block = self.particles.block(k);
            self.particles.sums[k] = self.surface.sums(
                &self.particles.orientation[k],
                &self.particles.copper[block.clone()],
                &self.particles.promoter[block],
                &mut scratch,
            );
        }
        self.set_forces();
    }

    fn mover(&self) -> Mover {
        Mover {
            motion: self.parameters.motion,
            temperature: self.parameters.conditions.temperature,
            reference: self.parameters.kinetics.reference_temperature,
            streams: self.streams,
            step: self.step,
        }
    }

    /// Moves one particle in one of its `parts`.
    fn displace_one(&mut self, k: usize, parts: u32, part: u32) {
        let time = self.parameters.numerics.time_step / f64::from(parts);
        let mover = self.mover();
        let particles = &mut self.particles;
        mover.displace(
            (time, part),
            particles.id[k],
            particles.radius[k],
            particles.force[k],
            [&mut particles.position[k], &mut particles.velocity[k]],
            &mut particles.orientation[k],
        );
    }

    /// Moves each particle in the last of its parts.
    fn displace_all(&mut self, parts: &[u32]) {
        let time = self.parameters.numerics.time_step;
        let mover = self.mover();
        let particles = &mut self.particles;
        let (id, radius, force) = (&particles.id, &particles.radius, &particles.force);
        let one = |k: usize,
                   position: &mut [f64; 2],
                   velocity: &mut [f64; 2],
                   orientation: &mut UnitQuaternion<f64>| {
            mover.displace(
                (time / f64::from(parts[k]), parts[k] - 1),
                id[k],
                radius[k],
                force[k],
                [position, velocity],
                orientation,
            );
        };
        if id.len() < PARALLEL_WALKERS {
            let turns = particles.orientation.iter_mut();
            let places = particles.position.iter_mut().zip(&mut particles.velocity);
            for (k, ((x, v), turn)) in places.zip(turns).enumerate() {
                one(k, x, v, turn);
            }
        } else {
            let turns = particles.orientation.par_iter_mut();
            let places = particles.position.par_iter_mut();
            let places = places.zip(particles.velocity.par_iter_mut());
            let all = places.zip(turns).enumerate().with_min_len(CHUNK);
            all.for_each(|(k, ((x, v), turn))| one(k, x, v, turn));
        }
    }
}

/// Those that move more than once in a step.
fn fast(parts: &[u32]) -> Vec<usize> {
    let indexed = parts.iter().enumerate();
    indexed
        .filter(|&(_, &own)| own > 1)
        .map(|(k, _)| k)
        .collect()
}

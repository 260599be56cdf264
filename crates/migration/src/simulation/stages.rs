//! The stages of a step.

use frit_engine::Engine;
use frit_engine::random::{Purpose, Streams};
use frit_units::constants::BOLTZMANN_SI;
use nalgebra::{UnitQuaternion, Vector3};
use rayon::prelude::*;

use super::Simulation;
use crate::error::StepError;
use crate::field::{Scratch, Site, Sums};
use crate::gas::pool_oxygen;
use crate::merging::merge_contacts;
use crate::motion::{Brownian, diffusivity, rotate};
use crate::parameters::{ChemicalNoise, Inertia, Motion, Rotation, Support};

/// From this many vertices on, particles are worked on in parallel: waking threads costs more than
/// a few particles do. Each particle writes only its own results, so bits do not depend on it.
const PARALLEL: usize = 4096;

/// From this many particles on, they are moved in parallel.
const PARALLEL_WALKERS: usize = 2000;

/// Particles that a thread takes at a time, at least.
const CHUNK: usize = 4;

/// Share of the smallest radius by which particles may move in one part of a step: by diffusion,
/// and by drift.
const SHORT_MOVE: [f64; 2] = [0.25, 0.1];

/// Brownian motion over a part of a step.
struct Mover {
    motion: Motion,
    /// [K].
    temperature: f64,
    /// Reference temperature [K].
    reference: f64,
    streams: Streams,
    step: u64,
    /// [s].
    time: f64,
}

impl Mover {
    /// Displaces and turns one particle.
    fn displace(
        &self,
        id: u64,
        radius: f64,
        force: [f64; 2],
        [position, velocity]: [&mut [f64; 2]; 2],
        orientation: &mut UnitQuaternion<f64>,
    ) {
        let thermal = BOLTZMANN_SI * self.temperature;
        let diffusivity = diffusivity(&self.motion, radius, self.temperature, self.reference);
        let mut stream = self.streams.stream(Purpose::ParticleMotion, self.step, id);
        let first = stream.normal_pair();
        let (brownian, second) = match self.motion.inertia {
            Inertia::Overdamped => {
                let brownian = Brownian::overdamped(diffusivity, thermal, self.time);
                (brownian, [0.0; 2])
            }
            Inertia::Underdamped { density } => {
                let mass = 4.0 / 3.0 * std::f64::consts::PI * radius.powi(3) * density;
                let brownian = Brownian::underdamped(diffusivity, thermal, mass, self.time);
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
            let mut stream = self.streams.stream(purpose, self.step, id);
            rotate(
                orientation,
                self.motion.rotation,
                rate,
                self.time,
                &mut stream,
            );
        }
    }
}

impl Simulation {
    /// O2 in the pool after `time` [s] with the present mean Cu fraction.
    pub(super) fn pool_after(&self, time: f64) -> f64 {
        let sums = &self.particles.sums;
        let mean = sums.iter().map(|sums| sums.copper).sum::<f64>() / sums.len() as f64;
        pool_oxygen(
            &self.parameters.gas,
            self.bulk.oxygen,
            self.oxygen,
            mean,
            time,
        )
    }

    /// Recomputes the sums over all surfaces.
    pub(super) fn measure(&mut self) {
        let surface = &self.surface;
        let mut scratch = Scratch::new(surface.mesh.vertices());
        for k in 0..self.particles.len() {
            let block = self.particles.block(k);
            self.particles.sums[k] = surface.sums(
                &self.particles.orientation[k],
                &self.particles.copper[block.clone()],
                &self.particles.promoter[block],
                &mut scratch,
            );
        }
    }

    /// One step of the fields of all particles.
    pub(super) fn advance_fields(&mut self) {
        let (surface, step, streams) = (&self.surface, self.step, self.streams);
        let noisy = self.parameters.noise != ChemicalNoise::Off;
        let pool = self.bulk.depleted(self.oxygen);
        let rates = self.rates.at(pool.hydrogen, pool.oxygen);
        let particles = &mut self.particles;
        let vertices = particles.vertices;
        let (id, radius) = (&particles.id, &particles.radius);
        let (orientation, activity) = (&particles.orientation, &particles.activity);
        let one = |scratch: &mut Scratch,
                   k: usize,
                   sums: &mut Sums,
                   copper: &mut [f64],
                   promoter: &mut [f64]| {
            let site = Site {
                radius: radius[k],
                orientation: &orientation[k],
                activity: &activity[k * vertices..(k + 1) * vertices],
            };
            let mut stream = streams.stream(Purpose::SurfaceReaction, step, id[k]);
            let noise = noisy.then_some(&mut stream);
            let clamps = surface.advance(&site, rates, sums, [copper, promoter], noise, scratch);
            *sums = surface.sums(site.orientation, copper, promoter, scratch);
            clamps
        };
        let clamps: u64 = if particles.copper.len() < PARALLEL {
            let mut scratch = Scratch::new(vertices);
            let fields = particles
                .copper
                .chunks_mut(vertices)
                .zip(particles.promoter.chunks_mut(vertices));
            let all = particles.sums.iter_mut().zip(fields).enumerate();
            all.map(|(k, (sums, (u, s)))| one(&mut scratch, k, sums, u, s))
                .sum()
        } else {
            let fields = particles
                .copper
                .par_chunks_mut(vertices)
                .zip(particles.promoter.par_chunks_mut(vertices));
            let all = particles.sums.par_iter_mut().zip(fields).enumerate();
            // A sum of integers: the same in any order.
            all.with_min_len(CHUNK)
                .map_init(
                    || Scratch::new(vertices),
                    |scratch, (k, (sums, (u, s)))| one(scratch, k, sums, u, s),
                )
                .sum()
        };
        self.counters.clamps += clamps;
        self.counters.updates += particles.copper.len() as u64;
    }

    /// Forces from the sums: `Γ p_O R² Σ y n a + G_ad R d` along the support, and the external.
    pub(super) fn set_forces(&mut self) {
        let drive = &self.parameters.drive;
        for k in 0..self.particles.len() {
            let (radius, sums) = (self.particles.radius[k], &self.particles.sums[k]);
            let pressure = drive.gain * self.oxygen * radius * radius;
            let total: Vector3<f64> =
                pressure * sums.deficit + drive.adhesion * radius * sums.dipole;
            self.particles.force[k] = [0, 1].map(|axis| total[axis] + drive.external[axis]);
        }
    }

    fn diffusivity(&self, radius: f64) -> f64 {
        diffusivity(
            &self.parameters.motion,
            radius,
            self.parameters.conditions.temperature,
            self.parameters.kinetics.reference_temperature,
        )
    }

    /// Into how many parts the motion of this step is divided.
    fn substeps(&mut self) -> u32 {
        let Support::Periodic { .. } = self.parameters.support else {
            // Nothing to miss.
            return 1;
        };
        let time = self.parameters.numerics.time_step;
        let thermal = BOLTZMANN_SI * self.parameters.conditions.temperature;
        let (mut parts, mut smallest) = (0.0_f64, f64::INFINITY);
        let mut fastest = [0.0_f64; 2];
        for k in 0..self.particles.len() {
            let radius = self.particles.radius[k];
            let diffusivity = self.diffusivity(radius);
            let [x, y] = self.particles.force[k];
            smallest = smallest.min(radius);
            fastest[0] = fastest[0].max(diffusivity);
            fastest[1] = fastest[1].max(diffusivity / thermal * x.hypot(y));
        }
        parts = parts.max(4.0 * fastest[0] * time / (SHORT_MOVE[0] * smallest).powi(2));
        parts = parts.max(fastest[1] * time / (SHORT_MOVE[1] * smallest));
        let most = self.parameters.motion.most_substeps;
        if parts > f64::from(most) {
            self.counters.coarse_moves += 1;
        }
        // Saturates, and is 0 for particles that rest.
        (parts.ceil() as u32).clamp(1, most)
    }

    /// Moves all particles and merges those that touch.
    pub(super) fn advance_motion(&mut self) {
        self.mergers.clear();
        let parts = self.substeps();
        let time = self.parameters.numerics.time_step / f64::from(parts);
        for part in 0..parts {
            // Each part has its own numbers.
            let streams = self.streams.branch(part.into());
            self.displace(streams, time);
            if let Support::Periodic { edge, capture_gap } = self.parameters.support {
                let merged = merge_contacts(&mut self.particles, &self.surface, edge, capture_gap);
                if !merged.is_empty() {
                    self.measure_merged(&merged);
                    self.counters.mergers += merged.len() as u64;
                    self.mergers.extend(merged);
                }
            }
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

    /// Brownian displacement and rotation of all particles over `time` [s].
    fn displace(&mut self, streams: Streams, time: f64) {
        let mover = Mover {
            motion: self.parameters.motion,
            temperature: self.parameters.conditions.temperature,
            reference: self.parameters.kinetics.reference_temperature,
            streams,
            step: self.step,
            time,
        };
        let particles = &mut self.particles;
        let (id, radius, force) = (&particles.id, &particles.radius, &particles.force);
        let one = |k: usize,
                   position: &mut [f64; 2],
                   velocity: &mut [f64; 2],
                   orientation: &mut UnitQuaternion<f64>| {
            mover.displace(
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

    /// Half a step of ripening.
    pub(super) fn ripen(&mut self) -> Result<(), StepError> {
        let Some(ripening) = &self.ripening else {
            return Ok(());
        };
        let half = 0.5 * self.parameters.numerics.time_step;
        ripening
            .advance(&mut self.particles.radius, &mut self.dissolved, half)
            .map_err(|source| StepError::Ripening {
                step: self.step + 1,
                source,
            })?;
        let keep: Vec<bool> = self.particles.radius.iter().map(|&r| r > 0.0).collect();
        let gone = keep.iter().filter(|&&keep| !keep).count();
        if gone > 0 {
            self.particles.retain(&keep);
            self.counters.dissolved += gone as u64;
        }
        if self.particles.is_empty() {
            return Err(StepError::Ripening {
                step: self.step + 1,
                source: crate::ripening::RipeningError::Dissolved,
            });
        }
        for (k, &radius) in self.particles.radius.iter().enumerate() {
            if self.parameters.numerics.time_step >= self.surface.diffusion_limit(radius) {
                return Err(StepError::Unstable {
                    step: self.step + 1,
                    particle: self.particles.id[k],
                    radius,
                });
            }
        }
        Ok(())
    }

    /// Whether all particles are in finite places and fields are numbers.
    pub(super) fn check_finite(&self) -> Result<(), StepError> {
        for k in 0..self.particles.len() {
            let [x, y] = self.particles.position[k];
            if !(x + y + self.particles.sums[k].copper).is_finite() {
                return Err(StepError::NotFinite {
                    step: self.step,
                    time: self.clock().time,
                    particle: self.particles.id[k],
                    radius: self.particles.radius[k],
                });
            }
        }
        Ok(())
    }
}

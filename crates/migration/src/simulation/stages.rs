//! The stages of a step, but for motion.

use frit_engine::Engine;
use frit_engine::random::Purpose;
use nalgebra::Vector3;
use rayon::prelude::*;

use super::Simulation;
use crate::error::StepError;
use crate::field::{Scratch, Site, Sums};
use crate::gas::pool_oxygen;
use crate::parameters::ChemicalNoise;

/// From this many vertices on, particles are worked on in parallel: waking threads costs more than
/// a few particles do. Each particle writes only its own results, so bits do not depend on it.
const PARALLEL: usize = 4096;

/// Particles that a thread takes at a time, at least.
pub(super) const CHUNK: usize = 4;

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

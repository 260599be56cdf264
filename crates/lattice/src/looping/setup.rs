//! What is simulated.

use super::mesa::{Cell, STEPS, disc, hexagonal_distance};
use super::{Gas, Kinetics, LoopingError};
use crate::parameter::positive;

/// Whether the support can be reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Reducible,
    /// It cannot: the control of metal on an inert support.
    Irreducible,
}

/// Where the gas comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Supply {
    /// Pressures are what they are.
    Fixed,
    /// A stirred reactor: each particle has a flow of fresh gas, and uses some of it up.
    Stirred {
        /// Volume flow for each particle [m³/s].
        flow: f64,
        /// How long gas stays, volume over flow \[s\]. It starts full of the gas that flows in.
        residence: f64,
    },
}

/// How iron moves on the support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Diffusion {
    /// Hop by hop.
    Followed,
    /// In the limit of hops that are fast beside all else: in equilibrium at any time.
    Equilibrated,
}

/// The metal particle at the start, in the middle of the support.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParticleSetup {
    /// Radius [cells].
    pub radius: f64,
    /// How deep it stands in the support [layers].
    pub embedding: i32,
}

impl Supply {
    /// How long gas stays in a stirred reactor unless something else is known \[s\] (our choice).
    pub const RESIDENCE: f64 = 10.0;
}

impl ParticleSetup {
    /// 7 nm across and two layers deep (our choice).
    pub const STANDARD: Self = Self {
        radius: 6.0,
        embedding: 2,
    };
}

/// What is simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setup {
    /// Radius of the support [cells].
    pub radius: i32,
    /// Its height [layers].
    pub layers: i32,
    /// How deep the particle may dig itself in [layers].
    pub digging_depth: i32,
    /// Whether it can be reduced.
    pub support: Support,
    /// The particle; `None` for the control of the bare support.
    pub particle: Option<ParticleSetup>,
    /// Constants of all reactions.
    pub kinetics: Kinetics,
    /// Temperature \[K\].
    pub temperature: f64,
    /// The gas that flows in.
    pub gas: Gas,
    /// Where the gas comes from.
    pub supply: Supply,
    /// How iron moves.
    pub diffusion: Diffusion,
    /// Physical time of one [`Engine::advance`] \[s\].
    pub time_step: f64,
}

/// The shortest residence time of a stirred gas, in steps of time.
const SHORTEST_RESIDENCE: f64 = 0.1;

/// The radius of the smallest support on which a disc in its middle can make a step, with the cell
/// to spare that every step needs.
fn needed_radius(disc: &[Cell]) -> i32 {
    // All steps are alike, as the disc is.
    let [q, r] = STEPS[0];
    let reach = disc
        .iter()
        .map(|&[dq, dr]| hexagonal_distance([q + dq, r + dr]));
    reach.max().unwrap_or(0) + 1
}

impl Setup {
    /// A particle on its support in the standard gas at a temperature [K].
    pub fn standard(temperature: f64) -> Self {
        Self {
            radius: 30,
            layers: 12,
            digging_depth: 4,
            support: Support::Reducible,
            particle: Some(ParticleSetup::STANDARD),
            kinetics: Kinetics::default(),
            temperature,
            gas: Gas::STANDARD,
            supply: Supply::Fixed,
            diffusion: Diffusion::Followed,
            time_step: 0.1,
        }
    }

    pub(crate) fn validate(&self, mesa_cells: usize) -> Result<(), LoopingError> {
        positive("time step", self.time_step, "s")?;
        if let Supply::Stirred { flow, residence } = self.supply {
            positive("flow for each particle", flow, "m³/s")?;
            positive("residence time of the gas", residence, "s")?;
            // The gas is looked at several times in it.
            if residence < SHORTEST_RESIDENCE * self.time_step {
                return Err(LoopingError::Residence {
                    residence,
                    time_step: self.time_step,
                });
            }
        }
        let embedding = self.particle.map_or(0, |particle| particle.embedding);
        if embedding < 0 || embedding > self.digging_depth || self.digging_depth >= self.layers {
            return Err(LoopingError::Depth {
                embedding,
                depth: self.digging_depth,
                layers: self.layers,
            });
        }
        let mut taken = 1;
        if let Some(particle) = self.particle {
            let radius = positive("radius of the particle", particle.radius, "cells")?;
            let large = |needed| LoopingError::LargeParticle {
                particle: radius,
                support: self.radius,
                needed,
            };
            // A disc reaches at least its radius in hexagonal distance.
            if radius > f64::from(self.radius) {
                return Err(large(None));
            }
            let disc = disc(radius);
            let needed = needed_radius(&disc);
            if needed > self.radius {
                return Err(large(Some(needed)));
            }
            taken += disc.len();
        }
        let mobiles = self.kinetics.mobile_limit * mesa_cells as f64;
        if mobiles.ceil() + taken as f64 > mesa_cells as f64 {
            return Err(LoopingError::NoRoom {
                mobiles,
                cells: mesa_cells,
            });
        }
        Ok(())
    }
}

//! What is simulated.

use super::mesa::disc;
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
    },
}

/// The metal particle at the start, in the middle of the support.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParticleSetup {
    /// Radius [cells].
    pub radius: f64,
    /// How deep it stands in the support [layers].
    pub embedding: i32,
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
    /// Physical time of one [`Engine::advance`] \[s\].
    pub time_step: f64,
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
            time_step: 0.1,
        }
    }

    pub(crate) fn validate(&self, mesa_cells: usize) -> Result<(), LoopingError> {
        positive("time step", self.time_step, "s")?;
        if let Supply::Stirred { flow } = self.supply {
            positive("flow for each particle", flow, "m³/s")?;
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
            // A disc reaches 2/√3 of its radius in hexagonal distance; one cell is spared.
            let needed = (2.0 * radius / 3.0_f64.sqrt()).ceil().min(1e6) as i32 + 1;
            if needed > self.radius {
                return Err(LoopingError::LargeParticle {
                    particle: radius,
                    support: self.radius,
                    needed,
                });
            }
            taken += disc(radius).len();
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

//! The looping metal-support interaction: a metal particle that eats its way through its support.
//!
//! After Pan et al. on NiFe particles on Fe₃O₄{111} in hydrogen and oxygen: hydrogen from the metal
//! reduces the oxide at the interface; iron wanders over the surface, is oxidised again elsewhere,
//! and the particle follows the ledge it eats. Water comes from the first half of the loop, oxygen
//! goes into the second.
//!
//! # The model
//!
//! The support is a hexagonal mesa of cells on a triangular lattice, each with a height in layers.
//! A layer of a cell is the quantum, Fe₆O₈ (0.148 nm³): its removal takes 8 H₂, gives 8 H₂O and one
//! quantum of mobile iron; growth of a layer takes that iron and 4 O₂. The particle is a rigid disc
//! on the lattice. Slow events, each with its rate:
//!
//! - *reduction* of a cell of the front, the footprint shifted by a ⟨112⟩ step, down to the base of
//!   the particle: k θ_H² exp[-e_L (n - 3)/kT] (1 - m/m_max), with n neighbours at least as high and
//!   m mobile iron; where no front is left, of the layer under the particle;
//! - *advance* of the particle by a ⟨112⟩ step once its front is clear;
//! - *hops* of mobile iron to neighbouring cells, slower upwards;
//! - *growth* at steps, or beside other mobile iron, no nearer to the particle than hydrogen reaches;
//! - *reduction of the bare oxide* where there is no particle.
//!
//! Gas reactions on the metal are fast and in their steady state, [`Coverages`].
//!
//! # What is put in, and what comes out
//!
//! ⟨112⟩ steps are put in; so are the onset at 500 °C and the plateau from 700 °C, by the fitted
//! ones of [`Kinetics::PARAMETERS`]. Turning at the edge, the ratio of speed and water, where the
//! support grows again, the balance of oxygen, and the controls come out. The plateau here is the
//! balance of activated reduction and falling coverage; a limited supply of gas, [`Supply::Stirred`],
//! could make one as well, and nothing published tells the two apart.
//!
//! # Limits
//!
//! The particle keeps its shape and size. There is no detailed balance between reduction and growth,
//! and none is meant: the model is driven. Iron leaves in lumps of six atoms. Over 1e4 s the surface
//! roughens slowly, since no iron leaves steps.

mod gas;
mod growth;
mod kinetics;
mod mesa;
mod occupants;
mod particle;
mod reactor;
mod save;
mod setup;
mod simulation;
mod totals;

use crate::OutOfRange;
use crate::parameter::short;

pub use gas::{Coverages, Gas, Rates, SITE_AREA};
pub use kinetics::{Kinetics, LEAST_BARRIER};
pub use mesa::{
    CELL_AREA, CELL_DISTANCE, Cell, LAYER_HEIGHT, STEP_LENGTH, direction_angle, neighbours,
    position,
};
pub use particle::{Particle, Task};
pub use setup::{Diffusion, ParticleSetup, Setup, Supply, Support};
pub use simulation::Looping;
pub use totals::{Totals, Visit};

/// Molecules of water from the reduction of a layer of a cell, Fe₆O₈.
pub const WATER_PER_LAYER: u64 = 8;
/// Molecules of oxygen for the growth of a layer of a cell.
pub const OXYGEN_PER_LAYER: u64 = 4;

/// Why the interaction cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LoopingError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] OutOfRange),
    /// A barrier would be negative.
    #[error(
        "the barrier of {process} is {barrier} eV, but a cell without neighbours has it lowered by \
         3 ledge energies of {ledge} eV, below zero: the support would be unstable"
    )]
    Unstable {
        /// What has the barrier.
        process: &'static str,
        /// The barrier [eV].
        barrier: f64,
        /// The ledge energy [eV].
        ledge: f64,
    },
    /// No gas at all.
    #[error("the pressures of hydrogen and oxygen are both 0 Pa; at least one gas is needed")]
    NoGas,
    /// Rates are no finite numbers.
    #[error(
        "at {temperature:e} K, with this gas and these constants, rates are no finite numbers; \
         temperatures of 1 to 10000 K and pressures up to 1e12 Pa give finite ones"
    )]
    Rates {
        /// The temperature \[K\].
        temperature: f64,
    },
    /// A mesa of no use.
    #[error("the support has a radius of {radius} cells; it must be 1 to 1000")]
    Mesa {
        /// Its radius [cells].
        radius: i32,
    },
    /// The particle does not fit on the support with a step to spare.
    #[error(
        "a particle of radius {} cells has no room for a step on a support of radius {support} \
         cells{}",
        short(*particle),
        needed.map_or(String::new(), |needed| format!("; the support needs {needed} at least"))
    )]
    LargeParticle {
        /// Radius of the particle [cells].
        particle: f64,
        /// Radius of the support [cells].
        support: i32,
        /// Radius of the smallest support for it [cells]; `None` if it is larger than the support
        /// itself.
        needed: Option<i32>,
    },
    /// A stirred gas stays too short a time.
    #[error(
        "gas stays for {residence} s in the reactor, less than a tenth of the time step of \
         {time_step} s; fixed pressures are the limit of a fast exchange"
    )]
    Residence {
        /// Its residence time \[s\].
        residence: f64,
        /// The time step \[s\].
        time_step: f64,
    },
    /// The particle would be embedded deeper than it may dig.
    #[error(
        "the particle is embedded {embedding} layers deep and may dig {depth} layers deep; the \
         support has {layers}: embedding <= digging < layers is needed"
    )]
    Depth {
        /// Layers it is embedded.
        embedding: i32,
        /// Layers it may dig.
        depth: i32,
        /// Layers of the support.
        layers: i32,
    },
    /// Mobile iron would find no place.
    #[error("{mobiles:.0} lumps of mobile iron and the particle do not fit on {cells} cells")]
    NoRoom {
        /// The limit of mobile iron.
        mobiles: f64,
        /// Cells.
        cells: usize,
    },
}

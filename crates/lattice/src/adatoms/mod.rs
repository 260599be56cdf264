//! Adatoms on a support: rejection-free kinetic Monte Carlo with stacking.
//!
//! # The model
//!
//! A periodic square lattice of columns; column i holds h_i ≥ 0 atoms, without overhangs. With
//! the bonds e_m between atoms and e_s to the support,
//!
//! E = -e_s #{h_i ≥ 1} - e_m [Σ max(h_i - 1, 0) + Σ_⟨ij⟩ min(h_i, h_j)].
//!
//! The top atom of a column hops onto any of the four columns beside it, whatever their heights,
//! with the rate ν exp(-E_a/kT), E_a = E_d + B_i - e_s, where B_i is what binds it. All hops share
//! one saddle level, E_d above a lone adatom, so that k_ij/k_ji = exp[-(E_j - E_i)/kT] exactly:
//! E_j - E_i = B_i - B_j, with B_j after the hop. A [`StepRule`] makes hops between layers harder or
//! forbids the highest of them, in both directions alike.
//!
//! Zhu et al. ("Non-neglectable entropy effect on sintering of supported nanoparticles") give the
//! lattice of 40 x 40 sites, 50 atoms, the temperatures and the simulated enthalpies; their model's
//! details are not public. What is our choice or fit says [`Energies::PARAMETERS`].
//!
//! # Limits
//!
//! The entropy of a particle is that of this lattice, not the eᴺ structures of
//! [`crate::dispersion`]; and there are dimers, trimers and particles in equilibrium with their
//! vapour. The switch of 50 weakly bound atoms on 1600 sites is therefore at about 451 K here, and
//! at 572 K there (with -0.16 eV).

mod averages;
mod blocks;
mod census;
mod classes;
mod energies;
mod programme;
mod simulation;
mod start;
mod step_tree;
mod surface;

use crate::OutOfRange;

pub use averages::{Averages, Observation, Share, State, Switch, switch_temperature};
pub use census::{Census, PARTICLE_SIZE};
pub use energies::{Energies, Layer};
pub use programme::{Extent, Programme, Stage, Temperature};
pub use simulation::{Adatoms, Hop, Residence, Sampling, Setup, Size};
pub use start::{Arrangement, ParticleGrid, Region};
pub use step_tree::StepRule;
pub use surface::{DIRECTIONS, Surface};

/// Why adatoms cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AdatomError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] OutOfRange),
    /// A hop would have no barrier.
    #[error(
        "a support bond of {support_bond} eV leaves an atom on top of another no barrier: it must \
         be less than the hop barrier of {hop_barrier} eV plus a metal bond of {metal_bond} eV"
    )]
    NoBarrier {
        /// Bond to the support [eV].
        support_bond: f64,
        /// Barrier of a lone adatom [eV].
        hop_barrier: f64,
        /// Bond between atoms [eV].
        metal_bond: f64,
    },
    /// Too small or too large a lattice.
    #[error("there are {side} columns along a side; there must be 3 to 65535")]
    Side {
        /// Columns along a side.
        side: usize,
    },
    /// Not one height for each column.
    #[error("there are {found} heights for {expected} columns")]
    Heights {
        /// Heights.
        found: usize,
        /// Columns.
        expected: usize,
    },
    /// Nothing to move.
    #[error("there are no atoms; at least one is needed")]
    NoAtoms,
    /// More atoms than the program can number.
    #[error("there are {atoms} atoms; at most 4294967295 can be simulated")]
    ManyAtoms {
        /// Atoms.
        atoms: u64,
    },
    /// More lone atoms than sites.
    #[error("{atoms} atoms do not fit on {sites} sites; there can be at most one on each")]
    TooManyAtoms {
        /// Atoms.
        atoms: usize,
        /// Sites.
        sites: usize,
    },
    /// Particles do not fit where they should stand.
    #[error(
        "{} x {} particles, each {width} columns wide, do not fit into the {} x {} columns from \
         {:?} on of a support of {side} x {side}",
        grid.particles[0], grid.particles[1], grid.region.size[0], grid.region.size[1],
        grid.region.first
    )]
    NoRoom {
        /// The particles and their region.
        grid: ParticleGrid,
        /// Columns along a particle.
        width: usize,
        /// Columns along the support.
        side: usize,
    },
    /// Parts of the support that lie over each other.
    #[error(
        "the {} x {} columns from {:?} on and the {} x {} columns from {:?} on, of two parts of the \
         support, overlap",
        first.size[0], first.size[1], first.first, second.size[0], second.size[1], second.first
    )]
    Overlap {
        /// Which part is the second of the two, from 0.
        part: usize,
        /// One.
        first: Region,
        /// The other.
        second: Region,
    },
    /// A programme without stages.
    #[error("the temperature programme has no stages; at least one is needed")]
    NoStages,
    /// A stage that does not last.
    #[error(
        "stage {number} of the temperature programme does not last: its events or its time must be positive"
    )]
    EmptyStage {
        /// Which stage, from 1.
        number: usize,
    },
    /// A simulation that looks after no event.
    #[error("the number of events between looks is 0; it must be at least 1")]
    NoEventsPerAdvance,
    /// Nothing can happen any more.
    #[error(
        "after {events} events no atom can move: at {temperature} K all rates are zero or forbidden"
    )]
    Frozen {
        /// Events so far.
        events: u64,
        /// Temperature [K].
        temperature: f64,
    },
}

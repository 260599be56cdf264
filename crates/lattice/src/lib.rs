//! Atoms on a support, on lattices: when metal disperses and when it gathers.
//!
//! - [`dispersion`]: the free energy of one particle against dispersed adatoms, in closed form.
//! - [`adatoms`]: kinetic Monte Carlo of adatoms that hop, stack, gather and disperse.
//! - [`looping`]: kinetic Monte Carlo of a metal particle that reduces its oxide support on one
//!   side while the support grows again elsewhere.
//! - [`free_energy`]: free-energy diagrams from energies and vibrations.
//!
//! Both simulations are [`Engine`](frit_engine::Engine)s. Their random numbers are addressed by
//! seed, event and replica, so that a [`SavedState`] holds no generator and [`replicas`] give the
//! same bits on any number of threads.
//!
//! ```
//! use frit_engine::random::Streams;
//! use frit_lattice::adatoms::{Adatoms, Energies, Sampling, Setup, State};
//!
//! # fn main() -> Result<(), frit_lattice::adatoms::AdatomError> {
//! // Fifty weakly bound atoms on 40 x 40 sites at 500 °C stay apart.
//! let setup = Setup::of_figure(50, Energies::WEAK, 773.0)?;
//! let mut adatoms = Adatoms::new(setup, Streams::new(1), 0)?;
//! let averages = adatoms.sample(Sampling::over(1_000_000))?;
//! assert_eq!(averages.state(), State::Dispersed);
//! # Ok(())
//! # }
//! ```
//!
//! Units here: energies in eV, temperatures in K, pressures in Pa, times in s; lengths in nm, or
//! in lattice sites where a model has no length of its own.

pub mod adatoms;
pub mod dispersion;
pub mod free_energy;
pub mod looping;
mod parameter;
mod replicas;
mod saved;
mod sum_tree;

pub use parameter::{Described, OutOfRange, Parameter, Status, describe};
pub use replicas::replicas;
pub use saved::{RestoreError, SavedState};
pub use sum_tree::SumTree;

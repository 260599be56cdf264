//! How atoms interact: the contract between state and interaction, and the potentials that keep it.

mod chunks;
mod contract;
pub mod contract_suite;
pub mod eam;
mod halo;
mod images;
mod kernel;
pub mod meam;
pub mod pair;
mod sum;
mod units;
mod whole;

pub use contract::{Bound, Evaluation, EvaluationError, Model, Potential, Request};
pub use kernel::{KernelPath, KernelUnavailable};
pub use sum::Sum;

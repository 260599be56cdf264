//! How atoms interact: the contract between state and interaction, and the potentials that keep it.

mod contract;
mod kernel;
mod sum;

pub use contract::{Bound, Evaluation, EvaluationError, Model, Potential, Request};
pub use kernel::{KernelPath, KernelUnavailable};
pub use sum::Sum;

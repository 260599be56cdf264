//! Models on lattices: questions of thermodynamics, and decks of redispersion.

mod frames;
mod quantities;
mod redispersion;
mod saved;
mod tables;
mod thermo;

pub(crate) use redispersion::RedispersionPlan;
pub(crate) use thermo::{Thermo, thermo};

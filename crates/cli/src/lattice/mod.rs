//! Models on lattices: questions of thermodynamics, decks of redispersion and of looping.

mod frames;
mod looping;
mod quantities;
mod redispersion;
mod saved;
mod tables;
mod thermo;

pub(crate) use looping::LoopingPlan;
pub(crate) use redispersion::RedispersionPlan;
pub(crate) use thermo::{Thermo, thermo};

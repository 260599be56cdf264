//! Energies: paths, saddles, and recipes of one line.

pub(crate) mod arguments;
mod dimer;
mod neb;
mod output;
mod recipes;
mod table;
mod tools;

pub(crate) use dimer::dimer;
pub(crate) use neb::neb;
pub(crate) use recipes::energies;

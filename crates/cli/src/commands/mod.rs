//! The commands, one file each.

mod build;
mod check;
mod convert;
mod evaluate;
mod potential;
mod run;

pub(crate) use build::build;
pub(crate) use check::check;
pub(crate) use convert::convert;
pub(crate) use evaluate::evaluate;
pub(crate) use potential::potential;
pub(crate) use run::run;

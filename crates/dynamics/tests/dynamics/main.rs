//! Laws that motion must obey, tested on small systems.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed test may panic, its figures help, and tests need no reference"
)]

mod barostat;
mod centres;
mod external;
mod guards;
mod lammps;
mod minimisers;
mod models;
mod repeatability;
mod statistics;
mod swaps;
mod thermostats;
mod velocities;
mod verlet;

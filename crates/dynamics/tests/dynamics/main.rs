//! Laws that motion must obey, tested on small systems.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed test may panic, and tests need no reference"
)]

mod barostat;
mod guards;
mod minimisers;
mod models;
mod repeatability;
mod speed;
mod statistics;
mod thermostats;
mod velocities;
mod verlet;

//! What all methods share: the loop, schedules, observers, checkpoints, signals, random streams.
//!
//! There is no physics here.

pub mod random;

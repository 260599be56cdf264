//! The gap between two facing particles.
//!
//! It is set when the pair is built and measured in the run, so its definition stands with the
//! builder: [`FacingLayers::gap`] gives the distance between the median planes of the two facet
//! layers, and that between the outermost atoms.

pub use frit_build::{FacingLayers, Gap, MissingAtom};

//! What is measured, in a run or on a file, and how it is shown.
//!
//! Measurements are pure functions of a system, or small state machines that are fed with them and
//! are plain data to save. Nothing here reads or writes files; plots and pictures are SVG texts.
//! No measurement touches the neighbour list of the dynamics, so that observing a run does not
//! change it.

mod bonds;
mod centre;
mod exchange;
mod gap;
mod neck;
mod pairs;

pub use bonds::{BadRule, CrossBonds};
pub use centre::{Centres, centre_distance, centre_of_mass, centres};
pub use exchange::Exchange;
pub use gap::{FacingLayers, Gap, MissingAtom};
pub use neck::{Event, Neck, NeckError, NeckRule, NeckWatch};

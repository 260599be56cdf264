//! Pair potentials: sums over pairs of a function of their distance.

mod lennard_jones;
mod radial;
mod zbl;

pub use lennard_jones::{AtCutoff, LennardJones, LennardJonesPair};
pub use radial::{Pair, PairError, Radial, RadialValue};
pub use zbl::{Zbl, ZblConstants};

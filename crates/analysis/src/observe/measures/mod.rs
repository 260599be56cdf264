//! The measures, by what they look at.

mod bridging;
mod counts;
mod diffusion;
mod lindemann;
mod neck;
mod order;
mod radial;
mod shape;
mod strain;
mod surface;

pub use bridging::Bridging;
pub use counts::{CommonNeighbours, Coordination, Detached};
pub use diffusion::{AdatomPaths, BlockDiffusion, SurfaceDiffusion};
pub use lindemann::Lindemann;
pub use neck::{Closing, NeckRadius};
pub use order::{Order, Ordering, orderings, warren_cowley};
pub use radial::Radial;
pub use shape::{Gyration, Orientation, Shape, gyration};
pub use strain::{NeckStrain, Strain, atomic_strain};
pub use surface::{Adatoms, FacetMass, Surface};

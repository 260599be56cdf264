//! Structures from descriptions: lattices, random alloys, faceted cubes, adatoms, pairs of particles.
//!
//! [`Bulk`] fills a periodic cell. [`ParticleRecipe`] makes a free [`Particle`]; two of them,
//! usually after each was brought to its temperature alone, are put together by [`assemble`].
//! Everything is a function of its description and of the random streams: the same seed gives the
//! same structure, atom by atom. No atom is ever removed without being counted in a report.

mod adatoms;
mod bulk;
mod composition;
mod cube;
mod error;
mod facet;
mod facing;
mod lattice;
mod orientation;
mod pair;
mod particle;
mod report;
mod trim;

pub use adatoms::{AdatomSpecies, Adatoms};
pub use bulk::{Bulk, BulkStructure};
pub use composition::{Composition, CompositionError};
pub use cube::{Cube, CubeSize};
pub use error::BuildError;
pub use facet::{Axis, Facet, Side};
pub use facing::{FacingLayers, Gap, MissingAtom};
pub use lattice::Lattice;
pub use orientation::{Orientation, fit_orientation};
pub use pair::{GapSet, Member, Pair, Placement, assemble};
pub use particle::{Particle, ParticleRecipe};
pub use report::{
    AdatomCount, BulkReport, Count, MemberReport, PairReport, ParticleReport, Trimmed,
};

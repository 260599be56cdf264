//! Structures from descriptions: lattices, random alloys, faceted cubes, adatoms, pairs of particles.
//!
//! [`Bulk`] fills a periodic cell. [`ParticleRecipe`] makes a free [`Particle`]; two of them,
//! usually after each was brought to its temperature alone, are put together by [`assemble`].
//! Everything is a function of its description and of the random streams: the same seed gives the
//! same structure, atom by atom. No atom is ever removed without being counted in a report.
//!
//! ```
//! use frit_build::{Axis, Composition, Cube, CubeSize, GapSet, Lattice};
//! use frit_build::{Member, ParticleRecipe, Placement, assemble};
//! use frit_engine::random::Streams;
//!
//! let recipe = ParticleRecipe {
//!     cube: Cube { lattice: Lattice::Fcc, constant: 3.92, size: CubeSize::Edge(19.6) },
//!     composition: Composition::of_elements([("Pt", 0.85), ("Fe", 0.15)])?,
//!     adatoms: Vec::new(),
//! };
//! let streams = Streams::new(1473);
//! let particles = [recipe.build(streams.branch(0))?, recipe.build(streams.branch(1))?];
//! let [first, second] = [0, 1].map(|k| Member { built: &particles[k], now: &particles[k].system });
//! let placement = Placement { axis: Axis::X, gap: 5.5, set: GapSet::Hot, offset: [0.0; 2] };
//! let pair = assemble(first, second, &placement)?;
//! assert_eq!(pair.system.counts(), [1132, 200]);
//! # Ok::<(), frit_build::BuildError>(())
//! ```

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

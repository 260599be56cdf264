//! Structures from descriptions: lattices, alloys, shaped and twinned particles, adatoms, pairs.
//!
//! [`Periodic`] (in short [`Bulk`]) fills a periodic cell. [`ParticleRecipe`] makes a free [`Particle`]; two of them,
//! usually after each was brought to its temperature alone, are put together by [`assemble`].
//! Everything is a function of its description and of the random streams: the same seed gives the
//! same structure, atom by atom. No atom is ever removed without being counted in a report.
//!
//! ```
//! use frit_atoms::Matrix;
//! use frit_build::{Arrangement, Axis, Composition, Crystal, GapSet, Lattice, Occupation};
//! use frit_build::{Member, ParticleRecipe, Placement, Shape, Size, assemble};
//! use frit_engine::random::Streams;
//!
//! let alloy = Composition::of_elements([("Pt", 0.85), ("Fe", 0.15)])?;
//! let recipe = ParticleRecipe {
//!     crystal: Crystal::new(Lattice::Fcc, 3.92)?,
//!     shape: Shape::Cube(Size::Length(19.6)),
//!     twins: Vec::new(),
//!     occupation: Occupation::uniform(alloy, Arrangement::Random),
//!     adatoms: Vec::new(),
//!     rotation: Matrix::identity(),
//! };
//! let streams = Streams::new(1473);
//! let particles = [recipe.build(streams.branch(0))?, recipe.build(streams.branch(1))?];
//! let [first, second] = [0, 1].map(|k| Member { built: &particles[k], now: &particles[k].system });
//! let placement = Placement {
//!     axis: Axis::X,
//!     gap: 5.5,
//!     set: GapSet::Hot,
//!     offset: [0.0; 2],
//!     turn: Matrix::identity(),
//! };
//! let pair = assemble(first, second, &placement)?;
//! assert_eq!(pair.system.counts(), [1132, 200]);
//! # Ok::<(), frit_build::BuildError>(())
//! ```

mod adatoms;
mod axis;
mod bulk;
mod composition;
mod crystal;
mod cut;
mod error;
mod facing;
mod lattice;
mod near;
mod occupation;
mod order;
mod orientation;
mod outermost;
mod pair;
mod particle;
mod polyhedron;
mod report;
mod shape;
mod sites;
mod slab;
mod special;
mod supported;
mod trim;

pub use adatoms::{AdatomSpecies, Adatoms};
pub use axis::Axis;
pub use bulk::{Bulk, BulkStructure, Periodic};
pub use composition::{Composition, CompositionError};
pub use crystal::Crystal;
pub use cut::Measures;
pub use error::BuildError;
pub use facing::{FacingLayers, Gap, MissingAtom};
pub use lattice::{Lattice, Symmetry};
pub use occupation::{Arrangement, Occupation};
pub use order::warren_cowley;
pub use orientation::{Orientation, fit_orientation};
pub use outermost::Outermost;
pub use pair::{GapSet, Member, PARTICLES, Pair, Placement, assemble};
pub use particle::{Particle, ParticleRecipe};
pub use report::{
    AdatomCount, BulkReport, Count, CutReport, MemberReport, PairReport, ParticleReport,
    SublatticeCount,
};
pub use shape::{FacetEnergy, FacetShare, Shape, Size, family, wulff_shares};
pub use slab::{Slab, SlabAdatom, SlabReport, SlabStructure, Surface, SurfaceSite};
pub use special::{ShellOrder, SpecialReport};
pub use supported::{Supported, SupportedReport, put_on_slab};

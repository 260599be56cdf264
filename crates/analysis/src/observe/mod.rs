//! Observers: what is measured of atoms from one moment to the next.
//!
//! A [`Snapshot`] is a moment, a [`Reference`] the first one, a [`Scene`] both together with what
//! several measures share.

mod adatoms;
mod body;
mod closing;
mod clusters;
mod facets;
mod grains;
mod measure;
mod measures;
mod neck_section;
mod observatory;
mod radial;
mod rotation;
mod scene;
mod snapshot;
mod structure;
mod surface;

pub use adatoms::{FacetAdatoms, Standing, adatoms, count_adatoms};
pub use body::{BodyReference, Bond, Bonds, FacetReference, Pose, Reference, Vector3};
pub use closing::{FOREMOST, Reaches, reaches};
pub use clusters::{Clusters, clusters};
pub use grains::{Border, GrainReference};
pub use measure::{Measure, ObserveError, Rows};
pub use measures::{
    AdatomPaths, Adatoms, BlockDiffusion, Bridging, Closing, CommonNeighbours, Coordination,
    Detached, FacetMass, Gyration, Lindemann, NeckRadius, NeckStrain, Order, Ordering, Orientation,
    Radial, Shape, Strain, Surface, SurfaceDiffusion, atomic_strain, gyration, orderings,
    warren_cowley,
};
pub use neck_section::{NeckSection, neck_section};
pub use observatory::Observatory;
pub use radial::{RadialDistribution, radial_distribution};
pub use rotation::{angle, axis_angle, best_rotation, cubic_rotations, misorientation};
pub use scene::{Couple, Scene};
pub use snapshot::{Near, Snapshot};
pub use structure::{Structure, structures};
pub use surface::{Family, MOST_NEIGHBOURS, facet_of, low_index_facets, normal, normals};

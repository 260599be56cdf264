//! Observers: what is measured of atoms from one moment to the next.
//!
//! A [`Snapshot`] is a moment, a [`Reference`] the first one, a [`Scene`] both together with what
//! several measures share.

mod adatoms;
mod body;
mod closing;
mod clusters;
mod neck_section;
mod radial;
mod rotation;
mod scene;
mod snapshot;
mod structure;
mod surface;

pub use adatoms::{FacetAdatoms, Standing, adatoms, count_adatoms};
pub use body::{BodyReference, FacetReference, Pose, Reference, Vector3};
pub use closing::{FOREMOST, Reaches, reaches};
pub use clusters::{Clusters, clusters};
pub use neck_section::{NeckSection, neck_section};
pub use radial::{RadialDistribution, radial_distribution};
pub use rotation::{angle, axis_angle, best_rotation, cubic_rotations, misorientation};
pub use scene::{Couple, Scene};
pub use snapshot::{Near, Snapshot};
pub use structure::{Structure, structures};
pub use surface::{Family, MOST_NEIGHBOURS, facet_of, low_index_facets, normal, normals};

//! What is measured, in a run or on a file, and how it is shown.
//!
//! Measurements are pure functions of a system, or small state machines that are fed with them and
//! are plain data to save. Nothing here reads or writes files; plots and pictures are SVG texts.
//! No measurement touches the neighbour list of the dynamics, so that observing a run does not
//! change it.
//!
//! ```
//! use frit_analysis::{NeckRule, NeckWatch};
//!
//! let mut watch = NeckWatch::new(NeckRule { bonds: 20, hold: 2.0 });
//! for (time, bonds) in [(0.0, 0), (1.0, 3), (2.0, 21), (3.0, 24), (4.0, 30)] {
//!     watch.observe(time, bonds)?;
//! }
//! assert_eq!(watch.first_contact().map(|event| event.time), Some(1.0));
//! assert_eq!(watch.neck().map(|neck| neck.start.time), Some(2.0));
//! # Ok::<(), frit_analysis::NeckError>(())
//! ```

mod bonds;
mod exchange;
mod gap;
mod neck;
pub mod observe;
mod pairs;
mod picture;
mod plot;
mod svg;

pub use bonds::{BadRule, CrossBonds};
pub use exchange::Exchange;
pub use gap::{FacingLayers, Gap, MissingAtom};
pub use neck::{Event, Neck, NeckError, NeckRule, NeckWatch};
pub use picture::{PictureError, PictureOptions, View, picture};
pub use plot::{
    Annotation, Contour, Curve, FieldMap, Figure, HexagonMap, LevelDiagram, Line, MapShape, Mark,
    Panel, PathMap, PathView, StateLevel,
};

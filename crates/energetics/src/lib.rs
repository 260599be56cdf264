//! Energies of structures and of the ways between them.
//!
//! [`Band`] finds the path of least energy between two structures, [`Dimer`] a saddle from one;
//! recipes find the lattice constant, elastic constants, and the energies of surfaces, vacancies
//! and adatoms. All work on a [`Landscape`], which gives energy and forces at positions:
//! [`AtomLandscape`] is that of atoms under a potential.
//!
//! ```
//! use frit_atoms::Vector;
//! use frit_dynamics::ForceError;
//! use frit_dynamics::minimise::Criteria;
//! use frit_energetics::band::{Band, Climb, Settings, linear};
//! use frit_energetics::{Landscape, Method, unwatched};
//!
//! /// Two wells at x = -1 and 1 with a saddle of 1 eV between them, off the straight line.
//! struct Wells;
//!
//! impl Landscape for Wells {
//!     fn evaluate(&mut self, at: &[Vector], force: &mut Vec<Vector>) -> Result<f64, ForceError> {
//!         let (x, y) = (at[0].x, at[0].y - 0.5 * (1.0 - at[0].x * at[0].x));
//!         let well = 1.0 - x * x;
//!         *force = vec![Vector::new(4.0 * x * well - 2.0 * y * x, -2.0 * y, 0.0)];
//!         Ok(well * well + y * y)
//!     }
//! }
//!
//! let [start, end] = [-1.0, 1.0].map(|x| vec![Vector::new(x, 0.0, 0.0)]);
//! let path = linear(&start, &end, 5);
//! let mut band = Band::new(path, (0..7).map(|_| Wells).collect())?;
//! let settings = Settings {
//!     spring: 1.0,
//!     climb: Climb::Below(0.5),
//!     method: Method::Lbfgs,
//!     criteria: Criteria { max_force: 1e-6, max_steps: 1000 },
//! };
//! let progress = band.relax(&settings, unwatched)?;
//! assert!((progress.barrier - 1.0).abs() < 1e-9);
//! # Ok::<(), frit_energetics::EnergyError>(())
//! ```

mod adatom;
pub mod band;
mod bench;
mod crystal;
mod dimer;
pub mod elastic;
mod equation_of_state;
mod error;
mod landscape;
mod optimise;
mod peaks;
mod relax;
mod report;
mod rigid;
mod slab;
mod surface;
mod vacancy;

pub use adatom::{Move, Path, Support, placed};
pub use band::Band;
pub use bench::{Bench, Interaction};
pub use crystal::{Crystal, GroundState, without_pressure};
pub use dimer::{Dimer, LEAST_CURVATURE, Saddle};
pub use elastic::{ElasticConstants, elastic_constants};
pub use equation_of_state::{BirchMurnaghan, EquationOfState, equation_of_state, state_report};
pub use error::EnergyError;
pub use landscape::{AtomLandscape, Landscape};
pub use optimise::{Method, Walk};
pub use relax::{Relaxed, relax, relax_watched};
pub use report::{Finding, Report, Samples, Spread, counted};
pub use slab::{Block, Plane};
pub use surface::{JOULE_PER_SQUARE_METRE, Surface};
pub use vacancy::Vacancy;

/// Watches a walk without ever stopping it.
pub fn unwatched<T>(_progress: &T) -> std::ops::ControlFlow<()> {
    std::ops::ControlFlow::Continue(())
}

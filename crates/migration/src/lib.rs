//! Particles that migrate because a reaction runs on their surface.
//!
//! Cu and Cu2O on the surface of a particle react with O2 and H2. Where Cu is, O2 is used, and the
//! gas presses less; the integral of the pressure over the surface is a force, and the particle
//! follows it while it diffuses, meets others, merges and ripens. The model is that of Zhao et al.
//! (Small 2024, doi:10.1002/smll.202405759), worked out to where it can be computed. All values are
//! in SI units.
//!
//! **What is fitted.** A pressure imbalance is far too weak to move a particle visibly: all O2
//! missing over one half of a particle of 10 nm is `p_O π R²`, 0.9 pN, while drift at 10 nm/s seen
//! through frames 0.04 s apart needs 0.1 to 0.7 nN whatever the mobility (fluctuation and
//! dissipation tie them). The pressure force is therefore multiplied by a gain of 5e4 without a
//! physical reason; with a gain of 1 nothing moves visibly. [`Parameters::entries`] tells for each
//! number whether it is physics, literature, a choice or a fit.
//!
//! **What does not follow from the trends.** A force that depends on the dipole alone, such as an
//! imbalance of adhesion, has the same trends with temperature and with the ratio of H2 to O2; only
//! the total pressure tells them apart. Oscillation and the half-and-half state of a particle are
//! instabilities of the kinetics, not put in by hand, but the window of conditions in which they
//! occur is fitted, and on a homogeneous particle the half-and-half state keeps itself up only with
//! [`Parameters::spontaneous`] and from a finite start.
//!
//! **How it is built.** [`Mesh`]: triangulated spheres. [`kinetics`]: rates, uniform states and
//! their stability. [`gas`]: bulk, pool, facet layers, impulses. [`pressure`]: from Cu fractions to
//! forces. [`motion`]: Brownian motion. [`contacts`], [`merging`], [`ripening`]: populations.
//! [`speeds`], [`swing`]: what is seen.
//! [`Simulation`] steps it all as an [`Engine`](frit_engine::Engine). A result depends on the
//! parameters and the seed alone, not on the number of threads.
//!
//! ```
//! use frit_engine::Engine;
//! use frit_migration::{Parameters, Simulation};
//!
//! let mut simulation = Simulation::new(Parameters::default(), 4, 1)?;
//! for _ in 0..50 {
//!     simulation.advance(())?;
//! }
//! let seen = simulation.observe();
//! assert!((seen.time - 0.1).abs() < 1e-12);
//! assert!(seen.copper > 0.0 && seen.copper < 1.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod contacts;
mod error;
mod field;
pub mod gas;
pub mod kinetics;
pub mod merging;
mod mesh;
pub mod motion;
pub mod parameters;
mod particles;
pub mod pressure;
pub mod ripening;
mod simulation;
pub mod speeds;
mod start;
pub mod swing;
pub mod well_mixed;

pub use error::{ParameterError, RestoreError, SetupError, StepError};
pub use field::Sums;
pub use mesh::Mesh;
pub use parameters::Parameters;
pub use particles::{Particle, Particles};
pub use simulation::{Counters, Observation, Saved, Simulation};
pub use speeds::Frames;
pub use start::random_particles;

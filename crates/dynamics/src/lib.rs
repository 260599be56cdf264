//! Motion of atoms: forces, integrators, thermostats, a barostat, velocities, minimisers.
//!
//! A [`ForceField`] evaluates a potential for a [`System`](frit_atoms::System) and keeps its
//! neighbour list. [`Dynamics`] advances a system by one step in an [`Ensemble`]. A
//! [`Minimisation`] walks downhill. None of them owns the system, and none keeps state that is not
//! in the system, in [`Dynamics::save`], or in the origin of the neighbour list: a run continued
//! from these three has the same bits as one that was never stopped.
//!
//! ```
//! use frit_atoms::{Atom, Atoms, Cell, Species, System, Vector};
//! use frit_dynamics::measure::{AtRest, Selection, degrees_of_freedom};
//! use frit_dynamics::{Dynamics, Ensemble, ForceField, Ramp, Rescaling, Setup};
//! use frit_dynamics::initialise_velocities;
//! use frit_engine::random::Streams;
//! use frit_potentials::pair::{AtCutoff, LennardJones, LennardJonesPair};
//! use frit_potentials::{Bound, Request};
//! use frit_units::constants::MechanicalConstants;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Eight argon atoms at the corners of a cube, free on all sides.
//! let atoms: Atoms = (0..8_u32)
//!     .map(|k| Atom {
//!         position: 3.8 * Vector::new((k & 1).into(), (k >> 1 & 1).into(), (k >> 2).into()),
//!         velocity: Vector::zeros(),
//!         image: [0; 3],
//!         species: 0,
//!         id: k + 1,
//!         group: 0,
//!     })
//!     .collect();
//! let argon = Species { name: "Ar".to_owned(), mass: 39.95 };
//! let cell = Cell::orthogonal([20.0; 3], [false; 3])?;
//! let mut system = System::new(cell, atoms, vec![argon])?;
//!
//! let pair = LennardJonesPair {
//!     species: ["Ar".to_owned(), "Ar".to_owned()],
//!     epsilon: 0.0103,
//!     sigma: 3.4,
//! };
//! let potential = LennardJones::potential(&["Ar"], &[pair], 8.5, AtCutoff::Shifted)?;
//! let mut forces = ForceField::new(Box::new(Bound::new(potential)), 0.8)?;
//!
//! let constants = MechanicalConstants::CODATA;
//! let (temperature, streams) = (20.0, Streams::new(1));
//! let at_rest = AtRest::TranslationAndRotation;
//! initialise_velocities(&mut system, Selection::All, temperature, at_rest, streams, &constants)?;
//!
//! let freedom = degrees_of_freedom(&system, Selection::All, at_rest);
//! let thermostat = Rescaling::new(Ramp::constant(temperature), 0.1, freedom, &constants)?;
//! let setup = Setup::new(Ensemble::Rescaling(thermostat), 0.002, streams);
//! let mut dynamics = Dynamics::new(setup, &system)?;
//! forces.evaluate(&mut system, Request::ENERGY)?;
//! let start = dynamics.conserved(&system, forces.evaluation().energy);
//! for _ in 0..100 {
//!     dynamics.advance(&mut system, &mut forces, Request::ENERGY)?;
//! }
//! let end = dynamics.conserved(&system, forces.evaluation().energy);
//! assert!((end - start).abs() < 1e-4);
//! # Ok(())
//! # }
//! ```

mod atom_report;
mod cell_rescaling;
mod chunks;
mod dynamics;
mod ensemble;
mod error;
pub mod external;
mod force_field;
mod langevin;
pub mod measure;
pub mod minimise;
mod nose_hoover;
mod number;
mod parameter;
mod ramp;
mod random;
mod rescaling;
mod steps;
mod swap;
mod velocities;

pub use atom_report::AtomReport;
pub use cell_rescaling::CellRescaling;
pub use dynamics::{Dynamics, Saved, Setup, StepReport};
pub use ensemble::{Ensemble, Isobaric};
pub use error::{RestoreError, SetupError, StepError};
pub use external::External;
pub use force_field::{ForceError, ForceField};
pub use langevin::Langevin;
pub use measure::{AtRest, Selection};
pub use minimise::Minimisation;
pub use nose_hoover::NoseHoover;
pub use parameter::ParameterError;
pub use ramp::Ramp;
pub use rescaling::Rescaling;
pub use swap::{SwapCounts, Swaps};
pub use velocities::{initialise_velocities, remove_angular_momentum, remove_momentum};

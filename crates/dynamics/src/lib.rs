//! Motion of atoms: forces, integrators, thermostats, a barostat, velocities, minimisers.
//!
//! A [`ForceField`] evaluates a potential for a [`System`](frit_atoms::System) and keeps its
//! neighbour list. [`Dynamics`] advances a system by one step in an [`Ensemble`]. A
//! [`Minimisation`] walks downhill. None of them owns the system, and none keeps state that is not
//! in the system, in [`Dynamics::save`], or in the origin of the neighbour list: a run continued
//! from these three has the same bits as one that was never stopped.

mod atom_report;
mod cell_rescaling;
mod chunks;
mod dynamics;
mod ensemble;
mod error;
mod force_field;
mod langevin;
pub mod measure;
pub mod minimise;
mod nose_hoover;
mod parameter;
mod ramp;
mod random;
mod rescaling;
mod steps;
mod velocities;

pub use atom_report::AtomReport;
pub use cell_rescaling::CellRescaling;
pub use dynamics::{Dynamics, Saved, Setup, StepReport};
pub use ensemble::{Ensemble, Isobaric};
pub use error::{RestoreError, SetupError, StepError};
pub use force_field::{ForceError, ForceField};
pub use langevin::Langevin;
pub use measure::{AtRest, Selection};
pub use minimise::Minimisation;
pub use nose_hoover::NoseHoover;
pub use parameter::ParameterError;
pub use ramp::Ramp;
pub use rescaling::Rescaling;
pub use velocities::{initialise_velocities, remove_angular_momentum, remove_momentum};

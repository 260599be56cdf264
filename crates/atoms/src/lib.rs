//! Cells, periodic images, atomic state in columns, species, and neighbour lists.
//!
//! A [`System`] is a [`Cell`], [`Atoms`] and a list of [`Species`]; it holds no potential and no
//! forces. [`Neighbours`] keeps the ghosts and the neighbour list of a system up to date and lends
//! them to potentials as a [`Surroundings`].

mod atoms;
mod cell;
mod centre;
mod elements;
pub mod neighbours;
mod species;
mod system;

pub use atoms::{Atom, Atoms, AtomsMut};
pub use cell::{Cell, CellError};
pub use centre::{Centres, centre_of_mass, centres};
pub use elements::{ELEMENTS, Element, element};
pub use neighbours::{NeighbourError, Neighbours, Surroundings};
pub use species::Species;
pub use system::{System, SystemError};

/// A vector in space.
pub type Vector = nalgebra::Vector3<f64>;

/// A tensor, or a cell: cell vectors are the **rows**.
pub type Matrix = nalgebra::Matrix3<f64>;

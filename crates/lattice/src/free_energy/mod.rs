//! Free-energy diagrams from energies and vibrations.
//!
//! G = E + ZPE (+ heat) - TS for each state of a reaction: what is on the surface vibrates
//! harmonically in all its modes, molecules in the gas are ideal. Wavenumbers come from another
//! program; imaginary ones, as negative numbers, are refused in minima, and exactly one is needed,
//! and left out, in transition states.

mod diagram;
mod formula;
mod known;
mod molecule;
mod vibrations;

use crate::OutOfRange;

pub use diagram::{Barrier, Diagram, DiagramSetup, Level, Parts, ReactionState, StateKind};
pub use formula::Formula;
pub use known::Doubt;
pub use molecule::{Molecule, MoleculeSetup};
pub use vibrations::Thermal;

/// Why there is no diagram.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FreeEnergyError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] OutOfRange),
    /// An unknown element.
    #[error("`{symbol}` is no element; symbols are written as in chemistry, such as Fe")]
    Element {
        /// The symbol.
        symbol: String,
    },
    /// A text that is no formula.
    #[error("`{text}` is no formula; write symbols with whole numbers, such as Fe24O32H2")]
    Formula {
        /// The text.
        text: String,
    },
    /// A molecule that makes no sense.
    #[error(
        "the molecule `{name}` needs at least one atom, and a symmetry number and a multiplicity of \
         at least 1"
    )]
    Molecule {
        /// Its name.
        name: String,
    },
    /// A line that is no atom.
    #[error(
        "the molecule `{name}` has the line `{line}` in its geometry; an atom is a symbol and its \
         place in Å, such as `H 0 0 0.741`"
    )]
    Geometry {
        /// Its name.
        name: String,
        /// The line.
        line: String,
    },
    /// A wrong number of vibrations.
    #[error(
        "the molecule `{name}` has {found} wavenumbers; one of its shape, with its atoms apart, has \
         {expected}"
    )]
    Modes {
        /// Its name.
        name: String,
        /// Wavenumbers found.
        found: usize,
        /// Vibrations of such a molecule.
        expected: usize,
    },
    /// A wavenumber that is zero or no number.
    #[error("`{label}` has a wavenumber of {wavenumber} cm⁻¹; it must be finite and not 0")]
    Wavenumber {
        /// State or molecule.
        label: String,
        /// The wavenumber.
        wavenumber: f64,
    },
    /// Too many or too few imaginary vibrations.
    #[error(
        "`{label}` has {found} imaginary vibrations (negative wavenumbers: {wavenumbers:?}); it must \
         have {expected}: a minimum has none, a transition state one"
    )]
    Imaginary {
        /// State or molecule.
        label: String,
        /// How many it has.
        found: usize,
        /// How many it must have.
        expected: usize,
        /// Their wavenumbers [cm⁻¹].
        wavenumbers: Vec<f64>,
    },
    /// States differ in their atoms.
    #[error(
        "the state `{label}` has the atoms {found}, but the first one, `{first}`, has {expected}; \
         molecules of the gas make up the difference"
    )]
    Atoms {
        /// The state.
        label: String,
        /// Its atoms.
        found: String,
        /// The first state.
        first: String,
        /// Its atoms.
        expected: String,
    },
    /// A gas that is not given.
    #[error("the state `{label}` has `{name}` in its gas, which is not among the molecules")]
    UnknownGas {
        /// The state.
        label: String,
        /// The molecule.
        name: String,
    },
    /// A transition state before all minima.
    #[error("no minimum stands before the transition state `{label}`")]
    NoMinimum {
        /// The state.
        label: String,
    },
    /// No states.
    #[error("there are no states; at least one is needed")]
    NoStates,
}

/// The real wavenumbers of a state that must have so many imaginary ones.
fn checked_wavenumbers(
    label: &str,
    wavenumbers: Vec<f64>,
    imaginary: usize,
) -> Result<Vec<f64>, FreeEnergyError> {
    let wrong = wavenumbers.iter().find(|w| !w.is_finite() || **w == 0.0);
    if let Some(&wavenumber) = wrong {
        return Err(FreeEnergyError::Wavenumber {
            label: label.to_owned(),
            wavenumber,
        });
    }
    let (negative, real): (Vec<f64>, Vec<f64>) = wavenumbers.into_iter().partition(|w| *w < 0.0);
    if negative.len() != imaginary {
        return Err(FreeEnergyError::Imaginary {
            label: label.to_owned(),
            found: negative.len(),
            expected: imaginary,
            wavenumbers: negative,
        });
    }
    Ok(real)
}

#[cfg(test)]
mod tests;

//! Why an energy cannot be had.

use frit_atoms::CellError;
use frit_build::BuildError;
use frit_dynamics::ForceError;

use crate::report::counted;

/// Why an energy cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum EnergyError {
    /// There are no forces.
    #[error(transparent)]
    Forces(#[from] ForceError),
    /// The structure cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The cell cannot be made.
    #[error(transparent)]
    Cell(#[from] CellError),
    /// The structure cannot be made.
    #[error(transparent)]
    System(#[from] frit_atoms::SystemError),
    /// The potential does not fit the structure.
    #[error("{0}")]
    Potential(Box<dyn std::error::Error + Send + Sync>),
    /// Whoever watched a walk stopped it.
    #[error("{0} was stopped")]
    Stopped(String),
    /// Steps ran out.
    #[error(
        "{what} did not converge: after {} the largest force is {force:.4} eV/Å, more than the {limit} eV/Å asked for; \
         allow more steps, ask for less, or start closer{}",
        counted(*steps, "step"),
        hint(what)
    )]
    NotConverged {
        /// What was walked.
        what: String,
        /// Steps made.
        steps: u64,
        /// The largest force [eV/Å].
        force: f64,
        /// The largest force allowed [eV/Å].
        limit: f64,
    },
    /// A dimer came to a place that is no saddle.
    #[error(
        "no saddle was found: after {} the lowest curvature along the dimer is {curvature:.4} eV/Å² and the largest force \
         {force:.4} eV/Å, but at a saddle the curvature is below -{least} eV/Å²; {}",
        counted(*steps, "step"),
        way_out(*curvature, *least)
    )]
    NoSaddle {
        /// Steps made.
        steps: u64,
        /// The lowest curvature found there [eV/Å²].
        curvature: f64,
        /// The largest force there [eV/Å].
        force: f64,
        /// The curvature of a saddle is below minus this [eV/Å²].
        least: f64,
    },
    /// Both ends of a path are one structure.
    #[error(
        "start and end are the same structure: no atom is more than {apart:.4} Å from its place in the other; \
         give two different minima"
    )]
    SameEnds {
        /// The largest distance between the two places of an atom [Å].
        apart: f64,
    },
    /// Both ends of a path relaxed into one minimum.
    #[error(
        "start and end relaxed into the same minimum: no atom is more than {apart:.4} Å from its place in the other, \
         so that no path lies between them; start from structures nearer to two different minima, or fix more atoms"
    )]
    SameMinimum {
        /// The largest distance between the two places of an atom [Å].
        apart: f64,
    },
    /// A crystal does not hold together.
    #[error(
        "at a lattice constant of {constant} Å, with nearest neighbours {nearest:.3} Å apart, the crystal of {what} is not \
         bound: {why}; take a lattice constant near that without pressure, or leave it out to have it found"
    )]
    Unbound {
        /// The composition.
        what: String,
        /// The lattice constant [Å].
        constant: f64,
        /// Distance of nearest neighbours [Å].
        nearest: f64,
        /// How the energy shows it.
        why: String,
    },
    /// The list of fixed atoms is of another structure.
    #[error("{} marked as fixed or free, but the structure has {atoms}", were(*found))]
    Fixed {
        /// Marks found.
        found: usize,
        /// Atoms of the structure.
        atoms: usize,
    },
    /// The ends of a path differ in more than positions.
    #[error("start and end do not match: {0}")]
    Ends(String),
    /// A parameter is out of its range.
    #[error("{name} is {value}; it must be {expected}")]
    Parameter {
        /// What it is.
        name: &'static str,
        /// The value found.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A recipe asks for what its structure cannot give.
    #[error("{0}")]
    Recipe(String),
    /// A recipe was followed, but what came out is no result.
    #[error("{0}")]
    NoResult(String),
}

/// `1 atom is`, `2 atoms are`.
fn were(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count as u64, "atom"))
}

/// What to do where a dimer found no saddle.
fn way_out(curvature: f64, least: f64) -> &'static str {
    if curvature.abs() <= least {
        "the energy is flat there, as where an atom has left the others or turns about few fixed ones: start elsewhere"
    } else {
        "it is still in the basin of a minimum: start further out of it or along another direction, or allow more steps"
    }
}

/// What helps where a walk is known to fail.
fn hint(what: &str) -> &'static str {
    if what == "the band" {
        "; another number of images, other springs or the optimiser fire may help, and where peaks are sharper than the images are apart, a dimer instead of a climbing image"
    } else {
        ""
    }
}

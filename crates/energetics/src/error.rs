//! Why an energy cannot be had.

use frit_atoms::CellError;
use frit_build::BuildError;
use frit_dynamics::ForceError;

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
    /// Steps ran out.
    #[error(
        "{what} did not converge: after {steps} steps the largest force is {force:.3e} eV/Å, more than the {limit} asked for; \
         allow more steps, ask for less, or start closer{}",
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
    /// The list of fixed atoms is of another structure.
    #[error("{found} atoms are marked as fixed or free, but the structure has {atoms}")]
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
}

/// What helps where a walk is known to fail.
fn hint(what: &str) -> &'static str {
    if what == "the band" {
        "; where peaks are sharper than the images are apart, relax without a climbing image and let a dimer find the saddle"
    } else {
        ""
    }
}

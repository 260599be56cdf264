//! Why a description gives no structure.

use crate::{CompositionError, MissingAtom};
use frit_atoms::{CellError, SystemError};

/// Why a description gives no structure.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BuildError {
    /// A length is not positive.
    #[error("{what} is {value} Å; it must be a positive, finite length")]
    BadLength {
        /// Which length.
        what: &'static str,
        /// The value found [Å].
        value: f64,
    },
    /// A sideways offset is not a number.
    #[error("the sideways offset of the second particle is {value} Å; it must be a finite length")]
    BadOffset {
        /// The value found [Å].
        value: f64,
    },
    /// Fewer than three planes a side.
    #[error(
        "a cube of {asked} is too small: it needs at least three planes a side, which are an edge of {least_edge:.2} Å and {least_atoms} atoms here"
    )]
    CubeTooSmall {
        /// What was asked for, in words.
        asked: String,
        /// Edge of the smallest cube [Å].
        least_edge: f64,
        /// Atoms of the smallest cube.
        least_atoms: usize,
    },
    /// More atoms than ids can name.
    #[error("{found} atoms are too many; at most {} can be numbered", u32::MAX)]
    TooManyAtoms {
        /// How many were asked for.
        found: u128,
    },
    /// A direction repeats zero times.
    #[error("repeat is {repeat:?}; each of the three directions needs at least one cell")]
    NoCells {
        /// The repetitions found.
        repeat: [u32; 3],
    },
    /// The coverage is not a fraction.
    #[error("the coverage of facet {facet} is {coverage}; it must lie between 0 and 1")]
    BadCoverage {
        /// The facet's name.
        facet: &'static str,
        /// The coverage found.
        coverage: f64,
    },
    /// The facet offers no fourfold hollow.
    #[error(
        "facet {facet} of this {lattice} cube has no fourfold hollow site for an adatom; use fcc or bcc and a larger cube, or no adatoms"
    )]
    NoHollowSite {
        /// The facet's name.
        facet: &'static str,
        /// The lattice's name.
        lattice: &'static str,
    },
    /// Two adatom layers on one facet.
    #[error("facet {facet} is given two layers of adatoms; give it one")]
    FacetTwice {
        /// The facet's name.
        facet: &'static str,
    },
    /// The composition is at fault.
    #[error(transparent)]
    Composition(#[from] CompositionError),
    /// Two particles name one species with different masses.
    #[error("{name} has the mass {first} u in one particle and {second} u in the other")]
    MassDiffers {
        /// The species' name.
        name: String,
        /// Mass in the first particle [u].
        first: f64,
        /// Mass in the second particle [u].
        second: f64,
    },
    /// A particle to be placed stands in a periodic cell.
    #[error(
        "the {which} particle stands in a cell that is periodic along {axis}; particles are placed free: make all directions of its cell free"
    )]
    Periodic {
        /// `first` or `second`.
        which: &'static str,
        /// The axis' name.
        axis: &'static str,
    },
    /// A particle to be placed has other atoms than it was built with.
    #[error(
        "the {which} particle has {found} atoms, but was built with {built}; place it with exactly the atoms it was built with"
    )]
    OtherAtoms {
        /// `first` or `second`.
        which: &'static str,
        /// Atoms it has.
        found: usize,
        /// Atoms it was built with.
        built: usize,
    },
    /// An atom that the placing needs is not there.
    #[error(transparent)]
    MissingAtom(#[from] MissingAtom),
    /// Atoms of the two particles are too close.
    #[error(
        "with this gap, atoms {first} and {second} of the two particles are only {distance:.3} Å apart (least allowed: {least} Å); widen the gap by {widen:.3} Å, or shift the particles sideways"
    )]
    Overlap {
        /// An atom of the first particle, by its id in the pair.
        first: u32,
        /// An atom of the second particle, by its id in the pair.
        second: u32,
        /// Their distance [Å].
        distance: f64,
        /// Least distance allowed [Å].
        least: f64,
        /// What to add to the gap so that none of the pairs now too close is so [Å].
        widen: f64,
    },
    /// The cell cannot be made.
    #[error(transparent)]
    Cell(#[from] CellError),
    /// The atoms do not make a system.
    #[error(transparent)]
    System(#[from] SystemError),
}

/// A length that must be positive.
pub(crate) fn positive(what: &'static str, value: f64) -> Result<f64, BuildError> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(BuildError::BadLength { what, value })
    }
}

/// A number of atoms that ids can name.
pub(crate) fn countable(found: u128) -> Result<usize, BuildError> {
    if found <= u128::from(u32::MAX) {
        Ok(found as usize)
    } else {
        Err(BuildError::TooManyAtoms { found })
    }
}

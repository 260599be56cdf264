//! Why a description gives no structure.

use crate::{CompositionError, MissingAtom};
use frit_atoms::{CellError, NeighbourError, SystemError};

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
    /// A shape with hardly any inside.
    #[error("{asked} is too small: {least}")]
    TooSmall {
        /// What was asked for, in words.
        asked: String,
        /// The least that is possible, in words.
        least: String,
    },
    /// A lattice does not have this parameter.
    #[error("the lattice {lattice} has no {parameter}; leave it out")]
    NoParameter {
        /// The lattice's name.
        lattice: &'static str,
        /// The parameter, and why there is none.
        parameter: &'static str,
    },
    /// A Wulff shape without energies.
    #[error("a Wulff shape needs the energies of its facets, such as {{100}} and {{111}}")]
    NoEnergies,
    /// A facet energy is not positive.
    #[error("the energy of facet {plane} is {energy}; it must be positive and finite")]
    BadEnergy {
        /// The facet.
        plane: String,
        /// The energy found.
        energy: f64,
    },
    /// One family of facets stands twice.
    #[error("facets {first} and {second} are of one family; give it one energy")]
    PlaneTwice {
        /// One plane of the family.
        first: String,
        /// Another.
        second: String,
    },
    /// All Miller indices are zero.
    #[error("(0 0 0) is no plane; at least one Miller index must differ from zero")]
    NoPlane,
    /// The facets do not enclose a body.
    #[error("these facets do not enclose a body; add a family such as {{100}} or {{111}}")]
    Unbounded,
    /// Facets of a hexagonal lattice.
    #[error("facets are known for cubic and tetragonal lattices; for hcp, use a sphere or a box")]
    NoFacets,
    /// Twins of another lattice than fcc.
    #[error("twin planes are built in fcc; this particle is {lattice}")]
    NoTwin {
        /// The lattice's name.
        lattice: &'static str,
    },
    /// Two twin planes on one atomic plane.
    #[error("two twin planes fall on one atomic plane, {height:.3} Å from the centre; move one")]
    TwinTwice {
        /// Height of the plane [Å].
        height: f64,
    },
    /// A twin plane that does not cut the particle.
    #[error(
        "the twin plane {height:.3} Å from the centre passes beside the particle, which reaches from \
         {low:.3} to {high:.3} Å along [111]"
    )]
    TwinOutside {
        /// Height of the plane [Å].
        height: f64,
        /// Of the lowest atom [Å].
        low: f64,
        /// Of the highest atom [Å].
        high: f64,
    },
    /// No sublattice of this name.
    #[error("the lattice {lattice} has no sublattice {name:?}; it has {known}")]
    UnknownSublattice {
        /// The lattice's name.
        lattice: &'static str,
        /// The name found.
        name: String,
        /// The names known.
        known: String,
    },
    /// Nothing on a sublattice.
    #[error("nothing stands on the sublattice {name:?} of {lattice}; say which elements do")]
    EmptySublattice {
        /// The lattice's name.
        lattice: &'static str,
        /// The sublattice.
        name: String,
    },
    /// A quasi-random arrangement on several sublattices.
    #[error(
        "special quasi-random arrangements are for one alloy on a lattice of like sites, such as fcc; this is {lattice} with its sublattices"
    )]
    NotQuasirandom {
        /// The lattice's name.
        lattice: &'static str,
    },
    /// A slab of a lattice or plane that is not known.
    #[error(
        "slabs are built of cubic lattices with (100), (110) or (111) surfaces; found {plane} of {lattice}"
    )]
    NoSlab {
        /// The plane.
        plane: String,
        /// The lattice's name.
        lattice: &'static str,
    },
    /// A site that a surface does not have.
    #[error("the surface {plane} of {lattice} has no {site} site")]
    NoSite {
        /// The plane.
        plane: String,
        /// The lattice's name.
        lattice: &'static str,
        /// The site asked for.
        site: &'static str,
    },
    /// A particle wider than the slab under it.
    #[error(
        "the particle is {particle:.1} Å wide along {axis}, the slab under it {slab:.1} Å: with less than {least} Å between it and its image they touch; repeat the slab more often"
    )]
    TooWide {
        /// The axis' name.
        axis: &'static str,
        /// Width of the particle [Å].
        particle: f64,
        /// Width of the slab [Å].
        slab: f64,
        /// Least distance between images [Å].
        least: f64,
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
        /// The facet.
        facet: String,
        /// The coverage found.
        coverage: f64,
    },
    /// The facet has no site for an adatom.
    #[error(
        "facet {facet} of this {lattice} particle has no site for an adatom above all its nearest neighbours (at least three); use a flat facet of fcc or bcc and a larger particle, or no adatoms"
    )]
    NoHollowSite {
        /// The facet.
        facet: String,
        /// The lattice's name.
        lattice: &'static str,
    },
    /// Two adatom layers on one facet.
    #[error("facet {facet} is given two layers of adatoms; give it one")]
    FacetTwice {
        /// The facet.
        facet: String,
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
    /// The neighbours cannot be listed.
    #[error(transparent)]
    Neighbours(#[from] NeighbourError),
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

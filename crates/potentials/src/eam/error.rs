//! What can be wrong with EAM files and their use.

use crate::KernelUnavailable;

/// A file that cannot be read as what it should be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{file}, line {line}: {problem}")]
pub struct EamFileError {
    /// Name of the file.
    pub file: String,
    /// The line, from one; the last if the file ended too early.
    pub line: usize,
    /// What is wrong.
    pub problem: Box<EamProblem>,
}

/// What is wrong with an EAM file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EamProblem {
    /// The file ended.
    #[error("the file ends where {wanted} should stand")]
    Ended {
        /// What should follow.
        wanted: String,
    },
    /// A word is no finite number, or no count.
    #[error("found `{found}` where {wanted} should stand, which must be a finite number")]
    NotANumber {
        /// The word.
        found: String,
        /// What should stand there.
        wanted: String,
    },
    /// A number is out of its range.
    #[error("{name} is {found}; it must be {allowed}")]
    OutOfRange {
        /// Which number.
        name: &'static str,
        /// Its value.
        found: f64,
        /// What is allowed.
        allowed: String,
    },
    /// A line has too few or too many words.
    #[error("found {found} words where {wanted} should stand")]
    WordCount {
        /// How many words.
        found: usize,
        /// What should stand there.
        wanted: &'static str,
    },
    /// The number of names is not the announced number of elements.
    #[error("the line announces {announced} elements but names {named}")]
    ElementCount {
        /// Announced.
        announced: usize,
        /// Named.
        named: usize,
    },
    /// An element stands twice.
    #[error("the element {name} stands twice")]
    ElementTwice {
        /// The element.
        name: String,
    },
    /// No element has this atomic number.
    #[error("no element has the atomic number {found}; a funcfl file names its element by it")]
    NoElement {
        /// The atomic number.
        found: String,
    },
    /// The header announces more than the file holds.
    #[error("the header announces tables of {announced} numbers, but only {found} words follow")]
    TooFew {
        /// How many numbers.
        announced: u128,
        /// How many words.
        found: usize,
    },
    /// A line should be at its end.
    #[error(
        "found `{found}` where a new line with {wanted} should start: a table is longer than the header announces"
    )]
    LeftOver {
        /// The word.
        found: String,
        /// What should start.
        wanted: String,
    },
    /// The file goes on after all tables.
    #[error("{left} words are left after all tables, from `{found}`; {hint}")]
    TooMany {
        /// The first of them.
        found: String,
        /// How many.
        left: usize,
        /// What may be the reason.
        hint: &'static str,
    },
    /// No file is given.
    #[error("no funcfl file is given")]
    NoFile,
}

/// Why tables cannot serve a system.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EamError {
    /// A species has no tables.
    #[error("the EAM tables have no element {name}; they have {}", known.join(", "))]
    UnknownElement {
        /// The species.
        name: String,
        /// The elements that have tables.
        known: Vec<String>,
    },
    /// A grid is none.
    #[error(
        "the EAM tables have spacings of {} (density) and {} (distance); both must be positive and finite",
        found[0], found[1]
    )]
    Spacing {
        /// Of densities, and of distances [Å].
        found: [f64; 2],
    },
    /// Tables are missing, or too many.
    #[error(
        "the EAM tables of {elements} elements have {found} functions {name}; they must have {wanted}"
    )]
    TableCount {
        /// The function.
        name: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
        /// Number of elements.
        elements: usize,
    },
    /// A table does not lie on the common grid.
    #[error(
        "an EAM table of {name} has {found} numbers; it must have {wanted}, as others on its grid, and not fewer than five"
    )]
    TableLength {
        /// The function.
        name: &'static str,
        /// How many numbers it has.
        found: usize,
        /// How many it must have.
        wanted: usize,
    },
    /// The cutoff is too large for mixed precision.
    #[error(
        "the cutoff of {cutoff} Å is too large for mixed precision, which reaches {largest} Å; use double precision"
    )]
    CutoffForMixed {
        /// The cutoff [Å].
        cutoff: f64,
        /// The largest [Å].
        largest: f64,
    },
    /// Functions have edges that mixed precision does not follow.
    #[error(
        "mixed precision misses the functions of {source_species} and {at} by {deviation:.1e} at {distance:.3} Å, where {allowed:.0e} is allowed (eV/Å, or as much of the force): the tables are too rough there; use double precision"
    )]
    TooRough {
        /// The species that gives the density.
        source_species: String,
        /// The species at which it is given.
        at: String,
        /// The distance [Å].
        distance: f64,
        /// The deviation [eV/Å], or a fraction of larger forces.
        deviation: f64,
        /// What is allowed.
        allowed: f64,
    },
    /// The tables of all pairs of species together are too long.
    #[error(
        "{species} species with {points} distances each make tables of {}·{points} knots; at most {most} can be addressed",
        species * species
    )]
    TooManyKnots {
        /// Number of species.
        species: usize,
        /// Points of each function of the distance.
        points: usize,
        /// Most knots.
        most: usize,
    },
    /// The machine lacks the instructions.
    #[error(transparent)]
    Kernel(#[from] KernelUnavailable),
}

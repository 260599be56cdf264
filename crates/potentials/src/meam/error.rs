//! What can be wrong with the files of a MEAM potential, or with its use.

use std::fmt;

use crate::{KernelPath, KernelUnavailable};

/// Something wrong in a library or parameter file, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct MeamFileError {
    /// Path of the file, as it was given.
    pub file: String,
    /// Line, counted from 1; `None` when no single line is at fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: Box<MeamProblem>,
}

impl fmt::Display for MeamFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.file, self.problem),
            None => write!(formatter, "{}: {}", self.file, self.problem),
        }
    }
}

impl std::error::Error for MeamFileError {}

/// What is wrong in a file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MeamProblem {
    /// No elements were asked for.
    #[error(
        "no elements are given; list them in the order to which the numbers in the parameter file refer"
    )]
    NoElements,
    /// An element stands twice in the list.
    #[error(
        "element {element} is listed twice; each number of the parameter file stands for one element"
    )]
    ElementTwice {
        /// Its name.
        element: String,
    },
    /// The library does not hold an element.
    #[error("the library has no entry for {element}; it has {known}")]
    ElementMissing {
        /// Its name.
        element: String,
        /// What the library holds.
        known: String,
    },
    /// A library entry does not consist of 19 words that start a line.
    #[error(
        "the entry of {element} has {found} words, an entry has 19: elt lat z ielement atwt alpha b0 b1 b2 b3 alat esub asub t0 t1 t2 t3 rozero ibar; each entry starts a line"
    )]
    EntryLength {
        /// First word of the entry.
        element: String,
        /// Words found.
        found: usize,
    },
    /// A word should have been a number.
    #[error("{name} = {found} is not a finite number")]
    NotANumber {
        /// Its name.
        name: String,
        /// The word found.
        found: String,
    },
    /// A number lies outside the range in which it means something.
    #[error("{name} = {found}, but {need}")]
    OutOfRange {
        /// Its name.
        name: String,
        /// The value.
        found: f64,
        /// What it must be.
        need: &'static str,
    },
    /// A setting that LAMMPS knows and frit does not support.
    #[error("{name} = {found} is not supported; supported: {supported}")]
    Unsupported {
        /// Its name.
        name: String,
        /// The value.
        found: String,
        /// What is supported.
        supported: String,
    },
    /// A keyword that the format does not have.
    #[error("unknown keyword {keyword}; {hint}")]
    UnknownKeyword {
        /// The word found.
        keyword: String,
        /// A likely keyword, or all of them.
        hint: String,
    },
    /// A line that is no setting.
    #[error("expected `keyword = value` or `keyword(i,j) = value`, found `{found}`")]
    NotASetting {
        /// The line.
        found: String,
    },
    /// The wrong number of indices.
    #[error("{keyword} takes {wanted} indices, found {found}")]
    IndexCount {
        /// The keyword.
        keyword: &'static str,
        /// Indices it takes.
        wanted: usize,
        /// Indices found.
        found: usize,
    },
    /// An index that stands for no element.
    #[error("index `{found}` of {keyword} is none of 1 to {elements}, the elements listed")]
    IndexRange {
        /// The keyword.
        keyword: &'static str,
        /// The index found.
        found: String,
        /// How many elements there are.
        elements: usize,
    },
    /// The elements are listed in another order than the parameter file means.
    #[error(
        "the elements are probably listed in the wrong order: number {number} of the parameter file has {quantity} = {found}, but element {number} of the list is {element} with {expected} in the library; the file fits the order {order}"
    )]
    ElementOrder {
        /// Number of the element in the parameter file, from 1.
        number: usize,
        /// The quantity compared.
        quantity: &'static str,
        /// Its value in the parameter file.
        found: f64,
        /// The element listed.
        element: String,
        /// Its value in the library.
        expected: f64,
        /// The order that fits.
        order: String,
    },
    /// A pair of elements has no reference structure.
    #[error(
        "lattce({first},{second}) is missing: the pair {names} needs a reference structure; supported: {supported}"
    )]
    PairLattice {
        /// Number of the first element.
        first: usize,
        /// Number of the second.
        second: usize,
        /// Their names.
        names: String,
        /// What is supported.
        supported: String,
    },
    /// A screening range is empty.
    #[error(
        "Cmin({i},{j},{k}) = {low} and Cmax({i},{j},{k}) = {high}: screening needs 0 <= Cmin < Cmax and Cmax > 1"
    )]
    Screening {
        /// First of the bond.
        i: usize,
        /// Second of the bond.
        j: usize,
        /// The screening one.
        k: usize,
        /// Cmin.
        low: f64,
        /// Cmax.
        high: f64,
    },
}

/// Why a model cannot be made for a system.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MeamError {
    /// A species has no parameters.
    #[error("the MEAM potential has no element {species}; it has {known}")]
    UnknownSpecies {
        /// The species' name.
        species: String,
        /// What the potential has.
        known: String,
    },
    /// The machine lacks the instructions.
    #[error(transparent)]
    Kernel(#[from] KernelUnavailable),
    /// No kernel evaluates this in mixed precision.
    #[error(
        "no MEAM kernel in mixed precision evaluates {species} elements by the {path} path; there are some \
         for up to 8 elements and all paths but `reference`"
    )]
    NoMixed {
        /// How many species the system has.
        species: usize,
        /// The path asked for.
        path: KernelPath,
    },
}

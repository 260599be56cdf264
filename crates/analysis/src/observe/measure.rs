//! What all measures have in common.

use super::scene::Scene;
use frit_io::{Column, Entry, TableColumn};

/// Why something cannot be observed.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// No neighbours can be found.
    #[error(transparent)]
    Neighbours(#[from] frit_atoms::NeighbourError),
    /// The atoms are not those of the first moment.
    #[error(
        "these are not the atoms of the first frame: {problem}; give frames of one run, in their order"
    )]
    OtherAtoms {
        /// What differs.
        problem: String,
    },
    /// A measure of two particles, without two.
    #[error(
        "`{name}` is measured between two particles, but the atoms belong to {found}; \
         particles are told apart by the column `particle` of a trajectory"
    )]
    NoPair {
        /// The measure.
        name: &'static str,
        /// How many particles there are.
        found: usize,
    },
    /// A parameter is out of its range.
    #[error("{what} is {found}; {needed}")]
    BadParameter {
        /// The parameter.
        what: &'static str,
        /// Its value.
        found: f64,
        /// What it must be.
        needed: &'static str,
    },
    /// A saved state cannot be read.
    #[error("the state of an observer cannot be saved or restored: {0}")]
    State(#[from] serde_json::Error),
}

/// Rows of a table.
pub type Rows = Vec<Vec<Entry>>;

/// Something that is measured of moments, one after the other.
pub trait Measure: std::fmt::Debug {
    /// Its name in decks, and of its table.
    fn name(&self) -> &'static str;

    /// The columns of its table, behind step and time.
    fn columns(&self) -> Vec<TableColumn>;

    /// How far it looks for neighbours [Å], if further than bonds.
    fn reach(&self) -> f64 {
        0.0
    }

    /// Whether it needs two particles.
    fn needs_pair(&self) -> bool {
        false
    }

    /// Looks at a moment at `time` [ps]; the rows that it adds to its table.
    ///
    /// # Errors
    /// The measure does not exist for such atoms.
    fn observe(&mut self, scene: &Scene<'_>, time: f64) -> Result<Rows, ObserveError>;

    /// Columns of a trajectory that it offers, atoms by ascending id; as they were at the last look
    /// where they tell of the past.
    fn atoms(&self, _scene: &Scene<'_>) -> Vec<Column> {
        Vec::new()
    }

    /// What it must remember to go on as if never interrupted; none of most.
    ///
    /// # Errors
    /// Numbers that JSON cannot hold.
    fn save(&self) -> Result<String, ObserveError> {
        Ok(String::from("null"))
    }

    /// Goes on from what was saved, to the bit.
    ///
    /// # Errors
    /// It was not saved by this measure.
    fn restore(&mut self, _saved: &str) -> Result<(), ObserveError> {
        Ok(())
    }
}

/// A column with a unit.
pub(crate) fn column(name: impl Into<String>, unit: &str) -> TableColumn {
    TableColumn::new(name, unit)
}

/// A count as an entry.
pub(crate) fn count(number: usize) -> Entry {
    Entry::Integer(number as i64)
}

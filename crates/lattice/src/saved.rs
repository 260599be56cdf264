//! The state of a simulation as plain arrays.

/// Why a state cannot be restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// An array is missing.
    #[error("the saved state has no array `{name}`")]
    Missing {
        /// Its name.
        name: String,
    },
    /// An array has another length.
    #[error("the saved array `{name}` has {found} numbers; this simulation has {expected}")]
    Length {
        /// Its name.
        name: String,
        /// The length found.
        found: usize,
        /// The length expected.
        expected: usize,
    },
    /// The arrays contradict each other, or the setup.
    #[error("the saved state does not fit this simulation: {reason}")]
    Contradiction {
        /// What contradicts.
        reason: String,
    },
}

/// The state of a simulation as named arrays, for checkpoints that keep every bit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SavedState {
    /// Whole numbers.
    pub integers: Vec<(String, Vec<u64>)>,
    /// Real numbers.
    pub reals: Vec<(String, Vec<f64>)>,
}

impl SavedState {
    pub(crate) fn put_integers(&mut self, name: &str, values: impl IntoIterator<Item = u64>) {
        self.integers
            .push((name.to_owned(), values.into_iter().collect()));
    }

    pub(crate) fn put_reals(&mut self, name: &str, values: impl IntoIterator<Item = f64>) {
        self.reals
            .push((name.to_owned(), values.into_iter().collect()));
    }

    /// The whole numbers of this name.
    ///
    /// # Errors
    /// If there are none.
    pub fn integers(&self, name: &str) -> Result<&[u64], RestoreError> {
        find(&self.integers, name)
    }

    /// The real numbers of this name.
    ///
    /// # Errors
    /// If there are none.
    pub fn reals(&self, name: &str) -> Result<&[f64], RestoreError> {
        find(&self.reals, name)
    }

    pub(crate) fn integers_of<const N: usize>(&self, name: &str) -> Result<[u64; N], RestoreError> {
        exactly(name, self.integers(name)?)
    }

    pub(crate) fn reals_of<const N: usize>(&self, name: &str) -> Result<[f64; N], RestoreError> {
        exactly(name, self.reals(name)?)
    }
}

fn find<'a, T>(arrays: &'a [(String, Vec<T>)], name: &str) -> Result<&'a [T], RestoreError> {
    arrays
        .iter()
        .find(|(found, _)| found == name)
        .map(|(_, values)| values.as_slice())
        .ok_or_else(|| RestoreError::Missing {
            name: name.to_owned(),
        })
}

fn exactly<T: Copy, const N: usize>(name: &str, values: &[T]) -> Result<[T; N], RestoreError> {
    values.try_into().map_err(|_| RestoreError::Length {
        name: name.to_owned(),
        found: values.len(),
        expected: N,
    })
}

pub(crate) fn contradiction(reason: impl Into<String>) -> RestoreError {
    RestoreError::Contradiction {
        reason: reason.into(),
    }
}

//! What can be wrong with the text of a quantity.

use std::ops::Range;

use thiserror::Error;

use crate::dimension::Dimension;

/// A text that is not the expected quantity: what is wrong, and where in the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct QuantityError {
    /// What is wrong.
    pub kind: QuantityErrorKind,
    /// The offending bytes of the text.
    pub span: Range<usize>,
}

/// What is wrong with the text of a quantity.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityErrorKind {
    /// Nothing, or only spaces.
    #[error("expected {expected}; found an empty text")]
    Empty {
        /// The expected kind with examples.
        expected: String,
    },
    /// The text does not begin with a number.
    #[error("expected {expected}; `{found}` does not begin with a number")]
    NoNumber {
        /// The expected kind with examples.
        expected: String,
        /// The text.
        found: String,
    },
    /// A decimal comma.
    #[error("`{found}` has a comma; the decimal sign is a point")]
    Comma {
        /// The text.
        found: String,
    },
    /// A number that no finite double can hold, or that would be rounded to zero.
    #[error("`{found}` is too large or too small a number")]
    OutOfRange {
        /// The text.
        found: String,
    },
    /// A number without unit where a unit is needed.
    #[error("expected {expected}; `{found}` has no unit")]
    NoUnit {
        /// The expected kind with examples.
        expected: String,
        /// The text.
        found: String,
    },
    /// The unit measures something else.
    #[error("expected {expected}; found {dimension}, `{found}`")]
    WrongDimension {
        /// The expected kind with examples.
        expected: String,
        /// What the text is.
        dimension: Dimension,
        /// The text.
        found: String,
    },
    /// A symbol that is no unit.
    #[error("`{symbol}` is not a known unit")]
    UnknownUnit {
        /// The symbol.
        symbol: String,
        /// Units that may have been meant, best first.
        suggestions: Vec<String>,
    },
    /// A unit that cannot be read.
    #[error("`{found}` is not a unit: {reason}")]
    Malformed {
        /// The text of the unit.
        found: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A degree Celsius multiplied, divided or raised.
    #[error("`°C` has its own zero and cannot be part of a compound unit")]
    CompoundCelsius,
}

impl QuantityError {
    /// The next step, where one can be named.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match &self.kind {
            QuantityErrorKind::UnknownUnit { suggestions, .. } if !suggestions.is_empty() => {
                let quoted: Vec<String> = suggestions
                    .iter()
                    .map(|symbol| format!("`{symbol}`"))
                    .collect();
                Some(format!("did you mean {}?", quoted.join(" or ")))
            }
            QuantityErrorKind::UnknownUnit { .. } => {
                Some("units are for example Å, nm, fs, ps, K, °C, eV, u, bar, GPa, 1/ps".to_owned())
            }
            QuantityErrorKind::Comma { found } => {
                Some(format!("write `{}`", found.replacen(',', ".", 1)))
            }
            QuantityErrorKind::WrongDimension {
                dimension,
                found,
                expected,
            } if *dimension == Dimension::CHARGE
                && found.ends_with('C')
                && expected.starts_with("a temperature") =>
            {
                Some("`C` is the coulomb; a degree Celsius is written `°C` or `degC`".to_owned())
            }
            QuantityErrorKind::CompoundCelsius => {
                Some("write `K`: a difference of 1 °C is 1 K".to_owned())
            }
            _ => None,
        }
    }
}

//! What is said of a frame as a whole.

use crate::numbers::parse_real;
use frit_atoms::Matrix;

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// True or false.
    Logical(bool),
    /// Text.
    Text(String),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Real numbers.
    Reals(Vec<f64>),
    /// True or false, several times.
    Logicals(Vec<bool>),
}

impl Value {
    /// The number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// All numbers, if there is nothing else.
    pub fn as_f64s(&self) -> Option<Vec<f64>> {
        match self {
            Self::Reals(values) => Some(values.clone()),
            Self::Integers(values) => Some(values.iter().map(|&value| value as f64).collect()),
            other => other.as_f64().map(|value| vec![value]),
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// One value from a word: whole number, real number, logical or text, whichever fits first.
    pub(crate) fn from_word(word: &str) -> Self {
        if let Ok(value) = word.parse() {
            Self::Integer(value)
        } else if let Some(value) = parse_real(word) {
            Self::Real(value)
        } else if let Some(value) = logical(word) {
            Self::Logical(value)
        } else {
            Self::Text(word.to_owned())
        }
    }

    /// Several values of one kind; `None` if the words are not all numbers or all logicals.
    pub(crate) fn from_words(words: &[&str]) -> Option<Self> {
        if words.is_empty() {
            return Some(Self::Reals(Vec::new()));
        }
        fn all<T>(words: &[&str], parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
            words.iter().map(|word| parse(word)).collect()
        }
        all(words, |word| word.parse().ok())
            .map(Self::Integers)
            .or_else(|| all(words, parse_real).map(Self::Reals))
            .or_else(|| all(words, logical).map(Self::Logicals))
    }
}

/// A logical as extended XYZ and Fortran write it.
pub(crate) fn logical(word: &str) -> Option<bool> {
    match word {
        "T" | "True" | "true" | "TRUE" | ".TRUE." | ".true." => Some(true),
        "F" | "False" | "false" | "FALSE" | ".FALSE." | ".false." => Some(false),
        _ => None,
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Logical(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<f64>> for Value {
    fn from(values: Vec<f64>) -> Self {
        Self::Reals(values)
    }
}

impl From<Matrix> for Value {
    /// Nine numbers, row by row.
    fn from(matrix: Matrix) -> Self {
        Self::Reals(matrix.transpose().iter().copied().collect())
    }
}

/// Named values in a fixed order; the comment line of an extended XYZ frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attributes(Vec<(String, Value)>);

impl Attributes {
    /// Adds a value, or replaces the one of this name where it stands.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(entry) => entry.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// All names and values in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// From entries whose names are known to differ.
    pub(crate) fn from_distinct(entries: Vec<(String, Value)>) -> Self {
        Self(entries)
    }
}

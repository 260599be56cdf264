//! How many atoms of each element.

use std::collections::BTreeMap;
use std::fmt;

use frit_atoms::{Element, element};

use super::FreeEnergyError;

/// Numbers of atoms that differ by less are equal: sums of fractions such as 1/3.
const EQUAL: f64 = 1e-9;

/// How many atoms of each element.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formula {
    counts: BTreeMap<String, f64>,
}

impl Formula {
    /// Reads symbols with numbers, such as `Fe24O32H2`.
    ///
    /// # Errors
    /// If it is nothing of that kind, or an element is unknown.
    pub fn parse(text: &str) -> Result<Self, FreeEnergyError> {
        let mut formula = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let symbol_end = rest
                .char_indices()
                .skip(1)
                .find(|(_, letter)| !letter.is_ascii_lowercase())
                .map_or(rest.len(), |(end, _)| end);
            let (symbol, after) = rest.split_at(symbol_end);
            let number_end = after
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(after.len());
            let (number, after) = after.split_at(number_end);
            let count = match number {
                "" => 1.0,
                digits => digits.parse().map_err(|_| FreeEnergyError::Formula {
                    text: text.to_owned(),
                })?,
            };
            element_of(symbol)?;
            formula.add(symbol, count);
            rest = after;
        }
        Ok(formula)
    }

    pub(crate) fn add(&mut self, symbol: &str, count: f64) {
        *self.counts.entry(symbol.to_owned()).or_default() += count;
    }

    pub(crate) fn add_times(&mut self, other: &Self, times: f64) {
        for (symbol, count) in &other.counts {
            self.add(symbol, times * count);
        }
    }

    /// Each element with its number of atoms.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, f64)> {
        self.counts
            .iter()
            .map(|(symbol, count)| (symbol.as_str(), *count))
    }

    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let count = |formula: &Self, symbol| formula.counts.get(symbol).copied().unwrap_or(0.0);
        let symbols = self.counts.keys().chain(other.counts.keys());
        symbols
            .into_iter()
            .all(|symbol| (count(self, symbol) - count(other, symbol)).abs() < EQUAL)
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (symbol, count) in self.counts.iter().filter(|(_, count)| count.abs() > EQUAL) {
            if (count - 1.0).abs() < EQUAL {
                write!(f, "{symbol}")?;
            } else {
                write!(f, "{symbol}{count}")?;
            }
        }
        Ok(())
    }
}

pub(crate) fn element_of(symbol: &str) -> Result<&'static Element, FreeEnergyError> {
    element(symbol).ok_or_else(|| FreeEnergyError::Element {
        symbol: symbol.to_owned(),
    })
}

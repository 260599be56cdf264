//! Numbers in messages: short, whatever went wrong.

use std::fmt;

/// A number with six decimals, in scientific notation where that would be long or show nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

/// Magnitudes that are written without an exponent.
const PLAIN: std::ops::Range<f64> = 1e-3..1e7;

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        if value == 0.0 || !value.is_finite() || PLAIN.contains(&value.abs()) {
            write!(formatter, "{value:.6}")
        } else {
            write!(formatter, "{value:.6e}")
        }
    }
}

/// A number as short as six significant digits allow: 0.3, not 0.30000000000000004.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Short(pub(crate) f64);

impl fmt::Display for Short {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        let rounded = format!("{value:.5e}").parse().unwrap_or(value);
        if rounded == 0.0 || !f64::is_finite(rounded) || PLAIN.contains(&rounded.abs()) {
            write!(formatter, "{rounded}")
        } else {
            write!(formatter, "{rounded:e}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_written_as_they_were_meant() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (0.0, "0"),
            (-2.0, "-2"),
            (1.0 / 3.0, "0.333333"),
            (-1e-300, "-1e-300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(Short(value).to_string(), text);
        }
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0.000000"),
            (-1.5, "-1.500000"),
            (1e300, "1.000000e300"),
            (-2.5e-9, "-2.500000e-9"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(Number(value).to_string(), text);
        }
    }
}

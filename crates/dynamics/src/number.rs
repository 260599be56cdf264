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

#[cfg(test)]
mod tests {
    use super::*;

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

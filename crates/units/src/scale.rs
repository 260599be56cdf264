//! The size of a unit, kept so that decimal conversions do not round.

/// Size of a unit in SI base units: `mantissa` × 10^`exponent`.
///
/// Powers of ten are kept apart because they are exact: 2 fs become the double nearest to
/// 0.002 ps, and 31 Å stay 31, without a detour through the rounded 31e-10 m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    mantissa: f64,
    exponent: i32,
}

impl Scale {
    pub(crate) const ONE: Self = Self::new(1.0, 0);

    pub(crate) const fn new(mantissa: f64, exponent: i32) -> Self {
        Self { mantissa, exponent }
    }

    pub(crate) fn times(self, other: Self) -> Self {
        Self::new(
            self.mantissa * other.mantissa,
            self.exponent + other.exponent,
        )
    }

    pub(crate) fn power(self, exponent: i32) -> Self {
        let mantissa = if exponent < 0 {
            1.0 / self.mantissa.powi(-exponent)
        } else {
            self.mantissa.powi(exponent)
        };
        Self::new(mantissa, self.exponent * exponent)
    }

    /// The number that, times `target`, is `value` times this scale; it may overflow.
    pub(crate) fn convert(self, value: f64, target: Self) -> f64 {
        let value = value * (self.mantissa / target.mantissa);
        let shift = self.exponent - target.exponent;
        // Positive powers up to 10^22 are exact doubles, negative ones are not: divide by them.
        if shift < 0 {
            value / 10f64.powi(-shift)
        } else {
            value * 10f64.powi(shift)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_conversions_are_the_nearest_double() {
        let femto = Scale::new(1.0, -15);
        let pico = Scale::new(1.0, -12);
        assert_eq!(femto.convert(2.0, pico), 0.002);
        assert_eq!(femto.convert(0.3, femto), 0.3);
        assert_eq!(pico.convert(465.0, femto), 465_000.0);
    }
}

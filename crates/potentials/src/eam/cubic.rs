//! The cubic interpolation of DYNAMO, which LAMMPS uses for EAM tables.
//!
//! Piecewise cubic Hermite polynomials whose slopes at the knots come from five points,
//! s_k = [8 (v_{k+1} − v_{k−1}) − (v_{k+2} − v_{k−2})] / 12, next to an end from three, at an end from two.
//! Value and slope are continuous; the slope is the exact derivative of the value.

/// Coefficients c₀ … c₃ of the polynomial in p from one knot (p = 0) to the next (p = 1).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[repr(C, align(32))]
pub(super) struct Knot(pub(super) [f64; 4]);

/// The polynomials of a table; the last has only value and slope.
///
/// The table has at least five values.
pub(super) fn knots(values: &[f64]) -> Vec<Knot> {
    let last = values.len() - 1;
    let slope = |k: usize| {
        if k == 0 {
            values[1] - values[0]
        } else if k == last {
            values[k] - values[k - 1]
        } else if k == 1 || k == last - 1 {
            0.5 * (values[k + 1] - values[k - 1])
        } else {
            ((values[k - 2] - values[k + 2]) + 8.0 * (values[k + 1] - values[k - 1])) / 12.0
        }
    };
    let mut knots = Vec::with_capacity(values.len());
    for k in 0..last {
        let rise = values[k + 1] - values[k];
        let (here, next) = (slope(k), slope(k + 1));
        knots.push(Knot([
            values[k],
            here,
            3.0 * rise - 2.0 * here - next,
            here + next - 2.0 * rise,
        ]));
    }
    knots.push(Knot([values[last], slope(last), 0.0, 0.0]));
    knots
}

/// Where in a table a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Number of the knot below.
    pub(super) knot: usize,
    /// The way to the next knot, from 0 to 1; less than 0 below the table.
    pub(super) fraction: f64,
}

impl Place {
    /// The place in a table of `points` values; beyond its end the last knot.
    #[inline(always)]
    pub(super) fn of(argument: f64, inverse_step: f64, points: usize) -> Self {
        let place = argument * inverse_step;
        // The conversion saturates: numbers below the table give its first knot.
        let knot = (place as usize).min(points - 2);
        Self {
            knot,
            fraction: (place - knot as f64).min(1.0),
        }
    }
}

impl Knot {
    /// The value at a fraction of the way to the next knot.
    #[inline(always)]
    pub(super) fn value(&self, p: f64) -> f64 {
        let [c0, c1, c2, c3] = self.0;
        ((c3 * p + c2) * p + c1) * p + c0
    }

    /// The derivative by the fraction.
    #[inline(always)]
    pub(super) fn slope(&self, p: f64) -> f64 {
        let [_, c1, c2, c3] = self.0;
        (3.0 * c3 * p + 2.0 * c2) * p + c1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quadratics_are_reproduced_inside() {
        let function = |x: f64| 2.0 - 3.0 * x + 0.5 * x * x;
        let values: Vec<f64> = (0..12).map(|k| function(f64::from(k) * 0.5)).collect();
        let knots = knots(&values);
        for x in [1.0, 1.3, 2.77, 4.0, 4.49] {
            let place = Place::of(x, 2.0, 12);
            let knot = knots[place.knot];
            assert!((knot.value(place.fraction) - function(x)).abs() < 1e-14);
            assert!((knot.slope(place.fraction) * 2.0 - (x - 3.0)).abs() < 1e-13);
        }
    }

    #[test]
    fn value_and_slope_are_continuous() {
        let values: Vec<f64> = (0..9).map(|k| f64::from(k * k * k % 7)).collect();
        let knots = knots(&values);
        for pair in knots.windows(2) {
            assert!((pair[0].value(1.0) - pair[1].value(0.0)).abs() < 1e-14);
            assert!((pair[0].slope(1.0) - pair[1].slope(0.0)).abs() < 1e-13);
        }
    }

    #[test]
    fn beyond_the_end_the_last_value_stays() {
        let place = Place::of(100.0, 1.0, 9);
        assert_eq!((place.knot, place.fraction), (7, 1.0));
        let place = Place::of(-0.5, 1.0, 9);
        assert_eq!((place.knot, place.fraction), (0, -0.5));
    }
}

//! A function on an equidistant grid, joined by cubics: value and slope are continuous.

/// A table from 0 with equal steps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CubicTable {
    /// Steps per Å.
    pub(super) inverse_step: f64,
    /// For each interval c0 to c3 of c0 + c1 p + c2 p² + c3 p³, with p from 0 to 1.
    pub(super) coefficients: Vec<[f64; 4]>,
}

impl CubicTable {
    /// Cubics through `values` at 0, `step`, 2 `step`, ... (at least 5 of them).
    ///
    /// Slopes are five-point differences inside, as the DYNAMO family of codes takes them, so that
    /// a table of the same points agrees with theirs to rounding.
    pub(super) fn new(values: &[f64], step: f64) -> Self {
        let slopes = slopes(values);
        let coefficients = (0..values.len() - 1)
            .map(|k| {
                let rise = values[k + 1] - values[k];
                [
                    values[k],
                    slopes[k],
                    3.0 * rise - 2.0 * slopes[k] - slopes[k + 1],
                    slopes[k] + slopes[k + 1] - 2.0 * rise,
                ]
            })
            .collect();
        Self {
            inverse_step: 1.0 / step,
            coefficients,
        }
    }

    /// Value and derivative by x at `x` >= 0; beyond the end the last cubic's end value.
    #[inline]
    pub(super) fn at(&self, x: f64) -> (f64, f64) {
        let place = x * self.inverse_step;
        let interval = (place as usize).min(self.coefficients.len() - 1);
        let p = (place - interval as f64).min(1.0);
        let [c0, c1, c2, c3] = self.coefficients[interval];
        let value = ((c3 * p + c2) * p + c1) * p + c0;
        let slope = (3.0 * c3 * p + 2.0 * c2) * p + c1;
        (value, slope * self.inverse_step)
    }
}

/// Slopes per step.
fn slopes(values: &[f64]) -> Vec<f64> {
    let last = values.len() - 1;
    (0..=last)
        .map(|k| match k {
            0 => values[1] - values[0],
            _ if k == last => values[last] - values[last - 1],
            _ if k == 1 || k == last - 1 => 0.5 * (values[k + 1] - values[k - 1]),
            _ => (values[k - 2] - values[k + 2] + 8.0 * (values[k + 1] - values[k - 1])) / 12.0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cubics_are_exact_inside() {
        let function = |x: f64| 1.0 - 2.0 * x + 0.5 * x * x * x;
        let values: Vec<f64> = (0..=40).map(|k| function(0.1 * f64::from(k))).collect();
        let table = CubicTable::new(&values, 0.1);
        for x in [0.35, 1.0, 2.222, 3.7] {
            let (value, slope) = table.at(x);
            // Rounding of sums of order 10.
            assert!((value - function(x)).abs() < 1e-12);
            assert!((slope - (-2.0 + 1.5 * x * x)).abs() < 1e-11);
        }
    }
}

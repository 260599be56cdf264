//! Derivatives by central differences, with the step chosen from the noise of the function.

/// A derivative with the error of the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Derivative {
    /// The estimate.
    pub(super) value: f64,
    /// How far it may be off.
    pub(super) uncertainty: f64,
}

/// The derivative at zero of a function that varies over lengths of `scale`.
///
/// The noise is estimated from fourth differences over a distance on which the function itself has
/// none (J. J. Moré, S. M. Wild, SIAM J. Sci. Comput. 33, 1292 (2011), doi:10.1137/100786125). The
/// step balances it against the third derivative; halving it twice tells how good the balance is.
pub(super) fn derivative<E>(
    mut function: impl FnMut(f64) -> Result<f64, E>,
    scale: f64,
) -> Result<Derivative, E> {
    let noise = noise(&mut function, 1e-8 * scale)?;
    let coarse = 1e-2 * scale;
    let third = (function(2.0 * coarse)? - 2.0 * function(coarse)? + 2.0 * function(-coarse)?
        - function(-2.0 * coarse)?)
        / (2.0 * coarse * coarse * coarse);
    let balanced = (3.0 * noise / third.abs().max(f64::MIN_POSITIVE)).cbrt();
    let step = balanced.clamp(2e-5 * scale, 2e-3 * scale);
    let mut differences = [0.0; 3];
    for (difference, share) in differences.iter_mut().zip([1.0, 0.5, 0.25]) {
        let part = share * step;
        *difference = (function(part)? - function(-part)?) / (2.0 * part);
    }
    let [wide, middle, narrow] = differences;
    let spread = (wide - middle).abs().max((middle - narrow).abs());
    // While the third derivative is smooth, the narrow difference is off by a third of its distance
    // from the middle one. The knots of a table make it as much as that distance; several knots may
    // partly cancel in one difference, hence the larger of two, twice. The noise of two values over
    // their distance is 2.8 noise / step; four such errors are never met by chance.
    Ok(Derivative {
        value: narrow,
        uncertainty: 2.0 * spread + 4.0 * 2.83 * noise / step,
    })
}

/// Standard deviation of the rounding noise of a function's values near zero.
fn noise<E>(function: &mut impl FnMut(f64) -> Result<f64, E>, spacing: f64) -> Result<f64, E> {
    const BINOMIALS: [f64; 5] = [1.0, -4.0, 6.0, -4.0, 1.0];
    /// Sum of the squares of the binomials.
    const GAIN: f64 = 70.0;
    let mut values = [0.0; 9];
    for (k, value) in values.iter_mut().enumerate() {
        *value = function((k as f64 - 4.0) * spacing)?;
    }
    let differences = values.windows(5).map(|window| {
        let difference: f64 = window.iter().zip(BINOMIALS).map(|(v, b)| v * b).sum();
        difference * difference
    });
    let measured = (differences.sum::<f64>() / (5.0 * GAIN)).sqrt();
    // Values that happen to be equal still carry the rounding of the last place.
    let largest = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    Ok(measured.max(largest * f64::EPSILON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uncertainty_covers_the_error_and_is_small() {
        for (amplitude, offset) in [(1.0, 0.0), (3.0, -600.0), (1e-3, 1e4)] {
            let function = |x: f64| Ok::<f64, ()>(offset + amplitude * (3.0 * x + 0.4).sin());
            let estimate = derivative(function, 1.0).unwrap();
            let error = (estimate.value - amplitude * 3.0 * 0.4_f64.cos()).abs();
            assert!(error <= estimate.uncertainty, "{error} {estimate:?}");
            assert!(estimate.uncertainty < 1e-5, "{estimate:?}");
        }
    }
}

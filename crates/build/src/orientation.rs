//! How a body has turned: the rotation that fits it best to what it was.

use frit_atoms::{Matrix, Vector};

/// How a body lies relative to a reference: now ≈ centre + scale · rotation⁻¹ · (reference − its centre).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orientation {
    /// The rotation that turns the body back into the orientation of the reference.
    pub rotation: Matrix,
    /// Angle of that rotation [rad].
    pub angle: f64,
    /// Uniform expansion relative to the reference.
    pub scale: f64,
    /// Root mean square distance [Å] of the points from the turned and expanded reference.
    pub deviation: f64,
}

/// Fits the orientation of the points `now` to the same points in `reference` [Å].
///
/// With A = Σ (now − mean)(reference − mean)ᵀ = U S Vᵀ, the best rotation back is V D Uᵀ, where D
/// is the unit matrix, but with a sign that makes the determinant positive (Kabsch 1976,
/// doi:10.1107/S0567739476001873), and the best scale is tr(S D) / Σ |reference − mean|² (Umeyama
/// 1991, doi:10.1109/34.88573). Fewer than three points, or points on a line, leave the rotation
/// about it undetermined; then some best rotation is returned.
pub fn fit_orientation(reference: &[Vector], now: &[Vector]) -> Orientation {
    debug_assert_eq!(reference.len(), now.len());
    let mean_reference = mean(reference);
    let mean_now = mean(now);
    let mut covariance = Matrix::zeros();
    let mut spread = 0.0;
    for (then, here) in reference.iter().zip(now) {
        let then = then - mean_reference;
        covariance += (here - mean_now) * then.transpose();
        spread += then.norm_squared();
    }
    let svd = covariance.svd(true, true);
    let (Some(u), Some(v_transposed)) = (svd.u, svd.v_t) else {
        unreachable!("both factors were asked for");
    };
    let mut signs = Vector::repeat(1.0);
    if (u * v_transposed).determinant() < 0.0 {
        // Singular values descend: the reflection costs least in the last direction.
        signs.z = -1.0;
    }
    let rotation = v_transposed.transpose() * Matrix::from_diagonal(&signs) * u.transpose();
    let scale = if spread > 0.0 {
        svd.singular_values.dot(&signs) / spread
    } else {
        1.0
    };
    let squares: f64 = reference
        .iter()
        .zip(now)
        .map(|(then, here)| {
            (rotation * (here - mean_now) - scale * (then - mean_reference)).norm_squared()
        })
        .sum();
    Orientation {
        rotation,
        angle: angle(&rotation),
        scale,
        deviation: (squares / reference.len().max(1) as f64).sqrt(),
    }
}

fn mean(points: &[Vector]) -> Vector {
    points.iter().sum::<Vector>() / points.len().max(1) as f64
}

/// Angle of a rotation [rad], exact to rounding for small angles too.
fn angle(rotation: &Matrix) -> f64 {
    let skew = rotation - rotation.transpose();
    let twice_sine = Vector::new(skew[(2, 1)], skew[(0, 2)], skew[(1, 0)]).norm();
    twice_sine.atan2(rotation.trace() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_engine::random::{Purpose, Streams};
    use nalgebra::Rotation3;
    use proptest::prelude::*;

    fn cloud(seed: u64) -> Vec<Vector> {
        let mut stream = Streams::new(seed).stream(Purpose::Test, 0, 0);
        (0..40)
            .map(|_| Vector::from_fn(|_, _| 10.0 * stream.normal()))
            .collect()
    }

    proptest! {
        #[test]
        fn rotation_expansion_and_shift_are_recovered(
            seed in 0_u64..100,
            x in -1.7..1.7_f64, y in -1.7..1.7_f64, z in -1.7..1.7_f64,
            scale in 0.9..1.1_f64,
        ) {
            let reference = cloud(seed);
            let turn = Rotation3::new(Vector::new(x, y, z));
            let shift = Vector::new(3.0, -2.0, 1.0);
            let now: Vec<Vector> = reference.iter().map(|r| scale * (turn * r) + shift).collect();
            let fit = fit_orientation(&reference, &now);
            // Rounding of 40 points of size 10 Å, amplified by nothing worse than their spread.
            prop_assert!((fit.rotation - turn.inverse().matrix()).norm() < 1e-12);
            prop_assert!((fit.angle - turn.angle()).abs() < 1e-12);
            prop_assert!((fit.scale - scale).abs() < 1e-12);
            prop_assert!(fit.deviation < 1e-12);
        }
    }

    #[test]
    fn noise_neither_turns_nor_mirrors() {
        let reference = cloud(7);
        let mut stream = Streams::new(8).stream(Purpose::Test, 0, 0);
        let sigma = 0.1;
        let now: Vec<Vector> = reference
            .iter()
            .map(|r| r + Vector::from_fn(|_, _| sigma * stream.normal()))
            .collect();
        let fit = fit_orientation(&reference, &now);
        assert!((fit.rotation.determinant() - 1.0).abs() < 1e-12);
        // Standard error of an angle: σ / (spread · √n) = 0.1 / (10 √2 · √40) ≈ 0.0011; four of them.
        assert!(fit.angle < 0.0045, "{}", fit.angle);
        assert!((fit.deviation / (3.0_f64.sqrt() * sigma) - 1.0).abs() < 0.25);
    }
}

//! Rotations: the best between two sets of points, and their angles.

use frit_atoms::{Matrix, Vector};

/// The rotation R that brings points `from` nearest to points `to`, both about the origin: it
/// minimises Σ |R a - b|².
///
/// Kabsch, Acta Cryst. A 32, 922 (1976), doi:10.1107/S0567739476001873: with the singular value
/// decomposition of Σ b aᵀ = U S Vᵀ, R = U diag(1, 1, det U Vᵀ) Vᵀ.
pub fn best_rotation(pairs: impl IntoIterator<Item = (Vector, Vector)>) -> Matrix {
    let covariance = (pairs.into_iter()).fold(Matrix::zeros(), |sum, (from, to)| {
        sum + to * from.transpose()
    });
    let decomposed = covariance.svd(true, true);
    let (Some(u), Some(v)) = (decomposed.u, decomposed.v_t) else {
        return Matrix::identity();
    };
    let sign = (u * v).determinant().signum();
    // The smallest singular value's direction is the one that may be turned over.
    let least = decomposed.singular_values.imin();
    let mut flip = Vector::repeat(1.0);
    flip[least] = sign;
    u * Matrix::from_diagonal(&flip) * v
}

/// Angle [rad] of a rotation, from 0 to π.
pub fn angle(rotation: &Matrix) -> f64 {
    // The sine comes from the skew part: the cosine alone loses small angles.
    let skew = skew(rotation);
    (0.5 * skew.norm()).atan2(0.5 * (rotation.trace() - 1.0))
}

/// Axis and angle [rad] of a rotation; the axis is zero if there is no rotation.
pub fn axis_angle(rotation: &Matrix) -> (Vector, f64) {
    let skew = skew(rotation);
    let axis = skew.try_normalize(f64::EPSILON).unwrap_or_default();
    (axis, angle(rotation))
}

fn skew(r: &Matrix) -> Vector {
    Vector::new(
        r[(2, 1)] - r[(1, 2)],
        r[(0, 2)] - r[(2, 0)],
        r[(1, 0)] - r[(0, 1)],
    )
}

/// The smallest angle [rad] by which one cubic crystal must be turned to have the orientation of
/// another: the least over the 24 proper rotations of the cube (Mackenzie, Biometrika 45, 229
/// (1958), doi:10.1093/biomet/45.1-2.229); at most 62.8°.
///
/// The columns of the two matrices are the cubic axes.
pub fn misorientation(first: &Matrix, second: &Matrix) -> f64 {
    let between = first.transpose() * second;
    cubic_rotations()
        .into_iter()
        .map(|symmetry| angle(&(between * symmetry)))
        .fold(f64::INFINITY, f64::min)
}

/// The 24 proper rotations of the cube.
pub fn cubic_rotations() -> Vec<Matrix> {
    let mut all = Vec::with_capacity(24);
    for [a, b, c] in [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
        [0, 2, 1],
        [2, 1, 0],
        [1, 0, 2],
    ] {
        for signs in 0..8 {
            let sign = |bit: i32| if signs >> bit & 1 == 0 { 1.0 } else { -1.0 };
            let mut matrix = Matrix::zeros();
            matrix[(a, 0)] = sign(0);
            matrix[(b, 1)] = sign(1);
            matrix[(c, 2)] = sign(2);
            if matrix.determinant() > 0.0 {
                all.push(matrix);
            }
        }
    }
    all
}

//! Rows 1 and 2: meshes and the Laplace-Beltrami operator.

use frit_migration::Mesh;
use nalgebra::{Matrix3, Vector3};

use crate::common::{close, field};

/// Rounding in sums over thousands of vertices.
const ROUNDING: f64 = 1e-12;

#[test]
fn row_1_areas_and_normals_close_the_sphere() {
    for (subdivisions, vertices) in [(0, 12), (1, 42), (2, 162), (3, 642), (4, 2562)] {
        let mesh = Mesh::icosphere(subdivisions);
        assert_eq!(mesh.vertices(), vertices);
        assert_eq!(mesh.faces().len(), 2 * vertices - 4);
        let (mut sum, mut tensor) = (Vector3::zeros(), Matrix3::zeros());
        for (normal, &area) in mesh.normals().iter().zip(mesh.areas()) {
            sum += area * normal;
            tensor += area * normal * normal.transpose();
        }
        let sphere = 4.0 * std::f64::consts::PI;
        assert!(sum.amax() < ROUNDING * sphere, "{sum}");
        let error = tensor - Matrix3::identity() * (sphere / 3.0);
        assert!(error.amax() < ROUNDING * sphere, "{error}");
        for face in mesh.faces() {
            let [a, b, c] = face.map(|vertex| mesh.normals()[vertex as usize]);
            assert!((b - a).cross(&(c - a)).dot(&a) > 0.0);
        }
    }
}

fn rayleigh(mesh: &Mesh, harmonic: fn(&Vector3<f64>) -> f64) -> f64 {
    let values = field(mesh, harmonic);
    let mut image = vec![0.0; values.len()];
    mesh.laplacian(&values, &mut image);
    let weigh = |other: &[f64]| -> f64 {
        let terms = mesh.areas().iter().zip(values.iter().zip(other));
        terms.map(|(area, (a, b))| area * a * b).sum()
    };
    weigh(&image) / weigh(&values)
}

#[test]
fn row_2_the_laplacian_converges_to_that_of_spherical_harmonics() {
    type Harmonic = fn(&Vector3<f64>) -> f64;
    let harmonics: [(Harmonic, f64, [f64; 3]); 3] = [
        (|n| n.z, -2.0, [0.02, 0.005, 0.0012]),
        (|n| 3.0 * n.z * n.z - 1.0, -6.0, [0.041, 0.011, 0.0027]),
        (|n| n.x * n.y, -6.0, [0.041, 0.011, 0.0027]),
    ];
    for (harmonic, exact, limits) in harmonics {
        let errors: Vec<f64> = limits
            .iter()
            .zip(2..)
            .map(|(&limit, subdivisions)| {
                let found = rayleigh(&Mesh::icosphere(subdivisions), harmonic);
                close("Rayleigh quotient", found, exact, limit);
                (found / exact - 1.0).abs()
            })
            .collect();
        // Second order: a quarter of the error with half of the spacing.
        for pair in errors.windows(2) {
            close("ratio of the errors", pair[0] / pair[1], 4.0, 0.1);
        }
    }
}

#[test]
fn a_constant_does_not_diffuse_and_diffusion_keeps_the_mean() {
    let mesh = Mesh::icosphere(2);
    let mut image = vec![1.0; mesh.vertices()];
    mesh.laplacian(&vec![0.7; mesh.vertices()], &mut image);
    assert!(image.iter().all(|&value| value == 0.0));
    let values = field(&mesh, |n| (5.0 * n.x + n.y).sin());
    mesh.laplacian(&values, &mut image);
    let change: f64 = mesh.areas().iter().zip(&image).map(|(a, l)| a * l).sum();
    assert!(change.abs() < ROUNDING * 100.0, "{change}");
}

#[test]
fn the_spectral_bound_is_above_the_largest_eigenvalue() {
    for (subdivisions, largest) in [(2, 76.8), (3, 322.0)] {
        let bound = Mesh::icosphere(subdivisions).spectral_bound();
        assert!(bound > largest && bound < 1.6 * largest, "{bound}");
    }
}

//! Helpers.

use frit_engine::Engine;
use frit_migration::parameters::{ChemicalNoise, Rotation};
use frit_migration::{Mesh, Parameters, Particle, Simulation};
use nalgebra::Vector3;

pub(crate) const NANOMETRE: f64 = 1e-9;

/// Holds `found` to `expected` within a share of it.
#[track_caller]
pub(crate) fn close(what: &str, found: f64, expected: f64, relative: f64) {
    let error = (found / expected - 1.0).abs();
    println!("{what}: {found:.6e}, expected {expected:.6e}, off by {error:.1e} of {relative:.1e}");
    assert!(
        error <= relative,
        "{what}: found {found}, expected {expected}, relative error {error:.2e} above {relative:.1e}"
    );
}

/// Parameters without noise, rotation and force.
pub(crate) fn quiet() -> Parameters {
    let mut parameters = Parameters::default();
    parameters.noise = ChemicalNoise::Off;
    parameters.motion.rotation = Rotation::Fixed;
    parameters.drive.gain = 0.0;
    parameters
}

/// A field from a function of the normal.
pub(crate) fn field(mesh: &Mesh, value: impl Fn(&Vector3<f64>) -> f64) -> Vec<f64> {
    mesh.normals().iter().map(value).collect()
}

/// One particle of 10 nm with u = s and z from functions of the normal.
pub(crate) fn single(
    parameters: Parameters,
    copper: impl Fn(&Vector3<f64>) -> f64,
    activity: impl Fn(&Vector3<f64>) -> f64,
) -> Simulation {
    let mesh = Mesh::icosphere(parameters.numerics.subdivisions);
    let particle = Particle {
        radius: 10.0 * NANOMETRE,
        position: [0.0; 2],
        copper: field(&mesh, &copper),
        promoter: field(&mesh, &copper),
        activity: field(&mesh, activity),
    };
    Simulation::with_particles(parameters, &[particle], 1).unwrap()
}

pub(crate) fn steps(simulation: &mut Simulation, count: u64) {
    for _ in 0..count {
        simulation.advance(()).unwrap();
    }
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub(crate) fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - middle).powi(2)).collect();
    mean(&squares).sqrt()
}

/// Slope of the least-squares line.
pub(crate) fn slope(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    let above: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let below: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
    above / below
}

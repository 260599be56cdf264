//! Rows 14 to 18: Brownian motion.

use frit_engine::Engine;
use frit_engine::random::{Purpose, Stream, Streams};
use frit_migration::motion::{
    Brownian, diffusivity, frame_speed_exceedance, mean_frame_speed, rotate,
};
use frit_migration::parameters::{Imaging, Inertia, Rotation};
use frit_migration::speeds::{Frames, share_above};
use frit_migration::{Parameters, Simulation};
use nalgebra::{UnitQuaternion, Vector3};

use crate::common::{NANOMETRE, close, mean, quiet, steps};

const KT: f64 = 1.380_649e-23 * 773.15;

/// D of a particle of 10 nm at 773.15 K [m²/s].
const D: f64 = 0.06e-18;

/// Walkers of 10 nm on 12 vertices: the field costs little and pushes nothing.
fn walkers(count: usize, change: impl Fn(&mut Parameters)) -> Simulation {
    let mut parameters = quiet();
    parameters.numerics.subdivisions = 0;
    parameters.sizes.deviation = 0.0;
    change(&mut parameters);
    Simulation::new(parameters, count, 3).unwrap()
}

fn mean_square(simulation: &Simulation) -> f64 {
    let squares = simulation
        .particles()
        .position()
        .iter()
        .map(|[x, y]| x * x + y * y);
    squares.sum::<f64>() / simulation.particles().len() as f64
}

#[test]
fn row_14_particles_without_force_diffuse() {
    const COUNT: usize = 4000;
    let mut simulation = walkers(COUNT, |_| {});
    steps(&mut simulation, 100);
    let expected = 4.0 * D * simulation.clock().time;
    let sigma = 1.0 / (COUNT as f64).sqrt();
    close(
        "mean square displacement",
        mean_square(&simulation),
        expected,
        3.0 * sigma,
    );
    let motion = Parameters::default().motion;
    close("D", diffusivity(&motion, 10e-9, 773.15, 773.15), D, 1e-12);
    close(
        "D ~ R^-4",
        diffusivity(&motion, 20e-9, 773.15, 773.15),
        D / 16.0,
        1e-12,
    );
}

/// Speeds in frames 0.04 s apart.
fn frame_speeds(mut simulation: Simulation, frames: usize, localisation: f64) -> Vec<f64> {
    let mut observer = Frames::new(
        &Imaging {
            localisation,
            ..Parameters::default().imaging
        },
        Streams::new(8),
    );
    let mut speeds = observer.take(simulation.particles());
    assert!(speeds.is_empty());
    for _ in 0..frames {
        steps(&mut simulation, 20);
        speeds.extend(observer.take(simulation.particles()));
    }
    speeds
}

#[track_caller]
fn binomial(speeds: &[f64], threshold: f64, expected: f64) {
    let found = share_above(speeds, threshold);
    let sigma = (expected * (1.0 - expected) / speeds.len() as f64).sqrt();
    assert!(
        (found - expected).abs() < 3.0 * sigma,
        "{found} {expected} ± {sigma}"
    );
}

#[test]
fn row_15_frame_speeds_follow_their_laws() {
    const COUNT: usize = 2000;
    let speeds = frame_speeds(walkers(COUNT, |_| {}), 10, 0.0);
    assert_eq!(speeds.len(), 10 * COUNT);
    // The deviation of a Rayleigh variable is 0.52 of its mean.
    let sigma = 0.5227 / (speeds.len() as f64).sqrt();
    close(
        "mean speed",
        mean(&speeds),
        mean_frame_speed(D, 0.04),
        3.0 * sigma,
    );
    let threshold = 5.0 * NANOMETRE;
    let law = (-threshold * threshold * 0.04 / (4.0 * D)).exp();
    close(
        "Marcum without drift",
        frame_speed_exceedance(0.0, D, 0.04, threshold),
        law,
        1e-12,
    );
    binomial(&speeds, threshold, law);

    let drift = 8.0 * NANOMETRE;
    let law = frame_speed_exceedance(drift, D, 0.04, 10.0 * NANOMETRE);
    assert!((law - 0.1451).abs() < 1e-4, "{law}");
    let force = drift * KT / D;
    let pushed = walkers(COUNT, |p| p.drive.external = [0.6 * force, 0.8 * force]);
    binomial(&frame_speeds(pushed, 10, 0.0), 10.0 * NANOMETRE, law);
}

#[test]
fn errors_of_localisation_add_their_variance() {
    const ERROR: f64 = 0.1 * NANOMETRE;
    let speeds = frame_speeds(walkers(2000, |_| {}), 10, ERROR);
    // Each component of a displacement has 2 D τ + 2 σ².
    let effective = D + ERROR * ERROR / 0.04;
    // Errors of a frame enter two speeds, so they are not quite independent: four sigmas.
    let sigma = 0.5227 / (speeds.len() as f64).sqrt();
    close(
        "mean speed",
        mean(&speeds),
        mean_frame_speed(effective, 0.04),
        4.0 * sigma,
    );
}

#[test]
fn row_16_underdamped_particles_are_thermal_at_any_step() {
    const COUNT: u64 = 12_000;
    const MASS: f64 = 3.75e-20;
    let (relaxation, streams) = (MASS * D / KT, Streams::new(4));
    let thermal_speed = (KT / MASS).sqrt();
    for (case, (ratio, count)) in [(0.01, 400), (0.1, 100), (1.0, 50), (10.0, 50), (100.0, 50)]
        .into_iter()
        .enumerate()
    {
        let brownian = Brownian::underdamped(D, KT, MASS, ratio * relaxation);
        let (mut kinetic, mut spread) = (0.0, 0.0);
        for particle in 0..COUNT {
            let mut stream = streams.stream(Purpose::Test, case as u64, particle);
            for start in stream.normal_pair() {
                let (mut x, mut v) = (0.0, thermal_speed * start);
                for _ in 0..count {
                    brownian.advance(&mut x, &mut v, 0.0, stream.normal_pair());
                    kinetic += v * v;
                }
                spread += x * x;
            }
        }
        let samples = 2.0 * COUNT as f64;
        let found = kinetic / (samples * f64::from(count));
        close("<v²>", found, KT / MASS, 0.01);
        let t = f64::from(count) * ratio;
        let theory = 2.0 * D * relaxation * (t - 1.0 + (-t).exp());
        close("MSD of one component", spread / samples, theory, 0.03);
    }
}

#[test]
fn underdamped_particles_with_little_mass_move_as_without() {
    // The same noise gives nearly the same path if the first normal number moves x as well.
    let step = 1e-3;
    let run = |brownian: Brownian, seed| {
        let (mut square, streams) = (0.0, Streams::new(seed));
        for particle in 0..20_000 {
            let mut stream = streams.stream(Purpose::Test, 9, particle);
            let (mut x, mut v) = (0.0, 0.0);
            for _ in 0..20 {
                brownian.advance(&mut x, &mut v, 0.0, stream.normal_pair());
            }
            square += x * x / 20_000.0;
        }
        square
    };
    let light = run(Brownian::underdamped(D, KT, 3.75e-20, step), 1);
    // 3 √(2/20 000).
    close("variance", light, 2.0 * D * 20.0 * step, 0.03);
}

#[test]
fn row_17_drift_and_diffusion_obey_einstein() {
    const COUNT: u64 = 160_000;
    const STEPS: u32 = 10;
    const MASS: f64 = 3.75e-20;
    let streams = Streams::new(12);
    let step = MASS * D / KT;
    // So strong that the mean is known to 1/4 % of itself.
    let force = KT / (D * step).sqrt();
    let cases = [
        (Brownian::overdamped(D, KT, step), 0.0),
        (Brownian::underdamped(D, KT, MASS, step), D * force / KT),
    ];
    for (case, (brownian, terminal)) in cases.into_iter().enumerate() {
        let mut ends = Vec::new();
        for particle in 0..COUNT {
            let mut stream = streams.stream(Purpose::Test, case as u64, particle);
            let mut x = 0.0;
            let mut v = terminal + (KT / MASS).sqrt() * stream.normal();
            for _ in 0..STEPS {
                brownian.advance(&mut x, &mut v, force, stream.normal_pair());
            }
            ends.push(x);
        }
        let time = f64::from(STEPS) * step;
        let drift = mean(&ends) / time;
        close("drift", drift, D * force / KT, 0.01);
        let squares: Vec<f64> = ends.iter().map(|x| (x - drift * time).powi(2)).collect();
        let inertia = match brownian {
            Brownian::Overdamped { .. } => 1.0,
            Brownian::Underdamped { .. } => 1.0 - (1.0 - (-10.0_f64).exp()) / 10.0,
        };
        let spread = mean(&squares) / (2.0 * time * inertia);
        // D/mobility = kT; 2.8 sigmas of a variance.
        close("Einstein", spread * force / drift, KT, 0.01);
    }
}

#[test]
fn simulations_with_inertia_drift_and_diffuse() {
    const COUNT: usize = 4000;
    // A density that makes the relaxation time 4 ms, two steps.
    let mass = 4e-3 * KT / D;
    let density = mass / (4.0 / 3.0 * std::f64::consts::PI * 1e-24);
    let heavy = |p: &mut Parameters| p.motion.inertia = Inertia::Underdamped { density };
    let mut simulation = walkers(COUNT, heavy);
    steps(&mut simulation, 100);
    let t: f64 = 50.0;
    // From rest: MSD per component is kT/m τ² (2t - 3 + 4e^-t - e^-2t).
    let expected = 2.0 * D * 4e-3 * (2.0 * t - 3.0 + 4.0 * (-t).exp());
    close(
        "MSD from rest",
        mean_square(&simulation),
        expected,
        3.0 / (COUNT as f64).sqrt(),
    );
}

/// `<n(t)·n(0)>` after `count` steps of `step` each at D_r = 1/2.
fn correlation(rotation: Rotation, step: f64, count: u32, walkers: u64) -> f64 {
    let streams = Streams::new(6);
    let mut sum = 0.0;
    for walker in 0..walkers {
        let mut stream = streams.stream(Purpose::Test, 1, walker);
        let mut turn = UnitQuaternion::identity();
        for _ in 0..count {
            rotate(&mut turn, rotation, 0.5, step, &mut stream);
        }
        sum += (turn * Vector3::x()).x;
    }
    sum / walkers as f64
}

#[test]
fn row_18_orientations_forget_as_debye_says() {
    const WALKERS: u64 = 20_000;
    // D_r t = 1/2; the deviation of the cosine is below 0.7, 0.5 % of 1 with these walkers.
    let free = correlation(Rotation::Free { ratio: 1.0 }, 0.02, 50, WALKERS);
    close("three dimensions", free, (-1.0_f64).exp(), 0.03);
    let plane = correlation(Rotation::InPlane { ratio: 1.0 }, 0.5, 2, WALKERS);
    close("two dimensions", plane, (-0.5_f64).exp(), 0.03);
}

#[test]
fn row_18_active_particles_spread_as_their_persistence_says() {
    // v0 = 2, D = 0.06, D_r = 1/2, in units of nm and s.
    const COUNT: u64 = 4000;
    let (speed, diffusion, turning, step, count) = (2.0, 0.06, 0.5, 0.02, 500);
    let brownian = Brownian::overdamped(diffusion, 1.0, step);
    let force = speed / diffusion;
    let mut square = 0.0;
    for walker in 0..COUNT {
        let mut stream: Stream = Streams::new(7).stream(Purpose::Test, 2, walker);
        let mut turn = UnitQuaternion::identity();
        let (mut place, mut rest) = ([0.0; 2], 0.0);
        for _ in 0..count {
            let heading = turn * Vector3::x();
            let normals = stream.normal_pair();
            for axis in 0..2 {
                let push = force * heading[axis];
                brownian.advance(&mut place[axis], &mut rest, push, [normals[axis], 0.0]);
            }
            let rotation = Rotation::InPlane { ratio: 1.0 };
            rotate(&mut turn, rotation, turning, step, &mut stream);
        }
        square += (place[0] * place[0] + place[1] * place[1]) / COUNT as f64;
    }
    let time = step * f64::from(count);
    let memory = turning * time;
    let theory =
        4.0 * diffusion * time + 2.0 * (speed / turning).powi(2) * (memory - 1.0 + (-memory).exp());
    close("active MSD", square, theory, 0.03);
}

#[test]
fn a_turning_particle_carries_its_field_along() {
    // The field stays on the mesh; the dipole turns with the orientation.
    let mut parameters = quiet();
    parameters.contact_angle = std::f64::consts::PI;
    parameters.motion.rotation = Rotation::InPlane { ratio: 2e3 };
    parameters.kinetics = Parameters::spontaneous().kinetics;
    let axis = Vector3::new(0.8, 0.6, 0.0);
    let start = move |n: &Vector3<f64>| 0.5 + 0.4 * (n.dot(&axis) / 0.3).tanh();
    let mut turning = crate::common::single(parameters.clone(), start, |_| 1.0);
    parameters.motion.rotation = Rotation::Fixed;
    let mut still = crate::common::single(parameters, start, |_| 1.0);
    steps(&mut turning, 100);
    steps(&mut still, 100);
    let (a, b) = (turning.particles(), still.particles());
    for (u, v) in a.copper(0).iter().zip(b.copper(0)) {
        assert!((u - v).abs() < 1e-12);
    }
    // The sums of the step before the last rotation are seen with the orientation before it.
    let angle = a.orientation()[0].angle();
    assert!(angle > 0.01, "{angle}");
    let (d, e) = (a.dipole(0), b.dipole(0));
    close("length of the dipole", d, e, 1e-10);
}

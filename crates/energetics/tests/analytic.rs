//! Bands and dimers on surfaces whose saddles are known.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::ops::ControlFlow;

use frit_atoms::Vector;
use frit_dynamics::ForceError;
use frit_dynamics::minimise::Criteria;
use frit_energetics::band::{Band, Climb, Ends, Settings, linear};
use frit_energetics::{Dimer, EnergyError, LEAST_CURVATURE, Landscape, Method, relax, unwatched};

/// The surface of Müller and Brown 1979, doi:10.1007/BF00547608, in hundredths of its energy unit,
/// for which its slopes are as those between atoms.
#[derive(Clone, Copy)]
struct MuellerBrown;

const SCALE: f64 = 0.01;
const HEIGHT: [f64; 4] = [-200.0, -100.0, -170.0, 15.0];
const A: [f64; 4] = [-1.0, -1.0, -6.5, 0.7];
const B: [f64; 4] = [0.0, 0.0, 11.0, 0.6];
const C: [f64; 4] = [-10.0, -10.0, -6.5, 0.7];
const X: [f64; 4] = [1.0, 0.0, -0.5, -1.0];
const Y: [f64; 4] = [0.0, 0.5, 1.5, 1.0];

impl Landscape for MuellerBrown {
    fn evaluate(&mut self, at: &[Vector], force: &mut Vec<Vector>) -> Result<f64, ForceError> {
        let (mut energy, mut gradient) = (0.0, Vector::zeros());
        for k in 0..4 {
            let (x, y) = (at[0].x - X[k], at[0].y - Y[k]);
            let term = SCALE * HEIGHT[k] * (A[k] * x * x + B[k] * x * y + C[k] * y * y).exp();
            energy += term;
            gradient +=
                term * Vector::new(2.0 * A[k] * x + B[k] * y, B[k] * x + 2.0 * C[k] * y, 0.0);
        }
        // Out of the plane nothing pulls.
        *force = vec![-gradient];
        Ok(energy)
    }
}

/// Stationary points as the literature gives them: place and energy to their last digit.
const MINIMA: [([f64; 2], f64); 3] = [
    ([-0.558, 1.442], -146.700),
    ([0.623, 0.028], -108.167),
    ([-0.050, 0.467], -80.768),
];
const SADDLES: [([f64; 2], f64); 2] = [([-0.822, 0.624], -40.665), ([0.212, 0.293], -72.249)];
/// Half of the last digit of the literature's energies and places, with room for its rounding.
const ENERGY_DIGIT: f64 = 0.6e-3 * SCALE;
const PLACE_DIGIT: f64 = 0.6e-3;

const TIGHT: Criteria = Criteria {
    max_force: 1e-6,
    max_steps: 2000,
};

fn point(x: f64, y: f64) -> Vec<Vector> {
    vec![Vector::new(x, y, 0.0)]
}

fn minimum(number: usize) -> Vec<Vector> {
    let ([x, y], energy) = MINIMA[number];
    let found = relax(&mut MuellerBrown, point(x, y), TIGHT, Method::Lbfgs, "well").unwrap();
    assert!((found.energy - SCALE * energy).abs() < ENERGY_DIGIT);
    found.position
}

fn settings(method: Method) -> Settings {
    Settings {
        spring: 10.0,
        climb: Climb::Below(1.0),
        method,
        criteria: TIGHT,
    }
}

#[test]
fn a_climbing_band_finds_both_saddles_of_mueller_and_brown() {
    for method in [Method::Lbfgs, Method::Fire] {
        for (from, to, saddle) in [(0, 2, 0), (2, 1, 1), (0, 1, 0)] {
            let (start, end) = (minimum(from), minimum(to));
            let path = linear(&start, &end, 9);
            let mut band = Band::new(path, vec![MuellerBrown; 11]).unwrap();
            band.relax(&settings(method), unwatched).unwrap();
            let climbing = band.climbing().unwrap();
            let top = &band.images()[climbing];
            let ([x, y], energy) = SADDLES[saddle];
            assert!(
                (top.energy - SCALE * energy).abs() < ENERGY_DIGIT,
                "{method:?}: {}",
                top.energy
            );
            assert!(
                (top.position[0].x - x).abs() < PLACE_DIGIT,
                "{}",
                top.position[0]
            );
            assert!((top.position[0].y - y).abs() < PLACE_DIGIT);
            // At the saddle the whole gradient vanishes, not only its part across the path.
            assert!(top.force[0].norm() <= TIGHT.max_force);
        }
    }
}

#[test]
fn tangents_point_to_the_higher_neighbour_and_have_length_one() {
    let path = linear(&minimum(0), &minimum(1), 9);
    let band = Band::new(path, vec![MuellerBrown; 11]).unwrap();
    for k in 1..10 {
        let tangent = band.tangent(k)[0];
        assert!((tangent.norm() - 1.0).abs() < 1e-12);
        let images = band.images();
        let rising =
            images[k - 1].energy < images[k].energy && images[k].energy < images[k + 1].energy;
        if rising {
            let forward = (images[k + 1].position[0] - images[k].position[0]).normalize();
            assert!((tangent - forward).norm() < 1e-12);
        }
    }
}

#[test]
fn springs_space_the_images_evenly_when_none_climbs() {
    let path = linear(&minimum(0), &minimum(1), 15);
    let mut band = Band::new(path, vec![MuellerBrown; 17]).unwrap();
    let mut settings = settings(Method::Fire);
    settings.climb = Climb::No;
    settings.criteria.max_force = 1e-3;
    settings.criteria.max_steps = 20_000;
    band.relax(&settings, unwatched).unwrap();
    let profile = band.profile();
    let steps: Vec<f64> = profile.coordinate.windows(2).map(|s| s[1] - s[0]).collect();
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    // A spring force of at most 1e-3 along the path: 1e-3 / 10 of difference from one to the next.
    for pair in steps.windows(2) {
        assert!((pair[0] - pair[1]).abs() < 1.1e-4, "{steps:?}");
    }
    assert!(mean > 0.0);
    // The profile between the images sees both saddles and the well between them.
    let maxima = profile.maxima();
    assert_eq!(maxima.len(), 2, "{maxima:?}");
    assert_eq!(profile.minima().len(), 1);
    let start = SCALE * MINIMA[0].1;
    for (maximum, (_, energy)) in maxima.iter().zip(SADDLES) {
        // The cubics are off by the fourth power of a spacing of about 0.15.
        assert!(
            (maximum.energy + start - SCALE * energy).abs() < 0.02,
            "{maximum:?}"
        );
    }
}

#[test]
fn the_dimer_finds_the_saddle_next_to_its_start() {
    // Starts near wells and on slopes, with a direction that is only roughly right.
    for (start, direction, saddle) in [
        (point(-0.7, 0.9), point(-0.2, -1.0), 0),
        (point(0.1, 0.4), point(1.0, 0.3), 1),
        (point(0.4, 0.15), point(-1.0, 0.1), 1),
    ] {
        let mut surface = MuellerBrown;
        let mut dimer = Dimer::new(&mut surface, start, direction).unwrap();
        let found = dimer.climb(TIGHT, unwatched).unwrap();
        let ([x, y], energy) = SADDLES[saddle];
        assert!(
            (found.energy - SCALE * energy).abs() < ENERGY_DIGIT,
            "{found:?}"
        );
        assert!((found.position[0].x - x).abs() < PLACE_DIGIT);
        assert!((found.position[0].y - y).abs() < PLACE_DIGIT);
        assert!(found.curvature < 0.0);
    }
}

#[test]
fn the_curvature_of_the_dimer_is_the_lowest_eigenvalue() {
    /// A saddle of a quadratic form in many dimensions.
    struct Quadratic;
    const STIFFNESS: [f64; 6] = [-0.7, 1.0, 2.0, 3.5, 5.0, 8.0];
    impl Landscape for Quadratic {
        fn evaluate(&mut self, at: &[Vector], force: &mut Vec<Vector>) -> Result<f64, ForceError> {
            let value = |k: usize| at[k / 3][k % 3];
            let slope = |k: usize| -STIFFNESS[k] * value(k);
            *force = (0..2)
                .map(|p| Vector::from([0, 1, 2].map(|d| slope(3 * p + d))))
                .collect();
            Ok((0..6).map(|k| 0.5 * STIFFNESS[k] * value(k).powi(2)).sum())
        }
    }
    let start = vec![Vector::new(0.3, -0.2, 0.1), Vector::new(0.2, 0.1, -0.1)];
    let direction = vec![Vector::new(0.4, 0.5, -0.3), Vector::new(0.3, 0.2, 0.4)];
    let found = Dimer::new(&mut Quadratic, start, direction)
        .unwrap()
        .climb(TIGHT, unwatched)
        .unwrap();
    // The direction is turned to within half a degree: an error of the curvature of its square,
    // 7.6e-5, times the largest difference of stiffness.
    assert!(
        (found.curvature - STIFFNESS[0]).abs() < 7.6e-5 * 8.7,
        "{found:?}"
    );
    assert!(found.position.iter().all(|p| p.norm() < 1e-5));
}

/// A chain of one point on ground that is flat, or convex, or convex with a kick of third order.
struct Ground {
    stiffness: f64,
    third: f64,
}

impl Landscape for Ground {
    fn evaluate(&mut self, at: &[Vector], force: &mut Vec<Vector>) -> Result<f64, ForceError> {
        let x = at[0].x;
        let slope = self.stiffness * x + self.third * x * x / 2.0;
        *force = vec![Vector::new(-slope, -at[0].y, -at[0].z)];
        let across = at[0].y.powi(2) + at[0].z.powi(2);
        Ok(self.stiffness * x * x / 2.0 + self.third * x.powi(3) / 6.0 + across / 2.0)
    }
}

#[test]
fn a_place_without_forces_is_no_saddle_unless_its_curvature_is_negative() {
    let at_rest = |ground: &mut Ground| {
        let direction = point(1.0, 0.0);
        let criteria = Criteria {
            max_force: 1e-3,
            max_steps: 0,
        };
        let mut dimer = Dimer::new(ground, point(0.0, 0.0), direction).unwrap();
        dimer.climb(criteria, unwatched)
    };
    // One-sided differences over 0.005 Å see -50 * 0.005 / 2 + 0.02 = -0.105 eV/Å² here.
    for (stiffness, third) in [(0.02, 0.0), (0.02, -50.0), (1e-6, 0.0), (-1e-6, 0.0)] {
        let found = at_rest(&mut Ground { stiffness, third });
        let Err(EnergyError::NoSaddle { curvature, .. }) = found else {
            unreachable!("{found:?}");
        };
        // The third order cancels between both sides, but for rounding over 0.005 Å.
        assert!((curvature - stiffness).abs() < 1e-12, "{curvature}");
    }
    let saddle = at_rest(&mut Ground {
        stiffness: -0.02,
        third: -50.0,
    });
    assert!((saddle.unwrap().curvature + 0.02).abs() < 1e-12);
}

#[test]
fn the_dimer_leaves_a_minimum_by_itself() {
    for (number, direction) in [
        (2, point(1.0, -0.4)),
        (2, point(-1.0, 0.3)),
        (1, point(-1.0, 0.3)),
    ] {
        let mut surface = MuellerBrown;
        let mut dimer = Dimer::new(&mut surface, minimum(number), direction).unwrap();
        let found = dimer.climb(TIGHT, unwatched).unwrap();
        assert!(found.curvature < -LEAST_CURVATURE);
        // Either way along the valley ends at a saddle of this surface.
        let known = SADDLES
            .iter()
            .any(|(_, energy)| (found.energy - SCALE * energy).abs() < ENERGY_DIGIT);
        assert!(known, "{found:?}");
    }
}

#[test]
fn a_band_that_was_stopped_goes_on_from_where_it_stood() {
    let path = linear(&minimum(0), &minimum(2), 9);
    let mut band = Band::new(path, vec![MuellerBrown; 11]).unwrap();
    let stopped = band.relax(&settings(Method::Lbfgs), |progress| {
        if progress.steps == 5 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(
        matches!(stopped, Err(EnergyError::Stopped(_))),
        "{stopped:?}"
    );
    let left: Vec<Vec<Vector>> = band
        .images()
        .iter()
        .map(|one| one.position.clone())
        .collect();
    let mut again = Band::new(left, vec![MuellerBrown; 11]).unwrap();
    again.relax(&settings(Method::Lbfgs), unwatched).unwrap();
    let top = again.images()[again.climbing().unwrap()].energy;
    assert!((top - SCALE * SADDLES[0].1).abs() < ENERGY_DIGIT);
}

#[test]
fn ends_that_relaxed_into_one_minimum_are_refused() {
    let found = Ends::relaxed(minimum(0), minimum(0), &MuellerBrown);
    assert!(matches!(found, Err(EnergyError::SameMinimum { .. })));
    let apart = Ends::relaxed(minimum(0), minimum(2), &MuellerBrown);
    let apart = apart.unwrap().difference();
    let distance = (minimum(0)[0] - minimum(2)[0]).norm();
    assert_eq!((apart.atom, apart.distance), (0, distance));
}

//! Rows 19, 20, 23 and 24: coalescence.

use frit_engine::random::{Purpose, Streams};
use frit_migration::contacts::{brute_force, contacts};
use frit_migration::merging::merged;
use frit_migration::motion::Brownian;
use frit_migration::parameters::Support;
use frit_migration::well_mixed::coalesce;
use frit_migration::{Parameters, SetupError, Simulation, random_particles};

use crate::common::{NANOMETRE, close, deviation, mean, slope, steps};

#[test]
fn row_19_a_well_mixed_population_follows_smoluchowski() {
    const COUNT: usize = 2000;
    const RUNS: u64 = 200;
    for time in [1.0_f64, 4.0] {
        let (mut left, mut sizes) = (0.0, [0.0; 6]);
        for run in 0..RUNS {
            for volume in coalesce(COUNT, 2.0 * time, Streams::new(2), run) {
                left += 1.0;
                if volume < 6 {
                    sizes[volume as usize] += 1.0;
                }
            }
        }
        let all = (COUNT as u64 * RUNS) as f64;
        close("N/N0", left / all, 1.0 / (1.0 + time), 0.01);
        for k in 1..6 {
            let exact = time.powi(k - 1) / (1.0 + time).powi(k + 1);
            close("n_k/N0", sizes[k as usize] / all, exact, 0.05);
        }
    }
}

/// A crowd on a small support.
fn crowd(count: usize, gap: f64) -> Simulation {
    let mut parameters = Parameters::default();
    parameters.numerics.subdivisions = 1;
    parameters.motion.diffusivity = 20.0 * NANOMETRE * NANOMETRE;
    parameters.support = Support::Periodic {
        edge: 25.0 * NANOMETRE * (count as f64).sqrt(),
        capture_gap: gap,
    };
    Simulation::new(parameters, count, 17).unwrap()
}

#[test]
fn row_20_merging_keeps_mass_and_means() {
    let mut simulation = crowd(100, 0.5 * NANOMETRE);
    let start = simulation.observe().volume;
    assert_eq!(simulation.counters().mergers, 0);
    for _ in 0..60 {
        steps(&mut simulation, 1);
        close("volume", simulation.observe().volume, start, 1e-12);
        let particles = simulation.particles();
        let edge = 250.0 * NANOMETRE;
        let touching = contacts(
            particles.position(),
            particles.radius(),
            edge,
            0.5 * NANOMETRE,
        );
        assert!(touching.is_empty());
    }
    let merged = simulation.counters().mergers;
    assert!(merged > 20, "{merged}");
    let left = simulation.particles().len() as u64;
    assert_eq!(left + merged, 100);
    assert_eq!(simulation.particles().ancestors().iter().sum::<u64>(), 100);
}

#[test]
fn a_merged_particle_has_the_mean_of_its_parents_on_their_sides() {
    let mut parameters = crate::common::quiet();
    parameters.motion.diffusivity = 1e-30;
    parameters.support = Support::Periodic {
        edge: 100.0 * NANOMETRE,
        capture_gap: 0.0,
    };
    let mut given = random_particles(&parameters, 2, Streams::new(1)).unwrap();
    let places = [
        [2.0 * NANOMETRE, 50.0 * NANOMETRE],
        [95.0 * NANOMETRE, 50.0 * NANOMETRE],
    ];
    for ((particle, position), copper) in given.iter_mut().zip(places).zip([0.9, 0.2]) {
        particle.position = position;
        particle.radius = 5.0 * NANOMETRE;
        particle.copper.fill(copper);
        particle.promoter.fill(0.5);
    }
    given[0].radius = 6.0 * NANOMETRE;
    let (radius, centre) = merged(
        [6.0 * NANOMETRE, 5.0 * NANOMETRE],
        places,
        100.0 * NANOMETRE,
    );
    let mut simulation = Simulation::with_particles(parameters, &given, 1).unwrap();
    // Means just before they merge: those of the field step.
    steps(&mut simulation, 1);
    let particles = simulation.particles();
    assert_eq!(simulation.mergers(), [(0, 1)]);
    assert_eq!(particles.len(), 1);
    close("radius", particles.radius()[0], radius, 1e-12);
    let share = 125.0 / 341.0;
    assert!((centre[0] / NANOMETRE - (2.0 - 7.0 * share)).abs() < 1e-9);
    assert!((particles.position()[0][0] - centre[0]).abs() < 1e-15);
    // The second parent lies in the direction -x, across the border.
    let normals = simulation.mesh().normals();
    let copper = particles.copper(0);
    let side = |sign: f64| {
        let on = normals.iter().zip(copper).filter(|(n, _)| sign * n.x > 0.1);
        let values: Vec<f64> = on.map(|(_, &u)| u).collect();
        crate::common::mean(&values)
    };
    assert!(side(1.0) > side(-1.0) + 0.4, "{} {}", side(1.0), side(-1.0));
    // One step moves the means by less than 0.1 from 0.9 and 0.2; weights are areas.
    let expected = (36.0 * 0.9 + 25.0 * 0.2) / 61.0;
    assert!((particles.sums()[0].copper - expected).abs() < 0.1);
}

#[test]
fn row_24_the_cell_list_finds_what_brute_force_finds() {
    const EDGE: f64 = 1.0;
    for (case, largest) in [(0, 0.02), (1, 0.005), (2, 0.1), (3, 0.2)] {
        let mut stream = Streams::new(21).stream(Purpose::Test, case, 0);
        let count = 1000;
        // Places outside of the square, too.
        let position: Vec<[f64; 2]> = (0..count)
            .map(|_| [3.0 * stream.uniform() - 1.0, 3.0 * stream.uniform() - 1.0])
            .collect();
        let radius: Vec<f64> = (0..count).map(|_| largest * stream.uniform()).collect();
        let found = contacts(&position, &radius, EDGE, 1e-3);
        assert_eq!(found, brute_force(&position, &radius, EDGE, 1e-3));
        assert!(!found.is_empty());
    }
}

/// Mean volumes over time in a population that only diffuses and merges, D = R^-p.
fn coalescence(
    count: usize,
    coverage: f64,
    exponent: i32,
    end: f64,
    seed: u64,
) -> (Vec<f64>, Vec<f64>) {
    let edge = (count as f64 * std::f64::consts::PI / coverage).sqrt();
    let mut stream = Streams::new(seed).stream(Purpose::Test, 0, 0);
    let mut position: Vec<[f64; 2]> = (0..count)
        .map(|_| [edge * stream.uniform(), edge * stream.uniform()])
        .collect();
    let mut radius = vec![1.0_f64; count];
    let (mut now, mut step) = (0.0, 0);
    let (mut times, mut volumes) = (Vec::new(), Vec::new());
    while now < end && radius.len() > 30 {
        step += 1;
        let smallest = radius.iter().copied().fold(f64::INFINITY, f64::min);
        let fastest = smallest.powi(-exponent);
        let time = ((0.25 * smallest).powi(2) / (4.0 * fastest)).min(0.02 * f64::max(now, 0.5));
        let mut stream = Streams::new(seed).stream(Purpose::Test, step, 0);
        for (place, radius) in position.iter_mut().zip(&radius) {
            let brownian = Brownian::overdamped(radius.powi(-exponent), 1.0, time);
            let normals = stream.normal_pair();
            for axis in 0..2 {
                brownian.advance(&mut place[axis], &mut 0.0, 0.0, [normals[axis], 0.0]);
            }
        }
        now += time;
        loop {
            let pairs = contacts(&position, &radius, edge, 0.0);
            if pairs.is_empty() {
                break;
            }
            let mut used = vec![false; radius.len()];
            let mut keep = vec![true; radius.len()];
            for (a, b) in pairs {
                if used[a] || used[b] {
                    continue;
                }
                (used[a], used[b], keep[b]) = (true, true, false);
                (radius[a], position[a]) =
                    merged([radius[a], radius[b]], [position[a], position[b]], edge);
            }
            let mut kept = keep.iter();
            radius.retain(|_| *kept.next().unwrap());
            let mut kept = keep.iter();
            position.retain(|_| *kept.next().unwrap());
        }
        times.push(now);
        volumes.push(count as f64 / radius.len() as f64);
    }
    let total: f64 = radius.iter().map(|r| r.powi(3)).sum();
    close("volume", total, count as f64, 1e-12);
    (times, volumes)
}

/// Late over early slope of `<V>^((3+p)/3)`, averaged over runs, and its error.
fn bend(count: usize, exponent: i32, end: f64, runs: u64) -> [f64; 2] {
    let power = f64::from(3 + exponent) / 3.0;
    let ratios: Vec<f64> = (0..runs)
        .map(|seed| {
            let (times, volumes) = coalescence(count, 0.05, exponent, end, seed);
            let part = |from: f64, to: f64| {
                let inside: Vec<usize> = (0..times.len())
                    .filter(|&k| times[k] > from * end && times[k] <= to * end)
                    .collect();
                let x: Vec<f64> = inside.iter().map(|&k| times[k]).collect();
                let y: Vec<f64> = inside.iter().map(|&k| volumes[k].powf(power)).collect();
                slope(&x, &y)
            };
            part(0.55, 1.0) / part(0.15, 0.55)
        })
        .collect();
    let error = deviation(&ratios) / (runs as f64 - 1.0).sqrt();
    [mean(&ratios), error]
}

#[test]
#[ignore = "slow: eight runs of 1500 particles, about 12 s"]
fn row_23_migration_and_coalescence_scale_as_their_diffusivity() {
    // A single run scatters by 0.1: too much for the bounds.
    let [ratio, error] = bend(1500, 2, 400.0, 4);
    println!("D ~ R^-2: late over early {ratio:.3} ± {error:.3}");
    let [flat, error] = bend(1500, 0, 60.0, 4);
    println!("D constant: late over early {flat:.3} ± {error:.3}");
    assert!((0.85..=1.05).contains(&ratio), "{ratio}");
    assert!((0.7..=1.0).contains(&flat), "{flat}");
}

#[test]
fn random_places_do_not_touch() {
    let simulation = crowd(300, 1.0 * NANOMETRE);
    let particles = simulation.particles();
    let edge = 25.0 * NANOMETRE * 300.0_f64.sqrt();
    let touching = brute_force(
        particles.position(),
        particles.radius(),
        edge,
        1.0 * NANOMETRE,
    );
    assert!(touching.is_empty());
}

#[test]
fn too_many_particles_find_no_room() {
    let mut parameters = Parameters::default();
    parameters.support = Support::Periodic {
        edge: 100.0 * NANOMETRE,
        capture_gap: 0.0,
    };
    let error = random_particles(&parameters, 60, Streams::new(1)).unwrap_err();
    assert!(matches!(error, SetupError::NoRoom { .. }), "{error}");
    assert!(error.to_string().contains("larger support"), "{error}");
}

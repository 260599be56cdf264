//! Times, printed.

use std::time::Instant;

use frit_migration::parameters::Support;
use frit_migration::{Parameters, Simulation};

use crate::common::{NANOMETRE, steps};

/// Seconds for `count` steps in a pool of one thread.
fn time(mut simulation: Simulation, count: u64) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    pool.install(|| {
        let start = Instant::now();
        steps(&mut simulation, count);
        start.elapsed().as_secs_f64()
    })
}

#[test]
#[ignore = "slow: prints times, meant for the release profile"]
fn speed_of_the_reference_point_and_of_populations() {
    let reference = Simulation::new(Parameters::default(), 80, 1).unwrap();
    println!(
        "80 particles, 162 vertices, 1500 steps: {:.3} s",
        time(reference, 1500)
    );
    for count in [100_usize, 1000, 10_000] {
        let mut parameters = Parameters::default();
        parameters.support = Support::Periodic {
            edge: 60.0 * NANOMETRE * (count as f64).sqrt(),
            capture_gap: 0.0,
        };
        let population = Simulation::new(parameters, count, 1).unwrap();
        let each = 20_000 / count as u64;
        let seconds = time(population, each);
        let per_particle = seconds / (each as f64 * count as f64);
        println!(
            "{count} particles: {:.2} µs per particle and step",
            1e6 * per_particle
        );
    }
}

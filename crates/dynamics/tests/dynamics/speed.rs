//! How long steps take without the forces.

use std::time::Instant;

use frit_dynamics::{AtRest, Ensemble, Langevin, NoseHoover, Ramp, Rescaling};
use frit_potentials::Request;

use crate::models::{CODATA, Well, dynamics, force_field, gas};

#[test]
#[ignore = "slow: measures time, for people to read"]
fn time_of_a_step_without_forces() {
    const ATOMS: usize = 30_000;
    const STEPS: u32 = 200;
    let temperature = Ramp::constant(100.0);
    let freedom = 3 * ATOMS - 3;
    let ensembles = [
        Ensemble::Nve,
        Ensemble::NoseHoover(NoseHoover::new(temperature, 0.1, freedom, &CODATA).unwrap()),
        Ensemble::Rescaling(Rescaling::new(temperature, 0.1, freedom, &CODATA).unwrap()),
        Ensemble::Langevin(Langevin::new(temperature, 1.0).unwrap()),
    ];
    for ensemble in ensembles {
        for threads in [1, 2] {
            let ensemble = ensemble.clone();
            let name = ensemble.name();
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let mut system = gas(ATOMS, 100.0, 100.0, AtRest::Translation);
                let mut forces = force_field(Well { stiffness: 0.0 }, 1e6);
                let mut dynamics = dynamics(ensemble, 0.001, &mut system, &mut forces);
                let per_atom = |start: Instant| {
                    start.elapsed().as_secs_f64() / f64::from(STEPS) / ATOMS as f64 * 1e6
                };
                let start = Instant::now();
                for _ in 0..STEPS {
                    dynamics
                        .advance(&mut system, &mut forces, Request::FORCES)
                        .unwrap();
                }
                let whole = per_atom(start);
                let start = Instant::now();
                for _ in 0..STEPS {
                    forces.evaluate(&mut system, Request::FORCES).unwrap();
                }
                let evaluation = per_atom(start);
                println!(
                    "{name}, {threads} threads: {:.4} µs per atom and step, beside {evaluation:.4} of an evaluation without interaction",
                    whole - evaluation
                );
            });
        }
    }
}

//! The same bits for any number of threads and any interruption.

use frit_atoms::System;
use frit_atoms::neighbours::SkinTuner;
use frit_dynamics::measure::{angular_momentum, kinetic_energy, momentum};
use frit_dynamics::{
    AtRest, CellRescaling, Dynamics, Ensemble, ForceField, Isobaric, Langevin, NoseHoover, Ramp,
    Rescaling, RestoreError, Selection, Setup,
};
use frit_engine::random::Streams;
use frit_potentials::Request;

use crate::models::{CODATA, Well, crystal, dynamics, force_field, gas, smooth_argon};

fn ensembles(freedom: usize) -> Vec<Ensemble> {
    let temperature = Ramp::linear(100.0, 140.0, 60);
    let rescaling = Rescaling::new(temperature, 0.1, freedom, &CODATA).unwrap();
    let pressure = Ramp::linear(0.001, 0.002, 60);
    vec![
        Ensemble::Nve,
        Ensemble::NoseHoover(NoseHoover::new(temperature, 0.1, freedom, &CODATA).unwrap()),
        Ensemble::Rescaling(rescaling.clone()),
        Ensemble::Langevin(Langevin::new(temperature, 2.0).unwrap()),
        Ensemble::Isobaric(Isobaric {
            thermostat: rescaling,
            barostat: CellRescaling::new(pressure, 100.0, 0.5, 7, &CODATA).unwrap(),
        }),
    ]
}

fn bits(system: &System) -> Vec<u64> {
    let columns = system
        .atoms
        .position()
        .iter()
        .chain(system.atoms.velocity());
    let numbers = columns.flat_map(|v| [v.x, v.y, v.z]);
    numbers
        .chain(system.cell.vectors().iter().copied())
        .map(f64::to_bits)
        .chain(system.atoms.id().iter().map(|&id| u64::from(id)))
        .chain(system.atoms.image().iter().flatten().map(|&k| k as u64))
        .collect()
}

fn advance(dynamics: &mut Dynamics, system: &mut System, forces: &mut ForceField, steps: u64) {
    for step in 0..steps {
        // What observers ask for must not matter.
        let request = if step % 3 == 0 {
            Request::ALL
        } else {
            Request::FORCES
        };
        dynamics.advance(system, forces, request).unwrap();
    }
}

#[test]
fn an_interrupted_run_has_the_bits_of_an_uninterrupted_one() {
    for ensemble in ensembles(93) {
        let name = ensemble.name();
        let mut system = crystal(2, 6.0, 120.0);
        let tuned = || smooth_argon().with_tuner(SkinTuner::default());
        let mut forces = tuned();
        let mut whole = dynamics(ensemble.clone(), 0.01, &mut system, &mut forces);
        advance(&mut whole, &mut system, &mut forces, 37);

        let saved = whole.save();
        let origin = forces.neighbours().origin().unwrap().clone();
        let mut system_again = system.clone();
        let mut forces_again = tuned();
        forces_again
            .restore(&mut system_again, &origin, Request::FORCES)
            .unwrap();
        let setup = Setup::new(ensemble, 0.01, Streams::new(29));
        let mut again = Dynamics::new(setup, &system_again).unwrap();
        again.restore(&saved).unwrap();
        assert_eq!(forces_again.force(), forces.force(), "{name}");

        advance(&mut whole, &mut system, &mut forces, 400);
        for _ in 0..400 {
            again
                .advance(&mut system_again, &mut forces_again, Request::FORCES)
                .unwrap();
        }
        assert!(
            forces.neighbours().builds() > 17,
            "{name} never chose its skin anew"
        );
        assert_eq!(bits(&system_again), bits(&system), "{name}");
        assert_eq!(again.save(), whole.save(), "{name}");
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    // Enough atoms for parallel sweeps and sums; in wells, which need no neighbours.
    for ensemble in ensembles(30_000).into_iter().take(4) {
        let results: Vec<_> = [1, 2, 3]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .unwrap();
                pool.install(|| {
                    let mut system = gas(10_000, 1.0, 120.0, AtRest::Nothing);
                    let mut forces = force_field(Well { stiffness: 0.1 }, 1e6);
                    let ensemble = ensemble.clone();
                    let mut dynamics = dynamics(ensemble, 0.01, &mut system, &mut forces);
                    advance(&mut dynamics, &mut system, &mut forces, 5);
                    let sums = (
                        kinetic_energy(&system, Selection::All, &CODATA).to_bits(),
                        momentum(&system, Selection::All),
                        angular_momentum(&system, Selection::All),
                    );
                    (bits(&system), dynamics.save(), sums)
                })
            })
            .collect();
        assert!(results[0] == results[1], "{}: 2 threads", ensemble.name());
        assert!(results[0] == results[2], "{}: 3 threads", ensemble.name());
    }
}

#[test]
fn state_of_another_ensemble_is_refused() {
    let system = crystal(2, 6.0, 120.0);
    let all: Vec<Dynamics> = ensembles(93)
        .into_iter()
        .map(|ensemble| {
            Dynamics::new(Setup::new(ensemble, 0.01, Streams::new(1)), &system).unwrap()
        })
        .collect();
    let mut nve = Dynamics::new(Setup::new(Ensemble::Nve, 0.01, Streams::new(1)), &system).unwrap();
    for other in &all[1..] {
        let error = nve.restore(&other.save()).unwrap_err();
        assert!(matches!(error, RestoreError::Ensemble { .. }));
    }
    let mut saved = nve.save();
    saved.numbers.push(("more".to_owned(), 1.0));
    assert!(matches!(
        nve.restore(&saved),
        Err(RestoreError::Numbers { .. })
    ));
}

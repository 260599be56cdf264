//! Minimisers find known minima.

use frit_atoms::{Cell, System, Vector};
use frit_dynamics::ForceField;
use frit_dynamics::Minimisation;
use frit_dynamics::minimise::{Criteria, Fire, Lbfgs, MinimiseError, Minimiser, Standing, Status};
use frit_engine::random::{Purpose, Streams};

use crate::models::{LennardJones, by_id, crystal, force_field, smooth_argon, system};

/// Global minimum of 13 Lennard-Jones atoms, an icosahedron, in units of the depth (Cambridge
/// Cluster Database, Wales and Doye 1997, doi:10.1021/jp970984n).
const ICOSAHEDRON: f64 = -44.326801;

fn methods() -> [Minimiser; 2] {
    [
        Minimiser::Fire(Fire::default()),
        Minimiser::Lbfgs(Lbfgs::default()),
    ]
}

fn shaken_icosahedron(radius: f64) -> System {
    let golden = 0.5 * (1.0 + 5.0_f64.sqrt());
    let mut places = vec![Vector::zeros()];
    for a in [-1.0, 1.0] {
        for b in [-golden, golden] {
            places.extend([
                Vector::new(0.0, a, b),
                Vector::new(a, b, 0.0),
                Vector::new(b, 0.0, a),
            ]);
        }
    }
    let mut stream = Streams::new(8).stream(Purpose::Test, 2, 0);
    for place in &mut places {
        *place *= radius / (1.0 + golden * golden).sqrt();
        *place += 0.1 * Vector::new(stream.normal(), stream.normal(), stream.normal());
    }
    system(Cell::orthogonal([10.0; 3], [false; 3]).unwrap(), &places)
}

fn minimise(
    method: Minimiser,
    max_force: f64,
    system: &mut System,
    forces: &mut ForceField,
) -> Standing {
    let criteria = Criteria {
        max_force,
        max_steps: 20_000,
    };
    let minimisation = Minimisation::start(method, criteria, system, forces).unwrap();
    let progress = minimisation.finish(system, forces).unwrap();
    println!("{progress:?}");
    progress
}

#[test]
fn thirteen_lennard_jones_atoms_become_an_icosahedron() {
    for method in methods() {
        let mut system = shaken_icosahedron(2.9);
        let model = LennardJones {
            sigma: 2.7,
            epsilon: 1.0,
            cutoff: 1000.0,
            smoothness: 0,
        };
        let mut forces = force_field(model, 1.0);
        let progress = minimise(method, 1e-8, &mut system, &mut forces);
        assert_eq!(progress.status, Status::Converged);
        // The reference has six decimals.
        assert!((progress.energy - ICOSAHEDRON).abs() < 1e-6, "{progress:?}");
    }
}

#[test]
fn a_minimum_is_reached_through_reordering_and_repeats_to_the_bit() {
    for method in methods() {
        let run = || {
            let mut system = crystal(3, 5.3, 50.0);
            let mut stream = Streams::new(9).stream(Purpose::Test, 3, 0);
            for position in system.atoms.position_mut() {
                *position += 0.4 * Vector::new(stream.normal(), stream.normal(), stream.normal());
            }
            let mut forces = smooth_argon();
            let velocities = by_id(&system).1;
            let progress = minimise(method.clone(), 1e-6, &mut system, &mut forces);
            assert_eq!(by_id(&system).1, velocities, "velocities were changed");
            assert!(forces.neighbours().builds() > 1);
            (progress, by_id(&system).0)
        };
        let (progress, places) = run();
        assert_eq!(progress.status, Status::Converged);
        // All atoms in the places of a perfect crystal have forces of zero: the shaken crystal
        // finds back to its energy.
        let mut perfect = crystal(3, 5.3, 0.0);
        let mut forces = smooth_argon();
        forces
            .evaluate(&mut perfect, frit_potentials::Request::ENERGY)
            .unwrap();
        assert!(
            (progress.energy - forces.evaluation().energy).abs() < 1e-8,
            "{progress:?}"
        );
        assert_eq!(run(), (progress, places));
    }
}

#[test]
fn a_saved_minimisation_goes_on_to_the_same_bits() {
    // Saved at the start, in the middle, and when lists and orders have changed.
    for method in methods() {
        let criteria = Criteria {
            max_force: 1e-6,
            max_steps: 20_000,
        };
        let mut system = crystal(3, 5.3, 50.0);
        let mut stream = Streams::new(9).stream(Purpose::Test, 3, 0);
        for position in system.atoms.position_mut() {
            *position += 0.4 * Vector::new(stream.normal(), stream.normal(), stream.normal());
        }
        let mut forces = smooth_argon();
        let mut whole =
            Minimisation::start(method.clone(), criteria, &mut system, &mut forces).unwrap();
        let mut kept = Vec::new();
        for step in 0.. {
            if [0, 1, 7, 25, 40].contains(&step) {
                let origin = forces.neighbours().origin().unwrap().clone();
                kept.push((system.clone(), origin, whole.save(&forces)));
            }
            let standing = whole.advance(&mut system, &mut forces).unwrap();
            if standing.status != Status::Running {
                break;
            }
        }
        assert!(forces.neighbours().builds() > 1);
        let end = (whole.standing(&forces), by_id(&system).0);
        assert!(kept.len() >= 4, "{}", kept.len());
        for (mut system, origin, saved) in kept {
            let mut forces = smooth_argon();
            let resumed = Minimisation::resume(
                method.clone(),
                criteria,
                &saved,
                &mut system,
                (&mut forces, &origin),
            );
            let standing = resumed.unwrap().finish(&mut system, &mut forces).unwrap();
            assert_eq!(
                (standing, by_id(&system).0),
                end,
                "from step {}",
                saved.steps
            );
        }
    }
}

#[test]
fn states_of_other_methods_or_atoms_are_refused() {
    let criteria = Criteria {
        max_force: 1e-6,
        max_steps: 10,
    };
    let mut system = shaken_icosahedron(2.9);
    let mut forces = smooth_argon();
    for (method, other) in [(0, 1), (1, 0)] {
        let [method, other] = [method, other].map(|which: usize| methods()[which].clone());
        let mut walk =
            Minimisation::start(method.clone(), criteria, &mut system, &mut forces).unwrap();
        for _ in 0..3 {
            walk.advance(&mut system, &mut forces).unwrap();
        }
        let saved = walk.save(&forces);
        let origin = forces.neighbours().origin().unwrap().clone();
        let mut fewer = saved.clone();
        fewer.columns[0].pop();
        for (method, saved) in [(other, &saved), (method, &fewer)] {
            let resumed =
                Minimisation::resume(method, criteria, saved, &mut system, (&mut forces, &origin));
            assert!(matches!(resumed, Err(MinimiseError::Saved { .. })));
        }
    }
}

#[test]
fn steps_run_out_and_criteria_are_checked() {
    let mut system = shaken_icosahedron(2.9);
    let mut forces = smooth_argon();
    for method in methods() {
        let criteria = Criteria {
            max_force: 1e-12,
            max_steps: 3,
        };
        let minimisation =
            Minimisation::start(method.clone(), criteria, &mut system, &mut forces).unwrap();
        let progress = minimisation.finish(&mut system, &mut forces).unwrap();
        assert_eq!((progress.status, progress.steps), (Status::OutOfSteps, 3));
        let criteria = Criteria {
            max_force: 0.0,
            max_steps: 3,
        };
        assert!(Minimisation::start(method, criteria, &mut system, &mut forces).is_err());
    }
}

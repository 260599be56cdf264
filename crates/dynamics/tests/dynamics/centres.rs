//! Centres of mass that are held.

use frit_atoms::{System, Vector};
use frit_dynamics::external::{Centres, Hold};
use frit_dynamics::measure::{centre_of_mass, degrees_of_freedom, kinetic_energy};
use frit_dynamics::{
    AtRest, Dynamics, Ensemble, External, ForceField, Langevin, Ramp, Selection, remove_momentum,
};
use frit_potentials::Request;

use crate::models::{ARGON, CODATA, cluster, crystal, dynamics, smooth_argon};
use crate::statistics::range;
use crate::thermostats::check_kinetic_energies;

const BODIES: [Selection; 2] = [Selection::Group(0), Selection::Group(1)];

/// Holds both halves of a system, each at rest.
fn held(system: &mut System, hold: Hold) -> ForceField {
    for body in BODIES {
        remove_momentum(system, body);
    }
    smooth_argon().with_external(External {
        centres: Some(Centres::new(hold, &Selection::groups(system), system)),
        ..External::default()
    })
}

fn places(system: &System) -> [Vector; 2] {
    BODIES.map(|body| centre_of_mass(system, body).unwrap())
}

/// Root mean square of the energy's deviation at eight common times of 1 ps, and how far the centres
/// went [Å].
fn energy_error(hold: Hold, time_step: f64) -> (f64, f64) {
    let mut system = cluster(2, 60.0);
    let mut forces = held(&mut system, hold);
    let before = places(&system);
    let mut dynamics = dynamics(Ensemble::Nve, time_step, &mut system, &mut forces);
    let start = dynamics.conserved(&system, forces.evaluation().energy);
    let steps = (0.125 / time_step).round() as u64;
    let (mut sum, mut way) = (0.0, 0.0_f64);
    for step in 1..=8 * steps {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
        if step % steps == 0 {
            sum += (dynamics.conserved(&system, forces.evaluation().energy) - start).powi(2);
        }
        for (a, b) in places(&system).iter().zip(&before) {
            way = way.max((a - b).norm());
        }
    }
    ((sum / 8.0).sqrt(), way)
}

#[test]
fn held_centres_leave_the_energy_error_of_second_order() {
    for hold in [Hold::Pinned, Hold::Tethered { stiffness: 0.5 }] {
        let runs = [1.0 / 128.0, 1.0 / 256.0, 1.0 / 512.0].map(|step| energy_error(hold, step));
        for (pair, tolerance) in runs.windows(2).zip([0.1, 0.03]) {
            let ratio = pair[0].0 / pair[1].0;
            assert!((ratio / 4.0 - 1.0).abs() < tolerance, "{hold:?}: {runs:?}");
        }
        // The halves of the cluster attract and push each other; only the tether gives way.
        match hold {
            Hold::Pinned => assert!(runs.iter().all(|run| run.1 < 1e-12), "{runs:?}"),
            Hold::Tethered { .. } => assert!(runs.iter().all(|run| run.1 > 1e-3), "{runs:?}"),
        }
    }
}

#[test]
fn the_pins_take_no_more_than_the_force_on_the_whole_body() {
    let mut system = cluster(2, 60.0);
    let mut free = smooth_argon();
    free.evaluate(&mut system, Request::FORCES).unwrap();
    let mut forces = held(&mut system, Hold::Pinned);
    forces.evaluate(&mut system, Request::FORCES).unwrap();
    for body in BODIES {
        let chosen = |atom: &usize| body.contains(system.atoms.group()[*atom]);
        let atoms: Vec<usize> = (0..system.atoms.len()).filter(chosen).collect();
        let total = |of: &[Vector]| -> Vector { atoms.iter().map(|&atom| of[atom]).sum() };
        assert!(
            total(free.force()).norm() > 1e-3,
            "the halves do not interact"
        );
        assert!(total(forces.force()).norm() < 1e-15);
        let accelerations = atoms
            .iter()
            .map(|&atom| (forces.force()[atom] - free.force()[atom]) / system.mass(atom));
        let accelerations: Vec<Vector> = accelerations.collect();
        assert!(
            accelerations
                .iter()
                .all(|a| (a - accelerations[0]).norm() < 1e-15)
        );
    }
}

#[test]
fn a_tethered_cluster_swings_as_verlets_oscillator() {
    // Forces within the cluster cancel: whatever its atoms do, its centre is one body of its mass.
    let stiffness = 3.0;
    let mut system = cluster(2, 60.0);
    let centres = Centres::new(Hold::Tethered { stiffness }, &[Selection::All], &system);
    let start = centres.places()[0];
    let mut forces = smooth_argon().with_external(External {
        centres: Some(centres),
        ..External::default()
    });
    for position in system.atoms.position_mut() {
        position.x += 0.2;
    }
    let mass = 1.5 * ARGON * system.atoms.len() as f64;
    let time_step = 0.005;
    let omega = (stiffness * CODATA.force_to_acceleration / mass).sqrt();
    let phase = (1.0 - 0.5 * (omega * time_step).powi(2)).acos();
    let mut dynamics = dynamics(Ensemble::Nve, time_step, &mut system, &mut forces);
    for n in 1..=4000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        let way = centre_of_mass(&system, Selection::All).unwrap() - start;
        let exact = 0.2 * (f64::from(n) * phase).cos();
        assert!(
            (way - Vector::x() * exact).norm() < 1e-10,
            "step {n}: {way:?} {exact}"
        );
    }
}

#[test]
fn noise_does_not_move_pinned_centres_and_is_accounted_for() {
    const TEMPERATURE: f64 = 150.0;
    let mut system = crystal(2, 6.9, TEMPERATURE);
    let mut forces = held(&mut system, Hold::Pinned);
    let before = places(&system);
    let langevin = Langevin::new(Ramp::constant(TEMPERATURE), 5.0).unwrap();
    let ensemble = Ensemble::Langevin(langevin);
    let mut dynamics: Dynamics = dynamics(ensemble, 0.005, &mut system, &mut forces);
    let unit = CODATA.boltzmann * TEMPERATURE;
    let at_rest = AtRest::Held {
        centres: BODIES.len(),
        atoms: 0,
    };
    let freedom = degrees_of_freedom(&system, Selection::All, at_rest);
    assert_eq!(freedom, 3 * system.atoms.len() - 6);
    let (mut conserved, mut energies, mut kinetic_energies) = (Vec::new(), Vec::new(), Vec::new());
    for step in 0..82_000 {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
        if step < 10_000 {
            let potential = forces.evaluation().energy;
            conserved.push(dynamics.conserved(&system, potential) / unit);
            energies.push((potential + kinetic_energy(&system, Selection::All, &CODATA)) / unit);
        }
        if step >= 2000 && step % 20 == 0 {
            kinetic_energies.push(kinetic_energy(&system, Selection::All, &CODATA) / unit);
        }
    }
    for (a, b) in places(&system).iter().zip(&before) {
        // 82 000 roundings of positions of 10 Å.
        assert!((a - b).norm() < 1e-10, "{a:?} {b:?}");
    }
    let (error, natural) = (range(&conserved), range(&energies));
    assert!(error < 0.01 * natural, "{error}, {natural}");
    check_kinetic_energies(&kinetic_energies, freedom);
}

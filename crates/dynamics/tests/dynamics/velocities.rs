//! Initial velocities and rigid motions.

use frit_atoms::{Cell, System, Vector};
use frit_dynamics::measure::{
    angular_momentum, degrees_of_freedom, kinetic_energy, kinetic_tensor, momentum, temperature,
};
use frit_dynamics::{
    AtRest, Selection, initialise_velocities, remove_angular_momentum, remove_momentum,
};
use frit_engine::random::Streams;

use crate::models::{CODATA, cluster, crystal, system};
use crate::statistics::{KOLMOGOROV_LIMIT, gamma_cumulative, kolmogorov};

/// Rounding of sums over some hundred atoms, relative to the sum of the magnitudes.
const ROUNDING: f64 = 1e-13;

fn momentum_scale(system: &System) -> f64 {
    (0..system.atoms.len())
        .map(|k| system.mass(k) * system.atoms.velocity()[k].norm())
        .sum()
}

fn free(places: &[Vector]) -> System {
    let cell = Cell::orthogonal([10.0; 3], [false; 3]).unwrap();
    let mut system = system(cell, places);
    for (k, velocity) in system.atoms.velocity_mut().iter_mut().enumerate() {
        *velocity = Vector::new(1.0 + k as f64, -2.0, 0.5 * k as f64);
    }
    system
}

#[test]
fn a_cluster_starts_at_rest_as_a_whole_and_at_the_exact_temperature() {
    let system = cluster(3, 300.0);
    let scale = momentum_scale(&system);
    assert!(momentum(&system, Selection::All).norm() < ROUNDING * scale);
    assert!(angular_momentum(&system, Selection::All).norm() < 10.0 * ROUNDING * scale);
    let freedom = degrees_of_freedom(&system, Selection::All, AtRest::TranslationAndRotation);
    assert_eq!(freedom, 3 * 108 - 6);
    let kinetic = kinetic_energy(&system, Selection::All, &CODATA);
    assert!((temperature(kinetic, freedom, &CODATA) / 300.0 - 1.0).abs() < ROUNDING);
    let tensor = kinetic_tensor(&system, Selection::All, &CODATA);
    assert!((0.5 * tensor.trace() / kinetic - 1.0).abs() < ROUNDING);
}

#[test]
fn groups_are_brought_to_rest_alone() {
    let mut system = cluster(3, 300.0);
    for (k, velocity) in system.atoms.velocity_mut().iter_mut().enumerate() {
        *velocity += Vector::new(0.1 * k as f64, 3.0, -1.0);
    }
    let other = Selection::Group(1);
    let before = momentum(&system, other);
    remove_momentum(&mut system, Selection::Group(0));
    remove_angular_momentum(&mut system, Selection::Group(0));
    let scale = momentum_scale(&system);
    assert!(momentum(&system, Selection::Group(0)).norm() < ROUNDING * scale);
    assert!(angular_momentum(&system, Selection::Group(0)).norm() < 10.0 * ROUNDING * scale);
    assert_eq!(momentum(&system, other), before);
}

#[test]
fn wrapping_does_not_change_angular_momentum() {
    let mut system = crystal(2, 5.3, 100.0);
    let before = angular_momentum(&system, Selection::All);
    for position in system.atoms.position_mut() {
        *position += Vector::new(3.0, 4.0, 5.0);
    }
    system.wrap();
    let after = angular_momentum(&system, Selection::All);
    assert!((after - before).norm() < 1e-11 * momentum_scale(&system));
}

#[test]
fn bodies_without_three_moments_of_inertia_are_stopped_too() {
    let line: Vec<Vector> = (0..4)
        .map(|k| Vector::new(1.0, 2.0, 3.0) * f64::from(k))
        .collect();
    for (places, freedom) in [(&line[..1], 0), (&line[..2], 1), (&line[..], 7)] {
        let mut system = free(places);
        let found = degrees_of_freedom(&system, Selection::All, AtRest::TranslationAndRotation);
        assert_eq!(found, freedom);
        remove_momentum(&mut system, Selection::All);
        remove_angular_momentum(&mut system, Selection::All);
        assert!(momentum(&system, Selection::All).norm() < 1e-10);
        assert!(angular_momentum(&system, Selection::All).norm() < 1e-10);
        assert!(
            system
                .atoms
                .velocity()
                .iter()
                .all(|v| v.iter().all(|x| x.is_finite()))
        );
    }
}

#[test]
fn velocities_follow_maxwells_distribution_and_the_ids() {
    let mut system = cluster(6, 0.0);
    let draw = |system: &mut System, seed| {
        initialise_velocities(
            system,
            Selection::All,
            500.0,
            AtRest::Nothing,
            Streams::new(seed),
            &CODATA,
        )
        .unwrap();
    };
    draw(&mut system, 1);
    // Kinetic energies over k T of single atoms: gamma-distributed of shape 3/2.
    let thermal = CODATA.boltzmann * 500.0;
    let energies: Vec<f64> = (0..system.atoms.len())
        .map(|k| {
            let speed2 = system.atoms.velocity()[k].norm_squared();
            0.5 * CODATA.mass_velocity2_to_energy * system.mass(k) * speed2 / thermal
        })
        .collect();
    assert!(kolmogorov(&energies, |x| gamma_cumulative(1.5, x)) < KOLMOGOROV_LIMIT);

    let of_id_7 = |system: &System| {
        let place = system.atoms.id().iter().position(|&id| id == 7).unwrap();
        system.atoms.velocity()[place]
    };
    let first = of_id_7(&system);
    let order: Vec<u32> = (0..system.atoms.len() as u32).rev().collect();
    system.atoms.reorder(&order);
    draw(&mut system, 1);
    // The scaling to the exact temperature sums in another order.
    assert!((of_id_7(&system) - first).norm() < 1e-12 * first.norm());
    draw(&mut system, 2);
    assert_ne!(of_id_7(&system), first);
}

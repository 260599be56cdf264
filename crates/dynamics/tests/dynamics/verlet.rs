//! Velocity Verlet without thermostat.

use frit_dynamics::Ensemble;
use frit_dynamics::Selection;
use frit_dynamics::measure::{angular_momentum, momentum};
use frit_potentials::Request;

use crate::models::{
    ARGON, CODATA, Well, by_id, cluster, crystal, dynamics, dynamics_within, force_field,
};
use crate::models::{smooth_argon, system};

/// Root mean square of the energy's deviation at eight common times of 1 ps.
fn energy_error(time_step: f64) -> f64 {
    let mut system = crystal(3, 5.3, 80.0);
    let mut forces = smooth_argon();
    let mut dynamics = dynamics(Ensemble::Nve, time_step, &mut system, &mut forces);
    let start = dynamics.conserved(&system, forces.evaluation().energy);
    let steps = (0.125 / time_step).round() as u64;
    let mut sum = 0.0;
    for step in 1..=8 * steps {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
        if step % steps == 0 {
            sum += (dynamics.conserved(&system, forces.evaluation().energy) - start).powi(2);
        }
    }
    (sum / 8.0).sqrt()
}

#[test]
fn the_energy_error_falls_with_the_square_of_the_time_step() {
    let errors: Vec<f64> = [1.0 / 128.0, 1.0 / 256.0, 1.0 / 512.0]
        .into_iter()
        .map(energy_error)
        .collect();
    // The next term of the error, of fourth order, is below 1 % of the second at 1/256 ps.
    for (pair, tolerance) in errors.windows(2).zip([0.08, 0.02]) {
        let ratio = pair[0] / pair[1];
        assert!((ratio / 4.0 - 1.0).abs() < tolerance, "{errors:?}");
    }
}

#[test]
fn an_oscillator_has_verlets_frequency_and_is_bound() {
    // Verlet's solution of the oscillator: x_n = cos(n φ), with cos φ = 1 - (ω Δt)²/2.
    let stiffness = 2.0;
    let places = [frit_atoms::Vector::new(1.0, 0.0, 0.0)];
    let cell = frit_atoms::Cell::orthogonal([10.0; 3], [false; 3]).unwrap();
    let mut system = system(cell, &places);
    let mut forces = force_field(Well { stiffness }, 100.0);
    let omega = (stiffness * CODATA.force_to_acceleration / ARGON).sqrt();
    let time_step = 0.3 / omega;
    let mut dynamics = dynamics_within(1.0, Ensemble::Nve, time_step, &mut system, &mut forces);
    let phase = (1.0 - 0.5 * 0.3_f64.powi(2)).acos();
    for n in 1..=10_000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        let exact = (f64::from(n) * phase).cos();
        // Rounding grows with the number of steps only.
        assert!((system.atoms.position()[0].x - exact).abs() < 1e-10);
    }
}

#[test]
fn reversed_velocities_lead_back() {
    let mut system = cluster(2, 60.0);
    let mut forces = smooth_argon();
    let (start, _) = by_id(&system);
    let mut dynamics = dynamics(Ensemble::Nve, 0.005, &mut system, &mut forces);
    for leg in 0..2 {
        for _ in 0..300 {
            dynamics
                .advance(&mut system, &mut forces, Request::FORCES)
                .unwrap();
        }
        if leg == 0 {
            system
                .atoms
                .velocity_mut()
                .iter_mut()
                .for_each(|v| *v = -*v);
        }
    }
    let (end, _) = by_id(&system);
    for (a, b) in start.iter().zip(end) {
        // Rounding errors of 1e-15 Å grow by chaos, about e-fold in 0.5 ps here, for 3 ps.
        assert!((a - b).norm() < 1e-10);
    }
}

#[test]
fn momentum_and_angular_momentum_are_conserved() {
    let mut system = cluster(3, 60.0);
    let mut forces = smooth_argon();
    let mut dynamics = dynamics(Ensemble::Nve, 0.005, &mut system, &mut forces);
    for _ in 0..1000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
    }
    // 1000 roundings of a momentum of about 50 u Å/ps an atom, arms of 10 Å.
    assert!(momentum(&system, Selection::All).norm() < 1e-9);
    assert!(angular_momentum(&system, Selection::All).norm() < 1e-8);
}

#[test]
fn a_free_particle_moves_in_a_straight_line_through_periodic_boundaries() {
    let mut system = crystal(1, 5.3, 100.0);
    let mut forces = force_field(Well { stiffness: 0.0 }, 0.5);
    let (start, velocity) = by_id(&system);
    let mut dynamics = dynamics(Ensemble::Nve, 0.01, &mut system, &mut forces);
    for _ in 0..2000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
    }
    let (end, _) = by_id(&system);
    for ((start, end), velocity) in start.iter().zip(end).zip(velocity) {
        assert!((start + 20.0 * velocity - end).norm() < 1e-10);
    }
    assert!((dynamics.time() - 20.0).abs() < 1e-12);
}

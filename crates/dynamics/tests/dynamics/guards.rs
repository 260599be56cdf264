//! What goes wrong is found and named.

use frit_atoms::{Cell, Vector};
use frit_dynamics::{Dynamics, Ensemble, ForceError, Langevin, NoseHoover, Ramp, Setup, StepError};
use frit_engine::random::Streams;
use frit_potentials::Request;

use crate::models::{CODATA, crystal, dynamics, smooth_argon, system};

#[test]
fn an_atom_that_moves_too_fast_is_named_with_its_neighbour() {
    let mut system = crystal(2, 5.3, 50.0);
    let mut forces = smooth_argon();
    let place = system.atoms.id().iter().position(|&id| id == 11).unwrap();
    system.atoms.velocity_mut()[place] = Vector::new(300.0, 0.0, 0.0);
    let mut dynamics = dynamics(Ensemble::Nve, 0.005, &mut system, &mut forces);
    let error = dynamics
        .advance(&mut system, &mut forces, Request::FORCES)
        .unwrap_err();
    let StepError::Stray { step, atom, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!((*step, atom.id), (1, 11));
    let (neighbour, distance) = atom.nearest.unwrap();
    assert_ne!(neighbour, 11);
    assert!(distance < 5.3);
    assert!(error.to_string().contains("atom 11 ("), "{error}");
}

#[test]
fn a_velocity_that_is_not_a_number_is_found_in_the_same_step() {
    let mut system = crystal(2, 5.3, 50.0);
    let mut forces = smooth_argon();
    let mut dynamics = dynamics(Ensemble::Nve, 0.005, &mut system, &mut forces);
    let place = system.atoms.id().iter().position(|&id| id == 5).unwrap();
    system.atoms.velocity_mut()[place].y = f64::NAN;
    let error = dynamics
        .advance(&mut system, &mut forces, Request::FORCES)
        .unwrap_err();
    assert!(
        matches!(&error, StepError::Stray { atom, .. } if atom.id == 5),
        "{error}"
    );
}

#[test]
fn atoms_at_one_place_are_named() {
    let cell = Cell::orthogonal([10.0; 3], [false; 3]).unwrap();
    let mut system = system(
        cell,
        &[
            Vector::repeat(1.0),
            Vector::repeat(5.0),
            Vector::repeat(5.0),
        ],
    );
    let mut forces = smooth_argon();
    let error = forces.evaluate(&mut system, Request::FORCES).unwrap_err();
    let ForceError::NotFinite(atom) = &error else {
        panic!("{error}");
    };
    let (neighbour, distance) = atom.nearest.unwrap();
    assert_eq!([atom.id.min(neighbour), atom.id.max(neighbour)], [1, 2]);
    assert_eq!(distance, 0.0);
    assert!(forces.force().is_empty());
}

#[test]
fn dynamics_needs_forces_to_start_from() {
    let mut system = crystal(2, 5.3, 50.0);
    let mut forces = smooth_argon();
    let setup = Setup::new(Ensemble::Nve, 0.005, Streams::new(1));
    let mut dynamics = Dynamics::new(setup, &system).unwrap();
    let error = dynamics.advance(&mut system, &mut forces, Request::FORCES);
    assert_eq!(error, Err(StepError::NoForces));
}

#[test]
fn an_atom_may_leave_a_free_cell() {
    let cell = Cell::orthogonal([1.0; 3], [false; 3]).unwrap();
    let mut system = system(cell, &[Vector::repeat(0.5)]);
    system.atoms.velocity_mut()[0].x = 10.0;
    let mut forces = smooth_argon();
    let mut dynamics = dynamics(Ensemble::Nve, 0.01, &mut system, &mut forces);
    for _ in 0..1000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
    }
    assert!((system.atoms.position()[0].x - 100.5).abs() < 1e-9);
}

#[test]
fn parameters_out_of_range_are_refused() {
    let constant = Ramp::constant;
    let error = NoseHoover::new(constant(-1.0), 0.1, 3, &CODATA).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the temperature of the Nosé-Hoover chain is -1 K; it must be positive and finite"
    );
    assert!(NoseHoover::new(constant(1.0), 0.0, 3, &CODATA).is_err());
    assert!(NoseHoover::new(constant(1.0), 0.1, 0, &CODATA).is_err());
    assert!(Langevin::new(constant(f64::NAN), 1.0).is_err());
    assert!(Langevin::new(constant(1.0), -1.0).is_err());
    let system = crystal(1, 5.3, 1.0);
    let setup = Setup::new(Ensemble::Nve, 0.0, Streams::new(1));
    assert!(Dynamics::new(setup, &system).is_err());
}

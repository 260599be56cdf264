//! Frozen atoms, springs, added forces, walls.

use frit_atoms::{Cell, Vector};
use frit_dynamics::external::{AddedForce, Chosen, Share, Springs, Wall};
use frit_dynamics::measure::{centre_of_mass, degrees_of_freedom, kinetic_energy, momentum};
use frit_dynamics::{
    AtRest, Ensemble, External, ForceError, ForceField, Langevin, Ramp, Selection,
};
use frit_potentials::Request;

use crate::models::{
    ARGON, CODATA, Well, by_id, cluster, crystal, dynamics, dynamics_within, force_field,
    smooth_argon, system,
};
use crate::thermostats::check_kinetic_energies;

/// Root mean square of the energy's deviation at eight common times of 1 ps.
fn energy_error(external: &External, time_step: f64) -> f64 {
    let mut system = cluster(2, 60.0);
    let mut forces = smooth_argon().with_external(external.clone());
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

/// Half of the atoms of the common cluster.
fn some() -> Chosen {
    Chosen::new(1..=16, &cluster(2, 60.0))
}

fn wall(low: bool, at: f64) -> Wall {
    Wall {
        name: "support".to_owned(),
        axis: 2,
        low,
        at,
        epsilon: 0.05,
        sigma: 3.0,
        cutoff: 9.0,
    }
}

#[test]
fn whatever_acts_leaves_the_energy_error_of_second_order() {
    let system = cluster(2, 60.0);
    let force = Vector::new(0.002, -0.001, 0.003);
    let externals = [
        External {
            springs: vec![Springs::new(0.5, some(), &system)],
            ..External::default()
        },
        External {
            forces: vec![
                AddedForce::new(10.0 * force, Share::Total, some(), &system),
                AddedForce::new(force, Share::Each, some(), &system),
            ],
            ..External::default()
        },
        External {
            // Atoms lie between 1.3 and 9.3 Å.
            walls: vec![wall(true, -1.5), wall(false, 12.0)],
            ..External::default()
        },
    ];
    for external in externals {
        let errors =
            [1.0 / 128.0, 1.0 / 256.0, 1.0 / 512.0].map(|step| energy_error(&external, step));
        for (pair, tolerance) in errors.windows(2).zip([0.1, 0.03]) {
            let ratio = pair[0] / pair[1];
            assert!(
                (ratio / 4.0 - 1.0).abs() < tolerance,
                "{external:?}: {errors:?}"
            );
        }
    }
}

#[test]
fn energies_of_atoms_add_up_and_forces_are_their_slope() {
    let mut here = cluster(2, 60.0);
    let external = External {
        springs: vec![Springs::new(0.5, some(), &here)],
        forces: vec![AddedForce::new(Vector::x(), Share::Total, some(), &here)],
        walls: vec![wall(true, -1.5)],
        ..External::default()
    };
    for (position, k) in here.atoms.position_mut().iter_mut().zip(0_u32..) {
        position.z += 0.1 * f64::from(k).sin();
    }
    let mut forces = smooth_argon().with_external(external);
    forces.evaluate(&mut here, Request::ALL).unwrap();
    let evaluation = forces.evaluation().clone();
    let sum: f64 = evaluation.atom_energy.iter().sum();
    let size = evaluation.energy.abs();
    assert!(
        (sum - evaluation.energy).abs() < 1e-12 * size,
        "{sum} {}",
        evaluation.energy
    );
    const STEP: f64 = 1e-4;
    for atom in [0, 9, 20, 31] {
        for axis in 0..3 {
            let mut energy = |by: f64| {
                let mut moved = here.clone();
                moved.atoms.position_mut()[atom][axis] += by;
                forces.evaluate(&mut moved, Request::ENERGY).unwrap();
                forces.evaluation().energy
            };
            let slope = (energy(STEP) - energy(-STEP)) / (2.0 * STEP);
            // Curvatures change by some eV/Å⁴ times step², energies are rounded to 1e-16 of 1 eV.
            let found = evaluation.force[atom][axis];
            assert!((slope + found).abs() < 1e-7, "{slope} {found}");
        }
    }
}

#[test]
fn a_force_on_a_group_accelerates_it_as_one_body() {
    // Without inner forces: every atom of a group falls alike, whatever its mass.
    let cell = Cell::orthogonal([50.0; 3], [false; 3]).unwrap();
    let mut system = system(cell, &crate::models::fcc(2, 8.0));
    let chosen = Chosen::new(1..=16, &system);
    let force = Vector::new(0.1, 0.0, -0.2);
    let external = External {
        forces: vec![AddedForce::new(
            force,
            Share::Total,
            chosen.clone(),
            &system,
        )],
        ..External::default()
    };
    let mut forces = force_field(Well { stiffness: 0.0 }, 0.0).with_external(external);
    let before = by_id(&system).0;
    let mut dynamics = dynamics(Ensemble::Nve, 0.005, &mut system, &mut forces);
    for _ in 0..200 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
    }
    // Species in turns: eight atoms of each mass. Verlet is exact under a constant force.
    let way = 0.5 * force * CODATA.force_to_acceleration / (24.0 * ARGON);
    for (id, (now, then)) in (1..).zip(by_id(&system).0.iter().zip(&before)) {
        let expected = if chosen.contains(id) {
            way
        } else {
            Vector::zeros()
        };
        assert!((now - then - expected).norm() < 1e-12, "{id}");
    }
    let gained = force * CODATA.force_to_acceleration;
    assert!((momentum(&system, Selection::All) - gained).norm() < 1e-10 * gained.norm());
}

#[test]
fn a_wall_is_that_of_lammps() {
    // LAMMPS 22 July 2025, one atom at z = d in a box without periods, `pair_style zero 5.0`:
    //   fix w all wall/lj93 zlo 0.0 0.05 3.0 9.0
    //   fix_modify w energy yes
    // `run 0` prints energy and force.
    let cases = [
        (1.5, 3.015_184_846_483_428_3, 19.679_999_999_999_993),
        (2.5, -0.050_149_951_169_904_32, 0.020_154_728_448_000_064),
        (3.0, -0.041_481_820_183_237_64, -0.030_000_000_000_000_01),
        (5.0, -0.008_881_302_209_904_32, -0.006_359_067_648_000_004),
        (8.9, -6.309_013_872_389_242e-5, -0.000_645_119_401_017_669),
    ];
    let wall = wall(true, 0.0);
    for (distance, energy, force) in cases {
        let found = wall.value(distance);
        // Differences of ε times powers of σ/d up to 512, rounded some ten times.
        assert!(
            (found.0 - energy).abs() < 1e-15 + 1e-14 * energy.abs(),
            "{distance}"
        );
        assert!(
            (found.1 - force).abs() < 1e-15 + 1e-14 * force.abs(),
            "{distance}"
        );
    }
    assert_eq!(wall.value(9.0), (0.0, 0.0));
}

#[test]
fn an_atom_behind_a_wall_is_named() {
    let mut system = cluster(2, 60.0);
    let mut forces = smooth_argon().with_external(External {
        walls: vec![wall(true, 5.0)],
        ..External::default()
    });
    let error = forces.evaluate(&mut system, Request::FORCES).unwrap_err();
    let ForceError::BehindWall { atom, wall, .. } = &error else {
        panic!("{error}");
    };
    assert!(atom.position.z < 5.0 && wall == "support", "{error}");
    assert!(error.to_string().contains("z = 5 Å"), "{error}");
    assert!(forces.force().is_empty());
}

#[test]
fn frozen_atoms_stay_to_the_bit_and_the_others_have_the_canonical_energies() {
    const TEMPERATURE: f64 = 150.0;
    let mut system = crystal(2, 6.9, TEMPERATURE);
    let frozen = Chosen::new(1..=8, &system);
    for place in frozen.places(&system) {
        system.atoms.velocity_mut()[place] = Vector::zeros();
    }
    let before = by_id(&system).0;
    let mut forces: ForceField = smooth_argon().with_external(External {
        frozen: Some(frozen),
        ..External::default()
    });
    let ensemble = Ensemble::Langevin(Langevin::new(Ramp::constant(TEMPERATURE), 5.0).unwrap());
    let mut dynamics = dynamics_within(0.5, ensemble, 0.01, &mut system, &mut forces);
    let at_rest = AtRest::Held {
        centres: 0,
        atoms: 8,
    };
    let freedom = degrees_of_freedom(&system, Selection::All, at_rest);
    assert_eq!(freedom, 3 * (32 - 8));
    let mut energies = Vec::new();
    for step in 0..41_000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        if step >= 1000 && step % 10 == 0 {
            let kinetic = kinetic_energy(&system, Selection::All, &CODATA);
            energies.push(kinetic / (CODATA.boltzmann * TEMPERATURE));
        }
    }
    let after = by_id(&system).0;
    for (now, then) in after.iter().zip(&before).take(8) {
        // The same place, though perhaps another image of it.
        assert!((now - then).norm() < 1e-13, "{now:?} {then:?}");
    }
    assert!(centre_of_mass(&system, Selection::All).is_some());
    check_kinetic_energies(&energies, freedom);
}

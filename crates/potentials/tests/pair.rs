//! Lennard-Jones and ZBL give exact and independently computed numbers.
#![allow(clippy::unwrap_used, reason = "a test that fails should stop")]

use std::f64::consts::SQRT_2;

use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector};
use frit_potentials::Bound;
use frit_potentials::pair::{
    AtCutoff, LennardJones, LennardJonesPair, PairError, Radial, Zbl, ZblConstants,
};

mod support;
use support::evaluate;

const EPSILON: f64 = 0.0104;
const SIGMA: f64 = 3.4;

fn argon() -> LennardJonesPair {
    LennardJonesPair {
        species: ["Ar".into(), "Ar".into()],
        epsilon: EPSILON,
        sigma: SIGMA,
    }
}

#[test]
fn lennard_jones_has_its_zero_and_minimum() {
    let potential =
        LennardJones::potential(&["Ar"], &[argon()], 12.0, AtCutoff::Truncated).unwrap();
    let function = potential.function(0, 0);
    assert!(function.at(SIGMA * SIGMA).energy.abs() < 1e-17);
    // (2^(1/6))² = 2^(1/3).
    let minimum = function.at(SIGMA * SIGMA * 2.0_f64.cbrt());
    assert!((minimum.energy + EPSILON).abs() < 1e-16);
    assert!(minimum.slope_over_distance.abs() < 1e-17);
    // φ'(σ) = -24 ε/σ.
    let slope = function.at(SIGMA * SIGMA).slope_over_distance * SIGMA;
    assert!((slope + 24.0 * EPSILON / SIGMA).abs() < 1e-15);
}

#[test]
fn a_shifted_energy_ends_at_zero() {
    let shifted = LennardJones::potential(&["Ar"], &[argon()], 8.5, AtCutoff::Shifted).unwrap();
    let truncated = LennardJones::potential(&["Ar"], &[argon()], 8.5, AtCutoff::Truncated).unwrap();
    let end = |potential: &frit_potentials::pair::Pair<LennardJones>| {
        potential.function(0, 0).at(8.5 * 8.5)
    };
    assert_eq!(end(&shifted).energy, 0.0);
    assert!(end(&truncated).energy < -1e-4);
    assert_eq!(
        end(&shifted).slope_over_distance,
        end(&truncated).slope_over_distance
    );
}

/// The energy of an fcc crystal is a sum over shells: 12 neighbours at the distance d, 6 at √2 d, 24 at
/// √3 d, 12 at 2 d, 24 at √5 d, ...
#[test]
fn an_fcc_crystal_has_the_energy_of_its_shells() {
    const SHELLS: [f64; 4] = [12.0, 6.0, 24.0, 12.0];
    let distance = 3.7;
    // Between the fourth and the fifth shell.
    let potential =
        LennardJones::potential(&["Ar"], &[argon()], 2.1 * distance, AtCutoff::Truncated).unwrap();
    let edge = distance * SQRT_2;
    let cell = Cell::orthogonal([edge; 3], [true; 3]).unwrap();
    let sites = [[0.0; 3], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]];
    let atoms: Atoms = sites
        .iter()
        .enumerate()
        .map(|(index, site)| Atom {
            position: Vector::from(*site) * edge,
            velocity: Vector::zeros(),
            image: [0; 3],
            species: 0,
            id: index as u32 + 1,
            group: 0,
        })
        .collect();
    let species = vec![Species::of_element("Ar").unwrap()];
    let system = System::new(cell, atoms, species).unwrap();
    let found = evaluate(&mut Bound::new(potential), &system, 0.3);
    let ratio6 = (SIGMA / distance).powi(6);
    let (mut energy, mut virial) = (0.0, 0.0);
    for (index, neighbours) in SHELLS.iter().enumerate() {
        let term6 = ratio6 / f64::from(index as i32 + 1).powi(3);
        energy += 4.0 * 2.0 * neighbours * EPSILON * (term6 * term6 - term6);
        virial += 4.0 * 2.0 * neighbours * EPSILON * (12.0 * term6 * term6 - 6.0 * term6);
    }
    // Rounding: some hundred terms of 0.01 eV.
    assert!((found.energy - energy).abs() < 1e-14, "{}", found.energy);
    let cubic = Matrix::identity() * (virial / 3.0);
    assert!((found.virial - cubic).amax() < 1e-13, "{}", found.virial);
}

/// Values and slopes over distance computed with forty digits (mpmath) from the formulas, with
/// k = 14.399645468668 eV Å, inner 2.0 Å, outer 3.1 Å.
#[test]
fn zbl_gives_the_numbers_of_its_formula() {
    let references = [
        (0, 0, 1.0, 462.340_762_165_960_6, -2_089.530_677_252_841),
        (0, 1, 2.3, 2.005_188_288_125_166, -3.599_898_257_024_012_5),
        (1, 1, 0.5, 1_245.059_059_455_639_4, -14_621.541_827_015_019),
    ];
    let potential = Zbl::potential(&["Pt", "Fe"], 2.0, 3.1, ZblConstants::CODATA).unwrap();
    for (first, second, r, energy, slope) in references {
        let found = potential.function(first, second).at(r * r);
        assert!((found.energy / energy - 1.0).abs() < 1e-13, "{found:?}");
        assert!(
            (found.slope_over_distance / slope - 1.0).abs() < 1e-13,
            "{found:?}"
        );
    }
}

#[test]
fn zbl_ends_smoothly_and_has_no_step_at_the_inner_radius() {
    let potential = Zbl::potential(&["Pt", "Fe"], 2.0, 3.1, ZblConstants::CODATA).unwrap();
    let function = potential.function(0, 1);
    let end = function.at(3.1 * 3.1);
    // 1e-14 of the unswitched energy, 0.4 eV.
    assert!(
        end.energy.abs() < 1e-14 && end.slope_over_distance.abs() < 1e-14,
        "{end:?}"
    );
    let [below, above] = [1.999_999_999, 2.000_000_001].map(|r| function.at(r * r));
    assert!((below.energy - above.energy).abs() < 1e-7);
    assert!((below.slope_over_distance - above.slope_over_distance).abs() < 1e-7);
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let refused = |pairs: &[LennardJonesPair], cutoff| {
        LennardJones::potential(&["Ar", "Kr"], pairs, cutoff, AtCutoff::Shifted).unwrap_err()
    };
    let missing = refused(&[argon()], 8.0).to_string();
    assert!(
        missing.contains("the pair Ar-Kr; there are some for Ar-Ar"),
        "{missing}"
    );
    let twice = refused(&[argon(), argon()], 8.0);
    assert!(matches!(twice, PairError::TwoPairs { .. }));
    let cutoff = refused(&[argon()], f64::NAN).to_string();
    assert!(cutoff.contains("must be positive and finite"), "{cutoff}");
    let zbl = |species: &[&str], inner, outer| {
        Zbl::potential(species, inner, outer, ZblConstants::CODATA)
            .unwrap_err()
            .to_string()
    };
    assert!(zbl(&["Pt", "A"], 1.0, 2.0).contains("A is no element"));
    assert!(zbl(&["Pt"], 2.0, 2.0).contains("larger than the inner radius"));
}

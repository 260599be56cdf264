//! MEAM keeps the laws of the contract suite on every kernel path, and the paths agree.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop"
)]

mod meam_support;

use frit_atoms::System;
use frit_potentials::contract_suite::{self, samples};
use frit_potentials::meam::{Meam, PairTable};
use frit_potentials::{Bound, Evaluation, KernelPath, Model, Potential, Request};
use meam_support::{bound, evaluate, shipped, species, variant};

const ELEMENTS: [&str; 2] = ["Pt", "Fe"];

fn available() -> impl Iterator<Item = KernelPath> {
    KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
}

#[test]
fn every_path_keeps_all_laws() {
    let parameters = shipped("PtFe", &ELEMENTS);
    for path in available() {
        let model = Meam::new(&parameters, &species(&ELEMENTS), path).unwrap();
        assert_eq!(model.kernel(), path.name());
        let make = || Box::new(Bound::new(model.clone())) as Box<dyn Potential>;
        for (name, system) in samples(&species(&ELEMENTS), 2.75) {
            if let Err(violation) = contract_suite::check(&make, &system) {
                panic!("{path}, {name}: {violation}");
            }
        }
    }
}

/// Relative to the largest force or energy, plus one: the paths differ in the order of sums and in
/// fused products, some hundred roundings.
const ROUNDING: f64 = 1e-11;

fn assert_same(found: &Evaluation, expected: &Evaluation, name: &str) {
    let largest = expected
        .force
        .iter()
        .fold(1.0, |most: f64, force| most.max(force.amax()));
    let pairs = found.force.iter().zip(&expected.force);
    let force = pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).amax()));
    assert!(
        force < ROUNDING * largest,
        "{name}: forces differ by {force:e}"
    );
    let energy = (found.energy - expected.energy).abs();
    assert!(
        energy < ROUNDING * (1.0 + expected.energy.abs()),
        "{name}: {energy:e}"
    );
    let virial = (found.virial - expected.virial).amax();
    assert!(
        virial < ROUNDING * (1.0 + expected.virial.amax()),
        "{name}: {virial:e}"
    );
}

fn assert_paths_agree(name: &str, elements: &[&str], systems: &[(&'static str, System)]) {
    let parameters = match name {
        "ternary" => variant(name, elements).0,
        _ => shipped(name, elements),
    };
    let on = |path| bound(&parameters, elements, path, PairTable::Lammps);
    let mut reference = on(KernelPath::Reference);
    for path in available() {
        let mut potential = on(path);
        for (sample, system) in systems {
            let expected = evaluate(&mut reference, system, Request::ALL);
            let found = evaluate(&mut potential, system, Request::ALL);
            assert_same(&found, &expected, &format!("{name}, {sample}, {path}"));
        }
    }
}

#[test]
fn paths_agree() {
    for (name, elements) in [
        ("PtFe", &["Pt", "Fe"][..]),
        ("NiFe", &["Ni", "Fe"]),
        ("PtCu", &["Cu", "Pt"]),
        ("ternary", &["Pt", "Fe", "Cu"]),
    ] {
        assert_paths_agree(name, elements, &samples(&species(elements), 2.7));
    }
}

/// At 1.7 Å some 90 atoms are within range: more than the vector kernels' columns hold.
#[test]
fn paths_agree_where_atoms_are_crowded() {
    assert_paths_agree("PtFe", &ELEMENTS, &samples(&species(&ELEMENTS), 1.7));
}

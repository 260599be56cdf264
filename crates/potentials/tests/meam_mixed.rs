//! MEAM in mixed precision: how far it is from LAMMPS, and what remains exact.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod meam_support;

use frit_atoms::{System, Vector};
use frit_potentials::meam::{Meam, MeamError};
use frit_potentials::{Bound, Evaluation, KernelPath, Request};
use meam_support::{evaluate, frames, root, shipped, shortest_distance, species};

const ELEMENTS: [&str; 2] = ["Pt", "Fe"];
/// Largest deviations of forces [eV/Å] and of energies of atoms [eV] of frames without atoms closer
/// than 2 Å.
///
/// Distances are rounded to 2⁻²⁴ of themselves, 2.6e-7 Å. The model is stiff where screening and the
/// cutoff of 0.1 Å switch: atoms with bonds there have curvatures of some 100 eV/Å², which feel
/// that as 3e-5 eV/Å for each of a few bonds.
const FORCE: f64 = 1e-4;
const ENERGY: f64 = 2e-5;
/// The same of frames with closer ones, down to 1.35 Å, where forces of 100 eV/Å are differences of
/// terms ten times as large: a fraction of the largest force, or energy.
const NEAR: f64 = 2e-5;

fn paths() -> impl Iterator<Item = KernelPath> {
    KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available() && *path != KernelPath::Reference)
}

fn mixed(path: KernelPath) -> Bound<Meam> {
    let parameters = shipped("PtFe", &ELEMENTS);
    Bound::new(Meam::mixed(&parameters, &species(&ELEMENTS), path).unwrap())
}

#[test]
fn every_frame_of_lammps_is_met_within_single_precision() {
    let mut worst = [0.0_f64; 4];
    for path in paths() {
        let mut potential = mixed(path);
        for file in [
            "meam_PtFe.extxyz",
            "meam_PtFe_cells.extxyz",
            "meam_PtFe_dimers.extxyz",
        ] {
            for frame in frames(&root().join("tests/data/lammps").join(file), &ELEMENTS) {
                let near = shortest_distance(&frame.system) < 2.0;
                let found = evaluate(&mut potential, &frame.system, Request::ALL);
                let largest = |of: &mut dyn Iterator<Item = f64>| of.fold(0.0, f64::max);
                let forces = found.force.iter().zip(&frame.force);
                let force = largest(&mut forces.map(|(a, b)| (a - b).amax()));
                let energies = found.atom_energy.iter().zip(&frame.local_energy);
                let energy = largest(&mut energies.map(|(a, b)| (a - b).abs()));
                let (allowed_force, allowed_energy) = if near {
                    let force = largest(&mut frame.force.iter().map(Vector::amax));
                    let energy = largest(&mut frame.local_energy.iter().map(|e| e.abs()));
                    (FORCE + NEAR * force, ENERGY + NEAR * energy)
                } else {
                    (FORCE, ENERGY)
                };
                let slots = if near { [2, 3] } else { [0, 1] };
                worst[slots[0]] = worst[slots[0]].max(force);
                worst[slots[1]] = worst[slots[1]].max(energy);
                assert!(
                    force < allowed_force && energy < allowed_energy,
                    "{file} {} {path}: forces off by {force:e} of {allowed_force:e}, energies by \
                     {energy:e} of {allowed_energy:e}",
                    frame.name
                );
                let per_atom = (found.energy - frame.energy).abs() / frame.force.len() as f64;
                assert!(per_atom < allowed_energy, "{} {per_atom:e}", frame.name);
            }
        }
    }
    println!("force, atom energy; the same with atoms closer than 2 Å: {worst:?}");
}

/// A shaken alloy.
fn shaken() -> System {
    let path = root().join("tests/data/lammps/meam_PtFe.extxyz");
    let all = frames(&path, &ELEMENTS);
    let largest = all.into_iter().max_by_key(|frame| frame.force.len());
    largest.unwrap().system
}

fn results(path: KernelPath, system: &System, request: Request) -> Evaluation {
    evaluate(&mut mixed(path), system, request)
}

#[test]
fn the_bits_do_not_depend_on_threads_or_on_what_is_asked() {
    let system = shaken();
    for path in paths() {
        let on = |threads: usize, request| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| results(path, &system, request))
        };
        let one = on(1, Request::ALL);
        assert_eq!(one.force, on(1, Request::FORCES).force, "{path}");
        for threads in [2, 5] {
            let more = on(threads, Request::ALL);
            assert_eq!(one.force, more.force, "{path}");
            assert_eq!(one.energy, more.energy, "{path}");
            assert_eq!(one.virial, more.virial, "{path}");
        }
    }
}

#[test]
fn momentum_is_conserved_as_in_double_precision() {
    let system = shaken();
    for path in paths() {
        let found = results(path, &system, Request::FORCES);
        let total: Vector = found.force.iter().sum();
        let size: f64 = found.force.iter().map(Vector::norm).sum();
        assert!(
            total.amax() < f64::EPSILON * size,
            "{path}: {total:?} of {size}"
        );
    }
}

#[test]
fn forces_are_the_slope_of_the_energy() {
    /// Energies of some 60 changed atoms are noisy by 1e-6 eV each, slopes by that over twice the
    /// step, 2e-3 eV/Å; the curvature of forces adds step² times some 1000 eV/Å³.
    const STEP: f64 = 2e-3;
    const ALLOWED: f64 = 1e-2;
    let system = shaken();
    let path = KernelPath::best();
    let force = results(path, &system, Request::ALL).force;
    for atom in (0..system.atoms.len()).step_by(7) {
        let energy = |by: f64| {
            let mut moved = system.clone();
            moved.atoms.position_mut()[atom].y += by;
            results(path, &moved, Request::ALL).energy
        };
        let slope = (energy(STEP) - energy(-STEP)) / (2.0 * STEP);
        let found = -force[system.atoms.id()[atom] as usize - 1].y;
        assert!(
            (slope - found).abs() < ALLOWED * found.abs().max(1.0),
            "atom {atom}: {slope} {found}"
        );
    }
}

#[test]
fn there_is_no_reference_path_in_mixed_precision() {
    let parameters = shipped("PtFe", &ELEMENTS);
    let error = Meam::mixed(&parameters, &species(&ELEMENTS), KernelPath::Reference).unwrap_err();
    assert!(matches!(error, MeamError::NoMixed { .. }), "{error}");
}

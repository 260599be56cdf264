//! EAM in mixed precision: how far it is from double precision, and what remains exact.
#![allow(clippy::unwrap_used, reason = "a test that fails should stop")]

use frit_atoms::{Neighbours, System, Vector};
use frit_potentials::eam::{Eam, EamError, EamTables, MixedEam, read_setfl, zhou2004};
use frit_potentials::{Bound, Evaluation, KernelPath, Potential, Request};

mod support;
use support::{Frame, cube, evaluate, frames, gas};

/// Largest deviation of a force [eV/Å], as a fraction of the sum of the absolute values of the pair
/// forces on the atom, or of 1 eV/Å if that is more.
///
/// Polynomials may miss pair forces by 1e-4 of themselves and do so by 5e-6 here; positions are
/// rounded to 6e-8 Å and distances to 2⁻²⁴ of themselves, which forces that change by up to 100 times
/// themselves in an Å feel as 3e-5.
const FORCE: f64 = 5e-5;
/// Largest deviation of an energy or a component of the virial [eV], an atom, as a fraction of the same
/// scale in eV: single precision of some tens of pairs of up to an eV, 1e-6, and of polynomials.
const ENERGY: f64 = 5e-5;

fn tables() -> EamTables {
    let text = zhou2004::setfl(&["Pt", "Fe"], zhou2004::Grid::default()).unwrap();
    read_setfl(&text, "zhou").unwrap()
}

fn paths() -> impl Iterator<Item = KernelPath> {
    KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available() && *path != KernelPath::Reference)
}

fn names(system: &System) -> Vec<&str> {
    system.species.iter().map(|s| s.name.as_str()).collect()
}

fn mixed(tables: &EamTables, system: &System, path: KernelPath) -> Bound<MixedEam> {
    Bound::new(MixedEam::new(tables, &names(system), path).unwrap())
}

/// All of LAMMPS's frames: crystals, clusters, surfaces, shaken ones with pairs at 1.35 Å, dimers.
fn all_frames() -> impl Iterator<Item = Frame> {
    let files = [
        "eam_PtFe.extxyz",
        "eam_PtFe_dimers.extxyz",
        "eam_PtFe_cells.extxyz",
    ];
    files.into_iter().flat_map(frames)
}

/// For each atom the size of what adds up to its force [eV/Å]: at least 1, and the steepest repulsion
/// of a pair at the distance of its nearest neighbour.
fn scales(frame: &Frame) -> Vec<f64> {
    let mut system = frame.system.clone();
    let mut neighbours = Neighbours::new(6.5, 0.5).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let surroundings = neighbours.surroundings();
    let mut scales = vec![1.0; system.atoms.len()];
    for atom in 0..system.atoms.len() {
        let here = surroundings.position[atom];
        for &other in surroundings.list.row(atom) {
            let r = (surroundings.position[other as usize] - here).norm();
            // Born-Mayer with the steepest exponent of the tables, 1 eV/Å at 2.5 Å.
            scales[system.atoms.id()[atom] as usize - 1] += (4.0 * (2.5 - r)).exp();
        }
    }
    scales
}

#[test]
fn every_frame_of_lammps_is_met_within_single_precision() {
    let tables = tables();
    let mut worst = [0.0_f64; 4];
    for frame in all_frames() {
        let scales = scales(&frame);
        let mean = scales.iter().sum::<f64>() / scales.len() as f64;
        for path in paths() {
            let found = evaluate(&mut mixed(&tables, &frame.system, path), &frame.system, 0.5);
            let mut check = |slot: usize, what: &str, deviation: f64, allowed: f64| {
                worst[slot] = worst[slot].max(deviation);
                let name = &frame.name;
                assert!(
                    deviation < allowed,
                    "{name}, {path}: {what} is off by {deviation:e}"
                );
            };
            for ((a, b), scale) in found.force.iter().zip(&frame.force).zip(&scales) {
                check(0, "force", (a - b).amax() / scale, FORCE);
            }
            let atoms = scales.len() as f64;
            let energy = (found.energy - frame.energy).abs() / atoms;
            check(1, "energy", energy / mean, ENERGY);
            if let Some(virial) = frame.virial {
                let deviation = (found.virial - virial).amax() / atoms;
                check(2, "virial", deviation / mean, ENERGY);
            }
            for ((a, b), scale) in found
                .atom_energy
                .iter()
                .zip(&frame.atom_energy)
                .zip(&scales)
            {
                check(3, "atom energy", (a - b).abs() / scale, ENERGY);
            }
        }
    }
    println!("largest deviations of force, energy, virial, atom energy: {worst:?}");
}

/// A shaken crystal of Pt and Fe of 4000 atoms.
fn shaken() -> System {
    let frame = all_frames().find(|frame| frame.force.len() > 200).unwrap();
    frame.system
}

fn results(potential: &mut dyn Potential, system: &System, request: Request) -> Evaluation {
    let mut system = system.clone();
    let mut neighbours = Neighbours::new(6.5, 0.5).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let mut evaluation = Evaluation::default();
    evaluation.clear(system.atoms.len(), request);
    potential
        .evaluate(&neighbours.surroundings(), &mut evaluation)
        .unwrap();
    evaluation
}

#[test]
fn forces_have_the_same_bits_on_any_number_of_threads_and_whatever_else_is_asked() {
    let (tables, system) = (tables(), shaken());
    for path in paths() {
        let on = |threads: usize, request| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap()
                .install(|| results(&mut mixed(&tables, &system, path), &system, request))
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
fn forces_on_all_atoms_cancel_but_for_rounding() {
    let (tables, system) = (tables(), shaken());
    for path in paths() {
        let found = results(&mut mixed(&tables, &system, path), &system, Request::FORCES);
        let total: Vector = found.force.iter().sum();
        let size: f64 =
            found.force.iter().map(Vector::norm).sum::<f64>() / found.force.len() as f64;
        // Each atom's sum of some 70 terms of a few eV/Å is rounded to single precision, at random.
        let allowed = 1e-5 * size.max(1.0) * (found.force.len() as f64).sqrt();
        assert!(total.amax() < allowed, "{path}: {total:?} of {size}");
    }
}

#[test]
fn far_from_the_origin_nothing_changes() {
    let (tables, mut system) = (tables(), shaken());
    let path = KernelPath::best();
    let here = results(&mut mixed(&tables, &system, path), &system, Request::ALL);
    // A whole number of units of positions, further than whole numbers reach without wrapping.
    let shift = Vector::new(1024.0, -2048.0, 4096.5);
    for position in system.atoms.position_mut() {
        *position = (*position * f64::from(1 << 24)).map(f64::round) / f64::from(1 << 24);
    }
    let cell = system.cell;
    let on_grid = results(&mut mixed(&tables, &system, path), &system, Request::ALL);
    assert!((on_grid.energy - here.energy).abs() < 1e-5 * here.force.len() as f64);
    for position in system.atoms.position_mut() {
        *position += shift;
    }
    system.cell =
        frit_atoms::Cell::new(*cell.vectors(), cell.origin() + shift, cell.periodic()).unwrap();
    let there = results(&mut mixed(&tables, &system, path), &system, Request::ALL);
    for (a, b) in on_grid.force.iter().zip(&there.force) {
        // Atoms may be listed in another order, so that sums are rounded otherwise.
        assert!((a - b).amax() < 1e-4, "{a:?} {b:?}");
    }
}

#[test]
fn forces_are_the_slope_of_the_energy() {
    let (tables, system) = (tables(), shaken());
    let path = KernelPath::best();
    let force = results(&mut mixed(&tables, &system, path), &system, Request::ALL);
    /// Energies of single precision are noisy by some 1e-5 eV (a few atoms change), slopes by that
    /// over twice the step; the curvature of forces adds step² times some 100 eV/Å³.
    const STEP: f64 = 2e-3;
    const ALLOWED: f64 = 1e-2;
    for atom in (0..system.atoms.len()).step_by(17) {
        let place = |by: f64| {
            let mut moved = system.clone();
            moved.atoms.position_mut()[atom].x += by;
            results(&mut mixed(&tables, &moved, path), &moved, Request::ALL).energy
        };
        let id = system.atoms.id()[atom];
        let slope = (place(STEP) - place(-STEP)) / (2.0 * STEP);
        let sorted = {
            let mut sorted = system.clone();
            let mut neighbours = Neighbours::new(6.5, 0.5).unwrap();
            neighbours.rebuild(&mut sorted).unwrap();
            sorted
                .atoms
                .id()
                .iter()
                .position(|&other| other == id)
                .unwrap()
        };
        let found = -force.force[sorted].x;
        assert!(
            (slope - found).abs() < ALLOWED * found.abs().max(1.0),
            "{slope} {found}"
        );
    }
}

#[test]
fn what_mixed_precision_cannot_follow_is_refused() {
    let mut rough = tables();
    // A step in φ, as of a table with a wrong line.
    for pair in &mut rough.pair {
        for value in &mut pair[900..] {
            *value += 0.5;
        }
    }
    let error = MixedEam::new(&rough, &["Pt"], KernelPath::best()).unwrap_err();
    assert!(matches!(error, EamError::TooRough { .. }), "{error}");
    assert!(
        error.to_string().contains("use double precision"),
        "{error}"
    );
    assert!(Eam::new(&rough, &["Pt"], KernelPath::best()).is_ok());
    let far = EamTables {
        cutoff: 40.0,
        ..tables()
    };
    let error = MixedEam::new(&far, &["Pt"], KernelPath::best()).unwrap_err();
    assert!(matches!(error, EamError::CutoffForMixed { .. }), "{error}");
}

#[test]
fn kernels_agree_for_many_species_and_one_list_after_another() {
    /// Of the largest force: a hundred roundings to 2⁻²⁴.
    const ROUNDING: f64 = 1e-5;
    let text = zhou2004::setfl(&["Pt", "Fe", "Cu", "Ni"], zhou2004::Grid::default()).unwrap();
    let tables = read_setfl(&text, "zhou").unwrap();
    for species in [4, 17] {
        let names: Vec<&str> = (0..species)
            .map(|k| ["Cu", "Pt", "Ni", "Fe"][k % 4])
            .collect();
        let make = |path| Bound::new(MixedEam::new(&tables, &names, path).unwrap());
        let mut kernels: Vec<_> = paths().map(make).collect();
        // Systems that shrink leave memory with names of atoms that are no more.
        for (atoms, edge) in [(900, 24.0), (300, 14.0), (7, 9.0), (600, 30.0), (1, 3.0)] {
            let system = gas(atoms, &names, cube(edge));
            let mut plain = make(KernelPath::Portable);
            let wanted = results(&mut plain, &system, Request::ALL);
            let largest = wanted
                .force
                .iter()
                .map(|force| force.amax())
                .fold(1.0, f64::max);
            for kernel in &mut kernels {
                let found = results(kernel, &system, Request::ALL);
                for (a, b) in found.force.iter().zip(&wanted.force) {
                    let deviation = (a - b).amax();
                    assert!(
                        deviation < ROUNDING * largest,
                        "{species} species, {atoms} atoms: {deviation} of {largest}"
                    );
                }
                let deviation = (found.energy - wanted.energy).abs();
                assert!(deviation < ROUNDING * (1.0 + wanted.energy.abs()));
            }
        }
    }
}

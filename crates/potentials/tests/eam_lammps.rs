//! Energies, forces and virials equal LAMMPS's, which tabulated the same potential by itself.
#![allow(clippy::unwrap_used, reason = "a test that fails should stop")]

use frit_atoms::Matrix;
use frit_potentials::eam::{Eam, EamTables, read_setfl, zhou2004};
use frit_potentials::{Bound, Evaluation, KernelPath};

mod support;
use support::{Frame, evaluate, frames};

/// The largest difference of a component of a force [eV/Å] or an atom's energy [eV] from LAMMPS's.
///
/// Both programs compute the same cubics in another order of operations. An atom sums up to a hundred
/// terms of up to 30 eV/Å (pairs at 1.35 Å), each with a rounding of a few 1e-16 that the table's
/// spacing, 1/0.00325, amplifies: 1e-13 is found, and two digits are left to spare.
const FORCE: f64 = 1e-11;
/// The same for a total energy or a component of the virial [eV], an atom.
const ENERGY: f64 = 1e-11;

fn tables() -> EamTables {
    let text = zhou2004::setfl(&["Pt", "Fe"], zhou2004::Grid::default()).unwrap();
    read_setfl(&text, "zhou").unwrap()
}

fn paths() -> impl Iterator<Item = KernelPath> {
    KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
}

fn ours(tables: &EamTables, frame: &Frame, path: KernelPath) -> Evaluation {
    let names: Vec<&str> = frame
        .system
        .species
        .iter()
        .map(|s| s.name.as_str())
        .collect();
    let model = Eam::new(tables, &names, path).unwrap();
    evaluate(&mut Bound::new(model), &frame.system, 0.5)
}

#[test]
fn every_frame_agrees_on_every_path() {
    let files = [
        "eam_PtFe.extxyz",
        "eam_PtFe_dimers.extxyz",
        "eam_PtFe_cells.extxyz",
    ];
    let tables = tables();
    let mut worst = [0.0_f64; 4];
    for frame in files.into_iter().flat_map(frames) {
        let atoms = frame.force.len() as f64;
        for path in paths() {
            let found = ours(&tables, &frame, path);
            let mut check = |slot: usize, what: &str, difference: f64, allowed: f64| {
                worst[slot] = worst[slot].max(difference);
                let name = &frame.name;
                assert!(
                    difference < allowed,
                    "{name}, {path}: {what} differs by {difference:e}"
                );
            };
            for (a, b) in found.force.iter().zip(&frame.force) {
                check(0, "force", (a - b).amax(), FORCE);
            }
            for (a, b) in found.atom_energy.iter().zip(&frame.atom_energy) {
                check(1, "atom energy", (a - b).abs(), ENERGY);
            }
            check(
                2,
                "energy",
                (found.energy - frame.energy).abs() / atoms,
                ENERGY,
            );
            if let Some(virial) = frame.virial {
                check(3, "virial", (found.virial - virial).amax() / atoms, ENERGY);
            }
            if let Some(stress) = frame.stress {
                let volume = frame.system.cell.volume();
                let difference: Matrix = found.virial / -volume - stress;
                check(3, "stress", difference.amax(), ENERGY);
            }
        }
    }
    println!("largest differences of force, atom energy, energy, virial: {worst:?}");
}

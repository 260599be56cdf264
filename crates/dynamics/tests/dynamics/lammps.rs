//! 200 steps of velocity Verlet against LAMMPS, with its constants.
//!
//! `tools/lammps-reference nve` makes the reference: `fix nve`, steps of 0.001 ps, the first and the
//! last frame with positions (not wrapped), velocities and forces.

use std::path::PathBuf;

use frit_atoms::{Atom, Atoms, Cell, Species, System, Vector};
use frit_dynamics::measure::kinetic_energy;
use frit_dynamics::{Dynamics, Ensemble, ForceField, Selection, Setup};
use frit_engine::random::Streams;
use frit_potentials::eam::{Eam, read_setfl, zhou2004};
use frit_potentials::meam::{self, Meam, PairTable};
use frit_potentials::{Bound, KernelPath, Potential, Request};
use frit_units::constants::MechanicalConstants;

const STEPS: u64 = 200;
const TIME_STEP: f64 = 0.001;

/// Positions agree to this [Å]: rounding errors of 1e-15 Å a step, which chaos makes no more than a
/// hundred times larger in 0.2 ps; on this scale other processors may round differently.
const POSITION_TOLERANCE: f64 = 1e-11;
/// Velocities [Å/ps]: errors of positions times the frequency of vibrations, 30 /ps.
const VELOCITY_TOLERANCE: f64 = 1e-9;
/// Total energies [eV] of some hundred atoms: rounding errors of the tables, 1e-11 eV an atom.
const ENERGY_TOLERANCE: f64 = 1e-8;

struct Frame {
    system: System,
    constants: MechanicalConstants,
    energy: f64,
    kinetic: f64,
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read_frames(name: &str) -> Vec<Frame> {
    let text = std::fs::read_to_string(root().join("tests/data/lammps").join(name)).unwrap();
    let mut lines = text.lines();
    let mut frames = Vec::new();
    while let Some(count) = lines.next() {
        let comment = lines.next().unwrap();
        let atoms = (0..count.parse().unwrap()).map(|_| lines.next().unwrap());
        frames.push(read_frame(comment, &atoms.collect::<Vec<_>>()));
    }
    frames
}

fn read_frame(comment: &str, rows: &[&str]) -> Frame {
    let number = |key: &str| -> f64 {
        let (_, rest) = comment.split_once(&format!(" {key}=")).unwrap();
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    let species = ["Pt", "Fe"].map(|name| Species {
        name: name.to_owned(),
        mass: number(&format!("mass_{name}")),
    });
    let cell = match comment.split_once("Lattice=\"") {
        None => Cell::orthogonal([30.0; 3], [false; 3]).unwrap(),
        Some((_, lattice)) => {
            let numbers: Vec<f64> = lattice
                .split('"')
                .next()
                .unwrap()
                .split_whitespace()
                .map(|word| word.parse().unwrap())
                .collect();
            Cell::orthogonal([numbers[0], numbers[4], numbers[8]], [true; 3]).unwrap()
        }
    };
    let atoms: Atoms = rows
        .iter()
        .zip(1..)
        .map(|(row, id)| {
            let words: Vec<&str> = row.split_whitespace().collect();
            let vector =
                |first: usize| Vector::from([0, 1, 2].map(|k| words[first + k].parse().unwrap()));
            Atom {
                position: vector(1),
                velocity: vector(4),
                image: [0; 3],
                species: species.iter().position(|s| s.name == words[0]).unwrap() as u8,
                id,
                group: 0,
            }
        })
        .collect();
    Frame {
        system: System::new(cell, atoms, species.to_vec()).unwrap(),
        constants: MechanicalConstants {
            mass_velocity2_to_energy: number("mvv2e"),
            force_to_acceleration: number("ftm2v"),
            boltzmann: number("boltz"),
        },
        energy: number("energy"),
        kinetic: number("kinetic_energy"),
    }
}

fn compare(file: &str, potential: impl Fn(&[Species]) -> Box<dyn Potential>) {
    let [first, last] = <[Frame; 2]>::try_from(read_frames(file)).ok().unwrap();
    let mut system = first.system;
    let mut forces = ForceField::new(potential(&system.species), 0.6).unwrap();
    let setup = Setup {
        constants: first.constants,
        ..Setup::new(Ensemble::Nve, TIME_STEP, Streams::new(1))
    };
    let mut dynamics = Dynamics::new(setup, &system).unwrap();
    forces.evaluate(&mut system, Request::ENERGY).unwrap();
    assert!((forces.evaluation().energy - first.energy).abs() < ENERGY_TOLERANCE);
    for _ in 0..STEPS {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
    }
    let (mut position, mut velocity) = (0.0_f64, 0.0_f64);
    for (expected, place) in system.atoms.by_id().into_iter().enumerate() {
        let apart = last.system.atoms.position()[expected] - system.unwrapped(place as usize);
        position = position.max(system.cell.shortest(&apart).norm());
        let change =
            last.system.atoms.velocity()[expected] - system.atoms.velocity()[place as usize];
        velocity = velocity.max(change.norm());
    }
    let energy = (forces.evaluation().energy - last.energy).abs();
    let kinetic = kinetic_energy(&system, Selection::All, &first.constants) - last.kinetic;
    println!("{file}: {position:e} Å, {velocity:e} Å/ps, {energy:e} eV, {kinetic:e} eV");
    assert!(position < POSITION_TOLERANCE, "{position}");
    assert!(velocity < VELOCITY_TOLERANCE, "{velocity}");
    assert!(energy < ENERGY_TOLERANCE && kinetic.abs() < ENERGY_TOLERANCE);
}

#[test]
fn meam_dynamics_of_a_cluster_is_that_of_lammps() {
    let [library, parameters] = ["Kim-2006-PtFe.library.meam", "Kim-2006-PtFe.meam"]
        .map(|name| std::fs::read_to_string(root().join("potentials").join(name)).unwrap());
    let parameters = meam::read(
        "library",
        &library,
        "parameters",
        &parameters,
        &["Pt", "Fe"],
    );
    let parameters = parameters.unwrap();
    compare("nve_meam_PtFe.extxyz", |species| {
        let path = KernelPath::best();
        let model = Meam::with_table(&parameters, species, path, PairTable::Lammps).unwrap();
        Box::new(Bound::new(model))
    });
}

#[test]
fn eam_dynamics_of_a_crystal_is_that_of_lammps() {
    let text = zhou2004::setfl(&["Pt", "Fe"], zhou2004::Grid::default()).unwrap();
    let tables = read_setfl(&text, "Zhou-2004-PtFe.eam.alloy").unwrap();
    compare("nve_eam_PtFe.extxyz", |species| {
        let names: Vec<&str> = species.iter().map(|s| s.name.as_str()).collect();
        Box::new(Bound::new(
            Eam::new(&tables, &names, KernelPath::best()).unwrap(),
        ))
    });
}

//! What holds for MEAM without another program: crystals at rest, and bad input.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod meam_support;

use frit_atoms::{Atom, Atoms, Cell, Neighbours, System, Vector};
use frit_potentials::meam::PairTable;
use frit_potentials::{Evaluation, EvaluationError, KernelPath, Potential, Request};
use meam_support::{bound, evaluate, shipped, species};

const FCC: &[[f64; 3]] = &[
    [0.0, 0.0, 0.0],
    [0.0, 0.5, 0.5],
    [0.5, 0.0, 0.5],
    [0.5, 0.5, 0.0],
];
const BCC: &[[f64; 3]] = &[[0.0, 0.0, 0.0], [0.5, 0.5, 0.5]];

fn atoms(positions: &[(Vector, u8)]) -> Atoms {
    let mut atoms = Atoms::new();
    for (index, &(position, species)) in positions.iter().enumerate() {
        atoms.push(Atom {
            position,
            velocity: Vector::zeros(),
            image: [0; 3],
            species,
            id: index as u32 + 1,
            group: 0,
        });
    }
    atoms
}

fn crystal(basis: &[[f64; 3]], constant: f64, kind: u8, elements: &[&str]) -> System {
    let positions: Vec<(Vector, u8)> = basis
        .iter()
        .map(|point| (constant * Vector::from(*point), kind))
        .collect();
    let cell = Cell::orthogonal([constant; 3], [true; 3]).unwrap();
    System::new(cell, atoms(&positions), species(elements)).unwrap()
}

/// Potential, its elements, element of the crystal, basis, lattice constant [Å], cohesive energy
/// [eV] as LAMMPS finds them at zero pressure. They are the published ones but for Fe of the Pt-Fe
/// set: its cutoff takes in third neighbours that the reference crystal does not count.
type Crystal = (
    &'static str,
    [&'static str; 2],
    usize,
    &'static [[f64; 3]],
    f64,
    f64,
);
const CRYSTALS: [Crystal; 6] = [
    ("PtFe", ["Pt", "Fe"], 0, FCC, 3.9173715860, 5.7700000005),
    ("PtFe", ["Pt", "Fe"], 1, BCC, 2.8636457917, 4.2902096838),
    ("NiFe", ["Ni", "Fe"], 0, FCC, 3.5213917585, 4.4500000000),
    ("NiFe", ["Ni", "Fe"], 1, BCC, 2.8636573197, 4.2900000112),
    ("PtCu", ["Cu", "Pt"], 0, FCC, 3.6133156678, 3.5400000001),
    ("PtCu", ["Cu", "Pt"], 1, FCC, 3.9173715577, 5.7700000008),
];
/// The tables of LAMMPS and frit differ by up to 1e-8 eV per bond or bond length, six bonds an atom.
const ENERGY: f64 = 1e-7;
const VIRIAL: f64 = 1e-5;

#[test]
fn crystals_rest_at_the_published_constants() {
    for (name, elements, kind, basis, constant, cohesive) in CRYSTALS {
        let parameters = shipped(name, &elements);
        let path = KernelPath::Reference;
        let mut potential = bound(&parameters, &elements, path, PairTable::Dense);
        let system = crystal(basis, constant, kind as u8, &elements);
        let result = evaluate(&mut potential, &system, Request::ALL);
        let count = basis.len() as f64;
        let energy = result.energy / count;
        assert!(
            (energy + cohesive).abs() < ENERGY,
            "{name} {kind}: {energy}"
        );
        let virial = result.virial / count;
        assert!(virial.amax() < VIRIAL, "{name} {kind}: {virial}");
    }
}

/// Evaluates positions that a neighbour list would refuse or that make no sense.
fn evaluate_after(
    path: KernelPath,
    positions: &[(Vector, u8)],
    change: impl Fn(&mut Vec<Vector>),
) -> Result<Evaluation, EvaluationError> {
    let elements = ["Pt", "Fe"];
    let parameters = shipped("PtFe", &elements);
    let mut potential = bound(&parameters, &elements, path, PairTable::Lammps);
    let cell = Cell::orthogonal([50.0; 3], [false; 3]).unwrap();
    let mut system = System::new(cell, atoms(positions), species(&elements)).unwrap();
    let mut neighbours = Neighbours::new(potential.cutoff(), 1.0).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let mut surroundings = neighbours.surroundings();
    let mut moved = surroundings.position.to_vec();
    change(&mut moved);
    surroundings.position = &moved;
    let mut evaluation = Evaluation::default();
    evaluation.clear(positions.len(), Request::ALL);
    potential.evaluate(&surroundings, &mut evaluation)?;
    Ok(evaluation)
}

fn row_of_atoms() -> Vec<(Vector, u8)> {
    (0..12)
        .map(|k| {
            (
                Vector::new(2.6 * f64::from(k), 0.1, 0.2 * f64::from(k % 3)),
                (k % 2) as u8,
            )
        })
        .collect()
}

/// The list may have sorted the atoms: neighbours in space need not be neighbours in order.
fn nearest(positions: &[Vector], atom: usize) -> Vector {
    let others = positions.iter().filter(|other| **other != positions[atom]);
    let distance = |other: &&Vector| (**other - positions[atom]).norm();
    *others
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap()
}

#[test]
fn positions_that_are_no_numbers_are_named() {
    for path in KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
    {
        for broken in [f64::NAN, f64::INFINITY] {
            let result = evaluate_after(path, &row_of_atoms(), |moved| moved[7].y = broken);
            assert_eq!(
                result,
                Err(EvaluationError::NotFinite { atom: 7 }),
                "{path}"
            );
        }
    }
}

#[test]
fn atoms_in_one_place_are_an_error_and_lone_atoms_are_none() {
    for path in KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
    {
        let result = evaluate_after(path, &row_of_atoms(), |moved| moved[5] = nearest(moved, 5));
        let error = result.unwrap_err();
        assert!(matches!(error, EvaluationError::NotFinite { .. }), "{path}");
        let lone = [
            (Vector::new(1.0, 2.0, 3.0), 0),
            (Vector::new(30.0, 2.0, 3.0), 1),
        ];
        let result = evaluate_after(path, &lone, |_| {}).unwrap();
        assert_eq!(result.energy, 0.0);
        assert_eq!(result.force, vec![Vector::zeros(); 2]);
        let none = evaluate_after(path, &[], |_| {}).unwrap();
        assert_eq!(none.energy, 0.0);
    }
}

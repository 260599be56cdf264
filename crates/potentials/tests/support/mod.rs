//! Frames of LAMMPS results: extended XYZ with energies, forces and virials; and structures made here.
#![allow(
    dead_code,
    reason = "each test file that includes this module uses a part of it"
)]

use std::path::PathBuf;

use frit_atoms::{Atom, Atoms, Cell, Matrix, Neighbours, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::{Evaluation, Potential, Request};

/// What another program found for a structure.
pub(crate) struct Frame {
    pub(crate) name: String,
    pub(crate) system: System,
    pub(crate) energy: f64,
    pub(crate) force: Vec<Vector>,
    pub(crate) virial: Option<Matrix>,
    pub(crate) stress: Option<Matrix>,
    pub(crate) atom_energy: Vec<f64>,
}

/// All frames of a file below `tests/data/lammps`.
pub(crate) fn frames(file: &str) -> Vec<Frame> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/lammps")
        .join(file);
    let text = std::fs::read_to_string(&path).expect("a file of results");
    let mut lines = text.lines();
    let mut frames = Vec::new();
    while let Some(count) = lines.next() {
        let count: usize = count.trim().parse().unwrap();
        let header = lines.next().unwrap();
        let rows: Vec<Vec<&str>> = lines
            .by_ref()
            .take(count)
            .map(|line| line.split_whitespace().collect())
            .collect();
        frames.push(frame(header, &rows));
    }
    frames
}

fn frame(header: &str, rows: &[Vec<&str>]) -> Frame {
    let mut species: Vec<Species> = Vec::new();
    let mut atoms = Atoms::new();
    let vector = |row: &[&str], from: usize| {
        Vector::from([0, 1, 2].map(|k| row[from + k].parse::<f64>().unwrap()))
    };
    let columns = column_starts(&value(header, "Properties").unwrap());
    let column = |name: &str| columns.iter().find(|(n, _)| n == name).map(|(_, at)| *at);
    let (position, force) = (column("pos").unwrap(), column("forces").unwrap());
    for (index, row) in rows.iter().enumerate() {
        let known = species.iter().position(|s| s.name == row[0]);
        let kind = known.unwrap_or_else(|| {
            species.push(Species::of_element(row[0]).unwrap());
            species.len() - 1
        });
        atoms.push(Atom {
            position: vector(row, position),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: kind as u8,
            id: index as u32 + 1,
            group: 0,
        });
    }
    let matrix = |key: &str| {
        value(header, key).map(|text| {
            let numbers = text.split_whitespace().map(|n| n.parse::<f64>().unwrap());
            Matrix::from_row_iterator(numbers)
        })
    };
    let pbc = value(header, "pbc").unwrap();
    let mut periodic = pbc.split_whitespace().map(|flag| flag == "T");
    let periodic = [0; 3].map(|_| periodic.next().unwrap());
    let vectors = matrix("Lattice").unwrap_or_else(|| Matrix::identity() * 100.0);
    let cell = Cell::new(vectors, Vector::zeros(), periodic).unwrap();
    Frame {
        name: value(header, "name").unwrap(),
        system: System::new(cell, atoms, species).unwrap(),
        energy: value(header, "energy").unwrap().parse().unwrap(),
        force: rows.iter().map(|row| vector(row, force)).collect(),
        virial: matrix("virial"),
        stress: matrix("stress"),
        atom_energy: column("local_energy").map_or(Vec::new(), |at| {
            rows.iter().map(|row| row[at].parse().unwrap()).collect()
        }),
    }
}

/// The value of a key in the second line of an extended XYZ frame.
fn value(header: &str, key: &str) -> Option<String> {
    let padded = format!(" {header}");
    let start = padded.find(&format!(" {key}="))? + key.len() + 2;
    let rest = &padded[start..];
    let end = match rest.strip_prefix('"') {
        Some(quoted) => return quoted.split('"').next().map(str::to_owned),
        None => rest.find(' ').unwrap_or(rest.len()),
    };
    Some(rest[..end].to_owned())
}

/// Names of properties and the columns where they start.
fn column_starts(properties: &str) -> Vec<(String, usize)> {
    let words: Vec<&str> = properties.split(':').collect();
    let mut start = 0;
    words
        .chunks(3)
        .map(|entry| {
            let at = start;
            start += entry[2].parse::<usize>().unwrap();
            (entry[0].to_owned(), at)
        })
        .collect()
}

/// An evaluation with its columns in the order of the ids.
pub(crate) fn evaluate(potential: &mut dyn Potential, system: &System, skin: f64) -> Evaluation {
    let mut system = system.clone();
    let mut neighbours = Neighbours::new(potential.cutoff(), skin).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let mut evaluation = Evaluation::default();
    evaluation.clear(system.atoms.len(), Request::ALL);
    potential
        .evaluate(&neighbours.surroundings(), &mut evaluation)
        .unwrap();
    let order = system.atoms.by_id();
    let force = order.iter().map(|&at| evaluation.force[at as usize]);
    let energy = order.iter().map(|&at| evaluation.atom_energy[at as usize]);
    Evaluation {
        force: force.collect(),
        atom_energy: energy.collect(),
        ..evaluation
    }
}

/// The elements of these names.
pub(crate) fn species(names: &[&str]) -> Vec<Species> {
    names
        .iter()
        .map(|name| Species::of_element(name).unwrap())
        .collect()
}

/// A gas of as many species as names: all distances down to almost nothing, rows of all lengths.
pub(crate) fn gas(atoms: usize, names: &[&str], cell: Cell) -> System {
    let mut stream = Streams::new(11).stream(Purpose::Test, 0, atoms as u64);
    let atoms: Atoms = (0..atoms)
        .map(|index| Atom {
            position: cell
                .vectors()
                .tr_mul(&Vector::from([0; 3].map(|_| stream.uniform()))),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: stream.below(names.len() as u64) as u8,
            id: index as u32 + 1,
            group: 0,
        })
        .collect();
    System::new(cell, atoms, species(names)).unwrap()
}

/// A periodic cube.
pub(crate) fn cube(edge: f64) -> Cell {
    Cell::orthogonal([edge; 3], [true; 3]).unwrap()
}

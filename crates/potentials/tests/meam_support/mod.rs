//! What the MEAM tests share: files, frames in extended XYZ, evaluations.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use frit_atoms::{Atom, Atoms, Cell, Matrix, Neighbours, Species, System, Vector};
use frit_potentials::meam::{self, Meam, MeamParameters, PairTable};
use frit_potentials::{Bound, Evaluation, KernelPath, Potential, Request};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the folder `potentials`.
pub fn potential_file(name: &str) -> (String, String) {
    let path = root().join("potentials").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    (path.display().to_string(), text)
}

/// A potential of the folder `potentials`.
pub fn shipped(name: &str, elements: &[&str]) -> MeamParameters {
    let set = match name {
        "PtFe" => "Kim-2006-PtFe",
        "NiFe" => "Wu-2017-NiFe",
        "PtCu" => "Kim-2017-PtCu",
        other => other,
    };
    let (library_path, library) = potential_file(&format!("{set}.library.meam"));
    let (path, text) = potential_file(&format!("{set}.meam"));
    meam::read(&library_path, &library, &path, &text, elements).unwrap()
}

/// A potential of unusual settings, and its reference file.
pub fn variant(name: &str, elements: &[&str]) -> (MeamParameters, PathBuf) {
    let folder = root().join("crates/potentials/tests/data/meam");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let file = format!("{name}.meam");
    let library = "variants.library.meam";
    let parameters = meam::read(library, &read(library), &file, &read(&file), elements).unwrap();
    (parameters, folder.join(format!("{name}.extxyz")))
}

/// One frame with its results.
pub struct Frame {
    pub name: String,
    pub system: System,
    pub energy: f64,
    pub virial: Option<Matrix>,
    pub stress: Option<Matrix>,
    pub force: Vec<Vector>,
    pub local_energy: Vec<f64>,
}

/// All frames of a reference file; species in the order `elements`.
pub fn frames(path: &Path, elements: &[&str]) -> Vec<Frame> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let mut frames = Vec::new();
    while let Some(count) = lines.next() {
        let count: usize = count.trim().parse().unwrap();
        let header = lines.next().unwrap();
        let rows: Vec<&str> = lines.by_ref().take(count).collect();
        frames.push(frame(header, &rows, elements));
    }
    frames
}

fn value(header: &str, key: &str) -> Option<String> {
    let start = header.find(&format!(" {key}=")).map(|at| at + 1);
    let start = start.or_else(|| header.starts_with(&format!("{key}=")).then_some(0))?;
    let rest = &header[start + key.len() + 1..];
    Some(match rest.strip_prefix('"') {
        Some(rest) => rest.split('"').next().unwrap().to_owned(),
        None => rest.split_whitespace().next().unwrap().to_owned(),
    })
}

fn matrix(header: &str, key: &str) -> Option<Matrix> {
    let text = value(header, key)?;
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(|x| x.parse().unwrap())
        .collect();
    Some(Matrix::from_row_slice(&numbers))
}

fn frame(header: &str, rows: &[&str], elements: &[&str]) -> Frame {
    let columns = value(header, "Properties").unwrap();
    assert_eq!(columns, "species:S:1:pos:R:3:forces:R:3:local_energy:R:1");
    let mut atoms = Atoms::new();
    let (mut force, mut local_energy) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let words: Vec<&str> = row.split_whitespace().collect();
        let number = |k: usize| words[k].parse::<f64>().unwrap();
        let species = elements.iter().position(|e| *e == words[0]).unwrap();
        atoms.push(Atom {
            position: Vector::new(number(1), number(2), number(3)),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: species as u8,
            id: index as u32 + 1,
            group: 0,
        });
        force.push(Vector::new(number(4), number(5), number(6)));
        local_energy.push(number(7));
    }
    let periodic: Vec<bool> = value(header, "pbc")
        .unwrap()
        .split_whitespace()
        .map(|x| x == "T")
        .collect();
    let periodic = [periodic[0], periodic[1], periodic[2]];
    let vectors = matrix(header, "Lattice").unwrap_or_else(|| Matrix::identity() * 100.0);
    Frame {
        name: value(header, "name").unwrap(),
        system: System::new(
            Cell::new(vectors, Vector::zeros(), periodic).unwrap(),
            atoms,
            species(elements),
        )
        .unwrap(),
        energy: value(header, "energy").unwrap().parse().unwrap(),
        virial: matrix(header, "virial"),
        stress: matrix(header, "stress"),
        force,
        local_energy,
    }
}

pub fn species(elements: &[&str]) -> Vec<Species> {
    elements
        .iter()
        .map(|element| Species::of_element(element).unwrap())
        .collect()
}

/// A potential for species in the order `elements`.
pub fn bound(
    parameters: &MeamParameters,
    elements: &[&str],
    path: KernelPath,
    table: PairTable,
) -> Bound<Meam> {
    Bound::new(Meam::with_table(parameters, &species(elements), path, table).unwrap())
}

/// Evaluates a system; results are in the order of the atoms' ids.
pub fn evaluate(potential: &mut dyn Potential, system: &System, request: Request) -> Evaluation {
    let mut system = system.clone();
    let mut neighbours = Neighbours::new(potential.cutoff(), 0.3).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let mut evaluation = Evaluation::default();
    evaluation.clear(system.atoms.len(), request);
    potential
        .evaluate(&neighbours.surroundings(), &mut evaluation)
        .unwrap();
    let mut sorted = evaluation.clone();
    for (place, &id) in system.atoms.id().iter().enumerate() {
        sorted.force[id as usize - 1] = evaluation.force[place];
        if request.atom_energy {
            sorted.atom_energy[id as usize - 1] = evaluation.atom_energy[place];
        }
    }
    sorted
}

/// Shortest distance between atoms [Å].
pub fn shortest_distance(system: &System) -> f64 {
    let position = system.atoms.position();
    let mut shortest = f64::INFINITY;
    for (i, a) in position.iter().enumerate() {
        for b in &position[..i] {
            shortest = shortest.min(system.cell.shortest(&(a - b)).norm());
        }
    }
    shortest
}

//! Systems in which potentials are worth checking.

use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};

/// The largest displacement of an atom from its lattice site, in nearest-neighbour distances.
const RATTLE: f64 = 0.06;

/// Rattled alloys of the species, near the given nearest-neighbour distance [Å]: a periodic crystal,
/// a skewed cell smaller than most cutoffs, a free cluster, a film with one free direction, and a
/// dimer.
///
/// The species take turns at random, always in the same way.
pub fn samples(species: &[Species], distance: f64) -> Vec<(&'static str, System)> {
    if species.is_empty() {
        return Vec::new();
    }
    let edge = distance * std::f64::consts::SQRT_2;
    let skew = Matrix::new(1.0, 0.0, 0.0, 0.06, 1.0, 0.0, -0.04, 0.05, 1.0);
    let straight = Matrix::identity();
    let crystals = [
        ("crystal", [3, 3, 3], [true; 3], straight),
        ("small skewed cell", [1, 1, 1], [true; 3], skew),
        ("narrow cell", [1, 2, 3], [true; 3], straight),
        ("free cluster", [2, 2, 2], [false; 3], straight),
        ("film", [2, 2, 2], [true, true, false], skew),
    ];
    let mut systems: Vec<(&'static str, System)> = crystals
        .into_iter()
        .enumerate()
        .filter_map(|(number, (name, repeats, periodic, deformation))| {
            let lattice = Lattice {
                edge,
                repeats,
                periodic,
                deformation,
                rattle: RATTLE * distance,
            };
            Some((name, lattice.system(species, number as u64)?))
        })
        .collect();
    let ends = [
        (Vector::zeros(), 0),
        (
            Vector::new(0.6, 0.7, -0.3) * distance,
            species.len() as u8 - 1,
        ),
    ];
    systems.extend(free(species, &ends).map(|system| ("dimer", system)));
    systems
}

/// A face-centred cubic crystal, deformed and rattled.
struct Lattice {
    edge: f64,
    repeats: [usize; 3],
    periodic: [bool; 3],
    deformation: Matrix,
    rattle: f64,
}

impl Lattice {
    fn system(&self, species: &[Species], number: u64) -> Option<System> {
        const SITES: [[f64; 3]; 4] = [
            [0.0, 0.0, 0.0],
            [0.0, 0.5, 0.5],
            [0.5, 0.0, 0.5],
            [0.5, 0.5, 0.0],
        ];
        let lengths = self.repeats.map(|n| n as f64 * self.edge);
        let vectors = Matrix::from_diagonal(&Vector::from(lengths)) * self.deformation;
        let cell = Cell::new(vectors, Vector::zeros(), self.periodic).ok()?;
        let mut stream = Streams::new(number).stream(Purpose::Test, 0, 0);
        let mut atoms = Atoms::new();
        let [a, b, c] = self.repeats;
        for block in 0..a * b * c {
            let corner = [block % a, block / a % b, block / (a * b)];
            for site in SITES {
                let place = [0, 1, 2].map(|k| (corner[k] as f64 + site[k]) * self.edge);
                let shift = [0; 3].map(|_| self.rattle * (2.0 * stream.uniform() - 1.0));
                let position = self.deformation.tr_mul(&Vector::from(place)) + Vector::from(shift);
                let kind = stream.below(species.len() as u64) as u8;
                push(&mut atoms, position, kind);
            }
        }
        System::new(cell, atoms, species.to_vec()).ok()
    }
}

/// Atoms in free space: positions [Å] and species.
pub(super) fn free(species: &[Species], positions: &[(Vector, u8)]) -> Option<System> {
    let cell = Cell::orthogonal([10.0; 3], [false; 3]).ok()?;
    let mut atoms = Atoms::new();
    for &(position, kind) in positions {
        push(&mut atoms, position, kind);
    }
    System::new(cell, atoms, species.to_vec()).ok()
}

fn push(atoms: &mut Atoms, position: Vector, species: u8) {
    atoms.push(Atom {
        position,
        velocity: Vector::zeros(),
        image: [0; 3],
        species,
        id: atoms.len() as u32 + 1,
        group: 0,
    });
}

/// The system `times` times: along its periodic vectors, or side by side when it is free.
///
/// Atom `n` of the original is followed, after all originals, by its copies in the same order.
pub(super) fn multiplied(system: &System, times: [usize; 3]) -> Option<System> {
    let mut steps = [0, 1, 2].map(|k| system.cell.vector(k));
    let mut scale = Matrix::identity();
    for k in 0..3 {
        scale[(k, k)] = times[k] as f64;
        if !system.cell.periodic()[k] {
            let along = |p: &Vector| p[k];
            let low = system
                .atoms
                .position()
                .iter()
                .map(along)
                .fold(f64::MAX, f64::min);
            let high = system
                .atoms
                .position()
                .iter()
                .map(along)
                .fold(f64::MIN, f64::max);
            // Room enough that no two atoms of different copies meet.
            steps[k] = Vector::zeros();
            steps[k][k] = (high - low).max(0.0) + 2.5;
        }
    }
    let cell = Cell::new(
        scale * system.cell.vectors(),
        system.cell.origin(),
        system.cell.periodic(),
    )
    .ok()?;
    let mut atoms = Atoms::new();
    for block in 0..times[0] * times[1] * times[2] {
        let repeats = [
            block % times[0],
            block / times[0] % times[1],
            block / (times[0] * times[1]),
        ];
        let shift: Vector = (0..3).map(|k| steps[k] * repeats[k] as f64).sum();
        for atom in system.atoms.iter() {
            push(&mut atoms, atom.position + shift, atom.species);
        }
    }
    System::new(cell, atoms, system.species.clone()).ok()
}

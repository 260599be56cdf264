//! Building and keeping neighbour lists of hot bulk metal, with the ranges of EAM and MEAM.
//!
//! `RAYON_NUM_THREADS=1 cargo bench -p frit-atoms` gives the figures of one core. Throughput is
//! in atoms: 1 Melem/s is 1 µs an atom.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use frit_atoms::{Atom, Atoms, Cell, Neighbours, Species, System, Vector};

/// Platinum, face-centred cubic [Å].
const LATTICE_CONSTANT: f64 = 3.95;

/// Largest displacement from the lattice in each direction [Å]; hot.
const DISPLACEMENT: f64 = 0.3;

/// Cutoff and skin [Å].
const RANGES: [(&str, f64, f64); 2] = [("eam", 6.5, 0.7), ("meam", 4.6, 0.8)];

/// `4 cells³` atoms, 85 % of one species.
fn bulk(cells: usize) -> System {
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let basis = [
        [0.0, 0.0, 0.0],
        [0.0, 0.5, 0.5],
        [0.5, 0.0, 0.5],
        [0.5, 0.5, 0.0],
    ];
    let mut atoms = Atoms::new();
    for number in 0..4 * cells.pow(3) {
        let cell = number / 4;
        let corner = [cell / cells / cells, cell / cells % cells, cell % cells];
        let position = [0, 1, 2].map(|k| {
            LATTICE_CONSTANT * (corner[k] as f64 + basis[number % 4][k])
                + DISPLACEMENT * (2.0 * random() - 1.0)
        });
        atoms.push(Atom {
            position: Vector::from(position),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: u8::from(random() < 0.15),
            id: number as u32 + 1,
            group: 0,
        });
    }
    let cell = Cell::orthogonal([LATTICE_CONSTANT * cells as f64; 3], [true; 3])
        .expect("the edges are positive");
    let species = ["Pt", "Fe"].map(|name| Species::of_element(name).expect("both are elements"));
    System::new(cell, atoms, species.to_vec()).expect("the atoms are numbered and finite")
}

fn neighbours(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("neighbours");
    group.sample_size(10);
    for cells in [20, 50] {
        let mut system = bulk(cells);
        let atoms = system.atoms.len();
        group.throughput(Throughput::Elements(atoms as u64));
        for (name, cutoff, skin) in RANGES {
            let mut neighbours = Neighbours::new(cutoff, skin).expect("the range is positive");
            neighbours
                .rebuild(&mut system)
                .expect("the positions are finite");
            group.bench_function(
                BenchmarkId::new(format!("rebuild {name}"), atoms),
                |bencher| {
                    bencher.iter(|| neighbours.rebuild(&mut system));
                },
            );
            group.bench_function(BenchmarkId::new(format!("keep {name}"), atoms), |bencher| {
                bencher.iter(|| neighbours.update(&mut system));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, neighbours);
criterion_main!(benches);

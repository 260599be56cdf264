//! Forces of EAM and MEAM (double and mixed precision) for a hot crystal of Pt85Fe15, by every kernel
//! path of the machine; and everything else with them.
//!
//! `RAYON_NUM_THREADS=1 cargo bench -p frit-potentials --bench evaluations` gives the figures of one core.
//! Throughput is in atoms: 1 Melem/s is 1 µs an atom.

mod support;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use frit_atoms::Neighbours;
use frit_potentials::{Evaluation, KernelPath, Request};

use support::{SKIN, crystal, potentials};

/// Conventional cells along each axis: 32 000 atoms.
const CELLS: usize = 20;

fn evaluations(criterion: &mut Criterion) {
    let mut system = crystal(CELLS);
    let mut group = criterion.benchmark_group("evaluation");
    group.sample_size(10);
    group.throughput(Throughput::Elements(system.atoms.len() as u64));
    for path in KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
    {
        for (name, mut potential) in potentials(path) {
            let mut neighbours =
                Neighbours::new(potential.cutoff(), SKIN).expect("a positive range");
            neighbours.rebuild(&mut system).expect("a sound system");
            let mut evaluation = Evaluation::default();
            for (what, request) in [("forces", Request::FORCES), ("all", Request::ALL)] {
                let id = BenchmarkId::new(format!("{name}, {what}"), path);
                group.bench_function(id, |bencher| {
                    bencher.iter(|| {
                        evaluation.clear(system.atoms.len(), request);
                        potential
                            .evaluate(&neighbours.surroundings(), &mut evaluation)
                            .expect("finite forces");
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, evaluations);
criterion_main!(benches);

//! Time of steps: the reference point of a scan on one thread, and populations of growing size on
//! one thread and on all.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use frit_engine::Engine;
use frit_migration::parameters::Support;
use frit_migration::{Parameters, Simulation};

/// Distance of particles on the support, over the square root of their number [m].
const SPACING: f64 = 60e-9;
/// Largest population.
const SIZES: [usize; 4] = [100, 1000, 10_000, 100_000];

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be started")
}

fn step(simulation: &mut Simulation) {
    simulation
        .advance(())
        .expect("the defaults are far from instability");
}

/// 80 particles with 162 vertices: 1500 of these steps are a point of the scans in `inputs`.
fn reference(criterion: &mut Criterion) {
    let mut simulation =
        Simulation::new(Parameters::default(), 80, 1).expect("the defaults are good");
    let pool = pool(1);
    criterion.bench_function("reference point, one step, one thread", |bencher| {
        pool.install(|| bencher.iter(|| step(&mut simulation)));
    });
}

fn populations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("population, one step");
    group.sample_size(10);
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in [1, all] {
        let pool = pool(threads);
        for count in SIZES {
            let parameters = Parameters {
                support: Support::Periodic {
                    edge: SPACING * (count as f64).sqrt(),
                    capture_gap: 0.0,
                },
                ..Parameters::default()
            };
            let mut simulation =
                Simulation::new(parameters, count, 1).expect("there is room for all");
            group.throughput(Throughput::Elements(count as u64));
            let name = BenchmarkId::new(format!("{threads} thread(s)"), count);
            group.bench_function(name, |bencher| {
                pool.install(|| bencher.iter(|| step(&mut simulation)));
            });
        }
    }
}

criterion_group!(benches, reference, populations);
criterion_main!(benches);

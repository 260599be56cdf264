//! Time of events on one thread: the cases of the paper, a tree of rates, large supports; the
//! looping interaction.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use frit_engine::random::Streams;
use frit_lattice::adatoms::{Adatoms, Arrangement, Energies, Setup, StepRule};
use frit_lattice::looping::{self, Looping};

/// Events of one measurement.
const EVENTS: u64 = 1_000_000;
/// Events before it: particles have formed.
const BEFORE: u64 = 2_000_000;

fn adatoms(
    energies: Energies,
    temperature: f64,
    (side, atoms): (usize, usize),
    step_rule: Option<StepRule>,
) -> Adatoms {
    let mut setup = Setup::of_figure(atoms, energies, temperature).expect("temperatures are good");
    setup.side = side;
    setup.arrangement = Arrangement::Random { atoms };
    setup.step_rule = step_rule;
    let mut adatoms = Adatoms::new(setup, Streams::new(1), 0).expect("the setup is possible");
    adatoms.run_events(BEFORE).expect("atoms can move");
    adatoms
}

fn redispersion(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("adatoms, one thread");
    group.throughput(Throughput::Elements(EVENTS));
    group.sample_size(10);
    let free = StepRule {
        highest_step: None,
        barrier: 0.0,
    };
    let small = (40, 50);
    for (name, energies, temperature, size, rule) in [
        ("figure 2c", Energies::WEAK, 773.0, small, None),
        ("figure 2d", Energies::STRONG, 773.0, small, None),
        ("figure 2e", Energies::WEAK, 300.0, small, None),
        (
            "figure 2c, tree of rates",
            Energies::WEAK,
            773.0,
            small,
            Some(free),
        ),
        (
            "1000 x 1000 sites, 60 000 atoms",
            Energies::WEAK,
            773.0,
            (1000, 60_000),
            None,
        ),
    ] {
        let mut simulation = adatoms(energies, temperature, size, rule);
        group.bench_function(name, |bencher| {
            bencher.iter(|| simulation.run_events(EVENTS).expect("atoms can move"));
        });
    }
}

/// Ten seconds at 700 °C, from the same moment on.
fn looping(criterion: &mut Criterion) {
    let setup = looping::Setup::standard(973.0);
    let mut start = Looping::new(setup, Streams::new(1), 0).expect("the standard is possible");
    start.run_until(20.0);
    let mut group = criterion.benchmark_group("looping interaction, one thread");
    group.sample_size(10);
    group.bench_function("10 s at 700 °C", |bencher| {
        bencher.iter_batched(
            || start.clone(),
            |mut looping| looping.run_until(30.0),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, redispersion, looping);
criterion_main!(benches);

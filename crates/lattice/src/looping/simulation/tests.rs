//! Conservation, controls, and the trends of the model.

use frit_units::constants::{BOLTZMANN, BOLTZMANN_SI};

use super::super::growth::Equilibrium;
use super::super::mesa::distance;
use super::super::occupants::COVERED;
use super::super::{CELL_DISTANCE, Kinetics};
use super::*;
use crate::{SavedState, replicas};

fn celsius(temperature: f64) -> f64 {
    temperature + 273.0
}

fn run(setup: Setup, seed: u64, time: f64) -> Looping {
    let mut looping = Looping::new(setup, Streams::new(seed), 0).unwrap();
    looping.run_until(time);
    looping
}

fn speed(looping: &Looping) -> f64 {
    looping.totals.path_length() / looping.time
}

fn water(looping: &Looping) -> f64 {
    looping.totals.water() as f64 / looping.time
}

/// What must hold at any time.
fn check(looping: &Looping) {
    let shape = looping.setup.particle;
    let embedded = shape.map_or(0, |shape| {
        shape.embedding as i64 * looping.disc.len() as i64
    });
    let start = looping.cells as i64 * i64::from(looping.setup.layers) - embedded;
    assert_eq!(looping.iron(), start);
    let (totals, mobiles) = (&looping.totals, looping.mobiles.len() as u64);
    assert_eq!(totals.reductions, totals.growths() + mobiles);
    let covered = looping
        .occupants
        .iter()
        .filter(|&&occupant| occupant == COVERED)
        .count();
    assert_eq!(covered, looping.disc.len());
    for (lump, &place) in looping.mobiles.iter().enumerate() {
        assert_eq!(looping.occupants[place as usize], lump as u32);
    }
    if let Some(particle) = looping.particle {
        for place in looping.covered(particle.cell) {
            assert!(looping.heights[place] <= particle.base);
        }
        assert_eq!(
            looping.path.last().map(|visit| visit.cell),
            Some(particle.cell)
        );
    }
}

#[test]
fn iron_and_metal_are_conserved() {
    let mut looping = Looping::new(Setup::standard(celsius(700.0)), Streams::new(1), 0).unwrap();
    for slice in 1..=60 {
        looping.run_until(f64::from(slice) * 0.5);
        check(&looping);
    }
    assert!(looping.totals.advances > 3, "{:?}", looping.totals);
    assert!(looping.totals.attachments > looping.totals.nucleations);
    // Every step is one along <112>.
    for pair in looping.path.windows(2) {
        assert!((distance(pair[0].cell, pair[1].cell) - 3.0_f64.sqrt()).abs() < 1e-12);
    }
}

#[test]
fn speed_water_and_oxygen_are_those_of_the_fit() {
    let looping = run(Setup::standard(celsius(700.0)), 1, 200.0);
    // From three runs of 1000 s of another program: 0.310 nm/s, and water with little noise. Here
    // some 60 steps are made: 13 % of noise in the speed.
    assert!(
        (speed(&looping) / 0.31 - 1.0).abs() < 0.4,
        "{}",
        speed(&looping)
    );
    assert!(
        (water(&looping) / 155.0 - 1.0).abs() < 0.1,
        "{}",
        water(&looping)
    );
    // Mobile iron is all that is missing in the balance of oxygen.
    let (water, oxygen) = (looping.totals.water(), looping.totals.oxygen());
    assert_eq!(water - 2 * oxygen, 8 * looping.mobiles() as u64);
    let from_rim = looping.mean_regrowth_distance().unwrap() / CELL_DISTANCE;
    assert!(from_rim > 8.0, "{from_rim}");
    // Nothing grows where hydrogen reaches.
    let places = looping.regrowth_places();
    assert_eq!(places.iter().sum::<u64>(), looping.totals.growths());
    assert_eq!(places[..4], [0; 4]);
    let direct = looping.direct_water() / looping.totals.water() as f64;
    assert!(direct < 0.05, "{direct}");
}

#[test]
fn controls_neither_move_nor_make_water() {
    let hot = Setup::standard(celsius(700.0));
    let bare = Setup {
        particle: None,
        temperature: celsius(800.0),
        ..hot
    };
    let inert = Setup {
        support: Support::Irreducible,
        ..hot
    };
    let oxidising = Setup {
        gas: Gas {
            hydrogen: 0.0,
            ..Gas::STANDARD
        },
        ..hot
    };
    let cold = Setup::standard(celsius(400.0));
    for setup in [bare, inert, oxidising, cold] {
        let looping = run(setup, 1, 100.0);
        assert_eq!(looping.time, 100.0);
        assert_eq!(looping.totals.advances, 0);
        assert!(water(&looping) < 1e-3 * 155.0, "{:?}", looping.totals);
        check(&looping);
    }
}

#[test]
fn hydrogen_alone_reduces_until_iron_blocks_it() {
    let mut setup = Setup::standard(celsius(700.0));
    setup.gas.oxygen = 0.0;
    // Hops of iron, which nothing removes, are all that happens later on.
    setup.kinetics.hop_limit = 20.0;
    let mut looping = run(setup, 1, 60.0);
    let (reductions, advances) = (looping.totals.reductions, looping.totals.advances);
    // The limit of mobile iron: 0.05 of 2791 cells.
    assert_eq!(reductions, 140);
    looping.run_until(120.0);
    assert_eq!(looping.totals.reductions, reductions);
    assert_eq!(looping.totals.advances, advances);
    assert_eq!(looping.totals.oxygen(), 0);
    check(&looping);
}

#[test]
fn without_reach_of_hydrogen_the_particle_hardly_travels() {
    let mut setup = Setup::standard(celsius(700.0));
    setup.kinetics.hydrogen_reach = 0.0;
    let looping = run(setup, 1, 200.0);
    assert!(speed(&looping) < 0.2 * 0.31, "{}", speed(&looping));
    assert!(water(&looping) > 155.0);
    check(&looping);
}

/// A stirred reactor with so much fresh oxygen [molecules/s].
fn stirred(fresh: f64) -> Setup {
    let mut setup = Setup::standard(celsius(700.0));
    let flow = fresh * BOLTZMANN_SI * setup.temperature / setup.gas.oxygen;
    setup.supply = Supply::Stirred {
        flow,
        residence: 2.0,
    };
    setup
}

#[test]
fn a_stirred_gas_loses_what_is_used() {
    for fresh in [200.0, 20.0] {
        let setup = stirred(fresh);
        let (start, end, looks) = (10.0, 110.0, 4000);
        let mut looping = run(setup, 1, start);
        let before = looping.clone();
        let mut means = [0.0; 2];
        for look in 1..=looks {
            looping.run_until(start + (end - start) * f64::from(look) / f64::from(looks));
            // What flowed in since the last event is not in the gas yet.
            let fresh = 1.0 - (-(looping.time - looping.balance.time) / 2.0).exp();
            let now = |gas: f64, inlet: f64| (gas + (inlet - gas) * fresh) / f64::from(looks);
            means[0] += now(looping.gas.hydrogen, setup.gas.hydrogen);
            means[1] += now(looping.gas.oxygen, setup.gas.oxygen);
        }
        check(&looping);
        // Molecules that flowed in are there, flowed out, or were used.
        let oxygen = (looping.totals.oxygen() - before.totals.oxygen()) as f64;
        let water = (looping.totals.water() - before.totals.water()) as f64;
        let direct = looping.direct_water() - before.direct_water();
        let balances = [
            (
                "hydrogen",
                10.0 * fresh,
                setup.gas.hydrogen,
                water + direct,
                [before.gas.hydrogen, looping.gas.hydrogen],
                means[0],
            ),
            (
                "oxygen",
                fresh,
                setup.gas.oxygen,
                oxygen + direct / 2.0,
                [before.gas.oxygen, looping.gas.oxygen],
                means[1],
            ),
        ];
        for (name, fresh, inlet, used, [first, last], mean) in balances {
            let molecules = |pressure: f64| 2.0 * fresh * pressure / inlet;
            let flown = fresh * (end - start);
            let left = flown * mean / inlet;
            let missing = flown - left - used - (molecules(last) - molecules(first));
            println!("{name}: {flown} in, {left} out, {used} used, {missing} missing");
            // Looks, one for 0.025 s, at a gas that changes by a tenth at most with each event.
            assert!(missing.abs() < 1e-3 * flown, "{name} {fresh}: {missing}");
        }
        // The rates go down with the gas.
        assert!(oxygen / (end - start) < fresh);
        assert!(looping.gas.oxygen < 0.75 * setup.gas.oxygen);
    }
}

#[test]
fn a_reactor_gives_no_more_than_it_has() {
    // 4e-3 molecules of oxygen: not even one layer.
    let looping = run(stirred(2e-3), 1, 20.0);
    assert_eq!(looping.totals.structural(), 0);
    check(&looping);
    // Without fresh oxygen to speak of, what was there at the start is all that grows.
    let mut setup = stirred(1e-6);
    setup.kinetics.hop_limit = 100.0;
    if let Supply::Stirred { residence, .. } = &mut setup.supply {
        *residence = 4e8;
    }
    let looping = run(setup, 1, 300.0);
    let used = looping.totals.oxygen() as f64 + looping.direct_water() / 2.0;
    assert!(used <= 400.0 && used > 400.0 - 8.0, "{used}");
    check(&looping);
}

#[test]
fn a_restored_simulation_goes_on_to_the_bit() {
    let mut setup = Setup::standard(celsius(700.0));
    setup.supply = Supply::Stirred {
        flow: 1e-18,
        residence: 0.3,
    };
    let start = || Looping::new(setup, Streams::new(2), 1).unwrap();
    let (mut whole, mut first) = (start(), start());
    for slices in [1, 7, 60, 60] {
        for _ in 0..slices {
            whole.advance(()).unwrap();
            first.advance(()).unwrap();
        }
        let mut second = start();
        second.restore(&first.save()).unwrap();
        assert_eq!(second.save(), first.save());
        first = second;
    }
    assert_eq!(first.save(), whole.save());
    assert!(whole.totals.advances > 0);
    assert_eq!(whole.clock().step, 128);
    assert!((whole.clock().time - 12.8).abs() < 1e-9);

    let good = whole.save();
    for spoil in [
        |saved: &mut SavedState| saved.integers[0].1[0] = u64::MAX,
        |saved: &mut SavedState| saved.integers[0].1.truncate(5),
        |saved: &mut SavedState| saved.integers[1].1.push(0),
        |saved: &mut SavedState| saved.reals[0].1[11] = -1.0,
        |saved: &mut SavedState| saved.reals[1].1.truncate(1),
        |saved: &mut SavedState| saved.integers[4].1[2] = 9,
    ] {
        let mut saved = good.clone();
        spoil(&mut saved);
        let mut other = start();
        let before = other.save();
        other.restore(&saved).unwrap_err();
        assert_eq!(other.save(), before);
    }
}

#[test]
fn conditions_can_change_on_the_way() {
    let mut looping = run(Setup::standard(celsius(400.0)), 1, 50.0);
    assert_eq!(looping.totals.advances, 0);
    looping
        .set_conditions(celsius(700.0), Gas::STANDARD)
        .unwrap();
    let direct = looping.direct_water();
    looping.run_until(100.0);
    assert!(looping.totals.advances > 3);
    assert!(looping.direct_water() > direct);
    assert!(looping.set_conditions(-5.0, Gas::STANDARD).is_err());
    check(&looping);
}

#[test]
fn replicas_do_not_depend_on_the_number_of_threads() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            replicas(3, |replica| {
                let setup = Setup::standard(celsius(700.0));
                let mut looping = Looping::new(setup, Streams::new(1), replica)?;
                looping.run_until(1.0);
                Ok::<_, LoopingError>(looping.save())
            })
            .unwrap()
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_ne!(one[0], one[1]);
}

#[test]
fn impossible_setups_are_refused() {
    let refused = |change: &dyn Fn(&mut Setup)| {
        let mut setup = Setup::standard(celsius(700.0));
        change(&mut setup);
        Looping::new(setup, Streams::new(1), 0)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(&|setup| setup.radius = 7),
        "a particle of radius 6 cells has no room for a step on a support of radius 7 cells; the \
         support needs 9 at least"
    );
    assert!(
        refused(&|setup| setup.particle = Some(ParticleSetup {
            radius: 1e300,
            embedding: 2
        }))
        .starts_with("a particle of radius 1e300 cells has no room")
    );
    assert!(refused(&|setup| setup.radius = 0).contains("1 to 1000"));
    assert!(refused(&|setup| setup.temperature = -3.0).contains("temperature"));
    assert!(
        refused(&|setup| setup.gas = Gas {
            hydrogen: 0.0,
            oxygen: 0.0
        })
        .contains("both 0 Pa")
    );
    assert!(refused(&|setup| setup.gas.oxygen = -1.0).contains("pressure of oxygen"));
    assert!(refused(&|setup| setup.layers = 4).contains("embedding"));
    assert!(refused(&|setup| setup.kinetics.mobile_limit = 0.99).contains("do not fit"));
    assert!(refused(&|setup| setup.kinetics.hop_barrier = f64::NAN).contains("barrier of hops"));
    assert!(refused(&|setup| setup.kinetics.ledge_energy = 0.3).contains("unstable"));
    assert!(
        refused(&|setup| setup.kinetics.hydrogen_sticking = 1.5)
            .contains("sticking coefficient of hydrogen is 1.5; it must be from 0 to 1")
    );
    let stirred =
        |flow, residence| refused(&|setup| setup.supply = Supply::Stirred { flow, residence });
    assert!(stirred(0.0, 1.0).contains("flow"));
    assert!(stirred(1e-21, 1e-3).contains("less than a tenth of the time step"));
    assert!(refused(&|setup| setup.gas.hydrogen = f64::MAX).contains("no finite numbers"));
}

#[test]
fn the_smallest_support_has_room_for_a_step() {
    let mut setup = Setup::standard(celsius(700.0));
    setup.radius = 9;
    let looping = Looping::new(setup, Streams::new(1), 0).unwrap();
    let particle = looping.particle.unwrap();
    assert!((0..6).all(|direction| looping.has_room(particle.ahead(direction))));
}

#[test]
fn nothing_happens_in_the_cold() {
    for temperature in [0.1, 10.0, 100.0] {
        let looping = run(Setup::standard(temperature), 1, 100.0);
        assert_eq!(looping.totals, Totals::default());
        assert_eq!(looping.time, 100.0);
        assert!(looping.direct_water().is_finite());
    }
}

#[test]
fn without_a_particle_there_is_no_rim() {
    let mut setup = Setup::standard(celsius(700.0));
    setup.particle = None;
    setup.kinetics.bare_reduction_barrier = 0.5;
    let looping = run(setup, 1, 20.0);
    assert!(looping.totals.growths() > 0);
    assert_eq!(looping.mean_regrowth_distance(), None);
    assert_eq!(looping.regrowth_places().iter().sum::<u64>(), 0);
    check(&looping);
}

/// Time to the first change of the support, over replicas: mean and standard deviation [s].
fn first_change(start: &Looping, count: u64) -> (f64, f64) {
    let times = replicas(count, |replica| {
        let mut looping = start.clone();
        // Other random numbers, which have not waited yet.
        looping.replica = 1 + replica;
        looping.block = u64::MAX;
        looping.spent = 0.0;
        let before = start.totals.structural();
        while looping.totals.structural() == before {
            looping.run_hops(f64::INFINITY);
        }
        Ok::<_, LoopingError>(looping.time - start.time)
    })
    .unwrap();
    let mean = times.iter().sum::<f64>() / count as f64;
    let squares = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>();
    (mean, (squares / count as f64).sqrt())
}

#[test]
fn waiting_times_are_exponential() {
    // At the start only the front of the particle can change. Its cells have full rings around
    // them but for those of the pit: n neighbours as high, k exp[-e (n - 3)/kT] each.
    let setup = Setup::standard(celsius(700.0));
    let start = Looping::new(setup, Streams::new(1), 0).unwrap();
    let kinetics = &setup.kinetics;
    let thermal = BOLTZMANN * setup.temperature;
    let [q, r] = start
        .particle
        .unwrap()
        .ahead(start.particle.unwrap().direction);
    let pit = |[q, r]: Cell| distance([q, r], [0, 0]) <= 6.0;
    let mut rate = 0.0;
    for cell in disc(6.0).into_iter().map(|[dq, dr]| [q + dq, r + dr]) {
        if !pit(cell) {
            let high = super::super::neighbours(cell)
                .into_iter()
                .filter(|&cell| !pit(cell));
            let barrier =
                kinetics.reduction_barrier + kinetics.ledge_energy * (high.count() as f64 - 3.0);
            rate += kinetics.reduction_frequency
                * (-barrier / thermal).exp()
                * start.rates.coverages.hydrogen.powi(2);
        }
    }
    let count = 4000;
    let (mean, deviation) = first_change(&start, count);
    // Four standard errors of a mean; of a deviation, which scatters twice as much.
    let error = 4.0 / (count as f64).sqrt();
    assert!((mean * rate - 1.0).abs() < error, "{mean} {rate}");
    assert!(
        (deviation * rate - 1.0).abs() < 2.0 * error,
        "{deviation} {rate}"
    );
}

#[test]
fn hops_keep_the_equilibrium_of_heights() {
    // Nothing is left but hops: no gas takes or gives iron.
    let mut looping = run(Setup::standard(celsius(700.0)), 1, 40.0);
    looping.rates.reduction = 0.0;
    looping.rates.attachment = 0.0;
    looping.rates.nucleation = 0.0;
    let open: Vec<usize> = (0..looping.occupants.len())
        .filter(|&place| !matches!(looping.occupants[place], VOID | COVERED))
        .collect();
    let heights: Vec<i32> = open.iter().map(|&place| looping.heights[place]).collect();
    for place in open.into_iter().step_by(40) {
        if looping.is_free(place) {
            looping.occupy(place);
        }
    }
    looping.list_candidates();
    let lumps = looping.mobiles.len();
    let lowest = *heights.iter().min().unwrap();
    let expected = Equilibrium::new(heights.iter().copied(), lumps, looping.rates.climb_factor);
    looping.run_until(looping.time + 2.0);
    let looks = 400;
    let mut held = [0.0; 20];
    for _ in 0..looks {
        looping.run_until(looping.time + 0.05);
        for &place in &looping.mobiles {
            held[looping.heights[place as usize] as usize] += 1.0 / f64::from(looks);
        }
    }
    for height in lowest..=lowest + 3 {
        let cells = heights.iter().filter(|&&one| one == height).count() as f64;
        let mean = cells * expected.share(height);
        println!(
            "height {height}: {cells} cells hold {:.3}, {mean:.3}",
            held[height as usize]
        );
        // Looks follow each other by 100 hops of each lump, across ten cells: half as many
        // independent ones as looks, of Poisson's noise at most. Four standard deviations.
        let error = 4.0 * (mean / (f64::from(looks) / 2.0)).sqrt();
        assert!((held[height as usize] - mean).abs() < error.max(0.05));
    }
}

/// The support of another simulation with its iron, which only hops: nothing is reduced, nothing grows.
fn frozen(grown: &Looping, diffusion: Diffusion) -> Looping {
    let mut setup = grown.setup;
    setup.diffusion = diffusion;
    let mut looping = Looping::new(setup, Streams::new(5), 0).unwrap();
    looping.restore(&grown.save()).unwrap();
    looping.rates.reduction = 0.0;
    looping.rates.advance = 0.0;
    looping
}

#[test]
fn hops_make_layers_grow_at_the_rates_of_the_equilibrium() {
    let grown = run(Setup::standard(celsius(700.0)), 1, 60.0);
    let lumps = grown.mobiles.len();
    assert!(lumps > 2);
    let mut equilibrium = frozen(&grown, Diffusion::Equilibrated);
    equilibrium.list_candidates();
    let expected = equilibrium.growth_rate;
    let rates = equilibrium.rates;

    let mut hopping = frozen(&grown, Diffusion::Followed);
    (hopping.rates.attachment, hopping.rates.nucleation) = (0.0, 0.0);
    hopping.list_candidates();
    hopping.run_until(hopping.time + 5.0);
    let looks = 3000;
    let mut mean = 0.0;
    for _ in 0..looks {
        hopping.run_until(hopping.time + 0.02);
        mean += hopping.growth_where_iron_stands(&rates) / f64::from(looks);
    }
    println!("{lumps} lumps grow at {mean} 1/s, in equilibrium {expected} 1/s");
    // Some 1000 independent looks at a sum that scatters by half its mean or so.
    assert!((mean / expected - 1.0).abs() < 0.06, "{mean} {expected}");
    // And layers wait as long as that says.
    let (mean, _) = first_change(&equilibrium, 4000);
    assert!(
        (mean * expected - 1.0).abs() < 4.0 / 4000_f64.sqrt(),
        "{mean}"
    );
}

#[test]
fn iron_in_equilibrium_runs_the_loop() {
    let mut setup = Setup::standard(celsius(700.0));
    setup.diffusion = Diffusion::Equilibrated;
    let start = || Looping::new(setup, Streams::new(1), 0).unwrap();
    let (mut whole, mut first) = (start(), start());
    for until in [3.0, 50.0, 100.0] {
        whole.run_until(until);
        first.run_until(until);
        check(&whole);
        let mut second = start();
        second.restore(&first.save()).unwrap();
        first = second;
    }
    assert_eq!(first.save(), whole.save());
    assert!(whole.totals.advances > 10, "{:?}", whole.totals);
    assert_eq!(whole.totals.hops, 0);
    assert_eq!(whole.events(), whole.totals.structural());
    let (water, oxygen) = (whole.totals.water(), whole.totals.oxygen());
    assert_eq!(water - 2 * oxygen, 8 * whole.mobiles() as u64);
}

#[test]
fn low_barriers_are_told() {
    let mut kinetics = Kinetics::default();
    assert_eq!(kinetics.low_barriers(celsius(800.0)), []);
    kinetics.hop_barrier = 0.3;
    assert_eq!(kinetics.low_barriers(celsius(400.0)), []);
    // 5 kT are 0.42 eV at 700 °C.
    assert_eq!(
        kinetics.low_barriers(celsius(700.0)),
        [("hop_barrier", 0.3)]
    );
}

#[test]
fn every_constant_is_described() {
    let described = crate::describe(
        Kinetics::PARAMETERS,
        &Kinetics::default(),
        &Kinetics::default(),
    );
    assert_eq!(
        described.len() * size_of::<f64>(),
        size_of::<Kinetics>(),
        "a constant is missing"
    );
    assert!(
        described
            .iter()
            .all(|parameter| parameter.value == parameter.default)
    );
}

/// Means over three runs of 1000 s: speed [nm/s] and water [1/s] at temperatures [°C] and
/// pressures of oxygen [kPa], and the runs themselves.
fn scan(points: &[(f64, f64)]) -> Vec<(f64, f64, Vec<Looping>)> {
    let runs = replicas(3 * points.len() as u64, |run| {
        let (temperature, oxygen) = points[run as usize / 3];
        let mut setup = Setup::standard(celsius(temperature));
        setup.gas.oxygen = 1e3 * oxygen;
        let mut looping = Looping::new(setup, Streams::new(1), run % 3)?;
        looping.run_until(1000.0);
        Ok::<_, LoopingError>(looping)
    })
    .unwrap();
    runs.chunks(3)
        .zip(points)
        .map(|(runs, (temperature, oxygen))| {
            let speed = runs.iter().map(speed).sum::<f64>() / 3.0;
            let water = runs.iter().map(water).sum::<f64>() / 3.0;
            println!(
                "{temperature} °C, {oxygen} kPa: {speed:.3} nm/s, water {water:.1}/s, turns {:?}, \
                 roughness {:.2}, regrowth {:.1} nm",
                runs.iter().map(|run| run.totals.turns).collect::<Vec<_>>(),
                runs[0].roughness(),
                runs[0].mean_regrowth_distance().unwrap_or(0.0),
            );
            (speed, water, runs.to_vec())
        })
        .collect()
}

/// Correlation of pairs of numbers (Pearson).
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let mean = |value: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(value).sum::<f64>() / count;
    let (a, b) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    let joint = mean(&|pair| (pair.0 - a) * (pair.1 - b));
    let (first, second) = (
        mean(&|pair| (pair.0 - a).powi(2)),
        mean(&|pair| (pair.1 - b).powi(2)),
    );
    joint / (first * second).sqrt()
}

const TEMPERATURES: [f64; 9] = [
    400.0, 450.0, 500.0, 550.0, 600.0, 650.0, 700.0, 750.0, 800.0,
];

#[test]
#[ignore = "slow: 100 s"]
fn speed_and_water_rise_together_to_a_plateau() {
    let points = TEMPERATURES.map(|temperature| (temperature, 2.0));
    let results = scan(&points);
    let speed: Vec<f64> = results.iter().map(|result| result.0).collect();
    let water: Vec<f64> = results.iter().map(|result| result.1).collect();
    assert!((speed[6] / 0.31 - 1.0).abs() < 0.15);
    assert!((water[6] / 155.0 - 1.0).abs() < 0.10);
    assert_eq!(speed[0], 0.0);
    assert!(water[0] < 0.01 * water[6]);
    assert!((0.04..0.15).contains(&(water[2] / water[6])));
    assert!(water[4] / water[2] > 5.0);
    assert!((water[8] / water[6] - 1.0).abs() < 0.15);
    assert!((speed[8] / speed[6] - 1.0).abs() < 0.2);
    let pairs: Vec<(f64, f64)> = speed.iter().copied().zip(water.iter().copied()).collect();
    assert!(correlation(&pairs) > 0.98, "{}", correlation(&pairs));
    for (_, _, runs) in &results[4..] {
        for looping in runs {
            check(looping);
            let (water, oxygen) = (looping.totals.water(), looping.totals.oxygen());
            assert!(water.abs_diff(2 * oxygen) as f64 / (water as f64) < 0.01);
            let from_rim = looping.mean_regrowth_distance().unwrap() / CELL_DISTANCE;
            assert!(from_rim > 8.0, "{from_rim}");
            assert!(looping.totals.turns > 0);
            let direct = looping.direct_water() / water as f64;
            assert!(direct < 0.05, "{direct}");
        }
    }
}

#[test]
#[ignore = "slow: 150 s"]
fn oxygen_slows_the_loop_and_shifts_its_onset() {
    let mut onsets = Vec::new();
    let mut waters = Vec::new();
    for oxygen in [2.0, 4.0, 10.0] {
        let points = [500.0, 550.0, 600.0, 650.0, 800.0].map(|t| (t, oxygen));
        let water: Vec<f64> = scan(&points).iter().map(|result| result.1).collect();
        let half = water[4] / 2.0;
        let k = water
            .iter()
            .take(4)
            .position(|&water| water > half)
            .unwrap();
        let fraction = (half - water[k - 1]) / (water[k] - water[k - 1]);
        onsets.push(points[k - 1].0 + 50.0 * fraction);
        waters.push(water);
    }
    println!("half of the plateau at {onsets:?} °C");
    for pair in 0..2 {
        assert!(onsets[pair + 1] > onsets[pair] + 20.0);
        for temperature in 0..3 {
            assert!(waters[pair][temperature] > waters[pair + 1][temperature]);
        }
    }
}

#[test]
#[ignore = "slow: 10 s"]
fn the_support_keeps_its_shape() {
    let mut looping = Looping::new(Setup::standard(celsius(700.0)), Streams::new(1), 0).unwrap();
    // The first layer nucleates in the first fifth.
    looping.run_until(200.0);
    let mut areas = Vec::new();
    for look in 0..80 {
        looping.run_until(200.0 + 10.0 * f64::from(look));
        areas.push(looping.projected_area() as f64);
    }
    let mean = |areas: &[f64]| areas.iter().sum::<f64>() / areas.len() as f64;
    let drift = mean(&areas[60..]) / mean(&areas[..20]) - 1.0;
    println!(
        "projected area {} drifts by {drift:.4}, roughness {:.2}",
        mean(&areas),
        looping.roughness()
    );
    assert!(drift.abs() < 0.03);
}

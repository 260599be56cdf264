//! Against exact enumeration, another algorithm, and laws.

use std::collections::HashMap;

use frit_engine::random::{Purpose, Streams};
use frit_engine::{Outcome, Schedule, Supervisor, Verdict, drive};
use frit_units::constants::BOLTZMANN;

use super::*;
use crate::adatoms::{
    Arrangement, DIRECTIONS, Energies, ParticleGrid, Programme, Region, Stage, State, StepRule,
    Temperature,
};
use crate::{SavedState, replicas};

const STEPS: StepRule = StepRule {
    highest_step: Some(1),
    barrier: 0.05,
};
/// The rule that rules nothing: the tree must do what the lists do.
const NO_STEPS: StepRule = StepRule {
    highest_step: None,
    barrier: 0.0,
};

fn energies(metal_bond: f64, support_bond: f64) -> Energies {
    Energies {
        metal_bond,
        support_bond,
        ..Energies::WEAK
    }
}

/// All ways to put `atoms` on `columns` columns.
fn states(columns: usize, atoms: u32) -> Vec<Vec<u32>> {
    if columns == 1 {
        return vec![vec![atoms]];
    }
    (0..=atoms)
        .flat_map(|first| {
            states(columns - 1, atoms - first)
                .into_iter()
                .map(move |rest| std::iter::once(first).chain(rest).collect())
        })
        .collect()
}

/// Every state as a number, for a table of visits.
fn key(heights: &[u32]) -> u64 {
    heights
        .iter()
        .rev()
        .fold(0, |key, &height| 8 * key + u64::from(height))
}

#[test]
fn every_pair_of_hops_is_in_detailed_balance() {
    // Rounding of two exponentials and a few sums.
    const ROUNDING: f64 = 1e-12;
    let temperature = 773.0;
    let thermal_energy = BOLTZMANN * temperature;
    for (side, atoms, count) in [(3, 4, 495), (4, 3, 816)] {
        let states = states(side * side, atoms);
        assert_eq!(states.len(), count);
        for (rule, energies) in [
            (NO_STEPS, Energies::WEAK),
            (NO_STEPS, Energies::STRONG),
            (STEPS, energies(0.1, 0.3)),
        ] {
            let (mut pairs, mut forbidden) = (0, 0);
            for heights in &states {
                let mut surface = Surface::new(side, heights.clone()).unwrap();
                for column in (0..side * side).filter(|&column| heights[column] > 0) {
                    for direction in 0..4 {
                        let tree = StepTree::new(&surface, &energies, rule, temperature);
                        let (rate, energy) = (
                            tree.rates_of(&surface, column)[direction],
                            surface.energy(&energies),
                        );
                        let to = surface.neighbours(column)[direction] as usize;
                        surface.take(column, surface.coordination(column));
                        surface.put(to);
                        let tree = StepTree::new(&surface, &energies, rule, temperature);
                        let (back, after) = (
                            tree.rates_of(&surface, to)[direction ^ 1],
                            surface.energy(&energies),
                        );
                        surface.take(to, surface.coordination(to));
                        surface.put(column);
                        pairs += 1;
                        if rate == 0.0 {
                            forbidden += 1;
                            assert_eq!(back, 0.0);
                            continue;
                        }
                        let expected = ((energy - after) / thermal_energy).exp();
                        assert!((rate / back / expected - 1.0).abs() < ROUNDING);
                    }
                }
            }
            assert!(pairs > 4 * count);
            assert_eq!(forbidden > 0, rule.highest_step.is_some());
        }
    }
}

/// Exact mean energy, energy from the simulation, and total-variation distance between the exact
/// and the simulated distribution over states.
fn enumerate(
    energies: Energies,
    temperature: f64,
    (side, atoms): (usize, u32),
    rule: Option<StepRule>,
    events: u64,
) -> (f64, f64, f64) {
    let mut exact = HashMap::new();
    let (mut sum, mut mean) = (0.0, 0.0);
    for heights in states(side * side, atoms) {
        let energy = Surface::new(side, heights.clone())
            .unwrap()
            .energy(&energies);
        let weight = (-energy / (BOLTZMANN * temperature)).exp();
        sum += weight;
        mean += weight * energy;
        exact.insert(key(&heights), weight);
    }
    mean /= sum;

    let mut setup = Setup::of_figure(atoms as usize, energies, temperature).unwrap();
    setup.side = side;
    setup.step_rule = rule;
    let mut simulation = Adatoms::new(setup, Streams::new(7), 0).unwrap();
    simulation.run_events(10_000).unwrap();
    let counted: u64 = [Layer::First, Layer::Upper]
        .into_iter()
        .flat_map(|layer| (0..5).map(move |neighbours| (layer, neighbours)))
        .map(|(layer, neighbours)| simulation.hops(layer, neighbours))
        .sum();
    assert_eq!(counted, 10_000);
    let mut state = key(simulation.surface().heights());
    let mut times: HashMap<u64, f64> = HashMap::new();
    let (mut time, mut energy_time) = (0.0, 0.0);
    for _ in 0..events {
        let energy = simulation.energy();
        let hop = simulation.step().unwrap();
        *times.entry(state).or_default() += hop.residence;
        time += hop.residence;
        energy_time += hop.residence * energy;
        let to = simulation.surface().neighbours(hop.from)[hop.direction];
        state = state - (1 << (3 * hop.from)) + (1 << (3 * to));
    }
    assert_eq!(state, key(simulation.surface().heights()));
    let distance: f64 = exact
        .iter()
        .map(|(state, weight)| {
            (weight / sum - times.get(state).copied().unwrap_or(0.0) / time).abs() / 2.0
        })
        .sum();
    (mean, energy_time / time, distance)
}

/// Statistical errors of mean energies over 5e6 events on these lattices, by block averages 2e-5
/// to 1e-4 eV, three times over.
const ENERGY: f64 = 3e-4;
/// The distance that 5e6 correlated events leave between the distributions.
const DISTANCE: f64 = 0.012;

#[test]
fn small_lattices_reach_the_exact_equilibrium() {
    let cases = [
        (energies(0.1, 0.04), 773.0, (3, 4), -0.500208),
        (Energies::WEAK, 773.0, (4, 3), -0.229702),
        (Energies::STRONG, 773.0, (3, 4), -1.949817),
    ];
    replicas(3, |case| {
        let (energies, temperature, size, expected) = cases[case as usize];
        let (exact, found, distance) = enumerate(energies, temperature, size, None, 5_000_000);
        assert!((exact - expected).abs() < 1e-6, "{exact}, not {expected}");
        assert!((found - exact).abs() < ENERGY, "{found}, not {exact}");
        assert!(distance < DISTANCE, "distance {distance}");
        Ok::<_, ()>(())
    })
    .unwrap();
}

#[test]
#[ignore = "slow: 15 s"]
fn more_small_lattices_reach_the_exact_equilibrium() {
    for (energies, temperature, size, expected) in [
        (energies(0.1, 0.04), 300.0, (3, 4), -0.552657),
        (Energies::WEAK, 300.0, (3, 4), -0.489282),
        (Energies::WEAK, 773.0, (3, 4), -0.436621),
    ] {
        let (exact, found, distance) = enumerate(energies, temperature, size, None, 5_000_000);
        assert!((exact - expected).abs() < 1e-6, "{exact}, not {expected}");
        assert!((found - exact).abs() < ENERGY, "{found}, not {exact}");
        assert!(distance < DISTANCE, "distance {distance}");
    }
}

#[test]
fn step_rules_leave_the_equilibrium_as_it_is() {
    let (exact, found, distance) =
        enumerate(Energies::WEAK, 773.0, (3, 4), Some(NO_STEPS), 1_000_000);
    // A fifth of the events of the other test: √5 times the error.
    assert!(
        (found - exact).abs() < 2.24 * ENERGY,
        "{found}, not {exact}"
    );
    assert!(distance < 2.24 * DISTANCE);
    let barrier = StepRule {
        highest_step: None,
        barrier: 0.05,
    };
    let (exact, found, distance) =
        enumerate(Energies::WEAK, 773.0, (3, 4), Some(barrier), 1_000_000);
    assert!(
        (found - exact).abs() < 2.24 * ENERGY,
        "{found}, not {exact}"
    );
    assert!(distance < 2.24 * DISTANCE);
}

/// The states that hops of a rule reach from one with no atom on top of another.
fn reached(side: usize, atoms: usize, rule: StepRule) -> usize {
    let mut heights = vec![0; side * side];
    heights[..atoms].fill(1);
    let mut seen = std::collections::HashSet::from([heights.clone()]);
    let mut open = vec![heights];
    while let Some(heights) = open.pop() {
        let surface = Surface::new(side, heights.clone()).unwrap();
        let tree = StepTree::new(&surface, &Energies::WEAK, rule, 773.0);
        for column in 0..side * side {
            let rates = tree.rates_of(&surface, column);
            for (direction, _) in rates.iter().enumerate().filter(|(_, rate)| **rate > 0.0) {
                let mut after = heights.clone();
                after[column] -= 1;
                after[surface.neighbours(column)[direction] as usize] += 1;
                if seen.insert(after.clone()) {
                    open.push(after);
                }
            }
        }
    }
    seen.len()
}

/// Forbidding hops can cut states off: averages are then those of the states that are left.
#[test]
fn a_highest_step_leaves_states_out() {
    let highest = |step| StepRule {
        highest_step: Some(step),
        barrier: 0.0,
    };
    let all = states(9, 4);
    assert_eq!(all.len(), 495);
    // Without steps up or down no atom changes its layer: 4 of 9 columns.
    assert_eq!(reached(3, 4, highest(0)), 126);
    // With steps of one layer, all but four atoms on one column: the top one cannot come down.
    assert_eq!(all.iter().filter(|heights| heights.contains(&4)).count(), 9);
    assert_eq!(reached(3, 4, highest(1)), 495 - 9);
    assert_eq!(reached(3, 4, highest(3)), 495);
    // A simulation keeps its layers, and one that cannot move at all says so.
    let mut setup = Setup::of_figure(96, Energies::WEAK, 773.0).unwrap();
    setup.step_rule = Some(highest(0));
    let mut flat = Adatoms::new(setup.clone(), Streams::new(1), 0).unwrap();
    flat.run_events(20_000).unwrap();
    assert_eq!(flat.surface().contacts_and_bonds().0, 96);
    let mut tower = vec![0; 1600];
    tower[820] = 4;
    setup.arrangement = Arrangement::Heights(tower);
    setup.step_rule = Some(highest(1));
    let mut frozen = Adatoms::new(setup, Streams::new(1), 0).unwrap();
    let error = frozen.run_events(1).unwrap_err();
    assert!(error.to_string().contains("zero or forbidden"), "{error}");
}

#[test]
fn a_lone_adatom_diffuses() {
    const WALKS: usize = 20_000;
    const HOPS: usize = 100;
    let temperature = 500.0;
    let mut setup = Setup::of_figure(1, Energies::WEAK, temperature).unwrap();
    setup.residence = Residence::Random;
    let mut simulation = Adatoms::new(setup, Streams::new(3), 0).unwrap();
    let mut squares = 0.0;
    for _ in 0..WALKS {
        let mut place = [0, 0];
        for _ in 0..HOPS {
            let hop = simulation.step().unwrap();
            for axis in [0, 1] {
                place[axis] += DIRECTIONS[hop.direction][axis];
            }
        }
        squares += f64::from(place[0] * place[0] + place[1] * place[1]);
    }
    let rate = 1e13 * (-0.5 / (BOLTZMANN * temperature)).exp();
    let found = squares / (4.0 * simulation.time());
    // Squared distances of walks are exponentially distributed: one part in √20,000 is 0.7 %.
    assert!((found / rate - 1.0).abs() < 0.03, "{found}, not {rate}");
}

/// Mean enthalpy, largest cluster and monomers by Metropolis' algorithm (1953,
/// doi:10.1063/1.1699114): single atoms move from any column to any other.
fn metropolis(energies: Energies, temperature: f64, moves: u64) -> [f64; 3] {
    let streams = Streams::new(11);
    let mut surface = Arrangement::Random { atoms: 50 }
        .surface(40, streams, 0)
        .unwrap();
    let mut stream = streams.stream(Purpose::Test, 0, 0);
    let (mut sums, mut enthalpies) = ([0.0; 3], 0.0);
    let (mut observations, mut counted) = (0.0, 0.0);
    for trial in 0..moves {
        let (from, to) = (stream.below(1600) as usize, stream.below(1600) as usize);
        if from != to && surface.heights()[from] > 0 {
            let before = surface.energy(&energies);
            surface.take(from, surface.coordination(from));
            surface.put(to);
            let change = surface.energy(&energies) - before;
            if stream.uniform() >= (-change / (BOLTZMANN * temperature)).exp() {
                surface.take(to, surface.coordination(to));
                surface.put(from);
            }
        }
        if trial >= moves / 4 {
            enthalpies += surface.enthalpy_per_atom(&energies);
            counted += 1.0;
            if trial % 2000 == 0 {
                let census = Census::of(&surface);
                sums[1] += f64::from(census.largest());
                sums[2] += census.monomers() as f64;
                observations += 1.0;
            }
        }
    }
    [
        enthalpies / counted,
        sums[1] / observations,
        sums[2] / observations,
    ]
}

#[test]
fn the_dispersed_gas_is_that_of_another_algorithm() {
    let energies = energies(0.09, 0.036);
    let setup = Setup::of_figure(50, energies, 773.0).unwrap();
    let mut simulation = Adatoms::new(setup, Streams::new(1), 0).unwrap();
    let sampling = Sampling {
        extent: Extent::Events(8_000_000),
        observations: 8000,
        discard: 0.1,
    };
    let averages = simulation.sample(sampling).unwrap();
    let reference = metropolis(energies, 773.0, 12_000_000);
    let found = [averages.enthalpy(), averages.largest(), averages.monomers()];
    // About four joint errors of the two runs, from the scatter between seeds.
    for (k, tolerance) in [4e-4, 0.12, 0.5].into_iter().enumerate() {
        assert!(
            (found[k] - reference[k]).abs() < tolerance,
            "{found:?}, not {reference:?}"
        );
    }
}

#[test]
#[ignore = "slow: 60 s"]
fn the_cold_mixture_is_that_of_another_algorithm() {
    let energies = energies(0.09, 0.036);
    let setup = Setup::of_figure(50, energies, 400.0).unwrap();
    let mut simulation = Adatoms::new(setup, Streams::new(1), 0).unwrap();
    let averages = simulation.sample(Sampling::over(100_000_000)).unwrap();
    let reference = metropolis(energies, 400.0, 600_000_000);
    // The particle dissolves and forms again slowly: few independent samples.
    assert!((averages.enthalpy() - reference[0]).abs() < 0.006);
    assert!((averages.largest() - reference[1]).abs() < 2.5);
}

fn figure(energies: Energies, temperature: f64, sampling: Sampling, seed: u64) -> Averages {
    let setup = Setup::of_figure(50, energies, temperature).unwrap();
    let mut simulation = Adatoms::new(setup, Streams::new(seed), 0).unwrap();
    simulation.sample(sampling).unwrap()
}

#[test]
fn the_three_cases_of_the_paper_end_as_there() {
    // Gathering can take some ten million events.
    let sampling = Sampling {
        discard: 0.75,
        ..Sampling::over(16_000_000)
    };
    let hot = figure(Energies::WEAK, 773.0, sampling, 1);
    assert_eq!(hot.state(), State::Dispersed);
    assert!(
        (hot.enthalpy() + 0.0193).abs() < 0.001,
        "{}",
        hot.enthalpy()
    );
    let strong = figure(Energies::STRONG, 773.0, sampling, 1);
    assert_eq!(strong.state(), State::OneParticle);
    let cold = figure(Energies::WEAK, 300.0, sampling, 1);
    assert_eq!(cold.state(), State::OneParticle);
    assert!((2.0..4.0).contains(&cold.highest()), "{}", cold.highest());
}

#[test]
#[ignore = "slow: 90 s"]
fn the_three_cases_of_the_paper_do_not_depend_on_the_seed() {
    let cases = [
        (Energies::WEAK, 773.0, State::Dispersed),
        (Energies::STRONG, 773.0, State::OneParticle),
        (Energies::WEAK, 300.0, State::OneParticle),
    ];
    let averages = replicas(9, |run| {
        let (energies, temperature, _) = cases[run as usize % 3];
        Ok::<_, ()>(figure(
            energies,
            temperature,
            Sampling::over(40_000_000),
            run / 3 + 1,
        ))
    })
    .unwrap();
    let (mut weak, mut strong) = (0.0, 0.0);
    for (run, average) in averages.iter().enumerate() {
        println!(
            "{:?}: enthalpy {:.4} eV, largest {:.2}, monomers {:.2}, particles {:.2}, highest {:.1}",
            cases[run % 3],
            average.enthalpy(),
            average.largest(),
            average.monomers(),
            average.particles(),
            average.highest()
        );
        assert_eq!(average.state(), cases[run % 3].2);
        match run % 3 {
            1 => strong += average.particle_enthalpy().unwrap() / 3.0,
            2 => weak += average.particle_enthalpy().unwrap() / 3.0,
            _ => {}
        }
    }
    assert!((weak + 0.160).abs() < 0.005, "{weak}");
    assert!((strong + 0.650).abs() < 0.010, "{strong}");
}

#[test]
#[ignore = "slow: 300 s"]
fn the_three_cases_of_the_paper_stay_so_for_400_million_events() {
    let cases = [
        (Energies::WEAK, 773.0, State::Dispersed),
        (Energies::STRONG, 773.0, State::OneParticle),
        (Energies::WEAK, 300.0, State::OneParticle),
    ];
    replicas(3, |case| {
        let (energies, temperature, state) = cases[case as usize];
        let average = figure(energies, temperature, Sampling::over(400_000_000), 1);
        println!(
            "{temperature} K: enthalpy {:.4} eV, largest {:.2}, monomers {:.2}, particles {:.2}",
            average.enthalpy(),
            average.largest(),
            average.monomers(),
            average.particles()
        );
        assert_eq!(average.state(), state);
        Ok::<_, ()>(())
    })
    .unwrap();
}

fn cycling() -> Setup {
    let leg = |temperature| Stage {
        temperature: Temperature::Constant(temperature),
        extent: Extent::Events(20_000_000),
    };
    let mut setup = Setup::of_figure(96, Energies::WEAK, 773.0).unwrap();
    setup.programme = Programme::repeated(&[leg(773.0), leg(473.0)], 3).unwrap();
    setup
}

#[test]
#[ignore = "slow: 25 s"]
fn heating_disperses_and_cooling_gathers_again_and_again() {
    let mut simulation = Adatoms::new(cycling(), Streams::new(3), 0).unwrap();
    for leg in 0..6 {
        let average = simulation.sample(Sampling::over(20_000_000)).unwrap();
        assert_eq!(simulation.stage(), leg);
        let share = average.largest_share();
        println!(
            "leg {leg}: largest {:.1}, enthalpy {:.4}",
            average.largest(),
            average.enthalpy()
        );
        if leg % 2 == 0 {
            assert!(share < 0.12, "hot leg {leg}: {share}");
        } else {
            assert!(share > 0.75, "cold leg {leg}: {share}");
        }
    }
    assert!(simulation.is_over());
}

/// Largest clusters at the end of a cold, a hot and a cold stage.
fn loading(grid: ParticleGrid) -> [f64; 3] {
    let stages = [(473.0, 1e-5), (773.0, 2e-5), (473.0, 3e-3)];
    let mut setup = Setup::of_figure(1, Energies::WEAK, 473.0).unwrap();
    setup.arrangement = Arrangement::Particles(vec![grid]);
    setup.programme = Programme::new(&stages.map(|(temperature, time)| Stage {
        temperature: Temperature::Constant(temperature),
        extent: Extent::Time(time),
    }))
    .unwrap();
    let mut simulation = Adatoms::new(setup, Streams::new(5), 0).unwrap();
    stages.map(|(_, time)| {
        let sampling = Sampling {
            extent: Extent::Time(time),
            observations: 400,
            discard: 0.7,
        };
        simulation.sample(sampling).unwrap().largest()
    })
}

#[test]
#[ignore = "slow: 60 s"]
fn small_loadings_disperse_on_heating_and_large_ones_coarsen() {
    let region = Region {
        first: [0, 0],
        size: [40, 40],
    };
    replicas(3, |run| {
        let atoms = [6, 20, 30][run as usize];
        let grid = ParticleGrid {
            region,
            particles: [4, 4],
            atoms,
        };
        let [cold, hot, again] = loading(grid);
        println!(
            "{} atoms: largest {cold:.1}, {hot:.1}, {again:.1}",
            16 * atoms
        );
        if atoms == 6 {
            assert!(hot < cold && again > cold);
        } else {
            assert!(hot > 3.0 * cold && again > hot);
        }
        Ok::<_, ()>(())
    })
    .unwrap();
}

/// A short run with ramps, in which everything that can be saved matters.
fn short(step_rule: Option<StepRule>) -> Adatoms {
    let stages = [
        Stage {
            temperature: Temperature::Ramp {
                from: 500.0,
                to: 510.0,
            },
            extent: Extent::Events(5003),
        },
        Stage {
            temperature: Temperature::Ramp {
                from: 500.0,
                to: 490.0,
            },
            extent: Extent::Time(1e-6),
        },
    ];
    let mut setup = Setup::of_figure(96, Energies::WEAK, 500.0).unwrap();
    setup.programme = Programme::repeated(&stages, 20).unwrap();
    setup.residence = Residence::Random;
    setup.step_rule = step_rule;
    setup.events_per_advance = 1000;
    Adatoms::new(setup, Streams::new(1), 2).unwrap()
}

#[test]
fn a_restored_simulation_goes_on_to_the_bit() {
    for rule in [None, Some(STEPS)] {
        let mut whole = short(rule);
        let mut first = short(rule);
        for events in [1, 5002, 777, 30_000] {
            whole.run_events(events).unwrap();
            first.run_events(events).unwrap();
            let mut second = short(rule);
            second.restore(&first.save()).unwrap();
            assert_eq!(second.save(), first.save());
            first = second;
        }
        // In the middle of a residence.
        let time = first.time() + 0.3 / first.total_rate();
        whole.run_until(time).unwrap();
        first.run_until(time).unwrap();
        let mut second = short(rule);
        second.restore(&first.save()).unwrap();
        second.run_events(10_000).unwrap();
        whole.run_events(10_000).unwrap();
        assert_eq!(second.save(), whole.save());
        assert!(whole.stage() > 2);
    }
}

#[test]
fn states_that_do_not_fit_are_refused() {
    let mut simulation = short(None);
    simulation.run_events(100).unwrap();
    let good = simulation.save();
    let refused = |change: &dyn Fn(&mut SavedState)| {
        let mut saved = good.clone();
        change(&mut saved);
        let mut other = short(None);
        let before = other.save();
        let error = other.restore(&saved).unwrap_err();
        assert_eq!(other.save(), before);
        error.to_string()
    };
    assert_eq!(
        refused(&|saved| saved.reals.clear()),
        "the saved state has no array `start of segment, time in segment, spent`"
    );
    assert!(refused(&|saved| saved.integers[0].1[0] += 1).contains("97 atoms, not 96"));
    assert!(refused(&|saved| saved.integers[1].1[0] = 9999).contains("order of columns"));
    assert!(refused(&|saved| saved.integers[2].1[1] = 999_999).contains("stage"));
}

#[test]
fn replicas_do_not_depend_on_the_number_of_threads() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            replicas(4, |replica| {
                let setup = Setup::of_figure(50, Energies::WEAK, 773.0).unwrap();
                let mut simulation = Adatoms::new(setup, Streams::new(1), replica)?;
                simulation.run_events(20_000)?;
                Ok::<_, AdatomError>(simulation.save())
            })
            .unwrap()
        })
    };
    let one = run(1);
    assert_eq!(one, run(3));
    assert_ne!(one[0], one[1]);
}

#[test]
fn looking_at_certain_times_does_not_change_what_happens() {
    let [mut looked_at, mut alone] = [0; 2].map(|_| {
        let setup = Setup::of_figure(50, Energies::WEAK, 773.0).unwrap();
        Adatoms::new(setup, Streams::new(1), 0).unwrap()
    });
    alone.run_events(2000).unwrap();
    let end = alone.time() * (1.0 + 1e-9);
    for look in 1..=50_000 {
        looked_at
            .run_until(end * f64::from(look) / 50_000.0)
            .unwrap();
    }
    assert_eq!(looked_at.events(), alone.events());
    assert_eq!(looked_at.surface(), alone.surface());
}

#[test]
fn the_common_loop_drives_it() {
    struct Patient;
    impl Supervisor<Adatoms, Looker> for Patient {
        type Error = ();
        fn after_step(&mut self, _: &Adatoms, _: &mut [Looker]) -> Result<Verdict, ()> {
            Ok(Verdict::Continue)
        }
    }
    struct Looker(Vec<u64>);
    impl frit_engine::Observer<Adatoms> for Looker {
        type Error = ();
        fn schedule(&self) -> Schedule {
            Schedule::Steps(2000)
        }
        fn observe(&mut self, engine: &Adatoms) -> Result<(), ()> {
            self.0.push(engine.clock().step);
            Ok(())
        }
    }
    let mut simulation = short(None);
    let mut lookers = [Looker(Vec::new())];
    let outcome = drive(&mut simulation, &mut lookers, &mut Patient, 5000, true);
    assert!(matches!(outcome, Ok(Outcome::Finished)));
    assert_eq!(lookers[0].0, [0, 2000, 4000]);
    assert_eq!(simulation.events(), 5000);
}

/// Goes on to the end of the programme as the common loop does; where each advance ended.
fn advances(simulation: &mut Adatoms) -> Vec<(usize, Clock)> {
    let mut seen = Vec::new();
    while !simulation.is_over() {
        let before = simulation.clock();
        simulation.advance(()).unwrap();
        assert_ne!(simulation.clock(), before);
        seen.push((simulation.stage(), simulation.clock()));
    }
    seen
}

#[test]
fn advances_end_where_stages_end() {
    let stages = [(473.0, 300), (773.0, 12_345), (600.0, 1), (773.0, 20_000)];
    let mut setup = Setup::of_figure(50, Energies::WEAK, 773.0).unwrap();
    setup.programme = Programme::new(&stages.map(|(temperature, events)| Stage {
        temperature: Temperature::Constant(temperature),
        extent: Extent::Events(events),
    }))
    .unwrap();
    let mut simulation = Adatoms::new(setup.clone(), Streams::new(1), 0).unwrap();
    let seen = advances(&mut simulation);
    let seen: Vec<(usize, u64)> = seen.iter().map(|(k, clock)| (*k, clock.step)).collect();
    assert_eq!(
        seen,
        [
            (0, 300),
            (1, 10_000),
            (1, 12_645),
            (2, 12_646),
            (3, 20_000),
            (3, 30_000),
            (3, 32_646)
        ]
    );
    // The same as in one go.
    let mut whole = Adatoms::new(setup, Streams::new(1), 0).unwrap();
    whole.run_events(32_646).unwrap();
    assert_eq!(whole.save(), simulation.save());
}

#[test]
fn times_end_where_they_should_however_they_are_rounded() {
    // A long cold stage, in which nothing may happen, and short hot ones: residences of 1e-13 s
    // vanish beside hours. Thirds of times are never exact.
    let stages = [
        (60.0, 10_000.0 / 3.0),
        (773.0, 1e-9 / 3.0),
        (900.0, 1e-10 / 3.0),
    ];
    let mut setup = Setup::of_figure(50, Energies::WEAK, 773.0).unwrap();
    setup.events_per_advance = 100;
    setup.programme = Programme::repeated(
        &stages.map(|(temperature, time)| Stage {
            temperature: Temperature::Ramp {
                from: temperature,
                to: temperature + 3.0,
            },
            extent: Extent::Time(time),
        }),
        3,
    )
    .unwrap();
    let Some(Extent::Time(end)) = setup.programme.extent() else {
        panic!("all stages last times");
    };
    for (residence, looks) in [
        (Residence::Mean, None),
        (Residence::Random, Some(1000.0 / 7.0)),
    ] {
        setup.residence = residence;
        setup.time_per_advance = looks;
        let mut simulation = Adatoms::new(setup.clone(), Streams::new(1), 0).unwrap();
        let seen = advances(&mut simulation);
        assert_eq!(simulation.time().to_bits(), end.to_bits());
        let ends: Vec<f64> = (0..9)
            .map(|stage| {
                let last = seen.iter().rfind(|(of, _)| *of == stage);
                last.expect("no stage is left out").1.time
            })
            .collect();
        assert!(ends.is_sorted(), "{ends:?}");
        assert!(simulation.events() > 1000);
    }
    // Short times between looks, from the first hot moment on.
    setup.programme = Programme::new(&[Stage {
        temperature: Temperature::Constant(773.0),
        extent: Extent::Time(1e-9),
    }])
    .unwrap();
    let span = 1e-9 / 7.0;
    setup.time_per_advance = Some(span);
    setup.events_per_advance = 1_000_000;
    let mut simulation = Adatoms::new(setup, Streams::new(1), 0).unwrap();
    let seen = advances(&mut simulation);
    let schedule = Schedule::Time(span);
    let mut before = Clock { step: 0, time: 0.0 };
    for (_, clock) in &seen[..6] {
        assert!(
            schedule.is_due(Some(before), *clock),
            "{before:?} {clock:?}"
        );
        before = *clock;
    }
    assert!(matches!(seen.len(), 7 | 8), "{seen:?}");
}

#[test]
fn impossible_setups_are_refused() {
    let refused = |change: &dyn Fn(&mut Setup)| {
        let mut setup = Setup::of_figure(50, Energies::WEAK, 773.0).unwrap();
        change(&mut setup);
        Adatoms::new(setup, Streams::new(1), 0)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&|setup| setup.side = 2).contains("3 to 65535"));
    assert!(refused(&|setup| setup.energies.support_bond = 1.0).contains("no barrier"));
    assert!(refused(&|setup| setup.energies.metal_bond = -0.1).contains("metal bond"));
    assert!(
        refused(&|setup| setup.arrangement = Arrangement::Random { atoms: 0 }).contains("no atoms")
    );
    assert!(refused(&|setup| setup.events_per_advance = 0).contains("at least 1"));
    assert!(Setup::of_figure(50, Energies::WEAK, -3.0).is_err());
    // So cold that all rates underflow.
    let setup = Setup::of_figure(50, Energies::WEAK, 1.0).unwrap();
    let mut frozen = Adatoms::new(setup, Streams::new(1), 0).unwrap();
    assert!(matches!(frozen.step(), Err(AdatomError::Frozen { .. })));
    frozen.run_until(10.0).unwrap();
    assert_eq!((frozen.time(), frozen.events()), (10.0, 0));
}

//! From a deck to the setup of the simulation.

use frit_deck::{
    DeckError, DeckErrors, Redispersion, RedispersionDeck, ResidenceTimes, Schedule, StageExtent,
    TemperatureStage,
};
use frit_lattice::adatoms::{
    AdatomError, Arrangement, Energies, Extent, ParticleGrid, Programme, Region, Residence, Setup,
    Stage, StepRule, Temperature,
};

use super::StageInfo;
use crate::lattice::quantities::{Given, learn};
use crate::run::{Goal, HashedFile};

/// What a deck became.
pub(super) struct Resolved {
    pub(super) setup: Setup,
    pub(super) stages: Vec<StageInfo>,
    pub(super) goal: Goal,
    pub(super) files: Vec<HashedFile>,
}

/// The bond to the support, in metal bonds, where the deck gives none.
const SUPPORT_OVER_METAL: f64 = 0.4;

/// Events of one advance where no observer asks for fewer.
const EVENTS_PER_ADVANCE: u64 = 10_000;

/// Works a deck out.
///
/// # Errors
/// A file of quantities cannot be used, or the temperature programme is none.
pub(super) fn resolve(deck: &RedispersionDeck) -> Result<Resolved, DeckErrors> {
    let body = &deck.body;
    let given = &body.energies;
    let rate = given.attempt_frequency.in_unit("1/s");
    let mut energies = Energies {
        metal_bond: given.metal_bond.in_electronvolts(),
        // Known below, when files have been read.
        support_bond: 0.0,
        hop_barrier: given.hop_barrier.in_electronvolts(),
        attempt_frequency: rate.expect("1/s is a rate"),
    };
    let mut support_bond = given
        .support_bond
        .map_or(f64::NAN, |bond| bond.in_electronvolts());
    let files = learn(
        deck,
        body.quantities.as_deref(),
        "redispersion.quantities",
        vec![
            Given::Energy("metal bond", &mut energies.metal_bond),
            Given::Energy("support bond", &mut support_bond),
            Given::Energy("hop barrier", &mut energies.hop_barrier),
            Given::Rate("attempt frequency", &mut energies.attempt_frequency),
        ],
    )?;
    energies.support_bond = match support_bond.is_nan() {
        true => SUPPORT_OVER_METAL * energies.metal_bond,
        false => support_bond,
    };
    let stages: Vec<Stage> = body.stages.iter().map(stage).collect();
    let programme = Programme::repeated(&stages, body.cycles as usize)
        .map_err(|error| DeckErrors::from(vec![place(deck, &error)]))?;
    let setup = Setup {
        side: body.side as usize,
        energies,
        step_rule: body.steps.map(|steps| StepRule {
            highest_step: steps.highest.map(|highest| highest as u32),
            barrier: steps.barrier.in_electronvolts(),
        }),
        residence: match body.residence {
            ResidenceTimes::Mean => Residence::Mean,
            ResidenceTimes::Random => Residence::Random,
        },
        programme,
        arrangement: arrangement(body),
        events_per_advance: events_per_advance(deck),
    };
    Ok(Resolved {
        setup,
        stages: names(body),
        goal: goal(body),
        files,
    })
}

/// A number of events of which all schedules are multiples.
fn events_per_advance(deck: &RedispersionDeck) -> u64 {
    let observe = &deck.body.observe;
    let schedules = [
        Some(observe.table),
        observe.atoms,
        Some(deck.heading.checkpoint.every),
    ];
    let steps = schedules
        .into_iter()
        .flatten()
        .filter_map(|schedule| match schedule {
            Schedule::Steps(steps) => Some(steps),
            Schedule::Time(_) => None,
        });
    steps.fold(EVENTS_PER_ADVANCE, greatest_divisor)
}

/// The greatest common divisor.
fn greatest_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_divisor(b, a % b)
    }
}

fn stage(stage: &TemperatureStage) -> Stage {
    let temperature = stage.temperature.in_kelvin();
    Stage {
        temperature: match stage.end {
            None => Temperature::Constant(temperature),
            Some(end) => Temperature::Ramp {
                from: temperature,
                to: end.in_kelvin(),
            },
        },
        extent: match stage.extent {
            StageExtent::Events(events) => Extent::Events(events),
            StageExtent::Duration(time) => Extent::Time(time.in_seconds()),
        },
    }
}

/// Names and temperatures of all stages, cycle by cycle.
fn names(body: &Redispersion) -> Vec<StageInfo> {
    let of = |cycle: u64, stage: &TemperatureStage| {
        let from = stage.temperature.in_kelvin();
        let to = stage.end.map_or(from, |end| end.in_kelvin());
        let name = stage.name.clone().unwrap_or_else(|| {
            if from == to {
                format!("{from:.2} K")
            } else {
                format!("{from:.2} to {to:.2} K")
            }
        });
        StageInfo {
            name: match body.cycles {
                1 => name,
                _ => format!("{name} {}", cycle + 1),
            },
            temperatures: [from, to],
        }
    };
    (0..body.cycles)
        .flat_map(|cycle| body.stages.iter().map(move |stage| of(cycle, stage)))
        .collect()
}

/// All stages last events, or all last times: the deck has checked it.
fn goal(body: &Redispersion) -> Goal {
    let mut events: u64 = 0;
    let mut time = 0.0;
    for stage in &body.stages {
        match stage.extent {
            StageExtent::Events(some) => events = events.saturating_add(some),
            StageExtent::Duration(some) => time += some.in_seconds(),
        }
    }
    if time > 0.0 {
        Goal::Time(time * body.cycles as f64)
    } else {
        Goal::Steps(events.saturating_mul(body.cycles))
    }
}

fn arrangement(body: &Redispersion) -> Arrangement {
    match body.atoms {
        Some(atoms) => Arrangement::Random {
            atoms: atoms as usize,
        },
        None => Arrangement::Particles(grids(body)),
    }
}

fn grids(body: &Redispersion) -> Vec<ParticleGrid> {
    let pair = |values: [u64; 2]| values.map(|value| value as usize);
    body.particles
        .iter()
        .map(|part| ParticleGrid {
            region: Region {
                first: pair(part.first),
                size: pair(part.size),
            },
            particles: pair(part.grid),
            atoms: part.atoms as usize,
        })
        .collect()
}

/// The parts of the support whose clusters are counted by themselves; none if there is one alone.
pub(super) fn parts(body: &Redispersion) -> Vec<(String, Region)> {
    if body.particles.len() < 2 {
        return Vec::new();
    }
    let names = body.particles.iter().map(|part| part.name.clone());
    names
        .zip(grids(body).into_iter().map(|grid| grid.region))
        .collect()
}

/// An error of the simulation at its place in the deck.
pub(super) fn place(deck: &RedispersionDeck, error: &AdatomError) -> DeckError {
    let (path, help) = match error {
        AdatomError::NoBarrier { .. } => (
            "redispersion.energies.support_bond".to_owned(),
            "bind more weakly to the support, or raise hop_barrier",
        ),
        AdatomError::TooManyAtoms { .. } => (
            "redispersion.atoms".to_owned(),
            "take fewer atoms or a larger side; to begin with particles, write [[redispersion.particles]]",
        ),
        AdatomError::NoRoom { grid, .. } => {
            let place = grids(&deck.body).iter().position(|known| known == grid);
            (
                format!("redispersion.particles.{}", place.unwrap_or(0)),
                "a particle is a square about two layers high; take fewer or smaller ones, or a larger part",
            )
        }
        AdatomError::Side { .. } => ("redispersion.side".to_owned(), ""),
        AdatomError::NoStages | AdatomError::EmptyStage { .. } => {
            ("redispersion.stage".to_owned(), "")
        }
        AdatomError::Parameter(_) => ("redispersion.energies".to_owned(), ""),
        _ => ("redispersion".to_owned(), ""),
    };
    deck.error_at(&path, error.to_string(), help)
}

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
use crate::lattice::quantities::{Given, Learned, learn};
use crate::run::Goal;

/// What a deck became.
pub(super) struct Resolved {
    pub(super) setup: Setup,
    pub(super) stages: Vec<StageInfo>,
    pub(super) goal: Goal,
    /// What a file of quantities gave.
    pub(super) learned: Learned,
}

/// The keys of the energies that a file of quantities may give instead, by their names there.
const ENERGIES: [(&str, &str); 4] = [
    ("metal bond", "metal_bond"),
    ("support bond", "support_bond"),
    ("hop barrier", "hop_barrier"),
    ("attempt frequency", "attempt_frequency"),
];

/// The bond to the support where the deck gives none: 0.4 metal bonds, to the nearest number.
pub(super) fn support_bond(metal_bond: f64) -> f64 {
    metal_bond * 2.0 / 5.0
}

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
    let learned = learn(
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
    given_once(deck, &learned)?;
    energies.support_bond = match support_bond.is_nan() {
        true => self::support_bond(energies.metal_bond),
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
        time_per_advance: match body.observe.table {
            Schedule::Time(time) => Some(time.in_seconds()),
            Schedule::Steps(_) => None,
        },
    };
    Ok(Resolved {
        stages: names(body),
        goal: goal(&setup.programme),
        setup,
        learned,
    })
}

/// Refuses a value that both a file and the deck give: neither should beat the other unseen.
fn given_once(deck: &RedispersionDeck, learned: &Learned) -> Result<(), DeckErrors> {
    let mut errors = DeckErrors::default();
    for taken in &learned.taken {
        let Some((name, key)) = ENERGIES.iter().find(|(name, _)| *name == taken.name) else {
            continue;
        };
        let path = format!("redispersion.energies.{key}");
        if deck.gives(&path) {
            let message = format!(
                "the {name} is given twice: here, and as {} in the file of quantities",
                taken.value
            );
            let help = format!("remove `{key}` here, or \"{name}\" from the file");
            errors.push(deck.error_at(&path, message, help));
        }
    }
    errors.into_result(())
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

/// When the programme is over.
fn goal(programme: &Programme) -> Goal {
    match programme.extent() {
        Some(Extent::Events(events)) => Goal::Steps(events),
        Some(Extent::Time(time)) => Goal::Time(time),
        // The deck has checked that all stages last events, or all times.
        None => Goal::Steps(u64::MAX),
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
        AdatomError::Overlap { part, .. } => (
            format!("redispersion.particles.{part}"),
            "give each part columns of its own, by `first` and `size`; what lies between parts needs none",
        ),
        AdatomError::Side { .. } => ("redispersion.side".to_owned(), ""),
        AdatomError::NoStages | AdatomError::EmptyStage { .. } => {
            ("redispersion.stage".to_owned(), "")
        }
        AdatomError::Parameter(_) => ("redispersion.energies".to_owned(), ""),
        _ => ("redispersion".to_owned(), ""),
    };
    deck.error_at(&path, error.to_string(), help)
}

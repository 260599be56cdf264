//! The phases of a run: each stage of the deck, for each body on which it acts.

use frit_atoms::System;
use frit_deck::{Deck, Ramp as DeckRamp, Schedule as DeckSchedule, StageMethod, StageTarget};
use frit_dynamics::external::{Centres, Hold};
use frit_dynamics::measure::{AtRest, Selection, degrees_of_freedom};
use frit_dynamics::{
    CellRescaling, Ensemble, External, Isobaric, Langevin, NoseHoover, ParameterError, Ramp,
    Rescaling, Swaps,
};
use frit_engine::Schedule;
use frit_units::constants::MechanicalConstants;

/// On what a phase acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// One particle of a pair, alone: 0 or 1.
    Particle(usize),
    /// Everything.
    Whole,
}

impl Body {
    /// The name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Particle(0) => "particle 1",
            Self::Particle(_) => "particle 2",
            Self::Whole => "system",
        }
    }
}

/// One phase of a run.
#[derive(Debug, Clone)]
pub(crate) struct Phase {
    /// Name of the stage.
    pub stage: String,
    /// On what it acts.
    pub body: Body,
    /// What it does.
    pub method: StageMethod,
    /// What acts on atoms beside their potential, as described.
    pub external: frit_deck::External,
}

impl Phase {
    /// All phases of a deck, in order.
    pub(crate) fn of(deck: &Deck) -> Vec<Self> {
        let phases = |target: StageTarget, bodies: &'static [Body]| {
            bodies.iter().flat_map(move |&body| {
                deck.stages
                    .iter()
                    .filter(move |stage| stage.on == target)
                    .map(move |stage| Self {
                        stage: stage.name.clone(),
                        body,
                        method: stage.method,
                        external: stage.external.clone(),
                    })
            })
        };
        // One particle after the other, each through all its stages.
        phases(
            StageTarget::EachParticle,
            &[Body::Particle(0), Body::Particle(1)],
        )
        .chain(phases(StageTarget::System, &[Body::Whole]))
        .collect()
    }

    /// What the phase is called in progress and messages.
    pub(crate) fn label(&self) -> String {
        match self.body {
            Body::Whole => self.stage.clone(),
            Body::Particle(_) => format!("{}, {}", self.stage, self.body.name()),
        }
    }

    /// Steps to be made (at most, when minimising).
    pub(crate) fn steps(&self) -> u64 {
        match self.method {
            StageMethod::Dynamics(dynamics) => dynamics.steps,
            StageMethod::Minimise(minimise) => minimise.steps,
        }
    }

    /// Length of a step [ps]; zero when minimising.
    pub(crate) fn timestep(&self) -> f64 {
        match self.method {
            StageMethod::Dynamics(dynamics) => dynamics.timestep.in_picoseconds(),
            StageMethod::Minimise(_) => 0.0,
        }
    }
}

/// A deck's schedule in steps of `timestep` [ps]: times become whole steps, one at least.
pub(crate) fn schedule(schedule: DeckSchedule, timestep: f64) -> Schedule {
    match schedule {
        DeckSchedule::Steps(steps) => Schedule::Steps(steps),
        DeckSchedule::Time(time) => {
            Schedule::Steps(((time.in_picoseconds() / timestep).round() as u64).max(1))
        }
    }
}

/// Steps between moves of the barostat: it must act much faster than the volume relaxes (hundreds
/// of steps), and each move costs a second evaluation of the forces.
const BAROSTAT_INTERVAL: u64 = 10;

/// The ensemble of a stage, for a system.
///
/// # Errors
/// A parameter is out of its range for this system.
pub(crate) fn ensemble(
    dynamics: &frit_deck::Dynamics,
    system: &System,
    at_rest: AtRest,
) -> Result<Ensemble, ParameterError> {
    let constants = MechanicalConstants::CODATA;
    let steps = dynamics.steps;
    let freedom = degrees_of_freedom(system, Selection::All, at_rest);
    let kelvin = |ramp: DeckRamp<frit_units::Temperature>| {
        Ramp::linear(ramp.start.in_kelvin(), ramp.end.in_kelvin(), steps)
    };
    Ok(match dynamics.ensemble {
        frit_deck::Ensemble::Nve => Ensemble::Nve,
        frit_deck::Ensemble::NoseHoover {
            temperature,
            relaxation_time,
        } => Ensemble::NoseHoover(NoseHoover::new(
            kelvin(temperature),
            relaxation_time.in_picoseconds(),
            freedom,
            &constants,
        )?),
        frit_deck::Ensemble::Bussi {
            temperature,
            relaxation_time,
        } => Ensemble::Rescaling(Rescaling::new(
            kelvin(temperature),
            relaxation_time.in_picoseconds(),
            freedom,
            &constants,
        )?),
        frit_deck::Ensemble::Langevin {
            temperature,
            friction,
        } => Ensemble::Langevin(Langevin::new(
            kelvin(temperature),
            friction.per_picosecond(),
        )?),
        frit_deck::Ensemble::Npt {
            temperature,
            relaxation_time,
            pressure,
            pressure_relaxation_time,
            bulk_modulus,
        } => Ensemble::Isobaric(Isobaric {
            thermostat: Rescaling::new(
                kelvin(temperature),
                relaxation_time.in_picoseconds(),
                freedom,
                &constants,
            )?,
            barostat: CellRescaling::new(
                Ramp::linear(pressure.start.internal(), pressure.end.internal(), steps),
                1.0 / bulk_modulus.internal(),
                pressure_relaxation_time.in_picoseconds(),
                BAROSTAT_INTERVAL,
                &constants,
            )?,
        }),
    })
}

/// The exchanges of a stage.
///
/// # Errors
/// A parameter is out of its range.
pub(crate) fn swaps(dynamics: &frit_deck::Dynamics) -> Result<Option<Swaps>, ParameterError> {
    let made = dynamics.swap.map(|swap| {
        let every = match schedule(swap.every, dynamics.timestep.in_picoseconds()) {
            Schedule::Steps(steps) => steps,
            _ => 1,
        };
        let boltzmann = MechanicalConstants::CODATA.boltzmann;
        Swaps::new(
            every,
            swap.attempts,
            swap.temperature.in_kelvin(),
            boltzmann,
        )
    });
    made.transpose()
}

/// Which motions hold no thermal energy in a stage.
pub(crate) fn at_rest(
    dynamics: &frit_deck::Dynamics,
    external: &External,
    system: &System,
) -> AtRest {
    let is_pinned = |centres: &&Centres| centres.hold() == Hold::Pinned;
    let pinned = external.centres.as_ref().filter(is_pinned);
    let held = AtRest::Held {
        centres: pinned.map_or(0, Centres::count),
        atoms: external
            .frozen
            .as_ref()
            .map_or(0, |frozen| frozen.ids().len()),
    };
    match dynamics.ensemble {
        // Whatever acts from outside changes the momentum; pins, the angular momentum.
        _ if !external.is_empty() => held,
        frit_deck::Ensemble::Langevin { .. } => AtRest::Nothing,
        // Exchanges conserve momentum, but not angular momentum.
        _ if dynamics.swap.is_some() => AtRest::Translation,
        _ => AtRest::conserved_in(&system.cell),
    }
}

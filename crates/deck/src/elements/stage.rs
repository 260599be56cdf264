//! `[[stage]]`: what is done, in order.

use frit_units::{Force, SurfaceEnergy, Temperature, Time, kind};

use crate::elements::ensemble::{self, Ensemble};
use crate::elements::external::{self, External};
use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, Integer, LARGEST, Name, not_negative, positive};
use crate::walk::{Table, Variant, key, table};

/// One stage of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its name, unique in the deck.
    pub name: String,
    /// What it acts on.
    pub on: StageTarget,
    /// What it does.
    pub method: StageMethod,
    /// What acts on atoms beside their potential.
    pub external: External,
}

/// What a stage acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageTarget {
    /// Each particle of a pair alone, before they are assembled.
    EachParticle,
    /// The whole system.
    System,
}

/// What a stage does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StageMethod {
    /// Atoms move in time.
    Dynamics(Dynamics),
    /// Atoms move to a minimum of the energy.
    Minimise(Minimise),
}

/// Atoms move in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dynamics {
    /// How the centre of mass of each particle is held, if it is.
    pub centres: Option<Centres>,
    /// What is kept constant.
    pub ensemble: Ensemble,
    /// Time step.
    pub timestep: Time,
    /// Number of steps.
    pub steps: u64,
    /// Velocities drawn at the start of the stage, if any.
    pub velocities: Option<Velocities>,
    /// Exchanges of unlike atoms, if there are any.
    pub swap: Option<Swap>,
    /// What ends the stage before its last step, if anything does.
    pub until: Option<Until>,
}

/// Monte Carlo exchanges of atoms of different species within a body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swap {
    /// How often exchanges are tried.
    pub every: Schedule,
    /// How many are tried each time.
    pub attempts: u64,
    /// Their temperature.
    pub temperature: Temperature,
}

/// What ends a stage before its last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The first sustained neck, as `[observe.neck]` defines it.
    Neck,
}

/// How the centre of mass of each particle is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Centres {
    /// It does not move.
    Pinned,
    /// A spring to its place at the start of the stage.
    Tethered {
        /// Stiffness of the spring, energy per area.
        stiffness: SurfaceEnergy,
    },
}

/// Velocities drawn from the Maxwell-Boltzmann distribution, without momentum and angular
/// momentum of each free body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Velocities {
    /// Their temperature.
    pub temperature: Temperature,
}

/// Atoms move to a minimum of the energy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minimise {
    /// How.
    pub method: MinimiseMethod,
    /// It ends when no atom feels a larger force.
    pub force_tolerance: Force,
    /// It ends, with a warning, after so many steps.
    pub steps: u64,
}

/// How a minimum is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MinimiseMethod {
    /// Fast inertial relaxation engine.
    Fire,
    /// Limited-memory Broyden-Fletcher-Goldfarb-Shanno.
    Lbfgs,
}

/// What the rules about several stages need, known even where the stage has other errors.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub(crate) index: usize,
    pub(crate) name: Option<String>,
    pub(crate) on: StageTarget,
    pub(crate) draws_velocities: bool,
    pub(crate) is_minimisation: bool,
}

/// Longest time step that is taken without a warning [ps]: metals vibrate with periods down to
/// about 0.1 ps, and velocity Verlet needs some ten steps for one.
const LONG_TIMESTEP: f64 = 0.010;
/// Most steps: counts stay exact as doubles.
const MOST_STEPS: u64 = 1 << 53;

pub(crate) fn read(table: &mut Table<'_, '_>, index: usize) -> (Outline, Option<Stage>) {
    let name = table.required(
        key("name", "Its name, unique in the deck", "\"equilibrate\""),
        &Name,
    );
    let on = table.default(
        key(
            "on",
            "`each-particle` runs the particles of a pair alone, before they are assembled",
            "\"each-particle\"",
        ),
        &Choice(&[
            ("system", StageTarget::System),
            ("each-particle", StageTarget::EachParticle),
        ]),
        "\"system\"",
    );
    let outline = Outline {
        index,
        name: name.clone(),
        on,
        draws_velocities: table.has("velocities"),
        is_minimisation: table.has("minimise"),
    };
    let dynamics = read_dynamics(table);
    let external = external::read(table);
    let minimise = table.optional_table(
        self::table("minimise", "Moves the atoms to a minimum of the energy"),
        "exactly one of `ensemble` and `minimise`",
        read_minimise,
    );
    table.exactly_one(&["ensemble", "minimise"]);
    let method = if table.has("minimise") {
        minimise.map(StageMethod::Minimise)
    } else {
        dynamics.map(StageMethod::Dynamics)
    };
    let stage = name.zip(method).map(|(name, method)| Stage {
        name,
        on,
        method,
        external,
    });
    (outline, stage)
}

fn read_dynamics(table: &mut Table<'_, '_>) -> Option<Dynamics> {
    let which = "with `ensemble`: exactly one of `duration` and `steps`";
    let timestep = table.optional(
        key("timestep", "Time step; 2 fs suit most metals", "\"2 fs\""),
        &positive::<kind::Time>(),
        "required with `ensemble`",
    );
    let duration = table.optional(
        key(
            "duration",
            "How long it lasts, rounded to whole steps",
            "\"10 ps\"",
        ),
        &positive::<kind::Time>(),
        which,
    );
    let steps = table.optional(
        key("steps", "Number of steps", "5000"),
        &Integer(1..=MOST_STEPS),
        which,
    );
    let until = table.optional(
        key(
            "until",
            "Ends the stage early, when the pair has a sustained neck as `[observe.neck]` defines it; the duration is its maximum",
            "\"neck\"",
        ),
        &Choice(&[("neck", Until::Neck)]),
        "it lasts its whole duration",
    );
    let velocities = table.optional_table(
        self::table(
            "velocities",
            "Draws Maxwell-Boltzmann velocities at the start, without momentum and angular momentum",
        ),
        "velocities stay as they are",
        read_velocities,
    );
    let ensemble = table.optional_table(
        self::table(
            "ensemble",
            "Moves the atoms in time; names what is kept constant",
        ),
        "exactly one of `ensemble` and `minimise`",
        ensemble::read,
    );
    let centres = table.optional_table(
        self::table(
            "centres",
            "Holds the centre of mass of each particle: a control for what the motion of whole particles does",
        ),
        "centres are free",
        read_centres,
    );
    let swap = table.optional_table(
        self::table(
            "swap",
            "Lets atoms of different species within a body change places by Monte Carlo, for chemical order; each attempt evaluates the whole potential",
        ),
        "no exchanges",
        read_swap,
    );
    if table.has("minimise") {
        for name in [
            "duration",
            "steps",
            "timestep",
            "velocities",
            "centres",
            "until",
            "swap",
        ] {
            table.refuse(
                name,
                &format!("`{name}` has no meaning for a minimisation"),
                "a minimisation ends by `force-tolerance`, or after `steps` in its own table",
            );
        }
        return None;
    }
    table.exactly_one(&["duration", "steps"]);
    table.demand("timestep");
    let timestep = timestep?;
    if timestep.in_picoseconds() > LONG_TIMESTEP {
        table.warn_at(
            "timestep",
            format!("a time step of {timestep} is long for atoms"),
            "2 fs suit most metals; energies drift and atoms fly apart beyond 10 fs",
        );
    }
    let steps = match steps {
        Some(steps) => steps,
        None => whole_steps(table, duration?, timestep)?,
    };
    table.forget("duration");
    table.record("steps", steps.to_string());
    Some(Dynamics {
        centres,
        ensemble: ensemble?,
        timestep,
        steps,
        velocities,
        swap,
        until,
    })
}

/// Number of steps in a duration, with a warning if it had to be rounded.
fn whole_steps(table: &mut Table<'_, '_>, duration: Time, timestep: Time) -> Option<u64> {
    let ratio = duration.in_picoseconds() / timestep.in_picoseconds();
    let rounded = ratio.round();
    if !(1.0..=MOST_STEPS as f64).contains(&rounded) {
        let message = match rounded < 1.0 {
            true => format!("the duration of {duration} is shorter than half a step of {timestep}"),
            false => format!("the duration of {duration} has more steps than can be counted"),
        };
        table.error_at("duration", DeckErrorKind::OutOfRange, message, None);
        return None;
    }
    // Both are decimal numbers as typed; their quotient is whole up to rounding.
    if (ratio - rounded).abs() > 1e-9 * rounded {
        let taken = rounded * timestep.in_picoseconds();
        table.warn_at(
            "duration",
            format!("{duration} is no whole number of steps of {timestep}"),
            &format!("{rounded} steps are taken, that is {taken} ps"),
        );
    }
    Some(rounded as u64)
}

fn read_swap(table: &mut Table<'_, '_>) -> Option<Swap> {
    let every = table.default(
        key("every", "How often exchanges are tried", "\"20 steps\""),
        &ScheduleForm,
        "\"0.1 ps\"",
    );
    let attempts = table.default(
        key("attempts", "How many are tried each time", "50"),
        &Integer(1..=LARGEST),
        "10",
    );
    let temperature = table.required(
        key(
            "temperature",
            "Their temperature, as a rule that of the stage",
            "\"1073 K\"",
        ),
        &positive::<kind::Temperature>(),
    );
    Some(Swap {
        every,
        attempts,
        temperature: temperature?,
    })
}

fn read_centres(table: &mut Table<'_, '_>) -> Option<Centres> {
    table.variants(&[
        Variant {
            key: self::table(
                "pinned",
                "They do not move; atoms move about them as if the particle were free",
            ),
            read: |_| Some(Centres::Pinned),
        },
        Variant {
            key: self::table(
                "tethered",
                "A spring holds each to its place at the start of the stage",
            ),
            read: |table| {
                let stiffness = table.required(
                    key(
                        "stiffness",
                        "Stiffness of the spring: its energy is stiffness times distance squared, over 2",
                        "\"10 eV/Å^2\"",
                    ),
                    &positive::<kind::SurfaceEnergy>(),
                );
                Some(Centres::Tethered {
                    stiffness: stiffness?,
                })
            },
        },
    ])
}

fn read_velocities(table: &mut Table<'_, '_>) -> Option<Velocities> {
    let temperature = table.required(
        key(
            "temperature",
            "Temperature of the velocities; kinetic energy alone",
            "\"1473 K\"",
        ),
        &not_negative::<kind::Temperature>(),
    );
    Some(Velocities {
        temperature: temperature?,
    })
}

fn read_minimise(table: &mut Table<'_, '_>) -> Option<Minimise> {
    table.variants(&[
        Variant {
            key: self::table("fire", "Fast inertial relaxation engine: robust"),
            read: |table| Some(read_minimiser(table, MinimiseMethod::Fire)),
        },
        Variant {
            key: self::table("lbfgs", "Limited-memory BFGS: fast near a minimum"),
            read: |table| Some(read_minimiser(table, MinimiseMethod::Lbfgs)),
        },
    ])
}

fn read_minimiser(table: &mut Table<'_, '_>, method: MinimiseMethod) -> Minimise {
    let force_tolerance = table.default(
        key(
            "force-tolerance",
            "It ends when the force on every atom is smaller",
            "\"1e-4 eV/Å\"",
        ),
        &positive::<kind::Force>(),
        "\"1e-3 eV/Å\"",
    );
    let steps = table.default(
        key(
            "steps",
            "It ends, with a warning, after so many steps",
            "500",
        ),
        &Integer(1..=LARGEST),
        "10000",
    );
    Minimise {
        method,
        force_tolerance,
        steps,
    }
}

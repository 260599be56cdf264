//! `[looping]`: a metal particle that eats its way through its oxide support.

use std::path::{Path, PathBuf};

use frit_units::{Energy, Flow, Pressure, Rate, Temperature, Time, kind};

use crate::any::Method;
use crate::deck::read_text;
use crate::elements::method::MethodDeck;
use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::error::{DeckErrorKind, DeckErrors};
use crate::walk::form::{
    Choice, FilePath, Fraction, Integer, NotNegative, PositiveNumber, Switch, not_negative,
    positive,
};
use crate::walk::{Table, key, table};

/// How often checkpoints are written, unless the deck tells: about every second.
const OFTEN: &str = "\"200 s\"";

/// A deck of the looping metal-support interaction, read and checked.
pub type LoopingDeck = MethodDeck<Looping>;

impl MethodDeck<Looping> {
    /// Reads a deck from its text; see [`crate::Deck::parse`].
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::with(path, text, overrides, (Method::Looping, OFTEN), describe)
    }

    /// Reads a deck from its file.
    ///
    /// # Errors
    /// As [`LoopingDeck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }
}

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Looping {
    /// How long.
    pub duration: Time,
    /// Physical time of a step.
    pub timestep: Time,
    /// Temperature.
    pub temperature: Temperature,
    /// The gas.
    pub gas: LoopingGas,
    /// How iron moves.
    pub diffusion: IronDiffusion,
    /// The oxide.
    pub support: OxideSupport,
    /// The metal.
    pub particle: MetalParticle,
    /// Constants of all reactions.
    pub kinetics: LoopingKinetics,
    /// A file of quantities.
    pub quantities: Option<PathBuf>,
    /// What is written.
    pub observe: LoopingObserve,
}

/// Partial pressures, and where the gas comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoopingGas {
    /// Of hydrogen.
    pub hydrogen: Pressure,
    /// Of oxygen.
    pub oxygen: Pressure,
    /// Of a stirred reactor: the flow of fresh gas that each particle has, and how long gas stays;
    /// pressures are fixed without one.
    pub stirred: Option<StirredGas>,
}

/// A stirred reactor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StirredGas {
    /// The flow of fresh gas that each particle has.
    pub flow: Flow,
    /// How long gas stays, volume over flow; 10 s if not told.
    pub residence: Option<Time>,
}

/// How iron moves on the support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IronDiffusion {
    /// Hop by hop.
    Followed,
    /// In equilibrium on the surface at any time: the limit of fast hops.
    Equilibrated,
}

const DIFFUSION: &[(&str, IronDiffusion)] = &[
    ("followed", IronDiffusion::Followed),
    ("equilibrated", IronDiffusion::Equilibrated),
];

/// The oxide: a hexagonal mesa.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OxideSupport {
    /// Radius [cells].
    pub radius: u64,
    /// Height [layers].
    pub layers: u64,
    /// How deep the particle may dig itself in [layers].
    pub digging_depth: u64,
    /// Whether it can be reduced.
    pub reducible: bool,
}

/// The metal particle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetalParticle {
    /// Whether there is one.
    pub present: bool,
    /// Radius [cells].
    pub radius: f64,
    /// How deep it stands in the support at the start [layers].
    pub embedding: u64,
}

/// What is written during the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoopingObserve {
    /// How often a line is written to `table.csv`.
    pub table: Schedule,
    /// How often the lattice is written to `trajectory.*.xyz`.
    pub lattice: Schedule,
}

/// Constants of gas reactions, reduction, diffusion and growth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoopingKinetics {
    /// Barrier of the dissociation of H2 on the metal at its support (literature: Pan et al., density functional theory).
    pub hydrogen_barrier: Energy,
    /// The same on the oxide alone; "higher" in Pan et al. (choice).
    pub bare_hydrogen_barrier: Energy,
    /// Sticking coefficient of H2 without barrier (choice).
    pub hydrogen_sticking: f64,
    /// Desorption energy of H2 from the metal (literature, nickel).
    pub hydrogen_desorption: Energy,
    /// The same from the oxide (choice).
    pub bare_hydrogen_desorption: Energy,
    /// Frequency of desorption (choice).
    pub desorption_frequency: Rate,
    /// Effective sticking coefficient of O2 that blocks the metal; only its ratio to `removal_frequency` matters (fit to the onset at 500 °C).
    pub oxygen_sticking: f64,
    /// Frequency of the removal of blocking oxygen by hydrogen (fit to the onset at 500 °C).
    pub removal_frequency: Rate,
    /// Its barrier (fit to the onset at 500 °C).
    pub removal_barrier: Energy,
    /// Frequency of the reduction of the oxide under the metal (fit: absolute speed).
    pub reduction_frequency: Rate,
    /// Its barrier (fit to the plateau from 700 °C on).
    pub reduction_barrier: Energy,
    /// Barrier of the reduction of the bare oxide (choice).
    pub bare_reduction_barrier: Energy,
    /// Additional barrier of reduction for each neighbour over three (choice).
    pub ledge_energy: Energy,
    /// Frequency of hops of iron on the oxide (literature).
    pub hop_frequency: Rate,
    /// Their barrier (choice).
    pub hop_barrier: Energy,
    /// Upper limit of their rate, numerical: physical rates are 1e5 times as large at 700 °C (choice).
    pub hop_limit: Rate,
    /// Additional barrier of a hop upwards for each layer (choice).
    pub climb_barrier: Energy,
    /// Sticking coefficient of O2 where it binds mobile iron (choice).
    pub oxidation_sticking: f64,
    /// Barrier of that (choice).
    pub oxidation_barrier: Energy,
    /// Additional barrier of growth away from steps (choice).
    pub nucleation_barrier: Energy,
    /// How near the metal hydrogen keeps iron from oxidising, in cells from its rim (choice).
    pub hydrogen_reach: f64,
    /// Mobile iron at which reduction stops, as a share of the cells (choice).
    pub mobile_limit: f64,
    /// Frequency of the metal's advance by a step (choice).
    pub advance_frequency: Rate,
    /// Its barrier (choice).
    pub advance_barrier: Energy,
    /// Upper limit of its rate, numerical (choice).
    pub advance_limit: Rate,
    /// How unlikely a turn by 60° makes a direction: exponent for each (choice).
    pub turn_exponent: f64,
}

/// Visits `[looping]`.
pub(crate) fn describe(top: &mut Table<'_, '_>) -> Option<Looping> {
    let key = table(
        "looping",
        "A metal particle that reduces its oxide support on one side while the support grows again elsewhere (looping \
         metal-support interaction, kinetic Monte Carlo); the word at the end of a meaning tells where the default comes \
         from: physics, literature, a choice, or a fit to the trends of Pan et al. See docs/looping.md",
    );
    top.required_table(key, read)
}

fn read(table: &mut Table<'_, '_>) -> Option<Looping> {
    let duration = table.required(
        key("duration", "How long it is followed", "\"1000 s\""),
        &positive::<kind::Time>(),
    );
    let timestep = table.default(
        key(
            "timestep",
            "Time of a step, at whose end observers may look; events fall when they fall (choice)",
            "\"0.1 s\"",
        ),
        &positive::<kind::Time>(),
        "\"0.1 s\"",
    );
    let temperature = table.required(
        key(
            "temperature",
            "Temperature; 400 to 800 °C in Pan et al.",
            "\"700 °C\"",
        ),
        &positive::<kind::Temperature>(),
    );
    let gas = table.default_table(self::table("gas", "The gas that flows in"), read_gas);
    let diffusion = table.default(
        key(
            "diffusion",
            "How iron moves on the support: hop by hop, or in equilibrium on it at any time, the limit of fast hops, in which \
             `kinetics.hop_limit` and the like play no part (choice)",
            "\"equilibrated\"",
        ),
        &Choice(DIFFUSION),
        "\"followed\"",
    );
    let support = table.default_table(
        self::table(
            "support",
            "The oxide, a hexagonal mesa of cells of 0.594 nm and layers of 0.485 nm",
        ),
        read_support,
    );
    let particle = table.default_table(
        self::table("particle", "The metal, a rigid disc"),
        read_particle,
    );
    let kinetics = table.default_table(
        self::table("kinetics", "Constants of all reactions"),
        read_kinetics,
    );
    let quantities = table.optional(
        key(
            "quantities",
            "A file of quantities with units that replace constants of `kinetics`, by their names with blanks: `hop barrier`, \
             `reduction barrier`, `hydrogen barrier`, ...",
            "\"iron-on-magnetite.toml\"",
        ),
        &FilePath,
        "none",
    );
    let observe = table.default_table(
        self::table("observe", "What is written during the run"),
        read_observe,
    );
    if let Some(duration) = duration {
        warn_of_rounding(table, duration, timestep);
    }
    Some(Looping {
        duration: duration?,
        timestep,
        temperature: temperature?,
        gas: gas?,
        diffusion,
        support: support?,
        particle: particle?,
        kinetics: kinetics?,
        quantities,
        observe: observe?,
    })
}

/// Says so if a run cannot end when it should.
fn warn_of_rounding(table: &mut Table<'_, '_>, duration: Time, timestep: Time) {
    let steps = duration.in_picoseconds() / timestep.in_picoseconds();
    // Both are decimal numbers as typed; their quotient is whole up to rounding.
    if steps >= 1.0 && (steps - steps.round()).abs() > 1e-9 * steps {
        let taken = steps.round();
        table.warn_at(
            "duration",
            format!(
                "the duration is {} timesteps, no whole number of them",
                (steps * 1e6).round() / 1e6
            ),
            &format!("{taken} are taken; set `timestep` to a part of the duration"),
        );
    }
}

fn read_gas(table: &mut Table<'_, '_>) -> Option<LoopingGas> {
    let hydrogen = table.default(
        key(
            "hydrogen",
            "Partial pressure of H2 (share: literature, total pressure: choice)",
            "\"20 kPa\"",
        ),
        &not_negative::<kind::Pressure>(),
        "\"20 kPa\"",
    );
    let oxygen = table.default(
        key(
            "oxygen",
            "Partial pressure of O2 (share: literature, total pressure: choice)",
            "\"4 kPa\"",
        ),
        &not_negative::<kind::Pressure>(),
        "\"2 kPa\"",
    );
    let flow = table.optional(
        key(
            "flow",
            "A stirred reactor instead of fixed pressures: flow of fresh gas that each particle has, from which what it uses \
             is missing (choice)",
            "\"1e-21 m^3/s\"",
        ),
        &positive::<kind::Flow>(),
        "pressures are fixed",
    );
    let residence = table.optional(
        key(
            "residence",
            "How long gas stays in the stirred reactor, volume over flow; the reactor starts full of fresh gas (choice)",
            "\"10 s\"",
        ),
        &positive::<kind::Time>(),
        "10 s",
    );
    if flow.is_none() && residence.is_some() {
        table.error_at(
            "residence",
            DeckErrorKind::Inconsistent,
            "a residence time belongs to a stirred reactor, but pressures are fixed".to_owned(),
            "add `flow`, or leave `residence` out".to_owned(),
        );
        return None;
    }
    Some(LoopingGas {
        hydrogen,
        oxygen,
        stirred: flow.map(|flow| StirredGas { flow, residence }),
    })
}

fn read_support(table: &mut Table<'_, '_>) -> Option<OxideSupport> {
    Some(OxideSupport {
        radius: table.default(
            key("radius", "Radius of the mesa in cells (choice)", "30"),
            &Integer(1..=1000),
            "30",
        ),
        layers: table.default(
            key("layers", "Its height in layers (choice)", "12"),
            &Integer(1..=10_000),
            "12",
        ),
        digging_depth: table.default(
            key("digging_depth", "How many layers deep the metal may dig itself in (choice)", "4"),
            &Integer(0..=10_000),
            "4",
        ),
        reducible: table.default(
            key("reducible", "Whether the support can be reduced; `false` is the control of metal on an inert support", "false"),
            &Switch,
            "true",
        ),
    })
}

fn read_particle(table: &mut Table<'_, '_>) -> Option<MetalParticle> {
    Some(MetalParticle {
        present: table.default(
            key(
                "present",
                "Whether there is a metal; `false` is the control of the bare oxide",
                "false",
            ),
            &Switch,
            "true",
        ),
        radius: table.default(
            key(
                "radius",
                "Radius in cells; 6 is 7 nm across (choice)",
                "6.0",
            ),
            &PositiveNumber,
            "6.0",
        ),
        embedding: table.default(
            key(
                "embedding",
                "How many layers deep it stands at the start (choice)",
                "2",
            ),
            &Integer(0..=10_000),
            "2",
        ),
    })
}

fn read_observe(table: &mut Table<'_, '_>) -> Option<LoopingObserve> {
    Some(LoopingObserve {
        table: table.default(
            key("table", "How often a line is written to `table.csv`", "\"1 s\""),
            &ScheduleForm,
            "\"1 s\"",
        ),
        lattice: table.default(
            key(
                "lattice",
                "How often the lattice is written to `trajectory.*.xyz`: layers of oxide that are seen (O), metal (Ni), mobile \
                 iron (Fe)",
                "\"20 s\"",
            ),
            &ScheduleForm,
            "\"20 s\"",
        ),
    })
}

fn read_kinetics(table: &mut Table<'_, '_>) -> Option<LoopingKinetics> {
    Some(LoopingKinetics {
        hydrogen_barrier: table.default(key("hydrogen_barrier", "Barrier of the dissociation of H2 on the metal at its support (literature: Pan et al., density functional theory)", "\"0.11 eV\""), &not_negative::<kind::Energy>(), "\"0.11 eV\""),
        bare_hydrogen_barrier: table.default(key("bare_hydrogen_barrier", "Barrier of the dissociation of H2 on the oxide alone; \"higher\" in Pan et al. (choice)", "\"1.1 eV\""), &not_negative::<kind::Energy>(), "\"1.1 eV\""),
        hydrogen_sticking: table.default(key("hydrogen_sticking", "Sticking coefficient of H2 without barrier (choice)", "0.1"), &Fraction, "0.1"),
        hydrogen_desorption: table.default(key("hydrogen_desorption", "Desorption energy of H2 from the metal (literature, nickel)", "\"0.95 eV\""), &not_negative::<kind::Energy>(), "\"0.95 eV\""),
        bare_hydrogen_desorption: table.default(key("bare_hydrogen_desorption", "Desorption energy of H2 from the oxide (choice)", "\"1.5 eV\""), &not_negative::<kind::Energy>(), "\"1.5 eV\""),
        desorption_frequency: table.default(key("desorption_frequency", "Frequency of desorption (choice)", "\"1e13 1/s\""), &positive::<kind::Rate>(), "\"1e13 1/s\""),
        oxygen_sticking: table.default(key("oxygen_sticking", "Effective sticking coefficient of O2 that blocks the metal; only its ratio to `removal_frequency` matters (fit to the onset at 500 °C)", "3e-10"), &Fraction, "3e-10"),
        removal_frequency: table.default(key("removal_frequency", "Frequency of the removal of blocking oxygen by hydrogen (fit to the onset at 500 °C)", "\"1e9 1/s\""), &positive::<kind::Rate>(), "\"1e9 1/s\""),
        removal_barrier: table.default(key("removal_barrier", "Barrier of that removal (fit to the onset at 500 °C)", "\"1.885 eV\""), &not_negative::<kind::Energy>(), "\"1.885 eV\""),
        reduction_frequency: table.default(key("reduction_frequency", "Frequency of the reduction of the oxide under the metal (fit: absolute speed)", "\"6e5 1/s\""), &not_negative::<kind::Rate>(), "\"6e5 1/s\""),
        reduction_barrier: table.default(key("reduction_barrier", "Barrier of that reduction (fit to the plateau from 700 °C on)", "\"0.70 eV\""), &not_negative::<kind::Energy>(), "\"0.70 eV\""),
        bare_reduction_barrier: table.default(key("bare_reduction_barrier", "Barrier of the reduction of the bare oxide (choice)", "\"1.7 eV\""), &not_negative::<kind::Energy>(), "\"1.7 eV\""),
        ledge_energy: table.default(key("ledge_energy", "Additional barrier of reduction for each neighbour over three (choice)", "\"0.10 eV\""), &not_negative::<kind::Energy>(), "\"0.10 eV\""),
        hop_frequency: table.default(key("hop_frequency", "Frequency of hops of iron on the oxide (literature)", "\"1e13 1/s\""), &not_negative::<kind::Rate>(), "\"1e13 1/s\""),
        hop_barrier: table.default(key("hop_barrier", "Barrier of hops of iron (choice)", "\"0.9 eV\""), &not_negative::<kind::Energy>(), "\"0.9 eV\""),
        hop_limit: table.default(key("hop_limit", "Upper limit of the rate of hops in one direction, numerical: physical rates are 1e5 times as large at 700 °C (choice)", "\"2e3 1/s\""), &not_negative::<kind::Rate>(), "\"2e3 1/s\""),
        climb_barrier: table.default(key("climb_barrier", "Additional barrier of a hop upwards for each layer (choice)", "\"0.20 eV\""), &not_negative::<kind::Energy>(), "\"0.20 eV\""),
        oxidation_sticking: table.default(key("oxidation_sticking", "Sticking coefficient of O2 where it binds mobile iron (choice)", "5e-5"), &Fraction, "5e-5"),
        oxidation_barrier: table.default(key("oxidation_barrier", "Barrier of the oxidation of mobile iron (choice)", "\"0.10 eV\""), &not_negative::<kind::Energy>(), "\"0.10 eV\""),
        nucleation_barrier: table.default(key("nucleation_barrier", "Additional barrier of growth away from steps (choice)", "\"0.30 eV\""), &not_negative::<kind::Energy>(), "\"0.30 eV\""),
        hydrogen_reach: table.default(key("hydrogen_reach", "How near the metal hydrogen keeps iron from oxidising, in cells from its rim (choice)", "4.0"), &NotNegative, "4.0"),
        mobile_limit: table.default(key("mobile_limit", "Mobile iron at which reduction stops, as a share of the cells (choice)", "0.05"), &PositiveNumber, "0.05"),
        advance_frequency: table.default(key("advance_frequency", "Frequency of the metal's advance by a step (choice)", "\"1e13 1/s\""), &not_negative::<kind::Rate>(), "\"1e13 1/s\""),
        advance_barrier: table.default(key("advance_barrier", "Barrier of the advance (choice)", "\"1.4 eV\""), &not_negative::<kind::Energy>(), "\"1.4 eV\""),
        advance_limit: table.default(key("advance_limit", "Upper limit of the rate of advance, numerical (choice)", "\"1e4 1/s\""), &not_negative::<kind::Rate>(), "\"1e4 1/s\""),
        turn_exponent: table.default(key("turn_exponent", "How unlikely a turn by 60° makes a direction: exponent for each (choice)", "1.5"), &NotNegative, "1.5"),
    })
}

//! `[redispersion]`: adatoms on a support that gather or disperse.

use std::path::{Path, PathBuf};

use frit_units::{Energy, Length, Rate, Temperature, Time, kind};

use crate::any::Method;
use crate::deck::read_text;
use crate::elements::method::MethodDeck;
use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::error::DeckErrors;
use crate::walk::form::{
    Choice, FilePath, Fraction, Integer, LARGEST, ListOf, Name, Symbol, any as any_sign,
    not_negative, positive,
};
use crate::walk::{Table, key, table};

/// How often checkpoints are written: events are fast.
const OFTEN: &str = "\"100000000 steps\"";

/// A deck of redispersion, read and checked.
pub type RedispersionDeck = MethodDeck<Redispersion>;

impl MethodDeck<Redispersion> {
    /// Reads a deck from its text; see [`crate::Deck::parse`].
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::with(
            path,
            text,
            overrides,
            (Method::Redispersion, OFTEN),
            describe,
        )
    }

    /// Reads a deck from its file.
    ///
    /// # Errors
    /// As [`RedispersionDeck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }
}

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Redispersion {
    /// Columns along a side of the support.
    pub side: u64,
    /// Lone atoms at the start, on random sites.
    pub atoms: Option<u64>,
    /// Particles at the start, as prepared.
    pub particles: Vec<PreparedParticles>,
    /// Energies of the model.
    pub energies: AdatomEnergies,
    /// A file of quantities.
    pub quantities: Option<PathBuf>,
    /// The enthalpy per atom of a particle that the bonds stand for.
    pub enthalpy: Option<Energy>,
    /// What hops between layers cost, if anything.
    pub steps: Option<StepCosts>,
    /// How long states last.
    pub residence: ResidenceTimes,
    /// The temperature programme.
    pub stages: Vec<TemperatureStage>,
    /// How often the programme is run through.
    pub cycles: u64,
    /// Share of each stage, from its beginning, that averages leave out.
    pub discard: f64,
    /// What is written.
    pub observe: RedispersionObserve,
}

/// Equal particles on a grid in a rectangle of the support.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedParticles {
    /// The name of the rectangle, for tables.
    pub name: String,
    /// First column along x and y.
    pub first: [u64; 2],
    /// Columns along x and y.
    pub size: [u64; 2],
    /// Particles along x and y.
    pub grid: [u64; 2],
    /// Atoms of each.
    pub atoms: u64,
}

/// Energies of adatoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdatomEnergies {
    /// Bond between atoms (fit).
    pub metal_bond: Energy,
    /// Bond to the support; 0.4 metal bonds if left out (choice).
    pub support_bond: Option<Energy>,
    /// Barrier of a lone atom; it sets the clock alone (choice).
    pub hop_barrier: Energy,
    /// Attempt frequency (literature).
    pub attempt_frequency: Rate,
}

/// What hops between layers cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepCosts {
    /// Additional barrier.
    pub barrier: Energy,
    /// Hops over more layers are forbidden.
    pub highest: Option<u64>,
}

/// How long a state lasts before the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResidenceTimes {
    /// Its mean.
    Mean,
    /// A random time of that mean.
    Random,
}

const RESIDENCES: Choice<ResidenceTimes> = Choice(&[
    ("mean", ResidenceTimes::Mean),
    ("random", ResidenceTimes::Random),
]);

/// How long a stage lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StageExtent {
    /// So many events.
    Events(u64),
    /// So much physical time.
    Duration(Time),
}

/// A stage of the temperature programme.
#[derive(Debug, Clone, PartialEq)]
pub struct TemperatureStage {
    /// Its name, for tables; the temperature if left out.
    pub name: Option<String>,
    /// Its temperature, or that at its beginning.
    pub temperature: Temperature,
    /// The temperature at its end, if it is a ramp.
    pub end: Option<Temperature>,
    /// How long it lasts.
    pub extent: StageExtent,
}

/// What is written during the run.
#[derive(Debug, Clone, PartialEq)]
pub struct RedispersionObserve {
    /// How often clusters are counted, into `table.csv` and the averages.
    pub table: Schedule,
    /// How often the atoms are written to `trajectory.*.xyz`.
    pub atoms: Option<Schedule>,
    /// Distance of neighbouring sites in pictures.
    pub site_distance: Length,
    /// Element of the atoms in pictures.
    pub element: String,
}

/// Visits `[redispersion]`.
pub(crate) fn describe(top: &mut Table<'_, '_>) -> Option<Redispersion> {
    let key = table(
        "redispersion",
        "Adatoms on a support that hop, stack, gather and disperse (kinetic Monte Carlo); steps are events. The word at the \
         end of a meaning tells where the default comes from: physics, literature, a choice, or a fit to the enthalpies of \
         Zhu et al. See docs/lattice.md",
    );
    top.required_table(key, read)
}

fn read(table: &mut Table<'_, '_>) -> Option<Redispersion> {
    let side = table.default(
        key(
            "side",
            "Columns along a side of the periodic square support (literature)",
            "40",
        ),
        &Integer(3..=65_535),
        "40",
    );
    let atoms = table.optional(
        key(
            "atoms",
            "Lone atoms at the start, on random sites; instead of `particles`",
            "50",
        ),
        &Integer(1..=u64::from(u32::MAX)),
        "as `particles` say",
    );
    let mut names = Vec::new();
    let particles = table.optional_list(
        self::table(
            "particles",
            "Equal particles on a grid, as prepared; one list element a part of the support, whose clusters are counted by \
             themselves too",
        ),
        "lone `atoms`",
        |table, _| read_particles(table, &mut names),
    );
    table.exactly_one(&["atoms", "particles"]);
    let energies = table.default_table(
        self::table(
            "energies",
            "Energies of bonds and barriers; effective differences between adatom and particle",
        ),
        read_energies,
    );
    let quantities = table.optional(
        key(
            "quantities",
            "A file of quantities with units that replace energies: `metal bond`, `support bond`, `hop barrier`, `attempt \
             frequency`",
            "\"palladium.toml\"",
        ),
        &FilePath,
        "none",
    );
    let enthalpy = table.optional(
        key(
            "enthalpy",
            "Enthalpy per atom of a particle against adatoms for which the bonds stand; changes nothing in the run, but the \
             summary tells where equation 2 of Zhu et al. switches with it, beside the measured one",
            "\"-0.16 eV\"",
        ),
        &any_sign::<kind::Energy>(),
        "-0.16 or -0.65 eV for the bonds fitted to them, else none",
    );
    let steps = table.optional_table(
        self::table(
            "steps",
            "What hops between layers cost beside bonds; slows the program down several times",
        ),
        "nothing",
        read_steps,
    );
    let residence = table.default(
        key(
            "residence",
            "Whether a state lasts its mean time, which averages best, or a random one (choice)",
            "\"random\"",
        ),
        &RESIDENCES,
        "\"mean\"",
    );
    let mut first = None;
    let stages = table.list(
        self::table(
            "stage",
            "The temperature programme; all stages last events, or all last times",
        ),
        |table, _| read_stage(table, &mut first),
    );
    let cycles = table.default(
        key("cycles", "How often the programme is run through", "3"),
        &Integer(1..=10_000),
        "1",
    );
    let discard = table.default(
        key(
            "discard",
            "Share of each stage, from its beginning, that averages leave out (choice)",
            "0.25",
        ),
        &Fraction,
        "0.25",
    );
    if discard == 1.0 {
        let message = "averages would leave out all of each stage";
        table.refuse("discard", message, "give less than 1; the default is 0.25");
    }
    let observe = table.default_table(
        self::table("observe", "What is written during the run"),
        read_observe,
    );
    let count = (particles.len(), stages.len());
    let particles: Vec<PreparedParticles> = particles.into_iter().flatten().collect();
    let stages: Vec<TemperatureStage> = stages.into_iter().flatten().collect();
    (count == (particles.len(), stages.len())).then_some(())?;
    Some(Redispersion {
        side,
        atoms,
        particles,
        energies: energies?,
        quantities,
        enthalpy,
        steps,
        residence,
        stages,
        cycles,
        discard,
        observe: observe?,
    })
}

/// Reads a part; `names` are those of the parts before.
fn read_particles(table: &mut Table<'_, '_>, names: &mut Vec<String>) -> Option<PreparedParticles> {
    const SIDES: Integer = Integer(0..=65_535);
    let pair = |form| ListOf {
        form,
        lengths: 2..=2,
    };
    let name = table.required(
        key("name", "Name of this part of the support", "\"dense\""),
        &Name,
    );
    let first = table.default(
        key("first", "First column of the part along x and y", "[0, 20]"),
        &pair(SIDES),
        "[0, 0]",
    );
    let size = table.required(
        key("size", "Columns of the part along x and y", "[40, 20]"),
        &pair(SIDES),
    );
    let grid = table.required(
        key("grid", "Particles along x and y", "[4, 4]"),
        &pair(Integer(1..=10_000)),
    );
    let atoms = table.required(
        key(
            "atoms",
            "Atoms of each particle, piled up about two layers high",
            "20",
        ),
        &Integer(1..=1_000_000_000),
    );
    if let Some(name) = &name {
        if names.contains(name) {
            let message = format!("there is another part `{name}`");
            table.refuse("name", &message, "tables tell parts by their names");
        }
        names.push(name.clone());
    }
    let two = |values: Vec<u64>| [values[0], values[1]];
    Some(PreparedParticles {
        name: name?,
        first: two(first),
        size: two(size?),
        grid: two(grid?),
        atoms: atoms?,
    })
}

fn read_energies(table: &mut Table<'_, '_>) -> Option<AdatomEnergies> {
    Some(AdatomEnergies {
        metal_bond: table.default(
            key(
                "metal_bond",
                "Bond between atoms; 0.0890 eV gives a particle of 50 atoms -0.16 eV per atom, 0.350 eV gives it -0.65 eV (fit)",
                "\"0.350 eV\"",
            ),
            &not_negative::<kind::Energy>(),
            "\"0.0890 eV\"",
        ),
        support_bond: table.optional(
            key(
                "support_bond",
                "Bond to the support; 0.4 metal bonds make particles of 50 atoms 2 to 3 layers high (choice)",
                "\"0.140 eV\"",
            ),
            &any_sign::<kind::Energy>(),
            "0.4 metal bonds",
        ),
        hop_barrier: table.default(
            key(
                "hop_barrier",
                "Barrier of a lone atom; it sets the clock alone: 1.2 eV would give hours at 200 °C (choice)",
                "\"1.2 eV\"",
            ),
            &positive::<kind::Energy>(),
            "\"0.50 eV\"",
        ),
        attempt_frequency: table.default(
            key("attempt_frequency", "Attempt frequency (literature)", "\"1e13 1/s\""),
            &positive::<kind::Rate>(),
            "\"1e13 1/s\"",
        ),
    })
}

fn read_steps(table: &mut Table<'_, '_>) -> Option<StepCosts> {
    let barrier = table.default(
        key(
            "barrier",
            "Additional barrier of hops to another layer, after Ehrlich and Schwoebel (choice)",
            "\"0.1 eV\"",
        ),
        &not_negative::<kind::Energy>(),
        "\"0 eV\"",
    );
    let highest = table.optional(
        key(
            "highest",
            "Hops over more layers are forbidden (choice): atoms then reach only what such hops connect; with 0, no atom ever \
             changes its layer",
            "1",
        ),
        &Integer(0..=1_000_000),
        "none is forbidden",
    );
    Some(StepCosts { barrier, highest })
}

/// Reads a stage; `first` remembers whether the first one lasts a time.
fn read_stage(table: &mut Table<'_, '_>, first: &mut Option<bool>) -> Option<TemperatureStage> {
    let name = table.optional(
        key("name", "Its name, for tables", "\"hot\""),
        &Name,
        "none",
    );
    let temperature = table.required(
        key(
            "temperature",
            "Its temperature, or that at its beginning",
            "\"500 °C\"",
        ),
        &positive::<kind::Temperature>(),
    );
    let end = table.optional(
        key(
            "temperature_end",
            "The temperature at its end, of a ramp; it is followed in steps of 1 K, which last equally many events or equal times, as \
             the stage does",
            "\"200 °C\"",
        ),
        &positive::<kind::Temperature>(),
        "it stays",
    );
    let events = table.optional(
        key(
            "events",
            "How many events it lasts; this or `duration`",
            "400_000_000",
        ),
        &Integer(1..=LARGEST),
        "as `duration` says",
    );
    let duration = table.optional(
        key("duration", "How much physical time it lasts", "\"10 µs\""),
        &positive::<kind::Time>(),
        "as `events` says",
    );
    table.exactly_one(&["events", "duration"]);
    let lasts_time = table.has("duration");
    if *first.get_or_insert(lasts_time) != lasts_time {
        let (name, other) = match lasts_time {
            true => ("duration", "events"),
            false => ("events", "duration"),
        };
        let message = format!("this stage lasts `{name}`, the first one `{other}`");
        let help = "give all stages `events`, or all of them `duration`";
        table.refuse(name, &message, help);
    }
    Some(TemperatureStage {
        name,
        temperature: temperature?,
        end,
        extent: match (events, duration) {
            (Some(events), _) => StageExtent::Events(events),
            (None, duration) => StageExtent::Duration(duration?),
        },
    })
}

fn read_observe(table: &mut Table<'_, '_>) -> Option<RedispersionObserve> {
    let rows = table.default(
        key(
            "table",
            "How often clusters are counted, into `table.csv` and all averages",
            "\"10000 steps\"",
        ),
        &ScheduleForm,
        "\"10000 steps\"",
    );
    let atoms = table.optional(
        key(
            "atoms",
            "How often the atoms are written to `trajectory.*.xyz`",
            "\"1000000 steps\"",
        ),
        &ScheduleForm,
        "a hundred times in the run, if stages last events; else never",
    );
    let site_distance = table.default(
        key(
            "site_distance",
            "Distance of neighbouring sites and of layers in pictures; no influence on the run (choice)",
            "\"2.75 Å\"",
        ),
        &positive::<kind::Length>(),
        "\"2.75 Å\"",
    );
    let element = table.default(
        key("element", "Element of the atoms in pictures", "\"Cu\""),
        &Symbol,
        "\"Pd\"",
    );
    Some(RedispersionObserve {
        table: rows,
        atoms,
        site_distance,
        element,
    })
}

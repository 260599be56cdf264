//! Redispersion as decks run it.

mod clusters;
mod parameters;
mod pictures;
mod results;

use std::fmt::Write;

use frit_deck::{DeckErrors, Heading, RedispersionDeck, Schedule as DeckSchedule, StageExtent};
use frit_energetics::counted;
use frit_engine::Schedule;
use frit_engine::random::Streams;
use frit_io::Checkpoint;
use frit_lattice::adatoms::{AdatomError, Adatoms, Energies, Layer, Setup, Size};
use frit_lattice::describe;
use serde_json::{Map, Value, json};

use super::quantities::Taken;
use super::{saved, tables};
use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::memory;
use crate::run::{Goal, Method, Recorder, RunDirectory, RunError, Source};
use crate::terminal;

use parameters::Resolved;

/// What a deck of redispersion means.
#[derive(Debug)]
pub(crate) struct RedispersionPlan {
    deck: RedispersionDeck,
    source: Source,
    setup: Setup,
    size: Size,
    /// What a file of quantities gave.
    taken: Vec<Taken>,
    /// Name and temperatures of each stage, cycles counted.
    stages: Vec<StageInfo>,
    goal: Goal,
}

/// What is known of a stage beforehand.
#[derive(Debug, Clone, PartialEq)]
struct StageInfo {
    name: String,
    /// At its beginning and at its end [K].
    temperatures: [f64; 2],
}

impl StageInfo {
    fn is_constant(&self) -> bool {
        self.temperatures[0] == self.temperatures[1]
    }
}

/// Events in a second on one core, for estimates: lists of classes, a tree of rates.
const EVENTS_PER_SECOND: [f64; 2] = [1.2e7, 4e6];
/// A run looks at the state and saves it, which needs about as much memory again.
const COPIES: u64 = 2;

impl RedispersionPlan {
    /// Resolves a deck, and checks that the simulation can be set up, without doing so.
    ///
    /// # Errors
    /// Everything that is wrong, with its place in the deck.
    pub(crate) fn make(deck: RedispersionDeck, arguments: &DeckArguments) -> Outcome<Self> {
        let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
        let Resolved {
            setup,
            stages,
            goal,
            learned,
        } = parameters::resolve(&deck).map_err(wrong)?;
        let refused = |error| wrong(DeckErrors::from(vec![error]));
        let size = setup
            .size()
            .map_err(|error| refused(parameters::place(&deck, &error)))?;
        if let Some(message) = memory::lack(COPIES * size.bytes) {
            let help = "take a smaller side, or a machine with more memory";
            return Err(refused(deck.error_at("redispersion.side", message, help)));
        }
        let plan = Self {
            source: Source {
                deck: arguments.clone(),
                files: learned.files,
            },
            deck,
            setup,
            size,
            taken: learned.taken,
            stages,
            goal,
        };
        if let Some(text) = plan.low_barriers_text() {
            terminal::warn(&text);
        }
        if plan
            .setup
            .step_rule
            .is_some_and(|rule| rule.highest_step == Some(0))
        {
            terminal::warn(
                "redispersion.steps.highest = 0 forbids all hops between layers: each layer keeps its atoms for ever, and \
                 averages are those of such states alone, not of the equilibrium",
            );
        }
        Ok(plan)
    }

    fn hottest(&self) -> f64 {
        let temperatures = self.stages.iter().flat_map(|stage| stage.temperatures);
        temperatures.fold(0.0, f64::max)
    }

    fn low_barriers(&self) -> Vec<(Layer, usize, f64)> {
        self.setup.energies.low_barriers(self.hottest())
    }

    fn low_barriers_text(&self) -> Option<String> {
        let low = self.low_barriers();
        let lowest = low.iter().map(|(_, _, barrier)| *barrier);
        let lowest = lowest.fold(f64::INFINITY, f64::min);
        (!low.is_empty()).then(|| {
            format!(
                "{} of 10 kinds of hops have barriers below 5 kT at {} K (the lowest: {lowest:.3} eV): their rates mean \
                 little",
                low.len(),
                self.hottest()
            )
        })
    }

    fn told(&self) -> Vec<tables::Told> {
        let energies = &self.setup.energies;
        // There are two fits; 0.4 of whatever metal bond there is.
        let nearest = self.fit().map_or(Energies::WEAK, |(fit, _)| fit);
        let defaults = Energies {
            support_bond: parameters::support_bond(energies.metal_bond),
            ..nearest
        };
        let parameters = describe(Energies::PARAMETERS, energies, &defaults);
        tables::told(&parameters, &self.taken)
    }

    /// The fit whose bonds these are, with the enthalpy per atom \[eV\] to which it was made.
    fn fit(&self) -> Option<(Energies, f64)> {
        let energies = &self.setup.energies;
        Energies::FITS.into_iter().find(|(fit, _)| {
            fit.metal_bond == energies.metal_bond && fit.support_bond == energies.support_bond
        })
    }

    /// The enthalpy per atom \[eV\] for which the bonds stand, if the deck or the fit tells one.
    fn stated_enthalpy(&self) -> Option<f64> {
        let given = self
            .deck
            .body
            .enthalpy
            .map(|energy| energy.in_electronvolts());
        given.or_else(|| self.fit().map(|(_, enthalpy)| enthalpy))
    }

    /// What the model is made of, for `frit check`.
    pub(crate) fn report(&self) -> String {
        let mut text = format!("== deck ==\n{}", self.canonical());
        let _ = write!(
            text,
            "\n== numbers of the model ==\n{}",
            tables::report_of(&self.told())
        );
        let _ = writeln!(text, "\n== run ==\n{}", self.subject());
        let length = match self.goal {
            Goal::Steps(events) => {
                let speed = EVENTS_PER_SECOND[usize::from(self.setup.step_rule.is_some())];
                let seconds = events as f64 / speed;
                let time = crate::run::duration(std::time::Duration::from_secs_f64(seconds));
                format!(
                    "{events} events, about {time} (longer where the lattice does not fit into caches)"
                )
            }
            Goal::Time(time) => format!("{} s of physical time", tables::short(time)),
        };
        let _ = writeln!(
            text,
            "{}, {length}; {} for the lattice",
            counted(self.stages.len() as u64, "stage"),
            memory::text(self.size.bytes)
        );
        text
    }

    /// What plots are headed with.
    pub(crate) fn title(&self) -> String {
        self.deck.heading.title.clone().unwrap_or_default()
    }

    fn atoms_every(&self) -> Schedule {
        const FRAMES: u64 = 100;
        match (self.deck.body.observe.atoms, self.goal) {
            (Some(schedule), _) => self.schedule(schedule),
            (None, Goal::Steps(events)) => {
                let block = self.setup.events_per_advance;
                Schedule::Steps((events / FRAMES).div_ceil(block).max(1) * block)
            }
            (None, Goal::Time(_)) => Schedule::NEVER,
        }
    }
}

impl Method for RedispersionPlan {
    type Engine = Adatoms;

    fn name(&self) -> &'static str {
        "redispersion"
    }

    fn heading(&self) -> &Heading {
        &self.deck.heading
    }

    fn source(&self) -> &Source {
        &self.source
    }

    fn canonical(&self) -> &str {
        self.deck.to_canonical_toml()
    }

    fn subject(&self) -> String {
        let Size { sites, atoms, .. } = self.size;
        format!(
            "{} on {sites} sites (concentration {:.4}), bonds of {} eV",
            counted(atoms, "atom"),
            atoms as f64 / sites as f64,
            tables::short(self.setup.energies.metal_bond)
        )
    }

    fn goal(&self) -> Goal {
        self.goal
    }

    fn step_time(&self) -> Option<f64> {
        None
    }

    fn engine(&self) -> Result<Adatoms, RunError> {
        let streams = Streams::new(self.deck.heading.seed);
        Adatoms::new(self.setup.clone(), streams, 0)
            .map_err(|error| RunError::method(Exit::Usage, error))
    }

    fn save(&self, engine: &Adatoms, checkpoint: &mut Checkpoint) {
        saved::put(&engine.save(), checkpoint);
    }

    fn restore(&self, engine: &mut Adatoms, checkpoint: &Checkpoint) -> Result<(), RunError> {
        engine
            .restore(&saved::get(checkpoint)?)
            .map_err(|error| RunError::method(Exit::Failure, error))
    }

    fn recorders(
        &self,
        directory: &RunDirectory,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Vec<Box<dyn Recorder<Adatoms>>>, RunError> {
        let observe = &self.deck.body.observe;
        let (spacing, element) = (
            observe.site_distance.in_angstroms(),
            observe.element.clone(),
        );
        let frames = super::frames::Frames::open(
            directory,
            self.atoms_every(),
            checkpoint,
            move |adatoms: &Adatoms| pictures::frame(adatoms, spacing, &element),
        )?;
        let parts = parameters::parts(&self.deck.body);
        let size = self.setup.size();
        let size = size.map_err(|error| RunError::method(Exit::Usage, error))?;
        let clusters = clusters::Clusters::open(
            directory,
            clusters::Rules {
                schedule: self.schedule(observe.table),
                size,
                is_timed: matches!(observe.table, DeckSchedule::Time(_)),
                stages_are_timed: matches!(self.goal, Goal::Time(_)),
                discard: self.deck.body.discard,
                stated_enthalpy: self.stated_enthalpy(),
                stages: self.stages.clone(),
                parts,
            },
            checkpoint,
        )?;
        Ok(vec![Box::new(clusters), Box::new(frames)])
    }

    fn failure(&self, error: AdatomError) -> RunError {
        RunError::method(Exit::Simulation, error)
    }

    fn results(&self, engine: &Adatoms, summary: &mut Map<String, Value>) {
        let sites = engine.surface().sites();
        let atoms = engine.surface().atoms();
        let mut put = |key: &str, value: Value| summary.insert(key.to_owned(), value);
        put("atoms", json!(atoms));
        put("sites", json!(sites));
        put("concentration", json!(atoms as f64 / sites as f64));
        put("metal_bond_ev", json!(self.setup.energies.metal_bond));
        let low: Vec<Value> = self
            .low_barriers()
            .into_iter()
            .map(|(layer, neighbours, barrier)| {
                json!({
                    "layer": results::layer_name(layer),
                    "neighbours": neighbours,
                    "barrier_ev": barrier,
                })
            })
            .collect();
        put("low_barriers", json!(low));
        put("hops", results::hops(engine));
        put("parameters", tables::summary_of(&self.told()));
    }

    fn conclude(
        &self,
        engine: &Adatoms,
        directory: &RunDirectory,
        summary: &Map<String, Value>,
    ) -> Result<(), RunError> {
        let observe = &self.deck.body.observe;
        let frame = pictures::frame(
            engine,
            observe.site_distance.in_angstroms(),
            &observe.element,
        );
        frit_io::write_frames(
            &directory.file(crate::run::FINAL),
            frit_io::Selection::All,
            [&frame],
        )?;
        if self.deck.heading.output.plots {
            let lasts = &self.deck.body.stages[0].extent;
            let x = match lasts {
                StageExtent::Events(_) => "events",
                StageExtent::Duration(_) => "time [s]",
            };
            pictures::draw(engine, directory, &self.title(), x, summary)?;
        }
        Ok(())
    }

    fn describe(&self, summary: &Map<String, Value>) -> String {
        results::describe(summary)
    }
}

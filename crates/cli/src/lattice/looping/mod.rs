//! The looping metal-support interaction as decks run it.

mod plots;
mod recorders;
mod results;
mod setup;
mod snapshot;

use std::convert::Infallible;
use std::fmt::Write;
use std::time::{Duration, Instant};

use frit_deck::{DeckErrors, Heading, LoopingDeck};
use frit_engine::Engine;
use frit_engine::random::Streams;
use frit_io::Checkpoint;
use frit_lattice::describe;
use frit_lattice::looping::{
    CELL_DISTANCE, Diffusion, Kinetics, LAYER_HEIGHT, LEAST_BARRIER, Looping, LoopingError, Setup,
    Supply,
};
use serde_json::{Map, Value};

use super::frames::Frames;
use super::saved;
use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::run::{EVENTS, Goal, Method, Recorder, RunDirectory, RunError, Source, duration};
use setup::Resolved;

/// Events between changes above which most time goes into hops that change nothing.
const MANY_EVENTS: f64 = 1e5;

/// How long `frit check` tries a run for its estimate.
const TRIAL: Duration = Duration::from_millis(300);

/// What a deck of the looping interaction means.
#[derive(Debug)]
pub(crate) struct LoopingPlan {
    deck: LoopingDeck,
    source: Source,
    setup: Setup,
    steps: u64,
}

impl LoopingPlan {
    /// Resolves a deck, and sets the simulation up once to see that it can be.
    ///
    /// # Errors
    /// Everything that is wrong, with its place in the deck.
    pub(crate) fn make(deck: LoopingDeck, arguments: &DeckArguments) -> Outcome<Self> {
        let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
        let Resolved {
            setup,
            files,
            steps,
        } = setup::resolve(&deck).map_err(wrong)?;
        let plan = Self {
            source: Source {
                deck: arguments.clone(),
                files,
            },
            deck,
            setup,
            steps,
        };
        if let Err(error) = plan.simulation() {
            let place = setup::place(&plan.deck, &error);
            let error = plan.deck.error_at(place, error.to_string(), "");
            return Err(wrong(DeckErrors::from(vec![error])));
        }
        plan.warn_of_low_barriers();
        Ok(plan)
    }

    fn simulation(&self) -> Result<Looping, LoopingError> {
        Looping::new(self.setup, Streams::new(self.deck.heading.seed), 0)
    }

    fn warn_of_low_barriers(&self) {
        for (name, barrier) in self.setup.kinetics.low_barriers(self.setup.temperature) {
            crate::terminal::warn(&format!(
                "looping.kinetics.{name} is {barrier} eV, less than {LEAST_BARRIER} kT at {} K: its rate is none of \
                 rare events, and what it hides (recrossing, long jumps) is not in the model",
                self.setup.temperature
            ));
        }
    }

    /// What is fitted and what is not, for `frit check`.
    pub(crate) fn report(&self) -> String {
        let mut text = String::new();
        let mut section = |name: &str, body: &str| {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = write!(text, "{gap}== {name} ==\n{body}");
        };
        section("deck", self.deck.to_canonical_toml());
        section("constants of the model", &self.constants());
        if let Ok(looping) = self.simulation() {
            section("rates at the start [1/s]", &rates(&looping));
            section("run", &self.extent(looping));
        }
        text
    }

    fn constants(&self) -> String {
        let constants = describe(
            Kinetics::PARAMETERS,
            &self.setup.kinetics,
            &Kinetics::default(),
        );
        let mut text = String::new();
        for one in constants {
            let _ = writeln!(
                text,
                "{:<52}{:>9} {:<13}{:<11}{}",
                one.name,
                format!("{}", Short(one.value)),
                one.unit,
                results::status_name(one.status),
                one.source
            );
        }
        text
    }

    /// Sizes, steps, and how long it will take, by a trial.
    fn extent(&self, mut looping: Looping) -> String {
        let cells = looping.columns().count();
        let across = f64::from(2 * self.setup.radius + 1) * CELL_DISTANCE;
        let high = f64::from(self.setup.layers) * LAYER_HEIGHT;
        let begun = Instant::now();
        let mut done = 0;
        while begun.elapsed() < TRIAL && done < self.steps {
            let Ok(()) = looping.advance(());
            done += 1;
        }
        let seconds = begun.elapsed().as_secs_f64() * self.steps as f64 / done as f64;
        format!(
            "{}\n{cells} cells, {across:.1} nm across, {high:.1} nm high\n{} steps; about {}\n",
            self.subject(),
            self.steps,
            duration(Duration::from_secs_f64(seconds))
        )
    }
}

/// A number in the shorter of its forms.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Conversions of units leave noise in the last digits.
        let value: f64 = format!("{:.9e}", self.0).parse().unwrap_or(self.0);
        let size = value.abs();
        match size == 0.0 || (1e-3..1e4).contains(&size) {
            true => write!(formatter, "{value}"),
            false => write!(formatter, "{value:e}"),
        }
    }
}

fn rates(looping: &Looping) -> String {
    let rates = looping.rates();
    let mut text = String::new();
    for (name, rate) in [
        (
            "reduction under the metal, three neighbours",
            rates.reduction,
        ),
        (
            "reduction of the bare oxide, likewise",
            rates.bare_reduction,
        ),
        ("advance", rates.advance),
        ("hop in one direction", rates.hop),
        ("growth at a step", rates.attachment),
        ("growth away from steps", rates.nucleation),
    ] {
        let _ = writeln!(text, "{name:<52}{rate:>12.4e}");
    }
    let covered = &rates.coverages;
    let _ = writeln!(
        text,
        "metal covered with H {:.4}, blocked by O {:.4}",
        covered.hydrogen, covered.oxygen
    );
    text
}

impl Method for LoopingPlan {
    type Engine = Looping;

    fn name(&self) -> &'static str {
        "looping metal-support interaction"
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
        let setup = &self.setup;
        let particle = match setup.particle {
            Some(particle) => format!("particle of radius {} cells", particle.radius),
            None => "no particle".to_owned(),
        };
        let supply = match setup.supply {
            Supply::Fixed => "fixed",
            Supply::Stirred { .. } => "stirred",
        };
        format!(
            "{particle}, {:.1} °C, H2 {} kPa, O2 {} kPa ({supply})",
            setup.temperature - 273.15,
            setup.gas.hydrogen / 1e3,
            setup.gas.oxygen / 1e3
        )
    }

    fn goal(&self) -> Goal {
        Goal::Steps(self.steps)
    }

    fn step_time(&self) -> Option<f64> {
        Some(self.setup.time_step)
    }

    fn engine(&self) -> Result<Looping, RunError> {
        self.simulation()
            .map_err(|error| RunError::method(Exit::Usage, error))
    }

    fn save(&self, engine: &Looping, checkpoint: &mut Checkpoint) {
        saved::put(&engine.save(), checkpoint);
    }

    fn restore(&self, engine: &mut Looping, checkpoint: &Checkpoint) -> Result<(), RunError> {
        engine
            .restore(&saved::get(checkpoint)?)
            .map_err(|error| RunError::method(Exit::Failure, error))
    }

    fn recorders(
        &self,
        directory: &RunDirectory,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Vec<Box<dyn Recorder<Looping>>>, RunError> {
        let observe = &self.deck.body.observe;
        let table = self.schedule(observe.table);
        let lattice = self.schedule(observe.lattice);
        Ok(vec![
            Box::new(recorders::Course::open(directory, table, checkpoint)?),
            Box::new(recorders::Path::open(directory, checkpoint)?),
            Box::new(Frames::open(
                directory,
                lattice,
                checkpoint,
                snapshot::frame,
            )?),
        ])
    }

    fn failure(&self, error: Infallible) -> RunError {
        match error {}
    }

    fn results(&self, engine: &Looping, summary: &mut Map<String, Value>) {
        // The setup made a simulation before.
        let area = self.simulation().map_or(1, |start| start.projected_area());
        results::put(engine, area, summary);
    }

    fn conclude(
        &self,
        engine: &Looping,
        directory: &RunDirectory,
        _summary: &Map<String, Value>,
    ) -> Result<(), RunError> {
        recorders::write_last(engine, directory)?;
        directory.write_text(EVENTS, &results::events_table(engine))?;
        let learned = results::learned(engine, &self.deck.heading);
        directory.write_text(results::QUANTITIES, &learned.to_toml())?;
        if self.deck.heading.output.plots {
            let title = self.deck.heading.title.as_deref().unwrap_or_default();
            plots::draw(engine, directory, title)?;
        }
        Ok(())
    }

    fn describe(&self, summary: &Map<String, Value>) -> String {
        let number = |key: &str| summary.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
        if number("events_per_change") > MANY_EVENTS {
            crate::terminal::warn(&format!(
                "{:.1e} events for each change of the support: nearly all time went into hops of iron, whose barrier is low \
                 beside the others; a lower looping.kinetics.hop_limit gives the same trends sooner",
                number("events_per_change")
            ));
        }
        let mut text = format!("{}\n", self.subject());
        let mut line = |name: &str, value: String| {
            let _ = writeln!(text, "{name:<28}{value}");
        };
        line(
            "particle",
            format!(
                "{:.3} nm/s, {} steps on {} places, {} turns ({} at the edge), {} layers dug",
                number("speed_nm_per_s"),
                number("particle_steps"),
                number("particle_places"),
                number("turns"),
                number("turns_at_edge"),
                number("digs")
            ),
        );
        line(
            "water of the loop",
            format!(
                "{:.2} 1/s; by the metal alone {:.2} 1/s",
                number("water_per_s"),
                number("direct_water_per_s")
            ),
        );
        line(
            "oxygen into the support",
            format!(
                "{:.2} 1/s; {:.2} % of the water's oxygen is missing",
                number("oxygen_per_s"),
                100.0 * number("oxygen_imbalance")
            ),
        );
        if let Some(distance) = summary["mean_regrowth_distance_nm"].as_f64() {
            let above = number("layers_grown_above_start");
            line(
                "regrowth",
                format!(
                    "{distance:.2} nm from the rim; {above} layers above the first surface, {} in what was reduced",
                    number("grown_layers") - above
                ),
            );
        }
        line(
            "support",
            format!(
                "roughness {:.2} layers, projected area {:+.2} %, mobile iron {}",
                number("roughness_layers"),
                100.0 * number("projected_area_change"),
                number("mobile_iron")
            ),
        );
        let iron = match self.setup.diffusion {
            Diffusion::Followed => format!(
                "iron hops {:.1e} times slower than its barrier says",
                number("hop_slowdown")
            ),
            Diffusion::Equilibrated => "iron is in equilibrium on the surface".to_owned(),
        };
        line(
            "events",
            format!(
                "{:.3e}, {:.0} for each change; {iron}",
                number("events"),
                number("events_per_change"),
            ),
        );
        text
    }
}

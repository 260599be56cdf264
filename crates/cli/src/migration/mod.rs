//! Particle migration as decks run it.

mod courses;
mod parameters;
mod plots;
mod quantities;
mod recorders;
mod surfaces;

use std::fmt::Write;

use frit_deck::{DeckErrors, Heading, MigrationDeck};
use frit_engine::random::Streams;
use frit_io::{Checkpoint, CheckpointError};
use frit_migration::{Parameters, Saved, SetupError, Simulation, StepError};
use serde_json::{Map, Value, json};

use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::run::{Goal, Method, Recorder, RunDirectory, RunError, Source};

pub(crate) use parameters::Resolved;

/// One nanometre [m].
pub(crate) const NANOMETRE: f64 = 1e-9;

/// What a deck of particle migration means.
#[derive(Debug)]
pub(crate) struct MigrationPlan {
    deck: MigrationDeck,
    source: Source,
    parameters: Parameters,
    steps: u64,
    /// What other methods have taught, in words.
    learned: Vec<String>,
}

impl MigrationPlan {
    /// Resolves a deck, and sets the simulation up once to see that it can be.
    ///
    /// # Errors
    /// Everything that is wrong, with its place in the deck.
    pub(crate) fn make(deck: MigrationDeck, arguments: &DeckArguments) -> Outcome<Self> {
        let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
        let Resolved {
            parameters,
            files,
            steps,
            learned,
        } = parameters::resolve(&deck).map_err(wrong)?;
        let plan = Self {
            source: Source {
                deck: arguments.clone(),
                files,
            },
            deck,
            parameters,
            steps,
            learned,
        };
        match plan.simulation() {
            Ok(_) => Ok(plan),
            Err(error) => Err(wrong(DeckErrors::from(vec![plan.place(&error)]))),
        }
    }

    fn simulation(&self) -> Result<Simulation, SetupError> {
        Simulation::new(
            self.parameters.clone(),
            self.deck.migration.particles as usize,
            self.deck.heading.seed,
        )
    }

    /// An error of the simulation at its place in the deck.
    fn place(&self, error: &SetupError) -> frit_deck::DeckError {
        let path = match error {
            SetupError::Unstable { .. } => "migration.timestep",
            SetupError::TooLarge { .. } | SetupError::NoRoom { .. } => "migration.support.edge",
            SetupError::Empty => "migration.particles",
            SetupError::Parameter(error) => parameters::place(error),
            SetupError::Field { .. } => "migration",
        };
        self.deck.error_at(path, error.to_string(), "")
    }

    /// What is fitted and what is not, for `frit check`.
    pub(crate) fn report(&self) -> String {
        let mut text = String::new();
        let mut section = |name: &str, body: &str| {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = write!(text, "{gap}== {name} ==\n{body}");
        };
        section("deck", self.deck.to_canonical_toml());
        let mut numbers = String::new();
        for entry in self.parameters.entries() {
            let _ = writeln!(
                numbers,
                "{:<42}{:>14} {:<8}{}",
                entry.name,
                format!("{:.6e}", entry.value),
                entry.unit,
                entry.status.name()
            );
        }
        section("numbers of the model, in SI units", &numbers);
        if !self.learned.is_empty() {
            section(
                "learned from other methods",
                &(self.learned.join("\n") + "\n"),
            );
        }
        let mut run = format!("{}\n{} steps\n", self.subject(), self.steps);
        if let Ok(simulation) = self.simulation() {
            let vertices = simulation.mesh().vertices();
            let updates =
                self.steps as f64 * self.deck.migration.particles as f64 * vertices as f64;
            let seconds = updates * SECONDS_PER_UPDATE / rayon::current_num_threads() as f64;
            let duration = crate::run::duration(std::time::Duration::from_secs_f64(seconds));
            let _ = writeln!(run, "{vertices} vertices a particle; about {duration}");
        }
        section("run", &run);
        text
    }

    /// The title of plots.
    pub(crate) fn title_with_gain(&self) -> String {
        let title = self.deck.heading.title.as_deref().unwrap_or_default();
        let drive = &self.parameters.drive;
        match drive.adhesion {
            0.0 => format!("{title} (Γ = {})", drive.gain),
            adhesion => format!("{title} (Γ = {}, adhesion {adhesion} J/m²)", drive.gain),
        }
    }

    /// What the gain is worth, in every header; and what else drives.
    fn gain_line(&self) -> String {
        let drive = &self.parameters.drive;
        let gain = format!(
            "gain of the pressure force Γ = {} (fitted; at 1 nothing moves visibly)",
            drive.gain
        );
        match drive.adhesion {
            0.0 => gain,
            adhesion => format!("{gain}, imbalance of adhesion {adhesion} J/m² (a choice)"),
        }
    }
}

/// A force [nN] for people.
fn scaled_force(force: f64) -> String {
    match force.abs() {
        size if size == 0.0 || size >= 1e-3 => format!("{force:.4} nN"),
        _ => format!("{force:.3e} nN"),
    }
}

/// Share of steps of Cu fractions that may leave 0 to 1.
const CLAMPED: f64 = 0.01;

/// Of one vertex in one step on one core, for estimates.
const SECONDS_PER_UPDATE: f64 = 5e-8;

impl Method for MigrationPlan {
    type Engine = Simulation;

    fn name(&self) -> &'static str {
        "particle migration"
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
        format!(
            "{} particles, {}",
            self.deck.migration.particles,
            self.gain_line()
        )
    }

    fn goal(&self) -> Goal {
        Goal::Steps(self.steps)
    }

    fn step_time(&self) -> Option<f64> {
        Some(self.parameters.numerics.time_step)
    }

    fn engine(&self) -> Result<Simulation, RunError> {
        self.simulation()
            .map_err(|error| RunError::method(Exit::Usage, error))
    }

    fn save(&self, engine: &Simulation, checkpoint: &mut Checkpoint) {
        let saved = engine.save();
        checkpoint.put_u64s("migration.step", &[saved.step]);
        let names = |names: Vec<&str>| names.join("\n");
        checkpoint.put_text(
            "migration.integers",
            names(
                saved
                    .integers
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .collect(),
            ),
        );
        checkpoint.put_text(
            "migration.numbers",
            names(
                saved
                    .numbers
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .collect(),
            ),
        );
        for (name, values) in &saved.integers {
            checkpoint.put_u64s(format!("migration.{name}"), values);
        }
        for (name, values) in &saved.numbers {
            checkpoint.put_f64s(format!("migration.{name}"), values);
        }
    }

    fn restore(&self, engine: &mut Simulation, checkpoint: &Checkpoint) -> Result<(), RunError> {
        let integers = checkpoint.get_text("migration.integers")?.lines();
        let numbers = checkpoint.get_text("migration.numbers")?.lines();
        let integers: Result<Vec<_>, CheckpointError> = integers
            .map(|name| {
                Ok((
                    name.to_owned(),
                    checkpoint.get_u64s(&format!("migration.{name}"))?,
                ))
            })
            .collect();
        let numbers: Result<Vec<_>, CheckpointError> = numbers
            .map(|name| {
                Ok((
                    name.to_owned(),
                    checkpoint.get_f64s(&format!("migration.{name}"))?,
                ))
            })
            .collect();
        let saved = Saved {
            step: checkpoint.get_u64s("migration.step")?.iter().sum(),
            integers: integers?,
            numbers: numbers?,
        };
        engine
            .restore(&saved)
            .map_err(|error| RunError::method(Exit::Failure, error))
    }

    fn recorders(
        &self,
        directory: &RunDirectory,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Vec<Box<dyn Recorder<Simulation>>>, RunError> {
        let observe = &self.deck.migration.observe;
        let gain = self.parameters.drive.gain;
        let averages = self.schedule(observe.table);
        let streams = Streams::new(self.deck.heading.seed);
        let mut all: Vec<Box<dyn Recorder<Simulation>>> = vec![
            Box::new(recorders::Averages::open(
                directory, averages, gain, checkpoint,
            )?),
            Box::new(recorders::Speeds::open(
                directory,
                &self.parameters,
                streams,
                checkpoint,
            )?),
            Box::new(recorders::Spheres::open(
                directory,
                self.schedule(observe.particles),
                gain,
                checkpoint,
            )?),
        ];
        all.push(Box::new(courses::Courses::open(averages, checkpoint)?));
        if self.deck.migration.support.is_some() {
            all.push(Box::new(recorders::Mergers::open(
                directory, gain, checkpoint,
            )?));
        }
        if observe.surface_count > 0 {
            all.push(Box::new(surfaces::Surfaces::open(
                directory,
                self.schedule(observe.surfaces),
                observe.surface_count as usize,
                gain,
                checkpoint,
            )?));
        }
        Ok(all)
    }

    fn failure(&self, error: StepError) -> RunError {
        RunError::method(Exit::Simulation, error)
    }

    fn results(&self, engine: &Simulation, summary: &mut Map<String, Value>) {
        let seen = engine.observe();
        let counters = engine.counters();
        let mut put = |key: &str, value: Value| summary.insert(key.to_owned(), value);
        put("gain", json!(self.parameters.drive.gain));
        put("adhesion_j_per_m2", json!(self.parameters.drive.adhesion));
        put("learned", json!(self.learned));
        put(
            "temperature_k",
            json!(self.parameters.conditions.temperature),
        );
        put(
            "pressure_kpa",
            json!(self.parameters.conditions.pressure / 1e3),
        );
        put(
            "hydrogen_to_oxygen",
            json!(self.parameters.conditions.hydrogen_to_oxygen),
        );
        put("particles_at_start", json!(self.deck.migration.particles));
        put("particles", json!(seen.particles));
        put("mean_radius_nm", json!(seen.radius / NANOMETRE));
        put("surface_radius_nm", json!(seen.surface_radius / NANOMETRE));
        put("volume_nm3", json!(seen.volume / NANOMETRE.powi(3)));
        put("mergers", json!(counters.mergers));
        put("dissolved", json!(counters.dissolved));
        put(
            "clamped_share",
            json!(counters.clamps as f64 / counters.updates.max(1) as f64),
        );
        put("coarse_moves", json!(counters.coarse_moves));
        let numbers: Map<String, Value> = self
            .parameters
            .entries()
            .into_iter()
            .map(|entry| {
                let value = json!({
                    "value": entry.value,
                    "unit": entry.unit,
                    "status": entry.status.name(),
                });
                (entry.name.to_owned(), value)
            })
            .collect();
        put("parameters", Value::Object(numbers));
    }

    fn conclude(
        &self,
        engine: &Simulation,
        directory: &RunDirectory,
        summary: &Map<String, Value>,
    ) -> Result<(), RunError> {
        recorders::write_last(engine, directory, self.parameters.drive.gain)?;
        let learned = quantities::learned(engine, &self.deck.heading, summary);
        directory.write_text(quantities::FILE, &learned.to_toml())?;
        if self.deck.heading.output.plots {
            let migration = &self.deck.migration;
            let changes = migration.support.is_some() || migration.ripening.is_some();
            let radii = changes.then(|| engine.particles().radius());
            plots::draw(directory, &self.title_with_gain(), summary, radii)?;
        }
        Ok(())
    }

    fn describe(&self, summary: &Map<String, Value>) -> String {
        let number = |key: &str| summary.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
        if number("clamped_share") > CLAMPED {
            crate::terminal::warn(&format!(
                "{:.1} % of the steps of Cu fractions had to be put back into 0 to 1: the time step is too long",
                100.0 * number("clamped_share")
            ));
        }
        if number("coarse_moves") > 0.0 {
            crate::terminal::warn(&format!(
                "in {} of {} steps the smallest particles moved further at a time than their size allows: some mergers may \
                 be missed; take a shorter time step, or let them dissolve earlier (ripening.smallest_radius)",
                number("coarse_moves"),
                self.steps
            ));
        }
        let mut text = format!("{}\n", self.gain_line());
        let mut line = |name: &str, value: String| {
            let _ = writeln!(text, "{name:<28}{value}");
        };
        line("Cu fraction", format!("{:.3}", number("mean_copper")));
        line("dipole", format!("{:.3}", number("mean_dipole")));
        line("force", scaled_force(number("mean_force_nn")));
        line(
            "frame speed",
            format!(
                "{:.2} nm/s, {:.4} of {} above 10 nm/s",
                number("mean_speed_nm_per_s"),
                number("migrating_share"),
                number("speeds_seen")
            ),
        );
        line(
            "particles",
            format!(
                "{} -> {}",
                number("particles_at_start"),
                number("particles")
            ),
        );
        line("mean radius", format!("{:.3} nm", number("mean_radius_nm")));
        for learned in &self.learned {
            line("learned", learned.clone());
        }
        text
    }
}

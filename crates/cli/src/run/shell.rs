//! The run of a method that is one loop of one engine: everything but the engine itself.
//!
//! Molecular dynamics has phases of several bodies and a shell of its own, built of the same
//! parts. A [`Method`] says what is its own: its engine, what is saved of it, who observes, the
//! summary and the plots. Directory, manifest, checkpoints, signals, progress and the end of a run
//! are here.

use std::path::Path;
use std::time::{Duration, Instant};

use frit_deck::{Heading, Schedule as DeckSchedule};
use frit_engine::{Clock, DriveError, Engine, Observer, Outcome, Schedule, Signals, drive};
use frit_io::Checkpoint;
use serde_json::{Map, Value, json};

use super::directory::{CHECKPOINT, RunDirectory, Start};
use super::error::RunError;
use super::execute::End;
use super::manifest::{HashedFile, Manifest};
use super::progress::{Pace, Progress, duration};
use super::supervisor::Guard;
use crate::args::DeckArguments;
use crate::terminal;

/// Where a plan comes from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The deck, and what was changed in it.
    pub deck: DeckArguments,
    /// The files on which the run depends.
    pub files: Vec<HashedFile>,
}

/// When a run is over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// After so many steps.
    Steps(u64),
    /// When the engine's time has come to so much, whatever the steps.
    Time(f64),
}

impl Goal {
    fn is_reached(self, clock: Clock) -> bool {
        match self {
            Self::Steps(steps) => clock.step >= steps,
            Self::Time(until) => clock.time >= until,
        }
    }
}

/// An observer that can be saved.
pub(crate) trait Recorder<E: Engine>: Observer<E, Error = RunError> {
    /// Brings what was written to the disk and notes in a checkpoint how far it had come.
    ///
    /// # Errors
    /// A file cannot be written.
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError>;

    /// Completes what was written.
    ///
    /// # Errors
    /// A file cannot be written.
    fn finish(&mut self) -> Result<(), RunError> {
        Ok(())
    }

    /// Adds what it saw to the summary.
    fn results(&self, _summary: &mut Map<String, Value>) {}
}

/// Engines of these methods count their time in seconds.
const SECONDS_IN_PICOSECOND: f64 = 1e-12;

/// A method whose run is one loop of one engine.
pub(crate) trait Method {
    /// What is advanced.
    type Engine: Engine;

    /// The name for people: "particle migration".
    fn name(&self) -> &'static str;

    /// Title, seed, checkpoints, output.
    fn heading(&self) -> &Heading;

    /// Where the plan comes from.
    fn source(&self) -> &Source;

    /// The deck with every default filled in.
    fn canonical(&self) -> &str;

    /// What is simulated, in a line: "80 particles".
    fn subject(&self) -> String;

    /// When the run is over.
    fn goal(&self) -> Goal;

    /// The physical time of a step in the engine's unit, if all steps are alike.
    fn step_time(&self) -> Option<f64>;

    /// The engine at its beginning.
    ///
    /// # Errors
    /// It cannot be set up.
    fn engine(&self) -> Result<Self::Engine, RunError>;

    /// Stores the state of the engine, to the bit.
    fn save(&self, engine: &Self::Engine, checkpoint: &mut Checkpoint);

    /// Takes the state of a checkpoint.
    ///
    /// # Errors
    /// It does not fit.
    fn restore(&self, engine: &mut Self::Engine, checkpoint: &Checkpoint) -> Result<(), RunError>;

    /// Those who watch, from the beginning or from a checkpoint.
    ///
    /// # Errors
    /// Their files cannot be written.
    fn recorders(
        &self,
        directory: &RunDirectory,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Vec<Box<dyn Recorder<Self::Engine>>>, RunError>;

    /// What a failed step means.
    fn failure(&self, error: <Self::Engine as Engine>::Error) -> RunError;

    /// Adds the engine's last state to the summary.
    fn results(&self, engine: &Self::Engine, summary: &mut Map<String, Value>);

    /// Writes the last state, and draws plots if the deck wants them.
    ///
    /// # Errors
    /// A file cannot be written.
    fn conclude(
        &self,
        engine: &Self::Engine,
        directory: &RunDirectory,
        summary: &Map<String, Value>,
    ) -> Result<(), RunError>;

    /// The summary for people.
    fn describe(&self, summary: &Map<String, Value>) -> String;

    /// A schedule of the deck as one of the engine: in steps, if all steps are alike.
    fn schedule(&self, schedule: DeckSchedule) -> Schedule {
        match schedule {
            DeckSchedule::Steps(steps) => Schedule::Steps(steps),
            DeckSchedule::Time(time) => {
                let time = time.in_picoseconds() * SECONDS_IN_PICOSECOND;
                match self.step_time() {
                    Some(step) => Schedule::Steps((time / step).round().max(1.0) as u64),
                    None => Schedule::Time(time),
                }
            }
        }
    }

    /// The text by which a run directory recognises its run.
    fn text(&self) -> String {
        plan_text(&self.source().files, self.canonical())
    }
}

/// The text of a plan: hashes of the files that it depends on, and the resolved deck.
pub(crate) fn plan_text(files: &[HashedFile], canonical: &str) -> String {
    let mut text = String::from(
        "# The resolved deck of this run: every default filled in, durations in steps.\n",
    );
    for file in files {
        let name = Path::new(&file.path).file_name().unwrap_or_default();
        text += &format!("# {} blake3 {}\n", name.to_string_lossy(), file.blake3);
    }
    text.push('\n');
    text + canonical
}

/// Steps of methods differ in length by orders of magnitude: a checkpoint is written at least so
/// often, whatever the schedule says.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a method in a directory, from the beginning or from its checkpoint.
///
/// # Errors
/// What went wrong; all that was reached stays in the directory.
pub(crate) fn run_method<M: Method>(
    method: &M,
    out: &Path,
    signals: &Signals,
) -> Result<End, RunError> {
    let (directory, start) = RunDirectory::open(out, &method.text())?;
    let path = directory.file(CHECKPOINT);
    let checkpoint = match start {
        Start::Fresh => None,
        Start::Continue => Some(Checkpoint::read(&path)?),
    };
    manifest(method).record(&directory, &method.source().deck)?;
    let mut engine = method.engine()?;
    let mut seconds_before = 0.0;
    if let Some(checkpoint) = &checkpoint {
        method.restore(&mut engine, checkpoint)?;
        seconds_before = checkpoint.get_f64s("seconds")?.iter().sum();
        tell_continuation(checkpoint, engine.clock())?;
    }
    let mut recorders = method.recorders(&directory, checkpoint.as_ref())?;
    let (last, pace, until) = match method.goal() {
        Goal::Steps(steps) => (steps, Pace::Steps, None),
        Goal::Time(until) => (u64::MAX, Pace::Time(until), Some(until)),
    };
    let save =
        |engine: &M::Engine, recorders: &mut [Box<dyn Recorder<M::Engine>>], seconds: f64| {
            let mut checkpoint = Checkpoint::new();
            checkpoint.put_text("frit", env!("CARGO_PKG_VERSION"));
            checkpoint.put_f64s("seconds", &[seconds]);
            method.save(engine, &mut checkpoint);
            for recorder in recorders {
                recorder.save(&mut checkpoint)?;
            }
            checkpoint.write(&path)?;
            Ok(())
        };
    let mut guard = Guard {
        progress: Progress::start(method.name().to_owned(), engine.clock(), last, pace),
        signals,
        schedule: method.schedule(method.heading().checkpoint.every),
        patience: Some(PATIENCE),
        saved: Instant::now(),
        save,
        is_over: |engine: &M::Engine, _: &[Box<dyn Recorder<M::Engine>>]| {
            until.is_some_and(|until| engine.clock().time >= until)
        },
        last: engine.clock(),
        entered: Instant::now(),
        seconds_before,
        interrupted: None,
    };
    if !method.goal().is_reached(engine.clock()) || checkpoint.is_none() {
        let fresh = checkpoint.is_none();
        match drive(&mut engine, &mut recorders, &mut guard, last, fresh) {
            Ok(Outcome::Finished | Outcome::Stopped) => {}
            Err(DriveError::Look(error)) => return Err(error),
            Err(DriveError::Step(error)) => return Err(method.failure(error)),
        }
        if let Some(interrupt) = guard.interrupted {
            return Ok(End::Interrupted(interrupt));
        }
    }
    let seconds = guard.seconds();
    // Whatever interrupts the finish, nothing is computed twice.
    (guard.save)(&engine, &mut recorders, seconds)?;
    guard.progress.finish();
    finish(method, &directory, &engine, &mut recorders, seconds)
}

/// The end of a run: what was written is completed, the summary appears last.
fn finish<M: Method>(
    method: &M,
    directory: &RunDirectory,
    engine: &M::Engine,
    recorders: &mut [Box<dyn Recorder<M::Engine>>],
    seconds: f64,
) -> Result<End, RunError> {
    let clock = engine.clock();
    let heading = method.heading();
    let mut summary = Map::new();
    let mut put = |key: &str, value: Value| summary.insert(key.to_owned(), value);
    put("title", json!(heading.title));
    put("frit", json!(env!("CARGO_PKG_VERSION")));
    put("method", json!(method.name()));
    put("seed", json!(heading.seed));
    put("steps", json!(clock.step));
    put("time_s", json!(clock.time));
    put("threads", json!(rayon::current_num_threads()));
    put("loop_seconds", json!(seconds));
    method.results(engine, &mut summary);
    for recorder in recorders {
        recorder.finish()?;
        recorder.results(&mut summary);
    }
    method.conclude(engine, directory, &summary)?;
    directory.conclude(&summary)?;
    let speed = format!(
        "{} steps in {}, {:.0} steps/s, {} thread(s)\n",
        clock.step,
        duration(Duration::from_secs_f64(seconds)),
        clock.step as f64 / seconds.max(1e-9),
        rayon::current_num_threads()
    );
    Ok(End::Finished(method.describe(&summary) + &speed))
}

fn tell_continuation(checkpoint: &Checkpoint, clock: Clock) -> Result<(), RunError> {
    let version = checkpoint.get_text("frit")?;
    if version != env!("CARGO_PKG_VERSION") {
        terminal::warn(&format!(
            "the run was begun with frit {version} and continues with frit {}",
            env!("CARGO_PKG_VERSION")
        ));
    }
    terminal::say(&format!("continuing after step {}", clock.step));
    Ok(())
}

fn manifest<M: Method>(method: &M) -> Manifest {
    let (heading, source) = (method.heading(), method.source());
    Manifest {
        frit: env!("CARGO_PKG_VERSION").to_owned(),
        title: heading.title.clone().unwrap_or_default(),
        deck: Manifest::place(&source.deck.deck),
        overrides: source.deck.overrides.clone(),
        seed: heading.seed,
        potential: String::new(),
        files: source.files.clone(),
        kernel: method.name().to_owned(),
        precision: "f64".to_owned(),
        attempts: Vec::new(),
    }
}

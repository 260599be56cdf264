//! A run, from the first phase to the summary.

use std::path::Path;

use frit_analysis::{FacingLayers, Neck};
use frit_deck::StageMethod;
use frit_engine::{Clock, Interrupt, Signals};
use frit_io::{Checkpoint, Frame, write_frames};

use super::cache::{CacheChoice, Entry, Place};
use super::checkpoint::{Motion, Reached, Underway};
use super::directory::{CHECKPOINT, FINAL, RunDirectory, Start};
use super::error::RunError;
use super::manifest::Manifest;
use super::neck::NeckTable;
use super::observers::Observers;
use super::post_mortem::Finding;
use super::summary::Summary;
use super::table::EnergyTable;
use super::trajectory::Trajectory;
use super::{Watcher, plots, post_mortem, quantities};
use crate::plan::{Body, Phase, Plan, StructurePlan};
use crate::terminal;

/// How a run ended.
#[derive(Debug)]
pub(crate) enum End {
    /// All is done; the result for people.
    Finished(String),
    /// A signal came; a checkpoint was written.
    Interrupted(Interrupt),
}

/// Runs a plan in a directory, from the beginning or from its checkpoint.
///
/// # Errors
/// What went wrong; all that was reached stays in the directory.
pub(crate) fn execute(
    plan: &Plan,
    out: &Path,
    signals: Signals,
    cache: &CacheChoice,
) -> Result<End, RunError> {
    let (directory, start) = RunDirectory::open(out, &plan.text())?;
    let checkpoint = match start {
        Start::Fresh => None,
        Start::Continue => Some(Checkpoint::read(&directory.file(CHECKPOINT))?),
    };
    let mut run = Run::begin(plan, directory, signals, checkpoint.as_ref())?;
    let cache = cache.folder(plan);
    let mut motion = None;
    if let Some(checkpoint) = &checkpoint {
        (run.done, motion) = Reached::read(checkpoint, plan.phases.len())?;
        run.tell_continuation(checkpoint, motion.as_ref())?;
    }
    while let Some(phase) = plan.phases.get(run.done.phase) {
        if let Some(folder) = &cache
            && motion.is_none()
            && run.recall(folder, phase.body)?
        {
            run.save(None)?;
            continue;
        }
        if let Some(interrupt) = run.phase(phase, motion.take())? {
            return Ok(End::Interrupted(interrupt));
        }
        run.done.phase += 1;
        if let Some(folder) = &cache {
            run.keep(folder, phase.body)?;
        }
        // Also after the last phase: whatever interrupts the finish, nothing is computed twice.
        run.save(None)?;
    }
    run.finish().map(|summary| End::Finished(summary.to_text()))
}

pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) directory: RunDirectory,
    pub(super) signals: Signals,
    pub(super) done: Reached,
    pub(super) watchers: Vec<Box<dyn Watcher>>,
    pub(super) kernel: String,
    /// The place in the cache of the particle that is computed.
    place: Option<Place>,
}

impl<'a> Run<'a> {
    fn begin(
        plan: &'a Plan,
        directory: RunDirectory,
        signals: Signals,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let potential = plan
            .bind(plan.structure.species_of(Body::Whole))
            .map_err(|error| RunError::Bind(error.to_string()))?;
        let kernel = potential.kernel();
        write_manifest(plan, &directory, &potential.name(), &kernel)?;
        let watchers = watchers(plan, &directory, checkpoint)?;
        Ok(Self {
            plan,
            directory,
            signals,
            done: Reached::start(plan.phases.len()),
            watchers,
            kernel,
            place: None,
        })
    }

    /// The phases of a body: the number of the first, and how many.
    fn phases_of(&self, body: Body) -> (usize, usize) {
        let phases = &self.plan.phases;
        let is_its = |phase: &&Phase| phase.body == body;
        let first = phases.iter().position(|phase| phase.body == body);
        (first.unwrap_or(0), phases.iter().filter(is_its).count())
    }

    /// Takes a particle that is about to be equilibrated from the cache, if it is there.
    fn recall(&mut self, folder: &Path, body: Body) -> Result<bool, RunError> {
        let (first, count) = self.phases_of(body);
        let Body::Particle(which) = body else {
            return Ok(false);
        };
        if self.done.phase != first {
            return Ok(false);
        }
        let Some(mut place) = Place::new(folder, self.plan, body, &self.kernel) else {
            return Ok(false);
        };
        let Some(entry) = place.take(&self.signals) else {
            self.place = Some(place);
            return Ok(false);
        };
        for watcher in &mut self.watchers {
            watcher.write_rows(&entry.rows)?;
        }
        terminal::say(&format!(
            "{}: {} steps of equilibration taken from {}",
            body.name(),
            entry.clock.step,
            place.path().display()
        ));
        self.done.particles[which] = Some(entry.system);
        self.done.clocks[which] = entry.clock;
        self.done.steps[first..first + count].copy_from_slice(&entry.steps);
        self.done.phase = first + count;
        Ok(true)
    }

    /// Keeps a particle in the cache when its last phase is done.
    fn keep(&mut self, folder: &Path, body: Body) -> Result<(), RunError> {
        let (first, count) = self.phases_of(body);
        let Body::Particle(which) = body else {
            return Ok(());
        };
        let Some(system) = self.done.particles[which].clone() else {
            return Ok(());
        };
        if self.done.phase != first + count {
            return Ok(());
        }
        let place = match self.place.take() {
            Some(place) => Some(place),
            // A continued run has not looked.
            None => Place::new(folder, self.plan, body, &self.kernel),
        };
        if let Some(place) = place.filter(|place| !place.path().exists()) {
            let mut rows = String::new();
            for watcher in &mut self.watchers {
                rows += &watcher.rows_of(body)?;
            }
            place.put(&Entry {
                system,
                clock: self.done.clocks[which],
                steps: self.done.steps[first..first + count].to_vec(),
                rows,
            });
        }
        Ok(())
    }

    fn tell_continuation(
        &self,
        checkpoint: &Checkpoint,
        motion: Option<&Motion>,
    ) -> Result<(), RunError> {
        let before = checkpoint.get_text("kernel")?;
        if before != self.kernel {
            terminal::warn(&format!(
                "the run was begun with the kernel {before} and continues with {}: the bits of its \
                 trajectory depend on where that happens",
                self.kernel
            ));
        }
        let version = checkpoint.get_text("frit")?;
        if version != env!("CARGO_PKG_VERSION") {
            terminal::warn(&format!(
                "the run was begun with frit {version} and continues with frit {}",
                env!("CARGO_PKG_VERSION")
            ));
        }
        let step = motion.map_or(0, |motion| motion.mover.steps());
        if let Some(phase) = self.plan.phases.get(self.done.phase) {
            terminal::say(&format!(
                "continuing {} after step {step} of {}",
                phase.label(),
                phase.steps()
            ));
        }
        Ok(())
    }

    /// One phase; the signal that interrupted it, if any.
    fn phase(
        &mut self,
        phase: &Phase,
        motion: Option<Motion>,
    ) -> Result<Option<Interrupt>, RunError> {
        match phase.method {
            StageMethod::Dynamics(dynamics) => self.dynamics(phase, &dynamics, motion),
            StageMethod::Minimise(minimise) => self.minimise(phase, &minimise, motion),
        }
    }

    /// Writes a post-mortem; that it cannot be written is worth a warning beside the failure.
    pub(super) fn bury(
        &self,
        phase: &Phase,
        clock: Clock,
        frame: Result<Frame, RunError>,
        finding: &Finding<'_>,
    ) {
        let written = frame
            .and_then(|frame| post_mortem::write(&self.directory, phase, clock, &frame, finding));
        if let Err(error) = written {
            terminal::warn(&format!("no post-mortem was written: {error}"));
        }
    }

    pub(super) fn save(&mut self, motion: Option<Underway<'_>>) -> Result<(), RunError> {
        let path = self.directory.file(CHECKPOINT);
        self.done
            .write(&path, &self.kernel, &mut self.watchers, motion)
    }

    /// The end of a run: what was written is completed, the summary appears last.
    fn finish(mut self) -> Result<Summary, RunError> {
        for watcher in &mut self.watchers {
            watcher.finish()?;
        }
        let whole = self.body(Body::Whole)?;
        let mut last = Frame::from_system(&whole);
        last.step = Some(self.done.clocks[2].step);
        last.time = Some(self.done.clocks[2].time);
        write_frames(
            &self.directory.file(FINAL),
            frit_io::Selection::All,
            [&last],
        )?;
        let neck = self.watchers.iter().find_map(|watcher| watcher.neck());
        if self.plan.deck.output.plots {
            plots::draw(&self.directory, self.plan, neck)?;
            plots::draw_atoms(&self.directory, "final.svg", &whole)?;
        }
        let mut summary = Summary::new(self.plan, &self.done, &whole, &self.kernel, neck);
        summary.add_observers(self.directory.path());
        self.teach(neck.and_then(|seen| seen.watch.neck()))?;
        self.directory.conclude(&summary)?;
        Ok(summary)
    }

    /// Writes what was learned for other methods, if that is anything.
    fn teach(&self, neck: Option<Neck>) -> Result<(), RunError> {
        let deck = &self.plan.deck;
        let title = deck.title.as_deref().unwrap_or("molecular dynamics");
        let mut about = format!("frit, {title}, seed {}", deck.seed);
        if let Some(temperature) = quantities::temperature(self.directory.path()) {
            about += &format!(", {temperature:.0} K in the second half");
        }
        let learned = quantities::learned(self.directory.path(), &about, neck);
        if !learned.quantities().is_empty() {
            (self.directory).write_text(quantities::FILE, &learned.to_toml())?;
        }
        Ok(())
    }
}

fn watchers(
    plan: &Plan,
    directory: &RunDirectory,
    checkpoint: Option<&Checkpoint>,
) -> Result<Vec<Box<dyn Watcher>>, RunError> {
    let observe = &plan.deck.observe;
    let facing: Option<FacingLayers> = match &plan.structure {
        StructurePlan::Pair(pair) => Some(pair.cold.facing.clone()),
        StructurePlan::Whole { .. } => None,
    };
    let table = EnergyTable::open(directory, observe.table.every, checkpoint)?;
    let mut watchers: Vec<Box<dyn Watcher>> = vec![Box::new(table)];
    if let (Some(neck), Some(facing)) = (&observe.neck, &facing) {
        let table = NeckTable::open(directory, neck, facing.clone(), checkpoint)?;
        watchers.push(Box::new(table));
    }
    let mut shared = None;
    if !observe.observers.list.is_empty() {
        let whole = plan.structure.whole();
        let observers = Observers::open(directory, &observe.observers, whole, checkpoint)?;
        shared = Some(observers.shared());
        watchers.push(Box::new(observers));
    }
    if let Some(trajectory) = &observe.trajectory {
        // Behind the observers, whose latest columns it writes.
        let trajectory = Trajectory::open(directory, trajectory, facing, shared, checkpoint)?;
        watchers.push(Box::new(trajectory));
    }
    Ok(watchers)
}

fn write_manifest(
    plan: &Plan,
    directory: &RunDirectory,
    potential: &str,
    kernel: &str,
) -> Result<(), RunError> {
    let manifest = Manifest {
        frit: env!("CARGO_PKG_VERSION").to_owned(),
        title: plan.deck.title.clone().unwrap_or_default(),
        deck: Manifest::place(&plan.arguments.deck),
        overrides: plan.arguments.overrides.clone(),
        seed: plan.deck.seed,
        potential: potential.to_owned(),
        files: plan.files.clone(),
        kernel: kernel.to_owned(),
        precision: plan.potential.precision().to_owned(),
        attempts: Vec::new(),
    };
    manifest.record(directory, &plan.arguments)
}

//! A run, from the first phase to the summary.

use std::path::Path;
use std::time::Instant;

use frit_analysis::FacingLayers;
use frit_atoms::neighbours::SkinTuner;
use frit_atoms::{NeighbourError, System};
use frit_deck::{Skin, StageMethod};
use frit_dynamics::measure::{AtRest, Selection};
use frit_dynamics::minimise::{
    Criteria, Fire, Lbfgs, Minimisation, MinimiseError, Minimiser, Status,
};
use frit_dynamics::{
    Dynamics, ForceField, Setup, StepError, initialise_velocities, remove_angular_momentum,
    remove_momentum,
};
use frit_engine::{Clock, DriveError, Engine, Interrupt, Outcome, Signals, drive};
use frit_io::{Checkpoint, Frame, write_frames};
use frit_potentials::Request;
use frit_units::constants::MechanicalConstants;

use super::checkpoint::{Motion, Progress as Done};
use super::directory::{ASSEMBLED, CHECKPOINT, FINAL, MANIFEST, RunDirectory, SUMMARY, Start};
use super::error::RunError;
use super::manifest::{Attempt, Manifest};
use super::neck::NeckTable;
use super::post_mortem::Finding;
use super::progress::Progress;
use super::summary::Summary;
use super::supervisor::Guard;
use super::table::EnergyTable;
use super::trajectory::Trajectory;
use super::{MolecularDynamics, Watcher, plots, post_mortem};
use crate::plan::{Body, Phase, Plan, StructurePlan, assemble, at_rest, ensemble, schedule};
use crate::terminal;

/// How a run ended.
#[derive(Debug)]
pub(crate) enum End {
    /// All phases are done.
    Finished(Box<Summary>),
    /// A signal came; a checkpoint was written.
    Interrupted(Interrupt),
}

/// Runs a plan in a directory, from the beginning or from its checkpoint.
///
/// # Errors
/// What went wrong; all that was reached stays in the directory.
pub(crate) fn execute(plan: &Plan, out: &Path) -> Result<End, RunError> {
    let (directory, start) = RunDirectory::open(out, &plan.text())?;
    let signals = Signals::listen()?;
    let checkpoint = match start {
        Start::Fresh => None,
        Start::Continue => Some(Checkpoint::read(&directory.file(CHECKPOINT))?),
    };
    let mut run = Run::begin(plan, directory, signals, checkpoint.as_ref())?;
    let mut motion = None;
    if let Some(checkpoint) = &checkpoint {
        (run.done, motion) = Done::read(checkpoint, plan.phases.len())?;
        run.tell_continuation(checkpoint, motion.as_ref())?;
    }
    while let Some(phase) = plan.phases.get(run.done.phase) {
        if let Some(interrupt) = run.phase(phase, motion.take())? {
            return Ok(End::Interrupted(interrupt));
        }
        run.done.phase += 1;
        if run.done.phase < plan.phases.len() {
            run.save(None)?;
        }
    }
    run.finish().map(|summary| End::Finished(Box::new(summary)))
}

struct Run<'a> {
    plan: &'a Plan,
    directory: RunDirectory,
    signals: Signals,
    done: Done,
    watchers: Vec<Box<dyn Watcher>>,
    kernel: String,
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
            done: Done::start(plan.phases.len()),
            watchers,
            kernel,
        })
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
        let step = motion.map_or(0, |motion| motion.dynamics.step);
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
            StageMethod::Minimise(minimise) => self.minimise(phase, &minimise),
        }
    }

    fn dynamics(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Dynamics,
        motion: Option<Motion>,
    ) -> Result<Option<Interrupt>, RunError> {
        let begun = *self.done.clock(phase.body);
        let fresh = motion.is_none() && begun.step == 0;
        let mut md = self.motion(phase, deck, begun, motion)?;
        for watcher in &mut self.watchers {
            watcher.begin(phase, &md.system);
        }
        let needs = self
            .watchers
            .iter()
            .fold(Request::FORCES, |needs, watcher| {
                needs.union(watcher.needs())
            });
        md.forces.evaluate(&mut md.system, needs)?;
        let progress = Progress::start(
            phase.label(),
            md.clock().step,
            phase.steps(),
            phase.timestep(),
        );
        let path = self.directory.file(CHECKPOINT);
        let mut guard = Guard {
            progress,
            signals: &self.signals,
            schedule: schedule(self.plan.deck.checkpoint.every, phase.timestep()),
            path: &path,
            kernel: &self.kernel,
            seconds_before: self.done.seconds[self.done.phase],
            done: &mut self.done,
            entered: Instant::now(),
            interrupted: None,
        };
        let outcome = drive(
            &mut md,
            &mut self.watchers,
            &mut guard,
            phase.steps(),
            fresh,
        );
        let spent = guard.seconds_before + guard.entered.elapsed().as_secs_f64();
        let interrupted = guard.interrupted;
        guard.progress.finish();
        match outcome {
            Ok(Outcome::Stopped) => return Ok(interrupted),
            Ok(Outcome::Finished) => {}
            Err(DriveError::Look(error)) => return Err(error),
            Err(DriveError::Step(error)) => return Err(self.fail(phase, &md, error)),
        }
        self.done.seconds[self.done.phase] = spent;
        *self.done.clock(phase.body) = md.body_clock();
        self.tell_end(phase, &md, spent);
        *self.done.system(phase.body) = Some(md.system);
        Ok(None)
    }

    /// The system in motion at the beginning of a phase, or where a checkpoint left it.
    fn motion(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Dynamics,
        begun: Clock,
        motion: Option<Motion>,
    ) -> Result<MolecularDynamics, RunError> {
        let streams = self.plan.phase_streams(self.done.phase);
        let (mut system, saved) = match motion {
            Some(motion) => (motion.system, Some((motion.origin, motion.dynamics))),
            None => (self.body(phase.body)?, None),
        };
        let at_rest = at_rest(&deck.ensemble, &system);
        if saved.is_none()
            && let Some(velocities) = deck.velocities
        {
            self.draw(&mut system, phase.body, velocities.temperature.in_kelvin())?;
        }
        let setup = Setup::new(ensemble(deck, &system, at_rest)?, phase.timestep(), streams);
        let mut dynamics = Dynamics::new(setup, &system)?;
        if let Some((_, state)) = &saved {
            dynamics.restore(state)?;
        }
        let mut md = MolecularDynamics {
            system,
            forces: self.force_field(phase.body)?,
            dynamics,
            begun,
            at_rest,
        };
        for watcher in &mut self.watchers {
            watcher.begin(phase, &md.system);
        }
        let needs = self
            .watchers
            .iter()
            .fold(Request::FORCES, |needs, watcher| {
                needs.union(watcher.needs())
            });
        let evaluated = match &saved {
            Some((origin, _)) => md.forces.restore(&mut md.system, origin, needs),
            None => md.forces.evaluate(&mut md.system, needs).map(drop),
        };
        evaluated.map_err(|source| {
            let clock = md.clock();
            let error = StepError::Forces {
                step: clock.step,
                time: clock.time,
                source,
            };
            self.fail(phase, &md, error)
        })?;
        Ok(md)
    }

    /// Leaves a post-mortem of a step.
    fn fail(&self, phase: &Phase, md: &MolecularDynamics, error: StepError) -> RunError {
        let frame = super::trajectory::frame(md, None);
        self.bury(phase, md.body_clock(), frame, &Finding::from(&error));
        error.into()
    }

    /// Leaves a post-mortem of a minimisation.
    fn fail_to_minimise(
        &mut self,
        phase: &Phase,
        system: &System,
        error: MinimiseError,
    ) -> RunError {
        let clock = *self.done.clock(phase.body);
        let mut frame = Frame::from_system(system);
        frame.step = Some(clock.step);
        frame.time = Some(clock.time);
        self.bury(phase, clock, Ok(frame), &Finding::from(&error));
        error.into()
    }

    /// Writes a post-mortem; that it cannot be written is worth a warning beside the failure.
    fn bury(
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

    /// Draws velocities; each particle of a pair gets its own, without momentum.
    fn draw(&self, system: &mut System, body: Body, temperature: f64) -> Result<(), RunError> {
        let streams = self.plan.phase_streams(self.done.phase);
        let constants = MechanicalConstants::CODATA;
        let is_pair = matches!(self.plan.structure, StructurePlan::Pair(_));
        let selections: &[Selection] = if is_pair && body == Body::Whole {
            &[Selection::Group(0), Selection::Group(1)]
        } else {
            &[Selection::All]
        };
        for &selection in selections {
            let at_rest = AtRest::conserved_in(&system.cell);
            initialise_velocities(system, selection, temperature, at_rest, streams, &constants)?;
        }
        Ok(())
    }

    fn force_field(&self, body: Body) -> Result<ForceField, RunError> {
        let potential = self
            .plan
            .bind(self.plan.structure.species_of(body))
            .map_err(|error| RunError::Bind(error.to_string()))?;
        let field =
            |skin: f64| -> Result<ForceField, NeighbourError> { ForceField::new(potential, skin) };
        Ok(match self.plan.deck.neighbours.skin {
            Skin::Fixed(skin) => field(skin.in_angstroms())?,
            Skin::Auto => field(FIRST_SKIN)?.with_tuner(SkinTuner::default()),
        })
    }

    fn minimise(
        &mut self,
        phase: &Phase,
        deck: &frit_deck::Minimise,
    ) -> Result<Option<Interrupt>, RunError> {
        let entered = Instant::now();
        let mut system = self.body(phase.body)?;
        let mut forces = self.force_field(phase.body)?;
        let method = match deck.method {
            frit_deck::MinimiseMethod::Fire => Minimiser::Fire(Fire::default()),
            frit_deck::MinimiseMethod::Lbfgs => Minimiser::Lbfgs(Lbfgs::default()),
        };
        let criteria = Criteria {
            max_force: deck.force_tolerance.in_electronvolts_per_angstrom(),
            max_steps: deck.steps,
        };
        let mut minimisation = Minimisation::start(method, criteria, &mut system, &mut forces)
            .map_err(|error| self.fail_to_minimise(phase, &system, error))?;
        let mut shown = Progress::start(phase.label(), 0, deck.steps, 0.0);
        let result = loop {
            let result = minimisation
                .advance(&mut system, &mut forces)
                .map_err(|error| self.fail_to_minimise(phase, &system, error))?;
            shown.step(result.steps);
            if result.status != Status::Running {
                break result;
            }
            if let Some(interrupt) = self.signals.arrived() {
                // A minimisation begins again from its start, and takes the same way.
                self.save(None)?;
                shown.finish();
                return Ok(Some(interrupt));
            }
        };
        shown.finish();
        let end = match result.status {
            Status::Converged | Status::Running => "converged",
            Status::OutOfSteps => "NOT converged: out of steps",
            Status::Stalled => "NOT converged: no step lowers the energy any more",
        };
        terminal::say(&format!(
            "{}: {end} after {} steps, energy {:.6} eV, largest force {:.2e} eV/Å",
            phase.label(),
            result.steps,
            result.energy,
            result.max_force
        ));
        self.done.seconds[self.done.phase] = entered.elapsed().as_secs_f64();
        *self.done.system(phase.body) = Some(system);
        Ok(None)
    }

    /// The state of a body at the beginning of a phase.
    fn body(&mut self, body: Body) -> Result<System, RunError> {
        if let Some(system) = self.done.system(body) {
            return Ok(system.clone());
        }
        match (&self.plan.structure, body) {
            (StructurePlan::Whole { system, .. }, _) => Ok(system.as_ref().clone()),
            (StructurePlan::Pair(pair), Body::Particle(which)) => {
                Ok(pair.particles[which].system.clone())
            }
            (StructurePlan::Pair(_), Body::Whole) => self.put_together(),
        }
    }

    /// Puts the two particles together, each at rest.
    fn put_together(&mut self) -> Result<System, RunError> {
        let StructurePlan::Pair(pair) = &self.plan.structure else {
            return Err(RunError::NoAtoms);
        };
        let mut now = [0, 1].map(|which| {
            let built = &pair.particles[which].system;
            self.done.particles[which]
                .clone()
                .unwrap_or_else(|| built.clone())
        });
        for system in &mut now {
            remove_momentum(system, Selection::All);
            remove_angular_momentum(system, Selection::All);
        }
        let assembled = assemble(&pair.particles, [&now[0], &now[1]], &pair.placement)?;
        terminal::say(&assembled.report.to_string());
        let mut frame = Frame::from_system(&assembled.system);
        frame.attributes.insert("gap", assembled.report.gap);
        frame
            .attributes
            .insert("outermost_gap", assembled.report.outermost_gap);
        write_frames(
            &self.directory.file(ASSEMBLED),
            frit_io::Selection::All,
            [&frame],
        )?;
        if self.plan.deck.output.plots {
            plots::draw_atoms(&self.directory, "assembled.svg", &assembled.system)?;
        }
        self.done.particles = [None, None];
        self.done.whole = Some(assembled.system.clone());
        Ok(assembled.system)
    }

    fn tell_end(&self, phase: &Phase, md: &MolecularDynamics, seconds: f64) {
        let atom_steps = md.system.atoms.len() as f64 * phase.steps() as f64;
        terminal::say(&format!(
            "{}: {} steps of {} atoms in {}, {:.2} µs per atom and step",
            phase.label(),
            phase.steps(),
            md.system.atoms.len(),
            super::duration(std::time::Duration::from_secs_f64(seconds)),
            1e6 * seconds / atom_steps
        ));
    }

    fn save(&mut self, md: Option<&MolecularDynamics>) -> Result<(), RunError> {
        let path = self.directory.file(CHECKPOINT);
        self.done.write(&path, &self.kernel, &mut self.watchers, md)
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
        let summary = Summary::new(self.plan, &self.done, &whole, &self.kernel, neck);
        let text = serde_json::to_string_pretty(&summary)?;
        frit_io::write_atomically(&self.directory.file(SUMMARY), |writer| {
            writer.write_all(format!("{text}\n").as_bytes())
        })?;
        // The result is there: nothing is left to continue.
        let checkpoint = self.directory.file(CHECKPOINT);
        if checkpoint.exists() {
            std::fs::remove_file(&checkpoint).map_err(|source| {
                super::directory::DirectoryError::Io {
                    action: "remove",
                    path: checkpoint,
                    source,
                }
            })?;
        }
        Ok(summary)
    }
}

/// The skin with which a tuned list begins [Å]: near the best for metals at 2 fs and 1473 K.
const FIRST_SKIN: f64 = 0.8;

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
    if let Some(trajectory) = &observe.trajectory {
        let trajectory = Trajectory::open(directory, trajectory, facing, checkpoint)?;
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
    let path = directory.file(MANIFEST);
    let earlier = Manifest::read(directory.path());
    let mut attempts = earlier.map_or_else(Vec::new, |manifest| manifest.attempts);
    attempts.push(Attempt::now(kernel));
    let manifest = Manifest {
        frit: env!("CARGO_PKG_VERSION").to_owned(),
        title: plan.deck.title.clone().unwrap_or_default(),
        deck: std::path::absolute(&plan.deck_path)
            .unwrap_or_else(|_| plan.deck_path.clone())
            .display()
            .to_string(),
        overrides: plan.overrides.clone(),
        seed: plan.deck.seed,
        potential: potential.to_owned(),
        files: plan.files.clone(),
        kernel: kernel.to_owned(),
        precision: plan.potential.precision.to_owned(),
        attempts,
    };
    let text = serde_json::to_string_pretty(&manifest)?;
    frit_io::write_atomically(&path, |writer| {
        writer.write_all(format!("{text}\n").as_bytes())
    })?;
    Ok(())
}

//! The result of a run.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use frit_analysis::{Event, Neck, NeckRule};
use frit_atoms::{System, centres};
use frit_deck::StageMethod;
use serde::Serialize;

use super::checkpoint::Reached;
use super::molecular_dynamics::tidy;
use super::results::{last_rows, results};
use crate::necking::{Reading, Seen};
use crate::plan::{Body, Phase, Plan};

/// The result of a run, as `summary.json` has it.
///
/// Everything but the timings (`threads`, `loop_seconds`, `atom_steps_per_second`, also of the
/// phases) is the same whenever the run is repeated.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    /// The deck's title.
    pub title: Option<String>,
    /// The program's version.
    pub frit: &'static str,
    /// The seed.
    pub seed: u64,
    /// Atoms of the whole system.
    pub atoms: usize,
    /// Steps of the whole system.
    pub steps: u64,
    /// Time of the whole system [ps].
    pub time_ps: f64,
    /// Threads of the last attempt.
    pub threads: usize,
    /// Seconds in the loops of dynamics of the whole system, over all attempts.
    pub loop_seconds: f64,
    /// Atoms times steps in these seconds.
    pub atom_steps_per_second: f64,
    /// Kernel path of the forces.
    pub kernel: String,
    /// The first bond between the particles of a pair; `null` if there was none.
    pub first_contact: Option<Event>,
    /// The first sustained neck between them; `null` if there was none.
    pub neck: Option<Neck>,
    /// What was measured of a pair.
    pub pair: Option<PairSummary>,
    /// Centre of mass at the end [Å].
    pub centre_of_mass_angstrom: Option<[f64; 3]>,
    /// What each observer of atoms saw last: the last row of its table.
    pub observers: BTreeMap<&'static str, serde_json::Map<String, serde_json::Value>>,
    /// The same for people.
    #[serde(skip)]
    observed: Vec<String>,
    /// All phases.
    pub phases: Vec<PhaseSummary>,
}

/// One phase of the run.
#[derive(Debug, Serialize)]
pub(crate) struct PhaseSummary {
    /// Name of the stage.
    pub stage: String,
    /// On what it acted.
    pub body: &'static str,
    /// Atoms.
    pub atoms: usize,
    /// Steps made.
    pub steps: u64,
    /// Steps planned: a minimisation, or a stage with `until`, may have ended before.
    pub steps_planned: u64,
    /// Seconds in its loop.
    pub loop_seconds: f64,
    /// Atoms times steps in these seconds; none for a minimisation, whose steps differ in work.
    pub atom_steps_per_second: Option<f64>,
}

/// What was measured of a pair of particles.
#[derive(Debug, Serialize)]
pub(crate) struct PairSummary {
    /// What counts as a neck.
    pub neck_rule: NeckRule,
    /// Atoms closer than this are bonded [Å].
    pub bond_length_angstrom: f64,
    /// Longest time between two counts [ps].
    pub resolution_ps: f64,
    /// When the pair was put together.
    pub first: Option<Reading>,
    /// The last reading.
    pub last: Option<Reading>,
    /// How far the centre of mass of everything moved [Å].
    pub centre_of_mass_moved_angstrom: Option<f64>,
    /// By how much the centres of the particles approached [Å].
    pub approach_angstrom: Option<f64>,
}

fn is_dynamics(phase: &Phase) -> bool {
    matches!(phase.method, StageMethod::Dynamics(_))
}

fn rate(atoms: usize, steps: u64, seconds: f64) -> f64 {
    if seconds > 0.0 {
        atoms as f64 * steps as f64 / seconds
    } else {
        0.0
    }
}

impl Summary {
    /// The result of a finished run.
    pub(crate) fn new(
        plan: &Plan,
        done: &Reached,
        whole: &System,
        kernel: &str,
        seen: Option<Seen<'_>>,
    ) -> Self {
        let phases: Vec<PhaseSummary> = plan
            .phases
            .iter()
            .zip(done.seconds.iter().zip(&done.steps))
            .map(|(phase, (&seconds, &steps))| {
                let atoms = plan.structure.atoms_of(phase.body);
                PhaseSummary {
                    stage: phase.stage.clone(),
                    body: phase.body.name(),
                    atoms,
                    steps,
                    steps_planned: phase.steps(),
                    loop_seconds: seconds,
                    atom_steps_per_second: is_dynamics(phase).then(|| rate(atoms, steps, seconds)),
                }
            })
            .collect();
        let loop_seconds = plan
            .phases
            .iter()
            .zip(&done.seconds)
            .filter(|(phase, _)| phase.body == Body::Whole && is_dynamics(phase))
            .map(|(_, seconds)| seconds)
            .sum();
        let clock = done.clocks[2];
        let atoms = whole.atoms.len();
        Self {
            title: plan.deck.title.clone(),
            frit: env!("CARGO_PKG_VERSION"),
            seed: plan.deck.seed,
            atoms,
            steps: clock.step,
            time_ps: clock.time,
            threads: rayon::current_num_threads(),
            loop_seconds,
            atom_steps_per_second: rate(atoms, clock.step, loop_seconds),
            kernel: kernel.to_owned(),
            first_contact: seen.and_then(|seen| seen.watch.first_contact()),
            neck: seen.and_then(|seen| seen.watch.neck()),
            pair: seen.map(PairSummary::new),
            centre_of_mass_angstrom: centres(whole).map(|centres| centres.system.into()),
            observers: BTreeMap::new(),
            observed: Vec::new(),
            phases,
        }
    }

    /// Adds what observers saw, from the tables in the run directory.
    pub(crate) fn add_observers(&mut self, folder: &Path) {
        self.observers = last_rows(folder);
        self.observed = results(folder);
    }
}

impl PairSummary {
    /// From what was seen.
    pub(crate) fn new(seen: Seen<'_>) -> Self {
        let Seen {
            watch,
            bond_length,
            first,
            last,
        } = seen;
        let moved = |first: Reading, last: Reading| {
            let square = |k: usize| (last.centre[k] - first.centre[k]).powi(2);
            (0..3).map(square).sum::<f64>().sqrt()
        };
        let both = first.zip(last);
        Self {
            neck_rule: watch.rule(),
            bond_length_angstrom: bond_length,
            resolution_ps: tidy(watch.resolution()),
            first,
            last,
            centre_of_mass_moved_angstrom: both.map(|(first, last)| moved(first, last)),
            approach_angstrom: both
                .map(|(first, last)| first.centre_distance - last.centre_distance),
        }
    }
}

impl Summary {
    /// The result for people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: String| {
            let _ = writeln!(text, "{name:<28}{value}");
        };
        line(
            "atoms, steps, time",
            format!("{}, {}, {:.3} ps", self.atoms, self.steps, self.time_ps),
        );
        if self.atom_steps_per_second > 0.0 {
            line(
                "speed",
                format!(
                    "{:.2} µs per atom and step, {} thread(s), {}",
                    1e6 / self.atom_steps_per_second,
                    self.threads,
                    self.kernel
                ),
            );
        }
        if let Some(pair) = &self.pair {
            pair.describe_events(self.first_contact.as_ref(), self.neck.as_ref(), &mut line);
            pair.describe(&mut line);
        }
        for line in &self.observed {
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

impl PairSummary {
    /// Contact, neck and what else was measured, for people: a name and a value for each line.
    pub(crate) fn lines(&self, seen: Seen<'_>) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        let mut line = |name: &str, value: String| lines.push((name.to_owned(), value));
        let (contact, neck) = (seen.watch.first_contact(), seen.watch.neck());
        self.describe_events(contact.as_ref(), neck.as_ref(), &mut line);
        self.describe(&mut line);
        lines
    }

    fn describe_events(
        &self,
        first_contact: Option<&Event>,
        neck: Option<&Neck>,
        line: &mut impl FnMut(&str, String),
    ) {
        let event = |event: &Event| match event.not_yet_at {
            Some(before) => format!("{:.3} ps (not yet at {before:.3} ps)", event.time),
            None => format!("{:.3} ps (at the first count)", event.time),
        };
        line(
            "first contact",
            first_contact.map_or_else(|| "none".to_owned(), event),
        );
        let rule = format!(
            "{} bonds < {} Å held for {} ps",
            self.neck_rule.bonds, self.bond_length_angstrom, self.neck_rule.hold
        );
        line(
            "sustained neck",
            neck.map_or_else(
                || format!("none ({rule})"),
                |neck| format!("{} ({rule})", event(&neck.start)),
            ),
        );
    }

    fn describe(&self, line: &mut impl FnMut(&str, String)) {
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return;
        };
        let change = |name: &str, of: fn(&Reading) -> f64| {
            (
                name.to_owned(),
                format!("{:.3} -> {:.3} Å", of(&first), of(&last)),
            )
        };
        for (name, value) in [
            change("gap along axis", |reading| reading.gap),
            change("outermost gap along axis", |reading| reading.outermost_gap),
            change("distance of the centres", |reading| reading.centre_distance),
        ] {
            line(&name, value);
        }
        line("bonds at the end", last.bonds.to_string());
        line(
            "atoms exchanged",
            format!("{} and {}", last.exchanged[0], last.exchanged[1]),
        );
        if let Some(moved) = self.centre_of_mass_moved_angstrom {
            line("centre of mass moved", format!("{moved:.1e} Å"));
        }
    }
}

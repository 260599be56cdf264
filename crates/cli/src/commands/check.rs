//! `frit check`: what would run.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use frit_deck::{Skin, StageMethod};
use frit_dynamics::ForceField;
use frit_energetics::counted;
use frit_potentials::{Potential, Request};

use super::run::{resolve, scan_of};
use crate::args::CheckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::method::AnyPlan;
use crate::plan::{Body, Phase, Plan, StructurePlan, at_rest, ensemble};
use crate::run::duration;
use crate::terminal;

/// Prints what a deck would run: atoms, stages, time and memory; or the whole plan.
///
/// # Errors
/// A wrong deck.
pub(crate) fn check(arguments: &CheckArguments) -> Outcome {
    let details = arguments.details;
    let (arguments, out) = resolve(&arguments.deck, None)?;
    let arguments = &arguments;
    if let Some(scan) = scan_of(arguments)? {
        terminal::print(&crate::scan::report(&scan, arguments, &out)?);
        return Ok(());
    }
    let plan = match AnyPlan::make(arguments)? {
        AnyPlan::MolecularDynamics(plan) => plan,
        other => {
            let report = other.report().unwrap_or_default();
            let shown = if details {
                &report
            } else {
                without_deck(&report)
            };
            terminal::print(shown);
            return Ok(());
        }
    };
    let potential = plan
        .bind(plan.structure.species_of(Body::Whole))
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?;
    let mut text = String::new();
    if details {
        section(&mut text, "deck");
        text += plan.deck.to_canonical_toml();
        describe(&mut text, &plan, potential.as_ref());
        section(&mut text, "stages");
    } else {
        outline(&mut text, &plan, potential.as_ref());
    }
    let measured = measure(&plan, potential)?;
    stages(&mut text, &plan, &measured);
    cost(&mut text, &plan, &measured);
    if details {
        neighbours(&mut text, &plan, &measured);
    } else {
        let name = arguments.deck.display();
        let _ = writeln!(text, "more: frit check {name} --details");
    }
    terminal::print(&text);
    Ok(())
}

/// A report of another method without the resolved deck at its head.
fn without_deck(report: &str) -> &str {
    let Some(deck) = report.strip_prefix("== deck ==\n") else {
        return report;
    };
    deck.find("\n== ").map_or(report, |next| &deck[next + 1..])
}

/// What is simulated, in a few lines.
fn outline(text: &mut String, plan: &Plan, potential: &dyn Potential) {
    if let Some(title) = &plan.deck.title {
        let _ = writeln!(text, "{title}");
    }
    let system = plan.structure.whole();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &species in system.atoms.species() {
        let name = &system.species[usize::from(species)].name;
        *counts.entry(name).or_default() += 1;
    }
    let atoms = system.atoms.len();
    let part = |count: usize| 100.0 * count as f64 / atoms.max(1) as f64;
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(name, count)| format!("{count} {name} ({:.2} %)", part(count)))
        .collect();
    let _ = writeln!(text, "{atoms} atoms: {}", counts.join(", "));
    if let StructurePlan::Pair(pair) = &plan.structure {
        let [first, second] = [0, 1].map(|which| pair.particles[which].system.atoms.len());
        let when = match plan.deck.stages.first().map(|stage| stage.on) {
            Some(frit_deck::StageTarget::EachParticle) => "as built",
            _ => "to begin with",
        };
        let _ = writeln!(
            text,
            "particles of {first} and {second} atoms, {when} {:.2} Å apart ({:.2} Å between \
             outermost atoms)",
            pair.cold.report.gap, pair.cold.report.outermost_gap
        );
    }
    let _ = writeln!(
        text,
        "{}, kernel {}, precision {}",
        potential.name(),
        potential.kernel(),
        plan.potential.precision()
    );
}

/// Potential and structure in full.
fn describe(text: &mut String, plan: &Plan, potential: &dyn Potential) {
    section(text, "potential");
    let _ = writeln!(text, "{}", potential.describe());
    let _ = writeln!(
        text,
        "kernel {}, precision {}",
        potential.kernel(),
        plan.potential.precision()
    );
    section(text, "structure");
    let _ = writeln!(text, "{}", plan.structure.report());
    let masses: Vec<String> = plan
        .structure
        .whole()
        .species
        .iter()
        .map(|species| format!("{} {} u", species.name, species.mass))
        .collect();
    let _ = writeln!(
        text,
        "masses (of the structure; those in potential files are not used): {}",
        masses.join(", ")
    );
}

fn section(text: &mut String, name: &str) {
    let gap = if text.is_empty() { "" } else { "\n" };
    let _ = writeln!(text, "{gap}== {name} ==");
}

/// What a short trial of the forces shows.
struct Measured {
    /// Seconds an atom and evaluation.
    seconds: f64,
    /// Neighbours an atom, skin included.
    neighbours: f64,
    /// Bytes of the process at its largest, if the system tells.
    memory: Option<u64>,
}

/// Evaluations that are timed, after one that fills caches and buffers.
const TRIALS: u32 = 3;
/// A common skin [Å], where the deck leaves it to be tuned.
const SKIN: f64 = 0.8;

fn skin(plan: &Plan) -> f64 {
    match plan.deck.neighbours.skin {
        Skin::Fixed(skin) => skin.in_angstroms(),
        Skin::Auto => SKIN,
    }
}

/// Evaluates the forces of the structure a few times.
fn measure(plan: &Plan, potential: Box<dyn Potential>) -> Outcome<Measured> {
    let mut system = plan.structure.whole().clone();
    let mut forces = ForceField::new(potential, skin(plan)).or_fail(Exit::Usage)?;
    forces
        .evaluate(&mut system, Request::FORCES)
        .or_fail(Exit::Simulation)?;
    let begun = Instant::now();
    for _ in 0..TRIALS {
        forces
            .evaluate(&mut system, Request::FORCES)
            .or_fail(Exit::Simulation)?;
    }
    let atoms = system.atoms.len().max(1) as f64;
    let list = forces.neighbours().surroundings().list;
    Ok(Measured {
        seconds: begun.elapsed().as_secs_f64() / f64::from(TRIALS) / atoms,
        neighbours: list.entries() as f64 / atoms,
        memory: peak_memory(),
    })
}

/// Lists, integration and observers, as a part of the forces' time.
const BESIDE_FORCES: f64 = 0.2;

/// Seconds that a phase takes, at most.
fn seconds(plan: &Plan, phase: &Phase, measured: &Measured) -> f64 {
    let atoms = plan.structure.atoms_of(phase.body) as f64;
    measured.seconds * (1.0 + BESIDE_FORCES) * atoms * phase.steps() as f64
}

fn stages(text: &mut String, plan: &Plan, measured: &Measured) {
    for phase in &plan.phases {
        let atoms = plan.structure.atoms_of(phase.body);
        let what = match phase.method {
            StageMethod::Dynamics(dynamics) => {
                let system = plan.structure.system_of(phase.body);
                let rest = at_rest(&dynamics, &plan.acting(phase), system);
                let name =
                    ensemble(&dynamics, system, rest).map_or("?", |ensemble| ensemble.name());
                let at_most = if dynamics.until.is_some() {
                    "at most "
                } else {
                    ""
                };
                format!(
                    "{name}, {at_most}{} steps of {} = {} ps",
                    dynamics.steps,
                    dynamics.timestep,
                    crate::run::tidy(dynamics.steps as f64 * phase.timestep())
                )
            }
            StageMethod::Minimise(minimise) => {
                format!("minimise, at most {} steps", minimise.steps)
            }
        };
        let _ = writeln!(
            text,
            "  {}: {atoms} atoms, {what}, about {}",
            phase.label(),
            spell(seconds(plan, phase, measured))
        );
    }
}

/// From here on, hours are easier to add up than days and minutes.
const HOUR: f64 = 3600.0;

/// A time [s] for people, in hours where it is long.
fn spell(seconds: f64) -> String {
    if seconds < 1.0 {
        return "a second or less".to_owned();
    }
    if seconds < HOUR {
        return duration(Duration::from_secs_f64(seconds));
    }
    format!("{:.1} hours", seconds / HOUR)
}

fn cost(text: &mut String, plan: &Plan, measured: &Measured) {
    let total: f64 = plan
        .phases
        .iter()
        .map(|phase| seconds(plan, phase, measured))
        .sum();
    let threads = rayon::current_num_threads();
    let core_hours = total * threads as f64 / HOUR;
    let in_core_hours = if total < HOUR {
        String::new()
    } else {
        format!(" ({core_hours:.0} core-hours)")
    };
    let _ = writeln!(
        text,
        "time: about {}{in_core_hours} with {}: {:.2} µs per atom and step, \
         measured now on the structure as built (hot atoms take somewhat longer, a busy machine \
         misleads)",
        spell(total),
        counted(threads as u64, "thread"),
        measured.seconds * (1.0 + BESIDE_FORCES) * 1e6,
    );
    if let Some(bytes) = measured.memory {
        let _ = writeln!(
            text,
            "memory: at least {:.0} MiB (structure, lists and forces; trajectories and checkpoints \
             come on top)",
            bytes as f64 / f64::from(1 << 20)
        );
    }
}

fn neighbours(text: &mut String, plan: &Plan, measured: &Measured) {
    let _ = writeln!(
        text,
        "neighbours: {:.1} per atom, with a skin of {} Å",
        measured.neighbours,
        skin(plan)
    );
}

/// Largest resident memory of this process [bytes], where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

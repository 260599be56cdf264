//! `frit check`: what would run.

use std::fmt::Write;
use std::time::{Duration, Instant};

use frit_deck::{Scan, Skin, StageMethod};
use frit_dynamics::ForceField;
use frit_potentials::Request;

use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::method::AnyPlan;
use crate::plan::{Body, Plan, at_rest, ensemble};
use crate::run::duration;
use crate::terminal;

/// Prints the plan of a deck: potential, structure, stages, estimates.
///
/// # Errors
/// A wrong deck.
pub(crate) fn check(arguments: &DeckArguments) -> Outcome {
    let (arguments, out) = super::run::resolve(arguments, None)?;
    let arguments = &arguments;
    let scan = Scan::of_file(&arguments.deck, &arguments.overrides)
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?;
    if let Some(scan) = scan {
        terminal::print(&crate::scan::report(&scan, arguments, &out)?);
        return Ok(());
    }
    let plan = match AnyPlan::make(arguments)? {
        AnyPlan::MolecularDynamics(plan) => plan,
        AnyPlan::Migration(plan) => {
            terminal::print(&plan.report());
            return Ok(());
        }
        AnyPlan::Redispersion(plan) => {
            terminal::print(&plan.report());
            return Ok(());
        }
        AnyPlan::Looping(plan) => {
            terminal::print(&plan.report());
            return Ok(());
        }
    };
    let mut text = String::new();
    section(&mut text, "deck");
    text += plan.deck.to_canonical_toml();
    section(&mut text, "potential");
    let potential = plan
        .bind(plan.structure.species_of(Body::Whole))
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?;
    let _ = writeln!(text, "{}", potential.describe());
    let _ = writeln!(
        text,
        "kernel {}, precision {}",
        potential.kernel(),
        plan.potential.precision()
    );
    section(&mut text, "structure");
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
    let measured = measure(&plan)?;
    section(&mut text, "stages");
    stages(&mut text, &plan, &measured);
    terminal::print(&text);
    Ok(())
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
fn measure(plan: &Plan) -> Outcome<Measured> {
    let potential = plan
        .bind(plan.structure.species_of(Body::Whole))
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?;
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

fn stages(text: &mut String, plan: &Plan, measured: &Measured) {
    let mut total = 0.0;
    for phase in &plan.phases {
        let atoms = plan.structure.atoms_of(phase.body);
        let seconds =
            measured.seconds * (1.0 + BESIDE_FORCES) * atoms as f64 * phase.steps() as f64;
        total += seconds;
        let what = match phase.method {
            StageMethod::Dynamics(dynamics) => {
                let system = plan.structure.system_of(phase.body);
                let rest = at_rest(&dynamics, &plan.acting(phase), system);
                let name =
                    ensemble(&dynamics, system, rest).map_or("?", |ensemble| ensemble.name());
                format!(
                    "{name}, {} steps of {} = {:.6} ps",
                    dynamics.steps,
                    dynamics.timestep,
                    dynamics.steps as f64 * phase.timestep()
                )
            }
            StageMethod::Minimise(minimise) => {
                format!("minimise, at most {} steps", minimise.steps)
            }
        };
        let _ = writeln!(
            text,
            "{}: {atoms} atoms, {what}, about {}",
            phase.label(),
            duration(Duration::from_secs_f64(seconds))
        );
    }
    let _ = writeln!(
        text,
        "\ntime: about {} with {} thread{} ({:.2} µs per atom and step measured on the structure \
         as built; hot atoms take somewhat longer)",
        duration(Duration::from_secs_f64(total)),
        rayon::current_num_threads(),
        if rayon::current_num_threads() == 1 {
            ""
        } else {
            "s"
        },
        measured.seconds * (1.0 + BESIDE_FORCES) * 1e6,
    );
    let _ = writeln!(
        text,
        "neighbours: {:.1} per atom, with a skin of {} Å",
        measured.neighbours,
        skin(plan)
    );
    if let Some(bytes) = measured.memory {
        let _ = writeln!(
            text,
            "memory: at least {:.0} MiB (structure, lists and forces; trajectories and checkpoints come on top)",
            bytes as f64 / f64::from(1 << 20)
        );
    }
}

/// Largest resident memory of this process [bytes], where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

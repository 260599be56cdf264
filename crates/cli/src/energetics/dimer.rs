//! `frit dimer`: a saddle from one structure.

use frit_atoms::{System, Vector};
use frit_energetics::band::Ends;
use frit_energetics::{
    AtomLandscape, Bench, Dimer, EnergyError, Finding, LEAST_CURVATURE, Landscape, Report, Saddle,
    Samples, counted, placed,
};
use frit_engine::Signals;
use frit_engine::random::{Purpose, Streams};
use frit_io::{Frame, Values, write_frames};
use serde_json::json;

use super::arguments::DimerArguments;
use super::output;
use super::tools::{
    DeckPotential, atoms_and_fixed, beside, failure, fixed_atoms, interrupted, last_frame,
    mode_column, not_over, output_name, system_of, unless_interrupted,
};
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::terminal;

/// Atoms within this distance [Å] of the one named are displaced with it: its first shell.
const NEAR: f64 = 3.5;
/// Steps between two lines about the progress.
const TELL_EVERY: u64 = 50;

/// Walks to a saddle; returns the exit code.
///
/// # Errors
/// Files that cannot be read, no direction to look along, a dimer that finds no saddle.
pub(crate) fn dimer(arguments: &DimerArguments) -> Outcome<Exit> {
    // Before anything else, so that no signal finds the process unprepared.
    let signals = Signals::listen().or_fail(Exit::Failure)?;
    let potential = DeckPotential::read(&arguments.potential)?;
    let bench = potential.bench(&arguments.relaxation)?;
    let name = output_name(arguments.output.as_deref(), &arguments.start, ".dimer");
    not_over(&name, &[&arguments.start])?;
    let frame = last_frame(&arguments.start)?;
    let system = system_of(&frame, &arguments.start)?;
    let fixed = fixed_atoms(&frame, &system, &arguments.fix)?;
    let (direction, described) = direction(arguments, &frame, &system)?;
    let mut landscape = bench
        .landscape(system.clone(), fixed.clone())
        .map_err(failure)?;
    let start = landscape.position();
    let energy = landscape
        .evaluate(&start, &mut Vec::new())
        .map_err(|error| failure(error.into()))?;
    let moved = displaced(arguments.displace, start, &direction, &landscape);
    let mut walker = Dimer::new(&mut landscape, moved, direction).map_err(failure)?;
    let ended = walker.climb(bench.criteria, |progress| {
        if progress.steps.is_multiple_of(TELL_EVERY) {
            terminal::say(&format!(
                "step {}: energy {:.4} eV above the start, largest force {:.4} eV/Å, curvature {:.3} eV/Å²",
                progress.steps,
                progress.energy - energy,
                progress.max_force,
                progress.curvature
            ));
        }
        unless_interrupted(&signals)
    });
    let saddle = match ended {
        Ok(saddle) => saddle,
        Err(EnergyError::Stopped(_)) => {
            let kept = write_partial(arguments, &system, &walker)?;
            return Ok(interrupted(&signals, &kept));
        }
        Err(error @ EnergyError::NoSaddle { .. }) => {
            return Err(Failure::new(
                Exit::Simulation,
                error.to_string(),
                "for example --displace 0.5, --around ID with another --seed, or --towards FILE; nothing was written",
            ));
        }
        Err(error) => return Err(failure(error)),
    };
    let report = report(arguments, &bench, &saddle, energy, &fixed, &described);
    terminal::print(&output::text(&report));
    write(arguments, &system, &saddle, &report, potential.files())?;
    Ok(Exit::Success)
}

/// Positions that many Å along a direction, of which only what can move counts.
fn displaced(
    length: f64,
    start: Vec<Vector>,
    direction: &[Vector],
    landscape: &AtomLandscape,
) -> Vec<Vector> {
    let mut direction = direction.to_vec();
    landscape.free(&start, &mut direction);
    let squares = direction.iter().map(Vector::norm_squared);
    let whole = squares.sum::<f64>().sqrt();
    // Without a direction the dimer itself says so.
    let share = if whole > 0.0 { length / whole } else { 0.0 };
    let moved = start.iter().zip(&direction);
    moved.map(|(at, along)| at + along * share).collect()
}

fn report(
    arguments: &DimerArguments,
    bench: &Bench,
    saddle: &Saddle,
    start: f64,
    fixed: &[bool],
    described: &str,
) -> Report {
    Report {
        recipe: vec![
            format!(
                "dimer from {}: {}; along {described}, started {} Å along it",
                arguments.start.display(),
                atoms_and_fixed(fixed),
                arguments.displace
            ),
            format!(
                "to {} eV/Å in {}, {}; a saddle, since the curvature along the mode is below -{LEAST_CURVATURE} eV/Å²",
                bench.criteria.max_force,
                counted(saddle.steps, "step"),
                counted(saddle.evaluations, "evaluation")
            ),
        ],
        findings: vec![
            Finding::one("saddle above the start", saddle.energy - start, "eV"),
            Finding::one("energy of the saddle", saddle.energy, "eV"),
            Finding::one("curvature along the mode", saddle.curvature, "eV/Å^2"),
        ],
        samples: Samples::new(&[]),
    }
}

/// Writes where a dimer stands and along what it lies; says where that is and how to go on.
fn write_partial(
    arguments: &DimerArguments,
    system: &System,
    walker: &Dimer<AtomLandscape>,
) -> Outcome<String> {
    let name = output_name(arguments.output.as_deref(), &arguments.start, ".dimer");
    let path = beside(&name, ".partial.xyz");
    let mut frame = Frame::from_system(&placed(system, walker.position()));
    frame.velocity = None;
    frame.attributes.insert("energy", walker.energy());
    frame.extra.push(mode_column(walker.direction()));
    write_frames(&path, frit_io::Selection::All, [&frame]).map_err(Failure::from_write)?;
    Ok(format!(
        "where it stood is in {path}: `frit dimer {path}` without --towards, --around and --displace goes on from it",
        path = path.display()
    ))
}

/// Along what to look, in the order of ids, and how to call it.
fn direction(
    arguments: &DimerArguments,
    frame: &Frame,
    system: &System,
) -> Outcome<(Vec<Vector>, String)> {
    if let Some(path) = &arguments.towards {
        let end = system_of(&last_frame(path)?, path)?;
        let ends = Ends::of(system, &end).map_err(failure)?;
        let along = ends.end.iter().zip(&ends.start).map(|(b, a)| b - a);
        return Ok((
            along.collect(),
            format!("the displacement to {}", path.display()),
        ));
    }
    let order = system.atoms.by_id();
    if arguments.around.is_none()
        && let Some(column) = frame.column("mode").filter(|column| column.width == 3)
        && let Values::Real(values) = &column.values
    {
        let mode = order.iter().map(|&place| {
            let at = 3 * place as usize;
            Vector::new(values[at], values[at + 1], values[at + 2])
        });
        return Ok((mode.collect(), "its column `mode`".to_owned()));
    }
    let centre = match arguments.around {
        None => None,
        Some(id) => {
            let place = order
                .iter()
                .find(|&&place| system.atoms.id()[place as usize] == id);
            let place = place.ok_or_else(|| {
                Failure::new(
                    Exit::Usage,
                    format!("{} has no atom with the id {id}", arguments.start.display()),
                    "--around takes an id of the column `id`, or the number of the row; nothing was written",
                )
            })?;
            Some(system.atoms.position()[*place as usize])
        }
    };
    let streams = Streams::new(arguments.seed);
    let random = order.iter().map(|&place| {
        let place = place as usize;
        let far = centre.is_some_and(|centre| {
            system
                .cell
                .shortest(&(system.atoms.position()[place] - centre))
                .norm()
                > NEAR
        });
        if far {
            return Vector::zeros();
        }
        let id = system.atoms.id()[place];
        let mut stream = streams.stream(Purpose::SaddleDirection, 0, id.into());
        Vector::from([0; 3].map(|_| stream.normal()))
    });
    let where_ = match arguments.around {
        None => "of all atoms".to_owned(),
        Some(id) => format!("around atom {id}"),
    };
    Ok((
        random.collect(),
        format!("random displacements {where_}, seed {}", arguments.seed),
    ))
}

fn write(
    arguments: &DimerArguments,
    system: &System,
    saddle: &Saddle,
    report: &Report,
    files: serde_json::Value,
) -> Outcome {
    let name = output_name(arguments.output.as_deref(), &arguments.start, ".dimer");
    let mut frame = Frame::from_system(&placed(system, &saddle.position));
    frame.velocity = None;
    frame.attributes.insert("energy", saddle.energy);
    frame.attributes.insert("curvature", saddle.curvature);
    frame.extra.push(mode_column(&saddle.direction));
    let path = beside(&name, ".xyz");
    write_frames(&path, frit_io::Selection::All, [&frame]).map_err(Failure::from_write)?;
    let facts = json!({
        "command": "dimer",
        "start": arguments.start,
        "potential": arguments.potential,
        "files": files,
    });
    output::write(&name, report, &facts)?;
    let shown = name.display();
    output::told(&[
        format!("{shown}.xyz (saddle and mode)"),
        format!("{shown}.json, .csv, .toml"),
    ]);
    Ok(())
}

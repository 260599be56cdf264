//! `frit dimer`: a saddle from one structure.

use frit_atoms::{System, Vector};
use frit_energetics::band::Ends;
use frit_energetics::{Dimer, Finding, Landscape, Report, Saddle, Samples, placed};
use frit_engine::random::{Purpose, Streams};
use frit_io::{Column, Frame, Values, write_frames};
use serde_json::json;

use super::arguments::DimerArguments;
use super::output;
use super::tools::{
    DeckPotential, beside, failure, fixed_atoms, last_frame, output_name, system_of,
};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal;

/// Atoms within this distance [Å] of the one named are displaced with it: its first shell.
const NEAR: f64 = 3.5;
/// Steps between two lines about the progress.
const TELL_EVERY: u64 = 50;

/// Walks to a saddle.
///
/// # Errors
/// Files that cannot be read, no direction to look along, a dimer that does not converge.
pub(crate) fn dimer(arguments: &DimerArguments) -> Outcome {
    let potential = DeckPotential::read(&arguments.potential)?;
    let bench = potential.bench(&arguments.relaxation)?;
    let frame = last_frame(&arguments.start)?;
    let system = system_of(&frame, &arguments.start)?;
    let fixed = fixed_atoms(&frame, &system, &arguments.fix)?;
    let (mut direction, described) = direction(arguments, &frame, &system)?;
    let mut landscape = bench
        .landscape(system.clone(), fixed.clone())
        .map_err(failure)?;
    landscape.free(&mut direction);
    let start = landscape.position();
    let length = direction
        .iter()
        .map(Vector::norm_squared)
        .sum::<f64>()
        .sqrt();
    let moved = start.iter().zip(&direction);
    // Without a direction the dimer itself says so.
    let share = if length > 0.0 {
        arguments.displace / length
    } else {
        0.0
    };
    let moved = moved.map(|(at, along)| at + along * share).collect();
    let energy = landscape
        .evaluate(&start, &mut Vec::new())
        .map_err(|error| failure(error.into()))?;
    let walker = Dimer::new(&mut landscape, moved, direction).map_err(failure)?;
    let saddle = walker.climb(bench.criteria, |progress| {
        if progress.steps.is_multiple_of(TELL_EVERY) {
            terminal::say(&format!(
                "step {}: energy {:.4} eV above the start, largest force {:.4} eV/Å, curvature {:.3} eV/Å²",
                progress.steps,
                progress.energy - energy,
                progress.max_force,
                progress.curvature
            ));
        }
    });
    let saddle = saddle.map_err(failure)?;
    let report = Report {
        recipe: vec![
            format!(
                "dimer from {}: {} atoms, {} fixed; along {described}, started {} Å along it",
                arguments.start.display(),
                fixed.len(),
                fixed.iter().filter(|fixed| **fixed).count(),
                arguments.displace
            ),
            format!(
                "to {} eV/Å in {} steps, {} evaluations",
                bench.criteria.max_force, saddle.steps, saddle.evaluations
            ),
        ],
        findings: vec![
            Finding::one("saddle above the start", saddle.energy - energy, "eV"),
            Finding::one("energy of the saddle", saddle.energy, "eV"),
            Finding::one("lowest curvature", saddle.curvature, "eV/Å^2"),
        ],
        samples: Samples::new(&[]),
    };
    terminal::print(&output::text(&report));
    write(arguments, &system, &saddle, &report, potential.files())
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
                    "nothing was written",
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
    frame.extra.push(Column {
        name: "mode".to_owned(),
        width: 3,
        values: Values::Real(
            saddle
                .direction
                .iter()
                .flat_map(|m| [m.x, m.y, m.z])
                .collect(),
        ),
    });
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

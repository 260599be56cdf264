//! `frit neb`: the path of least energy between two structures.

use frit_atoms::System;
use frit_energetics::band::{Band, Climb, Ends, Profile, Settings, idpp, linear};
use frit_energetics::{AtomLandscape, Bench, Finding, Report, placed, relax};
use frit_io::{Column, Frame, Values, write_frames};
use serde_json::json;

use super::arguments::{BandArguments, GuessName, NebArguments};
use super::output;
use super::tools::{
    DeckPotential, beside, failure, fixed_atoms, last_frame, output_name, positive, system_of,
};
use crate::failure::{Failure, Outcome};
use crate::terminal;

/// Above this force of the band [eV/Å] no image climbs yet.
pub(super) const CLIMB_BELOW: f64 = 0.3;
/// Steps between two lines about the progress.
const TELL_EVERY: u64 = 50;

impl BandArguments {
    /// The settings of a band that climbs.
    ///
    /// # Errors
    /// A value is not positive.
    pub(super) fn settings(&self, bench: &Bench, climb: Climb) -> Outcome<Settings> {
        let mut criteria = bench.criteria;
        criteria.max_force = positive("--band-to", self.band_to)?;
        Ok(Settings {
            spring: positive("--spring", self.spring)?,
            climb,
            method: bench.method,
            criteria,
        })
    }
}

/// Relaxes a band between two structures.
///
/// # Errors
/// Files that cannot be read or do not match, a band that does not converge.
pub(crate) fn neb(arguments: &NebArguments) -> Outcome {
    let potential = DeckPotential::read(&arguments.potential)?;
    let bench = potential.bench(&arguments.relaxation)?;
    let climb = if arguments.climb {
        Climb::Below(CLIMB_BELOW)
    } else {
        Climb::No
    };
    let settings = arguments.band.settings(&bench, climb)?;
    let first = last_frame(&arguments.start)?;
    let start = system_of(&first, &arguments.start)?;
    let end = system_of(&last_frame(&arguments.end)?, &arguments.end)?;
    let ends = Ends::of(&start, &end).map_err(failure)?;
    let fixed = fixed_atoms(&first, &start, &arguments.fix)?;
    let ends = relaxed_ends(arguments, &bench, &start, &fixed, ends)?;
    let images = usize::from(arguments.band.images);
    let path = match arguments.guess {
        GuessName::Linear => linear(&ends.start, &ends.end, images),
        GuessName::Idpp => idpp(start.cell, &ends.start, &ends.end, images).map_err(failure)?,
    };
    let landscapes = path
        .iter()
        .map(|_| bench.landscape(start.clone(), fixed.clone()));
    let landscapes = landscapes.collect::<Result<Vec<_>, _>>().map_err(failure)?;
    let mut band = Band::new(path, landscapes).map_err(failure)?;
    let relaxed = band.relax(&settings, |progress| {
        if progress.steps.is_multiple_of(TELL_EVERY) {
            terminal::say(&format!(
                "step {}: largest force {:.4} eV/Å, barrier {:.4} eV",
                progress.steps, progress.max_force, progress.barrier
            ));
        }
    });
    let steps = relaxed.map_err(failure)?.steps;
    let profile = band.profile();
    let mut report = report(arguments, &bench, &band, &profile, &fixed);
    report.recipe.push(format!("band: {steps} steps"));
    terminal::print(&output::text(&report));
    write(
        arguments,
        &start,
        &band,
        &profile,
        &report,
        potential.files(),
    )
}

/// Ends relaxed with the atoms that may move, unless they are to be kept.
fn relaxed_ends(
    arguments: &NebArguments,
    bench: &Bench,
    system: &System,
    fixed: &[bool],
    ends: Ends,
) -> Outcome<Ends> {
    if arguments.keep_ends {
        return Ok(ends);
    }
    let relaxed = |position, what| {
        let mut landscape = bench
            .landscape(system.clone(), fixed.to_vec())
            .map_err(failure)?;
        let found = relax(&mut landscape, position, bench.criteria, bench.method, what);
        Ok(found.map_err(failure)?.position)
    };
    Ok(Ends {
        start: relaxed(ends.start, "the start")?,
        end: relaxed(ends.end, "the end")?,
    })
}

fn report(
    arguments: &NebArguments,
    bench: &Bench,
    band: &Band<AtomLandscape>,
    profile: &Profile,
    fixed: &[bool],
) -> Report {
    let last = profile.energy.len() - 1;
    let top = profile.top();
    let barrier = band
        .climbing()
        .map_or(top.energy, |image| profile.energy[image]);
    let ends = if arguments.keep_ends {
        "ends as given".to_owned()
    } else {
        format!("ends relaxed to {} eV/Å", bench.criteria.max_force)
    };
    let climb = match band.climbing() {
        Some(image) => format!("image {image} climbed"),
        None => "none climbed: the barrier is the top of the spline".to_owned(),
    };
    let mut findings = vec![
        Finding::one("barrier", barrier, "eV"),
        Finding::one("barrier back", barrier - profile.energy[last], "eV"),
        Finding::one("end above start", profile.energy[last], "eV"),
        Finding::one("length of the path", profile.coordinate[last], "Å"),
    ];
    let extrema = |name: &str, found: Vec<frit_energetics::band::Extremum>| {
        let one = |(k, extremum): (usize, frit_energetics::band::Extremum)| {
            Finding::one(
                format!(
                    "{name} {} of the spline, at {:.3} Å",
                    k + 1,
                    extremum.coordinate
                ),
                extremum.energy,
                "eV",
            )
        };
        found.into_iter().enumerate().map(one).collect::<Vec<_>>()
    };
    findings.extend(extrema("maximum", profile.maxima()));
    findings.extend(extrema("minimum", profile.minima()));
    Report {
        recipe: vec![
            format!(
                "path from {} to {}: {} atoms, {} fixed; {ends}",
                arguments.start.display(),
                arguments.end.display(),
                fixed.len(),
                fixed.iter().filter(|fixed| **fixed).count()
            ),
            format!(
                "nudged elastic band of {} images between the ends, springs {} eV/Å², to {} eV/Å; {climb}",
                arguments.band.images, arguments.band.spring, arguments.band.band_to
            ),
        ],
        findings,
        samples: output::profile_samples(profile),
    }
}

fn write(
    arguments: &NebArguments,
    system: &System,
    band: &Band<AtomLandscape>,
    profile: &Profile,
    report: &Report,
    files: serde_json::Value,
) -> Outcome {
    let name = output_name(arguments.output.as_deref(), &arguments.start, ".neb");
    let frames: Vec<Frame> = (0..band.images().len())
        .map(|k| frame(system, band, profile, k))
        .collect();
    let path = beside(&name, ".xyz");
    write_frames(&path, frit_io::Selection::All, &frames).map_err(Failure::from_write)?;
    let top = band.climbing().unwrap_or_else(|| band.highest());
    let mut saddle = frames[top].clone();
    let mode = band.tangent(top);
    saddle.extra.push(Column {
        name: "mode".to_owned(),
        width: 3,
        values: Values::Real(mode.iter().flat_map(|m| [m.x, m.y, m.z]).collect()),
    });
    let saddle_path = beside(&name, ".saddle.xyz");
    write_frames(&saddle_path, frit_io::Selection::All, [&saddle]).map_err(Failure::from_write)?;
    let title = format!(
        "{} to {}",
        arguments.start.display(),
        arguments.end.display()
    );
    let picture = beside(&name, ".svg");
    output::write_text(&picture, &output::picture(&title, profile))?;
    let facts = json!({
        "command": "neb",
        "start": arguments.start,
        "end": arguments.end,
        "potential": arguments.potential,
        "files": files,
    });
    output::write(&name, report, &facts)?;
    let shown = name.display();
    output::told(&[
        format!("{shown}.xyz (path)"),
        format!("{shown}.saddle.xyz"),
        format!("{shown}.svg"),
        format!("{shown}.csv, .json, .toml"),
    ]);
    Ok(())
}

/// An image of the band as a frame: unwrapped positions, forces, energy, length of the path.
fn frame(system: &System, band: &Band<AtomLandscape>, profile: &Profile, image: usize) -> Frame {
    let state = &band.images()[image];
    let mut frame = Frame::from_system(&placed(system, &state.position));
    frame.velocity = None;
    frame.force = Some(state.force.clone());
    frame.attributes.insert("image", image as i64);
    frame.attributes.insert("energy", state.energy);
    frame.attributes.insert("path", profile.coordinate[image]);
    frame
}

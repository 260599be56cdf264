//! `frit neb`: the path of least energy between two structures.

use std::path::Path;

use frit_atoms::{System, Vector};
use frit_energetics::band::{Band, Climb, Difference, Ends, Profile, Settings, idpp, linear};
use frit_energetics::{
    AtomLandscape, Bench, EnergyError, Finding, Report, counted, placed, relax_watched,
};
use frit_engine::Signals;
use frit_io::{Frame, write_frames};
use serde_json::json;

use super::arguments::{BandArguments, GuessName, NebArguments};
use super::output;
use super::tools::{
    DeckPotential, atoms_and_fixed, beside, each_frame, failure, fixed_atoms, interrupted,
    last_frame, mode_column, not_over, output_name, positive, system_of, unless_interrupted,
};
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
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

/// A structure that moves further than this in its relaxation [Å] was not near the minimum it was
/// taken for: less than half the way to a neighbouring site of any metal, more than surfaces relax.
const FAR: f64 = 0.5;
/// A barrier below this [eV] is none: the path leads downhill.
const NO_BARRIER: f64 = 1e-4;

/// Relaxes a band between two structures; returns the exit code.
///
/// # Errors
/// Files that cannot be read or do not match, a band that does not converge.
pub(crate) fn neb(arguments: &NebArguments) -> Outcome<Exit> {
    // Before anything else, so that no signal finds the process unprepared.
    let signals = Signals::listen().or_fail(Exit::Failure)?;
    let potential = DeckPotential::read(&arguments.potential)?;
    let bench = potential.bench(&arguments.relaxation)?;
    let climb = if arguments.climb {
        Climb::Below(CLIMB_BELOW)
    } else {
        Climb::No
    };
    let settings = arguments.band.settings(&bench, climb)?;
    let name = output_name(arguments.output.as_deref(), &arguments.start, ".neb");
    not_over(&name, &[&arguments.start, &arguments.end])?;
    let mut given = Given::read(arguments)?;
    let relaxed = match given.relax_ends(arguments, &bench, &signals) {
        Err(EnergyError::Stopped(_)) => {
            let kept = "the ends were not relaxed yet: the same command begins again";
            return Ok(interrupted(&signals, kept));
        }
        relaxed => relaxed.map_err(failure)?,
    };
    let mut band = given.band(arguments, &bench).map_err(failure)?;
    if arguments.keep_ends {
        given.warn_of_forces(&band, arguments);
    }
    let ended = band.relax(&settings, |progress| {
        if progress.steps.is_multiple_of(TELL_EVERY) {
            terminal::say(&format!(
                "step {}: largest force {:.4} eV/Å, barrier {:.4} eV",
                progress.steps, progress.max_force, progress.barrier
            ));
        }
        unless_interrupted(&signals)
    });
    let profile = band.profile();
    let steps = match ended {
        Ok(progress) => progress.steps,
        Err(EnergyError::Stopped(_)) => {
            let kept = write_partial(arguments, &given.system, &band, &profile)?;
            return Ok(interrupted(&signals, &kept));
        }
        Err(error @ EnergyError::NotConverged { .. }) => {
            terminal::say(&write_partial(arguments, &given.system, &band, &profile)?);
            return Err(failure(error));
        }
        Err(error) => return Err(failure(error)),
    };
    if profile.top().energy.max(profile.energy[band.highest()]) < NO_BARRIER {
        terminal::warn("no image is higher than the start: there is no barrier on this path");
    }
    let mut report = report(arguments, &band, &profile, &given.fixed);
    report.recipe.splice(1..1, relaxed);
    report
        .recipe
        .push(format!("band: {}", counted(steps, "step")));
    terminal::print(&output::text(&report));
    write(
        arguments,
        &given.system,
        &band,
        &profile,
        &report,
        potential.files(),
    )?;
    Ok(Exit::Success)
}

/// The structures of a command line.
struct Given {
    /// The start.
    system: System,
    /// In the order of ascending ids, as all positions.
    fixed: Vec<bool>,
    ends: Ends,
    /// The images between the ends, of a band to go on from.
    inner: Option<Vec<Vec<Vector>>>,
}

impl Given {
    fn read(arguments: &NebArguments) -> Outcome<Self> {
        let first = last_frame(&arguments.start)?;
        let system = system_of(&first, &arguments.start)?;
        let end = system_of(&last_frame(&arguments.end)?, &arguments.end)?;
        let fixed = fixed_atoms(&first, &system, &arguments.fix)?;
        let ends = Ends::of(&system, &end).map_err(failure)?;
        let mut given = Self {
            system,
            fixed,
            ends,
            inner: None,
        };
        if let Some(path) = &arguments.start_from {
            given.go_on_from(path)?;
        }
        Ok(given)
    }

    /// Takes ends and images from the frames of a band.
    fn go_on_from(&mut self, path: &Path) -> Outcome {
        let mut frames = Vec::new();
        each_frame(path, |frame| frames.push(frame))?;
        let mut before = self.ends.start.clone();
        let mut images = Vec::new();
        for frame in &frames {
            let image = system_of(frame, path)?;
            let mut image = Ends::matched(&self.system, &image).map_err(failure)?.end;
            // Of each atom the periodic image that is next to that of the image before.
            for (here, before) in image.iter_mut().zip(&before) {
                *here = before + self.system.cell.shortest(&(*here - before));
            }
            before.clone_from(&image);
            images.push(image);
        }
        let (Some(end), true) = (images.pop(), images.len() >= 2) else {
            return Err(Failure::new(
                Exit::Usage,
                format!(
                    "{} holds {} of a band",
                    path.display(),
                    counted(frames.len() as u64, "frame")
                ),
                "a band is two ends and at least one image between them, a frame each",
            ));
        };
        let start = images.remove(0);
        self.ends = Ends { start, end };
        self.inner = Some(images);
        Ok(())
    }

    /// Relaxes the ends with the atoms that may move, unless they are to be kept; says how far they
    /// moved.
    fn relax_ends(
        &mut self,
        arguments: &NebArguments,
        bench: &Bench,
        signals: &Signals,
    ) -> Result<Vec<String>, EnergyError> {
        if arguments.keep_ends {
            return Ok(vec!["ends as given".to_owned()]);
        }
        let ids = self.system.atoms.by_id();
        let ids = ids
            .iter()
            .map(|&place| self.system.atoms.id()[place as usize]);
        let ids: Vec<u32> = ids.collect();
        let mut lines = Vec::new();
        let mut relaxed = |given: &[Vector], what: &str| {
            let mut landscape = bench.landscape(self.system.clone(), self.fixed.clone())?;
            let found = relax_watched(
                &mut landscape,
                given.to_vec(),
                bench.criteria,
                bench.method,
                what,
                |_| unless_interrupted(signals),
            )?;
            let moved = Difference::between(given, &found.position);
            let line = format!(
                "{what} relaxed to {} eV/Å in {}; atom {} moved most, by {:.3} Å",
                bench.criteria.max_force,
                counted(found.steps, "step"),
                ids[moved.atom],
                moved.distance
            );
            if moved.distance > FAR {
                terminal::warn(&format!(
                    "{line}: the path belongs to the structure it came to, not to the one given; \
                     are atoms too close in it, or is it no minimum?"
                ));
            }
            lines.push(line);
            Ok::<_, EnergyError>(found.position)
        };
        let start = relaxed(&self.ends.start, "the start")?;
        let end = relaxed(&self.ends.end, "the end")?;
        let landscape = bench.landscape(self.system.clone(), self.fixed.clone())?;
        self.ends = Ends::relaxed(start, end, &landscape)?;
        Ok(lines)
    }

    /// The band to relax, from the images given or from the first guess.
    fn band(
        &mut self,
        arguments: &NebArguments,
        bench: &Bench,
    ) -> Result<Band<AtomLandscape>, EnergyError> {
        let Ends { start, end } = &self.ends;
        let path = match (self.inner.take(), arguments.guess) {
            (Some(images), _) => {
                let ends = [start.clone(), end.clone()];
                let [start, end] = ends.map(std::iter::once);
                start.chain(images).chain(end).collect()
            }
            (None, GuessName::Linear) => linear(start, end, arguments.band.images.into()),
            (None, GuessName::Idpp) => {
                idpp(self.system.cell, start, end, arguments.band.images.into())?
            }
        };
        let landscapes = path
            .iter()
            .map(|_| bench.landscape(self.system.clone(), self.fixed.clone()));
        let landscapes = landscapes.collect::<Result<Vec<_>, _>>()?;
        Band::new(path, landscapes)
    }

    /// Warns of ends that were kept though forces pull on them.
    fn warn_of_forces(&self, band: &Band<AtomLandscape>, arguments: &NebArguments) {
        let images = band.images();
        for (what, image) in [("start", &images[0]), ("end", &images[images.len() - 1])] {
            let force = image.force.iter().map(Vector::norm).fold(0.0, f64::max);
            if force > arguments.band.band_to {
                terminal::warn(&format!(
                    "the {what} is no minimum: the largest force on an atom is {force:.3} eV/Å; \
                     without --keep-ends it is relaxed first"
                ));
            }
        }
    }
}

/// Writes a band that is not relaxed yet; says where it is and how to go on.
fn write_partial(
    arguments: &NebArguments,
    system: &System,
    band: &Band<AtomLandscape>,
    profile: &Profile,
) -> Outcome<String> {
    let name = output_name(arguments.output.as_deref(), &arguments.start, ".neb");
    let path = beside(&name, ".partial.xyz");
    let images = 0..band.images().len();
    let frames: Vec<Frame> = images.map(|k| frame(system, band, profile, k)).collect();
    write_frames(&path, frit_io::Selection::All, &frames).map_err(Failure::from_write)?;
    Ok(format!(
        "the band as far as it came is in {path}: --start-from {path} instead of --images and --guess goes on from it",
        path = path.display()
    ))
}

fn report(
    arguments: &NebArguments,
    band: &Band<AtomLandscape>,
    profile: &Profile,
    fixed: &[bool],
) -> Report {
    let last = profile.energy.len() - 1;
    let top = profile.top();
    let barrier = band
        .climbing()
        .map_or(top.energy, |image| profile.energy[image]);
    let origin = match &arguments.start_from {
        None => String::new(),
        Some(path) => format!(", gone on from {}", path.display()),
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
                "path from {} to {}{origin}: {}",
                arguments.start.display(),
                arguments.end.display(),
                atoms_and_fixed(fixed)
            ),
            format!(
                "nudged elastic band of {} between the ends, springs {} eV/Å², to {} eV/Å; {climb}",
                counted(profile.energy.len() as u64 - 2, "image"),
                arguments.band.spring,
                arguments.band.band_to
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
    saddle.extra.push(mode_column(&band.tangent(top)));
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
        "start_from": arguments.start_from,
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

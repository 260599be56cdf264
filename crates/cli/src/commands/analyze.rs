//! `frit analyze`: the observers of a deck, on frames of files.

use std::path::{Path, PathBuf};

use frit_analysis::observe::{Observatory, Snapshot, clusters};
use frit_atoms::{Species, System};
use frit_deck::Deck;
use frit_io::{Format, Frame, ReadError, ReadOptions, TableWriter, read_frames};

use crate::args::AnalyzeArguments;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::run::quantities;
use crate::{observing, terminal};

/// Looks at every frame of all files with all observers of the deck.
///
/// # Errors
/// A wrong deck, a file that cannot be read or written, frames of other atoms.
pub(crate) fn analyze(arguments: &AnalyzeArguments) -> Outcome {
    let deck = Deck::read(&arguments.deck, &arguments.overrides)
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?;
    let observers = &deck.observe.observers;
    if observers.list.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} has no observers of atoms", arguments.deck.display()),
            "add tables such as `[observe.neck-radius]` or `[observe.structure]`; \
             docs/observers.md lists all",
        ));
    }
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| beside(&arguments.deck));
    let options = ReadOptions {
        type_names: arguments.species.clone(),
        ..ReadOptions::default()
    };
    let mut offline = None;
    let mut notes = super::Notes::default();
    for path in &arguments.trajectory {
        let format = Format::guess(path).or_fail(Exit::Usage)?;
        for frame in read_frames(path, format, &options).or_fail(Exit::Usage)? {
            let frame = match frame {
                Err(error @ ReadError::Incomplete { .. }) => {
                    // As a run leaves it that is under way, or that was interrupted.
                    terminal::warn(&error.to_string());
                    break;
                }
                frame => frame.or_fail(Exit::Usage)?,
            };
            notes.tell(&frame);
            let offline = match &mut offline {
                Some(offline) => offline,
                none => none.insert(Offline::begin(&frame, path, observers, &folder)?),
            };
            offline.look(&frame, path, arguments.interval)?;
        }
    }
    let Some(offline) = offline else {
        return Err(super::without_frames(&arguments.trajectory[0]));
    };
    crate::run::plots::draw_observers(&folder, deck.title.as_deref().unwrap_or_default())
        .map_err(|error| Failure::from_error(Exit::Failure, error))?;
    let about = format!("frit analyze, {}", arguments.deck.display());
    let learned = quantities::learned(&folder, &about, None);
    if !learned.quantities().is_empty() {
        std::fs::write(folder.join(quantities::FILE), learned.to_toml()).or_fail(Exit::Failure)?;
    }
    for line in crate::run::results(&folder) {
        terminal::print(&format!("{line}\n"));
    }
    terminal::say(&format!(
        "analyzed {} frame{} into {}",
        offline.frames,
        if offline.frames == 1 { "" } else { "s" },
        folder.display()
    ));
    Ok(())
}

/// The measures with their tables.
struct Offline {
    observatory: Observatory,
    tables: Vec<TableWriter>,
    species: Vec<Species>,
    /// The particle of each atom by ascending id, if the files do not tell.
    particles: Option<Vec<u8>>,
    frames: u64,
    latest: Option<f64>,
}

impl Offline {
    fn begin(
        frame: &Frame,
        path: &Path,
        observers: &frit_deck::Observers,
        folder: &Path,
    ) -> Outcome<Self> {
        let mut system = system(frame, path, &[])?;
        let particles = tell_apart(&system, observers.bond_length.in_angstroms());
        if let Some(particles) = &particles {
            terminal::say(
                "the atoms have no particles: two connected clusters of the first frame are taken \
                 for them",
            );
            assign(&mut system, particles);
        }
        if frame.image.is_none() && system.cell.periodic().contains(&true) {
            terminal::warn(
                "the frames have no images: atoms that cross the cell seem to jump back, in all \
                 that compares positions of different times; write the column `image`",
            );
        }
        let observatory = observing::observatory(observers, &system).or_fail(Exit::Usage)?;
        std::fs::create_dir_all(folder).or_fail(Exit::Failure)?;
        let tables = observatory
            .tables()
            .map(|(name, own)| {
                let path = folder.join(observing::file_name(name));
                TableWriter::create(&path, &observing::columns(own)).map_err(Failure::from_write)
            })
            .collect::<Outcome<_>>()?;
        Ok(Self {
            observatory,
            tables,
            species: system.species,
            particles,
            frames: 0,
            latest: None,
        })
    }

    fn look(&mut self, frame: &Frame, path: &Path, interval: Option<f64>) -> Outcome {
        let mut system = system(frame, path, &self.species)?;
        if let Some(particles) = &self.particles
            && particles.len() == system.atoms.len()
        {
            assign(&mut system, particles);
        }
        let about = |message: &str, help: &str| {
            Failure::new(
                Exit::Usage,
                format!("frame {} ({}): {message}", self.frames, path.display()),
                help,
            )
        };
        let by_interval = interval.map(|interval| self.frames as f64 * interval);
        let Some(time) = by_interval.or(frame.time) else {
            let help = "say how far frames are apart: --interval 0.5 for 0.5 ps";
            return Err(about("it has no time", help));
        };
        if self.latest.is_some_and(|latest| time <= latest) {
            let help = "give files in the order of time, each once";
            return Err(about("it is not later than the frame before", help));
        }
        self.latest = Some(time);
        let seen = (self.observatory.look(&system, time, |_| true))
            .map_err(|error| about(&error.to_string(), "frames are counted from 0"))?;
        for (at, rows) in seen {
            for own in rows {
                let row = observing::row(frame.step, time, own);
                self.tables[at].row(&row).map_err(Failure::from_write)?;
            }
        }
        self.frames += 1;
        Ok(())
    }
}

fn system(frame: &Frame, path: &Path, known: &[Species]) -> Outcome<System> {
    let system = frame.to_system(known).or_fail(Exit::Usage)?;
    if system.atoms.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            format!("a frame of {} has no atoms", path.display()),
            "there is nothing to observe",
        ));
    }
    Ok(system)
}

/// Least share of all atoms of a cluster that is taken for a particle.
const LEAST_SHARE: f64 = 0.2;

/// The particle of each atom, by ascending id, if all are of one group but stand in two large
/// clusters. Small clusters belong to the first.
fn tell_apart(system: &System, bond: f64) -> Option<Vec<u8>> {
    let groups = system.atoms.group();
    if groups.iter().any(|group| *group != groups[0]) {
        return None;
    }
    let snapshot = Snapshot::new(system, bond).ok()?;
    let found = clusters(&snapshot, bond);
    let least = (LEAST_SHARE * system.atoms.len() as f64) as u32;
    let large: Vec<u32> = (0..found.size.len() as u32)
        .filter(|&cluster| found.size[cluster as usize] > least)
        .collect();
    let &[_, _] = &large[..] else {
        return None;
    };
    // The first particle is that with the lowest id.
    let ranked = snapshot.by_rank(&found.of);
    let first = ranked.iter().find(|cluster| large.contains(cluster))?;
    let other = large.iter().find(|cluster| *cluster != first)?;
    Some(
        ranked
            .iter()
            .map(|cluster| u8::from(cluster == other))
            .collect(),
    )
}

fn assign(system: &mut System, particles: &[u8]) {
    for (place, &particle) in system.atoms.by_id().into_iter().zip(particles) {
        system.atoms.group_mut()[place as usize] = particle;
    }
}

/// `pair.toml` is analyzed into `pair.analysis` in the current directory.
fn beside(deck: &Path) -> PathBuf {
    let mut name = deck.file_stem().unwrap_or_default().to_owned();
    name.push(".analysis");
    name.into()
}

//! `frit analyze`: the observers of a deck, on frames of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use frit_analysis::{Event, Neck};
use frit_deck::FramesDeck;
use frit_io::{Format, ReadError, ReadOptions, read_frames};
use serde::Serialize;

use crate::args::AnalyzeArguments;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::necking::Seen;
use crate::offline::Offline;
use crate::run::{self, PairSummary, quantities};
use crate::terminal;

/// Looks at every frame of all files with all observers of the deck.
///
/// # Errors
/// A wrong deck, a file that cannot be read or written, frames of other atoms.
pub(crate) fn analyze(arguments: &AnalyzeArguments) -> Outcome {
    let deck = FramesDeck::read(&arguments.deck, &arguments.overrides)
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?;
    if deck.observe().observers.list.is_empty() && deck.observe().neck.is_none() {
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
                none => none.insert(Offline::begin(&frame, path, &deck, &folder)?),
            };
            offline.look(&frame, path, arguments.interval)?;
        }
    }
    let Some(offline) = offline else {
        return Err(super::without_frames(&arguments.trajectory[0]));
    };
    conclude(&offline, &deck, &arguments.deck, &folder)
}

/// Draws the plots, writes what was found, and tells it.
fn conclude(offline: &Offline, deck: &FramesDeck, path: &Path, folder: &Path) -> Outcome {
    let title = deck.title().unwrap_or_default();
    let seen = offline.neck();
    if let Some(seen) = seen {
        warn_of_breaks(seen);
        run::plots::draw_neck(folder, title, seen).or_fail(Exit::Failure)?;
    }
    run::plots::draw_observers(folder, title).or_fail(Exit::Failure)?;
    let about = format!("frit analyze, {}", path.display());
    let neck = seen.and_then(|seen| seen.watch.neck());
    let learned = quantities::learned(folder, &about, neck);
    if !learned.quantities().is_empty() {
        std::fs::write(folder.join(quantities::FILE), learned.to_toml()).or_fail(Exit::Failure)?;
    }
    let found = Found {
        title: deck.title(),
        frames: offline.frames(),
        first_contact: seen.and_then(|seen| seen.watch.first_contact()),
        neck,
        pair: seen.map(PairSummary::new),
        observers: run::last_rows(folder),
    };
    let text = serde_json::to_string_pretty(&found).or_fail(Exit::Failure)?;
    std::fs::write(folder.join(run::SUMMARY), text + "\n").or_fail(Exit::Failure)?;
    if let (Some(pair), Some(seen)) = (&found.pair, seen) {
        for (name, value) in pair.lines(seen) {
            terminal::print(&format!("{name:<28}{value}\n"));
        }
    }
    for line in run::results(folder) {
        terminal::print(&format!("{line}\n"));
    }
    terminal::say(&format!(
        "analyzed {} frame{} into {}",
        found.frames,
        if found.frames == 1 { "" } else { "s" },
        folder.display()
    ));
    Ok(())
}

/// What is written of all frames: the results of a run that frames tell.
#[derive(Serialize)]
struct Found<'a> {
    title: Option<&'a str>,
    frames: u64,
    first_contact: Option<Event>,
    neck: Option<Neck>,
    pair: Option<PairSummary>,
    observers: BTreeMap<&'static str, serde_json::Map<String, serde_json::Value>>,
}

fn warn_of_breaks(seen: Seen<'_>) {
    if seen.watch.breaks() > 0 && seen.watch.neck().is_none() {
        let rule = seen.watch.rule();
        terminal::warn(&format!(
            "frames are up to {} ps apart: bonds held for {} ps between frames at most {} ps apart make a \
             sustained neck, so that none could be seen there; write frames more often, or see the `neck.csv` \
             of the run",
            seen.watch.resolution(),
            rule.hold,
            rule.longest_interval()
        ));
    }
}

/// `pair.toml` is analyzed into `pair.analysis` in the current directory.
fn beside(deck: &Path) -> PathBuf {
    let mut name = deck.file_stem().unwrap_or_default().to_owned();
    name.push(".analysis");
    name.into()
}

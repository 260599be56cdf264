//! `frit run`: runs a deck, or continues its run.

use std::path::{Path, PathBuf};

use frit_deck::Scan;
use frit_engine::Signals;

use crate::args::{DeckArguments, RunArguments};
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::method::AnyPlan;
use crate::run::{CacheChoice, End, Manifest};
use crate::terminal;

/// Runs a deck into its directory; returns the exit code.
///
/// # Errors
/// A wrong deck, a directory that is refused, a failed simulation.
pub(crate) fn run(arguments: &RunArguments) -> Outcome<Exit> {
    // Before anything else, so that no signal finds the process unprepared.
    let signals = Signals::listen().or_fail(Exit::Failure)?;
    let (deck, out) = resolve(&arguments.deck, arguments.out.as_deref())?;
    let cache = match (&arguments.cache, arguments.no_cache) {
        (_, true) => CacheChoice::Nowhere,
        (Some(folder), false) => CacheChoice::At(folder.clone()),
        (None, false) => CacheChoice::Usual,
    };
    if let Some(scan) = Scan::of_file(&deck.deck, &deck.overrides)
        .map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))?
    {
        return crate::scan::run(&scan, &deck, &out, &signals, &cache);
    }
    let plan = AnyPlan::make(&deck)?;
    terminal::say(&format!(
        "{}\n{} into {}",
        plan.title().unwrap_or("run"),
        plan.subject(),
        out.display()
    ));
    match plan.run(&out, signals, &cache) {
        Ok(End::Finished(summary)) => {
            terminal::print(&summary);
            terminal::say(&format!("finished: {}", out.display()));
            Ok(Exit::Success)
        }
        Ok(End::Interrupted(interrupt)) => {
            terminal::say(&format!(
                "interrupted by {}; a checkpoint is written: the same command continues",
                interrupt.name()
            ));
            Ok(Exit::Interrupted)
        }
        Err(error) => Err(Failure::from_error(error.exit(), error)),
    }
}

const DECK: &str = "deck.toml";

/// The deck to run, and where to.
pub(super) fn resolve(
    arguments: &DeckArguments,
    out: Option<&Path>,
) -> Outcome<(DeckArguments, PathBuf)> {
    let given = &arguments.deck;
    if !given.is_dir() {
        let out = out.map_or_else(|| beside(given), Path::to_owned);
        return Ok((arguments.clone(), out));
    }
    let out = out.unwrap_or(given).to_owned();
    let deck = given.join(DECK);
    if deck.exists() {
        let overrides = arguments.overrides.clone();
        return Ok((DeckArguments { deck, overrides }, out));
    }
    match Manifest::read(given) {
        Some(manifest) => Ok((
            DeckArguments {
                deck: manifest.deck.into(),
                overrides: if arguments.overrides.is_empty() {
                    manifest.overrides
                } else {
                    arguments.overrides.clone()
                },
            },
            out,
        )),
        None => Err(Failure::new(
            Exit::Usage,
            format!("{} is neither a run nor has it a {DECK}", given.display()),
            "name a deck, a directory with a deck.toml, or a run directory to continue",
        )),
    }
}

/// The run directory of a deck: its name with `.run`, in the current directory.
fn beside(deck: &Path) -> PathBuf {
    // Only the last ending goes: gap-5.5.toml runs into gap-5.5.run.
    let mut name = deck.file_stem().unwrap_or(deck.as_os_str()).to_owned();
    name.push(".run");
    name.into()
}

//! `frit run`: runs a deck, or continues its run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use frit_deck::Scan;
use frit_engine::Signals;

use crate::args::{DeckArguments, RunArguments};
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::method::AnyPlan;
use crate::run::{CacheChoice, End, INPUT, Manifest};
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
    if let Some(scan) = scan_of(&deck)? {
        return crate::scan::run(&scan, &deck, &out, &signals, &cache);
    }
    let plan = AnyPlan::make(&deck)?;
    terminal::say(&format!(
        "{}\n{} into {}",
        plan.title().unwrap_or("run"),
        plan.subject(),
        out.display()
    ));
    match crate::in_pool(|| plan.run(&out, signals, &cache)) {
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

/// The `[scan]` of a deck, if it has one.
pub(super) fn scan_of(deck: &DeckArguments) -> Outcome<Option<Scan>> {
    let scan = match &deck.text {
        Some(text) => Scan::parse(&deck.deck, text, &deck.overrides),
        None => Scan::of_file(&deck.deck, &deck.overrides),
    };
    scan.map_err(|errors| Failure::from_diagnostic(Exit::Usage, errors))
}

/// The deck to run, with its text, and where to.
pub(super) fn resolve(
    arguments: &DeckArguments,
    out: Option<&Path>,
) -> Outcome<(DeckArguments, PathBuf)> {
    let given = &arguments.deck;
    let with_text = |deck: &Path| DeckArguments {
        deck: deck.to_owned(),
        overrides: arguments.overrides.clone(),
        text: text_of(deck),
    };
    if !given.is_dir() {
        let out = out.map_or_else(|| beside(given), Path::to_owned);
        return Ok((with_text(given), out));
    }
    let out = out.unwrap_or(given).to_owned();
    let deck = given.join(DECK);
    if deck.exists() {
        return Ok((with_text(&deck), out));
    }
    let Some(manifest) = Manifest::read(given) else {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} is neither a run nor has it a {DECK}", given.display()),
            "name a deck, a directory with a deck.toml, or a run directory to continue",
        ));
    };
    let mut continued = with_text(Path::new(&manifest.deck));
    if continued.overrides.is_empty() {
        continued.overrides = manifest.overrides;
    }
    if let Some(kept) = text_of(&given.join(INPUT)) {
        tell_of_changes(&continued, &kept, given);
        continued.text = Some(kept);
    }
    Ok((continued, out))
}

/// Says what became of a deck since its run began, of which the directory keeps a copy.
fn tell_of_changes(deck: &DeckArguments, kept: &str, run: &Path) {
    let path = deck.deck.display();
    let copy = run.join(INPUT);
    let copy = copy.display();
    match &deck.text {
        Some(now) if **now == *kept => {}
        Some(_) => terminal::warn(&format!(
            "{path} has changed since this run began, which goes on with the deck as it was \
             ({copy}); `frit run {path} --out DIR` runs the changed one"
        )),
        None => terminal::warn(&format!(
            "{path} is not there any more; the run goes on with the deck as it was ({copy}), and \
             looks for the files that it names where they were"
        )),
    }
}

/// The text of a deck; nothing if it cannot be read, which its reader explains.
fn text_of(deck: &Path) -> Option<Arc<str>> {
    let bytes = frit_io::read_file(deck).ok()?;
    String::from_utf8(bytes).ok().map(Arc::from)
}

/// The run directory of a deck: its name with `.run`, in the current directory.
fn beside(deck: &Path) -> PathBuf {
    // Only the last ending goes: gap-5.5.toml runs into gap-5.5.run.
    let mut name = deck.file_stem().unwrap_or(deck.as_os_str()).to_owned();
    name.push(".run");
    name.into()
}

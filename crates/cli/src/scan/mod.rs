//! `[scan]`: many runs of one deck, side by side.
//!
//! Each point is an ordinary run directory below `points/`, so that a scan continues where it was
//! interrupted, point by point. The points are run by as many workers as there are threads; a
//! result does not depend on which worker runs a point, nor on when.

mod collect;
mod plots;
mod points;

use std::fmt::Write as _;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use frit_deck::Scan;
use frit_engine::{Interrupt, Signals};
use serde_json::json;

use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::method::AnyPlan;
use crate::run::{
    CacheChoice, DirectoryError, End, Manifest, RunDirectory, RunError, SUMMARY, duration,
};
use crate::terminal;
use points::Point;

/// Folder of the points in the scan's directory.
const POINTS: &str = "points";
/// What a point's run told, beside its directory's files.
const LOG: &str = "log.txt";

/// Values of decks that the heading of plots states, unless they are varied.
const DRIVE: &str = "migration.drive";

/// How a point ended.
enum Ended {
    /// It has its summary, from now or from before.
    Finished,
    /// A signal came.
    Interrupted(Interrupt),
    /// It failed: the message.
    Failed(String),
}

/// Runs all points that are not finished, then writes tables and plots; returns the exit code.
///
/// # Errors
/// A wrong deck, a directory that is refused, a table that cannot be written. A point that fails
/// is reported, and the others go on.
pub(crate) fn run(
    scan: &Scan,
    arguments: &DeckArguments,
    out: &Path,
    signals: &Signals,
    cache: &CacheChoice,
) -> Outcome<Exit> {
    let points = points::all(scan, arguments)?;
    let fail = |error: RunError| Failure::from_error(error.exit(), error);
    let first = points[0].plan()?;
    let title = match scan.axes.iter().any(|axis| axis.path.starts_with(DRIVE)) {
        true => first.title().unwrap_or_default().to_owned(),
        false => first.heading_of_plots(),
    };
    let text = plan_text(scan, &first);
    let (directory, _) =
        RunDirectory::open(out, &text).map_err(|error| fail(RunError::Directory(error)))?;
    manifest(arguments, &points[0])
        .record(&directory, arguments)
        .map_err(fail)?;
    terminal::say(&format!(
        "{} points, {} runs, into {}",
        scan.points(),
        points.len(),
        out.display()
    ));
    let ended = run_all(&points, &directory, signals, cache);
    let interrupted = ended.iter().find_map(|ended| match ended {
        Ended::Interrupted(interrupt) => Some(*interrupt),
        _ => None,
    });
    if let Some(interrupt) = interrupted {
        terminal::say(&format!(
            "interrupted by {}; checkpoints are written: the same command continues",
            interrupt.name()
        ));
        return Ok(Exit::Interrupted);
    }
    let collected = collect::collect(scan, &points, &directory).map_err(fail)?;
    collected.write(&directory).map_err(fail)?;
    plots::draw(scan, &title, &points, &collected, &directory).map_err(fail)?;
    terminal::print(&collected.to_text());
    let failures: Vec<(&Point, &String)> = points
        .iter()
        .zip(&ended)
        .filter_map(|(point, ended)| match ended {
            Ended::Failed(message) => Some((point, message)),
            _ => None,
        })
        .collect();
    for (point, message) in &failures {
        terminal::warn(&format!("{} failed: {message}", point.label()));
    }
    if !failures.is_empty() {
        terminal::say(&format!(
            "{} of {} runs failed; the same command tries them again",
            failures.len(),
            points.len()
        ));
        return Ok(Exit::Simulation);
    }
    let summary = json!({
        "frit": env!("CARGO_PKG_VERSION"),
        "points": scan.points(),
        "runs": points.len(),
        "table": collect::TABLE,
    });
    directory.conclude(&summary).map_err(fail)?;
    terminal::say(&format!("finished: {}", out.display()));
    Ok(Exit::Success)
}

/// The list of points with what has become of them, and what the first one is.
///
/// # Errors
/// A wrong deck.
pub(crate) fn report(scan: &Scan, arguments: &DeckArguments, out: &Path) -> Outcome<String> {
    let points = points::all(scan, arguments)?;
    let mut text = format!("== scan ==\n{}\n== points ==\n", scan.to_canonical_toml());
    let mut finished = 0;
    for point in &points {
        let folder = out.join(POINTS).join(point.name());
        let state = if folder.join(SUMMARY).exists() {
            finished += 1;
            "finished"
        } else if folder.join("post-mortem.json").exists() {
            "failed"
        } else if folder.join("checkpoint.frit").exists() {
            "begun, has a checkpoint"
        } else if folder.exists() {
            "begun"
        } else {
            "to do"
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {state:<24} {}", point.name(), point.label());
    }
    let _ = writeln!(
        text,
        "\n{finished} of {} runs are finished in {}",
        points.len(),
        out.display()
    );
    let _ = writeln!(text, "\n== first point ==\n{}", points[0].plan()?.text());
    Ok(text)
}

fn plan_text(scan: &Scan, first: &AnyPlan) -> String {
    format!(
        "{}\n# The first point:\n{}",
        scan.to_canonical_toml(),
        first.text()
    )
}

fn manifest(arguments: &DeckArguments, first: &Point) -> Manifest {
    Manifest {
        frit: env!("CARGO_PKG_VERSION").to_owned(),
        title: "scan".to_owned(),
        deck: Manifest::place(&arguments.deck),
        overrides: arguments.overrides.clone(),
        seed: first.seed,
        potential: String::new(),
        files: Vec::new(),
        kernel: "scan".to_owned(),
        precision: String::new(),
        attempts: Vec::new(),
    }
}

/// Runs the points, each by one of several workers; how they ended, in their order.
fn run_all(
    points: &[Point],
    directory: &RunDirectory,
    signals: &Signals,
    cache: &CacheChoice,
) -> Vec<Ended> {
    let threads = rayon::current_num_threads();
    let workers = threads.min(points.len()).max(1);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ended: Vec<Mutex<Option<Ended>>> = points.iter().map(|_| Mutex::new(None)).collect();
    let begun = Instant::now();
    let work = || {
        // A pool for each worker: a point's threads do not wait for those of another.
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads((threads / workers).max(1))
            .build();
        while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = match (&pool, signals.arrived()) {
                (_, Some(interrupt)) => Ended::Interrupted(interrupt),
                (Ok(pool), None) => pool.install(|| run_one(point, directory, signals, cache)),
                (Err(_), None) => run_one(point, directory, signals, cache),
            };
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            tell(point, &result, [count, points.len()], begun.elapsed());
            if let Ok(mut place) = ended[point.index].lock() {
                *place = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    ended
        .into_iter()
        .map(|place| {
            place
                .into_inner()
                .ok()
                .flatten()
                .unwrap_or_else(|| Ended::Failed("its worker ended".to_owned()))
        })
        .collect()
}

fn tell(point: &Point, ended: &Ended, [count, all]: [usize; 2], elapsed: Duration) {
    let state = match ended {
        Ended::Interrupted(_) => return,
        Ended::Finished => "finished",
        Ended::Failed(_) => "FAILED",
    };
    let left = elapsed.mul_f64((all - count) as f64 / count as f64);
    terminal::say(&format!(
        "{count}/{all} {state}: {}; {} left",
        point.label(),
        duration(left)
    ));
}

/// Runs one point, with its messages in a file; whatever happens in it stays there.
fn run_one(
    point: &Point,
    directory: &RunDirectory,
    signals: &Signals,
    cache: &CacheChoice,
) -> Ended {
    let folder = directory.file(POINTS).join(point.name());
    let log = directory
        .file(POINTS)
        .join(format!("{}.{LOG}", point.name()));
    let file = std::fs::create_dir_all(directory.file(POINTS))
        .and_then(|()| File::options().append(true).create(true).open(&log))
        .ok();
    let attempt = || {
        terminal::logged(file, || {
            let plan = point
                .plan_aloud()
                .map_err(|failure| failure.report.to_string())?;
            match plan.run(&folder, signals.clone(), cache) {
                Err(RunError::Directory(DirectoryError::Finished { .. })) => Ok(Ended::Finished),
                Err(error) => {
                    terminal::warn(&error.to_string());
                    Err(error.to_string())
                }
                Ok(End::Finished(_)) => Ok(Ended::Finished),
                Ok(End::Interrupted(interrupt)) => Ok(Ended::Interrupted(interrupt)),
            }
        })
    };
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(ended)) => ended,
        Ok(Err(message)) => Ended::Failed(message),
        Err(_) => Ended::Failed("a fault of frit: it panicked".to_owned()),
    }
}

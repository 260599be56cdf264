//! Plots of a scan.

use frit_analysis::{Figure, Line, Panel};
use frit_deck::{Scan, ScanAxis};
use frit_io::Table;
use serde_json::Value;

use super::POINTS;
use super::collect::{Collected, at};
use super::points::Point;
use crate::run::{PLOTS, RunDirectory, RunError};

/// Lines in a panel, and panels in a figure, at most.
const LINES: usize = 6;
const PANELS: usize = 24;

/// About so many letters fit above a panel, of which the sample of a line takes some.
const LETTERS: usize = 88;
const SAMPLE: usize = 7;

/// Draws what the deck asks for.
///
/// # Errors
/// A table of a point cannot be read, or a plot not be written.
pub(super) fn draw(
    scan: &Scan,
    title: &str,
    points: &[Point],
    collected: &Collected,
    directory: &RunDirectory,
) -> Result<(), RunError> {
    let write = |name: String, figure: &Figure| {
        directory.write_text(&format!("{PLOTS}/{name}.svg"), &figure.svg())
    };
    if let Some(figure) = quantities(scan, title, points, collected) {
        write("scan".to_owned(), &figure)?;
    }
    for (number, overlay) in scan.overlays.iter().enumerate() {
        let mut lines = Vec::new();
        for point in firsts(scan, points) {
            let path = directory
                .file(POINTS)
                .join(point.name())
                .join(&overlay.table);
            if !path.exists() {
                continue;
            }
            let table = Table::read(&path)?;
            let pairs = table
                .reals(&overlay.x)?
                .into_iter()
                .zip(table.reals(&overlay.y)?);
            lines.push(Line {
                label: point.short_values(),
                points: pairs.filter_map(|(x, y)| Some([x?, y?])).collect(),
            });
        }
        write(
            format!("overlay-{}", number + 1),
            &figure(title, &overlay.x, panels(&overlay.y, lines, scan)),
        )?;
    }
    for (number, profile) in scan.profiles.iter().enumerate() {
        let runs = collected.summaries.chunks(scan.replicas as usize);
        let lines: Vec<Line> = firsts(scan, points)
            .zip(runs)
            .map(|(point, runs)| Line {
                label: point.short_values(),
                points: profile_of(runs, &profile.x, &profile.y),
            })
            .collect();
        let [across, up] = &profile.labels;
        let mut all = panels(up, lines.clone(), scan);
        if let Some(tail) = profile.tail {
            let label = format!("{up}, from {tail}");
            let tails = lines.iter().map(|line| from(line, tail)).collect();
            all.extend(panels(&label, tails, scan));
        }
        all.truncate(PANELS);
        write(
            format!("profile-{}", number + 1),
            &figure(title, across, all),
        )?;
    }
    Ok(())
}

/// Stairs without the steps that begin before some place.
fn from(line: &Line, start: f64) -> Line {
    let steps = line.points.chunks(2).filter(|step| step[0][0] >= start);
    Line {
        label: line.label.clone(),
        points: steps.flatten().copied().collect(),
    }
}

fn firsts<'a>(scan: &Scan, points: &'a [Point]) -> impl Iterator<Item = &'a Point> {
    points.iter().step_by(scan.replicas as usize)
}

fn figure(title: &str, label: &str, panels: Vec<Panel>) -> Figure {
    Figure {
        title: title.to_owned(),
        time_label: label.to_owned(),
        panels,
        marks: Vec::new(),
    }
}

/// Lines together in one panel, or in as few as their labels allow; those of one value of the first
/// axes stay together.
fn panels(label: &str, lines: Vec<Line>, scan: &Scan) -> Vec<Panel> {
    let widest = lines.iter().map(|line| line.label.chars().count() + SAMPLE);
    let room = LETTERS.saturating_sub(label.chars().count());
    let fit = (room / widest.max().unwrap_or(1)).clamp(1, LINES);
    // Panels of equal numbers of lines.
    let count = lines.len().div_ceil(fit).max(1);
    let each = lines.len().div_ceil(count).max(1);
    let together = match scan.axes.as_slice() {
        [_, .., last] => last.values.toml.len(),
        _ => 1,
    };
    let each = match each > together {
        true => each - each % together,
        false => each,
    };
    let groups = lines.chunks(each).take(PANELS);
    let panel = |lines: &[Line]| Panel {
        label: match lines {
            [one] if !one.label.is_empty() => format!("{label}: {}", one.label),
            _ => label.to_owned(),
        },
        lines: lines.to_vec(),
        include: Some(0.0),
    };
    groups.map(panel).collect()
}

/// The mean over the runs of one list against another, as stairs: a histogram.
fn profile_of(runs: &[Option<Value>], x: &str, y: &str) -> Vec<[f64; 2]> {
    let list = |run: &Option<Value>, path: &str| -> Option<Vec<f64>> {
        let values = at(run.as_ref(), path)?.as_array()?;
        values.iter().map(Value::as_f64).collect()
    };
    let Some(edges) = runs.iter().find_map(|run| list(run, x)) else {
        return Vec::new();
    };
    let all: Vec<Vec<f64>> = runs.iter().filter_map(|run| list(run, y)).collect();
    let mut points = Vec::new();
    for (k, &left) in edges.iter().enumerate() {
        let values: Vec<f64> = all.iter().filter_map(|list| list.get(k).copied()).collect();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let before = if k > 0 { left - edges[k - 1] } else { left };
        let right = edges.get(k + 1).copied().unwrap_or(left + before);
        points.extend([[left, mean], [right, mean]]);
    }
    points
}

/// The first axis of numbers, and its place.
fn horizontal(scan: &Scan) -> Option<(usize, &ScanAxis, &[f64])> {
    let mut axes = scan.axes.iter().enumerate();
    axes.find_map(|(place, axis)| {
        let numbers = axis.values.numbers.as_deref()?;
        (numbers.len() > 1).then_some((place, axis, numbers))
    })
}

/// Collected numbers against the first axis of numbers; the other axes make lines.
fn quantities(scan: &Scan, title: &str, points: &[Point], collected: &Collected) -> Option<Figure> {
    let (place, axis, numbers) = horizontal(scan)?;
    let firsts: Vec<&Point> = firsts(scan, points).collect();
    // What the other axes choose, each once.
    let mut others: Vec<Vec<usize>> = Vec::new();
    let rest = |point: &Point| {
        let mut choice = point.choice.clone();
        choice.remove(place);
        choice
    };
    for point in &firsts {
        let rest = rest(point);
        if !others.contains(&rest) {
            others.push(rest);
        }
    }
    let mut panels = Vec::new();
    let drawn = scan
        .collect
        .iter()
        .enumerate()
        .filter(|(_, collect)| collect.plot);
    for (k, collect) in drawn {
        let label = match collect.unit.as_str() {
            "" => collect.label.clone(),
            unit => format!("{} [{unit}]", collect.label),
        };
        let series = |wanted: &Vec<usize>, shift: f64| -> Vec<[f64; 2]> {
            let chosen = firsts.iter().filter(|point| rest(point) == *wanted);
            let value = |point: &&&Point| {
                let statistic = collected.statistics[point.number][k];
                let error = statistic.error.unwrap_or(0.0);
                let mean = match statistic.waiting {
                    Some([waiting, _]) => waiting,
                    None => statistic.mean?,
                };
                Some([numbers[point.choice[place]], mean + shift * error])
            };
            let mut series: Vec<[f64; 2]> = chosen.filter_map(|point| value(&point)).collect();
            series.sort_by(|first, second| first[0].total_cmp(&second[0]));
            series
        };
        let line = |label: &str, points| Line {
            label: label.to_owned(),
            points,
        };
        if let [one] = others.as_slice() {
            let mut lines = vec![line("mean", series(one, 0.0))];
            if scan.replicas > 1 {
                let ends = series(one, -1.0).into_iter().zip(series(one, 1.0));
                // What is not finite parts a line: here into bars.
                let bars = ends.flat_map(|(low, high)| [low, high, [f64::NAN; 2]]);
                lines.push(line("± standard error", bars.collect()));
            }
            panels.push(Panel {
                label,
                lines,
                include: Some(0.0),
            });
            continue;
        }
        for group in others.chunks(LINES) {
            let lines = group.iter().map(|wanted| {
                let found = firsts.iter().find(|point| rest(point) == *wanted);
                let name = found.map_or_else(String::new, |point| point.values_without(place));
                line(&name, series(wanted, 0.0))
            });
            panels.push(Panel {
                label: label.clone(),
                lines: lines.collect(),
                include: Some(0.0),
            });
        }
    }
    panels.truncate(PANELS);
    let label = match axis.values.unit.as_str() {
        "" => axis.path.clone(),
        unit => format!("{} [{unit}]", axis.path),
    };
    (!panels.is_empty()).then(|| figure(title, &label, panels))
}

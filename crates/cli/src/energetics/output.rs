//! Reports of energies: tables for the terminal, JSON, CSV and quantities for files.

use std::fmt::Write;
use std::path::Path;

use frit_analysis::{Annotation, Curve};
use frit_deck::{NamedQuantity, QuantityFile};
use frit_energetics::band::Profile;
use frit_energetics::{EquationOfState, Finding, Report, Samples};
use frit_io::{Entry, TableColumn, TableWriter};
use serde_json::{Value, json};

use super::tools::beside;
use crate::failure::{Failure, Outcome};
use crate::terminal;

/// Points of a curve between two images.
const POINTS: usize = 60;

/// The report as text: recipe, then a table.
pub(crate) fn text(report: &Report) -> String {
    let mut text = String::new();
    for line in &report.recipe {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text.push('\n');
    let width = report
        .findings
        .iter()
        .map(|one| one.name.chars().count())
        .max()
        .unwrap_or(0);
    for finding in &report.findings {
        let value = finding.value;
        let mut line = format!("{:width$}  {:>11}", finding.name, number(value.mean));
        let _ = write!(line, " {:<6}", finding.unit);
        if let (Some(deviation), Some(error)) = (value.standard_deviation, value.standard_error) {
            let _ = write!(
                line,
                " ± {} (standard error; standard deviation {}, {} samples)",
                number(error),
                number(deviation),
                value.samples
            );
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Five to six digits, as much as a recipe means.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.2}"),
        size if size >= 1e-3 || size == 0.0 => format!("{value:.5}"),
        _ => format!("{value:.2e}"),
    }
}

/// Writes NAME.json, NAME.csv and NAME.toml.
///
/// # Errors
/// A file cannot be written.
pub(crate) fn write(name: &Path, report: &Report, facts: &Value) -> Outcome {
    let findings: Vec<Value> = report.findings.iter().map(finding_json).collect();
    let document = json!({
        "frit": env!("CARGO_PKG_VERSION"),
        "made_with": facts,
        "recipe": report.recipe,
        "findings": findings,
        "samples": {
            "columns": headers(&report.samples).iter().map(TableColumn::header).collect::<Vec<_>>(),
            "rows": report.samples.rows,
        },
    });
    let document = serde_json::to_string_pretty(&document).unwrap_or_default() + "\n";
    write_text(&beside(name, ".json"), &document)?;
    write_text(&beside(name, ".toml"), &quantities(report).to_toml())?;
    table(&beside(name, ".csv"), &report.samples)
}

/// Writes a text whole or not at all.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write_text(path: &Path, text: &str) -> Outcome {
    frit_io::write_atomically(path, |writer| writer.write_all(text.as_bytes()))
        .map_err(Failure::from_write)
}

/// Writes samples as CSV.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn table(path: &Path, samples: &Samples) -> Outcome {
    let mut writer = TableWriter::create(path, &headers(samples)).map_err(Failure::from_write)?;
    for row in &samples.rows {
        let entries: Vec<Entry> = row.iter().map(|&value| Entry::Real(value)).collect();
        writer.row(&entries).map_err(Failure::from_write)?;
    }
    Ok(())
}

/// Tells what was written.
pub(crate) fn told(names: &[String]) {
    terminal::say(&format!("wrote {}", names.join(", ")));
}

fn headers(samples: &Samples) -> Vec<TableColumn> {
    let columns = samples.columns.iter();
    columns
        .map(|(name, unit)| TableColumn::new(name.clone(), *unit))
        .collect()
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "name": finding.name,
        "unit": finding.unit,
        "value": finding.value.mean,
        "standard_deviation": finding.value.standard_deviation,
        "standard_error": finding.value.standard_error,
        "samples": finding.value.samples,
    })
}

/// Name by which decks of particle migration find a barrier.
const HOP_BARRIER: &str = "hop barrier";

fn quantities(report: &Report) -> QuantityFile {
    let source = report.recipe.join("; ");
    let written = |value: f64, unit: &str| format!("{value} {unit}").trim_end().to_owned();
    let quantities = report.findings.iter().map(|finding| NamedQuantity {
        name: finding.name.clone(),
        value: written(finding.value.mean, finding.unit),
        uncertainty: finding
            .value
            .standard_error
            .map(|error| written(error, finding.unit)),
        source: Some(source.clone()),
    });
    let mut quantities: Vec<NamedQuantity> = quantities.collect();
    // The barrier of a hop under the name by which other methods look for it.
    let barrier = |one: &&NamedQuantity| one.name == "barrier" || one.name.starts_with("barrier, ");
    if let Some(barrier) = quantities.iter().find(barrier) {
        let mut alias = barrier.clone();
        alias.source = Some(format!("{}; {source}", barrier.name));
        alias.name = HOP_BARRIER.to_owned();
        quantities.insert(0, alias);
    }
    QuantityFile::new(quantities)
}

/// The profile of a path as a picture: its spline, the images, and the maxima and minima on it.
pub(crate) fn picture(title: &str, profile: &Profile) -> String {
    let mut curve = Vec::new();
    for pair in profile.coordinate.windows(2) {
        let at = |k: usize| pair[0] + (pair[1] - pair[0]) * k as f64 / POINTS as f64;
        curve.extend((0..POINTS).map(|k| [at(k), profile.at(at(k))]));
    }
    let images: Vec<[f64; 2]> = profile
        .coordinate
        .iter()
        .copied()
        .zip(profile.energy.iter().copied())
        .map(|(s, e)| [s, e])
        .collect();
    curve.extend(images.last());
    let extrema = profile.maxima().into_iter().chain(profile.minima());
    let annotations = extrema.map(|one| Annotation {
        at: [one.coordinate, one.energy],
        label: format!("{:.3} eV", one.energy),
    });
    Curve {
        title: title.to_owned(),
        labels: [
            "length of the path [Å]".to_owned(),
            "energy above the start [eV]".to_owned(),
        ],
        curve,
        points: images,
        annotations: annotations.collect(),
    }
    .svg()
}

/// Energies against volume with the fit, as a picture.
pub(crate) fn state_picture(title: &str, found: &EquationOfState) -> String {
    let [first, last] = [found.points[0][0], found.points[found.points.len() - 1][0]];
    let steps = 4 * POINTS;
    let volume = |k: usize| first + (last - first) * k as f64 / steps as f64;
    let above = |volume: f64, energy: f64| [volume, 1e3 * (energy - found.fit.energy)];
    Curve {
        title: format!("{title}: Birch-Murnaghan equation of state"),
        labels: [
            "volume per atom [Å³]".to_owned(),
            "energy per atom above the least [meV]".to_owned(),
        ],
        curve: (0..=steps)
            .map(|k| above(volume(k), found.fit.at(volume(k))))
            .collect(),
        points: found
            .points
            .iter()
            .map(|point| above(point[0], point[1]))
            .collect(),
        annotations: Vec::new(),
    }
    .svg()
}

/// A profile as a table.
pub(crate) fn profile_samples(profile: &Profile) -> Samples {
    let mut samples = Samples::new(&[
        ("image", ""),
        ("path", "Å"),
        ("energy", "eV"),
        ("slope", "eV/Å"),
    ]);
    for k in 0..profile.energy.len() {
        samples.rows.push(vec![
            k as f64,
            profile.coordinate[k],
            profile.energy[k],
            profile.slope[k],
        ]);
    }
    samples
}

//! Plots of a run: Cu fraction, dipole, force and speeds against time; the histogram of speeds.

use frit_analysis::{Figure, Line, Panel};
use frit_io::Table;
use serde_json::{Map, Value};

use crate::run::{PLOTS, RunDirectory, RunError, SPEEDS, TABLE};

const TIME: &str = "time [s]";

/// Draws the plots of a finished run; those of sizes for the radii [m] at the end of a population that
/// changes.
///
/// # Errors
/// A table cannot be read, or a plot not be written.
pub(super) fn draw(
    directory: &RunDirectory,
    title: &str,
    summary: &Map<String, Value>,
    radii: Option<&[f64]>,
) -> Result<(), RunError> {
    let averages = Table::read(&directory.file(TABLE))?;
    let speeds = Table::read(&directory.file(SPEEDS))?;
    let panels = vec![
        panel(&averages, "Cu fraction", Some(0.0))?,
        panel(&averages, "dipole", Some(0.0))?,
        panel(&averages, "force [nN]", Some(0.0))?,
        panel(&averages, "O2 pressure [kPa]", None)?,
        panel(&speeds, "mean speed [nm/s]", Some(0.0))?,
        panel(&speeds, "share above 10 nm/s", Some(0.0))?,
    ];
    let over_time = figure(title, TIME, panels);
    directory.write_text(&format!("{PLOTS}/time.svg"), &over_time.svg())?;
    if let Some(radii) = radii {
        let population = ["particles", "mean radius [nm]", "deviation of ln radius"];
        let panels: Result<Vec<Panel>, RunError> = population
            .iter()
            .map(|header| panel(&averages, header, None))
            .collect();
        let population = figure(title, TIME, panels?);
        directory.write_text(&format!("{PLOTS}/population.svg"), &population.svg())?;
        directory.write_text(&format!("{PLOTS}/sizes.svg"), &sizes(title, radii).svg())?;
    }
    let steps = Panel {
        label: "share of frame speeds".to_owned(),
        lines: vec![Line {
            label: String::new(),
            points: stairs(
                &list(summary, "speed_bins_nm_per_s"),
                &list(summary, "speed_shares"),
            ),
        }],
        include: Some(0.0),
    };
    let speeds = figure(title, "frame speed [nm/s]", vec![steps]);
    directory.write_text(&format!("{PLOTS}/speeds.svg"), &speeds.svg())
}

fn figure(title: &str, label: &str, panels: Vec<Panel>) -> Figure {
    Figure {
        title: title.to_owned(),
        time_label: label.to_owned(),
        panels,
        marks: Vec::new(),
    }
}

fn panel(table: &Table, header: &str, include: Option<f64>) -> Result<Panel, RunError> {
    let points = table.reals(TIME)?.into_iter().zip(table.reals(header)?);
    let points = points.filter_map(|(time, value)| Some([time?, value?]));
    Ok(Panel {
        label: header.to_owned(),
        lines: vec![Line {
            label: String::new(),
            points: points.collect(),
        }],
        include,
    })
}

/// Width of the bins of radii, in mean radii.
const BIN: f64 = 0.1;

/// The density of radii over their mean, beside a log-normal one with the same mean and deviation of
/// the logarithm.
fn sizes(title: &str, radii: &[f64]) -> Figure {
    let count = radii.len().max(1) as f64;
    let mean = radii.iter().sum::<f64>() / count;
    let logarithms: Vec<f64> = radii.iter().map(|radius| (radius / mean).ln()).collect();
    let middle = logarithms.iter().sum::<f64>() / count;
    let squares = logarithms.iter().map(|value| (value - middle).powi(2));
    let deviation = (squares.sum::<f64>() / count).sqrt();
    let bin = |radius: &f64| (radius / mean / BIN) as usize;
    let mut counts = vec![0.0; radii.iter().map(bin).max().unwrap_or(0) + 1];
    for radius in radii {
        counts[bin(radius)] += 1.0 / (count * BIN);
    }
    let steps = counts.iter().enumerate();
    let steps = steps.flat_map(|(k, &density)| [k, k + 1].map(|edge| [edge as f64 * BIN, density]));
    let normal = |z: f64| {
        let distance = (z.ln() + 0.5 * deviation * deviation) / deviation;
        (-0.5 * distance * distance).exp() / (z * deviation * std::f64::consts::TAU.sqrt())
    };
    let curve = (1..=10 * counts.len()).map(|k| 0.1 * BIN * k as f64);
    let panel = Panel {
        label: "density of particles at the end".to_owned(),
        lines: vec![
            Line {
                label: format!("{} particles, mean {:.3} nm", radii.len(), mean * 1e9),
                points: steps.collect(),
            },
            Line {
                label: format!("log-normal, {deviation:.3}"),
                // Equal radii have no such density.
                points: curve
                    .map(|z| [z, normal(z)])
                    .filter(|_| deviation > 0.0)
                    .collect(),
            },
        ],
        include: Some(0.0),
    };
    figure(title, "radius over mean radius", vec![panel])
}

fn list(summary: &Map<String, Value>, key: &str) -> Vec<f64> {
    let values = summary.get(key).and_then(Value::as_array);
    let values = values.into_iter().flatten();
    values.filter_map(Value::as_f64).collect()
}

/// A histogram as stairs; the last bin is drawn as wide as the one before.
fn stairs(edges: &[f64], shares: &[f64]) -> Vec<[f64; 2]> {
    let mut points = Vec::new();
    for (k, (&left, &share)) in edges.iter().zip(shares).enumerate() {
        let before = left - if k > 0 { edges[k - 1] } else { 0.0 };
        let right = edges.get(k + 1).copied().unwrap_or(left + before);
        points.extend([[left, share], [right, share]]);
    }
    points
}

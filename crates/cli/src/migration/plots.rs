//! Plots of a run: Cu fraction, dipole, force and speeds against time; the histogram of speeds.

use frit_analysis::{Figure, Line, Panel};
use frit_io::Table;
use serde_json::{Map, Value};

use crate::run::{PLOTS, RunDirectory, RunError, SPEEDS, TABLE};

const TIME: &str = "time [s]";

/// Draws the plots of a finished run.
///
/// # Errors
/// A table cannot be read, or a plot not be written.
pub(super) fn draw(
    directory: &RunDirectory,
    title: &str,
    summary: &Map<String, Value>,
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
    let population = ["particles", "mean radius [nm]", "deviation of ln radius"];
    let panels: Result<Vec<Panel>, RunError> = population
        .iter()
        .map(|header| panel(&averages, header, None))
        .collect();
    let population = figure(title, TIME, panels?);
    directory.write_text(&format!("{PLOTS}/population.svg"), &population.svg())?;
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

//! Tables that continue from a checkpoint, and parameters in reports.

use std::fmt::Write;

use frit_analysis::{Line, Panel};
use frit_io::{Checkpoint, Table, TableColumn, TableWriter};
use frit_lattice::{Described, Status};
use serde_json::{Map, Value, json};

use super::quantities::Taken;
use crate::run::{RunDirectory, RunError};

/// Where a table had come to at a checkpoint.
pub(super) const POSITION: &str = "output.table";

/// A table from its beginning, or from a checkpoint.
pub(super) fn open(
    directory: &RunDirectory,
    name: &str,
    columns: &[(String, &str)],
    checkpoint: Option<&Checkpoint>,
) -> Result<TableWriter, RunError> {
    let columns: Vec<TableColumn> = columns
        .iter()
        .map(|(name, unit)| TableColumn::new(name, *unit))
        .collect();
    let path = directory.file(name);
    Ok(match checkpoint {
        None => TableWriter::create(&path, &columns)?,
        Some(checkpoint) => {
            let position = checkpoint.get_u64s(POSITION)?.iter().sum();
            TableWriter::resume(&path, &columns, position)?
        }
    })
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Physics => "physics",
        Status::Literature => "literature",
        Status::Choice => "choice",
        Status::Fit => "fit",
    }
}

/// A parameter with its value and whence that comes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    /// Its name.
    pub(super) name: &'static str,
    /// Its unit; empty for a pure number.
    pub(super) unit: &'static str,
    /// Its value.
    pub(super) value: f64,
    /// "literature", "fit", ... of a default; "deck", "file".
    pub(super) status: &'static str,
    /// Source or reason.
    pub(super) source: String,
}

/// Values that differ by less are the same, written with other digits.
const SAME: f64 = 1e-12;

/// Whence the values of parameters come: from a file, from the deck where they are not the
/// defaults, or from what the defaults come from.
pub(super) fn told(parameters: &[Described], taken: &[Taken]) -> Vec<Told> {
    let parameters = parameters.iter().map(|parameter| {
        let from_file = taken.iter().find(|taken| taken.name == parameter.name);
        let is_default = (parameter.value - parameter.default).abs()
            <= SAME * parameter.value.abs().max(parameter.default.abs());
        let (status, source) = match from_file {
            Some(taken) => ("file", taken.source.clone()),
            None if is_default => (status(parameter.status), parameter.source.to_owned()),
            None => (
                "deck",
                format!("given in the deck; default {}", short(parameter.default)),
            ),
        };
        Told {
            name: parameter.name,
            unit: parameter.unit,
            value: parameter.value,
            status,
            source,
        }
    });
    parameters.collect()
}

/// A number with at most eight digits, for people.
pub(super) fn short(value: f64) -> String {
    // To decimals and back, so that zeros at the end vanish.
    let rounded = format!("{value:.7e}").parse().unwrap_or(value);
    match f64::abs(rounded) {
        large if large >= 1e6 => format!("{rounded:e}"),
        _ => rounded.to_string(),
    }
}

/// Parameters with unit, status and source, for the summary.
pub(super) fn summary_of(parameters: &[Told]) -> Value {
    let entries = parameters.iter().map(|parameter| {
        let value = json!({
            "value": parameter.value,
            "unit": parameter.unit,
            "status": parameter.status,
            "source": parameter.source,
        });
        (parameter.name.to_owned(), value)
    });
    Value::Object(entries.collect::<Map<String, Value>>())
}

/// Parameters with unit, status and source, for people.
pub(super) fn report_of(parameters: &[Told]) -> String {
    let mut text = String::new();
    for parameter in parameters {
        let value = short(parameter.value);
        let _ = writeln!(
            text,
            "{:<20}{value:>10} {:<5}{}: {}",
            parameter.name, parameter.unit, parameter.status, parameter.source
        );
    }
    text
}

/// A panel of columns of a table against another.
///
/// # Errors
/// The table has no such column.
pub(super) fn panel(
    table: &Table,
    [x, label]: [&str; 2],
    columns: &[(&str, &str)],
    include: Option<f64>,
) -> Result<Panel, RunError> {
    let mut lines = Vec::new();
    for (name, column) in columns {
        let points = table.reals(x)?.into_iter().zip(table.reals(column)?);
        lines.push(Line {
            label: (*name).to_owned(),
            points: points.filter_map(|(x, y)| Some([x?, y?])).collect(),
        });
    }
    Ok(Panel {
        label: label.to_owned(),
        lines,
        include,
    })
}

//! Tables that continue from a checkpoint, and parameters in reports.

use std::fmt::Write;

use frit_analysis::{Line, Panel};
use frit_io::{Checkpoint, Table, TableColumn, TableWriter};
use frit_lattice::{Described, Status};
use serde_json::{Map, Value, json};

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

/// Parameters with unit and status, for the summary.
pub(super) fn summary_of(parameters: &[Described]) -> Value {
    let entries = parameters.iter().map(|parameter| {
        let value = json!({
            "value": parameter.value,
            "unit": parameter.unit,
            "status": status(parameter.status),
        });
        (parameter.name.to_owned(), value)
    });
    Value::Object(entries.collect::<Map<String, Value>>())
}

/// Parameters with unit, status and source, for people.
pub(super) fn report_of(parameters: &[Described]) -> String {
    let mut text = String::new();
    for parameter in parameters {
        let changed = if parameter.value == parameter.default {
            format!("{}: {}", status(parameter.status), parameter.source)
        } else {
            format!("given here; default {}", parameter.default)
        };
        let _ = writeln!(
            text,
            "{:<50}{:>12} {:<14}{changed}",
            parameter.name, parameter.value, parameter.unit
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

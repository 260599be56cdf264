//! Tables of a scan: one row a run, and one row a point with means and standard errors.

use std::fmt::Write as _;

use frit_deck::{Collect, Scan};
use frit_io::{Entry, TableColumn, TableWriter};
use serde_json::Value;

use super::POINTS;
use super::points::Point;
use crate::run::{RunDirectory, RunError, SUMMARY};

/// One row a point.
pub(super) const TABLE: &str = "scan.csv";
/// One row a run.
const RUNS: &str = "runs.csv";

/// What the runs of a point say of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Statistic {
    /// Runs that have the number.
    pub count: usize,
    /// Their mean.
    pub mean: Option<f64>,
    /// Standard error of the mean; from two runs on.
    pub error: Option<f64>,
    /// For times of events: time observed over events, the mean time to an event if the rate is
    /// constant, and its standard error.
    pub waiting: Option<[f64; 2]>,
}

impl Statistic {
    fn of(values: &[Option<f64>], observed: Option<&[Option<f64>]>) -> Self {
        let seen: Vec<f64> = values.iter().copied().flatten().collect();
        let count = seen.len();
        let mean = (count > 0).then(|| seen.iter().sum::<f64>() / count as f64);
        let error = mean.filter(|_| count > 1).map(|mean| {
            let square = seen.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
            (square / (count as f64 * (count as f64 - 1.0))).sqrt()
        });
        // Maximum likelihood for exponential waiting times, censored at the end of a run.
        let waiting = observed.filter(|_| count > 0).map(|observed| {
            let exposure: f64 = values
                .iter()
                .zip(observed)
                .filter_map(|(value, observed)| value.or(*observed))
                .sum();
            let waiting = exposure / count as f64;
            [waiting, waiting / (count as f64).sqrt()]
        });
        Self {
            count,
            mean,
            error,
            waiting,
        }
    }
}

/// All that was collected.
pub(super) struct Collected {
    /// The rows of [`TABLE`].
    table: Sheet,
    /// The rows of [`RUNS`].
    runs: Sheet,
    /// For each point and collected number.
    pub statistics: Vec<Vec<Statistic>>,
    /// The summary of each run that has one, in the order of the runs.
    pub summaries: Vec<Option<Value>>,
}

struct Sheet {
    columns: Vec<TableColumn>,
    rows: Vec<Vec<Entry>>,
}

/// Reads the summaries of all points.
///
/// # Errors
/// A summary is there but cannot be read.
pub(super) fn collect(
    scan: &Scan,
    points: &[Point],
    directory: &RunDirectory,
) -> Result<Collected, RunError> {
    let mut summaries = Vec::new();
    for point in points {
        let path = directory.file(POINTS).join(point.name()).join(SUMMARY);
        summaries.push(match std::fs::read_to_string(path) {
            Ok(text) => Some(serde_json::from_str::<Value>(&text)?),
            Err(_) => None,
        });
    }
    let replicas = scan.replicas as usize;
    let statistics: Vec<Vec<Statistic>> = summaries
        .chunks(replicas)
        .map(|runs| {
            let of = |path: &str| -> Vec<Option<f64>> {
                runs.iter().map(|run| number(run.as_ref(), path)).collect()
            };
            let one = |collect: &Collect| {
                let observed = collect.observed.as_deref().map(of);
                Statistic::of(&of(&collect.value), observed.as_deref())
            };
            scan.collect.iter().map(one).collect()
        })
        .collect();
    Ok(Collected {
        table: point_sheet(scan, points, &statistics),
        runs: run_sheet(scan, points, &summaries),
        statistics,
        summaries,
    })
}

/// The value at a path of keys joined with points; elements of lists go by their number.
pub(super) fn at<'a>(summary: Option<&'a Value>, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(summary?, |value, key| match value {
            Value::Array(list) => list.get(key.parse::<usize>().ok()?),
            _ => value.get(key),
        })
}

/// A number in a summary; a switch counts as 0 or 1.
fn number(summary: Option<&Value>, path: &str) -> Option<f64> {
    match at(summary, path)? {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        value => value.as_f64(),
    }
}

fn axis_columns(scan: &Scan) -> Vec<TableColumn> {
    let column =
        |axis: &frit_deck::ScanAxis| TableColumn::new(axis.path.clone(), axis.values.unit.clone());
    scan.axes.iter().map(column).collect()
}

fn axis_entries(scan: &Scan, point: &Point) -> Vec<Entry> {
    let entry = |(axis, &at): (&frit_deck::ScanAxis, &usize)| match &axis.values.numbers {
        Some(numbers) => Entry::Real(numbers[at]),
        None => Entry::Text(axis.values.toml[at].trim_matches('"').to_owned()),
    };
    scan.axes.iter().zip(&point.choice).map(entry).collect()
}

fn real(value: Option<f64>) -> Entry {
    value.map_or(Entry::Empty, Entry::Real)
}

fn point_sheet(scan: &Scan, points: &[Point], statistics: &[Vec<Statistic>]) -> Sheet {
    let mut columns = vec![TableColumn::new("point", "")];
    columns.extend(axis_columns(scan));
    for collect in &scan.collect {
        let column = |name: String| TableColumn::new(name, collect.unit.clone());
        let label = &collect.label;
        columns.push(column(label.clone()));
        columns.push(column(format!("{label}: standard error")));
        columns.push(TableColumn::new(format!("{label}: runs"), ""));
        if collect.observed.is_some() {
            columns.push(column(format!("{label}: time observed per event")));
            columns.push(column(format!("{label}: its standard error")));
        }
    }
    let rows = points.chunks(scan.replicas as usize).zip(statistics);
    let rows = rows.map(|(runs, statistics)| {
        let mut row = vec![Entry::Integer(runs[0].number as i64)];
        row.extend(axis_entries(scan, &runs[0]));
        for (collect, statistic) in scan.collect.iter().zip(statistics) {
            row.push(real(statistic.mean));
            row.push(real(statistic.error));
            row.push(Entry::Integer(statistic.count as i64));
            if collect.observed.is_some() {
                row.push(real(statistic.waiting.map(|[time, _]| time)));
                row.push(real(statistic.waiting.map(|[_, error]| error)));
            }
        }
        row
    });
    Sheet {
        columns,
        rows: rows.collect(),
    }
}

fn run_sheet(scan: &Scan, points: &[Point], summaries: &[Option<Value>]) -> Sheet {
    let mut columns = ["point", "replica", "seed"]
        .map(|name| TableColumn::new(name, ""))
        .to_vec();
    columns.extend(axis_columns(scan));
    columns.push(TableColumn::new("directory", ""));
    columns.push(TableColumn::new("finished", ""));
    for collect in &scan.collect {
        columns.push(TableColumn::new(
            collect.label.clone(),
            collect.unit.clone(),
        ));
        if let Some(observed) = &collect.observed {
            columns.push(TableColumn::new(observed.clone(), collect.unit.clone()));
        }
    }
    let rows = points.iter().zip(summaries).map(|(point, summary)| {
        let mut row = vec![
            Entry::Integer(point.number as i64),
            Entry::Integer(point.replica as i64),
            Entry::Integer(point.seed as i64),
        ];
        row.extend(axis_entries(scan, point));
        row.push(Entry::Text(format!("{POINTS}/{}", point.name())));
        row.push(Entry::Integer(i64::from(summary.is_some())));
        for collect in &scan.collect {
            row.push(real(number(summary.as_ref(), &collect.value)));
            if let Some(observed) = &collect.observed {
                row.push(real(number(summary.as_ref(), observed)));
            }
        }
        row
    });
    Sheet {
        columns,
        rows: rows.collect(),
    }
}

impl Collected {
    /// Writes both tables.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(super) fn write(&self, directory: &RunDirectory) -> Result<(), RunError> {
        for (name, sheet) in [(TABLE, &self.table), (RUNS, &self.runs)] {
            let mut writer = TableWriter::create(&directory.file(name), &sheet.columns)?;
            for row in &sheet.rows {
                writer.row(row)?;
            }
            writer.sync()?;
        }
        Ok(())
    }

    /// The table of points for people.
    pub(super) fn to_text(&self) -> String {
        let header = self.table.columns.iter().map(TableColumn::header);
        let mut rows: Vec<Vec<String>> = vec![header.collect()];
        let word = |entry: &Entry| match entry {
            Entry::Integer(value) => value.to_string(),
            Entry::Real(value) if *value == 0.0 => "0".to_owned(),
            Entry::Real(value) if (1e-3..1e5).contains(&value.abs()) => format!("{value:.4}"),
            Entry::Real(value) => format!("{value:.3e}"),
            Entry::Text(text) => text.clone(),
            Entry::Empty => "-".to_owned(),
        };
        let body = self.table.rows.iter();
        rows.extend(body.map(|row| row.iter().map(word).collect()));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let widths: Vec<usize> = (0..rows[0].len()).filter_map(width).collect();
        let mut text = String::new();
        for row in &rows {
            for (word, width) in row.iter().zip(&widths) {
                // Writing to a string cannot fail.
                let _ = write!(text, "{word:>width$}  ");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_errors_and_waiting_times() {
        let values = [Some(1.0), Some(3.0), None, None];
        let observed = [Some(5.0); 4];
        let found = Statistic::of(&values, Some(&observed));
        assert_eq!((found.count, found.mean), (2, Some(2.0)));
        assert_eq!(found.error, Some(1.0));
        // 1 + 3 + 5 + 5 over two events.
        assert_eq!(found.waiting, Some([7.0, 7.0 / 2.0_f64.sqrt()]));
        let none = Statistic::of(&[None], Some(&[Some(5.0)]));
        assert_eq!((none.count, none.mean, none.waiting), (0, None, None));
    }

    #[test]
    fn paths_go_through_tables_and_lists() {
        let summary = serde_json::json!({"neck": {"time": 2.5}, "list": [1, true]});
        assert_eq!(number(Some(&summary), "neck.time"), Some(2.5));
        assert_eq!(number(Some(&summary), "list.1"), Some(1.0));
        assert_eq!(number(Some(&summary), "neck.none"), None);
        assert_eq!(number(None, "neck"), None);
    }
}

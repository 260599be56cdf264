//! `[scan]`: one deck, many runs.

use std::path::Path;

use crate::deck::{Read, read_text, read_with};
use crate::document::Document;
use crate::error::{DeckErrorKind, DeckErrors};
use crate::walk::form::{AnyValue, Integer, ListOf, Number, Switch, Text, quoted};
use crate::walk::{Table, key, table};

/// Name of the table; decks of every method may have it.
pub(crate) const SCAN: &str = "scan";

/// Many runs of one deck: every combination of the axes' values, each with several seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Runs of each point, with the deck's seed, the next one and so on.
    pub replicas: u64,
    /// What is varied; the last axis varies fastest.
    pub axes: Vec<Axis>,
    /// What is taken from the summary of each run.
    pub collect: Vec<Collect>,
    /// Plots of a column against another, one line for each point.
    pub overlays: Vec<Overlay>,
    /// Plots of a list in the summaries against another, one line for each point.
    pub profiles: Vec<Profile>,
    canonical: String,
}

/// One thing that is varied.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Which value of the deck, as in an override: `structure.pair.gap`.
    pub path: String,
    /// Other values of the deck that vary with it and are equal to it.
    pub also: Vec<String>,
    /// Its values.
    pub values: Values,
}

/// Values of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// As TOML, ready for overrides.
    pub toml: Vec<String>,
    /// As numbers of one unit, if all of them are.
    pub numbers: Option<Vec<f64>>,
    /// The unit of the numbers; empty for pure ones.
    pub unit: String,
}

/// A number of the summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Collect {
    /// Where it stands in `summary.json`: keys joined with points.
    pub value: String,
    /// Its unit, for headers; empty for pure numbers.
    pub unit: String,
    /// What plots call it.
    pub label: String,
    /// For times of events: the time observed, also of runs without the event.
    pub observed: Option<String>,
    /// Whether it is drawn.
    pub plot: bool,
}

/// A column of a table against another.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// The table in each run directory.
    pub table: String,
    /// Header of the horizontal axis.
    pub x: String,
    /// Header of the vertical axis.
    pub y: String,
}

/// A list in the summary against another.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Where the horizontal values stand in `summary.json`.
    pub x: String,
    /// Where the vertical values stand.
    pub y: String,
    /// What plots call both.
    pub labels: [String; 2],
    /// From here on the vertical values are drawn once more.
    pub tail: Option<f64>,
}

impl Scan {
    /// The `[scan]` of a deck, if it has one; the rest of the deck is not looked at.
    ///
    /// # Errors
    /// Everything that is wrong with it, or the file cannot be read.
    pub fn of_file(path: &Path, overrides: &[String]) -> Result<Option<Self>, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }

    /// As [`Scan::of_file`], from the text.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(
        path: &Path,
        text: &str,
        overrides: &[String],
    ) -> Result<Option<Self>, DeckErrors> {
        let document = Document::read(path, text, overrides).document;
        if document.root().get(SCAN).is_none() {
            return Ok(None);
        }
        let Read {
            parts, canonical, ..
        } = read_with(path, text, overrides, |walk| {
            walk.root(|table| {
                let scan = read(table);
                table.ignore_others();
                scan
            })
        })?;
        Ok(parts.map(|mut scan| {
            scan.canonical = canonical;
            scan
        }))
    }

    /// The table with every default filled in.
    #[must_use]
    pub fn to_canonical_toml(&self) -> &str {
        &self.canonical
    }

    /// How many points there are, replicas not counted.
    #[must_use]
    pub fn points(&self) -> usize {
        self.axes
            .iter()
            .map(|axis| axis.values.toml.len())
            .product()
    }
}

/// Largest number of values of an axis.
const MOST: usize = 100_000;

/// Reads `[scan]` from the top level of a deck.
pub(crate) fn read(top: &mut Table<'_, '_>) -> Option<Scan> {
    let key = table(
        SCAN,
        "Many runs of one deck: each point is a run directory below `points/`, `scan.csv` has a row for each",
    );
    top.optional_table(key, "one run", read_table)
}

fn read_table(table: &mut Table<'_, '_>) -> Option<Scan> {
    let replicas = table.default(
        key(
            "replicas",
            "Runs of each point, with the deck's seed, the next one and so on",
            "3",
        ),
        &Integer(1..=100_000),
        "1",
    );
    let axes = table.optional_list(
        self::table(
            "axis",
            "What is varied; every combination of the axes' values is a point, the last axis varies fastest",
        ),
        "only replicas",
        |table, _| read_axis(table),
    );
    let collect = table.optional_list(
        self::table(
            "collect",
            "A number of `summary.json` that goes into the table `scan.csv` (mean and standard error of the replicas) and into a plot",
        ),
        "none",
        |table, _| read_collect(table),
    );
    let overlays = table.optional_list(
        self::table(
            "overlay",
            "A plot of a column of a table against another, one line for each point (its first replica)",
        ),
        "none",
        |table, _| {
            let column = |name, meaning, example| key(name, meaning, example);
            let file = table.default(
                column("table", "The table in each run directory", "\"table.csv\""),
                &Text,
                "\"table.csv\"",
            );
            let x = table.required(
                column("x", "Header of the horizontal axis", "\"time [s]\""),
                &Text,
            );
            let y = table.required(
                column("y", "Header of the vertical axis", "\"Cu fraction\""),
                &Text,
            );
            Some(Overlay {
                table: file,
                x: x?,
                y: y?,
            })
        },
    );
    let profiles = table.optional_list(
        self::table(
            "profile",
            "A plot of a list in `summary.json` against another, such as a histogram, one line for each point (mean of its replicas)",
        ),
        "none",
        |table, _| {
            let meaning = "Where the horizontal values stand in `summary.json`";
            let x = table.required(key("x", meaning, "\"speed_bins_nm_per_s\""), &Text);
            let meaning = "Where the vertical values stand in `summary.json`";
            let y = table.required(key("y", meaning, "\"speed_shares\""), &Text);
            let name = |table: &mut Table<'_, '_>, name, meaning, example, of: &Option<String>| {
                let label = table.optional(key(name, meaning, example), &Text, "the key");
                let plain = || of.as_deref().unwrap_or_default().replace('_', " ");
                label.unwrap_or_else(plain)
            };
            let meaning = "What plots call the horizontal values";
            let across = name(table, "x_label", meaning, "\"speed [nm/s]\"", &x);
            let meaning = "What plots call the vertical values";
            let up = name(table, "y_label", meaning, "\"share of speeds\"", &y);
            let tail = table.optional(
                key("tail", "From here on the vertical values are drawn once more in a panel of their own, for small ones", "10.0"),
                &Number,
                "no such panel",
            );
            Some(Profile {
                x: x?,
                y: y?,
                labels: [across, up],
                tail,
            })
        },
    );
    let complete = |some: usize, all: usize| some == all;
    let (axes_read, axes): (usize, Vec<Axis>) = (axes.len(), axes.into_iter().flatten().collect());
    let (collect_read, collect): (usize, Vec<Collect>) =
        (collect.len(), collect.into_iter().flatten().collect());
    if !complete(axes.len(), axes_read) || !complete(collect.len(), collect_read) {
        return None;
    }
    Some(Scan {
        replicas,
        axes,
        collect,
        overlays: overlays.into_iter().flatten().collect(),
        profiles: profiles.into_iter().flatten().collect(),
        canonical: String::new(),
    })
}

fn read_axis(table: &mut Table<'_, '_>) -> Option<Axis> {
    let path = table.required(
        key(
            "path",
            "Which value of the deck, as in `--set`",
            "\"structure.pair.gap\"",
        ),
        &Text,
    );
    let also = table.optional(
        key(
            "also",
            "Other values of the deck that are to be equal to it, such as the temperature of another stage",
            "[\"stage.equilibrate.velocities.temperature\"]",
        ),
        &ListOf {
            form: Text,
            lengths: 1..=MOST,
        },
        "nothing else",
    );
    let values = table.optional(
        key(
            "values",
            "The values, as the deck takes them",
            "[\"400 °C\", \"500 °C\"]",
        ),
        &ListOf {
            form: AnyValue,
            lengths: 1..=MOST,
        },
        "`from`, `to` and `count`",
    );
    let end = |table: &mut Table<'_, '_>, name, meaning, example| {
        table.optional(key(name, meaning, example), &AnyValue, "`values`")
    };
    let from = end(
        table,
        "from",
        "The first of evenly spaced values",
        "\"400 °C\"",
    );
    let to = end(
        table,
        "to",
        "The last of them, in the same unit",
        "\"600 °C\"",
    );
    let count = table.optional(
        key("count", "How many there are", "5"),
        &Integer(2..=MOST as u64),
        "`values`",
    );
    table.exactly_one(&["values", "from"]);
    if table.has("from") {
        table.demand("to");
        table.demand("count");
    }
    let toml = match (values, from, to, count) {
        (Some(values), ..) => values,
        (None, Some(from), Some(to), Some(count)) => match between(&from, &to, count) {
            Some(values) => values,
            None => {
                table.error_at(
                    "to",
                    DeckErrorKind::Inconsistent,
                    format!("{from} and {to} are no two numbers of the same unit"),
                    "write both with the same unit, or list the `values`".to_owned(),
                );
                return None;
            }
        },
        _ => return None,
    };
    Some(Axis {
        path: path?,
        also: also.unwrap_or_default(),
        values: Values::of(toml),
    })
}

fn read_collect(table: &mut Table<'_, '_>) -> Option<Collect> {
    let value = table.required(
        key(
            "value",
            "Where it stands in `summary.json`: keys joined with points",
            "\"neck.start.time\"",
        ),
        &Text,
    );
    let unit = table.default(
        key("unit", "Its unit, for headers", "\"ps\""),
        &Text,
        "\"\"",
    );
    let label = table.optional(
        key("label", "What plots call it", "\"time to a neck\""),
        &Text,
        "the last key",
    );
    let observed = table.optional(
        key(
            "observed",
            "For times of events that some runs do not see: where the time observed stands; the table then has the rate estimate \
             Σ time observed / events, too",
            "\"time_ps\"",
        ),
        &Text,
        "every run is expected to have the value",
    );
    let plot = table.default(key("plot", "Whether it is drawn", "false"), &Switch, "true");
    let value = value?;
    let label = label.unwrap_or_else(|| {
        let last = value.rsplit('.').next().unwrap_or(&value);
        last.replace('_', " ")
    });
    Some(Collect {
        value,
        unit,
        label,
        observed,
        plot,
    })
}

/// `count` values from `from` to `to`, both TOML.
fn between(from: &str, to: &str, count: u64) -> Option<Vec<String>> {
    let (first, unit) = number_and_unit(from)?;
    let (last, same) = number_and_unit(to)?;
    if unit != same {
        return None;
    }
    let value = |k: u64| {
        let share = k as f64 / (count - 1) as f64;
        // Decimal fractions as typed: 0.1 + 2 x 0.1 is 0.3.
        let value = first + (last - first) * share;
        let value = format!("{value:.12}").parse::<f64>().unwrap_or(value);
        match unit.as_str() {
            "" => format!("{value}"),
            unit => quoted(&format!("{value} {unit}")),
        }
    };
    Some((0..count).map(value).collect())
}

/// The number and the unit of a TOML value.
fn number_and_unit(toml: &str) -> Option<(f64, String)> {
    if let Ok(number) = toml.parse::<f64>() {
        return Some((number, String::new()));
    }
    let text = toml.trim_matches(['"', '\'']);
    let (number, unit) = text.trim().split_once(char::is_whitespace)?;
    Some((number.parse().ok()?, unit.trim().to_owned()))
}

impl Values {
    fn of(toml: Vec<String>) -> Self {
        let parsed: Option<Vec<(f64, String)>> =
            toml.iter().map(|value| number_and_unit(value)).collect();
        let parsed = parsed.filter(|all| all.iter().all(|(_, unit)| *unit == all[0].1));
        let unit = match &parsed {
            Some(all) => all[0].1.clone(),
            None => String::new(),
        };
        Self {
            numbers: parsed.map(|all| all.into_iter().map(|(number, _)| number).collect()),
            unit,
            toml,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_between_keep_unit_and_ends() {
        let values = between("\"400 °C\"", "\"600 °C\"", 5).unwrap();
        assert_eq!(values[0], "\"400 °C\"");
        assert_eq!(values[1], "\"450 °C\"");
        assert_eq!(values[4], "\"600 °C\"");
        assert_eq!(between("2", "10", 5).unwrap(), ["2", "4", "6", "8", "10"]);
        assert!(between("\"1 nm\"", "\"2 Å\"", 3).is_none());
    }

    #[test]
    fn a_scan_is_read_beside_any_deck() {
        let text = "[[scan.axis]]\npath = \"a.b\"\nalso = [\"c.d\"]\nvalues = [\"1 nm\", \"3 nm\"]\n\
                    [[scan.axis]]\npath = \"seed\"\nfrom = 1\nto = 4\ncount = 4\n\
                    [[scan.collect]]\nvalue = \"neck.time\"\nunit = \"ps\"\n[other]\nx = 1\n";
        let scan = Scan::parse(Path::new("deck.toml"), text, &[])
            .unwrap()
            .unwrap();
        assert_eq!(scan.axes[0].also, ["c.d"]);
        assert_eq!(scan.points(), 8);
        assert_eq!(scan.axes[0].values.numbers, Some(vec![1.0, 3.0]));
        assert_eq!(scan.axes[0].values.unit, "nm");
        assert_eq!(scan.collect[0].label, "time");
        let wrong = "[[scan.axis]]\npath = \"a\"\nfrom = \"1 nm\"\nto = \"2 Å\"\ncount = 3\n";
        assert!(Scan::parse(Path::new("deck.toml"), wrong, &[]).is_err());
        assert!(
            Scan::parse(Path::new("deck.toml"), "x = 1\n", &[])
                .unwrap()
                .is_none()
        );
    }
}

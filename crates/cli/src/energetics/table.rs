//! `frit energies table`: recipes of a file, compared with references.

use std::path::{Path, PathBuf};

use clap::Parser;
use frit_energetics::{Finding, Report};
use frit_io::{Entry, TableColumn, TableWriter};
use serde::Deserialize;

use super::arguments::{RecipeArguments, TableArguments};
use super::output;
use super::tools::{DeckPotential, beside};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal;

/// A file of recipes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The deck of the potential, relative to the file's folder.
    potential: PathBuf,
    /// What to follow.
    recipe: Vec<Row>,
}

/// A recipe and what its findings are compared with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// What stands behind `frit energies` on a command line, without the potential.
    command: String,
    /// Comparisons.
    compare: Vec<Comparison>,
}

/// A reference for one finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparison {
    /// The finding's name.
    finding: String,
    /// The value with the finding's unit.
    reference: String,
    /// Where it comes from.
    source: String,
}

/// The command of a row.
#[derive(Debug, Parser)]
#[command(name = "energies", no_binary_name = true)]
struct Line {
    #[command(subcommand)]
    recipe: RecipeArguments,
}

/// A row whose command is understood.
struct Planned {
    command: String,
    recipe: RecipeArguments,
    compare: Vec<Compared>,
}

/// A comparison whose reference is understood.
struct Compared {
    finding: String,
    reference: f64,
    unit: String,
    source: String,
}

/// Follows the recipes of a table, one after another, and compares.
///
/// # Errors
/// The table is wrong, or recipes failed: the others are followed all the same.
pub(crate) fn table(arguments: &TableArguments) -> Outcome {
    let table = read(&arguments.table)?;
    let folder = arguments.table.parent().unwrap_or(Path::new(""));
    let potential = match &arguments.potential {
        Some(path) => path.clone(),
        None => folder.join(&table.potential),
    };
    let rows = plan(&table, &potential, arguments)?;
    let potential = DeckPotential::read(&potential)?;
    let mut writer = match &arguments.output {
        Some(name) => Some(
            TableWriter::create(&beside(name, ".csv"), &columns()).map_err(Failure::from_write)?,
        ),
        None => None,
    };
    let mut failed = Vec::new();
    for row in &rows {
        terminal::say(&format!("energies {}", row.command));
        let report = match row.recipe.follow(&potential) {
            Ok(report) => report,
            Err(failure) => {
                terminal::show(failure.report);
                failed.push(format!("`{}`", row.command));
                continue;
            }
        };
        for compared in &row.compare {
            let finding = compared.find(&report, &row.command)?;
            terminal::print(&compared.line(finding));
            if let Some(writer) = &mut writer {
                let entries = compared.entries(finding, &row.command, &report);
                writer.row(&entries).map_err(Failure::from_write)?;
            }
        }
    }
    if let Some(name) = &arguments.output {
        output::told(&[format!("{}.csv", name.display())]);
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Simulation,
        format!(
            "{} of {} recipes failed: {}",
            failed.len(),
            rows.len(),
            failed.join(", ")
        ),
        "each told why; --only repeats one",
    ))
}

fn read(path: &Path) -> Outcome<Table> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("{} cannot be read: {error}", path.display()),
            "name a table of recipes, such as inputs/energies/kim-2006.table.toml",
        )
    })?;
    toml::from_str(&text).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("{} is no table of recipes: {error}", path.display()),
            "`frit energies table --help` shows one",
        )
    })
}

/// The rows to follow, all understood before the first is.
fn plan(table: &Table, potential: &Path, arguments: &TableArguments) -> Outcome<Vec<Planned>> {
    let mut rows = Vec::new();
    for row in &table.recipe {
        let planned = row.plan(potential)?;
        let only = &arguments.only;
        if only.is_empty() || only.iter().any(|text| row.command.contains(text)) {
            rows.push(planned);
        }
    }
    if rows.is_empty() {
        let commands: Vec<String> = (table.recipe.iter())
            .map(|row| format!("`{}`", row.command))
            .collect();
        return Err(Failure::new(
            Exit::Usage,
            format!("{} has no recipe to follow", arguments.table.display()),
            format!("its commands are {}", commands.join(", ")),
        ));
    }
    Ok(rows)
}

impl Row {
    fn plan(&self, potential: &Path) -> Outcome<Planned> {
        let wrong = |problem: String| {
            Failure::new(
                Exit::Usage,
                format!(
                    "the recipe `{}` cannot be followed: {problem}",
                    self.command
                ),
                "write what stands behind `frit energies`, without --potential and --output",
            )
        };
        let words = self.command.split_whitespace().map(Into::into);
        let potential = ["--potential".into(), potential.as_os_str().to_owned()];
        let line = Line::try_parse_from(words.chain(potential))
            .map_err(|error| wrong(first_line(&error.to_string())))?;
        if line.recipe.common().output.is_some() {
            return Err(wrong("it has an --output of its own".to_owned()));
        }
        let compare = self.compare.iter().map(|one| {
            let (number, unit) =
                (one.reference.trim().split_once(' ')).unwrap_or((one.reference.trim(), ""));
            let reference = number.parse().map_err(|_| {
                wrong(format!(
                    "the reference \"{}\" is no number with a unit",
                    one.reference
                ))
            })?;
            Ok(Compared {
                finding: one.finding.clone(),
                reference,
                unit: unit.trim().to_owned(),
                source: one.source.clone(),
            })
        });
        Ok(Planned {
            command: self.command.clone(),
            recipe: line.recipe,
            compare: compare.collect::<Outcome<_>>()?,
        })
    }
}

/// The first line of a message that has several.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

impl Compared {
    /// The finding of this name and unit.
    fn find<'a>(&self, report: &'a Report, command: &str) -> Outcome<&'a Finding> {
        let found = report
            .findings
            .iter()
            .find(|one| one.name == self.finding && one.unit == self.unit);
        found.ok_or_else(|| {
            let known = report.findings.iter();
            let known: Vec<String> = known
                .map(|one| format!("\"{}\" in {}", one.name, one.unit))
                .collect();
            Failure::new(
                Exit::Usage,
                format!("`{command}` finds no \"{}\" in {}", self.finding, self.unit),
                format!("it finds {}", known.join(", ")),
            )
        })
    }

    fn line(&self, finding: &Finding) -> String {
        let value = finding.value;
        let error = match value.standard_error {
            Some(error) => format!(" ± {error:.4}"),
            None => String::new(),
        };
        format!(
            "  {}: {:.5}{error} {}, {} of {}: {:+.5}, {:+.2} %\n",
            finding.name,
            value.mean,
            self.unit,
            self.reference,
            self.source,
            value.mean - self.reference,
            self.percent(finding)
        )
    }

    fn percent(&self, finding: &Finding) -> f64 {
        100.0 * (finding.value.mean / self.reference - 1.0)
    }

    fn entries(&self, finding: &Finding, command: &str, report: &Report) -> Vec<Entry> {
        let value = finding.value;
        vec![
            Entry::Text(self.finding.clone()),
            Entry::Real(value.mean),
            Entry::Text(self.unit.clone()),
            value.standard_error.map_or(Entry::Empty, Entry::Real),
            Entry::Real(self.reference),
            Entry::Real(value.mean - self.reference),
            Entry::Real(self.percent(finding)),
            Entry::Text(self.source.clone()),
            Entry::Text(format!("frit energies {command}")),
            Entry::Text(report.recipe.join("; ")),
        ]
    }
}

fn columns() -> Vec<TableColumn> {
    let plain = |name: &str| TableColumn::new(name, "");
    vec![
        plain("quantity"),
        plain("value"),
        plain("unit"),
        plain("standard error"),
        plain("reference"),
        plain("difference"),
        TableColumn::new("difference", "%"),
        plain("source of the reference"),
        plain("command"),
        plain("recipe"),
    ]
}

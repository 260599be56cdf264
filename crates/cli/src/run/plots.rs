//! Plots of what was watched, drawn from the tables on the disk.

use std::collections::HashMap;
use std::path::Path;

use frit_analysis::{Figure, Line, Mark, Panel, PictureOptions, picture};
use frit_atoms::System;
use frit_io::{Table, TableError};

use super::directory::{NECK, PLOTS, RunDirectory, TABLE};
use super::error::RunError;
use super::results::plots;
use crate::necking::Seen;
use crate::plan::{Body, Plan};

const TIME: &str = "time [ps]";

/// Draws the plots of a finished run.
///
/// # Errors
/// A table cannot be read, or a plot not be written.
pub(crate) fn draw(
    directory: &RunDirectory,
    plan: &Plan,
    neck: Option<Seen<'_>>,
) -> Result<(), RunError> {
    let title = plan.deck.title.clone().unwrap_or_default();
    write(directory, "energy.svg", &energy(directory, &title)?.svg())?;
    if let Some(seen) = neck {
        draw_neck(directory.path(), &title, seen)?;
    }
    draw_observers(directory.path(), &title)
}

/// Draws the plot of contact and neck from its table in a folder, into the folder of plots.
///
/// # Errors
/// The table cannot be read, or the plot not be written.
pub(crate) fn draw_neck(folder: &Path, title: &str, seen: Seen<'_>) -> Result<(), RunError> {
    let figure = neck_figure(folder, title, seen)?;
    write_into(&folder.join(PLOTS), "neck.svg", &figure.svg())
}

/// Draws the atoms of a system.
///
/// # Errors
/// A position is not finite, or the picture cannot be written.
pub(crate) fn draw_atoms(
    directory: &RunDirectory,
    name: &str,
    system: &System,
) -> Result<(), RunError> {
    let svg = picture(system, &PictureOptions::default())?;
    write(directory, name, &svg)
}

/// Draws the plots of the observers whose tables lie in a folder, into its folder of plots.
///
/// # Errors
/// A plot cannot be written.
pub(crate) fn draw_observers(folder: &Path, title: &str) -> Result<(), RunError> {
    for (name, svg) in plots(folder, title) {
        write_into(&folder.join(PLOTS), &name, &svg)?;
    }
    Ok(())
}

fn write(directory: &RunDirectory, name: &str, svg: &str) -> Result<(), RunError> {
    write_into(&directory.file(PLOTS), name, svg)
}

fn write_into(folder: &Path, name: &str, svg: &str) -> Result<(), RunError> {
    std::fs::create_dir_all(folder).map_err(|source| super::directory::DirectoryError::Io {
        action: "make the directory",
        path: folder.to_owned(),
        source,
    })?;
    frit_io::write_atomically(&folder.join(name), |writer| {
        writer.write_all(svg.as_bytes())
    })?;
    Ok(())
}

fn neck_figure(folder: &Path, title: &str, seen: Seen<'_>) -> Result<Figure, RunError> {
    let table = Table::read(&folder.join(NECK))?;
    let line = |label: &str, header: &str| series(&table, label, header, |_| true);
    let panel = |label: &str, lines: Vec<Line>, include| Panel {
        label: label.to_owned(),
        lines,
        include,
    };
    let mut marks = Vec::new();
    if let Some(contact) = seen.watch.first_contact() {
        marks.push(Mark {
            time: contact.time,
            label: "first contact".to_owned(),
        });
    }
    if let Some(neck) = seen.watch.neck() {
        marks.push(Mark {
            time: neck.start.time,
            label: "sustained neck".to_owned(),
        });
    }
    Ok(Figure {
        title: title.to_owned(),
        time_label: TIME.to_owned(),
        panels: vec![
            panel(
                "bonds between the particles",
                vec![line("bonds", "bonds")?],
                Some(0.0),
            ),
            panel(
                "gap along the axis [Å]",
                vec![
                    line("facet planes", "gap along axis [Å]")?,
                    line("outermost atoms", "outermost gap along axis [Å]")?,
                ],
                Some(0.0),
            ),
            panel(
                "centre distance [Å]",
                vec![line("centre distance", "centre distance [Å]")?],
                None,
            ),
        ],
        marks,
    })
}

fn energy(directory: &RunDirectory, title: &str) -> Result<Figure, RunError> {
    let table = Table::read(&directory.file(TABLE))?;
    let body = table.columns.iter().position(|header| header == "body");
    // Each body has a clock of its own; the plot is of the whole.
    let whole = |row: usize| body.is_some_and(|at| table.rows[row][at] == Body::Whole.name());
    let line = |label: &str, header: &str| series(&table, label, header, whole);
    let panel = |label: &str, lines: Vec<Line>| Panel {
        label: label.to_owned(),
        lines,
        include: None,
    };
    Ok(Figure {
        title: title.to_owned(),
        time_label: TIME.to_owned(),
        panels: vec![
            panel(
                "temperature [K]",
                vec![line("temperature", "temperature [K]")?],
            ),
            panel(
                "potential energy [eV]",
                vec![line("potential", "potential energy [eV]")?],
            ),
            // Its value says nothing, and each stage's thermostat has its own: the error of the
            // integration is what it changes by.
            panel(
                "change of the conserved quantity during the stage [eV]",
                vec![changes(
                    &table,
                    "conserved",
                    "conserved quantity [eV]",
                    whole,
                )?],
            ),
        ],
        marks: Vec::new(),
    })
}

/// A column less its first value in each stage.
fn changes(
    table: &Table,
    label: &str,
    header: &str,
    shown: impl Fn(usize) -> bool,
) -> Result<Line, TableError> {
    let stage = table.columns.iter().position(|header| header == "stage");
    let mut starts = HashMap::new();
    let points = points(table, header, shown)?
        .into_iter()
        .map(|(row, [time, value])| {
            let stage = stage.map(|at| &table.rows[row][at]);
            [time, value - *starts.entry(stage).or_insert(value)]
        })
        .collect();
    Ok(Line {
        label: label.to_owned(),
        points,
    })
}

fn series(
    table: &Table,
    label: &str,
    header: &str,
    shown: impl Fn(usize) -> bool,
) -> Result<Line, TableError> {
    let points = points(table, header, shown)?;
    Ok(Line {
        label: label.to_owned(),
        points: points.into_iter().map(|(_, point)| point).collect(),
    })
}

/// Row, time and value of a column where both are there.
fn points(
    table: &Table,
    header: &str,
    shown: impl Fn(usize) -> bool,
) -> Result<Vec<(usize, [f64; 2])>, TableError> {
    let times = table.reals(TIME)?;
    Ok(times
        .into_iter()
        .zip(table.reals(header)?)
        .enumerate()
        .filter(|(row, _)| shown(*row))
        .filter_map(|(row, (time, value))| Some((row, [time?, value?])))
        .collect())
}

//! Plots of a run: everything against time; the lattice from above with the path; where it grew.

use frit_analysis::{Figure, HexagonMap, Line, Panel};
use frit_io::Table;
use frit_lattice::looping::{CELL_DISTANCE, Looping, position};

use crate::run::{PLOTS, RunDirectory, RunError, TABLE};

const TIME: &str = "time [s]";

/// Draws the plots of a finished run.
///
/// # Errors
/// The table cannot be read, or a plot not be written.
pub(super) fn draw(
    looping: &Looping,
    directory: &RunDirectory,
    title: &str,
) -> Result<(), RunError> {
    let table = Table::read(&directory.file(TABLE))?;
    let write = |name: &str, text: String| directory.write_text(&format!("{PLOTS}/{name}"), &text);
    write("time.svg", over_time(&table, title)?.svg())?;
    write("map.svg", map(looping, title).svg())?;
    if looping.mean_regrowth_distance().is_some() {
        write("regrowth.svg", regrowth(looping, title).svg())?;
    }
    Ok(())
}

fn over_time(table: &Table, title: &str) -> Result<Figure, RunError> {
    let line = |header: &str, label: &str, factor: f64| -> Result<Line, RunError> {
        let points = table.reals(TIME)?.into_iter().zip(table.reals(header)?);
        let points = points.filter_map(|(time, value)| Some([time?, factor * value?]));
        Ok(Line {
            label: label.to_owned(),
            points: points.collect(),
        })
    };
    let panel = |label: &str, lines: Vec<Line>, include: Option<f64>| Panel {
        label: label.to_owned(),
        lines,
        include,
    };
    let single = |header: &str, include| -> Result<Panel, RunError> {
        Ok(panel(header, vec![line(header, "", 1.0)?], include))
    };
    let loop_lines = vec![
        line("water [molecules]", "water", 1.0)?,
        line("oxygen into the support [molecules]", "2 x oxygen", 2.0)?,
    ];
    let mut panels = vec![
        single("path length [nm]", Some(0.0))?,
        panel("molecules of the loop", loop_lines, Some(0.0)),
        single("mobile iron", Some(0.0))?,
        single("roughness [layers]", Some(0.0))?,
        single("projected area [half cells]", None)?,
    ];
    let oxygen = single("O2 pressure [kPa]", Some(0.0))?;
    let is_constant = |panel: &Panel| {
        let values = panel.lines.iter().flat_map(|line| &line.points);
        values
            .clone()
            .all(|point| Some(point[1]) == values.clone().next().map(|first| first[1]))
    };
    // Fixed pressures tell nothing.
    if !is_constant(&oxygen) {
        panels.extend([oxygen, single("H2 pressure [kPa]", Some(0.0))?]);
    }
    Ok(Figure {
        title: title.to_owned(),
        time_label: TIME.to_owned(),
        panels,
        marks: Vec::new(),
    })
}

fn map(looping: &Looping, title: &str) -> HexagonMap {
    let radius = looping.setup().particle.map(|particle| particle.radius);
    let place = looping.particle().map(|particle| position(particle.cell));
    HexagonMap {
        title: title.to_owned(),
        label: "height of the support at the end [layers], path and place of the particle"
            .to_owned(),
        distance: CELL_DISTANCE,
        cells: looping
            .columns()
            .map(|(cell, height)| (position(cell), i64::from(height)))
            .collect(),
        path: looping
            .path()
            .iter()
            .map(|visit| visit.position())
            .collect(),
        disc: place
            .zip(radius)
            .map(|(place, radius)| (place, (radius + 0.5) * CELL_DISTANCE)),
    }
}

/// A histogram of the places of growth, as stairs.
fn regrowth(looping: &Looping, title: &str) -> Figure {
    let all = looping.totals().growths() as f64;
    let places = looping.regrowth_places();
    let last = places.iter().rposition(|&count| count > 0).unwrap_or(0);
    let points = (0..=last).flat_map(|k| {
        let share = places[k] as f64 / all;
        [k, k + 1].map(|edge| [edge as f64 * CELL_DISTANCE, share])
    });
    Figure {
        title: title.to_owned(),
        time_label: "distance from the rim of the particle [nm]".to_owned(),
        panels: vec![Panel {
            label: "share of layers grown".to_owned(),
            lines: vec![Line {
                label: String::new(),
                points: points.collect(),
            }],
            include: Some(0.0),
        }],
        marks: Vec::new(),
    }
}

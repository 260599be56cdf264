//! Atoms as frames for OVITO, and plots.

use frit_analysis::{FieldMap, Figure, Line, MapShape, Panel};
use frit_atoms::{Cell, Matrix, Vector};
use frit_engine::Engine;
use frit_io::{Attributes, Column, Frame, Table};
use frit_lattice::adatoms::{Adatoms, Census};
use serde_json::{Map, Value};

use super::results::RAMP;
use crate::lattice::tables::panel;
use crate::run::{PLOTS, RunDirectory, RunError, TABLE};

/// Layers of space above the highest atom in the cell of a frame.
const SPACE: f64 = 3.0;

/// A frame of atoms, sites and layers `spacing` \[Å\] apart, with the size of each one's cluster.
pub(super) fn frame(adatoms: &Adatoms, spacing: f64, element: &str) -> Frame {
    let surface = adatoms.surface();
    let clock = adatoms.clock();
    let clusters = Census::of_columns(surface);
    let sites: Vec<[u32; 3]> = surface.atom_sites().collect();
    let highest = surface.heights().iter().copied().max().unwrap_or(0);
    let edge = surface.side() as f64 * spacing;
    let height = (f64::from(highest) + SPACE) * spacing;
    let vectors = Matrix::from_diagonal(&Vector::new(edge, edge, height));
    let mut attributes = Attributes::default();
    attributes.insert("time_s", clock.time);
    attributes.insert("temperature_K", adatoms.temperature());
    let integers = |value: &dyn Fn(&[u32; 3]) -> i64| sites.iter().map(value).collect::<Vec<_>>();
    let side = surface.side();
    let cluster = |[x, y, _]: &[u32; 3]| i64::from(clusters[*y as usize * side + *x as usize]);
    Frame {
        step: Some(clock.step),
        time: Some(clock.time * 1e12),
        cell: Cell::new(vectors, Vector::zeros(), [true, true, false]).ok(),
        attributes,
        names: vec![element.to_owned()],
        species: vec![0; sites.len()],
        position: sites
            .iter()
            .map(|site| Vector::from(site.map(|k| (f64::from(k) + 0.5) * spacing)))
            .collect(),
        extra: vec![
            Column::integer("layer", integers(&|[_, _, layer]| i64::from(*layer))),
            Column::integer("cluster", integers(&cluster)),
        ],
        ..Frame::default()
    }
}

/// Draws the plots of a finished run.
///
/// # Errors
/// A table cannot be read, or a plot not be written.
pub(super) fn draw(
    adatoms: &Adatoms,
    directory: &RunDirectory,
    title: &str,
    x: &str,
    summary: &Map<String, Value>,
) -> Result<(), RunError> {
    let write =
        |name: &str, svg: String| directory.write_text(&format!("{PLOTS}/{name}.svg"), &svg);
    let table = Table::read(&directory.file(TABLE))?;
    let one = |label: &'static str, include| panel(&table, [x, label], &[("", label)], include);
    let panels = vec![
        one("temperature [K]", None)?,
        one("largest", Some(0.0))?,
        one("monomers", Some(0.0))?,
        one("particles", Some(0.0))?,
        one("enthalpy per atom [eV]", Some(0.0))?,
    ];
    write("time", figure(title, x, panels).svg())?;
    write("snapshot", snapshot(adatoms, title).svg())?;
    write("sizes", sizes(title, summary).svg())?;
    if let Some(figure) = shares(title, summary) {
        write("switch", figure.svg())?;
    }
    Ok(())
}

fn figure(title: &str, x: &str, panels: Vec<Panel>) -> Figure {
    Figure {
        title: title.to_owned(),
        time_label: x.to_owned(),
        panels,
        marks: Vec::new(),
    }
}

/// The support from above; colours are heights, white is bare.
fn snapshot(adatoms: &Adatoms, title: &str) -> FieldMap {
    let surface = adatoms.surface();
    let side = surface.side() as i64;
    // A column more on each side, so that the outermost are seen whole.
    let places: Vec<i64> = (-1..=side).collect();
    let height = |x: i64, y: i64| {
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        let height = inside.then(|| surface.heights()[(y * side + x) as usize]);
        height
            .filter(|&height| height > 0)
            .map_or(f64::NAN, f64::from)
    };
    let values = places
        .iter()
        .flat_map(|&x| places.iter().map(move |&y| height(x, y)));
    let values: Vec<f64> = values.collect();
    const LEAST: f64 = 4.0;
    let highest = values.iter().copied().fold(LEAST, f64::max);
    let places: Vec<f64> = places.iter().map(|&place| place as f64).collect();
    FieldMap {
        title: format!("{title}, {:.0} K", adatoms.temperature()),
        x_label: "column x".to_owned(),
        y_label: "column y".to_owned(),
        value_label: "atoms on a column".to_owned(),
        x: places.clone(),
        y: places,
        values,
        range: [0.0, highest],
        shape: MapShape::Square,
        contours: Vec::new(),
    }
}

/// The atoms in clusters of each size, in the last stage.
fn sizes(title: &str, summary: &Map<String, Value>) -> Figure {
    let pairs = summary.get("cluster_sizes").and_then(Value::as_array);
    let mut points = Vec::new();
    for pair in pairs.into_iter().flatten() {
        if let (Some(size), Some(number)) = (pair[0].as_f64(), pair[1].as_f64()) {
            // A bar each.
            let atoms = size * number;
            points.extend([
                [size - 0.4, 0.0],
                [size - 0.4, atoms],
                [size + 0.4, atoms],
                [size + 0.4, 0.0],
            ]);
        }
    }
    let panel = Panel {
        label: "atoms in clusters of this size, mean of the last stage".to_owned(),
        lines: vec![Line {
            label: String::new(),
            points,
        }],
        include: Some(0.0),
    };
    figure(title, "atoms of the cluster", vec![panel])
}

/// The largest cluster against temperature, if there are several.
fn shares(title: &str, summary: &Map<String, Value>) -> Option<Figure> {
    let stages = summary.get("stages").and_then(Value::as_array)?;
    let mut points: Vec<[f64; 2]> = stages
        .iter()
        .filter(|stage| stage["verdict"] != RAMP)
        .filter_map(|stage| {
            Some([
                stage["temperature_k"].as_f64()?,
                stage["largest_share"].as_f64()?,
            ])
        })
        .collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    points.dedup_by(|a, b| a[0] == b[0]);
    const FEW: usize = 3;
    (points.len() >= FEW).then(|| {
        let panel = Panel {
            label: "share of the atoms in the largest cluster".to_owned(),
            lines: vec![Line {
                label: String::new(),
                points,
            }],
            include: Some(0.0),
        };
        figure(title, "temperature [K]", vec![panel])
    })
}

//! The results of observers, from their tables on the disk: a line for people, numbers for
//! `summary.json`, plots.

use std::collections::BTreeMap;
use std::path::Path;

use frit_analysis::{Figure, Line, Panel, PathMap, PathView};
use frit_io::Table;
use serde_json::{Map, Value};

use crate::observing::file_name;

/// What is plotted of an observer, and told of its last row: columns by what their headers begin
/// with.
struct Shown {
    observer: &'static str,
    panels: &'static [(&'static str, &'static [&'static str])],
    told: &'static [&'static str],
}

/// Every observer has its line here.
const SHOWN: [Shown; 17] = [
    Shown {
        observer: "neck-radius",
        panels: &[
            ("neck radius [Å]", &["neck radius"]),
            ("atoms in the plane", &["atoms in the plane"]),
        ],
        told: &["neck radius"],
    },
    Shown {
        observer: "closing",
        panels: &[
            ("gap along centres [Å]", &["plane gap", "front gap"]),
            ("[Å]", &["closed by approach", "closed by plane"]),
            ("[Å]", &["closed by front"]),
        ],
        told: &["closed by", "facing facet"],
    },
    Shown {
        observer: "bridging",
        panels: &[(
            "bridging atoms",
            &["bridging so far", "of them after a hop"],
        )],
        told: &["bridging so far", "of them after a hop"],
    },
    Shown {
        observer: "adatoms",
        panels: &[
            ("[1/nm²]", &["density in the gap"]),
            ("[1/nm²]", &["density on free facets"]),
        ],
        told: &["density"],
    },
    Shown {
        observer: "adatom-paths",
        panels: &[],
        told: &[],
    },
    Shown {
        observer: "diffusion",
        panels: &[
            (
                "mean squared displacement in the block [Å²]",
                &["surface msd", "adatom msd"],
            ),
            ("diffusion coefficient [Å²/ps]", &["surface D", "adatom D"]),
        ],
        told: &[
            "surface D",
            "error of surface D",
            "adatom D",
            "error of adatom D",
        ],
    },
    Shown {
        observer: "facet-mass",
        panels: &[],
        told: &[],
    },
    Shown {
        observer: "structure",
        panels: &[("atoms", &["fcc", "hcp", "bcc", "icosahedral"])],
        told: &["fcc", "hcp", "other"],
    },
    Shown {
        observer: "coordination",
        panels: &[("mean coordination", &["mean coordination"])],
        told: &["mean coordination"],
    },
    Shown {
        observer: "surface",
        panels: &[("surface atoms", &["{100}"]), ("surface atoms", &["{111}"])],
        told: &[],
    },
    Shown {
        observer: "detached",
        panels: &[("detached atoms", &["detached atoms"])],
        told: &["detached atoms"],
    },
    Shown {
        observer: "lindemann",
        panels: &[("Lindemann index", &["lindemann index"])],
        told: &["lindemann index"],
    },
    Shown {
        observer: "shape",
        panels: &[
            ("radius of gyration [Å]", &["radius of gyration"]),
            ("anisotropy", &["anisotropy"]),
        ],
        told: &["radius of gyration [Å]"],
    },
    Shown {
        observer: "orientation",
        panels: &[("angle [°]", &["rotation", "misorientation"])],
        told: &["rotation", "misorientation"],
    },
    Shown {
        observer: "order",
        panels: &[
            ("Warren-Cowley parameter", &["alpha"]),
            ("share of fcc atoms", &["share"]),
        ],
        told: &["alpha"],
    },
    Shown {
        observer: "strain",
        panels: &[("shear strain", &["mean shear"])],
        told: &["mean shear"],
    },
    Shown {
        observer: "radial-distribution",
        panels: &[],
        told: &[],
    },
];

/// Files of all observers' tables.
pub(crate) fn files() -> impl Iterator<Item = String> {
    SHOWN.iter().map(|shown| file_name(shown.observer))
}

fn tables(folder: &Path) -> impl Iterator<Item = (&'static Shown, Table)> + '_ {
    SHOWN.iter().filter_map(|shown| {
        let table = Table::read(&folder.join(file_name(shown.observer))).ok()?;
        (!table.rows.is_empty()).then_some((shown, table))
    })
}

/// Places of the columns whose headers begin with one of these.
fn places(table: &Table, beginnings: &[&str]) -> Vec<usize> {
    let begins = |header: &String| beginnings.iter().any(|one| header.starts_with(one));
    (0..table.columns.len())
        .filter(|&at| begins(&table.columns[at]))
        .collect()
}

/// A line for each observer with what it saw last.
pub(crate) fn results(folder: &Path) -> Vec<String> {
    let lines = tables(folder).filter_map(|(shown, table)| {
        let last = table.rows.last()?;
        let parts: Vec<String> = places(&table, shown.told)
            .into_iter()
            .filter(|&at| !last[at].is_empty())
            .map(|at| format!("{} {}", table.columns[at], short(&last[at])))
            .collect();
        (!parts.is_empty()).then(|| format!("{:<28}{}", shown.observer, parts.join(", ")))
    });
    lines.collect()
}

fn short(word: &str) -> String {
    match word.parse::<f64>() {
        Ok(number) if number.fract() != 0.0 => format!("{number:.4}"),
        _ => word.to_owned(),
    }
}

/// The last row of each table that has one row a look: numbers by header.
pub(crate) fn last_rows(folder: &Path) -> BTreeMap<&'static str, Map<String, Value>> {
    tables(folder)
        .filter(|(shown, _)| !shown.told.is_empty() || !shown.panels.is_empty())
        .filter_map(|(shown, table)| {
            let last = table.rows.last()?;
            let values = table.columns.iter().zip(last).map(|(header, word)| {
                let number = (word.parse::<i64>().map(Value::from))
                    .or_else(|_| word.parse::<f64>().map(Value::from));
                let value = match number {
                    Ok(number) => number,
                    Err(_) if word.is_empty() => Value::Null,
                    Err(_) => Value::from(word.as_str()),
                };
                (header.clone(), value)
            });
            Some((shown.observer, values.collect()))
        })
        .collect()
}

/// The plots of all observers as SVG documents, by the names of their files.
pub(crate) fn plots(folder: &Path, title: &str) -> Vec<(String, String)> {
    let mut plots: Vec<(String, String)> = tables(folder)
        .filter(|(shown, _)| !shown.panels.is_empty())
        .map(|(shown, table)| {
            let panels = shown.panels.iter().map(|(label, beginnings)| Panel {
                label: (*label).to_owned(),
                lines: lines(&table, &places(&table, beginnings)),
                include: None,
            });
            let panels = panels.filter(|panel| !panel.lines.is_empty()).collect();
            (shown.observer, against_time(title, panels))
        })
        .chain(facets(folder).map(|panels| ("facet-mass", against_time(title, panels))))
        .filter(|(_, figure)| !figure.panels.is_empty())
        .map(|(observer, figure)| (format!("{observer}.svg"), figure.svg()))
        .collect();
    plots.extend(radial(folder, title).map(|(name, figure)| (name, figure.svg())));
    plots.extend(paths(folder, title).map(|map| ("adatom-paths.svg".to_owned(), map.svg())));
    plots
}

fn against_time(title: &str, panels: Vec<Panel>) -> Figure {
    Figure {
        title: title.to_owned(),
        time_label: "time [ps]".to_owned(),
        panels,
        marks: Vec::new(),
    }
}

/// Advance of the facets of each particle: of that which faces the other, and the mean of the others of
/// each family, weighted with their areas.
fn facets(folder: &Path) -> Option<Vec<Panel>> {
    let table = Table::read(&folder.join(file_name("facet-mass"))).ok()?;
    let [particle, facet, faces, area, advance] = [
        "particle",
        "facet",
        "faces the other",
        "area [nm^2]",
        "advance [Å]",
    ]
    .map(|header| table.columns.iter().position(|column| column == header));
    let (particle, facet, faces) = (particle?, facet?, faces?);
    let (area, advance) = (area?, advance?);
    // Sums of advance times area and of area, by particle, kind and time.
    let mut sums: BTreeMap<(String, usize), Vec<[f64; 3]>> = BTreeMap::new();
    for row in &table.rows {
        let number = |at: usize| row[at].parse::<f64>().ok();
        let (time, area, advance) = (number(1)?, number(area)?, number(advance)?);
        let kind = if row[faces] == "1" {
            0
        } else {
            family(&row[facet])
        };
        let points = sums.entry((row[particle].clone(), kind)).or_default();
        match points.last_mut() {
            Some([known, moment, total]) if *known == time => {
                *moment += advance * area;
                *total += area;
            }
            _ => points.push([time, advance * area, area]),
        }
    }
    let mut panels: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for ((particle, kind), points) in sums {
        panels.entry(particle).or_default().push(Line {
            label: ["facing the other", "{100}", "{110}", "{111}"][kind].to_owned(),
            points: (points.into_iter())
                .map(|[time, moment, area]| [time, moment / area])
                .collect(),
        });
    }
    let panels = panels.into_iter().map(|(particle, lines)| Panel {
        label: format!("advance of the facets of particle {particle} [Å]"),
        lines,
        include: Some(0.0),
    });
    Some(panels.collect())
}

/// How many of the indices of a facet `(1 0 -1) of grain 2` are not zero.
fn family(facet: &str) -> usize {
    let indices = facet.split(['(', ')']).nth(1).unwrap_or_default();
    indices
        .split(' ')
        .filter(|index| *index != "0")
        .count()
        .clamp(1, 3)
}

/// The paths of adatoms in the frames of their particles, seen along the direction in which they differ
/// least.
fn paths(folder: &Path, title: &str) -> Option<PathMap> {
    let table = Table::read(&folder.join(file_name("adatom-paths"))).ok()?;
    let place = |header: &str| table.columns.iter().position(|column| column == header);
    let (id, particle) = (place("id")?, place("particle")?);
    let inside = [
        place("particle x [Å]")?,
        place("particle y [Å]")?,
        place("particle z [Å]")?,
    ];
    let mut found: BTreeMap<&str, BTreeMap<&str, Vec<[f64; 3]>>> = BTreeMap::new();
    for row in &table.rows {
        let [x, y, z] = inside.map(|at| row[at].parse::<f64>().ok());
        let particle = found.entry(&row[particle]).or_default();
        particle.entry(&row[id]).or_default().push([x?, y?, z?]);
    }
    let views = found.into_iter().map(|(particle, paths)| {
        let variance = |k: usize| {
            let values = || paths.values().flatten().map(|point| point[k]);
            let count = values().count() as f64;
            let mean = values().sum::<f64>() / count;
            values().map(|value| (value - mean).powi(2)).sum::<f64>()
        };
        let spreads = [0, 1, 2].map(variance);
        let least = (0..3)
            .min_by(|&a, &b| spreads[a].total_cmp(&spreads[b]))
            .unwrap_or(0);
        let [across, up] = [[1, 2], [0, 2], [0, 1]][least];
        PathView {
            label: format!(
                "adatoms of particle {particle}, along {}",
                ["x", "y", "z"][least]
            ),
            axes: [across, up].map(|k| format!("{} in the particle [Å]", ["x", "y", "z"][k])),
            paths: (paths.values())
                .map(|path| {
                    path.iter()
                        .map(|point| [point[across], point[up]])
                        .collect()
                })
                .collect(),
        }
    });
    let views: Vec<PathView> = views.collect();
    (!views.is_empty()).then(|| PathMap {
        title: title.to_owned(),
        views,
    })
}

/// Columns against time.
fn lines(table: &Table, columns: &[usize]) -> Vec<Line> {
    let number = |row: &[String], at: usize| row[at].parse::<f64>().ok();
    columns
        .iter()
        .map(|&at| Line {
            label: table.columns[at]
                .split(" [")
                .next()
                .unwrap_or_default()
                .to_owned(),
            points: (table.rows.iter())
                .filter_map(|row| Some([number(row, 1)?, number(row, at)?]))
                .collect(),
        })
        .filter(|line| !line.points.is_empty())
        .collect()
}

/// The first and the last radial distribution against distance.
fn radial(folder: &Path, title: &str) -> Option<(String, Figure)> {
    let table = Table::read(&folder.join(file_name("radial-distribution"))).ok()?;
    let times = [
        table.rows.first()?[1].clone(),
        table.rows.last()?[1].clone(),
    ];
    let line = |time: &String| Line {
        label: format!("{time} ps"),
        points: (table.rows.iter())
            .filter(|row| row[1] == *time)
            .filter_map(|row| Some([row[2].parse().ok()?, row[3].parse().ok()?]))
            .collect(),
    };
    let mut lines: Vec<Line> = times.iter().map(line).collect();
    lines.dedup_by(|a, b| a.label == b.label);
    let figure = Figure {
        title: title.to_owned(),
        time_label: "distance [Å]".to_owned(),
        panels: vec![Panel {
            label: "atoms in a shell around an atom".to_owned(),
            lines,
            include: Some(0.0),
        }],
        marks: Vec::new(),
    };
    Some(("radial-distribution.svg".to_owned(), figure))
}

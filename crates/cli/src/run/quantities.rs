//! What atoms teach other methods: quantities with units, from the tables of a run.

use std::path::Path;

use frit_analysis::Neck;
use frit_deck::{NamedQuantity, QuantityFile};
use frit_io::Table;

use super::directory::TABLE;
use crate::observing::file_name;

/// The file.
pub(crate) const FILE: &str = "quantities.toml";

/// Radius of a sphere over its radius of gyration, √(5/3).
const SPHERE: f64 = 1.290_994_448_735_805_6;

/// What the tables in a folder tell: diffusivities of surface atoms and adatoms with their
/// standard errors, the radius of the sphere with the radius of gyration of a particle, and the
/// time of a sustained neck, known to one count of bonds. Sources name the table behind `about`.
pub(crate) fn learned(folder: &Path, about: &str, neck: Option<Neck>) -> QuantityFile {
    let source = |table: &str| Some(format!("{about}; {}", file_name(table)));
    let mut quantities = Vec::new();
    if let Some(last) = Last::of(folder, "diffusion") {
        for (name, of) in [
            ("surface diffusivity", "surface D"),
            ("adatom diffusivity", "adatom D"),
        ] {
            let in_unit = |value: f64| format!("{value} Å^2/ps");
            quantities.extend(last.number(of).map(|value| NamedQuantity {
                name: name.to_owned(),
                value: in_unit(value),
                uncertainty: last.number(&format!("error of {of}")).map(in_unit),
                source: source("diffusion"),
            }));
        }
    }
    if let Some(last) = Last::of(folder, "shape") {
        // Of the first particle where there are several.
        let radius = (last.number("radius of gyration 1")).or(last.number("radius of gyration"));
        quantities.extend(radius.map(|radius| NamedQuantity {
            name: "particle radius".to_owned(),
            value: format!("{} Å", SPHERE * radius),
            uncertainty: None,
            source: source("shape"),
        }));
    }
    quantities.extend(neck.map(|neck| NamedQuantity {
        name: "neck time".to_owned(),
        value: format!("{} ps", neck.start.time),
        uncertainty:
            (neck.start.not_yet_at).map(|before| format!("{} ps", neck.start.time - before)),
        source: source("neck"),
    }));
    QuantityFile::new(quantities)
}

/// Mean temperature [K] over the second half of the rows of the table of energies.
pub(crate) fn temperature(folder: &Path) -> Option<f64> {
    let table = Table::read(&folder.join(TABLE)).ok()?;
    let at = (table.columns.iter()).position(|header| header.starts_with("temperature"))?;
    let late = &table.rows[table.rows.len() / 2..];
    let seen: Vec<f64> = late.iter().filter_map(|row| row[at].parse().ok()).collect();
    (!seen.is_empty()).then(|| seen.iter().sum::<f64>() / seen.len() as f64)
}

/// The last row of a table.
struct Last {
    columns: Vec<String>,
    row: Vec<String>,
}

impl Last {
    fn of(folder: &Path, observer: &str) -> Option<Self> {
        let mut table = Table::read(&folder.join(file_name(observer))).ok()?;
        Some(Self {
            row: table.rows.pop()?,
            columns: table.columns,
        })
    }

    /// The number in the column of this name, whatever its unit.
    fn number(&self, name: &str) -> Option<f64> {
        let at =
            (self.columns.iter()).position(|header| header.split(" [").next() == Some(name))?;
        self.row[at].parse().ok()
    }
}

//! Clusters against time, their averages over each stage, and what they mean.

use std::fmt::Write;

use frit_engine::{Observer, Schedule};
use frit_io::{Checkpoint, Entry, TableColumn, TableWriter};
use frit_lattice::adatoms::{Adatoms, Averages, Census, Layer, Region, switch_temperature};
use frit_lattice::dispersion;
use serde_json::{Map, Value, json};

use super::StageInfo;
use crate::exit::Exit;
use crate::lattice::tables;
use crate::run::{Recorder, RunDirectory, RunError, TABLE};

/// A row for each stage.
pub(super) const STAGES: &str = "stages.csv";
/// Mean numbers of clusters by size.
pub(super) const SIZES: &str = "sizes.csv";

/// When and how clusters are counted.
pub(super) struct Rules {
    pub(super) schedule: Schedule,
    /// Whether counts are made at certain times, not after certain events.
    pub(super) is_timed: bool,
    pub(super) discard: f64,
    pub(super) stages: Vec<StageInfo>,
    /// Parts of the support.
    pub(super) parts: Vec<(String, Region)>,
}

/// Counts clusters, into `table.csv` and averages.
pub(super) struct Clusters {
    writer: TableWriter,
    rules: Rules,
    /// For each stage, of the whole support and of each part.
    averages: Vec<Vec<Averages>>,
    directory: std::path::PathBuf,
    atoms: u64,
    sites: usize,
}

fn columns(parts: &[(String, Region)]) -> Vec<(String, &'static str)> {
    let mut columns: Vec<(String, &str)> = [
        ("time", "s"),
        ("events", ""),
        ("stage", ""),
        ("temperature", "K"),
        ("enthalpy per atom", "eV"),
        ("largest", ""),
        ("monomers", ""),
        ("particles", ""),
        ("highest", ""),
    ]
    .into_iter()
    .map(|(name, unit)| (name.to_owned(), unit))
    .collect();
    for (part, _) in parts {
        for what in ["atoms", "largest", "monomers", "particles"] {
            columns.push((format!("{what} of {part}"), ""));
        }
    }
    columns
}

fn name(stage: usize, part: usize) -> String {
    format!("averages.{stage}.{part}")
}

#[derive(Debug, thiserror::Error)]
#[error("the checkpoint does not hold together: its averages are none; remove it to begin anew")]
struct BadAverages;

impl Clusters {
    pub(super) fn open(
        directory: &RunDirectory,
        rules: Rules,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let per_stage = 1 + rules.parts.len();
        let mut averages = vec![vec![Averages::default(); per_stage]; rules.stages.len()];
        if let Some(checkpoint) = checkpoint {
            for (stage, parts) in averages.iter_mut().enumerate() {
                for (part, place) in parts.iter_mut().enumerate() {
                    let numbers = checkpoint.get_f64s(&name(stage, part))?;
                    *place = Averages::from_numbers(&numbers)
                        .ok_or_else(|| RunError::method(Exit::Failure, BadAverages))?;
                }
            }
        }
        Ok(Self {
            writer: tables::open(directory, TABLE, &columns(&rules.parts), checkpoint)?,
            rules,
            averages,
            directory: directory.path().to_owned(),
            atoms: 0,
            sites: 0,
        })
    }
}

impl Observer<Adatoms> for Clusters {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.rules.schedule
    }

    fn observe(&mut self, adatoms: &Adatoms) -> Result<(), RunError> {
        let mut seen = adatoms.observe();
        let stage = adatoms.stage();
        let mut row: Vec<Entry> = vec![
            seen.time.into(),
            Entry::Integer(seen.events as i64),
            Entry::Text(self.rules.stages[stage].name.clone()),
            seen.temperature.into(),
            seen.enthalpy.into(),
            seen.census.largest().into(),
            Entry::Integer(seen.census.monomers() as i64),
            Entry::Integer(seen.census.particles() as i64),
            seen.census.highest.into(),
        ];
        let weight = if self.rules.is_timed {
            1.0
        } else {
            seen.residence
        };
        let counts = adatoms.stage_progress() >= self.rules.discard && seen.events > 0;
        let averages = &mut self.averages[stage];
        if counts {
            averages[0].add(&seen, weight);
        }
        for (k, (_, region)) in self.rules.parts.iter().enumerate() {
            seen.census = Census::within(adatoms.surface(), *region);
            row.extend([
                Entry::from(seen.census.atoms()),
                seen.census.largest().into(),
                Entry::Integer(seen.census.monomers() as i64),
                Entry::Integer(seen.census.particles() as i64),
            ]);
            if counts {
                averages[k + 1].add(&seen, weight);
            }
        }
        self.writer.row(&row)?;
        (self.atoms, self.sites) = (adatoms.surface().atoms(), adatoms.surface().sites());
        Ok(())
    }
}

impl Recorder<Adatoms> for Clusters {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s(tables::POSITION, &[self.writer.sync()?]);
        for (stage, parts) in self.averages.iter().enumerate() {
            for (part, averages) in parts.iter().enumerate() {
                checkpoint.put_f64s(name(stage, part), &averages.to_numbers());
            }
        }
        Ok(())
    }

    /// Writes the tables of averages.
    fn finish(&mut self) -> Result<(), RunError> {
        let column = |(name, unit): &(&str, &str)| TableColumn::new(*name, *unit);
        let columns = [
            ("stage", ""),
            ("part", ""),
            ("temperature", "K"),
            ("verdict", ""),
            ("largest", ""),
            ("largest share", ""),
            ("monomers", ""),
            ("particles", ""),
            ("highest", ""),
            ("enthalpy per atom", "eV"),
            ("particle enthalpy per atom", "eV"),
        ];
        let columns: Vec<TableColumn> = columns.iter().map(column).collect();
        let mut stages = TableWriter::create(&self.directory.join(STAGES), &columns)?;
        let columns = [
            ("stage", ""),
            ("part", ""),
            ("size", ""),
            ("mean number", ""),
        ];
        let columns: Vec<TableColumn> = columns.iter().map(column).collect();
        let mut sizes = TableWriter::create(&self.directory.join(SIZES), &columns)?;
        for (stage, parts) in self.rules.stages.iter().zip(&self.averages) {
            for (part, averages) in parts.iter().enumerate() {
                if averages.weight() == 0.0 {
                    continue;
                }
                let part = match part {
                    0 => "all",
                    k => self.rules.parts[k - 1].0.as_str(),
                };
                let text = |text: &str| Entry::Text(text.to_owned());
                stages.row(&[
                    text(&stage.name),
                    text(part),
                    stage.temperatures[1].into(),
                    text(averages.state().name()),
                    averages.largest().into(),
                    averages.largest_share().into(),
                    averages.monomers().into(),
                    averages.particles().into(),
                    averages.highest().into(),
                    averages.enthalpy().into(),
                    averages.particle_enthalpy().into(),
                ])?;
                let numbers = averages.sizes().into_iter().enumerate();
                for (size, number) in numbers.filter(|(_, number)| *number > 0.0) {
                    let size = Entry::Integer(size as i64);
                    sizes.row(&[text(&stage.name), text(part), size, number.into()])?;
                }
            }
        }
        stages.sync()?;
        sizes.sync()?;
        Ok(())
    }

    fn results(&self, summary: &mut Map<String, Value>) {
        let mut stages = Vec::new();
        for (stage, parts) in self.rules.stages.iter().zip(&self.averages) {
            if parts[0].weight() == 0.0 {
                continue;
            }
            let mut entry = averages_of(&parts[0]);
            entry.insert("name".to_owned(), json!(stage.name));
            entry.insert("temperature_k".to_owned(), json!(stage.temperatures[1]));
            for ((part, _), averages) in self.rules.parts.iter().zip(&parts[1..]) {
                entry.insert(part.clone(), Value::Object(averages_of(averages)));
            }
            stages.push(Value::Object(entry));
        }
        // The last stage speaks for the run.
        if let Some(Value::Object(last)) = stages.last() {
            summary.extend(last.clone());
            summary.remove("name");
        }
        summary.insert("stages".to_owned(), Value::Array(stages));
        let last = self.averages.iter().rev().map(|parts| &parts[0]);
        let last = last.filter(|averages| averages.weight() > 0.0).take(1);
        let sizes = last.flat_map(|averages| averages.sizes().into_iter().enumerate());
        let sizes: Vec<(usize, f64)> = sizes.filter(|(_, number)| *number > 0.0).collect();
        summary.insert("cluster_sizes".to_owned(), json!(sizes));
        // Between two temperatures alone, a straight line would tell nothing.
        let shares = self.shares();
        let switch = (shares.len() > 2).then(|| switch_temperature(&shares));
        summary.insert("switch_temperature_k".to_owned(), json!(switch.flatten()));
        let enthalpies = self.averages.iter().filter_map(|parts| {
            let weight = parts[0].weight();
            (weight > 0.0)
                .then(|| parts[0].particle_enthalpy())
                .flatten()
        });
        // Where it is coldest the particle is most itself: the least of the means.
        let enthalpy = enthalpies.fold(f64::INFINITY, f64::min);
        let switch = (enthalpy.is_finite())
            .then(|| {
                dispersion::switch_temperature(self.atoms, self.sites as u64, enthalpy)
                    .ok()
                    .flatten()
            })
            .flatten();
        summary.insert(
            "switch_temperature_of_equation_2_k".to_owned(),
            json!(switch),
        );
    }
}

impl Clusters {
    /// Temperature and share of the largest cluster of all stages of constant temperature, in
    /// ascending order; means where a temperature comes again.
    fn shares(&self) -> Vec<[f64; 2]> {
        let mut seen: Vec<[f64; 2]> = self
            .rules
            .stages
            .iter()
            .zip(&self.averages)
            .filter(|(stage, parts)| stage.is_constant() && parts[0].weight() > 0.0)
            .map(|(stage, parts)| [stage.temperatures[0], parts[0].largest_share()])
            .collect();
        seen.sort_by(|a, b| a[0].total_cmp(&b[0]));
        seen.chunk_by(|a, b| a[0] == b[0])
            .map(|same| {
                let sum: f64 = same.iter().map(|pair| pair[1]).sum();
                [same[0][0], sum / same.len() as f64]
            })
            .collect()
    }
}

fn averages_of(averages: &Averages) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("verdict", json!(averages.state().name()));
    put("largest", json!(averages.largest()));
    put("largest_share", json!(averages.largest_share()));
    put("monomers", json!(averages.monomers()));
    put("particles", json!(averages.particles()));
    put("highest", json!(averages.highest()));
    put("enthalpy_ev", json!(averages.enthalpy()));
    put("particle_enthalpy_ev", json!(averages.particle_enthalpy()));
    map
}

pub(super) const fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::First => "first",
        Layer::Upper => "upper",
    }
}

/// How often atoms of each kind hopped, and their barriers.
pub(super) fn hops(adatoms: &Adatoms) -> Value {
    let energies = &adatoms.setup().energies;
    let kinds = [Layer::First, Layer::Upper]
        .into_iter()
        .flat_map(|layer| (0..=4).map(move |neighbours| (layer, neighbours)));
    let entries = kinds.map(|(layer, neighbours)| {
        json!({
            "layer": layer_name(layer),
            "neighbours": neighbours,
            "barrier_ev": energies.barrier(layer, neighbours),
            "hops": adatoms.hops(layer, neighbours),
        })
    });
    Value::Array(entries.collect())
}

/// The summary for people.
pub(super) fn describe(summary: &Map<String, Value>) -> String {
    let mut text = format!(
        "{:<20}{:>10}{:>14}{:>10}{:>10}{:>11}{:>12}\n",
        "stage", "T [K]", "verdict", "largest", "monomers", "particles", "dh [eV]"
    );
    let stages = summary.get("stages").and_then(Value::as_array);
    for stage in stages.into_iter().flatten() {
        let number = |key: &str| stage[key].as_f64().unwrap_or(f64::NAN);
        let word = |key: &str| stage[key].as_str().unwrap_or_default();
        let _ = writeln!(
            text,
            "{:<20}{:>10.2}{:>14}{:>10.2}{:>10.2}{:>11.2}{:>12.4}",
            word("name"),
            number("temperature_k"),
            word("verdict"),
            number("largest"),
            number("monomers"),
            number("particles"),
            number("enthalpy_ev"),
        );
    }
    let kelvin = |key: &str| summary.get(key).and_then(Value::as_f64);
    if let Some(found) = kelvin("switch_temperature_k") {
        let _ = writeln!(text, "half of the atoms in one cluster at {found:.1} K");
    }
    if let Some(found) = kelvin("switch_temperature_of_equation_2_k") {
        let _ = writeln!(
            text,
            "equation 2 with the measured enthalpy of the particle switches at {found:.1} K"
        );
    }
    text
}

//! Clusters against time, their averages over each stage, and what they mean.

use frit_engine::{Clock, Engine, Observer, Schedule};
use frit_io::{Checkpoint, Entry, TableColumn, TableWriter};
use frit_lattice::adatoms::{Adatoms, Averages, Census, Region, Size};
use serde_json::{Map, Value};

use super::StageInfo;
use super::results;
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
    /// How many atoms and sites there are.
    pub(super) size: Size,
    /// Whether counts are made at certain times, not after certain events.
    pub(super) is_timed: bool,
    /// Whether stages last times, not events.
    pub(super) stages_are_timed: bool,
    /// Share of each stage that averages leave out.
    pub(super) discard: f64,
    /// Enthalpy per atom for which the bonds stand [eV].
    pub(super) stated_enthalpy: Option<f64>,
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
        })
    }
}

impl Observer<Adatoms> for Clusters {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.rules.schedule
    }

    /// At the end of each stage, too: no stage is over without having been looked at.
    fn is_due(&self, adatoms: &Adatoms, before: Option<Clock>) -> bool {
        self.rules.schedule.is_due(before, adatoms.clock())
            || (before.is_some() && adatoms.stage_is_over())
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
        let averages = &mut self.averages[stage];
        let weight = if self.rules.is_timed || seen.residence.is_infinite() {
            1.0
        } else {
            seen.residence
        };
        // States after so many events weigh by how long they last, states after so much time all
        // alike: the end of a stage is among the others only if it is of their kind.
        let is_alien =
            adatoms.stage_is_over() && self.rules.is_timed != self.rules.stages_are_timed;
        let is_late = adatoms.stage_progress() >= self.rules.discard && seen.time > 0.0;
        let counts = is_late && !(is_alien && averages[0].weight() > 0.0);
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
            ("error of largest share", ""),
            ("monomers", ""),
            ("particles", ""),
            ("highest", ""),
            ("enthalpy per atom", "eV"),
            ("error of enthalpy per atom", "eV"),
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
                    0 => "whole support",
                    k => self.rules.parts[k - 1].0.as_str(),
                };
                let text = |text: &str| Entry::Text(text.to_owned());
                stages.row(&[
                    text(&stage.name),
                    text(part),
                    stage.temperatures[1].into(),
                    text(results::verdict(stage, averages)),
                    averages.largest().into(),
                    averages.largest_share().into(),
                    averages.largest_share_error().into(),
                    averages.monomers().into(),
                    averages.particles().into(),
                    averages.highest().into(),
                    averages.enthalpy().into(),
                    averages.enthalpy_error().into(),
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
        results::put(
            &self.rules,
            &self.averages,
            (self.rules.size.atoms, self.rules.size.sites),
            summary,
        );
    }
}

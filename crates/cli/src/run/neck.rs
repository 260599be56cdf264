//! Contact and neck between the two particles.

use frit_analysis::{CrossBonds, Exchange, FacingLayers, NeckRule, NeckWatch, centres};
use frit_atoms::System;
use frit_engine::{Observer, Schedule};
use frit_io::{Checkpoint, Entry, TableColumn, TableWriter};
use frit_potentials::Request;

use super::directory::{NECK, RunDirectory};
use super::error::RunError;
use super::state::one;
use super::{MolecularDynamics, Watcher};
use crate::plan::{Body, Phase, schedule};

/// Measures the two particles and the gap between them, and watches for contact and neck.
#[derive(Debug)]
pub(crate) struct NeckTable {
    writer: TableWriter,
    watch: NeckWatch,
    facing: FacingLayers,
    bonds: CrossBonds,
    exchange: Exchange,
    every: frit_deck::Schedule,
    schedule: Schedule,
    stage: String,
    first: Option<Reading>,
    latest: Option<Reading>,
}

/// What was seen at one time.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Reading {
    /// Time since the pair was put together [ps].
    #[serde(rename = "time_ps")]
    pub time: f64,
    /// Bonds between the particles.
    pub bonds: usize,
    /// Distance between the median planes of the facing layers, along the axis of the pair [Å].
    #[serde(rename = "gap_along_axis_angstrom")]
    pub gap: f64,
    /// Distance between the outermost atoms along the axis [Å]; negative when they interlock.
    #[serde(rename = "outermost_gap_along_axis_angstrom")]
    pub outermost_gap: f64,
    /// Distance between the centres of mass [Å].
    #[serde(rename = "centre_distance_angstrom")]
    pub centre_distance: f64,
    /// Centre of mass of everything [Å].
    #[serde(rename = "centre_of_mass_angstrom")]
    pub centre: [f64; 3],
    /// Centres of mass of the particles [Å].
    #[serde(rename = "centres_of_mass_angstrom")]
    pub centres: [[f64; 3]; 2],
    /// Atoms of the first particle at the second, and the other way round.
    pub exchanged: [usize; 2],
}

/// What was seen of contact and neck.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// The watch.
    pub watch: &'a NeckWatch,
    /// The first reading.
    pub first: Option<Reading>,
    /// The last reading.
    pub last: Option<Reading>,
}

const POSITION: &str = "output.neck";
const WATCH: &str = "neck.watch";
const READINGS: &str = "neck.readings";

/// The groups of the two particles.
const GROUPS: [u8; 2] = [0, 1];

fn columns() -> Vec<TableColumn> {
    let mut columns = vec![
        TableColumn::new("stage", ""),
        TableColumn::new("step", ""),
        TableColumn::new("time", "ps"),
        TableColumn::new("bonds", ""),
        TableColumn::new("gap along axis", "Å"),
        TableColumn::new("outermost gap along axis", "Å"),
        TableColumn::new("centre distance", "Å"),
        TableColumn::new("exchanged 1 to 2", ""),
        TableColumn::new("exchanged 2 to 1", ""),
    ];
    for body in ["centre", "centre 1", "centre 2"] {
        columns.extend(["x", "y", "z"].map(|axis| TableColumn::new(format!("{body} {axis}"), "Å")));
    }
    columns
}

impl NeckTable {
    /// A new table, or the one of a checkpoint cut back to it.
    ///
    /// # Errors
    /// The file cannot be written, is not that of the checkpoint, or the rule cannot be met.
    pub(crate) fn open(
        directory: &RunDirectory,
        deck: &frit_deck::NeckObserver,
        facing: FacingLayers,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let path = directory.file(NECK);
        let rule = NeckRule {
            bonds: deck.bonds as usize,
            hold: deck.hold.in_picoseconds(),
        };
        let (writer, watch, [first, latest]) = match checkpoint {
            None => (
                TableWriter::create(&path, &columns())?,
                NeckWatch::new(rule),
                [None, None],
            ),
            Some(checkpoint) => (
                TableWriter::resume(&path, &columns(), one(checkpoint, POSITION)?)?,
                serde_json::from_str(checkpoint.get_text(WATCH)?)?,
                serde_json::from_str(checkpoint.get_text(READINGS)?)?,
            ),
        };
        let bonds = CrossBonds::new(GROUPS, deck.bond_length.in_angstroms())?;
        Ok(Self {
            writer,
            watch,
            facing,
            exchange: Exchange::new(bonds),
            bonds,
            every: deck.every,
            schedule: Schedule::NEVER,
            stage: String::new(),
            first,
            latest,
        })
    }

    fn read(&self, md: &MolecularDynamics) -> Result<Reading, RunError> {
        let system = &md.system;
        let gap = self.facing.gap(system)?;
        let centres = centres(system).ok_or(RunError::NoAtoms)?;
        let of = |group: u8| centres.groups.get(&group).copied().ok_or(RunError::NoAtoms);
        let (first, second) = (of(GROUPS[0])?, of(GROUPS[1])?);
        Ok(Reading {
            time: md.body_clock().time,
            bonds: self.bonds.count(system),
            gap: gap.layers,
            outermost_gap: gap.outermost,
            centre_distance: (second - first).norm(),
            centre: centres.system.into(),
            centres: [first.into(), second.into()],
            exchanged: self.exchange.count(system),
        })
    }
}

impl Watcher for NeckTable {
    fn begin(&mut self, phase: &Phase, _: &System) {
        self.schedule = match phase.body {
            Body::Whole => schedule(self.every, phase.timestep()),
            Body::Particle(_) => Schedule::NEVER,
        };
        self.stage.clone_from(&phase.stage);
    }

    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s(POSITION, &[self.writer.sync()?]);
        checkpoint.put_text(WATCH, serde_json::to_string(&self.watch)?);
        let readings = [self.first, self.latest];
        checkpoint.put_text(READINGS, serde_json::to_string(&readings)?);
        Ok(())
    }

    fn neck(&self) -> Option<Seen<'_>> {
        Some(Seen {
            watch: &self.watch,
            first: self.first,
            last: self.latest,
        })
    }
}

impl Observer<MolecularDynamics> for NeckTable {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn needs(&self) -> Request {
        Request::FORCES
    }

    fn observe(&mut self, md: &MolecularDynamics) -> Result<(), RunError> {
        let reading = self.read(md)?;
        self.watch.observe(reading.time, reading.bonds)?;
        let mut row = vec![
            Entry::Text(self.stage.clone()),
            Entry::Integer(md.body_clock().step as i64),
            reading.time.into(),
            Entry::Integer(reading.bonds as i64),
            reading.gap.into(),
            reading.outermost_gap.into(),
            reading.centre_distance.into(),
            Entry::Integer(reading.exchanged[0] as i64),
            Entry::Integer(reading.exchanged[1] as i64),
        ];
        for centre in [reading.centre, reading.centres[0], reading.centres[1]] {
            row.extend(centre.map(Entry::from));
        }
        self.writer.row(&row)?;
        self.first.get_or_insert(reading);
        self.latest = Some(reading);
        Ok(())
    }
}

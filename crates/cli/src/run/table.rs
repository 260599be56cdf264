//! The table of energies and temperature.

use std::path::PathBuf;

use frit_atoms::System;
use frit_dynamics::measure::{self, Selection};
use frit_engine::{Observer, Schedule};
use frit_io::{Checkpoint, Entry, TableColumn, TableWriter};
use frit_potentials::Request;
use frit_units::constants::PRESSURE_TO_BAR;

use super::directory::{DirectoryError, RunDirectory, TABLE};
use super::error::RunError;
use super::state::one;
use super::{MolecularDynamics, Watcher};
use crate::plan::{Body, Phase, schedule};

/// Writes a row of energies and temperature.
#[derive(Debug)]
pub(crate) struct EnergyTable {
    path: PathBuf,
    writer: TableWriter,
    every: frit_deck::Schedule,
    schedule: Schedule,
    stage: String,
    body: Body,
    periodic: bool,
}

const POSITION: &str = "output.table";

fn columns() -> Vec<TableColumn> {
    [
        ("stage", ""),
        ("body", ""),
        ("step", ""),
        ("time", "ps"),
        ("temperature", "K"),
        ("potential energy", "eV"),
        ("kinetic energy", "eV"),
        ("total energy", "eV"),
        ("conserved quantity", "eV"),
        ("pressure", "bar"),
        ("volume", "Å^3"),
        ("centre x", "Å"),
        ("centre y", "Å"),
        ("centre z", "Å"),
        ("momentum", "u Å/ps"),
        ("list builds", ""),
    ]
    .map(|(name, unit)| TableColumn::new(name, unit))
    .into()
}

impl EnergyTable {
    /// A new table, or the one of a checkpoint cut back to it.
    ///
    /// # Errors
    /// The file cannot be written, or is not that of the checkpoint.
    pub(crate) fn open(
        directory: &RunDirectory,
        every: frit_deck::Schedule,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let path = directory.file(TABLE);
        let writer = match checkpoint {
            None => TableWriter::create(&path, &columns())?,
            Some(checkpoint) => TableWriter::resume(&path, &columns(), one(checkpoint, POSITION)?)?,
        };
        Ok(Self {
            path,
            writer,
            every,
            schedule: Schedule::NEVER,
            stage: String::new(),
            body: Body::Whole,
            periodic: false,
        })
    }
}

impl Watcher for EnergyTable {
    fn begin(&mut self, phase: &Phase, system: &System) {
        self.schedule = schedule(self.every, phase.timestep());
        self.stage.clone_from(&phase.stage);
        self.body = phase.body;
        self.periodic = system.cell.periodic() == [true; 3];
    }

    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s(POSITION, &[self.writer.sync()?]);
        Ok(())
    }

    fn rows_of(&mut self, body: Body) -> Result<String, RunError> {
        self.writer.sync()?;
        let text =
            std::fs::read_to_string(&self.path).map_err(DirectoryError::reading(&self.path))?;
        let is_own = |line: &&str| line.split(',').nth(1) == Some(body.name());
        Ok(text.split_inclusive('\n').filter(is_own).collect())
    }

    fn write_rows(&mut self, rows: &str) -> Result<(), RunError> {
        Ok(self.writer.lines(rows)?)
    }
}

impl Observer<MolecularDynamics> for EnergyTable {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn needs(&self) -> Request {
        Request {
            energy: true,
            virial: self.periodic,
            atom_energy: false,
        }
    }

    fn observe(&mut self, md: &MolecularDynamics) -> Result<(), RunError> {
        let clock = md.body_clock();
        let energies = md.energies();
        let (pressure, volume) = if self.periodic {
            let virial = &md.forces.evaluation().virial;
            let volume = md.system.cell.volume();
            let pressure = md.pressure(energies.kinetic, virial, volume) * PRESSURE_TO_BAR;
            (Some(pressure), Some(volume))
        } else {
            (None, None)
        };
        let centre = measure::centre_of_mass(&md.system, Selection::All).unwrap_or_default();
        let builds = md.forces.neighbours().builds();
        self.writer.row(&[
            Entry::Text(self.stage.clone()),
            Entry::Text(self.body.name().to_owned()),
            Entry::Integer(clock.step as i64),
            clock.time.into(),
            energies.temperature.into(),
            energies.potential.into(),
            energies.kinetic.into(),
            (energies.potential + energies.kinetic).into(),
            energies.conserved.into(),
            pressure.into(),
            volume.into(),
            centre.x.into(),
            centre.y.into(),
            centre.z.into(),
            measure::momentum(&md.system, Selection::All).norm().into(),
            Entry::Integer(builds as i64),
        ])?;
        Ok(())
    }
}

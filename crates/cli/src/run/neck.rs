//! The table of contact and neck between the two particles.

use frit_analysis::FacingLayers;
use frit_atoms::System;
use frit_build::PARTICLES;
use frit_engine::{Observer, Schedule};
use frit_io::{Checkpoint, TableWriter};
use frit_potentials::Request;

use super::directory::{NECK, RunDirectory};
use super::error::RunError;
use super::state::one;
use super::{MolecularDynamics, Watcher};
use crate::necking::{Necking, Seen};
use crate::plan::{Body, Phase, schedule};

/// Measures the two particles and the gap between them, and watches for contact and neck.
#[derive(Debug)]
pub(crate) struct NeckTable {
    writer: TableWriter,
    necking: Necking,
    every: frit_deck::Schedule,
    schedule: Schedule,
    stage: String,
}

const POSITION: &str = "output.neck";
const STATE: &str = "neck.state";

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
        let columns = Necking::columns();
        let mut necking = Necking::new(deck, PARTICLES, facing)?;
        let writer = match checkpoint {
            None => TableWriter::create(&path, &columns)?,
            Some(checkpoint) => {
                necking.restore(serde_json::from_str(checkpoint.get_text(STATE)?)?);
                TableWriter::resume(&path, &columns, one(checkpoint, POSITION)?)?
            }
        };
        Ok(Self {
            writer,
            necking,
            every: deck.every,
            schedule: Schedule::NEVER,
            stage: String::new(),
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
        checkpoint.put_text(STATE, serde_json::to_string(&self.necking.save())?);
        Ok(())
    }

    fn neck(&self) -> Option<Seen<'_>> {
        Some(self.necking.seen())
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
        let clock = md.body_clock();
        let row =
            (self.necking).look(&md.system, Some(&self.stage), Some(clock.step), clock.time)?;
        self.writer.row(&row)?;
        Ok(())
    }
}

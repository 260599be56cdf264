//! The trajectory.

use frit_analysis::FacingLayers;
use frit_atoms::System;
use frit_deck::{Column, TrajectoryFormat};
use frit_engine::{Observer, Schedule};
use frit_io::{
    Checkpoint, Compression, DEFAULT_SEGMENT_SIZE, Encoder, Field, Frame, SegmentOptions,
    SegmentPosition, SegmentWriter, Selection, WriteError, in_id_order,
};
use frit_potentials::Request;

use super::directory::{RunDirectory, SEGMENT_EXTENSIONS, TRAJECTORY};
use super::error::RunError;
use super::observers::Shared;
use super::state::StateError;
use super::{MolecularDynamics, Watcher};
use crate::plan::{Body, Phase, schedule};

/// Writes frames into segments.
pub(crate) struct Trajectory {
    writer: Option<SegmentWriter>,
    columns: Vec<Column>,
    facing: Option<FacingLayers>,
    observers: Option<Shared>,
    every: frit_deck::Schedule,
    schedule: Schedule,
    stage: String,
}

/// The attribute of a frame that names the stage.
pub(crate) const STAGE: &str = "stage";

const POSITION: &str = "output.trajectory";

impl Trajectory {
    /// A new trajectory, or the one of a checkpoint cut back to it.
    ///
    /// # Errors
    /// Files cannot be written, or are not those of the checkpoint.
    pub(crate) fn open(
        directory: &RunDirectory,
        deck: &frit_deck::TrajectoryObserver,
        facing: Option<FacingLayers>,
        observers: Option<Shared>,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let selection = Selection::Only(deck.columns.iter().map(field).collect());
        let (extension, encoder) = match deck.format {
            TrajectoryFormat::ExtendedXyz => {
                (SEGMENT_EXTENSIONS[0], Encoder::extended_xyz(selection))
            }
            TrajectoryFormat::LammpsDump => {
                (SEGMENT_EXTENSIONS[1], Encoder::lammps_dump(selection))
            }
        };
        let options = SegmentOptions {
            folder: directory.path().to_owned(),
            stem: TRAJECTORY.to_owned(),
            extension: extension.to_owned(),
            compression: if deck.compress {
                Compression::Zstd
            } else {
                Compression::None
            },
            segment_size: DEFAULT_SEGMENT_SIZE,
        };
        let writer = match checkpoint {
            None => SegmentWriter::create(options, encoder)?,
            Some(checkpoint) => {
                let numbers = checkpoint.get_u64s(POSITION)?;
                let position = SegmentPosition::from_numbers(&numbers).ok_or_else(|| {
                    StateError::Inconsistent("the trajectory's position is none".to_owned())
                })?;
                SegmentWriter::resume(options, encoder, &position)?
            }
        };
        Ok(Self {
            writer: Some(writer),
            columns: deck.columns.clone(),
            facing,
            observers,
            every: deck.every,
            schedule: Schedule::NEVER,
            stage: String::new(),
        })
    }

    fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }
}

fn field(column: &Column) -> Field {
    match column {
        Column::Id => Field::Id,
        Column::Velocity => Field::Velocity,
        Column::Force => Field::Force,
        Column::Energy => Field::LocalEnergy,
        Column::Mass => Field::Mass,
        Column::Image => Field::Image,
        Column::Particle => Field::Group,
        observed => {
            let name = observed.observer().map_or("", |(_, name)| name);
            Field::Extra(name.to_owned())
        }
    }
}

/// A frame of the present state, with step, time and what is always worth plotting.
///
/// # Errors
/// A layer of the gap has lost an atom.
pub(crate) fn frame(
    md: &MolecularDynamics,
    facing: Option<&FacingLayers>,
) -> Result<Frame, RunError> {
    let clock = md.body_clock();
    let mut frame = Frame::from_system(&md.system);
    frame.step = Some(clock.step);
    frame.time = Some(clock.time);
    let request = md.forces.evaluation().request;
    if request.energy {
        let energies = md.energies();
        frame.attributes.insert("energy", energies.potential);
        frame.attributes.insert("temperature", energies.temperature);
    }
    if let Some(facing) = facing {
        let gap = facing.gap(&md.system)?;
        frame.attributes.insert("gap_along_axis", gap.layers);
        frame
            .attributes
            .insert("outermost_gap_along_axis", gap.outermost);
    }
    if !md.forces.force().is_empty() {
        frame.force = Some(in_id_order(&md.system, md.forces.force()));
    }
    if request.atom_energy {
        let energy = &md.forces.evaluation().atom_energy;
        frame.local_energy = Some(in_id_order(&md.system, energy));
    }
    Ok(frame)
}

impl Watcher for Trajectory {
    fn begin(&mut self, phase: &Phase, _: &System) {
        self.schedule = match phase.body {
            Body::Whole => schedule(self.every, phase.timestep()),
            Body::Particle(_) => Schedule::NEVER,
        };
        self.stage.clone_from(&phase.stage);
    }

    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        if let Some(writer) = &mut self.writer {
            checkpoint.put_u64s(POSITION, &writer.sync()?.to_numbers());
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        match self.writer.take() {
            Some(writer) => writer.finish(),
            None => Ok(()),
        }
    }
}

impl Observer<MolecularDynamics> for Trajectory {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn needs(&self) -> Request {
        Request {
            energy: true,
            virial: false,
            atom_energy: self.has(Column::Energy),
        }
    }

    fn observe(&mut self, md: &MolecularDynamics) -> Result<(), RunError> {
        let mut frame = frame(md, self.facing.as_ref())?;
        frame.attributes.insert(STAGE, self.stage.as_str());
        let observed = |column: &Column| column.observer().is_some();
        if let Some(observers) = &self.observers
            && self.columns.iter().any(observed)
        {
            frame.extra = observers.borrow_mut().atoms(&md.system)?;
        }
        if let Some(writer) = &mut self.writer {
            writer.write(&frame)?;
        }
        Ok(())
    }
}

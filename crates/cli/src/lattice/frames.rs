//! Snapshots as extended XYZ, in segments that continue from a checkpoint.

use frit_engine::{Engine, Observer, Schedule};
use frit_io::{Checkpoint, Frame, SegmentWriter};

use crate::run::{Recorder, RunDirectory, RunError, open_trajectory};

/// Where the trajectory had come to at a checkpoint.
const POSITION: &str = "output.trajectory";

/// Writes frames that a function makes of an engine.
pub(super) struct Frames<E> {
    writer: Option<SegmentWriter>,
    schedule: Schedule,
    frame: Box<dyn Fn(&E) -> Frame>,
}

impl<E> Frames<E> {
    /// A trajectory from its beginning, or from a checkpoint.
    pub(super) fn open(
        directory: &RunDirectory,
        schedule: Schedule,
        checkpoint: Option<&Checkpoint>,
        frame: impl Fn(&E) -> Frame + 'static,
    ) -> Result<Self, RunError> {
        Ok(Self {
            writer: Some(open_trajectory(directory, POSITION, checkpoint)?),
            schedule,
            frame: Box::new(frame),
        })
    }
}

impl<E: Engine> Observer<E> for Frames<E> {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, engine: &E) -> Result<(), RunError> {
        if let Some(writer) = &mut self.writer {
            writer.write(&(self.frame)(engine))?;
        }
        Ok(())
    }
}

impl<E: Engine> Recorder<E> for Frames<E> {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        if let Some(writer) = &mut self.writer {
            checkpoint.put_u64s(POSITION, &writer.sync()?.to_numbers());
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), RunError> {
        if let Some(writer) = self.writer.take() {
            writer.finish()?;
        }
        Ok(())
    }
}

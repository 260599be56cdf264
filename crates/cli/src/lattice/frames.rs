//! Snapshots as extended XYZ, in segments that continue from a checkpoint.

use frit_engine::{Engine, Observer, Schedule};
use frit_io::{
    Checkpoint, Compression, DEFAULT_SEGMENT_SIZE, Encoder, Frame, SegmentOptions, SegmentPosition,
    SegmentWriter, Selection,
};

use crate::exit::Exit;
use crate::run::{Recorder, RunDirectory, RunError, TRAJECTORY};

/// Where the trajectory had come to at a checkpoint.
const POSITION: &str = "output.trajectory";

/// Writes frames that a function makes of an engine.
pub(super) struct Frames<E> {
    writer: Option<SegmentWriter>,
    schedule: Schedule,
    frame: Box<dyn Fn(&E) -> Frame>,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "the checkpoint does not hold together: the trajectory's position is none; remove it to begin anew"
)]
struct BadPosition;

impl<E> Frames<E> {
    /// A trajectory from its beginning, or from a checkpoint.
    pub(super) fn open(
        directory: &RunDirectory,
        schedule: Schedule,
        checkpoint: Option<&Checkpoint>,
        frame: impl Fn(&E) -> Frame + 'static,
    ) -> Result<Self, RunError> {
        let options = SegmentOptions {
            folder: directory.path().to_owned(),
            stem: TRAJECTORY.to_owned(),
            extension: "xyz".to_owned(),
            compression: Compression::None,
            segment_size: DEFAULT_SEGMENT_SIZE,
        };
        let encoder = Encoder::extended_xyz(Selection::All);
        let writer = match checkpoint {
            None => SegmentWriter::create(options, encoder)?,
            Some(checkpoint) => {
                let numbers = checkpoint.get_u64s(POSITION)?;
                let position = SegmentPosition::from_numbers(&numbers)
                    .ok_or_else(|| RunError::method(Exit::Failure, BadPosition))?;
                SegmentWriter::resume(options, encoder, &position)?
            }
        };
        Ok(Self {
            writer: Some(writer),
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

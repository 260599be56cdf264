//! Files that recorders of a method write: tables and trajectories, new or cut back to a checkpoint.

use frit_io::{
    Checkpoint, Compression, DEFAULT_SEGMENT_SIZE, Encoder, SegmentOptions, SegmentPosition,
    SegmentWriter, Selection, TableColumn, TableWriter,
};

use super::directory::{RunDirectory, TRAJECTORY};
use super::error::RunError;
use crate::exit::Exit;

/// A table with these names and units; `position` is where a checkpoint says how far it had come.
///
/// # Errors
/// The file cannot be written, or is not that of the checkpoint.
pub(crate) fn open_table(
    directory: &RunDirectory,
    name: &str,
    columns: &[(&str, &str)],
    position: &str,
    checkpoint: Option<&Checkpoint>,
) -> Result<TableWriter, RunError> {
    let columns: Vec<TableColumn> = columns
        .iter()
        .map(|(name, unit)| TableColumn::new(*name, *unit))
        .collect();
    let path = directory.file(name);
    Ok(match checkpoint {
        None => TableWriter::create(&path, &columns)?,
        Some(checkpoint) => {
            let position = checkpoint.get_u64s(position)?.iter().sum();
            TableWriter::resume(&path, &columns, position)?
        }
    })
}

/// The trajectory in segments of extended XYZ; `position` as in [`open_table`].
///
/// # Errors
/// The file cannot be written, or is not that of the checkpoint.
pub(crate) fn open_trajectory(
    directory: &RunDirectory,
    position: &str,
    checkpoint: Option<&Checkpoint>,
) -> Result<SegmentWriter, RunError> {
    let options = SegmentOptions {
        folder: directory.path().to_owned(),
        stem: TRAJECTORY.to_owned(),
        extension: "xyz".to_owned(),
        compression: Compression::None,
        segment_size: DEFAULT_SEGMENT_SIZE,
    };
    let encoder = Encoder::extended_xyz(Selection::All);
    Ok(match checkpoint {
        None => SegmentWriter::create(options, encoder)?,
        Some(checkpoint) => {
            let numbers = checkpoint.get_u64s(position)?;
            let position = SegmentPosition::from_numbers(&numbers)
                .ok_or_else(|| RunError::method(Exit::Failure, BadPosition))?;
            SegmentWriter::resume(options, encoder, &position)?
        }
    })
}

#[derive(Debug, thiserror::Error)]
#[error(
    "the checkpoint does not hold together: the trajectory's position is none; remove it to begin anew"
)]
struct BadPosition;

//! Files of atoms: frames in and out, tables, checkpoints.
//!
//! A [`Frame`] is a snapshot with optional columns. This crate knows frames, not schedules: when
//! something is written is decided elsewhere.

pub mod checkpoint;
mod convert;
mod error;
pub mod extxyz;
mod files;
#[cfg(feature = "chemfiles")]
mod foreign;
mod format;
mod frame;
mod frames;
pub mod lammps;
mod numbers;
mod segments;
mod selection;
mod table;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use convert::{FrameWriter, ReadOptions, read_frames, write_frames};
pub use error::{EncodeError, ReadError, WriteError};
pub use files::{
    AppendFile, abandon_unfinished_files, open_file, open_text, read_file, unfinished_name,
    write_atomically,
};
pub use format::{ChemfilesFormat, Encoder, Format, FormatError};
pub use frame::{Attributes, Column, Frame, FrameError, Value, Values, in_id_order};
pub use frames::Frames;
pub use segments::{
    Compression, DEFAULT_SEGMENT_SIZE, SegmentOptions, SegmentPosition, SegmentWriter,
};
pub use selection::{Field, Selection};
pub use table::{Entry, Table, TableColumn, TableError, TableWriter};

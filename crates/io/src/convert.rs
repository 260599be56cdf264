//! Frames from and to files of any format.

use crate::error::{ReadError, WriteError};
use crate::extxyz;
use crate::files::{TemporaryFile, open_text};
use crate::format::{Encoder, Format, FormatError};
use crate::frame::Frame;
use crate::frames::Frames;
use crate::lammps::{self, data, dump, dump::PlaceInFile};
use crate::selection::Selection;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Compression level of zstd: its default, a good deal of its gain at little of its cost.
pub(crate) const ZSTD_LEVEL: i32 = 3;

/// How to read what files themselves leave open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// Names of LAMMPS's types 1, 2, ...; empty to take them from the file.
    pub type_names: Vec<String>,
    /// The unit of a column `vel` in extended XYZ.
    pub vel_unit: extxyz::VelUnit,
}

/// Reads the frames of a file one after another; zstd and gzip are unpacked.
///
/// # Errors
/// The file cannot be opened or its format not be read; errors inside the file come with the frames.
pub fn read_frames(
    path: &Path,
    format: Format,
    options: &ReadOptions,
) -> Result<Frames, ReadError> {
    let lammps_options = lammps::Options {
        type_names: options.type_names.clone(),
    };
    let xyz_options = extxyz::Options {
        vel_unit: options.vel_unit,
    };
    match format {
        Format::ExtendedXyz => Ok(extxyz::read(open_text(path)?, path, xyz_options)),
        Format::LammpsDump => Ok(dump::read(open_text(path)?, path, lammps_options)),
        Format::LammpsData => Ok(data::read(open_text(path)?, path, lammps_options)),
        #[cfg(feature = "chemfiles")]
        Format::Chemfiles(format) => crate::foreign::read(path, format),
        #[cfg(not(feature = "chemfiles"))]
        Format::Chemfiles(_) => Err(FormatError::NotBuilt { path: path.into() }.into()),
    }
}

/// Writes frames to a file that gets its name only when it is whole.
pub struct FrameWriter {
    path: PathBuf,
    // Closed before the temporary file is removed.
    target: Target,
    temporary: TemporaryFile,
    frames: u64,
}

enum Target {
    Text(Encoder, BufWriter<File>),
    Zstd(Encoder, zstd::Encoder<'static, BufWriter<File>>),
    #[cfg(feature = "chemfiles")]
    Chemfiles(crate::foreign::Writer),
}

impl FrameWriter {
    /// A file for frames; compressed with zstd if its name ends with `.zst`.
    ///
    /// # Errors
    /// The format cannot be written, or the file not be created.
    pub fn create(path: &Path, format: Format, selection: Selection) -> Result<Self, WriteError> {
        let encoder = match format {
            Format::ExtendedXyz => Encoder::extended_xyz(selection),
            Format::LammpsDump => Encoder::lammps_dump(selection),
            Format::LammpsData => Encoder::LammpsData,
            Format::Chemfiles(format) => return Self::create_foreign(path, format),
        };
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        if extension == "gz" {
            let problem = "gzip is read but not written; end the name with .zst, or with neither";
            return Err(FormatError::Compression {
                path: path.into(),
                problem,
            }
            .into());
        }
        let (temporary, file) =
            TemporaryFile::create(path).map_err(WriteError::io("create", path))?;
        let file = BufWriter::new(file);
        let target = if extension == "zst" {
            let compressed = zstd::Encoder::new(file, ZSTD_LEVEL)
                .and_then(|mut zstd| zstd.include_checksum(true).map(|()| zstd))
                .map_err(WriteError::io("compress", path))?;
            Target::Zstd(encoder, compressed)
        } else {
            Target::Text(encoder, file)
        };
        Ok(Self {
            path: path.to_owned(),
            target,
            temporary,
            frames: 0,
        })
    }

    #[cfg(feature = "chemfiles")]
    fn create_foreign(
        path: &Path,
        format: crate::format::ChemfilesFormat,
    ) -> Result<Self, WriteError> {
        let (temporary, _) = TemporaryFile::create(path).map_err(WriteError::io("create", path))?;
        let writer = crate::foreign::Writer::create(temporary.path(), format)?;
        Ok(Self {
            path: path.to_owned(),
            target: Target::Chemfiles(writer),
            temporary,
            frames: 0,
        })
    }

    #[cfg(not(feature = "chemfiles"))]
    fn create_foreign(
        path: &Path,
        _format: crate::format::ChemfilesFormat,
    ) -> Result<Self, WriteError> {
        Err(FormatError::NotBuilt { path: path.into() }.into())
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// The frame does not fit the format, or the file cannot be written.
    pub fn write(&mut self, frame: &Frame) -> Result<(), WriteError> {
        let place = PlaceInFile(self.frames);
        let (encoder, out): (&Encoder, &mut dyn Write) = match &mut self.target {
            Target::Text(encoder, out) => (encoder, out),
            Target::Zstd(encoder, out) => (encoder, out),
            #[cfg(feature = "chemfiles")]
            Target::Chemfiles(writer) => {
                self.frames += 1;
                return writer.write(frame);
            }
        };
        if self.frames > 0 && matches!(encoder, Encoder::LammpsData) {
            let path = self.path.clone();
            return Err(FormatError::OneFrame { path }.into());
        }
        encoder
            .encode(frame, place, out)
            .map_err(|error| error.at(&self.path))?;
        self.frames += 1;
        Ok(())
    }

    /// Number of frames written so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Brings the file to the disk and gives it its name; returns the number of frames.
    ///
    /// # Errors
    /// The file cannot be written; the one that stood there before is still there.
    pub fn finish(self) -> Result<u64, WriteError> {
        let whole = |file: BufWriter<File>| {
            let file = file.into_inner().map_err(|error| error.into_error())?;
            file.sync_all()
        };
        let outcome = match self.target {
            Target::Text(_, file) => whole(file),
            Target::Zstd(_, file) => file.finish().and_then(whole),
            #[cfg(feature = "chemfiles")]
            Target::Chemfiles(writer) => {
                drop(writer);
                File::open(self.temporary.path()).and_then(|file| file.sync_all())
            }
        };
        outcome
            .and_then(|()| self.temporary.rename_to(&self.path))
            .map_err(WriteError::io("write", &self.path))?;
        Ok(self.frames)
    }
}

impl std::fmt::Debug for FrameWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FrameWriter")
            .field("path", &self.path)
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

/// Writes frames to a file whose format its name tells, as a whole or not at all.
///
/// # Errors
/// The format is not known or does not hold the frames, or the file cannot be written.
pub fn write_frames<'a>(
    path: &Path,
    selection: Selection,
    frames: impl IntoIterator<Item = &'a Frame>,
) -> Result<u64, WriteError> {
    let mut writer = FrameWriter::create(path, Format::guess(path)?, selection)?;
    for frame in frames {
        writer.write(frame)?;
    }
    writer.finish()
}

//! Frames from and to files of any format.

use crate::error::{ReadError, WriteError};
use crate::extxyz;
use crate::files::{open_text, sync_folder, temporary_name};
use crate::format::{Encoder, Format, FormatError};
use crate::frame::Frame;
use crate::frames::Frames;
use crate::lammps::{self, data, dump, dump::PlaceInFile};
use crate::selection::Selection;
use std::fs::{self, File};
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
    temporary: PathBuf,
    target: Option<Target>,
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
        let temporary = temporary_name(path);
        let file = File::create(&temporary).map_err(WriteError::io("create", path))?;
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
            temporary,
            target: Some(target),
            frames: 0,
        })
    }

    #[cfg(feature = "chemfiles")]
    fn create_foreign(
        path: &Path,
        format: crate::format::ChemfilesFormat,
    ) -> Result<Self, WriteError> {
        let temporary = temporary_name(path);
        let writer = crate::foreign::Writer::create(&temporary, format)?;
        Ok(Self {
            path: path.to_owned(),
            temporary,
            target: Some(Target::Chemfiles(writer)),
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
            Some(Target::Text(encoder, out)) => (encoder, out),
            Some(Target::Zstd(encoder, out)) => (encoder, out),
            #[cfg(feature = "chemfiles")]
            Some(Target::Chemfiles(writer)) => {
                self.frames += 1;
                return writer.write(frame);
            }
            None => return Ok(()),
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
    pub fn finish(mut self) -> Result<u64, WriteError> {
        let whole = |file: BufWriter<File>| {
            let file = file.into_inner().map_err(|error| error.into_error())?;
            file.sync_all()
        };
        let outcome = match self.target.take() {
            Some(Target::Text(_, file)) => whole(file),
            Some(Target::Zstd(_, file)) => file.finish().and_then(whole),
            #[cfg(feature = "chemfiles")]
            Some(Target::Chemfiles(writer)) => {
                drop(writer);
                File::open(&self.temporary).and_then(|file| file.sync_all())
            }
            None => Ok(()),
        };
        outcome
            .and_then(|()| fs::rename(&self.temporary, &self.path))
            .and_then(|()| sync_folder(&self.path))
            .map_err(WriteError::io("write", &self.path))?;
        Ok(self.frames)
    }
}

impl Drop for FrameWriter {
    fn drop(&mut self) {
        // After `finish` there is no such file; after an error nobody wants it.
        self.target = None;
        let _ = fs::remove_file(&self.temporary);
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

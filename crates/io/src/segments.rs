//! Trajectories in segments that can be continued after any interruption.
//!
//! The same frames give the same files, byte for byte, however often writing was interrupted:
//!
//! * A new segment begins when the last one holds a given number of bytes before compression, so
//!   that the borders follow from the frames alone.
//! * A segment is one zstd frame, flushed after each frame of atoms; other programs read it while it
//!   grows. (Several zstd frames in a file would be shorter to continue, but OVITO shows only the
//!   first.)
//! * The state of a compressor cannot be stored. To continue, the frames up to the checkpoint are
//!   compressed again, in the same steps, into a fresh file that replaces the segment.

use crate::convert::ZSTD_LEVEL;
use crate::error::{EncodeError, WriteError};
use crate::files::{TemporaryFile, open_text, sync_folder, unfinished_name};
use crate::format::Encoder;
use crate::frame::Frame;
use crate::lammps::dump::PlaceInFile;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes handed to the compressor at once. What it writes depends on how it is fed, so the pieces
/// must be the same when a segment is compressed again.
const PIECE: usize = 1 << 20;

/// Size at which a segment ends [bytes before compression], where nothing else is asked for: quickly
/// compressed again, and not too many files.
pub const DEFAULT_SEGMENT_SIZE: u64 = 64 << 20;

/// Where and how a trajectory is written.
#[derive(Debug, Clone)]
pub struct SegmentOptions {
    /// Folder of the segments.
    pub folder: PathBuf,
    /// What the names begin with: `trajectory` for `trajectory.0000.xyz.zst`.
    pub stem: String,
    /// The middle of the names: `xyz` or `dump`.
    pub extension: String,
    /// Whether and how segments are compressed.
    pub compression: Compression,
    /// A segment that holds so many bytes before compression is the last frame's; see
    /// [`DEFAULT_SEGMENT_SIZE`].
    pub segment_size: u64,
}

/// Whether segments are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Plain text.
    None,
    /// zstd, `.zst`.
    Zstd,
}

/// What a checkpoint stores of a trajectory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SegmentPosition {
    /// Number of the segment.
    pub segment: u32,
    /// Bytes before compression of each frame in it.
    pub lengths: Vec<u64>,
}

impl SegmentPosition {
    /// As numbers for a checkpoint.
    pub fn to_numbers(&self) -> Vec<u64> {
        let mut numbers = vec![u64::from(self.segment)];
        numbers.extend(&self.lengths);
        numbers
    }

    /// From the numbers of a checkpoint; `None` if they are not of a position.
    pub fn from_numbers(numbers: &[u64]) -> Option<Self> {
        let (&segment, lengths) = numbers.split_first()?;
        Some(Self {
            segment: u32::try_from(segment).ok()?,
            lengths: lengths.to_vec(),
        })
    }

    /// Bytes before compression.
    fn bytes(&self) -> u64 {
        self.lengths
            .iter()
            .fold(0, |sum, &length| sum.saturating_add(length))
    }
}

impl SegmentOptions {
    /// The file of a segment.
    pub fn path(&self, segment: u32) -> PathBuf {
        let end = match self.compression {
            Compression::None => "",
            Compression::Zstd => ".zst",
        };
        let Self {
            stem, extension, ..
        } = self;
        self.folder
            .join(format!("{stem}.{segment:04}.{extension}{end}"))
    }

    /// The segments that stand in the folder, in order, and unfinished copies of them.
    fn existing(&self) -> io::Result<Vec<(u32, PathBuf)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let Some(text) = name.to_str() else { continue };
            let bare = unfinished_name(text).unwrap_or(text);
            let number = bare
                .strip_prefix(&format!("{}.", self.stem))
                .and_then(|rest| rest.split('.').next())
                .and_then(|number| number.parse().ok());
            let Some(number) = number else { continue };
            if self
                .path(number)
                .file_name()
                .is_some_and(|expected| expected == bare)
            {
                found.push((number, self.folder.join(text)));
            }
        }
        found.sort();
        Ok(found)
    }

    /// The files of a trajectory in order, to be read one after another.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn segments(&self) -> Result<Vec<PathBuf>, WriteError> {
        let existing = self
            .existing()
            .map_err(WriteError::io("list", &self.folder))?;
        let whole = existing
            .into_iter()
            .filter(|(number, path)| *path == self.path(*number));
        Ok(whole.map(|(_, path)| path).collect())
    }
}

/// Writes frames into segments.
pub struct SegmentWriter {
    options: SegmentOptions,
    encoder: Encoder,
    segment: Option<Segment>,
    /// Number of the next segment, when none is open.
    next: u32,
}

/// The segment that grows.
struct Segment {
    path: PathBuf,
    position: SegmentPosition,
    /// Sum of the lengths in `position`.
    bytes: u64,
    sink: Sink,
    piece: Vec<u8>,
}

enum Sink {
    Plain(File),
    Zstd(zstd::Encoder<'static, File>),
}

impl SegmentWriter {
    /// Begins a trajectory. Segments of this name that stand in the folder are removed.
    ///
    /// # Errors
    /// They cannot be removed, or the folder cannot be read.
    pub fn create(options: SegmentOptions, encoder: Encoder) -> Result<Self, WriteError> {
        Self::resume(options, encoder, &SegmentPosition::default())
    }

    /// Continues a trajectory behind the frames of a checkpoint; what was written later is removed.
    ///
    /// # Errors
    /// The segment of the checkpoint is missing or holds less than the checkpoint says, or files
    /// cannot be read or written.
    pub fn resume(
        options: SegmentOptions,
        encoder: Encoder,
        position: &SegmentPosition,
    ) -> Result<Self, WriteError> {
        let current = options.path(position.segment);
        let is_kept = |number: u32, path: &Path| {
            number < position.segment || (path == current && !position.lengths.is_empty())
        };
        let existing = options
            .existing()
            .map_err(WriteError::io("list", &options.folder))?;
        for (number, path) in existing {
            if !is_kept(number, &path) {
                fs::remove_file(&path).map_err(WriteError::io("remove", &path))?;
            }
        }
        let segment = if position.lengths.is_empty() {
            None
        } else {
            Some(Segment::resume(&current, options.compression, position)?)
        };
        Ok(Self {
            options,
            encoder,
            segment,
            next: position.segment,
        })
    }

    /// Adds a frame, and hands it to the operating system, so that others see it.
    ///
    /// # Errors
    /// The frame does not fit the format, or the file cannot be written; then the trajectory must be
    /// resumed from its last position before anything else is added.
    pub fn write(&mut self, frame: &Frame) -> Result<(), WriteError> {
        let is_full = |segment: &Segment| segment.bytes >= self.options.segment_size;
        if self.segment.as_ref().is_some_and(is_full) {
            self.close()?;
        }
        let segment = match &mut self.segment {
            Some(segment) => segment,
            none => none.insert(Segment::create(
                &self.options.path(self.next),
                self.options.compression,
                self.next,
            )?),
        };
        let place = PlaceInFile(segment.position.lengths.len() as u64);
        let encoder = &self.encoder;
        segment
            .add(|out| encoder.encode(frame, place, out))
            .map_err(|error: EncodeError| error.at(&segment.path))
    }

    /// Brings everything to the disk and returns the position for a checkpoint.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn sync(&mut self) -> Result<SegmentPosition, WriteError> {
        match &self.segment {
            None => Ok(SegmentPosition {
                segment: self.next,
                lengths: Vec::new(),
            }),
            Some(segment) => {
                let file = segment.sink.file();
                file.sync_data()
                    .map_err(WriteError::io("write", &segment.path))?;
                Ok(segment.position.clone())
            }
        }
    }

    /// Completes the last segment. A trajectory can be resumed afterwards from any earlier position
    /// nevertheless: to interrupt a run, ask for the position first.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.close()
    }

    fn close(&mut self) -> Result<(), WriteError> {
        let Some(segment) = self.segment.take() else {
            return Ok(());
        };
        self.next = segment.position.segment + 1;
        let file = match segment.sink {
            Sink::Plain(file) => Ok(file),
            Sink::Zstd(encoder) => encoder.finish(),
        };
        file.and_then(|file| file.sync_all())
            .map_err(WriteError::io("write", &segment.path))
    }
}

impl std::fmt::Debug for SegmentWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SegmentWriter")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Segment {
    fn create(path: &Path, compression: Compression, number: u32) -> Result<Self, WriteError> {
        let sink = File::create(path)
            .and_then(|file| sync_folder(path).map(|()| file))
            .and_then(|file| Sink::new(file, compression))
            .map_err(WriteError::io("create", path))?;
        Ok(Self::new(path, number, sink))
    }

    fn new(path: &Path, number: u32, sink: Sink) -> Self {
        Self {
            path: path.to_owned(),
            position: SegmentPosition {
                segment: number,
                lengths: Vec::new(),
            },
            bytes: 0,
            sink,
            piece: Vec::new(),
        }
    }

    fn resume(
        path: &Path,
        compression: Compression,
        position: &SegmentPosition,
    ) -> Result<Self, WriteError> {
        match compression {
            Compression::None => {
                let file = cut_back(path, position.bytes())?;
                let mut segment = Self::new(path, position.segment, Sink::Plain(file));
                segment.position = position.clone();
                segment.bytes = position.bytes();
                Ok(segment)
            }
            Compression::Zstd => Self::compress_again(path, position),
        }
    }

    /// Compresses the frames up to `position` again, in the steps in which they were written.
    fn compress_again(path: &Path, position: &SegmentPosition) -> Result<Self, WriteError> {
        let changed = |problem: String| WriteError::Changed {
            path: path.to_owned(),
            problem,
        };
        let mut old = open_text(path).map_err(|error| changed(error.to_string()))?;
        let (temporary, file) =
            TemporaryFile::create(path).map_err(WriteError::io("create", path))?;
        let sink = Sink::new(file, Compression::Zstd).map_err(WriteError::io("compress", path))?;
        let mut segment = Self::new(path, position.segment, sink);
        for &length in &position.lengths {
            segment
                .add(|out| copy_exactly(&mut old, out, length))
                .map_err(|error| match error {
                    CopyError::To(cause) => WriteError::io("write a new copy of", path)(cause),
                    CopyError::From(cause) => changed(format!(
                        "it does not hold the {} frames of the checkpoint any more ({cause}); put \
                         the file back or start anew in another folder",
                        position.lengths.len()
                    )),
                })?;
        }
        (segment.sink.file().sync_all())
            .and_then(|()| temporary.rename_to(path))
            .map_err(WriteError::io("write", path))?;
        Ok(segment)
    }

    /// Adds what `encode` writes as one frame.
    fn add<E: From<io::Error>>(
        &mut self,
        encode: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<(), E> {
        self.piece.clear();
        let mut pieces = Pieces {
            sink: &mut self.sink,
            piece: &mut self.piece,
            length: 0,
        };
        encode(&mut pieces)?;
        let length = pieces.finish()?;
        self.position.lengths.push(length);
        self.bytes += length;
        Ok(())
    }
}

/// On which side copying fails.
enum CopyError {
    From(io::Error),
    To(io::Error),
}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::To(error)
    }
}

/// Copies `length` bytes, no fewer.
fn copy_exactly(
    from: &mut dyn BufRead,
    to: &mut dyn Write,
    mut length: u64,
) -> Result<(), CopyError> {
    while length > 0 {
        let bytes = from.fill_buf().map_err(CopyError::From)?;
        if bytes.is_empty() {
            return Err(CopyError::From(io::ErrorKind::UnexpectedEof.into()));
        }
        let taken = bytes
            .len()
            .min(usize::try_from(length).unwrap_or(usize::MAX));
        to.write_all(&bytes[..taken]).map_err(CopyError::To)?;
        from.consume(taken);
        length -= taken as u64;
    }
    Ok(())
}

/// Opens a plain segment and cuts it back.
fn cut_back(path: &Path, bytes: u64) -> Result<File, WriteError> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(WriteError::io("open", path))?;
    let length = file
        .metadata()
        .map_err(WriteError::io("read the size of", path))?
        .len();
    if length < bytes {
        return Err(WriteError::Changed {
            path: path.to_owned(),
            problem: format!(
                "it holds {length} bytes, but held at least {bytes} when the checkpoint was \
                 written; put the file back or start anew in another folder"
            ),
        });
    }
    file.set_len(bytes)
        .and_then(|()| file.seek(SeekFrom::Start(bytes)))
        .map_err(WriteError::io("cut back", path))?;
    Ok(file)
}

impl Sink {
    fn new(file: File, compression: Compression) -> io::Result<Self> {
        match compression {
            Compression::None => Ok(Self::Plain(file)),
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(file, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Ok(Self::Zstd(encoder))
            }
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(file) => file,
            Self::Zstd(encoder) => encoder,
        }
    }

    fn file(&self) -> &File {
        match self {
            Self::Plain(file) => file,
            Self::Zstd(encoder) => encoder.get_ref(),
        }
    }
}

/// Hands bytes on in pieces of [`PIECE`] bytes, whatever the sizes in which they come.
struct Pieces<'a> {
    sink: &'a mut Sink,
    piece: &'a mut Vec<u8>,
    length: u64,
}

impl Pieces<'_> {
    /// Hands on the rest, flushes, and returns the number of bytes.
    fn finish(self) -> io::Result<u64> {
        let writer = self.sink.writer();
        writer.write_all(self.piece)?;
        writer.flush()?;
        Ok(self.length)
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        self.length += taken as u64;
        if self.piece.len() == PIECE {
            self.sink.writer().write_all(self.piece)?;
            self.piece.clear();
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn copying_tells_a_full_disk_from_a_file_that_is_too_short() {
        let copy = |length| {
            let mut full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            copy_exactly(&mut &b"four"[..], &mut full, length)
        };
        assert!(
            matches!(copy(4), Err(CopyError::To(cause)) if cause.kind() == io::ErrorKind::StorageFull)
        );
        let mut target = Vec::new();
        assert!(matches!(
            copy_exactly(&mut &b"four"[..], &mut target, 5),
            Err(CopyError::From(_))
        ));
        assert_eq!(target, b"four");
    }
}

//! Checkpoints: named arrays in one checksummed file.
//!
//! Layout, all numbers little endian: `FRITCHK` and a zero byte; version (u32); zero (u32); length of the
//! whole file (u64); then for each section the length of its name (u32), its kind (u32), the number
//! of its elements (u64), the name and the elements; at the end the BLAKE3 hash of all before it
//! (32 bytes).

use crate::WriteError;
use crate::files::{read_file, write_atomically};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// How a checkpoint begins.
const MAGIC: &[u8; 8] = b"FRITCHK\0";

/// Version of the layout.
const VERSION: u32 = 1;

/// Bytes before the first section.
const HEADER: usize = 24;

/// Bytes of the hash at the end.
const HASH: usize = blake3::OUT_LEN;

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// It is another kind of file.
    #[error("{path} is no checkpoint of frit")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer frit wrote it.
    #[error(
        "{path} has version {found} of the checkpoint format; this frit reads version {VERSION}: \
         continue with the frit that wrote it"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u32,
    },
    /// It ends too early.
    #[error("{path} is cut off: {found} of {expected} bytes are there; use an earlier checkpoint")]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes found.
        found: u64,
        /// Bytes that it should have.
        expected: u64,
    },
    /// Its contents are not what was written.
    #[error("{path} is damaged: its checksum does not match; use an earlier checkpoint")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// There is no such section.
    #[error("the checkpoint has no section `{name}`; it has {known}")]
    Missing {
        /// The section.
        name: String,
        /// Those there are.
        known: String,
    },
    /// The section holds something else.
    #[error("section `{name}` of the checkpoint holds {found}, expected {expected}")]
    Kind {
        /// The section.
        name: String,
        /// What it holds.
        found: &'static str,
        /// What was asked for.
        expected: &'static str,
    },
}

/// The elements of a section.
#[derive(Debug, Clone, PartialEq)]
enum Section {
    F64(Vec<f64>),
    U64(Vec<u64>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U8(Vec<u8>),
    Text(String),
}

/// Named arrays of numbers and texts, kept to the bit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkpoint {
    sections: BTreeMap<String, Section>,
}

impl Checkpoint {
    /// An empty checkpoint.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names of the sections, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// Whether there is a section of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.sections.contains_key(name)
    }

    /// Stores real numbers, bit by bit.
    pub fn put_f64s(&mut self, name: impl Into<String>, values: &[f64]) {
        self.sections
            .insert(name.into(), Section::F64(values.to_vec()));
    }

    /// Stores whole numbers.
    pub fn put_u64s(&mut self, name: impl Into<String>, values: &[u64]) {
        self.sections
            .insert(name.into(), Section::U64(values.to_vec()));
    }

    /// Stores whole numbers.
    pub fn put_u32s(&mut self, name: impl Into<String>, values: &[u32]) {
        self.sections
            .insert(name.into(), Section::U32(values.to_vec()));
    }

    /// Stores whole numbers.
    pub fn put_i32s(&mut self, name: impl Into<String>, values: &[i32]) {
        self.sections
            .insert(name.into(), Section::I32(values.to_vec()));
    }

    /// Stores bytes.
    pub fn put_u8s(&mut self, name: impl Into<String>, values: &[u8]) {
        self.sections
            .insert(name.into(), Section::U8(values.to_vec()));
    }

    /// Stores a text.
    pub fn put_text(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.sections
            .insert(name.into(), Section::Text(text.into()));
    }

    /// Real numbers.
    ///
    /// # Errors
    /// There is no such section, or it holds something else.
    pub fn get_f64s(&self, name: &str) -> Result<Vec<f64>, CheckpointError> {
        match self.section(name)? {
            Section::F64(values) => Ok(values.clone()),
            other => Err(other.is_not(name, "f64 numbers")),
        }
    }

    /// Whole numbers.
    ///
    /// # Errors
    /// There is no such section, or it holds something else.
    pub fn get_u64s(&self, name: &str) -> Result<Vec<u64>, CheckpointError> {
        match self.section(name)? {
            Section::U64(values) => Ok(values.clone()),
            other => Err(other.is_not(name, "u64 numbers")),
        }
    }

    /// Whole numbers.
    ///
    /// # Errors
    /// There is no such section, or it holds something else.
    pub fn get_u32s(&self, name: &str) -> Result<Vec<u32>, CheckpointError> {
        match self.section(name)? {
            Section::U32(values) => Ok(values.clone()),
            other => Err(other.is_not(name, "u32 numbers")),
        }
    }

    /// Whole numbers.
    ///
    /// # Errors
    /// There is no such section, or it holds something else.
    pub fn get_i32s(&self, name: &str) -> Result<Vec<i32>, CheckpointError> {
        match self.section(name)? {
            Section::I32(values) => Ok(values.clone()),
            other => Err(other.is_not(name, "i32 numbers")),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// There is no such section, or it holds something else.
    pub fn get_u8s(&self, name: &str) -> Result<Vec<u8>, CheckpointError> {
        match self.section(name)? {
            Section::U8(values) => Ok(values.clone()),
            other => Err(other.is_not(name, "bytes")),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// There is no such section, or it holds something else.
    pub fn get_text(&self, name: &str) -> Result<&str, CheckpointError> {
        match self.section(name)? {
            Section::Text(text) => Ok(text),
            other => Err(other.is_not(name, "text")),
        }
    }

    fn section(&self, name: &str) -> Result<&Section, CheckpointError> {
        self.sections
            .get(name)
            .ok_or_else(|| CheckpointError::Missing {
                name: name.to_owned(),
                known: self.names().collect::<Vec<_>>().join(", "),
            })
    }

    /// Writes the checkpoint; one that stood there before is replaced only when this one is whole.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), WriteError> {
        write_atomically(path, |out| {
            let mut hasher = blake3::Hasher::new();
            let mut put = |bytes: &[u8]| {
                hasher.update(bytes);
                out.write_all(bytes)
            };
            put(MAGIC)?;
            put(&VERSION.to_le_bytes())?;
            put(&0_u32.to_le_bytes())?;
            put(&self.file_length().to_le_bytes())?;
            for (name, section) in &self.sections {
                put(&(name.len() as u32).to_le_bytes())?;
                put(&section.kind().to_le_bytes())?;
                put(&(section.len() as u64).to_le_bytes())?;
                put(name.as_bytes())?;
                section.write(&mut put)?;
            }
            let hash = hasher.finalize();
            out.write_all(hash.as_bytes())
        })
    }

    fn file_length(&self) -> u64 {
        let sections = (self.sections.iter())
            .map(|(name, section)| 16 + name.len() + section.len() * section.width());
        (HEADER + sections.sum::<usize>() + HASH) as u64
    }

    /// Reads a checkpoint.
    ///
    /// # Errors
    /// The file cannot be read, is no checkpoint, comes from a newer version, is cut off or damaged.
    pub fn read(path: &Path) -> Result<Self, CheckpointError> {
        let bytes = read_file(path).map_err(|cause| CheckpointError::Io {
            path: path.to_owned(),
            cause,
        })?;
        Self::parse(&bytes, path)
    }

    fn parse(bytes: &[u8], path: &Path) -> Result<Self, CheckpointError> {
        let path = || path.to_owned();
        if !bytes.starts_with(MAGIC) {
            return Err(CheckpointError::Foreign { path: path() });
        }
        let found = bytes.len() as u64;
        let header = bytes
            .get(..HEADER)
            .ok_or_else(|| CheckpointError::Truncated {
                path: path(),
                found,
                expected: (HEADER + HASH) as u64,
            })?;
        let mut reader = Reader(&header[MAGIC.len()..]);
        let damaged = || CheckpointError::Damaged { path: path() };
        let version = reader.u32().ok_or_else(damaged)?;
        if version != VERSION {
            return Err(CheckpointError::Version {
                path: path(),
                found: version,
            });
        }
        let _reserved = reader.u32().ok_or_else(damaged)?;
        let expected = reader.u64().ok_or_else(damaged)?;
        if found < expected {
            return Err(CheckpointError::Truncated {
                path: path(),
                found,
                expected,
            });
        }
        let (contents, hash) = bytes.split_last_chunk::<HASH>().ok_or_else(damaged)?;
        if blake3::hash(contents) != *hash {
            return Err(damaged());
        }
        let sections = contents.get(HEADER..).ok_or_else(damaged)?;
        Reader(sections).sections().ok_or_else(damaged)
    }
}

impl Section {
    fn kind(&self) -> u32 {
        match self {
            Self::F64(_) => 1,
            Self::U64(_) => 2,
            Self::U32(_) => 3,
            Self::I32(_) => 4,
            Self::U8(_) => 5,
            Self::Text(_) => 6,
        }
    }

    /// Bytes an element.
    fn width(&self) -> usize {
        match self {
            Self::F64(_) | Self::U64(_) => 8,
            Self::U32(_) | Self::I32(_) => 4,
            Self::U8(_) | Self::Text(_) => 1,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::F64(values) => values.len(),
            Self::U64(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::U8(values) => values.len(),
            Self::Text(text) => text.len(),
        }
    }

    fn write(&self, put: &mut impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::F64(values) => put_all(values, |value| value.to_le_bytes(), put),
            Self::U64(values) => put_all(values, |value| value.to_le_bytes(), put),
            Self::U32(values) => put_all(values, |value| value.to_le_bytes(), put),
            Self::I32(values) => put_all(values, |value| value.to_le_bytes(), put),
            Self::U8(values) => put(values),
            Self::Text(text) => put(text.as_bytes()),
        }
    }

    fn is_not(&self, name: &str, expected: &'static str) -> CheckpointError {
        CheckpointError::Kind {
            name: name.to_owned(),
            found: match self {
                Self::F64(_) => "f64 numbers",
                Self::U64(_) => "u64 numbers",
                Self::U32(_) => "u32 numbers",
                Self::I32(_) => "i32 numbers",
                Self::U8(_) => "bytes",
                Self::Text(_) => "text",
            },
            expected,
        }
    }
}

/// Elements in pieces large enough for the hash to be fast, small beside the array.
fn put_all<T: Copy, const N: usize>(
    values: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
    put: &mut impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(N << 12);
    for piece in values.chunks(1 << 12) {
        buffer.clear();
        buffer.extend(piece.iter().flat_map(|&value| to_bytes(value)));
        put(&buffer)?;
    }
    Ok(())
}

/// Takes bytes from the front; `None` when they run out.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.number().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.number().map(u64::from_le_bytes)
    }

    fn sections(mut self) -> Option<Checkpoint> {
        let mut checkpoint = Checkpoint::new();
        while !self.0.is_empty() {
            let name = self.u32()? as usize;
            let kind = self.u32()?;
            let count = usize::try_from(self.u64()?).ok()?;
            let name = std::str::from_utf8(self.take(name)?).ok()?.to_owned();
            let section = match kind {
                1 => Section::F64(self.elements(count, f64::from_le_bytes)?),
                2 => Section::U64(self.elements(count, u64::from_le_bytes)?),
                3 => Section::U32(self.elements(count, u32::from_le_bytes)?),
                4 => Section::I32(self.elements(count, i32::from_le_bytes)?),
                5 => Section::U8(self.take(count)?.to_vec()),
                6 => Section::Text(std::str::from_utf8(self.take(count)?).ok()?.to_owned()),
                _ => return None,
            };
            checkpoint.sections.insert(name, section);
        }
        Some(checkpoint)
    }

    fn elements<T, const N: usize>(
        &mut self,
        count: usize,
        from_bytes: impl Fn([u8; N]) -> T,
    ) -> Option<Vec<T>> {
        let bytes = self.take(count.checked_mul(N)?)?;
        let (elements, _) = bytes.as_chunks::<N>();
        Some(
            elements
                .iter()
                .map(|&element| from_bytes(element))
                .collect(),
        )
    }
}

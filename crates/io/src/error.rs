//! What can go wrong with files.

use std::io;
use std::path::PathBuf;

/// Longest piece of a file that a message repeats.
const LONGEST_QUOTE: usize = 60;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened.
    #[error("cannot open {path}: {cause}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// Reading or decompressing fails.
    #[error("cannot read {path} after line {line}: {cause}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Lines read until then.
        line: u64,
        /// What the operating system or the decompressor says.
        cause: io::Error,
    },
    /// Something else stands where a number, name or header should.
    #[error("{path}, line {line}: found `{found}`, expected {expected}")]
    Unexpected {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1 in the decompressed text.
        line: u64,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// The text is well formed, but what it says is not possible.
    #[error("{path}, line {line}: {problem}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1 in the decompressed text.
        line: u64,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The file ends inside a frame.
    #[error("{path} ends at line {line} inside frame {frame}: {problem}; earlier frames are whole")]
    Incomplete {
        /// The file.
        path: PathBuf,
        /// The frame that is cut off, counted from 1.
        frame: u64,
        /// Last line, counted from 1 in the decompressed text.
        line: u64,
        /// What is missing.
        problem: String,
    },
    /// The format is not known from the file's name, or cannot be read.
    #[error(transparent)]
    Format(#[from] crate::FormatError),
    /// The library chemfiles refuses the file.
    #[error("chemfiles cannot read {path}: {problem}")]
    Chemfiles {
        /// The file.
        path: PathBuf,
        /// What chemfiles says.
        problem: String,
    },
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The operating system refuses: no space, no permission, no such folder.
    #[error("cannot {action} {path}: {cause}")]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// The frame cannot be written in this format.
    #[error("cannot write {path}: {cause}")]
    Frame {
        /// The file.
        path: PathBuf,
        /// What is wrong with the frame.
        cause: crate::FrameError,
    },
    /// The file to continue is not the one that was left.
    #[error("cannot continue {path}: {problem}")]
    Changed {
        /// The file.
        path: PathBuf,
        /// What differs and what to do.
        problem: String,
    },
    /// The format is not known from the file's name, or cannot be written.
    #[error(transparent)]
    Format(#[from] crate::FormatError),
    /// The library chemfiles refuses to write.
    #[error("chemfiles cannot write {path}: {problem}")]
    Chemfiles {
        /// The file.
        path: PathBuf,
        /// What chemfiles says.
        problem: String,
    },
}

impl WriteError {
    /// For `map_err`: what was tried, and on which file.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io {
            action,
            path,
            cause,
        }
    }
}

/// Why an encoder stops; [`WriteError`] adds the file.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The frame cannot be written in this format; nothing has been written.
    #[error(transparent)]
    Frame(#[from] crate::FrameError),
    /// The destination fails.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl EncodeError {
    /// The error with the file's name.
    pub fn at(self, path: impl Into<PathBuf>) -> WriteError {
        let path = path.into();
        match self {
            Self::Frame(cause) => WriteError::Frame { path, cause },
            Self::Io(cause) => WriteError::Io {
                action: "write",
                path,
                cause,
            },
        }
    }
}

/// A piece of a file, short enough for a message.
pub(crate) fn quote(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

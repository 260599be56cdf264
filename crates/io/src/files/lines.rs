//! Text, line by line, with errors that name file and line.

use crate::ReadError;
use crate::error::quote;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

/// Longest line accepted. Real ones are far shorter; without a limit, a small compressed file
/// could unpack into a line that fills the memory.
const LONGEST_LINE: u64 = 1 << 26;

/// A reader that stands on one line at a time.
pub(crate) struct Lines {
    reader: Box<dyn BufRead + Send>,
    path: PathBuf,
    number: u64,
    line: String,
    /// Whether the present line has an end; only the last of a text may have none.
    has_end: bool,
    cut: bool,
}

impl Lines {
    /// Stands before the first line; `path` is for messages.
    pub(crate) fn new(reader: Box<dyn BufRead + Send>, path: &Path) -> Self {
        Self {
            reader,
            path: path.to_owned(),
            number: 0,
            line: String::new(),
            has_end: true,
            cut: false,
        }
    }

    /// Goes to the next line; `false` at the end of the text.
    pub(crate) fn advance(&mut self) -> Result<bool, ReadError> {
        if self.cut {
            return Ok(false);
        }
        let mut bytes = std::mem::take(&mut self.line).into_bytes();
        bytes.clear();
        let outcome = (&mut self.reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut bytes);
        match outcome {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            // The decompressors' way to say that the file ends before their stream does.
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                self.cut = true;
                return Ok(false);
            }
            Err(cause) => {
                return Err(ReadError::Read {
                    path: self.path.clone(),
                    line: self.number,
                    cause,
                });
            }
        }
        self.number += 1;
        if bytes.len() as u64 == LONGEST_LINE {
            return Err(self.invalid(format!(
                "the line is longer than {LONGEST_LINE} bytes; this is no file of atoms"
            )));
        }
        self.has_end = bytes.last() == Some(&b'\n');
        if self.has_end {
            bytes.pop();
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        self.line = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(true)
    }

    /// Goes to the next line that is not blank; `false` at the end of the text.
    pub(crate) fn advance_to_text(&mut self) -> Result<bool, ReadError> {
        while self.advance()? {
            if !self.line().trim().is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The present line without its end. A byte-order mark before the first line is dropped.
    pub(crate) fn line(&self) -> &str {
        match self.number {
            1 => self.line.trim_start_matches('\u{feff}'),
            _ => &self.line,
        }
    }

    /// Number of the present line, counted from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the compressed data ended before its stream was finished.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The error that says what stands on the present line and what should.
    pub(crate) fn unexpected(&self, found: &str, expected: impl Into<String>) -> ReadError {
        ReadError::Unexpected {
            path: self.path.clone(),
            line: self.number,
            found: quote(found),
            expected: expected.into(),
        }
    }

    /// The error that says what is wrong on the present line.
    pub(crate) fn invalid(&self, problem: impl ToString) -> ReadError {
        ReadError::Invalid {
            path: self.path.clone(),
            line: self.number,
            problem: problem.to_string(),
        }
    }

    /// An error on the present line: where the text breaks off in this line, that is the reason.
    pub(crate) fn blame_end(&self, frame: u64, error: ReadError) -> ReadError {
        if self.has_end {
            return error;
        }
        self.incomplete(frame, format!("its last line is cut off ({error})"))
    }

    /// The error that says that the text ends inside frame `frame`, counted from 1.
    pub(crate) fn incomplete(&self, frame: u64, problem: impl Into<String>) -> ReadError {
        let mut problem = problem.into();
        if self.cut {
            problem.push_str(
                " (the compressed data is unfinished: the file is still being written, or its \
                 writer was stopped)",
            );
        }
        ReadError::Incomplete {
            path: self.path.clone(),
            frame,
            line: self.number,
            problem,
        }
    }
}

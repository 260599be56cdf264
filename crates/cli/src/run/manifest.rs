//! With what a run was made: version, seed, potentials, kernel, threads, machine.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::directory::{INPUT, MANIFEST, RunDirectory};
use super::error::RunError;
use crate::args::DeckArguments;

/// With what a run was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The program's version.
    pub frit: String,
    /// The deck's title.
    pub title: String,
    /// Where the deck lies.
    pub deck: String,
    /// The overrides given with `--set`.
    pub overrides: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// The potential's method.
    pub potential: String,
    /// The files that were read, with their contents' hashes.
    pub files: Vec<HashedFile>,
    /// The kernel path that evaluates forces.
    pub kernel: String,
    /// The precision of forces.
    pub precision: String,
    /// One entry for each time the run was begun or continued.
    pub attempts: Vec<Attempt>,
}

impl Manifest {
    /// The manifest of a run directory, if it has one.
    pub(crate) fn read(directory: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(directory.join(MANIFEST)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Where a deck lies, wherever the run is continued from.
    pub(crate) fn place(deck: &Path) -> String {
        std::path::absolute(deck)
            .unwrap_or_else(|_| deck.to_owned())
            .display()
            .to_string()
    }

    /// Writes the manifest into a run directory, with this attempt behind the earlier ones, and a
    /// copy of the deck as it was typed.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(crate) fn record(
        mut self,
        directory: &RunDirectory,
        deck: &DeckArguments,
    ) -> Result<(), RunError> {
        if let Some(text) = &deck.text {
            directory.write_text(INPUT, text)?;
        }
        let earlier = Self::read(directory.path());
        self.attempts = earlier.map_or_else(Vec::new, |manifest| manifest.attempts);
        self.attempts.push(Attempt::now(&self.kernel));
        directory.write_json(MANIFEST, &self)
    }
}

/// A file that a run depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct HashedFile {
    /// Its path.
    pub path: String,
    /// BLAKE3 of its contents, hexadecimal.
    pub blake3: String,
}

impl HashedFile {
    /// The hash of contents read from `path`.
    pub(crate) fn new(path: &Path, contents: &[u8]) -> Self {
        Self {
            path: std::fs::canonicalize(path)
                .unwrap_or_else(|_| path.to_owned())
                .display()
                .to_string(),
            blake3: blake3::hash(contents).to_hex().to_string(),
        }
    }
}

/// One time that a run was begun or continued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// Seconds since 1970, UTC.
    pub unix_time: u64,
    /// Threads used.
    pub threads: usize,
    /// The kernel path.
    pub kernel: String,
    /// The machine's architecture.
    pub machine: String,
    /// The operating system.
    pub system: String,
}

impl Attempt {
    /// This attempt.
    pub(crate) fn now(kernel: &str) -> Self {
        Self {
            unix_time: std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
            threads: rayon::current_num_threads(),
            kernel: kernel.to_owned(),
            machine: std::env::consts::ARCH.to_owned(),
            system: std::env::consts::OS.to_owned(),
        }
    }
}

//! With what a run was made: version, seed, potentials, kernel, threads, machine.

use std::path::Path;

use serde::{Deserialize, Serialize};

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
        let text = std::fs::read_to_string(directory.join(super::directory::MANIFEST)).ok()?;
        serde_json::from_str(&text).ok()
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

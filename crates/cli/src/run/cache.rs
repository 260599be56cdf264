//! Particles that were equilibrated before: found again by the hash of all that determines them.
//!
//! An entry is a file named by the BLAKE3 of a text that holds the program itself, the potential
//! with the hashes of its files, the particle as built, the seed, the stages with their place among
//! the streams of random numbers, and how often the table of energies is written. The entry holds
//! that text too, so that no collision goes unnoticed, and the rows of the table: a run that takes
//! its particles from here writes the same bytes as one that computes them.

use std::fmt::Write;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use frit_atoms::System;
use frit_engine::{Clock, Signals};
use frit_io::Checkpoint;

use super::state::{get_system, one, put_system};
use crate::plan::{Body, Plan};
use crate::terminal;

/// Where equilibrated particles are kept.
#[derive(Debug, Clone, Default)]
pub(crate) enum CacheChoice {
    /// Where the deck says, or `FRIT_CACHE`, or in the user's folder for caches.
    #[default]
    Usual,
    /// In this folder.
    At(PathBuf),
    /// Nowhere: they are computed.
    Nowhere,
}

/// Names the folder; empty for none.
const VARIABLE: &str = "FRIT_CACHE";
/// Changes with the meaning of entries.
const FORMAT: u32 = 1;
/// Between looks whether another process has the particle ready.
const WAIT: Duration = Duration::from_millis(100);

impl CacheChoice {
    /// The folder, if there is one.
    pub(super) fn folder(&self, plan: &Plan) -> Option<PathBuf> {
        match self {
            Self::At(folder) => Some(folder.clone()),
            Self::Nowhere => None,
            Self::Usual => match &plan.deck.output.cache {
                Some(folder) => Some(plan.deck.resolve(folder)),
                None => usual(),
            },
        }
    }
}

fn usual() -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let is_given = |path: &PathBuf| !path.as_os_str().is_empty();
    match of(VARIABLE) {
        Some(folder) => Some(folder).filter(is_given),
        None => of("XDG_CACHE_HOME")
            .filter(is_given)
            .or_else(|| of("HOME").filter(is_given).map(|home| home.join(".cache")))
            .map(|folder| folder.join("frit")),
    }
}

/// An equilibrated particle.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its atoms.
    pub system: System,
    /// Steps and time of its stages.
    pub clock: Clock,
    /// Steps made in each of its stages.
    pub steps: Vec<u64>,
    /// Rows of the table of energies.
    pub rows: String,
}

/// The place of one particle in the cache.
#[derive(Debug)]
pub(super) struct Place {
    key: String,
    path: PathBuf,
    /// Held while the particle is computed, so that others wait for it.
    lock: Option<File>,
}

impl Place {
    /// The place of a particle; `None`, with a warning, where there can be none.
    pub(super) fn new(folder: &Path, plan: &Plan, body: Body, kernel: &str) -> Option<Self> {
        let key = key(plan, body, kernel)?;
        if let Err(error) = fs::create_dir_all(folder) {
            terminal::warn(&format!(
                "no particles are kept in {}: {error}",
                folder.display()
            ));
            return None;
        }
        let name = blake3::hash(key.as_bytes()).to_hex();
        Some(Self {
            key,
            path: folder.join(format!("{name}.frit")),
            lock: None,
        })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The particle, if it is there, or when another process has put it there; otherwise this
    /// process is the one to compute it.
    pub(super) fn take(&mut self, signals: &Signals) -> Option<Entry> {
        let mut told = false;
        loop {
            if let Some(entry) = self.read() {
                return Some(entry);
            }
            let lock = File::options()
                .write(true)
                .create(true)
                .truncate(false)
                .open(self.path.with_extension("lock"))
                .ok()?;
            match lock.try_lock() {
                Ok(()) => {
                    self.lock = Some(lock);
                    // It may have come between the look and the lock.
                    return self.read();
                }
                Err(TryLockError::WouldBlock) if signals.arrived().is_none() => {
                    if !told {
                        terminal::say("waiting for this particle: another run equilibrates it");
                        told = true;
                    }
                    std::thread::sleep(WAIT);
                }
                Err(_) => return None,
            }
        }
    }

    fn read(&self) -> Option<Entry> {
        if !self.path.exists() {
            return None;
        }
        let read = || -> Result<Entry, super::state::StateError> {
            let file = Checkpoint::read(&self.path)?;
            if file.get_text("key")? != self.key {
                let what = "it is of another particle".to_owned();
                return Err(super::state::StateError::Inconsistent(what));
            }
            let time = file.get_f64s("time")?;
            Ok(Entry {
                system: get_system(&file, "particle")?,
                clock: Clock {
                    step: one(&file, "step")?,
                    time: time.first().copied().unwrap_or(0.0),
                },
                steps: file.get_u64s("steps")?,
                rows: file.get_text("rows")?.to_owned(),
            })
        };
        match read() {
            Ok(entry) => Some(entry),
            Err(error) => {
                terminal::warn(&format!("{} is not used: {error}", self.path.display()));
                None
            }
        }
    }

    /// Puts a particle there, by rename; that it cannot be is worth a warning.
    pub(super) fn put(&self, entry: &Entry) {
        let mut file = Checkpoint::new();
        file.put_text("key", self.key.clone());
        put_system(&mut file, "particle", &entry.system);
        file.put_u64s("step", &[entry.clock.step]);
        file.put_f64s("time", &[entry.clock.time]);
        file.put_u64s("steps", &entry.steps);
        file.put_text("rows", entry.rows.clone());
        // A name of this process: others may write the same entry where files cannot be locked.
        let own = format!("{}.new", std::process::id());
        let temporary = self.path.with_extension(own);
        let written = file.write(&temporary).map_err(|error| error.to_string());
        let renamed = written
            .and_then(|()| fs::rename(&temporary, &self.path).map_err(|error| error.to_string()));
        if let Err(error) = renamed {
            terminal::warn(&format!("the particle is not kept: {error}"));
        }
    }
}

/// All that determines a particle, as text.
fn key(plan: &Plan, body: Body, kernel: &str) -> Option<String> {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}: {value}");
    };
    line("format", &FORMAT.to_string());
    line("program", program()?);
    line("kernel", kernel);
    line("precision", plan.potential.precision());
    line("potential", &format!("{:?}", plan.deck.potential));
    for file in &plan.potential.files {
        line("file", &file.blake3);
    }
    line("neighbours", &format!("{:?}", plan.deck.neighbours));
    line("table", &format!("{:?}", plan.deck.observe.table));
    line("groups", &format!("{:?}", plan.deck.groups));
    line("seed", &plan.deck.seed.to_string());
    for (index, phase) in plan.phases.iter().enumerate() {
        if phase.body == body {
            line(&format!("phase {index}"), &format!("{phase:?}"));
        }
    }
    line("particle", &hash_of(plan.structure.system_of(body)));
    Some(text)
}

/// The hash of this program: another build may round otherwise.
fn program() -> Option<&'static str> {
    static HASH: OnceLock<Option<String>> = OnceLock::new();
    let hash = || {
        let contents = fs::read(std::env::current_exe().ok()?).ok()?;
        Some(blake3::hash(&contents).to_hex().to_string())
    };
    HASH.get_or_init(hash).as_deref()
}

/// The hash of all bits of a system.
fn hash_of(system: &System) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut number = |number: f64| {
        hasher.update(&number.to_bits().to_le_bytes());
    };
    let vectors = system.cell.vectors();
    vectors
        .iter()
        .chain(system.cell.origin().iter())
        .for_each(|&x| number(x));
    for atom in system.atoms.iter() {
        let six = atom.position.iter().chain(atom.velocity.iter());
        six.for_each(|&x| number(x));
        let image = atom.image.map(f64::from);
        let rest = [atom.species.into(), atom.id.into(), atom.group.into()];
        image.into_iter().chain(rest).for_each(&mut number);
    }
    for flag in system.cell.periodic() {
        number(f64::from(u8::from(flag)));
    }
    for species in &system.species {
        number(species.mass);
    }
    for species in &system.species {
        hasher.update(species.name.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

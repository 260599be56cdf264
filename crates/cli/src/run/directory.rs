//! The run directory: what lies in it, and who may write there.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::RunError;

/// The resolved plan: what the run is, word for word.
pub(crate) const PLAN: &str = "plan.toml";
/// Where, when and with what the run was made.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The deck as typed, from which a run is continued by its directory.
pub(crate) const INPUT: &str = "input.toml";
/// The result; it appears when the run is finished, by rename.
pub(crate) const SUMMARY: &str = "summary.json";
/// The state from which the run continues.
pub(crate) const CHECKPOINT: &str = "checkpoint.frit";
/// Energies, temperature and the like against time.
pub(crate) const TABLE: &str = "table.csv";
/// Bonds, gap, centres against time.
pub(crate) const NECK: &str = "neck.csv";
/// Stem of the trajectory's segments.
pub(crate) const TRAJECTORY: &str = "trajectory";
/// The folder of plots.
pub(crate) const PLOTS: &str = "plots";
/// What the names of segments end with, but for compression: extended XYZ, LAMMPS dump.
pub(crate) const SEGMENT_EXTENSIONS: [&str; 2] = ["xyz", "lammpstrj"];
/// The structure at the end.
pub(crate) const FINAL: &str = "final.xyz";
/// The pair when it was put together, before its first step.
pub(crate) const ASSEMBLED: &str = "assembled.xyz";
/// What was wrong when a simulation failed.
pub(crate) const POST_MORTEM: &str = "post-mortem.json";
/// The last frame before a simulation failed.
pub(crate) const POST_MORTEM_FRAME: &str = "post-mortem.xyz";
/// Speeds from frame to frame, against time.
pub(crate) const SPEEDS: &str = "speeds.csv";
/// Who merged with whom.
pub(crate) const MERGERS: &str = "mergers.csv";
/// Where a particle went.
pub(crate) const PATH: &str = "path.csv";
/// What happened how often.
pub(crate) const EVENTS: &str = "events.csv";
/// Held by the process that writes in the directory.
const LOCK: &str = "frit.lock";

/// A run directory that this process may write in.
#[derive(Debug)]
pub(crate) struct RunDirectory {
    path: PathBuf,
    // Released by the operating system when the process ends, however it ends.
    _lock: File,
}

/// How a run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// From the beginning.
    Fresh,
    /// From the checkpoint.
    Continue,
}

/// Why a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    /// The run is finished.
    #[error(
        "the run in {path} is finished (it has a {SUMMARY}); to run it again choose another directory with --out, or remove this one"
    )]
    Finished {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds a run of another plan.
    #[error(
        "{path} holds a run of another deck:\n{difference}\nto keep both choose another directory with --out; to continue that run undo the change; to discard it remove the directory"
    )]
    OtherPlan {
        /// The directory.
        path: PathBuf,
        /// The first lines that differ.
        difference: String,
    },
    /// The summary of a finished run is gone.
    #[error(
        "{path} holds the {FINAL} of a finished run whose {SUMMARY} is gone; frit does not erase it: choose another directory with --out, or remove this one"
    )]
    Headless {
        /// The directory.
        path: PathBuf,
    },
    /// Files of a run without a plan.
    #[error(
        "{path} holds {file} but no {PLAN}, so frit cannot tell what it belongs to and does not overwrite it; choose another directory with --out, or move it away"
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// A file in it.
        file: String,
    },
    /// Another process writes there.
    #[error(
        "another process is running in {path}; wait for it, or choose another directory with --out"
    )]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("failed to {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
}

impl DirectoryError {
    /// That a file cannot be read.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        io("read", path)
    }

    /// Whether the directory was refused rather than unusable.
    pub(crate) fn is_refusal(&self) -> bool {
        !matches!(self, Self::Io { .. })
    }
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> DirectoryError {
    let path = path.to_owned();
    move |source| DirectoryError::Io {
        action,
        path,
        source,
    }
}

impl RunDirectory {
    /// Opens or makes the directory for a run of this plan.
    ///
    /// # Errors
    /// Refuses a finished run, a run of another plan, and a directory in use; a refused directory
    /// is left as it was.
    pub(crate) fn open(path: &Path, plan: &str) -> Result<(Self, Start), DirectoryError> {
        judge(path, plan)?;
        fs::create_dir_all(path).map_err(io("make the directory", path))?;
        let lock_path = path.join(LOCK);
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(io("write", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DirectoryError::InUse { path: path.into() });
            }
            Err(TryLockError::Error(source)) => return Err(io("lock", &lock_path)(source)),
        }
        let directory = Self {
            path: path.into(),
            _lock: lock,
        };
        // Another process may have been there before the lock.
        let start = judge(path, plan)?;
        directory.prepare(start, plan)?;
        Ok((directory, start))
    }

    /// Brings the plan up to date, and clears away what a killed run left unfinished, and all that
    /// one left that begins again.
    fn prepare(&self, start: Start, plan: &str) -> Result<(), DirectoryError> {
        self.remove_unfinished()?;
        let plan_path = self.file(PLAN);
        let known = fs::read_to_string(&plan_path).ok();
        if known.as_deref() != Some(plan) {
            frit_io::write_atomically(&plan_path, |writer| writer.write_all(plan.as_bytes()))
                .map_err(|error| DirectoryError::Io {
                    action: "write",
                    path: plan_path.clone(),
                    source: std::io::Error::other(error),
                })?;
        }
        if start == Start::Fresh {
            // Ended before its first checkpoint: what it wrote comes again.
            for output in outputs(&self.path)? {
                fs::remove_file(&output).map_err(io("remove", &output))?;
            }
        }
        Ok(())
    }

    /// Only this process writes into the directory and its folders, and it has begun no file yet.
    fn remove_unfinished(&self) -> Result<(), DirectoryError> {
        let mut folders = vec![self.path.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(io("list", &folder))? {
                let path = entry.map_err(io("list", &folder))?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if path.is_dir() {
                    folders.push(path);
                } else if frit_io::unfinished_name(&name).is_some() {
                    fs::remove_file(&path).map_err(io("remove", &path))?;
                }
            }
        }
        Ok(())
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a value as JSON; the file appears by rename.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), RunError> {
        let text = serde_json::to_string_pretty(value)?;
        self.write_text(name, &format!("{text}\n"))
    }

    /// Writes a text; the file appears by rename, its folder if it is needed.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write_text(&self, name: &str, text: &str) -> Result<(), RunError> {
        write_text(&self.file(name), text)
    }

    /// Ends a run: the summary appears, and the checkpoint goes, since nothing is left to continue.
    ///
    /// # Errors
    /// A file cannot be written or removed.
    pub(crate) fn conclude(&self, summary: &impl Serialize) -> Result<(), RunError> {
        self.write_json(SUMMARY, summary)?;
        let checkpoint = self.file(CHECKPOINT);
        if checkpoint.exists() {
            fs::remove_file(&checkpoint).map_err(io("remove", &checkpoint))?;
        }
        Ok(())
    }

    /// The path of a file in the directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Writes a text; the file appears by rename, its folder if it is needed.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write_text(path: &Path, text: &str) -> Result<(), RunError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io("make the directory", folder))?;
    }
    frit_io::write_atomically(path, |writer| writer.write_all(text.as_bytes()))?;
    Ok(())
}

/// How a run of this plan would begin in a directory; nothing is touched.
fn judge(path: &Path, plan: &str) -> Result<Start, DirectoryError> {
    if !path.exists() {
        return Ok(Start::Fresh);
    }
    let plan_path = path.join(PLAN);
    if !plan_path.exists() {
        let taken = [MANIFEST, PLOTS].map(|name| path.join(name));
        let taken = taken.into_iter().filter(|file| file.exists());
        return match outputs(path)?.into_iter().chain(taken).next() {
            None => Ok(Start::Fresh),
            Some(file) => Err(DirectoryError::Foreign {
                path: path.into(),
                file: file
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into(),
            }),
        };
    }
    let earlier = fs::read_to_string(&plan_path).map_err(io("read", &plan_path))?;
    if essence(&earlier) != essence(plan) {
        return Err(DirectoryError::OtherPlan {
            path: path.into(),
            difference: difference(&earlier, plan),
        });
    }
    if path.join(SUMMARY).exists() {
        return Err(DirectoryError::Finished { path: path.into() });
    }
    if path.join(CHECKPOINT).exists() {
        return Ok(Start::Continue);
    }
    // The checkpoint goes when the summary has come, never before.
    if path.join(FINAL).exists() {
        return Err(DirectoryError::Headless { path: path.into() });
    }
    Ok(Start::Fresh)
}

/// The lines of a plan on which the bits of its results depend: not its title, nor when it writes
/// checkpoints, nor whether it draws plots.
fn essence(plan: &str) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut skipping = false;
    for line in plan.lines() {
        if line.starts_with('[') {
            skipping = ["[checkpoint]", "[output]"].contains(&line);
        }
        if !skipping && !line.starts_with("title = ") {
            kept.push(line);
        }
    }
    while kept.last().is_some_and(|line| line.is_empty()) {
        kept.pop();
    }
    kept
}

/// Output files that lie in a directory.
fn outputs(path: &Path) -> Result<Vec<PathBuf>, DirectoryError> {
    let known = [
        SUMMARY,
        CHECKPOINT,
        TABLE,
        NECK,
        SPEEDS,
        MERGERS,
        PATH,
        EVENTS,
        FINAL,
        ASSEMBLED,
        POST_MORTEM,
        POST_MORTEM_FRAME,
    ];
    let observed: Vec<String> = super::results::files().collect();
    let entries = fs::read_dir(path).map_err(io("list", path))?;
    let mut found = Vec::new();
    for entry in entries {
        let file = entry.map_err(io("list", path))?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_known = known.contains(&name.as_ref()) || observed.iter().any(|one| *one == name);
        if is_segment(&name) || is_known {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a name is that of a trajectory's segment, such as `trajectory.0000.xyz.zst`.
fn is_segment(name: &str) -> bool {
    let name = frit_io::unfinished_name(name).unwrap_or(name);
    let name = name.strip_suffix(".zst").unwrap_or(name);
    let parts: Vec<&str> = name.split('.').collect();
    let [stem, number, extension] = parts[..] else {
        return false;
    };
    stem == TRAJECTORY
        && number.len() >= 4
        && number.bytes().all(|digit| digit.is_ascii_digit())
        && SEGMENT_EXTENSIONS.contains(&extension)
}

/// The first lines in which two texts differ, for people.
fn difference(before: &str, now: &str) -> String {
    const SHOWN: usize = 4;
    let (before, now): (Vec<_>, Vec<_>) = (before.lines().collect(), now.lines().collect());
    let mut lines = Vec::new();
    lines.extend(
        before
            .iter()
            .filter(|line| !now.contains(line))
            .take(SHOWN)
            .map(|line| format!("  it has:   {line}")),
    );
    lines.extend(
        now.iter()
            .filter(|line| !before.contains(line))
            .take(SHOWN)
            .map(|line| format!("  this has: {line}")),
    );
    if lines.is_empty() {
        lines.push("  the same lines in another order".to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_begins_continues_and_refuses() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/run");
        let (directory, start) = RunDirectory::open(&path, "seed = 1\n").unwrap();
        assert_eq!(start, Start::Fresh);
        assert!(matches!(
            RunDirectory::open(&path, "seed = 1\n"),
            Err(DirectoryError::InUse { .. })
        ));
        fs::write(directory.file(TABLE), "half").unwrap();
        fs::write(directory.file("trajectory.py"), "mine").unwrap();
        drop(directory);

        let (directory, start) = RunDirectory::open(&path, "seed = 1\n").unwrap();
        assert_eq!(start, Start::Fresh);
        assert!(!directory.file(TABLE).exists());
        assert!(directory.file("trajectory.py").exists());
        fs::write(directory.file(CHECKPOINT), "state").unwrap();
        drop(directory);

        let (directory, start) = RunDirectory::open(&path, "seed = 1\n").unwrap();
        assert_eq!(start, Start::Continue);
        drop(directory);

        let neutral = "title = \"x\"\nseed = 1\n\n[checkpoint]\nevery = \"1 ps\"\n";
        let (directory, start) = RunDirectory::open(&path, neutral).unwrap();
        assert_eq!(start, Start::Continue);
        drop(directory);

        let refused = RunDirectory::open(&path, "seed = 2\n").unwrap_err();
        assert!(
            refused.to_string().contains("this has: seed = 2"),
            "{refused}"
        );
        assert!(refused.is_refusal());

        fs::write(path.join(SUMMARY), "{}").unwrap();
        let refused = RunDirectory::open(&path, "seed = 1\n").unwrap_err();
        assert!(matches!(refused, DirectoryError::Finished { .. }));

        fs::remove_file(path.join(SUMMARY)).unwrap();
        fs::remove_file(path.join(CHECKPOINT)).unwrap();
        fs::write(path.join(FINAL), "atoms").unwrap();
        let refused = RunDirectory::open(&path, "seed = 1\n").unwrap_err();
        assert!(matches!(refused, DirectoryError::Headless { .. }));
    }

    #[test]
    fn files_of_unknown_origin_are_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("trajectory.0000.xyz.zst"), "precious").unwrap();
        let refused = RunDirectory::open(folder.path(), "seed = 1\n").unwrap_err();
        assert!(
            matches!(refused, DirectoryError::Foreign { .. }),
            "{refused}"
        );
    }
}

//! Files under temporary names until they are whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the names of unfinished files end with.
const SUFFIX: &str = ".unfinished";

/// The unfinished files of this process. Whoever ends the process removes them.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that gets its name only when it is whole; removed when dropped before.
///
/// Until then its name is `NAME.PROCESS-NUMBER.unfinished` in the same folder, which no other writer
/// of the same file uses.
#[derive(Debug)]
pub(crate) struct TemporaryFile {
    path: PathBuf,
}

impl TemporaryFile {
    /// A new, empty file beside `target`. It has the permissions of any new file, unlike those that
    /// are made to be kept from others' eyes.
    pub(crate) fn create(target: &Path) -> io::Result<(Self, File)> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let mut unfinished = unfinished();
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let mut name = target.as_os_str().to_owned();
            name.push(format!(".{}-{number}{SUFFIX}", std::process::id()));
            let path = PathBuf::from(name);
            match File::create_new(&path) {
                Ok(file) => {
                    unfinished.push(path.clone());
                    return Ok((Self { path }, file));
                }
                // Left by a process of the same number that was killed, or on another machine.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where the file stands for now.
    #[cfg(any(test, feature = "chemfiles"))]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, in place of any file that has it, and makes that survive a power
    /// failure.
    pub(crate) fn rename_to(self, target: &Path) -> io::Result<()> {
        let mut unfinished = unfinished();
        fs::rename(&self.path, target)?;
        unfinished.retain(|path| *path != self.path);
        drop(unfinished);
        sync_folder(target)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let mut unfinished = unfinished();
        // One that has its name is not in the list any more.
        if let Some(at) = unfinished.iter().position(|path| *path == self.path) {
            unfinished.swap_remove(at);
            // There is an error to report already, and a file that is left does no harm.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes all files that this process has not finished, and lets it begin and finish no others:
/// the last thing to do before the process ends by a signal.
pub fn abandon_unfinished_files() {
    let mut unfinished = unfinished();
    for path in unfinished.drain(..) {
        let _ = fs::remove_file(path);
    }
    // Whoever writes a file now waits for the end of the process.
    std::mem::forget(unfinished);
}

/// The name that an unfinished file would get; `None` if this is not the name of one.
///
/// Files of this kind are left only by processes that were killed.
pub fn unfinished_name(name: &str) -> Option<&str> {
    let (target, writer) = name.strip_suffix(SUFFIX)?.rsplit_once('.')?;
    let (process, number) = writer.split_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    (is_number(process) && is_number(number)).then_some(target)
}

/// Makes a new or renamed file of this folder survive a power failure.
///
/// Only Unix can do this; elsewhere the file system takes care of it.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writers_of_one_file_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.xyz");
        let (first, _) = TemporaryFile::create(&target).unwrap();
        let (second, _) = TemporaryFile::create(&target).unwrap();
        fs::write(first.path(), "first").unwrap();
        fs::write(second.path(), "second").unwrap();
        first.rename_to(&target).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "first");
        drop(second);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn names_of_unfinished_files_tell_their_target() {
        let (file, _) = TemporaryFile::create(&std::env::temp_dir().join("b.dump.zst")).unwrap();
        let name = file.path().file_name().unwrap().to_str().unwrap();
        assert_eq!(unfinished_name(name), Some("b.dump.zst"));
        for other in [
            "b.dump",
            "b.unfinished",
            "b.1.unfinished",
            "b.1-.unfinished",
        ] {
            assert_eq!(unfinished_name(other), None);
        }
    }
}

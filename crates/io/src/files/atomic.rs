//! Replacing a file as a whole or not at all.

use super::temporary::TemporaryFile;
use crate::WriteError;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file under a temporary name in the same folder, brings it to the disk, and only then
/// gives it its name: at no time does an incomplete file stand at `path`.
///
/// # Errors
/// Names the file. The file that stood at `path` before is still there, and the temporary one is
/// removed.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), WriteError> {
    let replace = || {
        let (temporary, file) = TemporaryFile::create(path)?;
        write_and_sync(file, write)?;
        temporary.rename_to(path)
    };
    replace().map_err(WriteError::io("write", path))
}

fn write_and_sync(
    file: File,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut writer = BufWriter::new(file);
    write(&mut writer)?;
    writer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.json");
        write_atomically(&path, |out| out.write_all(b"old")).unwrap();
        let error = write_atomically(&path, |out| {
            out.write_all(b"half of the n")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        })
        .unwrap_err();
        assert!(error.to_string().contains("summary.json"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = write_atomically(Path::new("/no/such/folder/file"), |_| Ok(())).unwrap_err();
        assert!(
            error.to_string().contains("/no/such/folder/file"),
            "{error}"
        );
    }
}

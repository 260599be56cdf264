//! A text file that grows, and that can be cut back to where a checkpoint left it.

use crate::WriteError;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file written at its end only.
///
/// [`AppendFile::sync`] returns the position to store in a checkpoint; [`AppendFile::resume`]
/// cuts the file back to it, so that an interrupted run leaves the same bytes as one in one go.
#[derive(Debug)]
pub struct AppendFile {
    path: PathBuf,
    writer: BufWriter<File>,
    position: u64,
}

impl AppendFile {
    /// An empty file; one that stands there already is emptied.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn create(path: &Path) -> Result<Self, WriteError> {
        let file = File::create(path).map_err(WriteError::io("create", path))?;
        Ok(Self {
            path: path.to_owned(),
            writer: BufWriter::new(file),
            position: 0,
        })
    }

    /// Continues a file at `position` [bytes]; what stands behind is cut off.
    ///
    /// # Errors
    /// The file cannot be opened, or it is shorter than `position`.
    pub fn resume(path: &Path, position: u64) -> Result<Self, WriteError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(WriteError::io("open", path))?;
        let length = file
            .metadata()
            .map_err(WriteError::io("read the size of", path))?
            .len();
        if length < position {
            return Err(WriteError::Changed {
                path: path.to_owned(),
                problem: format!(
                    "it holds {length} bytes, but held at least {position} when the checkpoint was \
                     written; put the file back or start anew in another folder"
                ),
            });
        }
        file.set_len(position)
            .and_then(|()| file.seek(SeekFrom::Start(position)).map(drop))
            .map_err(WriteError::io("cut back", path))?;
        Ok(Self {
            path: path.to_owned(),
            writer: BufWriter::new(file),
            position,
        })
    }

    /// Where the file stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Length [bytes], what is not yet on the disk included.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Adds text.
    ///
    /// # Errors
    /// Names the file; the disk may be full.
    pub fn append(&mut self, text: &str) -> Result<(), WriteError> {
        self.write_all(text.as_bytes())
            .map_err(WriteError::io("write", &self.path))
    }

    /// Hands everything to the operating system, so that others see it.
    ///
    /// # Errors
    /// Names the file; the disk may be full.
    pub fn flush_file(&mut self) -> Result<(), WriteError> {
        self.writer
            .flush()
            .map_err(WriteError::io("write", &self.path))
    }

    /// Brings everything to the disk and returns the position for a checkpoint [bytes].
    ///
    /// # Errors
    /// Names the file; the disk may be full.
    pub fn sync(&mut self) -> Result<u64, WriteError> {
        self.flush_file()?;
        self.writer
            .get_ref()
            .sync_data()
            .map_err(WriteError::io("write", &self.path))?;
        Ok(self.position)
    }
}

impl Write for AppendFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.position += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_cut_back_and_continued_has_the_bytes_of_one_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        let mut file = AppendFile::create(&path).unwrap();
        file.append("one\n").unwrap();
        let position = file.sync().unwrap();
        file.append("two, never to be seen\n").unwrap();
        drop(file);
        let mut file = AppendFile::resume(&path, position).unwrap();
        file.append("two\n").unwrap();
        file.sync().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        let error = AppendFile::resume(&path, 1000).unwrap_err();
        assert!(error.to_string().contains("8 bytes"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_that_names_the_file() {
        let mut file = AppendFile::create(Path::new("/dev/full")).unwrap();
        file.append("text").unwrap();
        let error = file.flush_file().unwrap_err();
        assert!(error.to_string().contains("/dev/full"), "{error}");
    }
}

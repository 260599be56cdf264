//! Opening text that may be compressed.

use crate::ReadError;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Bytes asked from the file at once: few system calls, small beside a frame.
const BUFFER: usize = 1 << 18;

/// How a zstd frame begins (RFC 8878, 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How a gzip member begins (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Opens a file that lies on a disk. Pipes, terminals and other devices are refused: opening a pipe
/// would wait for a writer, possibly for ever, and frit reads many files more than once.
///
/// # Errors
/// The operating system's, or what stands there in place of a file.
pub fn open_file(path: &Path) -> io::Result<File> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder, not a file",
        ));
    }
    if !kind.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a pipe or a device, not a file; write what comes from there into a file first",
        ));
    }
    File::open(path)
}

/// Reads a file that lies on a disk; see [`open_file`].
///
/// # Errors
/// The operating system's, or what stands there in place of a file.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_file(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a text file as [`open_file`] does; zstd and gzip are recognised by their first bytes, whatever the name says.
///
/// Files of several zstd frames or gzip members are read through to their end.
///
/// # Errors
/// The file cannot be opened or its beginning cannot be read.
pub fn open_text(path: &Path) -> Result<Box<dyn BufRead + Send>, ReadError> {
    let failed = |cause| ReadError::Open {
        path: path.to_owned(),
        cause,
    };
    let file = open_file(path).map_err(failed)?;
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let head = reader.fill_buf().map_err(failed)?;
    if head.starts_with(&ZSTD_MAGIC) {
        let decoder = zstd::Decoder::with_buffer(reader).map_err(failed)?;
        return Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)));
    }
    let is_zst = path.extension().is_some_and(|extension| extension == "zst");
    if is_zst && ZSTD_MAGIC.starts_with(head) {
        return Ok(Box::new(BufReader::new(Cut)));
    }
    if head.starts_with(&GZIP_MAGIC) {
        let decoder = flate2::bufread::MultiGzDecoder::new(reader);
        return Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)));
    }
    Ok(Box::new(reader))
}

/// A zstd stream that ends before its first block, as a segment does that was just begun.
struct Cut;

impl Read for Cut {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn pipes_and_folders_are_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.xyz");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for (path, reason) in [
            (pipe.as_path(), "it is a pipe or a device"),
            (Path::new("/dev/null"), "it is a pipe or a device"),
            (folder.path(), "it is a folder"),
        ] {
            let message = open_text(path).err().unwrap().to_string();
            assert!(message.contains(reason), "{message}");
        }
    }
}

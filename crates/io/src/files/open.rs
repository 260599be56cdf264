//! Opening text that may be compressed.

use crate::ReadError;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Bytes asked from the file at once: few system calls, small beside a frame.
const BUFFER: usize = 1 << 18;

/// How a zstd frame begins (RFC 8878, 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How a gzip member begins (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Opens a text file; zstd and gzip are recognised by their first bytes, whatever the name says.
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
    let file = File::open(path).map_err(failed)?;
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let head = reader.fill_buf().map_err(failed)?;
    if head.starts_with(&ZSTD_MAGIC) {
        let decoder = zstd::Decoder::with_buffer(reader).map_err(failed)?;
        return Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)));
    }
    if head.starts_with(&GZIP_MAGIC) {
        let decoder = flate2::bufread::MultiGzDecoder::new(reader);
        return Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)));
    }
    Ok(Box::new(reader))
}

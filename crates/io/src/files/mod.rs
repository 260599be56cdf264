//! Files as such: opening compressed text, appending, replacing atomically.

mod append;
mod atomic;
mod lines;
mod open;
mod temporary;

pub use append::AppendFile;
pub use atomic::write_atomically;
pub(crate) use lines::Lines;
pub use open::{open_file, open_text, read_file};
pub(crate) use temporary::{TemporaryFile, sync_folder};
pub use temporary::{abandon_unfinished_files, unfinished_name};

//! Files as such: opening compressed text, appending, replacing atomically.

mod append;
mod atomic;
mod lines;
mod open;

pub use append::AppendFile;
pub use atomic::write_atomically;
pub(crate) use atomic::{TEMPORARY_SUFFIX, sync_folder, temporary_name};
pub(crate) use lines::Lines;
pub use open::open_text;

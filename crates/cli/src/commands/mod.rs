//! The commands, one file each.

mod analyze;
mod build;
mod check;
mod convert;
mod evaluate;
mod potential;
mod run;

use std::path::Path;

use frit_io::Frame;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;

pub(crate) use analyze::analyze;
pub(crate) use build::build;
pub(crate) use check::check;
pub(crate) use convert::convert;
pub(crate) use evaluate::evaluate;
pub(crate) use potential::potential;
pub(crate) use run::run;

/// What readers took for granted in frames, each told once.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    told: Vec<String>,
}

impl Notes {
    /// Tells what is new in the notes of a frame.
    pub(crate) fn tell(&mut self, frame: &Frame) {
        for note in &frame.notes {
            if !self.told.contains(note) {
                terminal::warn(note);
                self.told.push(note.clone());
            }
        }
    }
}

/// The failure of a command whose input has no atoms to work on.
fn without_frames(path: &Path) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("{} holds no frame", path.display()),
        "it is empty, or its first frame is still being written; nothing was written",
    )
}

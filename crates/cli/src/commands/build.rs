//! `frit build`: only the structure of a deck.

use frit_io::{Frame, Selection, write_frames};

use crate::args::BuildArguments;
use crate::failure::{Failure, Outcome};
use crate::plan;
use crate::terminal;

/// Builds the structure of a deck (a pair is put together cold) and writes it.
///
/// # Errors
/// A wrong deck, or a file that cannot be written.
pub(crate) fn build(arguments: &BuildArguments) -> Outcome {
    let structure = plan::build(&arguments.deck)?;
    let frame = Frame::from_system(structure.whole());
    write_frames(&arguments.output, Selection::All, [&frame]).map_err(Failure::from_write)?;
    terminal::print(&format!("{}\n", structure.report()));
    terminal::say(&format!("wrote {}", arguments.output.display()));
    Ok(())
}

//! `frit convert`: from one file format to another.

use frit_io::{Format, FrameWriter, ReadError, ReadOptions, Selection, read_frames};

use crate::args::ConvertArguments;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::terminal;

/// Converts all frames.
///
/// # Errors
/// A file that cannot be read or written.
pub(crate) fn convert(arguments: &ConvertArguments) -> Outcome {
    let options = ReadOptions {
        type_names: arguments.species.clone(),
        ..ReadOptions::default()
    };
    let from = Format::guess(&arguments.input).or_fail(Exit::Usage)?;
    let to = Format::guess(&arguments.output).or_fail(Exit::Usage)?;
    let frames = read_frames(&arguments.input, from, &options).or_fail(Exit::Usage)?;
    let mut writer =
        FrameWriter::create(&arguments.output, to, Selection::All).map_err(Failure::from_write)?;
    let mut notes = super::Notes::default();
    for frame in frames {
        let frame = match frame {
            Err(error @ ReadError::Incomplete { .. }) if writer.frames() > 0 => {
                // As a run leaves it that is under way, or that was interrupted.
                terminal::warn(&error.to_string());
                break;
            }
            frame => frame.or_fail(Exit::Usage)?,
        };
        notes.tell(&frame);
        writer.write(&frame).map_err(Failure::from_write)?;
    }
    if writer.frames() == 0 {
        return Err(super::without_frames(&arguments.input));
    }
    let count = writer.finish().map_err(Failure::from_write)?;
    terminal::say(&format!(
        "wrote {count} frame{} into {}",
        if count == 1 { "" } else { "s" },
        arguments.output.display()
    ));
    Ok(())
}

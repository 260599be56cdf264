//! Converts between formats: `cargo run -p frit-io --example convert -- IN OUT`.

use frit_io::{Format, FrameWriter, ReadOptions, Selection, read_frames};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = &names[..] else {
        return Err("give the file to read and the file to write".into());
    };
    let (input, output) = (Path::new(input), Path::new(output));
    let frames = read_frames(input, Format::guess(input)?, &ReadOptions::default())?;
    let mut writer = FrameWriter::create(output, Format::guess(output)?, Selection::All)?;
    for frame in frames {
        writer.write(&frame?)?;
    }
    writer.finish()?;
    Ok(())
}

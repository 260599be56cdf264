//! Writing data files.

use super::boxes::Restricted;
use crate::error::EncodeError;
use crate::frame::Frame;
use crate::numbers::{push_integer, push_real};
use crate::selection::check_words;
use frit_atoms::{Cell, Vector};
use std::io::Write;

/// Free space [Å] around atoms without a cell, since a data file always has a box.
const MARGIN: f64 = 10.0;

/// Writes a frame as a data file: style atomic with images, masses with the species as comment,
/// velocities where the frame has them; metal units.
///
/// Types are numbered in the order of [`Frame::names`]. A box that is not in LAMMPS's orientation is
/// written as general triclinic (`avec`, `bvec`, `cvec`), which LAMMPS, OVITO and ASE read. In free
/// directions of an orthogonal cell the box is widened to hold all atoms, since LAMMPS refuses those
/// outside. Charges, groups and other columns have no place in the style.
///
/// # Errors
/// The frame is not consistent or a species has no mass or two (then nothing is written), or the
/// destination fails.
pub fn encode(frame: &Frame, out: &mut dyn Write) -> Result<(), EncodeError> {
    frame.check()?;
    check_words(frame)?;
    let masses = frame.species_masses()?;
    let cell = match frame.cell {
        Some(cell) => cell,
        None => frame.enclosing_cell(MARGIN)?,
    };
    let mut text = String::from("LAMMPS data file written by frit");
    if let Some(step) = frame.step {
        text.push_str(", timestep = ");
        push_integer(&mut text, step);
    }
    text.push_str(", units = metal\n\n");
    push_integer(&mut text, frame.len());
    text.push_str(" atoms\n");
    push_integer(&mut text, frame.names.len());
    text.push_str(" atom types\n\n");
    push_box(&mut text, frame, &cell);
    text.push_str("\nMasses\n\n");
    for (at, (mass, name)) in masses.iter().zip(&frame.names).enumerate() {
        push_integer(&mut text, at + 1);
        text.push(' ');
        push_real(&mut text, *mass);
        text.push_str("  # ");
        text.push_str(name);
        text.push('\n');
    }
    text.push_str("\nAtoms # atomic\n\n");
    out.write_all(text.as_bytes())?;
    write_atoms(frame, out)?;
    if let Some(velocity) = &frame.velocity {
        out.write_all(b"\nVelocities\n\n")?;
        write_velocities(frame, velocity, out)?;
    }
    Ok(())
}

fn push_box(text: &mut String, frame: &Frame, cell: &Cell) {
    let mut push = |numbers: &[f64], name: &str| {
        for number in numbers {
            push_real(text, *number);
            text.push(' ');
        }
        text.push_str(name);
        text.push('\n');
    };
    let Some(mut restricted) = Restricted::of(cell) else {
        for (k, name) in ["avec", "bvec", "cvec"].into_iter().enumerate() {
            push(cell.vector(k).as_slice(), name);
        }
        push(cell.origin().as_slice(), "abc origin");
        return;
    };
    if !restricted.is_tilted() {
        for k in (0..3).filter(|&k| !cell.periodic()[k]) {
            for position in &frame.position {
                restricted.low[k] = restricted.low[k].min(position[k]);
                restricted.high[k] = restricted.high[k].max(position[k]);
            }
        }
    }
    for (k, name) in ["xlo xhi", "ylo yhi", "zlo zhi"].into_iter().enumerate() {
        push(&[restricted.low[k], restricted.high[k]], name);
    }
    if restricted.is_tilted() {
        push(&restricted.tilt, "xy xz yz");
    }
}

fn id(frame: &Frame, index: usize) -> u32 {
    (frame.id.as_ref()).map_or(index as u32 + 1, |ids| ids[index])
}

fn write_atoms(frame: &Frame, out: &mut dyn Write) -> Result<(), EncodeError> {
    let mut line = String::new();
    for index in 0..frame.len() {
        line.clear();
        push_integer(&mut line, id(frame, index));
        line.push(' ');
        push_integer(&mut line, frame.species[index] + 1);
        push_vector(&mut line, &frame.position[index]);
        for count in frame.image.as_ref().map_or([0; 3], |image| image[index]) {
            line.push(' ');
            push_integer(&mut line, count);
        }
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn write_velocities(
    frame: &Frame,
    velocity: &[Vector],
    out: &mut dyn Write,
) -> Result<(), EncodeError> {
    let mut line = String::new();
    for (index, velocity) in velocity.iter().enumerate() {
        line.clear();
        push_integer(&mut line, id(frame, index));
        push_vector(&mut line, velocity);
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn push_vector(line: &mut String, vector: &Vector) {
    for value in vector.iter() {
        line.push(' ');
        push_real(line, *value);
    }
}

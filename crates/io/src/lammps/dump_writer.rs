//! Writing dump files.

use super::boxes::Restricted;
use crate::error::EncodeError;
use crate::frame::{Column, Frame, FrameError, Values};
use crate::numbers::{push_integer, push_real};
use crate::selection::{Field, Selection, check_distinct, check_words};
use frit_atoms::{Cell, Vector};
use std::io::Write;

/// Free space [Å] around atoms without a cell, since a dump always has a box.
const MARGIN: f64 = 10.0;

/// How many frames stand before this one in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaceInFile(pub u64);

/// Writes frames as LAMMPS dump files, in metal units.
///
/// Columns: `id type element`, `mass`, `x y z`, then velocities, images, forces, `c_epot` (potential
/// energy), `mol` (group) and extra columns as `d_name` and `i_name`, where the frame has them. Types
/// are numbered in the order of [`Frame::names`]. A frame without a step gets its place in the file.
/// Attributes have no place in the format and are left out.
///
/// A box that is not in LAMMPS's orientation is written as general triclinic (`abc origin`), which
/// OVITO and ASE read, and LAMMPS itself writes but does not read; nothing is ever rotated. Numbers
/// of boxes that do not start at zero are exact to rounding, all others to the bit.
#[derive(Debug, Clone, Default)]
pub struct Encoder {
    selection: Selection,
}

impl Encoder {
    /// An encoder that writes these columns.
    pub fn new(selection: Selection) -> Self {
        Self { selection }
    }

    /// Writes one frame.
    ///
    /// # Errors
    /// The frame is not consistent, lacks a selected column or has one that is not a number (then
    /// nothing is written), or the destination fails.
    pub fn encode(
        &self,
        frame: &Frame,
        place: PlaceInFile,
        out: &mut dyn Write,
    ) -> Result<(), EncodeError> {
        frame.check()?;
        check_words(frame)?;
        let fields = self.selection.fields(frame)?;
        let entries = entries(frame, &fields)?;
        let cell = match frame.cell {
            Some(cell) => cell,
            None => frame.enclosing_cell(MARGIN)?,
        };
        let mut line = String::new();
        push_header(&mut line, frame, place);
        push_box(&mut line, &cell);
        line.push_str("ITEM: ATOMS");
        for entry in &entries {
            entry.push_names(&mut line);
        }
        let names = line.rsplit('\n').next().unwrap_or_default();
        check_distinct(names.split(' ').skip(2))?;
        line.push('\n');
        out.write_all(line.as_bytes())?;
        for index in 0..frame.len() {
            line.clear();
            for entry in &entries {
                entry.push(&mut line, frame, index);
            }
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

fn push_header(line: &mut String, frame: &Frame, PlaceInFile(place): PlaceInFile) {
    if place == 0 {
        line.push_str("ITEM: UNITS\nmetal\n");
    }
    if let Some(time) = frame.time {
        line.push_str("ITEM: TIME\n");
        push_real(line, time);
        line.push('\n');
    }
    line.push_str("ITEM: TIMESTEP\n");
    push_integer(line, frame.step.unwrap_or(place));
    line.push_str("\nITEM: NUMBER OF ATOMS\n");
    push_integer(line, frame.len());
    line.push('\n');
}

fn push_box(line: &mut String, cell: &Cell) {
    line.push_str("ITEM: BOX BOUNDS");
    let restricted = Restricted::of(cell);
    line.push_str(match &restricted {
        None => " abc origin",
        Some(restricted) if restricted.is_tilted() => " xy xz yz",
        Some(_) => "",
    });
    for periodic in cell.periodic() {
        line.push_str(if periodic { " pp" } else { " ff" });
    }
    line.push('\n');
    for k in 0..3 {
        match &restricted {
            None => {
                for value in cell.vector(k).iter().chain([&cell.origin()[k]]) {
                    push_real(line, *value);
                    line.push(' ');
                }
                line.pop();
            }
            Some(restricted) => {
                let (low, high) = restricted.bounds();
                push_real(line, low[k]);
                line.push(' ');
                push_real(line, high[k]);
                if restricted.is_tilted() {
                    line.push(' ');
                    push_real(line, restricted.tilt[k]);
                }
            }
        }
        line.push('\n');
    }
}

/// One entry of a row, possibly of several numbers, each after a blank except the first.
enum Entry<'a> {
    Id(Option<&'a [u32]>),
    Species,
    Position,
    Reals(&'static str, &'a [f64]),
    Integers(&'static str, &'a [u32]),
    Vectors([&'static str; 3], &'a [Vector]),
    Images(&'a [[i32; 3]]),
    Extra(&'a Column),
}

fn entries<'a>(frame: &'a Frame, fields: &[Field]) -> Result<Vec<Entry<'a>>, FrameError> {
    let mut entries = vec![Entry::Id(frame.id.as_deref()), Entry::Species];
    if let Some(mass) = frame
        .mass
        .as_deref()
        .filter(|_| fields.contains(&Field::Mass))
    {
        entries.push(Entry::Reals("mass", mass));
    }
    entries.push(Entry::Position);
    for field in fields {
        match field {
            Field::Id | Field::Mass => {}
            Field::Velocity => {
                let velocity = frame.velocity.as_deref().unwrap_or_default();
                entries.push(Entry::Vectors(["vx", "vy", "vz"], velocity));
            }
            Field::Force => {
                let force = frame.force.as_deref().unwrap_or_default();
                entries.push(Entry::Vectors(["fx", "fy", "fz"], force));
            }
            Field::LocalEnergy => {
                let energy = frame.local_energy.as_deref().unwrap_or_default();
                entries.push(Entry::Reals("c_epot", energy));
            }
            Field::Group => {
                let group = frame.group.as_deref().unwrap_or_default();
                entries.push(Entry::Integers("mol", group));
            }
            Field::Image => {
                let image = frame.image.as_deref().unwrap_or_default();
                entries.push(Entry::Images(image));
            }
            Field::Extra(name) => {
                for column in frame.extra.iter().filter(|column| column.name == *name) {
                    if matches!(column.values, Values::Text(_)) {
                        return Err(FrameError::NotInFormat(format!(
                            "the column {name} holds words; a LAMMPS dump holds numbers: leave it out"
                        )));
                    }
                    entries.push(Entry::Extra(column));
                }
            }
        }
    }
    Ok(entries)
}

impl Entry<'_> {
    fn push_names(&self, line: &mut String) {
        let mut add = |name: &str| {
            line.push(' ');
            line.push_str(name);
        };
        match self {
            Self::Id(_) => add("id"),
            Self::Species => add("type element"),
            Self::Position => add("x y z"),
            Self::Reals(name, _) | Self::Integers(name, _) => add(name),
            Self::Vectors(names, _) => add(&names.join(" ")),
            Self::Images(_) => add("ix iy iz"),
            Self::Extra(column) => {
                let prefix = prefix(column);
                for k in 1..=column.width {
                    match column.width {
                        1 => add(&format!("{prefix}{}", column.name)),
                        _ => add(&format!("{prefix}{}_{k}", column.name)),
                    }
                }
            }
        }
    }

    fn push(&self, line: &mut String, frame: &Frame, index: usize) {
        match self {
            Self::Id(ids) => push_integer(line, ids.map_or(index as u32 + 1, |ids| ids[index])),
            Self::Species => {
                line.push(' ');
                push_integer(line, frame.species[index] + 1);
                line.push(' ');
                line.push_str(frame.name(index));
            }
            Self::Position => push_vector(line, &frame.position[index]),
            Self::Reals(_, values) => {
                line.push(' ');
                push_real(line, values[index]);
            }
            Self::Integers(_, values) => {
                line.push(' ');
                push_integer(line, values[index]);
            }
            Self::Vectors(_, values) => push_vector(line, &values[index]),
            Self::Images(values) => {
                for value in values[index] {
                    line.push(' ');
                    push_integer(line, value);
                }
            }
            Self::Extra(column) => {
                for at in index * column.width..(index + 1) * column.width {
                    line.push(' ');
                    match &column.values {
                        Values::Real(values) => push_real(line, values[at]),
                        Values::Integer(values) => push_integer(line, values[at]),
                        Values::Logical(values) => push_integer(line, u8::from(values[at])),
                        Values::Text(values) => line.push_str(&values[at]),
                    }
                }
            }
        }
    }
}

/// LAMMPS's own columns of computes, fixes and variables keep their names.
fn prefix(column: &Column) -> &'static str {
    let is_lammps = ["c_", "f_", "v_"]
        .iter()
        .any(|p| column.name.starts_with(p));
    match (&column.values, is_lammps) {
        (Values::Real(_), true) => "",
        (Values::Real(_), false) => "d_",
        _ => "i_",
    }
}

fn push_vector(line: &mut String, vector: &Vector) {
    for value in vector.iter() {
        line.push(' ');
        push_real(line, *value);
    }
}

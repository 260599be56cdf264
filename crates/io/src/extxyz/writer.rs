//! Writing extended XYZ.

use super::ase_velocity;
use super::comment::{letter, push_pair};
use crate::error::EncodeError;
use crate::frame::{Column, Frame, FrameError, Values};
use crate::numbers::{push_integer, push_real};
use crate::selection::{Field, Selection, check_distinct, check_words};
use frit_atoms::{Cell, Vector};
use std::io::Write;

/// Free space [Å] around atoms without a cell. Some programs drop the whole comment line of a frame
/// without `Lattice`, so there always is one.
const MARGIN: f64 = 10.0;

/// Whether a key of the comment line becomes a field of the frame when it is read, not an attribute.
/// `time` and `timestep` in small letters are other programs' own.
fn is_reserved(key: &str) -> bool {
    let any_case = ["lattice", "properties", "pbc", "origin"];
    let lower = key.to_ascii_lowercase();
    any_case.contains(&lower.as_str()) || ["Time", "Timestep"].contains(&key)
}

/// Writes frames as extended XYZ.
///
/// `species:S:1:pos:R:3` come first, since some readers take positions from there whatever is said;
/// velocities are written as `velo` [Å/ps] for OVITO and, together with masses, as `momenta` in ASE's
/// unit for ASE; masses [u] as `mass` for OVITO and `masses` for ASE. Then `forces` [eV/Å], `local_energy` [eV] and what
/// else the frame has. Numbers are as short as the same bits allow.
#[derive(Debug, Clone, Default)]
pub struct Encoder {
    selection: Selection,
}

/// One entry of a row, possibly of several numbers.
enum Entry<'a> {
    Integers(&'a [u32]),
    Images(&'a [[i32; 3]]),
    Reals(&'a [f64]),
    Vectors(&'a [Vector]),
    Momenta(&'a [Vector], &'a [f64]),
    Extra(&'a Column),
}

impl Encoder {
    /// An encoder that writes these columns.
    pub fn new(selection: Selection) -> Self {
        Self { selection }
    }

    /// Writes one frame.
    ///
    /// # Errors
    /// The frame is not consistent or lacks a selected column (then nothing is written), or the
    /// destination fails.
    pub fn encode(&self, frame: &Frame, out: &mut dyn Write) -> Result<(), EncodeError> {
        frame.check()?;
        check_words(frame)?;
        let fields = self.selection.fields(frame)?;
        let mut line = String::new();
        push_integer(&mut line, frame.len());
        line.push('\n');
        let entries = push_comment(&mut line, frame, &fields)?;
        line.push('\n');
        out.write_all(line.as_bytes())?;
        for index in 0..frame.len() {
            line.clear();
            line.push_str(frame.name(index));
            push_vector(&mut line, &frame.position[index]);
            for entry in &entries {
                entry.push(&mut line, index);
            }
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

/// The comment line, and the entries of the rows that it announces.
fn push_comment<'a>(
    line: &mut String,
    frame: &'a Frame,
    fields: &[Field],
) -> Result<Vec<Entry<'a>>, FrameError> {
    let cell = match frame.cell {
        Some(cell) => cell,
        None => frame.enclosing_cell(MARGIN)?,
    };
    line.push_str("Lattice=\"");
    push_numbers(line, cell.vectors().transpose().iter());
    line.push_str("\" Properties=");
    let start = line.len();
    line.push_str("species:S:1:pos:R:3");
    let entries = push_properties(line, frame, fields);
    check_distinct(line[start..].split(':').step_by(3))?;
    push_cell(line, &cell);
    if let Some(time) = frame.time {
        line.push_str(" Time=");
        push_real(line, time);
    }
    if let Some(step) = frame.step {
        line.push_str(" Timestep=");
        push_integer(line, step);
    }
    for (key, value) in frame.attributes.iter() {
        if is_reserved(key) {
            return Err(FrameError::NotInFormat(format!(
                "the attribute `{key}` has a fixed meaning in extended XYZ; set the field of the \
                 frame, or choose another name"
            )));
        }
        push_pair(line, key, value)?;
    }
    Ok(entries)
}

fn push_cell(line: &mut String, cell: &Cell) {
    let [a, b, c] = cell.periodic().map(letter);
    line.push_str(" pbc=\"");
    line.extend([a, ' ', b, ' ', c, '"']);
    let origin = cell.origin();
    if origin != Vector::zeros() {
        line.push_str(" Origin=\"");
        push_numbers(line, origin.iter());
        line.push('"');
    }
}

fn push_properties<'a>(line: &mut String, frame: &'a Frame, fields: &[Field]) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    let mut add = |property: &str, entry: Entry<'a>| {
        line.push(':');
        line.push_str(property);
        entries.push(entry);
    };
    for field in fields {
        match field {
            Field::Id => add(
                "id:I:1",
                Entry::Integers(frame.id.as_deref().unwrap_or_default()),
            ),
            Field::Velocity => {
                let velocity = frame.velocity.as_deref().unwrap_or_default();
                add("velo:R:3", Entry::Vectors(velocity));
                // ASE would divide by its own masses, which differ in the fifth digit.
                if let Some(mass) = frame
                    .mass
                    .as_deref()
                    .filter(|_| fields.contains(&Field::Mass))
                {
                    add("momenta:R:3", Entry::Momenta(velocity, mass));
                }
            }
            Field::Force => {
                let force = frame.force.as_deref().unwrap_or_default();
                add("forces:R:3", Entry::Vectors(force));
            }
            Field::LocalEnergy => {
                let energy = frame.local_energy.as_deref().unwrap_or_default();
                add("local_energy:R:1", Entry::Reals(energy));
            }
            Field::Mass => {
                let mass = frame.mass.as_deref().unwrap_or_default();
                add("mass:R:1", Entry::Reals(mass));
                add("masses:R:1", Entry::Reals(mass));
            }
            Field::Group => {
                let group = frame.group.as_deref().unwrap_or_default();
                add("group:I:1", Entry::Integers(group));
            }
            Field::Image => {
                let image = frame.image.as_deref().unwrap_or_default();
                add("image:I:3", Entry::Images(image));
            }
            Field::Extra(name) => {
                for column in frame.extra.iter().filter(|column| column.name == *name) {
                    add(&property(column), Entry::Extra(column));
                }
            }
        }
    }
    entries
}

fn property(column: &Column) -> String {
    let kind = match column.values {
        Values::Real(_) => 'R',
        Values::Integer(_) => 'I',
        Values::Logical(_) => 'L',
        Values::Text(_) => 'S',
    };
    format!("{}:{kind}:{}", column.name, column.width)
}

impl Entry<'_> {
    fn push(&self, line: &mut String, index: usize) {
        match self {
            Self::Integers(values) => {
                line.push(' ');
                push_integer(line, values[index]);
            }
            Self::Images(values) => {
                for value in values[index] {
                    line.push(' ');
                    push_integer(line, value);
                }
            }
            Self::Reals(values) => {
                line.push(' ');
                push_real(line, values[index]);
            }
            Self::Vectors(values) => push_vector(line, &values[index]),
            Self::Momenta(velocities, masses) => {
                push_vector(line, &(velocities[index] * ase_velocity() * masses[index]));
            }
            Self::Extra(column) => push_extra(line, column, index),
        }
    }
}

fn push_extra(line: &mut String, column: &Column, index: usize) {
    for at in index * column.width..(index + 1) * column.width {
        line.push(' ');
        match &column.values {
            Values::Real(values) => push_real(line, values[at]),
            Values::Integer(values) => push_integer(line, values[at]),
            Values::Logical(values) => line.push(letter(values[at])),
            Values::Text(values) => line.push_str(&values[at]),
        }
    }
}

fn push_vector(line: &mut String, vector: &Vector) {
    for value in vector.iter() {
        line.push(' ');
        push_real(line, *value);
    }
}

fn push_numbers<'a>(line: &mut String, numbers: impl Iterator<Item = &'a f64>) {
    for (at, number) in numbers.enumerate() {
        if at > 0 {
            line.push(' ');
        }
        push_real(line, *number);
    }
}

//! Reading extended and plain XYZ, frame by frame.

use super::ase_velocity;
use super::comment::{self, Form, Pair};
use super::row::{Layout, Rows};
use crate::ReadError;
use crate::files::Lines;
use crate::frame::{Attributes, Column, Frame, Value, Values};
use crate::frames::{FrameSource, Frames};
use crate::numbers::parse_real;
use frit_atoms::{Cell, Matrix, Vector};
use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

/// The unit of a column `vel`, which LAMMPS and GPUMD write in different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VelUnit {
    /// Å/ps where the frame has `Timestep=` (LAMMPS in metal units), else Å/fs (GPUMD).
    #[default]
    Guess,
    /// Å/ps.
    AngstromPerPicosecond,
    /// Å/fs.
    AngstromPerFemtosecond,
}

/// How to read what the file itself leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The unit of a column `vel`.
    pub vel_unit: VelUnit,
}

/// Reads frames one after another; `path` is for messages.
///
/// Known names: `species` or `Z`, `pos`, `id`, `velo`, `vel` (see [`VelUnit`]), `momenta` (ASE; used
/// where there are no velocities), `forces` or `force`, `local_energy` or `energies`, `mass` or
/// `masses`, `group`, `image`; all others go to [`Frame::extra`]. In the comment line `Lattice`,
/// `pbc`, `Origin`, `Time` [ps] and `Timestep` become fields of the frame, the others attributes.
pub fn read(reader: Box<dyn BufRead + Send>, path: &Path, options: Options) -> Frames {
    Frames::new(Reader {
        lines: Lines::new(reader, path),
        options,
        frame: 0,
    })
}

struct Reader {
    lines: Lines,
    options: Options,
    /// Frames begun.
    frame: u64,
}

impl FrameSource for Reader {
    fn next_frame(&mut self) -> Result<Option<Frame>, ReadError> {
        let lines = &mut self.lines;
        if !lines.advance_to_text()? {
            return match lines.is_cut() {
                true => Err(lines.incomplete(self.frame + 1, "nothing of it is there")),
                false => Ok(None),
            };
        }
        self.frame += 1;
        let first = lines.line().trim();
        let count: u64 = (first.parse())
            .map_err(|_| lines.unexpected(first, "the number of atoms of a frame"))?;
        if !lines.advance()? {
            return Err(lines.incomplete(self.frame, "the comment line is missing"));
        }
        let (mut frame, layout) = read_comment(lines, self.options)?;
        layout.prepare(&mut frame);
        let mut rows = Rows::default();
        for done in 0..count {
            if !lines.advance()? {
                let problem = format!("{done} of {count} atoms are there");
                return Err(lines.incomplete(self.frame, problem));
            }
            layout
                .read_row(lines, &mut frame, &mut rows)
                .map_err(|error| lines.blame_end(self.frame, error))?;
        }
        finish_frame(&mut frame, &layout, rows, self.options);
        Ok(Some(frame))
    }
}

/// The comment line: a frame without atoms, and how they will stand.
fn read_comment(lines: &Lines, options: Options) -> Result<(Frame, Layout), ReadError> {
    let line = lines.line();
    let is_extended = |pairs: &Vec<Pair>| pairs.iter().any(|pair| pair.form != Form::Flag);
    let claims = ["properties=", "lattice="];
    let claims_to_be = || {
        let lower = line.to_ascii_lowercase();
        claims.iter().any(|key| lower.contains(key))
    };
    match comment::parse(line) {
        Ok(pairs) if is_extended(&pairs) => read_pairs(lines, &pairs, options),
        Err((found, expected)) if claims_to_be() => Err(lines.unexpected(&found, expected)),
        _ => Ok(read_plain(line)),
    }
}

fn read_plain(line: &str) -> (Frame, Layout) {
    let mut frame = Frame::default();
    let comment = line.trim();
    // What `dump xyz` of LAMMPS writes; the time follows if it is asked for.
    let of_lammps = comment.strip_prefix("Atoms. Timestep: ");
    let step = of_lammps.and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok());
    if step.is_some() {
        frame.step = step;
        return (frame, Layout::of_types());
    }
    if !comment.is_empty() {
        frame.attributes.insert("comment", comment);
    }
    (frame, Layout::plain())
}

fn read_pairs(
    lines: &Lines,
    pairs: &[Pair],
    options: Options,
) -> Result<(Frame, Layout), ReadError> {
    let mut frame = Frame::default();
    let mut layout = Layout::plain();
    let (mut lattice, mut origin, mut periodic) = (None, None, None);
    let mut entries: Vec<(String, Value)> = Vec::new();
    let mut places = HashMap::new();
    for pair in pairs {
        match pair.key.to_ascii_lowercase().as_str() {
            "properties" => {
                layout = Layout::parse(&pair.text)
                    .map_err(|(found, expected)| lines.unexpected(&found, expected))?;
            }
            "lattice" => lattice = Some(read_lattice(lines, pair)?),
            "pbc" => periodic = Some(read_periodic(lines, pair)?),
            "origin" => origin = Some(Vector::from(read_reals::<3>(lines, pair)?)),
            _ => match (pair.key.as_str(), pair.value()) {
                ("Time", value) if value.as_f64().is_some() => frame.time = value.as_f64(),
                ("Timestep", Value::Integer(step)) if step >= 0 => frame.step = Some(step as u64),
                (key, value) => match places.get(key) {
                    Some(&place) => entries[place] = (key.to_owned(), value),
                    None => {
                        places.insert(key, entries.len());
                        entries.push((key.to_owned(), value));
                    }
                },
            },
        }
    }
    frame.attributes = Attributes::from_distinct(entries);
    frame.cell = match lattice {
        // What ASE once wrote for atoms without a cell.
        Some(vectors) if vectors == Matrix::zeros() => None,
        Some(vectors) => {
            let origin = origin.unwrap_or_default();
            let cell = Cell::new(vectors, origin, periodic.unwrap_or([true; 3]));
            Some(cell.map_err(|problem| lines.invalid(problem))?)
        }
        None => None,
    };
    if frame.cell.is_none() && periodic.is_some_and(|periodic| periodic != [false; 3]) {
        frame
            .notes
            .push("pbc without Lattice: read as atoms without a cell".to_owned());
    }
    // Without LAMMPS's Timestep, a column `vel` comes from GPUMD, whose unit of time is the fs.
    let is_gpumd = layout.velocity_name.as_deref() == Some("vel") && frame.step.is_none();
    if is_gpumd && options.vel_unit != VelUnit::AngstromPerPicosecond {
        frame.time = frame.time.map(|time| time * 1e-3);
    }
    Ok((frame, layout))
}

fn read_reals<const N: usize>(lines: &Lines, pair: &Pair) -> Result<[f64; N], ReadError> {
    let values: Option<Vec<f64>> = pair.words().into_iter().map(parse_real).collect();
    let values = values.and_then(|values| values.try_into().ok());
    values.ok_or_else(|| lines.unexpected(&pair.text, format!("{N} numbers for {}", pair.key)))
}

/// Nine numbers, vector by vector, or three lengths.
fn read_lattice(lines: &Lines, pair: &Pair) -> Result<Matrix, ReadError> {
    match pair.words().len() {
        3 => {
            let lengths = read_reals::<3>(lines, pair)?;
            Ok(Matrix::from_diagonal(&Vector::from(lengths)))
        }
        9 => Ok(Matrix::from_row_slice(&read_reals::<9>(lines, pair)?)),
        found => {
            let values = if found == 1 { "value is" } else { "values are" };
            let expected = format!(
                "9 numbers for Lattice, ax ay az bx by bz cx cy cz [Å], or 3, the edges of a \
                 rectangular cell; {found} {values} there"
            );
            Err(lines.unexpected(&pair.text, expected))
        }
    }
}

fn read_periodic(lines: &Lines, pair: &Pair) -> Result<[bool; 3], ReadError> {
    let logical = |word: &str| match word {
        "1" => Some(true),
        "0" => Some(false),
        _ => crate::frame::logical(word),
    };
    let values: Option<Vec<bool>> = pair.words().into_iter().map(logical).collect();
    let values = values.and_then(|values| values.try_into().ok());
    values.ok_or_else(|| lines.unexpected(&pair.text, "three of T and F for pbc"))
}

/// What can only be done when all atoms are there.
fn finish_frame(frame: &mut Frame, layout: &Layout, rows: Rows, options: Options) {
    let step = frame.step;
    frame.names = rows.names.into_names();
    if rows.surplus {
        (frame.notes).push("columns behind species and position are left out".to_owned());
    }
    if rows.atomic_numbers {
        let note = "numbers in place of species are read as atomic numbers";
        frame.notes.push(note.to_owned());
    } else if let Some(name) = (frame.names.iter()).find(|name| name.parse::<u32>().is_ok()) {
        frame.notes.push(format!(
            "the species `{name}` is named by a number, which is kept as a name; atomic numbers \
             stand in a column Z:I:1"
        ));
    }
    if layout.velocity_name.as_deref() == Some("vel") {
        let per_femtosecond = match options.vel_unit {
            VelUnit::Guess => step.is_none(),
            VelUnit::AngstromPerPicosecond => false,
            VelUnit::AngstromPerFemtosecond => true,
        };
        if per_femtosecond {
            for velocity in frame.velocity.iter_mut().flatten() {
                *velocity *= 1000.0;
            }
        }
        if options.vel_unit == VelUnit::Guess {
            frame.notes.push(match per_femtosecond {
                true => "`vel` without Timestep: read as GPUMD writes it, in Å/fs".to_owned(),
                false => "`vel` with Timestep: read as LAMMPS writes it, in Å/ps".to_owned(),
            });
        }
    }
    if layout.has_momentum() {
        velocities_from_momenta(frame, rows.momentum);
    }
}

/// Velocities from ASE's momenta. Without masses in the file, standard atomic weights become the
/// masses; where there are none of those either, the momenta stay a column.
fn velocities_from_momenta(frame: &mut Frame, momenta: Vec<Vector>) {
    if frame.mass.is_none() {
        let Ok(masses) = frame.species_masses() else {
            frame.notes.push(
                "momenta are not turned into velocities: the file has no masses, and not all \
                 species are elements"
                    .to_owned(),
            );
            frame.extra.push(Column {
                name: "momenta".to_owned(),
                width: 3,
                values: Values::Real(momenta.iter().flatten().copied().collect()),
            });
            return;
        };
        let of_atoms = frame.species.iter().map(|&s| masses[s as usize]);
        frame.mass = Some(of_atoms.collect());
        let note = "momenta without masses: standard atomic weights are taken for them";
        frame.notes.push(note.to_owned());
    }
    let unit = ase_velocity();
    let masses = frame.mass.iter().flatten();
    let velocities = momenta.iter().zip(masses).map(|(p, mass)| p / *mass / unit);
    frame.velocity = Some(velocities.collect());
}

//! Data files: one structure, as `read_data` and `write_data` of LAMMPS have it.

use super::boxes::Restricted;
use super::data_sections::{Style, Types, check_first, parse_atom, parse_velocity};
use super::{Options, Units};
use crate::ReadError;
use crate::files::Lines;
use crate::frame::Frame;
use crate::frames::{FrameSource, Frames};
use crate::numbers::parse_real;
use frit_atoms::{Cell, Matrix, Vector};
use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

pub use super::data_writer::encode;

/// Reads the one frame of a data file; `path` is for messages.
///
/// Boxes: orthogonal, triclinic, general triclinic, all directions periodic, since the file does not
/// say. Columns of atoms: the styles atomic, charge, molecular (also bond and angle) and full; charges
/// become the column `charge`, molecules the group. Names of species: from the options, the section
/// `Atom Type Labels`, a comment behind the mass, the mass itself where it is that of one element
/// only, else the number of the type. Sections about bonds and interactions are left out. Notes on
/// the frame say what was guessed or left out.
pub fn read(reader: Box<dyn BufRead + Send>, path: &Path, options: Options) -> Frames {
    Frames::new(Reader {
        lines: Lines::new(reader, path),
        types: Types::new(options.type_names),
        is_done: false,
    })
}

/// What every frame is told.
const PERIODIC: &str = "a LAMMPS data file does not say which directions are periodic: all three are \
                        taken to be";

struct Reader {
    lines: Lines,
    types: Types,
    is_done: bool,
}

/// What stands above the sections.
#[derive(Default)]
struct Header {
    atoms: Option<u64>,
    step: Option<u64>,
    units: Option<Units>,
    bounds: [Option<[f64; 2]>; 3],
    tilt: Option<[f64; 3]>,
    general: [Option<Vector>; 3],
    origin: Option<Vector>,
}

impl FrameSource for Reader {
    fn next_frame(&mut self) -> Result<Option<Frame>, ReadError> {
        if self.is_done {
            return Ok(None);
        }
        self.is_done = true;
        if !self.lines.advance()? {
            return Err(self.lines.incomplete(1, "the file is empty"));
        }
        let (mut header, first) = self.read_first_line()?;
        let mut more = self.read_header(&mut header)?;
        let cell = self.make_cell(&header)?;
        let Some(count) = header.atoms else {
            return Err(self.no_count(&first));
        };
        let mut frame = Frame {
            step: header.step,
            cell: Some(cell),
            notes: vec![PERIODIC.to_owned()],
            ..Frame::default()
        };
        let units = header.units.unwrap_or(Units::Metal);
        let mut places = None;
        while more {
            more = self.read_section(&mut frame, &mut places, count, units)?;
        }
        if places.is_none() && count > 0 {
            return Err(self.lines.incomplete(1, "it has no section Atoms"));
        }
        let types = std::mem::take(&mut self.types);
        types.finish(&mut frame);
        Ok(Some(frame))
    }
}

/// The words before a comment.
fn words(line: &str) -> Vec<&str> {
    let text = line.split('#').next().unwrap_or_default();
    text.split_ascii_whitespace().collect()
}

impl Reader {
    /// The first line is a comment always; LAMMPS puts step and units there.
    fn read_first_line(&self) -> Result<(Header, String), ReadError> {
        let line = self.lines.line();
        let after = |key: &str| {
            let rest = line.split(key).nth(1)?;
            rest.split([',', ' ']).find(|word| !word.is_empty())
        };
        let header = Header {
            step: after("timestep =").and_then(|word| word.parse().ok()),
            units: after("units =")
                .map(|name| Units::parse(name, &self.lines))
                .transpose()?,
            ..Header::default()
        };
        Ok((header, line.to_owned()))
    }

    fn no_count(&self, first: &str) -> ReadError {
        let hint = if matches!(words(first)[..], [_, "atoms"]) {
            "; the first line of a data file is a comment, so that the count there is not read: put \
             a comment line above it"
        } else {
            ""
        };
        let problem = format!("no line `N atoms` stands above the first section{hint}");
        self.lines.invalid(problem)
    }

    /// Reads up to the first section; `false` if there is none.
    fn read_header(&mut self, header: &mut Header) -> Result<bool, ReadError> {
        while self.lines.advance()? {
            let line = self.lines.line();
            let words = words(line);
            let Some(first) = words.first() else {
                continue;
            };
            if parse_real(first).is_none() {
                return Ok(true);
            }
            let end = words.iter().position(|word| parse_real(word).is_none());
            let (numbers, names) = words.split_at(end.unwrap_or(words.len()));
            let numbers: Vec<f64> = numbers.iter().copied().filter_map(parse_real).collect();
            let triple = || <[f64; 3]>::try_from(&numbers[..]).ok().map(Vector::from);
            let done = match names {
                ["atoms"] => words[0]
                    .parse()
                    .ok()
                    .map(|count| header.atoms = Some(count)),
                ["xlo", "xhi"] => pair(&numbers).map(|pair| header.bounds[0] = Some(pair)),
                ["ylo", "yhi"] => pair(&numbers).map(|pair| header.bounds[1] = Some(pair)),
                ["zlo", "zhi"] => pair(&numbers).map(|pair| header.bounds[2] = Some(pair)),
                ["xy", "xz", "yz"] => triple().map(|tilt| header.tilt = Some(tilt.into())),
                ["avec"] => triple().map(|vector| header.general[0] = Some(vector)),
                ["bvec"] => triple().map(|vector| header.general[1] = Some(vector)),
                ["cvec"] => triple().map(|vector| header.general[2] = Some(vector)),
                ["abc", "origin"] => triple().map(|vector| header.origin = Some(vector)),
                [
                    ..,
                    "atoms" | "xhi" | "yhi" | "zhi" | "yz" | "avec" | "bvec" | "cvec" | "origin",
                ] => None,
                // Counts of types, bonds, extra space: nothing that a frame holds.
                [_, ..] => Some(()),
                [] => None,
            };
            if done.is_none() {
                let expected = "a header line such as `N atoms` or `xlo xhi` with its numbers";
                return Err(self.lines.unexpected(line, expected));
            }
        }
        Ok(false)
    }

    fn make_cell(&self, header: &Header) -> Result<Cell, ReadError> {
        let periodic = [true; 3];
        let cell = if let [Some(a), Some(b), Some(c)] = header.general {
            let vectors = Matrix::from_columns(&[a, b, c]).transpose();
            Cell::new(vectors, header.origin.unwrap_or_default(), periodic)
        } else {
            let mut corners = [Vector::zeros(); 2];
            for (k, axis) in ["x", "y", "z"].into_iter().enumerate() {
                let Some(pair) = header.bounds[k] else {
                    let problem = format!(
                        "the header has no line `LOW HIGH {axis}lo {axis}hi` (nor avec, bvec and \
                         cvec): the box is not known"
                    );
                    return Err(self.lines.invalid(problem));
                };
                corners[0][k] = pair[0];
                corners[1][k] = pair[1];
            }
            let [low, high] = corners;
            let tilt = header.tilt.unwrap_or_default();
            Restricted { low, high, tilt }.cell(periodic)
        };
        cell.map_err(|problem| self.lines.invalid(problem))
    }

    /// Reads the section whose name stands on the present line, and goes to the next; `false` at the
    /// end of the file. `places` are the ids of the atoms with their places.
    fn read_section(
        &mut self,
        frame: &mut Frame,
        places: &mut Option<HashMap<u32, usize>>,
        count: u64,
        units: Units,
    ) -> Result<bool, ReadError> {
        let line = self.lines.line().to_owned();
        let (name, style) = match line.split_once('#') {
            Some((name, style)) => (name.trim(), Some(style.trim())),
            None => (line.trim(), None),
        };
        match name {
            "Atoms" => {
                if places.is_some() {
                    return Err(self.lines.invalid("there are two sections Atoms"));
                }
                *places = Some(self.read_atoms(frame, style, count)?);
                self.advance()
            }
            "Velocities" => {
                let Some(places) = places else {
                    let problem = "the section Velocities stands before Atoms; put it behind";
                    return Err(self.lines.invalid(problem));
                };
                if frame.velocity.is_some() {
                    return Err(self.lines.invalid("there are two sections Velocities"));
                }
                self.read_velocities(frame, places, units)?;
                self.advance()
            }
            "Masses" => self.read_rows(|types, lines| types.read_mass(lines)),
            "Atom Type Labels" => self.read_rows(|types, lines| types.read_label(lines)),
            _ => {
                if parse_real(name.split(' ').next().unwrap_or_default()).is_some() {
                    let expected = "the name of a section such as Atoms or Velocities";
                    return Err(self.lines.unexpected(name, expected));
                }
                frame.notes.push(format!(
                    "the section `{}` is left out",
                    crate::error::quote(name)
                ));
                self.read_rows(|_, _| Ok(()))
            }
        }
    }

    /// Goes to the next line with words before a comment.
    fn advance(&mut self) -> Result<bool, ReadError> {
        while self.lines.advance()? {
            if !words(self.lines.line()).is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Rows of a section of unknown length: all that begin with a number or `*`.
    fn read_rows(
        &mut self,
        mut read: impl FnMut(&mut Types, &Lines) -> Result<(), ReadError>,
    ) -> Result<bool, ReadError> {
        while self.advance()? {
            let is_row = |c: char| c.is_ascii_digit() || c == '*' || c == '-';
            if !self.lines.line().trim_start().starts_with(is_row) {
                return Ok(true);
            }
            read(&mut self.types, &self.lines)?;
        }
        Ok(false)
    }

    fn read_atoms(
        &mut self,
        frame: &mut Frame,
        style: Option<&str>,
        count: u64,
    ) -> Result<HashMap<u32, usize>, ReadError> {
        let mut places = HashMap::new();
        let mut lines_of = HashMap::new();
        let mut style = style
            .map(|name| Style::parse(name, &self.lines))
            .transpose()?;
        frame.id = Some(Vec::new());
        for done in 0..count {
            if !self.advance()? {
                let problem = format!("{done} of {count} atoms are there");
                return Err(self.lines.incomplete(1, problem));
            }
            let words = words(self.lines.line());
            let style = match style {
                Some(style) => style,
                None => *style.insert(Style::of_width(words.len(), &self.lines)?),
            };
            let id = parse_atom(&self.lines, &words, style, frame, &mut self.types)
                .map_err(|error| self.lines.blame_end(1, error))?;
            check_first(&mut lines_of, id, "atom with the id", &self.lines)?;
            places.insert(id, frame.len() - 1);
        }
        Ok(places)
    }

    fn read_velocities(
        &mut self,
        frame: &mut Frame,
        places: &HashMap<u32, usize>,
        units: Units,
    ) -> Result<(), ReadError> {
        let mut velocities = vec![Vector::zeros(); frame.len()];
        let mut lines_of = HashMap::new();
        for done in 0..frame.len() {
            if !self.advance()? {
                let problem = format!("{done} of {} velocities are there", frame.len());
                return Err(self.lines.incomplete(1, problem));
            }
            let (id, velocity) =
                parse_velocity(&self.lines).map_err(|error| self.lines.blame_end(1, error))?;
            let Some(&place) = places.get(&id) else {
                return Err(self.lines.invalid(format!("no atom has the id {id}")));
            };
            check_first(&mut lines_of, id, "velocity of the atom", &self.lines)?;
            velocities[place] = velocity * units.velocity();
        }
        frame.velocity = Some(velocities);
        Ok(())
    }
}

fn pair(numbers: &[f64]) -> Option<[f64; 2]> {
    numbers.try_into().ok()
}

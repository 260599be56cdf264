//! Dump files: one frame after another, each with its own columns.

use super::boxes::Restricted;
use super::types::{element_of_mass, guess_note, mass_note, nameless_note, overridden_note};
use super::{Options, Units};
use crate::ReadError;
use crate::files::Lines;
use crate::frame::{Column, Frame, Names, Values, check_word};
use crate::frames::{FrameSource, Frames};
use crate::numbers::parse_real;
use frit_atoms::{Cell, Matrix, Vector};
use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

pub use super::dump_writer::{Encoder, PlaceInFile};

/// Reads frames one after another; `path` is for messages.
///
/// Boxes: orthogonal, triclinic, general triclinic. Coordinates: `x`, `xu`, `xs` or `xsu`. Names of
/// species: from the options, the column `element` or `typelabel`, or the mass, else the number of the
/// type; a note on the frame tells where the names of the options contradict the file. Images are kept beside wrapped coordinates. `mol` becomes the group, `c_epot` the potential
/// energy, `d_name` and `i_name` extra columns `name`; others keep their names.
pub fn read(reader: Box<dyn BufRead + Send>, path: &Path, options: Options) -> Frames {
    Frames::new(Reader {
        lines: Lines::new(reader, path),
        options,
        units: Units::Metal,
        frame: 0,
    })
}

struct Reader {
    lines: Lines,
    options: Options,
    /// Stated once a file.
    units: Units,
    /// Frames begun.
    frame: u64,
}

/// What stands before the atoms.
#[derive(Default)]
struct Header {
    step: Option<u64>,
    time: Option<f64>,
    count: Option<u64>,
    cell: Option<Cell>,
}

impl FrameSource for Reader {
    fn next_frame(&mut self) -> Result<Option<Frame>, ReadError> {
        if !self.lines.advance_to_text()? {
            return match self.lines.is_cut() {
                true => Err(self
                    .lines
                    .incomplete(self.frame + 1, "nothing of it is there")),
                false => Ok(None),
            };
        }
        self.frame += 1;
        let mut header = Header::default();
        loop {
            if self.read_item(&mut header)? {
                return self.read_atoms(header).map(Some);
            }
            if !self.lines.advance_to_text()? {
                return Err(self.incomplete("its atoms are missing"));
            }
        }
    }
}

impl Reader {
    fn incomplete(&self, problem: &str) -> ReadError {
        self.lines.incomplete(self.frame, problem)
    }

    /// Goes on to the line below an `ITEM:`.
    fn advance(&mut self) -> Result<&str, ReadError> {
        if !self.lines.advance()? {
            return Err(self.incomplete("its header is cut off"));
        }
        Ok(self.lines.line())
    }

    fn advance_and_parse<T>(
        &mut self,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ReadError> {
        let word = self.advance()?.trim();
        match parse(word) {
            Some(value) => Ok(value),
            None => Err(self.lines.unexpected(self.lines.line(), expected)),
        }
    }

    /// Reads the item that begins on the present line; `true` if the atoms follow.
    fn read_item(&mut self, header: &mut Header) -> Result<bool, ReadError> {
        const KNOWN: &str = "ITEM: UNITS, TIME, TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS or ATOMS";
        let line = self.lines.line().trim();
        let Some(item) = line.strip_prefix("ITEM: ") else {
            return Err(self.lines.unexpected(line, KNOWN));
        };
        match item.trim() {
            "UNITS" => {
                self.advance()?;
                self.units = Units::parse(self.lines.line().trim(), &self.lines)?;
            }
            "TIME" => {
                let time = self.advance_and_parse("a time", parse_real)?;
                header.time = Some(time * self.units.time());
            }
            "TIMESTEP" => {
                let step = self.advance_and_parse("a step, from 0", |word| word.parse().ok())?;
                header.step = Some(step);
            }
            "NUMBER OF ATOMS" => {
                let count =
                    self.advance_and_parse("a number of atoms", |word| word.parse().ok())?;
                header.count = Some(count);
            }
            "ATOMS" => return Ok(true),
            other => match other.strip_prefix("BOX BOUNDS") {
                Some(kind) => {
                    let kind = kind.trim().to_owned();
                    header.cell = Some(self.read_box(&kind)?);
                }
                None if other.starts_with("ATOMS ") => return Ok(true),
                None => return Err(self.lines.unexpected(line, KNOWN)),
            },
        }
        Ok(false)
    }

    fn read_box(&mut self, kind: &str) -> Result<Cell, ReadError> {
        let (shape, letters) = match kind {
            _ if kind.starts_with("abc origin") => (4, &kind["abc origin".len()..]),
            _ if kind.starts_with("xy xz yz") => (3, &kind["xy xz yz".len()..]),
            _ => (2, kind),
        };
        let letters: Vec<&str> = letters.split_ascii_whitespace().collect();
        let periodic = match letters[..] {
            // LAMMPS before 2010 wrote none.
            [] => [true; 3],
            [x, y, z] => [x, y, z].map(|letters| letters == "pp"),
            _ => {
                let expected = "boundaries such as `pp pp ff` behind BOX BOUNDS";
                return Err(self.lines.unexpected(kind, expected));
            }
        };
        let mut rows = [[0.0; 4]; 3];
        for row in &mut rows {
            let line = self.advance()?;
            let numbers: Option<Vec<f64>> = line.split_ascii_whitespace().map(parse_real).collect();
            match numbers.filter(|numbers| numbers.len() == shape) {
                Some(numbers) => row[..shape].copy_from_slice(&numbers),
                None => {
                    let expected = format!("{shape} numbers of the box");
                    return Err(self.lines.unexpected(self.lines.line(), expected));
                }
            }
        }
        let column = |k: usize| Vector::new(rows[0][k], rows[1][k], rows[2][k]);
        let cell = if shape == 4 {
            let vectors = Matrix::from_columns(&[column(0), column(1), column(2)]);
            Cell::new(vectors, column(3), periodic)
        } else {
            let tilt = column(2).into();
            Restricted::from_bounds(column(0), column(1), tilt).cell(periodic)
        };
        cell.map_err(|problem| self.lines.invalid(problem))
    }

    fn read_atoms(&mut self, header: Header) -> Result<Frame, ReadError> {
        let lines = &mut self.lines;
        let (Some(count), Some(cell)) = (header.count, header.cell) else {
            return Err(lines.unexpected(
                lines.line(),
                "ITEM: NUMBER OF ATOMS and ITEM: BOX BOUNDS before the atoms",
            ));
        };
        let mut frame = Frame {
            step: header.step,
            time: header.time,
            cell: Some(cell),
            ..Frame::default()
        };
        let columns = lines
            .line()
            .trim()
            .strip_prefix("ITEM: ATOMS")
            .unwrap_or_default();
        let layout = Layout::parse(columns, &mut frame, !self.options.type_names.is_empty())
            .map_err(|(found, expected)| lines.unexpected(&found, expected))?;
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
        layout.finish(&mut frame, rows, &self.options, self.units);
        Ok(frame)
    }
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Id,
    Type,
    /// The name of the species.
    Name,
    /// A name of the species in place of which that of the options is taken.
    Overridden,
    Mass,
    Position(usize),
    Image(usize),
    Velocity(usize),
    Force(usize),
    Group,
    LocalEnergy,
    /// Index into the frame's extra columns.
    Extra(usize),
    Ignored,
}

/// How coordinates stand in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Coordinates {
    names: [&'static str; 3],
    is_scaled: bool,
    is_wrapped: bool,
}

/// All kinds of coordinates, the one to prefer first.
const COORDINATES: [Coordinates; 4] = [
    Coordinates {
        names: ["x", "y", "z"],
        is_scaled: false,
        is_wrapped: true,
    },
    Coordinates {
        names: ["xu", "yu", "zu"],
        is_scaled: false,
        is_wrapped: false,
    },
    Coordinates {
        names: ["xs", "ys", "zs"],
        is_scaled: true,
        is_wrapped: true,
    },
    Coordinates {
        names: ["xsu", "ysu", "zsu"],
        is_scaled: true,
        is_wrapped: false,
    },
];

struct Layout {
    roles: Vec<(String, Role)>,
    coordinates: Coordinates,
    names_from: NamesFrom,
    /// The column of names in the file.
    name_column: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum NamesFrom {
    Column,
    Types,
}

#[derive(Default)]
struct Rows {
    names: Names,
    /// Type of each atom, where names come from types, and the mass of its first atom [u].
    types: Vec<u32>,
    masses: BTreeMap<u32, f64>,
    /// The name that a column of the file has for the first atom of each type, where others are given.
    overridden: BTreeMap<u32, String>,
}

impl Layout {
    /// From the names behind `ITEM: ATOMS`; the error is what was found and what was expected.
    fn parse(columns: &str, frame: &mut Frame, has_names: bool) -> Result<Self, (String, String)> {
        let names: Vec<&str> = columns.split_ascii_whitespace().collect();
        let has = |name: &str| names.contains(&name);
        let coordinates = COORDINATES
            .into_iter()
            .find(|coordinates| coordinates.names.iter().all(|name| has(name)))
            .ok_or_else(|| {
                let expected = "the columns x y z, xu yu zu, xs ys zs or xsu ysu zsu";
                (columns.to_owned(), expected.to_owned())
            })?;
        let name_column = ["element", "typelabel"].into_iter().find(|name| has(name));
        let from_column = name_column.is_some() && !(has_names && has("type"));
        if !from_column && !has("type") {
            return Err((
                columns.to_owned(),
                "a column `element` or `type`".to_owned(),
            ));
        }
        let triple = |names: [&str; 3]| names.iter().all(|name| has(name));
        let mut seen = std::collections::HashSet::new();
        let mut roles = Vec::with_capacity(names.len());
        for &name in &names {
            if !seen.insert(name) {
                return Err((name.to_owned(), "every column once".to_owned()));
            }
            let role = match name {
                "id" => Role::Id,
                "type" if !from_column => Role::Type,
                "mass" => Role::Mass,
                "mol" => Role::Group,
                "c_epot" => Role::LocalEnergy,
                _ if from_column && Some(name) == name_column => Role::Name,
                _ if Some(name) == name_column => Role::Overridden,
                "type" | "element" | "typelabel" => Role::Ignored,
                _ => triple_role(name, coordinates, triple),
            };
            roles.push((name.to_owned(), role));
        }
        prepare(frame, &mut roles);
        let names_from = if from_column {
            NamesFrom::Column
        } else {
            NamesFrom::Types
        };
        Ok(Self {
            roles,
            coordinates,
            names_from,
            name_column,
        })
    }

    fn read_row(&self, lines: &Lines, frame: &mut Frame, rows: &mut Rows) -> Result<(), ReadError> {
        let mut words = lines.line().split_ascii_whitespace();
        let (mut position, mut velocity, mut force) =
            (Vector::zeros(), Vector::zeros(), Vector::zeros());
        let mut image = [0_i32; 3];
        let mut this_type = None;
        let mut this_name = None;
        let mut this_mass = None;
        for (name, role) in &self.roles {
            let word = words.next().ok_or_else(|| {
                lines.unexpected(
                    lines.line(),
                    format!("a line with a value for the column {name}"),
                )
            })?;
            let bad = |what: &str| lines.unexpected(word, format!("{what} in the column {name}"));
            let real = || parse_real(word).ok_or_else(|| bad("a number"));
            let whole = || {
                word.parse::<u32>()
                    .map_err(|_| bad("a whole number below 4294967296"))
            };
            match *role {
                Role::Ignored => {}
                Role::Id => push(&mut frame.id, whole()?),
                Role::Group => push(&mut frame.group, whole()?),
                Role::Type => this_type = Some(whole()?),
                Role::Name => {
                    check_word("species", word).map_err(|_| bad("the name of a species"))?;
                    frame.species.push(rows.names.number(word));
                }
                Role::Overridden => this_name = Some(word),
                Role::Mass => {
                    this_mass = Some(real()?);
                    push(&mut frame.mass, real()?);
                }
                Role::Position(k) => position[k] = real()?,
                Role::Velocity(k) => velocity[k] = real()?,
                Role::Force(k) => force[k] = real()?,
                Role::Image(k) => image[k] = word.parse().map_err(|_| bad("a whole number"))?,
                Role::LocalEnergy => push(&mut frame.local_energy, real()?),
                Role::Extra(number) => {
                    add(&mut frame.extra[number].values, word).ok_or_else(|| bad("a number"))?;
                }
            }
        }
        if let Some(word) = words.next() {
            return Err(lines.unexpected(word, "the end of the line: ITEM: ATOMS names no more"));
        }
        if !position.iter().all(|x| x.is_finite()) {
            return Err(lines.invalid("the position is not a finite number"));
        }
        frame.position.push(position);
        frame
            .velocity
            .iter_mut()
            .for_each(|column| column.push(velocity));
        frame.force.iter_mut().for_each(|column| column.push(force));
        frame.image.iter_mut().for_each(|column| column.push(image));
        if let Some(number) = this_type {
            rows.types.push(number);
            if let Some(mass) = this_mass {
                rows.masses.entry(number).or_insert(mass);
            }
            if let Some(name) = this_name
                && !rows.overridden.contains_key(&number)
            {
                rows.overridden.insert(number, name.to_owned());
            }
        }
        Ok(())
    }

    /// What can only be done when all atoms are there.
    fn finish(&self, frame: &mut Frame, mut rows: Rows, options: &Options, units: Units) {
        if self.names_from == NamesFrom::Column && !options.type_names.is_empty() {
            let note = "the given names of types are not used: the dump has no column `type`";
            frame.notes.push(note.to_owned());
        }
        if self.names_from == NamesFrom::Types {
            let known = name_types(&rows, options, self.name_column, &mut frame.notes);
            // Types are named in the order of their numbers, as potentials list them.
            let numbers: BTreeMap<u32, u32> = (known.iter())
                .map(|(&number, name)| (number, rows.names.number(name)))
                .collect();
            frame.species = rows.types.iter().map(|number| numbers[number]).collect();
        }
        frame.names = rows.names.into_names();
        if let (true, Some(cell)) = (self.coordinates.is_scaled, frame.cell) {
            for position in &mut frame.position {
                *position = cell.position(position);
            }
        }
        if !self.coordinates.is_wrapped {
            // Unwrapped coordinates have the images in them already.
            frame.image = None;
        }
        let scale = |column: &mut Option<Vec<Vector>>, factor: f64| {
            if factor != 1.0 {
                column
                    .iter_mut()
                    .flatten()
                    .for_each(|vector| *vector *= factor);
            }
        };
        scale(&mut frame.velocity, units.velocity());
        scale(&mut frame.force, units.energy());
        for energy in frame.local_energy.iter_mut().flatten() {
            *energy *= units.energy();
        }
    }
}

/// The name of each type that occurs.
fn name_types(
    rows: &Rows,
    options: &Options,
    name_column: Option<&str>,
    notes: &mut Vec<String>,
) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    for &number in &rows.types {
        if names.contains_key(&number) {
            continue;
        }
        let given = (number as usize)
            .checked_sub(1)
            .and_then(|at| options.type_names.get(at));
        let mass = rows.masses.get(&number).copied();
        let guess = mass.and_then(|mass| Some((mass, element_of_mass(mass)?)));
        let name = match (given, guess) {
            (Some(name), _) => {
                if let Some((label, column)) = rows.overridden.get(&number).zip(name_column)
                    && label != name
                {
                    let place = format!("the column `{column}`");
                    notes.push(overridden_note(number, name, &place, label));
                }
                notes.extend(mass.and_then(|mass| mass_note(number, name, mass)));
                name.clone()
            }
            (None, Some((mass, element))) => {
                notes.push(guess_note(number, mass, element));
                element.to_owned()
            }
            (None, None) => {
                notes.push(nameless_note(number));
                number.to_string()
            }
        };
        names.insert(number, name);
    }
    names
}

/// The role of a column that belongs to a triple; others are extra.
fn triple_role(name: &str, coordinates: Coordinates, triple: impl Fn([&str; 3]) -> bool) -> Role {
    let other_coordinates = (COORDINATES.iter()).any(|other| other.names.contains(&name));
    let place = |names: [&str; 3]| names.iter().position(|&known| known == name);
    let in_triple = |names: [&str; 3]| place(names).filter(|_| triple(names));
    if let Some(k) = in_triple(coordinates.names) {
        return Role::Position(k);
    }
    if let Some(k) = in_triple(["ix", "iy", "iz"]) {
        return Role::Image(k);
    }
    if let Some(k) = in_triple(["vx", "vy", "vz"]) {
        return Role::Velocity(k);
    }
    if let Some(k) = in_triple(["fx", "fy", "fz"]) {
        return Role::Force(k);
    }
    if other_coordinates {
        Role::Ignored
    } else {
        Role::Extra(0)
    }
}

/// Puts the empty columns into a frame and numbers the extra ones.
fn prepare(frame: &mut Frame, roles: &mut [(String, Role)]) {
    for (name, role) in roles {
        match role {
            Role::Id => frame.id = Some(Vec::new()),
            Role::Mass => frame.mass = Some(Vec::new()),
            Role::Image(_) => frame.image = Some(Vec::new()),
            Role::Velocity(_) => frame.velocity = Some(Vec::new()),
            Role::Force(_) => frame.force = Some(Vec::new()),
            Role::Group => frame.group = Some(Vec::new()),
            Role::LocalEnergy => frame.local_energy = Some(Vec::new()),
            Role::Extra(number) => {
                *number = frame.extra.len();
                let whole = name.strip_prefix("i_");
                let bare = whole.or(name.strip_prefix("d_")).unwrap_or(name);
                frame.extra.push(Column {
                    name: bare.to_owned(),
                    width: 1,
                    values: match whole {
                        Some(_) => Values::Integer(Vec::new()),
                        None => Values::Real(Vec::new()),
                    },
                });
            }
            Role::Type | Role::Name | Role::Overridden | Role::Position(_) | Role::Ignored => {}
        }
    }
}

fn push<T>(column: &mut Option<Vec<T>>, value: T) {
    column.get_or_insert_default().push(value);
}

/// Adds a word to an extra column; a column whose first word is no number holds text.
fn add(values: &mut Values, word: &str) -> Option<()> {
    if values.is_empty() && parse_real(word).is_none() {
        *values = Values::Text(Vec::new());
    }
    match values {
        Values::Real(values) => values.push(parse_real(word)?),
        Values::Integer(values) => values.push(word.parse().ok()?),
        Values::Logical(values) => values.push(crate::frame::logical(word)?),
        Values::Text(values) => values.push(word.to_owned()),
    }
    Some(())
}

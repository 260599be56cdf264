//! The `Properties` of a frame and the rows of its atoms.

use crate::ReadError;
use crate::files::Lines;
use crate::frame::{Column, Frame, Names, Values, check_word};
use crate::numbers::parse_real;
use frit_atoms::{ELEMENTS, Vector};
use std::collections::HashSet;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    Real,
    Integer,
    Logical,
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Species,
    AtomicNumber,
    Position,
    Id,
    Velocity,
    Momentum,
    Force,
    LocalEnergy,
    Mass,
    Group,
    Image,
    /// Index into the frame's extra columns.
    Extra(usize),
    /// The same is said by another column.
    Double,
}

#[derive(Debug)]
struct Field {
    name: String,
    kind: Kind,
    width: usize,
    role: Role,
}

/// The columns of a frame, in the order of the file.
#[derive(Debug)]
pub(super) struct Layout {
    fields: Vec<Field>,
    /// Whether a row may have more words than the layout, as in plain XYZ.
    open_ended: bool,
    /// Whether a number in place of a name is an atomic number.
    has_atomic_numbers: bool,
    /// Name of the column from which velocities come.
    pub(super) velocity_name: Option<String>,
}

/// What rows hold beside the frame itself.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) names: Names,
    /// Momenta in ASE's unit.
    pub(super) momentum: Vec<Vector>,
    /// Words found behind the last column.
    pub(super) surplus: bool,
    /// Whether atomic numbers stood in place of names.
    pub(super) atomic_numbers: bool,
}

/// The names that mean the same, the one to prefer first.
const SYNONYMS: [(&[&str], Kind, usize, Role); 11] = [
    (
        &["species", "element", "symbols"],
        Kind::Text,
        1,
        Role::Species,
    ),
    (&["Z", "numbers"], Kind::Integer, 1, Role::AtomicNumber),
    (&["pos", "positions"], Kind::Real, 3, Role::Position),
    (&["id"], Kind::Integer, 1, Role::Id),
    (
        &["velo", "vel", "velocities"],
        Kind::Real,
        3,
        Role::Velocity,
    ),
    (&["momenta"], Kind::Real, 3, Role::Momentum),
    (&["forces", "force"], Kind::Real, 3, Role::Force),
    (
        &["local_energy", "energies"],
        Kind::Real,
        1,
        Role::LocalEnergy,
    ),
    (&["mass", "masses"], Kind::Real, 1, Role::Mass),
    (&["group"], Kind::Integer, 1, Role::Group),
    (&["image", "images"], Kind::Integer, 3, Role::Image),
];

impl Layout {
    /// Species and position as `dump xyz` of LAMMPS writes them, with types in place of species.
    pub(super) fn of_types() -> Self {
        Self {
            has_atomic_numbers: false,
            ..Self::plain()
        }
    }

    /// Species and position: plain XYZ, and extended XYZ without `Properties`. Old files hold atomic
    /// numbers in place of symbols.
    pub(super) fn plain() -> Self {
        let field = |name: &str, kind, width, role| Field {
            name: name.to_owned(),
            kind,
            width,
            role,
        };
        Self {
            fields: vec![
                field("species", Kind::Text, 1, Role::Species),
                field("pos", Kind::Real, 3, Role::Position),
            ],
            open_ended: true,
            has_atomic_numbers: true,
            velocity_name: None,
        }
    }

    /// From `name:type:width:...`; the error is what was found and what was expected.
    pub(super) fn parse(properties: &str) -> Result<Self, (String, String)> {
        let mut fields = Vec::new();
        let mut known = HashSet::new();
        let parts: Vec<&str> = properties.split(':').collect();
        for triple in parts.chunks(3) {
            let field = parse_field(triple).map_err(|expected| (triple.join(":"), expected))?;
            if !known.insert(field.name.clone()) {
                let expected = "every name in Properties once".to_owned();
                return Err((field.name, expected));
            }
            fields.push(field);
        }
        let mut layout = Self {
            fields,
            open_ended: false,
            has_atomic_numbers: false,
            velocity_name: None,
        };
        layout.assign_roles();
        let has = |role| layout.fields.iter().any(|field| field.role == role);
        if !has(Role::Position) || !(has(Role::Species) || has(Role::AtomicNumber)) {
            let expected = "Properties with species:S:1 (or Z:I:1) and pos:R:3".to_owned();
            return Err((properties.to_owned(), expected));
        }
        Ok(layout)
    }

    fn assign_roles(&mut self) {
        let mut taken = Vec::new();
        for (names, kind, width, role) in SYNONYMS {
            // Atomic numbers say nothing that names do not.
            let mut is_taken = role == Role::AtomicNumber && taken.contains(&Role::Species);
            for name in names {
                let fits = |f: &&mut Field| f.name == *name && f.kind == kind && f.width == width;
                let Some(field) = self.fields.iter_mut().find(fits) else {
                    continue;
                };
                field.role = if is_taken { Role::Double } else { role };
                if role == Role::Velocity && !is_taken {
                    self.velocity_name = Some(field.name.clone());
                }
                is_taken = true;
                taken.push(role);
            }
        }
        // Momenta repeat the velocities; `vel` beside `velo` in another unit is possible, and kept.
        if taken.contains(&Role::Velocity) {
            for field in &mut self.fields {
                if field.role == Role::Momentum {
                    field.role = Role::Double;
                }
            }
        }
        let extra = (self.fields.iter_mut()).filter(|field| matches!(field.role, Role::Extra(_)));
        for (number, field) in extra.enumerate() {
            field.role = Role::Extra(number);
        }
    }

    /// Whether a column of momenta has to give the velocities.
    pub(super) fn has_momentum(&self) -> bool {
        self.fields.iter().any(|field| field.role == Role::Momentum)
    }

    /// Puts the empty columns into a frame.
    pub(super) fn prepare(&self, frame: &mut Frame) {
        for field in &self.fields {
            match field.role {
                Role::Id => frame.id = Some(Vec::new()),
                Role::Velocity => frame.velocity = Some(Vec::new()),
                Role::Force => frame.force = Some(Vec::new()),
                Role::LocalEnergy => frame.local_energy = Some(Vec::new()),
                Role::Mass => frame.mass = Some(Vec::new()),
                Role::Group => frame.group = Some(Vec::new()),
                Role::Image => frame.image = Some(Vec::new()),
                Role::Extra(_) => frame.extra.push(Column {
                    name: field.name.clone(),
                    width: field.width,
                    values: match field.kind {
                        Kind::Text => Values::Text(Vec::new()),
                        Kind::Real => Values::Real(Vec::new()),
                        Kind::Integer => Values::Integer(Vec::new()),
                        Kind::Logical => Values::Logical(Vec::new()),
                    },
                }),
                Role::Species
                | Role::AtomicNumber
                | Role::Position
                | Role::Momentum
                | Role::Double => {}
            }
        }
    }

    /// Adds the atom on the present line.
    pub(super) fn read_row(
        &self,
        lines: &Lines,
        frame: &mut Frame,
        rows: &mut Rows,
    ) -> Result<(), ReadError> {
        let mut words = Words {
            words: lines.line().split_ascii_whitespace(),
            lines,
        };
        for field in &self.fields {
            let column = field.name.as_str();
            match field.role {
                Role::Species => {
                    let word = words.next(column)?;
                    let element = match self.has_atomic_numbers {
                        true => element_of_number(word),
                        false => None,
                    };
                    rows.atomic_numbers |= element.is_some();
                    let name = element.unwrap_or(word);
                    check_word("species", name)
                        .map_err(|_| lines.unexpected(word, "the name of a species"))?;
                    frame.species.push(rows.names.number(name));
                }
                Role::AtomicNumber => {
                    let number = words.integer(column)?;
                    let element = ELEMENTS.iter().find(|e| i64::from(e.number) == number);
                    let element = element.ok_or_else(|| {
                        lines.unexpected(&number.to_string(), "an atomic number from 1 to 103")
                    })?;
                    frame.species.push(rows.names.number(element.symbol));
                }
                Role::Position => {
                    let position = words.vector(column)?;
                    if !position.iter().all(|x| x.is_finite()) {
                        return Err(lines.invalid("the position is not a finite number"));
                    }
                    frame.position.push(position);
                }
                Role::Id => push(&mut frame.id, words.whole(column)?),
                Role::Group => push(&mut frame.group, words.whole(column)?),
                Role::Velocity => push(&mut frame.velocity, words.vector(column)?),
                Role::Momentum => rows.momentum.push(words.vector(column)?),
                Role::Force => push(&mut frame.force, words.vector(column)?),
                Role::LocalEnergy => push(&mut frame.local_energy, words.real(column)?),
                Role::Mass => push(&mut frame.mass, words.real(column)?),
                Role::Image => {
                    let image = [
                        words.image(column)?,
                        words.image(column)?,
                        words.image(column)?,
                    ];
                    push(&mut frame.image, image);
                }
                Role::Extra(number) => {
                    let values = &mut frame.extra[number].values;
                    for _ in 0..field.width {
                        words.add_to(column, values)?;
                    }
                }
                Role::Double => {
                    for _ in 0..field.width {
                        words.next(column)?;
                    }
                }
            }
        }
        match words.words.next() {
            None => Ok(()),
            Some(_) if self.open_ended => {
                rows.surplus = true;
                Ok(())
            }
            Some(word) => {
                Err(lines.unexpected(word, "the end of the line: Properties has no more"))
            }
        }
    }
}

fn push<T>(column: &mut Option<Vec<T>>, value: T) {
    column.get_or_insert_default().push(value);
}

fn element_of_number(word: &str) -> Option<&'static str> {
    let number = word.parse::<u8>().ok()?;
    let element = ELEMENTS.iter().find(|element| element.number == number);
    element.map(|element| element.symbol)
}

/// Most values of an atom in one column: far more than any program writes, so that a damaged width
/// is told as such.
const WIDEST: usize = 1 << 16;

/// A column from its name, type and width; the error is what is wrong with it.
fn parse_field(triple: &[&str]) -> Result<Field, String> {
    let form = || "name:type:width, type one of S, R, I, L".to_owned();
    let [name, kind, width] = triple else {
        return Err(form());
    };
    check_word("column", name).map_err(|_| form())?;
    let kind = match *kind {
        "S" => Kind::Text,
        "R" => Kind::Real,
        "I" => Kind::Integer,
        "L" => Kind::Logical,
        _ => return Err(form()),
    };
    match width.parse() {
        Ok(width @ 1..=WIDEST) => Ok(Field {
            name: (*name).to_owned(),
            kind,
            width,
            role: Role::Extra(0),
        }),
        _ => Err(format!("a width from 1 to {WIDEST} at the end")),
    }
}

/// The words of a row, with errors that name the column.
struct Words<'a> {
    words: std::str::SplitAsciiWhitespace<'a>,
    lines: &'a Lines,
}

impl<'a> Words<'a> {
    fn next(&mut self, column: &str) -> Result<&'a str, ReadError> {
        self.words.next().ok_or_else(|| {
            let expected = format!("a line with a value for the column {column}");
            self.lines.unexpected(self.lines.line(), expected)
        })
    }

    fn parse<T>(
        &mut self,
        column: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ReadError> {
        let word = self.next(column)?;
        parse(word).ok_or_else(|| {
            self.lines
                .unexpected(word, format!("{what} in the column {column}"))
        })
    }

    fn real(&mut self, column: &str) -> Result<f64, ReadError> {
        self.parse(column, "a number", parse_real)
    }

    fn integer(&mut self, column: &str) -> Result<i64, ReadError> {
        self.parse(column, "a whole number", |word| word.parse().ok())
    }

    fn whole(&mut self, column: &str) -> Result<u32, ReadError> {
        self.parse(column, "a whole number from 0 to 4294967295", |word| {
            word.parse().ok()
        })
    }

    fn image(&mut self, column: &str) -> Result<i32, ReadError> {
        self.parse(column, "a whole number", |word| word.parse().ok())
    }

    fn vector(&mut self, column: &str) -> Result<Vector, ReadError> {
        Ok(Vector::new(
            self.real(column)?,
            self.real(column)?,
            self.real(column)?,
        ))
    }

    fn add_to(&mut self, column: &str, values: &mut Values) -> Result<(), ReadError> {
        match values {
            Values::Real(values) => values.push(self.real(column)?),
            Values::Integer(values) => values.push(self.integer(column)?),
            Values::Logical(values) => {
                values.push(self.parse(column, "T or F", crate::frame::logical)?);
            }
            Values::Text(values) => values.push(self.next(column)?.to_owned()),
        }
        Ok(())
    }
}

//! Rows of the sections of data files.

use super::types::{element_of_mass, guess_note, mass_note, nameless_note, overridden_note};
use crate::ReadError;
use crate::files::Lines;
use crate::frame::{Column, Frame, Names, Values, check_word};
use crate::numbers::parse_real;
use frit_atoms::Vector;
use std::collections::{BTreeMap, HashMap};

/// The order of columns in the section Atoms: `id [molecule] type [charge] x y z [ix iy iz]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    has_molecule: bool,
    has_charge: bool,
}

impl Style {
    const fn new(has_molecule: bool, has_charge: bool) -> Self {
        Self {
            has_molecule,
            has_charge,
        }
    }

    /// From the comment behind `Atoms`.
    pub(super) fn parse(name: &str, lines: &Lines) -> Result<Self, ReadError> {
        match name {
            "atomic" => Ok(Self::new(false, false)),
            "charge" => Ok(Self::new(false, true)),
            "molecular" | "bond" | "angle" => Ok(Self::new(true, false)),
            "full" => Ok(Self::new(true, true)),
            other => Err(lines.unexpected(
                other,
                "one of the styles atomic, charge, molecular, bond, angle, full behind `Atoms #`",
            )),
        }
    }

    /// From the number of columns, where only one style has it.
    pub(super) fn of_width(width: usize, lines: &Lines) -> Result<Self, ReadError> {
        match width {
            5 | 8 => Ok(Self::new(false, false)),
            7 | 10 => Ok(Self::new(true, true)),
            6 | 9 => Err(lines.unexpected(
                lines.line(),
                "a style such as `Atoms # charge` or `Atoms # molecular`, which have as many columns",
            )),
            _ => Err(lines.unexpected(lines.line(), "id, type, x, y, z of an atom")),
        }
    }

    fn width(self) -> usize {
        5 + usize::from(self.has_molecule) + usize::from(self.has_charge)
    }
}

/// What is known of the types, from any section, until all is read.
#[derive(Debug, Default)]
pub(super) struct Types {
    given: Vec<String>,
    /// Numbers by label.
    labels: HashMap<String, u32>,
    label_of: BTreeMap<u32, String>,
    masses: BTreeMap<u32, f64>,
    /// The lines of labels and masses.
    label_lines: HashMap<u32, u64>,
    mass_lines: HashMap<u32, u64>,
    comments: BTreeMap<u32, String>,
    of_atoms: Vec<u32>,
}

impl Types {
    pub(super) fn new(given: Vec<String>) -> Self {
        Self {
            given,
            ..Self::default()
        }
    }

    /// A row of `Atom Type Labels`.
    pub(super) fn read_label(&mut self, lines: &Lines) -> Result<(), ReadError> {
        let mut words = lines.line().split_ascii_whitespace();
        let row = (words.next(), words.next());
        let (Some(number), Some(label)) = (row.0.and_then(|n| n.parse().ok()), row.1) else {
            return Err(lines.unexpected(lines.line(), "the number of a type and its label"));
        };
        check_word("type label", label)
            .map_err(|_| lines.unexpected(label, "a label without quotes or brackets"))?;
        check_first(&mut self.label_lines, number, "label of the type", lines)?;
        self.labels.insert(label.to_owned(), number);
        self.label_of.insert(number, label.to_owned());
        Ok(())
    }

    /// A row of `Masses`.
    pub(super) fn read_mass(&mut self, lines: &Lines) -> Result<(), ReadError> {
        let (row, comment) = match lines.line().split_once('#') {
            Some((row, comment)) => (row, comment.trim()),
            None => (lines.line(), ""),
        };
        let mut words = row.split_ascii_whitespace();
        let number = words.next().and_then(|word| self.number(word));
        let mass = words.next().and_then(parse_real);
        let (Some(number), Some(mass)) = (number, mass) else {
            return Err(lines.unexpected(lines.line(), "the number of a type and its mass"));
        };
        if !(mass > 0.0 && mass.is_finite()) {
            return Err(lines.unexpected(lines.line(), "a positive mass"));
        }
        check_first(&mut self.mass_lines, number, "mass of the type", lines)?;
        self.masses.insert(number, mass);
        if check_word("species", comment).is_ok() {
            self.comments.insert(number, comment.to_owned());
        }
        Ok(())
    }

    /// The number of a type that is given by number or label.
    fn number(&self, word: &str) -> Option<u32> {
        word.parse().ok().or_else(|| self.labels.get(word).copied())
    }

    fn name(&self, number: u32, notes: &mut Vec<String>) -> String {
        let given = (number as usize)
            .checked_sub(1)
            .and_then(|at| self.given.get(at));
        let mass = self.masses.get(&number).copied();
        let labels = [
            (self.label_of.get(&number), "the section Atom Type Labels"),
            (self.comments.get(&number), "the comment behind its mass"),
        ];
        let in_file = labels
            .iter()
            .find_map(|&(name, place)| Some((name?, place)));
        if let Some(name) = given {
            if let Some((label, place)) = in_file.filter(|(label, _)| *label != name) {
                notes.push(overridden_note(number, name, place, label));
            }
            notes.extend(mass.and_then(|mass| mass_note(number, name, mass)));
            return name.clone();
        }
        if let Some((name, _)) = in_file {
            return name.clone();
        }
        match mass.and_then(|mass| Some((mass, element_of_mass(mass)?))) {
            Some((mass, element)) => {
                notes.push(guess_note(number, mass, element));
                element.to_owned()
            }
            None => {
                notes.push(nameless_note(number));
                number.to_string()
            }
        }
    }

    /// Names the species of all atoms and gives them their masses. Types without atoms are kept as
    /// long as something is known of them, so that the order of the types stays.
    pub(super) fn finish(self, frame: &mut Frame) {
        let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
        let known = self.masses.keys().chain(self.label_of.keys());
        for &number in known.chain(&self.of_atoms) {
            numbers.insert(number, 0);
        }
        let mut names = Names::default();
        for (number, species) in &mut numbers {
            *species = names.number(&self.name(*number, &mut frame.notes));
        }
        frame.names = names.into_names();
        frame.species = self.of_atoms.iter().map(|number| numbers[number]).collect();
        let mass = (self.of_atoms.iter()).map(|number| self.masses.get(number).copied());
        frame.mass = mass.collect();
    }
}

/// Notes that the present line says something of a type or an atom; an error if an earlier line does.
pub(super) fn check_first(
    known: &mut HashMap<u32, u64>,
    number: u32,
    what: &str,
    lines: &Lines,
) -> Result<(), ReadError> {
    match known.insert(number, lines.number()) {
        None => Ok(()),
        Some(first) => Err(lines.invalid(format!(
            "this is a second {what} {number}; the first stands on line {first}: remove one of them"
        ))),
    }
}

/// Adds the atom of a row and returns its id.
pub(super) fn parse_atom(
    lines: &Lines,
    words: &[&str],
    style: Style,
    frame: &mut Frame,
    types: &mut Types,
) -> Result<u32, ReadError> {
    let width = style.width();
    let has_image = words.len() == width + 3;
    if words.len() != width && !has_image {
        let expected = format!("{width} columns of an atom, or {} with images", width + 3);
        return Err(lines.unexpected(lines.line(), expected));
    }
    let bad = |word: &str, what: &str| lines.unexpected(word, what);
    let whole = |word: &str, what: &str| word.parse::<u32>().map_err(|_| bad(word, what));
    let mut rest = words.iter().copied();
    let mut next = || rest.next().unwrap_or_default();
    let id = whole(next(), "the id of an atom")?;
    if style.has_molecule {
        let group = whole(next(), "the number of a molecule")?;
        frame.group.get_or_insert_default().push(group);
    }
    let word = next();
    let number = types
        .number(word)
        .ok_or_else(|| bad(word, "the number or label of a type"))?;
    types.of_atoms.push(number);
    if style.has_charge {
        let word = next();
        let charge = parse_real(word).ok_or_else(|| bad(word, "a charge"))?;
        add_charge(frame, charge);
    }
    let mut position = Vector::zeros();
    for x in position.iter_mut() {
        let word = next();
        let finite = parse_real(word).filter(|x| x.is_finite());
        *x = finite.ok_or_else(|| bad(word, "a finite coordinate"))?;
    }
    let mut image = [0; 3];
    if has_image {
        for count in &mut image {
            let word = next();
            *count = word
                .parse()
                .map_err(|_| bad(word, "a whole number of images"))?;
        }
    }
    frame.position.push(position);
    frame.id.get_or_insert_default().push(id);
    frame.image.get_or_insert_default().push(image);
    Ok(id)
}

fn add_charge(frame: &mut Frame, charge: f64) {
    if frame.extra.is_empty() {
        frame.extra.push(Column::real("charge", Vec::new()));
    }
    if let Values::Real(values) = &mut frame.extra[0].values {
        values.push(charge);
    }
}

/// Id and velocity of a row, in the units of the file.
pub(super) fn parse_velocity(lines: &Lines) -> Result<(u32, Vector), ReadError> {
    let text = lines.line().split('#').next().unwrap_or_default();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let bad = || {
        lines.unexpected(
            lines.line(),
            "the id of an atom and its velocity: id vx vy vz",
        )
    };
    let [id, x, y, z] = words[..] else {
        return Err(bad());
    };
    let real = |word| parse_real(word).ok_or_else(bad);
    let id = id.parse().map_err(|_| bad())?;
    Ok((id, Vector::new(real(x)?, real(y)?, real(z)?)))
}

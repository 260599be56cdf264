//! Reads a MEAM library: one free-flowing entry of 19 words an element.
//!
//! Format: LAMMPS manual, `pair_style meam`, "MEAM library file". `#` starts a comment, quotes and
//! line breaks inside an entry do not count, and of several entries of one name the first holds.

use super::error::{MeamFileError, MeamProblem};
use super::functions::GammaForm;
use super::lattice::{self, Lattice};

/// Names of the words of an entry, in order.
const FIELDS: [&str; 19] = [
    "elt", "lat", "z", "ielement", "atwt", "alpha", "b0", "b1", "b2", "b3", "alat", "esub", "asub",
    "t0", "t1", "t2", "t3", "rozero", "ibar",
];

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LibraryEntry {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) lattice: Lattice,
    pub(super) atomic_number: f64,
    pub(super) mass: f64,
    pub(super) alpha: f64,
    pub(super) beta: [f64; 4],
    pub(super) lattice_constant: f64,
    pub(super) cohesive_energy: f64,
    pub(super) a: f64,
    pub(super) t: [f64; 4],
    pub(super) rho0: f64,
    pub(super) gamma_form: GammaForm,
}

struct Word<'a> {
    text: &'a str,
    line: usize,
    starts_line: bool,
}

/// The entries of `elements`, in that order.
pub(super) fn read<S: AsRef<str>>(
    path: &str,
    text: &str,
    elements: &[S],
) -> Result<Vec<LibraryEntry>, MeamFileError> {
    let words = words(text);
    let entries = entries(path, &words)?;
    elements
        .iter()
        .map(|element| {
            let element = element.as_ref();
            let entry = entries.iter().find(|entry| entry[0].text == element);
            let entry = entry.ok_or_else(|| MeamFileError {
                file: path.to_owned(),
                line: None,
                problem: Box::new(MeamProblem::ElementMissing {
                    element: element.to_owned(),
                    known: known(&entries),
                }),
            })?;
            Reader { path, entry }.entry()
        })
        .collect()
}

fn known(entries: &[&[Word<'_>]]) -> String {
    let mut names: Vec<&str> = entries.iter().map(|entry| entry[0].text).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return "no entries at all".to_owned();
    }
    names.join(", ")
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let content = line.split('#').next().unwrap_or("");
        let separator = |c: char| c.is_whitespace() || c == '\'' || c == '"';
        let parts = content.split(separator).filter(|part| !part.is_empty());
        for (place, text) in parts.enumerate() {
            words.push(Word {
                text,
                line: index + 1,
                starts_line: place == 0,
            });
        }
    }
    words
}

fn entries<'w, 't>(
    path: &str,
    words: &'w [Word<'t>],
) -> Result<Vec<&'w [Word<'t>]>, MeamFileError> {
    let mut entries = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let length = rest.len().min(FIELDS.len());
        let (entry, behind) = rest.split_at(length);
        let spill = behind.iter().take_while(|word| !word.starts_line).count();
        if length < FIELDS.len() || spill > 0 {
            return Err(MeamFileError {
                file: path.to_owned(),
                line: Some(entry[0].line),
                problem: Box::new(MeamProblem::EntryLength {
                    element: entry[0].text.to_owned(),
                    found: length + spill,
                }),
            });
        }
        entries.push(entry);
        rest = behind;
    }
    Ok(entries)
}

struct Reader<'a> {
    path: &'a str,
    entry: &'a [Word<'a>],
}

impl Reader<'_> {
    fn entry(&self) -> Result<LibraryEntry, MeamFileError> {
        let lattice = self.lattice()?;
        let coordination = self.number(2)?;
        if coordination != lattice.first_neighbours() {
            return Err(self.out_of_range(2, "it must be the coordination number of the lattice"));
        }
        let t = [
            self.number(13)?,
            self.number(14)?,
            self.number(15)?,
            self.number(16)?,
        ];
        if t[0] != 1.0 {
            return Err(self.out_of_range(13, "it must be 1: the formalism fixes t0"));
        }
        Ok(LibraryEntry {
            line: self.entry[0].line,
            name: self.entry[0].text.to_owned(),
            lattice,
            atomic_number: self.positive(3)?,
            mass: self.positive(4)?,
            alpha: self.positive(5)?,
            beta: [
                self.number(6)?,
                self.number(7)?,
                self.number(8)?,
                self.number(9)?,
            ],
            lattice_constant: self.positive(10)?,
            cohesive_energy: self.positive(11)?,
            a: self.number(12)?,
            t,
            rho0: self.positive(17)?,
            gamma_form: self.gamma_form()?,
        })
    }

    fn lattice(&self) -> Result<Lattice, MeamFileError> {
        Lattice::from_name(self.entry[1].text)
            .filter(|lattice| Lattice::ELEMENTS.contains(lattice))
            .ok_or_else(|| self.unsupported(1, lattice::names(&Lattice::ELEMENTS)))
    }

    fn gamma_form(&self) -> Result<GammaForm, MeamFileError> {
        GammaForm::from_ibar(self.entry[18].text)
            .ok_or_else(|| self.unsupported(18, GammaForm::SUPPORTED.to_owned()))
    }

    fn number(&self, field: usize) -> Result<f64, MeamFileError> {
        let word = &self.entry[field];
        match word.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.error(
                field,
                MeamProblem::NotANumber {
                    name: self.name(field),
                    found: word.text.to_owned(),
                },
            )),
        }
    }

    fn positive(&self, field: usize) -> Result<f64, MeamFileError> {
        let value = self.number(field)?;
        if value > 0.0 {
            Ok(value)
        } else {
            Err(self.out_of_range(field, "it must be positive"))
        }
    }

    fn name(&self, field: usize) -> String {
        format!("{} of {}", FIELDS[field], self.entry[0].text)
    }

    fn error(&self, field: usize, problem: MeamProblem) -> MeamFileError {
        MeamFileError {
            file: self.path.to_owned(),
            line: Some(self.entry[field].line),
            problem: Box::new(problem),
        }
    }

    fn out_of_range(&self, field: usize, need: &'static str) -> MeamFileError {
        let found = self.entry[field].text.parse().unwrap_or(f64::NAN);
        let name = self.name(field);
        self.error(field, MeamProblem::OutOfRange { name, found, need })
    }

    fn unsupported(&self, field: usize, supported: String) -> MeamFileError {
        self.error(
            field,
            MeamProblem::Unsupported {
                name: self.name(field),
                found: self.entry[field].text.to_owned(),
                supported,
            },
        )
    }
}

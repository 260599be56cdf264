//! Reads a MEAM parameter file: lines `keyword(i,j) = value` about elements given by number.
//!
//! Format: LAMMPS manual, `pair_style meam`, "MEAM parameter file". `#` starts a comment; the last
//! of several settings of one thing holds.

use super::error::{MeamFileError, MeamProblem};

/// The keywords, and how many elements each is about.
const KEYWORDS: [(&str, usize); 22] = [
    ("Ec", 2),
    ("re", 2),
    ("alpha", 2),
    ("delta", 2),
    ("lattce", 2),
    ("attrac", 2),
    ("repuls", 2),
    ("nn2", 2),
    ("zbl", 2),
    ("theta", 2),
    ("Cmin", 3),
    ("Cmax", 3),
    ("rho0", 1),
    ("rc", 0),
    ("delr", 0),
    ("augt1", 0),
    ("gsmooth_factor", 0),
    ("ialloy", 0),
    ("mixture_ref_t", 0),
    ("erose_form", 0),
    ("emb_lin_neg", 0),
    ("bkgd_dyn", 0),
];

/// One line of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Setting {
    pub(super) line: usize,
    pub(super) keyword: &'static str,
    /// Elements it is about, counted from 0.
    pub(super) indices: Vec<usize>,
    pub(super) text: String,
}

impl Setting {
    pub(super) fn name(&self) -> String {
        name(self.keyword, &self.indices)
    }
}

/// A setting's name as it stands in a file.
pub(super) fn name(keyword: &str, indices: &[usize]) -> String {
    if indices.is_empty() {
        return keyword.to_owned();
    }
    let numbers: Vec<String> = indices.iter().map(|k| (k + 1).to_string()).collect();
    format!("{keyword}({})", numbers.join(","))
}

/// All settings of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    pub(super) file: String,
    pub(super) list: Vec<Setting>,
}

impl Settings {
    /// Reads a file about `elements` elements.
    pub(super) fn read(file: &str, text: &str, elements: usize) -> Result<Self, MeamFileError> {
        let mut list = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let content = line.split('#').next().unwrap_or("").trim();
            if !content.is_empty() {
                let setting = setting(content, index + 1, elements);
                list.push(setting.map_err(|problem| MeamFileError {
                    file: file.to_owned(),
                    line: Some(index + 1),
                    problem: Box::new(problem),
                })?);
            }
        }
        Ok(Self {
            file: file.to_owned(),
            list,
        })
    }

    /// The setting that holds for a keyword and elements.
    pub(super) fn find(&self, keyword: &str, indices: &[usize]) -> Option<&Setting> {
        self.list
            .iter()
            .rev()
            .find(|setting| setting.keyword == keyword && setting.indices == indices)
    }

    /// A number; `None` if it is not set.
    pub(super) fn number(
        &self,
        keyword: &str,
        indices: &[usize],
    ) -> Result<Option<f64>, MeamFileError> {
        let Some(setting) = self.find(keyword, indices) else {
            return Ok(None);
        };
        match setting.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.error(
                setting,
                MeamProblem::NotANumber {
                    name: setting.name(),
                    found: setting.text.clone(),
                },
            )),
        }
    }

    /// One of a few values; `None` if it is not set.
    pub(super) fn choice<T: Copy>(
        &self,
        keyword: &str,
        indices: &[usize],
        choices: &[(&str, T)],
    ) -> Result<Option<T>, MeamFileError> {
        let Some(setting) = self.find(keyword, indices) else {
            return Ok(None);
        };
        match choices.iter().find(|(text, _)| *text == setting.text) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let texts: Vec<&str> = choices.iter().map(|(text, _)| *text).collect();
                Err(self.unsupported(setting, texts.join(", ")))
            }
        }
    }

    pub(super) fn unsupported(&self, setting: &Setting, supported: String) -> MeamFileError {
        self.error(
            setting,
            MeamProblem::Unsupported {
                name: setting.name(),
                found: setting.text.clone(),
                supported,
            },
        )
    }

    pub(super) fn error(&self, setting: &Setting, problem: MeamProblem) -> MeamFileError {
        MeamFileError {
            file: self.file.clone(),
            line: Some(setting.line),
            problem: Box::new(problem),
        }
    }

    /// An error about a keyword, at its line if it is set.
    pub(super) fn error_about(
        &self,
        keyword: &str,
        indices: &[usize],
        problem: MeamProblem,
    ) -> MeamFileError {
        MeamFileError {
            file: self.file.clone(),
            line: self.find(keyword, indices).map(|setting| setting.line),
            problem: Box::new(problem),
        }
    }
}

fn setting(content: &str, line: usize, elements: usize) -> Result<Setting, MeamProblem> {
    let not_a_setting = || MeamProblem::NotASetting {
        found: content.to_owned(),
    };
    let (left, right) = content.split_once('=').ok_or_else(not_a_setting)?;
    let text = right.trim().trim_matches(['\'', '"']).trim();
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(not_a_setting());
    }
    let left = left.trim();
    let (word, inside) = match left.split_once('(') {
        Some((word, rest)) => {
            let inside = rest.strip_suffix(')').ok_or_else(not_a_setting)?;
            (word.trim(), Some(inside))
        }
        None => (left, None),
    };
    let (keyword, wanted) = keyword(word)?;
    let parts: Vec<&str> = inside.map_or(Vec::new(), |inside| inside.split(',').collect());
    if parts.len() != wanted {
        return Err(MeamProblem::IndexCount {
            keyword,
            wanted,
            found: parts.len(),
        });
    }
    let indices = parts
        .iter()
        .map(|part| index(keyword, part.trim(), elements))
        .collect::<Result<_, _>>()?;
    Ok(Setting {
        line,
        keyword,
        indices,
        text: text.to_owned(),
    })
}

fn keyword(word: &str) -> Result<(&'static str, usize), MeamProblem> {
    if let Some(known) = KEYWORDS.iter().find(|(known, _)| *known == word) {
        return Ok(*known);
    }
    let likely = KEYWORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word));
    let hint = match likely {
        Some((known, _)) => format!("did you mean {known}?"),
        None => {
            let names: Vec<&str> = KEYWORDS.iter().map(|(known, _)| *known).collect();
            format!("known: {}", names.join(", "))
        }
    };
    Err(MeamProblem::UnknownKeyword {
        keyword: word.to_owned(),
        hint,
    })
}

fn index(keyword: &'static str, text: &str, elements: usize) -> Result<usize, MeamProblem> {
    match text.parse::<usize>() {
        Ok(number) if (1..=elements).contains(&number) => Ok(number - 1),
        _ => Err(MeamProblem::IndexRange {
            keyword,
            found: text.to_owned(),
            elements,
        }),
    }
}

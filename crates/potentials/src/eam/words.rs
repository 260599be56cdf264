//! Lines and words of a potential file, with their places.

use super::error::{EamFileError, EamProblem};

/// The words of a text from some place on.
///
/// Nothing is copied: a reader asks for what it expects, and memory is only spent on numbers that
/// the file is known to hold.
#[derive(Clone)]
pub(super) struct Words<'a> {
    file: &'a str,
    /// Number of the line in which `line` stands, from one.
    number: usize,
    /// What is left of the present line.
    line: &'a str,
    /// The lines after it.
    rest: &'a str,
}

impl<'a> Words<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            number: 0,
            line: "",
            rest: text,
        }
    }

    /// The next whole line; the present one must have been read to its end.
    pub(super) fn line(&mut self, wanted: &str) -> Result<&'a str, EamFileError> {
        if let Some(word) = self.line.split_whitespace().next() {
            return Err(self.error(EamProblem::LeftOver {
                found: shortened(word),
                wanted: wanted.to_owned(),
            }));
        }
        if self.advance() {
            Ok(std::mem::take(&mut self.line))
        } else {
            Err(self.error(EamProblem::Ended {
                wanted: wanted.to_owned(),
            }))
        }
    }

    /// The next line that is not blank.
    pub(super) fn filled_line(&mut self, wanted: &str) -> Result<&'a str, EamFileError> {
        loop {
            let line = self.line(wanted)?;
            if !line.trim().is_empty() {
                return Ok(line);
            }
        }
    }

    /// The next numbers, over as many lines as they take.
    pub(super) fn numbers(&mut self, count: usize, wanted: &str) -> Result<Vec<f64>, EamFileError> {
        let mut numbers = Vec::with_capacity(count);
        while numbers.len() < count {
            let word = self.word(wanted)?;
            numbers.push(self.parse_number(word, wanted)?);
        }
        Ok(numbers)
    }

    /// The next word, on this line or a later one.
    fn word(&mut self, wanted: &str) -> Result<&'a str, EamFileError> {
        loop {
            let line = self.line.trim_start();
            if !line.is_empty() {
                let end = line.find(char::is_whitespace).unwrap_or(line.len());
                let (word, rest) = line.split_at(end);
                self.line = rest;
                return Ok(word);
            }
            if !self.advance() {
                return Err(self.error(EamProblem::Ended {
                    wanted: wanted.to_owned(),
                }));
            }
        }
    }

    fn advance(&mut self) -> bool {
        if self.rest.is_empty() {
            return false;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.line = line;
        self.rest = rest;
        self.number += 1;
        true
    }

    /// How many words are left.
    pub(super) fn count(&self) -> usize {
        self.line.split_whitespace().count() + self.rest.split_whitespace().count()
    }

    /// The place of the next word, to be told in an error.
    pub(super) fn error(&self, problem: EamProblem) -> EamFileError {
        EamFileError {
            file: self.file.to_owned(),
            line: self.number,
            problem: Box::new(problem),
        }
    }

    /// Refuses a file that goes on.
    pub(super) fn end(&mut self, hint: &'static str) -> Result<(), EamFileError> {
        let left = self.count();
        if left == 0 {
            return Ok(());
        }
        let word = self.word("the end")?;
        Err(self.error(EamProblem::TooMany {
            found: shortened(word),
            left,
            hint,
        }))
    }

    /// A finite number; Fortran's `D` stands for `E`.
    pub(super) fn parse_number(&self, word: &str, wanted: &str) -> Result<f64, EamFileError> {
        let parsed = word
            .parse()
            .or_else(|_| word.replace(['d', 'D'], "e").parse());
        match parsed {
            Ok(number) if f64::is_finite(number) => Ok(number),
            _ => Err(self.error(EamProblem::NotANumber {
                found: shortened(word),
                wanted: wanted.to_owned(),
            })),
        }
    }

    /// A whole number that is not negative.
    pub(super) fn parse_count(&self, word: &str, wanted: &str) -> Result<usize, EamFileError> {
        word.parse().map_err(|_| {
            self.error(EamProblem::NotANumber {
                found: shortened(word),
                wanted: wanted.to_owned(),
            })
        })
    }
}

/// A word as it may stand in a message.
pub(super) fn shortened(word: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = word.chars().take(LONGEST).collect();
    if word.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

//! From text to number, unit and dimension.

use std::ops::Range;

use crate::dimension::Dimension;
use crate::error::{QuantityError, QuantityErrorKind};
use crate::scale::Scale;
use crate::unit;

/// Largest exponent of a unit. Physics needs 6; the bound keeps the sums of exponents small.
const MAX_EXPONENT: i32 = 9;
/// Most units in one compound unit.
const MAX_FACTORS: usize = 16;

/// A unit expression, read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ParsedUnit {
    pub(crate) scale: Scale,
    pub(crate) dimension: Dimension,
    /// Zero of an affine scale [K].
    pub(crate) zero: f64,
}

/// A quantity of any dimension.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) number: f64,
    /// `None` for a bare number.
    pub(crate) unit: Option<ParsedUnit>,
}

/// Reads a number and a unit; `expected` names the wanted kind for messages.
pub(crate) fn quantity(text: &str, expected: &str) -> Result<Parsed, QuantityError> {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let whole = start..start + trimmed.len();
    let fail = |kind| {
        Err(QuantityError {
            kind,
            span: whole.clone(),
        })
    };
    if trimmed.is_empty() {
        return fail(QuantityErrorKind::Empty {
            expected: expected.to_owned(),
        });
    }
    let number_length = number_length(trimmed);
    if number_length == 0 {
        let (expected, found) = (expected.to_owned(), trimmed.to_owned());
        return fail(QuantityErrorKind::NoNumber { expected, found });
    }
    let (digits, rest) = trimmed.split_at(number_length);
    if rest.starts_with(',') {
        return fail(QuantityErrorKind::Comma {
            found: trimmed.to_owned(),
        });
    }
    let Some(number) = finite_number(digits) else {
        return fail(QuantityErrorKind::OutOfRange {
            found: trimmed.to_owned(),
        });
    };
    let unit_text = rest.trim_start();
    if unit_text.is_empty() {
        return Ok(Parsed { number, unit: None });
    }
    let offset = whole.end - unit_text.len();
    let parsed = unit(unit_text).map_err(|error| QuantityError {
        span: error.span.start + offset..error.span.end + offset,
        ..error
    })?;
    Ok(Parsed {
        number,
        unit: Some(parsed),
    })
}

/// Length of the decimal number at the start of `text`; an `e` belongs to it only if digits follow.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let sign = |at: usize| at + usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let start = sign(0);
    let integer_end = digits(start);
    let mut end = integer_end;
    let mut digit_count = integer_end - start;
    if bytes.get(end) == Some(&b'.') {
        let fraction_end = digits(end + 1);
        digit_count += fraction_end - end - 1;
        end = fraction_end;
    }
    if digit_count == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent_start = sign(end + 1);
        let exponent_end = digits(exponent_start);
        if exponent_end > exponent_start {
            end = exponent_end;
        }
    }
    end
}

/// The number, unless it overflows or a number that is not zero underflows to zero.
fn finite_number(digits: &str) -> Option<f64> {
    let number: f64 = digits.parse().ok()?;
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let is_written_as_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    (number.is_finite() && (number != 0.0 || is_written_as_zero)).then_some(number)
}

/// Reads a unit expression such as `eV/Å^2`.
pub(crate) fn unit(text: &str) -> Result<ParsedUnit, QuantityError> {
    let mut reader = UnitReader { text, at: 0 };
    let mut result = ParsedUnit {
        scale: Scale::ONE,
        dimension: Dimension::NONE,
        zero: 0.0,
    };
    let mut divided = false;
    let mut factors = 0;
    let mut celsius = None;
    reader.skip_spaces();
    if reader.peek() == Some('/') {
        // `/ps` is `1/ps`.
        reader.next();
        divided = true;
    }
    loop {
        reader.skip_spaces();
        let (factor, span) = reader.factor()?;
        factors += 1;
        if factors > MAX_FACTORS {
            return Err(reader.malformed("it has too many factors"));
        }
        let exponent = if divided {
            -factor.exponent
        } else {
            factor.exponent
        };
        if let Some(unit) = factor.unit {
            result.scale = result.scale.times(unit.scale.power(exponent));
            result.dimension = result
                .dimension
                .times(unit.dimension.power(exponent as i16));
            if let Some(zero) = unit.zero {
                celsius = Some((exponent, span));
                result.zero = zero;
            }
        }
        reader.skip_spaces();
        match reader.next() {
            None => break,
            Some('/') => divided = true,
            Some('*' | '·' | '⋅' | '×') if divided => {
                return Err(reader.malformed(
                    "a `*` after a `/` is ambiguous; put every multiplied unit before the first `/`",
                ));
            }
            Some('*' | '·' | '⋅' | '×') => {}
            Some(_) => {
                return Err(reader.malformed("units are joined with `*`, `·` or `/`"));
            }
        }
    }
    match celsius {
        Some((exponent, span)) if exponent != 1 || factors != 1 => Err(QuantityError {
            kind: QuantityErrorKind::CompoundCelsius,
            span,
        }),
        _ => Ok(result),
    }
}

struct Factor {
    /// `None` for the literal 1.
    unit: Option<unit::Unit>,
    exponent: i32,
}

struct UnitReader<'a> {
    text: &'a str,
    at: usize,
}

impl UnitReader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.next();
        }
        &self.text[start..self.at]
    }

    fn malformed(&self, reason: &'static str) -> QuantityError {
        let kind = QuantityErrorKind::Malformed {
            found: self.text.to_owned(),
            reason,
        };
        QuantityError {
            kind,
            span: 0..self.text.len(),
        }
    }

    fn factor(&mut self) -> Result<(Factor, Range<usize>), QuantityError> {
        let start = self.at;
        if self.peek() == Some('1') {
            self.next();
            let only_one = !self
                .peek()
                .is_some_and(|next| next.is_alphanumeric() || next == '.');
            return match only_one {
                true => Ok((
                    Factor {
                        unit: None,
                        exponent: 1,
                    },
                    start..self.at,
                )),
                false => Err(self.malformed("only the number 1 may stand in a unit, as in `1/ps`")),
            };
        }
        let symbol = self.take_while(belongs_to_symbol).to_owned();
        if symbol.is_empty() {
            return Err(match self.peek() {
                None => self.malformed("a unit is missing at its end"),
                Some('0'..='9') => {
                    self.malformed("only the number 1 may stand in a unit, as in `1/ps`")
                }
                Some('(' | ')') => self.malformed("parentheses are not needed; write `eV/Å/ps`"),
                Some(_) => self.malformed("a unit was expected here"),
            });
        }
        let span = start..self.at;
        let Some(unit) = unit::find(&symbol) else {
            let suggestions = unit::suggestions(&symbol);
            return Err(QuantityError {
                kind: QuantityErrorKind::UnknownUnit {
                    symbol,
                    suggestions,
                },
                span,
            });
        };
        let exponent = self.exponent()?;
        Ok((
            Factor {
                unit: Some(unit),
                exponent,
            },
            span,
        ))
    }

    /// `^-2`, `²`, a plain digit, or nothing (1).
    fn exponent(&mut self) -> Result<i32, QuantityError> {
        let is_marked = self.peek() == Some('^');
        if is_marked {
            self.next();
        }
        let mut sign = 1;
        if matches!(self.peek(), Some('⁻')) || (is_marked && matches!(self.peek(), Some('-' | '−')))
        {
            self.next();
            sign = -1;
        }
        let digits: String = self
            .take_while(|c| superscript(c).is_some())
            .chars()
            .filter_map(superscript)
            .collect();
        if digits.is_empty() {
            return if is_marked || sign < 0 {
                Err(self.malformed("a whole number must follow `^`, as in `Å^2` or `ps^-1`"))
            } else {
                Ok(1)
            };
        }
        match digits.parse::<i32>() {
            Ok(exponent @ 1..=MAX_EXPONENT) => Ok(sign * exponent),
            _ => Err(self.malformed("an exponent must lie between 1 and 9, or -9 and -1")),
        }
    }
}

fn belongs_to_symbol(character: char) -> bool {
    // Superscript digits are "numeric", the combining ring of Å is no letter.
    character.is_alphabetic() && superscript(character).is_none()
        || matches!(character, '°' | '℃' | '\u{30a}' | 'µ' | '%' | '_')
}

fn superscript(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '⁰' => Some('0'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁴'..='⁹' => char::from_digit(character as u32 - '⁰' as u32, 10),
        _ => None,
    }
}

/// Whether a unit is the degree Celsius, which only a whole temperature may have.
pub(crate) fn is_affine(unit: &ParsedUnit) -> bool {
    unit.zero != 0.0
}

//! The second line of a frame: `key=value` pairs.

use crate::frame::{FrameError, Value};
use crate::numbers::{push_integer, push_real};

/// A key with its value as it stands in the file, quotes and brackets taken off.
#[derive(Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) form: Form,
}

/// How a value stands in the file.
#[derive(Debug, PartialEq, Clone, Copy)]
pub(super) enum Form {
    /// A single word.
    Bare,
    /// In double quotes.
    Quoted,
    /// In braces or brackets.
    Array,
    /// A key alone, which says that something is true.
    Flag,
}

impl Pair {
    /// The words of a value: separated by blanks, in arrays also by commas and brackets.
    pub(super) fn words(&self) -> Vec<&str> {
        let separates = |c: char| match self.form {
            Form::Array => c.is_whitespace() || "[]{},".contains(c),
            _ => c.is_whitespace(),
        };
        let words = self.text.split(separates);
        words.filter(|word| !word.is_empty()).collect()
    }

    /// The value: numbers and logicals where all words are such, else text.
    pub(super) fn value(&self) -> Value {
        let text = || Value::Text(self.text.clone());
        match self.form {
            Form::Flag => Value::Logical(true),
            Form::Bare => Value::from_word(&self.text),
            Form::Array => Value::from_words(&self.words()).unwrap_or_else(text),
            Form::Quoted => match self.words()[..] {
                [] => text(),
                [word] if word == self.text => Value::from_word(word),
                ref words => Value::from_words(words).unwrap_or_else(text),
            },
        }
    }
}

/// Takes the line apart; the error is what was found and what was expected.
pub(super) fn parse(line: &str) -> Result<Vec<Pair>, (String, &'static str)> {
    let mut pairs = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (key, after) = take_key(rest)?;
        let value = after.trim_start().strip_prefix('=');
        let (text, form, after) = match value {
            Some(value) => take_value(value.trim_start())?,
            None => (String::new(), Form::Flag, after),
        };
        pairs.push(Pair { key, text, form });
        rest = after.trim_start();
    }
    Ok(pairs)
}

fn take_key(rest: &str) -> Result<(String, &str), (String, &'static str)> {
    if let Some(quoted) = rest.strip_prefix('"') {
        return take_quoted(quoted);
    }
    let end = rest
        .find(|c: char| c == '=' || c.is_whitespace())
        .unwrap_or(rest.len());
    match end {
        0 => Err((rest.to_owned(), "a key before `=`")),
        _ => Ok((rest[..end].to_owned(), &rest[end..])),
    }
}

fn take_value(rest: &str) -> Result<(String, Form, &str), (String, &'static str)> {
    match rest.chars().next() {
        Some('"') => take_quoted(&rest[1..]).map(|(text, rest)| (text, Form::Quoted, rest)),
        Some(open @ ('[' | '{')) => take_array(rest, open),
        Some(c) if !c.is_whitespace() => {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            Ok((rest[..end].to_owned(), Form::Bare, &rest[end..]))
        }
        _ => Err((rest.to_owned(), "a value after `=`")),
    }
}

/// The text up to the closing quote; `\"`, `\\` and `\n` stand for quote, backslash, line end.
fn take_quoted(rest: &str) -> Result<(String, &str), (String, &'static str)> {
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((text, &rest[at + 1..])),
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, escaped)) => text.push(escaped),
                None => break,
            },
            _ => text.push(c),
        }
    }
    Err((format!("\"{rest}"), "a closing quote"))
}

/// The text up to the bracket that closes the first; inner brackets stay in it.
fn take_array(rest: &str, open: char) -> Result<(String, Form, &str), (String, &'static str)> {
    let close = if open == '[' { ']' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Ok((rest[1..at].to_owned(), Form::Array, &rest[at + 1..]));
            }
        }
    }
    Err((rest.to_owned(), "a closing bracket"))
}

/// Adds ` key=value` to the line, the key in quotes if need be, as ASE does.
pub(super) fn push_pair(line: &mut String, key: &str, value: &Value) -> Result<(), FrameError> {
    if key.is_empty() || key.contains(char::is_control) {
        return Err(FrameError::BadName {
            what: "attribute",
            name: key.to_owned(),
        });
    }
    line.push(' ');
    push_text(line, key);
    line.push('=');
    match value {
        Value::Integer(value) => push_integer(line, value),
        Value::Real(value) => push_real(line, *value),
        Value::Logical(value) => line.push(letter(*value)),
        Value::Text(text) => push_text(line, text),
        Value::Integers(values) => {
            push_array(line, values, |line, value| push_integer(line, value))
        }
        Value::Reals(values) => push_array(line, values, |line, value| push_real(line, *value)),
        Value::Logicals(values) => {
            push_array(line, values, |line, value| line.push(letter(*value)))
        }
    }
    Ok(())
}

/// The letter for a logical.
pub(super) fn letter(value: bool) -> char {
    if value { 'T' } else { 'F' }
}

fn push_text(line: &mut String, text: &str) {
    let plain = |c: char| c.is_alphanumeric() || "_-+.:/".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        line.push_str(text);
        return;
    }
    line.push('"');
    for c in text.chars() {
        match c {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            _ => line.push(c),
        }
    }
    line.push('"');
}

/// Several values in quotes, as OVITO and ASE read them; one or none in brackets, since quotes
/// around one value make it a scalar.
fn push_array<T>(line: &mut String, values: &[T], push: impl Fn(&mut String, &T)) {
    let (open, close) = if values.len() > 1 {
        ('"', '"')
    } else {
        ('[', ']')
    };
    line.push(open);
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            line.push(' ');
        }
        push(line, value);
    }
    line.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(line: &str) -> Vec<(String, Value)> {
        let pairs = parse(line).unwrap();
        pairs
            .iter()
            .map(|pair| (pair.key.clone(), pair.value()))
            .collect()
    }

    #[test]
    fn all_forms_of_values_are_read() {
        let found = values(
            r#"a=1 b=-1.5e3 c=T d=word e="two words" f="1 2 3" g="1 2.5" h={1 2 3} i=[[1,2],[3,4]] j="T F" k l="a \"b\"" m = 4 n="""#,
        );
        let expected: Vec<(&str, Value)> = vec![
            ("a", 1_i64.into()),
            ("b", (-1500.0).into()),
            ("c", true.into()),
            ("d", "word".into()),
            ("e", "two words".into()),
            ("f", Value::Integers(vec![1, 2, 3])),
            ("g", Value::Reals(vec![1.0, 2.5])),
            ("h", Value::Integers(vec![1, 2, 3])),
            ("i", Value::Integers(vec![1, 2, 3, 4])),
            ("j", Value::Logicals(vec![true, false])),
            ("k", true.into()),
            ("l", "a \"b\"".into()),
            ("m", 4_i64.into()),
            ("n", "".into()),
        ];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn open_quotes_and_brackets_are_errors() {
        for line in ["a=\"1 2", "a=[1, 2", "a={1", "=3", "a=", "a=\"\\"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}

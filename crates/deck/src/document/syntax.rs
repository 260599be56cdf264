//! From text to tree; what is wrong with the TOML itself.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use miette::Severity;
use toml::de::{DeTable, DeValue};

use super::tree::{Convert, Entries, Node};
use crate::error::{DeckError, DeckErrorKind};
use crate::source::Source;

pub(crate) struct Syntax {
    pub(crate) entries: Entries,
    pub(crate) errors: Vec<DeckError>,
    pub(crate) is_trustworthy: bool,
}

/// Parses the deck; the tree holds what could be read in spite of errors.
pub(crate) fn parse(source: &Arc<Source>) -> Syntax {
    let text = source.text();
    let (table, found) = DeTable::parse_recoverable(text);
    let entries = Convert {
        text,
        source: 0,
        shift: 0,
    }
    .table(table.get_ref());
    let mut errors: Vec<DeckError> = Vec::new();
    let mut lines = HashSet::new();
    let mut is_trustworthy = true;
    for error in found {
        let range = error.span().unwrap_or(0..0);
        // One slip makes the parser stumble several times on the same line.
        if !lines.insert(source.line(range.start)) {
            continue;
        }
        let explained = explain(text, error.message(), &range);
        is_trustworthy &= explained.is_local;
        errors.push(DeckError {
            kind: DeckErrorKind::Syntax,
            message: explained.message,
            label: explained.label,
            help: Some(explained.help),
            place: Some((source.clone(), range)),
            also: None,
            severity: Severity::Error,
        });
    }
    Syntax {
        entries,
        errors,
        is_trustworthy,
    }
}

struct Explained {
    message: String,
    label: String,
    help: String,
    /// Whether everything outside this value was read as meant.
    is_local: bool,
}

fn explain(text: &str, message: &str, range: &Range<usize>) -> Explained {
    let found = text.get(range.clone()).unwrap_or("").trim();
    if message.starts_with("duplicate key") {
        return Explained {
            message: format!("`{found}` is given twice in one table"),
            label: "given a second time here".to_owned(),
            help: "remove one of the two".to_owned(),
            is_local: true,
        };
    }
    let is_bare_value = message.starts_with("string values must be quoted")
        || message.starts_with("invalid boolean")
        || message.starts_with("invalid nan")
        || message.starts_with("invalid inf");
    if is_bare_value && !found.is_empty() && !found.contains('\n') {
        return Explained {
            message: format!("`{found}` needs quotes"),
            label: "a text or a quantity stands in quotes".to_owned(),
            help: format!("write `\"{found}\"`"),
            is_local: true,
        };
    }
    let help = if message.contains("basic string") || message.contains("literal string") {
        "close the text with the quote it began with, on the same line"
    } else if message.contains("table") {
        "a table begins with its name in brackets on a line of its own, such as `[structure.pair]`"
    } else if message.contains("array") {
        "a list is written `[1, 2, 3]`"
    } else if message.contains("key") {
        "every line is `key = value`, `[table]` or a `# comment`"
    } else {
        "the deck is written in TOML; https://toml.io shows its whole grammar on one page"
    };
    Explained {
        message: format!("this is not TOML: {message}"),
        label: "the reader stumbled here".to_owned(),
        help: help.to_owned(),
        is_local: false,
    }
}

/// Reads one TOML value that stands in `text[range]` of a source; `None` if it is none.
pub(crate) fn parse_value(text: &str, range: Range<usize>, source: usize) -> Option<Node> {
    let piece = text.get(range.clone())?;
    let value = DeValue::parse(piece).ok()?;
    Some(
        Convert {
            text: piece,
            source,
            shift: range.start,
        }
        .node(&value),
    )
}

/// Reads a value that the definition of the language itself contains, such as a default.
pub(crate) fn parse_literal(literal: &str) -> Option<Node> {
    parse_value(literal, 0..literal.len(), 0)
}

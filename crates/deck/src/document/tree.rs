//! The tree of values.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// A piece of one of the document's sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// 0 for the deck, then the overrides.
    pub(crate) source: usize,
    pub(crate) range: Range<usize>,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// Of a table: its header, or its braces.
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text {
        text: String,
        /// Where the text begins in the source, if it stands there as it is, without escapes.
        verbatim: Option<usize>,
    },
    /// Integers too large for 128 bits are saturated: no key takes one nearly as large.
    Integer(i128),
    Float(f64),
    Boolean(bool),
    Datetime(String),
    Array(Vec<Node>),
    Table(Entries),
}

impl Value {
    /// "the text `fcc`", "a table".
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text { text, .. } => format!("the text \"{}\"", shorten(text)),
            Self::Integer(value) => format!("the integer {value}"),
            Self::Float(value) => format!("the number {value}"),
            Self::Boolean(value) => format!("{value}"),
            Self::Datetime(value) => format!("the date {value}"),
            Self::Array(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

impl Node {
    pub(crate) fn as_table(&self) -> Option<&Entries> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }
}

/// A key, where it stands, and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) node: Node,
}

/// The entries of a table, in the order of the text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries(Vec<Entry>);

impl Entries {
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.0.iter_mut().find(|entry| entry.key == key)
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.0.push(entry);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }
}

/// The element that `segment` names: its number from 0, or the text of its key `name`.
pub(crate) fn element<'a>(elements: &'a [Node], segment: &str) -> Option<(usize, &'a Node)> {
    let index = match segment.parse::<usize>() {
        Ok(index) => index,
        Err(_) => elements
            .iter()
            .position(|node| name_of(node) == Some(segment))?,
    };
    Some((index, elements.get(index)?))
}

/// The key `name` of a table.
pub(crate) fn name_of(node: &Node) -> Option<&str> {
    match &node.as_table()?.get("name")?.node.value {
        Value::Text { text, .. } => Some(text),
        _ => None,
    }
}

/// Converts what toml parsed; offsets are shifted by `shift`, `text` is what was parsed.
pub(crate) struct Convert<'a> {
    pub(crate) text: &'a str,
    pub(crate) source: usize,
    pub(crate) shift: usize,
}

impl Convert<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        let range = range.start + self.shift..range.end + self.shift;
        Span {
            source: self.source,
            range,
        }
    }

    pub(crate) fn table(&self, table: &DeTable<'_>) -> Entries {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(key.span()),
                node: self.node(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.range.start);
        Entries(entries)
    }

    fn array(&self, array: &DeArray<'_>) -> Vec<Node> {
        array.iter().map(|value| self.node(value)).collect()
    }

    pub(crate) fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let range = value.span();
        let converted = match value.get_ref() {
            DeValue::String(text) => {
                let written = self.text.get(range.clone()).unwrap_or("");
                let quoted = written.len() == text.len() + 2
                    && written.get(1..written.len() - 1) == Some(text.as_ref());
                let verbatim = quoted.then_some(range.start + self.shift + 1);
                Value::Text {
                    text: text.to_string(),
                    verbatim,
                }
            }
            DeValue::Integer(integer) => {
                let value = i128::from_str_radix(integer.as_str(), integer.radix());
                let saturated = if integer.as_str().starts_with('-') {
                    i128::MIN
                } else {
                    i128::MAX
                };
                Value::Integer(value.unwrap_or(saturated))
            }
            DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(value) => Value::Datetime(value.to_string()),
            DeValue::Array(array) => Value::Array(self.array(array)),
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node {
            value: converted,
            span: self.span(range),
        }
    }
}

//! The forms of values: how they are read, described and written.

use std::marker::PhantomData;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;

use frit_units::{Kind, Quantity, QuantityErrorKind};

use crate::document::{Node, Value};
use crate::error::DeckErrorKind;
use crate::suggest;

/// Why a value does not have the form asked for.
pub(crate) struct Complaint {
    pub(crate) kind: DeckErrorKind,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    /// The offending part in the value's source; `None` for the whole value.
    pub(crate) range: Option<Range<usize>>,
}

impl Complaint {
    pub(crate) fn new(
        kind: DeckErrorKind,
        message: String,
        help: impl Into<Option<String>>,
    ) -> Self {
        Self {
            kind,
            message,
            label: String::new(),
            help: help.into(),
            range: None,
        }
    }
}

/// A kind of value that a key can take.
pub(crate) trait Form {
    /// The value, once read.
    type Value;

    /// What it takes, for the reference: "length > 0".
    fn takes(&self) -> String;

    /// Reads a value, or says everything that is wrong with it.
    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Self::Value>;

    /// The value as TOML.
    fn write(&self, value: &Self::Value) -> String;
}

fn wrong_type(node: &Node, expected: &str, help: impl Into<Option<String>>) -> Complaint {
    let message = format!("expected {expected}; found {}", node.value.describe());
    Complaint::new(DeckErrorKind::WrongType, message, help)
}

/// A text as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Any text.
pub(crate) struct Text;

impl Form for Text {
    type Value = String;

    fn takes(&self) -> String {
        "text".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<String> {
        match &node.value {
            Value::Text { text, .. } => Some(text.clone()),
            _ => {
                complaints.push(wrong_type(node, "a text in quotes", None));
                None
            }
        }
    }

    fn write(&self, value: &String) -> String {
        quoted(value)
    }
}

/// A name that also serves in paths and file names.
pub(crate) struct Name;

impl Name {
    /// Checks a name, wherever it stands.
    pub(crate) fn check(name: &str, complaints: &mut Vec<Complaint>) -> bool {
        let is_plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let has_letter = name.chars().any(|c| c.is_ascii_alphabetic());
        if is_plain && has_letter {
            return true;
        }
        complaints.push(Complaint::new(
            DeckErrorKind::OutOfRange,
            format!("\"{name}\" cannot be a name"),
            "a name has letters a-z, digits, `-` and `_`, and at least one letter".to_owned(),
        ));
        false
    }
}

impl Form for Name {
    type Value = String;

    fn takes(&self) -> String {
        "name".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<String> {
        let name = Text.read(node, complaints)?;
        Self::check(&name, complaints).then_some(name)
    }

    fn write(&self, value: &String) -> String {
        quoted(value)
    }
}

/// A path relative to the deck's folder.
pub(crate) struct FilePath;

impl Form for FilePath {
    type Value = PathBuf;

    fn takes(&self) -> String {
        "path, relative to the deck's folder".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<PathBuf> {
        let text = Text.read(node, complaints)?;
        if text.is_empty() {
            let message = "the path is empty".to_owned();
            complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
            return None;
        }
        Some(PathBuf::from(text))
    }

    fn write(&self, value: &PathBuf) -> String {
        quoted(&value.to_string_lossy())
    }
}

/// `true` or `false`.
pub(crate) struct Switch;

impl Form for Switch {
    type Value = bool;

    fn takes(&self) -> String {
        "`true` or `false`".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<bool> {
        match node.value {
            Value::Boolean(value) => Some(value),
            _ => {
                complaints.push(wrong_type(node, "`true` or `false`, without quotes", None));
                None
            }
        }
    }

    fn write(&self, value: &bool) -> String {
        value.to_string()
    }
}

/// A whole number in a range.
pub(crate) struct Integer(pub(crate) RangeInclusive<u64>);

/// Up to here, whole numbers in scientific notation are exact.
const EXACT: f64 = (1_u64 << 53) as f64;

/// Largest whole number that a deck may hold: TOML's own.
pub(crate) const LARGEST: u64 = i64::MAX as u64;

impl Form for Integer {
    type Value = u64;

    fn takes(&self) -> String {
        match (*self.0.start(), *self.0.end()) {
            (start, LARGEST) => format!("integer ≥ {start}"),
            (start, end) => format!("integer, {start} to {end}"),
        }
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<u64> {
        let value = match node.value {
            Value::Integer(value) => value,
            // Scientific notation: 4e8.
            Value::Float(value) if value.fract() == 0.0 && value.abs() <= EXACT => value as i128,
            _ => {
                complaints.push(wrong_type(node, "an integer, without quotes", None));
                return None;
            }
        };
        match u64::try_from(value)
            .ok()
            .filter(|value| self.0.contains(value))
        {
            Some(value) => Some(value),
            None => {
                let bound = if value < i128::from(*self.0.start()) {
                    format!("at least {}", self.0.start())
                } else {
                    format!("at most {}", self.0.end())
                };
                let message = format!("{value} is out of range: it must be {bound}");
                complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
                None
            }
        }
    }

    fn write(&self, value: &u64) -> String {
        value.to_string()
    }
}

/// A pure number from 0 to 1.
pub(crate) struct Fraction;

impl Form for Fraction {
    type Value = f64;

    fn takes(&self) -> String {
        "number, 0 to 1".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<f64> {
        let value = match node.value {
            Value::Float(value) => value,
            Value::Integer(value) => value as f64,
            _ => {
                let help = "a fraction is a pure number, without quotes or percent".to_owned();
                complaints.push(wrong_type(node, "a number between 0 and 1", help));
                return None;
            }
        };
        if (0.0..=1.0).contains(&value) {
            return Some(value + 0.0);
        }
        let help = (1.0..=100.0)
            .contains(&value)
            .then(|| format!("if {value} is in percent, write {}", value / 100.0));
        let message = format!("{value} is out of range: a fraction lies between 0 and 1");
        complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, help));
        None
    }

    fn write(&self, value: &f64) -> String {
        format!("{value:?}")
    }
}

/// A pure number without bounds of its own.
pub(crate) struct Number;

impl Form for Number {
    type Value = f64;

    fn takes(&self) -> String {
        "number".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<f64> {
        let value = match node.value {
            Value::Float(value) => value,
            Value::Integer(value) => value as f64,
            _ => {
                let help = "it has no unit and no quotes".to_owned();
                complaints.push(wrong_type(node, "a number", help));
                return None;
            }
        };
        if value.is_finite() {
            return Some(value + 0.0);
        }
        let message = format!("{value} is out of range: it must be finite");
        complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
        None
    }

    fn write(&self, value: &f64) -> String {
        format!("{value:?}")
    }
}

/// A pure number that is not below zero.
pub(crate) struct NotNegative;

impl Form for NotNegative {
    type Value = f64;

    fn takes(&self) -> String {
        "number ≥ 0".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<f64> {
        let value = Number.read(node, complaints)?;
        if value >= 0.0 {
            return Some(value);
        }
        let message = format!("{value} is out of range: it must not be negative");
        complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
        None
    }

    fn write(&self, value: &f64) -> String {
        Number.write(value)
    }
}

/// A pure number that is larger than zero.
pub(crate) struct PositiveNumber;

impl Form for PositiveNumber {
    type Value = f64;

    fn takes(&self) -> String {
        "number > 0".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<f64> {
        let value = Number.read(node, complaints)?;
        if value > 0.0 {
            return Some(value);
        }
        let message = format!("{value} is out of range: it must be larger than zero");
        complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
        None
    }

    fn write(&self, value: &f64) -> String {
        Number.write(value)
    }
}

/// Any single value, kept as TOML.
pub(crate) struct AnyValue;

impl Form for AnyValue {
    type Value = String;

    fn takes(&self) -> String {
        "text, number or switch".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<String> {
        match &node.value {
            Value::Text { text, .. } => Some(quoted(text)),
            Value::Integer(value) => Some(value.to_string()),
            Value::Float(value) => Some(format!("{value:?}")),
            Value::Boolean(value) => Some(value.to_string()),
            _ => {
                complaints.push(wrong_type(node, "a text, a number or a switch", None));
                None
            }
        }
    }

    fn write(&self, value: &String) -> String {
        value.clone()
    }
}

/// One of some words.
pub(crate) struct Choice<T: 'static>(pub(crate) &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Form for Choice<T> {
    type Value = T;

    fn takes(&self) -> String {
        let words: Vec<String> = self
            .0
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        suggest::list(&words, "or")
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<T> {
        let words: Vec<&str> = self.0.iter().map(|(word, _)| *word).collect();
        let Value::Text { text, .. } = &node.value else {
            complaints.push(wrong_type(node, &self.takes(), None));
            return None;
        };
        if let Some((_, value)) = self.0.iter().find(|(word, _)| word == text) {
            return Some(*value);
        }
        let help = match suggest::nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean \"{word}\"? It takes {}", self.takes()),
            None => format!("it takes {}", self.takes()),
        };
        let message = format!("\"{text}\" is not known here");
        complaints.push(Complaint::new(DeckErrorKind::UnknownValue, message, help));
        None
    }

    fn write(&self, value: &T) -> String {
        let word = self
            .0
            .iter()
            .find(|(_, known)| known == value)
            .map_or("", |(word, _)| *word);
        quoted(word)
    }
}

/// What values a quantity may have.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    Any,
    NotNegative,
    Positive,
}

/// A quantity with its unit, as a text.
pub(crate) struct Measure<K> {
    bound: Bound,
    kind: PhantomData<K>,
}

/// A quantity of any sign.
pub(crate) fn any<K: Kind>() -> Measure<K> {
    Measure {
        bound: Bound::Any,
        kind: PhantomData,
    }
}

/// A quantity that is zero or larger.
pub(crate) fn not_negative<K: Kind>() -> Measure<K> {
    Measure {
        bound: Bound::NotNegative,
        kind: PhantomData,
    }
}

/// A quantity larger than zero.
pub(crate) fn positive<K: Kind>() -> Measure<K> {
    Measure {
        bound: Bound::Positive,
        kind: PhantomData,
    }
}

fn with_unit<K: Kind>(number: &dyn std::fmt::Display) -> String {
    format!(
        "a quantity is a text with a unit, in quotes, such as \"{number} {}\"",
        K::UNIT
    )
}

impl<K: Kind> Form for Measure<K> {
    type Value = Quantity<K>;

    fn takes(&self) -> String {
        let name = K::NAME.trim_start_matches("an ").trim_start_matches("a ");
        match self.bound {
            Bound::Any => name.to_owned(),
            Bound::NotNegative => format!("{name} ≥ 0"),
            Bound::Positive => format!("{name} > 0"),
        }
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Quantity<K>> {
        let Value::Text { text, verbatim } = &node.value else {
            let help = match &node.value {
                Value::Integer(number) => with_unit::<K>(number),
                Value::Float(number) => with_unit::<K>(number),
                _ => "a quantity is a text with a unit, in quotes".to_owned(),
            };
            complaints.push(wrong_type(node, &Quantity::<K>::expected(), help));
            return None;
        };
        let quantity = match text.parse::<Quantity<K>>() {
            Ok(quantity) => quantity,
            Err(error) => {
                complaints.push(Complaint {
                    kind: DeckErrorKind::WrongType,
                    message: error.to_string(),
                    label: String::new(),
                    help: error.help().or_else(|| match &error.kind {
                        QuantityErrorKind::NoUnit { found, .. } => Some(with_unit::<K>(found)),
                        _ => None,
                    }),
                    range: verbatim.and_then(|start| {
                        let range = start + error.span.start..start + error.span.end;
                        (!range.is_empty()).then_some(range)
                    }),
                });
                return None;
            }
        };
        let is_allowed = match self.bound {
            Bound::Any => true,
            Bound::NotNegative => !quantity.is_negative(),
            Bound::Positive => quantity.is_positive(),
        };
        if is_allowed && quantity.is_plausible() {
            return Some(quantity);
        }
        let must = match self.bound {
            _ if is_allowed => {
                let sign = if quantity.is_negative() { "-" } else { "" };
                let [least, most] = K::RANGE;
                format!(
                    "frit takes {} between {sign}{least:e} {unit} and {sign}{most:e} {unit}",
                    K::NAME,
                    unit = K::UNIT
                )
            }
            Bound::Positive => "it must be larger than zero".to_owned(),
            _ => "it must be zero or larger".to_owned(),
        };
        let resolved = if quantity.to_string() == text.trim() {
            String::new()
        } else {
            format!(", that is {quantity},")
        };
        let message = format!("`{}`{resolved} is out of range: {must}", text.trim());
        complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
        None
    }

    fn write(&self, value: &Quantity<K>) -> String {
        quoted(&value.to_string())
    }
}

/// A list of values of one form.
pub(crate) struct ListOf<F> {
    pub(crate) form: F,
    pub(crate) lengths: RangeInclusive<usize>,
}

impl<F: Form> Form for ListOf<F> {
    type Value = Vec<F::Value>;

    fn takes(&self) -> String {
        let item = self.form.takes();
        match (*self.lengths.start(), *self.lengths.end()) {
            (start, end) if start == end => format!("list of {start}: {item}"),
            _ => format!("list: {item}"),
        }
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Self::Value> {
        let Some(nodes) = node.as_array() else {
            let help = "a list is written `[…, …]`".to_owned();
            complaints.push(wrong_type(node, "a list", help));
            return None;
        };
        if !self.lengths.contains(&nodes.len()) {
            let (start, end) = (*self.lengths.start(), *self.lengths.end());
            let wanted = match (start, end) {
                _ if start == end => format!("{start}"),
                _ if nodes.len() < start => format!("at least {start}"),
                _ => format!("at most {end}"),
            };
            let noun = if nodes.len() == 1 {
                "element"
            } else {
                "elements"
            };
            let message = format!("this list has {} {noun}; it needs {wanted}", nodes.len());
            complaints.push(Complaint::new(DeckErrorKind::OutOfRange, message, None));
            return None;
        }
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            let before = complaints.len();
            values.extend(self.form.read(node, complaints));
            for complaint in &mut complaints[before..] {
                complaint.range.get_or_insert(node.span.range.clone());
            }
        }
        (values.len() == nodes.len()).then_some(values)
    }

    fn write(&self, values: &Self::Value) -> String {
        let items: Vec<String> = values.iter().map(|value| self.form.write(value)).collect();
        format!("[{}]", items.join(", "))
    }
}

/// The symbol of an element.
pub(crate) struct Symbol;

impl Symbol {
    /// Checks a symbol, wherever it stands.
    pub(crate) fn check(symbol: &str) -> Result<(), Complaint> {
        if frit_atoms::element(symbol).is_some() {
            return Ok(());
        }
        let known = || frit_atoms::ELEMENTS.iter().map(|element| element.symbol);
        let meant = known()
            .find(|known| known.eq_ignore_ascii_case(symbol))
            .or_else(|| suggest::nearest(symbol, known()));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`? Symbols are written as in chemistry"),
            None => "an element is named by its symbol, such as `Pt` or `Fe`".to_owned(),
        };
        let message = format!("`{symbol}` is not an element");
        Err(Complaint::new(DeckErrorKind::UnknownValue, message, help))
    }
}

impl Form for Symbol {
    type Value = String;

    fn takes(&self) -> String {
        "symbol of an element".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<String> {
        let symbol = Text.read(node, complaints)?;
        match Self::check(&symbol) {
            Ok(()) => Some(symbol),
            Err(complaint) => {
                complaints.push(complaint);
                None
            }
        }
    }

    fn write(&self, value: &String) -> String {
        quoted(value)
    }
}

//! `--set path=value`.

use std::ops::Range;

use super::syntax::parse_value;
use super::tree::{Entries, Entry, Node, Span, Value, element, name_of};
use crate::suggest;

/// Why an override cannot be applied, pointing into its own text.
pub(crate) struct OverrideError {
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

struct Segment<'a> {
    text: &'a str,
    range: Range<usize>,
}

/// Applies one override to the tree. Keys that the deck lacks are added; whether the language
/// knows them is found when the tree is read, with a caret into the override.
pub(crate) fn apply(root: &mut Entries, text: &str, source: usize) -> Result<(), OverrideError> {
    let Some(equals) = text.find('=') else {
        return Err(error(
            0..text.len(),
            "an override is `path=value`; this one has no `=`",
            "such as `--set seed=2` or `--set structure.pair.gap='10 Å'`",
        ));
    };
    let segments = segments(&text[..equals])?;
    let value = value(text, equals + 1..text.len(), source)?;
    let (last, path) = segments
        .split_last()
        .expect("splitting gives at least one piece");
    let mut entries = root;
    let mut at = 0;
    while at < path.len() {
        let segment = &path[at];
        let entry = open(entries, segment, source);
        at += 1;
        let node = &mut entry.node;
        if matches!(node.value, Value::Array(_)) {
            let index = path.get(at).unwrap_or(last);
            let node = element_of(node, segment, index)?;
            if at == path.len() {
                *node = value;
                return Ok(());
            }
            entries = table_of(node, index)?;
            at += 1;
        } else {
            entries = table_of(node, segment)?;
        }
    }
    let entry = open(entries, last, source);
    entry.node = value;
    Ok(())
}

/// The entry of this key, made if the table lacks it.
fn open<'a>(entries: &'a mut Entries, segment: &Segment<'_>, source: usize) -> &'a mut Entry {
    if entries.get(segment.text).is_none() {
        let span = Span {
            source,
            range: segment.range.clone(),
        };
        entries.push(Entry {
            key: segment.text.to_owned(),
            key_span: span.clone(),
            node: Node {
                value: Value::Table(Entries::default()),
                span,
            },
        });
    }
    entries
        .get_mut(segment.text)
        .expect("it was just added if it was missing")
}

fn table_of<'a>(
    node: &'a mut Node,
    segment: &Segment<'_>,
) -> Result<&'a mut Entries, OverrideError> {
    let found = node.value.describe();
    match &mut node.value {
        Value::Table(entries) => Ok(entries),
        _ => Err(error(
            segment.range.clone(),
            format!("`{}` is {found}, it has no keys", segment.text),
            format!("set the whole value: `{}=…`", segment.text),
        )),
    }
}

fn element_of<'a>(
    node: &'a mut Node,
    list: &Segment<'_>,
    segment: &Segment<'_>,
) -> Result<&'a mut Node, OverrideError> {
    let Value::Array(elements) = &mut node.value else {
        return Err(error(
            segment.range.clone(),
            "this is not a list",
            "leave the number out",
        ));
    };
    match element(elements, segment.text).map(|(index, _)| index) {
        Some(index) => Ok(&mut elements[index]),
        None => {
            let names: Vec<&str> = elements.iter().filter_map(name_of).collect();
            let count = elements.len();
            let by_number = match count {
                0 => "the list is empty".to_owned(),
                _ => format!(
                    "elements of `{}` go by their number, 0 to {}",
                    list.text,
                    count - 1
                ),
            };
            let by_name = match suggest::nearest(segment.text, names.iter().copied()) {
                Some(name) => format!(", or name: did you mean `{name}`?"),
                None if names.is_empty() => String::new(),
                None => format!(", or name: {}", suggest::list(&names, "or")),
            };
            Err(error(
                segment.range.clone(),
                format!("`{}` has no element `{}`", list.text, segment.text),
                by_number + &by_name,
            ))
        }
    }
}

fn segments(path: &str) -> Result<Vec<Segment<'_>>, OverrideError> {
    let mut start = 0;
    let mut segments = Vec::new();
    for piece in path.split('.') {
        let text = piece.trim();
        let begin = start + (piece.len() - piece.trim_start().len());
        let range = begin..begin + text.len();
        if text.is_empty() {
            return Err(error(
                start..start + piece.len().max(1),
                "a key is missing in the path",
                "a path is keys joined with points, such as `stage.0.timestep`",
            ));
        }
        segments.push(Segment { text, range });
        start += piece.len() + 1;
    }
    Ok(segments)
}

/// The value as TOML, or else the text as it stands: `--set a.b='10 ps'` needs no inner quotes.
fn value(text: &str, range: Range<usize>, source: usize) -> Result<Node, OverrideError> {
    let piece = text[range.clone()].trim();
    let start = range.start + (text[range.clone()].len() - text[range].trim_start().len());
    let trimmed = start..start + piece.len();
    if piece.is_empty() {
        return Err(error(
            0..text.len(),
            "the value is missing after `=`",
            "an empty text is written `\"\"`",
        ));
    }
    if let Some(node) = parse_value(text, trimmed.clone(), source) {
        return Ok(node);
    }
    if piece.starts_with(['"', '\'', '[', '{']) {
        return Err(error(
            trimmed,
            "this value begins like TOML but is none",
            "close its quote or bracket; the shell needs quotes around the whole `path=value`",
        ));
    }
    let value = Value::Text {
        text: piece.to_owned(),
        verbatim: Some(start),
    };
    Ok(Node {
        value,
        span: Span {
            source,
            range: trimmed,
        },
    })
}

fn error(
    range: Range<usize>,
    message: impl Into<String>,
    help: impl Into<String>,
) -> OverrideError {
    OverrideError {
        range,
        message: message.into(),
        help: help.into(),
    }
}

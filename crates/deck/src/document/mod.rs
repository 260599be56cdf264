//! The text of a deck as a tree in which every value knows where it stands.

mod overrides;
mod syntax;
mod tree;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Severity;

use crate::error::{DeckError, DeckErrorKind, Location};
use crate::source::Source;
pub(crate) use syntax::parse_literal;
pub(crate) use tree::{Entries, Entry, Node, Span, Value};

/// A parsed deck file with the overrides applied.
///
/// A *path* names a value: keys joined with points, elements of a list by their number from 0 or,
/// for stages, by their name: `structure.pair.gap`, `stage.0.timestep`, `stage.hold.timestep`.
#[derive(Debug, Clone)]
pub struct Document {
    path: PathBuf,
    /// The deck first, then one for each override.
    sources: Vec<Arc<Source>>,
    root: Entries,
}

/// What reading the text gave besides the tree.
pub(crate) struct Reading {
    pub(crate) document: Document,
    pub(crate) errors: Vec<DeckError>,
    /// Whether the tree is what the writer meant apart from the lines with errors.
    pub(crate) is_trustworthy: bool,
}

impl Document {
    /// A document without any key.
    pub(crate) fn empty() -> Self {
        Self {
            path: PathBuf::new(),
            sources: Vec::new(),
            root: Entries::default(),
        }
    }

    pub(crate) fn read(path: &Path, text: &str, overrides: &[String]) -> Reading {
        let name = path.display().to_string();
        let source = Arc::new(Source::new(name, text.to_owned()));
        let syntax = syntax::parse(&source);
        let mut document = Self {
            path: path.to_owned(),
            sources: vec![source],
            root: syntax.entries,
        };
        let mut errors = syntax.errors;
        for text in overrides {
            let source = Arc::new(Source::new("--set".to_owned(), text.clone()));
            document.sources.push(source);
            let index = document.sources.len() - 1;
            if let Err(error) = overrides::apply(&mut document.root, text, index) {
                errors.push(document.error(
                    DeckErrorKind::Override,
                    &Span {
                        source: index,
                        range: error.range,
                    },
                    error.message,
                    String::new(),
                    Some(error.help),
                ));
            }
        }
        Reading {
            document,
            errors,
            is_trustworthy: syntax.is_trustworthy,
        }
    }

    pub(crate) fn root(&self) -> &Entries {
        &self.root
    }

    /// Path of the deck as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path written in the deck, which is relative to the deck's folder.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// Where the value at `path` stands, or the nearest table around it if it was left out.
    #[must_use]
    pub fn locate(&self, path: &str) -> Option<Location> {
        let span = self.span_of(path);
        let source = self.sources.get(span.source)?;
        Some(source.location(span.range.start))
    }

    /// An error whose caret points at the value at `path`, or at the nearest table around it.
    #[must_use]
    pub fn error_at(
        &self,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> DeckError {
        let span = self.span_of(path);
        self.error(
            DeckErrorKind::File,
            &span,
            message.into(),
            String::new(),
            Some(help.into()).filter(|help| !help.is_empty()),
        )
    }

    pub(crate) fn error(
        &self,
        kind: DeckErrorKind,
        span: &Span,
        message: String,
        label: String,
        help: Option<String>,
    ) -> DeckError {
        let place = self
            .sources
            .get(span.source)
            .map(|source| (source.clone(), span.range.clone()));
        DeckError {
            kind,
            message,
            label,
            help,
            place,
            also: None,
            severity: Severity::Error,
        }
    }

    /// Whether the deck, or an override, gives the value at `path`.
    #[must_use]
    pub fn gives(&self, path: &str) -> bool {
        self.walk_to(path).1
    }

    /// Span of the value at `path`, or of the nearest value around it.
    pub(crate) fn span_of(&self, path: &str) -> Span {
        self.walk_to(path).0
    }

    /// Span of the value at `path`, or of the nearest value around it; whether it is there itself.
    fn walk_to(&self, path: &str) -> (Span, bool) {
        let mut span = self.end();
        let mut entries = Some(&self.root);
        let mut elements: Option<&[Node]> = None;
        for segment in path.split('.') {
            let node = match (entries, elements) {
                (Some(entries), _) => entries.get(segment).map(|entry| &entry.node),
                (None, Some(elements)) => tree::element(elements, segment).map(|(_, node)| node),
                (None, None) => None,
            };
            let Some(node) = node else {
                return (span, false);
            };
            span = node.span.clone();
            entries = node.as_table();
            elements = node.as_array();
        }
        (span, true)
    }

    /// Where a missing top-level table would be added: the last line that is not empty or comment.
    pub(crate) fn end(&self) -> Span {
        let text = self.sources.first().map_or("", |source| source.text());
        let mut range = 0..0;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim();
            if !trimmed.is_empty() && !trimmed.starts_with('#') {
                range = start..start + line.trim_end().len();
            }
            start += line.len();
        }
        Span { source: 0, range }
    }

    /// Line of an offset in the deck itself, from 1.
    pub(crate) fn line_of(&self, error: &DeckError) -> Option<usize> {
        let (source, range) = error.place.as_ref()?;
        let is_deck = self
            .sources
            .first()
            .is_some_and(|deck| Arc::ptr_eq(deck, source));
        is_deck.then(|| source.line(range.start))
    }
}

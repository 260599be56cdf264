//! Errors that point into the deck.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use crate::source::Source;

/// What kind of mistake an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeckErrorKind {
    /// The text is not TOML.
    Syntax,
    /// A key that the table does not have.
    UnknownKey,
    /// A key that the table must have.
    MissingKey,
    /// A value of the wrong type, or a quantity without unit or of the wrong dimension.
    WrongType,
    /// A value that is not among the known ones.
    UnknownValue,
    /// A value outside its range.
    OutOfRange,
    /// Keys that exclude each other.
    Exclusive,
    /// Values that contradict each other.
    Inconsistent,
    /// An override that cannot be applied.
    Override,
    /// A file that cannot be read, or does not fit the deck.
    File,
}

impl DeckErrorKind {
    /// Stable code, such as `deck::unknown-key`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Syntax => "deck::syntax",
            Self::UnknownKey => "deck::unknown-key",
            Self::MissingKey => "deck::missing-key",
            Self::WrongType => "deck::wrong-type",
            Self::UnknownValue => "deck::unknown-value",
            Self::OutOfRange => "deck::out-of-range",
            Self::Exclusive => "deck::exclusive",
            Self::Inconsistent => "deck::inconsistent",
            Self::Override => "deck::override",
            Self::File => "deck::file",
        }
    }
}

/// Where something stands in a deck or an override.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Path of the deck as given, or `--set`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One mistake (or warning) in a deck: what was found, where, and what to do.
///
/// The message is its `Display`; miette renders it with source line and caret.
#[derive(Debug, Clone)]
pub struct DeckError {
    pub(crate) kind: DeckErrorKind,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    pub(crate) place: Option<(Arc<Source>, Range<usize>)>,
    /// A second place in the same source, with its label.
    pub(crate) also: Option<(Range<usize>, String)>,
    pub(crate) severity: Severity,
}

impl DeckError {
    /// An error about a whole file, without a place in it.
    #[must_use]
    pub fn without_place(
        kind: DeckErrorKind,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            label: String::new(),
            help: Some(help.into()),
            place: None,
            also: None,
            severity: Severity::Error,
        }
    }

    /// What kind of mistake this is.
    #[must_use]
    pub fn kind(&self) -> DeckErrorKind {
        self.kind
    }

    /// Text beside the caret.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The next step.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where the mistake stands; `None` if it has no place in a file.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        let (source, range) = self.place.as_ref()?;
        Some(source.location(range.start))
    }

    /// The same, with this text beside the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same, as a warning.
    #[must_use]
    pub fn into_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

impl fmt::Display for DeckError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for DeckError {}

impl Diagnostic for DeckError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.kind.code()))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place
            .as_ref()
            .map(|(source, _)| source.as_ref() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (source, range) = self.place.as_ref()?;
        let label = (!self.label.is_empty()).then(|| self.label.clone());
        let main = LabeledSpan::new_primary_with_span(label, source.marked(range));
        let also = self.also.as_ref().map(|(range, label)| {
            LabeledSpan::new_with_span(Some(label.clone()), source.marked(range))
        });
        Some(Box::new(std::iter::once(main).chain(also)))
    }
}

/// Everything that is wrong with a deck.
///
/// Later steps, which read the files that a deck names, add to the same collection with
/// [`DeckErrors::push`] and end with [`DeckErrors::into_result`]. Its `Display` only counts them;
/// miette renders the first twenty with their source lines, [`DeckErrors::to_lines`] each on a line.
#[derive(Debug, Clone, Default)]
pub struct DeckErrors {
    errors: Vec<DeckError>,
}

/// Most errors that are rendered: when these are mended, most others are too.
const MOST_SHOWN: usize = 20;

impl DeckErrors {
    /// Adds an error.
    pub fn push(&mut self, error: DeckError) {
        self.errors.push(error);
    }

    /// The errors, in the order of the file.
    #[must_use]
    pub fn errors(&self) -> &[DeckError] {
        &self.errors
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// One line for each error, `file:line:column: message; help`.
    #[must_use]
    pub fn to_lines(&self) -> String {
        let lines: Vec<String> = self
            .errors
            .iter()
            .map(|error| {
                let place = error
                    .location()
                    .map_or(String::new(), |place| format!("{place}: "));
                let help = error
                    .help_text()
                    .map_or(String::new(), |help| format!("; {help}"));
                format!("{place}{error}{help}")
            })
            .collect();
        lines.join("\n")
    }

    /// `value` if there is no error.
    ///
    /// # Errors
    /// The collection itself, if there is any.
    pub fn into_result<T>(mut self, value: T) -> Result<T, Self> {
        if self.errors.is_empty() {
            return Ok(value);
        }
        self.sort();
        Err(self)
    }

    pub(crate) fn sort(&mut self) {
        // Errors of the deck first, then those of overrides, each in reading order.
        self.errors.sort_by_key(|error| match &error.place {
            Some((source, range)) => (source.name().starts_with("--"), range.start),
            None => (true, usize::MAX),
        });
    }
}

impl From<Vec<DeckError>> for DeckErrors {
    fn from(errors: Vec<DeckError>) -> Self {
        let mut errors = Self { errors };
        errors.sort();
        errors
    }
}

impl fmt::Display for DeckErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.errors.len();
        let is_warning = |error: &DeckError| error.severity == Severity::Warning;
        let noun = if count > 0 && self.errors.iter().all(is_warning) {
            "warning"
        } else {
            "error"
        };
        let noun = if count == 1 {
            noun.to_owned()
        } else {
            format!("{noun}s")
        };
        write!(formatter, "the deck has {count} {noun}")?;
        if count > MOST_SHOWN {
            write!(formatter, "; these are the first {MOST_SHOWN}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DeckErrors {}

impl Diagnostic for DeckErrors {
    fn severity(&self) -> Option<Severity> {
        self.errors.iter().map(|error| error.severity).max()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            (self.errors.iter())
                .take(MOST_SHOWN)
                .map(|error| error as &dyn Diagnostic),
        ))
    }
}

//! Reading the tree by definitions that also write the reference and the canonical text.
//!
//! An element of the language is a function that takes a [`Table`] and asks it for its keys. Each
//! question states name, form, default, meaning and example of one key. The same function runs
//! twice: over a deck, where the table answers, records what is wrong and what the value became;
//! and over nothing, where the table only notes the questions ([`describe`]). So the parser, the
//! reference, the suggestions and the canonical text cannot disagree.

mod canonical;
pub(crate) mod form;
mod rules;
pub(crate) mod schema;
pub(crate) mod table;

use std::sync::OnceLock;

use crate::document::{Document, Span};
use crate::error::{DeckError, DeckErrorKind};
pub(crate) use canonical::Canonical;
pub(crate) use schema::Page;
pub(crate) use table::{Key, Table, Variant, key, table};

/// What one pass over the definitions collects.
pub(crate) struct Walk<'d> {
    pub(crate) document: &'d Document,
    /// Whether every table is visited to note its keys, present or not.
    is_describing: bool,
    pub(crate) errors: Vec<DeckError>,
    pub(crate) warnings: Vec<DeckError>,
    pub(crate) pages: Vec<Page>,
    pub(crate) canonical: Canonical,
}

impl<'d> Walk<'d> {
    pub(crate) fn over(document: &'d Document) -> Self {
        Self {
            document,
            is_describing: false,
            errors: Vec::new(),
            warnings: Vec::new(),
            pages: Vec::new(),
            canonical: Canonical::default(),
        }
    }

    /// The table that holds the whole deck.
    pub(crate) fn root<T>(&mut self, read: impl FnOnce(&mut Table<'_, 'd>) -> T) -> T {
        let entries = self.document.root();
        let span = self.document.end();
        Table::visit_root(self, entries, span, read)
    }

    pub(crate) fn error(
        &mut self,
        kind: DeckErrorKind,
        span: &Span,
        message: String,
        label: &str,
        help: impl Into<Option<String>>,
    ) {
        let error = self
            .document
            .error(kind, span, message, label.to_owned(), help.into());
        self.errors.push(error);
    }
}

/// Every table of the language with its keys, in the order of the definitions.
pub(crate) fn describe(read: impl FnOnce(&mut Table<'_, '_>)) -> Vec<Page> {
    let document = Document::empty();
    let mut walk = Walk::over(&document);
    walk.is_describing = true;
    walk.root(read);
    walk.pages
}

/// The tables of the whole language, described once.
pub(crate) fn language() -> &'static [Page] {
    static LANGUAGE: OnceLock<Vec<Page>> = OnceLock::new();
    LANGUAGE.get_or_init(|| {
        describe(|table| {
            crate::any::describe(table);
        })
    })
}

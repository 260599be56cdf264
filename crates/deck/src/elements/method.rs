//! A deck whose method has one table of its own.

use std::path::{Path, PathBuf};

use crate::any::{self, Heading, Method};
use crate::deck::{Read, read_with, unexplained};
use crate::document::Document;
use crate::elements::scan::SCAN;
use crate::elements::{heading, output};
use crate::error::{DeckError, DeckErrors};
use crate::walk::{Table, table};

/// A deck with title, seed, checkpoints and output, and the table of its method, read and checked.
#[derive(Debug, Clone)]
pub struct MethodDeck<B> {
    /// Title, seed, checkpoints, output.
    pub heading: Heading,
    /// What is simulated.
    pub body: B,
    document: Document,
    warnings: DeckErrors,
    canonical: String,
}

impl<B> MethodDeck<B> {
    /// Reads a deck; `often` says how often checkpoints are written unless it tells, and `body`
    /// visits the method's table.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub(crate) fn with(
        path: &Path,
        text: &str,
        overrides: &[String],
        (method, often): (Method, &str),
        body: impl FnOnce(&mut Table<'_, '_>) -> Option<B>,
    ) -> Result<Self, DeckErrors> {
        let Read {
            parts,
            document,
            warnings,
            canonical,
        } = read_with(path, text, overrides, |walk| {
            walk.root(|top| {
                any::refuse_others(top, method);
                let heading = read_heading(top, often);
                Some((heading?, body(top)?))
            })
        })?;
        match parts {
            Some((heading, body)) => Ok(Self {
                heading,
                body,
                document,
                warnings,
                canonical,
            }),
            None => Err(unexplained(&document)),
        }
    }

    /// What is allowed but looks like a mistake, and what was rounded.
    #[must_use]
    pub fn warnings(&self) -> &DeckErrors {
        &self.warnings
    }

    /// The deck with every default filled in, in a fixed order: equal texts are equal runs.
    #[must_use]
    pub fn to_canonical_toml(&self) -> &str {
        &self.canonical
    }

    /// A path written in the deck, which is relative to the deck's folder.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.document.resolve(path)
    }

    /// Whether the deck, or an override, gives the value at `path`.
    #[must_use]
    pub fn gives(&self, path: &str) -> bool {
        self.document.gives(path)
    }

    /// An error about the value at `path`; see [`Document::error_at`].
    #[must_use]
    pub fn error_at(
        &self,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> DeckError {
        self.document.error_at(path, message, help)
    }
}

fn read_heading(top: &mut Table<'_, '_>, often: &str) -> Option<Heading> {
    let (title, seed) = heading::read(top);
    let checkpoint = top.default_table(table("checkpoint", "Points to continue from"), |table| {
        output::read_checkpoint(table, often)
    });
    let output = top.default_table(
        table("output", "What is written at the end"),
        output::read_output,
    );
    top.ignore(&[SCAN]);
    Some(Heading {
        title,
        seed,
        checkpoint: checkpoint?,
        output: output?,
    })
}

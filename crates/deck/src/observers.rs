//! Decks for frames of files: whole ones, or just what is measured.

use std::path::Path;

use crate::deck::{Deck, read_text, read_with, unexplained};
use crate::document::Document;
use crate::elements::heading;
use crate::elements::observe::{self, Observe, Particles};
use crate::error::DeckErrors;
use crate::walk::table;

/// What is measured on frames of files.
#[derive(Debug, Clone)]
pub enum FramesDeck {
    /// A deck that could be run.
    Whole(Box<Deck>),
    /// A deck without `[potential]`, `[structure]` and `[[stage]]`.
    Observers(ObserversDeck),
}

/// A title and `[observe]`, nothing else.
#[derive(Debug, Clone)]
pub struct ObserversDeck {
    /// What the frames are about, for titles of plots.
    pub title: Option<String>,
    /// What is measured; `neck` only where the deck has it.
    pub observe: Observe,
}

impl FramesDeck {
    /// Reads a deck from its text; see [`Deck::parse`].
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        let root = Document::read(path, text, overrides).document;
        let has = |name: &&str| root.root().get(name).is_some();
        if ["potential", "structure", "stage"].iter().any(has) || !has(&"observe") {
            return Ok(Self::Whole(Box::new(Deck::parse(path, text, overrides)?)));
        }
        let read = read_with(path, text, overrides, |walk| {
            walk.root(|table| {
                let (title, _) = heading::read(table);
                let key = self::table("observe", "What is measured");
                let observe =
                    table.default_table(key, |table| observe::read(table, Particles::InFiles));
                (title, observe)
            })
        })?;
        match read.parts {
            (title, Some(observe)) => Ok(Self::Observers(ObserversDeck { title, observe })),
            _ => Err(unexplained(&read.document)),
        }
    }

    /// Reads a deck from its file.
    ///
    /// # Errors
    /// As [`FramesDeck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }

    /// What the frames are about, for titles of plots.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Whole(deck) => deck.title.as_deref(),
            Self::Observers(deck) => deck.title.as_deref(),
        }
    }

    /// What is measured.
    #[must_use]
    pub fn observe(&self) -> &Observe {
        match self {
            Self::Whole(deck) => &deck.observe,
            Self::Observers(deck) => &deck.observe,
        }
    }
}

//! Decks of all methods: which one a deck is for is told by its tables.

use std::path::Path;

use crate::deck::{self, Deck, read_text};
use crate::document::Document;
use crate::elements::diagram;
use crate::elements::looping::{self, LoopingDeck};
use crate::elements::migration::{self, MigrationDeck};
use crate::elements::output::{Checkpoint, Output};
use crate::elements::redispersion::{self, RedispersionDeck};
use crate::elements::scan;
use crate::error::DeckErrors;
use crate::walk::Table;

/// A method of simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Atoms that move by forces.
    MolecularDynamics,
    /// Particles that a reaction drives over a support.
    Migration,
    /// Adatoms on a support that gather or disperse.
    Redispersion,
    /// A metal particle that eats its way through its oxide support.
    Looping,
}

impl Method {
    /// All methods; a deck without a table of any is taken for the first.
    pub const ALL: [Self; 4] = [
        Self::MolecularDynamics,
        Self::Migration,
        Self::Redispersion,
        Self::Looping,
    ];

    /// The tables by which its decks are told.
    pub const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::MolecularDynamics => &["structure", "potential", "stage"],
            Self::Migration => &["migration"],
            Self::Redispersion => &["redispersion"],
            Self::Looping => &["looping"],
        }
    }

    /// The name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MolecularDynamics => "molecular dynamics",
            Self::Migration => "particle migration",
            Self::Redispersion => "redispersion",
            Self::Looping => "looping metal-support interaction",
        }
    }

    /// The method of the deck in a file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_file(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        let text = read_text(path)?;
        Ok(Self::of(&Document::read(path, &text, overrides).document))
    }

    /// The method of a deck: the last one whose tables it has.
    ///
    /// Whoever writes `[migration]` into a deck of atoms means migration or has mixed two decks,
    /// which [`refuse_others`] says.
    fn of(document: &Document) -> Self {
        let has = |method: &&Self| {
            let root = document.root();
            method.tables().iter().any(|name| root.get(name).is_some())
        };
        let found = Self::ALL.iter().rev().find(has);
        *found.unwrap_or(&Self::MolecularDynamics)
    }
}

/// Reports the tables of other methods in a deck.
pub(crate) fn refuse_others(table: &mut Table<'_, '_>, method: Method) {
    for other in Method::ALL.into_iter().filter(|&other| other != method) {
        for name in other.tables() {
            if table.has(name) {
                let message = format!(
                    "`{name}` is of {}, this deck is one of {}",
                    other.name(),
                    method.name()
                );
                table.refuse(
                    name,
                    &message,
                    "a deck has one method: make it two decks; what one learns for the other \
                     travels as a file of quantities",
                );
            }
            table.ignore(&[name]);
        }
    }
}

/// A deck of any method.
#[derive(Debug, Clone)]
pub enum AnyDeck {
    /// Atoms that move by forces.
    MolecularDynamics(Box<Deck>),
    /// Particles that a reaction drives over a support.
    Migration(Box<MigrationDeck>),
    /// Adatoms on a support that gather or disperse.
    Redispersion(Box<RedispersionDeck>),
    /// A metal particle that eats its way through its oxide support.
    Looping(Box<LoopingDeck>),
}

/// What decks of all methods have.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// What the run is about, for titles of plots and reports.
    pub title: Option<String>,
    /// Seed of every random choice.
    pub seed: u64,
    /// When checkpoints are written.
    pub checkpoint: Checkpoint,
    /// What is written at the end.
    pub output: Output,
}

impl AnyDeck {
    /// Reads a deck from its text; see [`Deck::parse`].
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        let method = Method::of(&Document::read(path, text, overrides).document);
        match method {
            Method::MolecularDynamics => Deck::parse(path, text, overrides)
                .map(|deck| Self::MolecularDynamics(Box::new(deck))),
            Method::Migration => MigrationDeck::parse(path, text, overrides)
                .map(|deck| Self::Migration(Box::new(deck))),
            Method::Redispersion => RedispersionDeck::parse(path, text, overrides)
                .map(|deck| Self::Redispersion(Box::new(deck))),
            Method::Looping => {
                LoopingDeck::parse(path, text, overrides).map(|deck| Self::Looping(Box::new(deck)))
            }
        }
    }

    /// Reads a deck from its file.
    ///
    /// # Errors
    /// As [`AnyDeck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }

    /// What is allowed but looks like a mistake, and what was rounded.
    #[must_use]
    pub fn warnings(&self) -> &DeckErrors {
        match self {
            Self::MolecularDynamics(deck) => deck.warnings(),
            Self::Migration(deck) => deck.warnings(),
            Self::Redispersion(deck) => deck.warnings(),
            Self::Looping(deck) => deck.warnings(),
        }
    }

    /// The deck with every default filled in, in a fixed order: equal texts are equal runs.
    #[must_use]
    pub fn to_canonical_toml(&self) -> &str {
        match self {
            Self::MolecularDynamics(deck) => deck.to_canonical_toml(),
            Self::Migration(deck) => deck.to_canonical_toml(),
            Self::Redispersion(deck) => deck.to_canonical_toml(),
            Self::Looping(deck) => deck.to_canonical_toml(),
        }
    }
}

/// Visits every table of the language.
pub(crate) fn describe(table: &mut Table<'_, '_>) {
    deck::read_root(table);
    migration::describe(table);
    redispersion::describe(table);
    diagram::describe(table);
    looping::describe(table);
    scan::read(table);
}

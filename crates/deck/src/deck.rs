//! The whole deck.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::checks::{self, StructureOutline};
use crate::document::{Document, Reading};
use crate::elements::group::{self, Group};
use crate::elements::heading;
use crate::elements::neighbours::{self, Neighbours};
use crate::elements::observe::{self, Observe, Particles};
use crate::elements::output::{self, Checkpoint, Output};
use crate::elements::potential::{self, Potential};
use crate::elements::scan::SCAN;
use crate::elements::stage::{self, Outline, Stage};
use crate::elements::structure::{self, Structure};
use crate::error::{DeckError, DeckErrorKind, DeckErrors, Location};
use crate::walk::{Table, Walk, table};

/// A deck, read and checked: every value has its type, every default is filled in.
#[derive(Debug, Clone)]
pub struct Deck {
    /// What the run is about, for titles of plots and reports.
    pub title: Option<String>,
    /// Seed of every random choice.
    pub seed: u64,
    /// How atoms interact.
    pub potential: Potential,
    /// What is simulated.
    pub structure: Structure,
    /// The neighbour list.
    pub neighbours: Neighbours,
    /// Atoms on which stages act in their own way.
    pub groups: Vec<Group>,
    /// What is done, in order; at least one.
    pub stages: Vec<Stage>,
    /// What is measured and written.
    pub observe: Observe,
    /// When checkpoints are written.
    pub checkpoint: Checkpoint,
    /// What is written at the end.
    pub output: Output,
    document: Document,
    warnings: DeckErrors,
    canonical: String,
}

/// The potential of a deck, or of a file that has nothing else.
#[derive(Debug, Clone)]
pub struct PotentialDeck {
    /// How atoms interact.
    pub potential: Potential,
    document: Document,
    canonical: String,
}

/// The structure of a deck, or of a file that has nothing else.
#[derive(Debug, Clone)]
pub struct StructureDeck {
    /// Seed of every random choice.
    pub seed: u64,
    /// What is to be built.
    pub structure: Structure,
    document: Document,
}

impl StructureDeck {
    /// Its text with places, for errors that are found later.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }
}

impl Deck {
    /// Reads a deck from its text.
    ///
    /// `path` names it in messages, and paths in the deck are relative to its folder. `overrides`
    /// are texts `path=value`, applied in order.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        let Read {
            parts,
            document,
            warnings,
            canonical,
        } = read_with(path, text, overrides, |walk| {
            let parts = walk.root(read_root);
            let outline = parts.structure_outline;
            checks::check(walk, outline, &parts.outlines, &parts.stages);
            checks::check_groups(walk, &parts.groups, &parts.outlines, &parts.stages);
            parts
        })?;
        let is_complete = parts.stages.len() == parts.outlines.len();
        match parts {
            Parts {
                title,
                seed,
                potential: Some(potential),
                structure: Some(structure),
                neighbours: Some(neighbours),
                groups,
                stages,
                observe: Some(observe),
                checkpoint: Some(checkpoint),
                output: Some(output),
                ..
            } if is_complete => Ok(Self {
                title,
                seed,
                potential,
                structure,
                neighbours,
                groups,
                stages,
                observe,
                checkpoint,
                output,
                document,
                warnings,
                canonical,
            }),
            _ => Err(unexplained(&document)),
        }
    }

    /// Reads a deck from its file.
    ///
    /// # Errors
    /// As [`Deck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }

    /// Reads the potential of a deck, or of a file with only `[potential]` tables.
    ///
    /// # Errors
    /// Everything that is wrong with the potential; the rest of a deck is not looked at.
    pub fn parse_potential(path: &Path, text: &str) -> Result<PotentialDeck, DeckErrors> {
        let reading = Document::read(path, text, &[]);
        let mut walk = Walk::over(&reading.document);
        let potential = walk.root(|table| {
            let potential = read_potential(table);
            table.ignore(&DECK_KEYS);
            potential
        });
        let canonical = walk.canonical.to_toml();
        let errors = std::mem::take(&mut walk.errors);
        let Reading { document, .. } = finish(reading, errors)?;
        match potential {
            Some(potential) => Ok(PotentialDeck {
                potential,
                document,
                canonical,
            }),
            None => Err(unexplained(&document)),
        }
    }

    /// Reads the potential of a deck file, or of a file with only `[potential]` tables.
    ///
    /// # Errors
    /// As [`Deck::parse_potential`], or if the file cannot be read.
    pub fn read_potential(path: &Path) -> Result<PotentialDeck, DeckErrors> {
        Self::parse_potential(path, &read_text(path)?)
    }

    /// Reads the structure of a deck file, or of a file with only `[structure]` and `seed`.
    ///
    /// # Errors
    /// Everything that is wrong with the structure, or the file cannot be read; the rest of a deck
    /// is not looked at.
    pub fn read_structure(path: &Path, overrides: &[String]) -> Result<StructureDeck, DeckErrors> {
        let Read {
            parts: (seed, structure),
            document,
            ..
        } = read_with(path, &read_text(path)?, overrides, |walk| {
            walk.root(|table| {
                let (_, seed) = heading::read(table);
                let key = self::table("structure", "What is simulated");
                let structure = table.required_table(key, structure::read);
                table.ignore(&DECK_KEYS);
                table.ignore(&["potential"]);
                (seed, structure)
            })
        })?;
        match structure {
            Some(structure) => Ok(StructureDeck {
                seed,
                structure,
                document,
            }),
            None => Err(unexplained(&document)),
        }
    }

    /// What is allowed but looks like a mistake, and what was rounded; miette shows them as
    /// warnings.
    #[must_use]
    pub fn warnings(&self) -> &DeckErrors {
        &self.warnings
    }

    /// The deck with every default filled in, in a fixed order: equal texts are equal runs.
    ///
    /// It is a deck itself, to be placed in the same folder; durations have become steps.
    #[must_use]
    pub fn to_canonical_toml(&self) -> &str {
        &self.canonical
    }

    /// Its text with places, for errors that are found later.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// A path written in the deck, which is relative to the deck's folder.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.document.resolve(path)
    }

    /// Where the value at `path` stands; see [`Document::locate`].
    #[must_use]
    pub fn locate(&self, path: &str) -> Option<Location> {
        self.document.locate(path)
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

impl PotentialDeck {
    /// The potential's tables with every default filled in.
    #[must_use]
    pub fn to_canonical_toml(&self) -> &str {
        &self.canonical
    }

    /// Its text with places, for errors that are found later.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// A path written in the file, which is relative to the file's folder.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.document.resolve(path)
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

/// What a deck became, with its text.
pub(crate) struct Read<P> {
    pub(crate) parts: P,
    pub(crate) document: Document,
    pub(crate) warnings: DeckErrors,
    pub(crate) canonical: String,
}

/// Reads a deck of any method; `read` goes over its definitions.
pub(crate) fn read_with<P>(
    path: &Path,
    text: &str,
    overrides: &[String],
    read: impl FnOnce(&mut Walk<'_>) -> P,
) -> Result<Read<P>, DeckErrors> {
    let reading = Document::read(path, text, overrides);
    let mut walk = Walk::over(&reading.document);
    let parts = read(&mut walk);
    let canonical = walk.canonical.to_toml();
    let warnings = DeckErrors::from(std::mem::take(&mut walk.warnings));
    let errors = std::mem::take(&mut walk.errors);
    let Reading { document, .. } = finish(reading, errors)?;
    Ok(Read {
        parts,
        document,
        warnings,
        canonical,
    })
}

pub(crate) fn read_text(path: &Path) -> Result<String, DeckErrors> {
    frit_io::read_file(path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()))
        .map_err(|reason| {
            let message = format!("cannot read the deck {}: {reason}", path.display());
            let help = "check the path; a deck is a text file in TOML";
            DeckErrors::from(vec![DeckError::without_place(
                DeckErrorKind::File,
                message,
                help,
            )])
        })
}

/// Joins the errors of the text and of its meaning.
fn finish(mut reading: Reading, mut meaning: Vec<DeckError>) -> Result<Reading, DeckErrors> {
    let document = &reading.document;
    if !reading.is_trustworthy {
        // What could be read of a broken text may stand in the wrong table.
        meaning.clear();
    }
    let broken: HashSet<usize> = reading
        .errors
        .iter()
        .filter_map(|error| document.line_of(error))
        .collect();
    meaning.retain(|error| {
        !document
            .line_of(error)
            .is_some_and(|line| broken.contains(&line))
    });
    let mut errors = std::mem::take(&mut reading.errors);
    errors.extend(meaning);
    DeckErrors::from(errors).into_result(reading)
}

/// A refusal without a reason would be a fault of this program; say at least that.
pub(crate) fn unexplained(document: &Document) -> DeckErrors {
    DeckErrors::from(vec![document.error_at(
        "",
        "the deck is refused for a reason that frit cannot name",
        "this is a fault of frit: please report it with the deck",
    )])
}

/// What the tables became; `None` where there are errors.
pub(crate) struct Parts {
    title: Option<String>,
    seed: u64,
    potential: Option<Potential>,
    structure: Option<Structure>,
    structure_outline: StructureOutline,
    neighbours: Option<Neighbours>,
    groups: Vec<Group>,
    outlines: Vec<Outline>,
    stages: Vec<Stage>,
    observe: Option<Observe>,
    checkpoint: Option<Checkpoint>,
    output: Option<Output>,
}

/// Keys of a deck beside `potential`.
const DECK_KEYS: [&str; 10] = [
    "title",
    "seed",
    "structure",
    "neighbours",
    "group",
    "stage",
    "observe",
    "checkpoint",
    "output",
    "scan",
];

pub(crate) fn read_root(table: &mut Table<'_, '_>) -> Parts {
    let (title, seed) = heading::read(table);
    let potential = read_potential(table);
    let mut is_pair = false;
    let mut is_free = false;
    let mut is_built = false;
    let structure = table.required_table(self::table("structure", "What is simulated"), |table| {
        is_pair = table.has("pair");
        is_free = is_pair || table.has("particle");
        is_built = is_free || table.has("bulk");
        structure::read(table)
    });
    let gap_set = match &structure {
        Some(Structure::Pair(pair)) => Some(pair.gap_set),
        _ => None,
    };
    let neighbours = table.default_table(
        self::table("neighbours", "The neighbour list"),
        neighbours::read,
    );
    let groups = table.optional_table(
        self::table(
            "group",
            "Named groups of atoms on which stages act in their own way",
        ),
        "none",
        |table| Some(group::read(table, is_pair)),
    );
    let (outlines, stages): (Vec<Outline>, Vec<Option<Stage>>) = table
        .list(
            self::table("stage", "What is done, in the order of the text"),
            stage::read,
        )
        .into_iter()
        .unzip();
    let observe = table.default_table(
        self::table("observe", "What is measured and written during the run"),
        |table| {
            let particles = if is_pair {
                Particles::Pair
            } else {
                Particles::NoPair
            };
            observe::read(table, particles)
        },
    );
    let checkpoint = table.default_table(
        self::table("checkpoint", "Points to continue from"),
        |table| output::read_checkpoint(table, output::OFTEN_DYNAMICS),
    );
    let output = table.default_table(
        self::table("output", "What is written at the end"),
        output::read_output_of_atoms,
    );
    table.ignore(&[SCAN]);
    Parts {
        title,
        seed,
        potential,
        structure,
        structure_outline: StructureOutline {
            is_pair,
            is_free,
            is_built,
            gap_set,
        },
        neighbours,
        groups: groups.unwrap_or_default(),
        outlines,
        stages: stages.into_iter().flatten().collect(),
        observe,
        checkpoint,
        output,
    }
}

fn read_potential(table: &mut Table<'_, '_>) -> Option<Potential> {
    let key = self::table(
        "potential",
        "How atoms interact: the sum of one or more models",
    );
    table.required_table(key, potential::read)
}

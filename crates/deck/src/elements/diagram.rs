//! `[diagram]`: states of a reaction, for free-energy diagrams.

use std::path::Path;

use frit_units::{Energy, Pressure, Temperature, kind};

use crate::deck::{Read, read_text, read_with, unexplained};
use crate::document::Document;
use crate::elements::heading;
use crate::error::{DeckError, DeckErrors};
use crate::walk::form::{Choice, Integer, ListOf, Number, Text, any as any_sign, positive};
use crate::walk::{Table, key, table};

/// States of a reaction, read and checked.
#[derive(Debug, Clone)]
pub struct DiagramDeck {
    /// Title of the diagram.
    pub title: Option<String>,
    /// The states.
    pub diagram: ReactionDiagram,
    document: Document,
}

/// Which parts of the free energy count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeEnergyParts {
    /// Without the heat from 0 K to the temperature.
    WithoutHeat,
    /// All.
    All,
}

const PARTS: Choice<FreeEnergyParts> = Choice(&[
    ("without-heat", FreeEnergyParts::WithoutHeat),
    ("all", FreeEnergyParts::All),
]);

/// States and conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct ReactionDiagram {
    /// Temperature.
    pub temperature: Temperature,
    /// Lower wavenumbers count as this one [1/cm].
    pub floor: f64,
    /// Which parts of the free energy count.
    pub parts: FreeEnergyParts,
    /// The molecules of the gas.
    pub gas: Vec<GasMolecule>,
    /// The states, in order.
    pub states: Vec<DiagramState>,
}

/// A molecule of the gas.
#[derive(Debug, Clone, PartialEq)]
pub struct GasMolecule {
    /// Its name.
    pub name: String,
    /// Energy of the resting molecule.
    pub energy: Energy,
    /// Its partial pressure.
    pub pressure: Pressure,
    /// Atoms as lines `H 0 0 0.74`: symbol and place [Å].
    pub geometry: Vec<String>,
    /// Number of rotations that bring it onto itself.
    pub symmetry_number: u64,
    /// Spin multiplicity.
    pub multiplicity: u64,
    /// Vibrations [1/cm].
    pub wavenumbers: Vec<f64>,
}

/// A minimum or a saddle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiagramStateKind {
    /// A minimum of the energy.
    Minimum,
    /// A saddle, with one imaginary vibration.
    TransitionState,
}

const KINDS: Choice<DiagramStateKind> = Choice(&[
    ("minimum", DiagramStateKind::Minimum),
    ("transition-state", DiagramStateKind::TransitionState),
]);

/// A state of the reaction.
#[derive(Debug, Clone, PartialEq)]
pub struct DiagramState {
    /// Its label.
    pub label: String,
    /// What it is.
    pub kind: DiagramStateKind,
    /// Energy of the surface with what is on it, at rest.
    pub energy: Energy,
    /// Atoms of surface and adsorbates.
    pub formula: String,
    /// Vibrations [1/cm]; an imaginary one as a negative number.
    pub wavenumbers: Vec<f64>,
    /// Molecules of the gas that belong to the state: name and number.
    pub gas: Vec<(String, f64)>,
}

impl DiagramDeck {
    /// Reads states from a text; see [`crate::Deck::parse`].
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        let Read {
            parts, document, ..
        } = read_with(path, text, overrides, |walk| {
            walk.root(|top| {
                let (title, _) = heading::read(top);
                Some((title, describe(top)?))
            })
        })?;
        match parts {
            Some((title, diagram)) => Ok(Self {
                title,
                diagram,
                document,
            }),
            None => Err(unexplained(&document)),
        }
    }

    /// Reads states from a file.
    ///
    /// # Errors
    /// As [`DiagramDeck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
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

/// Visits `[diagram]`.
pub(crate) fn describe(top: &mut Table<'_, '_>) -> Option<ReactionDiagram> {
    let key = table(
        "diagram",
        "States of a reaction, for `frit thermo diagram`; see docs/lattice.md. This table stands in a file of its own, \
         beside `title`; it is no deck that runs",
    );
    top.required_table(key, read)
}

fn read(table: &mut Table<'_, '_>) -> Option<ReactionDiagram> {
    let temperature = table.required(
        key("temperature", "Temperature", "\"700 °C\""),
        &positive::<kind::Temperature>(),
    );
    let floor = table.default(
        key(
            "floor",
            "Wavenumbers below this one, in 1/cm, count as this one: soft modes are not harmonic (choice)",
            "50.0",
        ),
        &Number,
        "50.0",
    );
    let parts = table.default(
        key(
            "parts",
            "`without-heat`: E + ZPE - TS, the formula of Pan et al.; `all`: with the heat from 0 K as well",
            "\"without-heat\"",
        ),
        &PARTS,
        "\"all\"",
    );
    let gas = table.default_table(
        self::table("gas", "Molecules of an ideal gas, by their names"),
        |table| {
            let molecules = table.named_tables(MOLECULE, MOLECULE_MEANING, |table, entry| {
                read_molecule(table, &entry.key)
            });
            table.describe_named(MOLECULE, MOLECULE_MEANING, |table| {
                read_molecule(table, "");
            });
            Some(molecules)
        },
    );
    let states = table.list(
        self::table(
            "state",
            "States from left to right; the levels are drawn against the first one",
        ),
        |table, _| read_state(table),
    );
    let count = states.len();
    let states: Vec<DiagramState> = states.into_iter().flatten().collect();
    let gas: Option<Vec<GasMolecule>> = gas?.into_iter().collect();
    (states.len() == count).then_some(())?;
    Some(ReactionDiagram {
        temperature: temperature?,
        floor,
        parts,
        gas: gas?,
        states,
    })
}

const MOLECULE: &str = "<molecule>";
const MOLECULE_MEANING: &str = "A molecule: rigid rotor, harmonic oscillator";

/// At most so many atoms or vibrations.
const MOST: usize = 3000;

fn read_molecule(table: &mut Table<'_, '_>, name: &str) -> Option<GasMolecule> {
    let energy = table.default(
        key("energy", "Energy of the resting molecule", "\"-6.77 eV\""),
        &any_sign::<kind::Energy>(),
        "\"0 eV\"",
    );
    let pressure = table.required(
        key("pressure", "Partial pressure", "\"20 kPa\""),
        &positive::<kind::Pressure>(),
    );
    let geometry = table.required(
        key(
            "geometry",
            "Its atoms: symbol and place in Å",
            "[\"H 0 0 0\", \"H 0 0 0.741\"]",
        ),
        &ListOf {
            form: Text,
            lengths: 1..=MOST,
        },
    );
    let symmetry_number = table.default(
        key(
            "symmetry_number",
            "How many rotations bring it onto itself",
            "2",
        ),
        &Integer(1..=1000),
        "1",
    );
    let multiplicity = table.default(
        key("multiplicity", "Spin multiplicity 2S + 1", "3"),
        &Integer(1..=100),
        "1",
    );
    let wavenumbers = table.required(wavenumbers_key(), &WAVENUMBERS);
    Some(GasMolecule {
        name: name.to_owned(),
        energy,
        pressure: pressure?,
        geometry: geometry?,
        symmetry_number,
        multiplicity,
        wavenumbers: wavenumbers?,
    })
}

const WAVENUMBERS: ListOf<Number> = ListOf {
    form: Number,
    lengths: 0..=MOST,
};

fn wavenumbers_key() -> crate::walk::table::Key {
    key(
        "wavenumbers",
        "Vibrations in 1/cm; the imaginary one of a transition state as a negative number",
        "[4401.2]",
    )
}

fn read_state(table: &mut Table<'_, '_>) -> Option<DiagramState> {
    let label = table.required(key("label", "Its label", "\"H2O*\""), &Text);
    let kind = table.default(
        key("kind", "What it is", "\"transition-state\""),
        &KINDS,
        "\"minimum\"",
    );
    let energy = table.required(
        key(
            "energy",
            "Energy of the surface with what is on it, at rest",
            "\"-412.31 eV\"",
        ),
        &any_sign::<kind::Energy>(),
    );
    let formula = table.default(
        key(
            "formula",
            "Atoms of the surface with what is on it; states must have the same atoms, those of their gas included",
            "\"Fe24O32H2\"",
        ),
        &Text,
        "\"\"",
    );
    let wavenumbers = table.default(wavenumbers_key(), &WAVENUMBERS, "[]");
    let gas = table.optional_table(
        self::table("gas", "How many molecules of the gas belong to the state"),
        "none",
        |table| {
            let values = table.named_values(key("<molecule>", "How many", "0.5"), &Number);
            Some(
                values
                    .into_iter()
                    .map(|(entry, number)| (entry.key.clone(), number))
                    .collect::<Vec<_>>(),
            )
        },
    );
    Some(DiagramState {
        label: label?,
        kind,
        energy: energy?,
        formula,
        wavenumbers,
        gas: gas.unwrap_or_default(),
    })
}

//! A particle: body, contents, twins, adatoms, how it is turned.

use frit_units::{Length, kind};

use crate::document::{Node, Value};
use crate::elements::crystal::{Contents, read_contents};
use crate::elements::orientation::{Turn, miller, read_turn, write_miller};
use crate::elements::shape::{Body, read_body};
use crate::error::DeckErrorKind;
use crate::walk::form::{Complaint, Form, Fraction, ListOf, Symbol, any, quoted};
use crate::walk::{Table, key};

/// A free particle.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// Its shape and crystal, or its file.
    pub body: Body,
    /// What its sites hold; `None` for atoms of a file.
    pub contents: Option<Contents>,
    /// Heights of its (111) twin planes above the centre.
    pub twins: Vec<Length>,
    /// Atoms on its facets, if any.
    pub adatoms: Option<Adatoms>,
    /// How it is turned.
    pub turn: Turn,
}

/// Atoms on the facets of a particle.
#[derive(Debug, Clone, PartialEq)]
pub struct Adatoms {
    /// Fraction of a complete monolayer on each of the facets.
    pub coverage: f64,
    /// Which element they are.
    pub species: AdatomSpecies,
    /// Where they sit.
    pub facets: Vec<Facets>,
}

/// Which element adatoms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdatomSpecies {
    /// Drawn at the particle's composition.
    Alloy,
    /// All of one element.
    Element(String),
}

/// Facets that hold adatoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facets {
    /// The one that faces the other particle of a pair.
    Facing,
    /// One facet, by the Miller indices of its outward normal.
    One([i32; 3]),
    /// All facets of a family.
    Family([i32; 3]),
}

struct FacetsForm {
    in_pair: bool,
}

/// The facets along the axes of the crystal.
const AXIAL: [(&str, [i32; 3]); 6] = [
    ("+x", [1, 0, 0]),
    ("-x", [-1, 0, 0]),
    ("+y", [0, 1, 0]),
    ("-y", [0, -1, 0]),
    ("+z", [0, 0, 1]),
    ("-z", [0, 0, -1]),
];

impl Form for FacetsForm {
    type Value = Facets;

    fn takes(&self) -> String {
        let facing = if self.in_pair { "`\"facing\"`, " } else { "" };
        format!(
            "{facing}`\"+x\"` to `\"-z\"`, a facet such as `\"(1-11)\"`, or a family such as `\"{{111}}\"`"
        )
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Facets> {
        let Value::Text { text, .. } = &node.value else {
            let message = format!("expected a facet; found {}", node.value.describe());
            let help = format!("it takes {}", self.takes());
            complaints.push(Complaint::new(DeckErrorKind::WrongType, message, help));
            return None;
        };
        let text = text.trim();
        if text == "facing" {
            if self.in_pair {
                return Some(Facets::Facing);
            }
            let message = "only a particle of a pair has a facing facet".to_owned();
            let help = format!("it takes {}", self.takes());
            complaints.push(Complaint::new(DeckErrorKind::UnknownValue, message, help));
            return None;
        }
        if let Some((_, plane)) = AXIAL.iter().find(|(name, _)| *name == text) {
            return Some(Facets::One(*plane));
        }
        let within = |open: char, close: char| text.strip_prefix(open)?.strip_suffix(close);
        let one = within('(', ')').and_then(miller).map(Facets::One);
        let facets = one.or_else(|| within('{', '}').and_then(miller).map(Facets::Family));
        if facets.is_none() {
            if miller(text).is_some() {
                let message = format!("`{text}` may be one facet or a family");
                let help = format!(
                    "write \"({text})\" for one facet, \"{{{text}}}\" for all of its family"
                );
                complaints.push(Complaint::new(DeckErrorKind::UnknownValue, message, help));
            } else {
                let message = format!("`{text}` is no facet");
                let help = format!("it takes {}", self.takes());
                complaints.push(Complaint::new(DeckErrorKind::UnknownValue, message, help));
            }
        }
        facets
    }

    fn write(&self, value: &Facets) -> String {
        match value {
            Facets::Facing => quoted("facing"),
            Facets::One(plane) => {
                let axial = AXIAL.iter().find(|(_, known)| known == plane);
                let name = axial.map(|(name, _)| (*name).to_owned());
                quoted(&name.unwrap_or_else(|| format!("({})", write_miller(*plane))))
            }
            Facets::Family(plane) => quoted(&format!("{{{}}}", write_miller(*plane))),
        }
    }
}

pub(crate) struct SpeciesForm;

impl Form for SpeciesForm {
    type Value = AdatomSpecies;

    fn takes(&self) -> String {
        "symbol of an element, or `\"alloy\"`".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<AdatomSpecies> {
        if matches!(&node.value, Value::Text { text, .. } if text == "alloy") {
            return Some(AdatomSpecies::Alloy);
        }
        Symbol.read(node, complaints).map(AdatomSpecies::Element)
    }

    fn write(&self, value: &AdatomSpecies) -> String {
        match value {
            AdatomSpecies::Alloy => quoted("alloy"),
            AdatomSpecies::Element(symbol) => quoted(symbol),
        }
    }
}

/// A particle alone, whose adatoms sit on facets that the deck names.
pub(crate) fn read_single(table: &mut Table<'_, '_>) -> Option<Particle> {
    read(table, |table| table.required(FACETS, &facets_form(false)))
}

/// A particle of a pair, whose adatoms sit on the facet that faces the other one, or on named ones.
pub(crate) fn read_of_pair(table: &mut Table<'_, '_>) -> Option<Particle> {
    read(table, |table| {
        Some(table.default(FACETS, &facets_form(true), "[\"facing\"]"))
    })
}

const FACETS: crate::walk::Key = key(
    "facets",
    "Facets that hold adatoms, by their outward normals in the crystal",
    "[\"{100}\"]",
);

fn facets_form(in_pair: bool) -> ListOf<FacetsForm> {
    ListOf {
        form: FacetsForm { in_pair },
        lengths: 1..=48,
    }
}

fn read(
    table: &mut Table<'_, '_>,
    facets: fn(&mut Table<'_, '_>) -> Option<Vec<Facets>>,
) -> Option<Particle> {
    let body = read_body(table);
    let from_file = table.has("file");
    let contents = if from_file {
        for name in [
            "composition",
            "sublattices",
            "arrangement",
            "shells",
            "twins",
            "adatoms",
        ] {
            table.refuse(
                name,
                "the atoms of the file are taken as they are",
                "leave it out, or cut the particle from a crystal",
            );
        }
        table.skip(&["composition", "sublattices", "arrangement", "shells"]);
        None
    } else {
        read_contents(table)
    };
    let twins = table.default(
        key(
            "twins",
            "Heights of (111) twin planes along [111] from the centre, each put on the nearest atomic plane: the crystal above is mirrored; fcc only",
            "[\"0 Å\"]",
        ),
        &ListOf {
            form: any::<kind::Length>(),
            lengths: 0..=100,
        },
        "[]",
    );
    let adatoms = table.optional_table(
        crate::walk::table(
            "adatoms",
            "Atoms on facets, at random sites of the next layer",
        ),
        "none",
        |table| read_adatoms(table, facets),
    );
    let turn = read_turn(table);
    if contents.is_none() && !from_file {
        return None;
    }
    Some(Particle {
        body: body?,
        contents,
        twins,
        adatoms,
        turn,
    })
}

fn read_adatoms(
    table: &mut Table<'_, '_>,
    facets: fn(&mut Table<'_, '_>) -> Option<Vec<Facets>>,
) -> Option<Adatoms> {
    let each = "exactly one of `coverage` and `removed`";
    let coverage = table.optional(
        key(
            "coverage",
            "Fraction of a complete monolayer on each of the facets",
            "0.2",
        ),
        &Fraction,
        each,
    );
    let removed = table.optional(
        key(
            "removed",
            "Fraction of a complete monolayer that is removed from each of the facets",
            "0.8",
        ),
        &Fraction,
        each,
    );
    table.exactly_one(&["coverage", "removed"]);
    let species = table.default(
        key(
            "species",
            "Which element they are; `alloy` draws them at the particle's composition",
            "\"Fe\"",
        ),
        &SpeciesForm,
        "\"alloy\"",
    );
    let facets = facets(table);
    // A fraction removed is 1 less the coverage, without the rounding of the difference.
    let kept = |removed: f64| ((1.0 - removed) * 1e12).round() / 1e12;
    Some(Adatoms {
        coverage: coverage.or(removed.map(kept))?,
        species,
        facets: facets?,
    })
}

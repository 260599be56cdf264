//! A particle: shape, composition, adatoms.

use frit_units::{Length, kind};

use crate::document::{Node, Value};
use crate::elements::crystal::{Composition, LATTICES, Lattice, read_composition};
use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, Complaint, Form, Fraction, Integer, LARGEST, ListOf, Symbol};
use crate::walk::form::{positive, quoted};
use crate::walk::{Table, Variant, key, table};

/// A free particle.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// Its shape and crystal.
    pub shape: Shape,
    /// What its sites hold, at random but in exact numbers.
    pub composition: Composition,
    /// Atoms on its facets, if any.
    pub adatoms: Option<Adatoms>,
}

/// The shape of a particle.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A cube with (100) facets.
    Cube(Cube),
}

/// A cube cut from a crystal along its cubic axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// Crystal lattice.
    pub lattice: Lattice,
    /// Edge of the conventional cubic cell.
    pub constant: Length,
    /// How large.
    pub size: CubeSize,
}

/// The size of a cube.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CubeSize {
    /// By the distance between opposite facet layers; the nearest complete crystal is built.
    Edge(Length),
    /// By the number of atoms; the nearest complete crystal is built.
    Atoms(u64),
}

/// Atoms on the facets of a particle.
#[derive(Debug, Clone, PartialEq)]
pub struct Adatoms {
    /// Fraction of a complete monolayer on each of the facets.
    pub coverage: f64,
    /// Which element they are.
    pub species: AdatomSpecies,
    /// Where they sit.
    pub facets: Facets,
}

/// Which element adatoms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdatomSpecies {
    /// Drawn at the particle's composition.
    Alloy,
    /// All of one element.
    Element(String),
}

/// The facets that hold adatoms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facets {
    /// The one that faces the other particle of a pair.
    Facing,
    /// Named ones.
    Named(Vec<Facet>),
}

/// A facet of a cube, by the direction of its outward normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// Towards +x.
    PlusX,
    /// Towards -x.
    MinusX,
    /// Towards +y.
    PlusY,
    /// Towards -y.
    MinusY,
    /// Towards +z.
    PlusZ,
    /// Towards -z.
    MinusZ,
}

const FACETS: Choice<Facet> = Choice(&[
    ("+x", Facet::PlusX),
    ("-x", Facet::MinusX),
    ("+y", Facet::PlusY),
    ("-y", Facet::MinusY),
    ("+z", Facet::PlusZ),
    ("-z", Facet::MinusZ),
]);

struct SpeciesForm;

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
    read(table, |table| {
        let facets = table.required(
            key(
                "facets",
                "Facets that hold adatoms, by their outward normals",
                "[\"+x\"]",
            ),
            &ListOf {
                form: FACETS,
                lengths: 1..=6,
            },
        )?;
        for (index, facet) in facets.iter().enumerate() {
            if facets[..index].contains(facet) {
                let message = format!("the facet {} is named twice", FACETS.write(facet));
                table.error_at("facets", DeckErrorKind::Inconsistent, message, None);
            }
        }
        Some(Facets::Named(facets))
    })
}

/// A particle of a pair, whose adatoms sit on the facet that faces the other one.
pub(crate) fn read_of_pair(table: &mut Table<'_, '_>) -> Option<Particle> {
    read(table, |_| Some(Facets::Facing))
}

fn read(
    table: &mut Table<'_, '_>,
    facets: fn(&mut Table<'_, '_>) -> Option<Facets>,
) -> Option<Particle> {
    let shape = table.variants(&[Variant {
        key: self::table(
            "cube",
            "A cube with (100) facets, cut from a crystal along its cubic axes",
        ),
        read: read_cube,
    }]);
    let composition = table.required_table(
        self::table(
            "composition",
            "Fractions of the elements; the counts are exact, the sites random",
        ),
        read_composition,
    );
    let adatoms = table.optional_table(
        self::table(
            "adatoms",
            "Atoms on a facet, at random fourfold sites of the next layer",
        ),
        "none",
        |table| read_adatoms(table, facets),
    );
    Some(Particle {
        shape: shape?,
        composition: composition?,
        adatoms,
    })
}

fn read_cube(table: &mut Table<'_, '_>) -> Option<Shape> {
    let lattice = table.required(key("lattice", "Crystal lattice", "\"fcc\""), &LATTICES);
    let constant = table.required(
        key(
            "constant",
            "Edge of the conventional cubic cell",
            "\"3.92 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let edge = table.optional(
        key(
            "edge",
            "Distance between opposite facets; the nearest whole crystal is built",
            "\"31 Å\"",
        ),
        &positive::<kind::Length>(),
        "exactly one of `edge` and `atoms`",
    );
    let atoms = table.optional(
        key(
            "atoms",
            "Number of atoms; the nearest whole crystal is built",
            "2000",
        ),
        &Integer(1..=LARGEST),
        "exactly one of `edge` and `atoms`",
    );
    table.exactly_one(&["edge", "atoms"]);
    let size = edge.map(CubeSize::Edge).or(atoms.map(CubeSize::Atoms));
    Some(Shape::Cube(Cube {
        lattice: lattice?,
        constant: constant?,
        size: size?,
    }))
}

fn read_adatoms(
    table: &mut Table<'_, '_>,
    facets: fn(&mut Table<'_, '_>) -> Option<Facets>,
) -> Option<Adatoms> {
    let coverage = table.required(
        key(
            "coverage",
            "Fraction of a complete monolayer on each of the facets",
            "0.2",
        ),
        &Fraction,
    );
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
    Some(Adatoms {
        coverage: coverage?,
        species,
        facets: facets?,
    })
}

//! What particles and crystals are made of: lattice, lengths, elements and how they are arranged.

use frit_units::{Length, kind};

use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, Form, Fraction, Integer, PositiveNumber, Symbol, positive};
use crate::walk::{Table, key, table};

/// A crystal lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lattice {
    /// Face-centred cubic.
    FaceCentredCubic,
    /// Body-centred cubic.
    BodyCentredCubic,
    /// Simple cubic.
    SimpleCubic,
    /// Hexagonal close-packed, in an orthogonal cell.
    HexagonalClosePacked,
    /// Cu3Au.
    L12,
    /// CuAu.
    L10,
    /// NaCl.
    Rocksalt,
    /// CaF2.
    Fluorite,
    /// MgAl2O4.
    Spinel,
    /// Cu2O.
    Cuprite,
    /// TiO2.
    Rutile,
    /// TiO2.
    Anatase,
}

const LATTICES: Choice<Lattice> = Choice(&[
    ("fcc", Lattice::FaceCentredCubic),
    ("bcc", Lattice::BodyCentredCubic),
    ("sc", Lattice::SimpleCubic),
    ("hcp", Lattice::HexagonalClosePacked),
    ("L1_2", Lattice::L12),
    ("L1_0", Lattice::L10),
    ("rocksalt", Lattice::Rocksalt),
    ("fluorite", Lattice::Fluorite),
    ("spinel", Lattice::Spinel),
    ("cuprite", Lattice::Cuprite),
    ("rutile", Lattice::Rutile),
    ("anatase", Lattice::Anatase),
]);

/// A lattice with its lengths.
#[derive(Debug, Clone, PartialEq)]
pub struct Crystal {
    /// Crystal lattice.
    pub lattice: Lattice,
    /// Edge a of the conventional cell.
    pub constant: Length,
    /// c/a; `None` for the usual one.
    pub ratio: Option<f64>,
    /// Internal coordinate of the anions; `None` for the usual one.
    pub internal: Option<f64>,
}

pub(crate) fn read_crystal(table: &mut Table<'_, '_>) -> Option<Crystal> {
    let lattice = table.required(key("lattice", "Crystal lattice", "\"fcc\""), &LATTICES);
    let constant = table.required(
        key(
            "constant",
            "Lattice constant a: edge of the conventional cell along x",
            "\"3.92 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let ratio = table.optional(
        key("ratio", "c/a of L1_0, hcp, rutile and anatase", "0.964"),
        &PositiveNumber,
        "that of FePt, touching spheres or TiO₂",
    );
    let internal = table.optional(
        key(
            "internal",
            "Coordinate of the anions of spinel (u), rutile (x) and anatase (z), in edges of the cell",
            "0.3048",
        ),
        &PositiveNumber,
        "that of Fe₃O₄ or TiO₂",
    );
    Some(Crystal {
        lattice: lattice?,
        constant: constant?,
        ratio,
        internal,
    })
}

/// Fractions of the elements, which add to one; sorted by symbol.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// Symbol and fraction of each element.
    pub fractions: Vec<(String, f64)>,
}

/// What stands on the sites of a crystal.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// The elements.
    pub sites: Sites,
    /// How they lie.
    pub arrangement: Arrangement,
}

/// Which elements stand on which sites.
#[derive(Debug, Clone, PartialEq)]
pub enum Sites {
    /// One alloy on all sites.
    All(Composition),
    /// One on each sublattice, by name; sorted by name.
    Sublattices(Vec<(String, Composition)>),
}

/// How the elements of an alloy lie on its sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrangement {
    /// At random, in exact numbers.
    Random,
    /// With the least correlation in this many shells of neighbours.
    SpecialQuasirandom {
        /// Shells of neighbours.
        shells: u64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum ArrangementName {
    Random,
    SpecialQuasirandom,
}

/// More shells reach beyond small cells and cost without use.
const MOST_SHELLS: u64 = 8;

/// The keys `composition`, `sublattices`, `arrangement` and `shells`.
pub(crate) fn read_contents(table: &mut Table<'_, '_>) -> Option<Contents> {
    let each = "exactly one of `composition` and `sublattices`";
    let composition = table.optional_table(
        self::table(
            "composition",
            "Fractions of the elements; the counts are exact",
        ),
        each,
        read_composition,
    );
    let sublattices = table.optional_table(
        self::table(
            "sublattices",
            "What stands on each sublattice: `corner`, `face` of L1_2; `first-layer`, `second-layer` of L1_0; `tetrahedral`, `octahedral`, `anion` of spinel; `cation`, `anion` of the other oxides",
        ),
        each,
        read_sublattices,
    );
    table.exactly_one(&["composition", "sublattices"]);
    let arrangement = table.default(
        key(
            "arrangement",
            "How the elements lie on the sites: at random, or with as little correlation between neighbours as Monte Carlo exchanges find",
            "\"special-quasirandom\"",
        ),
        &Choice(&[
            ("random", ArrangementName::Random),
            ("special-quasirandom", ArrangementName::SpecialQuasirandom),
        ]),
        "\"random\"",
    );
    let shells = table.optional(
        key(
            "shells",
            "Shells of neighbours without correlation in a special quasi-random arrangement",
            "2",
        ),
        &Integer(1..=MOST_SHELLS),
        "3",
    );
    let arrangement = match arrangement {
        ArrangementName::Random => {
            table.refuse(
                "shells",
                "a random arrangement has no shells",
                "add `arrangement = \"special-quasirandom\"`, or leave `shells` out",
            );
            Arrangement::Random
        }
        ArrangementName::SpecialQuasirandom => Arrangement::SpecialQuasirandom {
            shells: shells.unwrap_or(3),
        },
    };
    let sites = composition
        .map(Sites::All)
        .or(sublattices.map(Sites::Sublattices));
    Some(Contents {
        sites: sites?,
        arrangement,
    })
}

fn read_sublattices(table: &mut Table<'_, '_>) -> Option<Vec<(String, Composition)>> {
    const MEANING: &str = "Fractions of the elements on this sublattice";
    table.describe_named("<sublattice>", MEANING, read_composition);
    let named = table.named_tables("<sublattice>", MEANING, |table, entry| {
        read_composition(table).map(|composition| (entry.key.clone(), composition))
    });
    if named.is_empty() {
        table.error_here(
            DeckErrorKind::MissingKey,
            "no sublattice is named".to_owned(),
            "such as `cation.Ce = 1.0` and `anion.O = 1.0`".to_owned(),
        );
        return None;
    }
    named.into_iter().collect()
}

/// Largest deviation of the sum of fractions from one: thirds typed as 0.33333 pass, a forgotten
/// digit does not. What is missing is spread in proportion when the structure is built.
const SUM_TOLERANCE: f64 = 1e-5;

pub(crate) fn read_composition(table: &mut Table<'_, '_>) -> Option<Composition> {
    let placeholder = key(
        "<element>",
        "Fraction of this element; all fractions add to one",
        "0.85",
    );
    let values = table.named_values(placeholder, &Fraction);
    let count = values.len();
    let mut fractions = Vec::with_capacity(count);
    for (entry, fraction) in values {
        match Symbol::check(&entry.key) {
            Ok(()) => fractions.push((entry.key.clone(), fraction)),
            Err(complaint) => table.complain_about_key(entry, complaint),
        }
    }
    if fractions.len() < table.entry_count() {
        return None;
    }
    // Sorted, so that the order of the lines does not change what is built.
    fractions.sort_by(|first, second| first.0.cmp(&second.0));
    for (symbol, fraction) in &fractions {
        table.record(symbol, Fraction.write(fraction));
    }
    let sum: f64 = fractions.iter().map(|(_, fraction)| fraction).sum();
    if (sum - 1.0).abs() <= SUM_TOLERANCE {
        return Some(Composition { fractions });
    }
    let (message, help) = match fractions.as_slice() {
        [] => (
            "the composition names no element".to_owned(),
            "such as `Pt = 1.0`".to_owned(),
        ),
        [.., (last, fraction)] => {
            let message = format!("the fractions add to {}, not to 1", rounded(sum));
            let completed = fraction + 1.0 - sum;
            let help = if completed > 0.0 {
                format!(
                    "with the others as they are, `{last} = {}` would do",
                    rounded(completed)
                )
            } else {
                "fractions are of all atoms".to_owned()
            };
            (message, help)
        }
    };
    table.error_here(DeckErrorKind::Inconsistent, message, help);
    None
}

/// Without the digits that are only rounding.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

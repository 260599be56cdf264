//! The units that are understood, and suggestions for those that are not.

use crate::constants::{ATOMIC_MASS_UNIT, BOHR_RADIUS, ELEMENTARY_CHARGE};
use crate::dimension::Dimension;
use crate::scale::Scale;

/// A unit of the table, without prefix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Unit {
    pub(crate) scale: Scale,
    pub(crate) dimension: Dimension,
    /// Value of the zero of an affine scale [K]; `Some` for the degree Celsius only.
    pub(crate) zero: Option<f64>,
}

struct Definition {
    /// The first is shown in documentation; all are read.
    symbols: &'static [&'static str],
    name: &'static str,
    dimension: Dimension,
    scale: Scale,
    prefixes: bool,
}

/// One row of the list of units, for documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUnit {
    /// Every accepted spelling, the usual one first.
    pub symbols: &'static [&'static str],
    /// Name in words.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Whether SI prefixes (`f` to `E`) may stand before it.
    pub prefixes: bool,
}

/// Every unit that may be written, in the order of the documentation.
pub fn known_units() -> impl Iterator<Item = KnownUnit> {
    UNITS.iter().map(|unit| KnownUnit {
        symbols: unit.symbols,
        name: unit.name,
        dimension: unit.dimension,
        prefixes: unit.prefixes,
    })
}

const fn plain(
    symbols: &'static [&'static str],
    name: &'static str,
    dimension: Dimension,
    scale: Scale,
) -> Definition {
    Definition {
        symbols,
        name,
        dimension,
        scale,
        prefixes: false,
    }
}

const fn prefixed(
    symbols: &'static [&'static str],
    name: &'static str,
    dimension: Dimension,
    scale: Scale,
) -> Definition {
    Definition {
        symbols,
        name,
        dimension,
        scale,
        prefixes: true,
    }
}

/// Zero of the Celsius scale [K], exact.
const CELSIUS_ZERO: f64 = 273.15;
pub(crate) const CELSIUS: &str = "°C";
/// Hartree energy over twice the Rydberg's: 1 Ha = 27.211386245981 eV (CODATA 2022).
const HARTREE_IN_EV: f64 = 27.211_386_245_981;

// Spellings of Å: U+00C5, U+212B, and A followed by the combining ring U+030A.
const UNITS: &[Definition] = &[
    plain(
        &[
            "Å",
            "\u{212b}",
            "A\u{30a}",
            "A",
            "angstrom",
            "Angstrom",
            "ångström",
        ],
        "ångström",
        Dimension::LENGTH,
        Scale::new(1.0, -10),
    ),
    prefixed(&["m"], "metre", Dimension::LENGTH, Scale::ONE),
    plain(
        &["bohr", "Bohr"],
        "Bohr radius",
        Dimension::LENGTH,
        Scale::new(BOHR_RADIUS, -10),
    ),
    prefixed(&["s"], "second", Dimension::TIME, Scale::ONE),
    plain(&["min"], "minute", Dimension::TIME, Scale::new(60.0, 0)),
    plain(&["h"], "hour", Dimension::TIME, Scale::new(3600.0, 0)),
    plain(&["d"], "day", Dimension::TIME, Scale::new(86_400.0, 0)),
    prefixed(&["K"], "kelvin", Dimension::TEMPERATURE, Scale::ONE),
    plain(
        &[CELSIUS, "degC", "℃"],
        "degree Celsius, alone only",
        Dimension::TEMPERATURE,
        Scale::ONE,
    ),
    prefixed(
        &["eV"],
        "electronvolt",
        Dimension::ENERGY,
        Scale::new(ELEMENTARY_CHARGE, 0),
    ),
    prefixed(&["J"], "joule", Dimension::ENERGY, Scale::ONE),
    prefixed(&["cal"], "calorie", Dimension::ENERGY, Scale::new(4.184, 0)),
    plain(
        &["Ha", "hartree", "Hartree"],
        "hartree",
        Dimension::ENERGY,
        Scale::new(HARTREE_IN_EV * ELEMENTARY_CHARGE, 0),
    ),
    plain(
        &["u", "Da", "amu"],
        "atomic mass unit",
        Dimension::MASS,
        Scale::new(ATOMIC_MASS_UNIT, 0),
    ),
    prefixed(&["g"], "gram", Dimension::MASS, Scale::new(1.0, -3)),
    prefixed(&["Pa"], "pascal", Dimension::PRESSURE, Scale::ONE),
    prefixed(&["bar"], "bar", Dimension::PRESSURE, Scale::new(1.0, 5)),
    plain(
        &["atm"],
        "atmosphere",
        Dimension::PRESSURE,
        Scale::new(101_325.0, 0),
    ),
    plain(
        &["Torr", "torr"],
        "torr",
        Dimension::PRESSURE,
        Scale::new(101_325.0 / 760.0, 0),
    ),
    prefixed(&["N"], "newton", Dimension::FORCE, Scale::ONE),
    prefixed(&["Hz"], "hertz", Dimension::RATE, Scale::ONE),
    prefixed(&["W"], "watt", Dimension::POWER, Scale::ONE),
    prefixed(&["V"], "volt", Dimension::VOLTAGE, Scale::ONE),
    plain(
        &["e"],
        "elementary charge",
        Dimension::CHARGE,
        Scale::new(ELEMENTARY_CHARGE, 0),
    ),
    prefixed(&["C"], "coulomb", Dimension::CHARGE, Scale::ONE),
    prefixed(&["mol"], "mole", Dimension::AMOUNT, Scale::ONE),
];

// Micro: U+00B5 (micro sign), U+03BC (Greek letter), and u.
const PREFIXES: &[(&str, i32)] = &[
    ("a", -18),
    ("f", -15),
    ("p", -12),
    ("n", -9),
    ("µ", -6),
    ("\u{3bc}", -6),
    ("u", -6),
    ("m", -3),
    ("c", -2),
    ("d", -1),
    ("h", 2),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];

/// Words that people write in place of a symbol.
const WORDS: &[(&str, &str)] = &[
    ("kelvin", "K"),
    ("kelvins", "K"),
    ("celsius", CELSIUS),
    ("deg", CELSIUS),
    ("°", CELSIUS),
    ("°k", "K"),
    ("angstroms", "Å"),
    ("ang", "Å"),
    ("nanometer", "nm"),
    ("nanometre", "nm"),
    ("metre", "m"),
    ("meter", "m"),
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("picosecond", "ps"),
    ("picoseconds", "ps"),
    ("femtosecond", "fs"),
    ("femtoseconds", "fs"),
    ("nanosecond", "ns"),
    ("nanoseconds", "ns"),
    ("microseconds", "µs"),
    ("minutes", "min"),
    ("hours", "h"),
    ("days", "d"),
    ("electronvolt", "eV"),
    ("electronvolts", "eV"),
    ("joule", "J"),
    ("dalton", "u"),
    ("pascal", "Pa"),
    ("bars", "bar"),
    ("atmosphere", "atm"),
];

/// Finds a unit by its symbol, prefix included.
pub(crate) fn find(symbol: &str) -> Option<Unit> {
    if let Some(unit) = UNITS.iter().find(|unit| unit.symbols.contains(&symbol)) {
        let zero = unit.symbols.contains(&CELSIUS).then_some(CELSIUS_ZERO);
        return Some(Unit {
            scale: unit.scale,
            dimension: unit.dimension,
            zero,
        });
    }
    PREFIXES.iter().find_map(|(prefix, exponent)| {
        let rest = symbol.strip_prefix(prefix)?;
        let unit = UNITS
            .iter()
            .find(|unit| unit.prefixes && unit.symbols.contains(&rest))?;
        let scale = unit.scale.times(Scale::new(1.0, *exponent));
        Some(Unit {
            scale,
            dimension: unit.dimension,
            zero: None,
        })
    })
}

/// Symbols that the writer of an unknown one may have meant, best first, at most three.
pub(crate) fn suggestions(symbol: &str) -> Vec<String> {
    let lower = symbol.to_lowercase();
    if let Some((_, meant)) = WORDS.iter().find(|(word, _)| *word == lower) {
        return vec![(*meant).to_owned()];
    }
    let mut candidates: Vec<(usize, String)> = all_symbols()
        .filter_map(|candidate| {
            if candidate.to_lowercase() == lower {
                return Some((0, candidate));
            }
            // Two letters differ from half the table by one letter: no suggestion is better.
            let distance = strsim::damerau_levenshtein(&candidate, symbol);
            (symbol.chars().count() > 2 && distance == 1).then_some((1, candidate))
        })
        .collect();
    let best = candidates.iter().map(|(distance, _)| *distance).min();
    candidates.retain(|(distance, _)| Some(*distance) == best);
    candidates.truncate(3);
    candidates
        .into_iter()
        .map(|(_, candidate)| candidate)
        .collect()
}

fn all_symbols() -> impl Iterator<Item = String> {
    // Common prefixes only: attometres and exabars are never what was meant.
    let common = PREFIXES
        .iter()
        .filter(|(prefix, _)| "f p n µ m c k M G T".contains(prefix));
    let bare = UNITS.iter().map(|unit| unit.symbols[0].to_owned());
    let with_prefix = common.flat_map(|(prefix, _)| {
        UNITS
            .iter()
            .filter(|unit| unit.prefixes)
            .map(move |unit| format!("{prefix}{}", unit.symbols[0]))
    });
    bare.chain(with_prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_has_two_meanings() {
        let mut spellings: Vec<String> = Vec::new();
        for unit in UNITS {
            for symbol in unit.symbols {
                spellings.push((*symbol).to_owned());
                if unit.prefixes {
                    let with_prefix = PREFIXES
                        .iter()
                        .map(|(prefix, _)| format!("{prefix}{symbol}"));
                    spellings.extend(with_prefix);
                }
            }
        }
        spellings.sort();
        for pair in spellings.windows(2) {
            assert_ne!(pair[0], pair[1], "ambiguous unit");
        }
    }

    #[test]
    fn suggests_by_case_word_and_slip() {
        assert_eq!(suggestions("k"), ["K"]);
        assert_eq!(suggestions("ev"), ["eV"]);
        assert_eq!(suggestions("kelvin"), ["K"]);
        assert_eq!(suggestions("baar"), ["bar"]);
        assert!(suggestions("mev").contains(&"meV".to_owned()));
        assert!(suggestions("q").is_empty());
    }
}

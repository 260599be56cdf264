//! What particles and crystals are made of: lattice and composition.

use crate::error::DeckErrorKind;
use crate::walk::Table;
use crate::walk::form::{Choice, Form, Fraction, Symbol};
use crate::walk::key;

/// A crystal lattice with one atom on each site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lattice {
    /// Face-centred cubic.
    FaceCentredCubic,
    /// Body-centred cubic.
    BodyCentredCubic,
    /// Simple cubic.
    SimpleCubic,
}

pub(crate) const LATTICES: Choice<Lattice> = Choice(&[
    ("fcc", Lattice::FaceCentredCubic),
    ("bcc", Lattice::BodyCentredCubic),
    ("sc", Lattice::SimpleCubic),
]);

/// Fractions of the elements, which add to one; sorted by symbol.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// Symbol and fraction of each element.
    pub fractions: Vec<(String, f64)>,
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

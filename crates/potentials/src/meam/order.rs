//! Finds out whether the elements are listed in the order that a parameter file means.
//!
//! The numbers in a parameter file are the one thing that nothing in the format ties to names. Most
//! files repeat cohesive energy and distance of each element, which tell elements apart.

use super::error::{MeamFileError, MeamProblem};
use super::library::LibraryEntry;
use super::parameter_file::Settings;

/// Relative difference between file and library that is not rounding. Published files agree to
/// better than 1e-3, and even neighbours such as Ni and Fe differ by 4e-2 in cohesive energy.
const DIFFERENCE: f64 = 0.01;
/// Orders are tried for at most this many elements, for there are n! of them.
const LARGEST_SEARCH: usize = 8;

/// Warnings about what differs from the library.
///
/// # Errors
/// If another order fits and the present one does not.
pub(super) fn check(
    entries: &[LibraryEntry],
    settings: &Settings,
) -> Result<Vec<String>, MeamFileError> {
    let mut warnings = Vec::new();
    for number in 0..entries.len() {
        for quantity in Quantity::ALL {
            let Some(found) = settings.number(quantity.keyword(), &[number, number])? else {
                continue;
            };
            let expected = quantity.of(&entries[number]);
            if differs(found, expected) {
                if let Some(order) = fitting_order(entries, settings)? {
                    let problem = MeamProblem::ElementOrder {
                        number: number + 1,
                        quantity: quantity.keyword(),
                        found,
                        element: entries[number].name.clone(),
                        expected,
                        order,
                    };
                    let indices = [number, number];
                    return Err(settings.error_about(quantity.keyword(), &indices, problem));
                }
                warnings.push(format!(
                    "{}({n},{n}) = {found} overrides {expected} of {} in the library (line {})",
                    quantity.keyword(),
                    entries[number].name,
                    entries[number].line,
                    n = number + 1,
                ));
            }
        }
    }
    Ok(warnings)
}

#[derive(Clone, Copy)]
enum Quantity {
    Energy,
    Distance,
}

impl Quantity {
    const ALL: [Self; 2] = [Self::Energy, Self::Distance];

    fn keyword(self) -> &'static str {
        match self {
            Self::Energy => "Ec",
            Self::Distance => "re",
        }
    }

    fn of(self, entry: &LibraryEntry) -> f64 {
        match self {
            Self::Energy => entry.cohesive_energy,
            Self::Distance => entry.lattice.nearest(entry.lattice_constant),
        }
    }
}

fn differs(found: f64, expected: f64) -> bool {
    (found - expected).abs() > DIFFERENCE * expected
}

/// The names in an order that the file fits; `None` if there is none.
fn fitting_order(
    entries: &[LibraryEntry],
    settings: &Settings,
) -> Result<Option<String>, MeamFileError> {
    let n = entries.len();
    if n > LARGEST_SEARCH {
        return Ok(None);
    }
    let mut fits = vec![true; n * n];
    for number in 0..n {
        for quantity in Quantity::ALL {
            if let Some(found) = settings.number(quantity.keyword(), &[number, number])? {
                for (place, entry) in entries.iter().enumerate() {
                    fits[number * n + place] &= !differs(found, quantity.of(entry));
                }
            }
        }
    }
    let mut chosen = Vec::new();
    Ok(assign(&fits, n, &mut chosen).then(|| {
        let names: Vec<&str> = chosen
            .iter()
            .map(|&place| entries[place].name.as_str())
            .collect();
        names.join(", ")
    }))
}

/// Gives each number an element of its own that fits it, if that is possible.
fn assign(fits: &[bool], n: usize, chosen: &mut Vec<usize>) -> bool {
    let number = chosen.len();
    if number == n {
        return true;
    }
    for place in 0..n {
        if fits[number * n + place] && !chosen.contains(&place) {
            chosen.push(place);
            if assign(fits, n, chosen) {
                return true;
            }
            chosen.pop();
        }
    }
    false
}

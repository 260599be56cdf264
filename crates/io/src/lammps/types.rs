//! Names for LAMMPS's numbered types.

use frit_atoms::ELEMENTS;

/// How far a mass in a file may be from the standard atomic weight [u] to name its element: files
/// round masses, at worst to one decimal.
const ROUNDING: f64 = 0.05;

/// How far the mass of a mixture of isotopes may be from the standard atomic weight, as a part of it:
/// deuterium apart, simulations change masses by less to have other frequencies.
const ISOTOPES: f64 = 0.1;

/// The only element of this mass [u]; `None` if there is none, or several.
pub(crate) fn element_of_mass(mass: f64) -> Option<&'static str> {
    let mut fits = ELEMENTS
        .iter()
        .filter(|e| (e.mass - mass).abs() <= ROUNDING);
    match (fits.next(), fits.next()) {
        (Some(element), None) => Some(element.symbol),
        _ => None,
    }
}

/// What a note says of a type named after its mass.
pub(crate) fn guess_note(number: u32, mass: f64, element: &str) -> String {
    format!("type {number} has no name; read as {element} from its mass {mass} u")
}

/// What a note says of a type whose given name is not that in the file.
pub(crate) fn overridden_note(number: u32, given: &str, place: &str, label: &str) -> String {
    format!(
        "type {number} is {given}, as the given names say; {place} calls it {label}, which is not used"
    )
}

/// What a note says of a type with a given name whose mass is that of no such element; `None` if it
/// fits, or the name is no element's.
pub(crate) fn mass_note(number: u32, given: &str, mass: f64) -> Option<String> {
    let element = ELEMENTS.iter().find(|element| element.symbol == given)?;
    let fits = (element.mass - mass).abs() <= ISOTOPES * element.mass;
    (!fits).then(|| {
        format!(
            "type {number} is {given}, as the given names say, but its mass in the file is {mass} u, that of {given} {} u; \
             are the names in the order of the types?",
            element.mass
        )
    })
}

/// What a note says of a type without a name.
pub(crate) fn nameless_note(number: u32) -> String {
    format!("type {number} has neither a name nor the mass of one element; its name is `{number}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_name_elements_only_when_one_fits() {
        assert_eq!(element_of_mass(195.084), Some("Pt"));
        assert_eq!(element_of_mass(55.845), Some("Fe"));
        assert_eq!(element_of_mass(58.69), Some("Ni"));
        assert_eq!(element_of_mass(58.93), Some("Co"));
        assert_eq!(element_of_mass(1.0), Some("H"));
        // Bismuth and polonium.
        assert_eq!(element_of_mass(209.0), None);
        assert_eq!(element_of_mass(10.0), None);
        assert_eq!(element_of_mass(f64::NAN), None);
    }
}

//! Molecules that everybody knows, to catch slips: spins and symmetries that are left out count as
//! 1, which is wrong for many.

use std::fmt;

use super::Formula;

/// Name, symmetry number and spin multiplicity of molecules in their ground states: point groups
/// and terms of Herzberg, Molecular Spectra and Molecular Structure I to III (1945 to 1966).
const KNOWN: &[(&str, u32, u32)] = &[
    ("H", 1, 2),
    ("C", 1, 3),
    ("N", 1, 4),
    ("O", 1, 3),
    ("S", 1, 3),
    ("F", 1, 2),
    ("Cl", 1, 2),
    ("He", 1, 1),
    ("Ne", 1, 1),
    ("Ar", 1, 1),
    ("H2", 2, 1),
    ("N2", 2, 1),
    ("O2", 2, 3),
    ("F2", 2, 1),
    ("Cl2", 2, 1),
    ("S2", 2, 3),
    ("CO", 1, 1),
    ("NO", 1, 2),
    ("OH", 1, 2),
    ("HF", 1, 1),
    ("HCl", 1, 1),
    ("H2O", 2, 1),
    ("H2S", 2, 1),
    ("HCN", 1, 1),
    ("CO2", 2, 1),
    ("N2O", 1, 1),
    ("NO2", 2, 2),
    ("SO2", 2, 1),
    ("SO3", 6, 1),
    ("O3", 2, 1),
    ("H2O2", 2, 1),
    ("NH3", 3, 1),
    ("CH3", 6, 2),
    ("CH4", 12, 1),
    ("CH2O", 2, 1),
    ("CH3OH", 1, 1),
    ("HCOOH", 1, 1),
    ("C2H2", 2, 1),
    ("C2H4", 4, 1),
    ("C2H6", 6, 1),
    ("C3H6", 1, 1),
    ("C3H8", 2, 1),
    ("C6H6", 12, 1),
];

/// Something about a molecule that looks like a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The molecule of this name has another spin multiplicity in its ground state.
    Multiplicity {
        /// The name.
        name: String,
        /// The multiplicity found.
        found: u32,
        /// That of the ground state.
        known: u32,
    },
    /// The molecule of this name has another symmetry number.
    Symmetry {
        /// The name.
        name: String,
        /// The symmetry number found.
        found: u32,
        /// The known one.
        known: u32,
    },
    /// So many electrons cannot have this multiplicity: it is odd where they are even.
    Electrons {
        /// The name.
        name: String,
        /// Electrons of the neutral molecule.
        electrons: u64,
        /// The multiplicity found.
        found: u32,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Multiplicity { name, found, known } => write!(
                f,
                "the spin multiplicity of {name} is given as {found}; in its ground state it is {known}"
            ),
            Self::Symmetry { name, found, known } => write!(
                f,
                "the symmetry number of {name} is given as {found}; it is {known}"
            ),
            Self::Electrons {
                name,
                electrons,
                found,
            } => write!(
                f,
                "`{name}` has {electrons} electrons if it is neutral, and a spin multiplicity of {found}: it \
                 must be {}",
                match electrons % 2 {
                    0 => "odd (1 where all spins are paired)",
                    _ => "even (2 where one spin is not paired)",
                }
            ),
        }
    }
}

/// What looks like a slip in a molecule of this name and these atoms.
pub(super) fn doubts(
    name: &str,
    formula: &Formula,
    electrons: u64,
    (symmetry_number, multiplicity): (u32, u32),
) -> Vec<Doubt> {
    let known = KNOWN.iter().find(|(known, _, _)| {
        *known == name && Formula::parse(known).is_ok_and(|atoms| atoms.is_like(formula))
    });
    let name = name.to_owned();
    let Some(&(_, symmetry, spin)) = known else {
        let is_possible = electrons % 2 != u64::from(multiplicity) % 2;
        let found = multiplicity;
        return match is_possible {
            true => Vec::new(),
            false => vec![Doubt::Electrons {
                name,
                electrons,
                found,
            }],
        };
    };
    let mut doubts = Vec::new();
    if multiplicity != spin {
        doubts.push(Doubt::Multiplicity {
            name: name.clone(),
            found: multiplicity,
            known: spin,
        });
    }
    if symmetry_number != symmetry {
        doubts.push(Doubt::Symmetry {
            name,
            found: symmetry_number,
            known: symmetry,
        });
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::super::formula::element_of;
    use super::*;

    #[test]
    fn known_multiplicities_fit_their_electrons() {
        for (name, symmetry, multiplicity) in KNOWN {
            let formula = Formula::parse(name).unwrap();
            let electrons: f64 = formula
                .counts()
                .map(|(symbol, count)| f64::from(element_of(symbol).unwrap().number) * count)
                .sum();
            assert_ne!(electrons as u32 % 2, multiplicity % 2, "{name}");
            let found = doubts(name, &formula, electrons as u64, (*symmetry, *multiplicity));
            assert!(found.is_empty());
        }
    }

    #[test]
    fn slips_are_seen() {
        let hydrogen = Formula::parse("H2").unwrap();
        let seen = doubts("H2", &hydrogen, 2, (1, 2));
        let seen: Vec<String> = seen.iter().map(Doubt::to_string).collect();
        assert_eq!(
            seen,
            [
                "the spin multiplicity of H2 is given as 2; in its ground state it is 1",
                "the symmetry number of H2 is given as 1; it is 2"
            ]
        );
        // Another name, or other atoms: only what no molecule can be.
        assert!(doubts("hydrogen", &hydrogen, 2, (1, 3)).is_empty());
        assert!(matches!(
            doubts("hydrogen", &hydrogen, 2, (2, 2))[..],
            [Doubt::Electrons { electrons: 2, .. }]
        ));
        let helium = Formula::parse("He2").unwrap();
        assert!(doubts("H2", &helium, 4, (1, 1)).is_empty());
    }
}

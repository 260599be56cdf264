//! What a random alloy is made of.

use frit_atoms::Species;
use frit_engine::random::Stream;

/// By how much fractions may miss the sum 1: shares typed with six digits, such as 0.333333.
const SUM_TOLERANCE: f64 = 1e-5;

/// Why shares do not make a composition.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompositionError {
    /// Nothing is listed.
    #[error("a composition needs at least one element, for example Pt = 0.85, Fe = 0.15")]
    Empty,
    /// More species than an atom's species index can name.
    #[error("a composition of {found} species is too long; at most 255 are possible")]
    TooMany {
        /// How many are listed.
        found: usize,
    },
    /// A symbol is no element.
    #[error(
        "the composition names {symbol:?}, which is not an element; write a symbol with its capital, such as Pt or Fe"
    )]
    UnknownElement {
        /// The symbol found.
        symbol: String,
    },
    /// A species stands twice.
    #[error("the composition lists {name} twice; add the two shares up")]
    Duplicate {
        /// Its name.
        name: String,
    },
    /// A share is not a fraction.
    #[error("the share of {name} is {fraction}; it must lie between 0 and 1")]
    BadFraction {
        /// The species' name.
        name: String,
        /// The share found.
        fraction: f64,
    },
    /// The shares do not sum to one.
    #[error("the shares of {names} sum to {sum}, not to 1; change them so that they do")]
    BadSum {
        /// The species' names.
        names: String,
        /// The sum found.
        sum: f64,
    },
}

/// Species and the fractions of the atoms that are of them; the fractions sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    species: Vec<Species>,
    fractions: Vec<f64>,
}

impl Composition {
    /// Species with their shares of the atoms.
    ///
    /// # Errors
    /// Species must be distinct, at least one and at most 255; shares must lie between 0 and 1 and
    /// sum to 1 within 1e-5 (what is missing is spread in proportion).
    pub fn new(shares: Vec<(Species, f64)>) -> Result<Self, CompositionError> {
        if shares.is_empty() {
            return Err(CompositionError::Empty);
        }
        if shares.len() > usize::from(u8::MAX) {
            return Err(CompositionError::TooMany {
                found: shares.len(),
            });
        }
        for (k, (species, fraction)) in shares.iter().enumerate() {
            let name = species.name.clone();
            if shares[..k].iter().any(|(other, _)| other.name == name) {
                return Err(CompositionError::Duplicate { name });
            }
            if !(0.0..=1.0).contains(fraction) {
                let fraction = *fraction;
                return Err(CompositionError::BadFraction { name, fraction });
            }
        }
        let sum: f64 = shares.iter().map(|(_, fraction)| fraction).sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            let names: Vec<&str> = shares.iter().map(|(s, _)| s.name.as_str()).collect();
            return Err(CompositionError::BadSum {
                names: names.join(", "),
                sum,
            });
        }
        let (species, fractions) = shares.into_iter().map(|(s, f)| (s, f / sum)).unzip();
        Ok(Self { species, fractions })
    }

    /// Elements with their standard masses, and their shares of the atoms.
    ///
    /// # Errors
    /// As [`Composition::new`]; the symbols must be those of elements.
    pub fn of_elements<'a>(
        shares: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<Self, CompositionError> {
        let shares = shares.into_iter().map(|(symbol, fraction)| {
            let species =
                Species::of_element(symbol).ok_or_else(|| CompositionError::UnknownElement {
                    symbol: symbol.to_owned(),
                })?;
            Ok((species, fraction))
        });
        Self::new(shares.collect::<Result<_, _>>()?)
    }

    /// The species, in the order given.
    pub fn species(&self) -> &[Species] {
        &self.species
    }

    /// The fractions of the atoms, as the species.
    pub fn fractions(&self) -> &[f64] {
        &self.fractions
    }

    /// Mean mass of an atom [u].
    pub fn mean_mass(&self) -> f64 {
        let masses = self.species.iter().map(|species| species.mass);
        masses.zip(&self.fractions).map(|(m, f)| m * f).sum()
    }

    /// How many of `atoms` atoms are of each species: whole numbers that sum to `atoms`.
    ///
    /// Largest remainders: each species gets the whole part of its share; what is left goes, one
    /// atom each, to those whose shares were cut most, the first listed among equals. No count is
    /// a whole atom away from its share.
    pub fn counts(&self, atoms: usize) -> Vec<usize> {
        let shares: Vec<f64> = self.fractions.iter().map(|f| f * atoms as f64).collect();
        let mut counts: Vec<usize> = shares.iter().map(|share| *share as usize).collect();
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|&i, &j| shares[j].fract().total_cmp(&shares[i].fract()));
        let left = atoms.saturating_sub(counts.iter().sum());
        for &species in order.iter().cycle().take(left) {
            counts[species] += 1;
        }
        counts
    }

    /// Species indices for `atoms` sites: the exact [counts](Composition::counts), in random order.
    pub fn assign(&self, atoms: usize, stream: &mut Stream) -> Vec<u8> {
        let mut sites = Vec::with_capacity(atoms);
        for (species, count) in self.counts(atoms).into_iter().enumerate() {
            sites.extend(std::iter::repeat_n(species as u8, count));
        }
        stream.shuffle(&mut sites);
        sites
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_papers_alloy_has_the_papers_iron_atoms() {
        // 30 802 atoms at 85:15 hold 4620 Fe atoms (Chen et al., "Atomistic simulation").
        let alloy = Composition::of_elements([("Pt", 0.85), ("Fe", 0.15)]).unwrap();
        assert_eq!(alloy.counts(30_802), [26_182, 4_620]);
    }

    #[test]
    fn bad_shares_are_refused() {
        let message = |shares: &[(&str, f64)]| {
            Composition::of_elements(shares.iter().copied())
                .unwrap_err()
                .to_string()
        };
        assert!(message(&[]).contains("at least one"));
        assert!(message(&[("pt", 1.0)]).contains("\"pt\", which is not an element"));
        assert!(message(&[("Pt", 0.85), ("Fe", 0.25)]).contains("sum to 1.1"));
        assert!(message(&[("Pt", 0.5), ("Pt", 0.5)]).contains("twice"));
        assert!(message(&[("Pt", 1.5), ("Fe", -0.5)]).contains("between 0 and 1"));
        assert!(message(&[("Pt", f64::NAN)]).contains("between 0 and 1"));
    }

    proptest! {
        #[test]
        fn counts_sum_and_are_less_than_an_atom_off(
            shares in prop::collection::vec(0.0..1.0_f64, 1..6),
            atoms in 0_usize..100_000,
        ) {
            let sum: f64 = shares.iter().sum();
            prop_assume!(sum > 1e-3);
            let symbols = ["Pt", "Fe", "Ni", "Cu", "Co", "Au"];
            let alloy = Composition::of_elements(
                symbols.into_iter().zip(shares.iter().map(|share| share / sum)),
            )
            .unwrap();
            let counts = alloy.counts(atoms);
            prop_assert_eq!(counts.iter().sum::<usize>(), atoms);
            for (count, share) in counts.iter().zip(&shares) {
                // One atom, and the rounding of the shares.
                prop_assert!((*count as f64 - share / sum * atoms as f64).abs() < 1.0 + 1e-9);
            }
        }
    }
}

//! The Lennard-Jones potential.
//!
//! J. E. Lennard-Jones, Proc. Phys. Soc. 43, 461 (1931), doi:10.1088/0959-5309/43/5/301:
//!
//! φ(r) = 4 ε [(σ/r)¹² − (σ/r)⁶]

use super::radial::{Pair, PairError, Radial, RadialValue, positive};

/// The parameters of one pair of species.
#[derive(Debug, Clone, PartialEq)]
pub struct LennardJonesPair {
    /// The two species' names, in any order.
    pub species: [String; 2],
    /// Depth of the well, ε [eV].
    pub epsilon: f64,
    /// Distance at which the energy is zero, σ [Å].
    pub sigma: f64,
}

/// What becomes of the energy at the cutoff.
///
/// The force jumps to zero there in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtCutoff {
    /// The energy jumps to zero: a pair that crosses the cutoff changes the total energy.
    #[default]
    Truncated,
    /// A constant makes the energy zero at the cutoff, so that dynamics conserves it.
    Shifted,
}

/// The Lennard-Jones function of one pair of species.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LennardJones {
    epsilon: f64,
    sigma_squared: f64,
    cutoff: f64,
    shift: f64,
}

impl LennardJones {
    fn new(epsilon: f64, sigma: f64, cutoff: f64, at_cutoff: AtCutoff) -> Self {
        let mut function = Self {
            epsilon,
            sigma_squared: sigma * sigma,
            cutoff,
            shift: 0.0,
        };
        if at_cutoff == AtCutoff::Shifted {
            function.shift = function.at(cutoff * cutoff).energy;
        }
        function
    }

    /// A potential for the species of a system, from parameters for each of their pairs.
    ///
    /// # Errors
    /// Names a pair without parameters or with two sets of them, and numbers that are not positive.
    pub fn potential(
        species: &[&str],
        pairs: &[LennardJonesPair],
        cutoff: f64,
        at_cutoff: AtCutoff,
    ) -> Result<Pair<Self>, PairError> {
        positive(
            "the cutoff of the Lennard-Jones potential".to_owned(),
            cutoff,
        )?;
        let mut functions = Vec::with_capacity(species.len() * species.len());
        let mut lines = vec![format!(
            "Lennard-Jones, cutoff {cutoff} Å, energy {} at the cutoff, where the force jumps to zero",
            match at_cutoff {
                AtCutoff::Truncated => "truncated",
                AtCutoff::Shifted => "shifted to zero",
            }
        )];
        for (index, first) in species.iter().enumerate() {
            for (other, second) in species.iter().enumerate() {
                let pair = find(pairs, first, second)?;
                let of_pair = |name: &str| format!("{name} of the pair {first}-{second}");
                let epsilon = positive(of_pair("epsilon"), pair.epsilon)?;
                let sigma = positive(of_pair("sigma"), pair.sigma)?;
                functions.push(Self::new(epsilon, sigma, cutoff, at_cutoff));
                if index <= other {
                    lines.push(format!(
                        "  {first}-{second}: epsilon {epsilon} eV, sigma {sigma} Å"
                    ));
                }
            }
        }
        Ok(Pair::new(
            "lennard-jones",
            lines.join("\n"),
            species.len(),
            functions,
        ))
    }
}

impl Radial for LennardJones {
    fn cutoff(&self) -> f64 {
        self.cutoff
    }

    #[inline]
    fn at(&self, distance_squared: f64) -> RadialValue {
        let inverse = 1.0 / distance_squared;
        let ratio2 = self.sigma_squared * inverse;
        let ratio6 = ratio2 * ratio2 * ratio2;
        let scaled = 4.0 * self.epsilon * ratio6;
        RadialValue {
            energy: scaled * (ratio6 - 1.0) - self.shift,
            slope_over_distance: scaled * (6.0 - 12.0 * ratio6) * inverse,
        }
    }
}

fn find<'a>(
    pairs: &'a [LennardJonesPair],
    first: &str,
    second: &str,
) -> Result<&'a LennardJonesPair, PairError> {
    let mut fitting = pairs.iter().filter(|pair| {
        let [a, b] = &pair.species;
        (a == first && b == second) || (a == second && b == first)
    });
    let found = fitting.next().ok_or_else(|| PairError::MissingPair {
        first: first.to_owned(),
        second: second.to_owned(),
        known: pairs.iter().map(|pair| pair.species.join("-")).collect(),
    })?;
    if fitting.next().is_some() {
        return Err(PairError::TwoPairs {
            first: first.to_owned(),
            second: second.to_owned(),
        });
    }
    Ok(found)
}

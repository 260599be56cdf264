//! The universal screened Coulomb repulsion of Ziegler, Biersack and Littmark.
//!
//! J. F. Ziegler, J. P. Biersack, U. Littmark, The Stopping and Range of Ions in Solids (Pergamon,
//! 1985), chapter 2, with the switch to zero of LAMMPS' `pair_style zbl`:
//!
//! φ(r) = k Z_i Z_j / r · Φ(r/a) + S(r), a = 0.4685 Å / (Z_i^0.23 + Z_j^0.23)
//!
//! Φ(x) = 0.18175 e^(−3.1998 x) + 0.50986 e^(−0.94229 x) + 0.28022 e^(−0.4029 x) + 0.02817 e^(−0.20162 x)
//!
//! Below the inner radius S is a constant C; from there to the outer radius
//! S(r) = A/3 (r − inner)³ + B/4 (r − inner)⁴ + C, so that energy, slope and curvature vanish at the
//! outer radius.

use frit_atoms::element;
use frit_units::constants::COULOMB;

use super::radial::{Pair, PairError, Radial, RadialValue, positive};

/// Weights and decay constants of the universal screening function Φ.
const SCREENING: [(f64, f64); 4] = [
    (0.18175, 3.19980),
    (0.50986, 0.94229),
    (0.28022, 0.40290),
    (0.02817, 0.20162),
];
/// The screening length's numerator [Å]: 0.8854 Bohr radii as rounded by the authors.
const SCREENING_LENGTH: f64 = 0.46850;
/// The power of the atomic numbers in the screening length.
const SCREENING_POWER: f64 = 0.23;

/// The physical constant that the repulsion needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZblConstants {
    /// Coulomb's constant times e², k [eV Å].
    pub coulomb: f64,
}

impl ZblConstants {
    /// The value frit computes with.
    pub const CODATA: Self = Self { coulomb: COULOMB };
}

/// The repulsion of one pair of elements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zbl {
    charges: f64,
    inverse_length: f64,
    inner: f64,
    outer: f64,
    cubic: f64,
    quartic: f64,
    constant: f64,
}

/// A function with its first two derivatives at one distance.
struct Derivatives {
    value: f64,
    first: f64,
    second: f64,
}

impl Zbl {
    /// The repulsion of two atomic numbers, switched off from `inner` to `outer` [Å].
    fn new(numbers: [u8; 2], inner: f64, outer: f64, constants: ZblConstants) -> Self {
        let [first, second] = numbers.map(f64::from);
        let mut function = Self {
            charges: constants.coulomb * first * second,
            inverse_length: (first.powf(SCREENING_POWER) + second.powf(SCREENING_POWER))
                / SCREENING_LENGTH,
            inner,
            outer,
            cubic: 0.0,
            quartic: 0.0,
            constant: 0.0,
        };
        let end = function.unswitched(outer);
        let width = outer - inner;
        function.cubic = (-3.0 * end.first + width * end.second) / (width * width);
        function.quartic = (2.0 * end.first - width * end.second) / (width * width * width);
        function.constant =
            -end.value + width / 2.0 * end.first - width * width / 12.0 * end.second;
        function
    }

    /// A potential for the species of a system, which must be elements.
    ///
    /// # Errors
    /// Names a species that is no element; refuses radii unless 0 < inner < outer.
    pub fn potential(
        species: &[&str],
        inner: f64,
        outer: f64,
        constants: ZblConstants,
    ) -> Result<Pair<Self>, PairError> {
        positive("the inner radius of the ZBL repulsion".to_owned(), inner)?;
        positive("the outer radius of the ZBL repulsion".to_owned(), outer)?;
        if outer <= inner {
            return Err(PairError::BadParameter {
                name: "the outer radius of the ZBL repulsion".to_owned(),
                found: outer,
                allowed: "larger than the inner radius",
            });
        }
        let numbers = species
            .iter()
            .map(|name| {
                let found = element(name).map(|element| element.number);
                found.ok_or_else(|| PairError::NoElement {
                    name: (*name).to_owned(),
                })
            })
            .collect::<Result<Vec<u8>, PairError>>()?;
        let mut functions = Vec::with_capacity(numbers.len() * numbers.len());
        for &first in &numbers {
            for &second in &numbers {
                functions.push(Self::new([first, second], inner, outer, constants));
            }
        }
        let charges: Vec<String> = species
            .iter()
            .zip(&numbers)
            .map(|(name, number)| format!("{name} {number}"))
            .collect();
        let description = format!(
            "ZBL repulsion, switched off from {inner} Å to {outer} Å\n  atomic numbers: {}",
            charges.join(", ")
        );
        Ok(Pair::new("zbl", description, species.len(), functions))
    }

    fn unswitched(&self, r: f64) -> Derivatives {
        let mut screening = [0.0; 3];
        for (weight, decay) in SCREENING {
            let rate = decay * self.inverse_length;
            let term = weight * (-rate * r).exp();
            screening[0] += term;
            screening[1] -= rate * term;
            screening[2] += rate * rate * term;
        }
        let [value, first, second] = screening;
        let coulomb = self.charges / r;
        Derivatives {
            value: coulomb * value,
            first: coulomb * (first - value / r),
            second: coulomb * (second - 2.0 * first / r + 2.0 * value / (r * r)),
        }
    }
}

impl Radial for Zbl {
    fn cutoff(&self) -> f64 {
        self.outer
    }

    fn at(&self, distance_squared: f64) -> RadialValue {
        let r = distance_squared.sqrt();
        let bare = self.unswitched(r);
        let beyond = (r - self.inner).max(0.0);
        let cube = beyond * beyond * beyond;
        let switch = cube * (self.cubic / 3.0 + self.quartic / 4.0 * beyond) + self.constant;
        let switch_slope = beyond * beyond * (self.cubic + self.quartic * beyond);
        RadialValue {
            energy: bare.value + switch,
            slope_over_distance: (bare.first + switch_slope) / r,
        }
    }
}

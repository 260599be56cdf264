//! One particle or dispersed adatoms: the free energy in closed form.
//!
//! Zhu et al., "Non-neglectable entropy effect on sintering of supported nanoparticles", eqs. 1
//! to 4: N atoms on M sites of a support are either one particle or dispersed adatoms. With Δh the
//! enthalpy per atom of the particle against the adatoms,
//!
//! ΔG = \[N Δh - kT ln(M eᴺ)\] + kT ln C(M, N).
//!
//! The bracket is the sintering term: binding, and the entropy of a particle that has eᴺ
//! structures on M places. The last term, the entropy of dispersed adatoms, is the redispersion
//! term. ΔG > 0 means that the dispersed state is the stable one.
//!
//! # What eq. 4 leaves out
//!
//! With c\* = 1 / (1 + exp(1 - Δh/kT)) the paper puts the maximum of ΔG at N\* = M c\*. Exactly,
//! ΔG(N+1) - ΔG(N) = Δh - kT + kT ln[(M - N)/(N + 1)], so that the maximum over whole numbers is at
//! floor((M + 1) c\*): less than one atom from eq. 4, but decisive where M c\* is of order 1. There
//! the maximum lies at N = 0, or its height is negative and no number of adatoms disperses;
//! [`Dispersion::dispersed_range`] tells. The switch between the two states is where ΔG = 0, not at
//! its maximum; see [`switch_temperature`].

mod combinations;
mod map;

use std::ops::RangeInclusive;

use frit_units::constants::BOLTZMANN;

use crate::OutOfRange;
use crate::parameter::{finite, positive};
use combinations::ln_choose;

pub use map::{ConcentrationMap, contour_enthalpy};

/// Why there is no free energy.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum DispersionError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] OutOfRange),
    /// A support without sites.
    #[error("there are no sites; the number of sites must be at least 1")]
    NoSites,
    /// More atoms than sites.
    #[error("{atoms} atoms do not fit on {sites} sites; there can be at most one on each")]
    TooManyAtoms {
        /// Atoms.
        atoms: u64,
        /// Sites.
        sites: u64,
    },
}

/// The two terms of ΔG [eV].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// N Δh - kT (ln M + N).
    pub sintering: f64,
    /// kT ln C(M, N).
    pub redispersion: f64,
}

impl Balance {
    /// ΔG [eV]; positive where the dispersed state is stable.
    pub fn total(&self) -> f64 {
        self.sintering + self.redispersion
    }
}

/// The maximum of ΔG over the number of atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum {
    /// Where it is: one number, or two neighbours of the same ΔG.
    pub atoms: RangeInclusive<u64>,
    /// ΔG there.
    pub balance: Balance,
}

/// A support of sites at a temperature, with atoms of given enthalpy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    sites: u64,
    temperature: f64,
    enthalpy: f64,
}

impl Dispersion {
    /// `sites` M, `temperature` \[K\], `enthalpy` Δh per atom of the particle against adatoms [eV].
    ///
    /// # Errors
    /// Without sites, at a temperature that is not positive, or for an enthalpy that is not finite.
    pub fn new(sites: u64, temperature: f64, enthalpy: f64) -> Result<Self, DispersionError> {
        if sites == 0 {
            return Err(DispersionError::NoSites);
        }
        Ok(Self {
            sites,
            temperature: positive("temperature", temperature, "K")?,
            enthalpy: finite("enthalpy per atom", enthalpy, "eV")?,
        })
    }

    fn thermal_energy(&self) -> f64 {
        BOLTZMANN * self.temperature
    }

    /// ΔG of `atoms`, in its two terms.
    ///
    /// # Errors
    /// If there are more atoms than sites.
    pub fn balance(&self, atoms: u64) -> Result<Balance, DispersionError> {
        fits(atoms, self.sites)?;
        Ok(self.terms(atoms))
    }

    fn terms(&self, atoms: u64) -> Balance {
        let n = atoms as f64;
        Balance {
            sintering: n * self.enthalpy - self.thermal_energy() * ((self.sites as f64).ln() + n),
            redispersion: self.thermal_energy() * ln_choose(self.sites, atoms),
        }
    }

    /// The concentration c\* of eq. 4.
    pub fn critical_concentration(&self) -> f64 {
        ln_concentration(self.temperature, self.enthalpy).exp()
    }

    /// [ΔG(N+1) - ΔG(N)] / kT; it falls with N.
    fn slope(&self, atoms: u64) -> f64 {
        let ratio = (self.sites - atoms) as f64 / (atoms + 1) as f64;
        self.enthalpy / self.thermal_energy() - 1.0 + ratio.ln()
    }

    /// The maximum of ΔG over whole numbers of atoms.
    pub fn maximum(&self) -> Maximum {
        let guess = (self.sites as f64 + 1.0) * self.critical_concentration();
        // The sign of the slope decides where rounding blurs the guess.
        let mut last = (guess as u64).min(self.sites);
        while last < self.sites && self.slope(last) >= 0.0 {
            last += 1;
        }
        while last > 0 && self.slope(last - 1) < 0.0 {
            last -= 1;
        }
        let first = if last > 0 && self.slope(last - 1) == 0.0 {
            last - 1
        } else {
            last
        };
        Maximum {
            atoms: first..=last,
            balance: self.terms(last),
        }
    }

    /// The numbers of atoms for which ΔG > 0; `None` if the particle is stable for every number.
    pub fn dispersed_range(&self) -> Option<RangeInclusive<u64>> {
        let top = *self.maximum().atoms.end();
        let positive = |atoms| self.terms(atoms).total() > 0.0;
        if !positive(top) {
            return None;
        }
        // ΔG rises up to the maximum and falls after it.
        let first = first_where(0, top, positive);
        let last = first_where(top, self.sites + 1, |atoms| {
            atoms > self.sites || !positive(atoms)
        }) - 1;
        Some(first..=last)
    }
}

/// The smallest number between `from` and `to` that satisfies a condition that holds at `to` and,
/// once true, stays true.
fn first_where(mut from: u64, mut to: u64, condition: impl Fn(u64) -> bool) -> u64 {
    while from < to {
        let middle = from + (to - from) / 2;
        if condition(middle) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    from
}

fn fits(atoms: u64, sites: u64) -> Result<(), DispersionError> {
    if atoms > sites {
        return Err(DispersionError::TooManyAtoms { atoms, sites });
    }
    Ok(())
}

/// The critical concentration c\* of eq. 4 for a temperature \[K\] and an enthalpy per atom [eV].
///
/// It is also the coverage of adatoms in equilibrium with a large particle whose atoms have the
/// enthalpy Δh and the entropy k: a solubility.
///
/// # Errors
/// At a temperature that is not positive, or for an enthalpy that is not finite.
pub fn critical_concentration(temperature: f64, enthalpy: f64) -> Result<f64, DispersionError> {
    Ok(Dispersion::new(1, temperature, enthalpy)?.critical_concentration())
}

/// ln c\*, also where c\* itself is too small for a number.
fn ln_concentration(temperature: f64, enthalpy: f64) -> f64 {
    let x = 1.0 - enthalpy / (BOLTZMANN * temperature);
    // ln(1 + eˣ) without overflow.
    -(x.max(0.0) + (-x.abs()).exp().ln_1p())
}

/// The temperature \[K\] at which ΔG of `atoms` on `sites` changes its sign; `None` if it has the
/// same sign at all temperatures.
///
/// ΔG is linear in T, so that the temperature is -N Δh / k [ln C(M, N) - ln M - N].
///
/// # Errors
/// Without sites, with more atoms than sites, or for an enthalpy that is not finite.
pub fn switch_temperature(
    atoms: u64,
    sites: u64,
    enthalpy: f64,
) -> Result<Option<f64>, DispersionError> {
    if sites == 0 {
        return Err(DispersionError::NoSites);
    }
    fits(atoms, sites)?;
    finite("enthalpy per atom", enthalpy, "eV")?;
    let entropy = ln_choose(sites, atoms) - (sites as f64).ln() - atoms as f64;
    let temperature = -(atoms as f64) * enthalpy / (BOLTZMANN * entropy);
    Ok((temperature > 0.0 && temperature.is_finite()).then_some(temperature))
}

#[cfg(test)]
mod tests;

//! The laws that every potential keeps, as a suite that any potential can be held to.
//!
//! [`check`] asks everything of a potential in one system, [`check_law`] one thing. A useful check
//! goes through [`samples`]: crystals, a cell smaller than the cutoff, a free cluster, a film.
//!
//! ```
//! use frit_atoms::Species;
//! use frit_potentials::contract_suite;
//! use frit_potentials::pair::{AtCutoff, LennardJones, LennardJonesPair};
//! use frit_potentials::{Bound, Potential};
//!
//! let argon = LennardJonesPair { species: ["Ar".into(), "Ar".into()], epsilon: 0.0104, sigma: 3.4 };
//! let model = LennardJones::potential(&["Ar"], &[argon], 8.5, AtCutoff::Shifted)?;
//! let make = || Box::new(Bound::new(model.clone())) as Box<dyn Potential>;
//! let species = [Species { name: "Ar".into(), mass: 39.95 }];
//! for (name, system) in contract_suite::samples(&species, 3.8) {
//!     contract_suite::check(&make, &system).map_err(|violation| format!("{name}: {violation}"))?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod derivative;
mod laws;
mod observation;
mod samples;

use std::fmt;

use frit_atoms::System;

use crate::Potential;

pub use samples::samples;

/// What a potential must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Forces are minus the derivative of the energy, by finite differences.
    ForcesAreGradients,
    /// The virial is minus the derivative of the energy by strain, by finite differences.
    VirialIsStrainDerivative,
    /// Moving everything changes nothing.
    Translation,
    /// Turning everything, cell included, turns the results.
    Rotation,
    /// The order of the atoms does not matter.
    Permutation,
    /// Moving an atom by whole cell vectors changes nothing.
    ImageShift,
    /// List entries beyond the cutoff do not count.
    Skin,
    /// One atom alone feels no force; no atoms have no energy.
    SingleAtom,
    /// Results are added to what the evaluation holds, and only those asked for.
    Adds,
    /// An evaluation does not depend on those before it: the same bits.
    WorkspaceWithoutMemory,
    /// The number of threads does not matter: the same bits.
    Threads,
    /// Forces have the same bits whatever else is asked for.
    Request,
    /// The energies of the atoms add to the total.
    AtomEnergies,
    /// A periodic cell, however small, gives what its multiple gives.
    SmallCells,
}

impl Law {
    /// All laws.
    pub const ALL: [Self; 14] = [
        Self::Request,
        Self::AtomEnergies,
        Self::Adds,
        Self::WorkspaceWithoutMemory,
        Self::Threads,
        Self::SingleAtom,
        Self::Skin,
        Self::Translation,
        Self::Rotation,
        Self::Permutation,
        Self::ImageShift,
        Self::SmallCells,
        Self::ForcesAreGradients,
        Self::VirialIsStrainDerivative,
    ];
}

impl fmt::Display for Law {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ForcesAreGradients => "forces are the gradient of the energy",
            Self::VirialIsStrainDerivative => "the virial is the strain derivative of the energy",
            Self::Translation => "translation changes nothing",
            Self::Rotation => "rotation turns the results",
            Self::Permutation => "the order of the atoms does not matter",
            Self::ImageShift => "moving an atom by cell vectors changes nothing",
            Self::Skin => "list entries beyond the cutoff do not count",
            Self::SingleAtom => "an atom alone feels no force",
            Self::Adds => "results are added",
            Self::WorkspaceWithoutMemory => "the workspace has no memory",
            Self::Threads => "the number of threads does not matter",
            Self::Request => "forces do not depend on the request",
            Self::AtomEnergies => "the energies of the atoms add to the total",
            Self::SmallCells => "a small cell gives what its multiple gives",
        })
    }
}

/// A law that does not hold, with the figures.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("broken law: {law}: {detail}; found {found:e}, allowed {allowed:e}")]
pub struct Violation {
    /// The law.
    pub law: Law,
    /// Where and what was compared.
    pub detail: String,
    /// The deviation, in the unit that the detail names.
    pub found: f64,
    /// What would have been allowed.
    pub allowed: f64,
}

/// Makes the potential under test anew, with an empty workspace.
pub type Make<'a> = &'a dyn Fn() -> Box<dyn Potential>;

/// Holds a potential to all laws in one system.
///
/// No two atoms of the system should be closer to the cutoff than a few 1e-3 Å, where potentials
/// that are cut off sharply have no derivative.
///
/// # Errors
/// Returns the first law that does not hold.
pub fn check(make: Make<'_>, system: &System) -> Result<(), Violation> {
    Law::ALL
        .into_iter()
        .try_for_each(|law| check_law(law, make, system))
}

/// Holds a potential to one law in one system.
///
/// # Errors
/// Returns the figures if it does not hold.
pub fn check_law(law: Law, make: Make<'_>, system: &System) -> Result<(), Violation> {
    let judge = laws::Judge { law, make, system };
    match law {
        Law::ForcesAreGradients => judge.forces_are_gradients(),
        Law::VirialIsStrainDerivative => judge.virial_is_strain_derivative(),
        Law::Translation => judge.translation(),
        Law::Rotation => judge.rotation(),
        Law::Permutation => judge.permutation(),
        Law::ImageShift => judge.image_shift(),
        Law::Skin => judge.skin(),
        Law::SingleAtom => judge.single_atom(),
        Law::Adds => judge.adds(),
        Law::WorkspaceWithoutMemory => judge.workspace_without_memory(),
        Law::Threads => judge.threads(),
        Law::Request => judge.request(),
        Law::AtomEnergies => judge.atom_energies(),
        Law::SmallCells => judge.small_cells(),
    }
}

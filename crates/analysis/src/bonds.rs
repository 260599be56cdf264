//! Bonds across two particles.

use crate::pairs::{Wrapped, members};
use frit_atoms::System;

/// Why a rule for counting bonds or exchanged atoms cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadRule {
    /// The bond length is not positive.
    #[error(
        "the bond length is {length} Å; give a positive one, between the first and the second neighbours' distance (3.3 Å for Pt-Fe)"
    )]
    Length {
        /// The length found [Å].
        length: f64,
    },
    /// Both groups are the same.
    #[error("bonds are counted between two particles, but both are group {group}")]
    OneGroup {
        /// The group.
        group: u8,
    },
    /// No foreign neighbour is needed.
    #[error("an exchanged atom needs at least one foreign neighbour; found 0")]
    NoNeighbour,
}

/// Counts bonds between two groups: pairs, one atom in each, closer than a length.
///
/// A pair that is close through several periodic images counts once for each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossBonds {
    groups: [u8; 2],
    length: f64,
}

impl CrossBonds {
    /// Bonds between `groups` shorter than `length` [Å].
    ///
    /// # Errors
    /// The length must be positive and finite, the groups distinct.
    pub fn new(groups: [u8; 2], length: f64) -> Result<Self, BadRule> {
        if !(length > 0.0 && length.is_finite()) {
            return Err(BadRule::Length { length });
        }
        if groups[0] == groups[1] {
            return Err(BadRule::OneGroup { group: groups[0] });
        }
        Ok(Self { groups, length })
    }

    /// The two groups.
    pub fn groups(&self) -> [u8; 2] {
        self.groups
    }

    /// The length [Å] below which two atoms are bonded.
    pub fn length(&self) -> f64 {
        self.length
    }

    /// Number of bonds.
    pub fn count(&self, system: &System) -> usize {
        let [first, second] = members(system, self.groups);
        let mut bonds = 0;
        Wrapped::new(system).pairs(&first, &second, self.length, |_, _| bonds += 1);
        bonds
    }

    /// The bonds as ids, that in the first group first; ascending.
    pub fn list(&self, system: &System) -> Vec<[u32; 2]> {
        let [first, second] = members(system, self.groups);
        let id = |atom: u32| system.atoms.id()[atom as usize];
        let mut bonds = Vec::new();
        Wrapped::new(system).pairs(&first, &second, self.length, |i, j| {
            bonds.push([id(i), id(j)]);
        });
        bonds.sort_unstable();
        bonds
    }
}

//! Atoms that one particle has given to the other.

use crate::bonds::{BadRule, CrossBonds};
use crate::pairs::{Wrapped, members};
use frit_atoms::System;

/// Fewest foreign neighbours of an exchanged atom, unless told otherwise.
///
/// An atom adsorbed on a close-packed (111) facet touches three atoms, on a (100) facet four: with
/// three it has arrived, with fewer it only passes by.
const LEAST: usize = 3;

/// Counts atoms that have gone over to the other particle.
///
/// An atom is *exchanged* when more than half of its neighbours (atoms of the two particles within
/// the bond length) belong to the other particle, and at least [`Exchange::least`] do. An atom
/// belongs to the particle it was built in, for good.
///
/// Half is the natural border: in the plane where two equal crystals meet an atom has as many
/// neighbours on either side, and is not counted until it stands beyond that plane. Atoms in
/// vacuum have no neighbours and are not counted. Where so many atoms have gone over that they are
/// each other's neighbours, those inside such an island are not counted: the measure is meant for
/// the beginning of sintering, when single atoms cross.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exchange {
    bonds: CrossBonds,
    least: usize,
}

impl Exchange {
    /// Neighbours are those within the bond length of `bonds`, the particles its groups; at least
    /// three foreign neighbours are needed.
    pub fn new(bonds: CrossBonds) -> Self {
        Self {
            bonds,
            least: LEAST,
        }
    }

    /// The same with another least number of foreign neighbours.
    ///
    /// # Errors
    /// It must not be zero.
    pub fn with_least(self, least: usize) -> Result<Self, BadRule> {
        if least == 0 {
            return Err(BadRule::NoNeighbour);
        }
        Ok(Self { least, ..self })
    }

    /// Fewest foreign neighbours of an exchanged atom.
    pub fn least(&self) -> usize {
        self.least
    }

    /// Exchanged atoms of the first group (now at the second particle) and of the second group.
    pub fn count(&self, system: &System) -> [usize; 2] {
        self.list(system).map(|ids| ids.len())
    }

    /// The exchanged atoms of either group, by their ids, ascending.
    pub fn list(&self, system: &System) -> [Vec<u32>; 2] {
        let groups = members(system, self.bonds.groups());
        let wrapped = Wrapped::new(system);
        let reach = self.bonds.length();
        let mut foreign = vec![0_usize; system.atoms.len()];
        wrapped.pairs(&groups[0], &groups[1], reach, |i, j| {
            foreign[i as usize] += 1;
            foreign[j as usize] += 1;
        });
        groups.map(|group| {
            let candidates: Vec<u32> = (group.iter().copied())
                .filter(|&atom| foreign[atom as usize] >= self.least)
                .collect();
            let mut own = vec![0_usize; system.atoms.len()];
            wrapped.pairs(&candidates, &group, reach, |i, _| own[i as usize] += 1);
            let mut exchanged: Vec<u32> = candidates
                .into_iter()
                .filter(|&atom| foreign[atom as usize] > own[atom as usize])
                .map(|atom| system.atoms.id()[atom as usize])
                .collect();
            exchanged.sort_unstable();
            exchanged
        })
    }
}

//! Atoms chosen by their ids.

use frit_atoms::System;

/// Atoms chosen by their ids, which stay theirs while they are put in new orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Ascending.
    ids: Vec<u32>,
    /// For each id its place among the chosen, or [`NONE`].
    ranks: Vec<u32>,
}

/// The rank of an atom that is not chosen.
const NONE: u32 = u32::MAX;

impl Chosen {
    /// The atoms of a system with these ids; ids that the system does not have are left out.
    pub fn new(ids: impl IntoIterator<Item = u32>, system: &System) -> Self {
        let largest = system.atoms.id().iter().max().map_or(0, |&id| id as usize);
        let mut wanted = vec![false; largest + 1];
        for id in ids {
            if let Some(wanted) = wanted.get_mut(id as usize) {
                *wanted = true;
            }
        }
        let present = system.atoms.id().iter().copied();
        let mut ids: Vec<u32> = present.filter(|&id| wanted[id as usize]).collect();
        ids.sort_unstable();
        let mut ranks = vec![NONE; largest + 1];
        for (rank, &id) in (0..).zip(&ids) {
            ranks[id as usize] = rank;
        }
        Self { ids, ranks }
    }

    /// Whether the atom with this id is chosen.
    #[inline]
    pub fn contains(&self, id: u32) -> bool {
        self.rank(id).is_some()
    }

    /// The place of the atom with this id among the chosen, which are in the order of ids.
    #[inline]
    pub fn rank(&self, id: u32) -> Option<usize> {
        let rank = self.ranks.get(id as usize).copied();
        rank.filter(|&rank| rank != NONE).map(|rank| rank as usize)
    }

    /// The ids, ascending.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The chosen atoms' places in the system, in the order of their ids.
    pub fn places(&self, system: &System) -> Vec<usize> {
        let mut places = vec![0; self.ids.len()];
        for (place, &id) in system.atoms.id().iter().enumerate() {
            if let Some(rank) = self.rank(id) {
                places[rank] = place;
            }
        }
        places
    }
}

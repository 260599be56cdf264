//! Rows in which each pair of atoms stands once.
//!
//! Of two atoms, the one whose row keeps the pair follows from their indices, so that both have as many
//! as the other on average: rows by ascending index alone would be of all lengths. A pair of an atom and
//! a ghost stands in the atom's row; the same pair seen from the other cell stands in the row of the
//! ghost's parent. So each atom meets all its neighbours, and what ghosts collect counts nowhere.

use std::ops::Range;

use frit_atoms::Surroundings;
use rayon::prelude::*;

use super::Kernel;
use crate::eam::functions::MOST_SPECIES;
use crate::units::{UNIT, atoms_of};

/// Where in an entry the species stands, above the index.
pub(super) const SPECIES_SHIFT: u32 = 28;
/// The bits of an entry that are the index.
pub(super) const INDEX: u32 = (1 << SPECIES_SHIFT) - 1;
/// Entries of a row are padded to a multiple of this many.
pub(super) const LANES: usize = 8;
/// How far kernels may write behind the entries that they keep.
pub(super) const OVERHANG: usize = 16;

const _: () = assert!(MOST_SPECIES <= 1 << (u32::BITS - SPECIES_SHIFT));

/// The rows of all atoms, by units.
#[derive(Debug, Default)]
pub(super) struct HalfRows {
    /// The list from which they were made, and the number of species.
    made_for: Option<(u64, usize)>,
    pub(super) units: Vec<UnitRows>,
}

/// The rows of a unit's atoms.
#[derive(Debug, Default)]
pub(in crate::eam) struct UnitRows {
    /// Where each row starts; one more at the end.
    starts: Vec<u32>,
    /// Index and species of each neighbour. Rows are padded with an index behind all positions and
    /// the species of the row's atom.
    entries: Vec<u32>,
}

impl HalfRows {
    /// Makes the rows of a list of so many species; does nothing if that was done.
    ///
    /// # Panics
    /// When the list names atoms that do not exist, or is of other species.
    pub(super) fn make<K: Kernel>(&mut self, surroundings: &Surroundings<'_>, species: usize) {
        let wanted = (surroundings.built.stamp(), species);
        if self.made_for == Some(wanted) {
            return;
        }
        assert_eq!(
            surroundings.list.species(),
            species,
            "a list of other species"
        );
        self.made_for = None;
        let owned = surroundings.owned();
        self.units
            .resize_with(owned.div_ceil(UNIT), UnitRows::default);
        self.units
            .par_iter_mut()
            .enumerate()
            .for_each(|(unit, rows)| rows.make::<K>(surroundings, species, atoms_of(unit, owned)));
        self.made_for = Some(wanted);
    }
}

impl UnitRows {
    fn make<K: Kernel>(
        &mut self,
        surroundings: &Surroundings<'_>,
        species: usize,
        atoms: Range<usize>,
    ) {
        let (list, owned) = (surroundings.list, surroundings.owned() as u32);
        let positions = surroundings.position.len();
        let nowhere = nowhere_of(&atoms, positions);
        self.starts.clear();
        self.entries.clear();
        let mut largest = 0;
        for atom in atoms {
            let start = self.entries.len();
            self.starts.push(start as u32);
            for kind in 0..species {
                let row = list.row_of_species(atom, kind);
                let end = self.entries.len();
                // Room for a vector that overhangs.
                self.entries.resize(end + row.len() + OVERHANG, 0);
                let pairs = RowPairs {
                    atom: atom as u32,
                    owned,
                    species: (kind as u32) << SPECIES_SHIFT,
                };
                let (kept, most) = K::keep(row, &pairs, &mut self.entries[end..]);
                self.entries.truncate(end + kept);
                largest = largest.max(most);
            }
            let length = (self.entries.len() - start).next_multiple_of(LANES);
            let own_bits = u32::from(surroundings.species[atom]) << SPECIES_SHIFT;
            self.entries.resize(start + length, nowhere | own_bits);
        }
        self.starts.push(self.entries.len() as u32);
        assert!(
            (largest as usize) < positions,
            "the list names atoms that do not exist"
        );
    }

    /// Entries of all rows.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries of the unit's `row`-th atom.
    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> &[u32] {
        &self.entries[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// The index to which the rows of a unit's atoms are padded: that of a record behind those of all
/// positions. Each unit has its own, for units that run at the same time must not write to the same
/// place, even if nobody reads it.
#[inline(always)]
pub(super) fn nowhere_of(atoms: &Range<usize>, positions: usize) -> u32 {
    (positions + atoms.start / UNIT) as u32
}

/// The pairs of an atom with the neighbours of one species.
pub(in crate::eam) struct RowPairs {
    pub(super) atom: u32,
    pub(super) owned: u32,
    /// The species, where it stands in entries.
    pub(super) species: u32,
}

impl RowPairs {
    /// Whether the row keeps the pair with `other`.
    #[inline(always)]
    fn keeps(&self, other: u32) -> bool {
        (other >= self.owned) | (((self.atom ^ other) & 1 == 0) == (self.atom < other))
    }

    /// Writes the entries of the kept ones of a full row; returns their number, and the largest index
    /// of all. See [`Kernel::keep`].
    #[inline(always)]
    pub(super) fn keep(&self, row: &[u32], entries: &mut [u32]) -> (usize, u32) {
        let mut count = 0;
        let mut largest = 0;
        // Written without a branch: half of them go, at random.
        for &other in row {
            largest = largest.max(other);
            entries[count] = other | self.species;
            count += usize::from(self.keeps(other));
        }
        (count, largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_atoms_keeps_their_pair_and_each_as_many() {
        const OWNED: u32 = 100;
        let keeps = |atom: u32, other: u32| {
            let pairs = RowPairs {
                atom,
                owned: OWNED,
                species: 0,
            };
            pairs.keeps(other)
        };
        for atom in 0..OWNED {
            let mut kept = 0;
            for other in (0..OWNED).filter(|&other| other != atom) {
                assert_ne!(keeps(atom, other), keeps(other, atom));
                kept += u32::from(keeps(atom, other));
            }
            assert!(kept.abs_diff(OWNED / 2) <= 1, "{atom}: {kept}");
            assert!(keeps(atom, OWNED + atom), "pairs with ghosts stay");
        }
    }
}

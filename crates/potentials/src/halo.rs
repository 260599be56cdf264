//! What groups of atoms read of their neighbours, asked for before it is read.
//!
//! Records of an atom's neighbours lie all over an array, and in a large system not in the processor's
//! second cache. Kernels would wait for them: the processor looks ahead by few pairs. So while they work on
//! a group they ask for what the next one needs, piece by piece: memory answers few requests at a time,
//! and who asks for all at once waits as well.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "an instruction to fetch memory")
)]

use std::ops::Range;

use frit_atoms::Surroundings;
use rayon::prelude::*;

/// Consecutive positions that are asked for together: near each other as they are sorted, and four times
/// fewer to keep in mind.
const BLOCK: usize = 4;
/// Of how many atoms one is asked for its neighbours: those of the others are mostly the same.
const OF: usize = 4;

/// The blocks of positions near each group of consecutive atoms.
#[derive(Debug, Default)]
pub(crate) struct Halos {
    /// The list from which they were found, the atoms of a group, and the number of positions.
    made_for: Option<(u64, usize, usize)>,
    /// Numbers of blocks, ascending.
    groups: Vec<Vec<u32>>,
}

impl Halos {
    /// Finds among the first `positions` the halos of groups of so many atoms; does nothing if that was
    /// done for this list.
    pub(crate) fn make(&mut self, surroundings: &Surroundings<'_>, group: usize, positions: usize) {
        let wanted = (surroundings.built.stamp(), group, positions);
        if self.made_for == Some(wanted) {
            return;
        }
        self.made_for = None;
        let owned = surroundings.owned();
        self.groups.resize_with(owned.div_ceil(group), Vec::new);
        self.groups.par_iter_mut().enumerate().for_each_init(
            || Marks::of(positions),
            |marks, (number, blocks)| {
                let atoms = number * group..owned.min((number + 1) * group);
                for atom in atoms.step_by(OF) {
                    let row = surroundings.list.row(atom).iter();
                    for &other in row.filter(|&&other| (other as usize) < positions) {
                        marks.set(other as usize / BLOCK);
                    }
                }
                blocks.clear();
                marks.take(blocks);
            },
        );
        self.made_for = Some(wanted);
    }

    /// Makes ready to ask for what two arrays hold near a group of `atoms` atoms; nothing will be asked for
    /// near none, or one that does not exist.
    #[inline]
    pub(crate) fn ahead<A, B>(
        &self,
        group: Option<usize>,
        atoms: usize,
        arrays: (*const A, *const B),
    ) -> Ahead<'_, A, B> {
        let blocks = group.and_then(|group| self.groups.get(group));
        let blocks = blocks.map_or(&[][..], Vec::as_slice);
        Ahead {
            blocks,
            of_atom: blocks.len().div_ceil(atoms),
            arrays,
        }
    }
}

/// Asks for what arrays hold near a group, as much for each atom that a kernel meanwhile evaluates.
pub(crate) struct Ahead<'a, A, B> {
    blocks: &'a [u32],
    /// How many to ask for with each atom.
    of_atom: usize,
    arrays: (*const A, *const B),
}

impl<A, B> Ahead<'_, A, B> {
    /// Asks for the part of these atoms, which are counted from the first of the group.
    #[inline(always)]
    pub(crate) fn ask(&self, atoms: Range<usize>) {
        for &block in self.part(atoms) {
            prefetch(self.arrays.0, block);
            prefetch(self.arrays.1, block);
        }
    }

    #[inline(always)]
    fn part(&self, atoms: Range<usize>) -> &[u32] {
        let end = (atoms.end * self.of_atom).min(self.blocks.len());
        let start = (atoms.start * self.of_atom).min(end);
        &self.blocks[start..end]
    }
}

/// Asks for the numbers of a block.
#[inline(always)]
fn prefetch<T>(array: *const T, block: u32) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        /// Bytes that come together.
        const LINE: usize = 64;
        let block = array.wrapping_add(block as usize * BLOCK).cast::<i8>();
        // Of a block that starts within a line the end is not asked for: its neighbour mostly is, and to
        // ask for more was not faster.
        for start in (0..BLOCK * size_of::<T>()).step_by(LINE) {
            // SAFETY: every such processor has the instruction, and no address does harm.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(block.wrapping_add(start)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (array, block);
}

/// A set of numbers that is quick to fill and to empty.
struct Marks {
    /// One bit for each number.
    bits: Vec<u64>,
    /// Which of `bits` are not zero.
    words: Vec<u32>,
}

impl Marks {
    /// For the blocks of so many positions.
    fn of(positions: usize) -> Self {
        Self {
            bits: vec![0; positions.div_ceil(BLOCK).div_ceil(64)],
            words: Vec::new(),
        }
    }

    #[inline(always)]
    fn set(&mut self, number: usize) {
        let word = &mut self.bits[number / 64];
        if *word == 0 {
            self.words.push((number / 64) as u32);
        }
        *word |= 1 << (number % 64);
    }

    /// Moves all numbers to a list, in ascending order.
    fn take(&mut self, to: &mut Vec<u32>) {
        self.words.sort_unstable();
        for word in self.words.drain(..) {
            let mut bits = std::mem::take(&mut self.bits[word as usize]);
            while bits != 0 {
                to.push(64 * word + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use frit_atoms::{Atom, Atoms, Cell, Neighbours, Species, System, Vector};

    use super::*;

    const EDGE: f64 = 40.0;

    fn neighbours(atoms: usize) -> Neighbours {
        let mut all = Atoms::new();
        for k in 0..atoms {
            // Multiples of the golden ratio's powers fill a box evenly.
            let place = [0.819_172_513, 0.671_043_607, 0.549_700_478]
                .map(|ratio: f64| EDGE * (ratio * k as f64).fract());
            all.push(Atom {
                position: Vector::from(place),
                velocity: Vector::zeros(),
                image: [0; 3],
                species: 0,
                id: k as u32 + 1,
                group: 0,
            });
        }
        let cell = Cell::orthogonal([EDGE; 3], [true; 3]).unwrap();
        let species = vec![Species::of_element("Cu").unwrap()];
        let mut system = System::new(cell, all, species).unwrap();
        let mut neighbours = Neighbours::new(6.0, 0.5).unwrap();
        neighbours.rebuild(&mut system).unwrap();
        neighbours
    }

    #[test]
    fn halos_hold_the_neighbours_of_the_atoms_asked_and_most_of_the_others() {
        const GROUP: usize = 64;
        let neighbours = neighbours(4000);
        let surroundings = neighbours.surroundings();
        let mut halos = Halos::default();
        halos.make(&surroundings, GROUP, surroundings.position.len());
        let (mut held, mut all) = (0, 0);
        for group in 0..surroundings.owned().div_ceil(GROUP) {
            let blocks = &halos.groups[group];
            assert!(blocks.is_sorted_by(|a, b| a < b), "each block once");
            let first = group * GROUP;
            for atom in first..surroundings.owned().min(first + GROUP) {
                for &other in surroundings.list.row(atom) {
                    let is_held = blocks.binary_search(&(other / BLOCK as u32)).is_ok();
                    assert!(is_held || atom % OF != 0);
                    held += u32::from(is_held);
                    all += 1;
                }
            }
        }
        assert!(
            f64::from(held) > 0.9 * f64::from(all),
            "{held} of {all} are held"
        );
    }

    #[test]
    fn halos_are_found_again_for_another_list() {
        let mut halos = Halos::default();
        halos.make(&neighbours(2000).surroundings(), 64, 2000);
        assert_eq!(halos.groups.len(), 2000_usize.div_ceil(64));
        assert!(halos.groups.iter().flatten().all(|&block| block < 500));
        halos.make(&neighbours(100).surroundings(), 64, 100);
        assert_eq!(halos.groups.len(), 2);
    }

    #[test]
    fn all_blocks_are_asked_for_once() {
        for count in [0, 1, 63, 64, 65, 300] {
            let halos = Halos {
                made_for: None,
                groups: vec![(0..count).collect()],
            };
            let nothing = std::ptr::null::<()>();
            let ahead = halos.ahead(Some(0), 64, (nothing, nothing));
            for step in [1, 8, 64] {
                let parts = (0..64)
                    .step_by(step)
                    .map(|atom| ahead.part(atom..atom + step));
                assert!(parts.flatten().copied().eq(0..count));
            }
            ahead.ask(0..64);
            for none in [None, Some(1)] {
                assert!(halos.ahead(none, 64, (nothing, nothing)).blocks.is_empty());
            }
        }
    }
}

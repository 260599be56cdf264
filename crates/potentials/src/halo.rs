//! What groups of atoms read of their neighbours, so that it can be asked for before it is read.
//!
//! Records of an atom's neighbours lie all over an array, and in a large system not in the processor's
//! second cache. Kernels wait for each of them in turn: the processor looks ahead by few pairs. Asked for
//! all at once, many come at the same time, and what remains to be waited for is little. In a crystal of
//! 256 000 atoms forces of EAM take a sixth less time, those of MEAM a twentieth; with 32 000 atoms both
//! gain 3 %.
#![expect(unsafe_code, reason = "an instruction to fetch memory")]

use frit_atoms::Surroundings;
use rayon::prelude::*;

/// Consecutive positions that are asked for together: near each other as they are sorted, and four times
/// fewer to keep in mind.
const BLOCK: usize = 4;
/// Of how many atoms one is asked for its neighbours: those of the others are mostly the same.
const OF: usize = 4;
/// Bytes that come together.
const LINE: usize = 64;

/// The blocks of positions near each group of consecutive atoms.
#[derive(Debug, Default)]
pub(crate) struct Halos {
    /// The list from which they were found, the atoms of a group, and the number of positions.
    made_for: Option<(u64, usize, usize)>,
    groups: Vec<Halo>,
}

/// Numbers of blocks.
#[derive(Debug, Default)]
pub(crate) struct Halo(Vec<u32>);

impl Halos {
    /// Finds among the first `positions` the halos of groups of so many atoms; does nothing if that was
    /// done for this list.
    pub(crate) fn make(&mut self, surroundings: &Surroundings<'_>, group: usize, positions: usize) {
        let wanted = (surroundings.built.stamp(), group, positions);
        if self.made_for == Some(wanted) {
            return;
        }
        let owned = surroundings.owned();
        self.groups
            .resize_with(owned.div_ceil(group), Halo::default);
        self.groups.par_iter_mut().enumerate().for_each_init(
            || Marks::of(positions),
            |marks, (number, halo)| {
                let atoms = number * group..owned.min((number + 1) * group);
                for atom in atoms.step_by(OF) {
                    let row = surroundings.list.row(atom).iter();
                    for &other in row.filter(|&&other| (other as usize) < positions) {
                        marks.set(other as usize / BLOCK);
                    }
                }
                halo.0.clear();
                marks.take(&mut halo.0);
            },
        );
        self.made_for = Some(wanted);
    }

    /// The halo of a group.
    #[inline(always)]
    pub(crate) fn of(&self, group: usize) -> &Halo {
        &self.groups[group]
    }
}

impl Halo {
    /// Asks for what an array holds for these positions; no harm is done if it is shorter.
    #[inline]
    pub(crate) fn ask_for<T>(&self, first: *const T) {
        for &block in &self.0 {
            let start = block as usize * BLOCK * size_of::<T>();
            for further in (0..BLOCK * size_of::<T>()).step_by(LINE) {
                prefetch(first.cast::<i8>().wrapping_add(start + further));
            }
        }
    }
}

#[inline(always)]
fn prefetch(address: *const i8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every such processor has the instruction, and no address does harm.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
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
            let blocks = &halos.of(group).0;
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
        assert!((0..32).all(|group| halos.of(group).0.iter().all(|&block| block < 500)));
        halos.make(&neighbours(100).surroundings(), 64, 100);
        assert_eq!(halos.groups.len(), 2);
        halos.of(1).ask_for(std::ptr::null::<f64>());
    }
}

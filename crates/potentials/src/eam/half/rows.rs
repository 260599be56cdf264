//! Rows in which each pair of atoms stands once.
//!
//! Of two atoms, the one whose row keeps the pair follows from their indices, so that both have as many
//! as the other on average: rows by ascending index alone would be of all lengths.
//!
//! Of a pair of an atom and a ghost, full rows hold both appearances: the atom with the image of the other,
//! and the other with the opposite image of the atom. The one whose ghost lies forward is kept
//! ([`Built::forward`](frit_atoms::neighbours::Built::forward)), also of an atom with its own images. So
//! ghosts collect what their parents miss. Just beyond the reach a list may hold one appearance without
//! the other, but such pairs are beyond the cutoff as long as the list serves; within the reach it holds
//! both, whatever the rounding.

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
    /// Index and species of each neighbour. Rows are padded with an index behind [`positions_of`] and
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
        let positions = positions_of(surroundings);
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
                    positions: positions as u32,
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
            (largest as usize) < surroundings.position.len(),
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

/// Number of positions that rows name: those of the owned atoms, and of the ghosts that lie forward.
pub(super) fn positions_of(surroundings: &Surroundings<'_>) -> usize {
    surroundings.owned() + surroundings.built.forward()
}

/// The index to which the rows of a unit's atoms are padded: that of a record behind those of
/// `positions`. Each unit has its own, for units that run at the same time must not write to the same
/// place, even if nobody reads it.
#[inline(always)]
pub(super) fn nowhere_of(atoms: &Range<usize>, positions: usize) -> u32 {
    (positions + atoms.start / UNIT) as u32
}

/// The pairs of an atom with the neighbours of one species.
pub(in crate::eam) struct RowPairs {
    pub(super) atom: u32,
    pub(super) owned: u32,
    /// Owned atoms, and ghosts that lie forward: see [`positions_of`].
    pub(super) positions: u32,
    /// The species, where it stands in entries.
    pub(super) species: u32,
}

impl RowPairs {
    /// Whether the row keeps the pair with `other`.
    #[inline(always)]
    fn keeps(&self, other: u32) -> bool {
        let ghost = other >= self.owned;
        let first = ((self.atom ^ other) & 1 == 0) == (self.atom < other);
        (other < self.positions) & (ghost | first)
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
    use std::collections::BTreeMap;

    use frit_atoms::{Atom, Cell, Matrix, Neighbours, Species, System, Vector};
    use frit_engine::random::{Purpose, Streams};

    use super::*;
    #[cfg(target_arch = "x86_64")]
    use crate::KernelPath;
    use crate::eam::half::Portable;

    #[test]
    fn one_of_two_atoms_keeps_their_pair_and_each_as_many() {
        const OWNED: u32 = 100;
        let keeps = |atom: u32, other: u32| {
            let pairs = RowPairs {
                atom,
                owned: OWNED,
                positions: OWNED + 30,
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
            for ghost in 0..60 {
                assert_eq!(keeps(atom, OWNED + ghost), ghost < 30, "{atom}, {ghost}");
            }
        }
    }

    /// [Å]; its square has more digits than those of lattice vectors below, so that none is as long.
    const REACH: f64 = 6.297;

    /// Two atoms, the first not after the second, and the image of the second that the first meets.
    type Pair = (usize, usize, [i32; 3]);

    /// The same pair, seen from either atom.
    fn pair(atom: usize, other: usize, image: [i32; 3]) -> Pair {
        let opposite = image.map(|n| -n);
        (atom, other, image).min((other, atom, opposite))
    }

    /// Atoms of two species anywhere in a cell.
    fn gas(cell: Cell, count: u32) -> System {
        let mut stream = Streams::new(5).stream(Purpose::Test, 0, u64::from(count));
        let atoms = (0..count).map(|index| Atom {
            position: cell.position(&Vector::from([0; 3].map(|_| stream.uniform()))),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: (stream.uniform() < 0.4).into(),
            id: index + 1,
            group: 0,
        });
        let species = ["Pt", "Fe"].map(|name| Species::of_element(name).unwrap());
        System::new(cell, atoms.collect(), species.to_vec()).unwrap()
    }

    /// How often each pair within the reach stands in the rows.
    fn kept<K: Kernel>(surroundings: &Surroundings<'_>, cell: &Cell) -> BTreeMap<Pair, usize> {
        let mut rows = HalfRows::default();
        rows.make::<K>(surroundings, 2);
        let position = surroundings.position;
        let (owned, positions) = (surroundings.owned(), positions_of(surroundings));
        let mut kept = BTreeMap::new();
        for atom in 0..owned {
            let nowhere = nowhere_of(&atoms_of(atom / UNIT, owned), positions);
            for entry in rows.units[atom / UNIT].row(atom % UNIT) {
                let other = (entry & INDEX) as usize;
                if other == nowhere as usize {
                    continue;
                }
                assert!(other < positions, "a ghost that does not lie forward");
                assert_eq!(
                    entry >> SPECIES_SHIFT,
                    u32::from(surroundings.species[other])
                );
                let owner = surroundings.owner(other as u32) as usize;
                let image = cell.fraction(&position[other]) - cell.fraction(&position[owner]);
                let image = [0, 1, 2].map(|k| image[k].round() as i32);
                if (position[other] - position[atom]).norm() <= REACH {
                    *kept.entry(pair(atom, owner, image)).or_default() += 1;
                }
            }
        }
        kept
    }

    /// Each pair within the reach, once, from all images that may be near.
    fn all_pairs(position: &[Vector], cell: &Cell) -> BTreeMap<Pair, usize> {
        let most = [0, 1, 2].map(|k| match cell.periodic()[k] {
            true => (REACH / cell.thickness(k)).ceil() as i32 + 1,
            false => 0,
        });
        let mut pairs = BTreeMap::new();
        for x in -most[0]..=most[0] {
            for y in -most[1]..=most[1] {
                for z in -most[2]..=most[2] {
                    let image = [x, y, z];
                    let translation = cell.translation(image);
                    for (atom, here) in position.iter().enumerate() {
                        for (other, there) in position.iter().enumerate() {
                            let is_itself = atom == other && image == [0; 3];
                            if !is_itself && (there + translation - here).norm() <= REACH {
                                pairs.insert(pair(atom, other, image), 1);
                            }
                        }
                    }
                }
            }
        }
        pairs
    }

    #[test]
    fn each_pair_within_the_reach_is_kept_once() {
        let skewed = Matrix::new(2.3, 0.2, -0.4, 0.9, 2.6, 0.3, -0.7, 1.1, 3.1);
        let wide = Matrix::from_diagonal(&Vector::new(14.0, 17.0, 15.0));
        let flags = [[true; 3], [true, true, false], [false, false, true]];
        let mut own_images = 0;
        for (vectors, count) in [(skewed, 1), (skewed, 2), (skewed, 5), (wide, 150)] {
            for periodic in flags {
                let cell = Cell::new(vectors, Vector::new(1.0, -2.0, 0.5), periodic).unwrap();
                let mut system = gas(cell, count);
                let mut neighbours = Neighbours::new(REACH - 0.5, 0.5).unwrap();
                neighbours.rebuild(&mut system).unwrap();
                let surroundings = neighbours.surroundings();
                let wanted = all_pairs(system.atoms.position(), &cell);
                assert!(wanted.len() > count as usize / 2);
                own_images += wanted.keys().filter(|pair| pair.0 == pair.1).count();
                let name = format!("{count} atoms, {periodic:?}");
                assert_eq!(kept::<Portable>(&surroundings, &cell), wanted, "{name}");
                #[cfg(target_arch = "x86_64")]
                if KernelPath::Avx512.is_available() {
                    use crate::eam::half::Avx512;
                    assert_eq!(kept::<Avx512>(&surroundings, &cell), wanted, "{name}");
                }
            }
        }
        assert!(own_images > 100);
    }
}

//! The neighbours of a chunk's atoms as the vector kernel reads them: copied once for each list, with
//! those within the cutoff packed anew at each evaluation.
//!
//! Rows start a new vector for each species of neighbours. Vectors that ask for the same functions follow
//! one another, whatever atoms of a unit they belong to: a kernel passes over them in one loop without
//! branches, each vector adding to the sums of its atom, and prepares one while it evaluates the
//! functions of another. A loop for each row ends too often where the processor cannot foresee it.
//!
//! Lanes without a neighbour hold the atom itself: at a distance of zero it is before the first
//! interval of the functions, and pulls nowhere.

use std::ops::Range;

use frit_atoms::Surroundings;

use super::Single;

/// Entries of a vector.
pub(super) const LANES: usize = 16;
/// Atoms of a unit: few enough that their sums and their neighbours stay in the first cache, and so many
/// that loops over vectors of the same functions are long. A fixed number, for the order of sums.
pub(super) const SITES: usize = 32;
/// Most atoms and ghosts that entries can name.
pub(super) const MOST_RECORDS: usize = u32::MAX as usize / size_of::<Single>();

/// Where the records of sixteen neighbours start, in bytes from the first record: a multiplication less
/// than with indices.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(64))]
pub(super) struct Entries(pub(super) [u32; LANES]);

/// Where the record of an atom starts.
#[inline(always)]
pub(super) fn entry_of(atom: u32) -> u32 {
    // As `MOST_RECORDS` has it, nothing is lost.
    atom.wrapping_mul(size_of::<Single>() as u32)
}

/// Neighbours and to whom they belong. Behind the last vector there is always one more of each, so that
/// kernels may look ahead.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    pub(super) entries: Vec<Entries>,
    /// Numbers of the atoms in their unit.
    pub(super) owners: Vec<u8>,
}

impl Vectors {
    fn clear(&mut self) {
        self.entries.clear();
        self.owners.clear();
    }

    fn resize(&mut self, vectors: usize) {
        let more = vectors.saturating_sub(self.entries.len());
        self.entries.reserve_exact(more);
        self.entries.resize(vectors, Entries::default());
        self.owners.reserve_exact(more);
        self.owners.resize(vectors, 0);
    }

    /// Writes the row of an atom, with valid indices behind its `length`, from a vector on; returns the
    /// number of vectors.
    #[inline(always)]
    fn copy_row(
        &mut self,
        start: usize,
        (row, length): (&[u32], usize),
        own: u32,
        site: u8,
    ) -> usize {
        let vectors = &row.as_chunks::<LANES>().0[..length.div_ceil(LANES)];
        let range = start..start + vectors.len();
        // Numbers of 32 bits and no choice, so that the compiler makes vectors of them.
        let mut left = length as u32;
        for (entries, neighbours) in self.entries[range.clone()].iter_mut().zip(vectors) {
            *entries = Entries(std::array::from_fn(|lane| {
                let there = u32::from((lane as u32) < left).wrapping_neg();
                (entry_of(neighbours[lane]) & there) | (own & !there)
            }));
            left = left.saturating_sub(LANES as u32);
        }
        for owner in &mut self.owners[range] {
            *owner = site;
        }
        vectors.len()
    }

    /// Some vectors and the one behind.
    #[inline(always)]
    pub(super) fn and_next(&self, range: &Range<usize>) -> (&[Entries], &[u8]) {
        let range = range.start..=range.end;
        (&self.entries[range.clone()], &self.owners[range])
    }
}

/// Vectors of a unit that belong to atoms of one species and hold neighbours of one.
#[derive(Debug)]
pub(super) struct Group {
    /// Species of the atoms.
    pub(super) kind: usize,
    /// Species of the neighbours.
    pub(super) other_kind: usize,
    /// Those of the list.
    pub(super) list: Range<usize>,
    /// Those within the cutoff; written in the first pass.
    pub(super) inner: Range<usize>,
}

/// Consecutive atoms.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) groups: Range<usize>,
    /// Neighbours in the list.
    pub(super) neighbours: usize,
    /// Whether there are neighbours before the first interval of the functions; found in the first pass.
    pub(super) any_close: bool,
}

/// The rows of a chunk, in units of [`SITES`] atoms.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Of the list that was copied.
    stamp: u64,
    /// All entries are of so many records.
    pub(super) records: usize,
    pub(super) units: Vec<Unit>,
    pub(super) groups: Vec<Group>,
    /// All of the list.
    pub(super) list: Vectors,
    /// Neighbours within the cutoff but for those before the first interval; written in the first pass.
    pub(super) inner: Vectors,
}

impl Rows {
    /// Copies the rows of some atoms unless that is done.
    ///
    /// # Panics
    /// When an index is beyond the records, or there are more than [`MOST_RECORDS`] of these.
    #[inline(always)]
    pub(super) fn copy(
        &mut self,
        surroundings: &Surroundings<'_>,
        species: usize,
        atoms: &Range<usize>,
    ) {
        if self.stamp == surroundings.built.stamp() {
            return;
        }
        self.reserve(surroundings, species, atoms);
        let (mut end, mut highest) = (0, 0);
        for first in atoms.clone().step_by(SITES) {
            let unit = first..(first + SITES).min(atoms.end);
            let groups = self.groups.len();
            for kind in 0..species {
                let is_kind = |atom: &usize| usize::from(surroundings.species[*atom]) == kind;
                for other_kind in 0..species {
                    let start = end;
                    for atom in unit.clone().filter(is_kind) {
                        let row = surroundings.list.row_and_beyond(atom, other_kind);
                        highest = row
                            .0
                            .iter()
                            .fold(highest, |highest, &other| highest.max(other));
                        let (own, site) = (entry_of(atom as u32), (atom - first) as u8);
                        end += self.list.copy_row(end, row, own, site);
                    }
                    if end > start {
                        self.groups.push(Group {
                            kind,
                            other_kind,
                            list: start..end,
                            inner: 0..0,
                        });
                    }
                }
            }
            let lengths = unit.map(|atom| surroundings.list.row(atom).len());
            self.units.push(Unit {
                groups: groups..self.groups.len(),
                neighbours: lengths.sum(),
                any_close: false,
            });
        }
        assert!(
            (highest as usize) < self.records,
            "the list names atoms that do not exist"
        );
        self.stamp = surroundings.built.stamp();
    }

    /// Makes room for new rows: no more than they need, as they are long.
    fn reserve(&mut self, surroundings: &Surroundings<'_>, species: usize, atoms: &Range<usize>) {
        // Until all are copied.
        self.stamp = 0;
        let list = surroundings.list;
        let lengths = atoms.clone().flat_map(|atom| {
            (0..species).map(move |other_kind| list.row_of_species(atom, other_kind).len())
        });
        let vectors = 1 + lengths.map(|length| length.div_ceil(LANES)).sum::<usize>();
        let records = surroundings.position.len();
        assert!(
            records <= MOST_RECORDS,
            "so many records are for other kernels"
        );
        if records < self.records {
            // Or else kernels that look ahead would find entries of records that are no more.
            self.list.clear();
            self.inner.clear();
        }
        self.records = records;
        self.units.clear();
        self.groups.clear();
        self.list.resize(vectors);
        // Never more than the list's, and one behind: steps between two lists then make no room.
        self.inner.resize(vectors + 1);
    }
}

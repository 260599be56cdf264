//! Rows of neighbours, in chunks of consecutive atoms.

/// Atoms in a chunk of rows: the unit of parallel work, and of memory.
///
/// The number is fixed, never taken from the number of threads, so that sums over chunks have the
/// same bits on any machine.
pub const CHUNK: usize = 256;

/// Valid indices behind the rows of each chunk, so that kernels may load whole vectors of a row that
/// ends within one.
pub(super) const BEYOND: usize = 16;

/// The neighbours of each owned atom: full rows, grouped by the neighbours' species.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct List {
    pub(super) atoms: usize,
    pub(super) species: usize,
    pub(super) chunks: Vec<Chunk>,
}

/// The rows of [`CHUNK`] consecutive atoms (fewer in the last chunk).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Chunk {
    /// Where each (atom, species) segment starts; one more at the end.
    pub(super) start: Vec<u32>,
    /// Indices of neighbours, owned or ghost; behind them [`BEYOND`] zeros.
    pub(super) entries: Vec<u32>,
    /// Entries of the longest row.
    pub(super) longest: usize,
}

impl Chunk {
    /// Entries in all rows.
    fn used(&self) -> usize {
        self.entries.len().saturating_sub(BEYOND)
    }
}

impl List {
    /// Number of rows: the owned atoms.
    pub fn atoms(&self) -> usize {
        self.atoms
    }

    /// Number of species by which rows are grouped.
    pub fn species(&self) -> usize {
        self.species
    }

    /// Number of chunks; chunk `c` holds the atoms from `c * CHUNK`.
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// The atoms of chunk `chunk`.
    pub fn atoms_of(&self, chunk: usize) -> std::ops::Range<usize> {
        chunk * CHUNK..((chunk + 1) * CHUNK).min(self.atoms)
    }

    /// All neighbours of atom `atom`.
    #[inline]
    pub fn row(&self, atom: usize) -> &[u32] {
        let chunk = &self.chunks[atom / CHUNK];
        let first = atom % CHUNK * self.species;
        let range = chunk.start[first] as usize..chunk.start[first + self.species] as usize;
        &chunk.entries[range]
    }

    /// The neighbours of atom `atom` that are of species `species`.
    #[inline]
    pub fn row_of_species(&self, atom: usize, species: usize) -> &[u32] {
        let chunk = &self.chunks[atom / CHUNK];
        let segment = atom % CHUNK * self.species + species;
        &chunk.entries[chunk.start[segment] as usize..chunk.start[segment + 1] as usize]
    }

    /// The neighbours of atom `atom` that are of species `species`, followed by 16 other valid indices, and
    /// the number of the neighbours.
    #[inline]
    pub fn row_and_beyond(&self, atom: usize, species: usize) -> (&[u32], usize) {
        let chunk = &self.chunks[atom / CHUNK];
        let segment = atom % CHUNK * self.species + species;
        let [start, end] = [segment, segment + 1].map(|bound| chunk.start[bound] as usize);
        (&chunk.entries[start..end + BEYOND], end - start)
    }

    /// All neighbours of atom `atom`, and where those of each species start and end.
    ///
    /// The second slice has one number more than there are species; those of species `s` are from the
    /// `s`-th number to the next, both less the first number.
    #[inline]
    pub fn segments(&self, atom: usize) -> (&[u32], &[u32]) {
        let chunk = &self.chunks[atom / CHUNK];
        let first = atom % CHUNK * self.species;
        let bounds = &chunk.start[first..=first + self.species];
        let range = bounds[0] as usize..bounds[self.species] as usize;
        (&chunk.entries[range], bounds)
    }

    /// Entries in all rows of chunk `chunk`, and in the longest of them.
    #[inline]
    pub fn entries_of(&self, chunk: usize) -> (usize, usize) {
        let chunk = &self.chunks[chunk];
        (chunk.used(), chunk.longest)
    }

    /// Entries in all rows.
    pub fn entries(&self) -> usize {
        self.chunks.iter().map(Chunk::used).sum()
    }
}

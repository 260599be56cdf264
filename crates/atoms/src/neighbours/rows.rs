//! The rows of the neighbour list, from points sorted into cells.
//!
//! A few consecutive atoms, which are near each other because the atoms are sorted in space, share
//! one search: the points near their bounding box are copied, in single precision relative to its
//! centre, into a small buffer; each atom's row is then what of the buffer lies within reach.
//!
//! **Rounding.** The box is at most 1.25 reaches wide, so coordinates relative to its centre are at
//! most 1.625 reaches for points within reach of the box, and 0.625 for its atoms. Rounded to 24 bits,
//! they and their differences are off by at most (1.625 + 0.625 + 1) 2⁻²⁴ reaches, and distances by √3
//! times that and three more roundings in the square: less than 5e-7 reaches. Rows reach further by
//! [`FURTHER`], so every pair within reach is in them; a few pairs just beyond may be, too.

use rayon::prelude::*;

use super::grid::Grid;
use super::list::{BEYOND, CHUNK, Chunk, List};
use super::select::{Path, Shell};
use crate::Vector;

/// Rows reach further than asked by this fraction, to be safe from rounding.
pub(super) const FURTHER: f64 = 2e-6;

/// The search for candidates reaches further than asked by this fraction.
const SEARCH_FURTHER: f64 = 1e-5;

/// Atoms that share a search at most.
///
/// Larger groups search less often, but each of their atoms then looks at more candidates. This,
/// the width and the grid's edge were measured to be near the best for 44 and for 96 entries a row.
const GROUP: usize = 32;

/// Width of the bounding box of atoms that share a search at most, in reaches.
const GROUP_WIDTH: f64 = 1.25;

/// Edge of the grid's cells, in reaches.
pub(super) const GRID_EDGE: f64 = 1.0;

/// Entries that vectors may read or write beyond the end of what they are to.
pub(super) const OVERHANG: usize = 16;

/// Points near a group of atoms: coordinates relative to the group's centre [Å] and indices.
///
/// The columns are longer than `used`: room for stores that overhang.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    pub(super) x: Vec<f32>,
    pub(super) y: Vec<f32>,
    pub(super) z: Vec<f32>,
    pub(super) index: Vec<u32>,
    pub(super) used: usize,
}

/// What one thread needs to build rows.
#[derive(Debug, Default)]
struct Scratch {
    /// The columns of cells near a group: along x and y, and the first and last cell along z.
    columns: Vec<(usize, usize, (usize, usize))>,
    /// The points of one species in those columns.
    runs: Vec<std::ops::Range<usize>>,
    candidates: Candidates,
    /// Where the candidates of each species start, and the end.
    species: Vec<usize>,
    entries: Vec<u32>,
}

/// Where rows are built from.
pub(super) struct Source<'a> {
    /// All points [Å], the owned atoms first.
    pub(super) position: &'a [Vector],
    /// Number of owned atoms.
    pub(super) owned: usize,
    /// Number of species.
    pub(super) species: usize,
    /// The points in cells.
    pub(super) grid: &'a Grid,
    /// How far rows must reach [Å].
    pub(super) reach: f64,
    /// The instructions that may be used.
    pub(super) path: Path,
}

/// Writes all rows into `list`, using its buffers again.
pub(super) fn build(source: &Source<'_>, list: &mut List) {
    list.atoms = source.owned;
    list.species = source.species;
    list.chunks
        .resize_with(source.owned.div_ceil(CHUNK), Chunk::default);
    list.chunks.par_iter_mut().enumerate().for_each_init(
        Scratch::default,
        |scratch, (number, chunk)| {
            let first = number * CHUNK;
            build_chunk(
                source,
                first..(first + CHUNK).min(source.owned),
                scratch,
                chunk,
            );
        },
    );
}

fn build_chunk(
    source: &Source<'_>,
    atoms: std::ops::Range<usize>,
    scratch: &mut Scratch,
    chunk: &mut Chunk,
) {
    let near = source.reach * (1.0 + FURTHER);
    let near2 = (near * near) as f32;
    chunk.start.clear();
    let mut used = 0;
    let mut next = atoms.start;
    while next < atoms.end {
        let group = Group::from(source, next..atoms.end);
        group.search(source, scratch);
        for atom in group.first..group.end {
            let here = group.relative(&source.position[atom]);
            let most = used + scratch.candidates.used + OVERHANG;
            if scratch.entries.len() < most {
                scratch.entries.resize(2 * most, 0);
            }
            for bounds in scratch.species.windows(2) {
                chunk.start.push(used as u32);
                used += source.path.select(
                    &scratch.candidates,
                    bounds[0]..bounds[1],
                    (atom as u32, here, near2),
                    &mut scratch.entries[used..],
                );
            }
        }
        next = group.end;
    }
    chunk.start.push(used as u32);
    let rows = chunk.start.windows(source.species + 1);
    let lengths = rows
        .step_by(source.species)
        .map(|row| row[source.species] - row[0]);
    chunk.longest = lengths.max().unwrap_or(0) as usize;
    chunk.entries.clear();
    if chunk.entries.capacity() < used + BEYOND {
        // A little room, so that fluctuations from build to build seldom allocate.
        chunk.entries.reserve_exact(used + used / 16 + BEYOND);
    }
    chunk.entries.extend_from_slice(&scratch.entries[..used]);
    chunk.entries.extend_from_slice(&[0; BEYOND]);
}

/// Consecutive atoms that share a search, and their bounding box [Å].
struct Group {
    first: usize,
    end: usize,
    low: Vector,
    high: Vector,
    centre: Vector,
}

impl Group {
    /// As many of the first of `atoms` as fit a group.
    fn from(source: &Source<'_>, atoms: std::ops::Range<usize>) -> Self {
        let width = GROUP_WIDTH * source.reach;
        let mut low = source.position[atoms.start];
        let mut high = low;
        let mut end = atoms.start + 1;
        while end < atoms.end.min(atoms.start + GROUP) {
            let wider_low = low.inf(&source.position[end]);
            let wider_high = high.sup(&source.position[end]);
            if (wider_high - wider_low).max() > width {
                break;
            }
            (low, high) = (wider_low, wider_high);
            end += 1;
        }
        Self {
            first: atoms.start,
            end,
            low,
            high,
            centre: low + 0.5 * (high - low),
        }
    }

    /// Coordinates relative to the centre, in single precision.
    fn relative(&self, position: &Vector) -> [f32; 3] {
        let difference = position - self.centre;
        [
            difference.x as f32,
            difference.y as f32,
            difference.z as f32,
        ]
    }

    /// Collects the points within reach of the bounding box, species by species.
    fn search(&self, source: &Source<'_>, scratch: &mut Scratch) {
        let grid = source.grid;
        let far = source.reach * (1.0 + SEARCH_FURTHER) + grid.rounding();
        let shell = Shell {
            centre: self.centre.into(),
            half: (0.5 * (self.high - self.low)).map(|x| x as f32).into(),
            far2: (far * far) as f32,
        };
        let cells = |k: usize, by: f64| {
            (
                grid.cell_along(k, self.low[k] - by),
                grid.cell_along(k, self.high[k] + by),
            )
        };
        let (x_cells, y_cells) = (cells(0, far), cells(1, far));
        scratch.columns.clear();
        for x in x_cells.0..=x_cells.1 {
            let dx = grid.distance_along(0, x, self.low.x, self.high.x);
            for y in y_cells.0..=y_cells.1 {
                let dy = grid.distance_along(1, y, self.low.y, self.high.y);
                let left = far * far - dx * dx - dy * dy;
                if left > 0.0 {
                    scratch.columns.push((x, y, cells(2, left.sqrt())));
                }
            }
        }
        scratch.candidates.used = 0;
        scratch.species.clear();
        for species in 0..source.species {
            scratch.species.push(scratch.candidates.used);
            scratch.runs.clear();
            let columns = scratch.columns.iter();
            scratch
                .runs
                .extend(columns.map(|&(x, y, z)| grid.column(species, x, y, z)));
            let points = scratch.runs.iter().map(ExactSizeIterator::len).sum();
            scratch.candidates.make_room(points);
            source
                .path
                .collect(grid, &scratch.runs, &shell, &mut scratch.candidates);
        }
        scratch.species.push(scratch.candidates.used);
    }
}

impl Candidates {
    /// Makes the columns long enough for `more` candidates and overhanging stores.
    fn make_room(&mut self, more: usize) {
        let most = self.used + more + OVERHANG;
        if self.index.len() < most {
            for column in [&mut self.x, &mut self.y, &mut self.z] {
                column.resize(2 * most, 0.0);
            }
            self.index.resize(2 * most, 0);
        }
    }
}

//! Points in space sorted into cubic cells, so that those near a place are found without a search
//! of all.

use rayon::prelude::*;

use super::rows::OVERHANG;
use crate::Vector;

/// Points that are at least one piece of parallel work.
const PIECE: usize = 4096;

/// Cells along one axis at most; beyond, cells get larger. Three axes and 256 species then fit the
/// 64 bits of a key.
const CELLS_PER_AXIS: f64 = (1 << 18) as f64;

/// Dense tables have at most this many cells for each point (and [`FREE_CELLS`] more).
const CELLS_PER_POINT: usize = 4;

/// Cells that a dense table may always have.
const FREE_CELLS: usize = 1 << 12;

/// Points sorted by species, then by cell (x slowest, z fastest), then by index.
///
/// A row of cells along z is a column: a consecutive run of points. When the box has far more cells
/// than points (clusters far apart), no table of cells is kept; columns are then found by bisection
/// of the points' keys, so that memory never depends on the extent of the box.
#[derive(Debug, Default)]
pub(super) struct Grid {
    low: Vector,
    edge: f64,
    inverse_edge: f64,
    cells: [usize; 3],
    species: usize,
    rounding: f64,
    dense: bool,
    /// In a dense grid, where the points of each cell start.
    first: Vec<u32>,
    /// Keys: of the points in their given order (dense), or sorted (sparse).
    keys: Vec<u64>,
    /// Coordinates of the sorted points [Å]; these columns are longer by [`OVERHANG`].
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) z: Vec<f64>,
    /// Indices of the sorted points.
    pub(super) index: Vec<u32>,
}

impl Grid {
    /// Sorts points into cells of about `edge` [Å].
    pub(super) fn fill(
        &mut self,
        position: &[Vector],
        species: &[u8],
        species_count: usize,
        edge: f64,
    ) {
        self.frame(position, species_count, edge);
        let mut keys = std::mem::take(&mut self.keys);
        position
            .par_iter()
            .zip(species)
            .with_min_len(PIECE)
            .map(|(position, &species)| self.key_of(position, usize::from(species)))
            .collect_into_vec(&mut keys);
        self.keys = keys;
        for column in [&mut self.x, &mut self.y, &mut self.z] {
            column.resize(position.len() + OVERHANG, 0.0);
        }
        self.index.resize(position.len() + OVERHANG, 0);
        if self.dense {
            self.sort_by_counting(position);
        } else {
            self.sort_by_keys(position);
        }
    }

    /// Bytes of all columns.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        4 * (self.first.capacity() + self.index.capacity())
            + 8 * (self.keys.capacity() + 3 * self.x.capacity())
    }

    /// How far coordinates of cell faces may be off by rounding [Å].
    pub(super) fn rounding(&self) -> f64 {
        self.rounding
    }

    /// The cell along axis `k` in which a coordinate [Å] lies, or the nearest one.
    pub(super) fn cell_along(&self, k: usize, coordinate: f64) -> usize {
        // The cast takes negative numbers and NaN to zero. Every step is monotonic, so that a
        // smaller coordinate never gets a larger cell.
        (((coordinate - self.low[k]) * self.inverse_edge) as usize).min(self.cells[k] - 1)
    }

    /// How far [Å] the slab of cells `cell` along axis `k` is from the interval `low..high`.
    pub(super) fn distance_along(&self, k: usize, cell: usize, low: f64, high: f64) -> f64 {
        let start = self.low[k] + cell as f64 * self.edge;
        (start - high).max(low - (start + self.edge)).max(0.0)
    }

    /// The points of one species in the cells `z.0..=z.1` of the column at (`x`, `y`).
    pub(super) fn column(
        &self,
        species: usize,
        x: usize,
        y: usize,
        z: (usize, usize),
    ) -> std::ops::Range<usize> {
        let row = self.key(species, x, y, 0);
        self.first_at(row + z.0 as u64)..self.first_at(row + z.1 as u64 + 1)
    }

    fn first_at(&self, key: u64) -> usize {
        if self.dense {
            self.first[key as usize] as usize
        } else {
            self.keys.partition_point(|&other| other < key)
        }
    }

    fn key(&self, species: usize, x: usize, y: usize, z: usize) -> u64 {
        let [along_x, along_y, along_z] = self.cells.map(|n| n as u64);
        ((species as u64 * along_x + x as u64) * along_y + y as u64) * along_z + z as u64
    }

    fn key_of(&self, position: &Vector, species: usize) -> u64 {
        let [x, y, z] = [0, 1, 2].map(|k| self.cell_along(k, position[k]));
        self.key(species, x, y, z)
    }

    /// Chooses the box, the cells and the kind of table.
    fn frame(&mut self, position: &[Vector], species_count: usize, edge: f64) {
        let nothing = (
            Vector::repeat(f64::INFINITY),
            Vector::repeat(f64::NEG_INFINITY),
        );
        let (mut low, mut high) = position
            .par_chunks(PIECE)
            .map(|points| {
                points.iter().fold(nothing, |(low, high), position| {
                    (low.inf(position), high.sup(position))
                })
            })
            .reduce(
                || nothing,
                |one, other| (one.0.inf(&other.0), one.1.sup(&other.1)),
            );
        if position.is_empty() {
            (low, high) = (Vector::zeros(), Vector::zeros());
        }
        let extent = (high - low).max();
        self.low = low;
        self.edge = edge.max(extent / CELLS_PER_AXIS);
        self.inverse_edge = 1.0 / self.edge;
        self.cells = [0, 1, 2].map(|k| ((high[k] - low[k]) * self.inverse_edge) as usize + 1);
        self.species = species_count;
        // A few rounding errors of a coordinate.
        self.rounding = 8.0 * f64::EPSILON * low.amax().max(high.amax());
        // At most 2^18 + 1 cells along an axis and 2^8 species: the product fits 64 bits.
        let cells = self.cells.iter().product::<usize>() as u64 * species_count as u64;
        self.dense = cells <= (CELLS_PER_POINT * position.len() + FREE_CELLS) as u64;
    }

    fn sort_by_counting(&mut self, position: &[Vector]) {
        let cells = self.cells.iter().product::<usize>() * self.species;
        // Counts two places up become starts one place up, which become the right starts when
        // every point has moved its cell's start past itself.
        self.first.clear();
        self.first.resize(cells + 2, 0);
        for &key in &self.keys {
            self.first[key as usize + 2] += 1;
        }
        let mut sum = 0;
        for count in &mut self.first {
            sum += *count;
            *count = sum;
        }
        for (index, (&key, position)) in self.keys.iter().zip(position).enumerate() {
            let place = &mut self.first[key as usize + 1];
            let to = *place as usize;
            *place += 1;
            self.x[to] = position.x;
            self.y[to] = position.y;
            self.z[to] = position.z;
            self.index[to] = index as u32;
        }
    }

    fn sort_by_keys(&mut self, position: &[Vector]) {
        let keys = &self.keys;
        let order = &mut self.index[..position.len()];
        for (index, place) in order.iter_mut().enumerate() {
            *place = index as u32;
        }
        order.par_sort_unstable_by_key(|&index| (keys[index as usize], index));
        self.keys.par_sort_unstable();
        for (to, &from) in order.iter().enumerate() {
            let position = position[from as usize];
            self.x[to] = position.x;
            self.y[to] = position.y;
            self.z[to] = position.z;
        }
    }
}

//! An order of the atoms in which those that follow each other are near each other.

use rayon::prelude::*;

use crate::{Atoms, Vector};

/// Largest edge of the cells that the curve visits [Å]: a few atoms of a metal each.
const EDGE: f64 = 3.0;

/// Bits of a cell's number along an axis, at most: three axes fit 64 bits.
const BITS: u32 = 20;

/// Sorts the atoms along a Hilbert curve through their bounding box; atoms in one cell by id.
///
/// The result depends on positions and ids alone, not on the order before. Of all simple curves,
/// Hilbert's never jumps, so that a few consecutive atoms always fill a small volume. For that it must
/// not leave the bounding box, so along each axis a power of two of cells fills it, with edges from
/// 1.5 Å to 3 Å.
pub(super) fn sort(atoms: &mut Atoms) {
    let mut low = Vector::repeat(f64::INFINITY);
    let mut high = Vector::repeat(f64::NEG_INFINITY);
    for position in atoms.position() {
        low = low.inf(position);
        high = high.sup(position);
    }
    let edge = EDGE.max((high - low).max() / f64::from(1_u32 << BITS));
    // The cast takes what is no number (no atoms) and negative numbers to zero.
    let bits = (high - low).map(|extent| (extent / edge).log2().ceil() as u32);
    let per_cell = (high - low).zip_map(&bits, |extent, bits| f64::from(1_u32 << bits) / extent);
    let most = bits.max();
    let mut order: Vec<(u64, u32, u32)> = atoms
        .position()
        .par_iter()
        .zip(atoms.id())
        .enumerate()
        .map(|(index, (position, &id))| {
            let cell = [0, 1, 2].map(|k| {
                let cell = ((position[k] - low[k]) * per_cell[k]) as u32;
                cell.min((1 << bits[k]) - 1)
            });
            (hilbert(cell, most), id, index as u32)
        })
        .collect();
    order.par_sort_unstable();
    let order: Vec<u32> = order.into_iter().map(|(_, _, index)| index).collect();
    if !order.is_sorted() {
        atoms.reorder(&order);
    }
}

/// How far along the Hilbert curve of `2^bits` cells an edge a cell lies.
///
/// The algorithm is J. Skilling's (AIP Conf. Proc. 707, 381 (2004), doi:10.1063/1.1751381): undo,
/// from the coarsest cube down, the exchanges and inversions by which the curve's parts arise from
/// each other, then undo the Gray code; the bits of the three numbers, interleaved, are the place.
fn hilbert(mut cell: [u32; 3], bits: u32) -> u64 {
    for bit in (1..bits).rev() {
        let (here, below) = (1 << bit, (1 << bit) - 1);
        for k in 0..3 {
            if cell[k] & here != 0 {
                cell[0] ^= below;
            } else {
                let exchange = (cell[0] ^ cell[k]) & below;
                cell[0] ^= exchange;
                cell[k] ^= exchange;
            }
        }
    }
    cell[1] ^= cell[0];
    cell[2] ^= cell[1];
    let mut inversion = 0;
    for bit in (1..bits).rev() {
        if cell[2] & (1 << bit) != 0 {
            inversion ^= (1 << bit) - 1;
        }
    }
    let mut place = 0;
    for bit in (0..bits).rev() {
        for number in cell {
            place = place << 1 | u64::from((number ^ inversion) >> bit & 1);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_visits_every_cell_once_and_never_jumps() {
        let bits = 3;
        let mut visited: Vec<(u64, [u32; 3])> = (0..512)
            .map(|n| {
                let cell = [n >> 6, n >> 3 & 7, n & 7];
                (hilbert(cell, bits), cell)
            })
            .collect();
        visited.sort_unstable();
        for (place, entry) in visited.iter().enumerate() {
            assert_eq!(entry.0, place as u64);
        }
        for pair in visited.windows(2) {
            let step: u32 = (0..3).map(|k| pair[0].1[k].abs_diff(pair[1].1[k])).sum();
            assert_eq!(step, 1, "from {:?} to {:?}", pair[0].1, pair[1].1);
        }
    }
}

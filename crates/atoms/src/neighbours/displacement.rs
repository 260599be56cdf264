//! Whether a list still holds every pair within the cutoff.
//!
//! **Criterion.** Let `V` and `V'` be the cell vectors (rows) when the list was built and now, and
//! `F = V⁻¹ V'` the strain that turns one into the other. Let atom *i* have moved from `r` to
//! `r' = o + (r − o) F + w_i`, with `o` the cell's origin: `w_i` is the part of its displacement that
//! the strain does not explain. The vector from atom *i* to the image `n` (whole numbers) of *j* was
//! `d = r_j + n V − r_i`, and as `n V F = n V'`, it is now exactly
//!
//! > `d' = d F + w_j − w_i`, so `|d'| ≥ σ |d| − |w_i| − |w_j|`,
//!
//! with `σ` the least singular value of `F`. A pair that the list lacks had `|d| ≥ reach`, the sum of
//! cutoff and skin. So while the two largest `|w|` of all atoms add up to no more than
//! `σ reach − cutoff`, every missing pair is still at least a cutoff apart. (An atom and its own image
//! have the same `w`, so one atom never counts twice.) Nothing about the strain or the number of
//! images is approximated: it holds for any cell shape and for barostats. Without strain the right
//! side is the skin. Rounding of these sums, some 1e-12 Å, is covered by the list's reaching further
//! than asked by 1e-6 of its reach.

use rayon::prelude::*;

use super::ListOrigin;
use crate::{Matrix, System, Vector};

/// Atoms that are compared as one piece of parallel work.
const PIECE: usize = 8192;

/// The two largest squared displacements [Å²] of some atoms.
#[derive(Debug, Clone, Copy)]
struct Largest {
    first: f64,
    second: f64,
    finite: bool,
}

impl Largest {
    const NONE: Self = Self {
        first: 0.0,
        second: 0.0,
        finite: true,
    };

    #[inline]
    fn add(&mut self, squared: f64) {
        self.second = self.second.max(self.first.min(squared));
        self.first = self.first.max(squared);
        self.finite &= squared < f64::INFINITY;
    }

    /// The same whatever the order of merging.
    fn merge(self, other: Self) -> Self {
        Self {
            first: self.first.max(other.first),
            second: self
                .second
                .max(other.second)
                .max(self.first.min(other.first)),
            finite: self.finite && other.finite,
        }
    }
}

/// Whether the list built at `origin` to `reach` [Å] still holds all pairs within `cutoff` [Å];
/// copies the positions on the way.
pub(super) fn holds(
    origin: &ListOrigin,
    system: &System,
    cutoff: f64,
    reach: f64,
    copy: &mut [Vector],
) -> bool {
    let now = system.atoms.position();
    if origin.position.len() != now.len()
        || copy.len() != now.len()
        || origin.cell.periodic() != system.cell.periodic()
    {
        return false;
    }
    let strained = origin.cell != system.cell;
    let (allowed, largest) = if strained {
        let strain = strain(origin, system);
        let centre = origin.cell.origin();
        let shift = centre - strain.tr_mul(&centre);
        let allowed = least_singular_value(&strain) * reach - cutoff;
        let displaced = largest(origin, now, copy, |now, then| {
            now - (strain.tr_mul(then) + shift)
        });
        (allowed, displaced)
    } else {
        let displaced = largest(origin, now, copy, |now, then| now - then);
        (reach - cutoff, displaced)
    };
    largest.finite && largest.first.sqrt() + largest.second.sqrt() <= allowed
}

fn largest(
    origin: &ListOrigin,
    now: &[Vector],
    copy: &mut [Vector],
    displacement: impl Fn(&Vector, &Vector) -> Vector + Sync,
) -> Largest {
    let piece = |now: &[Vector], then: &[Vector], copy: &mut [Vector]| {
        let mut largest = Largest::NONE;
        for ((now, then), copy) in now.iter().zip(then).zip(copy) {
            *copy = *now;
            largest.add(displacement(now, then).norm_squared());
        }
        largest
    };
    if now.len() <= PIECE {
        // Waking a thread takes longer than this.
        return piece(now, &origin.position, copy);
    }
    now.par_chunks(PIECE)
        .zip(origin.position.par_chunks(PIECE))
        .zip(copy.par_chunks_mut(PIECE))
        .map(|((now, then), copy)| piece(now, then, copy))
        .reduce(|| Largest::NONE, Largest::merge)
}

/// The matrix that turns the cell vectors (rows) of the list's origin into the present ones.
fn strain(origin: &ListOrigin, system: &System) -> Matrix {
    origin.cell.inverse() * system.cell.vectors()
}

fn least_singular_value(matrix: &Matrix) -> f64 {
    matrix.singular_values().min()
}

//! LAMMPS's boxes: orthogonal, restricted triclinic (a along x, b in the xy plane), general.

use frit_atoms::{Cell, CellError, Matrix, Vector};

/// A box whose first vector lies along x and whose second in the xy plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Restricted {
    /// Lower corner [Å].
    pub(crate) low: Vector,
    /// Lower corner plus the diagonal of the cell vectors [Å].
    pub(crate) high: Vector,
    /// Tilts xy, xz, yz [Å].
    pub(crate) tilt: [f64; 3],
}

impl Restricted {
    /// The box of a cell in this orientation; `None` for other orientations.
    pub(crate) fn of(cell: &Cell) -> Option<Self> {
        let h = cell.vectors();
        let is_lower = h[(0, 1)] == 0.0 && h[(0, 2)] == 0.0 && h[(1, 2)] == 0.0;
        let is_positive = h.diagonal().iter().all(|&length| length > 0.0);
        (is_lower && is_positive).then(|| Self {
            low: cell.origin(),
            high: cell.origin() + h.diagonal(),
            tilt: [h[(1, 0)], h[(2, 0)], h[(2, 1)]],
        })
    }

    pub(crate) fn is_tilted(&self) -> bool {
        self.tilt != [0.0; 3]
    }

    pub(crate) fn cell(&self, periodic: [bool; 3]) -> Result<Cell, CellError> {
        let length = self.high - self.low;
        let [xy, xz, yz] = self.tilt;
        let vectors = Matrix::new(length.x, 0.0, 0.0, xy, length.y, 0.0, xz, yz, length.z);
        Cell::new(vectors, self.low, periodic)
    }

    /// How far the box with its tilts reaches below `low` and above `high` [Å]: dump files give
    /// the bounds of the box that encloses it (LAMMPS documentation, Howto_triclinic).
    fn overhang(&self) -> (Vector, Vector) {
        let [xy, xz, yz] = self.tilt;
        let x = [0.0, xy, xz, xy + xz];
        let low = Vector::new(x.into_iter().fold(0.0, f64::min), yz.min(0.0), 0.0);
        let high = Vector::new(x.into_iter().fold(0.0, f64::max), yz.max(0.0), 0.0);
        (low, high)
    }

    /// The bounds of the enclosing box [Å].
    pub(crate) fn bounds(&self) -> (Vector, Vector) {
        let (below, above) = self.overhang();
        (self.low + below, self.high + above)
    }

    /// From the bounds of the enclosing box and the tilts [Å].
    pub(crate) fn from_bounds(low: Vector, high: Vector, tilt: [f64; 3]) -> Self {
        let mut bare = Self { low, high, tilt };
        let (below, above) = bare.overhang();
        bare.low -= below;
        bare.high -= above;
        bare
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_enclose_all_corners_and_come_back() {
        for tilt in [[1.0, -0.5, 0.3], [-1.0, -0.5, -0.3], [0.5, -2.0, 0.0]] {
            let restricted = Restricted {
                low: Vector::new(1.0, -2.0, 0.5),
                high: Vector::new(5.0, 4.0, 6.5),
                tilt,
            };
            let cell = restricted.cell([true; 3]).unwrap();
            assert_eq!(Restricted::of(&cell), Some(restricted));
            let (low, high) = restricted.bounds();
            let corners = (0..8).map(|bits| {
                let fraction = [0, 1, 2].map(|k| f64::from(bits >> k & 1));
                cell.position(&Vector::from(fraction))
            });
            let (found_low, found_high) = corners.fold(
                (Vector::repeat(f64::MAX), Vector::repeat(f64::MIN)),
                |(low, high), corner| (low.inf(&corner), high.sup(&corner)),
            );
            assert_eq!((low, high), (found_low, found_high));
            let back = Restricted::from_bounds(low, high, tilt);
            assert!((back.low - restricted.low).norm() < 1e-14);
            assert!((back.high - restricted.high).norm() < 1e-14);
        }
    }
}

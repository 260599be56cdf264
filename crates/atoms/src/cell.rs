//! The simulation cell: three vectors, an origin, and which directions are periodic.

use crate::{Matrix, Vector};

/// Why three vectors do not make a cell.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CellError {
    /// The vectors span no volume.
    #[error(
        "the cell vectors {vectors:?} span no volume; give three vectors that do not lie in a plane"
    )]
    Flat {
        /// The vectors found [Å], one a row.
        vectors: [[f64; 3]; 3],
    },
    /// The vectors are left-handed.
    #[error(
        "the cell vectors {vectors:?} are left-handed (their volume is negative); swap two of them"
    )]
    LeftHanded {
        /// The vectors found [Å], one a row.
        vectors: [[f64; 3]; 3],
    },
    /// A component is not a finite number.
    #[error("the cell vectors {vectors:?} are not all finite numbers")]
    NotFinite {
        /// The vectors found [Å], one a row.
        vectors: [[f64; 3]; 3],
    },
}

/// A parallelepiped with an origin; each of its directions is periodic or free.
///
/// In a free direction the cell only frames the atoms: they may leave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    vectors: Matrix,
    inverse: Matrix,
    origin: Vector,
    periodic: [bool; 3],
}

impl Cell {
    /// A cell from its vectors `a`, `b`, `c` as rows [Å], its origin [Å] and its periodic directions.
    ///
    /// # Errors
    /// The vectors must be finite, right-handed, and span a volume.
    pub fn new(vectors: Matrix, origin: Vector, periodic: [bool; 3]) -> Result<Self, CellError> {
        let rows = [0, 1, 2].map(|k| [0, 1, 2].map(|d| vectors[(k, d)]));
        if !vectors.iter().chain(origin.iter()).all(|x| x.is_finite()) {
            return Err(CellError::NotFinite { vectors: rows });
        }
        let volume = vectors.determinant();
        let lengths: f64 = (0..3).map(|k| vectors.row(k).norm()).product();
        // A billionth of the rectangular volume: flatter cells lose all digits in fractions.
        if volume.abs() <= 1e-9 * lengths || lengths == 0.0 {
            return Err(CellError::Flat { vectors: rows });
        }
        if volume < 0.0 {
            return Err(CellError::LeftHanded { vectors: rows });
        }
        let inverse = vectors
            .try_inverse()
            .ok_or(CellError::Flat { vectors: rows })?;
        Ok(Self {
            vectors,
            inverse,
            origin,
            periodic,
        })
    }

    /// A rectangular cell with edges along x, y, z [Å] and its origin at zero.
    ///
    /// # Errors
    /// The lengths must be positive and finite.
    pub fn orthogonal(lengths: [f64; 3], periodic: [bool; 3]) -> Result<Self, CellError> {
        Self::new(
            Matrix::from_diagonal(&Vector::from(lengths)),
            Vector::zeros(),
            periodic,
        )
    }

    /// The same origin and periodic directions with other vectors [Å].
    ///
    /// # Errors
    /// As [`Cell::new`].
    pub fn with_vectors(&self, vectors: Matrix) -> Result<Self, CellError> {
        Self::new(vectors, self.origin, self.periodic)
    }

    /// The cell vectors as rows [Å].
    pub fn vectors(&self) -> &Matrix {
        &self.vectors
    }

    /// The inverse of [`Cell::vectors`] [1/Å]: its columns are the reciprocal vectors (without 2π).
    pub fn inverse(&self) -> &Matrix {
        &self.inverse
    }

    /// Cell vector `k` [Å].
    pub fn vector(&self, k: usize) -> Vector {
        self.vectors.row(k).transpose()
    }

    /// The corner from which the cell vectors start [Å].
    pub fn origin(&self) -> Vector {
        self.origin
    }

    /// Which of the three directions are periodic.
    pub fn periodic(&self) -> [bool; 3] {
        self.periodic
    }

    /// Volume [Å³].
    pub fn volume(&self) -> f64 {
        self.vectors.determinant()
    }

    /// Whether the vectors lie along x, y and z.
    pub fn is_orthogonal(&self) -> bool {
        (0..3).all(|i| (0..3).all(|j| i == j || self.vectors[(i, j)] == 0.0))
    }

    /// Fractions of the cell vectors for a point [Å].
    pub fn fraction(&self, position: &Vector) -> Vector {
        self.inverse.tr_mul(&(position - self.origin))
    }

    /// The point [Å] at fractions of the cell vectors.
    pub fn position(&self, fraction: &Vector) -> Vector {
        self.vectors.tr_mul(fraction) + self.origin
    }

    /// The translation [Å] by whole cell vectors.
    pub fn translation(&self, image: [i32; 3]) -> Vector {
        self.vectors.tr_mul(&Vector::from(image.map(f64::from)))
    }

    /// Distance [Å] between the two faces that direction `k` connects.
    pub fn thickness(&self, k: usize) -> f64 {
        // The k-th column of the inverse is the reciprocal vector, of length 1/thickness.
        1.0 / self.inverse.column(k).norm()
    }

    /// The cell image [whole vectors] in which a point lies; zero in free directions.
    pub fn image_of(&self, position: &Vector) -> [i32; 3] {
        let fraction = self.fraction(position);
        [0, 1, 2].map(|k| {
            // Most points are inside: spare them the rounding.
            if !self.periodic[k] || (0.0..1.0).contains(&fraction[k]) {
                0
            } else {
                fraction[k].floor() as i32
            }
        })
    }

    /// The shortest of the vectors [Å] equivalent to `difference` by periodicity.
    ///
    /// Exact for any cell shape: it looks at the neighbouring images of the rounded one.
    pub fn shortest(&self, difference: &Vector) -> Vector {
        let fraction = self.inverse.tr_mul(difference);
        let rounded = [0, 1, 2].map(|k| {
            if self.periodic[k] {
                -fraction[k].round() as i32
            } else {
                0
            }
        });
        let reach = self.periodic.map(i32::from);
        let mut best = difference + self.translation(rounded);
        if self.is_orthogonal() {
            return best;
        }
        for a in -reach[0]..=reach[0] {
            for b in -reach[1]..=reach[1] {
                for c in -reach[2]..=reach[2] {
                    let image = [rounded[0] + a, rounded[1] + b, rounded[2] + c];
                    let candidate = difference + self.translation(image);
                    if candidate.norm_squared() < best.norm_squared() {
                        best = candidate;
                    }
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triclinic() -> Cell {
        let vectors = Matrix::new(4.0, 0.0, 0.0, 1.0, 5.0, 0.0, -0.5, 0.7, 6.0);
        Cell::new(vectors, Vector::new(1.0, -2.0, 0.5), [true, true, false]).unwrap()
    }

    #[test]
    fn fractions_and_positions_are_inverse() {
        let cell = triclinic();
        let point = Vector::new(2.3, 4.5, -1.2);
        assert!((cell.position(&cell.fraction(&point)) - point).norm() < 1e-14);
        let corner = cell.origin() + cell.vector(1);
        assert!((cell.fraction(&corner) - Vector::new(0.0, 1.0, 0.0)).norm() < 1e-14);
    }

    #[test]
    fn thickness_times_area_is_the_volume() {
        let cell = triclinic();
        for k in 0..3 {
            let area = cell
                .vector((k + 1) % 3)
                .cross(&cell.vector((k + 2) % 3))
                .norm();
            assert!((cell.thickness(k) * area - cell.volume()).abs() < 1e-12);
        }
    }

    #[test]
    fn the_shortest_vector_is_never_longer_than_any_image() {
        let cell = triclinic();
        let difference = Vector::new(17.0, -13.0, 2.0);
        let shortest = cell.shortest(&difference);
        for a in -8..=8 {
            for b in -8..=8 {
                let image = difference + cell.translation([a, b, 0]);
                assert!(shortest.norm() <= image.norm() + 1e-12);
            }
        }
    }

    #[test]
    fn bad_vectors_are_refused() {
        let flat = Matrix::new(1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0);
        let left = Matrix::new(0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0);
        assert!(matches!(
            Cell::new(flat, Vector::zeros(), [true; 3]),
            Err(CellError::Flat { .. })
        ));
        assert!(matches!(
            Cell::new(left, Vector::zeros(), [true; 3]),
            Err(CellError::LeftHanded { .. })
        ));
        assert!(matches!(
            Cell::orthogonal([1.0, f64::NAN, 1.0], [true; 3]),
            Err(CellError::NotFinite { .. })
        ));
    }
}

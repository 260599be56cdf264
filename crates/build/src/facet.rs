//! The names of directions and of the six {100} facets of a cube.

use frit_atoms::Vector;

/// One of the coordinate axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Along x.
    X,
    /// Along y.
    Y,
    /// Along z.
    Z,
}

impl Axis {
    /// The three axes.
    pub const ALL: [Self; 3] = [Self::X, Self::Y, Self::Z];

    /// Place of its coordinate in a vector: 0, 1 or 2.
    pub fn index(self) -> usize {
        self as usize
    }

    /// `x`, `y` or `z`.
    pub fn name(self) -> &'static str {
        ["x", "y", "z"][self.index()]
    }

    /// The unit vector along it.
    pub fn unit(self) -> Vector {
        let mut unit = Vector::zeros();
        unit[self.index()] = 1.0;
        unit
    }
}

/// The end of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Where the coordinate is least.
    Minus,
    /// Where the coordinate is greatest.
    Plus,
}

/// One of the six {100} facets of a cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    /// The axis along its normal.
    pub axis: Axis,
    /// The end of the axis at which it lies.
    pub side: Side,
}

impl Facet {
    /// The six facets: -x, +x, -y, +y, -z, +z.
    pub const ALL: [Self; 6] = {
        let mut facets = [Self {
            axis: Axis::X,
            side: Side::Minus,
        }; 6];
        let mut k = 0;
        while k < 6 {
            facets[k] = Self {
                axis: Axis::ALL[k / 2],
                side: if k % 2 == 0 { Side::Minus } else { Side::Plus },
            };
            k += 1;
        }
        facets
    };

    /// Its place in [`Facet::ALL`].
    pub fn index(self) -> usize {
        2 * self.axis.index() + self.side as usize
    }

    /// `-x`, `+x`, ...
    pub fn name(self) -> &'static str {
        ["-x", "+x", "-y", "+y", "-z", "+z"][self.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_stand_where_their_index_says() {
        for (k, facet) in Facet::ALL.into_iter().enumerate() {
            assert_eq!(facet.index(), k);
            assert!(facet.name().ends_with(facet.axis.name()));
        }
    }
}

//! The coordinate axes.

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

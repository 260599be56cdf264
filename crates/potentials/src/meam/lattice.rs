//! Reference structures: the perfect crystals from which the pair potentials follow.

/// A perfect crystal of one or two elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lattice {
    /// Face-centred cubic.
    Fcc,
    /// Body-centred cubic.
    Bcc,
    /// Cu3Au; the first element of the pair has three of the four sites.
    L12,
    /// NaCl.
    B1,
    /// CsCl.
    B2,
}

impl Lattice {
    /// All structures.
    pub(super) const ALL: [Self; 5] = [Self::Fcc, Self::Bcc, Self::L12, Self::B1, Self::B2];
    /// Structures of elements.
    pub(super) const ELEMENTS: [Self; 2] = [Self::Fcc, Self::Bcc];
    /// Structures of pairs.
    pub(super) const PAIRS: [Self; 3] = [Self::L12, Self::B1, Self::B2];

    /// The structure of this name in MEAM files.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lattice| lattice.name() == name)
    }

    /// The name in MEAM files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fcc => "fcc",
            Self::Bcc => "bcc",
            Self::L12 => "l12",
            Self::B1 => "b1",
            Self::B2 => "b2",
        }
    }

    /// Nearest neighbours of an atom.
    pub(super) fn first_neighbours(self) -> f64 {
        match self {
            Self::Fcc | Self::L12 => 12.0,
            Self::Bcc | Self::B2 => 8.0,
            Self::B1 => 6.0,
        }
    }

    /// Second-nearest neighbours of an atom.
    pub(super) fn second_neighbours(self) -> f64 {
        match self {
            Self::Fcc | Self::L12 | Self::Bcc | Self::B2 => 6.0,
            Self::B1 => 12.0,
        }
    }

    /// Distance of the second-nearest neighbours over that of the nearest.
    pub(super) fn second_ratio(self) -> f64 {
        match self {
            Self::Fcc | Self::L12 | Self::B1 => std::f64::consts::SQRT_2,
            Self::Bcc | Self::B2 => 2.0 / 3.0_f64.sqrt(),
        }
    }

    /// How many atoms, each nearest neighbour of both, screen a second-nearest neighbour.
    pub(super) fn second_screeners(self) -> i32 {
        match self {
            Self::Fcc | Self::L12 | Self::Bcc | Self::B2 => 4,
            Self::B1 => 2,
        }
    }

    /// The screening parameter C of such an atom: it stands above the middle of the bond, so that
    /// X_ik = X_jk = 1 / ratio² and C = 4 / ratio² - 1.
    pub(super) fn second_c(self) -> f64 {
        let ratio = self.second_ratio();
        4.0 / (ratio * ratio) - 1.0
    }

    /// Distance of nearest neighbours in a crystal of lattice constant `a`, both in Å.
    pub(super) fn nearest(self, a: f64) -> f64 {
        match self {
            Self::Fcc | Self::L12 => a / std::f64::consts::SQRT_2,
            Self::Bcc | Self::B2 => a * 3.0_f64.sqrt() / 2.0,
            Self::B1 => a / 2.0,
        }
    }
}

/// The names of structures, for messages.
pub(super) fn names(lattices: &[Lattice]) -> String {
    let names: Vec<&str> = lattices.iter().map(|lattice| lattice.name()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screening_ellipses_pass_through_the_screeners() {
        // fcc: the screener is at half a face diagonal from both ends; bcc: at half a body diagonal.
        assert!((Lattice::Fcc.second_c() - 1.0).abs() < 1e-15);
        assert!((Lattice::Bcc.second_c() - 2.0).abs() < 1e-15);
    }

    #[test]
    fn names_round_trip() {
        for lattice in Lattice::ALL {
            assert_eq!(Lattice::from_name(lattice.name()), Some(lattice));
        }
        assert_eq!(Lattice::from_name("hcp"), None);
    }
}

//! The cubic lattices: where their sites are.

/// A cubic lattice with one atom on each site.
///
/// Sites are triples of whole numbers, in units of half the lattice constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lattice {
    /// Face-centred cubic.
    Fcc,
    /// Body-centred cubic.
    Bcc,
    /// Simple cubic.
    Sc,
}

impl Lattice {
    /// All lattices.
    pub const ALL: [Self; 3] = [Self::Fcc, Self::Bcc, Self::Sc];

    /// Name as in decks: `fcc`, `bcc`, `sc`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fcc => "fcc",
            Self::Bcc => "bcc",
            Self::Sc => "sc",
        }
    }

    /// Sites of the conventional cell [half lattice constants].
    pub fn basis(self) -> &'static [[i32; 3]] {
        match self {
            Self::Fcc => &[[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]],
            Self::Bcc => &[[0, 0, 0], [1, 1, 1]],
            Self::Sc => &[[0, 0, 0]],
        }
    }

    /// Vectors from a site to its nearest neighbours [half lattice constants].
    pub fn neighbours(self) -> Vec<[i32; 3]> {
        let shell = match self {
            Self::Fcc => 2,
            Self::Bcc => 3,
            Self::Sc => 4,
        };
        let mut vectors = Vec::new();
        for x in -2..=2_i32 {
            for y in -2..=2_i32 {
                for z in -2..=2_i32 {
                    let vector = [x, y, z];
                    if x * x + y * y + z * z == shell && self.is_site(vector) {
                        vectors.push(vector);
                    }
                }
            }
        }
        vectors
    }

    /// Whether there is a site at `index` [half lattice constants].
    pub(crate) fn is_site(self, index: [i32; 3]) -> bool {
        let odd = index.map(|k| k.rem_euclid(2));
        match self {
            Self::Fcc => (odd[0] + odd[1] + odd[2]) % 2 == 0,
            Self::Bcc => odd[0] == odd[1] && odd[1] == odd[2],
            Self::Sc => odd == [0; 3],
        }
    }

    /// Distance between {100} planes [half lattice constants].
    pub(crate) fn plane_step(self) -> i32 {
        match self {
            Self::Fcc | Self::Bcc => 1,
            Self::Sc => 2,
        }
    }

    /// Distance [Å] between {100} planes at lattice constant `constant` [Å].
    pub fn plane_spacing(self, constant: f64) -> f64 {
        0.5 * constant * f64::from(self.plane_step())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_number_as_in_every_textbook() {
        assert_eq!(Lattice::Fcc.neighbours().len(), 12);
        assert_eq!(Lattice::Bcc.neighbours().len(), 8);
        assert_eq!(Lattice::Sc.neighbours().len(), 6);
    }

    #[test]
    fn basis_and_site_rule_agree() {
        for lattice in Lattice::ALL {
            let mut sites = Vec::new();
            for x in 0..2 {
                for y in 0..2 {
                    for z in 0..2 {
                        if lattice.is_site([x, y, z]) {
                            sites.push([x, y, z]);
                        }
                    }
                }
            }
            assert_eq!(sites, lattice.basis(), "{}", lattice.name());
        }
    }
}

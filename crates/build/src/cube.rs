//! Cubes bounded by complete {100} facets.

use crate::error::{countable, positive};
use crate::{BuildError, Lattice};

/// How the size of a cube is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CubeSize {
    /// Distance [Å] between the centres of the outermost planes; the nearest complete cube is built.
    Edge(f64),
    /// Number of atoms; the complete cube nearest to it is built.
    NearestAtoms(usize),
    /// Number of atoms, exactly: the next larger complete cube loses its least bound atoms, at the
    /// corners and edges, until the number is right. The facets keep their planes.
    ExactAtoms(usize),
}

/// A cube cut from a lattice by {100} planes.
///
/// It has `n` planes along each axis. An fcc cube has an atom at its corner, so that an odd `n`
/// gives (n³ + 1)/2 atoms and like facets, an even `n` n³/2 atoms and every second corner vacant;
/// a bcc cube has ⌈n/2⌉³ + ⌊n/2⌋³ atoms, a simple cubic one n³. Complete cubes exist for these
/// numbers only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cube {
    /// The lattice.
    pub lattice: Lattice,
    /// Lattice constant [Å].
    pub constant: f64,
    /// The size.
    pub size: CubeSize,
}

/// Planes a side of the smallest cube: below, an fcc cube is a tetrahedron without any bulk.
const LEAST_PLANES: u32 = 3;

impl Cube {
    /// Planes along each axis of the complete cube that is built, or from which atoms are removed.
    ///
    /// # Errors
    /// The lattice constant and the size must be positive, the size not below three planes.
    pub fn planes(&self) -> Result<u32, BuildError> {
        let constant = positive("the lattice constant", self.constant)?;
        let spacing = self.lattice.plane_spacing(constant);
        let planes = match self.size {
            CubeSize::Edge(edge) => {
                let steps = (positive("the edge of the cube", edge)? / spacing).round();
                // Beyond this no number of atoms fits 32 bits; the cast must not wrap before.
                steps.min(1e9) as u32 + 1
            }
            CubeSize::NearestAtoms(atoms) => {
                let larger = self.planes_holding(atoms);
                let smaller = larger.saturating_sub(1);
                let above = complete(self.lattice, larger) - atoms as u128;
                let below = (atoms as u128).saturating_sub(complete(self.lattice, smaller));
                if below <= above { smaller } else { larger }
            }
            CubeSize::ExactAtoms(atoms) => self.planes_holding(atoms),
        };
        if planes < LEAST_PLANES {
            return Err(BuildError::CubeTooSmall {
                asked: match self.size {
                    CubeSize::Edge(edge) => format!("edge {edge} Å"),
                    CubeSize::NearestAtoms(atoms) | CubeSize::ExactAtoms(atoms) => {
                        format!("{atoms} atoms")
                    }
                },
                least_edge: spacing * f64::from(LEAST_PLANES - 1),
                least_atoms: complete(self.lattice, LEAST_PLANES) as usize,
            });
        }
        countable(complete(self.lattice, planes))?;
        Ok(planes)
    }

    /// Edge [Å] of a cube of `planes` planes: between the centres of the outermost planes.
    pub fn edge(&self, planes: u32) -> f64 {
        self.lattice.plane_spacing(self.constant) * f64::from(planes.saturating_sub(1))
    }

    /// The sites of a complete cube of `planes` planes [half lattice constants], x slowest.
    pub(crate) fn sites(&self, planes: u32) -> Vec<[i32; 3]> {
        let step = self.lattice.plane_step();
        let last = step * (planes as i32 - 1);
        let along = || (0..=last).step_by(step as usize);
        let mut sites = Vec::with_capacity(complete(self.lattice, planes) as usize);
        for x in along() {
            for y in along() {
                for z in along() {
                    if self.lattice.is_site([x, y, z]) {
                        sites.push([x, y, z]);
                    }
                }
            }
        }
        sites
    }

    /// Fewest planes whose complete cube has at least `atoms` atoms.
    fn planes_holding(&self, atoms: usize) -> u32 {
        let atoms = atoms as u128;
        // n³/4 ≤ atoms of n planes, for every lattice: start below and walk up.
        let mut planes = (atoms as f64).cbrt() as u32;
        while complete(self.lattice, planes) < atoms {
            planes += 1;
        }
        while planes > 0 && complete(self.lattice, planes - 1) >= atoms {
            planes -= 1;
        }
        planes
    }
}

/// Atoms of the complete cube of `planes` planes along each axis.
pub(crate) fn complete(lattice: Lattice, planes: u32) -> u128 {
    let planes = u128::from(planes);
    match lattice {
        Lattice::Fcc => planes.pow(3).div_ceil(2),
        Lattice::Bcc => planes.div_ceil(2).pow(3) + (planes / 2).pow(3),
        Lattice::Sc => planes.pow(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cube(lattice: Lattice, size: CubeSize) -> Cube {
        Cube {
            lattice,
            constant: 3.92,
            size,
        }
    }

    #[test]
    fn no_complete_cube_has_15401_atoms() {
        assert_eq!(complete(Lattice::Fcc, 31), 14_896);
        assert_eq!(complete(Lattice::Fcc, 32), 16_384);
        let nearest = cube(Lattice::Fcc, CubeSize::NearestAtoms(15_401));
        assert_eq!(nearest.planes().unwrap(), 31);
        let exact = cube(Lattice::Fcc, CubeSize::ExactAtoms(15_401));
        assert_eq!(exact.planes().unwrap(), 32);
    }

    #[test]
    fn the_edge_lies_between_the_centres_of_the_outermost_planes() {
        // Four conventional cells of fcc: nine planes, (9³ + 1)/2 = 365 atoms.
        let cube = cube(Lattice::Fcc, CubeSize::Edge(4.0 * 3.92));
        assert_eq!(cube.planes().unwrap(), 9);
        assert_eq!(cube.sites(9).len(), 365);
        assert!((cube.edge(9) - 15.68).abs() < 1e-12);
    }

    #[test]
    fn impossible_sizes_are_refused() {
        for size in [
            CubeSize::Edge(1.0),
            CubeSize::NearestAtoms(0),
            CubeSize::ExactAtoms(3),
        ] {
            assert!(matches!(
                cube(Lattice::Fcc, size).planes(),
                Err(BuildError::CubeTooSmall { .. })
            ));
        }
        for edge in [-3.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                cube(Lattice::Fcc, CubeSize::Edge(edge)).planes(),
                Err(BuildError::BadLength { .. })
            ));
        }
        for size in [CubeSize::Edge(1e30), CubeSize::NearestAtoms(usize::MAX)] {
            assert!(matches!(
                cube(Lattice::Fcc, size).planes(),
                Err(BuildError::TooManyAtoms { .. })
            ));
        }
    }

    proptest! {
        #[test]
        fn sites_number_as_the_formula_says(planes in 1_u32..14) {
            for lattice in Lattice::ALL {
                let sites = cube(lattice, CubeSize::Edge(1.0)).sites(planes);
                prop_assert_eq!(sites.len() as u128, complete(lattice, planes));
            }
        }

        #[test]
        fn no_complete_cube_is_nearer(atoms in 14_usize..200_000) {
            let found = cube(Lattice::Fcc, CubeSize::NearestAtoms(atoms)).planes().unwrap();
            let miss = |planes| complete(Lattice::Fcc, planes).abs_diff(atoms as u128);
            for planes in 3..80 {
                prop_assert!(miss(found) <= miss(planes));
            }
        }
    }
}

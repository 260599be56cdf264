//! Where the atoms stand at the start.

use frit_engine::random::{Purpose, Streams};

use super::surface::check_side;
use super::{AdatomError, Surface};

/// A rectangle of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// First column along x and y.
    pub first: [usize; 2],
    /// Columns along x and y.
    pub size: [usize; 2],
}

impl Region {
    /// Whether it has columns in common with another one.
    pub fn overlaps(&self, other: &Self) -> bool {
        [0, 1].into_iter().all(|axis| {
            let end = |region: &Self| region.first[axis].saturating_add(region.size[axis]);
            self.first[axis] < end(other) && other.first[axis] < end(self)
        })
    }

    /// Whether a site lies in it.
    pub fn contains(&self, site: [usize; 2]) -> bool {
        [0, 1].into_iter().all(|axis| {
            (self.first[axis]..self.first[axis] + self.size[axis]).contains(&site[axis])
        })
    }
}

/// Equal particles on a grid in a region: a sample as prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParticleGrid {
    /// Where they stand.
    pub region: Region,
    /// How many along x and y.
    pub particles: [usize; 2],
    /// Atoms of each.
    pub atoms: usize,
}

/// Where the atoms stand at the start.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrangement {
    /// As lone atoms on as many random sites.
    Random {
        /// Atoms.
        atoms: usize,
    },
    /// As particles, each a square pile about two layers high.
    Particles(Vec<ParticleGrid>),
    /// As given: atoms on each column, row by row.
    Heights(Vec<u32>),
}

impl Arrangement {
    /// How many atoms these are on a support of `side` x `side` columns.
    ///
    /// # Errors
    /// If they do not fit.
    pub fn atoms(&self, side: usize) -> Result<u64, AdatomError> {
        check_side(side)?;
        let sites = side * side;
        match self {
            Self::Heights(heights) => Ok(heights.iter().map(|&height| u64::from(height)).sum()),
            Self::Random { atoms } if *atoms > sites => Err(AdatomError::TooManyAtoms {
                atoms: *atoms,
                sites,
            }),
            Self::Random { atoms: 0 } => Err(AdatomError::NoAtoms),
            Self::Random { atoms } => Ok(*atoms as u64),
            Self::Particles(grids) => {
                let mut atoms = 0_u64;
                for (part, grid) in grids.iter().enumerate() {
                    grid.width(side)?;
                    let second = grid.region;
                    let mut others = grids[..part].iter().map(|other| other.region);
                    if let Some(first) = others.find(|other| other.overlaps(&second)) {
                        return Err(AdatomError::Overlap {
                            part,
                            first,
                            second,
                        });
                    }
                    let particles = (grid.particles[0] * grid.particles[1]) as u64;
                    atoms = atoms.saturating_add(particles.saturating_mul(grid.atoms as u64));
                }
                match atoms {
                    0 => Err(AdatomError::NoAtoms),
                    // Heights are numbers of 32 bits.
                    atoms if atoms > u64::from(u32::MAX) => Err(AdatomError::ManyAtoms { atoms }),
                    atoms => Ok(atoms),
                }
            }
        }
    }

    /// The surface of `side` x `side` columns on which the atoms stand so.
    ///
    /// # Errors
    /// If they do not fit.
    pub fn surface(
        &self,
        side: usize,
        streams: Streams,
        replica: u64,
    ) -> Result<Surface, AdatomError> {
        // Before memory is asked for.
        self.atoms(side)?;
        let mut heights = match self {
            Self::Heights(heights) => return Surface::new(side, heights.clone()),
            _ => vec![0; side * side],
        };
        match self {
            Self::Heights(_) => {}
            Self::Random { atoms } => {
                heights[..*atoms].fill(1);
                streams
                    .stream(Purpose::AdatomStart, 0, replica)
                    .shuffle(&mut heights);
            }
            Self::Particles(grids) => {
                for grid in grids {
                    grid.pile_up(&mut heights, side)?;
                }
            }
        }
        Surface::new(side, heights)
    }
}

impl ParticleGrid {
    /// Columns along a particle.
    ///
    /// # Errors
    /// If the particles do not fit.
    fn width(&self, side: usize) -> Result<usize, AdatomError> {
        let width = ((self.atoms as f64 / 2.0).sqrt().ceil() as usize).max(1);
        for axis in [0, 1] {
            let region_end = self.region.first[axis].saturating_add(self.region.size[axis]);
            let needed = self.particles[axis].saturating_mul(width);
            if region_end > side || needed > self.region.size[axis] {
                return Err(AdatomError::NoRoom {
                    grid: *self,
                    width,
                    side,
                });
            }
        }
        Ok(width)
    }

    fn pile_up(&self, heights: &mut [u32], side: usize) -> Result<(), AdatomError> {
        let width = self.width(side)?;
        for row in 0..self.particles[1] {
            for column in 0..self.particles[0] {
                let corner = [column, row];
                let [x, y] = [0, 1].map(|axis| {
                    let pitch = self.region.size[axis] / self.particles[axis];
                    self.region.first[axis] + corner[axis] * pitch + (pitch - width) / 2
                });
                for atom in 0..self.atoms {
                    let within = atom % (width * width);
                    heights[(y + within / width) * side + x + within % width] += 1;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_atoms_stand_alone() {
        let arrangement = Arrangement::Random { atoms: 50 };
        let surface = arrangement.surface(40, Streams::new(1), 0).unwrap();
        assert_eq!(surface.atoms(), 50);
        assert!(surface.heights().iter().all(|&height| height <= 1));
        let other = arrangement.surface(40, Streams::new(1), 1).unwrap();
        assert_ne!(surface, other);
        let full = Arrangement::Random { atoms: 1601 }.surface(40, Streams::new(1), 0);
        assert_eq!(
            full.unwrap_err().to_string(),
            "1601 atoms do not fit on 1600 sites; there can be at most one on each"
        );
        assert!(matches!(
            Arrangement::Random { atoms: 1 }.surface(1_000_000, Streams::new(1), 0),
            Err(AdatomError::Side { .. })
        ));
    }

    #[test]
    fn particles_stand_where_they_are_told() {
        let region = Region {
            first: [0, 20],
            size: [40, 20],
        };
        let grid = ParticleGrid {
            region,
            particles: [4, 2],
            atoms: 20,
        };
        let surface = Arrangement::Particles(vec![grid])
            .surface(40, Streams::new(1), 0)
            .unwrap();
        assert_eq!(surface.atoms(), 160);
        assert!(surface.heights().iter().all(|&height| height <= 2));
        assert!(
            surface
                .atom_sites()
                .all(|[x, y, _]| region.contains([x as usize, y as usize]))
        );
        let crowded = ParticleGrid {
            particles: [20, 2],
            ..grid
        };
        let refused = Arrangement::Particles(vec![crowded]).surface(40, Streams::new(1), 0);
        assert!(matches!(refused, Err(AdatomError::NoRoom { .. })));
    }

    #[test]
    fn parts_must_not_overlap() {
        let grid = |first, size| ParticleGrid {
            region: Region { first, size },
            particles: [1, 1],
            atoms: 8,
        };
        let beside = vec![
            grid([0, 0], [20, 20]),
            grid([20, 0], [20, 20]),
            grid([0, 20], [40, 20]),
        ];
        assert_eq!(Arrangement::Particles(beside.clone()).atoms(40), Ok(24));
        let mut over = beside;
        over.push(grid([19, 10], [2, 11]));
        let refused = Arrangement::Particles(over).atoms(40).unwrap_err();
        assert!(matches!(refused, AdatomError::Overlap { part: 3, .. }));
        assert_eq!(
            refused.to_string(),
            "the 20 x 20 columns from [0, 0] on and the 2 x 11 columns from [19, 10] on, of two \
             parts of the support, overlap"
        );
    }
}

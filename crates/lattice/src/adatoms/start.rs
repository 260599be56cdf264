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
        check_side(side)?;
        let sites = side * side;
        match self {
            Self::Heights(heights) => Surface::new(side, heights.clone()),
            Self::Random { atoms } => {
                if *atoms > sites {
                    return Err(AdatomError::TooManyAtoms {
                        atoms: *atoms,
                        sites,
                    });
                }
                let mut heights = vec![0; sites];
                heights[..*atoms].fill(1);
                streams
                    .stream(Purpose::AdatomStart, 0, replica)
                    .shuffle(&mut heights);
                Surface::new(side, heights)
            }
            Self::Particles(grids) => {
                let mut heights = vec![0; sites];
                for grid in grids {
                    pile_up(&mut heights, side, grid)?;
                }
                Surface::new(side, heights)
            }
        }
    }
}

fn pile_up(heights: &mut [u32], side: usize, grid: &ParticleGrid) -> Result<(), AdatomError> {
    let width = ((grid.atoms as f64 / 2.0).sqrt().ceil() as usize).max(1);
    for axis in [0, 1] {
        let region_end = grid.region.first[axis].saturating_add(grid.region.size[axis]);
        let needed = grid.particles[axis].saturating_mul(width);
        if region_end > side || needed > grid.region.size[axis] {
            return Err(AdatomError::NoRoom {
                grid: *grid,
                width,
                side,
            });
        }
    }
    for row in 0..grid.particles[1] {
        for column in 0..grid.particles[0] {
            let corner = [column, row];
            let [x, y] = [0, 1].map(|axis| {
                let pitch = grid.region.size[axis] / grid.particles[axis];
                grid.region.first[axis] + corner[axis] * pitch + (pitch - width) / 2
            });
            for atom in 0..grid.atoms {
                let within = atom % (width * width);
                heights[(y + within / width) * side + x + within % width] += 1;
            }
        }
    }
    Ok(())
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
}

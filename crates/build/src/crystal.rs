//! Crystals: a lattice with its lengths.

use crate::error::positive;
use crate::{BuildError, Lattice, Symmetry};
use frit_atoms::Vector;

/// Neighbours are nearest up to this factor beyond the least distance of their sites: it joins the
/// bonds of one shell that distortion splits (9 % in Fe₃O₄) and leaves out the second shell of bcc
/// (15 % farther).
const SHELL: f64 = 1.12;

/// Coordinates closer than this part of an edge are the same.
const SAME: f64 = 1e-6;

/// A lattice with its lengths; all conventional cells are orthogonal.
#[derive(Debug, Clone, PartialEq)]
pub struct Crystal {
    lattice: Lattice,
    constant: f64,
    edges: Vector,
    sites: Vec<CrystalSite>,
    bond: f64,
}

/// A site of the conventional cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CrystalSite {
    /// Fractions of the edges, 0 to below 1.
    pub(crate) fraction: Vector,
    /// Its sublattice.
    pub(crate) sublattice: usize,
}

impl Crystal {
    /// With the lattice constant a [Å] and usual values of all else.
    ///
    /// # Errors
    /// The lattice constant must be positive.
    pub fn new(lattice: Lattice, constant: f64) -> Result<Self, BuildError> {
        Self::with(lattice, constant, None, None)
    }

    /// With the lattice constant a [Å], the ratio c/a and the internal coordinate of the anions
    /// (`None`: [`Lattice::usual_ratio`], [`Lattice::usual_internal`]).
    ///
    /// # Errors
    /// The lengths must be positive; only lattices that have a ratio or an internal coordinate take one.
    pub fn with(
        lattice: Lattice,
        constant: f64,
        ratio: Option<f64>,
        internal: Option<f64>,
    ) -> Result<Self, BuildError> {
        let constant = positive("the lattice constant", constant)?;
        if ratio.is_some() && lattice.symmetry() == Symmetry::Cubic {
            return Err(BuildError::NoParameter {
                lattice: lattice.name(),
                parameter: "ratio of its edges: it is cubic",
            });
        }
        if internal.is_some() && lattice.usual_internal().is_none() {
            return Err(BuildError::NoParameter {
                lattice: lattice.name(),
                parameter: "internal coordinate: symmetry fixes all its sites",
            });
        }
        let ratio = positive(
            "the ratio c/a (times 1 Å)",
            ratio.unwrap_or(lattice.usual_ratio()),
        )?;
        let internal = internal.or(lattice.usual_internal()).unwrap_or(0.0);
        let across = if lattice == Lattice::Hcp {
            3.0_f64.sqrt()
        } else {
            1.0
        };
        let edges = constant * Vector::new(1.0, across, ratio);
        let mut sites: Vec<CrystalSite> = lattice
            .basis(internal)
            .into_iter()
            .map(|(fraction, sublattice)| CrystalSite {
                fraction: Vector::from(fraction).map(|x| x.rem_euclid(1.0)),
                sublattice,
            })
            .collect();
        sites.sort_by(|a, b| {
            let order = |k: usize| a.fraction[k].total_cmp(&b.fraction[k]);
            order(0).then(order(1)).then(order(2))
        });
        let mut crystal = Self {
            lattice,
            constant,
            edges,
            sites,
            bond: 0.0,
        };
        crystal.bond = SHELL * crystal.least_distance();
        Ok(crystal)
    }

    /// The lattice.
    pub fn lattice(&self) -> Lattice {
        self.lattice
    }

    /// The lattice constant a [Å].
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// Edges of the conventional cell [Å].
    pub fn edges(&self) -> Vector {
        self.edges
    }

    /// Sites of the conventional cell.
    pub fn sites_per_cell(&self) -> usize {
        self.sites.len()
    }

    pub(crate) fn sites(&self) -> &[CrystalSite] {
        &self.sites
    }

    /// Volume of a site [Å³].
    pub fn site_volume(&self) -> f64 {
        self.edges.product() / self.sites.len() as f64
    }

    /// Distance [Å] up to which sites are nearest neighbours.
    pub fn bond(&self) -> f64 {
        self.bond
    }

    /// Least distance [Å] of two sites.
    pub fn nearest(&self) -> f64 {
        self.bond / SHELL
    }

    /// Unit vector along the normal of the plane (hkl) [of the conventional cell].
    pub fn normal(&self, plane: [i32; 3]) -> Vector {
        Vector::from_fn(|k, _| f64::from(plane[k]) / self.edges[k]).normalize()
    }

    /// Vectors [Å] from a site of the conventional cell to all sites up to a distance [Å], with the
    /// sublattice of each.
    pub fn surroundings(&self, site: usize, reach: f64) -> Vec<(Vector, usize)> {
        let cells = self.edges.map(|edge| (reach / edge).ceil() as i32 + 1);
        let from = self.sites[site].fraction;
        let mut found = Vec::new();
        for x in -cells.x..=cells.x {
            for y in -cells.y..=cells.y {
                for z in -cells.z..=cells.z {
                    let cell = Vector::new(f64::from(x), f64::from(y), f64::from(z));
                    for other in &self.sites {
                        let apart = (cell + other.fraction - from).component_mul(&self.edges);
                        let distance = apart.norm();
                        if distance > SAME * self.constant && distance <= reach {
                            found.push((apart, other.sublattice));
                        }
                    }
                }
            }
        }
        found
    }

    /// Whether a vector, in fractions of the edges, carries every site onto one of its sublattice.
    pub(crate) fn is_translation(&self, vector: Vector) -> bool {
        self.sites.iter().all(|site| {
            let moved = site.fraction + vector;
            self.sites.iter().any(|other| {
                let apart = moved - other.fraction;
                other.sublattice == site.sublattice
                    && apart.iter().all(|x| (x - x.round()).abs() < SAME)
            })
        })
    }

    fn least_distance(&self) -> f64 {
        let reach = self.edges.min();
        (0..self.sites.len())
            .flat_map(|site| self.surroundings(site, reach))
            .map(|(apart, _)| apart.norm())
            .fold(reach, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neighbours of the other sublattice (or, with one sublattice, of the same) by sublattice.
    fn coordination(lattice: Lattice, sublattice: usize, of: usize) -> Vec<usize> {
        let crystal = Crystal::new(lattice, 4.0).unwrap();
        let sites = crystal.sites().iter().enumerate();
        sites
            .filter(|(_, site)| site.sublattice == sublattice)
            .map(|(index, _)| {
                let near = crystal.surroundings(index, crystal.bond());
                near.iter().filter(|(_, kind)| *kind == of).count()
            })
            .collect()
    }

    #[test]
    fn coordination_numbers_are_those_of_every_textbook() {
        // Lattice, sites of a cell, (sublattice, neighbours on, number).
        type Case = (Lattice, usize, &'static [(usize, usize, usize)]);
        let cases: [Case; 12] = [
            (Lattice::Fcc, 4, &[(0, 0, 12)]),
            (Lattice::Bcc, 2, &[(0, 0, 8)]),
            (Lattice::Sc, 1, &[(0, 0, 6)]),
            (Lattice::Hcp, 4, &[(0, 0, 12)]),
            (
                Lattice::L12,
                4,
                &[(0, 0, 0), (0, 1, 12), (1, 0, 4), (1, 1, 8)],
            ),
            (
                Lattice::L10,
                4,
                &[(0, 0, 4), (0, 1, 8), (1, 0, 8), (1, 1, 4)],
            ),
            (Lattice::Rocksalt, 8, &[(0, 1, 6), (1, 0, 6), (0, 0, 0)]),
            (Lattice::Fluorite, 12, &[(0, 1, 8), (1, 0, 4), (1, 1, 0)]),
            (
                Lattice::Spinel,
                56,
                &[(0, 2, 4), (1, 2, 6), (2, 0, 1), (2, 1, 3)],
            ),
            (Lattice::Cuprite, 6, &[(0, 1, 2), (1, 0, 4)]),
            (Lattice::Rutile, 6, &[(0, 1, 6), (1, 0, 3)]),
            (Lattice::Anatase, 12, &[(0, 1, 6), (1, 0, 3)]),
        ];
        for (lattice, sites, numbers) in cases {
            let crystal = Crystal::new(lattice, 4.0).unwrap();
            assert_eq!(crystal.sites_per_cell(), sites, "{}", lattice.name());
            for &(from, to, number) in numbers {
                let found = coordination(lattice, from, to);
                assert!(
                    found.iter().all(|&n| n == number),
                    "{} {from} {to}: {found:?}",
                    lattice.name()
                );
            }
        }
    }

    #[test]
    fn lengths_that_a_lattice_does_not_have_are_refused() {
        let error = Crystal::with(Lattice::Fcc, 4.0, Some(1.1), None).unwrap_err();
        assert!(error.to_string().contains("cubic"), "{error}");
        let error = Crystal::with(Lattice::Fcc, 4.0, None, Some(0.3)).unwrap_err();
        assert!(error.to_string().contains("symmetry fixes"), "{error}");
        assert!(Crystal::new(Lattice::Fcc, f64::NAN).is_err());
    }
}

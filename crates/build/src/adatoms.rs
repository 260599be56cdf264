//! Adatoms: part of a monolayer on a facet.

use crate::cut::Cut;
use crate::near::Near;
use crate::outermost::layers;
use crate::shape::miller;
use crate::sites::Site;
use crate::{BuildError, Crystal};
use frit_atoms::Vector;
use frit_engine::random::{Purpose, Streams};

/// Which species the adatoms are of.
#[derive(Debug, Clone, PartialEq)]
pub enum AdatomSpecies {
    /// They belong to the alloy: particle and adatoms together have its exact composition.
    Alloy,
    /// All are of this element; the rest of the particle has the exact composition.
    Element(String),
}

/// Adatoms on one facet.
///
/// A complete monolayer stands on all sites of the crystal's next plane that have all their nearest
/// neighbours below (four on fcc (100), three on (111), five on (110): none hangs over an edge); a
/// random part of it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Adatoms {
    /// The facet, by the Miller indices of its outward normal in the crystal of the particle.
    pub facet: [i32; 3],
    /// Fraction of the monolayer that is kept, 0 to 1; the number of adatoms is rounded.
    pub coverage: f64,
    /// Their species.
    pub species: AdatomSpecies,
}

/// The sites of adatoms on one facet.
pub(crate) struct Chosen {
    /// Sites of the complete monolayer.
    pub(crate) complete: usize,
    /// Sites kept, x slowest.
    pub(crate) sites: Vec<Site>,
}

/// Fewest neighbours below that hold an adatom.
const LEAST_BELOW: usize = 3;

/// Thickness [Å] of a perfect plane.
const FLAT: f64 = 0.1;

impl Adatoms {
    /// The sites above a facet, and which of them are kept.
    ///
    /// `below` finds the sites of the particle; `beside` are those outside.
    pub(crate) fn choose(
        &self,
        crystal: &Crystal,
        cut: &Cut<'_>,
        below: &Near<'_>,
        beside: &[Site],
        streams: Streams,
    ) -> Result<Chosen, BuildError> {
        let facet = miller(self.facet);
        if !(0.0..=1.0).contains(&self.coverage) {
            return Err(BuildError::BadCoverage {
                facet,
                coverage: self.coverage,
            });
        }
        if self.facet == [0; 3] {
            return Err(BuildError::NoPlane);
        }
        let normal = crystal.normal(self.facet);
        let required = neighbours_below(crystal, &normal);
        let none = BuildError::NoHollowSite {
            facet,
            lattice: crystal.lattice().name(),
        };
        if !crystal.lattice().is_simple() || required < LEAST_BELOW {
            return Err(none);
        }
        let positions: Vec<Vector> = cut.sites.iter().map(|site| site.position).collect();
        let heights = positions.iter().map(|place| normal.dot(place));
        let layers = layers(heights.enumerate(), FLAT);
        let Some((_, plane)) = layers.facet(&positions, crystal.bond()) else {
            return Err(none);
        };
        let mut sites: Vec<Site> = beside
            .iter()
            .filter(|site| {
                let height = normal.dot(&site.position);
                let supports = below.around(site.position);
                height > plane + FLAT
                    && supports
                        .filter(|&(other, _)| normal.dot(&positions[other]) < height - FLAT)
                        .count()
                        == required
            })
            .copied()
            .collect();
        if sites.is_empty() {
            return Err(none);
        }
        let complete = sites.len();
        let kept = (self.coverage * complete as f64).round() as usize;
        let mut stream = streams.stream(Purpose::Adatoms, 0, number(self.facet));
        stream.shuffle(&mut sites);
        sites.truncate(kept);
        sites.sort_by_key(Site::key);
        Ok(Chosen { complete, sites })
    }
}

/// Nearest neighbours of a site below the plane through it.
fn neighbours_below(crystal: &Crystal, normal: &Vector) -> usize {
    let all = crystal.surroundings(0, crystal.bond());
    all.iter()
        .filter(|(apart, _)| normal.dot(apart) < -FLAT)
        .count()
}

/// A number for each facet: -x, +x, -y, +y, -z, +z, then all others.
fn number(facet: [i32; 3]) -> u64 {
    for axis in 0..3 {
        for (place, sign) in [-1, 1].into_iter().enumerate() {
            let mut along = [0; 3];
            along[axis] = sign;
            if facet == along {
                return 2 * axis as u64 + place as u64;
            }
        }
    }
    let digit = |index: i32| u64::from(index.unsigned_abs()) * 2 + u64::from(index < 0);
    facet
        .iter()
        .fold(1, |sum, &index| (sum << 16) + digit(index))
}

//! All sites of a crystal, twinned or not, in a ball.

use crate::{BuildError, Crystal, Lattice};
use frit_atoms::Vector;

/// A site of a particle, or beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Site {
    /// From the centre of the particle [Å].
    pub(crate) position: Vector,
    /// Its sublattice.
    pub(crate) sublattice: usize,
}

/// Sides [Å] of the boxes by which equal positions are recognised and positions ordered: far above
/// rounding, far below distances of atoms, and no simple fraction of usual lattice constants, so that
/// no position falls between two of them by rounding.
const QUANTUM: f64 = 3.141_592_7e-5;

/// A position in whole numbers.
pub(crate) fn quantised(position: &Vector) -> [i64; 3] {
    [0, 1, 2].map(|k| (position[k] / QUANTUM).round() as i64)
}

impl Site {
    /// Its place in the order of sites: x slowest.
    pub(crate) fn key(&self) -> [i64; 3] {
        quantised(&self.position)
    }
}

/// A crystal around the centre of a particle, mirrored at twin planes.
#[derive(Debug, Clone)]
pub(crate) struct Ground<'a> {
    crystal: &'a Crystal,
    /// The site or place of the crystal that is the centre [Å].
    origin: Vector,
    /// Heights [Å] of the twin planes along (111), ascending.
    twins: Vec<f64>,
}

/// A plane counts as an atomic plane within this distance [Å].
const IN_PLANE: f64 = 1e-6;

impl<'a> Ground<'a> {
    /// The crystal with the centre at `origin` [Å], and twin planes as near as possible to these
    /// heights [Å] along \[111\] from the centre.
    ///
    /// # Errors
    /// Only fcc crystals have twins here; planes must be distinct.
    pub(crate) fn new(
        crystal: &'a Crystal,
        origin: Vector,
        twins: &[f64],
    ) -> Result<Self, BuildError> {
        if !twins.is_empty() && crystal.lattice() != Lattice::Fcc {
            return Err(BuildError::NoTwin {
                lattice: crystal.lattice().name(),
            });
        }
        // The planes of fcc (111) lie a/√3 apart; one passes through the origin of the lattice.
        let spacing = crystal.constant() / 3.0_f64.sqrt();
        let shift = crystal.normal([1, 1, 1]).dot(&origin);
        let mut heights = Vec::with_capacity(twins.len());
        for &asked in twins {
            if !asked.is_finite() {
                return Err(BuildError::BadLength {
                    what: "the height of a twin plane",
                    value: asked,
                });
            }
            heights.push(((asked + shift) / spacing).round() * spacing - shift);
        }
        heights.sort_unstable_by(f64::total_cmp);
        if let Some(pair) = heights
            .windows(2)
            .find(|two| two[1] - two[0] < 0.5 * spacing)
        {
            return Err(BuildError::TwinTwice { height: pair[0] });
        }
        Ok(Self {
            crystal,
            origin,
            twins: heights,
        })
    }

    /// Heights [Å] of the twin planes.
    pub(crate) fn twins(&self) -> &[f64] {
        &self.twins
    }

    /// Where a place would lie in a particle without twins: mirrored at the plane through the
    /// centre, if its lamella is mirrored.
    pub(crate) fn untwinned(&self, place: &Vector) -> Vector {
        if self.twins.is_empty() {
            return *place;
        }
        let normal = self.crystal.normal([1, 1, 1]);
        let height = normal.dot(place);
        let below = self.twins.iter().filter(|&&twin| height > twin + IN_PLANE);
        if below.count() % 2 == 0 {
            *place
        } else {
            place - 2.0 * height * normal
        }
    }

    /// All sites up to `radius` [Å] from the centre that `keep` wants, x slowest.
    pub(crate) fn sites(&self, radius: f64, keep: impl Fn(&Vector) -> bool) -> Vec<Site> {
        let mut sites = Vec::new();
        self.each_of_the_lattice(radius, Vector::zeros(), |site| {
            let inside = self.twins.first().is_none_or(|&twin| {
                self.crystal.normal([1, 1, 1]).dot(&site.position) <= twin + IN_PLANE
            });
            if inside && keep(&site.position) {
                sites.push(site);
            }
        });
        for lamella in 0..self.twins.len() {
            self.add_lamella(lamella, radius, &keep, &mut sites);
        }
        if !self.twins.is_empty() {
            sites.sort_by_key(Site::key);
        }
        sites
    }

    /// Adds the sites above the twin plane `lamella`, up to the next.
    fn add_lamella(
        &self,
        lamella: usize,
        radius: f64,
        keep: &impl Fn(&Vector) -> bool,
        sites: &mut Vec<Site>,
    ) {
        let normal = self.crystal.normal([1, 1, 1]);
        // Mirrored at each plane in turn: along the normal, x -> sign x + shift.
        let (mut sign, mut shift) = (1.0, 0.0);
        for height in &self.twins[..=lamella] {
            sign = -sign;
            shift = 2.0 * height - shift;
        }
        let low = self.twins[lamella];
        let high = self
            .twins
            .get(lamella + 1)
            .copied()
            .unwrap_or(f64::INFINITY);
        let back = -sign * shift * normal;
        self.each_of_the_lattice(radius, back, |site| {
            let along = normal.dot(&site.position);
            let position = site.position + (sign * along + shift - along) * normal;
            let height = normal.dot(&position);
            let inside = height > low + IN_PLANE && height <= high + IN_PLANE;
            if inside && position.norm() <= radius + IN_PLANE && keep(&position) {
                sites.push(Site { position, ..site });
            }
        });
    }

    /// All lattice sites up to `radius` from `centre`, x slowest.
    fn each_of_the_lattice(&self, radius: f64, centre: Vector, mut take: impl FnMut(Site)) {
        let edges = self.crystal.edges();
        let middle = self.origin + centre;
        let end = |k: usize, side: f64| ((middle[k] + side * radius) / edges[k]).floor() as i64;
        let limit = (radius + IN_PLANE).powi(2);
        // All sites of a column of cells along x with one x come before the next x, and so on:
        // ordered by levels of each coordinate, not by cells.
        let levels = [0, 1, 2].map(|k| self.levels(k, end(k, -1.0), end(k, 1.0)));
        for &(cell_x, level_x) in &levels[0] {
            for &(cell_y, level_y) in &levels[1] {
                let beside = |site: &&crate::crystal::CrystalSite| {
                    same(site.fraction.x, level_x) && same(site.fraction.y, level_y)
                };
                let of_line: Vec<_> = self.crystal.sites().iter().filter(beside).collect();
                if of_line.is_empty() {
                    continue;
                }
                for cell_z in end(2, -1.0)..=end(2, 1.0) {
                    for site in &of_line {
                        let cell = Vector::new(cell_x as f64, cell_y as f64, cell_z as f64);
                        let position = (cell + site.fraction).component_mul(&edges) - self.origin;
                        if (position - centre).norm_squared() <= limit {
                            take(Site {
                                position,
                                sublattice: site.sublattice,
                            });
                        }
                    }
                }
            }
        }
    }

    /// Cells from `first` to `last` along an axis, with the distinct fractions in each, ascending.
    fn levels(&self, axis: usize, first: i64, last: i64) -> Vec<(i64, f64)> {
        let mut fractions: Vec<f64> = self
            .crystal
            .sites()
            .iter()
            .map(|s| s.fraction[axis])
            .collect();
        fractions.sort_unstable_by(f64::total_cmp);
        fractions.dedup_by(|a, b| same(*a, *b));
        (first..=last)
            .flat_map(|cell| fractions.iter().map(move |&fraction| (cell, fraction)))
            .collect()
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

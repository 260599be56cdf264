//! Energy along a path: between the images a cubic from energies and forces.

use frit_atoms::Vector;

use super::{Image, distance};
use crate::optimise::dot;

/// A minimum or maximum of a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremum {
    /// Where on the path [Å].
    pub coordinate: f64,
    /// Energy above the start [eV].
    pub energy: f64,
}

/// Energy along a path.
///
/// Between two images it is the cubic with their energies and slopes: Henkelman and Jónsson 2000,
/// doi:10.1063/1.1323224, appendix.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Length of the path from the start to each image [Å].
    pub coordinate: Vec<f64>,
    /// Energy of each image above the start [eV].
    pub energy: Vec<f64>,
    /// Slope of the energy along the path at each image [eV/Å].
    pub slope: Vec<f64>,
}

impl Profile {
    pub(super) fn new(images: &[Image], tangents: &[Vec<Vector>]) -> Self {
        let mut coordinate = vec![0.0];
        for pair in images.windows(2) {
            let step = distance(&pair[0].position, &pair[1].position);
            coordinate.push(coordinate[coordinate.len() - 1] + step);
        }
        let slope = images.iter().zip(tangents);
        Self {
            coordinate,
            energy: images
                .iter()
                .map(|one| one.energy - images[0].energy)
                .collect(),
            slope: slope.map(|(image, t)| -dot(&image.force, t)).collect(),
        }
    }

    /// Energy above the start [eV] at a length of the path [Å].
    pub fn at(&self, coordinate: f64) -> f64 {
        let segments = self.coordinate.len() - 1;
        let behind = self.coordinate[1..segments].partition_point(|&s| s <= coordinate);
        let [a, b, c, d, start] = self.cubic(behind);
        let t = coordinate - start;
        a + t * (b + t * (c + t * d))
    }

    /// Coefficients of the cubic of a segment, in the length from its beginning, and where it begins.
    fn cubic(&self, segment: usize) -> [f64; 5] {
        let length = self.coordinate[segment + 1] - self.coordinate[segment];
        let [low, high] = [self.energy[segment], self.energy[segment + 1]];
        let [first, last] = [self.slope[segment], self.slope[segment + 1]];
        let mean = (high - low) / length;
        let square = (3.0 * mean - 2.0 * first - last) / length;
        let cube = (first + last - 2.0 * mean) / (length * length);
        [low, first, square, cube, self.coordinate[segment]]
    }

    /// Maxima along the path, from its start.
    pub fn maxima(&self) -> Vec<Extremum> {
        self.extrema(|curvature| curvature < 0.0)
    }

    /// Minima between the ends, from the start.
    pub fn minima(&self) -> Vec<Extremum> {
        self.extrema(|curvature| curvature > 0.0)
    }

    /// The highest maximum; the higher end if there is none between.
    pub fn top(&self) -> Extremum {
        let ends = [0, self.coordinate.len() - 1].map(|k| Extremum {
            coordinate: self.coordinate[k],
            energy: self.energy[k],
        });
        let all = self.maxima().into_iter().chain(ends);
        let higher = |a: &Extremum, b: &Extremum| a.energy.total_cmp(&b.energy);
        all.max_by(higher).unwrap_or(ends[0])
    }

    fn extrema(&self, wanted: impl Fn(f64) -> bool) -> Vec<Extremum> {
        let mut found: Vec<Extremum> = Vec::new();
        let path = self.coordinate[self.coordinate.len() - 1];
        for segment in 0..self.coordinate.len() - 1 {
            let [a, b, c, d, start] = self.cubic(segment);
            let length = self.coordinate[segment + 1] - start;
            for t in roots(b, 2.0 * c, 3.0 * d) {
                let inside = (0.0..=length).contains(&t);
                // The ends of the path are minima themselves, but for a rest of force.
                let at_end = start + t < END * path || start + t > (1.0 - END) * path;
                if !inside || at_end || !wanted(2.0 * c + 6.0 * d * t) {
                    continue;
                }
                let extremum = Extremum {
                    coordinate: start + t,
                    energy: a + t * (b + t * (c + t * d)),
                };
                // At an image both neighbouring cubics may see it.
                let near =
                    |one: &Extremum| (one.coordinate - extremum.coordinate).abs() < SAME * path;
                if !found.last().is_some_and(near) {
                    found.push(extremum);
                }
            }
        }
        found
    }
}

/// Part of the path next to its ends in which no extremum is looked for.
const END: f64 = 0.01;
/// Part of the path within which two extrema are one.
const SAME: f64 = 1e-3;

/// Real roots of `a + b t + c t²` in ascending order.
fn roots(a: f64, b: f64, c: f64) -> Vec<f64> {
    let discriminant = b * b - 4.0 * a * c;
    if discriminant < 0.0 {
        return Vec::new();
    }
    let q = -0.5 * (b + discriminant.sqrt().copysign(b));
    let mut roots: Vec<f64> = [q / c, a / q]
        .into_iter()
        .filter(|t| t.is_finite())
        .collect();
    roots.sort_by(f64::total_cmp);
    roots
}

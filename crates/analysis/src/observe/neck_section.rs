//! The cross-section of the neck.

use super::Snapshot;
use super::clusters::clusters;
use frit_atoms::Vector;
use std::f64::consts::PI;

/// Edge of the pixels that a section is measured with, in nearest-neighbour distances: small enough
/// for 1 % of the area of a section of 30 atoms.
const PIXEL: f64 = 0.08;

/// Width of the slabs among which the thinnest is sought, in nearest-neighbour distances: a plane
/// of fcc is 0.71 to 0.82 wide.
const SLAB: f64 = 0.8;

/// The section through the neck.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeckSection {
    /// Area of its largest connected part [Å²].
    pub area: f64,
    /// Radius of a disc of this area [Å].
    pub radius: f64,
    /// Distance of its plane from the first centre [Å].
    pub position: f64,
    /// Atoms whose centres lie within half a plane of it, in the joined particles.
    pub atoms: usize,
}

/// The neck between two particles (groups), seen along the line between two centres.
///
/// 1. Only atoms of a connected cluster (bonds shorter than `bond` [Å]) that holds atoms of both
///    groups count; without such a cluster there is no neck.
/// 2. Between the centres, away from them by a quarter of their distance, the plane is sought around
///    which the fewest atoms stand; among equals that nearest to the middle.
/// 3. Each atom within a nearest-neighbour distance r of the plane covers the disc that a sphere of
///    radius r cuts out of it; the union is then drawn back from its rim by r/2, so that an
///    atom in the plane reaches half a bond beyond its centre. Of the connected parts the largest is
///    measured.
///
/// `spacing` is r [Å].
pub fn neck_section(
    snapshot: &Snapshot,
    centres: [Vector; 2],
    groups: [u8; 2],
    bond: f64,
    spacing: f64,
) -> Option<NeckSection> {
    let apart = centres[1] - centres[0];
    let distance = apart.norm();
    let axis = apart.try_normalize(f64::EPSILON)?;
    if spacing.is_nan() || spacing <= 0.0 {
        return None;
    }
    let joined = joined(snapshot, groups, bond)?;
    let along = |place: usize| axis.dot(&(snapshot.unwrapped()[place] - centres[0]));
    let position = thinnest(joined.iter().map(|&place| along(place)), distance, spacing);
    let (u, v) = across(&axis);
    let mut atoms = 0;
    let mut discs = Vec::new();
    for &place in &joined {
        let height = along(place) - position;
        atoms += usize::from(height.abs() < 0.5 * SLAB * spacing);
        let square = spacing * spacing - height * height;
        if square > 0.0 {
            let offset = snapshot.unwrapped()[place] - centres[0];
            discs.push(([u.dot(&offset), v.dot(&offset)], square.sqrt()));
        }
    }
    let area = largest_area(&discs, spacing);
    Some(NeckSection {
        area,
        radius: (area / PI).sqrt(),
        position,
        atoms,
    })
}

/// The atoms of the clusters that hold atoms of both groups.
fn joined(snapshot: &Snapshot, groups: [u8; 2], bond: f64) -> Option<Vec<usize>> {
    let clusters = clusters(snapshot, bond);
    let mut holds = vec![[false; 2]; clusters.size.len()];
    for place in 0..snapshot.len() {
        for (which, &group) in groups.iter().enumerate() {
            if snapshot.group(place) == group {
                holds[clusters.of[place] as usize][which] = true;
            }
        }
    }
    let joined: Vec<usize> = (0..snapshot.len())
        .filter(|&place| holds[clusters.of[place] as usize] == [true; 2])
        .collect();
    (!joined.is_empty()).then_some(joined)
}

/// Where between the centres the fewest atoms stand [Å].
fn thinnest(along: impl Iterator<Item = f64>, distance: f64, spacing: f64) -> f64 {
    let (low, high) = (0.25 * distance, 0.75 * distance);
    let step = 0.1 * spacing;
    let planes = ((high - low) / step).floor().max(0.0) as usize + 1;
    // Positions of all planes, so that the middle is one of them.
    let first = 0.5 * distance - 0.5 * (planes - 1) as f64 * step;
    let mut counts = vec![0_usize; planes];
    let half = 0.5 * SLAB * spacing;
    for x in along {
        let from = ((x - half - first) / step).ceil().max(0.0) as usize;
        let to = ((x + half - first) / step).floor();
        if to >= 0.0 {
            let to = (to as usize).min(planes - 1);
            if from <= to {
                counts[from..=to].iter_mut().for_each(|count| *count += 1);
            }
        }
    }
    let middle = 0.5 * (planes - 1) as f64;
    let rank = |plane: usize| {
        (
            counts[plane],
            (2.0 * (plane as f64 - middle).abs()) as usize,
        )
    };
    let best = (0..planes).min_by_key(|&plane| rank(plane)).unwrap_or(0);
    first + best as f64 * step
}

/// Two directions at right angles to the axis and to each other.
fn across(axis: &Vector) -> (Vector, Vector) {
    let mut other = Vector::zeros();
    other[axis.iamin()] = 1.0;
    let u = axis.cross(&other).normalize();
    (u, axis.cross(&u))
}

/// Area of the largest connected part of the union of discs, drawn back by half the spacing.
fn largest_area(discs: &[([f64; 2], f64)], spacing: f64) -> f64 {
    let Some(grid) = Grid::around(discs, spacing) else {
        return 0.0;
    };
    let covered = grid.cover(discs);
    let kept = grid.draw_back(&covered, 0.5 * spacing);
    grid.largest_part(&kept) as f64 * grid.pixel * grid.pixel
}

/// Pixels in the plane of a section.
struct Grid {
    low: [f64; 2],
    pixel: f64,
    size: [usize; 2],
}

impl Grid {
    fn around(discs: &[([f64; 2], f64)], spacing: f64) -> Option<Self> {
        if discs.is_empty() {
            return None;
        }
        let pixel = PIXEL * spacing;
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        for (centre, radius) in discs {
            for k in 0..2 {
                low[k] = low[k].min(centre[k] - radius - pixel);
                high[k] = high[k].max(centre[k] + radius + pixel);
            }
        }
        let size = [0, 1].map(|k| ((high[k] - low[k]) / pixel).ceil() as usize + 1);
        Some(Self { low, pixel, size })
    }

    /// The pixels whose middle lies in a disc.
    fn cover(&self, discs: &[([f64; 2], f64)]) -> Vec<bool> {
        let mut covered = vec![false; self.size[0] * self.size[1]];
        for (centre, radius) in discs {
            self.disc(*centre, *radius, |at| covered[at] = true);
        }
        covered
    }

    fn disc(&self, centre: [f64; 2], radius: f64, mut visit: impl FnMut(usize)) {
        let [x, y] = [0, 1].map(|k| (centre[k] - self.low[k]) / self.pixel);
        let reach = radius / self.pixel;
        let first = (y - reach).ceil().max(0.0) as usize;
        let last = ((y + reach).floor().max(0.0) as usize).min(self.size[1] - 1);
        for row in first..=last {
            let half = (reach * reach - (row as f64 - y).powi(2)).max(0.0).sqrt();
            let from = (x - half).ceil().max(0.0) as usize;
            let to = ((x + half).floor().max(0.0) as usize).min(self.size[0] - 1);
            for column in from..=to {
                visit(row * self.size[0] + column);
            }
        }
    }

    /// Uncovers all pixels within `depth` [Å] of an uncovered one.
    fn draw_back(&self, covered: &[bool], depth: f64) -> Vec<bool> {
        let mut kept = covered.to_vec();
        let [width, height] = self.size;
        for row in 0..height {
            for column in 0..width {
                let at = row * width + column;
                if covered[at] {
                    continue;
                }
                // Only the rim matters: uncovered pixels beside covered ones.
                let beside = [
                    (column > 0).then(|| at - 1),
                    (column + 1 < width).then(|| at + 1),
                    (row > 0).then(|| at - width),
                    (row + 1 < height).then(|| at + width),
                ];
                if beside.into_iter().flatten().any(|other| covered[other]) {
                    let centre = [
                        self.low[0] + column as f64 * self.pixel,
                        self.low[1] + row as f64 * self.pixel,
                    ];
                    // The rim itself lies half a pixel nearer.
                    self.disc(centre, depth + 0.5 * self.pixel, |near| kept[near] = false);
                }
            }
        }
        kept
    }

    /// Pixels of the largest part connected over edges.
    fn largest_part(&self, kept: &[bool]) -> usize {
        let mut open = kept.to_vec();
        let mut largest = 0;
        let mut stack = Vec::new();
        for start in 0..open.len() {
            if !open[start] {
                continue;
            }
            open[start] = false;
            stack.push(start);
            let mut size = 0;
            while let Some(at) = stack.pop() {
                size += 1;
                let column = at % self.size[0];
                let beside = [
                    (column > 0).then(|| at - 1),
                    (column + 1 < self.size[0]).then(|| at + 1),
                    at.checked_sub(self.size[0]),
                    (at + self.size[0] < open.len()).then(|| at + self.size[0]),
                ];
                for other in beside.into_iter().flatten() {
                    if open[other] {
                        open[other] = false;
                        stack.push(other);
                    }
                }
            }
            largest = largest.max(size);
        }
        largest
    }
}

//! Which units of atoms may share neighbours.

use frit_atoms::Vector;
use rayon::iter::Either;
use rayon::prelude::*;

use super::UNIT;

/// Boxes are wider by this fraction of the reach: rows may hold what is a little further.
const SLACK: f64 = 2e-5;

/// For each unit, those whose boxes overlap its own.
#[derive(Debug, Default)]
pub(super) struct Overlaps {
    /// Where the list of each unit starts; one more at the end.
    starts: Vec<u32>,
    /// Where in it those of higher colour start.
    middles: Vec<u32>,
    units: Vec<u32>,
}

impl Overlaps {
    /// Of the units of atoms at `position`, with rows up to `reach` [Å].
    pub(super) fn of(position: &[Vector], reach: f64) -> Self {
        let units: Vec<Vec<Edges>> = position
            .par_chunks(UNIT)
            .map(|atoms| around(atoms, 4.0 * reach))
            .collect();
        let mut overlaps = Self::of_pairs(units.len(), &overlapping_pairs(&units, reach));
        let colour = overlaps.colours();
        overlaps.divide(&colour);
        overlaps
    }

    /// The number of units.
    pub(super) fn units(&self) -> usize {
        self.middles.len()
    }

    /// Of `count` units, from all pairs.
    fn of_pairs(count: usize, pairs: &[(u32, u32)]) -> Self {
        // Ends first, from which the units are filled in downwards.
        let mut starts = vec![0_u32; count + 1];
        for &(one, other) in pairs {
            starts[one as usize] += 1;
            starts[other as usize] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut units = vec![0; sum as usize];
        for &(one, other) in pairs {
            for (unit, listed) in [(one, other), (other, one)] {
                let start = &mut starts[unit as usize];
                *start -= 1;
                units[*start as usize] = listed;
            }
        }
        Self {
            middles: starts[..count].to_vec(),
            starts,
            units,
        }
    }

    /// Gives each unit the lowest colour that no overlapping unit before it has.
    fn colours(&self) -> Vec<u32> {
        let mut colours: Vec<u32> = Vec::with_capacity(self.units());
        let mut taken = Vec::new();
        for unit in 0..self.units() {
            taken.clear();
            let others = self.all(unit).iter();
            for &other in others.filter(|&&other| (other as usize) < unit) {
                let colour = colours[other as usize] as usize;
                if taken.len() <= colour {
                    taken.resize(colour + 1, false);
                }
                taken[colour] = true;
            }
            let free = taken.iter().position(|&taken| !taken);
            colours.push(free.unwrap_or(taken.len()) as u32);
        }
        colours
    }

    /// Puts those of lower colour first in each list.
    fn divide(&mut self, colour: &[u32]) {
        let mut list = Vec::new();
        for unit in 0..self.middles.len() {
            let (mut low, mut high) = (self.starts[unit], self.starts[unit + 1]);
            list.clear();
            list.extend_from_slice(&self.units[low as usize..high as usize]);
            // Written without a branch, for nothing foresees it.
            for &other in &list {
                let lower = u32::from(colour[other as usize] < colour[unit]);
                high -= 1 - lower;
                let place = if lower == 1 { low } else { high };
                self.units[place as usize] = other;
                low += lower;
            }
            self.middles[unit] = low;
        }
    }

    /// All that overlap a unit.
    pub(super) fn all(&self, unit: usize) -> &[u32] {
        &self.units[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }

    /// Those for which a unit waits.
    #[inline]
    pub(super) fn before(&self, unit: usize) -> &[u32] {
        &self.units[self.starts[unit] as usize..self.middles[unit] as usize]
    }

    /// Those that wait for a unit.
    pub(super) fn behind(&self, unit: usize) -> &[u32] {
        &self.units[self.middles[unit] as usize..self.starts[unit + 1] as usize]
    }
}

/// The lower and the upper corner of a box.
type Edges = [Vector; 2];

/// Boxes that hold all atoms, none but the last longer than `longest` along an axis. Mostly one; but an atom
/// of a compact unit may have left the cell, and come back at its other side.
fn around(atoms: &[Vector], longest: f64) -> Vec<Edges> {
    /// A unit at a corner of the cell comes back at eight. In a gas there would be too many to compare.
    const MOST: usize = 8;
    let mut boxes: Vec<Edges> = Vec::with_capacity(1);
    for atom in atoms {
        let count = boxes.len();
        let fits = boxes.iter_mut().enumerate().find_map(|(place, edges)| {
            let larger = [edges[0].inf(atom), edges[1].sup(atom)];
            let fits =
                (larger[1] - larger[0]).max() <= longest || (count == MOST && place == MOST - 1);
            fits.then_some((edges, larger))
        });
        match fits {
            Some((edges, larger)) => *edges = larger,
            None => boxes.push([*atom; 2]),
        }
    }
    boxes
}

/// All pairs of units with boxes less than twice the reach apart, each once.
fn overlapping_pairs(units: &[Vec<Edges>], reach: f64) -> Vec<(u32, u32)> {
    /// Consecutive boxes, which are near each other, are first compared together.
    const TOGETHER: usize = 8;
    let range = Vector::repeat(reach * (1.0 + SLACK));
    let wider = |[low, high]: &Edges| [low - range, high + range];
    // The first boxes of all units, and behind them all others, which lie anywhere.
    let first = units.iter().enumerate().map(|(unit, all)| (unit, &all[0]));
    let others = units.iter().enumerate();
    let others = others.flat_map(|(unit, all)| all[1..].iter().map(move |edges| (unit, edges)));
    let (unit, boxes): (Vec<usize>, Vec<Edges>) = first
        .chain(others)
        .map(|(unit, edges)| (unit, wider(edges)))
        .unzip();
    let groups: Vec<Edges> = boxes
        .chunks(TOGETHER)
        .map(|boxes| {
            let [low, high] = boxes[0];
            let low = boxes.iter().fold(low, |low, other| low.inf(&other[0]));
            let high = boxes.iter().fold(high, |high, other| high.sup(&other[1]));
            [low, high]
        })
        .collect();
    let of_group = |group: usize| {
        let first = group * TOGETHER;
        first..boxes.len().min(first + TOGETHER)
    };
    let pairs = (0..groups.len()).into_par_iter().flat_map_iter(|one| {
        let (groups, boxes) = (&groups, &boxes);
        (one..groups.len())
            .filter(move |&other| overlap(&groups[one], &groups[other]))
            .flat_map(move |other| of_group(one).map(move |first| (first, other)))
            .flat_map(move |(first, other)| {
                let others = of_group(other).filter(move |&second| second > first);
                others
                    .filter(move |&second| overlap(&boxes[first], &boxes[second]))
                    .map(move |second| (first, second))
            })
    });
    let pairs = pairs.filter_map(|(first, second)| {
        if second < units.len() {
            return Some(Either::Left((first as u32, second as u32)));
        }
        let (one, other) = (unit[first], unit[second]);
        let is_new = one != other && !overlap(&boxes[one], &boxes[other]);
        is_new.then_some(Either::Right((
            one.min(other) as u32,
            one.max(other) as u32,
        )))
    });
    let (mut pairs, mut further): (Vec<_>, Vec<_>) = pairs.partition_map(|pair| pair);
    further.par_sort_unstable();
    further.dedup();
    pairs.append(&mut further);
    pairs
}

/// Whether two boxes overlap.
fn overlap(one: &Edges, other: &Edges) -> bool {
    (0..3).all(|k| other[0][k] <= one[1][k] && one[0][k] <= other[1][k])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const REACH: f64 = 3.0;

    /// Atoms of a simple cubic crystal, one unit to a cube of four along each axis; those beyond `edge` along x
    /// come back at the other side.
    pub(in crate::units) fn crystal(cubes: usize, edge: f64) -> Vec<Vector> {
        let mut position = Vec::new();
        for cube in 0..cubes.pow(3) {
            let corner = [cube / cubes / cubes, cube / cubes % cubes, cube % cubes];
            for atom in 0..UNIT {
                let place = [atom / 16, atom / 4 % 4, atom % 4];
                let [x, y, z] = [0, 1, 2].map(|k| (4 * corner[k] + place[k]) as f64);
                position.push(Vector::new(x % edge, y, z));
            }
        }
        position
    }

    #[test]
    fn units_that_may_share_neighbours_overlap() {
        for edge in [100.0, 22.0] {
            let position = crystal(6, edge);
            let overlaps = Overlaps::of(&position, REACH);
            for (first, one) in position.iter().enumerate() {
                for (second, other) in position.iter().enumerate().step_by(7) {
                    let (one_unit, other_unit) = (first / UNIT, second / UNIT);
                    if one_unit != other_unit && (one - other).norm() <= 2.0 * REACH {
                        assert!(overlaps.all(one_unit).contains(&(other_unit as u32)));
                    }
                }
            }
        }
    }

    #[test]
    fn a_gas_has_few_boxes_which_hold_all_its_atoms() {
        let atoms: Vec<Vector> = (0..UNIT)
            .map(|k| Vector::new(100.0 * k as f64, 37.0 * (k % 5) as f64, 0.0))
            .collect();
        let boxes = around(&atoms, 4.0 * REACH);
        assert_eq!(boxes.len(), 8);
        for atom in &atoms {
            assert!(boxes.iter().any(|edges| overlap(edges, &[*atom; 2])));
        }
    }

    #[test]
    fn each_pair_of_units_is_listed_once_and_ordered() {
        let overlaps = Overlaps::of(&crystal(6, 22.0), REACH);
        for unit in 0..overlaps.units() {
            let mut all = overlaps.all(unit).to_vec();
            all.sort_unstable();
            assert!(all.is_sorted_by(|a, b| a < b) && !all.contains(&(unit as u32)));
            let (before, behind) = (overlaps.before(unit), overlaps.behind(unit));
            assert_eq!(before.len() + behind.len(), all.len());
            for &other in before {
                assert!(overlaps.behind(other as usize).contains(&(unit as u32)));
            }
            for &other in behind {
                assert!(overlaps.before(other as usize).contains(&(unit as u32)));
            }
        }
    }

    #[test]
    fn atoms_that_came_back_at_the_other_side_do_not_stretch_their_units() {
        let overlaps = Overlaps::of(&crystal(6, 22.0), REACH);
        // The last layers of cubes have atoms at both ends along x: those between do not wait for them.
        let (last, middle) = (5 * 36 + 14, 2 * 36 + 14);
        assert!(overlaps.all(last).contains(&14));
        assert!(!overlaps.all(last).contains(&middle));
        let count = |edge| {
            let overlaps = Overlaps::of(&crystal(6, edge), REACH);
            (0..overlaps.units())
                .map(|unit| overlaps.all(unit).len())
                .sum::<usize>()
        };
        assert!(count(22.0) < 2 * count(100.0));
    }
}

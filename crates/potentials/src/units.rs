//! Units of work that may run at the same time.
//!
//! Where an atom's row of neighbours adds to the sums of the neighbours, units of atoms that share
//! neighbours must not run at once, and must add to them in an order that does not depend on threads. Two units may share
//! neighbours if the boxes around their atoms, wider by the list's reach on all sides, overlap. Each
//! unit has a colour that no overlapping unit has; of two overlapping units the one of lower colour
//! runs first. A unit waits for nothing else: there are no barriers between colours, and few colours
//! make short chains of units that wait for each other. Atoms are sorted in space, so that units are
//! compact.
//!
//! Workers take units in a sequence that was planned for their number: as if all units took the same
//! time, each takes of the units that wait for nothing the one with the longest chain behind it
//! (list scheduling, T. C. Hu, Oper. Res. 9, 841 (1961), doi:10.1287/opre.9.6.841).
//!
//! The plan follows from the positions at which the neighbour list was built, so that it serves as
//! long as the list and is the same after a restart.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use frit_atoms::Vector;
use rayon::prelude::*;

/// Atoms in a unit. Fewer make more units, for more threads; but their boxes overlap more.
pub(crate) const UNIT: usize = 64;
/// Boxes are wider by this fraction of the reach: rows may hold what is a little further.
const SLACK: f64 = 2e-5;

/// Which units wait for which.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The list and the number of workers for which it was made.
    made_for: Option<(u64, usize)>,
    /// The units, in the order in which workers take them.
    sequence: Vec<u32>,
    /// For each unit, those that wait for it: a range of `followers`.
    ends: Vec<usize>,
    followers: Vec<u32>,
    /// For how many others each unit waits.
    waits: Vec<u32>,
    boxes: Vec<[Vector; 2]>,
    colour: Vec<u32>,
    overlaps: Vec<(u32, u32)>,
    /// How many units of the sequence were taken.
    taken: AtomicUsize,
    /// For how many others each unit still waits.
    left: Vec<AtomicU32>,
}

impl Plan {
    /// Plans the units of atoms that were at `position` when the list `stamp` was built, with rows up
    /// to `reach` [Å]; does nothing if that is the present plan.
    pub(crate) fn make(&mut self, stamp: u64, position: &[Vector], reach: f64) {
        let workers = rayon::current_num_threads();
        if self.made_for == Some((stamp, workers)) {
            return;
        }
        self.boxes.clear();
        self.boxes.extend(
            position
                .chunks(UNIT)
                .map(|atoms| around(atoms, reach * (1.0 + SLACK))),
        );
        self.find_overlaps();
        self.choose_colours();
        self.order();
        self.schedule(workers);
        self.made_for = Some((stamp, workers));
    }

    /// All pairs of units whose boxes overlap, both ways round, sorted.
    fn find_overlaps(&mut self) {
        let boxes = &self.boxes;
        let mut along: Vec<u32> = (0..boxes.len() as u32).collect();
        along.sort_by(|&a, &b| boxes[a as usize][0].x.total_cmp(&boxes[b as usize][0].x));
        self.overlaps.clear();
        for (place, &one) in along.iter().enumerate() {
            let [low, high] = boxes[one as usize];
            let near = along[place + 1..].iter();
            for &other in near.take_while(|&&other| boxes[other as usize][0].x <= high.x) {
                let [other_low, other_high] = boxes[other as usize];
                let overlap = (1..3).all(|k| other_low[k] <= high[k] && low[k] <= other_high[k]);
                if overlap {
                    self.overlaps.extend([(one, other), (other, one)]);
                }
            }
        }
        self.overlaps.sort_unstable();
    }

    /// Gives each unit the lowest colour that no overlapping unit before it has.
    fn choose_colours(&mut self) {
        self.colour.clear();
        let mut taken = Vec::new();
        let mut overlaps = self.overlaps.as_slice();
        for unit in 0..self.boxes.len() as u32 {
            let own = overlaps.partition_point(|&(one, _)| one == unit);
            taken.clear();
            for &(_, other) in overlaps[..own].iter().filter(|(_, other)| *other < unit) {
                let colour = self.colour[other as usize] as usize;
                if taken.len() <= colour {
                    taken.resize(colour + 1, false);
                }
                taken[colour] = true;
            }
            let free = taken.iter().position(|&taken| !taken);
            self.colour.push(free.unwrap_or(taken.len()) as u32);
            overlaps = &overlaps[own..];
        }
    }

    /// Of two overlapping units, the one of higher colour waits for the other.
    fn order(&mut self) {
        let units = self.boxes.len();
        self.followers.clear();
        self.ends.clear();
        self.waits.clear();
        self.waits.resize(units, 0);
        let mut overlaps = self.overlaps.as_slice();
        for unit in 0..units as u32 {
            let own = overlaps.partition_point(|&(one, _)| one == unit);
            for &(_, other) in &overlaps[..own] {
                if self.colour[other as usize] > self.colour[unit as usize] {
                    self.followers.push(other);
                    self.waits[other as usize] += 1;
                }
            }
            self.ends.push(self.followers.len());
            overlaps = &overlaps[own..];
        }
    }

    /// The followers of a unit.
    fn followers(&self, unit: usize) -> &[u32] {
        let start = unit.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.followers[start..self.ends[unit]]
    }

    /// Plans the sequence for so many workers.
    fn schedule(&mut self, workers: usize) {
        let units = self.boxes.len();
        // Followers have higher colours: chains are found from the last colour down.
        let mut order: Vec<u32> = (0..units as u32).collect();
        order.sort_by_key(|&unit| Reverse(self.colour[unit as usize]));
        let mut chain = vec![0_u32; units];
        for unit in order {
            let behind = self.followers(unit as usize).iter();
            let longest = behind.map(|&next| chain[next as usize] + 1).max();
            chain[unit as usize] = longest.unwrap_or(0);
        }
        let mut left = self.waits.clone();
        let mut ready: BinaryHeap<(u32, Reverse<u32>)> = (0..units)
            .filter(|&unit| left[unit] == 0)
            .map(|unit| (chain[unit], Reverse(unit as u32)))
            .collect();
        self.sequence.clear();
        while !ready.is_empty() {
            let start = self.sequence.len();
            let now = (0..workers).map_while(|_| ready.pop());
            self.sequence.extend(now.map(|(_, Reverse(unit))| unit));
            for &unit in &self.sequence[start..] {
                for &next in self.followers(unit as usize) {
                    left[next as usize] -= 1;
                    if left[next as usize] == 0 {
                        ready.push((chain[next as usize], Reverse(next)));
                    }
                }
            }
        }
    }

    /// Calls `work` once for each unit, never at once for two that overlap.
    pub(crate) fn run(&mut self, work: impl Fn(usize) + Sync) {
        *self.taken.get_mut() = 0;
        self.left.resize_with(self.waits.len(), AtomicU32::default);
        for (left, &waits) in self.left.iter_mut().zip(&self.waits) {
            *left.get_mut() = waits;
        }
        let plan = &*self;
        let workers = rayon::current_num_threads().min(plan.sequence.len());
        (0..workers).into_par_iter().with_max_len(1).for_each(|_| {
            while let Some(unit) = plan.take() {
                work(unit);
                for &next in plan.followers(unit) {
                    plan.left[next as usize].fetch_sub(1, Ordering::Release);
                }
            }
        });
    }

    /// The next unit of the sequence, as soon as it waits for no other; `None` if all were taken.
    ///
    /// All for which it waits stand before it, and were taken by workers that do not wait for later
    /// ones: one of the workers always goes on.
    fn take(&self) -> Option<usize> {
        /// Looks before the processor is offered to others.
        const LOOKS: u32 = 1000;
        let place = self.taken.fetch_add(1, Ordering::Relaxed);
        let unit = *self.sequence.get(place)? as usize;
        let mut looks = 0;
        // Acquiring makes what all those before have written visible here.
        while self.left[unit].load(Ordering::Acquire) > 0 {
            looks += 1;
            if looks < LOOKS {
                std::hint::spin_loop();
            } else {
                std::thread::yield_now();
            }
        }
        Some(unit)
    }
}

/// The box around atoms, wider by `range` on all sides.
fn around(atoms: &[Vector], range: f64) -> [Vector; 2] {
    let start = Vector::repeat(f64::INFINITY);
    let low = atoms.iter().fold(start, |low, atom| low.inf(atom));
    let high = atoms.iter().fold(-start, |high, atom| high.sup(atom));
    [low - Vector::repeat(range), high + Vector::repeat(range)]
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A jagged curve through a box, now and then an atom far away.
    fn positions() -> Vec<Vector> {
        (0..20_000)
            .map(|k| {
                let k = f64::from(k);
                let far = if k % 5003.0 == 0.0 { 900.0 } else { 0.0 };
                Vector::new(
                    (k / 400.0) % 60.0,
                    (k / 40.0) % 40.0,
                    (k * 1.7) % 25.0 + far,
                )
            })
            .collect()
    }

    fn overlap(plan: &Plan, one: usize, other: usize) -> bool {
        let (a, b) = (&plan.boxes[one], &plan.boxes[other]);
        (0..3).all(|k| a[0][k] <= b[1][k] && b[0][k] <= a[1][k])
    }

    #[test]
    fn overlapping_units_run_in_one_order_on_any_number_of_threads() {
        let position = positions();
        let units = position.len().div_ceil(UNIT);
        let mut plan = Plan::default();
        plan.make(1, &position, 4.6);
        let mut orders = Vec::new();
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let events = Mutex::new(Vec::new());
            pool.install(|| {
                plan.run(|unit| {
                    events.lock().unwrap().push((unit, false));
                    std::thread::yield_now();
                    events.lock().unwrap().push((unit, true));
                });
            });
            let events = events.into_inner().unwrap();
            let at = |wanted| events.iter().position(|&event| event == wanted).unwrap();
            assert_eq!(events.len(), 2 * units, "each unit runs once");
            let mut order = Vec::new();
            for one in 0..units {
                for other in 0..one {
                    if overlap(&plan, one, other) {
                        let first = at((one, false)) < at((other, false));
                        let (first_end, second_start) = match first {
                            true => (at((one, true)), at((other, false))),
                            false => (at((other, true)), at((one, false))),
                        };
                        assert!(first_end < second_start, "{one} and {other} ran at once");
                        order.push(first);
                    }
                }
            }
            assert!(order.len() > units);
            orders.push(order);
        }
        assert!(orders.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_plan_serves_as_long_as_its_list() {
        let position = positions();
        let mut plan = Plan::default();
        plan.make(1, &position, 4.6);
        let units = plan.waits.len();
        plan.make(1, &position[..UNIT], 4.6);
        assert_eq!(plan.waits.len(), units);
        plan.make(2, &position[..UNIT], 4.6);
        assert_eq!(plan.waits, [0]);
    }

    #[test]
    fn nothing_to_do_is_planned() {
        let mut plan = Plan::default();
        plan.make(7, &[], 4.0);
        plan.run(|_| unreachable!("there are no units"));
    }
}

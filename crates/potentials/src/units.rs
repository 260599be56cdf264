//! Units of work that may run at the same time.
//!
//! Where an atom's row of neighbours adds to the sums of the neighbours, units of atoms that share
//! neighbours must not run at once, and must add to them in an order that does not depend on threads.
//! Two units may share neighbours, ghosts among them, if the boxes around their atoms, wider by the
//! list's reach on all sides, overlap. Each unit has a colour that no overlapping unit has; of two
//! overlapping units the one of lower colour runs first. A unit waits for nothing else: there are no
//! barriers between colours, and few colours make short chains of units that wait for each other.
//! Atoms are sorted in space, so that units are compact.
//!
//! Workers take units in a sequence that was planned for their number. A single worker goes along the
//! order of the atoms. Of more workers, as if all units took the same time, each takes of the units
//! that wait for nothing the one with the longest chain behind it
//! (list scheduling, T. C. Hu, Oper. Res. 9, 841 (1961), doi:10.1287/opre.9.6.841).
//!
//! The plan follows from the positions at which the neighbour list was built, so that it serves as
//! long as the list and is the same after a restart.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use frit_atoms::Vector;
use rayon::prelude::*;

/// Atoms in a unit. Fewer make more units, for more threads; but their boxes overlap more.
pub(crate) const UNIT: usize = 64;
/// Boxes are wider by this fraction of the reach: rows may hold what is a little further.
const SLACK: f64 = 2e-5;

/// The atoms of a unit, of `owned` atoms in all.
pub(crate) fn atoms_of(unit: usize, owned: usize) -> Range<usize> {
    unit * UNIT..((unit + 1) * UNIT).min(owned)
}

/// Locks what no two threads use at once. What a panic left behind is overwritten before it is read.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which units wait for which.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The list and the number of workers for which it was made.
    made_for: Option<(u64, usize)>,
    /// The units, in the order in which workers take them.
    sequence: Vec<u32>,
    overlaps: Overlaps,
    boxes: Vec<[Vector; 2]>,
    colour: Vec<u32>,
    /// How many units of the sequence were taken.
    taken: AtomicUsize,
    /// The last run in which each unit has finished.
    finished: Vec<AtomicU8>,
    /// How many runs there were; wraps around. So short that few cache lines hold the flags, which the
    /// processors pass to each other.
    run: u8,
}

/// What a worker is to do now.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    /// The unit to work on.
    pub(crate) unit: usize,
    /// The one that the worker probably gets next, if any is left: what it reads can be asked for
    /// meanwhile.
    pub(crate) next: Option<usize>,
}

/// For each unit, those whose boxes overlap its own.
#[derive(Debug, Default)]
struct Overlaps {
    /// Where the list of each unit starts; one more at the end.
    starts: Vec<u32>,
    /// Where in it those of higher colour start.
    middles: Vec<u32>,
    units: Vec<u32>,
}

impl Overlaps {
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
    fn of(&self, unit: usize) -> &[u32] {
        &self.units[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }

    /// Those for which a unit waits.
    #[inline]
    fn before(&self, unit: usize) -> &[u32] {
        &self.units[self.starts[unit] as usize..self.middles[unit] as usize]
    }

    /// Those that wait for a unit.
    fn behind(&self, unit: usize) -> &[u32] {
        &self.units[self.middles[unit] as usize..self.starts[unit + 1] as usize]
    }
}

impl Plan {
    /// Plans the units of atoms that were at `position` when the list `stamp` was built, with rows up
    /// to `reach` [Å]; does nothing if that is the present plan.
    pub(crate) fn make(&mut self, stamp: u64, position: &[Vector], reach: f64) {
        let workers = rayon::current_num_threads();
        if self.made_for == Some((stamp, workers)) {
            return;
        }
        self.made_for = None;
        position
            .par_chunks(UNIT)
            .map(|atoms| around(atoms, reach * (1.0 + SLACK)))
            .collect_into_vec(&mut self.boxes);
        self.overlaps = Overlaps::of_pairs(self.boxes.len(), &overlapping_pairs(&self.boxes));
        self.choose_colours();
        self.overlaps.divide(&self.colour);
        self.schedule(workers);
        self.finished.clear();
        self.finished
            .resize_with(self.boxes.len(), AtomicU8::default);
        self.run = 0;
        self.made_for = Some((stamp, workers));
    }

    /// Gives each unit the lowest colour that no overlapping unit before it has.
    fn choose_colours(&mut self) {
        self.colour.clear();
        let mut taken = Vec::new();
        for unit in 0..self.boxes.len() {
            taken.clear();
            let others = self.overlaps.of(unit).iter();
            for &other in others.filter(|&&other| (other as usize) < unit) {
                let colour = self.colour[other as usize] as usize;
                if taken.len() <= colour {
                    taken.resize(colour + 1, false);
                }
                taken[colour] = true;
            }
            let free = taken.iter().position(|&taken| !taken);
            self.colour.push(free.unwrap_or(taken.len()) as u32);
        }
    }

    /// The units in the order of their atoms, but each behind those for which it waits: what one unit
    /// leaves in the caches of the processor serves the next.
    fn local_order(&self) -> Vec<u32> {
        let units = self.boxes.len();
        let mut order = Vec::with_capacity(units);
        let mut is_in_order = vec![false; units];
        // How many of those for which a unit waits were seen to be in the order.
        let mut seen = vec![0; units];
        let mut stack = Vec::new();
        for first in 0..units as u32 {
            stack.push(first);
            while let Some(&unit) = stack.last() {
                let before = self.overlaps.before(unit as usize);
                let seen = &mut seen[unit as usize];
                while before
                    .get(*seen)
                    .is_some_and(|&other| is_in_order[other as usize])
                {
                    *seen += 1;
                }
                if let Some(&other) = before.get(*seen) {
                    stack.push(other);
                } else {
                    stack.pop();
                    if !is_in_order[unit as usize] {
                        is_in_order[unit as usize] = true;
                        order.push(unit);
                    }
                }
            }
        }
        order
    }

    /// Plans the sequence for so many workers.
    fn schedule(&mut self, workers: usize) {
        let order = self.local_order();
        if workers == 1 {
            self.sequence = order;
            return;
        }
        let units = self.boxes.len();
        let mut chain = vec![0_u32; units];
        for &unit in order.iter().rev() {
            let length = chain[unit as usize] + 1;
            for &other in self.overlaps.before(unit as usize) {
                chain[other as usize] = chain[other as usize].max(length);
            }
        }
        let mut left: Vec<usize> = (0..units)
            .map(|unit| self.overlaps.before(unit).len())
            .collect();
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
                for &next in self.overlaps.behind(unit as usize) {
                    left[next as usize] -= 1;
                    if left[next as usize] == 0 {
                        ready.push((chain[next as usize], Reverse(next)));
                    }
                }
            }
        }
    }

    /// Calls `work` once for each unit, never at once for two that overlap.
    pub(crate) fn run(&mut self, work: impl Fn(Turn) + Sync) {
        *self.taken.get_mut() = 0;
        self.run = self.run.wrapping_add(1);
        let plan = &*self;
        let workers = rayon::current_num_threads().min(plan.sequence.len());
        (0..workers).into_par_iter().with_max_len(1).for_each(|_| {
            while let Some(turn) = plan.take(workers) {
                let _finish = Finish {
                    finished: &plan.finished[turn.unit],
                    run: plan.run,
                };
                work(turn);
            }
        });
    }

    /// The next unit of the sequence, as soon as it waits for no other; `None` if all were taken.
    ///
    /// All for which it waits stand before it, and were taken by workers that do not wait for later
    /// ones: one of the workers always goes on.
    fn take(&self, workers: usize) -> Option<Turn> {
        /// Looks before the processor is offered to others.
        const LOOKS: u32 = 1000;
        let place = self.taken.fetch_add(1, Ordering::Relaxed);
        let unit = *self.sequence.get(place)? as usize;
        let mut looks = 0;
        for &other in self.overlaps.before(unit) {
            // Acquiring makes what the other has written visible here.
            while self.finished[other as usize].load(Ordering::Acquire) != self.run {
                looks += 1;
                if looks < LOOKS {
                    std::hint::spin_loop();
                } else {
                    std::thread::yield_now();
                }
            }
        }
        // As all workers take their turns.
        let next = self.sequence.get(place + workers);
        Some(Turn {
            unit,
            next: next.map(|&next| next as usize),
        })
    }
}

/// Tells those that wait for a unit that it has finished, when dropped: also if its work panics, or they
/// would wait for ever and the panic would never come out.
struct Finish<'a> {
    finished: &'a AtomicU8,
    run: u8,
}

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        // Releasing makes what the unit has written visible to those that wait.
        self.finished.store(self.run, Ordering::Release);
    }
}

/// All pairs of units whose boxes overlap, each once.
fn overlapping_pairs(boxes: &[[Vector; 2]]) -> Vec<(u32, u32)> {
    /// Consecutive boxes, which are near each other, are first compared together.
    const TOGETHER: usize = 8;
    let groups: Vec<[Vector; 2]> = boxes
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
    (0..groups.len())
        .into_par_iter()
        .flat_map_iter(|one| {
            let groups = &groups;
            (one..groups.len())
                .filter(move |&other| overlap(&groups[one], &groups[other]))
                .flat_map(move |other| of_group(one).map(move |unit| (unit, other)))
                .flat_map(move |(unit, other)| {
                    let others = of_group(other).filter(move |&other| other > unit);
                    others
                        .filter(move |&other| overlap(&boxes[unit], &boxes[other]))
                        .map(move |other| (unit as u32, other as u32))
                })
        })
        .collect()
}

/// Whether two boxes overlap.
fn overlap(one: &[Vector; 2], other: &[Vector; 2]) -> bool {
    (0..3).all(|k| other[0][k] <= one[1][k] && one[0][k] <= other[1][k])
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
                plan.run(|Turn { unit, .. }| {
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
                    if overlap(&plan.boxes[one], &plan.boxes[other]) {
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
    fn a_panic_comes_out_and_leaves_the_plan_usable() {
        let position = positions();
        let units = position.len().div_ceil(UNIT);
        let mut plan = Plan::default();
        plan.make(1, &position, 4.6);
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let broken = std::panic::AssertUnwindSafe(|| {
                pool.install(|| {
                    plan.run(|turn| assert!(turn.unit % 10 != 7, "wanted by the test"))
                });
            });
            assert!(std::panic::catch_unwind(broken).is_err());
            let done = AtomicUsize::new(0);
            pool.install(|| {
                plan.run(|_| {
                    done.fetch_add(1, Ordering::Relaxed);
                })
            });
            assert_eq!(done.into_inner(), units);
        }
    }

    #[test]
    fn a_plan_serves_as_long_as_its_list() {
        let position = positions();
        let mut plan = Plan::default();
        plan.make(1, &position, 4.6);
        let sequence = plan.sequence.clone();
        plan.make(1, &position[..UNIT], 4.6);
        assert_eq!(plan.sequence, sequence);
        plan.make(2, &position[..UNIT], 4.6);
        assert_eq!(plan.sequence, [0]);
    }

    #[test]
    fn nothing_to_do_is_planned() {
        let mut plan = Plan::default();
        plan.make(7, &[], 4.0);
        plan.run(|_| unreachable!("there are no units"));
    }
}

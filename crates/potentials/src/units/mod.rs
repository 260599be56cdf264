//! Units of work that may run at the same time.
//!
//! Where an atom's row of neighbours adds to the sums of the neighbours, units of atoms that share
//! neighbours must not run at once, and must add to them in an order that does not depend on threads.
//! Two units may share neighbours, ghosts among them, if boxes around their atoms, wider by the list's
//! reach on all sides, overlap. Each unit has a colour that no overlapping unit has; of two
//! overlapping units the one of lower colour runs first. A unit waits for nothing else: there are no
//! barriers between colours, and few colours make short chains of units that wait for each other.
//! Atoms are sorted in space, so that units are compact, but for some that left the cell and came back at
//! its other side: those have boxes of their own.
//!
//! Each worker has a queue of units near each other, planned for the number of workers. Now and then another
//! takes some of them from its end, for no two workers are equally fast all the time.
//!
//! The plan follows from the positions at which the neighbour list was built, so that it serves as
//! long as the list and is the same after a restart.

mod overlaps;
mod queue;
mod schedule;

use std::ops::Range;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use frit_atoms::Vector;
use rayon::prelude::*;

use overlaps::Overlaps;
use queue::{Queue, Taken};

/// Atoms in a unit. Fewer make more units, for more threads; but their boxes overlap more.
pub(crate) const UNIT: usize = 64;

/// The atoms of a unit, of `owned` atoms in all.
pub(crate) fn atoms_of(unit: usize, owned: usize) -> Range<usize> {
    unit * UNIT..((unit + 1) * UNIT).min(owned)
}

/// Locks what no two threads use at once. What a panic left behind is overwritten before it is read.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which units wait for which, and who does what.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The list and the number of workers for which it was made.
    made_for: Option<(u64, usize)>,
    overlaps: Overlaps,
    /// One for each worker.
    queues: Vec<Queue>,
    /// The last run in which each unit has finished.
    finished: Vec<AtomicU8>,
    /// How many runs there were; wraps around. So short that few cache lines hold the flags, which the
    /// processors pass to each other. Each run sets all flags; only where all workers panicked some are older,
    /// and the next run sets them.
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

impl Plan {
    /// Plans the units of atoms that were at `position` when the list `stamp` was built, with rows up
    /// to `reach` [Å]; does nothing if that is the present plan.
    pub(crate) fn make(&mut self, stamp: u64, position: &[Vector], reach: f64) {
        let workers = rayon::current_num_threads();
        if self.made_for == Some((stamp, workers)) {
            return;
        }
        self.made_for = None;
        self.overlaps = Overlaps::of(position, reach);
        let units = self.overlaps.units();
        self.queues.clear();
        let queues = schedule::queues(&self.overlaps, workers);
        self.queues.extend(queues.into_iter().map(Queue::of));
        self.finished.clear();
        self.finished.resize_with(units, AtomicU8::default);
        self.run = 0;
        self.made_for = Some((stamp, workers));
    }

    /// Calls `work` once for each unit, never at once for two that overlap. `work` must not wait for other
    /// threads.
    pub(crate) fn run(&mut self, work: impl Fn(Turn) + Sync) {
        self.run = self.run.wrapping_add(1);
        let plan = &*self;
        let workers = 0..plan.queues.len();
        workers.into_par_iter().with_max_len(1).for_each(|worker| {
            let mut first = 0;
            while let Some(turn) = plan.take(worker, &mut first) {
                let _finish = Finish {
                    finished: &plan.finished[turn.unit],
                    run: plan.run,
                };
                work(turn);
            }
        });
    }

    /// The next unit for a worker, as soon as one waits for no other; `None` if all were taken. Of its own
    /// queue, those before `first` were taken.
    ///
    /// Of the units that are left, one of the lowest colour waits for none but those at work; any worker finds
    /// it, so that one of them always goes on.
    fn take(&self, worker: usize, first: &mut usize) -> Option<Turn> {
        /// Looks at all queues before the processor is offered to others.
        const LOOKS: u32 = 100;
        let is_ready = |unit| self.is_ready(unit);
        let own = &self.queues[worker];
        let mut looks = 0;
        loop {
            let mut is_any_left = false;
            match own.take_first(self.run, first, is_ready) {
                Taken::Unit { unit, next } => return Some(Turn { unit, next }),
                Taken::Later => is_any_left = true,
                Taken::Nothing => {}
            }
            let others = self.queues[worker + 1..].iter();
            for other in others.chain(&self.queues[..worker]) {
                // From its end, far from what its own worker does meanwhile.
                match other.take_last(self.run, is_ready) {
                    Taken::Unit { unit, .. } => return Some(Turn { unit, next: None }),
                    Taken::Later => is_any_left = true,
                    Taken::Nothing => {}
                }
            }
            if !is_any_left {
                return None;
            }
            if looks < LOOKS {
                looks += 1;
                std::hint::spin_loop();
            } else {
                std::thread::yield_now();
            }
        }
    }

    /// Whether all for which a unit waits have finished.
    #[inline]
    fn is_ready(&self, unit: usize) -> bool {
        // Acquiring makes what the others have written visible here. A single worker goes through its queue
        // in order, and finds all ready.
        self.queues.len() == 1
            || self
                .overlaps
                .before(unit)
                .iter()
                .all(|&other| self.finished[other as usize].load(Ordering::Acquire) == self.run)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    fn pool(threads: usize) -> rayon::ThreadPool {
        let builder = rayon::ThreadPoolBuilder::new();
        builder.num_threads(threads).build().unwrap()
    }

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
        for threads in [1, 2, 5, 3] {
            let pool = pool(threads);
            let events = Mutex::new(Vec::new());
            pool.install(|| {
                // The last plan serves as well, for another number of workers.
                if threads != 3 {
                    plan.make(1, &position, 4.6);
                    assert_eq!(plan.queues.len(), threads);
                }
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
                    if plan.overlaps.all(one).contains(&(other as u32)) {
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
            let pool = pool(threads);
            let broken = std::panic::AssertUnwindSafe(|| {
                pool.install(|| {
                    plan.make(1, &position, 4.6);
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
        let units = plan.overlaps.units();
        plan.make(1, &position[..UNIT], 4.6);
        assert_eq!(plan.overlaps.units(), units);
        plan.make(2, &position[..UNIT], 4.6);
        assert_eq!(plan.overlaps.units(), 1);
    }

    #[test]
    fn nothing_to_do_is_planned() {
        let mut plan = Plan::default();
        plan.make(7, &[], 4.0);
        plan.run(|_| unreachable!("there are no units"));
    }
}

//! The units that one worker takes, unless others have nothing else to do.

use std::sync::atomic::{AtomicU8, Ordering};

/// Units in the order in which its worker takes them.
#[derive(Debug)]
pub(super) struct Queue {
    units: Vec<u32>,
    /// The last run in which each was taken.
    taken: Vec<AtomicU8>,
}

/// What became of an attempt to take a unit.
pub(super) enum Taken {
    /// A unit, and the one behind it in the queue, if there is one.
    Unit { unit: usize, next: Option<usize> },
    /// Those that are left wait for others.
    Later,
    /// None is left.
    Nothing,
}

impl Queue {
    pub(super) fn of(units: Vec<u32>) -> Self {
        let mut taken = Vec::new();
        taken.resize_with(units.len(), AtomicU8::default);
        Self { units, taken }
    }

    /// Takes the first ready unit that was not taken in this run. Those before `first` were; it moves on.
    #[inline]
    pub(super) fn take_first(
        &self,
        run: u8,
        first: &mut usize,
        is_ready: impl Fn(usize) -> bool,
    ) -> Taken {
        let is_taken = |taken: &AtomicU8| taken.load(Ordering::Relaxed) == run;
        while self.taken.get(*first).is_some_and(is_taken) {
            *first += 1;
        }
        self.take(run, *first..self.units.len(), is_ready)
    }

    /// Takes the last ready unit that was not taken in this run.
    #[inline]
    pub(super) fn take_last(&self, run: u8, is_ready: impl Fn(usize) -> bool) -> Taken {
        self.take(run, (0..self.units.len()).rev(), is_ready)
    }

    /// Takes the first ready unit that was not taken in this run, of those in some places.
    #[inline]
    fn take(
        &self,
        run: u8,
        places: impl Iterator<Item = usize>,
        is_ready: impl Fn(usize) -> bool,
    ) -> Taken {
        let mut found = Taken::Nothing;
        for place in places {
            let taken = &self.taken[place];
            if taken.load(Ordering::Relaxed) == run {
                continue;
            }
            // Between the load and the exchange another worker may have taken it.
            if is_ready(self.units[place] as usize) && taken.swap(run, Ordering::Relaxed) != run {
                return Taken::Unit {
                    unit: self.units[place] as usize,
                    next: self.units.get(place + 1).map(|&next| next as usize),
                };
            }
            found = Taken::Later;
        }
        found
    }
}

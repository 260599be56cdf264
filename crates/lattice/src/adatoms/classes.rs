//! Choosing a hop when its rate depends on the bonds of the atom alone.

use super::{Energies, Layer, Surface};

/// Top atoms on the support or above it, with 0 to 4 neighbours.
pub(crate) const CLASSES: usize = 10;

/// The class of a column without atoms.
const EMPTY: u8 = u8::MAX;

/// Columns sorted into classes of equal rates: the n-fold way of Bortz, Kalos and Lebowitz (1975,
/// doi:10.1016/0021-9991(75)90060-1). Choosing a hop and sorting the columns anew take a time that
/// does not depend on how many there are.
#[derive(Debug, Clone)]
pub(crate) struct ClassLists {
    /// For each column, its class: neighbours of the top atom, plus 5 above the first layer.
    class: Vec<u8>,
    /// For each column, its place in the list of its class.
    place: Vec<u32>,
    /// The lists, one after the other, each with room for `capacity` columns.
    members: Vec<u32>,
    capacity: usize,
    counts: [u32; CLASSES],
}

/// The total rates of all hops of the atoms of each class, per atom.
pub(crate) fn class_rates(energies: &Energies, temperature: f64) -> [f64; CLASSES] {
    std::array::from_fn(|class| {
        let layer = if class < 5 {
            Layer::First
        } else {
            Layer::Upper
        };
        4.0 * energies.rate(layer, class % 5, temperature)
    })
}

/// A hop that was chosen: the column, the class of its top atom, and the direction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) column: usize,
    pub(crate) class: usize,
    pub(crate) direction: usize,
}

impl ClassLists {
    pub(crate) fn new(surface: &Surface) -> Self {
        let capacity = (surface.atoms() as usize).min(surface.sites());
        let mut lists = Self {
            class: vec![EMPTY; surface.sites()],
            place: vec![0; surface.sites()],
            members: vec![0; CLASSES * capacity],
            capacity,
            counts: [0; CLASSES],
        };
        for column in 0..surface.sites() {
            if let Some(class) = class_of(surface, column) {
                lists.enter(column, class);
            }
        }
        lists
    }

    /// The lists with their columns in this order, which decides which column a random number
    /// means; `None` unless it holds each column with atoms once.
    pub(crate) fn in_order(surface: &Surface, order: &[u64]) -> Option<Self> {
        let mut lists = Self::new(surface);
        let occupied: u32 = lists.counts.iter().sum();
        if order.len() != occupied as usize {
            return None;
        }
        lists.counts = [0; CLASSES];
        let mut class = std::mem::replace(&mut lists.class, vec![EMPTY; surface.sites()]);
        for &column in order {
            let column = usize::try_from(column).ok()?;
            let found = std::mem::replace(class.get_mut(column)?, EMPTY);
            if found == EMPTY {
                return None;
            }
            lists.enter(column, found.into());
        }
        Some(lists)
    }

    /// All columns with atoms, class by class, in the order of the lists.
    pub(crate) fn order(&self) -> impl Iterator<Item = u32> {
        (0..CLASSES).flat_map(|class| {
            let first = class * self.capacity;
            self.members[first..][..self.counts[class] as usize]
                .iter()
                .copied()
        })
    }

    /// The sums of the rates of the classes up to each: recomputed from the counts in each step,
    /// so that no rounding accumulates.
    #[inline]
    pub(crate) fn cumulative(&self, rates: &[f64; CLASSES]) -> [f64; CLASSES] {
        // Two chains of additions side by side take half the time of one.
        let mut sums = [0.0; CLASSES];
        let (mut first, mut upper) = (0.0, 0.0);
        for class in 0..5 {
            first += f64::from(self.counts[class]) * rates[class];
            upper += f64::from(self.counts[class + 5]) * rates[class + 5];
            sums[class] = first;
            sums[class + 5] = upper;
        }
        for sum in &mut sums[5..] {
            *sum += first;
        }
        sums
    }

    /// The hop that a point `share` of the total rate (0 ≤ `share` < 1) means.
    ///
    /// Where the point lies among the rates of its class decides on column and direction: a number
    /// of 53 bits leaves enough of them, since a class that is chosen at all has not much less than
    /// one part in the number of events made of the total rate.
    #[inline]
    pub(crate) fn choose(
        &self,
        cumulative: &[f64; CLASSES],
        rates: &[f64; CLASSES],
        share: f64,
    ) -> Choice {
        let point = share * cumulative[CLASSES - 1];
        let mut class = cumulative[..CLASSES - 1]
            .iter()
            .map(|&sum| usize::from(point >= sum))
            .sum::<usize>();
        // Rounding can put the point at the very end, past the last class with members.
        while self.counts[class] == 0 {
            class -= 1;
        }
        let before = if class == 0 {
            0.0
        } else {
            cumulative[class - 1]
        };
        let hops = 4 * self.counts[class];
        let hop = ((point - before) * (4.0 / rates[class])) as u32;
        let hop = hop.min(hops - 1);
        Choice {
            column: self.members[class * self.capacity + (hop / 4) as usize] as usize,
            class,
            direction: (hop % 4) as usize,
        }
    }

    /// Moves the chosen atom and sorts the columns anew that notice.
    #[inline]
    pub(crate) fn hop(&mut self, surface: &mut Surface, choice: Choice) {
        let (from, class) = (choice.column, choice.class);
        let to = surface.neighbours(from)[choice.direction] as usize;

        // A neighbour notices only if its top atom stood beside the one that leaves.
        let height = surface.heights()[from];
        for neighbour in surface.neighbours(from) {
            let neighbour = neighbour as usize;
            if surface.heights()[neighbour] == height {
                let class = usize::from(self.class[neighbour]);
                self.change(neighbour, class, class - 1);
            }
        }
        surface.take(from, if class < 5 { class } else { class - 5 });
        self.leave(from, class);
        if let Some(class) = class_of(surface, from) {
            self.enter(from, class);
        }

        if self.class[to] != EMPTY {
            self.leave(to, self.class[to].into());
        }
        let coordination = surface.put(to);
        let height = surface.heights()[to];
        self.enter(to, coordination + if height > 1 { 5 } else { 0 });
        for neighbour in surface.neighbours(to) {
            let neighbour = neighbour as usize;
            if surface.heights()[neighbour] == height {
                let class = usize::from(self.class[neighbour]);
                self.change(neighbour, class, class + 1);
            }
        }
    }

    #[inline]
    fn change(&mut self, column: usize, from: usize, to: usize) {
        self.leave(column, from);
        self.enter(column, to);
    }

    #[inline]
    fn leave(&mut self, column: usize, class: usize) {
        self.counts[class] -= 1;
        let place = self.place[column];
        let last = self.members[class * self.capacity + self.counts[class] as usize];
        self.members[class * self.capacity + place as usize] = last;
        self.place[last as usize] = place;
        self.class[column] = EMPTY;
    }

    #[inline]
    fn enter(&mut self, column: usize, class: usize) {
        let place = self.counts[class];
        self.members[class * self.capacity + place as usize] = column as u32;
        self.place[column] = place;
        self.class[column] = class as u8;
        self.counts[class] += 1;
    }
}

/// The class of a column; `None` without atoms.
#[inline]
pub(crate) fn class_of(surface: &Surface, column: usize) -> Option<usize> {
    match surface.heights()[column] {
        0 => None,
        1 => Some(surface.coordination(column)),
        _ => Some(surface.coordination(column) + 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_engine::random::{Purpose, Streams};

    #[test]
    fn lists_and_counts_follow_every_hop() {
        let mut stream = Streams::new(1).stream(Purpose::Test, 0, 0);
        let mut heights = vec![0; 12 * 12];
        for _ in 0..90 {
            heights[stream.below(144) as usize] += 1;
        }
        let mut surface = Surface::new(12, heights).unwrap();
        let mut lists = ClassLists::new(&surface);
        // Equal rates: bonds do not matter and all heights occur.
        let rates = [1.0; CLASSES];
        for hop in 0..100_000 {
            let cumulative = lists.cumulative(&rates);
            let choice = lists.choose(&cumulative, &rates, stream.uniform());
            assert_eq!(class_of(&surface, choice.column), Some(choice.class));
            lists.hop(&mut surface, choice);
            if hop % 1000 == 0 {
                check(&surface, &lists);
            }
        }
        check(&surface, &lists);
    }

    fn check(surface: &Surface, lists: &ClassLists) {
        assert_eq!(surface.atoms(), 90);
        assert_eq!(surface.contacts_and_bonds(), surface.count());
        let mut counts = [0; CLASSES];
        for column in 0..surface.sites() {
            let class = class_of(surface, column);
            assert_eq!(
                lists.class[column],
                class.map_or(EMPTY, |class| class as u8)
            );
            if let Some(class) = class {
                counts[class] += 1;
                let place = class * lists.capacity + lists.place[column] as usize;
                assert_eq!(lists.members[place], column as u32);
            }
        }
        assert_eq!(counts, lists.counts);
    }

    #[test]
    fn lists_can_be_put_in_order() {
        let surface = Surface::new(3, vec![1, 2, 0, 0, 1, 1, 0, 3, 0]).unwrap();
        let lists = ClassLists::new(&surface);
        let order: Vec<u64> = lists.order().map(u64::from).collect();
        let restored = ClassLists::in_order(&surface, &order).unwrap();
        assert!(restored.order().eq(lists.order()));
        for wrong in [
            vec![0, 1, 4, 5],
            vec![0, 1, 4, 5, 5],
            vec![0, 1, 4, 5, 2],
            vec![9; 5],
        ] {
            assert!(ClassLists::in_order(&surface, &wrong).is_none());
        }
    }
}

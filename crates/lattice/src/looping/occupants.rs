//! What stands on the cells.

use std::collections::VecDeque;

use frit_engine::random::Stream;

use super::mesa::Cell;
use super::simulation::Looping;

/// What stands on a cell, where it is no mobile iron.
pub(crate) const FREE: u32 = u32::MAX;
pub(crate) const COVERED: u32 = u32::MAX - 1;
pub(crate) const VOID: u32 = u32::MAX - 2;

impl Looping {
    /// The free cell nearest to a place, by steps to neighbours, with ties broken at random.
    pub(crate) fn nearest_free(&mut self, start: usize, random: &mut Stream) -> usize {
        self.search += 1;
        let mut queue = VecDeque::from([start]);
        self.seen[start] = self.search;
        while let Some(place) = queue.pop_front() {
            if self.occupants[place] == FREE {
                return place;
            }
            let first = (random.bits() % 6) as usize;
            for k in 0..6 {
                let neighbour = self.mesa.neighbour(place, (first + k) % 6);
                if self.occupants[neighbour] != VOID && self.seen[neighbour] != self.search {
                    self.seen[neighbour] = self.search;
                    queue.push_back(neighbour);
                }
            }
        }
        unreachable!("the limit of mobile iron, checked at the start, leaves free cells")
    }

    /// The places under a particle that stands there.
    pub(crate) fn covered(&self, [q, r]: Cell) -> Vec<usize> {
        self.disc
            .iter()
            .map(|[dq, dr]| self.mesa.place([q + dq, r + dr]))
            .collect()
    }

    pub(crate) fn is_covered(&self, place: usize) -> bool {
        self.occupants[place] == COVERED
    }

    pub(crate) fn is_free(&self, place: usize) -> bool {
        self.occupants.get(place) == Some(&FREE)
    }

    pub(crate) fn free(&mut self, place: usize) {
        self.occupants[place] = FREE;
    }

    /// Puts new mobile iron on a free cell.
    pub(crate) fn occupy(&mut self, place: usize) {
        self.occupants[place] = self.mobiles.len() as u32;
        self.mobiles.push(place as u32);
    }

    pub(crate) fn cover(&mut self, cell: Cell) {
        for place in self.covered(cell) {
            self.occupants[place] = COVERED;
        }
    }

    pub(crate) fn uncover(&mut self, cell: Cell) {
        for place in self.covered(cell) {
            self.occupants[place] = FREE;
        }
    }

    /// Moves mobile iron out from under the particle.
    pub(crate) fn push_out(&mut self, random: &mut Stream) {
        for lump in 0..self.mobiles.len() {
            let place = self.mobiles[lump] as usize;
            if self.is_covered(place) {
                let free = self.nearest_free(place, random);
                self.occupants[free] = lump as u32;
                self.mobiles[lump] = free as u32;
            }
        }
    }
}

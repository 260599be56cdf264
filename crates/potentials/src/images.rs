//! Which ghosts are images of which atom, so that threads can give to it what they have collected.

/// The ghosts of each atom.
#[derive(Debug, Default)]
pub(crate) struct Images {
    /// The list for which they were sorted.
    made_for: Option<u64>,
    /// Where the ghosts of each atom start among `ghosts`; two numbers more than atoms.
    starts: Vec<u32>,
    /// Numbers of ghosts, from zero, atom by atom; those of an atom in ascending order.
    ghosts: Vec<u32>,
}

impl Images {
    /// Sorts ghosts, all or some, by their parents; does nothing if that was done for the list `stamp`.
    pub(crate) fn make(&mut self, stamp: u64, owned: usize, parent: &[u32]) {
        if self.made_for == Some(stamp) {
            return;
        }
        self.made_for = None;
        let Self { starts, ghosts, .. } = self;
        starts.clear();
        starts.resize(owned + 2, 0);
        // Counts stand two places further than starts will: the second pass moves them by one.
        for &parent in parent {
            starts[parent as usize + 2] += 1;
        }
        let mut sum = 0;
        for start in &mut starts[2..] {
            sum += *start;
            *start = sum;
        }
        ghosts.clear();
        ghosts.resize(parent.len(), 0);
        for (ghost, &parent) in (0..).zip(parent) {
            let place = &mut starts[parent as usize + 1];
            ghosts[*place as usize] = ghost;
            *place += 1;
        }
        self.made_for = Some(stamp);
    }

    /// The ghosts of an atom.
    #[inline(always)]
    pub(crate) fn of(&self, atom: usize) -> &[u32] {
        &self.ghosts[self.starts[atom] as usize..self.starts[atom + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ghost_is_its_parents() {
        let parent = [3, 0, 3, 2, 0, 0];
        let mut images = Images::default();
        images.make(1, 4, &parent);
        let of: Vec<&[u32]> = (0..4).map(|atom| images.of(atom)).collect();
        assert_eq!(of, [&[1, 4, 5][..], &[], &[3], &[0, 2]]);
        images.make(1, 4, &[]);
        assert_eq!(images.of(2), [3], "sorted once for each list");
        images.make(2, 4, &[]);
        assert!((0..4).all(|atom| images.of(atom).is_empty()));
    }

    #[test]
    fn what_a_panic_left_behind_is_not_used() {
        let parent = [3, 0, 3];
        let mut images = Images::default();
        images.make(1, 4, &parent);
        let broken = std::panic::AssertUnwindSafe(|| images.make(2, 4, &[0, 9]));
        assert!(std::panic::catch_unwind(broken).is_err());
        images.make(1, 4, &parent);
        assert_eq!(images.of(3), [0, 2]);
    }
}

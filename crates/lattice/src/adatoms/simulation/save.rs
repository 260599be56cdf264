//! The state of a simulation, out and in again.

use super::super::Surface;
use super::super::classes::ClassLists;
use super::{Adatoms, Selector};
use crate::saved::contradiction;
use crate::{RestoreError, SavedState};

const TIMES: &str = "start of segment, time in segment, spent";

impl Adatoms {
    /// The whole state. What is not in it, the setup, the seed and the replica must give again.
    pub fn save(&self) -> SavedState {
        let mut saved = SavedState::default();
        saved.put_integers("heights", self.surface.heights().iter().map(|&h| h.into()));
        let order: Vec<u64> = match &self.selector {
            Selector::Classes { lists, .. } => lists.order().map(u64::from).collect(),
            Selector::Steps(_) => Vec::new(),
        };
        saved.put_integers("order of columns", order);
        saved.put_integers(
            "events, segment, events in segment",
            [self.events, self.segment as u64, self.segment_events],
        );
        saved.put_integers("hops", self.hops);
        saved.put_reals(TIMES, [self.segment_start, self.segment_time, self.spent]);
        saved
    }

    /// Takes the state of a simulation of the same setup, seed and replica.
    ///
    /// # Errors
    /// If the state does not fit the setup; this simulation stays as it was then.
    pub fn restore(&mut self, saved: &SavedState) -> Result<(), RestoreError> {
        let heights = saved
            .integers("heights")?
            .iter()
            .map(|&height| u32::try_from(height))
            .collect::<Result<Vec<u32>, _>>()
            .map_err(|_| contradiction("a column has more than 4294967295 atoms"))?;
        let surface = Surface::new(self.setup.side, heights)
            .map_err(|error| contradiction(error.to_string()))?;
        if surface.atoms() != self.surface.atoms() {
            return Err(contradiction(format!(
                "it has {} atoms, not {}",
                surface.atoms(),
                self.surface.atoms()
            )));
        }
        let [events, segment, segment_events] =
            saved.integers_of("events, segment, events in segment")?;
        let hops = saved.integers_of("hops")?;
        let [segment_start, segment_time, spent] = saved.reals_of(TIMES)?;
        let segment = usize::try_from(segment)
            .ok()
            .filter(|segment| *segment < self.setup.programme.len())
            .ok_or_else(|| {
                contradiction("it is in a stage that the temperature programme lacks")
            })?;
        match &mut self.selector {
            Selector::Classes { lists, .. } => {
                *lists = ClassLists::in_order(&surface, saved.integers("order of columns")?)
                    .ok_or_else(|| contradiction("the order of columns contradicts the heights"))?;
            }
            // The tree follows from the surface, below.
            Selector::Steps(_) => {}
        }
        self.surface = surface;
        self.events = events;
        self.hops = hops;
        self.segment_time = segment_time;
        self.spent = spent;
        self.segment = segment;
        self.segment_events = segment_events;
        self.segment_start = segment_start;
        self.take_temperature();
        Ok(())
    }
}

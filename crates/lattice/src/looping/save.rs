//! The state of the looping interaction as plain arrays.

use super::mesa::Cell;
use super::reactor::Balance;
use super::simulation::Looping;
use super::{Gas, Particle, Rates, Task, Totals, Visit};
use crate::saved::contradiction;
use crate::{RestoreError, SavedState};

const COUNTS: &str = "slices, attempts, totals, balance";
const REALS: &str = "time, spent, distances, mobile time, direct water, balance, gas, temperature";
const REGROWTH: &str = "layers grown by distance";
const PARTICLE: &str = "particle: base, direction, task";

fn task_number(task: Task) -> u64 {
    match task {
        Task::Front => 0,
        Task::Dig => 1,
        Task::Wander => 2,
    }
}

impl Looping {
    /// The whole state. What is not in it, the setup, the seed and the replica must give again.
    pub fn save(&self) -> SavedState {
        let mut saved = SavedState::default();
        let heights = self.columns().map(|(_, height)| height as u64);
        saved.put_integers("heights", heights);
        let mobiles = self.mobiles.iter().map(|&place| place.into());
        saved.put_integers("places of mobile iron", mobiles);
        let totals = &self.totals;
        saved.put_integers(
            COUNTS,
            [
                self.slices,
                self.attempts,
                totals.reductions,
                totals.attachments,
                totals.nucleations,
                totals.terraces,
                totals.advances,
                totals.wanders,
                totals.turns,
                totals.edge_turns,
                totals.digs,
                totals.hops,
                self.balance.reductions,
                self.balance.growths,
            ],
        );
        saved.put_reals(
            REALS,
            [
                self.time,
                self.spent,
                totals.regrowth_distance,
                totals.mobile_time,
                self.direct_water,
                self.rates_since,
                self.balance.time,
                self.gas.hydrogen,
                self.gas.oxygen,
                self.setup.gas.hydrogen,
                self.setup.gas.oxygen,
                self.setup.temperature,
            ],
        );
        saved.put_integers(REGROWTH, self.regrowth_places.iter().copied());
        let path = self.path.iter();
        saved.put_reals(
            "path",
            path.flat_map(|visit| [visit.time, visit.cell[0].into(), visit.cell[1].into()]),
        );
        if let Some(particle) = self.particle {
            let task = task_number(particle.task);
            let numbers = [particle.base as u64, particle.direction as u64, task];
            saved.put_integers(PARTICLE, numbers);
        }
        saved
    }

    /// Takes the state of a simulation of the same setup, seed and replica.
    ///
    /// # Errors
    /// If the state does not fit the setup; this simulation stays as it was then.
    pub fn restore(&mut self, saved: &SavedState) -> Result<(), RestoreError> {
        let mut restored = self.clone();
        restored.take(saved)?;
        *self = restored;
        Ok(())
    }

    fn take(&mut self, saved: &SavedState) -> Result<(), RestoreError> {
        self.take_numbers(saved)?;
        self.take_heights(saved.integers("heights")?)?;
        self.take_regrowth(saved.integers(REGROWTH)?)?;
        self.path = path(saved.reals("path")?)?;
        if let Some(particle) = self.particle {
            self.uncover(particle.cell);
            let last = self.path.last().map(|visit| visit.cell);
            let particle = restored_particle(saved, last)?;
            if !self.has_room(particle.cell) {
                return Err(contradiction("the particle stands beyond the support"));
            }
            self.cover(particle.cell);
            self.particle = Some(particle);
        }
        self.take_mobiles(saved.integers("places of mobile iron")?)?;
        self.list_open();
        self.list_candidates();
        Ok(())
    }

    fn take_numbers(&mut self, saved: &SavedState) -> Result<(), RestoreError> {
        let [
            slices,
            attempts,
            reductions,
            attachments,
            nucleations,
            terraces,
            advances,
            wanders,
            turns,
            edge_turns,
            digs,
            hops,
            balance_reductions,
            balance_growths,
        ] = saved.integers_of(COUNTS)?;
        let [
            time,
            spent,
            regrowth_distance,
            mobile_time,
            direct_water,
            rates_since,
            balance_time,
            hydrogen,
            oxygen,
            inlet_hydrogen,
            inlet_oxygen,
            temperature,
        ] = saved.reals_of(REALS)?;
        (self.slices, self.attempts) = (slices, attempts);
        (self.time, self.spent) = (time, spent);
        self.totals = Totals {
            reductions,
            attachments,
            nucleations,
            terraces,
            advances,
            wanders,
            turns,
            edge_turns,
            digs,
            hops,
            regrowth_distance,
            mobile_time,
        };
        self.balance = Balance {
            time: balance_time,
            reductions: balance_reductions,
            growths: balance_growths,
        };
        (self.direct_water, self.rates_since) = (direct_water, rates_since);
        self.setup.gas = Gas {
            hydrogen: inlet_hydrogen,
            oxygen: inlet_oxygen,
        };
        self.setup.temperature = temperature;
        self.gas = Gas { hydrogen, oxygen };
        // The gas that flows in is one that can be; that of a reactor may be used up.
        Rates::new(&self.setup.kinetics, self.setup.gas, temperature)
            .map_err(|error| contradiction(error.to_string()))?;
        for pressure in [hydrogen, oxygen] {
            if !(pressure >= 0.0 && pressure.is_finite()) {
                return Err(contradiction(format!("the gas has {pressure} Pa")));
            }
        }
        self.rates = self.rates_now();
        Ok(())
    }

    fn take_heights(&mut self, heights: &[u64]) -> Result<(), RestoreError> {
        let cells: Vec<Cell> = self.mesa.cells().collect();
        if heights.len() != cells.len() {
            return Err(RestoreError::Length {
                name: "heights".to_owned(),
                found: heights.len(),
                expected: cells.len(),
            });
        }
        for (cell, &height) in cells.into_iter().zip(heights) {
            let place = self.mesa.place(cell);
            self.heights[place] = i32::try_from(height)
                .map_err(|_| contradiction(format!("a cell is {height} layers high")))?;
        }
        Ok(())
    }

    fn take_regrowth(&mut self, places: &[u64]) -> Result<(), RestoreError> {
        if places.len() != self.regrowth_places.len() {
            return Err(RestoreError::Length {
                name: REGROWTH.to_owned(),
                found: places.len(),
                expected: self.regrowth_places.len(),
            });
        }
        self.regrowth_places.copy_from_slice(places);
        Ok(())
    }

    fn take_mobiles(&mut self, places: &[u64]) -> Result<(), RestoreError> {
        for lump in std::mem::take(&mut self.mobiles) {
            // Where the particle stands now, nothing is free.
            if !self.is_covered(lump as usize) {
                self.free(lump as usize);
            }
        }
        for &place in places {
            let free = usize::try_from(place)
                .ok()
                .filter(|&place| self.is_free(place));
            let place = free.ok_or_else(|| {
                contradiction(
                    "mobile iron stands where it cannot: outside, under the particle, or twice",
                )
            })?;
            self.occupy(place);
        }
        Ok(())
    }
}

fn restored_particle(saved: &SavedState, cell: Option<Cell>) -> Result<Particle, RestoreError> {
    let [base, direction, task] = saved.integers_of(PARTICLE)?;
    let task = [Task::Front, Task::Dig, Task::Wander]
        .into_iter()
        .find(|&known| task_number(known) == task);
    match (cell, task, i32::try_from(base)) {
        (Some(cell), Some(task), Ok(base)) if direction < 6 => Ok(Particle {
            cell,
            base,
            direction: direction as usize,
            task,
        }),
        _ => Err(contradiction(
            "the particle has no place, base, direction or task",
        )),
    }
}

fn path(numbers: &[f64]) -> Result<Vec<Visit>, RestoreError> {
    let (visits, []) = numbers.as_chunks::<3>() else {
        return Err(contradiction("the path is not made of times and cells"));
    };
    // Cells are small whole numbers, which real numbers hold exactly.
    Ok(visits
        .iter()
        .map(|&[time, q, r]| Visit {
            time,
            cell: [q as i32, r as i32],
        })
        .collect())
}

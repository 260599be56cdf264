//! The simulation: events one after the other, in slices of time.

use std::convert::Infallible;

use super::mesa::{Cell, Mesa, disc};
use super::occupants::{FREE, VOID};
use super::particle::{Particle, Task};
use super::reactor::Balance;
use super::{
    Diffusion, Gas, LoopingError, ParticleSetup, Rates, Setup, Supply, Support, Totals, Visit,
};
use frit_engine::random::{Purpose, Stream, Streams};
use frit_engine::{Clock, Engine};

/// Products of uniform numbers below this one are put into the time before they underflow.
const LEAST_PRODUCT: f64 = 1e-250;

/// Sums of rates between two changes of the structure.
///
/// Each lump of mobile iron counts with an envelope, the rates it has where it may hop in all
/// directions and grow in all ways: what it cannot do is an event that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Chances {
    lumps: f64,
    reduction: f64,
    /// Growth anywhere, where hops are not followed one by one.
    growth: f64,
    /// Reduction, the particle's moves, and this growth.
    structural: f64,
    total: f64,
    mean_residence: f64,
    per_lump: f64,
    inverse_per_lump: f64,
    /// The share of hops among the events of a lump.
    hop_share: f64,
    directions_per_share: f64,
}

/// The looping interaction at work.
#[derive(Debug, Clone)]
pub struct Looping {
    pub(crate) setup: Setup,
    streams: Streams,
    replica: u64,
    pub(crate) mesa: Mesa,
    pub(crate) disc: Vec<Cell>,
    pub(crate) cells: usize,
    /// The gas around the particle; not the one that flows in where it is stirred.
    pub(crate) gas: Gas,
    pub(crate) rates: Rates,
    pub(crate) heights: Vec<i32>,
    /// What stands on each cell: the number of a lump of mobile iron, or one of the constants.
    pub(crate) occupants: Vec<u32>,
    /// The places of mobile iron.
    pub(crate) mobiles: Vec<u32>,
    pub(crate) particle: Option<Particle>,
    /// Cells that can be reduced, with their rates.
    pub(crate) candidates: Vec<(usize, f64)>,
    pub(crate) candidate_rate: f64,
    pub(crate) move_rate: f64,
    /// Cells where layers can grow, with their rates, and the sum of these, if hops of iron are not
    /// followed.
    pub(crate) growth: Vec<(usize, f64)>,
    pub(crate) growth_rate: f64,
    /// The places of all cells, and of those where iron can be oxidised.
    pub(crate) places: Vec<usize>,
    pub(crate) open: Vec<usize>,
    chances: Chances,
    pub(crate) totals: Totals,
    /// Layers grown, by their distance from the particle's rim in whole cells.
    pub(crate) regrowth_places: Vec<u64>,
    pub(crate) path: Vec<Visit>,
    pub(crate) slices: u64,
    pub(crate) time: f64,
    /// Events made, plus 1: address 0 is for the start.
    pub(crate) attempts: u64,
    /// How much of the present residence is over, in units of its mean.
    pub(crate) spent: f64,
    pub(crate) balance: Balance,
    /// Water the metal itself made up to the last change of rates, and when that was.
    pub(crate) direct_water: f64,
    pub(crate) rates_since: f64,
    /// The present block of random numbers.
    block: u64,
    words: [u64; 4],
    /// Scratch of the search for a free cell: which search saw each cell last.
    pub(crate) seen: Vec<u64>,
    pub(crate) search: u64,
}

/// A uniform number, 0 ≤ x < 1.
#[inline]
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

impl Looping {
    /// The simulation of a setup; replicas of one seed are independent of each other.
    ///
    /// # Errors
    /// If the setup is impossible.
    pub fn new(setup: Setup, streams: Streams, replica: u64) -> Result<Self, LoopingError> {
        if !(1..=1000).contains(&setup.radius) {
            return Err(LoopingError::Mesa {
                radius: setup.radius,
            });
        }
        let rates = Rates::new(&setup.kinetics, setup.gas, setup.temperature)?;
        let mesa = Mesa::new(setup.radius);
        let cells = mesa.cells().count();
        setup.validate(cells)?;

        let mut looping = Self {
            disc: setup
                .particle
                .map_or(Vec::new(), |particle| disc(particle.radius)),
            cells,
            gas: setup.gas,
            rates,
            heights: vec![0; mesa.places()],
            occupants: vec![VOID; mesa.places()],
            mobiles: Vec::new(),
            particle: None,
            candidates: Vec::new(),
            candidate_rate: 0.0,
            move_rate: 0.0,
            growth: Vec::new(),
            growth_rate: 0.0,
            places: mesa.cells().map(|cell| mesa.place(cell)).collect(),
            open: Vec::new(),
            chances: Chances::default(),
            totals: Totals::default(),
            // No two cells are further apart.
            regrowth_places: vec![0; 2 * setup.radius as usize + 1],
            path: Vec::new(),
            slices: 0,
            time: 0.0,
            attempts: 1,
            spent: 0.0,
            balance: Balance::default(),
            direct_water: 0.0,
            rates_since: 0.0,
            block: u64::MAX,
            words: [0; 4],
            seen: vec![0; mesa.places()],
            search: 0,
            setup,
            streams,
            replica,
            mesa,
        };
        for cell in looping.mesa.cells() {
            let place = looping.mesa.place(cell);
            looping.heights[place] = setup.layers;
            looping.occupants[place] = FREE;
        }
        if let Some(particle) = setup.particle {
            looping.put_down(particle);
        }
        looping.list_open();
        looping.rates = looping.rates_now();
        looping.list_candidates();
        Ok(looping)
    }

    /// Puts the particle into the middle, embedded, with a random direction.
    fn put_down(&mut self, particle: ParticleSetup) {
        let mut random = self.streams.stream(Purpose::LoopingDetail, 0, self.replica);
        let base = self.setup.layers - particle.embedding;
        for place in self.covered([0, 0]) {
            self.heights[place] = base;
        }
        self.cover([0, 0]);
        let mut particle = Particle {
            cell: [0, 0],
            base,
            direction: (random.bits() % 6) as usize,
            task: Task::Wander,
        };
        self.choose(&mut particle, &mut random);
        // The first direction is no turn.
        self.totals = Totals::default();
        self.particle = Some(particle);
        self.path.push(Visit {
            time: 0.0,
            cell: [0, 0],
        });
    }

    /// What is simulated.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Physical time [s].
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Events so far, those included that changed nothing.
    pub fn events(&self) -> u64 {
        self.attempts - 1
    }

    /// The gas around the particle.
    pub fn gas(&self) -> Gas {
        self.gas
    }

    /// The rates of slow events.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// What has happened so far.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The particle; `None` in the control of the bare support.
    pub fn particle(&self) -> Option<&Particle> {
        self.particle.as_ref()
    }

    /// Where the particle has been, one entry for each step; the start first.
    pub fn path(&self) -> &[Visit] {
        &self.path
    }

    /// Lumps of mobile iron.
    pub fn mobiles(&self) -> usize {
        self.mobiles.len()
    }

    /// Changes temperature \[K\] and inflowing gas from now on.
    ///
    /// # Errors
    /// If one is out of its range; nothing changes then.
    pub fn set_conditions(&mut self, temperature: f64, gas: Gas) -> Result<(), LoopingError> {
        Rates::new(&self.setup.kinetics, gas, temperature)?;
        self.change_gas(temperature, gas);
        self.setup.temperature = temperature;
        self.setup.gas = gas;
        self.take_rates(self.rates_now());
        Ok(())
    }

    /// From now on, these are the rates.
    pub(crate) fn take_rates(&mut self, rates: Rates) {
        self.direct_water = self.direct_water();
        self.rates_since = self.time;
        self.rates = rates;
        self.list_candidates();
    }

    /// Goes on to this time \[s\], exactly; nothing if it is over.
    pub fn run_until(&mut self, time: f64) {
        while self.time < time {
            let balance = self.next_balance();
            self.run_hops(time.min(balance));
            if self.time >= balance {
                self.balance_gas();
            }
        }
    }

    /// Goes on to the first event that may change rates, or to `until`.
    ///
    /// Residences of states between hops are exponentially distributed with the same mean. Their
    /// sum is that mean times minus the logarithm of the product of uniform numbers: the product
    /// tells whether `until` is reached, and one logarithm serves for all hops.
    fn run_hops(&mut self, until: f64) {
        let chances = self.chances;
        let end = (-(until - self.time) * chances.total).exp();
        let mut product = self.spent.exp();
        loop {
            let [first, second] = self.numbers(self.attempts);
            let next = product * (1.0 - unit(first));
            if chances.total == 0.0 || next < end {
                self.spent = ((until - self.time) * chances.total + product.ln()).max(0.0);
                self.totals.mobile_time += (until - self.time) * chances.lumps;
                self.time = until;
                return;
            }
            product = next;
            self.attempts += 1;

            let point = unit(second) * chances.total;
            if point < chances.structural || chances.per_lump == 0.0 || self.mobiles.is_empty() {
                self.pass(product, until);
                self.structural_event(point);
                return;
            }
            let point = (point - chances.structural) * chances.inverse_per_lump;
            let lump = (point as usize).min(self.mobiles.len() - 1);
            let within = point - lump as f64;
            if within >= chances.hop_share {
                self.pass(product, until);
                self.grow(lump, within * chances.per_lump - 6.0 * self.rates.hop);
                return;
            }
            let direction = within * chances.directions_per_share;
            self.hop(lump, direction);
            if product < LEAST_PRODUCT {
                self.pass(product, until);
                return;
            }
        }
    }

    /// Lets the time pass that a product of uniform numbers means.
    fn pass(&mut self, product: f64, until: f64) {
        // Rounding must not turn time back, nor take it past the end.
        let span = (-product.ln() * self.chances.mean_residence).clamp(0.0, until - self.time);
        self.time += span;
        self.totals.mobile_time += span * self.chances.lumps;
        self.spent = 0.0;
    }

    /// Random numbers for what an event needs beyond the first two.
    pub(crate) fn detail(&self) -> Stream {
        self.streams
            .stream(Purpose::LoopingDetail, self.attempts, self.replica)
    }

    /// A reduction, a move of the particle, or growth where hops are not followed.
    fn structural_event(&mut self, point: f64) {
        let Chances {
            reduction, growth, ..
        } = self.chances;
        // Rounding must not put the point into what has no rate.
        let moved = reduction + self.move_rate;
        if growth > 0.0 && (point >= moved || moved == 0.0) {
            self.grow_anywhere((point - moved) / growth);
        } else if self.move_rate > 0.0 && (point >= reduction || reduction == 0.0) {
            let mut random = self.detail();
            self.move_particle(&mut random);
            self.list_candidates();
        } else {
            self.reduce(point / reduction);
        }
    }

    /// The sums of all rates, for the state as it is.
    pub(crate) fn sum_rates(&mut self) {
        let rates = &self.rates;
        let lumps = self.mobiles.len() as f64;
        let limit = self.setup.kinetics.mobile_limit * self.cells as f64;
        let reduction = self.candidate_rate * (1.0 - lumps / limit).max(0.0);
        let (per_lump, growth) = match self.setup.diffusion {
            Diffusion::Followed => (
                6.0 * rates.hop + 6.0 * rates.attachment + rates.nucleation,
                0.0,
            ),
            Diffusion::Equilibrated => (0.0, self.growth_rate),
        };
        let structural = reduction + self.move_rate + growth;
        let total = structural + lumps * per_lump;
        let hop_share = 6.0 * rates.hop / per_lump;
        self.chances = Chances {
            lumps,
            reduction,
            growth,
            structural,
            total,
            mean_residence: 1.0 / total,
            per_lump,
            inverse_per_lump: 1.0 / per_lump,
            hop_share,
            directions_per_share: 6.0 / hop_share,
        };
    }

    /// The two random numbers that every event needs: two events share a block of the generator.
    #[inline]
    fn numbers(&mut self, event: u64) -> [u64; 2] {
        if self.block != event / 2 {
            self.block = event / 2;
            self.words = self
                .streams
                .block(Purpose::LoopingEvent, self.block, self.replica);
        }
        let first = 2 * (event % 2) as usize;
        [self.words[first], self.words[first + 1]]
    }

    /// Takes a layer off a cell: its iron appears on the nearest free cell.
    fn reduce(&mut self, share: f64) {
        let mut random = self.detail();
        let place = draw_place(&self.candidates, share * self.candidate_rate);
        self.heights[place] -= 1;
        self.totals.reductions += 1;
        let free = self.nearest_free(place, &mut random);
        self.occupy(free);
        self.restructured(&mut random);
    }

    /// Moves a lump to a neighbouring cell, if it may.
    ///
    /// `direction` is uniform from 0 to 6: its whole part chooses the neighbour, and the rest, of
    /// which more than 40 bits are random, whether the lump climbs.
    #[inline]
    fn hop(&mut self, lump: usize, direction: f64) {
        let place = self.mobiles[lump] as usize;
        let neighbour = (direction as usize).min(5);
        let target = self.mesa.neighbour(place, neighbour);
        if self.occupants[target] != FREE {
            return;
        }
        let climb = self.heights[target] - self.heights[place];
        if climb > 0 && direction - neighbour as f64 >= self.rates.climb_factor.powi(climb) {
            return;
        }
        self.totals.hops += 1;
        self.occupants[place] = FREE;
        self.occupants[target] = lump as u32;
        self.mobiles[lump] = target as u32;
    }

    /// After a layer was taken off or has grown.
    pub(crate) fn restructured(&mut self, random: &mut Stream) {
        if let Some(mut particle) = self.particle
            && self.setup.support == Support::Reducible
        {
            self.decide(&mut particle, random);
            self.particle = Some(particle);
        }
        match self.setup.supply {
            Supply::Fixed => self.list_candidates(),
            Supply::Stirred { .. } => self.balance_gas(),
        }
    }

    /// Notes a step of the particle.
    pub(crate) fn arrived(&mut self, cell: Cell) {
        self.totals.advances += 1;
        self.path.push(Visit {
            time: self.time,
            cell,
        });
    }
}

/// The place in whose share of a sum of rates a point lies.
pub(crate) fn draw_place(rated: &[(usize, f64)], mut point: f64) -> usize {
    let chosen = rated.iter().find(|(_, rate)| {
        point -= rate;
        point < 0.0
    });
    // Rounding can put the point past the last one.
    chosen
        .or(rated.last())
        .expect("an event with a rate has places where it can happen")
        .0
}

impl Engine for Looping {
    type Needs = ();
    type Error = Infallible;

    /// Steps are slices of time.
    fn clock(&self) -> Clock {
        Clock {
            step: self.slices,
            time: self.time,
        }
    }

    fn coming(&self) -> Clock {
        Clock {
            step: self.slices + 1,
            time: (self.slices + 1) as f64 * self.setup.time_step,
        }
    }

    fn join((): (), (): ()) {}

    /// Goes on by [`Setup::time_step`].
    fn advance(&mut self, (): ()) -> Result<(), Infallible> {
        self.slices += 1;
        self.run_until(self.slices as f64 * self.setup.time_step);
        Ok(())
    }
}

#[cfg(test)]
mod tests;

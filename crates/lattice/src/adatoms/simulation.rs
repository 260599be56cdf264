//! The simulation: events one after the other.

use frit_engine::random::{Purpose, Streams};
use frit_engine::{Clock, Engine};

use super::classes::{CLASSES, ClassLists, class_of, class_rates};
use super::step_tree::StepTree;
use super::{
    AdatomError, Arrangement, Averages, Census, Energies, Extent, Layer, Observation, Programme,
    StepRule, Surface,
};
use crate::parameter::not_negative;
use crate::saved::contradiction;
use crate::{RestoreError, SavedState};

/// How long a state lasts before the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residence {
    /// Its mean, 1 / (sum of all rates): averages over time have less noise so.
    Mean,
    /// A random time of that mean, exponentially distributed.
    Random,
}

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Columns along a side of the support.
    pub side: usize,
    /// The energies.
    pub energies: Energies,
    /// What hops between layers cost; `None` for nothing, which is much faster.
    pub step_rule: Option<StepRule>,
    /// How long states last.
    pub residence: Residence,
    /// The temperature.
    pub programme: Programme,
    /// Where the atoms stand at the start.
    pub arrangement: Arrangement,
    /// Events of one [`Engine::advance`]: it goes on to the next multiple of this number.
    pub events_per_advance: u64,
}

impl Setup {
    /// Lone atoms on 40 x 40 sites, as in Zhu et al., at one temperature [K].
    ///
    /// # Errors
    /// If the temperature is not positive.
    pub fn of_figure(
        atoms: usize,
        energies: Energies,
        temperature: f64,
    ) -> Result<Self, AdatomError> {
        Ok(Self {
            side: 40,
            energies,
            step_rule: None,
            residence: Residence::Mean,
            programme: Programme::constant(temperature)?,
            arrangement: Arrangement::Random { atoms },
            events_per_advance: 10_000,
        })
    }
}

/// How averages are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// For how long.
    pub extent: Extent,
    /// How many observations, at equal distances.
    pub observations: u64,
    /// The share of them, from the start, that is left out.
    pub discard: f64,
}

impl Sampling {
    /// An observation every 10,000 events over so many events, without the first quarter.
    pub fn over(events: u64) -> Self {
        Self {
            extent: Extent::Events(events),
            observations: (events / 10_000).max(1),
            discard: 0.25,
        }
    }
}

/// A hop that happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hop {
    /// The column the atom left.
    pub from: usize,
    /// The index of its direction in [`super::DIRECTIONS`].
    pub direction: usize,
    /// How long the state before the hop lasted [s].
    pub residence: f64,
}

/// How hops are chosen.
#[derive(Debug, Clone)]
enum Selector {
    Classes {
        lists: ClassLists,
        rates: [f64; CLASSES],
    },
    Steps(StepTree),
}

/// Adatoms on a support at work.
#[derive(Debug, Clone)]
pub struct Adatoms {
    setup: Setup,
    surface: Surface,
    selector: Selector,
    events: u64,
    time: f64,
    /// How much of the residence of the present state is over, in units of its mean.
    spent: f64,
    segment: usize,
    segment_events: u64,
    segment_start: f64,
    numbers: Numbers,
    /// Hops of each class.
    hops: [u64; CLASSES],
}

/// Random numbers of four events from one block of the generator.
///
/// Event n has word n mod 4 of address n / 4: what an event draws depends on its number alone, and
/// a restart needs no state of a generator.
#[derive(Debug, Clone)]
struct Numbers {
    streams: Streams,
    replica: u64,
    block: u64,
    words: [u64; 4],
}

impl Numbers {
    fn new(streams: Streams, replica: u64) -> Self {
        let mut numbers = Self {
            streams,
            replica,
            block: 0,
            words: [0; 4],
        };
        numbers.draw(0);
        numbers
    }

    fn draw(&mut self, block: u64) {
        self.block = block;
        self.words = self.streams.block(Purpose::AdatomHop, block, self.replica);
    }

    /// The number, 0 ≤ x < 1, that chooses an event.
    #[inline]
    fn of_event(&mut self, event: u64) -> f64 {
        if self.block != event / 4 {
            self.draw(event / 4);
        }
        unit(self.words[(event % 4) as usize])
    }

    /// How long the state before an event lasts, in units of its mean.
    #[inline]
    fn residence(&self, kind: Residence, event: u64) -> f64 {
        match kind {
            Residence::Mean => 1.0,
            Residence::Random => {
                let mut stream = self
                    .streams
                    .stream(Purpose::AdatomResidence, event, self.replica);
                -(1.0 - unit(stream.bits())).ln()
            }
        }
    }
}

/// A uniform number, 0 ≤ x < 1.
#[inline]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

impl Adatoms {
    /// The simulation of a setup; replicas of one seed are independent of each other.
    ///
    /// # Errors
    /// If the setup is impossible.
    pub fn new(setup: Setup, streams: Streams, replica: u64) -> Result<Self, AdatomError> {
        setup.energies.validate()?;
        if setup.events_per_advance == 0 {
            return Err(AdatomError::NoEventsPerAdvance);
        }
        if let Some(rule) = setup.step_rule {
            not_negative("step barrier", rule.barrier, "eV")?;
        }
        let surface = setup.arrangement.surface(setup.side, streams, replica)?;
        let temperature = setup.programme.segments()[0].temperature;
        let selector = match setup.step_rule {
            None => Selector::Classes {
                lists: ClassLists::new(&surface),
                rates: class_rates(&setup.energies, temperature),
            },
            Some(rule) => {
                Selector::Steps(StepTree::new(&surface, &setup.energies, rule, temperature))
            }
        };
        Ok(Self {
            setup,
            surface,
            selector,
            events: 0,
            time: 0.0,
            spent: 0.0,
            segment: 0,
            segment_events: 0,
            segment_start: 0.0,
            numbers: Numbers::new(streams, replica),
            hops: [0; CLASSES],
        })
    }

    /// What is simulated.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The support and its atoms.
    pub fn surface(&self) -> &Surface {
        &self.surface
    }

    /// Events so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Physical time [s].
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The present temperature [K].
    pub fn temperature(&self) -> f64 {
        self.setup.programme.segments()[self.segment].temperature
    }

    /// The present stage of the temperature programme, from 0.
    pub fn stage(&self) -> usize {
        self.setup.programme.segments()[self.segment].stage
    }

    /// How much of the present stage is over, from 0 to 1; each step of a ramp counts alike.
    pub fn stage_progress(&self) -> f64 {
        let segments = self.setup.programme.segments();
        let stage = segments[self.segment].stage;
        let first = segments.partition_point(|segment| segment.stage < stage);
        let end = segments.partition_point(|segment| segment.stage <= stage);
        let within = match segments[self.segment].extent {
            Extent::Events(events) => self.segment_events as f64 / events as f64,
            Extent::Time(time) => (self.time - self.segment_start) / time,
        };
        ((self.segment - first) as f64 + within.min(1.0)) / (end - first) as f64
    }

    /// Whether the temperature programme is over.
    pub fn is_over(&self) -> bool {
        self.segment + 1 == self.setup.programme.segments().len() && self.segment_is_over()
    }

    fn segment_is_over(&self) -> bool {
        match self.setup.programme.segments()[self.segment].extent {
            Extent::Events(events) => self.segment_events >= events,
            Extent::Time(time) => self.time >= self.segment_start + time,
        }
    }

    /// How many hops there were of atoms in a layer with so many neighbours, at most 4.
    pub fn hops(&self, layer: Layer, neighbours: usize) -> u64 {
        match layer {
            Layer::First => self.hops[neighbours],
            Layer::Upper => self.hops[neighbours + 5],
        }
    }

    /// The sum of the rates of all hops [1/s].
    pub fn total_rate(&self) -> f64 {
        match &self.selector {
            Selector::Classes { lists, rates } => lists.cumulative(rates)[CLASSES - 1],
            Selector::Steps(tree) => tree.total(),
        }
    }

    /// The energy against atoms apart from each other and from the support [eV].
    pub fn energy(&self) -> f64 {
        self.surface.energy(&self.setup.energies)
    }

    /// What can be seen now.
    pub fn observe(&self) -> Observation {
        Observation {
            events: self.events,
            time: self.time,
            temperature: self.temperature(),
            residence: 1.0 / self.total_rate(),
            enthalpy: self.surface.enthalpy_per_atom(&self.setup.energies),
            census: Census::of(&self.surface),
        }
    }

    /// One event, whatever time it takes at the present temperature; the temperature programme
    /// goes on after it.
    ///
    /// # Errors
    /// If nothing can happen.
    pub fn step(&mut self) -> Result<Hop, AdatomError> {
        let hop = self.event(f64::INFINITY)?.ok_or(AdatomError::Frozen {
            events: self.events,
            temperature: self.temperature(),
        })?;
        self.segment_events += 1;
        self.follow_programme();
        Ok(hop)
    }

    /// Goes on for so many events.
    ///
    /// # Errors
    /// If nothing can happen any more.
    pub fn run_events(&mut self, events: u64) -> Result<(), AdatomError> {
        let last = self.events + events;
        while self.events < last {
            self.run_in_segment(last - self.events, f64::INFINITY)?;
        }
        Ok(())
    }

    /// Goes on to this time \[s\], exactly; nothing if it is over.
    ///
    /// # Errors
    /// Never, at present: where nothing can happen, time passes.
    pub fn run_until(&mut self, time: f64) -> Result<(), AdatomError> {
        while self.time < time {
            self.run_in_segment(u64::MAX, time)?;
        }
        Ok(())
    }

    /// Goes on and averages.
    ///
    /// # Errors
    /// If nothing can happen any more.
    pub fn sample(&mut self, sampling: Sampling) -> Result<Averages, AdatomError> {
        let mut averages = Averages::default();
        let (count, start) = (sampling.observations.max(1), self.time);
        let discarded = (sampling.discard * count as f64) as u64;
        for observation in 0..count {
            let weight = match sampling.extent {
                Extent::Events(events) => {
                    let until =
                        |k: u64| (u128::from(events) * u128::from(k) / u128::from(count)) as u64;
                    self.run_events(until(observation + 1) - until(observation))?;
                    1.0 / self.total_rate()
                }
                Extent::Time(time) => {
                    self.run_until(start + time * (observation + 1) as f64 / count as f64)?;
                    1.0
                }
            };
            if observation >= discarded {
                averages.add(&self.observe(), weight);
            }
        }
        Ok(averages)
    }

    /// Goes on for at most so many events and to at most this time, at one temperature.
    fn run_in_segment(&mut self, events: u64, until: f64) -> Result<(), AdatomError> {
        let is_last = self.segment + 1 == self.setup.programme.segments().len();
        let (mut events, mut until) = (events, until);
        if !is_last {
            match self.setup.programme.segments()[self.segment].extent {
                Extent::Events(all) => events = events.min(all - self.segment_events),
                Extent::Time(time) => until = until.min(self.segment_start + time),
            }
        }
        let first = self.events;
        let result = self.run_at_temperature(events, until);
        self.segment_events += self.events - first;
        self.follow_programme();
        result
    }

    fn run_at_temperature(&mut self, events: u64, until: f64) -> Result<(), AdatomError> {
        for _ in 0..events {
            if self.event(until)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The next event if it happens before `until`; else time passes up to there.
    ///
    /// Each event has its own address of random numbers. What is left of a residence is kept in
    /// units of its mean, which is exact when rates change in between.
    #[inline]
    fn event(&mut self, until: f64) -> Result<Option<Hop>, AdatomError> {
        let share = self.numbers.of_event(self.events);
        let whole = self.numbers.residence(self.setup.residence, self.events);
        // Rounding of what is spent must not turn time back.
        let left = (whole - self.spent).max(0.0);
        match &mut self.selector {
            Selector::Classes { lists, rates } => {
                let cumulative = lists.cumulative(rates);
                let total = cumulative[CLASSES - 1];
                let residence = left / total;
                if total == 0.0 || self.time + residence > until {
                    return self.wait(total, until);
                }
                let choice = lists.choose(&cumulative, rates, share);
                self.hops[choice.class] += 1;
                lists.hop(&mut self.surface, choice);
                Ok(Some(self.happened(
                    choice.column,
                    choice.direction,
                    residence,
                )))
            }
            Selector::Steps(tree) => {
                let total = tree.total();
                let residence = left / total;
                if total == 0.0 || self.time + residence > until {
                    return self.wait(total, until);
                }
                let (column, direction) = tree.choose(&self.surface, share);
                let class = class_of(&self.surface, column).expect("atoms alone have a rate");
                self.hops[class] += 1;
                tree.hop(&mut self.surface, column, direction);
                Ok(Some(self.happened(column, direction, residence)))
            }
        }
    }

    #[inline]
    fn happened(&mut self, from: usize, direction: usize, residence: f64) -> Hop {
        self.events += 1;
        self.time += residence;
        self.spent = 0.0;
        Hop {
            from,
            direction,
            residence,
        }
    }

    /// Lets time pass without an event.
    #[cold]
    fn wait(&mut self, total: f64, until: f64) -> Result<Option<Hop>, AdatomError> {
        if until == f64::INFINITY {
            return Err(AdatomError::Frozen {
                events: self.events,
                temperature: self.temperature(),
            });
        }
        self.spent += (until - self.time) * total;
        self.time = until;
        Ok(None)
    }

    /// Takes the next temperature where the present segment is over.
    fn follow_programme(&mut self) {
        while self.segment + 1 < self.setup.programme.segments().len() && self.segment_is_over() {
            let start = match self.setup.programme.segments()[self.segment].extent {
                Extent::Events(_) => self.time,
                Extent::Time(span) => self.segment_start + span,
            };
            self.segment += 1;
            self.segment_events = 0;
            self.segment_start = start;
            self.take_temperature();
        }
    }

    fn take_temperature(&mut self) {
        let temperature = self.temperature();
        match &mut self.selector {
            Selector::Classes { rates, .. } => {
                *rates = class_rates(&self.setup.energies, temperature);
            }
            Selector::Steps(tree) => {
                tree.set_temperature(&self.surface, &self.setup.energies, temperature);
            }
        }
    }

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
        saved.put_reals(
            "time, spent, start of segment",
            [self.time, self.spent, self.segment_start],
        );
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
        let [time, spent, segment_start] = saved.reals_of("time, spent, start of segment")?;
        let segment = usize::try_from(segment)
            .ok()
            .filter(|segment| *segment < self.setup.programme.segments().len())
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
        self.time = time;
        self.spent = spent;
        self.segment = segment;
        self.segment_events = segment_events;
        self.segment_start = segment_start;
        self.take_temperature();
        Ok(())
    }
}

impl Engine for Adatoms {
    type Needs = ();
    type Error = AdatomError;

    /// Steps are events.
    fn clock(&self) -> Clock {
        Clock {
            step: self.events,
            time: self.time,
        }
    }

    fn coming(&self) -> Clock {
        let block = self.setup.events_per_advance;
        let step = (self.events / block + 1) * block;
        Clock {
            step,
            // An expectation: the time of events is known when they have happened.
            time: self.time + (step - self.events) as f64 / self.total_rate(),
        }
    }

    fn join((): (), (): ()) {}

    /// Goes on to the next multiple of [`Setup::events_per_advance`].
    fn advance(&mut self, (): ()) -> Result<(), AdatomError> {
        let block = self.setup.events_per_advance;
        self.run_events(block - self.events % block)
    }
}

#[cfg(test)]
mod tests;

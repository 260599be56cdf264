//! The simulation: events one after the other.

mod numbers;
mod save;
mod setup;

use frit_engine::random::Streams;
use frit_engine::{Clock, Engine};

use super::classes::{CLASSES, ClassLists, class_of, class_rates};
use super::step_tree::StepTree;
use super::{AdatomError, Averages, Census, Extent, Layer, Observation, Surface};
use numbers::Numbers;

pub use setup::{Residence, Sampling, Setup, Size};

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
    /// How much of the residence of the present state is over, in units of its mean.
    spent: f64,
    /// The present span of constant temperature. When it is over, the next one begins with what
    /// happens next.
    segment: usize,
    /// Events in it.
    segment_events: u64,
    /// When it began [s].
    segment_start: f64,
    /// How long it has lasted \[s\]: by itself, so that the short residences of hot atoms count
    /// after long cold times, too.
    segment_time: f64,
    numbers: Numbers,
    /// Hops of each class.
    hops: [u64; CLASSES],
}

impl Adatoms {
    /// The simulation of a setup; replicas of one seed are independent of each other.
    ///
    /// # Errors
    /// If the setup is impossible.
    pub fn new(setup: Setup, streams: Streams, replica: u64) -> Result<Self, AdatomError> {
        setup.size()?;
        let surface = setup.arrangement.surface(setup.side, streams, replica)?;
        let temperature = setup.programme.segment(0).temperature;
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
            spent: 0.0,
            segment: 0,
            segment_events: 0,
            segment_start: 0.0,
            segment_time: 0.0,
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
        self.segment_start + self.segment_time
    }

    /// The present temperature \[K\]; at the end of a stage, its own.
    pub fn temperature(&self) -> f64 {
        self.setup.programme.segment(self.segment).temperature
    }

    /// The present stage of the temperature programme, from 0; at the end of a stage, that one.
    pub fn stage(&self) -> usize {
        self.setup.programme.segment(self.segment).stage
    }

    /// How much of the present stage is over, from 0 to 1; each step of a ramp counts alike.
    pub fn stage_progress(&self) -> f64 {
        let programme = &self.setup.programme;
        let (before, all) = programme.place_in_stage(self.segment);
        let within = match programme.segment(self.segment).extent {
            Extent::Events(events) => self.segment_events as f64 / events as f64,
            Extent::Time(time) => self.segment_time / time,
        };
        (before as f64 + within.min(1.0)) / all as f64
    }

    /// Whether the present stage is over: the next one begins with what happens next.
    pub fn stage_is_over(&self) -> bool {
        self.setup.programme.ends_stage(self.segment) && self.segment_is_over()
    }

    /// Whether the temperature programme is over; its last temperature stays.
    pub fn is_over(&self) -> bool {
        self.segment + 1 == self.setup.programme.len() && self.segment_is_over()
    }

    fn segment_is_over(&self) -> bool {
        match self.setup.programme.segment(self.segment).extent {
            Extent::Events(events) => self.segment_events >= events,
            Extent::Time(time) => self.segment_time >= time,
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
            time: self.time(),
            temperature: self.temperature(),
            residence: 1.0 / self.total_rate(),
            enthalpy: self.surface.enthalpy_per_atom(&self.setup.energies),
            census: Census::of(&self.surface),
        }
    }

    /// One event, whatever time it takes; the temperature programme goes on before it.
    ///
    /// # Errors
    /// If nothing can happen.
    pub fn step(&mut self) -> Result<Hop, AdatomError> {
        self.follow_programme();
        let hop = self.event(f64::INFINITY)?.ok_or(AdatomError::Frozen {
            events: self.events,
            temperature: self.temperature(),
        })?;
        self.segment_events += 1;
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

    /// Goes on to this time \[s\], to the last digit but one; nothing if it is over.
    ///
    /// # Errors
    /// Never, at present: where nothing can happen, time passes.
    pub fn run_until(&mut self, time: f64) -> Result<(), AdatomError> {
        while self.time() < time {
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
        let (count, start) = (sampling.observations.max(1), self.time());
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
    ///
    /// Unless the time is over, something happens, or time passes.
    fn run_in_segment(&mut self, events: u64, time: f64) -> Result<(), AdatomError> {
        self.follow_programme();
        let (mut events, mut until) = (events, self.time_in_segment(time));
        // After the programme, its last temperature stays.
        if !self.segment_is_over() {
            match self.setup.programme.segment(self.segment).extent {
                Extent::Events(all) => events = events.min(all - self.segment_events),
                Extent::Time(span) => until = until.min(span),
            }
        }
        let first = self.events;
        let result = self.run_at_temperature(events, until);
        self.segment_events += self.events - first;
        result
    }

    /// How long the present segment has lasted when the clock first shows this time [s].
    fn time_in_segment(&self, time: f64) -> f64 {
        let mut within = time - self.segment_start;
        // The difference may have been rounded down, and the clock would never get there.
        while self.segment_start + within < time {
            within = within.next_up();
        }
        within
    }

    /// The first time after the present one that is a multiple of [`Setup::time_per_advance`].
    fn next_look(&self) -> f64 {
        let Some(span) = self.setup.time_per_advance else {
            return f64::INFINITY;
        };
        let before = (self.time() / span).floor();
        let mut look = (before + 1.0) * span;
        // Rounded down, it would still be counted to the multiple before.
        while (look / span).floor() <= before {
            look = look.next_up();
        }
        look
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
                if total == 0.0 || self.segment_time + residence > until {
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
                if total == 0.0 || self.segment_time + residence > until {
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
        self.segment_time += residence;
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
        self.spent += (until - self.segment_time) * total;
        self.segment_time = until;
        Ok(None)
    }

    /// Takes the next temperature where the present segment is over.
    fn follow_programme(&mut self) {
        while self.segment + 1 < self.setup.programme.len() && self.segment_is_over() {
            // A segment that lasts a time has lasted exactly that.
            self.segment_start += self.segment_time;
            self.segment_time = 0.0;
            self.segment += 1;
            self.segment_events = 0;
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
}

impl Engine for Adatoms {
    type Needs = ();
    type Error = AdatomError;

    /// Steps are events.
    fn clock(&self) -> Clock {
        Clock {
            step: self.events,
            time: self.time(),
        }
    }

    fn coming(&self) -> Clock {
        let block = self.setup.events_per_advance;
        let step = (self.events / block + 1) * block;
        Clock {
            step,
            // An expectation: the time of events is known when they have happened.
            time: self.time() + (step - self.events) as f64 / self.total_rate(),
        }
    }

    fn join((): (), (): ()) {}

    /// Goes on to the next multiple of [`Setup::events_per_advance`] or of
    /// [`Setup::time_per_advance`], or to the end of a stage, whatever comes first.
    fn advance(&mut self, (): ()) -> Result<(), AdatomError> {
        let block = self.setup.events_per_advance;
        let last = (self.events / block + 1) * block;
        let look = self.next_look();
        loop {
            self.run_in_segment(last - self.events, look)?;
            if self.events >= last || self.time() >= look || self.stage_is_over() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! What is simulated, and how averages are taken.

use super::super::{AdatomError, Arrangement, Energies, Extent, Programme, StepRule};
use crate::parameter::{not_negative, positive};

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
    /// Events of one [`Engine::advance`](frit_engine::Engine::advance): it goes on to the next
    /// multiple of this number, or to the end of the stage if that comes first.
    pub events_per_advance: u64,
    /// It stops at multiples of this time \[s\] as well, if there is one.
    pub time_per_advance: Option<f64>,
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
            time_per_advance: None,
        })
    }

    /// Checks the setup, without building anything; how large the simulation is.
    ///
    /// # Errors
    /// What is impossible about it.
    pub fn size(&self) -> Result<Size, AdatomError> {
        self.energies.validate()?;
        if self.events_per_advance == 0 {
            return Err(AdatomError::NoEventsPerAdvance);
        }
        if let Some(span) = self.time_per_advance {
            positive("time between looks", span, "s")?;
        }
        if let Some(rule) = self.step_rule {
            not_negative("step barrier", rule.barrier, "eV")?;
        }
        let atoms = self.arrangement.atoms(self.side)?;
        let sites = (self.side * self.side) as u64;
        Ok(Size {
            sites,
            atoms,
            bytes: match self.step_rule {
                None => BYTES_OF_SITE * sites + BYTES_OF_ATOM * atoms.min(sites),
                Some(_) => BYTES_OF_SITE * sites + BYTES_OF_LEAF * sites.next_power_of_two(),
            },
        })
    }
}

/// Bytes of a column: its height, its neighbours, its class and its place in the lists.
const BYTES_OF_SITE: u64 = 25;
/// Bytes of an atom, which has a place in the list of each class.
const BYTES_OF_ATOM: u64 = 40;
/// Bytes of a leaf in the tree of rates, and of the sum above it.
const BYTES_OF_LEAF: u64 = 16;

/// How large a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns of the support.
    pub sites: u64,
    /// Atoms.
    pub atoms: u64,
    /// Memory of the state; whoever looks at it or saves it needs about as much again.
    pub bytes: u64,
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

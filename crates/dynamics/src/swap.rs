//! Exchanges of unlike atoms by Monte Carlo, for chemical order that diffusion would not reach.

use frit_atoms::System;
use frit_atoms::neighbours::Update;
use frit_engine::random::{Purpose, Stream, Streams};
use frit_potentials::Request;

use crate::parameter::{ParameterError, positive};
use crate::{ForceError, ForceField};

/// Attempts to exchange two atoms of different species within a body, every so many steps.
///
/// Two atoms change places and keep their velocities: momentum and kinetic energy stay, and the
/// attempt is accepted with the probability `min(1, exp(-ΔE/kT))`, so that configurations have the
/// canonical distribution (Metropolis et al. 1953, doi:10.1063/1.1699114). The first atom is drawn
/// from all atoms, the second from the atoms of other species in the same body; that is as likely
/// for the way back. Angular momentum is not conserved.
///
/// Each attempt builds the neighbour list and evaluates the whole potential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swaps {
    every: u64,
    attempts: u64,
    /// k T [eV].
    thermal: f64,
}

/// What attempts have done.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SwapCounts {
    /// Attempts.
    pub attempts: u64,
    /// Accepted ones.
    pub accepted: u64,
}

/// What one round of attempts did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Round {
    pub(crate) counts: SwapCounts,
    /// By how much the potential energy rose [eV].
    pub(crate) energy: f64,
    pub(crate) list: Update,
}

impl Swaps {
    /// Attempts every so many steps, at a temperature [K].
    ///
    /// # Errors
    /// The temperature must be positive.
    pub fn new(
        every: u64,
        attempts: u64,
        temperature: f64,
        boltzmann: f64,
    ) -> Result<Self, ParameterError> {
        positive("temperature of exchanges", temperature, "K")?;
        Ok(Self {
            every: every.max(1),
            attempts,
            thermal: boltzmann * temperature,
        })
    }

    /// Whether there are attempts after this step.
    pub(crate) fn are_due(&self, step: u64) -> bool {
        step.is_multiple_of(self.every)
    }

    /// The attempts after a step. The present evaluation has the energy; so has the one after, and
    /// what else is requested.
    pub(crate) fn attempt(
        &self,
        system: &mut System,
        forces: &mut ForceField,
        streams: Streams,
        step: u64,
        request: Request,
    ) -> Result<Round, ForceError> {
        let mut round = Round {
            counts: SwapCounts::default(),
            energy: 0.0,
            list: Update::Kept,
        };
        let request = request.union(Request::ENERGY);
        let begin = forces.evaluation().energy;
        let mut energy = begin;
        let mut is_current = true;
        for attempt in 0..self.attempts {
            let mut stream = streams.stream(Purpose::Exchange, step, attempt);
            round.counts.attempts += 1;
            let Some(pair) = unlike_atoms(system, &mut stream) else {
                continue;
            };
            exchange(system, pair);
            forces.evaluate(system, request)?;
            round.list = Update::Rebuilt;
            let trial = forces.evaluation().energy;
            is_current = stream.uniform() < ((energy - trial) / self.thermal).exp();
            if is_current {
                energy = trial;
                round.counts.accepted += 1;
            } else {
                exchange(system, pair);
            }
        }
        if !is_current {
            forces.evaluate(system, request)?;
        }
        round.energy = energy - begin;
        Ok(round)
    }
}

/// The ids of two atoms of different species in one body; `None` where the first finds no other.
fn unlike_atoms(system: &System, stream: &mut Stream) -> Option<[u32; 2]> {
    let (species, group) = (system.atoms.species(), system.atoms.group());
    let draw = |stream: &mut Stream, count: usize| {
        ((stream.uniform() * count as f64) as usize).min(count.saturating_sub(1))
    };
    // In the order of ids: the order of places may differ where nothing else does.
    let by_id = system.atoms.by_id();
    let first = *by_id.get(draw(stream, by_id.len()))? as usize;
    let is_other =
        |place: &usize| species[*place] != species[first] && group[*place] == group[first];
    let places = by_id.iter().map(|&place| place as usize);
    let others: Vec<usize> = places.filter(is_other).collect();
    let second = *others.get(draw(stream, others.len()))?;
    Some([first, second].map(|place| system.atoms.id()[place]))
}

/// Lets two atoms change places.
fn exchange(system: &mut System, pair: [u32; 2]) {
    let id = system.atoms.id();
    let [first, second] = pair.map(|wanted| id.iter().position(|&id| id == wanted));
    if let (Some(first), Some(second)) = (first, second) {
        let atoms = system.atoms.split_mut();
        atoms.position.swap(first, second);
        atoms.image.swap(first, second);
    }
}

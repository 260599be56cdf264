//! The energies of the model and the barriers that follow.

use frit_units::constants::BOLTZMANN;

use super::AdatomError;
use crate::parameter::{finite, not_negative, positive};
use crate::{Parameter, Status};

/// Below this many kT a barrier does not separate two states: rates from it mean little.
const LOW_BARRIER: f64 = 5.0;

/// Energies of adatoms on a support.
///
/// They are effective differences between an adatom, often an oxide complex, and the metal of a
/// particle; not absolute energies of metal bonds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energies {
    /// Energy of a bond between metal atoms [eV].
    pub metal_bond: f64,
    /// Energy of the bond between an atom and the support [eV].
    pub support_bond: f64,
    /// Barrier of a lone adatom that hops on the support [eV]. It sets the clock alone: all hops
    /// share one saddle level, and what happens does not depend on it.
    pub hop_barrier: f64,
    /// Attempt frequency [1/s].
    pub attempt_frequency: f64,
}

impl Energies {
    /// Weakly bound particles: the simulated enthalpy of 50 atoms is -0.16 eV per atom at 300 K.
    pub const WEAK: Self = Self {
        metal_bond: 0.0890,
        support_bond: 0.0356,
        hop_barrier: 0.50,
        attempt_frequency: 1e13,
    };

    /// Strongly bound particles: the simulated enthalpy of 50 atoms is -0.65 eV per atom at 773 K.
    pub const STRONG: Self = Self {
        metal_bond: 0.350,
        support_bond: 0.140,
        ..Self::WEAK
    };

    /// The bonds that are fitted, each with the enthalpy per atom of a particle \[eV\] to which they
    /// are (Zhu et al.).
    pub const FITS: [(Self, f64); 2] = [(Self::WEAK, -0.16), (Self::STRONG, -0.65)];

    /// The parameters and whence their defaults ([`Energies::WEAK`], [`Energies::STRONG`]).
    pub const PARAMETERS: &[Parameter<Self>] = &[
        Parameter {
            name: "metal bond",
            unit: "eV",
            status: Status::Fit,
            source: "simulated enthalpies of -0.16 and -0.65 eV per atom (Zhu et al.)",
            value: |energies| energies.metal_bond,
        },
        Parameter {
            name: "support bond",
            unit: "eV",
            status: Status::Choice,
            source: "0.4 metal bonds, so that 50 atoms pile up 2 to 3 layers high",
            value: |energies| energies.support_bond,
        },
        Parameter {
            name: "hop barrier",
            unit: "eV",
            status: Status::Choice,
            source: "sets the clock alone; about 1.2 eV would give hours at 200 °C",
            value: |energies| energies.hop_barrier,
        },
        Parameter {
            name: "attempt frequency",
            unit: "1/s",
            status: Status::Literature,
            source: "ordinary size of surface vibrations",
            value: |energies| energies.attempt_frequency,
        },
    ];

    /// Checks the energies.
    ///
    /// # Errors
    /// If one is out of its range, or if a hop would have no barrier.
    pub fn validate(&self) -> Result<(), AdatomError> {
        not_negative("metal bond", self.metal_bond, "eV")?;
        finite("support bond", self.support_bond, "eV")?;
        positive("hop barrier", self.hop_barrier, "eV")?;
        positive("attempt frequency", self.attempt_frequency, "1/s")?;
        if self.support_bond >= self.hop_barrier + self.metal_bond {
            return Err(AdatomError::NoBarrier {
                support_bond: self.support_bond,
                hop_barrier: self.hop_barrier,
                metal_bond: self.metal_bond,
            });
        }
        Ok(())
    }

    /// What binds the top atom of a column \[eV\]: `neighbours` beside it, and the support or the
    /// atom below.
    pub fn binding(&self, layer: Layer, neighbours: usize) -> f64 {
        let below = match layer {
            Layer::First => self.support_bond,
            Layer::Upper => self.metal_bond,
        };
        neighbours as f64 * self.metal_bond + below
    }

    /// The barrier of a hop of such an atom [eV].
    pub fn barrier(&self, layer: Layer, neighbours: usize) -> f64 {
        self.hop_barrier + self.binding(layer, neighbours) - self.support_bond
    }

    /// The rate of its hops in one direction [1/s].
    pub fn rate(&self, layer: Layer, neighbours: usize, temperature: f64) -> f64 {
        let barrier = self.barrier(layer, neighbours);
        self.attempt_frequency * (-barrier / (BOLTZMANN * temperature)).exp()
    }

    /// Atoms whose barrier is below five kT, where the rates of transition-state theory mean
    /// little: layer, neighbours and barrier [eV].
    pub fn low_barriers(&self, temperature: f64) -> Vec<(Layer, usize, f64)> {
        [Layer::First, Layer::Upper]
            .into_iter()
            .flat_map(|layer| (0..=4).map(move |neighbours| (layer, neighbours)))
            .map(|(layer, neighbours)| (layer, neighbours, self.barrier(layer, neighbours)))
            .filter(|(_, _, barrier)| *barrier < LOW_BARRIER * BOLTZMANN * temperature)
            .collect()
    }
}

/// Where the top atom of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// On the support.
    First,
    /// On another atom.
    Upper,
}

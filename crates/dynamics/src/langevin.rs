//! Langevin dynamics.

use frit_atoms::{Species, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_units::constants::MechanicalConstants;

use crate::Ramp;
use crate::parameter::{ParameterError, not_negative};

/// Langevin dynamics: friction and noise on every atom, `dv = F/m dt - γ v dt + √(2 γ k T/m) dW`.
///
/// Integrated by the BAOAB splitting (kick, half drift, exact friction and noise, half drift,
/// kick), whose configurational averages have the smallest errors of its kind: none at all for
/// harmonic forces. All velocities are thermal: nothing is conserved, and the centre of mass and
/// each particle diffuse. The noise of an atom depends on the seed, its id and the step alone.
///
/// Source: Leimkuhler and Matthews 2013, doi:10.1063/1.4802990 (BAOAB).
#[derive(Debug, Clone, PartialEq)]
pub struct Langevin {
    temperature: Ramp,
    friction: f64,
}

impl Langevin {
    /// Temperatures in K, friction γ in 1/ps.
    ///
    /// # Errors
    /// Neither may be negative.
    pub fn new(temperature: Ramp, friction: f64) -> Result<Self, ParameterError> {
        for end in temperature.ends() {
            not_negative("temperature of the Langevin thermostat", end, "K")?;
        }
        Ok(Self {
            temperature,
            friction: not_negative("friction of the Langevin thermostat", friction, "1/ps")?,
        })
    }

    /// The target temperature [K].
    pub fn temperature(&self) -> Ramp {
        self.temperature
    }
}

/// Friction and noise of one step: `v ← keep v + width R`.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    keep: f64,
    width: Vec<f64>,
    step: u64,
    streams: Streams,
}

impl Noise {
    /// Friction and noise of all steps of a length [ps]; [`Noise::prepare`] sets the step.
    pub(crate) fn new(species: usize, streams: Streams) -> Self {
        Self {
            keep: 1.0,
            width: vec![0.0; species],
            step: 0,
            streams,
        }
    }

    /// Sets the step and the temperature that it has.
    pub(crate) fn prepare(
        &mut self,
        thermostat: &Langevin,
        step: u64,
        time_step: f64,
        species: &[Species],
        constants: &MechanicalConstants,
    ) {
        self.step = step;
        self.keep = (-thermostat.friction * time_step).exp();
        // -expm1 keeps the digits of 1 - keep² for small friction.
        let fresh = -(-2.0 * thermostat.friction * time_step).exp_m1();
        let thermal = constants.boltzmann * thermostat.temperature.during(step);
        for (width, species) in self.width.iter_mut().zip(species) {
            *width = (fresh * thermal / (species.mass * constants.mass_velocity2_to_energy)).sqrt();
        }
    }

    /// The new velocity [Å/ps] of an atom.
    #[inline]
    pub(crate) fn apply(&self, velocity: &Vector, species: usize, id: u32) -> Vector {
        let mut stream = self
            .streams
            .stream(Purpose::Langevin, self.step, u64::from(id));
        let [x, y] = stream.normal_pair();
        let z = stream.normal();
        velocity * self.keep + Vector::new(x, y, z) * self.width[species]
    }
}

//! Stochastic velocity rescaling.

use frit_engine::random::{Purpose, Streams};
use frit_units::constants::MechanicalConstants;

use crate::Ramp;
use crate::parameter::{ParameterError, not_negative, positive};
use crate::random::sum_of_squares;

/// Stochastic velocity rescaling: all velocities are multiplied by one random factor, so that the
/// kinetic energy has exactly its canonical distribution and relaxes in the time `τ` [ps].
///
/// ```text
/// α² = c + (1 - c) K̄ / (f K) (R_1² + … + R_f²) + 2 R_1 √(c (1 - c) K̄ / (f K)),   c = exp(-Δt/τ)
/// ```
///
/// with the kinetic energy `K`, its mean `K̄ = f k T / 2`, `f` degrees of freedom and normal numbers
/// `R`. A total momentum or angular momentum of zero stays zero.
///
/// Source: Bussi, Donadio, Parrinello 2007, doi:10.1063/1.2408420, Eq. A7; the sign of α as in
/// Bussi and Parrinello 2008, doi:10.1016/j.cpc.2008.01.006.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescaling {
    temperature: Ramp,
    relaxation_time: f64,
    degrees_of_freedom: usize,
    boltzmann: f64,
}

impl Rescaling {
    /// Temperatures in K, relaxation time in ps; the degrees of freedom are those that share the
    /// kinetic energy.
    ///
    /// # Errors
    /// Temperatures must not be negative; relaxation time and degrees of freedom positive.
    pub fn new(
        temperature: Ramp,
        relaxation_time: f64,
        degrees_of_freedom: usize,
        constants: &MechanicalConstants,
    ) -> Result<Self, ParameterError> {
        for end in temperature.ends() {
            not_negative("temperature of the stochastic rescaling", end, "K")?;
        }
        let freedom = degrees_of_freedom as f64;
        positive(
            "number of degrees of freedom of the stochastic rescaling",
            freedom,
            "",
        )?;
        Ok(Self {
            temperature,
            relaxation_time: positive(
                "relaxation time of the stochastic rescaling",
                relaxation_time,
                "ps",
            )?,
            degrees_of_freedom,
            boltzmann: constants.boltzmann,
        })
    }

    /// The target temperature [K].
    pub fn temperature(&self) -> Ramp {
        self.temperature
    }

    /// The degrees of freedom that share the kinetic energy.
    pub fn degrees_of_freedom(&self) -> usize {
        self.degrees_of_freedom
    }

    /// The factor of all velocities in step `step` of length `time_step` [ps], for atoms of this
    /// kinetic energy [eV]. Atoms at rest stay at rest.
    pub(crate) fn scale(
        &self,
        step: u64,
        kinetic_energy: f64,
        time_step: f64,
        streams: Streams,
    ) -> f64 {
        if kinetic_energy <= 0.0 {
            return 1.0;
        }
        let mut stream = streams.stream(Purpose::Rescaling, step, 0);
        let first = stream.normal();
        let others = sum_of_squares(&mut stream, self.degrees_of_freedom - 1);
        let keep = (-time_step / self.relaxation_time).exp();
        let mean = 0.5 * self.boltzmann * self.temperature.during(step);
        let fresh = (1.0 - keep) * mean / kinetic_energy;
        let cross = (keep * fresh).sqrt();
        let square = keep + fresh * (first * first + others) + 2.0 * first * cross;
        // Rounding could make the square of a sum negative.
        let size = square.max(0.0).sqrt();
        if keep.sqrt() + first * fresh.sqrt() < 0.0 {
            -size
        } else {
            size
        }
    }
}

//! Stochastic cell rescaling: a barostat.

use frit_engine::random::{Purpose, Streams};
use frit_units::constants::MechanicalConstants;

use crate::Ramp;
use crate::parameter::{ParameterError, positive};

/// Stochastic cell rescaling: the volume follows a first-order stochastic equation, so that volume
/// and atoms have the isothermal-isobaric distribution. It needs a thermostat beside it.
///
/// With `λ = √V`, the compressibility `β`, the relaxation time `τ`, and the target pressure `P_0`,
///
/// ```text
/// dλ = β/(4 τ) f dt + √(k T β/(2 τ)) dW,   f = 2 λ (P - P_0) + k T/λ
/// P  = (2 K + (3 N - f_K) k T + tr W)/(3 V)
/// ```
///
/// and lengths are scaled by `μ = (V'/V)^⅓`, velocities by `1/μ`. Momenta at rest (3 N - `f_K` of
/// them) enter the pressure with their thermal mean. The volume moves every few steps; forces are
/// evaluated again after a move, so that the moves are exact Euler steps of the equation.
///
/// Source: Bernetti and Bussi 2020, doi:10.1063/5.0020514; `λ = √V` as there, since its
/// noise does not depend on the volume.
#[derive(Debug, Clone, PartialEq)]
pub struct CellRescaling {
    pressure: Ramp,
    mobility: f64,
    interval: u64,
    boltzmann: f64,
}

/// What a move of the volume depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mechanics {
    /// Temperature of the target [K].
    pub(crate) temperature: f64,
    /// Kinetic energy [eV].
    pub(crate) kinetic: f64,
    /// Trace of the virial [eV].
    pub(crate) virial: f64,
    /// Volume [Å³].
    pub(crate) volume: f64,
    /// Degrees of freedom at rest, 3 N - f_K.
    pub(crate) at_rest: f64,
}

impl CellRescaling {
    /// Pressures in eV/Å³, compressibility in Å³/eV, relaxation time in ps; the volume moves every
    /// `interval` steps. Only the ratio of compressibility and relaxation time enters: an estimate
    /// of the compressibility makes the relaxation time what it says. `interval` steps should be
    /// much shorter than the relaxation time.
    ///
    /// # Errors
    /// Compressibility, relaxation time and interval must be positive, pressures finite.
    pub fn new(
        pressure: Ramp,
        compressibility: f64,
        relaxation_time: f64,
        interval: u64,
        constants: &MechanicalConstants,
    ) -> Result<Self, ParameterError> {
        if let Some(bad) = pressure.ends().into_iter().find(|end| !end.is_finite()) {
            return Err(ParameterError {
                name: "pressure of the barostat",
                value: bad,
                unit: "eV/Å³",
                expected: "finite",
            });
        }
        positive("interval of the barostat", interval as f64, "steps")?;
        let compressibility = positive("compressibility", compressibility, "Å³/eV")?;
        let time = positive("relaxation time of the barostat", relaxation_time, "ps")?;
        Ok(Self {
            pressure,
            mobility: compressibility / (4.0 * time),
            interval,
            boltzmann: constants.boltzmann,
        })
    }

    /// The target pressure [eV/Å³].
    pub fn pressure(&self) -> Ramp {
        self.pressure
    }

    /// Whether the volume moves at the end of step `step`.
    pub(crate) fn moves_after(&self, step: u64) -> bool {
        (step + 1).is_multiple_of(self.interval)
    }

    /// The volume [Å³] after the move at the end of step `step`; `None` if it would not be positive.
    pub(crate) fn volume(
        &self,
        step: u64,
        time_step: f64,
        before: &Mechanics,
        streams: Streams,
    ) -> Option<f64> {
        let time = self.time(time_step);
        let thermal = self.boltzmann * before.temperature;
        let width = (2.0 * self.mobility * thermal * time).sqrt();
        let normal = streams.stream(Purpose::CellRescaling, step, 0).normal();
        let root =
            before.volume.sqrt() + self.mobility * self.force(step, before) * time + width * normal;
        (root > 0.0).then_some(root * root)
    }

    /// The energy [eV] that the reservoirs of heat and of volume took in a move: what is missing in
    /// the sum of kinetic and potential energy, but for the error of the Euler step.
    ///
    /// The error is `k T` times the logarithm of the ratio by which the move breaks detailed
    /// balance (Bussi and Parrinello 2007, doi:10.1103/PhysRevE.75.056707); it vanishes
    /// with the length of the move.
    pub(crate) fn reservoir(
        &self,
        step: u64,
        time_step: f64,
        before: &Mechanics,
        after: &Mechanics,
    ) -> f64 {
        let time = self.time(time_step);
        let thermal = self.boltzmann * before.temperature;
        let [old, new] = [before, after].map(|state| state.volume.sqrt());
        let [force, back] = [before, after].map(|state| self.force(step, state));
        let expansion = self.pressure.during(step) * (after.volume - before.volume)
            - thermal * (before.at_rest / 3.0) * (after.volume / before.volume).ln()
            - thermal * (new / old).ln();
        let moved = 0.5 * (new - old) * (force + back);
        expansion + moved + 0.25 * self.mobility * time * (back * back - force * force)
    }

    fn time(&self, time_step: f64) -> f64 {
        self.interval as f64 * time_step
    }

    /// The force `f` on λ.
    fn force(&self, step: u64, state: &Mechanics) -> f64 {
        let thermal = self.boltzmann * state.temperature;
        let pressure =
            (2.0 * state.kinetic + state.at_rest * thermal + state.virial) / (3.0 * state.volume);
        let root = state.volume.sqrt();
        2.0 * root * (pressure - self.pressure.during(step)) + thermal / root
    }
}

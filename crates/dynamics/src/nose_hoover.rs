//! Nosé-Hoover chains.

use frit_units::constants::MechanicalConstants;

use crate::Ramp;
use crate::parameter::{ParameterError, positive};

/// Links of the chain: three suffice even for stiff small systems (Martyna, Klein, Tuckerman 1992).
const LINKS: usize = 3;

/// A Nosé-Hoover chain: a deterministic thermostat that samples the canonical distribution.
///
/// ```text
/// dv_i/dt  = F_i/m_i - ξ_1 v_i
/// dξ_1/dt  = (2 K - f k T)/Q_1 - ξ_1 ξ_2
/// dξ_j/dt  = (Q_{j-1} ξ_{j-1}² - k T)/Q_j - ξ_j ξ_{j+1}
/// ```
///
/// with `f` degrees of freedom, `Q_1 = f k T τ²`, `Q_j = k T τ²` [eV ps²] at the mean temperature
/// of the ramp, and the relaxation time `τ` [ps]. All velocities are scaled by one factor, so a
/// total momentum or angular momentum of zero stays zero.
///
/// Source: Martyna, Klein, Tuckerman 1992, doi:10.1063/1.463940; half steps as in Martyna,
/// Tuckerman, Tobias, Klein 1996, doi:10.1080/00268979600100761, with the fourth-order weights of
/// Suzuki and Yoshida.
#[derive(Debug, Clone, PartialEq)]
pub struct NoseHoover {
    temperature: Ramp,
    degrees_of_freedom: f64,
    mass: [f64; LINKS],
    velocity: [f64; LINKS],
    boltzmann: f64,
}

/// What a half step of the chain does to the atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Thermostatted {
    /// The factor of all velocities.
    pub(crate) scale: f64,
    /// The energy [eV] that the thermal reservoir behind the chain took.
    pub(crate) reservoir: f64,
}

impl NoseHoover {
    /// A chain at rest. Temperatures in K, relaxation time in ps; the degrees of freedom are those
    /// that share the kinetic energy.
    ///
    /// # Errors
    /// Temperatures, relaxation time and degrees of freedom must be positive.
    pub fn new(
        temperature: Ramp,
        relaxation_time: f64,
        degrees_of_freedom: usize,
        constants: &MechanicalConstants,
    ) -> Result<Self, ParameterError> {
        for end in temperature.ends() {
            positive("temperature of the Nosé-Hoover chain", end, "K")?;
        }
        positive(
            "relaxation time of the Nosé-Hoover chain",
            relaxation_time,
            "ps",
        )?;
        let freedom = positive(
            "number of degrees of freedom of the Nosé-Hoover chain",
            degrees_of_freedom as f64,
            "",
        )?;
        let link = constants.boltzmann * temperature.mean() * relaxation_time * relaxation_time;
        let mut mass = [link; LINKS];
        mass[0] *= freedom;
        Ok(Self {
            temperature,
            degrees_of_freedom: freedom,
            mass,
            velocity: [0.0; LINKS],
            boltzmann: constants.boltzmann,
        })
    }

    /// The target temperature [K].
    pub fn temperature(&self) -> Ramp {
        self.temperature
    }

    /// The velocities ξ of the links [1/ps].
    pub fn velocities(&self) -> &[f64] {
        &self.velocity
    }

    /// The velocities ξ of the links [1/ps], writable: the chain's whole state.
    pub(crate) fn velocities_mut(&mut self) -> &mut [f64] {
        &mut self.velocity
    }

    /// Kinetic energy of the links [eV].
    pub(crate) fn energy(&self) -> f64 {
        (0..LINKS)
            .map(|j| 0.5 * self.mass[j] * self.velocity[j] * self.velocity[j])
            .sum()
    }

    /// Half a time step of chain and velocities in step `step`, for atoms of this kinetic energy [eV].
    pub(crate) fn half_step(
        &mut self,
        step: u64,
        kinetic_energy: f64,
        time_step: f64,
    ) -> Thermostatted {
        let thermal = self.boltzmann * self.temperature.during(step);
        let mut done = Thermostatted {
            scale: 1.0,
            reservoir: 0.0,
        };
        for weight in suzuki_yoshida() {
            let kinetic = kinetic_energy * done.scale * done.scale;
            self.part(thermal, kinetic, 0.5 * weight * time_step, &mut done);
        }
        done
    }

    /// A time `time` [ps] of the chain: links from the last to the first, the atoms, and back.
    fn part(&mut self, thermal: f64, kinetic: f64, time: f64, done: &mut Thermostatted) {
        let last = LINKS - 1;
        self.velocity[last] += 0.5 * time * self.force(last, thermal, kinetic);
        for j in (0..last).rev() {
            self.push(j, thermal, kinetic, time);
        }
        let scale = (-time * self.velocity[0]).exp();
        done.scale *= scale;
        let kinetic = kinetic * scale * scale;
        done.reservoir += time
            * thermal
            * (self.degrees_of_freedom * self.velocity[0] + self.velocity[1..].iter().sum::<f64>());
        for j in 0..last {
            self.push(j, thermal, kinetic, time);
        }
        self.velocity[last] += 0.5 * time * self.force(last, thermal, kinetic);
    }

    /// Half of `time` for link `j` under its force and the friction of the next link.
    fn push(&mut self, j: usize, thermal: f64, kinetic: f64, time: f64) {
        let friction = (-0.25 * time * self.velocity[j + 1]).exp();
        let force = self.force(j, thermal, kinetic);
        self.velocity[j] = (self.velocity[j] * friction + 0.5 * time * force) * friction;
    }

    /// Acceleration of link `j` [1/ps²] without friction.
    fn force(&self, j: usize, thermal: f64, kinetic: f64) -> f64 {
        let excess = if j == 0 {
            2.0 * kinetic - self.degrees_of_freedom * thermal
        } else {
            self.mass[j - 1] * self.velocity[j - 1] * self.velocity[j - 1] - thermal
        };
        excess / self.mass[j]
    }
}

/// Weights that make three second-order steps one of fourth order
/// (Yoshida 1990, doi:10.1016/0375-9601(90)90092-3).
fn suzuki_yoshida() -> [f64; 3] {
    let outer = 1.0 / (2.0 - 2.0_f64.cbrt());
    [outer, 1.0 - 2.0 * outer, outer]
}

//! The gas: bulk, the pool around the particles, the layer on a facet, and impulses.

use frit_units::constants::{AVOGADRO, BOLTZMANN_SI};

use crate::parameters::{Conditions, Gas, Pool};

/// Molar gas constant [J/(mol K)], exact.
pub const GAS_CONSTANT: f64 = AVOGADRO * BOLTZMANN_SI;

/// Molar masses of O2, H2O and H2 [g/mol], from IUPAC's conventional atomic weights 2021.
const MOLAR_MASS: [f64; 3] = [31.998, 18.015, 2.016];

/// Share of the H2 in the bulk that stays, however much O2 is used: the stoichiometry of the pool
/// is that of the whole cycle and could use up more than there is.
const HYDROGEN_FLOOR: f64 = 0.02;

/// Partial pressures [Pa].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Composition {
    /// H2.
    pub hydrogen: f64,
    /// O2.
    pub oxygen: f64,
    /// H2O.
    pub water: f64,
    /// He.
    pub helium: f64,
}

impl Composition {
    /// The bulk: `p_H = f P ρ/(1+ρ)`, `p_O = f P/(1+ρ)`, the rest He.
    pub fn of(conditions: &Conditions) -> Self {
        let reactive = conditions.reactive_share * conditions.pressure;
        let ratio = conditions.hydrogen_to_oxygen;
        Self {
            hydrogen: reactive * ratio / (1.0 + ratio),
            oxygen: reactive / (1.0 + ratio),
            water: 0.0,
            helium: conditions.pressure - reactive,
        }
    }

    /// The gas after O2 has been used until `oxygen` is left, with 2 H2 to each O2.
    ///
    /// At least 2 % of the H2 stays; water then stops to grow, too.
    #[must_use]
    pub fn depleted(&self, oxygen: f64) -> Self {
        let wanted = 2.0 * (self.oxygen - oxygen);
        let used = wanted.min((1.0 - HYDROGEN_FLOOR) * self.hydrogen);
        Self {
            hydrogen: self.hydrogen - used,
            oxygen,
            water: self.water + used,
            helium: self.helium,
        }
    }
}

/// The pressure of O2 [Pa] in the pool after `time` [s], with a mean Cu fraction of `copper`.
///
/// Quasi-steady: `p_O = p_O,bulk/(1 + Da <u>)`. Relaxing: the exact solution of
/// `dp_O/dt = rate (p_O,bulk - p_O - Da <u> p_O)` for constant `<u>`.
pub fn pool_oxygen(gas: &Gas, bulk: f64, present: f64, copper: f64, time: f64) -> f64 {
    let loss = 1.0 + gas.damkoehler * copper;
    let steady = bulk / loss;
    match gas.pool {
        Pool::QuasiSteady => steady,
        Pool::Relaxing { rate } => steady + (present - steady) * (-rate * loss * time).exp(),
    }
}

/// Concentration [mol/m³] of an ideal gas at a pressure [Pa] and a temperature [K].
pub fn concentration(pressure: f64, temperature: f64) -> f64 {
    pressure / (GAS_CONSTANT * temperature)
}

/// Time integral [Pa s] of the pressure deficit on a facet that starts undepleted.
///
/// The layer follows `dc/dt = κ (c_pool - c) - k c`, `k = k1 u` [1/s]; exactly,
/// `∫ dP dt = p_O (k/λ) [Δt - (1 - exp(-λ Δt))/λ]`, `λ = κ + k`: it grows as Δt² first and as Δt
/// later.
pub fn facet_impulse(oxygen: f64, uptake_rate: f64, exchange_rate: f64, time: f64) -> f64 {
    oxygen * uptake_rate * time * time * ramp((exchange_rate + uptake_rate) * time)
}

/// The same for `(κ + k) Δt` far below 1 with a prefactor: 1/2 is the exact double integral, 1 is
/// what equation (4) of Zhao et al. (doi:10.1002/smll.202405759) prints.
pub fn facet_impulse_linear(oxygen: f64, uptake_rate: f64, time: f64, prefactor: Prefactor) -> f64 {
    prefactor.value() * oxygen * uptake_rate * time * time
}

/// The prefactor of equation (4) of Zhao et al.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefactor {
    /// 1/2: the loss of pressure grows in proportion to time, and so does half of its integral.
    Derived,
    /// 1.
    Printed,
}

impl Prefactor {
    /// The number.
    pub fn value(self) -> f64 {
        match self {
            Self::Derived => 0.5,
            Self::Printed => 1.0,
        }
    }
}

/// `(x - 1 + e^-x)/x²`, which is 1/2 at 0.
fn ramp(x: f64) -> f64 {
    if x > 0.1 {
        return (x + (-x).exp_m1()) / (x * x);
    }
    // Σ (-x)^k/(k+2)!; nine terms leave less than 1e-16 at 0.1.
    let mut term = 0.5;
    let mut sum = term;
    for k in 1..9 {
        term *= -x / f64::from(k + 2);
        sum += term;
    }
    sum
}

/// The trend proxy of equation (5) of Zhao et al., `p_O k1 <u>` [Pa/s].
///
/// Their approximation leaves out the integral over the surface, and with it the dipole.
pub fn proxy_pressure(oxygen: f64, uptake_rate: f64, copper: f64) -> f64 {
    oxygen * uptake_rate * copper
}

/// The trend proxy of equation (6), `R T k1 c_O <u>` [Pa/s]: for an ideal gas the same as (5).
pub fn proxy_concentration(oxygen: f64, temperature: f64, uptake_rate: f64, copper: f64) -> f64 {
    GAS_CONSTANT * temperature * uptake_rate * concentration(oxygen, temperature) * copper
}

/// Recoil of H2O that leaves where H2 came, over the recoil of O2 that does not leave, with two
/// H2 to each O2: `2 (√m_W - √m_H)/√m_O`, from molar masses in any unit.
///
/// Each molecule that leaves a surface diffusely carries `√(π m k T/2)` (Maxwell), so a mole of
/// reaction that keeps the number of molecules is not neutral in pressure.
pub fn recoil_ratio(oxygen: f64, water: f64, hydrogen: f64) -> f64 {
    2.0 * (water.sqrt() - hydrogen.sqrt()) / oxygen.sqrt()
}

/// [`recoil_ratio`] of the real molecules, 0.9987.
pub(crate) fn water_recoil() -> f64 {
    let [oxygen, water, hydrogen] = MOLAR_MASS;
    recoil_ratio(oxygen, water, hydrogen)
}

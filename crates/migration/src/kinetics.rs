//! Rates of oxidation and reduction, the uniform states and their stability.

use crate::gas::{Composition, GAS_CONSTANT};
use crate::parameters::{Conditions, Kinetics};

/// The two rate constants at given temperature and pressures.
///
/// Reduction, `red = a z (1-u)(ε + u²)`, needs Cu around it, where hydrogen is activated, and
/// oxidation, `ox = b u (ε + (1-u)²) exp[g (s - 1/2)]`, is the mirror image: islands grow at
/// their edges. Subsurface oxygen s promotes oxidation, as in models of oxide-driven oscillators
/// (Sales, Turner and Maple, Surf. Sci. 1982, 114, 381). The form is a choice; see
/// [`Kinetics`] for what is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// a [1/s].
    pub reduction: f64,
    /// b [1/s].
    pub oxidation: f64,
}

/// What does not change while pressures do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLaw {
    reduction: f64,
    oxidation: f64,
    /// K [1/Pa].
    hydrogen_affinity: f64,
    oxygen_half_pressure: f64,
}

/// `p/(p + half)`.
fn coverage(pressure: f64, half: f64) -> f64 {
    pressure / (pressure + half)
}

impl RateLaw {
    /// The rates at a temperature [K].
    ///
    /// `a = k2 exp[-(E2/R)(1/T - 1/T0)] θ_H`, `θ_H = K p_H/(1 + K p_H)` and
    /// `b = k_ox exp[-(E1/R)(1/T - 1/T0)] θ_O`, `θ_O = p_O/(p_O + p_O,half)`, with the factor of
    /// oxidation of [`oxidation_rate`].
    pub fn new(kinetics: &Kinetics, temperature: f64) -> Self {
        let inverse = 1.0 / temperature - 1.0 / kinetics.reference_temperature;
        let arrhenius = |energy: f64| (-energy / GAS_CONSTANT * inverse).exp();
        Self {
            reduction: kinetics.reduction_rate * arrhenius(kinetics.reduction_energy),
            oxidation: oxidation_rate(kinetics) * arrhenius(kinetics.oxidation_energy),
            hydrogen_affinity: arrhenius(-kinetics.hydrogen_heat) / kinetics.hydrogen_half_pressure,
            oxygen_half_pressure: kinetics.oxygen_half_pressure,
        }
    }

    /// The rates at partial pressures of H2 and O2 [Pa].
    pub fn at(&self, hydrogen: f64, oxygen: f64) -> Rates {
        Rates {
            reduction: self.reduction * coverage(hydrogen, 1.0 / self.hydrogen_affinity),
            oxidation: self.oxidation * coverage(oxygen, self.oxygen_half_pressure),
        }
    }
}

/// k_ox [1/s], such that `ln(a/b)` is [`Kinetics::log_rate_ratio`] under [`Kinetics::REFERENCE`].
///
/// The reference keeps its reactive share of 0.20 when that of the run is changed: it calibrates.
pub fn oxidation_rate(kinetics: &Kinetics) -> f64 {
    let gas = Composition::of(&Kinetics::REFERENCE);
    let hydrogen = coverage(gas.hydrogen, kinetics.hydrogen_half_pressure);
    let oxygen = coverage(gas.oxygen, kinetics.oxygen_half_pressure);
    kinetics.reduction_rate * hydrogen / oxygen * (-kinetics.log_rate_ratio).exp()
}

/// A pair of eigenvalues, real or conjugate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Eigenvalues {
    /// Two real ones, the larger first [1/s].
    Real(f64, f64),
    /// Real and positive imaginary part [1/s].
    Complex(f64, f64),
}

impl Eigenvalues {
    /// The largest real part [1/s]: above 0, disturbances grow.
    pub fn growth(self) -> f64 {
        match self {
            Self::Real(largest, _) => largest,
            Self::Complex(real, _) => real,
        }
    }
}

/// A particle without contact or heterogeneity in a gas that it does not change: its uniform
/// states and how surface harmonics grow on them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    kinetics: Kinetics,
    rates: Rates,
}

impl Stability {
    /// Of a particle under conditions.
    pub fn new(kinetics: &Kinetics, conditions: &Conditions) -> Self {
        let gas = Composition::of(conditions);
        Self {
            kinetics: *kinetics,
            rates: RateLaw::new(kinetics, conditions.temperature).at(gas.hydrogen, gas.oxygen),
        }
    }

    /// The rates.
    pub fn rates(&self) -> Rates {
        self.rates
    }

    /// Reduction and oxidation [1/s] at a uniform Cu fraction, with `s = u`.
    pub fn reactions(&self, copper: f64) -> [f64; 2] {
        let (k, u, oxide) = (&self.kinetics, copper, 1.0 - copper);
        let promotion = (k.promotion * (u - 0.5)).exp();
        [
            self.rates.reduction * oxide * (k.spontaneous_share + u * u),
            self.rates.oxidation * promotion * u * (k.spontaneous_share + oxide * oxide),
        ]
    }

    /// All uniform states: Cu fractions at which the reactions balance, in rising order.
    pub fn uniform_states(&self) -> Vec<f64> {
        const INTERVALS: u32 = 4000;
        let net = |u: f64| {
            let [reduction, oxidation] = self.reactions(u);
            reduction - oxidation
        };
        let mut states = Vec::new();
        for k in 0..INTERVALS {
            let edge = |k: u32| f64::from(k) / f64::from(INTERVALS);
            let (mut low, mut high) = (edge(k), edge(k + 1));
            let rises = net(low) < 0.0;
            if rises == (net(high) < 0.0) {
                continue;
            }
            // As many halvings as bring an interval of 1/4000 to one unit in the last place.
            for _ in 0..45 {
                let middle = f64::midpoint(low, high);
                if rises == (net(middle) < 0.0) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            states.push(f64::midpoint(low, high));
        }
        states
    }

    /// The Jacobian `[[∂u'/∂u, ∂u'/∂s], [∂s'/∂u, ∂s'/∂s]]` [1/s] of harmonic `degree` at the
    /// uniform state `copper` on a particle of `radius` [m].
    ///
    /// Harmonics from 1 on feel only `1 - η` of the promoter: what is common to the whole particle
    /// does not hold them back.
    pub fn jacobian(&self, copper: f64, degree: u32, radius: f64) -> [[f64; 2]; 2] {
        let (k, u, oxide) = (&self.kinetics, copper, 1.0 - copper);
        let (e, l) = (k.spontaneous_share, f64::from(degree));
        let forward = self.rates.reduction;
        let back = self.rates.oxidation * (k.promotion * (u - 0.5)).exp();
        let lateral = k.boundary_diffusivity * l * (l + 1.0) / (radius * radius);
        let by_copper =
            forward * (2.0 * u * oxide - e - u * u) - back * (e + oxide * oxide - 2.0 * u * oxide);
        let by_promoter = -k.promotion * back * u * (e + oxide * oxide);
        let felt = if degree == 0 {
            1.0
        } else {
            1.0 - k.promoter_sharing
        };
        let follow = 1.0 / k.promoter_time;
        [[by_copper - lateral, felt * by_promoter], [follow, -follow]]
    }

    /// The eigenvalues of [`Stability::jacobian`].
    pub fn eigenvalues(&self, copper: f64, degree: u32, radius: f64) -> Eigenvalues {
        let [[a, b], [c, d]] = self.jacobian(copper, degree, radius);
        let (middle, half_difference) = (f64::midpoint(a, d), 0.5 * (a - d));
        let square = half_difference * half_difference + b * c;
        if square < 0.0 {
            return Eigenvalues::Complex(middle, (-square).sqrt());
        }
        Eigenvalues::Real(middle + square.sqrt(), middle - square.sqrt())
    }
}

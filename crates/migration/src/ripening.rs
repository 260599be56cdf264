//! Ostwald ripening in a mean field.
//!
//! `dR/dt = κ R^(2-n) (A - E(R))`, where `E = exp(μ(R)/kT)` is the escape of atoms from a particle
//! and A the activity of the atoms on the support, the same for all. In linear form E = 1/R,
//! κ = K and A = 1/R_c: n = 2 is limited by the interface (Wagner 1961), n = 3 by diffusion in a
//! volume (Lifshitz and Slyozov 1961, doi:10.1016/0022-3697(61)90054-3), n = 4 by diffusion on the
//! support. K has the unit m^n/s.
//!
//! A follows from mass: it is found such that volume, including that of particles that dissolve
//! within the step, is the same to rounding. No rescaling of radii is needed.

use frit_units::constants::BOLTZMANN_SI;

use crate::error::{ParameterError, not_negative, positive};
use crate::gas::GAS_CONSTANT;
use crate::parameters::{Entry, Status};

/// What limits the exchange of atoms between particles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Attachment, n = 2.
    Interface,
    /// Diffusion in a volume, n = 3.
    Volume,
    /// Diffusion on the support, n = 4.
    Support,
}

impl Limit {
    /// n: `R_c^n` grows in proportion to time.
    pub fn exponent(self) -> u32 {
        match self {
            Self::Interface => 2,
            Self::Volume => 3,
            Self::Support => 4,
        }
    }
}

/// How the chemical potential of an atom depends on the size of its particle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Potential {
    /// `E = 1/R`: the linear form, whose asymptotics are known exactly.
    Linear,
    /// `E = exp(μ/kT)`, `μ = 2 γ Ω/R`.
    GibbsThomson {
        /// γ [J/m²]. Cu: 1.78 (literature).
        surface_energy: f64,
        /// Ω, volume of an atom [m³]. Cu: 1.18e-29 (physics).
        atomic_volume: f64,
    },
    /// `E = exp(μ/kT)`, `μ = (3γ - E_adh)(1 + 1.5 nm/D)(2 Ω/D)` of a hemisphere of diameter D on
    /// its support, which has the volume of the particle: `D = 2^(4/3) R`.
    ///
    /// For large D it follows from the surface energies, `G = (3γ - E_adh) π D²/4`, and its
    /// dependence on E_adh is that of Hemmingson and Campbell 2016, doi:10.1021/acsnano.6b07502.
    /// **The factor with 1.5 nm is unverified**: it is quoted from memory after Campbell and Mao
    /// (ACS Catal. 2017, 7, 8460), and no copy of that publication was at hand to compare with.
    Campbell {
        /// γ [J/m²].
        surface_energy: f64,
        /// E_adh [J/m²]. 0.8 (choice).
        adhesion_energy: f64,
        /// Ω, volume of an atom [m³].
        atomic_volume: f64,
    },
}

impl Potential {
    /// Gibbs-Thomson with the values of Cu.
    pub const COPPER: Self = Self::GibbsThomson {
        surface_energy: 1.78,
        atomic_volume: 1.18e-29,
    };

    /// μ [J] of an atom in a particle of `radius` [m], above that in the bulk; 0 in linear form.
    pub fn value(&self, radius: f64) -> f64 {
        const CAMPBELL_LENGTH: f64 = 1.5e-9;
        match *self {
            Self::Linear => 0.0,
            Self::GibbsThomson {
                surface_energy,
                atomic_volume,
            } => 2.0 * surface_energy * atomic_volume / radius,
            Self::Campbell {
                surface_energy,
                adhesion_energy,
                atomic_volume,
            } => {
                let diameter = 16.0_f64.cbrt() * radius;
                (3.0 * surface_energy - adhesion_energy)
                    * (1.0 + CAMPBELL_LENGTH / diameter)
                    * (2.0 * atomic_volume / diameter)
            }
        }
    }

    /// `kT/(2 γ Ω)` [1/m], which turns K of the linear form into κ; 1 in linear form.
    fn inverse_length(&self, thermal: f64) -> f64 {
        match *self {
            Self::Linear => 1.0,
            Self::GibbsThomson {
                surface_energy,
                atomic_volume,
            }
            | Self::Campbell {
                surface_energy,
                atomic_volume,
                ..
            } => thermal / (2.0 * surface_energy * atomic_volume),
        }
    }
}

/// Ostwald ripening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ripening {
    /// What limits it.
    pub limit: Limit,
    /// K0 [m^n/s].
    pub rate: f64,
    /// E_OR: `K = K0 exp(-E_OR/(R T))` [J/mol].
    pub energy: f64,
    /// The chemical potential.
    pub potential: Potential,
    /// Particles smaller than this [m] dissolve at once. 0.3 nm (choice).
    pub smallest_radius: f64,
}

impl Ripening {
    pub(crate) fn check(&self) -> Result<(), ParameterError> {
        not_negative("rate of ripening", self.rate, "m^n/s")?;
        not_negative("activation energy of ripening", self.energy, "J/mol")?;
        not_negative("smallest radius", self.smallest_radius, "m")?;
        match self.potential {
            Potential::Linear => Ok(()),
            Potential::GibbsThomson {
                surface_energy,
                atomic_volume,
            } => {
                positive("surface energy", surface_energy, "J/m²")?;
                positive("volume of an atom", atomic_volume, "m³")
            }
            Potential::Campbell {
                surface_energy,
                adhesion_energy,
                atomic_volume,
            } => {
                let name = "surface energy 3γ less the adhesion energy";
                positive("surface energy", surface_energy, "J/m²")?;
                positive(name, 3.0 * surface_energy - adhesion_energy, "J/m²")?;
                positive("volume of an atom", atomic_volume, "m³")
            }
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let entry = |name, value, unit, status| Entry {
            name,
            value,
            unit,
            status,
        };
        let n = f64::from(self.limit.exponent());
        let mut entries = vec![
            entry("exponent of ripening", n, "", Status::Choice),
            entry("rate of ripening", self.rate, "m^n/s", Status::Choice),
            entry(
                "activation energy of ripening",
                self.energy,
                "J/mol",
                Status::Choice,
            ),
            entry("smallest radius", self.smallest_radius, "m", Status::Choice),
        ];
        match self.potential {
            Potential::Linear => {}
            Potential::GibbsThomson {
                surface_energy,
                atomic_volume,
            } => {
                entries.push(entry(
                    "surface energy",
                    surface_energy,
                    "J/m²",
                    Status::Literature,
                ));
                entries.push(entry(
                    "volume of an atom",
                    atomic_volume,
                    "m³",
                    Status::Physics,
                ));
            }
            Potential::Campbell {
                surface_energy,
                adhesion_energy,
                atomic_volume,
            } => {
                entries.push(entry(
                    "surface energy",
                    surface_energy,
                    "J/m²",
                    Status::Literature,
                ));
                entries.push(entry(
                    "adhesion energy",
                    adhesion_energy,
                    "J/m²",
                    Status::Choice,
                ));
                entries.push(entry(
                    "volume of an atom",
                    atomic_volume,
                    "m³",
                    Status::Physics,
                ));
            }
        }
        entries
    }
}

/// Why particles cannot ripen on.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RipeningError {
    /// All particles dissolved.
    #[error("all particles dissolved")]
    Dissolved,
    /// No activity keeps the mass.
    #[error(
        "no activity of the atoms on the support keeps the mass; the smallest radius is {smallest:.3e} m"
    )]
    Mass {
        /// The smallest radius [m].
        smallest: f64,
    },
}

/// A ripening population: what does not change with the radii.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanField {
    limit: Limit,
    potential: Potential,
    thermal: f64,
    /// κ.
    rate: f64,
    /// K of the linear form.
    linear_rate: f64,
    smallest_radius: f64,
}

/// Steps are divided until `R_c^n` grows by no more than about this share in each.
const LARGEST_GROWTH: f64 = 0.02;

/// Largest exponent of the escape, so that it stays finite.
const LARGEST_EXPONENT: f64 = 300.0;

impl MeanField {
    /// The population at a temperature [K].
    pub fn new(ripening: &Ripening, temperature: f64) -> Self {
        let thermal = BOLTZMANN_SI * temperature;
        let linear_rate = ripening.rate * (-ripening.energy / (GAS_CONSTANT * temperature)).exp();
        Self {
            limit: ripening.limit,
            potential: ripening.potential,
            thermal,
            rate: linear_rate * ripening.potential.inverse_length(thermal),
            linear_rate,
            smallest_radius: ripening.smallest_radius,
        }
    }

    /// `R^n`.
    fn power(&self, radius: f64) -> f64 {
        radius.powi(self.limit.exponent() as i32)
    }

    /// R from `R^n`.
    fn radius(&self, power: f64) -> f64 {
        match self.limit {
            Limit::Interface => power.sqrt(),
            Limit::Volume => power.cbrt(),
            Limit::Support => power.sqrt().sqrt(),
        }
    }

    /// `R^3` and `d(R^3)/d(R^n)` from `R^n`.
    fn volume(&self, power: f64) -> [f64; 2] {
        match self.limit {
            Limit::Interface => [power * power.sqrt(), 1.5 * power.sqrt()],
            Limit::Volume => [power, 1.0],
            Limit::Support => {
                let radius = power.sqrt().sqrt();
                [power.sqrt() * radius, 0.75 / radius]
            }
        }
    }

    /// E.
    fn escape(&self, radius: f64) -> f64 {
        match self.potential {
            Potential::Linear => 1.0 / radius,
            // Whatever escapes faster is gone within any step.
            potential => (potential.value(radius) / self.thermal)
                .min(LARGEST_EXPONENT)
                .exp(),
        }
    }

    /// R_c: the radius at which a particle neither grows nor shrinks in linear form,
    /// `<R^(4-n)>/<R^(3-n)>`.
    pub fn critical_radius(&self, radii: &[f64]) -> f64 {
        let n = self.limit.exponent() as i32;
        let (mut above, mut below) = (0.0, 0.0);
        for radius in radii {
            above += radius.powi(4 - n);
            below += radius.powi(3 - n);
        }
        above / below
    }

    /// Lets particles ripen for `time` [s]. Those that dissolve get radius 0; the caller takes
    /// them away. `pool` holds the `R³` [m³] of dissolved particles that is not used up yet, which
    /// is given to the others in the next step.
    ///
    /// # Errors
    /// If nothing is left.
    pub fn advance(
        &self,
        radii: &mut [f64],
        pool: &mut f64,
        time: f64,
    ) -> Result<(), RipeningError> {
        let mut left = time;
        let mut alive: Vec<f64> = Vec::with_capacity(radii.len());
        let mut place: Vec<usize> = Vec::with_capacity(radii.len());
        while left > 0.0 {
            alive.clear();
            place.clear();
            for (index, &radius) in radii.iter().enumerate() {
                if radius > 0.0 {
                    alive.push(radius);
                    place.push(index);
                }
            }
            if alive.is_empty() {
                return Err(RipeningError::Dissolved);
            }
            let longest =
                LARGEST_GROWTH * self.power(self.critical_radius(&alive)) / self.linear_rate;
            let step = if left <= longest { left } else { longest };
            self.substep(&mut alive, pool, step)?;
            for (&radius, &index) in alive.iter().zip(&place) {
                radii[index] = radius;
            }
            left -= step;
        }
        Ok(())
    }

    /// One midpoint step of `y = R^n`, `dy/dt = n κ R (A - E)`; both stages keep the volume.
    fn substep(&self, radii: &mut [f64], pool: &mut f64, time: f64) -> Result<(), RipeningError> {
        let target = radii.iter().map(|radius| radius.powi(3)).sum::<f64>() + *pool;
        let power: Vec<f64> = radii.iter().map(|&radius| self.power(radius)).collect();
        let guess = self.escape(self.critical_radius(radii));
        let (activity, middle) = self.stage(&power, radii, 0.5 * time, target, guess)?;
        let (_, end) = self.stage(&power, &middle, time, target, activity)?;
        let mut kept = 0.0;
        for (radius, new) in radii.iter_mut().zip(end) {
            *radius = if new < self.smallest_radius { 0.0 } else { new };
            kept += radius.powi(3);
        }
        *pool = target - kept;
        Ok(())
    }

    /// Activity and radii after `time`, from powers at the start and with the rates at `radii`.
    fn stage(
        &self,
        power: &[f64],
        radii: &[f64],
        time: f64,
        target: f64,
        guess: f64,
    ) -> Result<(f64, Vec<f64>), RipeningError> {
        let gain = f64::from(self.limit.exponent()) * self.rate * time;
        // (R^n without growth, growth per A) of those that are left.
        let part = |(&radius, &power): (&f64, &f64)| {
            if radius == 0.0 {
                return [f64::NEG_INFINITY, 0.0];
            }
            [power - gain * radius * self.escape(radius), gain * radius]
        };
        let parts: Vec<[f64; 2]> = radii.iter().zip(power).map(part).collect();
        let activity =
            self.activity_for(&parts, target, guess)
                .ok_or_else(|| RipeningError::Mass {
                    smallest: radii.iter().copied().fold(f64::INFINITY, f64::min),
                })?;
        let radius = |part: &[f64; 2]| self.radius((part[0] + activity * part[1]).max(0.0));
        Ok((activity, parts.iter().map(radius).collect()))
    }

    /// A at which the radii at the end of the step hold the volume `target`: Newton's method kept
    /// between bounds. The volume rises with A.
    fn activity_for(&self, parts: &[[f64; 2]], target: f64, guess: f64) -> Option<f64> {
        const ACCURACY: f64 = 4.0 * f64::EPSILON;
        let held = |activity: f64| {
            let mut sum = [0.0; 2];
            for part in parts {
                let power = part[0] + activity * part[1];
                if power > 0.0 {
                    let [volume, slope] = self.volume(power);
                    sum[0] += volume;
                    sum[1] += slope * part[1];
                }
            }
            sum
        };
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut activity = guess;
        for _ in 0..200 {
            let [volume, slope] = held(activity);
            let error = volume - target;
            if error > 0.0 {
                high = activity;
            } else {
                low = activity;
            }
            if error.abs() <= ACCURACY * target {
                return Some(activity);
            }
            let newton = activity - error / slope;
            let next = if newton > low && newton < high {
                newton
            } else if high.is_finite() {
                f64::midpoint(low, high)
            } else {
                2.0 * activity
            };
            // Neighbouring numbers: the sum cannot come closer.
            if next == activity || next == low || next == high {
                return next.is_finite().then_some(next);
            }
            activity = next;
        }
        None
    }
}

/// Radii over R_c of the self-similar distribution of the linear form: its quantiles.
///
/// With `w = (z^n - G (z-1))/z^(n-1)` and `G = n (n/(n-1))^(n-1)`, particles above z are
/// `exp(-∫_0^z 3/w)` of all (Lifshitz, Slyozov, Wagner); the largest have `z = n/(n-1)`.
pub fn self_similar_radii(limit: Limit, count: usize) -> Vec<f64> {
    const POINTS: usize = 400_001;
    let n = f64::from(limit.exponent());
    let cutoff = n / (n - 1.0);
    let growth = n * cutoff.powf(n - 1.0);
    let (first, last) = (1e-6, cutoff * (1.0 - 1e-5));
    let spacing = (last - first) / (POINTS - 1) as f64;
    let at = |k: usize| first + spacing * k as f64;
    let hazard = |z: f64| 3.0 * z.powf(n - 1.0) / (z.powf(n) - growth * (z - 1.0));
    let mut radii = Vec::with_capacity(count);
    let (mut integral, mut left) = (0.0_f64, hazard(first));
    let (mut share, mut k) = (0.0, 1);
    for quantile in 0..count {
        let wanted = (quantile as f64 + 0.5) / count as f64;
        loop {
            if k == POINTS {
                radii.push(last);
                break;
            }
            let right = hazard(at(k));
            let next = integral + 0.5 * spacing * (left + right);
            let reached = -(-next).exp_m1();
            if reached >= wanted {
                radii.push(at(k - 1) + spacing * (wanted - share) / (reached - share));
                break;
            }
            (integral, left, share) = (next, right, reached);
            k += 1;
        }
    }
    radii
}

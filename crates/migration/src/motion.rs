//! Brownian motion: diffusivity, exact updates, rotation, and laws for the speeds in frames.

use frit_engine::random::Stream;
use frit_units::constants::BOLTZMANN_SI;
use nalgebra::{UnitQuaternion, Vector3};

use crate::parameters::{Motion, Rotation};

/// The diffusivity [m²/s] of a particle of `radius` [m] at a temperature [K].
///
/// `D = D0 (R/R0)^-p exp[-(E/k)(1/T - 1/T0)]`.
pub fn diffusivity(motion: &Motion, radius: f64, temperature: f64, reference: f64) -> f64 {
    let inverse = 1.0 / temperature - 1.0 / reference;
    let activated = (-motion.energy / BOLTZMANN_SI * inverse).exp();
    motion.diffusivity * (radius / motion.reference_radius).powf(-motion.exponent) * activated
}

/// The Brownian motion of one particle over one step with a constant force, exactly in
/// distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Brownian {
    /// Without inertia: `dx = (D/kT) F dt + √(2 D dt) ξ`.
    Overdamped {
        /// Displacement per force [m/N].
        mobility: f64,
        /// Width of the random displacement [m].
        width: f64,
    },
    /// With inertia: `m dv = (F - ζ v) dt + √(2 ζ kT) dW`, with `ζ = kT/D`.
    Underdamped {
        /// 1/ζ [m/(N s)].
        drift: f64,
        /// m/ζ [s].
        relaxation: f64,
        /// The step [s].
        time_step: f64,
        /// 1 - exp(-dt/relaxation).
        forget: f64,
        /// Widths of v [m/s], of x along with v, and of the rest of x [m].
        widths: [f64; 3],
    },
}

impl Brownian {
    /// Without inertia, for a diffusivity [m²/s], an energy kT [J] and a step [s].
    pub fn overdamped(diffusivity: f64, thermal: f64, time_step: f64) -> Self {
        Self::Overdamped {
            mobility: diffusivity / thermal * time_step,
            width: (2.0 * diffusivity * time_step).sqrt(),
        }
    }

    /// With a mass [kg].
    ///
    /// The joint distribution of velocity and displacement of an Ornstein-Uhlenbeck process
    /// (Gillespie 1996, doi:10.1103/PhysRevE.54.2084): with t in units of m/ζ, velocities in units
    /// of √(kT/m) and `c = e^-t`, `var v = 1 - c²`, `cov = (1-c)²`, `var x = 2t - 3 + 4c - c²`.
    pub fn underdamped(diffusivity: f64, thermal: f64, mass: f64, time_step: f64) -> Self {
        let drift = diffusivity / thermal;
        let relaxation = mass * drift;
        let speed = (thermal / mass).sqrt();
        let t = time_step / relaxation;
        let forget = -(-t).exp_m1();
        let velocity = -(-2.0 * t).exp_m1();
        let joint = forget * forget;
        let along = joint / velocity.sqrt();
        let rest = (displacement_variance(t) - along * along).max(0.0);
        let length = speed * relaxation;
        Self::Underdamped {
            drift,
            relaxation,
            time_step,
            forget,
            widths: [
                speed * velocity.sqrt(),
                length * along,
                length * rest.sqrt(),
            ],
        }
    }

    /// One step of position [m] and velocity [m/s] along one direction, under a force [N] and with
    /// two normal numbers.
    ///
    /// Without inertia the velocity is left alone and the second number is not used.
    pub fn advance(&self, position: &mut f64, velocity: &mut f64, force: f64, normals: [f64; 2]) {
        match *self {
            Self::Overdamped { mobility, width } => {
                *position += mobility * force + width * normals[0];
            }
            Self::Underdamped {
                drift,
                relaxation,
                time_step,
                forget,
                widths,
            } => {
                // About the terminal velocity, motion is free.
                let terminal = drift * force;
                let excess = *velocity - terminal;
                *position += terminal * time_step
                    + relaxation * forget * excess
                    + widths[1] * normals[0]
                    + widths[2] * normals[1];
                *velocity = terminal + (1.0 - forget) * excess + widths[0] * normals[0];
            }
        }
    }
}

/// `2t - 3 + 4 e^-t - e^-2t`, which is 2t³/3 for small t.
fn displacement_variance(t: f64) -> f64 {
    if t > 0.5 {
        return 2.0 * t - 3.0 + 4.0 * (-t).exp() - (-2.0 * t).exp();
    }
    // Σ_{k>2} (-1)^(k+1) t^k (2^k - 4)/k!; terms beyond 25 are below 1e-17 of the sum at 1/2.
    let (mut sum, mut power, mut two) = (0.0, 0.5 * t * t, 4.0);
    let mut sign = -1.0;
    for k in 3..26 {
        power *= t / f64::from(k);
        two *= 2.0;
        sign = -sign;
        sum += sign * power * (two - 4.0);
    }
    sum
}

/// Turns a body by Brownian rotation with diffusivity `rate` [1/s] over `time` [s].
///
/// A rotation vector of independent normal components with variance `2 D_r t` each, about all axes
/// or about the normal of the support. About one axis this is exact; about three, `<n(t)·n(0)>` is
/// `e^(-2 D_r t)` up to (D_r t)² per step.
pub fn rotate(
    orientation: &mut UnitQuaternion<f64>,
    rotation: Rotation,
    rate: f64,
    time: f64,
    stream: &mut Stream,
) {
    let width = (2.0 * rate * time).sqrt();
    let [first, second] = stream.normal_pair();
    let axis = match rotation {
        Rotation::Fixed => return,
        Rotation::InPlane { .. } => Vector3::new(0.0, 0.0, first),
        Rotation::Free { .. } => Vector3::new(first, second, stream.normal()),
    };
    let turned = UnitQuaternion::from_scaled_axis(width * axis) * *orientation;
    *orientation = UnitQuaternion::new_normalize(turned.into_inner());
}

/// The mean speed [m/s] between frames `frame` [s] apart, without drift: `√(π D/τ)`.
pub fn mean_frame_speed(diffusivity: f64, frame: f64) -> f64 {
    (std::f64::consts::PI * diffusivity / frame).sqrt()
}

/// The probability that the speed between frames exceeds a threshold, at a constant drift.
///
/// Rice's law: `Q1(v_d/σ, v_c/σ)`, `σ² = 2D/τ`, the Marcum function; `exp(-v_c² τ/4D)` without
/// drift. Summed as a Poisson mixture, `Q1(a, b) = Σ_n w_n(a²/2) Σ_{k<=n} w_k(b²/2)` with Poisson
/// weights w.
pub fn frame_speed_exceedance(drift: f64, diffusivity: f64, frame: f64, threshold: f64) -> f64 {
    let variance = 2.0 * diffusivity / frame;
    let (outer, inner) = (
        0.5 * drift * drift / variance,
        0.5 * threshold * threshold / variance,
    );
    let mut log_outer = -outer;
    let mut log_inner = -inner;
    let mut below = log_inner.exp();
    let mut sum = log_outer.exp() * below;
    // Weights beyond ten deviations above the mean are below 1e-20.
    let terms = (outer + 12.0 * outer.sqrt() + 40.0).ceil() as u64;
    for n in 1..=terms {
        log_outer += (outer / n as f64).ln();
        log_inner += (inner / n as f64).ln();
        below += log_inner.exp();
        sum += log_outer.exp() * below;
    }
    sum.min(1.0)
}

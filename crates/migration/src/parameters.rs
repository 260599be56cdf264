//! Everything a simulation is told, with the defaults of the model of Cu particles in H2 and O2.
//!
//! All values are in SI units: m, s, kg, Pa, K, J, N. [`Parameters::entries`] lists each number
//! with its [`Status`], so that no output needs to hide which were fitted.

mod check;
mod entries;

use frit_units::constants::ELEMENTARY_CHARGE;

pub use entries::{Entry, Status};

use crate::ripening::Ripening;

/// One nanometre [m].
pub(crate) const NANOMETRE: f64 = 1e-9;

/// Gas and temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Temperature [K]. 773.15 K.
    pub temperature: f64,
    /// Total pressure [Pa]. 100 kPa (choice: Zhao et al. give none).
    pub pressure: f64,
    /// Share of the gas that reacts, the rest is He. 0.20 (literature: Zhao et al.).
    pub reactive_share: f64,
    /// Ratio H2/O2 of partial pressures. 6.
    pub hydrogen_to_oxygen: f64,
}

/// Rates of oxidation and reduction of the surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kinetics {
    /// T0, where the Arrhenius factors are 1 [K]. 773.15 K (literature: Zhao et al.).
    pub reference_temperature: f64,
    /// k2, rate of reduction at T0 on a surface full of activated hydrogen [1/s]. 230 (fit).
    pub reduction_rate: f64,
    /// E2, activation energy of reduction [J/mol]. 115 kJ/mol (literature: Cu2O + H2, Kim et al.,
    /// J. Am. Chem. Soc. 2003, 125, 10684).
    pub reduction_energy: f64,
    /// Pressure of H2 at which half of the hydrogen is activated, at T0 [Pa]. 40 kPa (fit).
    pub hydrogen_half_pressure: f64,
    /// Q_H, effective heat of activated hydrogen [J/mol]. 185 kJ/mol (fit; far larger than the
    /// adsorption heat on clean Cu). It alone makes the maximum at 500 °C.
    pub hydrogen_heat: f64,
    /// x0 = ln(a/b), logarithm of reduction over oxidation under [`Kinetics::REFERENCE`] and
    /// without depletion of the pool. 0.03 (fit). It sets the rate of oxidation.
    pub log_rate_ratio: f64,
    /// E1, activation energy of oxidation [J/mol]. 0 (literature: argument of Zhao et al.).
    pub oxidation_energy: f64,
    /// Pressure of O2 at which half of its sites are taken [Pa]. 20 kPa (fit).
    pub oxygen_half_pressure: f64,
    /// ε, share of both reactions that needs no product around it. 0.125 (fit).
    pub spontaneous_share: f64,
    /// g, logarithm of the rates of oxidation with and without subsurface oxygen. 1.4 (fit).
    pub promotion: f64,
    /// τ_s, time in which subsurface oxygen follows the surface [s]. 0.25 s (fit).
    pub promoter_time: f64,
    /// η, share of the promoter that is common to the whole particle. 0.50 (fit).
    pub promoter_sharing: f64,
    /// D_u, lateral motion of the phase boundary [m²/s]. 100 nm²/s (choice).
    pub boundary_diffusivity: f64,
}

impl Kinetics {
    /// The conditions at which [`Kinetics::log_rate_ratio`] is defined, but for the temperature,
    /// which is [`Kinetics::reference_temperature`].
    pub const REFERENCE: Conditions = Conditions {
        temperature: 773.15,
        pressure: 100e3,
        reactive_share: 0.20,
        hydrogen_to_oxygen: 6.0,
    };
}

/// Differences between facets and between particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// hz, deviation of the logarithm of the rate of reduction over a particle. 0.08 (choice).
    pub facets: f64,
    /// het, deviation of the same between particles. 0.05 (choice).
    pub particles: f64,
    /// Time of the heat flow that smooths the differences between facets, on the unit sphere.
    /// 0.15 (choice).
    pub smoothing: f64,
}

/// Noise of the reactions, since sites are few.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChemicalNoise {
    /// Chemical Langevin equation (Gillespie 2000, doi:10.1063/1.481811), Ito: each reaction adds
    /// noise of the variance of its own count.
    Langevin {
        /// Reacting sites per area [1/m²]. 15 nm^-2 (physics).
        site_density: f64,
        /// Layers that react together. 5 (choice).
        layers: f64,
    },
    /// None.
    Off,
}

/// How the gas around all particles follows what they use: a boundary layer on the support that
/// all share. `<u>` is the mean of their Cu fractions, in which each particle counts once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pool {
    /// At once: `p_O = p_O,bulk / (1 + Da <u>)`.
    QuasiSteady,
    /// `dp_O/dt = rate (p_O,bulk - p_O - Da <u> p_O)`.
    Relaxing {
        /// Rate of exchange with the bulk [1/s].
        rate: f64,
    },
}

/// How the loss of O2 at the surface becomes a pressure, in units of the O2 pressure of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PressureModel {
    /// A layer on each facet that exchanges with the pool: `X/(1+X)`, `X = χ u`.
    Layer,
    /// The layer of a continuous gas: harmonic l exchanges `l + 1` times as fast (exterior
    /// diffusion, rate `D (l+1)/R`), so that neighbouring facets share their loss.
    Diffusive,
    /// Momentum of molecules that do not meet: O2 that stays takes away the half of the pressure
    /// that is recoil, and H2O leaves the oxide with more recoil than H2. Both together push
    /// within 0.1 % as [`PressureModel::Layer`] does, so this mechanism gains nothing over it; a
    /// factor of 2 is gained over the recoil of O2 alone. It rests on water leaving from the oxide:
    /// from Cu, where O2 arrives, its recoil would cancel the force to the same 0.1 %.
    FreeMolecular,
    /// The linearised loss over a window, taken beyond where it holds: `k1 Δt u`, not bounded.
    Window,
}

/// Gas near the particles, and what it pushes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gas {
    /// How the pool follows.
    pub pool: Pool,
    /// Da, use over supply of O2 in the pool at u = 1. 0.10 (choice).
    pub damkoehler: f64,
    /// χ = k1/κ, use over exchange of O2 at a facet with u = 1. 0.10 (choice).
    pub uptake: f64,
    /// κ, rate of exchange between facet layer and pool [1/s]. 5e9 (choice: molecular speed over
    /// four radii). It matters for impulses and proxies alone.
    pub exchange_rate: f64,
    /// How the loss becomes a pressure. [`PressureModel::Layer`].
    pub pressure: PressureModel,
    /// k1 Δt of [`PressureModel::Window`]. 0.10.
    pub window: f64,
}

/// Forces on a particle along the support.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drive {
    /// Γ, factor of the pressure force. **5e4 is a fit without a physical reason; at 1, the
    /// literal pressure, nothing moves visibly.**
    pub gain: f64,
    /// Imbalance of adhesion at a perfect dipole [J/m²]. 0 (choice; scale 0.1 to 1).
    pub adhesion: f64,
    /// A constant force on every particle [N]. None.
    pub external: [f64; 2],
}

/// Inertia.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Inertia {
    /// None: real particles forget their velocity within 1e-18 s.
    Overdamped,
    /// With an effective density, which sets the mass.
    Underdamped {
        /// Density [kg/m³].
        density: f64,
    },
}

/// Rotation of the particle and the field on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rotation {
    /// None.
    Fixed,
    /// About the normal of the support.
    InPlane {
        /// D_r R²/D. 0.75 (choice).
        ratio: f64,
    },
    /// About all axes.
    Free {
        /// D_r R²/D. 0.75 (choice).
        ratio: f64,
    },
}

/// Brownian motion on the support: `D = D0 (R/R0)^-p exp[-(E/k)(1/T - 1/T0)]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// D0, at R0 and at the reference temperature of the kinetics [m²/s]. 0.06 nm²/s (choice).
    pub diffusivity: f64,
    /// R0 [m]. 10 nm (choice).
    pub reference_radius: f64,
    /// p. 4 (literature: surface diffusion, Gruber, J. Appl. Phys. 1967, 38, 243).
    pub exponent: f64,
    /// E, per particle [J]. 0.40 eV (choice, low).
    pub energy: f64,
    /// Inertia.
    pub inertia: Inertia,
    /// Rotation. Free, with 0.75.
    pub rotation: Rotation,
    /// The motion of a particle is divided until it moves no more than a quarter of its radius by
    /// diffusion or a tenth by drift, but into no more parts than this. 4096 (choice).
    pub most_substeps: u32,
}

/// Where the particles lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    /// Each on its own: they never meet.
    Separate,
    /// Together on a periodic square; those that touch merge.
    Periodic {
        /// Edge [m].
        edge: f64,
        /// Particles merge when the gap between them is less [m]. 0 (choice); 0.5 to 1 nm stands
        /// for necks that surface diffusion starts before particles migrate.
        capture_gap: f64,
    },
}

/// Radii at the start: log-normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// Mean [m]. 10 nm (choice).
    pub mean: f64,
    /// Deviation of the logarithm. 0.15 (choice).
    pub deviation: f64,
}

/// The field on a particle at the start; the promoter is the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// A cap of metal in a random direction (choice; Zhao et al. see asymmetry before motion). On
    /// vertices at its border the values are mixed; see [`Mesh::cap`](crate::Mesh::cap).
    Cap {
        /// Share of the surface. 0.5.
        share: f64,
        /// Cu fraction within. 0.8.
        inside: f64,
        /// Cu fraction outside. 0.15.
        outside: f64,
    },
    /// The same everywhere.
    Uniform {
        /// Cu fraction.
        copper: f64,
    },
}

/// How the lateral motion of the phase boundary is stepped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Diffusion {
    /// Explicit: stable for `dt < 2 R²/(D_u λ)`, and held to 17 ms at 10 nm on 162 vertices, by a bound of λ.
    Explicit,
    /// Implicit: always stable, three times slower.
    Implicit,
    /// Explicit on a particle while the step is below half of its limit, implicit below that
    /// radius, 4.8 nm with the defaults. Both are of first order in the step.
    Adaptive,
}

/// Mesh and time step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numerics {
    /// Subdivisions of the icosahedron: 2 for 162 vertices, 3 for 642. 2 (choice).
    pub subdivisions: u32,
    /// Time step [s]. 2 ms (choice).
    pub time_step: f64,
    /// How surface diffusion is stepped. Adaptive (choice).
    pub diffusion: Diffusion,
}

/// How a microscope follows the particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Imaging {
    /// τ_f, time between frames [s]. 0.04 s (literature: Zhao et al.).
    pub frame_interval: f64,
    /// Error of localisation in each direction [m]. 0.
    pub localisation: f64,
    /// Particles in view. 80, so that 75 frames give the 6000 observations of Zhao et al.
    pub particles: usize,
}

/// Everything a simulation is told, besides its particles and its seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Gas and temperature.
    pub conditions: Conditions,
    /// Rates.
    pub kinetics: Kinetics,
    /// Differences between facets and particles.
    pub heterogeneity: Heterogeneity,
    /// Noise of the reactions.
    pub noise: ChemicalNoise,
    /// Gas near the particles.
    pub gas: Gas,
    /// Forces.
    pub drive: Drive,
    /// Motion.
    pub motion: Motion,
    /// θ_c: the surface below this polar angle meets gas, the rest the support [rad]. 130°
    /// (choice).
    pub contact_angle: f64,
    /// Where the particles lie.
    pub support: Support,
    /// Radii at the start.
    pub sizes: Sizes,
    /// Fields at the start.
    pub start: Start,
    /// Ostwald ripening, if any. None.
    pub ripening: Option<Ripening>,
    /// Mesh and time step.
    pub numerics: Numerics,
    /// How a microscope follows the particles.
    pub imaging: Imaging,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            conditions: Kinetics::REFERENCE,
            kinetics: Kinetics {
                reference_temperature: 773.15,
                reduction_rate: 230.0,
                reduction_energy: 115e3,
                hydrogen_half_pressure: 40e3,
                hydrogen_heat: 185e3,
                log_rate_ratio: 0.03,
                oxidation_energy: 0.0,
                oxygen_half_pressure: 20e3,
                spontaneous_share: 0.125,
                promotion: 1.4,
                promoter_time: 0.25,
                promoter_sharing: 0.50,
                boundary_diffusivity: 100.0 * NANOMETRE * NANOMETRE,
            },
            heterogeneity: Heterogeneity {
                facets: 0.08,
                particles: 0.05,
                smoothing: 0.15,
            },
            noise: ChemicalNoise::Langevin {
                site_density: 15.0 / (NANOMETRE * NANOMETRE),
                layers: 5.0,
            },
            gas: Gas {
                pool: Pool::QuasiSteady,
                damkoehler: 0.10,
                uptake: 0.10,
                exchange_rate: 5e9,
                pressure: PressureModel::Layer,
                window: 0.10,
            },
            drive: Drive {
                gain: 5e4,
                adhesion: 0.0,
                external: [0.0; 2],
            },
            motion: Motion {
                diffusivity: 0.06 * NANOMETRE * NANOMETRE,
                reference_radius: 10.0 * NANOMETRE,
                exponent: 4.0,
                energy: 0.40 * ELEMENTARY_CHARGE,
                inertia: Inertia::Overdamped,
                rotation: Rotation::Free { ratio: 0.75 },
                most_substeps: 4096,
            },
            contact_angle: 130.0_f64.to_radians(),
            support: Support::Separate,
            sizes: Sizes {
                mean: 10.0 * NANOMETRE,
                deviation: 0.15,
            },
            start: Start::Cap {
                share: 0.5,
                inside: 0.8,
                outside: 0.15,
            },
            ripening: None,
            numerics: Numerics {
                subdivisions: 2,
                time_step: 2e-3,
                diffusion: Diffusion::Adaptive,
            },
            imaging: Imaging {
                frame_interval: 0.04,
                localisation: 0.0,
                particles: 80,
            },
        }
    }
}

impl Parameters {
    /// Preset S: asymmetry that keeps itself up on a homogeneous particle, without heterogeneity.
    ///
    /// It still needs a finite asymmetry to start from.
    pub fn spontaneous() -> Self {
        let mut parameters = Self::default();
        parameters.kinetics.promoter_sharing = 0.72;
        parameters.kinetics.log_rate_ratio = 0.04;
        parameters.heterogeneity.facets = 0.0;
        parameters.heterogeneity.particles = 0.0;
        parameters
    }
}

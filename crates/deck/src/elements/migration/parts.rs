//! The tables below `[migration]`.

use super::*;
/// The mesh of a particle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mesh {
    /// Subdivisions of an icosahedron: 2 for 162 vertices, 3 for 642, 4 for 2562 (choice).
    pub subdivisions: u64,
    /// How lateral motion of the phase boundary is stepped; explicit is faster, implicit always stable, adaptive takes the one that serves (choice).
    pub diffusion: SurfaceDiffusion,
}

pub(super) fn read_mesh(table: &mut Table<'_, '_>) -> Option<Mesh> {
    Some(Mesh {
        subdivisions: table.default(key("subdivisions", "Subdivisions of an icosahedron: 2 for 162 vertices, 3 for 642, 4 for 2562 (choice)", "2"), &Integer(0..=6), "2"),
        diffusion: table.default(key("diffusion", "How lateral motion of the phase boundary is stepped; explicit is faster, implicit always stable, adaptive takes the one that serves (choice)", "\"adaptive\""), &SURFACE_DIFFUSIONS, "\"adaptive\""),
    })
}

/// How surface diffusion is stepped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceDiffusion {
    /// Explicit.
    Explicit,
    /// Implicit.
    Implicit,
    /// Explicit where it is stable, else implicit.
    Adaptive,
}

const SURFACE_DIFFUSIONS: Choice<SurfaceDiffusion> = Choice(&[
    ("explicit", SurfaceDiffusion::Explicit),
    ("implicit", SurfaceDiffusion::Implicit),
    ("adaptive", SurfaceDiffusion::Adaptive),
]);

/// Rates of oxidation and reduction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MigrationKinetics {
    /// T0, where the Arrhenius factors are 1 (literature).
    pub reference_temperature: Temperature,
    /// k2, rate of reduction at T0 on a surface full of activated hydrogen (fit).
    pub reduction_rate: Rate,
    /// E2, activation energy of reduction; Cu2O + H2, doi:10.1021/ja0301673 (literature).
    pub reduction_energy: MolarEnergy,
    /// Pressure of H2 at which half of the hydrogen is activated, at T0 (fit).
    pub hydrogen_half_pressure: Pressure,
    /// Q_H, effective heat of activated hydrogen; it alone makes the maximum at 500 °C and is far above the adsorption heat on clean Cu (fit).
    pub hydrogen_heat: MolarEnergy,
    /// x0 = ln(a/b), logarithm of reduction over oxidation at T0, 100 kPa, H2/O2 = 6 (fit).
    pub log_rate_ratio: f64,
    /// E1, activation energy of oxidation (literature).
    pub oxidation_energy: MolarEnergy,
    /// Pressure of O2 at which half of its sites are taken (fit).
    pub oxygen_half_pressure: Pressure,
    /// ε, share of both reactions that needs no product beside it (fit).
    pub spontaneous_share: f64,
    /// g, logarithm of the rates of oxidation with and without subsurface oxygen (fit).
    pub promotion: f64,
    /// τ_s, time in which subsurface oxygen follows the surface (fit).
    pub promoter_time: Time,
    /// η, share of the promoter common to the whole particle (fit).
    pub promoter_sharing: f64,
    /// D_u, lateral motion of the phase boundary (choice).
    pub boundary_diffusivity: Diffusivity,
}

pub(super) fn read_kinetics(table: &mut Table<'_, '_>) -> Option<MigrationKinetics> {
    Some(MigrationKinetics {
        reference_temperature: table.default(key("reference_temperature", "T0, where the Arrhenius factors are 1 (literature)", "\"773.15 K\""), &positive::<kind::Temperature>(), "\"773.15 K\""),
        reduction_rate: table.default(key("reduction_rate", "k2, rate of reduction at T0 on a surface full of activated hydrogen (fit)", "\"230 1/s\""), &positive::<kind::Rate>(), "\"230 1/s\""),
        reduction_energy: table.default(key("reduction_energy", "E2, activation energy of reduction; Cu2O + H2, doi:10.1021/ja0301673 (literature)", "\"115 kJ/mol\""), &any_sign::<kind::MolarEnergy>(), "\"115 kJ/mol\""),
        hydrogen_half_pressure: table.default(key("hydrogen_half_pressure", "Pressure of H2 at which half of the hydrogen is activated, at T0 (fit)", "\"40 kPa\""), &positive::<kind::Pressure>(), "\"40 kPa\""),
        hydrogen_heat: table.default(key("hydrogen_heat", "Q_H, effective heat of activated hydrogen; it alone makes the maximum at 500 °C and is far above the adsorption heat on clean Cu (fit)", "\"185 kJ/mol\""), &any_sign::<kind::MolarEnergy>(), "\"185 kJ/mol\""),
        log_rate_ratio: table.default(key("log_rate_ratio", "x0 = ln(a/b), logarithm of reduction over oxidation at T0, 100 kPa, H2/O2 = 6 (fit)", "0.03"), &Number, "0.03"),
        oxidation_energy: table.default(key("oxidation_energy", "E1, activation energy of oxidation (literature)", "\"0 kJ/mol\""), &any_sign::<kind::MolarEnergy>(), "\"0 kJ/mol\""),
        oxygen_half_pressure: table.default(key("oxygen_half_pressure", "Pressure of O2 at which half of its sites are taken (fit)", "\"20 kPa\""), &positive::<kind::Pressure>(), "\"20 kPa\""),
        spontaneous_share: table.default(key("spontaneous_share", "ε, share of both reactions that needs no product beside it (fit)", "0.125"), &Number, "0.125"),
        promotion: table.default(key("promotion", "g, logarithm of the rates of oxidation with and without subsurface oxygen (fit)", "1.4"), &Number, "1.4"),
        promoter_time: table.default(key("promoter_time", "τ_s, time in which subsurface oxygen follows the surface (fit)", "\"0.25 s\""), &positive::<kind::Time>(), "\"0.25 s\""),
        promoter_sharing: table.default(key("promoter_sharing", "η, share of the promoter common to the whole particle (fit)", "0.5"), &Fraction, "0.5"),
        boundary_diffusivity: table.default(key("boundary_diffusivity", "D_u, lateral motion of the phase boundary (choice)", "\"100 nm^2/s\""), &not_negative::<kind::Diffusivity>(), "\"100 nm^2/s\""),
    })
}

/// Differences between facets and between particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Deviation of the logarithm of the rate of reduction over a particle (choice).
    pub facets: f64,
    /// Deviation of the same between particles (choice).
    pub particles: f64,
    /// Time of the heat flow on the unit sphere that smooths differences between facets (choice).
    pub smoothing: f64,
}

pub(super) fn read_heterogeneity(table: &mut Table<'_, '_>) -> Option<Heterogeneity> {
    Some(Heterogeneity {
        facets: table.default(key("facets", "Deviation of the logarithm of the rate of reduction over a particle (choice)", "0.08"), &Number, "0.08"),
        particles: table.default(key("particles", "Deviation of the same between particles (choice)", "0.05"), &Number, "0.05"),
        smoothing: table.default(key("smoothing", "Time of the heat flow on the unit sphere that smooths differences between facets (choice)", "0.15"), &Number, "0.15"),
    })
}

/// Noise of the reactions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChemicalNoise {
    /// Whether reactions are noisy (choice).
    pub on: bool,
    /// Reacting sites per area (physics).
    pub site_density: ArealDensity,
    /// Layers that react together (choice).
    pub layers: f64,
}

pub(super) fn read_noise(table: &mut Table<'_, '_>) -> Option<ChemicalNoise> {
    Some(ChemicalNoise {
        on: table.default(
            key("on", "Whether reactions are noisy (choice)", "true"),
            &Switch,
            "true",
        ),
        site_density: table.default(
            key(
                "site_density",
                "Reacting sites per area (physics)",
                "\"15 1/nm^2\"",
            ),
            &positive::<kind::ArealDensity>(),
            "\"15 1/nm^2\"",
        ),
        layers: table.default(
            key("layers", "Layers that react together (choice)", "5.0"),
            &PositiveNumber,
            "5.0",
        ),
    })
}

/// How a loss of O2 at the surface becomes a pressure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PressureModel {
    /// A layer of gas on each facet.
    Layer,
    /// A continuous gas around the particle.
    Diffusive,
    /// Molecules that do not meet.
    FreeMolecular,
    /// The linearised loss over a window, taken beyond where it holds.
    Window,
}

const PRESSURE_MODELS: Choice<PressureModel> = Choice(&[
    ("layer", PressureModel::Layer),
    ("diffusive", PressureModel::Diffusive),
    ("free-molecular", PressureModel::FreeMolecular),
    ("window", PressureModel::Window),
]);

/// How the gas around all particles follows what they use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// At once.
    QuasiSteady,
    /// With a rate of its own.
    Relaxing,
}

const POOLS: Choice<Pool> = Choice(&[
    ("quasi-steady", Pool::QuasiSteady),
    ("relaxing", Pool::Relaxing),
]);

/// Gas near the particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MigrationGas {
    /// Whether the gas shared by all follows what they use at once or with `pool_rate` (choice).
    pub pool: Pool,
    /// Rate of exchange with the bulk of a relaxing pool (choice).
    pub pool_rate: Rate,
    /// Da, use over supply of O2 in the pool at a Cu fraction of 1 (choice).
    pub damkoehler: f64,
    /// χ, use over exchange of O2 at a facet of Cu (choice).
    pub uptake: f64,
    /// κ, rate of exchange between facet layer and pool; matters for proxies alone (choice).
    pub exchange_rate: Rate,
    /// How the loss of O2 becomes a pressure (choice).
    pub pressure: PressureModel,
    /// k1 Δt of the window (fit).
    pub window: f64,
}

pub(super) fn read_gas(table: &mut Table<'_, '_>) -> Option<MigrationGas> {
    Some(MigrationGas {
        pool: table.default(key("pool", "Whether the gas shared by all follows what they use at once or with `pool_rate` (choice)", "\"quasi-steady\""), &POOLS, "\"quasi-steady\""),
        pool_rate: table.default(key("pool_rate", "Rate of exchange with the bulk of a relaxing pool (choice)", "\"10 1/s\""), &positive::<kind::Rate>(), "\"10 1/s\""),
        damkoehler: table.default(key("damkoehler", "Da, use over supply of O2 in the pool at a Cu fraction of 1 (choice)", "0.1"), &Number, "0.1"),
        uptake: table.default(key("uptake", "χ, use over exchange of O2 at a facet of Cu (choice)", "0.1"), &Number, "0.1"),
        exchange_rate: table.default(key("exchange_rate", "κ, rate of exchange between facet layer and pool; matters for proxies alone (choice)", "\"5e9 1/s\""), &positive::<kind::Rate>(), "\"5e9 1/s\""),
        pressure: table.default(key("pressure", "How the loss of O2 becomes a pressure (choice)", "\"layer\""), &PRESSURE_MODELS, "\"layer\""),
        window: table.default(key("window", "k1 Δt of the window (fit)", "0.1"), &Number, "0.1"),
    })
}

/// What drives particles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// Imbalance of the pressure, times the gain.
    Pressure,
    /// Imbalance of adhesion, in proportion to the dipole of Cu and oxide.
    Adhesion,
    /// Both.
    Both,
}

const DRIVERS: Choice<Driver> = Choice(&[
    ("pressure", Driver::Pressure),
    ("adhesion", Driver::Adhesion),
    ("both", Driver::Both),
]);

/// Forces along the support.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drive {
    /// What drives particles (choice).
    pub driver: Driver,
    /// Γ, factor of the pressure force. A FIT WITHOUT A PHYSICAL REASON: at 1, the literal pressure, nothing moves visibly (fit).
    pub gain: f64,
    /// Imbalance of adhesion at a perfect dipole, used by the other drivers (choice).
    pub adhesion: SurfaceEnergy,
    /// A constant force on every particle along x (choice).
    pub external_x: Force,
    /// The same along y (choice).
    pub external_y: Force,
}

pub(super) fn read_drive(table: &mut Table<'_, '_>) -> Option<Drive> {
    Some(Drive {
        driver: table.default(key("driver", "What drives particles (choice)", "\"pressure\""), &DRIVERS, "\"pressure\""),
        gain: table.default(key("gain", "Γ, factor of the pressure force. A FIT WITHOUT A PHYSICAL REASON: at 1, the literal pressure, nothing moves visibly (fit)", "5e4"), &Number, "5e4"),
        adhesion: table.default(key("adhesion", "Imbalance of adhesion at a perfect dipole, used by the other drivers (choice)", "\"0.4 J/m^2\""), &any_sign::<kind::SurfaceEnergy>(), "\"0.4 J/m^2\""),
        external_x: table.default(key("external_x", "A constant force on every particle along x (choice)", "\"0 nN\""), &any_sign::<kind::Force>(), "\"0 nN\""),
        external_y: table.default(key("external_y", "The same along y (choice)", "\"0 nN\""), &any_sign::<kind::Force>(), "\"0 nN\""),
    })
}

/// Whether particles have inertia.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inertia {
    /// None: real particles forget their velocity within 1e-18 s.
    Overdamped,
    /// With an effective density.
    Underdamped,
}

const INERTIAS: Choice<Inertia> = Choice(&[
    ("overdamped", Inertia::Overdamped),
    ("underdamped", Inertia::Underdamped),
]);

/// How particles rotate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Not.
    Fixed,
    /// About the normal of the support.
    InPlane,
    /// About all axes.
    Free,
}

const ROTATIONS: Choice<Rotation> = Choice(&[
    ("fixed", Rotation::Fixed),
    ("in-plane", Rotation::InPlane),
    ("free", Rotation::Free),
]);

/// Brownian motion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MigrationMotion {
    /// D0, at R0 and T0 (choice).
    pub diffusivity: Diffusivity,
    /// R0 (choice).
    pub reference_radius: Length,
    /// p; 4 for surface diffusion, doi:10.1063/1.1708969 (literature).
    pub exponent: f64,
    /// E, per particle (choice, low).
    pub energy: Energy,
    /// Whether particles have inertia (choice).
    pub inertia: Inertia,
    /// Effective density of underdamped particles (choice).
    pub density: Density,
    /// How particles and the fields on them rotate (choice).
    pub rotation: Rotation,
    /// Rotational diffusivity times R²/D (choice).
    pub rotation_ratio: f64,
}

pub(super) fn read_motion(table: &mut Table<'_, '_>) -> Option<MigrationMotion> {
    Some(MigrationMotion {
        diffusivity: table.default(
            key(
                "diffusivity",
                "D0, at R0 and T0 (choice)",
                "\"0.06 nm^2/s\"",
            ),
            &positive::<kind::Diffusivity>(),
            "\"0.06 nm^2/s\"",
        ),
        reference_radius: table.default(
            key("reference_radius", "R0 (choice)", "\"10 nm\""),
            &positive::<kind::Length>(),
            "\"10 nm\"",
        ),
        exponent: table.default(
            key(
                "exponent",
                "p; 4 for surface diffusion, doi:10.1063/1.1708969 (literature)",
                "4.0",
            ),
            &Number,
            "4.0",
        ),
        energy: table.default(
            key("energy", "E, per particle (choice, low)", "\"0.4 eV\""),
            &any_sign::<kind::Energy>(),
            "\"0.4 eV\"",
        ),
        inertia: table.default(
            key(
                "inertia",
                "Whether particles have inertia (choice)",
                "\"overdamped\"",
            ),
            &INERTIAS,
            "\"overdamped\"",
        ),
        density: table.default(
            key(
                "density",
                "Effective density of underdamped particles (choice)",
                "\"8960 kg/m^3\"",
            ),
            &positive::<kind::Density>(),
            "\"8960 kg/m^3\"",
        ),
        rotation: table.default(
            key(
                "rotation",
                "How particles and the fields on them rotate (choice)",
                "\"free\"",
            ),
            &ROTATIONS,
            "\"free\"",
        ),
        rotation_ratio: table.default(
            key(
                "rotation_ratio",
                "Rotational diffusivity times R²/D (choice)",
                "0.75",
            ),
            &Number,
            "0.75",
        ),
    })
}

/// A periodic support.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MigrationSupport {
    /// Edge of the square.
    pub edge: Length,
    /// Particles merge below this gap.
    pub capture_gap: Length,
}

pub(super) fn read_support(table: &mut Table<'_, '_>) -> Option<MigrationSupport> {
    let edge = table.required(
        key("edge", "Edge of the periodic square (choice)", "\"1 µm\""),
        &positive::<kind::Length>(),
    );
    let capture_gap = table.default(
        key("capture_gap", "Particles merge when the gap between them is smaller; 0.5 to 1 nm stands for necks that surface diffusion starts (choice)", "\"0.5 nm\""),
        &not_negative::<kind::Length>(),
        "\"0 nm\"",
    );
    Some(MigrationSupport {
        edge: edge?,
        capture_gap,
    })
}

/// Radii at the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// Mean radius (choice).
    pub mean: Length,
    /// Deviation of the logarithm of the radii (choice).
    pub deviation: f64,
}

pub(super) fn read_sizes(table: &mut Table<'_, '_>) -> Option<Sizes> {
    Some(Sizes {
        mean: table.default(
            key("mean", "Mean radius (choice)", "\"10 nm\""),
            &positive::<kind::Length>(),
            "\"10 nm\"",
        ),
        deviation: table.default(
            key(
                "deviation",
                "Deviation of the logarithm of the radii (choice)",
                "0.15",
            ),
            &Number,
            "0.15",
        ),
    })
}

/// The field on a particle at the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CapOrUniform {
    /// A cap of metal in a random direction.
    Cap {
        /// Share of the surface.
        share: f64,
        /// Cu fraction within.
        inside: f64,
        /// Cu fraction outside.
        outside: f64,
    },
    /// The same everywhere.
    Uniform {
        /// Cu fraction.
        copper: f64,
    },
}

pub(super) fn read_start(table: &mut Table<'_, '_>) -> Option<CapOrUniform> {
    let cap = table.default_table(
        self::table("cap", "A cap of metal in a random direction"),
        |table| {
            Some(CapOrUniform::Cap {
                share: table.default(
                    key("share", "Share of the surface (choice)", "0.5"),
                    &Fraction,
                    "0.5",
                ),
                inside: table.default(
                    key("inside", "Cu fraction within (choice)", "0.8"),
                    &Fraction,
                    "0.8",
                ),
                outside: table.default(
                    key("outside", "Cu fraction outside (choice)", "0.15"),
                    &Fraction,
                    "0.15",
                ),
            })
        },
    );
    let uniform = table.optional_table(
        self::table("uniform", "The same everywhere, instead of a cap"),
        "a cap",
        |table| {
            let copper = table.required(key("copper", "Cu fraction", "0.5"), &Fraction);
            Some(CapOrUniform::Uniform { copper: copper? })
        },
    );
    if table.has("cap") && table.has("uniform") {
        table.exactly_one(&["cap", "uniform"]);
    }
    if table.has("uniform") { uniform } else { cap }
}

/// What limits ripening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RipeningLimit {
    /// Attachment of atoms, n = 2.
    Interface,
    /// Diffusion in a volume, n = 3.
    Volume,
    /// Diffusion on the support, n = 4.
    Support,
}

const RIPENING_LIMITS: Choice<RipeningLimit> = Choice(&[
    ("interface", RipeningLimit::Interface),
    ("volume", RipeningLimit::Volume),
    ("support", RipeningLimit::Support),
]);

/// How the chemical potential depends on size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RipeningPotential {
    /// In proportion to 1/R.
    Linear,
    /// Gibbs-Thomson, with its exponential.
    GibbsThomson,
    /// Campbell and Mao for hemispheres on a support; its factor with 1.5 nm is unverified.
    Campbell,
}

const RIPENING_POTENTIALS: Choice<RipeningPotential> = Choice(&[
    ("linear", RipeningPotential::Linear),
    ("gibbs-thomson", RipeningPotential::GibbsThomson),
    ("campbell", RipeningPotential::Campbell),
]);

/// Ostwald ripening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ripening {
    /// What limits it.
    pub limit: RipeningLimit,
    /// R0^n/K: the time scale at R0 and the reference temperature.
    pub time: Time,
    /// R0.
    pub reference_radius: Length,
    /// Activation energy.
    pub energy: MolarEnergy,
    /// The chemical potential.
    pub potential: RipeningPotential,
    /// γ.
    pub surface_energy: SurfaceEnergy,
    /// E_adh of the Campbell form.
    pub adhesion_energy: SurfaceEnergy,
    /// Ω.
    pub atomic_volume: Volume,
    /// Smaller particles dissolve at once.
    pub smallest_radius: Length,
}

pub(super) fn read_ripening(table: &mut Table<'_, '_>) -> Option<Ripening> {
    let limit = table.default(
        key(
            "limit",
            "What limits it: interface (n = 2), volume (n = 3) or support (n = 4) (choice)",
            "\"interface\"",
        ),
        &RIPENING_LIMITS,
        "\"support\"",
    );
    let time = table.required(
        key("time", "Time scale: the constant K is R0^n over this time, at the reference temperature (choice)", "\"100 s\""),
        &positive::<kind::Time>(),
    );
    let reference_radius = table.default(
        key("reference_radius", "R0 (choice)", "\"10 nm\""),
        &positive::<kind::Length>(),
        "\"10 nm\"",
    );
    let energy = table.default(
        key(
            "energy",
            "Activation energy of K (choice)",
            "\"200 kJ/mol\"",
        ),
        &any_sign::<kind::MolarEnergy>(),
        "\"200 kJ/mol\"",
    );
    let potential = table.default(
        key("potential", "How the chemical potential of an atom depends on the size of its particle; campbell is unverified in its factor with 1.5 nm (choice)", "\"campbell\""),
        &RIPENING_POTENTIALS,
        "\"gibbs-thomson\"",
    );
    let surface_energy = table.default(
        key("surface_energy", "γ of Cu (literature)", "\"1.78 J/m^2\""),
        &positive::<kind::SurfaceEnergy>(),
        "\"1.78 J/m^2\"",
    );
    let adhesion_energy = table.default(
        key(
            "adhesion_energy",
            "Adhesion energy of the Campbell form (choice)",
            "\"0.8 J/m^2\"",
        ),
        &not_negative::<kind::SurfaceEnergy>(),
        "\"0.8 J/m^2\"",
    );
    let atomic_volume = table.default(
        key(
            "atomic_volume",
            "Volume of an atom of Cu (physics)",
            "\"11.8 Å^3\"",
        ),
        &positive::<kind::Volume>(),
        "\"11.8 Å^3\"",
    );
    let smallest_radius = table.default(
        key(
            "smallest_radius",
            "Smaller particles dissolve at once (choice)",
            "\"0.3 nm\"",
        ),
        &positive::<kind::Length>(),
        "\"0.3 nm\"",
    );
    Some(Ripening {
        limit,
        time: time?,
        reference_radius,
        energy,
        potential,
        surface_energy,
        adhesion_energy,
        atomic_volume,
        smallest_radius,
    })
}

/// How a microscope follows the particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Imaging {
    /// τ_f, time between frames (literature).
    pub frame_interval: Time,
    /// Error of localisation in each direction (choice).
    pub localisation: Length,
}

pub(super) fn read_imaging(table: &mut Table<'_, '_>) -> Option<Imaging> {
    Some(Imaging {
        frame_interval: table.default(
            key(
                "frame_interval",
                "τ_f, time between frames (literature)",
                "\"0.04 s\"",
            ),
            &positive::<kind::Time>(),
            "\"0.04 s\"",
        ),
        localisation: table.default(
            key(
                "localisation",
                "Error of localisation in each direction (choice)",
                "\"0 nm\"",
            ),
            &not_negative::<kind::Length>(),
            "\"0 nm\"",
        ),
    })
}

/// What is written during the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MigrationObserve {
    /// How often a line of averages is written to `table.csv`.
    pub table: Schedule,
    /// How often the particles are written to `trajectory.*.xyz`, as spheres.
    pub particles: Schedule,
    /// How often surface fields are written to `surface/`, for ParaView.
    pub surfaces: Schedule,
    /// Of how many particles the surface is written, from the first; 0 for none.
    pub surface_count: u64,
}

pub(super) fn read_observe(table: &mut Table<'_, '_>) -> Option<MigrationObserve> {
    Some(MigrationObserve {
        table: table.default(
            key(
                "table",
                "How often a line of averages is written to `table.csv`",
                "\"0.02 s\"",
            ),
            &ScheduleForm,
            "\"0.02 s\"",
        ),
        particles: table.default(
            key(
                "particles",
                "How often the particles are written to `trajectory.*.xyz`, as spheres",
                "\"0.1 s\"",
            ),
            &ScheduleForm,
            "\"0.1 s\"",
        ),
        surfaces: table.default(
            key(
                "surfaces",
                "How often surface fields are written to `surface/`, for ParaView",
                "\"0.1 s\"",
            ),
            &ScheduleForm,
            "\"0.1 s\"",
        ),
        surface_count: table.default(
            key(
                "surface_count",
                "Of how many particles the surface is written, from the first; 0 for none",
                "0",
            ),
            &Integer(0..=LARGEST),
            "0",
        ),
    })
}

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// How many particles.
    pub particles: u64,
    /// How long.
    pub duration: Time,
    /// Time step.
    pub timestep: Time,
    /// Temperature.
    pub temperature: Temperature,
    /// Total pressure.
    pub pressure: Pressure,
    /// Share of the gas that reacts.
    pub reactive_share: f64,
    /// Ratio of H2 to O2.
    pub hydrogen_to_oxygen: f64,
    /// Pressure of O2 by itself.
    pub oxygen: Option<Pressure>,
    /// Contact angle [degrees].
    pub contact_angle: f64,
    /// A file of quantities.
    pub quantities: Option<PathBuf>,
    /// The mesh.
    pub mesh: Mesh,
    /// Rates.
    pub kinetics: MigrationKinetics,
    /// Differences between facets and particles.
    pub heterogeneity: Heterogeneity,
    /// Noise.
    pub noise: ChemicalNoise,
    /// Gas.
    pub gas: MigrationGas,
    /// Forces.
    pub drive: Drive,
    /// Brownian motion.
    pub motion: MigrationMotion,
    /// A periodic support, if there is one.
    pub support: Option<MigrationSupport>,
    /// Radii.
    pub sizes: Sizes,
    /// Fields at the start.
    pub start: CapOrUniform,
    /// Ostwald ripening, if any.
    pub ripening: Option<Ripening>,
    /// The microscope.
    pub imaging: Imaging,
    /// What is written.
    pub observe: MigrationObserve,
}

//! Particles on a support, stepped together.

mod moving;
mod saved;
mod stages;

pub use saved::Saved;

use frit_engine::random::Streams;
use frit_engine::{Clock, Engine};

use crate::error::{ParameterError, SetupError, StepError};
use crate::field::Surface;
use crate::gas::{Composition, proxy_pressure};
use crate::kinetics::{RateLaw, Rates};
use crate::parameters::{Parameters, Support};
use crate::particles::{Particle, Particles};
use crate::ripening::MeanField;
use crate::start::random_particles;

/// A simulation of migrating particles.
///
/// One step: half of the ripening; the pool from the mean Cu fraction; the fields of all
/// particles; forces; motion, rotation and mergers; the other half of the ripening.
#[derive(Debug)]
pub struct Simulation {
    parameters: Parameters,
    streams: Streams,
    surface: Surface,
    rates: RateLaw,
    bulk: Composition,
    ripening: Option<MeanField>,
    particles: Particles,
    step: u64,
    /// O2 in the pool [Pa].
    oxygen: f64,
    /// R³ of dissolved particles that is not used up [m³].
    dissolved: f64,
    counters: Counters,
    mergers: Vec<(u64, u64)>,
}

/// Radius below which nothing is a particle [m].
const SMALLEST: f64 = 1e-10;

/// What happened so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Steps of a vertex.
    pub updates: u64,
    /// Steps in which a vertex between 0.02 and 0.98 left [0, 1] and was put back; above 1 % of
    /// the updates, the step is too long.
    pub clamps: u64,
    /// Mergers.
    pub mergers: u64,
    /// Particles that dissolved.
    pub dissolved: u64,
    /// Steps in which the smallest particle moved further at a time than it should.
    pub coarse_moves: u64,
}

/// Averages over the particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Time [s].
    pub time: f64,
    /// Particles.
    pub particles: usize,
    /// `<u>`, mean Cu fraction.
    pub copper: f64,
    /// Mean in-plane dipole d.
    pub dipole: f64,
    /// Mean length of the in-plane force [N].
    pub force: f64,
    /// O2 in the pool [Pa].
    pub oxygen: f64,
    /// Proxy of equations (5) and (6), `p_O k1 <u>` [Pa/s].
    pub proxy: f64,
    /// Mean radius [m].
    pub radius: f64,
    /// Deviation of the logarithm of the radii.
    pub radius_deviation: f64,
    /// Surface-weighted radius `Σ R³/Σ R²` [m]; dispersion is in proportion to its inverse.
    pub surface_radius: f64,
    /// Volume of all particles and of what is dissolved [m³].
    pub volume: f64,
}

impl Simulation {
    /// A simulation of `count` random particles.
    ///
    /// # Errors
    /// Says which parameter is wrong, why the step is unstable, or that there is no room.
    pub fn new(parameters: Parameters, count: usize, seed: u64) -> Result<Self, SetupError> {
        let particles = random_particles(&parameters, count, Streams::new(seed))?;
        Self::with_particles(parameters, &particles, seed)
    }

    /// A simulation of given particles.
    ///
    /// # Errors
    /// As [`Simulation::new`]; and if a field does not fit the mesh.
    pub fn with_particles(
        parameters: Parameters,
        given: &[Particle],
        seed: u64,
    ) -> Result<Self, SetupError> {
        parameters.check()?;
        if given.is_empty() {
            return Err(SetupError::Empty);
        }
        let surface = Surface::new(&parameters);
        let mut particles = Particles::new(surface.mesh.vertices());
        for (index, particle) in given.iter().enumerate() {
            check_particle(particle, index, &particles, &parameters)?;
            particles.push(particle);
        }
        let bulk = Composition::of(&parameters.conditions);
        let temperature = parameters.conditions.temperature;
        let mut simulation = Self {
            rates: RateLaw::new(&parameters.kinetics, temperature),
            streams: Streams::new(seed),
            ripening: parameters
                .ripening
                .map(|ripening| MeanField::new(&ripening, temperature)),
            surface,
            bulk,
            particles,
            step: 0,
            oxygen: bulk.oxygen,
            dissolved: 0.0,
            counters: Counters::default(),
            mergers: Vec::new(),
            parameters,
        };
        simulation.check_step()?;
        simulation.measure();
        simulation.oxygen = simulation.pool_after(0.0);
        simulation.set_forces();
        Ok(simulation)
    }

    /// Whether the fields can be stepped with this time step.
    fn check_step(&self) -> Result<(), SetupError> {
        let time_step = self.parameters.numerics.time_step;
        let smallest = self
            .particles
            .radius
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        let unstable = |process, limit, advice| SetupError::Unstable {
            process,
            time_step,
            limit,
            radius: smallest,
            advice,
        };
        let limit = self.surface.diffusion_limit(smallest);
        if time_step >= limit {
            let advice = " or adaptive diffusion";
            return Err(unstable("explicit surface diffusion", limit, advice));
        }
        // The bulk gas oxidises most, and no reaction is faster than these bounds of its slope.
        let kinetics = &self.parameters.kinetics;
        let Rates {
            reduction,
            oxidation,
        } = self.rates.at(self.bulk.hydrogen, self.bulk.oxygen);
        let activity = self.particles.activity.iter().copied().fold(0.0, f64::max);
        let slope = (1.0 + kinetics.spontaneous_share)
            * (reduction * activity + oxidation * (0.5 * kinetics.promotion.abs()).exp());
        if time_step * slope >= 2.0 {
            return Err(unstable("surface reaction", 2.0 / slope, ""));
        }
        if time_step >= 2.0 * kinetics.promoter_time {
            return Err(unstable("promoter", 2.0 * kinetics.promoter_time, ""));
        }
        Ok(self.parameters.check_frames()?)
    }

    /// The parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The mesh of each particle.
    pub fn mesh(&self) -> &crate::Mesh {
        &self.surface.mesh
    }

    /// The particles.
    pub fn particles(&self) -> &Particles {
        &self.particles
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// The mergers of the last step: the id that stayed, the id that went.
    pub fn mergers(&self) -> &[(u64, u64)] {
        &self.mergers
    }

    /// The gas in the pool.
    pub fn pool(&self) -> Composition {
        self.bulk.depleted(self.oxygen)
    }

    /// The rates in the pool, on a facet of activity 1.
    pub fn rates(&self) -> Rates {
        let pool = self.pool();
        self.rates.at(pool.hydrogen, pool.oxygen)
    }

    /// Averages over the particles.
    pub fn observe(&self) -> Observation {
        let count = self.particles.len();
        let mean =
            |value: &dyn Fn(usize) -> f64| (0..count).map(value).sum::<f64>() / (count as f64);
        let logarithm = mean(&|k| self.particles.radius[k].ln());
        let variance = mean(&|k| (self.particles.radius[k].ln() - logarithm).powi(2));
        let power = |n: i32| self.particles.radius.iter().map(|r| r.powi(n)).sum::<f64>();
        let copper = mean(&|k| self.particles.sums[k].copper);
        let gas = &self.parameters.gas;
        let uptake_rate = gas.uptake * gas.exchange_rate;
        Observation {
            time: self.clock().time,
            particles: count,
            copper,
            dipole: mean(&|k| self.particles.dipole(k)),
            force: mean(&|k| self.particles.force[k][0].hypot(self.particles.force[k][1])),
            oxygen: self.oxygen,
            proxy: proxy_pressure(self.oxygen, uptake_rate, copper),
            radius: power(1) / count as f64,
            radius_deviation: variance.sqrt(),
            surface_radius: power(3) / power(2),
            volume: 4.0 / 3.0 * std::f64::consts::PI * (power(3) + self.dissolved),
        }
    }
}

/// Whether a particle fits the mesh and the support.
fn check_particle(
    particle: &Particle,
    index: usize,
    particles: &Particles,
    parameters: &Parameters,
) -> Result<(), SetupError> {
    let fields = [
        ("copper", &particle.copper),
        ("promoter", &particle.promoter),
        ("activity", &particle.activity),
    ];
    for (field, values) in fields {
        if values.len() != particles.vertices {
            return Err(SetupError::Field {
                field,
                particle: index,
                found: values.len(),
                expected: particles.vertices,
            });
        }
        for &value in values {
            let fits = value.is_finite() && value >= 0.0 && (field == "activity" || value <= 1.0);
            if !fits {
                return Err(SetupError::Parameter(ParameterError {
                    name: field,
                    value,
                    unit: "on a vertex",
                    expected: "between 0 and 1 (the activity: not negative)",
                }));
            }
        }
    }
    crate::error::within(
        "radius of a particle",
        particle.radius * 1e9,
        "nm",
        particle.radius >= SMALLEST && particle.radius.is_finite(),
        "at least 0.1 nm, about the radius of an atom; take a smaller deviation of radii",
    )?;
    crate::error::finite("position of a particle", particle.position[0], "m")?;
    crate::error::finite("position of a particle", particle.position[1], "m")?;
    if let Support::Periodic { edge, capture_gap } = parameters.support
        && 2.0 * particle.radius + capture_gap > edge
    {
        return Err(SetupError::TooLarge {
            radius: particle.radius,
            gap: capture_gap,
            edge,
        });
    }
    Ok(())
}

impl Engine for Simulation {
    type Needs = ();
    type Error = StepError;

    fn clock(&self) -> Clock {
        Clock {
            step: self.step,
            time: self.step as f64 * self.parameters.numerics.time_step,
        }
    }

    fn coming(&self) -> Clock {
        Clock {
            step: self.step + 1,
            time: (self.step + 1) as f64 * self.parameters.numerics.time_step,
        }
    }

    fn join((): (), (): ()) {}

    fn advance(&mut self, (): ()) -> Result<(), StepError> {
        self.ripen()?;
        self.oxygen = self.pool_after(self.parameters.numerics.time_step);
        self.advance_fields();
        self.set_forces();
        self.advance_motion();
        self.ripen()?;
        self.step += 1;
        self.check_finite()
    }
}

//! Particles on a support, stepped together.

use frit_engine::random::{Purpose, Streams};
use frit_engine::{Clock, Engine};
use frit_units::constants::BOLTZMANN_SI;
use nalgebra::Vector3;
use rayon::prelude::*;

use crate::error::{ParameterError, RestoreError, SetupError, StepError};
use crate::field::{Scratch, Site, Sums, Surface};
use crate::gas::{Composition, pool_oxygen, proxy_pressure};
use crate::kinetics::{RateLaw, Rates};
use crate::merging::merge_contacts;
use crate::motion::{Brownian, diffusivity, rotate};
use crate::parameters::{ChemicalNoise, Inertia, Parameters, Rotation, Support};
use crate::particles::{Particle, Particles};
use crate::ripening::MeanField;
use crate::start::random_particles;

/// From this many vertices on, particles are worked on in parallel: waking threads costs more than
/// a few particles do. Each particle writes only its own results, so bits do not depend on it.
const PARALLEL: usize = 4096;

/// Particles that a thread takes at a time, at least.
const CHUNK: usize = 4;

/// Share of the smallest radius by which particles may move in one part of a step: by diffusion,
/// and by drift.
const SHORT_MOVE: [f64; 2] = [0.25, 0.1];

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
    /// Surface-weighted radius `Σ R³/Σ R²` [m]; dispersion is in proportion to its inverse.
    pub surface_radius: f64,
    /// Volume of all particles and of what is dissolved [m³].
    pub volume: f64,
}

/// State as plain named arrays; to be kept to the bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Steps made.
    pub step: u64,
    /// Arrays of integers.
    pub integers: Vec<(String, Vec<u64>)>,
    /// Arrays of numbers.
    pub numbers: Vec<(String, Vec<f64>)>,
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
            let advice = " or implicit diffusion";
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
        Ok(())
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
            surface_radius: power(3) / power(2),
            volume: 4.0 / 3.0 * std::f64::consts::PI * (power(3) + self.dissolved),
        }
    }

    /// All state; with the parameters and the seed it continues the run to the bit.
    pub fn save(&self) -> Saved {
        let c = &self.counters;
        let counters = vec![c.updates, c.clamps, c.mergers, c.dissolved, c.coarse_moves];
        let last = self.mergers.iter().flat_map(|&(stays, goes)| [stays, goes]);
        let integers = vec![
            ("id".to_owned(), self.particles.id.clone()),
            ("ancestors".to_owned(), self.particles.ancestors.clone()),
            ("counters".to_owned(), counters),
            ("mergers".to_owned(), last.collect()),
        ];
        let mut numbers = vec![("pool".to_owned(), vec![self.oxygen, self.dissolved])];
        let columns = self.particles.numbers().into_iter();
        numbers.extend(columns.map(|(name, values)| (name.to_owned(), values)));
        Saved {
            step: self.step,
            integers,
            numbers,
        }
    }

    /// Takes on a saved state of a simulation with the same parameters and seed.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn restore(&mut self, saved: &Saved) -> Result<(), RestoreError> {
        let names = |saved: &Saved| -> Vec<String> {
            let integers = saved.integers.iter().map(|(name, _)| name.clone());
            let numbers = saved.numbers.iter().map(|(name, _)| name.clone());
            integers.chain(numbers).collect()
        };
        let (found, expected) = (names(saved), names(&self.save()));
        if found != expected {
            return Err(RestoreError::Arrays { found, expected });
        }
        let length = |name: &str, found: usize, expected: usize| {
            if found == expected {
                return Ok(());
            }
            Err(RestoreError::Length {
                name: name.to_owned(),
                found,
                expected,
            })
        };
        // The names are those of `save`, in its order.
        let [id, ancestors, counters, mergers] = [0, 1, 2, 3].map(|k| &saved.integers[k].1);
        length("ancestors", ancestors.len(), id.len())?;
        length("counters", counters.len(), 5)?;
        length("mergers", mergers.len(), mergers.len() / 2 * 2)?;
        let pool = &saved.numbers[0].1;
        length("pool", pool.len(), 2)?;
        let column = |name: &str, each: usize| {
            let known = saved.numbers.iter().find(|(other, _)| other == name);
            let values = known.map(|(_, values)| values.clone()).unwrap_or_default();
            length(name, values.len(), each * id.len())?;
            Ok(values)
        };
        let vertices = self.surface.mesh.vertices();
        self.particles = Particles::from_numbers(vertices, id.clone(), ancestors.clone(), column)?;
        self.counters = Counters {
            updates: counters[0],
            clamps: counters[1],
            mergers: counters[2],
            dissolved: counters[3],
            coarse_moves: counters[4],
        };
        self.mergers = mergers
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect();
        (self.step, self.oxygen, self.dissolved) = (saved.step, pool[0], pool[1]);
        Ok(())
    }

    /// O2 in the pool after `time` [s] with the present mean Cu fraction.
    fn pool_after(&self, time: f64) -> f64 {
        let sums = &self.particles.sums;
        let mean = sums.iter().map(|sums| sums.copper).sum::<f64>() / sums.len() as f64;
        pool_oxygen(
            &self.parameters.gas,
            self.bulk.oxygen,
            self.oxygen,
            mean,
            time,
        )
    }

    /// Recomputes the sums over all surfaces.
    fn measure(&mut self) {
        let surface = &self.surface;
        let mut scratch = Scratch::new(surface.mesh.vertices());
        for k in 0..self.particles.len() {
            let block = self.particles.block(k);
            self.particles.sums[k] = surface.sums(
                &self.particles.orientation[k],
                &self.particles.copper[block.clone()],
                &self.particles.promoter[block],
                &mut scratch,
            );
        }
    }

    /// One step of the fields of all particles.
    fn advance_fields(&mut self) {
        let (surface, step, streams) = (&self.surface, self.step, self.streams);
        let noisy = self.parameters.noise != ChemicalNoise::Off;
        let pool = self.bulk.depleted(self.oxygen);
        let rates = self.rates.at(pool.hydrogen, pool.oxygen);
        let particles = &mut self.particles;
        let vertices = particles.vertices;
        let (id, radius) = (&particles.id, &particles.radius);
        let (orientation, activity) = (&particles.orientation, &particles.activity);
        let one = |scratch: &mut Scratch,
                   k: usize,
                   sums: &mut Sums,
                   copper: &mut [f64],
                   promoter: &mut [f64]| {
            let site = Site {
                radius: radius[k],
                orientation: &orientation[k],
                activity: &activity[k * vertices..(k + 1) * vertices],
            };
            let mut stream = streams.stream(Purpose::SurfaceReaction, step, id[k]);
            let noise = noisy.then_some(&mut stream);
            let clamps = surface.advance(&site, rates, sums, [copper, promoter], noise, scratch);
            *sums = surface.sums(site.orientation, copper, promoter, scratch);
            clamps
        };
        let clamps: u64 = if particles.copper.len() < PARALLEL {
            let mut scratch = Scratch::new(vertices);
            let fields = particles
                .copper
                .chunks_mut(vertices)
                .zip(particles.promoter.chunks_mut(vertices));
            let all = particles.sums.iter_mut().zip(fields).enumerate();
            all.map(|(k, (sums, (u, s)))| one(&mut scratch, k, sums, u, s))
                .sum()
        } else {
            let fields = particles
                .copper
                .par_chunks_mut(vertices)
                .zip(particles.promoter.par_chunks_mut(vertices));
            let all = particles.sums.par_iter_mut().zip(fields).enumerate();
            // A sum of integers: the same in any order.
            all.with_min_len(CHUNK)
                .map_init(
                    || Scratch::new(vertices),
                    |scratch, (k, (sums, (u, s)))| one(scratch, k, sums, u, s),
                )
                .sum()
        };
        self.counters.clamps += clamps;
        self.counters.updates += particles.copper.len() as u64;
    }

    /// Forces from the sums: `Γ p_O R² Σ y n a + G_ad R d` along the support, and the external.
    fn set_forces(&mut self) {
        let drive = &self.parameters.drive;
        for k in 0..self.particles.len() {
            let (radius, sums) = (self.particles.radius[k], &self.particles.sums[k]);
            let pressure = drive.gain * self.oxygen * radius * radius;
            let total: Vector3<f64> =
                pressure * sums.deficit + drive.adhesion * radius * sums.dipole;
            self.particles.force[k] = [0, 1].map(|axis| total[axis] + drive.external[axis]);
        }
    }

    fn diffusivity(&self, radius: f64) -> f64 {
        diffusivity(
            &self.parameters.motion,
            radius,
            self.parameters.conditions.temperature,
            self.parameters.kinetics.reference_temperature,
        )
    }

    /// Into how many parts the motion of this step is divided.
    fn substeps(&mut self) -> u32 {
        let Support::Periodic { .. } = self.parameters.support else {
            // Nothing to miss.
            return 1;
        };
        let time = self.parameters.numerics.time_step;
        let thermal = BOLTZMANN_SI * self.parameters.conditions.temperature;
        let (mut parts, mut smallest) = (0.0_f64, f64::INFINITY);
        let mut fastest = [0.0_f64; 2];
        for k in 0..self.particles.len() {
            let radius = self.particles.radius[k];
            let diffusivity = self.diffusivity(radius);
            let [x, y] = self.particles.force[k];
            smallest = smallest.min(radius);
            fastest[0] = fastest[0].max(diffusivity);
            fastest[1] = fastest[1].max(diffusivity / thermal * x.hypot(y));
        }
        parts = parts.max(4.0 * fastest[0] * time / (SHORT_MOVE[0] * smallest).powi(2));
        parts = parts.max(fastest[1] * time / (SHORT_MOVE[1] * smallest));
        let most = self.parameters.motion.most_substeps;
        if parts > f64::from(most) {
            self.counters.coarse_moves += 1;
        }
        // Saturates, and is 0 for particles that rest.
        (parts.ceil() as u32).clamp(1, most)
    }

    /// Moves all particles and merges those that touch.
    fn advance_motion(&mut self) {
        self.mergers.clear();
        let parts = self.substeps();
        let time = self.parameters.numerics.time_step / f64::from(parts);
        for part in 0..parts {
            // Each part has its own numbers.
            let streams = self.streams.branch(part.into());
            self.displace(streams, time);
            if let Support::Periodic { edge, capture_gap } = self.parameters.support {
                let merged = merge_contacts(&mut self.particles, &self.surface, edge, capture_gap);
                if !merged.is_empty() {
                    self.measure_merged(&merged);
                    self.counters.mergers += merged.len() as u64;
                    self.mergers.extend(merged);
                }
            }
        }
    }

    /// New sums and forces for particles that merged.
    fn measure_merged(&mut self, merged: &[(u64, u64)]) {
        let mut scratch = Scratch::new(self.particles.vertices);
        for k in 0..self.particles.len() {
            if !merged
                .iter()
                .any(|&(stays, _)| stays == self.particles.id[k])
            {
                continue;
            }
            let block = self.particles.block(k);
            self.particles.sums[k] = self.surface.sums(
                &self.particles.orientation[k],
                &self.particles.copper[block.clone()],
                &self.particles.promoter[block],
                &mut scratch,
            );
        }
        self.set_forces();
    }

    /// Brownian displacement and rotation of all particles over `time` [s].
    fn displace(&mut self, streams: Streams, time: f64) {
        let motion = self.parameters.motion;
        let thermal = BOLTZMANN_SI * self.parameters.conditions.temperature;
        for k in 0..self.particles.len() {
            let radius = self.particles.radius[k];
            let diffusivity = self.diffusivity(radius);
            let brownian = match motion.inertia {
                Inertia::Overdamped => Brownian::overdamped(diffusivity, thermal, time),
                Inertia::Underdamped { density } => {
                    let mass = 4.0 / 3.0 * std::f64::consts::PI * radius.powi(3) * density;
                    Brownian::underdamped(diffusivity, thermal, mass, time)
                }
            };
            let id = self.particles.id[k];
            let mut stream = streams.stream(Purpose::ParticleMotion, self.step, id);
            let (first, second) = match motion.inertia {
                Inertia::Overdamped => (stream.normal_pair(), [0.0; 2]),
                Inertia::Underdamped { .. } => (stream.normal_pair(), stream.normal_pair()),
            };
            for axis in 0..2 {
                brownian.advance(
                    &mut self.particles.position[k][axis],
                    &mut self.particles.velocity[k][axis],
                    self.particles.force[k][axis],
                    [first[axis], second[axis]],
                );
            }
            if let Rotation::Free { ratio } | Rotation::InPlane { ratio } = motion.rotation {
                let rate = ratio * diffusivity / (radius * radius);
                let mut stream = streams.stream(Purpose::ParticleRotation, self.step, id);
                let orientation = &mut self.particles.orientation[k];
                rotate(orientation, motion.rotation, rate, time, &mut stream);
            }
        }
    }

    /// Half a step of ripening.
    fn ripen(&mut self) -> Result<(), StepError> {
        let Some(ripening) = &self.ripening else {
            return Ok(());
        };
        let half = 0.5 * self.parameters.numerics.time_step;
        ripening
            .advance(&mut self.particles.radius, &mut self.dissolved, half)
            .map_err(|source| StepError::Ripening {
                step: self.step + 1,
                source,
            })?;
        let keep: Vec<bool> = self.particles.radius.iter().map(|&r| r > 0.0).collect();
        let gone = keep.iter().filter(|&&keep| !keep).count();
        if gone > 0 {
            self.particles.retain(&keep);
            self.counters.dissolved += gone as u64;
        }
        if self.particles.is_empty() {
            return Err(StepError::Ripening {
                step: self.step + 1,
                source: crate::ripening::RipeningError::Dissolved,
            });
        }
        for (k, &radius) in self.particles.radius.iter().enumerate() {
            if self.parameters.numerics.time_step >= self.surface.diffusion_limit(radius) {
                return Err(StepError::Unstable {
                    step: self.step + 1,
                    particle: self.particles.id[k],
                    radius,
                });
            }
        }
        Ok(())
    }

    /// Whether all particles are in finite places and fields are numbers.
    fn check_finite(&self) -> Result<(), StepError> {
        for k in 0..self.particles.len() {
            let [x, y] = self.particles.position[k];
            if !(x + y + self.particles.sums[k].copper).is_finite() {
                return Err(StepError::NotFinite {
                    step: self.step,
                    time: self.clock().time,
                    particle: self.particles.id[k],
                    radius: self.particles.radius[k],
                });
            }
        }
        Ok(())
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
    crate::error::positive("radius of a particle", particle.radius, "m")?;
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

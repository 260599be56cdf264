//! The field on one particle: Cu fraction u and promoter s on each vertex, and their step.

use frit_engine::random::Stream;
use nalgebra::{UnitQuaternion, Vector3};

use crate::kinetics::Rates;
use crate::mesh::Mesh;
use crate::parameters::{ChemicalNoise, Diffusion, Parameters};
use crate::pressure::Deficit;

/// Two independent increments with mean 0 and variance 1, uniform in (-√3, √3).
///
/// Normal numbers would be no better: with steps of finite length the scheme is of weak order 1
/// for any symmetric increments of the right variance (Kloeden and Platen 1992, Numerical Solution
/// of Stochastic Differential Equations, section 14.1), and these cost an eighth.
#[inline]
fn increments(stream: &mut Stream) -> [f64; 2] {
    const SCALE: f64 = 1.732_050_807_568_877_2 / (1_u64 << 31) as f64;
    let bits = stream.bits();
    let uniform = |half: u64| (f64::from(half as u32 as i32) + 0.5) * SCALE;
    [uniform(bits), uniform(bits >> 32)]
}

/// Between these Cu fractions a value that leaves [0, 1] in one step counts as a clamp: outside,
/// noise is expected to reach the ends.
const INNER: std::ops::RangeInclusive<f64> = 0.02..=0.98;

/// The steps of surface fields, the same for all particles.
#[derive(Debug, Clone)]
pub(crate) struct Surface {
    pub(crate) mesh: Mesh,
    deficit: Deficit,
    /// 1 for vertices that meet gas in the orientation at the start, 0 for the others.
    exposure: Vec<f64>,
    contact_cosine: f64,
    spontaneous_share: f64,
    promotion: f64,
    promoter_sharing: f64,
    promoter_step: f64,
    boundary_diffusivity: f64,
    diffusion: Diffusion,
    time_step: f64,
    /// `dt/(N_i/R²)` of each vertex; empty without noise.
    noise: Vec<f64>,
}

/// Work memory for one particle.
#[derive(Debug)]
pub(crate) struct Scratch {
    exposure: Vec<f64>,
    rate: Vec<f64>,
    turnover: Vec<f64>,
    barrier: Vec<f64>,
    before: Vec<f64>,
    laplacian: Vec<f64>,
    extra: Vec<f64>,
}

impl Scratch {
    pub(crate) fn new(vertices: usize) -> Self {
        let zeros = || vec![0.0; vertices];
        Self {
            exposure: zeros(),
            rate: zeros(),
            turnover: zeros(),
            barrier: zeros(),
            before: zeros(),
            laplacian: zeros(),
            extra: zeros(),
        }
    }
}

/// Sums over one particle's surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// ubar, Cu fraction of the exposed surface.
    pub copper: f64,
    /// sbar, promoter of the exposed surface.
    pub promoter: f64,
    /// `Σ y_i n_i a_i` in the frame of the support, y the deficit in units of the O2 pressure.
    pub deficit: Vector3<f64>,
    /// `Σ u_i m_i n_i a_i/π` in the frame of the support; its in-plane part is d, which is 1 for
    /// a half of Cu and a half of oxide side by side.
    pub dipole: Vector3<f64>,
}

/// What a step of a field needs to know about its particle.
pub(crate) struct Site<'a> {
    pub(crate) radius: f64,
    pub(crate) orientation: &'a UnitQuaternion<f64>,
    /// z, factors of the reduction.
    pub(crate) activity: &'a [f64],
}

impl Surface {
    pub(crate) fn new(parameters: &Parameters) -> Self {
        let mesh = Mesh::icosphere(parameters.numerics.subdivisions);
        let kinetics = &parameters.kinetics;
        let time_step = parameters.numerics.time_step;
        let noise = match parameters.noise {
            ChemicalNoise::Off => Vec::new(),
            ChemicalNoise::Langevin {
                site_density,
                layers,
            } => {
                let width = |area: &f64| time_step / (site_density * layers * area);
                mesh.areas().iter().map(width).collect()
            }
        };
        let mut surface = Self {
            deficit: Deficit::new(&parameters.gas, &mesh),
            exposure: vec![0.0; mesh.vertices()],
            contact_cosine: parameters.contact_angle.cos(),
            spontaneous_share: kinetics.spontaneous_share,
            promotion: kinetics.promotion,
            promoter_sharing: kinetics.promoter_sharing,
            promoter_step: time_step / kinetics.promoter_time,
            boundary_diffusivity: kinetics.boundary_diffusivity,
            diffusion: parameters.numerics.diffusion,
            time_step,
            noise,
            mesh,
        };
        let mut exposure = vec![0.0; surface.mesh.vertices()];
        surface.expose(&UnitQuaternion::identity(), &mut exposure);
        surface.exposure = exposure;
        surface
    }

    /// Which vertices meet gas. Whole spheres have no contact, even at the lowest vertex.
    fn expose(&self, orientation: &UnitQuaternion<f64>, out: &mut [f64]) {
        // The support's normal seen from the body.
        let up = orientation.inverse() * Vector3::z();
        for (out, normal) in out.iter_mut().zip(self.mesh.normals()) {
            let meets_gas = self.contact_cosine <= -1.0 || normal.dot(&up) > self.contact_cosine;
            *out = f64::from(u8::from(meets_gas));
        }
    }

    /// The exposure of a particle, taken from the one at the start or computed into `own`.
    fn exposure<'a>(
        &'a self,
        orientation: &UnitQuaternion<f64>,
        own: &'a mut Vec<f64>,
    ) -> &'a [f64] {
        if *orientation == UnitQuaternion::identity() {
            return &self.exposure;
        }
        self.expose(orientation, own);
        own
    }

    /// The largest time step [s] for which diffusion on a particle of `radius` [m] is stable.
    pub(crate) fn diffusion_limit(&self, radius: f64) -> f64 {
        match self.diffusion {
            Diffusion::Implicit | Diffusion::Adaptive => f64::INFINITY,
            Diffusion::Explicit => self.explicit_limit(radius),
        }
    }

    fn explicit_limit(&self, radius: f64) -> f64 {
        2.0 * radius * radius / (self.boundary_diffusivity * self.mesh.spectral_bound())
    }

    /// Whether diffusion on a particle of `radius` [m] is explicit.
    fn is_explicit(&self, radius: f64) -> bool {
        match self.diffusion {
            Diffusion::Explicit => true,
            Diffusion::Implicit => false,
            Diffusion::Adaptive => 2.0 * self.time_step < self.explicit_limit(radius),
        }
    }

    /// One step of u and s. Returns how often u had to be clamped to [0, 1].
    ///
    /// Euler-Maruyama: `u += dt (red - ox + D_u/R² L u) + √((red + ox) dt/N) ξ`, with the
    /// diffusion explicit or implicit, and `s += dt/τ_s (u - s)` with the u of before. The ξ are
    /// uniform, see [`increments`].
    pub(crate) fn advance(
        &self,
        site: &Site,
        rates: Rates,
        sums: &Sums,
        [copper, promoter]: [&mut [f64]; 2],
        noise: Option<&mut Stream>,
        scratch: &mut Scratch,
    ) -> u64 {
        self.react(site, rates, sums, [copper, promoter], scratch);
        if let Some(stream) = noise {
            self.add_noise(site.radius, stream, scratch);
        }
        let Scratch {
            rate,
            before,
            laplacian,
            extra,
            ..
        } = scratch;
        before.copy_from_slice(copper);
        let strength = self.time_step * self.boundary_diffusivity / (site.radius * site.radius);
        if self.is_explicit(site.radius) {
            self.mesh.laplacian(before, laplacian);
            let changes = rate.iter().zip(laplacian.iter());
            for (copper, (rate, laplacian)) in copper.iter_mut().zip(changes) {
                *copper += rate + strength * laplacian;
            }
        } else {
            for (copper, rate) in copper.iter_mut().zip(rate.iter()) {
                *copper += rate;
            }
            self.mesh
                .solve_implicit(strength, copper, [rate, laplacian, extra]);
        }
        let mut clamps = 0;
        let fields = copper.iter_mut().zip(promoter).zip(before.iter());
        for ((copper, promoter), before) in fields {
            *promoter += self.promoter_step * (before - *promoter);
            let clamped = copper.clamp(0.0, 1.0);
            clamps += u64::from((clamped != *copper) & INNER.contains(before));
            *copper = clamped;
        }
        clamps
    }

    /// Sets the change of u by reactions in this step, `dt (red - ox)`, and their sum `red + ox`.
    fn react(
        &self,
        site: &Site,
        rates: Rates,
        sums: &Sums,
        [copper, promoter]: [&[f64]; 2],
        scratch: &mut Scratch,
    ) {
        let Scratch {
            exposure,
            rate,
            turnover,
            barrier,
            ..
        } = scratch;
        let exposure = self.exposure(site.orientation, exposure);
        // g (s~ - 1/2) with s~ = (1 - η) s + η sbar.
        let own = self.promotion * (1.0 - self.promoter_sharing);
        let common = self.promotion * (self.promoter_sharing * sums.promoter - 0.5);
        for (barrier, promoter) in barrier.iter_mut().zip(promoter) {
            *barrier = (own * promoter + common).exp();
        }
        let e = self.spontaneous_share;
        // Slices of one known length need no checks in the loop.
        let n = copper.len();
        let (rate, turnover, barrier) = (&mut rate[..n], &mut turnover[..n], &barrier[..n]);
        let (exposure, activity) = (&exposure[..n], &site.activity[..n]);
        for i in 0..n {
            let (u, oxide) = (copper[i], 1.0 - copper[i]);
            let forward = rates.reduction * activity[i] * exposure[i] * oxide * (e + u * u);
            let back = rates.oxidation * barrier[i] * exposure[i] * u * (e + oxide * oxide);
            rate[i] = self.time_step * (forward - back);
            turnover[i] = forward + back;
        }
    }

    /// Adds the noise of the reactions to their change of u.
    fn add_noise(&self, radius: f64, stream: &mut Stream, scratch: &mut Scratch) {
        let per_area = 1.0 / (radius * radius);
        let (rate, turnover) = (&mut scratch.rate, &scratch.turnover);
        // Icospheres have an even number of vertices.
        let pairs = rate.chunks_exact_mut(2).zip(turnover.chunks_exact(2));
        for ((rate, turnover), noise) in pairs.zip(self.noise.chunks_exact(2)) {
            let increments = increments(stream);
            for k in 0..2 {
                rate[k] += (turnover[k] * noise[k] * per_area).sqrt() * increments[k];
            }
        }
    }

    /// The sums over a particle's surface.
    pub(crate) fn sums(
        &self,
        orientation: &UnitQuaternion<f64>,
        copper: &[f64],
        promoter: &[f64],
        scratch: &mut Scratch,
    ) -> Sums {
        let Scratch {
            exposure,
            rate: deficit,
            ..
        } = scratch;
        let exposure = self.exposure(orientation, exposure);
        self.deficit.evaluate(&self.mesh, copper, exposure, deficit);
        let n = copper.len();
        let (areas, normals) = (&self.mesh.areas()[..n], &self.mesh.normals()[..n]);
        let (exposure, promoter) = (&exposure[..n], &promoter[..n]);
        let deficit = &deficit[..n];
        let (mut area, mut means) = (0.0, [0.0; 2]);
        let (mut push, mut dipole) = (Vector3::zeros(), Vector3::zeros());
        for i in 0..n {
            let open = areas[i] * exposure[i];
            let metal = open * copper[i];
            area += open;
            means[0] += metal;
            means[1] += open * promoter[i];
            push += normals[i] * (areas[i] * deficit[i]);
            dipole += normals[i] * metal;
        }
        Sums {
            copper: means[0] / area,
            promoter: means[1] / area,
            deficit: orientation * push,
            dipole: orientation * dipole / std::f64::consts::PI,
        }
    }

    /// Shifts a field by a constant, within [0, 1], until its mean over the exposed surface is
    /// `mean`, which lies in [0, 1] itself.
    pub(crate) fn shift_to_mean(
        &self,
        orientation: &UnitQuaternion<f64>,
        field: &mut [f64],
        mean: f64,
    ) {
        let mut own = vec![0.0; field.len()];
        let exposure = self.exposure(orientation, &mut own);
        let shifted = |shift: f64| {
            let (mut sum, mut area) = (0.0, 0.0);
            for (i, &value) in field.iter().enumerate() {
                let open = self.mesh.areas()[i] * exposure[i];
                sum += open * (value + shift).clamp(0.0, 1.0);
                area += open;
            }
            sum / area
        };
        let (mut low, mut high) = (-1.0, 1.0);
        // Each halving gains one bit.
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if shifted(middle) < mean {
                low = middle;
            } else {
                high = middle;
            }
        }
        let shift = f64::midpoint(low, high);
        for value in field {
            *value = (*value + shift).clamp(0.0, 1.0);
        }
    }
}

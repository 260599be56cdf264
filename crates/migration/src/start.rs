//! Particles to start from: radii, places, facets and fields.

use frit_engine::random::{Purpose, Streams};
use nalgebra::Vector3;
use rayon::prelude::*;

use crate::contacts::shortest;
use crate::error::SetupError;
use crate::mesh::Mesh;
use crate::parameters::{Parameters, Start, Support};
use crate::particles::Particle;

/// Places tried for one particle before giving up.
const ATTEMPTS: usize = 20_000;

/// Random particles as the parameters describe them: a function of the streams and the number.
///
/// Radii are log-normal with the given mean. On a periodic support the larger particles find a
/// free place first, each at random.
///
/// # Errors
/// If a parameter is out of its range, or if there is no room.
pub fn random_particles(
    parameters: &Parameters,
    count: usize,
    streams: Streams,
) -> Result<Vec<Particle>, SetupError> {
    parameters.check()?;
    let mesh = Mesh::icosphere(parameters.numerics.subdivisions);
    let deviation = parameters.sizes.deviation;
    let radius = |index: u64| {
        let normal = streams.stream(Purpose::ParticleRadius, 0, index).normal();
        parameters.sizes.mean * (deviation * normal - 0.5 * deviation * deviation).exp()
    };
    let radii: Vec<f64> = (0..count as u64).map(radius).collect();
    let places = match parameters.support {
        Support::Separate => vec![[0.0; 2]; count],
        Support::Periodic { edge, capture_gap } => place(&radii, edge, capture_gap, streams)?,
    };
    // Each particle for itself: the same in any order.
    let particles = places.into_par_iter().enumerate();
    Ok(particles
        .map(|(k, position)| {
            let index = k as u64;
            let copper = initial_field(&mesh, parameters.start, streams, index);
            Particle {
                radius: radii[k],
                position,
                promoter: copper.clone(),
                copper,
                activity: activity(&mesh, parameters, streams, index),
            }
        })
        .collect())
}

/// u at the start.
fn initial_field(mesh: &Mesh, start: Start, streams: Streams, index: u64) -> Vec<f64> {
    match start {
        Start::Uniform { copper } => vec![copper; mesh.vertices()],
        Start::Cap {
            share,
            inside,
            outside,
        } => {
            let mut stream = streams.stream(Purpose::SurfaceStart, 0, index);
            let [x, y] = stream.normal_pair();
            let axis = Vector3::new(x, y, stream.normal()).normalize();
            let field = |within: f64| outside + within * (inside - outside);
            mesh.cap(&axis, share).into_iter().map(field).collect()
        }
    }
}

/// z: `exp(hz G + het ξ)`, G a smooth random field of mean 0 and variance 1 over the particle, made
/// from white noise by a flow of heat, ξ normal.
fn activity(mesh: &Mesh, parameters: &Parameters, streams: Streams, index: u64) -> Vec<f64> {
    let heterogeneity = &parameters.heterogeneity;
    let mut stream = streams.stream(Purpose::Heterogeneity, 0, index);
    let common = heterogeneity.particles * stream.normal();
    let areas = mesh.areas();
    let mut field: Vec<f64> = areas.iter().map(|a| stream.normal() / a.sqrt()).collect();
    mesh.heat(&mut field, heterogeneity.smoothing);
    let total: f64 = areas.iter().sum();
    let mean_of = |values: &dyn Fn(f64) -> f64| {
        let terms = field.iter().zip(areas).map(|(&f, a)| a * values(f));
        terms.sum::<f64>() / total
    };
    let mean = mean_of(&|f| f);
    let width = mean_of(&|f| (f - mean) * (f - mean)).sqrt();
    let factor = |&f: &f64| (heterogeneity.facets * (f - mean) / width + common).exp();
    field.iter().map(factor).collect()
}

/// Random places without contact, found one after the other, the largest first.
fn place(
    radii: &[f64],
    edge: f64,
    gap: f64,
    streams: Streams,
) -> Result<Vec<[f64; 2]>, SetupError> {
    let largest = radii.iter().copied().fold(0.0, f64::max);
    let reach = 2.0 * largest + gap;
    if reach > edge {
        return Err(SetupError::TooLarge {
            radius: largest,
            gap,
            edge,
        });
    }
    let cells = ((edge / reach).floor() as usize).clamp(1, 4096);
    let cell = |x: f64| ((x / edge * cells as f64) as usize).min(cells - 1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); cells * cells];
    let mut places = vec![[0.0; 2]; radii.len()];
    let mut order: Vec<usize> = (0..radii.len()).collect();
    order.sort_by(|&a, &b| radii[b].total_cmp(&radii[a]).then(a.cmp(&b)));
    for (done, &particle) in order.iter().enumerate() {
        let mut stream = streams.stream(Purpose::ParticlePlace, 0, particle as u64);
        let free = |place: [f64; 2], places: &[[f64; 2]], members: &[Vec<usize>]| {
            let around = [cells - 1, 0, 1];
            around.iter().all(|up| {
                around.iter().all(|right| {
                    let row = (cell(place[1]) + up) % cells;
                    let column = (cell(place[0]) + right) % cells;
                    members[row * cells + column].iter().all(|&other| {
                        let [x, y] = shortest(place, places[other], edge);
                        x.hypot(y) >= radii[particle] + radii[other] + gap
                    })
                })
            })
        };
        let found = (0..ATTEMPTS)
            .map(|_| [edge * stream.uniform(), edge * stream.uniform()])
            .find(|&place| free(place, &places, &members))
            .ok_or_else(|| SetupError::NoRoom {
                particle: done + 1,
                particles: radii.len(),
                attempts: ATTEMPTS,
                coverage: std::f64::consts::PI * radii.iter().map(|r| r * r).sum::<f64>()
                    / (edge * edge),
            })?;
        places[particle] = found;
        members[cell(found[1]) * cells + cell(found[0])].push(particle);
    }
    Ok(places)
}

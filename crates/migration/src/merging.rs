//! Two particles become one.

use nalgebra::Vector3;

use crate::contacts::{contacts, shortest};
use crate::field::Surface;
use crate::particles::Particles;

/// Radius and volume-weighted position of two particles that merge; the position lies near the
/// first.
pub fn merged(radius: [f64; 2], position: [[f64; 2]; 2], edge: f64) -> (f64, [f64; 2]) {
    let volume = radius.map(|radius| radius.powi(3));
    let total = volume[0] + volume[1];
    let way = shortest(position[0], position[1], edge);
    let share = volume[1] / total;
    (
        total.cbrt(),
        [0, 1].map(|k| position[0][k] + share * way[k]),
    )
}

/// Merges all that touch, and what then touches, until nothing does. Returns the pairs of ids, the
/// id that stays first.
///
/// Pairs are taken in the order of their indices; a particle takes part in one merger at a time.
/// The larger keeps its id and its orientation. Momentum is kept. Each vertex takes the field of
/// the parent on whose side it lies, at the place that looks the same way; then u and s are
/// shifted to the mean of the parents, weighted with their areas.
pub(crate) fn merge_contacts(
    particles: &mut Particles,
    surface: &Surface,
    edge: f64,
    gap: f64,
) -> Vec<(u64, u64)> {
    let mut mergers = Vec::new();
    loop {
        let pairs = contacts(&particles.position, &particles.radius, edge, gap);
        if pairs.is_empty() {
            return mergers;
        }
        let mut keep = vec![true; particles.len()];
        let mut used = vec![false; particles.len()];
        for (first, second) in pairs {
            if used[first] || used[second] {
                continue;
            }
            (used[first], used[second]) = (true, true);
            let first_stays = particles.radius[first] >= particles.radius[second];
            let (stays, goes) = if first_stays {
                (first, second)
            } else {
                (second, first)
            };
            merge(particles, surface, edge, stays, goes);
            mergers.push((particles.id[stays], particles.id[goes]));
            keep[goes] = false;
        }
        particles.retain(&keep);
    }
}

/// Puts `goes` into `stays`.
fn merge(particles: &mut Particles, surface: &Surface, edge: f64, stays: usize, goes: usize) {
    let parents = [stays, goes];
    let radius = parents.map(|k| particles.radius[k]);
    let position = parents.map(|k| particles.position[k]);
    transfer_fields(particles, surface, edge, stays, goes);
    let (sum, centre) = merged(radius, position, edge);
    let share = (radius[1] / sum).powi(3);
    particles.velocity[stays] = [0, 1].map(|k| {
        let [own, other] = parents.map(|parent| particles.velocity[parent][k]);
        own + share * (other - own)
    });
    particles.radius[stays] = sum;
    particles.position[stays] = centre;
    particles.ancestors[stays] += particles.ancestors[goes];
}

/// Gives `stays` its part of the field of `goes`.
fn transfer_fields(
    particles: &mut Particles,
    surface: &Surface,
    edge: f64,
    stays: usize,
    goes: usize,
) {
    let [x, y] = shortest(particles.position[stays], particles.position[goes], edge);
    let way = Vector3::new(x, y, 0.0);
    let (own, other) = (particles.orientation[stays], particles.orientation[goes]);
    for (vertex, normal) in surface.mesh.normals().iter().enumerate() {
        let direction = own * normal;
        if direction.dot(&way) <= 0.0 {
            continue;
        }
        let source = if own == other {
            vertex
        } else {
            surface.mesh.nearest(&(other.inverse() * direction))
        };
        let (to, from) = (
            stays * particles.vertices + vertex,
            goes * particles.vertices + source,
        );
        particles.copper[to] = particles.copper[from];
        particles.promoter[to] = particles.promoter[from];
        particles.activity[to] = particles.activity[from];
    }
    let area = [stays, goes].map(|k| particles.radius[k].powi(2));
    let mean = |values: [f64; 2]| {
        ((area[0] * values[0] + area[1] * values[1]) / (area[0] + area[1])).clamp(0.0, 1.0)
    };
    let sums = [stays, goes].map(|k| particles.sums[k]);
    let block = particles.block(stays);
    let (copper, promoter) = (
        mean(sums.map(|sums| sums.copper)),
        mean(sums.map(|sums| sums.promoter)),
    );
    surface.shift_to_mean(&own, &mut particles.copper[block.clone()], copper);
    surface.shift_to_mean(&own, &mut particles.promoter[block], promoter);
    // Later mergers in the same step see these means.
    particles.sums[stays].copper = copper;
    particles.sums[stays].promoter = promoter;
}

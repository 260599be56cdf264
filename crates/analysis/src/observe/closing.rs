//! How a gap closes: by the approach of the particles, and by the advance of their facets.

use super::scene::{Couple, Scene};
use frit_atoms::Vector;

/// What keeps two particles apart, along the line between their centres.
///
/// The distance D of the centres is made of the two reaches and the gap, D = x₁ + g + x₂, so that
/// what a gap has lost is the sum of the approach of the centres, D₀ - D, and the advance of both
/// facets, (x₁ - x₁₀) + (x₂ - x₂₀): exactly, whatever the definition of x. Two are given: the
/// median of the atoms that made the facing plane at the first moment (it advances when the particle
/// is stretched) and the mean of the foremost atoms (it advances when atoms gather there).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Reaches {
    /// Distance of the centres of the particles' cores [Å].
    pub distance: f64,
    /// From the centre of each to the median of its facing plane [Å]; none where a particle turns no
    /// facet to the other.
    pub plane: [Option<f64>; 2],
    /// From the centre of each to the mean of its [`FOREMOST`] foremost own atoms [Å]; none where fewer
    /// are left.
    pub front: [Option<f64>; 2],
}

/// How many of the foremost atoms make the front: as many as bridge a gap with 20 bonds.
pub const FOREMOST: usize = 5;

/// Radius of the cylinder around the line between the centres in which the front is looked for,
/// in edges of the facing plane (roots of its area); an edge or a corner is looked for everywhere.
const CYLINDER: f64 = 0.75;

/// The reaches of a pair; `None` without two particles.
pub fn reaches(scene: &Scene<'_>) -> Option<Reaches> {
    let couple = scene.couple()?;
    let mut order = vec![0_usize; scene.snapshot.len()];
    for (place, &rank) in scene.snapshot.rank().iter().enumerate() {
        order[rank as usize] = place;
    }
    let sides = [0, 1].map(|which| {
        let along = |place: usize| forward(scene, &couple, which, place);
        let facet = couple.facing(which).map(|(_, facet)| facet);
        let plane = facet.and_then(|facet| {
            let mut heights: Vec<f64> = (facet.atoms.iter())
                .map(|&rank| along(order[rank as usize]))
                .collect();
            median(&mut heights)
        });
        let radius = facet.map_or(f64::INFINITY, |facet| CYLINDER * facet.area.sqrt());
        let within = |place: &usize| {
            let offset = scene.snapshot.unwrapped()[*place] - couple.poses[which].centre;
            let height = couple.towards(which).dot(&offset);
            height < couple.distance && offset.norm_squared() - height * height < radius * radius
        };
        let group = couple.bodies[which].group;
        let mut heights: Vec<f64> = (0..scene.snapshot.len())
            .filter(|&place| scene.snapshot.group(place) == group)
            // A lone atom in flight is no facet.
            .filter(|&place| scene.coordination()[place] >= 3)
            .filter(within)
            .map(along)
            .collect();
        heights.sort_unstable_by(|a, b| b.total_cmp(a));
        let front = (heights.get(..FOREMOST))
            .map(|foremost| foremost.iter().sum::<f64>() / FOREMOST as f64);
        (plane, front)
    });
    Some(Reaches {
        distance: couple.distance,
        plane: sides.map(|(plane, _)| plane),
        front: sides.map(|(_, front)| front),
    })
}

fn forward(scene: &Scene<'_>, couple: &Couple<'_>, which: usize, place: usize) -> f64 {
    let offset: Vector = scene.snapshot.unwrapped()[place] - couple.poses[which].centre;
    couple.towards(which).dot(&offset)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        even if even % 2 == 0 => Some(0.5 * (values[half - 1] + values[half])),
        _ => Some(values[half]),
    }
}

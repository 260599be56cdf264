//! What a particle turns towards a direction: a facet, or a tip.

use frit_atoms::Vector;

/// What a particle turns towards a direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Outermost {
    /// Ids of the atoms of the facet plane (below its adatoms), ascending; empty if the particle turns
    /// an edge, a corner or a round side to the direction.
    pub ids: Vec<u32>,
    /// Distance [Å] from that plane to the next.
    pub spacing: f64,
}

/// Points in layers by their heights, from the highest.
pub(crate) struct Layers {
    /// Height of the highest point of each layer, and its points.
    layers: Vec<(f64, Vec<usize>)>,
}

/// How many layers are sorted out: the outermost may be parts of planes.
const LOOK: usize = 3;

/// Least share of a facet plane in the atoms of the next: less is a few atoms on a facet, or a tip. Below
/// such atoms the layers of a facet hardly grow, those of a corner at least double.
const LEAST_SHARES: [f64; 2] = [1.0 / 3.0, 2.0 / 3.0];

/// Fewest atoms of a facet.
const LEAST_ATOMS: usize = 4;

/// Least standard deviation of the atoms of a facet along its narrowest direction [nearest-neighbour
/// distances]: a square of four has 0.5, a row 0.
const LEAST_WIDTH: f64 = 0.35;

/// Sorts points into layers up to `thickness` [Å] thick, from the highest down, a few only.
pub(crate) fn layers(heights: impl Iterator<Item = (usize, f64)>, thickness: f64) -> Layers {
    let mut sorted: Vec<(usize, f64)> = heights.collect();
    sorted.sort_unstable_by(|(i, a), (j, b)| b.total_cmp(a).then(i.cmp(j)));
    let mut layers: Vec<(f64, Vec<usize>)> = Vec::new();
    for (point, height) in sorted {
        if let Some((top, points)) = layers.last_mut()
            && *top - height <= thickness
        {
            points.push(point);
        } else if layers.len() > LOOK {
            break;
        } else {
            layers.push((height, vec![point]));
        }
    }
    Layers { layers }
}

impl Layers {
    /// The outermost layer that is a facet, and its height.
    ///
    /// It has a good share of the atoms of the next layer and extends in two dimensions. Looked for among
    /// the two outermost: under a few atoms that belong to an incomplete plane, the facet shows.
    pub(crate) fn facet(&self, positions: &[Vector], bond: f64) -> Option<(&[usize], f64)> {
        let place = self.place_of_facet(positions, bond)?;
        let (top, points) = &self.layers[place];
        Some((points, *top))
    }

    /// Points of a layer; none if there are no more layers, or they were not looked for.
    pub(crate) fn points(&self, layer: usize) -> &[usize] {
        self.layers.get(layer).map_or(&[], |(_, points)| points)
    }

    /// Distance from the facet to the next layer.
    pub(crate) fn spacing(&self, positions: &[Vector], bond: f64) -> f64 {
        let place = self.place_of_facet(positions, bond).unwrap_or(0);
        match (self.layers.get(place), self.layers.get(place + 1)) {
            (Some((top, _)), Some((next, _))) => top - next,
            _ => bond,
        }
    }

    fn place_of_facet(&self, positions: &[Vector], bond: f64) -> Option<usize> {
        (0..LEAST_SHARES.len().min(self.layers.len())).find(|&place| {
            let points = &self.layers[place].1;
            let next = self
                .layers
                .get(place + 1)
                .map_or(0, |(_, points)| points.len());
            points.len() >= LEAST_ATOMS
                && points.len() as f64 > LEAST_SHARES[place] * next as f64
                && width(points, positions) > LEAST_WIDTH * bond
        })
    }
}

/// Standard deviation [Å] of points of a plane along its narrowest direction in the plane: of the three
/// principal ones, the middle (the least is across the plane).
fn width(points: &[usize], positions: &[Vector]) -> f64 {
    let count = points.len() as f64;
    let mean: Vector = points.iter().map(|&p| positions[p]).sum::<Vector>() / count;
    let mut moments = frit_atoms::Matrix::zeros();
    for &point in points {
        let apart = positions[point] - mean;
        moments += apart * apart.transpose() / count;
    }
    let mut principal: Vec<f64> = moments.symmetric_eigenvalues().iter().copied().collect();
    principal.sort_unstable_by(f64::total_cmp);
    principal[1].max(0.0).sqrt()
}

//! Paths guessed from distances: the image-dependent pair potential.

use frit_atoms::{Cell, Vector};
use frit_dynamics::ForceError;
use frit_dynamics::minimise::Criteria;

use super::{Band, Climb, Settings, linear};
use crate::optimise::Method;
use crate::{EnergyError, Landscape};

/// Pairs farther apart than this at both ends [Å] are left out: their weight, the inverse fourth
/// power of the distance, is below a hundredth of that of neighbours.
const REACH: f64 = 9.0;
/// Stiffness of the springs, and largest force of the guess: it only starts a relaxation.
const SPRING: f64 = 0.1;
const CRITERIA: Criteria = Criteria {
    max_force: 0.02,
    max_steps: 300,
};

/// An objective that is least where all distances are those interpolated between the ends:
/// `sum (d_target - d)² / d⁴` over pairs [1/Å²].
///
/// Source: Smidstrup, Pedersen, Stokbro, Jónsson 2014, doi:10.1063/1.4878664, equations 2 and 3.
#[derive(Debug, Clone)]
pub struct Idpp {
    cell: Cell,
    /// Two atoms and the distance that they should have [Å].
    pairs: Vec<(usize, usize, f64)>,
}

impl Idpp {
    /// The objective at `fraction` of the way from `start` to `end`.
    pub fn new(cell: Cell, start: &[Vector], end: &[Vector], fraction: f64) -> Self {
        let mut pairs = Vec::new();
        for a in 0..start.len() {
            for b in 0..a {
                let far = |position: &[Vector]| cell.shortest(&(position[a] - position[b])).norm();
                let [first, last] = [far(start), far(end)];
                if first.min(last) < REACH {
                    pairs.push((a, b, first + (last - first) * fraction));
                }
            }
        }
        Self { cell, pairs }
    }
}

impl Landscape for Idpp {
    fn evaluate(
        &mut self,
        position: &[Vector],
        force: &mut Vec<Vector>,
    ) -> Result<f64, ForceError> {
        force.clear();
        force.resize(position.len(), Vector::zeros());
        let mut sum = 0.0;
        for &(a, b, target) in &self.pairs {
            let apart = self.cell.shortest(&(position[a] - position[b]));
            // Atoms on top of each other have no direction: they count as a tenth of an ångström apart.
            let distance = apart.norm().max(0.1);
            let miss = target - distance;
            let weight = distance.powi(-4);
            sum += weight * miss * miss;
            let slope = -2.0 * weight * miss - 4.0 * weight * miss * miss / distance;
            let push = apart * (slope / distance);
            force[a] -= push;
            force[b] += push;
        }
        Ok(sum)
    }
}

/// A path guessed from distances, with `images` structures between the ends: atoms go around each
/// other where a straight path would push them through.
///
/// # Errors
/// Never for finite positions.
pub fn idpp(
    cell: Cell,
    start: &[Vector],
    end: &[Vector],
    images: usize,
) -> Result<Vec<Vec<Vector>>, EnergyError> {
    let path = linear(start, end, images);
    let fraction = |k: usize| k as f64 / (images + 1) as f64;
    let landscapes = (0..path.len()).map(|k| Idpp::new(cell, start, end, fraction(k)));
    let mut band = Band::new(path, landscapes.collect())?;
    let settings = Settings {
        spring: SPRING,
        climb: Climb::No,
        method: Method::Lbfgs,
        criteria: CRITERIA,
    };
    match band.relax(&settings, crate::unwatched) {
        // A guess need not be converged.
        Ok(_) | Err(EnergyError::NotConverged { .. }) => {}
        Err(error) => return Err(error),
    }
    Ok(band
        .images
        .into_iter()
        .map(|image| image.position)
        .collect())
}

//! Limited-memory quasi-Newton steps.

use std::collections::VecDeque;

use frit_atoms::{System, Vector};

use super::{Moved, Point, dot, longest};
use crate::{ForceError, ForceField};

/// Steps remembered.
const MEMORY: usize = 10;
/// Longest displacement of an atom in one step [Å].
const MAX_DISPLACEMENT: f64 = 0.2;
/// First guess of the inverse curvature [Å²/eV]: soft enough for metals, whose bonds have 1 to 10 eV/Å².
const FIRST_INVERSE_CURVATURE: f64 = 0.02;
/// Fraction of the expected gain that a step must bring (Armijo).
const SUFFICIENT: f64 = 1e-4;
/// Shortenings of a step before it is given up.
const MAX_SHORTENINGS: u32 = 20;
/// Changes of the energy by this fraction are rounding errors.
const ENERGY_ROUNDING: f64 = 1e-13;

/// Limited-memory BFGS: the curvature is learned from the last steps.
///
/// Steps are shortened until they bring a sufficient gain. Where the gain drowns in the rounding
/// errors of the energy, the force along the step decides instead
/// (Hager and Zhang 2005, doi:10.1137/030601880).
///
/// Source: Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7; Nocedal and Wright, Numerical
/// Optimization (2006), algorithm 7.4, doi:10.1007/978-0-387-40065-5.
#[derive(Debug, Clone, Default)]
pub struct Lbfgs {
    pairs: VecDeque<Pair>,
}

/// One step remembered.
#[derive(Debug, Clone)]
struct Pair {
    /// The displacement [Å].
    moved: Vec<Vector>,
    /// The change of the gradient [eV/Å].
    gradient: Vec<Vector>,
    /// The inverse of their product [1/eV].
    inverse_product: f64,
}

impl Lbfgs {
    pub(super) fn step(
        &mut self,
        point: &mut Point,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Moved, ForceError> {
        let mut direction = self.direction(&point.force);
        if dot(&direction, &point.force) <= 0.0 {
            self.pairs.clear();
            direction = self.direction(&point.force);
        }
        let moved = self.search(point, direction, system, forces)?;
        if moved == Moved::No && !self.pairs.is_empty() {
            self.pairs.clear();
            let downhill = self.direction(&point.force);
            return self.search(point, downhill, system, forces);
        }
        Ok(moved)
    }

    pub(super) fn save(&self) -> (Vec<f64>, Vec<Vec<Vector>>) {
        let numbers = self.pairs.iter().map(|pair| pair.inverse_product);
        let columns = self.pairs.iter();
        let columns = columns.flat_map(|pair| [pair.moved.clone(), pair.gradient.clone()]);
        (numbers.collect(), columns.collect())
    }

    /// Takes on what was saved; false if that is of another method.
    pub(super) fn restore(&mut self, numbers: &[f64], columns: &[Vec<Vector>]) -> bool {
        let pairs = columns.chunks(2).zip(numbers);
        self.pairs = pairs
            .filter_map(|(columns, &inverse_product)| match columns {
                [moved, gradient] => Some(Pair {
                    moved: moved.clone(),
                    gradient: gradient.clone(),
                    inverse_product,
                }),
                _ => None,
            })
            .collect();
        2 * self.pairs.len() == columns.len() && self.pairs.len() == numbers.len()
    }

    /// The step to the minimum of the quadratic form that the remembered steps describe.
    fn direction(&self, force: &[Vector]) -> Vec<Vector> {
        let mut direction = force.to_vec();
        let mut weights = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let weight = pair.inverse_product * dot(&pair.moved, &direction);
            add(&mut direction, &pair.gradient, -weight);
            weights.push(weight);
        }
        let inverse_curvature = self.pairs.back().map_or(FIRST_INVERSE_CURVATURE, |pair| {
            1.0 / (pair.inverse_product * dot(&pair.gradient, &pair.gradient))
        });
        direction.iter_mut().for_each(|d| *d *= inverse_curvature);
        for (pair, weight) in self.pairs.iter().zip(weights.into_iter().rev()) {
            let correction = pair.inverse_product * dot(&pair.gradient, &direction);
            add(&mut direction, &pair.moved, weight - correction);
        }
        let cap = (MAX_DISPLACEMENT / longest(&direction)).min(1.0);
        direction.iter_mut().for_each(|d| *d *= cap);
        direction
    }

    /// Goes along `direction` as far as it brings a gain, and remembers the step; without any
    /// gain, goes back.
    fn search(
        &mut self,
        point: &mut Point,
        direction: Vec<Vector>,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Moved, ForceError> {
        let start = (point.energy, point.force.clone());
        let slope = -dot(&start.1, &direction);
        let mut length = 1.0;
        point.shift(system, &direction, length);
        for _ in 0..MAX_SHORTENINGS {
            point.evaluate(system, forces)?;
            let gain = point.energy - start.0;
            let slope_there = -dot(&point.force, &direction);
            let rounding = ENERGY_ROUNDING * start.0.abs();
            let sufficient = gain <= SUFFICIENT * length * slope;
            let flat = gain <= rounding && slope_there.abs() <= 0.9 * slope.abs();
            if sufficient || flat {
                self.remember(direction, length, &start.1, &point.force);
                return Ok(Moved::Yes);
            }
            let shorter = shorten(length, slope, gain);
            point.shift(system, &direction, shorter - length);
            length = shorter;
        }
        point.shift(system, &direction, -length);
        point.evaluate(system, forces)?;
        Ok(Moved::No)
    }

    fn remember(
        &mut self,
        mut moved: Vec<Vector>,
        length: f64,
        before: &[Vector],
        after: &[Vector],
    ) {
        moved.iter_mut().for_each(|d| *d *= length);
        let gradient: Vec<Vector> = before.iter().zip(after).map(|(b, a)| b - a).collect();
        let product = dot(&moved, &gradient);
        // Only steps along which the curvature is positive keep the quadratic form convex.
        let smallest = f64::EPSILON * (dot(&moved, &moved) * dot(&gradient, &gradient)).sqrt();
        if product > smallest {
            if self.pairs.len() == MEMORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back(Pair {
                moved,
                gradient,
                inverse_product: 1.0 / product,
            });
        }
    }
}

/// A shorter step: the minimum of the parabola through energy and slope at the start and the
/// energy reached, kept between a tenth and a half of `length`.
fn shorten(length: f64, slope: f64, gain: f64) -> f64 {
    let curvature = 2.0 * (gain - slope * length);
    let minimum = -slope * length * length / curvature;
    if minimum.is_finite() {
        minimum.clamp(0.1 * length, 0.5 * length)
    } else {
        0.5 * length
    }
}

fn add(to: &mut [Vector], vectors: &[Vector], factor: f64) {
    for (to, vector) in to.iter_mut().zip(vectors) {
        *to += vector * factor;
    }
}

//! Saddles from one structure: the dimer.

use std::ops::ControlFlow;

use frit_atoms::Vector;
use frit_dynamics::minimise::Criteria;

use crate::optimise::{Method, Walk, add, dot, longest, normalised};
use crate::{EnergyError, Landscape};

/// Distance between the two ends of the dimer [Å].
const SEPARATION: f64 = 0.01;
/// Rotation that is expected to bring less than this [rad] is not made.
const SMALL_ROTATION: f64 = 0.5_f64.to_radians();
/// Rotations in one step of the dimer; at its first step there is more to turn.
const ROTATIONS: [u32; 2] = [20, 4];
/// A saddle's curvature is below minus this [eV/Å²]: an atom of Pt would go around there with
/// sqrt(1e-3 eV/Å² / 195 u) = 0.2 1/ps, 1 cm⁻¹, much less than along any path between minima (the
/// lowest barriers of adatoms, 0.02 eV over 1.6 Å, have 0.15 eV/Å²). Above it are the zeros of
/// motions that nothing resists, with their rounding.
pub const LEAST_CURVATURE: f64 = 1e-3;
/// Where the energy is convex, the atom that moves most moves at least so far in one step [Å]: a
/// minimum has no forces that would lead out of it.
const CONVEX_STEP: f64 = 0.01;

/// A saddle.
#[derive(Debug, Clone, PartialEq)]
pub struct Saddle {
    /// Positions [Å].
    pub position: Vec<Vector>,
    /// Energy [eV].
    pub energy: f64,
    /// Direction of the lowest curvature, of length 1: along the path over the saddle.
    pub direction: Vec<Vector>,
    /// Curvature of the energy along it [eV/Å²], by central differences; below -[`LEAST_CURVATURE`].
    pub curvature: f64,
    /// The largest force that is left [eV/Å].
    pub max_force: f64,
    /// Steps made.
    pub steps: u64,
    /// Evaluations of forces.
    pub evaluations: u64,
}

/// How a dimer stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Steps made.
    pub steps: u64,
    /// Energy [eV].
    pub energy: f64,
    /// The largest force [eV/Å].
    pub max_force: f64,
    /// Curvature along the dimer [eV/Å²].
    pub curvature: f64,
}

/// Two close images that turn into the direction of the lowest curvature and walk up along it, down
/// in all others.
///
/// Source: Henkelman and Jónsson 1999, doi:10.1063/1.480097; forces at one end only, one step a
/// rotation, and extrapolated forces: Kästner and Sherwood 2008, doi:10.1063/1.2815812.
pub struct Dimer<'a, L: Landscape + ?Sized> {
    landscape: &'a mut L,
    position: Vec<Vector>,
    direction: Vec<Vector>,
    energy: f64,
    force: Vec<Vector>,
    curvature: f64,
    evaluations: u64,
}

impl<'a, L: Landscape + ?Sized> Dimer<'a, L> {
    /// A dimer at `position` [Å] along `direction` (of any length).
    ///
    /// # Errors
    /// The direction must not be zero where the landscape lets points move, and there must be forces.
    pub fn new(
        landscape: &'a mut L,
        position: Vec<Vector>,
        mut direction: Vec<Vector>,
    ) -> Result<Self, EnergyError> {
        landscape.free(&position, &mut direction);
        let direction = normalised(direction);
        if direction.len() != position.len() || dot(&direction, &direction) == 0.0 {
            return Err(EnergyError::Parameter {
                name: "the direction of the dimer",
                value: "zero or of another structure".to_owned(),
                expected: "a displacement of at least one atom that can move",
            });
        }
        let mut dimer = Self {
            landscape,
            position,
            direction,
            energy: 0.0,
            force: Vec::new(),
            curvature: 0.0,
            evaluations: 0,
        };
        dimer.evaluate()?;
        Ok(dimer)
    }

    /// Walks to a saddle, out of a minimum if it stands in one; `watch` sees every step and may stop
    /// it.
    ///
    /// # Errors
    /// Forces are missing, the steps ran out, `watch` stopped it, or it came to where the energy is
    /// flat.
    pub fn climb(
        &mut self,
        criteria: Criteria,
        mut watch: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Saddle, EnergyError> {
        let mut walk = Walk::new(Method::Lbfgs);
        let mut steps = 0;
        let mut was_inside = false;
        loop {
            self.turn(ROTATIONS[usize::from(steps > 0)])?;
            let max_force = longest(&self.force);
            if max_force <= criteria.max_force {
                // One-sided differences take the slope of the curvature for curvature.
                self.curvature = self.central_curvature()?;
                if self.curvature < -LEAST_CURVATURE {
                    return Ok(self.saddle(max_force, steps));
                }
                if self.curvature < LEAST_CURVATURE {
                    return Err(self.no_saddle(max_force, steps));
                }
            }
            let progress = Progress {
                steps,
                energy: self.energy,
                max_force,
                curvature: self.curvature,
            };
            if watch(&progress).is_break() {
                return Err(EnergyError::Stopped("the dimer".to_owned()));
            }
            let inside = self.curvature < 0.0;
            if steps >= criteria.max_steps {
                if !inside {
                    return Err(self.no_saddle(max_force, steps));
                }
                return Err(EnergyError::NotConverged {
                    what: "the dimer".to_owned(),
                    steps,
                    force: max_force,
                    limit: criteria.max_force,
                });
            }
            if inside != was_inside {
                walk.forget();
                was_inside = inside;
            }
            let mut displacement = walk.displacement(&self.uphill());
            if !inside {
                self.lengthen(&mut displacement);
            }
            add(&mut self.position, &displacement, 1.0);
            self.evaluate()?;
            steps += 1;
        }
    }

    /// Where it stands [Å].
    pub fn position(&self) -> &[Vector] {
        &self.position
    }

    /// Along what it lies, of length 1.
    pub fn direction(&self) -> &[Vector] {
        &self.direction
    }

    /// The energy where it stands [eV].
    pub fn energy(&self) -> f64 {
        self.energy
    }

    fn no_saddle(&self, force: f64, steps: u64) -> EnergyError {
        EnergyError::NoSaddle {
            steps,
            curvature: self.curvature,
            force,
            least: LEAST_CURVATURE,
        }
    }

    /// Makes a step out of a convex region at least [`CONVEX_STEP`] long.
    fn lengthen(&self, displacement: &mut [Vector]) {
        if longest(displacement) >= CONVEX_STEP {
            return;
        }
        let length = CONVEX_STEP / longest(&self.direction);
        let side = length.copysign(dot(displacement, &self.direction));
        for (displacement, direction) in displacement.iter_mut().zip(&self.direction) {
            *displacement = direction * side;
        }
    }

    fn saddle(&self, max_force: f64, steps: u64) -> Saddle {
        Saddle {
            position: self.position.clone(),
            energy: self.energy,
            direction: self.direction.clone(),
            curvature: self.curvature,
            max_force,
            steps,
            evaluations: self.evaluations,
        }
    }

    /// The force with its part along the dimer turned around; in a convex region that part alone,
    /// so that it leaves it (Henkelman and Jónsson 1999, equation 14).
    fn uphill(&self) -> Vec<Vector> {
        let along = dot(&self.force, &self.direction);
        if self.curvature < 0.0 {
            let mut force = self.force.clone();
            add(&mut force, &self.direction, -2.0 * along);
            force
        } else {
            self.direction.iter().map(|d| d * -along).collect()
        }
    }

    fn evaluate(&mut self) -> Result<(), EnergyError> {
        self.energy = self.landscape.evaluate(&self.position, &mut self.force)?;
        self.evaluations += 1;
        Ok(())
    }

    /// The force at the end of the dimer that lies along `direction`.
    fn force_at_end(&mut self, direction: &[Vector]) -> Result<Vec<Vector>, EnergyError> {
        let mut end = self.position.clone();
        add(&mut end, direction, 0.5 * SEPARATION);
        let mut force = Vec::new();
        self.landscape.evaluate(&end, &mut force)?;
        self.evaluations += 1;
        Ok(force)
    }

    /// Curvature along a direction from the force at its end [eV/Å²].
    fn curvature_along(&self, direction: &[Vector], end: &[Vector]) -> f64 {
        (dot(&self.force, direction) - dot(end, direction)) / (0.5 * SEPARATION)
    }

    /// Curvature along the dimer from the forces at both its ends [eV/Å²].
    fn central_curvature(&mut self) -> Result<f64, EnergyError> {
        let direction = self.direction.clone();
        let ahead = self.force_at_end(&direction)?;
        let back: Vec<Vector> = direction.iter().map(|d| -d).collect();
        let behind = self.force_at_end(&back)?;
        Ok((dot(&behind, &direction) - dot(&ahead, &direction)) / SEPARATION)
    }

    /// Turns the dimer towards the lowest curvature, at most `limit` times.
    fn turn(&mut self, limit: u32) -> Result<(), EnergyError> {
        let mut direction = self.direction.clone();
        // It has moved since it was turned last, and what turns the whole is another direction now.
        self.landscape.free(&self.position, &mut direction);
        self.direction = normalised(direction);
        let mut end = self.force_at_end(&self.direction.clone())?;
        let mut conjugate = Conjugate::default();
        for _ in 0..limit {
            self.curvature = self.curvature_along(&self.direction, &end);
            // The force that turns it: across the dimer.
            let mut twist: Vec<Vector> = end.iter().zip(&self.force).map(|(e, f)| e - f).collect();
            self.landscape.free(&self.position, &mut twist);
            let along = dot(&twist, &self.direction);
            add(&mut twist, &self.direction, -along);
            let Some(axis) = conjugate.axis(&twist, &self.direction) else {
                return Ok(());
            };
            let slope = -2.0 * dot(&twist, &axis) / (0.5 * SEPARATION);
            let first = -0.5 * (0.5 * slope / self.curvature.abs()).atan();
            if first.abs() < SMALL_ROTATION {
                return Ok(());
            }
            let trial = turned(&self.direction, &axis, first);
            let end_there = self.force_at_end(&trial)?;
            let there = self.curvature_along(&trial, &end_there);
            let fit = Fit::new(self.curvature, slope, there, first);
            let best = fit.minimum();
            // The force at the best angle is linear in the directions, and so known already.
            let weights = [
                (first - best).sin() / first.sin(),
                best.sin() / first.sin(),
                1.0 - best.cos() - best.sin() * (0.5 * first).tan(),
            ];
            let mut there: Vec<Vector> = end.iter().map(|f| f * weights[0]).collect();
            add(&mut there, &end_there, weights[1]);
            add(&mut there, &self.force, weights[2]);
            end = there;
            self.direction = normalised(turned(&self.direction, &axis, best));
            conjugate.turned(&axis, &self.direction, twist);
            self.curvature = self.curvature_along(&self.direction, &end);
            if best.abs() < SMALL_ROTATION {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// A direction turned towards an axis across it.
fn turned(direction: &[Vector], axis: &[Vector], angle: f64) -> Vec<Vector> {
    let (sine, cosine) = angle.sin_cos();
    let pairs = direction.iter().zip(axis);
    pairs.map(|(d, a)| d * cosine + a * sine).collect()
}

/// Curvature over the angle of rotation: `a0/2 + a1 cos 2φ + b1 sin 2φ`.
struct Fit {
    half_mean: f64,
    cosine: f64,
    sine: f64,
}

impl Fit {
    /// From curvature and its slope at angle 0, and the curvature at another angle.
    fn new(curvature: f64, slope: f64, there: f64, angle: f64) -> Self {
        let (sin, cos) = (2.0 * angle).sin_cos();
        let sine = 0.5 * slope;
        let cosine = (curvature - there + sine * sin) / (1.0 - cos);
        Self {
            half_mean: curvature - cosine,
            cosine,
            sine,
        }
    }

    fn at(&self, angle: f64) -> f64 {
        let (sin, cos) = (2.0 * angle).sin_cos();
        self.half_mean + self.cosine * cos + self.sine * sin
    }

    /// The angle of the lowest curvature, between -90 and 90 degrees.
    fn minimum(&self) -> f64 {
        let extremum = 0.5 * (self.sine / self.cosine).atan();
        let quarter = std::f64::consts::FRAC_PI_2;
        let other = extremum - quarter.copysign(extremum);
        if self.at(extremum) <= self.at(other) {
            extremum
        } else {
            other
        }
    }
}

/// Conjugate axes of rotation (Polak and Ribière; Henkelman and Jónsson 1999, equations 9 to 11).
#[derive(Default)]
struct Conjugate {
    axis: Vec<Vector>,
    twist: Vec<Vector>,
}

impl Conjugate {
    /// The axis of the next rotation, of length 1 and across the dimer; none without a twist.
    fn axis(&self, twist: &[Vector], direction: &[Vector]) -> Option<Vec<Vector>> {
        let strength = dot(twist, twist);
        if strength.sqrt() < f64::EPSILON {
            return None;
        }
        let mut axis = twist.to_vec();
        if !self.twist.is_empty() {
            let old = dot(&self.twist, &self.twist);
            let weight = (strength - dot(twist, &self.twist)) / old;
            add(&mut axis, &self.axis, weight.clamp(0.0, 1.0) * old.sqrt());
            let along = dot(&axis, direction);
            add(&mut axis, direction, -along);
        }
        let axis = normalised(axis);
        (dot(&axis, twist) > 0.0).then_some(axis)
    }

    /// Remembers a rotation about `axis` that led to `direction`.
    fn turned(&mut self, axis: &[Vector], direction: &[Vector], twist: Vec<Vector>) {
        let mut axis = axis.to_vec();
        let along = dot(&axis, direction);
        add(&mut axis, direction, -along);
        self.axis = normalised(axis);
        self.twist = twist;
    }
}

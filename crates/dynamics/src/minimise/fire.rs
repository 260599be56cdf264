//! Fast inertial relaxation.

use frit_atoms::{System, Vector};

use super::{Moved, Point};
use crate::{ForceError, ForceField};

/// First time step, in units in which an atom's mass is 1 eV t²/Å².
const FIRST_TIME_STEP: f64 = 0.1;
/// Longest and shortest time step, as multiples of the first.
const TIME_STEP_RANGE: [f64; 2] = [0.02, 10.0];
/// Downhill steps before the time step grows.
const DELAY: u32 = 20;
/// Factors by which the time step grows and shrinks.
const GROW: f64 = 1.1;
const SHRINK: f64 = 0.5;
/// How much of the velocity is turned into the direction of the force at first, and the factor by
/// which that falls downhill.
const MIXING: f64 = 0.25;
const MIXING_FALL: f64 = 0.99;
/// Longest displacement of an atom in one step [Å].
const MAX_DISPLACEMENT: f64 = 0.2;
/// Uphill steps in a row after which no progress is to be expected.
const PATIENCE: u32 = 2000;

/// Fast inertial relaxation engine: dynamics that is stopped whenever it goes uphill, with unit
/// masses.
///
/// Source: Bitzek et al. 2006, doi:10.1103/PhysRevLett.97.170201, in the version 2.0 of Guénolé et
/// al. 2020, doi:10.1016/j.commatsci.2020.109584 (semi-implicit Euler, half a step back when
/// uphill), with its default parameters.
#[derive(Debug, Clone)]
pub struct Fire {
    velocity: Vec<Vector>,
    time_step: f64,
    mixing: f64,
    downhill: u32,
    uphill: u32,
}

impl Default for Fire {
    fn default() -> Self {
        Self {
            velocity: Vec::new(),
            time_step: FIRST_TIME_STEP,
            mixing: MIXING,
            downhill: 0,
            uphill: 0,
        }
    }
}

impl Fire {
    pub(super) fn step(
        &mut self,
        point: &mut Point,
        system: &mut System,
        forces: &mut ForceField,
    ) -> Result<Moved, ForceError> {
        self.velocity.resize(point.force.len(), Vector::zeros());
        if super::dot(&point.force, &self.velocity) >= 0.0 {
            self.go_on();
        } else if !self.turn_back(point, system) {
            return Ok(Moved::No);
        }
        for (velocity, force) in self.velocity.iter_mut().zip(&point.force) {
            *velocity += force * self.time_step;
        }
        self.mix(&point.force);
        let longest = self.time_step * super::longest(&self.velocity);
        let cap = (MAX_DISPLACEMENT / longest).min(1.0);
        point.shift(system, &self.velocity, self.time_step * cap);
        point.evaluate(system, forces)?;
        Ok(Moved::Yes)
    }

    pub(super) fn save(&self) -> (Vec<f64>, Vec<Vec<Vector>>) {
        let counts = [self.downhill, self.uphill].map(f64::from);
        let numbers = vec![self.time_step, self.mixing, counts[0], counts[1]];
        (numbers, vec![self.velocity.clone()])
    }

    /// Takes on what was saved; false if that is of another method.
    pub(super) fn restore(&mut self, numbers: &[f64], columns: &[Vec<Vector>]) -> bool {
        let (&[time_step, mixing, downhill, uphill], [velocity]) = (numbers, columns) else {
            return false;
        };
        *self = Self {
            velocity: velocity.clone(),
            time_step,
            mixing,
            downhill: downhill as u32,
            uphill: uphill as u32,
        };
        true
    }

    /// Downhill: longer steps, less mixing.
    fn go_on(&mut self) {
        self.downhill += 1;
        self.uphill = 0;
        if self.downhill > DELAY {
            self.time_step = (self.time_step * GROW).min(FIRST_TIME_STEP * TIME_STEP_RANGE[1]);
            self.mixing *= MIXING_FALL;
        }
    }

    /// Uphill: half a step back, and a stop; false when it happened too often in a row.
    fn turn_back(&mut self, point: &Point, system: &mut System) -> bool {
        self.downhill = 0;
        self.uphill += 1;
        self.time_step = (self.time_step * SHRINK).max(FIRST_TIME_STEP * TIME_STEP_RANGE[0]);
        self.mixing = MIXING;
        point.shift(system, &self.velocity, -0.5 * self.time_step);
        self.velocity.fill(Vector::zeros());
        self.uphill <= PATIENCE
    }

    /// Turns the velocity towards the force.
    fn mix(&mut self, force: &[Vector]) {
        let speed = super::dot(&self.velocity, &self.velocity).sqrt();
        let strength = super::dot(force, force).sqrt();
        if strength == 0.0 {
            return;
        }
        let along = self.mixing * speed / strength;
        for (velocity, force) in self.velocity.iter_mut().zip(force) {
            *velocity = *velocity * (1.0 - self.mixing) + force * along;
        }
    }
}

//! Walks that follow forces alone, for forces that belong to no energy: those of bands and dimers.

use std::collections::VecDeque;

use frit_atoms::Vector;

/// Steps that the quasi-Newton walk remembers.
const MEMORY: usize = 20;
/// Longest displacement of a point in one step [Å].
const MAX_DISPLACEMENT: f64 = 0.1;
/// First guess of the inverse curvature [Å²/eV]: the bonds of metals have 1 to 10 eV/Å², an atom has twelve.
const FIRST_INVERSE_CURVATURE: f64 = 0.015;
/// Steps without a smaller force than ever before after which the walk forgets what it learned,
/// and how often that may happen before it goes on by inertia: on rough ground curvature learned
/// from one step misleads the next.
const PATIENCE: u32 = 25;
const RELAPSES: u32 = 2;
/// A force this much larger than the smallest so far is a relapse at once.
const WORSE: f64 = 10.0;
/// Time steps of FIRE in units in which a point's mass is 1 eV t²/Å²: first and longest.
/// An atom of a metal has at most about 20 eV/Å², which oscillates with 4.5: 0.44 would be too long.
const FIRE_TIME_STEP: [f64; 2] = [0.1, 0.35];
/// FIRE: downhill steps before the time step grows; growth, shrinking; mixing and its fall.
const FIRE_DELAY: u32 = 5;
const FIRE_GROW: f64 = 1.1;
const FIRE_SHRINK: f64 = 0.5;
const FIRE_MIXING: f64 = 0.1;
const FIRE_MIXING_FALL: f64 = 0.99;

/// How to follow forces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Limited-memory BFGS without line search: few evaluations. Where it does not get on, the walk
    /// goes on by inertia.
    ///
    /// Source: Sheppard, Terrell, Henkelman 2008, doi:10.1063/1.2841941 (global L-BFGS for bands).
    #[default]
    Lbfgs,
    /// Fast inertial relaxation: slower and hard to lead astray.
    ///
    /// Source: Bitzek et al. 2006, doi:10.1103/PhysRevLett.97.170201.
    Fire,
}

/// A walk: told the forces where it stands, it says where to go.
#[derive(Debug, Clone)]
pub struct Walk {
    method: Method,
    learned: VecDeque<Pair>,
    last: Option<Last>,
    velocity: Vec<Vector>,
    time_step: f64,
    mixing: f64,
    downhill: u32,
    best: f64,
    since_best: u32,
    relapses: u32,
}

#[derive(Debug, Clone)]
struct Last {
    displacement: Vec<Vector>,
    force: Vec<Vector>,
}

/// One step remembered.
#[derive(Debug, Clone)]
struct Pair {
    moved: Vec<Vector>,
    /// By how much the force fell.
    fall: Vec<Vector>,
    inverse_product: f64,
}

impl Walk {
    /// A walk that has learned nothing yet.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            learned: VecDeque::new(),
            last: None,
            velocity: Vec::new(),
            time_step: FIRE_TIME_STEP[0],
            mixing: FIRE_MIXING,
            downhill: 0,
            best: f64::INFINITY,
            since_best: 0,
            relapses: 0,
        }
    }

    /// Forgets what it learned: the forces will follow another rule from now on.
    pub fn forget(&mut self) {
        *self = Self::new(self.method);
    }

    /// The displacement [Å] to make from where the forces [eV/Å] are these.
    pub fn displacement(&mut self, force: &[Vector]) -> Vec<Vector> {
        let quasi_newton = self.method == Method::Lbfgs && self.relapses <= RELAPSES;
        let mut displacement = if quasi_newton {
            self.quasi_newton(force)
        } else {
            self.inertial(force)
        };
        let cap = (MAX_DISPLACEMENT / longest(&displacement)).min(1.0);
        displacement.iter_mut().for_each(|d| *d *= cap);
        if quasi_newton {
            self.last = Some(Last {
                displacement: displacement.clone(),
                force: force.to_vec(),
            });
        }
        displacement
    }

    fn quasi_newton(&mut self, force: &[Vector]) -> Vec<Vector> {
        self.watch(longest(force));
        if let Some(last) = self.last.take() {
            self.learn(last, force);
        }
        let direction = self.direction(force);
        if dot(&direction, force) > 0.0 {
            return direction;
        }
        self.learned.clear();
        self.direction(force)
    }

    /// Forgets everything when the walk does not get better any more.
    fn watch(&mut self, largest: f64) {
        if largest < self.best {
            self.best = largest;
            self.since_best = 0;
            return;
        }
        self.since_best += 1;
        if self.since_best > PATIENCE || largest > WORSE * self.best {
            self.learned.clear();
            self.last = None;
            self.since_best = 0;
            self.best = largest;
            self.relapses += 1;
        }
    }

    fn learn(&mut self, last: Last, force: &[Vector]) {
        let before = last.force.iter().zip(force);
        let fall: Vec<Vector> = before.map(|(before, now)| before - now).collect();
        let moved = last.displacement;
        let product = dot(&moved, &fall);
        // Only steps along which the force falls keep the next step downhill.
        let smallest = f64::EPSILON * (dot(&moved, &moved) * dot(&fall, &fall)).sqrt();
        if product > smallest {
            if self.learned.len() == MEMORY {
                self.learned.pop_front();
            }
            self.learned.push_back(Pair {
                moved,
                fall,
                inverse_product: 1.0 / product,
            });
        }
    }

    /// The two-loop recursion (Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4).
    fn direction(&self, force: &[Vector]) -> Vec<Vector> {
        let mut direction = force.to_vec();
        let mut weights = Vec::with_capacity(self.learned.len());
        for pair in self.learned.iter().rev() {
            let weight = pair.inverse_product * dot(&pair.moved, &direction);
            add(&mut direction, &pair.fall, -weight);
            weights.push(weight);
        }
        let inverse_curvature = self.learned.back().map_or(FIRST_INVERSE_CURVATURE, |pair| {
            1.0 / (pair.inverse_product * dot(&pair.fall, &pair.fall))
        });
        direction.iter_mut().for_each(|d| *d *= inverse_curvature);
        for (pair, weight) in self.learned.iter().zip(weights.into_iter().rev()) {
            let correction = pair.inverse_product * dot(&pair.fall, &direction);
            add(&mut direction, &pair.moved, weight - correction);
        }
        direction
    }

    fn inertial(&mut self, force: &[Vector]) -> Vec<Vector> {
        self.velocity.resize(force.len(), Vector::zeros());
        if dot(force, &self.velocity) >= 0.0 {
            self.downhill += 1;
            if self.downhill > FIRE_DELAY {
                self.time_step = (self.time_step * FIRE_GROW).min(FIRE_TIME_STEP[1]);
                self.mixing *= FIRE_MIXING_FALL;
            }
        } else {
            self.downhill = 0;
            self.time_step *= FIRE_SHRINK;
            self.mixing = FIRE_MIXING;
            self.velocity.fill(Vector::zeros());
        }
        add(&mut self.velocity, force, self.time_step);
        let speed = dot(&self.velocity, &self.velocity).sqrt();
        let strength = dot(force, force).sqrt();
        if strength > 0.0 {
            let along = self.mixing * speed / strength;
            for (velocity, force) in self.velocity.iter_mut().zip(force) {
                *velocity = *velocity * (1.0 - self.mixing) + force * along;
            }
        }
        self.velocity.iter().map(|v| v * self.time_step).collect()
    }
}

/// The product of two directions.
pub(crate) fn dot(a: &[Vector], b: &[Vector]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.dot(b)).sum()
}

/// The length of the longest vector.
pub(crate) fn longest(vectors: &[Vector]) -> f64 {
    let squares = vectors.iter().map(Vector::norm_squared);
    squares.fold(0.0, f64::max).sqrt()
}

/// Adds `factor * vectors`.
pub(crate) fn add(to: &mut [Vector], vectors: &[Vector], factor: f64) {
    for (to, vector) in to.iter_mut().zip(vectors) {
        *to += vector * factor;
    }
}

/// A direction of length 1; zero stays zero.
pub(crate) fn normalised(mut direction: Vec<Vector>) -> Vec<Vector> {
    let length = dot(&direction, &direction).sqrt();
    if length > 0.0 {
        direction.iter_mut().for_each(|d| *d /= length);
    }
    direction
}

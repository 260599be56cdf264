//! Paths of least energy between two minima: the nudged elastic band.
//!
//! A chain of images between two structures is relaxed so that the forces across the path vanish;
//! springs along it keep the images apart. One image may climb to the saddle.

mod idpp;
mod interpolate;
mod profile;

pub use idpp::{Idpp, idpp};
pub use interpolate::{Difference, Ends, SAME, linear};
pub use profile::{Extremum, Profile};

use std::ops::ControlFlow;

use frit_atoms::Vector;
use frit_dynamics::ForceError;
use frit_dynamics::minimise::Criteria;
use rayon::prelude::*;

use crate::optimise::{Method, Walk, add, dot, longest, normalised};
use crate::{EnergyError, Landscape};

/// By how much another image must be higher than the climbing one [eV] to climb in its place: between
/// two equal saddles the choice would else change at every step.
const CLIMB_MARGIN: f64 = 1e-3;

/// Whether an image is driven to the saddle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Climb {
    /// All images are held apart by springs.
    No,
    /// Once the largest force of the band is below this [eV/Å], the highest image climbs.
    Below(f64),
}

/// How a band is relaxed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Stiffness of the springs [eV/Å²].
    pub spring: f64,
    /// Whether an image climbs.
    pub climb: Climb,
    /// How forces are followed.
    pub method: Method,
    /// When the band is relaxed: the largest force on an atom of an image that moves, springs
    /// included.
    pub criteria: Criteria,
}

/// One structure of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Positions [Å].
    pub position: Vec<Vector>,
    /// Energy [eV].
    pub energy: f64,
    /// Forces [eV/Å].
    pub force: Vec<Vector>,
}

/// How a band stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Steps made.
    pub steps: u64,
    /// The largest force [eV/Å].
    pub max_force: f64,
    /// Height of the highest image above the first [eV].
    pub barrier: f64,
    /// The image that climbs.
    pub climbing: Option<usize>,
}

/// A chain of images; the two ends do not move.
///
/// Images are evaluated in parallel, each in a landscape of its own; the number of threads does
/// not change a bit.
pub struct Band<L> {
    images: Vec<Image>,
    landscapes: Vec<L>,
    climbing: Option<usize>,
    steps: u64,
}

impl<L: Landscape> Band<L> {
    /// A band through these positions; there is one landscape for each.
    ///
    /// # Errors
    /// There must be an image between the ends, and forces at all.
    pub fn new(path: Vec<Vec<Vector>>, landscapes: Vec<L>) -> Result<Self, EnergyError> {
        if path.len() < 3 || landscapes.len() != path.len() {
            return Err(EnergyError::Parameter {
                name: "the number of images",
                value: path.len().saturating_sub(2).to_string(),
                expected: "at least 1, and one landscape for each and for the ends",
            });
        }
        let images = path.into_iter().map(|position| Image {
            position,
            energy: 0.0,
            force: Vec::new(),
        });
        let mut band = Self {
            images: images.collect(),
            landscapes,
            climbing: None,
            steps: 0,
        };
        let last = band.images.len();
        band.evaluate(0..last)?;
        Ok(band)
    }

    /// All images, the ends included.
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    /// The image that climbs, if one does.
    pub fn climbing(&self) -> Option<usize> {
        self.climbing
    }

    /// The image with the highest energy among those that move.
    pub fn highest(&self) -> usize {
        let inner = 1..self.images.len() - 1;
        let higher =
            |a: &usize, b: &usize| self.images[*a].energy.total_cmp(&self.images[*b].energy);
        // The first of equals, so that symmetric paths do not depend on rounding further on.
        inner.rev().max_by(higher).unwrap_or(1)
    }

    /// Energies and slopes along the path.
    pub fn profile(&self) -> Profile {
        let tangents = (0..self.images.len()).map(|k| self.tangent(k));
        Profile::new(&self.images, &tangents.collect::<Vec<_>>())
    }

    /// The direction of the path at an image, of length 1.
    ///
    /// Towards the higher neighbour, mixed at extrema: Henkelman and Jónsson 2000,
    /// doi:10.1063/1.1323224, equations 8 to 11.
    pub fn tangent(&self, image: usize) -> Vec<Vector> {
        let last = self.images.len() - 1;
        let forward = || {
            difference(
                &self.images[image + 1].position,
                &self.images[image].position,
            )
        };
        let backward = || {
            difference(
                &self.images[image].position,
                &self.images[image - 1].position,
            )
        };
        if image == 0 {
            return normalised(forward());
        }
        if image == last {
            return normalised(backward());
        }
        let [before, here, after] = [image - 1, image, image + 1].map(|k| self.images[k].energy);
        if before < here && here < after {
            return normalised(forward());
        }
        if before > here && here > after {
            return normalised(backward());
        }
        let changes = [(after - here).abs(), (before - here).abs()];
        let [small, large] = [changes[0].min(changes[1]), changes[0].max(changes[1])];
        let [with_forward, with_backward] = if after > before {
            [large, small]
        } else {
            [small, large]
        };
        if large == 0.0 {
            let around = difference(
                &self.images[image + 1].position,
                &self.images[image - 1].position,
            );
            return normalised(around);
        }
        let mut tangent: Vec<Vector> = forward().iter().map(|t| t * with_forward).collect();
        add(&mut tangent, &backward(), with_backward);
        normalised(tangent)
    }

    /// The force that relaxes an image that moves [eV/Å]: across the path that of the landscape,
    /// along it that of the springs; a climbing image feels no springs and goes up along the path
    /// (Henkelman, Uberuaga, Jónsson 2000, doi:10.1063/1.1329672, equation 5). What cannot move or
    /// changes no energy is taken out.
    pub fn band_force(&self, image: usize, spring: f64) -> Vec<Vector> {
        let tangent = self.tangent(image);
        let mut force = self.images[image].force.clone();
        let along = dot(&force, &tangent);
        if self.climbing == Some(image) {
            add(&mut force, &tangent, -2.0 * along);
        } else {
            let [before, here, after] =
                [image - 1, image, image + 1].map(|k| self.images[k].position.as_slice());
            let stretch = distance(here, after) - distance(before, here);
            add(&mut force, &tangent, spring * stretch - along);
        }
        // Springs would stretch a path by moving the whole, which nothing resists.
        self.landscapes[image].free(&self.images[image].position, &mut force);
        force
    }

    /// Relaxes the band; `watch` sees every step and may stop it. However it ends, the band stays as
    /// far as it came.
    ///
    /// # Errors
    /// Forces are missing, the steps ran out, or `watch` stopped it.
    pub fn relax(
        &mut self,
        settings: &Settings,
        mut watch: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Progress, EnergyError> {
        let mut walk = Walk::new(settings.method);
        let inner = self.images.len() - 2;
        let atoms = self.images[0].position.len();
        loop {
            let mut force = self.all_forces(settings.spring);
            if self.choose_climbing(settings.climb, longest(&force)) {
                walk.forget();
                force = self.all_forces(settings.spring);
            }
            let progress = self.progress(longest(&force));
            let watched = watch(&progress);
            if progress.max_force <= settings.criteria.max_force {
                return Ok(progress);
            }
            if watched.is_break() {
                return Err(EnergyError::Stopped("the band".to_owned()));
            }
            if self.steps >= settings.criteria.max_steps {
                return Err(EnergyError::NotConverged {
                    what: "the band".to_owned(),
                    steps: self.steps,
                    force: progress.max_force,
                    limit: settings.criteria.max_force,
                });
            }
            let displacement = walk.displacement(&force);
            for (image, displacement) in self.images[1..=inner]
                .iter_mut()
                .zip(displacement.chunks(atoms))
            {
                add(&mut image.position, displacement, 1.0);
            }
            self.evaluate(1..inner + 1)?;
            self.steps += 1;
        }
    }

    /// Lets the highest image climb, once the largest force allows it; true if another one climbs now.
    fn choose_climbing(&mut self, climb: Climb, max_force: f64) -> bool {
        let Climb::Below(limit) = climb else {
            return false;
        };
        let highest = self.highest();
        let is_better = match self.climbing {
            None => max_force <= limit,
            Some(now) => self.images[highest].energy > self.images[now].energy + CLIMB_MARGIN,
        };
        if is_better {
            self.climbing = Some(highest);
        }
        is_better
    }

    fn progress(&self, max_force: f64) -> Progress {
        Progress {
            steps: self.steps,
            max_force,
            barrier: self.images[self.climbing.unwrap_or_else(|| self.highest())].energy
                - self.images[0].energy,
            climbing: self.climbing,
        }
    }

    fn all_forces(&self, spring: f64) -> Vec<Vector> {
        let inner = 1..self.images.len() - 1;
        inner.flat_map(|k| self.band_force(k, spring)).collect()
    }

    fn evaluate(&mut self, range: std::ops::Range<usize>) -> Result<(), ForceError> {
        let images = self.images[range.clone()].par_iter_mut();
        let landscapes = self.landscapes[range].par_iter_mut();
        let results: Vec<Result<(), ForceError>> = images
            .zip(landscapes)
            .map(|(image, landscape)| {
                image.energy = landscape.evaluate(&image.position, &mut image.force)?;
                Ok(())
            })
            .collect();
        // The first failure in the order of images, whatever thread was faster.
        results.into_iter().collect()
    }
}

fn difference(to: &[Vector], from: &[Vector]) -> Vec<Vector> {
    to.iter().zip(from).map(|(to, from)| to - from).collect()
}

fn distance(a: &[Vector], b: &[Vector]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b).norm_squared());
    squares.sum::<f64>().sqrt()
}

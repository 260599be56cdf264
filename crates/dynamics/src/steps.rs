//! The elementary steps of which all integrators are made, and the sweeps that apply them.
//!
//! A step acts on one atom; a sweep takes all atoms through one or more steps while they are in
//! the processor's cache. Sweeps run over fixed chunks of atoms and add their tallies in the order
//! of the chunks.

use std::ops::AddAssign;

use frit_atoms::{Atoms, Species, Vector};
use frit_units::constants::MechanicalConstants;
use rayon::prelude::*;

use crate::chunks::{CHUNK, PARALLEL, total};

/// What the steps need to know of each species.
#[derive(Debug, Clone)]
pub(crate) struct Inertia {
    /// Acceleration of a unit force [(Å/ps²) / (eV/Å)].
    pub(crate) acceleration: Vec<f64>,
    /// Kinetic energy at unit speed [eV / (Å/ps)²].
    pub(crate) half_mass: Vec<f64>,
}

impl Inertia {
    pub(crate) fn new(species: &[Species], constants: &MechanicalConstants) -> Self {
        let of_mass = |f: &dyn Fn(f64) -> f64| species.iter().map(|s| f(s.mass)).collect();
        Self {
            acceleration: of_mass(&|mass| constants.force_to_acceleration / mass),
            half_mass: of_mass(&|mass| 0.5 * constants.mass_velocity2_to_energy * mass),
        }
    }
}

/// What a sweep adds up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    /// An energy [eV]; which one, the sweep says.
    pub(crate) energy: f64,
    /// Atoms that moved further than allowed, or to no finite place.
    pub(crate) strays: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.energy += other.energy;
        self.strays += other.strays;
    }
}

/// One atom in a sweep.
pub(crate) struct Moving<'a> {
    pub(crate) position: &'a mut Vector,
    pub(crate) velocity: &'a mut Vector,
    pub(crate) force: &'a Vector,
    pub(crate) species: usize,
    pub(crate) id: u32,
}

impl Moving<'_> {
    /// Kick: `v += time F / m`.
    #[inline]
    pub(crate) fn kick(&mut self, inertia: &Inertia, time: f64) {
        *self.velocity += self.force * (time * inertia.acceleration[self.species]);
    }

    /// Drift: `x += time v`; gives the displacement [Å].
    #[inline]
    pub(crate) fn drift(&mut self, time: f64) -> Vector {
        let displacement = *self.velocity * time;
        *self.position += displacement;
        displacement
    }

    /// Kinetic energy [eV].
    #[inline]
    pub(crate) fn kinetic_energy(&self, inertia: &Inertia) -> f64 {
        inertia.half_mass[self.species] * self.velocity.norm_squared()
    }
}

/// 1 if the displacement [Å] exceeds a limit or is not a number.
#[inline]
pub(crate) fn stray(displacement: &Vector, limit: f64) -> u32 {
    let within = displacement.norm_squared() <= limit * limit;
    u32::from(!within)
}

/// Buffers of the sweeps, kept so that no step allocates.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sweeper {
    tallies: Vec<Tally>,
}

impl Sweeper {
    /// Takes every atom through `step` and adds up the tallies. `force` has one entry an atom.
    pub(crate) fn sweep<F>(&mut self, atoms: &mut Atoms, force: &[Vector], step: F) -> Tally
    where
        F: Fn(&mut Moving<'_>) -> Tally + Sync,
    {
        let count = atoms.len();
        self.tallies.resize(count.div_ceil(CHUNK), Tally::default());
        let atoms = atoms.split_mut();
        let chunk = |position: &mut [Vector],
                     velocity: &mut [Vector],
                     force: &[Vector],
                     species: &[u8],
                     id: &[u32]| {
            let columns = position.iter_mut().zip(velocity).zip(force);
            let columns = columns.zip(species).zip(id);
            total(
                columns.map(|((((position, velocity), force), &species), &id)| {
                    step(&mut Moving {
                        position,
                        velocity,
                        force,
                        species: usize::from(species),
                        id,
                    })
                }),
            )
        };
        if count < PARALLEL {
            let position = atoms.position.chunks_mut(CHUNK);
            let columns = position
                .zip(atoms.velocity.chunks_mut(CHUNK))
                .zip(force.chunks(CHUNK))
                .zip(atoms.species.chunks(CHUNK))
                .zip(atoms.id.chunks(CHUNK));
            for (((((x, v), f), s), i), tally) in columns.zip(&mut self.tallies) {
                *tally = chunk(x, v, f, s, i);
            }
        } else {
            let position = atoms.position.par_chunks_mut(CHUNK);
            position
                .zip(atoms.velocity.par_chunks_mut(CHUNK))
                .zip(force.par_chunks(CHUNK))
                .zip(atoms.species.par_chunks(CHUNK))
                .zip(atoms.id.par_chunks(CHUNK))
                .zip(&mut self.tallies)
                .for_each(|(((((x, v), f), s), i), tally)| *tally = chunk(x, v, f, s, i));
        }
        total(self.tallies.iter().copied())
    }
}

/// Multiplies all velocities by `factor`.
pub(crate) fn scale_velocities(atoms: &mut Atoms, factor: f64) {
    let velocity = atoms.velocity_mut();
    let scale = |velocity: &mut [Vector]| velocity.iter_mut().for_each(|v| *v *= factor);
    if velocity.len() < PARALLEL {
        scale(velocity);
    } else {
        velocity.par_chunks_mut(CHUNK).for_each(scale);
    }
}

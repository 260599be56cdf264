//! A particle on a slab.

use crate::error::positive;
use crate::near::Near;
use crate::pair::{LEAST_DISTANCE, PARTICLES, merge};
use crate::particle::VACUUM;
use crate::report::counts_of;
use crate::{Axis, BuildError, Count, Particle, SlabStructure};
use frit_atoms::{Atom, Atoms, Cell, Matrix, System, Vector};

/// A particle on a slab.
#[derive(Debug, Clone, PartialEq)]
pub struct Supported {
    /// The atoms: the particle is group 0 and keeps its ids; the slab is group 1, its ids follow.
    /// Periodic along x and y as the slab.
    pub system: System,
    /// What was put together.
    pub report: SupportedReport,
}

/// What [`put_on_slab`] put together.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportedReport {
    /// Atoms of each species.
    pub composition: Vec<Count>,
    /// Gap [Å] between the lowest plane of the particle (or its lowest atom) and the highest of the slab.
    pub gap: f64,
    /// Whether a facet of the particle lies on the slab.
    pub on_facet: bool,
    /// Distance [Å] of the closest atoms of particle and slab.
    pub closest: f64,
}

/// Puts a particle, as it was built and turned, above the middle of a slab.
///
/// # Errors
/// The gap must be positive, the slab wider than the particle by `10 Å`, no atoms closer than 1.5 Å,
/// shared species of equal masses.
pub fn put_on_slab(
    particle: &Particle,
    slab: &SlabStructure,
    gap: f64,
) -> Result<Supported, BuildError> {
    let gap = positive("the gap", gap)?;
    let ground = &slab.system;
    let places = particle.system.atoms.position();
    let periods = [0, 1].map(|k| ground.cell.vector(k)[k]);
    for axis in [Axis::X, Axis::Y] {
        let along = || places.iter().map(|place| place[axis.index()]);
        let wide =
            along().fold(f64::NEG_INFINITY, f64::max) - along().fold(f64::INFINITY, f64::min);
        let period = periods[axis.index()];
        if wide + VACUUM > period {
            return Err(BuildError::TooWide {
                axis: axis.name(),
                particle: wide,
                slab: period,
                least: VACUUM,
            });
        }
    }
    let facing = particle.outermost(&-Axis::Z.unit());
    let lowest = places
        .iter()
        .map(|place| place.z)
        .fold(f64::INFINITY, f64::min);
    let bottom = match facing.ids.first() {
        Some(&id) => places[id as usize - 1].z,
        None => lowest,
    };
    let top = ground.atoms.position().iter().map(|place| place.z);
    let top = top.fold(f64::NEG_INFINITY, f64::max);
    let shift = Vector::new(0.5 * periods[0], 0.5 * periods[1], top + gap - bottom);

    let mut species = particle.system.species.clone();
    let translate = merge(&mut species, &ground.species)?;
    let offset = places.len() as u32;
    let mut atoms: Atoms = particle
        .system
        .atoms
        .iter()
        .map(|atom| Atom {
            position: atom.position + shift,
            group: PARTICLES[0],
            ..atom
        })
        .collect();
    let closest = closest(atoms.position(), ground)?;
    for atom in ground.atoms.iter() {
        atoms.push(Atom {
            species: translate[usize::from(atom.species)],
            id: offset + atom.id,
            group: PARTICLES[1],
            ..atom
        });
    }
    let highest = atoms.position().iter().map(|place| place.z);
    let highest = highest.fold(f64::NEG_INFINITY, f64::max);
    let origin = ground.cell.origin();
    let edges = Vector::new(periods[0], periods[1], highest - 2.0 * origin.z);
    let cell = Cell::new(
        Matrix::from_diagonal(&edges),
        origin,
        ground.cell.periodic(),
    )?;
    let system = System::new(cell, atoms, species)?;
    let report = SupportedReport {
        composition: counts_of(&system),
        gap,
        on_facet: !facing.ids.is_empty(),
        closest,
    };
    Ok(Supported { system, report })
}

/// Distance [Å] of the closest atoms of the placed particle and the slab; the particle lies within the
/// cell, so that no image is closer.
fn closest(particle: &[Vector], slab: &System) -> Result<f64, BuildError> {
    let below = slab.atoms.position();
    let mut reach = 4.0;
    loop {
        let near = Near::new(below, reach);
        let mut closest = (f64::INFINITY, 0, 0);
        for (one, &place) in particle.iter().enumerate() {
            for (other, distance) in near.around(place) {
                if distance < closest.0 {
                    closest = (distance, one, other);
                }
            }
        }
        let (distance, first, second) = closest;
        if distance < LEAST_DISTANCE {
            return Err(BuildError::Overlap {
                first: first as u32 + 1,
                second: (particle.len() + second) as u32 + 1,
                distance,
                least: LEAST_DISTANCE,
                widen: LEAST_DISTANCE - distance,
            });
        }
        if distance.is_finite() || reach > 1e6 {
            return Ok(distance);
        }
        reach *= 2.0;
    }
}

impl std::fmt::Display for SupportedReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::report::write_composition(f, &self.composition)?;
        let below = if self.on_facet {
            "the lowest facet of the particle"
        } else {
            "the lowest atom of the particle, which turns no facet to the slab,"
        };
        writeln!(
            f,
            "gap {:.4} Å between {below} and the highest plane of the slab; closest atoms {:.4} Å apart",
            self.gap, self.closest
        )
    }
}

//! Centres of mass that are held: a control for what the motion of whole particles does.

use frit_atoms::{System, Vector};
use frit_potentials::Evaluation;

use crate::chunks;
use crate::measure::{Selection, centre_of_mass, momentum};

/// How the centre of mass of a body is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hold {
    /// It does not move. The mean acceleration of the body is taken from all of its atoms, which
    /// does no work; its atoms move relative to the centre as if it were free.
    Pinned,
    /// A spring to where it was at the start, of this stiffness k [eV/Å²]: the energy is
    /// `k |X - X_0|² / 2`, the force on the body shared among its atoms by their masses.
    Tethered {
        /// The spring's stiffness [eV/Å²].
        stiffness: f64,
    },
}

/// Bodies whose centres of mass are held.
#[derive(Debug, Clone, PartialEq)]
pub struct Centres {
    hold: Hold,
    bodies: Vec<Held>,
}

#[derive(Debug, Clone, PartialEq)]
struct Held {
    selection: Selection,
    /// [u]
    mass: f64,
    /// Where the centre of mass is to stay [Å].
    place: Vector,
}

impl Centres {
    /// Holds bodies where their centres of mass are now; selections without atoms are left out.
    pub fn new(hold: Hold, bodies: &[Selection], system: &System) -> Self {
        let held = |&selection| {
            Some(Held {
                selection,
                mass: mass_by_species(system, selection),
                place: centre_of_mass(system, selection)?,
            })
        };
        Self {
            hold,
            bodies: bodies.iter().filter_map(held).collect(),
        }
    }

    /// How the centres are held.
    pub fn hold(&self) -> Hold {
        self.hold
    }

    /// How many centres are held.
    pub fn count(&self) -> usize {
        self.bodies.len()
    }

    /// Where the centres of mass are to stay [Å], for a checkpoint.
    pub fn places(&self) -> Vec<Vector> {
        self.bodies.iter().map(|body| body.place).collect()
    }

    /// Takes on the places of a checkpoint; `false` if they are of another number of bodies.
    pub fn restore(&mut self, places: &[Vector]) -> bool {
        for (body, place) in self.bodies.iter_mut().zip(places) {
            body.place = *place;
        }
        self.bodies.len() == places.len()
    }

    /// Adds the forces that hold the centres, and their energy, to an evaluation. They do not enter
    /// the virial, nor the energies of atoms: they belong to whole bodies.
    pub(crate) fn act(&self, system: &System, evaluation: &mut Evaluation) {
        for body in &self.bodies {
            let (group, selection) = (system.atoms.group(), body.selection);
            // Acceleration of the body, times u: what each atom is given for a unit of its mass.
            let push = match self.hold {
                Hold::Pinned => {
                    let force = &evaluation.force;
                    let total: Vector = chunks::sum(force.len(), |atoms| {
                        let chosen = atoms.filter(|&atom| selection.contains(group[atom]));
                        chunks::total(chosen.map(|atom| force[atom]))
                    });
                    -total / body.mass
                }
                Hold::Tethered { stiffness } => {
                    let centre = centre_of_mass(system, selection).unwrap_or(body.place);
                    let offset = centre - body.place;
                    evaluation.energy += 0.5 * stiffness * offset.norm_squared();
                    -stiffness * offset / body.mass
                }
            };
            for (atom, force) in evaluation.force.iter_mut().enumerate() {
                if selection.contains(group[atom]) {
                    *force += push * system.mass(atom);
                }
            }
        }
    }

    /// Takes the motion of pinned centres out of all velocities, and what it did to positions in
    /// the time `moved` [ps]; gives the kinetic energy of that motion [u Å²/ps²]. Nothing for
    /// tethered ones.
    ///
    /// Noise of a thermostat sets centres in motion. Without their motion the noise is that of the
    /// distribution with the centres at rest, for it is normal, and centre and rest are independent.
    pub(crate) fn bring_to_rest(&self, system: &mut System, moved: f64) -> f64 {
        if self.hold != Hold::Pinned {
            return 0.0;
        }
        let mut energy = 0.0;
        for body in &self.bodies {
            let drift = momentum(system, body.selection) / body.mass;
            energy += 0.5 * body.mass * drift.norm_squared();
            let atoms = system.atoms.split_mut();
            let columns = atoms.position.iter_mut().zip(atoms.velocity);
            for ((position, velocity), &group) in columns.zip(atoms.group) {
                if body.selection.contains(group) {
                    *position -= drift * moved;
                    *velocity -= drift;
                }
            }
        }
        energy
    }
}

/// Mass [u] of the selected atoms, to the bit whatever their order: a continued run finds them in
/// another one than it had at its start.
fn mass_by_species(system: &System, selection: Selection) -> f64 {
    let mut counts = vec![0_u32; system.species.len()];
    for (&species, &group) in system.atoms.species().iter().zip(system.atoms.group()) {
        counts[usize::from(species)] += u32::from(selection.contains(group));
    }
    let masses = system.species.iter().zip(counts);
    masses
        .map(|(species, count)| species.mass * f64::from(count))
        .sum()
}

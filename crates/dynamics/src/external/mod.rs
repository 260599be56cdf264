//! What acts on atoms beside their potential.
//!
//! Every part knows its atoms by id, and where they were when it began to act: both belong into a
//! checkpoint ([`External::save`]). Energies enter that of the system, and those of the atoms where
//! they belong to single ones; nothing enters the virial.

mod centres;
mod chosen;
mod force;
mod springs;
mod wall;

use frit_atoms::System;
use frit_potentials::Evaluation;

use crate::{AtomReport, ForceError};

pub use centres::{Centres, Hold};
pub use chosen::Chosen;
pub use force::{AddedForce, Share};
pub use springs::Springs;
pub use wall::Wall;

/// Everything that acts on atoms beside their potential.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct External {
    /// Springs to places.
    pub springs: Vec<Springs>,
    /// Constant forces.
    pub forces: Vec<AddedForce>,
    /// Flat walls.
    pub walls: Vec<Wall>,
    /// Centres of mass that are held.
    pub centres: Option<Centres>,
    /// Atoms that do not move.
    pub frozen: Option<Chosen>,
}

impl External {
    /// Whether nothing acts.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds forces and energies to an evaluation of the same positions.
    ///
    /// # Errors
    /// Names an atom behind a wall.
    pub(crate) fn act(
        &self,
        system: &System,
        evaluation: &mut Evaluation,
    ) -> Result<(), ForceError> {
        for springs in &self.springs {
            springs.act(system, evaluation);
        }
        for force in &self.forces {
            force.act(system, evaluation);
        }
        for wall in &self.walls {
            wall.act(system, evaluation).map_err(|place| {
                let atom = AtomReport::new(system, place, &[]);
                ForceError::BehindWall {
                    atom: Box::new(atom),
                    wall: wall.name.clone(),
                    axis: ["x", "y", "z"][wall.axis],
                    at: wall.at,
                }
            })?;
        }
        // After all forces: pins answer them, and frozen atoms feel none.
        if let Some(centres) = &self.centres {
            centres.act(system, evaluation);
        }
        if let Some(frozen) = &self.frozen {
            for (force, &id) in evaluation.force.iter_mut().zip(system.atoms.id()) {
                if frozen.contains(id) {
                    *force = frit_atoms::Vector::zeros();
                }
            }
        }
        Ok(())
    }
}

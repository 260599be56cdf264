//! Flat walls.

use frit_atoms::System;
use frit_potentials::Evaluation;

/// A flat wall across an axis, as of a half space filled with Lennard-Jones atoms: the energy of an
/// atom at distance d is
///
/// ```text
/// E(d) = ε [2/15 (σ/d)⁹ - (σ/d)³] - E_c   for d < d_c, else 0
/// ```
///
/// with `E_c` such that it vanishes at the cutoff `d_c`. The half space gives ε = 2/3 π ρ σ³ ε_LJ
/// for atoms of density ρ (Steele 1973, doi:10.1016/0039-6028(73)90264-1, integrated over the
/// depth); LAMMPS's `fix wall/lj93` is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Wall {
    /// What it is called in messages.
    pub name: String,
    /// 0, 1, 2 for x, y, z.
    pub axis: usize,
    /// Whether it bounds the atoms at the lower end of the axis, and so pushes up.
    pub low: bool,
    /// Where it stands [Å].
    pub at: f64,
    /// ε [eV].
    pub epsilon: f64,
    /// σ [Å].
    pub sigma: f64,
    /// d_c [Å].
    pub cutoff: f64,
}

impl Wall {
    /// Energy [eV], not shifted, and force away from the wall [eV/Å], at a distance [Å].
    fn bare(&self, distance: f64) -> (f64, f64) {
        let third = (self.sigma / distance).powi(3);
        let ninth = third.powi(3);
        let energy = self.epsilon * (2.0 / 15.0 * ninth - third);
        let force = self.epsilon * (1.2 * ninth - 3.0 * third) / distance;
        (energy, force)
    }

    /// Energy [eV] and force away from the wall [eV/Å] of an atom at a distance [Å].
    pub fn value(&self, distance: f64) -> (f64, f64) {
        if distance >= self.cutoff {
            return (0.0, 0.0);
        }
        let (energy, force) = self.bare(distance);
        (energy - self.bare(self.cutoff).0, force)
    }

    /// Adds forces and energies; the place of an atom that is not in front of the wall, if there is
    /// one.
    pub(super) fn act(&self, system: &System, evaluation: &mut Evaluation) -> Result<(), usize> {
        let with_atoms = evaluation.request.atom_energy;
        let sign = if self.low { 1.0 } else { -1.0 };
        for place in 0..system.atoms.len() {
            let distance = sign * (system.unwrapped(place)[self.axis] - self.at);
            if distance >= self.cutoff {
                continue;
            }
            if distance <= 0.0 || distance.is_nan() {
                return Err(place);
            }
            let (energy, force) = self.value(distance);
            evaluation.force[place][self.axis] += sign * force;
            evaluation.energy += energy;
            if with_atoms {
                evaluation.atom_energy[place] += energy;
            }
        }
        Ok(())
    }
}

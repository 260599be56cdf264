//! Molecular dynamics as an engine of the common loop.

use frit_atoms::{Matrix, System};
use frit_dynamics::measure::{self, AtRest, Selection};
use frit_dynamics::{Dynamics, ForceField, StepError};
use frit_engine::{Clock, Engine};
use frit_potentials::Request;
use frit_units::constants::MechanicalConstants;

/// A system that moves.
pub(crate) struct MolecularDynamics {
    /// The atoms and their cell.
    pub system: System,
    /// Potential, neighbour list and the latest forces.
    pub forces: ForceField,
    /// The ensemble.
    pub dynamics: Dynamics,
    /// Where the body's clock stood when this stage began.
    pub begun: Clock,
    /// Rigid motions that hold no thermal energy.
    pub at_rest: AtRest,
}

/// Energies and temperature of a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Energies {
    /// Potential energy [eV].
    pub potential: f64,
    /// Kinetic energy [eV].
    pub kinetic: f64,
    /// What the ensemble conserves [eV].
    pub conserved: f64,
    /// Temperature [K].
    pub temperature: f64,
}

impl MolecularDynamics {
    /// Steps and time [ps] of the body, over all its stages.
    pub(crate) fn body_clock(&self) -> Clock {
        let clock = self.clock();
        Clock {
            step: self.begun.step + clock.step,
            time: tidy(self.begun.time + clock.time),
        }
    }

    /// Energies now; the latest evaluation must have had the energy.
    pub(crate) fn energies(&self) -> Energies {
        let constants = MechanicalConstants::CODATA;
        let potential = self.forces.evaluation().energy;
        let kinetic = measure::kinetic_energy(&self.system, Selection::All, &constants);
        let freedom = measure::degrees_of_freedom(&self.system, Selection::All, self.at_rest);
        Energies {
            potential,
            kinetic,
            conserved: self.dynamics.conserved(&self.system, potential),
            temperature: measure::temperature(kinetic, freedom, &constants),
        }
    }

    /// Pressure [eV/Å³] of a kinetic energy [eV], a virial [eV] and a volume [Å³]: the mean under
    /// a barostat is its target.
    pub(crate) fn pressure(&self, kinetic: f64, virial: &Matrix, volume: f64) -> f64 {
        let freedom = measure::degrees_of_freedom(&self.system, Selection::All, self.at_rest);
        measure::thermal_pressure(kinetic, freedom, self.at_rest, virial, volume)
    }
}

/// A time without the rounding of sums and products: 19.9 instead of 19.900000000000002.
///
/// Steps, in ps of atoms and in s of other methods, are decimal fractions as typed, far longer than
/// the billionth of the unit that is kept.
pub(crate) fn tidy(time: f64) -> f64 {
    (time * 1e9).round() / 1e9
}

impl Engine for MolecularDynamics {
    type Needs = Request;
    type Error = StepError;

    fn clock(&self) -> Clock {
        Clock {
            step: self.dynamics.step(),
            time: self.dynamics.time(),
        }
    }

    fn coming(&self) -> Clock {
        let clock = self.clock();
        Clock {
            step: clock.step + 1,
            time: clock.time + self.dynamics.setup().time_step,
        }
    }

    fn join(first: Request, second: Request) -> Request {
        first.union(second)
    }

    fn advance(&mut self, needs: Request) -> Result<(), StepError> {
        self.dynamics
            .advance(&mut self.system, &mut self.forces, needs)
            .map(drop)
    }
}

//! Interactions and systems that are simple enough to know what is right.

use frit_atoms::{Atom, Atoms, Cell, Species, Surroundings, System, Vector};
use frit_dynamics::{
    AtRest, Dynamics, Ensemble, ForceField, Selection, Setup, initialise_velocities,
};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::{Bound, Evaluation, EvaluationError, Model, Request};
use frit_units::constants::MechanicalConstants;

pub(crate) const CODATA: MechanicalConstants = MechanicalConstants::CODATA;

/// Length of the bond of argon [Å], its depth [eV] and the mass of argon [u].
pub(crate) const SIGMA: f64 = 3.4;
pub(crate) const EPSILON: f64 = 0.0103;
pub(crate) const ARGON: f64 = 39.95;

/// Lennard-Jones times `(1 - r²/R²)^smoothness`; with a smoothness of 3 the force has a continuous
/// slope at the cutoff R.
pub(crate) struct LennardJones {
    pub(crate) sigma: f64,
    pub(crate) epsilon: f64,
    pub(crate) cutoff: f64,
    pub(crate) smoothness: i32,
}

impl LennardJones {
    /// Energy and its derivative by the squared distance.
    fn pair(&self, square: f64) -> (f64, f64) {
        let ratio = (self.sigma * self.sigma / square).powi(3);
        let energy = 4.0 * self.epsilon * ratio * (ratio - 1.0);
        let slope = -12.0 * self.epsilon * ratio * (2.0 * ratio - 1.0) / square;
        let rest = 1.0 - square / (self.cutoff * self.cutoff);
        let window = rest.powi(self.smoothness);
        let fall = -f64::from(self.smoothness) * rest.powi(self.smoothness - 1)
            / (self.cutoff * self.cutoff);
        let fall = if self.smoothness == 0 { 0.0 } else { fall };
        (energy * window, slope * window + energy * fall)
    }
}

impl Model for LennardJones {
    type Workspace = ();

    fn name(&self) -> &'static str {
        "test"
    }

    fn cutoff(&self) -> f64 {
        self.cutoff
    }

    fn describe(&self) -> String {
        String::new()
    }

    fn kernel(&self) -> &'static str {
        "reference"
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        (): &mut (),
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        for atom in 0..surroundings.owned() {
            let here = surroundings.position[atom];
            for &other in surroundings.list.row(atom) {
                let apart = here - surroundings.position[other as usize];
                let square = apart.norm_squared();
                if square < self.cutoff * self.cutoff {
                    let (energy, slope) = self.pair(square);
                    let force = -2.0 * slope * apart;
                    evaluation.energy += 0.5 * energy;
                    if evaluation.request.atom_energy {
                        evaluation.atom_energy[atom] += 0.5 * energy;
                    }
                    evaluation.force[atom] += force;
                    evaluation.virial += 0.5 * apart * force.transpose();
                }
            }
            if !evaluation.force[atom].iter().all(|x| x.is_finite()) {
                return Err(EvaluationError::NotFinite { atom });
            }
        }
        Ok(())
    }
}

/// Every atom in the same harmonic well about the origin, without other interaction; a stiffness of
/// zero makes an ideal gas.
pub(crate) struct Well {
    /// Stiffness [eV/Å²].
    pub(crate) stiffness: f64,
}

impl Model for Well {
    type Workspace = ();

    fn name(&self) -> &'static str {
        "test"
    }

    fn cutoff(&self) -> f64 {
        1e-3
    }

    fn describe(&self) -> String {
        String::new()
    }

    fn kernel(&self) -> &'static str {
        "reference"
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        (): &mut (),
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        for atom in 0..surroundings.owned() {
            let position = surroundings.position[atom];
            evaluation.energy += 0.5 * self.stiffness * position.norm_squared();
            evaluation.force[atom] -= self.stiffness * position;
        }
        Ok(())
    }
}

pub(crate) fn force_field(model: impl Model + 'static, skin: f64) -> ForceField {
    ForceField::new(Box::new(Bound::new(model)), skin).unwrap()
}

pub(crate) fn smooth_argon() -> ForceField {
    let model = LennardJones {
        sigma: SIGMA,
        epsilon: EPSILON,
        cutoff: 6.8,
        smoothness: 3,
    };
    force_field(model, 0.8)
}

/// Argon and an argon of twice the mass.
pub(crate) fn species() -> Vec<Species> {
    [("Ar", ARGON), ("X", 2.0 * ARGON)]
        .map(|(name, mass)| Species {
            name: name.to_owned(),
            mass,
        })
        .to_vec()
}

/// Atoms at these places [Å], species in turns, ids in reverse, in two groups.
pub(crate) fn system(cell: Cell, places: &[Vector]) -> System {
    let count = places.len() as u32;
    let atoms: Atoms = (0..count)
        .map(|k| Atom {
            position: places[k as usize],
            velocity: Vector::zeros(),
            image: [0; 3],
            species: (k % 2) as u8,
            id: count - k,
            group: u8::from(k >= count / 2),
        })
        .collect();
    System::new(cell, atoms, species()).unwrap()
}

/// Face-centred cubic places with lattice constant `a` [Å].
pub(crate) fn fcc(cells: usize, a: f64) -> Vec<Vector> {
    let basis = [
        [0.25, 0.25, 0.25],
        [0.25, 0.75, 0.75],
        [0.75, 0.25, 0.75],
        [0.75, 0.75, 0.25],
    ];
    let mut places = Vec::new();
    for x in 0..cells {
        for y in 0..cells {
            for z in 0..cells {
                let corner = Vector::new(x as f64, y as f64, z as f64);
                places.extend(basis.map(|b| a * (corner + Vector::from(b))));
            }
        }
    }
    places
}

/// A periodic crystal of argon of `4 cells³` atoms with thermal velocities [K].
pub(crate) fn crystal(cells: usize, a: f64, temperature: f64) -> System {
    let cell = Cell::orthogonal([a * cells as f64; 3], [true; 3]).unwrap();
    let mut system = system(cell, &fcc(cells, a));
    heat(&mut system, temperature, AtRest::Translation);
    system
}

/// A free cluster of argon of `4 cells³` atoms with thermal velocities [K].
pub(crate) fn cluster(cells: usize, temperature: f64) -> System {
    let cell = Cell::orthogonal([100.0; 3], [false; 3]).unwrap();
    let mut system = system(cell, &fcc(cells, 5.3));
    heat(&mut system, temperature, AtRest::TranslationAndRotation);
    system
}

/// Atoms at random about the origin, not interacting, with thermal velocities [K].
pub(crate) fn gas(count: usize, width: f64, temperature: f64, at_rest: AtRest) -> System {
    let cell = Cell::orthogonal([10.0; 3], [false; 3]).unwrap();
    let mut stream = Streams::new(3).stream(Purpose::Test, 0, 0);
    let places: Vec<Vector> = (0..count)
        .map(|_| width * Vector::new(stream.normal(), stream.normal(), stream.normal()))
        .collect();
    let mut system = system(cell, &places);
    heat(&mut system, temperature, at_rest);
    system
}

pub(crate) fn heat(system: &mut System, temperature: f64, at_rest: AtRest) {
    let streams = Streams::new(17);
    initialise_velocities(
        system,
        Selection::All,
        temperature,
        at_rest,
        streams,
        &CODATA,
    )
    .unwrap();
}

/// Dynamics with forces ready.
pub(crate) fn dynamics(
    ensemble: Ensemble,
    time_step: f64,
    system: &mut System,
    forces: &mut ForceField,
) -> Dynamics {
    let limit = Setup::DISPLACEMENT_LIMIT;
    dynamics_within(limit, ensemble, time_step, system, forces)
}

/// Dynamics with forces ready and a limit of displacements [Å].
pub(crate) fn dynamics_within(
    displacement_limit: f64,
    ensemble: Ensemble,
    time_step: f64,
    system: &mut System,
    forces: &mut ForceField,
) -> Dynamics {
    let setup = Setup {
        displacement_limit,
        ..Setup::new(ensemble, time_step, Streams::new(29))
    };
    forces.evaluate(system, Request::ENERGY).unwrap();
    Dynamics::new(setup, system).unwrap()
}

/// Velocities and unwrapped positions in the order of ids.
pub(crate) fn by_id(system: &System) -> (Vec<Vector>, Vec<Vector>) {
    let order = system.atoms.by_id();
    let places = order.iter().map(|&place| place as usize);
    (
        places.clone().map(|k| system.unwrapped(k)).collect(),
        places.map(|k| system.atoms.velocity()[k]).collect(),
    )
}

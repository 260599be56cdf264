//! Molecular dynamics: one step after the other.

use frit_atoms::neighbours::Update;
use frit_atoms::{CellError, System};
use frit_engine::random::Streams;
use frit_potentials::Request;
use frit_units::constants::MechanicalConstants;

use crate::cell_rescaling::Mechanics;
use crate::ensemble::{Ensemble, Isobaric};
use crate::langevin::Noise;
use crate::measure::{Selection, kinetic_energy};
use crate::parameter::positive;
use crate::steps::{Inertia, Sweeper, Tally, scale_velocities, stray};
use crate::{AtomReport, ForceField, RestoreError, SetupError, StepError, SwapCounts, Swaps};

/// What dynamics is made of.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The ensemble.
    pub ensemble: Ensemble,
    /// Exchanges of unlike atoms, if there are any.
    pub swaps: Option<Swaps>,
    /// Length of a step [ps].
    pub time_step: f64,
    /// Random numbers of this stage of a run: another branch than other stages have.
    pub streams: Streams,
    /// Factors of mechanics.
    pub constants: MechanicalConstants,
    /// An atom that moves further than this in one step [Å] stops the run.
    pub displacement_limit: f64,
}

impl Setup {
    /// A displacement no sound simulation comes near in one step [Å].
    ///
    /// A fifth of a bond length: forces found at the old place say nothing about the new one. A Pt
    /// atom at 1473 K moves 0.01 Å in 2 fs, the fastest of a million 0.05 Å, hydrogen at 3000 K
    /// 0.1 Å in 1 fs.
    pub const DISPLACEMENT_LIMIT: f64 = 0.5;

    /// A setup with the constants of CODATA and the usual limit of displacements.
    pub fn new(ensemble: Ensemble, time_step: f64, streams: Streams) -> Self {
        Self {
            ensemble,
            swaps: None,
            time_step,
            streams,
            constants: MechanicalConstants::CODATA,
            displacement_limit: Self::DISPLACEMENT_LIMIT,
        }
    }
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepReport {
    /// Steps made so far, this one included.
    pub step: u64,
    /// Whether the neighbour list was built, and so the atoms perhaps put in a new order.
    pub list: Update,
}

/// All state of dynamics that is neither in the system nor in the neighbour list.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The ensemble's name.
    pub ensemble: String,
    /// Steps made so far.
    pub step: u64,
    /// Named numbers; they must be kept to the bit.
    pub numbers: Vec<(String, f64)>,
}

/// What a move of the volume needs to know.
const VOLUME_MOVE: Request = Request {
    energy: false,
    virial: true,
    atom_energy: false,
};

/// A volume change beyond this factor in one move means a mistake: forces would change entirely.
const VOLUME_FACTOR: f64 = 1.5;

/// Molecular dynamics of a system in an ensemble.
///
/// Velocity Verlet (Swope et al. 1982, doi:10.1063/1.442716) with the ensemble's thermostat around
/// it. A step starts and ends with forces at the present positions, in the [`ForceField`].
#[derive(Debug)]
pub struct Dynamics {
    setup: Setup,
    step: u64,
    /// Energy [eV] that reservoirs of heat and volume took since the first step.
    reservoir: f64,
    swapped: SwapCounts,
    inertia: Inertia,
    noise: Noise,
    sweeper: Sweeper,
}

impl Dynamics {
    /// Dynamics before its first step.
    ///
    /// # Errors
    /// Time step and displacement limit must be positive; the isobaric ensemble needs a cell that
    /// is periodic in all directions.
    pub fn new(setup: Setup, system: &System) -> Result<Self, SetupError> {
        positive("time step", setup.time_step, "ps")?;
        positive(
            "limit of displacements",
            setup.displacement_limit,
            "Å a step",
        )?;
        let periodic = system.cell.periodic();
        if matches!(setup.ensemble, Ensemble::Isobaric(_)) && periodic != [true; 3] {
            return Err(SetupError::NotPeriodic { periodic });
        }
        Ok(Self {
            inertia: Inertia::new(&system.species, &setup.constants),
            noise: Noise::new(system.species.len(), setup.streams),
            sweeper: Sweeper::default(),
            step: 0,
            reservoir: 0.0,
            swapped: SwapCounts::default(),
            setup,
        })
    }

    /// What this dynamics is made of, with the present state of the ensemble.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Steps made so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Exchanges tried and made so far.
    pub fn swapped(&self) -> SwapCounts {
        self.swapped
    }

    /// Time passed [ps].
    pub fn time(&self) -> f64 {
        self.step as f64 * self.setup.time_step
    }

    /// Makes one step. Forces, and what else is requested, are then those of the new positions.
    ///
    /// # Errors
    /// There must be forces at the present positions. Atoms that move further than the limit, or to
    /// no finite place, are reported with their surroundings; the system is then as it was when
    /// this was found.
    pub fn advance(
        &mut self,
        system: &mut System,
        forces: &mut ForceField,
        request: Request,
    ) -> Result<StepReport, StepError> {
        if forces.force().len() != system.atoms.len() {
            return Err(StepError::NoForces);
        }
        let first = self.first_half(system, forces);
        if first.strays > 0 {
            return Err(self.stray(system, forces));
        }
        self.quieten(system, forces);
        let moves = self.volume_moves();
        let needed = if moves { VOLUME_MOVE } else { Request::FORCES };
        let swaps = self
            .setup
            .swaps
            .filter(|swaps| swaps.are_due(self.step + 1));
        let needed = match swaps {
            Some(_) => needed.union(Request::ENERGY),
            None => needed,
        };
        let mut list = self.evaluate(system, forces, request.union(needed))?;
        let kinetic = self.second_half(system, forces);
        if !kinetic.is_finite() {
            return Err(self.stray(system, forces));
        }
        if moves {
            list = self.move_volume(system, forces, kinetic, request.union(needed))?;
        }
        if let Some(swaps) = swaps {
            list = self.swap(swaps, system, forces, request)?;
        }
        self.step += 1;
        Ok(StepReport {
            step: self.step,
            list,
        })
    }

    /// Tries exchanges at the end of a step; their heat comes from the reservoir.
    fn swap(
        &mut self,
        swaps: Swaps,
        system: &mut System,
        forces: &mut ForceField,
        request: Request,
    ) -> Result<Update, StepError> {
        let step = self.step + 1;
        let round = swaps
            .attempt(system, forces, self.setup.streams, step, request)
            .map_err(|source| StepError::Forces {
                step,
                time: self.next_time(),
                source,
            })?;
        self.reservoir -= round.energy;
        self.swapped.attempts += round.counts.attempts;
        self.swapped.accepted += round.counts.accepted;
        Ok(round.list)
    }

    /// The conserved quantity [eV] of the ensemble: kinetic and potential energy, and what
    /// thermostat and barostat took. It changes only by the error of the finite time step.
    pub fn conserved(&self, system: &System, potential_energy: f64) -> f64 {
        let chain = match &self.setup.ensemble {
            Ensemble::NoseHoover(chain) => chain.energy(),
            _ => 0.0,
        };
        let kinetic = kinetic_energy(system, Selection::All, &self.setup.constants);
        kinetic + potential_energy + chain + self.reservoir
    }

    /// The state, for a checkpoint.
    pub fn save(&self) -> Saved {
        let mut numbers = vec![("reservoir".to_owned(), self.reservoir)];
        if let Ensemble::NoseHoover(chain) = &self.setup.ensemble {
            let links = chain.velocities().iter().enumerate();
            numbers.extend(links.map(|(j, &velocity)| (format!("link {}", j + 1), velocity)));
        }
        if self.setup.swaps.is_some() {
            let counts = [self.swapped.attempts, self.swapped.accepted];
            let names = ["exchanges tried", "exchanges made"];
            let counts = counts.map(|count| count as f64);
            numbers.extend(names.map(str::to_owned).into_iter().zip(counts));
        }
        Saved {
            ensemble: self.setup.ensemble.name().to_owned(),
            step: self.step,
            numbers,
        }
    }

    /// Takes on a saved state of the same ensemble.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn restore(&mut self, saved: &Saved) -> Result<(), RestoreError> {
        let present = self.save();
        if saved.ensemble != present.ensemble {
            return Err(RestoreError::Ensemble {
                found: saved.ensemble.clone(),
                expected: self.setup.ensemble.name(),
            });
        }
        let names = |saved: &Saved| -> Vec<String> {
            saved.numbers.iter().map(|(name, _)| name.clone()).collect()
        };
        if names(saved) != names(&present) {
            return Err(RestoreError::Numbers {
                found: names(saved),
                expected: names(&present),
            });
        }
        self.step = saved.step;
        self.reservoir = saved.numbers[0].1;
        if let (Some(_), [.., tried, made]) = (self.setup.swaps, &saved.numbers[..]) {
            self.swapped = SwapCounts {
                attempts: tried.1 as u64,
                accepted: made.1 as u64,
            };
        }
        if let Ensemble::NoseHoover(chain) = &mut self.setup.ensemble {
            for (link, (_, number)) in chain.velocities_mut().iter_mut().zip(&saved.numbers[1..]) {
                *link = *number;
            }
        }
        Ok(())
    }

    /// From the start of the step to the new positions.
    fn first_half(&mut self, system: &mut System, forces: &ForceField) -> Tally {
        let (time, half) = (self.setup.time_step, 0.5 * self.setup.time_step);
        let limit = self.setup.displacement_limit;
        let inertia = &self.inertia;
        match &mut self.setup.ensemble {
            Ensemble::Nve | Ensemble::Rescaling(_) | Ensemble::Isobaric(_) => {
                self.sweeper
                    .sweep(&mut system.atoms, forces.force(), |atom| {
                        atom.kick(inertia, half);
                        let moved = atom.drift(time);
                        Tally {
                            energy: 0.0,
                            strays: stray(&moved, limit),
                        }
                    })
            }
            Ensemble::NoseHoover(chain) => {
                let kinetic = kinetic_energy(system, Selection::All, &self.setup.constants);
                let thermostat = chain.half_step(self.step, kinetic, time);
                self.reservoir += thermostat.reservoir;
                self.sweeper
                    .sweep(&mut system.atoms, forces.force(), |atom| {
                        *atom.velocity *= thermostat.scale;
                        atom.kick(inertia, half);
                        let moved = atom.drift(time);
                        Tally {
                            energy: 0.0,
                            strays: stray(&moved, limit),
                        }
                    })
            }
            Ensemble::Langevin(langevin) => {
                let constants = &self.setup.constants;
                self.noise
                    .prepare(langevin, self.step, time, &system.species, constants);
                let noise = &self.noise;
                let frozen = forces.external().frozen.as_ref();
                let done = self
                    .sweeper
                    .sweep(&mut system.atoms, forces.force(), |atom| {
                        atom.kick(inertia, half);
                        let first = atom.drift(half);
                        let before = atom.kinetic_energy(inertia);
                        if !frozen.is_some_and(|frozen| frozen.contains(atom.id)) {
                            *atom.velocity = noise.apply(atom.velocity, atom.species, atom.id);
                        }
                        let heat = atom.kinetic_energy(inertia) - before;
                        let moved = first + atom.drift(half);
                        Tally {
                            energy: heat,
                            strays: stray(&moved, limit),
                        }
                    });
                self.reservoir -= done.energy;
                done
            }
        }
    }

    /// Takes the motion that noise gives to pinned centres back out, and its energy out of the
    /// reservoir's account.
    fn quieten(&mut self, system: &mut System, forces: &ForceField) {
        let centres = forces.external().centres.as_ref();
        if let (Ensemble::Langevin(_), Some(centres)) = (&self.setup.ensemble, centres) {
            // Noise comes in the middle of the step: positions have moved by it for half of one.
            let energy = centres.bring_to_rest(system, 0.5 * self.setup.time_step);
            self.reservoir += self.setup.constants.mass_velocity2_to_energy * energy;
        }
    }

    /// From the new forces to the end of the step; gives the kinetic energy [eV].
    fn second_half(&mut self, system: &mut System, forces: &ForceField) -> f64 {
        let (time, half) = (self.setup.time_step, 0.5 * self.setup.time_step);
        let inertia = &self.inertia;
        let done = self
            .sweeper
            .sweep(&mut system.atoms, forces.force(), |atom| {
                atom.kick(inertia, half);
                Tally {
                    energy: atom.kinetic_energy(inertia),
                    strays: 0,
                }
            });
        let kinetic = done.energy;
        match &mut self.setup.ensemble {
            Ensemble::Nve | Ensemble::Langevin(_) => kinetic,
            Ensemble::NoseHoover(chain) => {
                let thermostat = chain.half_step(self.step, kinetic, time);
                self.reservoir += thermostat.reservoir;
                scale_velocities(&mut system.atoms, thermostat.scale);
                kinetic * thermostat.scale * thermostat.scale
            }
            Ensemble::Rescaling(thermostat) | Ensemble::Isobaric(Isobaric { thermostat, .. }) => {
                let scale = thermostat.scale(self.step, kinetic, time, self.setup.streams);
                let scaled = kinetic * scale * scale;
                self.reservoir -= scaled - kinetic;
                scale_velocities(&mut system.atoms, scale);
                scaled
            }
        }
    }

    fn evaluate(
        &self,
        system: &mut System,
        forces: &mut ForceField,
        request: Request,
    ) -> Result<Update, StepError> {
        forces
            .evaluate(system, request)
            .map_err(|source| StepError::Forces {
                step: self.step + 1,
                time: self.next_time(),
                source,
            })
    }

    fn volume_moves(&self) -> bool {
        matches!(&self.setup.ensemble, Ensemble::Isobaric(Isobaric { barostat, .. }) if barostat.moves_after(self.step))
    }

    /// Moves the volume by the barostat and evaluates the forces again.
    fn move_volume(
        &mut self,
        system: &mut System,
        forces: &mut ForceField,
        kinetic: f64,
        request: Request,
    ) -> Result<Update, StepError> {
        let Ensemble::Isobaric(isobaric) = &self.setup.ensemble else {
            return Ok(Update::Kept);
        };
        let (thermostat, barostat) = (&isobaric.thermostat, &isobaric.barostat);
        let (step, time_step) = (self.step, self.setup.time_step);
        let mechanics = |system: &System, forces: &ForceField, kinetic: f64| Mechanics {
            temperature: thermostat.temperature().during(step),
            kinetic,
            virial: forces.evaluation().virial.trace(),
            volume: system.cell.volume(),
            at_rest: 3.0 * system.atoms.len() as f64 - thermostat.degrees_of_freedom() as f64,
        };
        let before = mechanics(system, forces, kinetic);
        let volume = barostat.volume(step, time_step, &before, self.setup.streams);
        let factor = volume.map_or(0.0, |volume| volume / before.volume);
        if !(1.0 / VOLUME_FACTOR..=VOLUME_FACTOR).contains(&factor) {
            return Err(StepError::Volume {
                step: step + 1,
                time: self.next_time(),
                from: before.volume,
                to: volume,
            });
        }
        let stretch = factor.cbrt();
        scale_lengths(system, stretch).map_err(|source| StepError::Cell {
            step: step + 1,
            source,
        })?;
        let list = self.evaluate(system, forces, request)?;
        let after = mechanics(system, forces, kinetic / (stretch * stretch));
        self.reservoir += barostat.reservoir(step, time_step, &before, &after);
        Ok(list)
    }

    fn next_time(&self) -> f64 {
        (self.step + 1) as f64 * self.setup.time_step
    }

    /// A report of the atom that has no finite position or velocity, or else of the fastest.
    fn stray(&self, system: &System, forces: &ForceField) -> StepError {
        let badness = |place: &usize| {
            let speed = system.atoms.velocity()[*place].norm_squared();
            if speed.is_finite() {
                speed
            } else {
                f64::INFINITY
            }
        };
        let worst = (0..system.atoms.len())
            .max_by(|a, b| badness(a).total_cmp(&badness(b)))
            .unwrap_or(0);
        StepError::Stray {
            step: self.step + 1,
            time: self.next_time(),
            limit: self.setup.displacement_limit,
            atom: Box::new(AtomReport::new(system, worst, forces.force())),
        }
    }
}

/// Scales cell and positions by `stretch` about the cell's origin, and velocities by its inverse.
fn scale_lengths(system: &mut System, stretch: f64) -> Result<(), CellError> {
    system.cell = system.cell.with_vectors(system.cell.vectors() * stretch)?;
    let origin = system.cell.origin();
    let atoms = system.atoms.split_mut();
    for (position, velocity) in atoms.position.iter_mut().zip(atoms.velocity) {
        *position = origin + (*position - origin) * stretch;
        *velocity /= stretch;
    }
    Ok(())
}

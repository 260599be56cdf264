//! The laws, one a function.

use frit_atoms::{Atoms, Cell, Matrix, System, Vector};
use frit_engine::random::{Purpose, Streams};

use super::derivative::{Derivative, derivative};
use super::observation::{Observation, by_id, listed, observe};
use super::samples::{free, multiplied};
use super::{Law, Make, Violation};
use crate::{Evaluation, Request};

/// How far results of the same physics in another order or place may differ, relative to the
/// largest number compared, plus one.
///
/// Positions carry 1e-15 Å of rounding, stiff potentials 1e2 eV/Å² of curvature and terms of 1e2 eV/Å
/// that cancel; sums have some hundred terms. That gives 1e-12; three digits are left to spare.
const ROUNDING: f64 = 1e-9;
/// The skin of lists [Å] in all laws but that of the skin.
const SKIN: f64 = 0.4;
/// The largest uncertainty of a finite difference, relative to the largest derivative plus one,
/// that still tells right from wrong.
const CONCLUSIVE: f64 = 1e-5;
/// Atoms whose forces are compared with finite differences, taken evenly from all.
const PROBES: usize = 12;
/// At least so many atoms are needed for several chunks of the list.
const MANY_ATOMS: usize = 600;

/// A law with what it is asked of.
pub(super) struct Judge<'a> {
    pub(super) law: Law,
    pub(super) make: Make<'a>,
    pub(super) system: &'a System,
}

type Verdict = Result<(), Violation>;

impl Judge<'_> {
    pub(super) fn forces_are_gradients(&self) -> Verdict {
        let observed = self.observe(self.system, Request::ALL)?;
        let scale = 1.0 + observed.largest_force();
        let mut tally = Conclusions::default();
        let ids = self.system.atoms.by_id();
        let stride = ids.len().div_ceil(PROBES).max(1);
        for (number, &place) in ids.iter().enumerate().step_by(stride) {
            for axis in 0..3 {
                let moved = |by: f64| {
                    let mut system = self.system.clone();
                    system.atoms.position_mut()[place as usize][axis] += by;
                    Some(system)
                };
                let slope = self.slope(moved, 1.0)?;
                let force = observed.force[number][axis];
                let what = || {
                    let id = self.system.atoms.id()[place as usize];
                    format!(
                        "force along axis {axis} on atom {id} is {force} eV/Å, the energy gives {} eV/Å",
                        -slope.value
                    )
                };
                self.compare(&mut tally, force, slope, scale, what)?;
            }
        }
        self.conclude(&tally)
    }

    pub(super) fn virial_is_strain_derivative(&self) -> Verdict {
        let observed = self.observe(self.system, Request::ALL)?;
        let scale = 1.0 + observed.virial.amax();
        let mut tally = Conclusions::default();
        for row in 0..3 {
            for column in 0..3 {
                let strained = |by: f64| {
                    let mut deformation = Matrix::identity();
                    deformation[(row, column)] += by;
                    deformed(self.system, &deformation)
                };
                let slope = self.slope(strained, 0.1)?;
                let virial = observed.virial[(row, column)];
                let what = || {
                    format!(
                        "virial ({row}, {column}) is {virial} eV, strain gives {} eV",
                        -slope.value
                    )
                };
                self.compare(&mut tally, virial, slope, scale, what)?;
            }
        }
        self.conclude(&tally)
    }

    pub(super) fn translation(&self) -> Verdict {
        let mut moved = self.system.clone();
        for position in moved.atoms.position_mut() {
            *position += Vector::new(0.437, -1.213, 2.731);
        }
        self.same_physics(&self.observe(&moved, Request::ALL)?)
    }

    pub(super) fn rotation(&self) -> Verdict {
        let turn = nalgebra::Rotation3::from_euler_angles(0.3, -0.9, 1.7);
        let turned = deformed(self.system, &turn.matrix().transpose())
            .ok_or_else(|| self.failure("the turned cell is refused".to_owned()))?;
        let mut observed = self.observe(&turned, Request::ALL)?;
        for force in &mut observed.force {
            *force = turn.inverse() * *force;
        }
        observed.virial = turn.matrix().transpose() * observed.virial * turn.matrix();
        self.same_physics(&observed)
    }

    pub(super) fn permutation(&self) -> Verdict {
        let mut order: Vec<u32> = (0..self.system.atoms.len() as u32).collect();
        Streams::new(2)
            .stream(Purpose::Test, 0, 0)
            .shuffle(&mut order);
        let mut shuffled = self.system.clone();
        shuffled.atoms.reorder(&order);
        self.same_physics(&self.observe(&shuffled, Request::ALL)?)
    }

    pub(super) fn image_shift(&self) -> Verdict {
        let mut shifted = self.system.clone();
        let periodic = shifted.cell.periodic().map(i32::from);
        for (index, position) in shifted.atoms.position_mut().iter_mut().enumerate() {
            let turn = index as i32 % 5 - 2;
            let image = [
                turn * periodic[0],
                -turn * periodic[1],
                (turn - 1) * periodic[2],
            ];
            *position += self.system.cell.translation(image);
        }
        self.same_physics(&self.observe(&shifted, Request::ALL)?)
    }

    pub(super) fn skin(&self) -> Verdict {
        for skin in [0.0, 1.5] {
            let mut potential = (self.make)();
            let observed = observe(potential.as_mut(), self.system, skin, Request::ALL)
                .map_err(|error| self.failure(error))?;
            self.same_physics(&observed)?;
        }
        Ok(())
    }

    pub(super) fn single_atom(&self) -> Verdict {
        for kind in 0..self.system.species.len() {
            let single = free(
                &self.system.species,
                &[(Vector::new(1.0, 2.0, 3.0), kind as u8)],
            )
            .ok_or_else(|| self.failure("no system of one atom".to_owned()))?;
            let observed = self.observe(&single, Request::ALL)?;
            self.at_most(
                "force on an atom alone [eV/Å]",
                observed.largest_force(),
                0.0,
            )?;
            self.at_most("virial of an atom alone [eV]", observed.virial.amax(), 0.0)?;
            if !observed.energy.is_finite() {
                return Err(self.failure("the energy of an atom alone is not finite".to_owned()));
            }
        }
        let mut empty = self.system.clone();
        empty.atoms = Atoms::new();
        let observed = self.observe(&empty, Request::ALL)?;
        self.at_most("energy of no atoms [eV]", observed.energy.abs(), 0.0)
    }

    pub(super) fn adds(&self) -> Verdict {
        let mut potential = (self.make)();
        let mut system = self.system.clone();
        let neighbours =
            listed(potential.as_ref(), &mut system, SKIN).map_err(|error| self.failure(error))?;
        let mut evaluation = Evaluation::default();
        evaluation.clear(system.atoms.len(), Request::ALL);
        for times in 1..=2 {
            potential
                .evaluate(&neighbours.surroundings(), &mut evaluation)
                .map_err(|error| self.failure(error.to_string()))?;
            let mut scaled = by_id(&system, &evaluation);
            let share = 1.0 / f64::from(times);
            scaled.energy *= share;
            scaled.virial *= share;
            scaled.force.iter_mut().for_each(|force| *force *= share);
            scaled.atom_energy.iter_mut().for_each(|e| *e *= share);
            self.same_physics(&scaled)?;
        }
        let mut untouched = Evaluation::default();
        untouched.clear(system.atoms.len(), Request::FORCES);
        potential
            .evaluate(&neighbours.surroundings(), &mut untouched)
            .map_err(|error| self.failure(error.to_string()))?;
        let unasked = untouched.energy.abs() + untouched.virial.amax();
        self.at_most("energy and virial that nobody asked for [eV]", unasked, 0.0)
    }

    pub(super) fn workspace_without_memory(&self) -> Verdict {
        let mut potential = (self.make)();
        let mut evaluate = |system: &System| {
            observe(potential.as_mut(), system, SKIN, Request::ALL)
                .map_err(|error| self.failure(error))
        };
        let first = evaluate(self.system)?;
        let other = self.multiplied([2, 1, 1])?;
        evaluate(&other)?;
        let mut fewer = self.system.clone();
        fewer.atoms = fewer.atoms.iter().take(1).collect();
        evaluate(&fewer)?;
        let again = evaluate(self.system)?;
        self.same_bits("after other systems", &first, &again)
    }

    pub(super) fn threads(&self) -> Verdict {
        let copies = MANY_ATOMS.div_ceil(self.system.atoms.len().max(1));
        let many = self.multiplied([copies.max(2), 1, 1])?;
        let mut outcomes = Vec::new();
        for threads in [1, 2, 3] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .map_err(|error| self.failure(error.to_string()))?;
            let mut potential = (self.make)();
            let observed = pool
                .install(|| observe(potential.as_mut(), &many, SKIN, Request::ALL))
                .map_err(|error| self.failure(error))?;
            outcomes.push((threads, observed));
        }
        outcomes.windows(2).try_for_each(|pair| {
            let what = format!("with {} and {} threads", pair[0].0, pair[1].0);
            self.same_bits(&what, &pair[0].1, &pair[1].1)
        })
    }

    pub(super) fn request(&self) -> Verdict {
        let all = self.observe(self.system, Request::ALL)?;
        for choice in 0..8 {
            let request = Request {
                energy: choice & 1 != 0,
                virial: choice & 2 != 0,
                atom_energy: choice & 4 != 0,
            };
            let mut observed = self.observe(self.system, request)?;
            // What was asked for has the same value; the rest does not count.
            if !(request.energy || request.atom_energy) {
                observed.energy = all.energy;
            }
            if !request.virial {
                observed.virial = all.virial;
            }
            if !request.atom_energy {
                observed.atom_energy.clone_from(&all.atom_energy);
            }
            let forces_of = |observation: &Observation| Observation {
                energy: 0.0,
                virial: Matrix::zeros(),
                atom_energy: Vec::new(),
                ..observation.clone()
            };
            let what = format!("with {request:?}");
            self.same_bits(&what, &forces_of(&all), &forces_of(&observed))?;
            self.same_physics(&observed)?;
        }
        Ok(())
    }

    pub(super) fn atom_energies(&self) -> Verdict {
        let observed = self.observe(self.system, Request::ALL)?;
        let sum: f64 = observed.atom_energy.iter().sum();
        let size: f64 = observed.atom_energy.iter().map(|e| e.abs()).sum();
        self.at_most(
            "sum of the atoms' energies less the total [eV]",
            (sum - observed.energy).abs(),
            ROUNDING * (1.0 + size),
        )
    }

    pub(super) fn small_cells(&self) -> Verdict {
        let periodic = self.system.cell.periodic();
        if periodic == [false; 3] {
            return Ok(());
        }
        let times = periodic.map(|along| if along { 3 } else { 1 });
        let multiple = self.multiplied(times)?;
        let mut observed = self.observe(&multiple, Request::ALL)?;
        let share = 1.0 / times.iter().product::<usize>() as f64;
        observed.energy *= share;
        observed.virial *= share;
        observed.force.truncate(self.system.atoms.len());
        observed.atom_energy.truncate(self.system.atoms.len());
        // Copies are numbered anew from one in the order of the places.
        let numbered = System {
            atoms: self.multiplied([1, 1, 1])?.atoms,
            ..self.system.clone()
        };
        let original = self.observe(&numbered, Request::ALL)?;
        self.agree(&original, &observed)
    }
}

/// Comparing and reporting.
impl Judge<'_> {
    fn observe(&self, system: &System, request: Request) -> Result<Observation, Violation> {
        observe((self.make)().as_mut(), system, SKIN, request).map_err(|error| self.failure(error))
    }

    fn multiplied(&self, times: [usize; 3]) -> Result<System, Violation> {
        multiplied(self.system, times)
            .ok_or_else(|| self.failure("the system cannot be multiplied".to_owned()))
    }

    /// The derivative at zero of the energy of a system that depends on a number.
    fn slope(
        &self,
        system_at: impl Fn(f64) -> Option<System>,
        scale: f64,
    ) -> Result<Derivative, Violation> {
        let mut potential = (self.make)();
        let energy = |by: f64| {
            let system =
                system_at(by).ok_or_else(|| self.failure("the cell is refused".to_owned()))?;
            observe(potential.as_mut(), &system, SKIN, Request::ENERGY)
                .map(|observed| observed.energy)
                .map_err(|error| self.failure(error))
        };
        derivative(energy, scale)
    }

    /// Compares minus a slope with what the potential says, if the slope is known well enough.
    fn compare(
        &self,
        tally: &mut Conclusions,
        said: f64,
        slope: Derivative,
        scale: f64,
        what: impl Fn() -> String,
    ) -> Verdict {
        if slope.uncertainty > CONCLUSIVE * scale {
            tally.open += 1;
            return Ok(());
        }
        tally.settled += 1;
        let allowed = slope.uncertainty + ROUNDING * scale;
        let found = (said + slope.value).abs();
        // Written so that a number that is not one fails.
        if found <= allowed {
            Ok(())
        } else {
            Err(self.violation(what(), found, allowed))
        }
    }

    fn conclude(&self, tally: &Conclusions) -> Verdict {
        let asked = tally.open + tally.settled;
        if tally.open * 4 <= asked {
            return Ok(());
        }
        Err(self.violation(
            "more than a quarter of the finite differences of the energy are too rough to tell"
                .to_owned(),
            tally.open as f64 / asked as f64,
            0.25,
        ))
    }

    /// Compares with the plain evaluation of the system, to rounding.
    fn same_physics(&self, observed: &Observation) -> Verdict {
        self.agree(&self.observe(self.system, Request::ALL)?, observed)
    }

    fn agree(&self, plain: &Observation, observed: &Observation) -> Verdict {
        let atoms = plain.force.len() as f64;
        let missing = plain.force.len().abs_diff(observed.force.len())
            + plain.atom_energy.len().abs_diff(observed.atom_energy.len());
        self.at_most("missing forces and energies of atoms", missing as f64, 0.0)?;
        self.at_most(
            "difference of the energy [eV]",
            (plain.energy - observed.energy).abs(),
            ROUNDING * (1.0 + atoms + plain.energy.abs()),
        )?;
        self.at_most(
            "difference of the virial [eV]",
            (plain.virial - observed.virial).amax(),
            ROUNDING * (1.0 + atoms + plain.virial.amax()),
        )?;
        self.all_at_most(
            "difference of the force [eV/Å]",
            plain
                .force
                .iter()
                .zip(&observed.force)
                .map(|(a, b)| (a - b).amax()),
            ROUNDING * (1.0 + plain.largest_force()),
        )?;
        self.all_at_most(
            "difference of an atom's energy [eV]",
            plain
                .atom_energy
                .iter()
                .zip(&observed.atom_energy)
                .map(|(a, b)| (a - b).abs()),
            ROUNDING * (1.0 + plain.energy.abs()),
        )
    }

    fn all_at_most(
        &self,
        what: &str,
        differences: impl Iterator<Item = f64>,
        allowed: f64,
    ) -> Verdict {
        for (index, found) in differences.enumerate() {
            self.at_most(
                &format!("{what}, atom {} in order of ids", index + 1),
                found,
                allowed,
            )?;
        }
        Ok(())
    }

    fn at_most(&self, what: &str, found: f64, allowed: f64) -> Verdict {
        // Written so that a number that is not one fails.
        if found <= allowed {
            Ok(())
        } else {
            Err(self.violation(what.to_owned(), found, allowed))
        }
    }

    fn same_bits(&self, what: &str, first: &Observation, second: &Observation) -> Verdict {
        let (one, other) = (first.bits(), second.bits());
        let differing = one.iter().zip(&other).filter(|(a, b)| a != b).count()
            + one.len().abs_diff(other.len());
        self.at_most(
            &format!("numbers whose bits differ {what}"),
            differing as f64,
            0.0,
        )
    }

    fn failure(&self, error: String) -> Violation {
        self.violation(format!("no evaluation: {error}"), f64::NAN, 0.0)
    }

    fn violation(&self, detail: String, found: f64, allowed: f64) -> Violation {
        Violation {
            law: self.law,
            detail,
            found,
            allowed,
        }
    }
}

/// How many finite differences told something.
#[derive(Default)]
struct Conclusions {
    settled: usize,
    open: usize,
}

/// The system with every vector, of cell and atoms, multiplied from the left: rows `v` become
/// `v * deformation`.
fn deformed(system: &System, deformation: &Matrix) -> Option<System> {
    let cell = Cell::new(
        system.cell.vectors() * deformation,
        deformation.tr_mul(&system.cell.origin()),
        system.cell.periodic(),
    )
    .ok()?;
    let mut atoms = system.atoms.clone();
    for position in atoms.position_mut() {
        *position = deformation.tr_mul(position);
    }
    Some(System {
        cell,
        atoms,
        species: system.species.clone(),
    })
}

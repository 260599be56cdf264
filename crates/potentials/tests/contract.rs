//! Potentials keep the laws of the contract suite, and the suite notices when one does not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop"
)]

use std::cell::Cell as Memory;

use frit_atoms::{Matrix, Species, Surroundings, System, Vector};
use frit_potentials::contract_suite::{self, Law, Make, check_law, samples};
use frit_potentials::pair::{AtCutoff, LennardJones, LennardJonesPair, Pair, Zbl, ZblConstants};
use frit_potentials::{Bound, Evaluation, EvaluationError, Potential, Sum};

fn species(names: &[&str]) -> Vec<Species> {
    names
        .iter()
        .map(|name| Species::of_element(name).unwrap())
        .collect()
}

fn keeps_all_laws(make: Make<'_>, names: &[&str], distance: f64) {
    for (name, system) in samples(&species(names), distance) {
        if let Err(violation) = contract_suite::check(make, &system) {
            panic!("{name}: {violation}");
        }
    }
}

fn lennard_jones(at_cutoff: AtCutoff) -> Pair<LennardJones> {
    let pair = |first: &str, second: &str, epsilon, sigma| LennardJonesPair {
        species: [first.into(), second.into()],
        epsilon,
        sigma,
    };
    let pairs = [
        pair("Ar", "Ar", 0.0104, 3.405),
        pair("Kr", "Kr", 0.0141, 3.65),
        pair("Kr", "Ar", 0.0119, 3.53),
    ];
    LennardJones::potential(&["Ar", "Kr"], &pairs, 8.5, at_cutoff).unwrap()
}

fn zbl() -> Pair<Zbl> {
    Zbl::potential(&["Pt", "Fe"], 2.0, 3.1, ZblConstants::CODATA).unwrap()
}

#[test]
fn lennard_jones_keeps_all_laws() {
    for at_cutoff in [AtCutoff::Truncated, AtCutoff::Shifted] {
        let make = || Box::new(Bound::new(lennard_jones(at_cutoff))) as Box<dyn Potential>;
        keeps_all_laws(&make, &["Ar", "Kr"], 3.7);
    }
}

#[test]
fn zbl_keeps_all_laws() {
    let make = || Box::new(Bound::new(zbl())) as Box<dyn Potential>;
    keeps_all_laws(&make, &["Pt", "Fe"], 2.2);
}

#[test]
fn a_sum_keeps_all_laws() {
    let make = || {
        Box::new(Sum::new(vec![
            Box::new(Bound::new(lennard_jones(AtCutoff::Shifted))),
            Box::new(Bound::new(
                Zbl::potential(&["Ar", "Kr"], 2.0, 4.5, ZblConstants::CODATA).unwrap(),
            )),
        ])) as Box<dyn Potential>
    };
    keeps_all_laws(&make, &["Ar", "Kr"], 3.7);
}

/// What a broken potential does to a sound one's results.
type Fault = fn(&mut Faulty, &Surroundings<'_>, &mut Evaluation);

/// Lennard-Jones with a fault.
struct Faulty {
    sound: Bound<Pair<LennardJones>>,
    fault: Fault,
    evaluations: Memory<u32>,
}

impl Potential for Faulty {
    fn name(&self) -> String {
        "faulty".to_owned()
    }
    fn cutoff(&self) -> f64 {
        self.sound.cutoff()
    }
    fn describe(&self) -> String {
        String::new()
    }
    fn kernel(&self) -> String {
        String::new()
    }
    fn evaluate(
        &mut self,
        surroundings: &Surroundings<'_>,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        self.sound.evaluate(surroundings, evaluation)?;
        self.evaluations.set(self.evaluations.get() + 1);
        (self.fault)(self, surroundings, evaluation);
        Ok(())
    }
}

fn broken_laws(fault: Fault, system: &System) -> Vec<Law> {
    let make = || {
        Box::new(Faulty {
            sound: Bound::new(lennard_jones(AtCutoff::Shifted)),
            fault,
            evaluations: Memory::new(0),
        }) as Box<dyn Potential>
    };
    Law::ALL
        .into_iter()
        .filter(|&law| check_law(law, &make, system).is_err())
        .collect()
}

#[test]
fn the_suite_notices_faults() {
    let systems = samples(&species(&["Ar", "Kr"]), 3.7);
    let crystal = &systems[0].1;
    let faults: [(Law, Fault); 13] = [
        (Law::ForcesAreGradients, |_, _, e| {
            e.force.iter_mut().for_each(|force| *force *= 1.0 + 1e-4);
        }),
        (Law::VirialIsStrainDerivative, |_, _, e| {
            e.virial[(0, 1)] += 1e-3 * e.virial[(0, 0)].abs();
        }),
        (Law::Translation, |_, s, e| {
            for (force, position) in e.force.iter_mut().zip(s.position) {
                force.z += 1e-6 * position.x;
            }
        }),
        (Law::Rotation, |_, _, e| {
            e.force.iter_mut().for_each(|force| force.x += 1e-6);
        }),
        (Law::Permutation, |_, _, e| {
            if let Some(force) = e.force.first_mut() {
                *force += Vector::new(1e-6, 0.0, 0.0);
            }
        }),
        (Law::Skin, |_, s, e| {
            e.energy += 1e-9 * s.list.entries() as f64;
        }),
        (Law::SingleAtom, |_, _, e| {
            e.force.iter_mut().for_each(|force| force.y += 1e-14);
        }),
        (Law::Adds, |_, _, e| {
            e.force.iter_mut().for_each(|force| *force *= 1.5);
        }),
        (Law::Adds, |_, _, e| {
            e.virial += Matrix::identity() * 1e-12;
        }),
        (Law::WorkspaceWithoutMemory, |faulty, _, e| {
            e.energy += 1e-12 * f64::from(faulty.evaluations.get());
        }),
        (Law::Threads, |_, _, e| {
            e.energy += 1e-12 * rayon::current_num_threads() as f64;
        }),
        (Law::Request, |_, _, e| {
            if e.request.virial {
                e.force.iter_mut().for_each(|force| force.x *= 1.0 + 1e-15);
            }
        }),
        (Law::AtomEnergies, |_, _, e| {
            if let Some(energy) = e.atom_energy.first_mut() {
                *energy += 1e-3;
            }
        }),
    ];
    assert_eq!(broken_laws(|_, _, _| (), crystal), []);
    for (law, fault) in faults {
        let broken = broken_laws(fault, crystal);
        assert!(broken.contains(&law), "{law:?} is not among {broken:?}");
    }
}

#[test]
fn positions_that_are_no_numbers_name_their_atom() {
    let (_, mut system) = samples(&species(&["Ar", "Kr"]), 3.7).swap_remove(0);
    let mut neighbours = frit_atoms::Neighbours::new(8.5, 0.3).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let surroundings = neighbours.surroundings();
    let mut positions = surroundings.position.to_vec();
    positions[17].z = f64::NAN;
    let spoilt = Surroundings {
        position: &positions,
        ..surroundings
    };
    let mut evaluation = Evaluation::default();
    evaluation.clear(system.atoms.len(), frit_potentials::Request::FORCES);
    let found = Bound::new(lennard_jones(AtCutoff::Shifted)).evaluate(&spoilt, &mut evaluation);
    assert_eq!(found, Err(EvaluationError::NotFinite { atom: 17 }));
}

//! All EAM kernels keep the contract and agree with the plain formulas.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop"
)]

use frit_atoms::{Atom, Atoms, Cell, Neighbours, Species, Surroundings, System, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::contract_suite::{check, samples};
use frit_potentials::eam::{
    Eam, EamForm, EamTables, FuncflFile, read_funcfl, read_setfl, zhou2004,
};
use frit_potentials::{Bound, Evaluation, EvaluationError, KernelPath, Potential, Request};

mod support;
use support::evaluate;

fn paths() -> impl Iterator<Item = KernelPath> {
    KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
}

fn species(names: &[&str]) -> Vec<Species> {
    names
        .iter()
        .map(|name| Species::of_element(name).unwrap())
        .collect()
}

fn zhou(names: &[&str]) -> EamTables {
    let text = zhou2004::setfl(names, zhou2004::Grid::default()).unwrap();
    read_setfl(&text, "zhou").unwrap()
}

fn keeps_all_laws(tables: &EamTables, names: &[&str], distance: f64) {
    for (name, system) in samples(&species(names), distance) {
        for path in paths() {
            let model = Eam::new(tables, names, path).unwrap();
            let make = || Box::new(Bound::new(model.clone())) as Box<dyn Potential>;
            if let Err(violation) = check(&make, &system) {
                panic!("{name}, {path}: {violation}");
            }
        }
    }
}

#[test]
fn alloys_keep_all_laws() {
    keeps_all_laws(&zhou(&["Fe", "Pt"]), &["Pt", "Fe"], 2.75);
}

/// The tables of Zhou 2004 with densities that depend on both elements.
fn finnis_sinclair() -> EamTables {
    let alloy = zhou(&["Ni", "Cu"]);
    let scaled = |source: usize, at: usize| -> Vec<f64> {
        let scale = 0.9 + 0.1 * source as f64 + 0.05 * at as f64;
        alloy.density[source].iter().map(|f| scale * f).collect()
    };
    EamTables {
        form: EamForm::FinnisSinclair,
        density: vec![scaled(0, 0), scaled(0, 1), scaled(1, 0), scaled(1, 1)],
        ..alloy.clone()
    }
}

/// A funcfl file of a made-up element.
fn funcfl(number: u8, step: f64, strength: f64) -> String {
    const CUTOFF: f64 = 5.2;
    // Two steps before the end of the table: beyond it LAMMPS's convention, and so ours, keeps the
    // last value but also the last slope.
    let cutoff = CUTOFF - 2.0 * step;
    let points = (CUTOFF / step) as usize + 1;
    let numbers = |count: usize, function: &dyn Fn(f64) -> f64| {
        let values = (0..count).map(|k| format!("{:e}\n", function(k as f64)));
        values.collect::<String>()
    };
    let fading = |k: f64| (1.0 - k * step / CUTOFF).max(0.0).powi(3);
    format!(
        "made up\n{number} 60.0 4.0 fcc\n2001 0.005 {points} {step} {cutoff}\n{}{}{}",
        numbers(2001, &|k| -strength * (0.005 * k + 0.01).sqrt()),
        numbers(points, &|k| 3.0 * strength * fading(k)),
        numbers(points, &|k| strength * fading(k)),
    )
}

#[test]
fn finnis_sinclair_and_funcfl_keep_all_laws() {
    keeps_all_laws(&finnis_sinclair(), &["Cu", "Ni"], 2.6);
    let [nickel, copper] = [funcfl(28, 0.004, 1.2), funcfl(29, 0.003, 0.8)];
    let files = [("Ni", &nickel), ("Cu", &copper)].map(|(name, text)| FuncflFile { name, text });
    keeps_all_laws(&read_funcfl(&files).unwrap(), &["Cu", "Ni"], 2.6);
}

/// A gas of four species in a periodic box: all distances down to almost nothing, rows of all lengths.
fn gas(atoms: usize, edge: f64) -> System {
    let mut stream = Streams::new(11).stream(Purpose::Test, 0, atoms as u64);
    let atoms: Atoms = (0..atoms)
        .map(|index| Atom {
            position: Vector::from([0; 3].map(|_| edge * stream.uniform())),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: stream.below(4) as u8,
            id: index as u32 + 1,
            group: 0,
        })
        .collect();
    let cell = Cell::orthogonal([edge; 3], [true; 3]).unwrap();
    System::new(cell, atoms, species(&["Cu", "Pt", "Ni", "Fe"])).unwrap()
}

#[test]
fn kernels_agree_at_all_distances_and_for_many_species() {
    /// Relative to the largest number: rounding of sums of a few hundred terms.
    const ROUNDING: f64 = 1e-12;
    let tables = zhou(&["Pt", "Fe", "Cu", "Ni"]);
    for (atoms, edge) in [(1, 3.0), (7, 9.0), (300, 14.0), (900, 30.0)] {
        let system = gas(atoms, edge);
        let of_path = |path| {
            let model = Eam::new(&tables, &["Cu", "Pt", "Ni", "Fe"], path).unwrap();
            evaluate(&mut Bound::new(model), &system, 0.7)
        };
        let plain = of_path(KernelPath::Reference);
        let largest = plain
            .force
            .iter()
            .fold(1.0_f64, |most, force| most.max(force.amax()));
        for path in paths() {
            let found = of_path(path);
            let size = 1.0 + plain.energy.abs();
            assert!(
                (found.energy - plain.energy).abs() < ROUNDING * size,
                "{path} {atoms}"
            );
            let virial = (found.virial - plain.virial).amax();
            assert!(
                virial < ROUNDING * (1.0 + plain.virial.amax()),
                "{path} {atoms}: {virial}"
            );
            for (a, b) in found.force.iter().zip(&plain.force) {
                assert!(
                    (a - b).amax() < ROUNDING * largest,
                    "{path} {atoms}: {a} {b}"
                );
            }
        }
    }
}

/// Evaluates with the positions changed behind the list's back.
fn spoilt(path: KernelPath, change: impl Fn(&mut [Vector])) -> Result<(), EvaluationError> {
    let mut system = gas(300, 14.0);
    let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let surroundings = neighbours.surroundings();
    let mut positions = surroundings.position.to_vec();
    change(&mut positions);
    let model = Eam::new(
        &zhou(&["Pt", "Fe", "Cu", "Ni"]),
        &["Cu", "Pt", "Ni", "Fe"],
        path,
    )
    .unwrap();
    let mut evaluation = Evaluation::default();
    evaluation.clear(system.atoms.len(), Request::ENERGY);
    let changed = Surroundings {
        position: &positions,
        ..surroundings
    };
    Bound::new(model).evaluate(&changed, &mut evaluation)
}

#[test]
fn what_is_no_number_names_its_atom() {
    for path in paths() {
        assert_eq!(spoilt(path, |_| ()), Ok(()));
        let not_finite = |atom| Err(EvaluationError::NotFinite { atom });
        assert_eq!(
            spoilt(path, |p| p[270].y = f64::NAN),
            not_finite(270),
            "{path}"
        );
        assert_eq!(
            spoilt(path, |p| p[3].x = f64::INFINITY),
            not_finite(3),
            "{path}"
        );
    }
}

#[test]
fn atoms_at_the_same_place_are_an_error() {
    let system = gas(1, 30.0);
    let mut twins = system.clone();
    twins.atoms.push(Atom {
        id: 2,
        ..system.atoms.get(0)
    });
    let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
    neighbours.rebuild(&mut twins).unwrap();
    for path in paths() {
        let model = Eam::new(
            &zhou(&["Pt", "Fe", "Cu", "Ni"]),
            &["Cu", "Pt", "Ni", "Fe"],
            path,
        );
        let mut evaluation = Evaluation::default();
        evaluation.clear(2, Request::FORCES);
        let found =
            Bound::new(model.unwrap()).evaluate(&neighbours.surroundings(), &mut evaluation);
        assert_eq!(found, Err(EvaluationError::NotFinite { atom: 0 }), "{path}");
    }
}

//! All EAM kernels keep the contract and agree with the plain formulas.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop"
)]

use frit_atoms::{Atom, Cell, Matrix, Neighbours, Surroundings, System, Vector};
use frit_potentials::contract_suite::{check, samples};
use frit_potentials::eam::{
    Eam, EamError, EamForm, EamTables, FuncflFile, read_funcfl, read_setfl, zhou2004,
};
use frit_potentials::{Bound, Evaluation, EvaluationError, KernelPath, Potential, Request};

mod support;
use support::{cube, evaluate, gas, species};

fn paths() -> impl Iterator<Item = KernelPath> {
    KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available())
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

const FOUR: [&str; 4] = ["Cu", "Pt", "Ni", "Fe"];

/// All paths agree with the plain formulas.
fn paths_agree(name: &str, tables: &EamTables, names: &[&str], system: &System) {
    /// Relative to the largest number: rounding of sums of a few hundred terms.
    const ROUNDING: f64 = 1e-12;
    let of_path = |path| {
        let model = Eam::new(tables, names, path).unwrap();
        evaluate(&mut Bound::new(model), system, 0.7)
    };
    let plain = of_path(KernelPath::Reference);
    let largest = |numbers: &mut dyn Iterator<Item = f64>| numbers.fold(1.0, f64::max);
    let force = largest(&mut plain.force.iter().map(|force| force.amax()));
    let energy = largest(&mut plain.atom_energy.iter().map(|energy| energy.abs()));
    for path in paths() {
        let found = of_path(path);
        let near = |what: &str, deviation: f64, size: f64| {
            assert!(
                deviation < ROUNDING * size,
                "{name}, {path}, {what}: {deviation} of {size}"
            );
        };
        near(
            "energy",
            (found.energy - plain.energy).abs(),
            1.0 + plain.energy.abs(),
        );
        near(
            "virial",
            (found.virial - plain.virial).amax(),
            1.0 + plain.virial.amax(),
        );
        for (a, b) in found.force.iter().zip(&plain.force) {
            near("force", (a - b).amax(), force);
        }
        for (a, b) in found.atom_energy.iter().zip(&plain.atom_energy) {
            near("energy of an atom", (a - b).abs(), energy);
        }
    }
}

#[test]
fn kernels_agree_at_all_distances_and_for_many_species() {
    let tables = zhou(&["Pt", "Fe", "Cu", "Ni"]);
    for (atoms, edge) in [(1, 3.0), (7, 9.0), (300, 14.0), (900, 30.0)] {
        let name = format!("{atoms} atoms");
        paths_agree(&name, &tables, &FOUR, &gas(atoms, &FOUR, cube(edge)));
    }
    // As many species as entries of the fast kernels can tell, and one more.
    let names = [
        "Cu", "Ag", "Au", "Ni", "Pd", "Pt", "Al", "Pb", "Fe", "Mo", "Ta", "W", "Mg", "Co", "Ti",
        "Zr",
    ];
    let grid = zhou2004::Grid {
        distances: 301,
        ..zhou2004::Grid::default()
    };
    let tables = read_setfl(&zhou2004::setfl(&names, grid).unwrap(), "zhou").unwrap();
    let mut species = names.to_vec();
    paths_agree(
        "16 species",
        &tables,
        &species,
        &gas(700, &species, cube(22.0)),
    );
    species.push("Cu");
    paths_agree(
        "17 species",
        &tables,
        &species,
        &gas(300, &species, cube(16.0)),
    );
}

#[test]
fn kernels_agree_in_cells_much_smaller_than_the_cutoff() {
    let tables = zhou(&["Pt", "Fe", "Cu", "Ni"]);
    let skewed = |periodic| {
        // No lattice vector is as long as the cutoff: rounding would tell whether its pairs count.
        let vectors = Matrix::new(2.317, 0.2, -0.4, 0.9, 2.6, 0.3, -0.7, 1.1, 3.1);
        Cell::new(vectors, Vector::zeros(), periodic).unwrap()
    };
    for atoms in [1, 2, 5] {
        let name = |cell: &str| format!("{cell} of {atoms} atoms");
        paths_agree(
            &name("crystal"),
            &tables,
            &FOUR,
            &gas(atoms, &FOUR, skewed([true; 3])),
        );
        let wire = skewed([true, false, false]);
        paths_agree(&name("wire"), &tables, &FOUR, &gas(atoms, &FOUR, wire));
    }
}

#[test]
fn kernels_agree_where_densities_depend_on_both_of_four_species() {
    let alloy = zhou(&["Pt", "Fe", "Cu", "Ni"]);
    let density = (0..16).map(|pair| {
        let scale = 0.7 + 0.05 * f64::from(pair * pair % 13);
        let source = &alloy.density[pair as usize / 4];
        source.iter().map(|f| scale * f).collect()
    });
    let tables = EamTables {
        form: EamForm::FinnisSinclair,
        density: density.collect(),
        ..alloy.clone()
    };
    paths_agree("cube", &tables, &FOUR, &gas(500, &FOUR, cube(19.0)));
}

#[test]
fn threads_and_requests_change_no_bit() {
    let tables = zhou(&["Pt", "Fe", "Cu", "Ni"]);
    let edge = [44.0, 40.0, 36.0];
    for periodic in [true, false] {
        let cell = Cell::orthogonal(edge, [periodic; 3]).unwrap();
        let mut system = gas(5000, &FOUR, cell);
        let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
        neighbours.rebuild(&mut system).unwrap();
        for path in paths() {
            let mut potential = Bound::new(Eam::new(&tables, &FOUR, path).unwrap());
            let mut evaluate = |threads: usize, request: Request| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
                let mut evaluation = Evaluation::default();
                evaluation.clear(system.atoms.len(), request);
                let surroundings = neighbours.surroundings();
                pool.build()
                    .unwrap()
                    .install(|| potential.evaluate(&surroundings, &mut evaluation))
                    .unwrap();
                evaluation
            };
            let first = evaluate(1, Request::ALL);
            // Some threads run twice, as they never meet in the same way.
            for threads in [2, 3, 8, 2, 3, 8] {
                assert_eq!(
                    evaluate(threads, Request::ALL),
                    first,
                    "{path}, {threads} threads"
                );
                let forces = evaluate(threads, Request::FORCES).force;
                assert_eq!(
                    forces, first.force,
                    "{path}, {threads} threads, forces alone"
                );
            }
        }
    }
}

/// Evaluates with the positions changed behind the list's back.
fn spoilt(path: KernelPath, change: impl Fn(&mut [Vector])) -> Result<(), EvaluationError> {
    let mut system = gas(300, &FOUR, cube(14.0));
    let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let surroundings = neighbours.surroundings();
    let mut positions = surroundings.position.to_vec();
    change(&mut positions);
    let model = Eam::new(&zhou(&["Pt", "Fe", "Cu", "Ni"]), &FOUR, path).unwrap();
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
    let system = gas(1, &FOUR, cube(30.0));
    let mut twins = system.clone();
    twins.atoms.push(Atom {
        id: 2,
        ..system.atoms.get(0)
    });
    let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
    neighbours.rebuild(&mut twins).unwrap();
    for path in paths() {
        let model = Eam::new(&zhou(&["Pt", "Fe", "Cu", "Ni"]), &FOUR, path);
        let mut evaluation = Evaluation::default();
        evaluation.clear(2, Request::FORCES);
        let found =
            Bound::new(model.unwrap()).evaluate(&neighbours.surroundings(), &mut evaluation);
        assert_eq!(found, Err(EvaluationError::NotFinite { atom: 0 }), "{path}");
    }
}

#[test]
fn atoms_at_one_place_in_a_crowd_are_an_error_of_the_first() {
    let mut system = gas(300, &FOUR, cube(14.0));
    let twin = system.atoms.get(200);
    system.atoms.push(Atom { id: 301, ..twin });
    let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
    neighbours.rebuild(&mut system).unwrap();
    let positions = system.atoms.position();
    let at = |id: u32| {
        system
            .atoms
            .id()
            .iter()
            .position(|&known| known == id)
            .unwrap()
    };
    assert_eq!(positions[at(301)], positions[at(twin.id)]);
    let atom = at(301).min(at(twin.id));
    for path in paths() {
        let model = Eam::new(&zhou(&["Pt", "Fe", "Cu", "Ni"]), &FOUR, path).unwrap();
        let mut evaluation = Evaluation::default();
        evaluation.clear(301, Request::FORCES);
        let found = Bound::new(model).evaluate(&neighbours.surroundings(), &mut evaluation);
        assert_eq!(found, Err(EvaluationError::NotFinite { atom }), "{path}");
    }
}

#[test]
fn lists_of_other_atoms_are_never_used() {
    let listed = |atoms: usize| {
        let mut system = gas(atoms, &FOUR, cube(14.0));
        let mut neighbours = Neighbours::new(6.5, 0.7).unwrap();
        neighbours.rebuild(&mut system).unwrap();
        neighbours
    };
    let (some, others) = (listed(300), listed(290));
    let (some, others) = (some.surroundings(), others.surroundings());
    let last = some.position.len() - 1;
    let spoilt = [
        Surroundings {
            list: others.list,
            ..some
        },
        Surroundings {
            built: others.built,
            ..some
        },
        Surroundings {
            position: &some.position[..last],
            ..some
        },
        Surroundings {
            position: &some.position[..last],
            species: &some.species[..last],
            parent: &some.parent[1..],
            ..some
        },
    ];
    for path in paths().filter(|&path| path != KernelPath::Reference) {
        for surroundings in spoilt {
            let model = Eam::new(&zhou(&["Pt", "Fe", "Cu", "Ni"]), &FOUR, path).unwrap();
            let outcome = std::panic::catch_unwind(|| {
                let mut evaluation = Evaluation::default();
                evaluation.clear(surroundings.owned(), Request::FORCES);
                Bound::new(model).evaluate(&surroundings, &mut evaluation)
            });
            assert!(outcome.is_err(), "{path}");
        }
    }
}

#[test]
fn tables_that_are_not_complete_are_refused() {
    let whole = zhou(&["Ni", "Cu"]);
    let error = |tables: &EamTables| Eam::new(tables, &["Ni"], KernelPath::best()).unwrap_err();
    let mut short = whole.clone();
    short.pair[1].truncate(100);
    assert!(matches!(
        error(&short),
        EamError::TableLength { found: 100, .. }
    ));
    let mut few = whole.clone();
    few.density.pop();
    assert!(matches!(
        error(&few),
        EamError::TableCount {
            found: 1,
            wanted: 2,
            ..
        }
    ));
    let flat = EamTables {
        distance_step: 0.0,
        ..whole
    };
    assert!(matches!(error(&flat), EamError::Spacing { .. }));
}

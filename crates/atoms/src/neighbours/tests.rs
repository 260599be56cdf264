use proptest::prelude::*;

use super::brute_force::{Pair, pairs};
use super::*;
use crate::{Atom, Atoms, Matrix, Species};

/// How much further than its reach a list may hold pairs, relative: see `rows`.
const FURTHER: f64 = 1e-5;

/// Numbers that look random and are the same everywhere.
struct Numbers(u64);

impl Numbers {
    /// The next number from -1 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    fn vector(&mut self) -> Vector {
        Vector::new(self.next(), self.next(), self.next())
    }
}

fn system(cell: Cell, positions: impl IntoIterator<Item = Vector>) -> System {
    let atoms: Atoms = positions
        .into_iter()
        .enumerate()
        .map(|(index, position)| Atom {
            position,
            velocity: Vector::zeros(),
            image: [0; 3],
            species: (index * index % 3 % 2) as u8,
            id: index as u32 + 1,
            group: 0,
        })
        .collect();
    let species = ["Pt", "Fe"].map(|name| Species::of_element(name).unwrap());
    System::new(cell, atoms, species.to_vec()).unwrap()
}

/// `count` atoms anywhere in a cell.
fn gas(cell: Cell, count: usize, seed: u64) -> System {
    let mut numbers = Numbers(seed);
    system(
        cell,
        (0..count).map(|_| cell.position(&numbers.vector().map(|x| 0.5 + 0.5 * x))),
    )
}

/// Cell vectors of any shape: edges from `scale`, tilts up to one and a half edges.
fn tilted(scale: f64, numbers: &mut Numbers, periodic: [bool; 3]) -> Cell {
    let edge = [0, 1, 2].map(|_| scale * (1.25 + numbers.next()));
    let mut tilt = || 1.5 * numbers.next();
    let vectors = Matrix::new(
        edge[0],
        0.0,
        0.0,
        tilt() * edge[0],
        edge[1],
        0.0,
        tilt() * edge[0],
        tilt() * edge[1],
        edge[2],
    );
    Cell::new(vectors, Vector::new(-3.0, 1.0, 2.0), periodic).unwrap()
}

fn listed(neighbours: &Neighbours) -> Vec<Pair> {
    let surroundings = neighbours.surroundings();
    let images = neighbours.ghosts.images();
    let owned = surroundings.owned();
    let mut pairs = Vec::new();
    for atom in 0..owned {
        let mut of_species = 0;
        for species in 0..2 {
            let row = surroundings.list.row_of_species(atom, species);
            of_species += row.len();
            for &other in row {
                assert_eq!(usize::from(surroundings.species[other as usize]), species);
                let image = match (other as usize).checked_sub(owned) {
                    None => [0; 3],
                    Some(ghost) => images[ghost],
                };
                pairs.push((atom as u32, surroundings.owner(other), image));
            }
        }
        assert_eq!(surroundings.list.row(atom).len(), of_species);
    }
    pairs.sort_unstable();
    pairs
}

/// Asserts that the list holds every pair within `reach` of the system, none twice, and none
/// beyond `most`.
fn assert_complete(neighbours: &Neighbours, system: &System, reach: f64, most: f64) {
    let listed = listed(neighbours);
    assert!(
        listed.windows(2).all(|two| two[0] != two[1]),
        "a pair twice"
    );
    for pair in pairs(system, reach) {
        assert!(listed.binary_search(&pair).is_ok(), "{pair:?} is missing");
    }
    let far = pairs(system, most);
    for pair in &listed {
        assert!(far.binary_search(pair).is_ok(), "{pair:?} is too far");
    }
}

fn assert_list_is_exact(mut system: System, cutoff: f64, skin: f64) {
    let mut neighbours = Neighbours::new(cutoff, skin).unwrap();
    assert_eq!(neighbours.update(&mut system).unwrap(), Update::Rebuilt);
    let reach = cutoff + skin;
    assert_complete(&neighbours, &system, reach, reach * (1.0 + FURTHER));
    let surroundings = neighbours.surroundings();
    let images = neighbours.ghosts.images();
    for (ghost, image) in images.iter().enumerate() {
        assert_eq!(*image > [0; 3], ghost < surroundings.built.forward());
        let parent = surroundings.parent[ghost] as usize;
        let expected = system.atoms.position()[parent] + system.cell.translation(*image);
        assert_eq!(
            surroundings.position[surroundings.owned() + ghost],
            expected
        );
        assert_eq!(
            surroundings.species[surroundings.owned() + ghost],
            system.atoms.species()[parent]
        );
    }
}

#[test]
fn lists_equal_brute_force_for_all_kinds_of_periodicity() {
    for code in 0..8_u64 {
        let periodic = [code & 1 > 0, code & 2 > 0, code & 4 > 0];
        let cell = Cell::orthogonal([14.0, 17.0, 12.0], periodic).unwrap();
        assert_list_is_exact(gas(cell, 200, code), 3.0, 0.5);
        let tilted = tilted(12.0, &mut Numbers(code), periodic);
        assert_list_is_exact(gas(tilted, 150, code), 3.0, 0.0);
    }
}

#[test]
fn cells_may_be_much_smaller_than_the_cutoff() {
    let cube = Cell::orthogonal([2.0, 1.5, 2.5], [true; 3]).unwrap();
    assert_list_is_exact(gas(cube, 1, 1), 6.0, 1.0);
    assert_list_is_exact(gas(cube, 3, 1), 5.0, 0.0);
    let sheared = tilted(1.5, &mut Numbers(3), [true; 3]);
    assert_list_is_exact(gas(sheared, 2, 2), 4.0, 0.3);
    let wire = Cell::orthogonal([20.0, 1.0, 20.0], [false, true, false]).unwrap();
    assert_list_is_exact(gas(wire, 5, 3), 5.0, 0.4);
}

#[test]
fn none_one_and_coinciding_atoms() {
    let free = Cell::orthogonal([9.0; 3], [false; 3]).unwrap();
    let periodic = Cell::orthogonal([9.0; 3], [true; 3]).unwrap();
    for cell in [free, periodic] {
        for count in [0, 1, 2] {
            assert_list_is_exact(gas(cell, count, 1), 5.0, 0.5);
        }
        let here = Vector::new(1.0, 2.0, 3.0);
        assert_list_is_exact(system(cell, [here; 300]), 5.0, 0.5);
    }
}

#[test]
fn atoms_far_outside_cost_no_memory() {
    let cell = Cell::orthogonal([10.0; 3], [false; 3]).unwrap();
    let mut numbers = Numbers(5);
    let mut positions = Vec::new();
    for _ in 0..20 {
        let centre = 1e5 * numbers.vector();
        positions.extend((0..20).map(|_| centre + 4.0 * numbers.vector()));
    }
    positions.push(Vector::new(1e15, -1e12, 3.0));
    positions.push(Vector::new(1e300, 1e300, -1e308));
    positions.push(Vector::new(-1e308, 1e300, 1e308));
    assert_list_is_exact(system(cell, positions.clone()), 6.0, 1.0);
    positions.truncate(400);
    let mut system = system(cell, positions);
    let mut neighbours = Neighbours::new(6.0, 1.0).unwrap();
    neighbours.update(&mut system).unwrap();
    let table = neighbours.grid.memory();
    assert!(table < 200_000, "{table} bytes for 400 atoms");
}

#[test]
fn impossible_numbers_of_images_are_refused() {
    let cell = Cell::orthogonal([1e-3; 3], [true; 3]).unwrap();
    let mut neighbours = Neighbours::new(6.0, 1.0).unwrap();
    let error = neighbours.update(&mut gas(cell, 1, 1)).unwrap_err();
    assert!(matches!(error, NeighbourError::TooManyImages { .. }));
    let cell = Cell::orthogonal([10.0; 3], [true, true, false]).unwrap();
    let mut system = gas(cell, 5, 1);
    system.atoms.position_mut()[2].x = 1e300;
    let error = neighbours.update(&mut system).unwrap_err();
    assert!(matches!(error, NeighbourError::TooManyImages { .. }));
}

#[test]
fn positions_that_are_not_finite_are_named() {
    let cell = Cell::orthogonal([10.0; 3], [true; 3]).unwrap();
    let mut system = gas(cell, 20, 1);
    let mut neighbours = Neighbours::new(3.0, 1.0).unwrap();
    neighbours.update(&mut system).unwrap();
    for bad in [f64::NAN, f64::INFINITY] {
        system.atoms.position_mut()[7].y = bad;
        let id = system.atoms.id()[7];
        let error = neighbours.update(&mut system).unwrap_err();
        assert!(matches!(error, NeighbourError::NotFinite { id: named, .. } if named == id));
    }
}

#[test]
fn rows_do_not_depend_on_threads() {
    let cell = Cell::orthogonal([30.0; 3], [true; 3]).unwrap();
    let rows = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let mut system = gas(cell, 2000, 1);
            let mut neighbours = Neighbours::new(4.0, 1.0).unwrap();
            neighbours.update(&mut system).unwrap();
            (neighbours.list.clone(), system)
        })
    };
    assert_eq!(rows(1), rows(3));
}

#[test]
fn all_paths_give_the_same_rows() {
    let mut numbers = Numbers(9);
    let cells = [
        Cell::orthogonal([30.0; 3], [true; 3]).unwrap(),
        Cell::orthogonal([40.0, 30.0, 20.0], [false; 3]).unwrap(),
        tilted(15.0, &mut numbers, [true, false, true]),
    ];
    for cell in cells {
        for reach in [2.5, 4.0, 7.2] {
            let rows = |path: Path| {
                let mut system = gas(cell, 1000, 1);
                let mut neighbours = Neighbours::new(reach, 0.0).unwrap();
                neighbours.path = path;
                neighbours.update(&mut system).unwrap();
                neighbours.list
            };
            let portable = rows(Path::Portable);
            #[cfg(target_arch = "x86_64")]
            for path in [Path::Avx2, Path::Avx512] {
                assert!(!path.is_there() || rows(path) == portable, "{path:?}");
            }
            assert!(rows(Path::fastest()) == portable);
        }
    }
}

#[test]
fn sorting_keeps_each_atom_whole() {
    let cell = Cell::orthogonal([30.0, 20.0, 10.0], [true; 3]).unwrap();
    let mut system = gas(cell, 500, 1);
    for (k, velocity) in system.atoms.velocity_mut().iter_mut().enumerate() {
        velocity.x = k as f64;
    }
    let before: Vec<Atom> = system.atoms.iter().collect();
    Neighbours::new(4.0, 1.0)
        .unwrap()
        .update(&mut system)
        .unwrap();
    let after: Vec<Atom> = system
        .atoms
        .by_id()
        .iter()
        .map(|&index| system.atoms.get(index as usize))
        .collect();
    assert_eq!(before, after);
    let step = |atoms: &[Atom]| {
        let squared: f64 = atoms
            .windows(2)
            .map(|two| (two[1].position - two[0].position).norm_squared())
            .sum();
        (squared / atoms.len() as f64).sqrt()
    };
    let sorted: Vec<Atom> = system.atoms.iter().collect();
    assert!(step(&sorted) < 0.5 * step(&before));
}

/// Moves atoms at random by up to `amplitude` [Å] in each direction.
fn shake(system: &mut System, amplitude: f64, numbers: &mut Numbers) {
    for position in system.atoms.position_mut() {
        *position += amplitude * numbers.vector();
    }
}

/// Strains cell and atoms at random by up to `amplitude`.
fn strain(system: &mut System, amplitude: f64, numbers: &mut Numbers) {
    let deformation = Matrix::identity() + amplitude * Matrix::from_fn(|_, _| numbers.next());
    let origin = system.cell.origin();
    let cell = system
        .cell
        .with_vectors(system.cell.vectors() * deformation)
        .unwrap();
    for position in system.atoms.position_mut() {
        *position = origin + deformation.tr_mul(&(*position - origin));
    }
    system.cell = cell;
}

#[test]
fn no_pair_within_the_cutoff_is_ever_missed() {
    let (cutoff, skin) = (3.0, 1.0);
    let mut numbers = Numbers(11);
    let cells = [
        Cell::orthogonal([9.0, 8.0, 10.0], [true; 3]).unwrap(),
        Cell::orthogonal([9.0, 3.0, 10.0], [true, true, false]).unwrap(),
        tilted(7.0, &mut numbers, [true; 3]),
    ];
    for cell in cells {
        let mut system = gas(cell, 60, 2);
        let mut neighbours = Neighbours::new(cutoff, skin).unwrap();
        let mut kept = 0;
        for step in 0..60 {
            shake(&mut system, 0.06, &mut numbers);
            match step % 3 {
                0 => strain(&mut system, 0.005, &mut numbers),
                // A barostat that leaves the atoms where they are.
                1 => {
                    let vectors = system.cell.vectors() * (1.0 + 0.003 * numbers.next());
                    system.cell = system.cell.with_vectors(vectors).unwrap();
                }
                _ => {}
            }
            if neighbours.update(&mut system).unwrap() == Update::Kept {
                kept += 1;
            }
            assert_complete(&neighbours, &system, cutoff, 1.3 * (cutoff + skin));
        }
        assert!(kept > 20, "only {kept} lists were kept");
    }
}

#[test]
fn a_list_holds_until_two_atoms_may_have_met() {
    let cell = Cell::orthogonal([50.0; 3], [false; 3]).unwrap();
    let mut system = gas(cell, 10, 3);
    let mut neighbours = Neighbours::new(3.0, 1.0).unwrap();
    neighbours.update(&mut system).unwrap();
    // One atom may use the whole skin if no other moves.
    system.atoms.position_mut()[0].x += 0.99;
    assert_eq!(neighbours.update(&mut system).unwrap(), Update::Kept);
    system.atoms.position_mut()[1].y += 0.02;
    assert_eq!(neighbours.update(&mut system).unwrap(), Update::Rebuilt);
}

#[test]
fn a_restored_run_goes_on_with_the_same_bits() {
    let cell = Cell::orthogonal([14.0; 3], [true; 3]).unwrap();
    let start = || {
        Neighbours::new(3.0, 0.5)
            .unwrap()
            .with_tuner(SkinTuner::default())
    };
    let mut system = gas(cell, 150, 4);
    let mut neighbours = start();
    let step = |system: &mut System, neighbours: &mut Neighbours, number: u64| {
        shake(system, 0.12, &mut Numbers(number));
        neighbours.update(system).unwrap()
    };
    for number in 0..300 {
        step(&mut system, &mut neighbours, number);
        if number % 37 != 0 {
            continue;
        }
        let mut other_system = system.clone();
        let mut other = start();
        let origin = neighbours.origin().unwrap().clone();
        other.restore(&mut other_system, &origin).unwrap();
        assert_eq!(other_system, system);
        for later in 0..60 {
            let position = other.surroundings().position;
            assert_eq!(position, neighbours.surroundings().position);
            assert_eq!(other.list, neighbours.list);
            assert_eq!(other.origin(), neighbours.origin());
            let number = 1000 * number + later;
            let what = step(&mut system, &mut neighbours, number);
            assert_eq!(step(&mut other_system, &mut other, number), what);
            assert_eq!(other_system, system);
        }
    }
    assert!(neighbours.builds() > 3 * BUILDS_PER_SORT);
    assert_ne!(neighbours.skin(), 0.5, "the skin was never tuned");
}

#[test]
fn an_origin_of_other_atoms_is_refused() {
    let cell = Cell::orthogonal([14.0; 3], [true; 3]).unwrap();
    let mut system = gas(cell, 20, 4);
    let mut neighbours = Neighbours::new(3.0, 0.5).unwrap();
    neighbours.update(&mut system).unwrap();
    let origin = neighbours.origin().unwrap().clone();
    let error = neighbours
        .restore(&mut gas(cell, 21, 4), &origin)
        .unwrap_err();
    assert!(matches!(error, NeighbourError::OtherAtoms { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn lists_equal_brute_force(
        seed in any::<u64>(),
        periodic in any::<[bool; 3]>(),
        scale in 1.5_f64..14.0,
        density in 0.01_f64..0.12,
        reach in 1.0_f64..5.0,
    ) {
        let cell = tilted(scale, &mut Numbers(seed), periodic);
        let count = ((density * cell.volume()) as usize).clamp(1, 120);
        assert_list_is_exact(gas(cell, count, seed), reach, 0.2);
    }
}

//! Bonds, exchanged atoms, centres and gaps against brute force, exact cases and invariances.

use frit_analysis::{BadRule, CrossBonds, Exchange, FacingLayers};
use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector, centre_of_mass, centres};
use frit_build::Axis;
use frit_engine::random::{Purpose, Stream, Streams};
use nalgebra::Rotation3;
use proptest::prelude::*;

/// Rounding of sums of coordinates of some 100 Å.
const EXACT: f64 = 1e-11;
const LENGTH: f64 = 3.3;

fn random(seed: u64) -> Stream {
    Streams::new(seed).stream(Purpose::Test, 0, 0)
}

fn species() -> Vec<Species> {
    ["Pt", "Fe"]
        .map(|name| Species::of_element(name).expect("known"))
        .to_vec()
}

fn atom(id: u32, group: u8, position: Vector) -> Atom {
    Atom {
        position,
        velocity: Vector::zeros(),
        image: [0; 3],
        species: (id % 2) as u8,
        id,
        group,
    }
}

fn system(cell: Cell, atoms: Atoms) -> System {
    System::new(cell, atoms, species()).expect("a sound system")
}

fn free() -> Cell {
    Cell::orthogonal([100.0; 3], [false; 3]).expect("a sound cell")
}

/// Atoms of three groups thrown into a cell, some of them some cells outside it.
fn thrown(seed: u64, count: u32, size: f64, tilt: f64, periodic: [bool; 3]) -> System {
    let mut stream = random(seed);
    let vectors = Matrix::new(
        size,
        0.0,
        0.0,
        tilt,
        0.8 * size,
        0.0,
        -tilt,
        0.5 * tilt,
        1.1 * size,
    );
    let cell = Cell::new(vectors, Vector::new(-3.0, 1.0, 2.0), periodic).expect("a sound cell");
    let atoms = (1..=count)
        .map(|id| {
            let fraction = Vector::from_fn(|_, _| 3.0 * stream.uniform() - 1.0);
            atom(id, stream.below(3) as u8, cell.position(&fraction))
        })
        .collect();
    system(cell, atoms)
}

/// Number of (i, j, image) closer than `length`, i of group `one`, j of group `other`.
fn brute(system: &System, atom: usize, other: u8, length: f64) -> usize {
    let cell = &system.cell;
    let span = cell.periodic().map(|p| if p { 8 } else { 0 });
    let mut found = 0;
    for (j, there) in system.atoms.position().iter().enumerate() {
        if system.atoms.group()[j] != other {
            continue;
        }
        let apart = there - system.atoms.position()[atom];
        for a in -span[0]..=span[0] {
            for b in -span[1]..=span[1] {
                for c in -span[2]..=span[2] {
                    let distance = (apart + cell.translation([a, b, c])).norm();
                    found += usize::from(distance < length && !(j == atom && [a, b, c] == [0; 3]));
                }
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn bonds_and_exchange_agree_with_brute_force(
        seed in 0_u64..1000,
        count in 2_u32..40,
        size in 2.5..14.0_f64,
        tilt in -2.0..2.0_f64,
        periodic in any::<[bool; 3]>(),
        length in 1.0..5.0_f64,
    ) {
        let system = thrown(seed, count, size, tilt, periodic);
        let bonds = CrossBonds::new([2, 0], length).unwrap();
        let exchange = Exchange::new(bonds);
        let of = |group: u8| {
            let groups = system.atoms.group();
            (0..groups.len()).filter(move |&i| groups[i] == group)
        };
        let expected: usize = of(2).map(|i| brute(&system, i, 0, length)).sum();
        prop_assert_eq!(bonds.count(&system), expected);
        prop_assert_eq!(bonds.list(&system).len(), expected);
        let gone = |own: u8, other: u8| -> Vec<u32> {
            of(own)
                .filter(|&i| {
                    let foreign = brute(&system, i, other, length);
                    foreign >= 3 && foreign > brute(&system, i, own, length)
                })
                .map(|i| system.atoms.id()[i])
                .collect()
        };
        prop_assert_eq!(exchange.list(&system), [gone(2, 0), gone(0, 2)]);
    }

    #[test]
    fn wrapping_moves_no_centre_and_breaks_no_bond(
        seed in 0_u64..1000, tilt in -2.0..2.0_f64, periodic in any::<[bool; 3]>(),
    ) {
        let mut system = thrown(seed, 60, 9.0, tilt, periodic);
        let bonds = CrossBonds::new([0, 1], LENGTH).unwrap();
        let before = (centres(&system).unwrap(), bonds.count(&system));
        system.wrap();
        let after = (centres(&system).unwrap(), bonds.count(&system));
        prop_assert!((before.0.system - after.0.system).norm() < EXACT);
        for (group, centre) in &before.0.groups {
            prop_assert!((centre - after.0.groups[group]).norm() < EXACT);
        }
        prop_assert_eq!(before.1, after.1);
    }

    #[test]
    fn the_order_of_atoms_does_not_matter(seed in 0_u64..1000) {
        let mut system = thrown(seed, 60, 9.0, 1.0, [true, false, true]);
        let bonds = CrossBonds::new([0, 1], LENGTH).unwrap();
        let exchange = Exchange::new(bonds).with_least(1).unwrap();
        let before = (bonds.list(&system), exchange.list(&system), centres(&system));
        let mut order: Vec<u32> = (0..60).collect();
        random(seed + 1).shuffle(&mut order);
        system.atoms.reorder(&order);
        prop_assert_eq!(before, (bonds.list(&system), exchange.list(&system), centres(&system)));
    }

    #[test]
    fn the_gap_follows_rigid_motion(
        x in -20.0..20.0_f64, y in -20.0..20.0_f64, z in -20.0..20.0_f64, angle in -3.0..3.0_f64,
    ) {
        let (mut system, facing) = facing_blocks();
        let before = facing.gap(&system).unwrap();
        // About the axis along which the layers face each other, and anywhere.
        let turn = Rotation3::from_axis_angle(&Vector::x_axis(), angle);
        for position in system.atoms.position_mut() {
            *position = turn * *position + Vector::new(x, y, z);
        }
        let after = facing.gap(&system).unwrap();
        prop_assert!((before.layers - after.layers).abs() < EXACT);
        prop_assert!((before.outermost - after.outermost).abs() < EXACT);
    }
}

/// Two layers of nine atoms, 5.5 Å apart along x, with an adatom 2 Å above the first.
fn facing_blocks() -> (System, FacingLayers) {
    let mut atoms = Atoms::new();
    for (group, x) in [(0, 0.0), (1, 5.5)] {
        for y in 0..3 {
            for z in 0..3 {
                let id = atoms.len() as u32 + 1;
                atoms.push(atom(
                    id,
                    group,
                    Vector::new(x, 2.0 * f64::from(y), 2.0 * f64::from(z)),
                ));
            }
        }
    }
    atoms.push(atom(19, 0, Vector::new(2.0, 1.0, 1.0)));
    let layers = [(1..=9).collect(), (10..=18).collect()];
    (
        system(free(), atoms),
        FacingLayers::new(Axis::X, [0, 1], layers),
    )
}

#[test]
fn the_gap_is_that_of_median_planes() {
    let (mut moved, facing) = facing_blocks();
    let gap = facing.gap(&moved).unwrap();
    assert_eq!((gap.layers, gap.outermost), (5.5, 3.5));
    // Four of nine atoms wander off: the median plane stays.
    for place in 0..4 {
        moved.atoms.position_mut()[place].x += 1.0 + place as f64;
    }
    let gap = facing.gap(&moved).unwrap();
    assert_eq!((gap.layers, gap.outermost), (5.5, 1.5));

    let lost: Atoms = moved.atoms.iter().filter(|atom| atom.id != 12).collect();
    let lost = System {
        atoms: lost,
        ..moved
    };
    assert!(
        facing
            .gap(&lost)
            .unwrap_err()
            .to_string()
            .contains("atom 12")
    );
}

#[test]
fn centres_are_weighted_by_mass_and_unwrapped() {
    let cell = Cell::orthogonal([10.0; 3], [true; 3]).unwrap();
    let mut second = atom(2, 1, Vector::new(1.0, 0.0, 0.0));
    second.image = [2, 0, -1];
    let atoms = [atom(1, 0, Vector::new(1.0, 2.0, 3.0)), second]
        .into_iter()
        .collect();
    let system = system(cell, atoms);
    // Species by id: Fe for 1, Pt for 2; the second stands at (21, 0, -10).
    let [platinum, iron] = [195.08, 55.845];
    let expected = (iron * Vector::new(1.0, 2.0, 3.0) + platinum * Vector::new(21.0, 0.0, -10.0))
        / (platinum + iron);
    assert!((centre_of_mass(&system, |_| true).unwrap() - expected).norm() < EXACT);
    let apart = Vector::new(20.0, -2.0, -13.0).norm();
    assert!((centres(&system).unwrap().distance([0, 1]).unwrap() - apart).abs() < EXACT);
    assert_eq!(centres(&system).unwrap().distance([0, 7]), None);
    assert_eq!(centres(&self::system(cell, Atoms::new())), None);
}

/// Sites of an fcc block of 6 x 6 x 6 planes; those with x below the middle are group 0.
fn block(constant: f64) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for x in 0..6 {
        for y in 0..6 {
            for z in 0..6 {
                if (x + y + z) % 2 == 0 {
                    let site = Vector::new(f64::from(x), f64::from(y), f64::from(z));
                    let id = atoms.len() as u32 + 1;
                    atoms.push(atom(id, u8::from(x >= 3), 0.5 * constant * site));
                }
            }
        }
    }
    atoms
}

#[test]
fn bonds_across_a_plane_in_a_crystal_are_four_an_atom() {
    // Two {100} planes of 18 atoms, 6 x 6 planes wide: the pairs (dy, dz) = (±1, 0) and (0, ±1)
    // of sites on the two planes, which are 2 · 5 · 6 · 2 / 2 for either parity: 60.
    let system = system(free(), block(3.92).into_iter().collect());
    let bonds = CrossBonds::new([0, 1], LENGTH).unwrap();
    assert_eq!(bonds.count(&system), 60);
    // One crystal cut in two: no atom has more foreign than own neighbours.
    assert_eq!(Exchange::new(bonds).count(&system), [0, 0]);
}

#[test]
fn atoms_over_the_border_are_exchanged() {
    let mut atoms = block(3.92);
    let inside = |atom: &Atom, x: f64| {
        (atom.position.x - 1.96 * x).abs() < 0.1
            && [1, 2]
                .iter()
                .all(|&k| (1.9..7.9).contains(&atom.position[k]))
    };
    // One atom of the first half deep in the second, and two of the second in the first.
    let deep = atoms.iter().position(|atom| inside(atom, 4.0)).unwrap();
    atoms[deep].group = 0;
    let shallow: Vec<usize> = (0..atoms.len())
        .filter(|&k| inside(&atoms[k], 1.0))
        .collect();
    let (one, two) = (shallow[0], shallow[shallow.len() - 1]);
    atoms[one].group = 1;
    atoms[two].group = 1;
    let expected = [vec![atoms[deep].id], vec![atoms[one].id, atoms[two].id]];
    // An atom in vacuum, and an adatom of the first half over a hollow of the second.
    atoms.push(atom(900, 0, Vector::new(40.0, 40.0, 40.0)));
    atoms.push(atom(901, 0, 1.96 * Vector::new(6.0, 3.0, 3.0)));
    // The hollow's four atoms (5; 2, 3, 4) are there, by parity.
    let system = system(free(), atoms.into_iter().collect());
    let bonds = CrossBonds::new([0, 1], LENGTH).unwrap();
    let exchange = Exchange::new(bonds);
    let mut first = expected[0].clone();
    first.push(901);
    assert_eq!(exchange.list(&system), [first, expected[1].clone()]);
    // Four neighbours hold the adatom; asked for five, it has only landed.
    let strict = exchange.with_least(5).unwrap();
    assert_eq!(strict.list(&system), expected);
}

#[test]
fn impossible_rules_are_refused() {
    for length in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(
            CrossBonds::new([0, 1], length),
            Err(BadRule::Length { .. })
        ));
    }
    assert_eq!(
        CrossBonds::new([1, 1], 3.3),
        Err(BadRule::OneGroup { group: 1 })
    );
    let bonds = CrossBonds::new([0, 1], 3.3).unwrap();
    assert_eq!(
        Exchange::new(bonds).with_least(0),
        Err(BadRule::NoNeighbour)
    );
}

#[test]
fn a_lone_atom_far_away_costs_nothing() {
    let mut atoms = block(3.92);
    for id in [900, 901] {
        atoms.push(atom(
            id,
            (id - 900) as u8,
            Vector::repeat(1e9 * f64::from(id)),
        ));
    }
    let system = system(free(), atoms.into_iter().collect());
    assert_eq!(CrossBonds::new([0, 1], LENGTH).unwrap().count(&system), 60);
}

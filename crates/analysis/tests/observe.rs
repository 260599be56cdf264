//! Measures of observers against exact crystals and shapes, and against OVITO.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use frit_analysis::observe::{
    Adatoms, BlockDiffusion, Closing, CommonNeighbours, Coordination, Detached, Measure,
    NeckRadius, Observatory, Ordering, Reference, Scene, Shape, Snapshot, Structure, Surface,
    adatoms, angle, atomic_strain, axis_angle, clusters, count_adatoms, cubic_rotations, gyration,
    misorientation, neck_section, orderings, radial_distribution, reaches, structures,
    warren_cowley,
};
use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_io::Entry;
use nalgebra::{Rotation3, Unit};

/// Lattice constant [Å] of fcc Pt; nearest neighbours at a/√2.
const A: f64 = 3.92;
const BOND: f64 = 3.3;
/// Wide enough for the fourteenth neighbour of bcc and hot fcc.
const REACH: f64 = 4.7;
/// Rounding of coordinates of some 100 Å through a rotation.
const EXACT: f64 = 1e-10;

fn atoms(positions: impl IntoIterator<Item = (Vector, u8)>) -> Atoms {
    (1_u32..)
        .zip(positions)
        .map(|(id, (position, group))| Atom {
            position,
            velocity: Vector::zeros(),
            image: [0; 3],
            species: 0,
            id,
            group,
        })
        .collect()
}

fn system(cell: Cell, atoms: Atoms) -> System {
    let species = ["Pt", "Fe"].map(|name| Species::of_element(name).unwrap());
    System::new(cell, atoms, species.to_vec()).unwrap()
}

fn free(positions: impl IntoIterator<Item = (Vector, u8)>) -> System {
    let cell = Cell::orthogonal([100.0; 3], [false; 3]).unwrap();
    system(cell, atoms(positions))
}

const FCC: [[f64; 3]; 4] = [[0.0; 3], [0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]];

/// A periodic crystal from a rectangular cell with a basis, moved a little off its corner.
fn crystal(edges: [f64; 3], basis: &[[f64; 3]], repeat: [usize; 3]) -> System {
    let mut positions = Vec::new();
    for i in 0..repeat[0] {
        for j in 0..repeat[1] {
            for k in 0..repeat[2] {
                for at in basis {
                    let fraction = [at[0] + i as f64, at[1] + j as f64, at[2] + k as f64];
                    let place = [0, 1, 2].map(|d| fraction[d] * edges[d] + 0.05);
                    positions.push((Vector::from(place), 0));
                }
            }
        }
    }
    let lengths = [0, 1, 2].map(|d| edges[d] * repeat[d] as f64);
    system(
        Cell::orthogonal(lengths, [true; 3]).unwrap(),
        atoms(positions),
    )
}

/// The fcc atoms for which `keep` holds, about the origin.
fn cut(half: i32, keep: impl Fn(&Vector) -> bool) -> Vec<Vector> {
    let mut positions = Vec::new();
    for i in -2 * half..=2 * half {
        for j in -2 * half..=2 * half {
            for k in -2 * half..=2 * half {
                if (i + j + k) % 2 == 0 {
                    let position = 0.5 * A * Vector::new(i.into(), j.into(), k.into());
                    if keep(&position) {
                        positions.push(position);
                    }
                }
            }
        }
    }
    positions
}

fn cube(half: f64) -> Vec<Vector> {
    cut(half.ceil() as i32 + 1, |p| p.amax() <= half * A + 1e-6)
}

fn all(system: &System, reach: f64) -> Vec<Structure> {
    structures(&Snapshot::new(system, reach).unwrap())
}

#[test]
fn perfect_crystals_are_named() {
    let fcc = crystal([A; 3], &FCC, [3; 3]);
    assert!(all(&fcc, REACH).iter().all(|s| *s == Structure::Fcc));
    assert!(
        Snapshot::new(&fcc, REACH)
            .unwrap()
            .coordination(BOND)
            .iter()
            .all(|n| *n == 12)
    );
    let bcc = crystal([2.87; 3], &[[0.0; 3], [0.5; 3]], [4; 3]);
    assert!(all(&bcc, REACH).iter().all(|s| *s == Structure::Bcc));
    // The orthogonal cell of hcp: a, √3 a, √(8/3) a.
    let a = 2.77;
    let hcp = crystal(
        [a, 3_f64.sqrt() * a, (8.0_f64 / 3.0).sqrt() * a],
        &[
            [0.0; 3],
            [0.5, 0.5, 0.0],
            [0.5, 5.0 / 6.0, 0.5],
            [0.0, 1.0 / 3.0, 0.5],
        ],
        [5, 3, 3],
    );
    assert!(all(&hcp, REACH).iter().all(|s| *s == Structure::Hcp));
}

#[test]
fn the_middle_of_an_icosahedron_is_icosahedral() {
    let golden = 0.5 * (1.0 + 5_f64.sqrt());
    let mut positions = vec![(Vector::zeros(), 0)];
    for (x, y) in [
        (1.0, golden),
        (-1.0, golden),
        (1.0, -golden),
        (-1.0, -golden),
    ] {
        for place in [[0.0, x, y], [x, y, 0.0], [y, 0.0, x]] {
            positions.push((1.4 * Vector::from(place), 0));
        }
    }
    let found = all(&free(positions), REACH);
    assert_eq!(
        found
            .iter()
            .filter(|s| **s == Structure::Icosahedral)
            .count(),
        1
    );
    assert_eq!(found.iter().filter(|s| **s == Structure::Other).count(), 12);
}

/// A pair of particles at 700 K in contact, EAM of Zhou 2004, as frit ran it; columns of OVITO
/// 3.17.2 from the modifiers Common Neighbor Analysis (adaptive) and Atomic Strain (cutoff 3.3 Å).
struct Hot {
    now: System,
    before: System,
    structure: [Vec<usize>; 2],
}

fn hot() -> Hot {
    let text = include_str!("data/hot-pair.txt");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(' ').map(|word| word.parse().unwrap()).collect())
        .collect();
    let at = |row: &Vec<f64>, from: usize| Vector::new(row[from], row[from + 1], row[from + 2]);
    let particle = |row: &Vec<f64>| row[1] as u8;
    let column = |k: usize| rows.iter().map(|row| row[k] as usize).collect();
    Hot {
        now: free(rows.iter().map(|row| (at(row, 2), particle(row)))),
        before: free(rows.iter().map(|row| (at(row, 5), particle(row)))),
        structure: [column(8), column(9)],
    }
}

#[test]
fn structures_of_a_hot_pair_are_those_of_ovito_atom_by_atom() {
    let hot = hot();
    for (system, expected) in [&hot.now, &hot.before].into_iter().zip(&hot.structure) {
        let snapshot = Snapshot::new(system, REACH).unwrap();
        let found: Vec<usize> = structures(&snapshot)
            .into_iter()
            .map(Structure::number)
            .collect();
        assert_eq!(&snapshot.by_rank(&found), expected);
    }
}

#[test]
fn the_radial_distribution_of_fcc_has_its_shells() {
    let fcc = crystal([A; 3], &FCC, [4; 3]);
    let snapshot = Snapshot::new(&fcc, 6.0).unwrap();
    let radial = radial_distribution(&snapshot, 6.0, 60);
    let shells: Vec<(usize, f64)> = (radial.atoms.iter().copied().enumerate())
        .filter(|(_, atoms)| *atoms > 0.0)
        .collect();
    // 12 at a/√2, 6 at a, 24 at a√(3/2), 12 at a√2.
    assert_eq!(shells, [(27, 12.0), (39, 6.0), (48, 24.0), (55, 12.0)]);
    // Integrated over the volume g gives the atoms again.
    let density = 4.0 / A.powi(3);
    let sum: f64 = (radial.relative.iter().enumerate())
        .map(|(bin, g)| {
            let [low, high] = [bin, bin + 1].map(|k| (0.1 * k as f64).powi(3));
            g * density * 4.0 / 3.0 * std::f64::consts::PI * (high - low)
        })
        .sum();
    assert!((sum - 54.0).abs() < EXACT);
}

#[test]
fn known_rotations_are_recovered() {
    let axis = Unit::new_normalize(Vector::new(1.0, -2.0, 0.5));
    let particle = cube(2.0);
    for degrees in [0.0, 1e-5, 10.1, 40.9, 90.0, 179.9] {
        let turn = Rotation3::from_axis_angle(&axis, f64::to_radians(degrees)).into_inner();
        let before = free(particle.iter().map(|p| (*p, 0)));
        let shift = Vector::new(30.0, -4.0, 7.0);
        let after = free(particle.iter().map(|p| (turn * p + shift, 0)));
        let first = Snapshot::new(&before, REACH).unwrap();
        let reference = Reference::new(&first, BOND).unwrap();
        let pose = reference.poses(&Snapshot::new(&after, REACH).unwrap())[0];
        let (found, by) = axis_angle(&pose.rotation);
        assert!(
            (by.to_degrees() - degrees).abs() < 1e-8,
            "{degrees}: {}",
            by.to_degrees()
        );
        assert!(degrees < 1.0 || (found - axis.into_inner()).norm() < 1e-6);
        assert!((pose.centre - shift).norm() < EXACT);
    }
}

#[test]
fn misorientation_knows_the_symmetry_of_the_cube() {
    assert_eq!(cubic_rotations().len(), 24);
    let turn = |axis: Vector, degrees: f64| {
        Rotation3::from_axis_angle(&Unit::new_normalize(axis), f64::to_radians(degrees))
            .into_inner()
    };
    let z = Vector::z();
    let identity = Matrix::identity();
    for (degrees, expected) in [
        (10.1, 10.1),
        (40.9, 40.9),
        (49.1, 40.9),
        (90.0, 0.0),
        (100.0, 10.0),
    ] {
        let found = misorientation(&identity, &turn(z, degrees)).to_degrees();
        assert!((found - expected).abs() < 1e-6, "{degrees}: {found}");
    }
    // A twin of fcc: 60° about <111>.
    let twin = misorientation(&identity, &turn(Vector::repeat(1.0), 180.0)).to_degrees();
    assert!((twin - 60.0).abs() < 1e-6);
    // The largest there is (Mackenzie 1958): 62.8°.
    let largest = misorientation(
        &identity,
        &turn(Vector::new(1.0, 1.0, 2.0_f64.sqrt() - 1.0), 62.8),
    );
    assert!((largest.to_degrees() - 62.8).abs() < 0.01);
    assert!(angle(&turn(z, 1e-7)) > 0.0);
}

/// Cubes along x with a gap between their facet planes.
fn pair(gap: f64, adatoms: bool) -> System {
    let particle = cube(3.0);
    let shift = Vector::new(6.0 * A + gap, 0.0, 0.0);
    let mut positions: Vec<(Vector, u8)> = particle.iter().map(|p| (*p, 0)).collect();
    positions.extend(particle.iter().map(|p| (p + shift, 1)));
    if adatoms {
        // Three on the facing facet of the first, two on its opposite, one on the second's top.
        let hollow = |x: f64, y: f64, z: f64| A * Vector::new(x, y, z);
        positions.extend(
            [(3.5, 0.5, 0.0), (3.5, -0.5, 1.0), (3.5, 1.0, -0.5)]
                .map(|(x, y, z)| (hollow(x, y, z), 0)),
        );
        positions
            .extend([(-3.5, 0.5, 0.0), (-3.5, 0.5, 1.0)].map(|(x, y, z)| (hollow(x, y, z), 0)));
        positions.push((shift + hollow(0.5, 0.0, 3.5), 1));
    }
    free(positions)
}

#[test]
fn adatoms_are_counted_on_the_facet_where_they_stand() {
    // Turned as a whole and moved: nothing changes.
    let turn = Rotation3::from_euler_angles(0.3, -0.7, 1.1).into_inner();
    for rotation in [Matrix::identity(), turn] {
        let mut system = pair(8.0, true);
        for position in system.atoms.position_mut() {
            *position = rotation * *position + Vector::new(5.0, 6.0, 7.0);
        }
        let snapshot = Snapshot::new(&system, REACH).unwrap();
        let reference = Reference::new(&snapshot, BOND).unwrap();
        let scene = Scene::new(&snapshot, &reference, BOND);
        let counts = count_adatoms(&scene, &adatoms(&scene));
        for which in 0..2 {
            let body = &reference.bodies[which];
            assert_eq!(body.facets.len(), 6);
            // 7 x 7 + 6 x 6 atoms in a facet of three cells' half edge.
            assert!(body.facets.iter().all(|facet| facet.atoms.len() >= 85));
        }
        let couple = scene.couple().unwrap();
        let of = |body: usize, facet: usize| {
            counts
                .iter()
                .find(|c| (c.body, c.facet) == (body, facet))
                .unwrap()
                .count
        };
        let (facing, _) = couple.facing(0).unwrap();
        assert_eq!(of(0, facing), 3);
        assert_eq!(
            counts
                .iter()
                .filter(|c| c.body == 0)
                .map(|c| c.count)
                .sum::<usize>(),
            5
        );
        let (facing, _) = couple.facing(1).unwrap();
        assert_eq!(of(1, facing), 0);
        assert_eq!(
            counts
                .iter()
                .filter(|c| c.body == 1)
                .map(|c| c.count)
                .sum::<usize>(),
            1
        );
    }
}

#[test]
fn a_gap_is_made_of_approach_and_advance() {
    let at = |gap: f64| {
        let system = pair(gap, false);
        let snapshot = Snapshot::new(&system, REACH).unwrap();
        let reference = Reference::new(&snapshot, BOND).unwrap();
        reaches(&Scene::new(&snapshot, &reference, BOND)).unwrap()
    };
    let reaches = at(5.5);
    let [one, two] = reaches.plane.map(Option::unwrap);
    assert!((reaches.distance - one - two - 5.5).abs() < EXACT);
    assert!((one - 3.0 * A).abs() < EXACT && (reaches.front[1].unwrap() - 3.0 * A).abs() < EXACT);
    assert!((at(4.0).distance - (reaches.distance - 1.5)).abs() < EXACT);
}

#[test]
fn the_neck_of_two_overlapping_spheres_is_their_circle() {
    // Spheres of radius R at distance 2 d meet in a circle of radius √(R² - d²).
    let (radius, half) = (24.0, 18.0);
    let shift = Vector::new(half, 0.0, 0.0);
    let within = |p: &Vector, centre: Vector| (p - centre).norm() < radius;
    let both = cut(14, |p| within(p, shift) || within(p, -shift));
    let system = free(both.into_iter().map(|p| (p, u8::from(p.x > 0.0))));
    let snapshot = Snapshot::new(&system, REACH).unwrap();
    let spacing = A / 2_f64.sqrt();
    let section = neck_section(&snapshot, [-shift, shift], [0, 1], BOND, spacing).unwrap();
    let exact = f64::sqrt(radius * radius - half * half);
    // The rim is made of atoms: it is known to a fraction of their distance.
    assert!(
        (section.radius - exact).abs() < 0.25 * spacing,
        "{section:?} {exact}"
    );
    assert!((section.position - half).abs() < 0.5 * A, "{section:?}");
    // Apart there is none.
    let system = pair(6.0, false);
    let snapshot = Snapshot::new(&system, REACH).unwrap();
    let centres = [Vector::zeros(), Vector::new(6.0 * A + 6.0, 0.0, 0.0)];
    assert_eq!(
        neck_section(&snapshot, centres, [0, 1], BOND, spacing),
        None
    );
    assert_eq!(clusters(&snapshot, BOND).size.len(), 2);
}

#[test]
fn strain_of_a_hot_pair_is_that_of_ovito() {
    /// OVITO's columns are written with ten digits, from sums in another order.
    const TOLERANCE: f64 = 1e-7;
    let hot = hot();
    let text = include_str!("data/hot-pair.txt");
    let rows = text.lines().skip(1).map(|line| {
        let words: Vec<f64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
        [words[10], words[11]]
    });
    let reference = Reference::new(&Snapshot::new(&hot.before, REACH).unwrap(), BOND).unwrap();
    let snapshot = Snapshot::new(&hot.now, REACH).unwrap();
    let scene = Scene::new(&snapshot, &reference, BOND);
    let strain = snapshot.by_rank(&atomic_strain(&scene));
    for (strain, [shear, volumetric]) in strain.into_iter().zip(rows) {
        let strain = strain.unwrap();
        assert!((strain.shear - shear).abs() < TOLERANCE * (1.0 + shear));
        assert!((strain.volumetric - volumetric).abs() < TOLERANCE * (1.0 + shear));
    }
}

#[test]
fn the_radial_distribution_of_a_hot_pair_is_that_of_ovito() {
    /// OVITO's table is written with ten digits.
    const DIGITS: f64 = 1e-8;
    let hot = hot();
    let snapshot = Snapshot::new(&hot.now, 8.0).unwrap();
    let radial = radial_distribution(&snapshot, 8.0, 80);
    // OVITO divides by the volume of its own cell [Å³].
    let rows: Vec<[f64; 2]> = include_str!("data/hot-pair-rdf.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (distance, g) = line.split_once(' ').unwrap();
            [distance.parse().unwrap(), g.parse().unwrap()]
        })
        .collect();
    let volume = OVITO_CELL[0] * OVITO_CELL[1] * OVITO_CELL[2];
    let scale = volume / snapshot.system().cell.volume();
    for (at, [distance, g]) in rows.into_iter().enumerate() {
        assert!((radial.distance[at] - distance).abs() < DIGITS);
        let expected = g / scale;
        assert!(
            (radial.relative[at] - expected).abs() < DIGITS * (1.0 + expected),
            "{at}"
        );
    }
}

/// Edges of the cell [Å] in which OVITO had the hot pair.
const OVITO_CELL: [f64; 3] = [65.375_758_07, 41.639_140_76, 41.733_281_68];

#[test]
fn a_random_walk_diffuses_as_einstein_says() {
    let mut random = Streams::new(3).stream(Purpose::Test, 0, 0);
    let (walkers, steps, blocks, length) = (400, 50, 20, 0.3);
    let mut diffusion = BlockDiffusion::new(3);
    for _ in 0..blocks {
        let mut places = vec![Vector::zeros(); walkers];
        for step in 1..=steps {
            for place in &mut places {
                let axis = (random.uniform() * 3.0) as usize;
                place[axis] += if random.uniform() < 0.5 {
                    length
                } else {
                    -length
                };
            }
            // A vibration adds a constant, which does not count.
            let square = places.iter().map(Vector::norm_squared).sum::<f64>() / walkers as f64;
            diffusion.observe(f64::from(step), square + 1.0, f64::from(steps));
        }
    }
    assert_eq!(diffusion.coefficients().len(), blocks);
    let expected = length * length / 6.0;
    let sigmas = (diffusion.mean().unwrap() - expected) / diffusion.error().unwrap();
    assert!(sigmas.abs() < 4.0, "{sigmas}");
}

/// A periodic fcc crystal whose sites get species by `of`.
fn alloy(of: impl Fn(usize, &Vector) -> u8) -> System {
    let crystal = crystal([A; 3], &FCC, [6; 3]);
    let atoms = (crystal.atoms.iter().enumerate())
        .map(|(at, atom)| Atom {
            species: of(at, &atom.position),
            ..atom
        })
        .collect();
    system(crystal.cell, atoms)
}

fn shares(system: &System) -> (f64, [usize; 3]) {
    let snapshot = Snapshot::new(system, REACH).unwrap();
    let reference = Reference::new(&snapshot, BOND).unwrap();
    let scene = Scene::new(&snapshot, &reference, BOND);
    let found = orderings(&scene);
    let of = |wanted| found.iter().filter(|o| **o == Some(wanted)).count();
    let alpha = warren_cowley(&snapshot, BOND)[0][1].unwrap();
    (
        alpha,
        [Ordering::L10, Ordering::L12, Ordering::None].map(of),
    )
}

#[test]
fn order_is_exact_in_ordered_alloys_and_none_in_random_ones() {
    let layer = |p: &Vector| ((p.z - 0.05) / (0.5 * A)).round() as i64;
    let count = 4 * 216;
    // L1_2: one corner of the cube; every unlike pair there can be.
    let (alpha, found) = shares(&alloy(|at, _| u8::from(at % 4 == 0)));
    assert!((alpha + 1.0 / 3.0).abs() < EXACT);
    assert_eq!(found, [0, count, 0]);
    let (alpha, found) = shares(&alloy(|_, p| u8::from(layer(p) % 2 == 0)));
    assert!((alpha + 1.0 / 3.0).abs() < EXACT);
    assert_eq!(found, [count, 0, 0]);
    // Random, with the spread of 6 N pairs that are unlike with probability 2 c (1 - c) = 3/8:
    // α = 1 - p / (3/8).
    let mut random = Streams::new(5).stream(Purpose::Test, 1, 0);
    let kinds: Vec<u8> = (0..count)
        .map(|_| u8::from(random.uniform() < 0.25))
        .collect();
    let (alpha, _) = shares(&alloy(|at, _| kinds[at]));
    let sigma = f64::sqrt(0.625 / 0.375 / (6.0 * count as f64));
    assert!(alpha.abs() < 4.0 * sigma, "{}", alpha / sigma);
}

#[test]
fn shapes_are_those_of_textbooks() {
    let line = (0..3).map(|k| (1.0, Vector::new(f64::from(k), 0.0, 0.0)));
    let found = gyration(line).unwrap();
    assert!((found.radius - (2.0_f64 / 3.0).sqrt()).abs() < EXACT);
    assert!((found.anisotropy - 1.0).abs() < EXACT);
    let cube = cube(2.0);
    let found = gyration(cube.iter().map(|p| (195.0, *p))).unwrap();
    assert!(found.asphericity.abs() < EXACT && found.anisotropy.abs() < EXACT);
}

/// Every measure sees the same of a pair that is turned and moved, or cut by a periodic boundary.
#[test]
fn measures_do_not_depend_on_place_and_direction() {
    let rows = |system: &System| {
        let measures: Vec<Box<dyn Measure>> = vec![
            Box::new(Coordination),
            Box::new(CommonNeighbours),
            Box::new(Surface::new(2)),
            Box::new(Adatoms::new(2)),
            Box::new(Closing::default()),
            Box::new(NeckRadius),
            Box::new(Detached { fewer_than: 50 }),
            Box::new(Shape::new(2)),
        ];
        let mut observatory = Observatory::new(BOND, measures).unwrap();
        let seen = observatory.look(system, 0.0, |_| true).unwrap();
        let mut numbers: Vec<f64> = Vec::new();
        for (_, rows) in seen {
            let of: Vec<f64> = (rows.into_iter().flatten())
                .filter_map(|entry| match entry {
                    Entry::Real(number) => Some(number),
                    Entry::Integer(number) => Some(number as f64),
                    _ => None,
                })
                .collect();
            numbers.extend(of);
        }
        numbers
    };
    let expected = rows(&pair(2.0, true));
    let turn = Rotation3::from_euler_angles(0.3, -0.7, 1.1).into_inner();
    let mut turned = pair(2.0, true);
    for position in turned.atoms.position_mut() {
        *position = turn * *position + Vector::new(5.0, 6.0, 7.0);
    }
    let mut cut = pair(2.0, true);
    cut.cell = Cell::orthogonal([90.0; 3], [true; 3]).unwrap();
    for position in cut.atoms.position_mut() {
        *position += Vector::new(80.0, 85.0, 3.0);
    }
    cut.wrap();
    for (what, system) in [("turned", turned), ("cut", cut)] {
        for (at, (found, expected)) in rows(&system).iter().zip(&expected).enumerate() {
            // Radius and area of the neck are counted in pixels of 0.2 Å.
            let pixels = [40, 41].contains(&at);
            let tolerance = if pixels { 0.02 * expected } else { 1e-6 };
            let off = (found - expected).abs();
            assert!(off < tolerance, "{what} {at}: {found} {expected}");
        }
    }
}

#[test]
fn other_atoms_and_single_particles_are_refused() {
    let measures: Vec<Box<dyn Measure>> = vec![Box::new(Closing::default())];
    let mut observatory = Observatory::new(BOND, measures).unwrap();
    observatory.look(&pair(4.0, false), 0.0, |_| true).unwrap();
    let error = observatory
        .look(&pair(4.0, true), 1.0, |_| true)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("not the atoms of the first frame"),
        "{error}"
    );
    let measures: Vec<Box<dyn Measure>> = vec![Box::new(NeckRadius)];
    let mut observatory = Observatory::new(BOND, measures).unwrap();
    let single = free(cube(2.0).into_iter().map(|p| (p, 0)));
    let error = observatory.look(&single, 0.0, |_| true).unwrap_err();
    assert!(error.to_string().contains("two particles"), "{error}");
}

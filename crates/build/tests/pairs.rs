//! Pairs of particles: the gap, turned and hot particles, refusals.

use frit_atoms::{Atom, Atoms, Cell, Matrix, System, Vector};
use frit_build::{
    AdatomSpecies, Adatoms, Arrangement, Axis, BuildError, Composition, Crystal, GapSet, Lattice,
    Member, Occupation, Pair, Particle, ParticleRecipe, Placement, Shape, Size, assemble,
};
use frit_engine::random::{Purpose, Streams};
use nalgebra::Rotation3;
use proptest::prelude::*;

const CONSTANT: f64 = 3.92;
const GAP: f64 = 5.5;
/// Rounding of coordinates of some 100 Å.
const EXACT: f64 = 1e-12;

fn recipe(constant: f64, atoms: usize, shares: [(&str, f64); 2]) -> ParticleRecipe {
    let alloy = Composition::of_elements(shares).expect("shares sum to one");
    ParticleRecipe {
        crystal: Crystal::new(Lattice::Fcc, constant).expect("the lattice constant is positive"),
        shape: Shape::Cube(Size::NearestAtoms(atoms)),
        twins: Vec::new(),
        occupation: Occupation::uniform(alloy, Arrangement::Random),
        adatoms: Vec::new(),
        rotation: Matrix::identity(),
    }
}

fn particle(axis: Axis, side: i32, seed: u64) -> Particle {
    let mut facet = [0; 3];
    facet[axis.index()] = side;
    ParticleRecipe {
        adatoms: vec![Adatoms {
            facet,
            coverage: 0.2,
            species: AdatomSpecies::Alloy,
        }],
        ..recipe(CONSTANT, 1000, [("Pt", 0.85), ("Fe", 0.15)])
    }
    .build(Streams::new(1473).branch(seed))
    .expect("the recipe is sound")
}

fn two(axis: Axis) -> [Particle; 2] {
    [particle(axis, 1, 0), particle(axis, -1, 1)]
}

fn place(
    built: [&Particle; 2],
    now: [&System; 2],
    placement: Placement,
) -> Result<Pair, BuildError> {
    let member = |k: usize| Member {
        built: built[k],
        now: now[k],
    };
    assemble(member(0), member(1), &placement)
}

fn hot(axis: Axis) -> Placement {
    Placement {
        axis,
        gap: GAP,
        set: GapSet::Hot,
        offset: [0.0; 2],
        turn: Matrix::identity(),
    }
}

/// The particle turned, expanded, shaken and reordered, as dynamics would leave it.
fn heated(cold: &System, turn: Vector, expansion: f64, noise: f64, seed: u64) -> System {
    let rotation = Rotation3::new(turn);
    let mut stream = Streams::new(seed).stream(Purpose::Test, 0, 0);
    let mut system = cold.clone();
    for position in system.atoms.position_mut() {
        let shake = Vector::from_fn(|_, _| noise * stream.normal());
        *position = expansion * (rotation * *position) + shake + Vector::new(7.0, -3.0, 2.0);
    }
    for velocity in system.atoms.velocity_mut() {
        *velocity = rotation * Vector::new(1.0, 2.0, 3.0);
    }
    let mut order: Vec<u32> = (0..system.atoms.len() as u32).collect();
    stream.shuffle(&mut order);
    system.atoms.reorder(&order);
    system
}

#[test]
fn a_cold_pair_has_exactly_the_gap() {
    for axis in Axis::ALL {
        let [first, second] = two(axis);
        for set in [GapSet::Hot, GapSet::Cold] {
            let placement = Placement { set, ..hot(axis) };
            let pair = place(
                [&first, &second],
                [&first.system, &second.system],
                placement,
            )
            .unwrap();
            assert!((pair.report.gap - GAP).abs() < EXACT);
            let measured = pair.facing.gap(&pair.system).unwrap();
            assert_eq!(measured.layers, pair.report.gap);
            // Adatoms stand half a lattice constant above each facet.
            assert!((measured.outermost - (GAP - CONSTANT)).abs() < EXACT);
            assert!(
                pair.report
                    .members
                    .iter()
                    .all(|member| member.angle < EXACT)
            );
            assert!(pair.report.members.iter().all(|m| m.in_plane == m.layer));
        }
    }
}

#[test]
fn no_atom_is_lost_and_every_one_keeps_its_names() {
    let [first, second] = two(Axis::X);
    let pair = place(
        [&first, &second],
        [&first.system, &second.system],
        hot(Axis::X),
    )
    .unwrap();
    let counts = [&first, &second].map(|particle| particle.system.counts());
    for species in 0..2 {
        let total = counts[0][species] + counts[1][species];
        assert_eq!(pair.system.counts()[species], total);
    }
    let boundary = first.system.atoms.len();
    let group = pair.system.atoms.group();
    assert!(group[..boundary].iter().all(|&g| g == 1) && group[boundary..].iter().all(|&g| g == 2));
    let ids: Vec<u32> = (1..=pair.system.atoms.len() as u32).collect();
    assert_eq!(pair.system.atoms.id(), ids.as_slice());
    assert_eq!(
        pair.adatoms.len(),
        first.adatoms.len() + second.adatoms.len()
    );
    assert_eq!(
        pair.facing.layers()[0],
        first.outermost(&Axis::X.unit()).ids
    );
    assert_eq!(pair.system.cell.periodic(), [false; 3]);
    for position in pair.system.atoms.position() {
        let fraction = pair.system.cell.fraction(position);
        assert!(fraction.iter().all(|x| (0.0..1.0).contains(x)));
    }
    assert!(pair.report.to_string().contains("gap 5.5000 Å"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn turned_particles_are_turned_back(
        x in -0.6..0.6_f64, y in -0.6..0.6_f64, z in -0.6..0.6_f64,
    ) {
        let [first, second] = two(Axis::Y);
        let turn = Vector::new(x, y, z);
        let moved = [
            heated(&first.system, turn, 1.0, 0.0, 1),
            heated(&second.system, -0.5 * turn, 1.0, 0.0, 2),
        ];
        let still = place([&first, &second], [&first.system, &second.system], hot(Axis::Y)).unwrap();
        let pair = place([&first, &second], [&moved[0], &moved[1]], hot(Axis::Y)).unwrap();
        prop_assert!((pair.report.members[0].angle - turn.norm()).abs() < EXACT);
        prop_assert!((pair.report.members[1].angle - 0.5 * turn.norm()).abs() < EXACT);
        for (a, b) in pair.system.atoms.iter().zip(still.system.atoms.iter()) {
            prop_assert_eq!(a.id, b.id);
            prop_assert_eq!(a.species, b.species);
            // Some turns and shifts of 50 Å: a few hundred times the rounding.
            prop_assert!((a.position - b.position).norm() < 1e-11);
            prop_assert!((a.velocity - Vector::new(1.0, 2.0, 3.0)).norm() < EXACT);
        }
    }
}

#[test]
fn a_hot_pair_has_the_gap_of_its_median_planes() {
    let [first, second] = two(Axis::X);
    let turn = Vector::new(0.02, -0.05, 0.03);
    let now = [
        heated(&first.system, turn, 1.015, 0.15, 1),
        heated(&second.system, -turn, 1.015, 0.15, 2),
    ];
    // Adatoms over like sites stand 1.6 Å apart at this gap; an ångström less, and they overlap.
    let closer = Placement {
        gap: GAP - 1.0,
        ..hot(Axis::X)
    };
    let refused = place([&first, &second], [&now[0], &now[1]], closer).map(drop);
    assert!(
        matches!(refused, Err(BuildError::Overlap { .. })),
        "{refused:?}"
    );
    let over_hollows = Placement {
        offset: [0.5 * CONSTANT, 0.0],
        ..hot(Axis::X)
    };
    let pair = place([&first, &second], [&now[0], &now[1]], over_hollows).unwrap();
    assert!(pair.report.closest.unwrap() > 1.9);
    assert!((pair.report.gap - GAP).abs() < EXACT);
    assert!(pair.report.outermost_gap < GAP - CONSTANT);
    for member in &pair.report.members {
        // Standard error of the angle from the noise of a core of ~ 350 atoms within 7 Å: 0.001.
        assert!((member.angle - turn.norm()).abs() < 0.005);
        assert!((member.scale - 1.015).abs() < 0.003);
        assert!((member.deviation - 0.15 * 3.0_f64.sqrt()).abs() < 0.03);
    }
    // The centres are as far apart as reported, around the origin, off the axis by the offset.
    let centre = |group: u8| {
        let of = pair
            .system
            .atoms
            .iter()
            .enumerate()
            .filter(|(_, atom)| atom.group == group);
        let (moment, mass) = of.fold((Vector::zeros(), 0.0), |(moment, mass), (k, atom)| {
            let m = pair.system.mass(k);
            (moment + m * atom.position, mass + m)
        });
        moment / mass
    };
    let apart = centre(2) - centre(1);
    assert!((apart.norm() - pair.report.centre_distance).abs() < 1e-11);
    assert!((apart - Vector::new(apart.x, 0.5 * CONSTANT, 0.0)).norm() < 1e-11);
    assert!((centre(2) + centre(1)).norm() < 1e-11);

    // Set when cold, the centres are where the perfect lattices' would be; expansion narrows the gap.
    let cold = Placement {
        set: GapSet::Cold,
        gap: 8.0,
        ..hot(Axis::X)
    };
    let pair = place([&first, &second], [&now[0], &now[1]], cold).unwrap();
    let still = place([&first, &second], [&first.system, &second.system], cold).unwrap();
    assert!((pair.report.centre_distance - still.report.centre_distance).abs() < EXACT);
    let narrowed = 8.0 - 0.015 * first.report.cut.as_ref().unwrap().measures.extent[0];
    // Standard error of two medians of 85 atoms: 0.15 · 1.25 / √85 · √2 ≈ 0.03; four of them.
    assert!((pair.report.gap - narrowed).abs() < 0.12);
}

#[test]
fn impossible_pairs_are_refused() {
    let [first, second] = two(Axis::X);
    let built = [&first, &second];
    let cold = [&first.system, &second.system];
    let refuse = |now: [&System; 2], gap: f64| {
        let placement = Placement {
            gap,
            ..hot(Axis::X)
        };
        place(built, now, placement).unwrap_err()
    };
    assert!(matches!(refuse(cold, -1.0), BuildError::BadLength { .. }));
    let overlap = refuse(cold, 3.92);
    assert!(matches!(overlap, BuildError::Overlap { .. }), "{overlap}");
    assert!(overlap.to_string().contains("widen the gap"));

    let mut periodic = first.system.clone();
    periodic.cell = Cell::orthogonal([60.0; 3], [false, true, false]).unwrap();
    assert!(matches!(
        refuse([&periodic, cold[1]], GAP),
        BuildError::Periodic {
            which: "first",
            axis: "y"
        }
    ));

    let fewer: Atoms = second.system.atoms.iter().skip(1).collect();
    let fewer = System {
        atoms: fewer,
        ..second.system.clone()
    };
    assert!(matches!(
        refuse([cold[0], &fewer], GAP),
        BuildError::OtherAtoms { .. }
    ));

    let renamed: Atoms = second
        .system
        .atoms
        .iter()
        .map(|a| Atom { id: a.id + 1, ..a })
        .collect();
    let renamed = System {
        atoms: renamed,
        ..second.system.clone()
    };
    assert!(matches!(
        refuse([cold[0], &renamed], GAP),
        BuildError::MissingAtom(_)
    ));

    let mut heavier = second.system.clone();
    heavier.species[0].mass += 1.0;
    assert!(matches!(
        refuse([cold[0], &heavier], GAP),
        BuildError::MassDiffers { .. }
    ));
}

#[test]
fn widening_as_the_refusal_says_is_enough() {
    let [first, second] = two(Axis::X);
    let built = [&first, &second];
    let cold = [&first.system, &second.system];
    let close = Placement {
        gap: 3.95,
        ..hot(Axis::X)
    };
    let Err(BuildError::Overlap { widen, .. }) = place(built, cold, close) else {
        panic!("3.95 Å leaves adatoms 0.03 Å apart in height");
    };
    let wider = Placement {
        gap: 3.95 + widen + 1e-9,
        ..close
    };
    assert!(place(built, cold, wider).is_ok());
}

#[test]
fn particles_of_different_alloys_share_one_list_of_species() {
    let [first, _] = two(Axis::X);
    let nickel = recipe(3.7, 500, [("Ni", 0.5), ("Pt", 0.5)]);
    let second = nickel.build(Streams::new(3)).unwrap();
    let pair = place(
        [&first, &second],
        [&first.system, &second.system],
        hot(Axis::X),
    )
    .unwrap();
    let names: Vec<&str> = pair
        .system
        .species
        .iter()
        .map(|s| s.name.as_str())
        .collect();
    assert_eq!(names, ["Pt", "Fe", "Ni"]);
    let [one, other] = [first.system.counts(), second.system.counts()];
    assert_eq!(pair.system.counts(), [one[0] + other[1], one[1], other[0]]);
}

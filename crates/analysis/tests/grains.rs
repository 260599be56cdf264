//! Grains, facets and adatoms of whole and twinned particles, cold and hot.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use frit_analysis::observe::{
    BodyReference, Family, Reference, Scene, Snapshot, adatoms, misorientation, reaches,
};
use frit_atoms::{Matrix, System, Vector};
use frit_build::{
    AdatomSpecies, Adatoms, Arrangement, Axis, Composition, Crystal, FacetEnergy, GapSet, Lattice,
    Member, Occupation, Pair, Particle, ParticleRecipe, Placement, Shape, Size, assemble,
};
use frit_engine::random::{Purpose, Streams};

const CONSTANT: f64 = 3.92;
const BOND: f64 = 3.3;
const REACH: f64 = 4.7;

fn wulff(atoms: usize) -> Shape {
    let energies = [([1, 0, 0], 2.273), ([1, 1, 0], 2.187), ([1, 1, 1], 1.708)];
    let energies = energies.map(|(plane, energy)| FacetEnergy { plane, energy });
    Shape::Wulff(energies.to_vec(), Size::NearestAtoms(atoms))
}

/// Two particles along x, 5.5 Å apart.
fn pair_of(first: Member<'_>, second: Member<'_>) -> Pair {
    let placement = Placement {
        axis: Axis::X,
        gap: 5.5,
        set: GapSet::Cold,
        offset: [0.0; 2],
        turn: Matrix::identity(),
    };
    assemble(first, second, &placement).unwrap()
}

fn cube(atoms: usize) -> Shape {
    Shape::Cube(Size::NearestAtoms(atoms))
}

fn build(shape: Shape, twins: &[f64], adatoms: &[([i32; 3], f64)]) -> Particle {
    let pure = Composition::of_elements([("Pt", 1.0)]).unwrap();
    let adatoms = adatoms.iter().map(|&(facet, coverage)| Adatoms {
        facet,
        coverage,
        species: AdatomSpecies::Alloy,
    });
    let recipe = ParticleRecipe {
        crystal: Crystal::new(Lattice::Fcc, CONSTANT).unwrap(),
        shape,
        twins: twins.to_vec(),
        occupation: Occupation::uniform(pure, Arrangement::Random),
        adatoms: adatoms.collect(),
        rotation: Matrix::identity(),
    };
    recipe.build(Streams::new(1)).unwrap()
}

/// Standard deviation [Å] of each coordinate of Pt at 1473 K, about; zero is cold.
const SHAKEN: [f64; 2] = [0.0, 0.15];

/// Moves every coordinate by a normal deviate.
fn shaken(system: &System, by: f64, seed: u64) -> System {
    let mut random = Streams::new(seed).stream(Purpose::Test, 0, 0);
    let mut system = system.clone();
    for position in system.atoms.position_mut() {
        *position += Vector::from([0, 1, 2].map(|_| by * random.normal()));
    }
    system
}

/// The particle as a body, and the atoms that stand on its facets, by ascending id.
fn seen(system: &System) -> (BodyReference, Vec<bool>) {
    let snapshot = Snapshot::new(system, REACH).unwrap();
    let reference = Reference::new(&snapshot, BOND).unwrap();
    let scene = Scene::new(&snapshot, &reference, BOND);
    let standing: Vec<bool> = adatoms(&scene).iter().map(Option::is_some).collect();
    (reference.bodies[0].clone(), snapshot.by_rank(&standing))
}

/// Facets of {100}, {111} and {110}.
fn families(body: &BodyReference) -> [usize; 3] {
    Family::ALL.map(|family| body.facets.iter().filter(|f| f.family == family).count())
}

#[test]
fn clean_particles_show_their_facets_and_no_adatoms() {
    for (shape, expected) in [
        (wulff(200), [6, 8, 0]),
        (wulff(400), [6, 8, 0]),
        (wulff(1500), [6, 8, 0]),
        (cube(200), [6, 0, 0]),
        (cube(1400), [6, 0, 0]),
    ] {
        for by in SHAKEN {
            let particle = build(shape.clone(), &[], &[]);
            let (body, standing) = seen(&shaken(&particle.system, by, 1));
            let what = format!("{shape:?}, shaken by {by} Å");
            assert_eq!(body.grains.len(), 1, "{what}");
            assert_eq!(families(&body), expected, "{what}");
            assert!(!standing.contains(&true), "{what}");
        }
    }
}

/// Twinned, half of a Wulff shape has three {100}, three {111} beside them, three that lean to the other
/// half and one opposite to it: all are there twice. Half of a cube has six {100}, three of them small.
#[test]
fn clean_twinned_particles_show_the_facets_of_both_grains_and_no_adatoms() {
    for (shape, twins, expected) in [
        (wulff(1500), vec![0.0], vec![6, 14, 0]),
        (wulff(4000), vec![0.0], vec![6, 14, 0]),
        (wulff(4000), vec![5.0], vec![6, 14, 0]),
        (cube(4000), vec![0.0], vec![12, 0, 0]),
    ] {
        for (by, seed) in [(SHAKEN[0], 1), (SHAKEN[1], 1), (SHAKEN[1], 2)] {
            let particle = build(shape.clone(), &twins, &[]);
            let (body, standing) = seen(&shaken(&particle.system, by, seed));
            let what = format!("{shape:?}, twins {twins:?}, shaken by {by} Å");
            assert_eq!(body.grains.len(), 2, "{what}");
            let [one, two] = [0, 1].map(|grain: usize| body.grains[grain].axes());
            let degrees = misorientation(&one, &two).to_degrees();
            assert!((degrees - 60.0).abs() < 0.5, "{what}: {degrees}°");
            assert_eq!(families(&body).to_vec(), expected, "{what}");
            let number = standing.iter().filter(|adatom| **adatom).count();
            assert_eq!(number, 0, "{what}");
        }
    }
}

#[test]
fn lamellae_between_two_twin_planes_are_grains() {
    for by in SHAKEN {
        let particle = build(wulff(4000), &[-8.0, 8.0], &[]);
        let (body, standing) = seen(&shaken(&particle.system, by, 1));
        assert_eq!(body.grains.len(), 3);
        // Two share the orientation of the lattice that the third mirrors.
        let borders = body.grains.iter().map(|grain| grain.borders.len());
        let mut borders: Vec<usize> = borders.collect();
        borders.sort_unstable();
        assert_eq!(borders, [1, 1, 2]);
        assert!(!standing.contains(&true));
    }
}

#[test]
fn adatoms_of_twinned_particles_are_those_that_were_put_there() {
    for twins in [vec![], vec![0.0]] {
        for by in SHAKEN {
            let facets = [([-1, 0, 0], 0.2), ([-1, -1, -1], 0.2)];
            let particle = build(wulff(4000), &twins, &facets);
            let (_, standing) = seen(&shaken(&particle.system, by, 1));
            let found: Vec<u32> = (1..)
                .zip(&standing)
                .filter(|(_, s)| **s)
                .map(|(id, _)| id)
                .collect();
            assert!(found.len() > 10);
            assert_eq!(found, particle.adatoms, "{twins:?}, shaken by {by} Å");
        }
    }
}

/// Near its (-1 0 0) facet a twinned particle has larger {111} facets of the other grain within 30°.
#[test]
fn twinned_particles_face_each_other_with_the_facet_between_them() {
    let particles = [vec![], vec![0.0]].map(|twins| build(wulff(4000), &twins, &[]));
    let [first, second] = [0, 1].map(|which: usize| Member {
        built: &particles[which],
        now: &particles[which].system,
    });
    let pair = pair_of(first, second);
    for by in SHAKEN {
        let snapshot = Snapshot::new(&shaken(&pair.system, by, 1), REACH).unwrap();
        let reference = Reference::new(&snapshot, BOND).unwrap();
        let scene = Scene::new(&snapshot, &reference, BOND);
        let couple = scene.couple().unwrap();
        for (which, sign) in [(0, 1), (1, -1)] {
            let (_, facet) = couple.facing(which).unwrap();
            assert_eq!(facet.indices, [sign, 0, 0]);
        }
        let layers = reference.facing_layers().unwrap();
        assert_eq!(layers.layers(), pair.facing.layers());
    }
}

/// Facets of nine atoms, three of them along an edge, face each other.
#[test]
fn the_smallest_facets_face_each_other() {
    let particle = build(wulff(200), &[], &[]);
    let member = Member {
        built: &particle,
        now: &particle.system,
    };
    let pair = pair_of(member, member);
    for by in SHAKEN {
        let system = shaken(&pair.system, by, 1);
        let snapshot = Snapshot::new(&system, REACH).unwrap();
        let reference = Reference::new(&snapshot, BOND).unwrap();
        let scene = Scene::new(&snapshot, &reference, BOND);
        let couple = scene.couple().unwrap();
        for which in 0..2 {
            let (_, facet) = couple.facing(which).unwrap();
            assert_eq!((facet.family, facet.atoms.len()), (Family::Cube, 9));
        }
        let reaches = reaches(&scene).unwrap();
        let [one, two] = reaches.plane.map(Option::unwrap);
        let gap = reaches.distance - one - two;
        // Medians of nine heights.
        assert!((gap - 5.5).abs() < 1e-9 + 2.0 * by, "{gap}");
    }
}

//! Crystals and particles: counts, distances, coordination, facets, compositions, repeatability.

use frit_atoms::{Matrix, System, Vector};
use frit_build::{
    AdatomSpecies, Adatoms, Arrangement, BuildError, Bulk, Composition, Crystal, CutReport,
    Lattice, Occupation, Particle, ParticleRecipe, Shape, Size,
};
use frit_engine::random::Streams;
use proptest::prelude::*;

const CONSTANT: f64 = 3.92;
/// Rounding of coordinates of some 100 Å.
const EXACT: f64 = 1e-12;

fn alloy() -> Composition {
    Composition::of_elements([("Pt", 0.85), ("Fe", 0.15)]).expect("shares sum to one")
}

fn recipe(size: Size, adatoms: Vec<Adatoms>) -> ParticleRecipe {
    ParticleRecipe {
        crystal: Crystal::new(Lattice::Fcc, CONSTANT).expect("the lattice constant is positive"),
        shape: Shape::Cube(size),
        twins: Vec::new(),
        occupation: Occupation::uniform(alloy(), Arrangement::Random),
        adatoms,
        rotation: Matrix::identity(),
    }
}

/// The six {100} facets.
const FACETS: [[i32; 3]; 6] = [
    [-1, 0, 0],
    [1, 0, 0],
    [0, -1, 0],
    [0, 1, 0],
    [0, 0, -1],
    [0, 0, 1],
];

fn direction(facet: [i32; 3]) -> Vector {
    Vector::from(facet.map(f64::from))
}

fn cut(particle: &Particle) -> &CutReport {
    particle
        .report
        .cut
        .as_ref()
        .expect("it was cut from a crystal")
}

fn adatoms(facet: [i32; 3], coverage: f64) -> Adatoms {
    Adatoms {
        facet,
        coverage,
        species: AdatomSpecies::Alloy,
    }
}

/// For each atom its distances [Å] below `reach`, by brute force over nearest images.
fn distances(system: &System, reach: f64) -> Vec<Vec<f64>> {
    let position = system.atoms.position();
    let from = |here: &Vector| {
        let apart = position
            .iter()
            .map(|there| system.cell.shortest(&(there - here)).norm());
        apart.filter(|&d| d > 0.0 && d < reach).collect()
    };
    position.iter().map(from).collect()
}

fn built(size: Size, seed: u64) -> Particle {
    let layers = vec![adatoms([1, 0, 0], 0.2)];
    recipe(size, layers)
        .build(Streams::new(seed))
        .expect("the recipe is sound")
}

#[test]
fn bulk_crystals_have_the_coordination_of_their_lattice() {
    // Neighbours and their distance in lattice constants, from any textbook.
    let cases = [
        (Lattice::Fcc, 4, 12, 0.5_f64.sqrt()),
        (Lattice::Bcc, 2, 8, 0.75_f64.sqrt()),
        (Lattice::Sc, 1, 6, 1.0),
    ];
    for (lattice, per_cell, coordination, nearest) in cases {
        let bulk = Bulk {
            lattice,
            constant: CONSTANT,
            repeat: [3, 4, 5],
            composition: alloy(),
        };
        let system = bulk.build(Streams::new(1)).unwrap().system;
        assert_eq!(system.atoms.len(), per_cell * 60);
        for row in distances(&system, 1.05 * nearest * CONSTANT) {
            assert_eq!(row.len(), coordination, "{}", lattice.name());
            assert!(row.iter().all(|d| (d - nearest * CONSTANT).abs() < EXACT));
        }
    }
}

#[test]
fn a_bulk_alloy_has_its_composition_and_density() {
    let bulk = Bulk {
        lattice: Lattice::Fcc,
        constant: 3.9239,
        repeat: [10, 10, 10],
        composition: Composition::of_elements([("Pt", 1.0)]).unwrap(),
    };
    // X-ray density of platinum at 20 °C: 21.46 g/cm³ at a = 3.9239 Å (Arblaster 2005,
    // doi:10.1595/147106705X24580, gives 21.45 g/cm³ at a = 0.39236 nm).
    let report = bulk.build(Streams::new(1)).unwrap().report;
    assert!((report.density - 21.45).abs() < 0.01, "{}", report.density);
    assert!(report.to_string().contains("4000 atoms: 4000 Pt"));

    let alloyed = Bulk {
        composition: alloy(),
        ..bulk
    };
    let system = alloyed.build(Streams::new(1)).unwrap().system;
    assert_eq!(system.counts(), [3400, 600]);
}

#[test]
fn an_alloy_is_random() {
    let bulk = Bulk {
        lattice: Lattice::Fcc,
        constant: CONSTANT,
        repeat: [12, 12, 12],
        composition: alloy(),
    };
    let system = bulk.build(Streams::new(4)).unwrap().system;
    let species = system.atoms.species();
    let position = system.atoms.position();
    let mut pairs = 0_usize;
    let mut unlike = 0_usize;
    for i in 0..2000 {
        for j in i + 1..position.len() {
            let apart = system.cell.shortest(&(position[j] - position[i]));
            if apart.norm() < 0.8 * CONSTANT {
                pairs += 1;
                unlike += usize::from(species[i] != species[j]);
            }
        }
    }
    // Unlike nearest neighbours of a random alloy: 2 x (1 - x) of all, binomial but for the small
    // correlation by the fixed counts; four standard deviations.
    let share = 2.0 * 0.85 * 0.15;
    let expected = share * pairs as f64;
    let sigma = (expected * (1.0 - share)).sqrt();
    assert!((unlike as f64 - expected).abs() < 4.0 * sigma);
}

#[test]
fn a_cube_is_complete_inside_and_on_its_facets() {
    let particle = recipe(Size::Length(6.0 * CONSTANT), Vec::new())
        .build(Streams::new(1))
        .unwrap();
    let planes = 13;
    assert_eq!(cut(&particle).measures.planes, [planes; 3]);
    assert_eq!(particle.system.atoms.len(), (13_usize.pow(3)).div_ceil(2));
    let rows = distances(&particle.system, 0.8 * CONSTANT);
    let half_edge = 3.0 * CONSTANT;
    for (position, row) in particle.system.atoms.position().iter().zip(&rows) {
        let outer = position
            .iter()
            .filter(|x| (x.abs() - half_edge).abs() < EXACT)
            .count();
        // Bulk, (100) terrace, edge along [100], corner: 12, 8, 5 and 3 nearest neighbours.
        assert_eq!(row.len(), [12, 8, 5, 3][outer]);
    }
    for facet in FACETS {
        let layer = particle.outermost(&direction(facet));
        assert_eq!(layer.ids.len(), (13_usize.pow(2)).div_ceil(2));
        assert!((layer.spacing - 0.5 * CONSTANT).abs() < EXACT);
        for id in layer.ids {
            let along = particle.system.atoms.position()[id as usize - 1].dot(&direction(facet));
            assert!((along - half_edge).abs() < EXACT);
        }
    }
}

#[test]
fn adatoms_stand_in_fourfold_hollows() {
    let whole = recipe(Size::Length(6.0 * CONSTANT), vec![adatoms([0, -1, 0], 1.0)])
        .build(Streams::new(1))
        .unwrap();
    // Hollows over 13 x 13 planes, none at an edge: (11² - 1)/2.
    assert_eq!(whole.adatoms.len(), 60);
    let rows = distances(&whole.system, 0.8 * CONSTANT);
    let plane = -3.0 * CONSTANT - 0.5 * CONSTANT;
    for &id in &whole.adatoms {
        let place = id as usize - 1;
        assert_eq!(whole.system.atoms.id()[place], id);
        assert!((whole.system.atoms.position()[place].y - plane).abs() < EXACT);
        // Four below and, in the complete monolayer, up to four beside.
        assert!((4..=8).contains(&rows[place].len()));
    }

    let sparse = recipe(Size::Length(6.0 * CONSTANT), vec![adatoms([0, -1, 0], 0.2)])
        .build(Streams::new(1))
        .unwrap();
    assert_eq!(sparse.adatoms.len(), 12);
    let sites: Vec<Vector> = whole.system.atoms.position()[whole.report.atoms..].to_vec();
    for position in &sparse.system.atoms.position()[sparse.report.atoms..] {
        assert!(sites.contains(position));
    }
    // Particle and adatoms together have the exact composition.
    assert_eq!(
        sparse.system.counts(),
        alloy().counts(sparse.system.atoms.len())
    );
}

#[test]
fn adatoms_may_be_of_one_element() {
    let mut layer = adatoms([1, 0, 0], 0.5);
    layer.species = AdatomSpecies::Element("Ni".to_owned());
    let particle = recipe(Size::NearestAtoms(500), vec![layer])
        .build(Streams::new(2))
        .unwrap();
    let nickel = particle.adatoms.len();
    let mut expected = alloy().counts(particle.report.atoms);
    expected.push(nickel);
    assert!(nickel > 0);
    assert_eq!(particle.system.counts(), expected);
    assert_eq!(particle.system.species[2].name, "Ni");
}

#[test]
fn an_exact_number_keeps_the_facets() {
    let particle = built(Size::ExactAtoms(15_401), 1);
    assert_eq!(particle.report.atoms, 15_401);
    let measures = cut(&particle).measures;
    assert_eq!((measures.complete, measures.removed), (16_384, 983));
    // Inside the outermost planes: 30 x 30 x 30 planes, half of their sites.
    assert_eq!(measures.inner, 13_500);
    let mut facets = Vec::new();
    assert!(
        particle
            .report
            .to_string()
            .contains("removed the 983 least bound atoms")
    );
    for facet in FACETS {
        let layer = particle.outermost(&direction(facet)).ids;
        let axis = direction(facet).iamax();
        let positions = layer
            .iter()
            .map(|&id| particle.system.atoms.position()[id as usize - 1]);
        let mut inner = 0;
        for position in positions {
            assert!((position[axis].abs() - 31.0 * CONSTANT / 4.0).abs() < EXACT);
            let aside = [1, 2].map(|k| position[(axis + k) % 3].abs());
            inner += usize::from(aside.iter().all(|&x| x < 19.5 * CONSTANT / 4.0));
        }
        // Rims and corners suffer; the 20 x 20 planes between them are whole.
        assert_eq!(inner, 20 * 20 / 2);
        facets.push(layer.len());
    }
    // Nearly equal facets: the last ring of atoms is drawn by lot, the rest keeps the cube's symmetry.
    let (least, most) = (facets.iter().min().unwrap(), facets.iter().max().unwrap());
    assert!(most - least <= 16, "{facets:?}");
}

#[test]
fn the_nearest_complete_cube_is_reported() {
    let report = built(Size::NearestAtoms(15_401), 1).report;
    assert_eq!(report.atoms, 14_896);
    assert!(report.to_string().contains("the nearest has 14896 (-505)"));
    // A fifth of the (29² - 1)/2 hollows of the facet.
    assert_eq!(
        (report.adatoms[0].sites, report.adatoms[0].adatoms),
        (420, 84)
    );
}

#[test]
fn a_seed_gives_one_structure_and_another_seed_another() {
    let size = Size::NearestAtoms(1000);
    assert_eq!(built(size, 1).system, built(size, 1).system);
    let (one, other) = (built(size, 1).system, built(size, 2).system);
    assert_ne!(one.atoms.species(), other.atoms.species());
    assert_ne!(one.atoms.position(), other.atoms.position());
}

#[test]
fn impossible_particles_are_refused() {
    let refuse = |adatoms| {
        recipe(Size::NearestAtoms(500), adatoms)
            .build(Streams::new(1))
            .unwrap_err()
    };
    let layer = |coverage| adatoms([1, 0, 0], coverage);
    assert!(matches!(
        refuse(vec![layer(1.2)]),
        BuildError::BadCoverage { .. }
    ));
    assert!(matches!(
        refuse(vec![layer(f64::NAN)]),
        BuildError::BadCoverage { .. }
    ));
    assert!(matches!(
        refuse(vec![layer(0.2), layer(0.3)]),
        BuildError::FacetTwice { .. }
    ));
    let unknown = Adatoms {
        species: AdatomSpecies::Element("Xx".to_owned()),
        ..layer(0.2)
    };
    assert!(matches!(refuse(vec![unknown]), BuildError::Composition(_)));

    let mut simple = recipe(Size::NearestAtoms(500), vec![layer(0.2)]);
    simple.crystal = Crystal::new(Lattice::Sc, CONSTANT).unwrap();
    let error = simple.build(Streams::new(1)).unwrap_err();
    assert!(
        error.to_string().contains("no site for an adatom"),
        "{error}"
    );

    let no_cells = Bulk {
        lattice: Lattice::Fcc,
        constant: CONSTANT,
        repeat: [1, 0, 1],
        composition: alloy(),
    };
    assert!(matches!(
        no_cells.build(Streams::new(1)),
        Err(BuildError::NoCells { .. })
    ));
    let huge = Bulk {
        repeat: [u32::MAX; 3],
        ..no_cells.clone()
    };
    assert!(matches!(
        huge.build(Streams::new(1)),
        Err(BuildError::TooManyAtoms { .. })
    ));
    let flat = Bulk {
        constant: 0.0,
        repeat: [1; 3],
        ..no_cells
    };
    assert!(matches!(
        flat.build(Streams::new(1)),
        Err(BuildError::BadLength { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_size_is_built_centred_exact_and_counted(atoms in 14_usize..3000, seed in 0_u64..9) {
        for size in [Size::ExactAtoms(atoms), Size::NearestAtoms(atoms)] {
            let particle = recipe(size, Vec::new()).build(Streams::new(seed)).unwrap();
            let system = &particle.system;
            let count = system.atoms.len();
            if matches!(size, Size::ExactAtoms(_)) {
                prop_assert_eq!(count, atoms);
            }
            prop_assert_eq!(system.counts(), alloy().counts(count));
            let ids: Vec<u32> = (1..=count as u32).collect();
            prop_assert_eq!(system.atoms.id(), ids.as_slice());
            // The planes are complete and centred: opposite facets mirror each other.
            for axis in 0..3 {
                let low = system.atoms.position().iter().map(|r| r[axis]).fold(0.0, f64::min);
                let high = system.atoms.position().iter().map(|r| r[axis]).fold(0.0, f64::max);
                prop_assert!((low + high).abs() < EXACT);
                prop_assert!((high - low - cut(&particle).measures.extent[axis]).abs() < EXACT);
            }
        }
    }
}

#[test]
#[ignore = "slow: builds half a million atoms; run with --release"]
fn half_a_million_atoms_are_built_in_a_moment() {
    let bulk = Bulk {
        lattice: Lattice::Fcc,
        constant: CONSTANT,
        repeat: [50, 50, 50],
        composition: alloy(),
    };
    let start = std::time::Instant::now();
    let system = bulk.build(Streams::new(1)).unwrap().system;
    assert_eq!(system.atoms.len(), 500_000);
    // The goal for the whole program is 5 s; building alone must be a small part of it.
    assert!(start.elapsed().as_secs_f64() < 1.0, "{:?}", start.elapsed());
}

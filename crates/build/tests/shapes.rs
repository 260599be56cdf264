//! Shapes, twins, quasi-random alloys, turned particles, slabs: exact counts and laws.

use frit_atoms::{Matrix, System, Vector};
use frit_build::{
    AdatomSpecies, Adatoms, Arrangement, Axis, BuildError, Composition, Crystal, FacetEnergy,
    GapSet, Lattice, Member, Occupation, Particle, ParticleRecipe, Periodic, Placement, Shape,
    Size, Slab, SlabAdatom, Surface, SurfaceSite, assemble, put_on_slab, warren_cowley,
    wulff_shares,
};
use frit_engine::random::Streams;
use nalgebra::Rotation3;
use std::f64::consts::PI;

const CONSTANT: f64 = 3.92;
/// Rounding of sums of some hundred terms.
const EXACT: f64 = 1e-9;
/// Surface energies of Pt of the potential of Kim et al. [J/m²].
const PLATINUM: [FacetEnergy; 3] = [
    FacetEnergy {
        plane: [1, 0, 0],
        energy: 2.273,
    },
    FacetEnergy {
        plane: [1, 1, 0],
        energy: 2.399,
    },
    FacetEnergy {
        plane: [1, 1, 1],
        energy: 1.708,
    },
];

fn fcc() -> Crystal {
    Crystal::new(Lattice::Fcc, CONSTANT).expect("the lattice constant is positive")
}

fn alloy(arrangement: Arrangement) -> Occupation {
    let alloy = Composition::of_elements([("Pt", 0.85), ("Fe", 0.15)]);
    Occupation::uniform(alloy.expect("shares sum to one"), arrangement)
}

fn recipe(crystal: Crystal, shape: Shape) -> ParticleRecipe {
    ParticleRecipe {
        crystal,
        shape,
        twins: Vec::new(),
        occupation: alloy(Arrangement::Random),
        adatoms: Vec::new(),
        rotation: Matrix::identity(),
    }
}

fn build(crystal: Crystal, shape: Shape) -> Particle {
    let recipe = recipe(crystal, shape);
    recipe.build(Streams::new(1)).expect("the recipe is sound")
}

fn wulff(size: Size) -> Shape {
    Shape::Wulff(PLATINUM.to_vec(), size)
}

/// Atoms with each number of neighbours up to `reach` [Å].
fn coordination(system: &System, reach: f64) -> Vec<usize> {
    let position = system.atoms.position();
    let mut histogram = vec![0; 20];
    for here in position {
        let near = position
            .iter()
            .filter(|there| (*there - here).norm() < reach);
        histogram[near.count() - 1] += 1;
    }
    histogram
}

#[test]
fn cuboctahedra_have_their_magic_numbers() {
    // (10 n³ + 15 n² + 11 n + 3)/3 atoms in n shells.
    for (shells, magic) in [(1, 13), (2, 55), (3, 147), (4, 309), (5, 561), (6, 923)] {
        let edge = f64::from(shells) * CONSTANT / 2.0_f64.sqrt();
        let by_edge = build(fcc(), Shape::Cuboctahedron(Size::Length(edge)));
        assert_eq!(by_edge.system.atoms.len(), magic);
        let by_number = build(fcc(), Shape::Cuboctahedron(Size::NearestAtoms(magic)));
        assert_eq!(
            by_number.system.atoms.position(),
            by_edge.system.atoms.position()
        );
        // Twelve corners have five neighbours each.
        assert_eq!(coordination(&by_edge.system, 0.8 * CONSTANT)[5], 12);
    }
}

#[test]
fn shares_of_wulff_shapes_are_those_of_closed_forms() {
    let shares = |energies: &[([i32; 3], f64)]| -> Vec<f64> {
        let energies: Vec<FacetEnergy> = energies
            .iter()
            .map(|&(plane, energy)| FacetEnergy { plane, energy })
            .collect();
        let shares = wulff_shares(&fcc(), &energies).unwrap();
        shares.iter().map(|share| share.share).collect()
    };
    let close = |found: &[f64], wanted: &[f64]| {
        found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < EXACT)
    };
    // Cube; octahedron; rhombic dodecahedron.
    assert!(close(&shares(&[([1, 0, 0], 1.0)]), &[1.0]));
    assert!(close(
        &shares(&[([1, 1, 1], 1.0), ([1, 0, 0], 2.0)]),
        &[1.0, 0.0]
    ));
    assert!(close(&shares(&[([1, 1, 0], 1.0)]), &[1.0]));
    // Cuboctahedron: six squares of side 1, eight triangles of area √3/4.
    let ratio = (2.0_f64 / 3.0).sqrt() / 0.5_f64.sqrt();
    let squares = 6.0 / (6.0 + 2.0 * 3.0_f64.sqrt());
    let found = shares(&[([1, 0, 0], 1.0), ([1, 1, 1], ratio)]);
    assert!(close(&found, &[squares, 1.0 - squares]), "{found:?}");
    // Truncated octahedron of equal edges (Kelvin): six squares, eight hexagons of area 3√3/2.
    let kelvin = 6.0 / (6.0 + 12.0 * 3.0_f64.sqrt());
    let found = shares(&[([1, 0, 0], 1.0), ([1, 1, 1], 3.0_f64.sqrt() / 2.0)]);
    assert!(close(&found, &[kelvin, 1.0 - kelvin]), "{found:?}");
}

#[test]
fn wulff_shares_are_those_of_wulffpack() {
    // WulffPack 1.5 (Rahm and Erhart 2020, doi:10.21105/joss.01944), `SingleCrystal(energies,
    // primitive_structure=bulk("Pt", cubic=True), natoms=15000).facet_fractions`:
    // see tools/compare-structures-with-peers.
    for (energies, fractions) in WULFFPACK {
        let energies: Vec<FacetEnergy> = energies
            .iter()
            .map(|&(plane, energy)| FacetEnergy { plane, energy })
            .collect();
        let found = wulff_shares(&fcc(), &energies).unwrap();
        for (share, wanted) in found.iter().zip(fractions) {
            // Eleven digits are written down; corners of high planes amplify rounding.
            assert!((share.share - wanted).abs() < 1e-8, "{share:?} {wanted}");
        }
    }
}

type WulffPackCase = (&'static [([i32; 3], f64)], &'static [f64]);

const WULFFPACK: [WulffPackCase; 3] = [
    (
        &[([1, 0, 0], 2.273), ([1, 1, 0], 2.399), ([1, 1, 1], 1.708)],
        &[0.099_743_856_67, 0.0, 0.900_256_143_33],
    ),
    (
        &[
            ([1, 0, 0], 1.0),
            ([1, 1, 1], 0.9),
            ([2, 1, 0], 1.02),
            ([3, 1, 1], 0.98),
        ],
        &[
            0.059_036_813_66,
            0.449_227_719_56,
            0.122_954_758_79,
            0.368_780_708_00,
        ],
    ),
    (
        &[([1, 0, 0], 1.2), ([1, 1, 0], 1.0), ([1, 1, 1], 1.15)],
        &[0.067_111_440_95, 0.904_584_021_91, 0.028_304_537_15],
    ),
];

#[test]
fn a_wulff_particle_has_the_volume_and_facets_of_its_polyhedron() {
    let particle = build(fcc(), wulff(Size::Length(60.0)));
    let atoms = particle.system.atoms.len() as f64;
    let ideal = PI / 6.0 * 60.0_f64.powi(3) / fcc().site_volume();
    // Half a plane more or less on all facets: 3 · (2 Å / 2) / 30 Å.
    assert!((atoms / ideal - 1.0).abs() < 0.1, "{atoms} {ideal}");
    let top = particle.outermost(&Vector::x());
    assert!(top.ids.len() > 20);
    assert!((top.spacing - 0.5 * CONSTANT).abs() < EXACT);
    let slope = particle.outermost(&Vector::repeat(1.0).normalize());
    assert!((slope.spacing - CONSTANT / 3.0_f64.sqrt()).abs() < EXACT);
    let text = particle.report.to_string();
    assert!(text.contains("facets {1 1 1}"), "{text}");
}

#[test]
fn spheres_hold_all_sites_within_their_radius_and_none_beyond() {
    for lattice in [Lattice::Fcc, Lattice::Fluorite, Lattice::Anatase] {
        let crystal = Crystal::new(lattice, 4.0).unwrap();
        let radius = 24.0;
        let site_volume = crystal.site_volume();
        let recipe = ParticleRecipe {
            occupation: alloy(Arrangement::Random),
            ..recipe(crystal, Shape::Sphere(Size::Length(2.0 * radius)))
        };
        let particle = recipe.build(Streams::new(1)).unwrap();
        let farthest = particle.system.atoms.position().iter().map(|r| r.norm());
        assert!(farthest.fold(0.0, f64::max) <= radius + EXACT);
        let ideal = 4.0 / 3.0 * PI * radius.powi(3) / site_volume;
        // The count of lattice points in a ball scatters by about the surface to the power 1/2: 4 %.
        let atoms = particle.system.atoms.len() as f64;
        assert!((atoms / ideal - 1.0).abs() < 0.04, "{atoms} {ideal}");
    }
}

#[test]
fn exact_numbers_leave_complete_inner_layers() {
    let shapes: [fn(Size) -> Shape; 4] = [Shape::Cube, Shape::Sphere, Shape::Cuboctahedron, wulff];
    for shape in shapes {
        for atoms in [300, 1001, 2222] {
            let build = |seed| {
                recipe(fcc(), shape(Size::ExactAtoms(atoms)))
                    .build(Streams::new(seed))
                    .unwrap()
            };
            let exact = build(1);
            assert_eq!(exact.system.atoms.len(), atoms);
            assert_eq!(exact.system, build(1).system);
            let measures = exact.report.cut.as_ref().unwrap().measures;
            assert_eq!(measures.complete - measures.removed, atoms);
            assert!(measures.inner <= atoms && atoms <= measures.complete);
            // Whatever the lots, the same inner sites are there.
            let other = build(2);
            let place = |r: &Vector| [r.x, r.y, r.z].map(|x| (x * 1e6).round() as i64);
            let sites = |particle: &Particle| -> std::collections::BTreeSet<[i64; 3]> {
                particle.system.atoms.position().iter().map(place).collect()
            };
            let shared = sites(&exact).intersection(&sites(&other)).count();
            assert!(shared >= measures.inner);
        }
    }
}

#[test]
fn a_twin_is_a_mirror_and_keeps_neighbours() {
    let mut twinned = recipe(fcc(), wulff(Size::Length(40.0)));
    twinned.twins = vec![0.0];
    let particle = twinned.build(Streams::new(1)).unwrap();
    let normal = Vector::repeat(1.0).normalize();
    let position = particle.system.atoms.position();
    let place = |r: &Vector| [r.x, r.y, r.z].map(|x| (x * 1e4).round() as i64);
    let all: std::collections::BTreeSet<_> = position.iter().map(place).collect();
    for r in position {
        let image = r - 2.0 * normal.dot(r) * normal;
        assert!(all.contains(&place(&image)));
    }
    // Atoms inside keep twelve neighbours, on the twin plane too; no two are closer.
    let numbers = coordination(&particle.system, 0.8 * CONSTANT);
    let untwinned = build(fcc(), wulff(Size::Length(40.0)));
    let without = coordination(&untwinned.system, 0.8 * CONSTANT);
    assert_eq!(numbers[13..], without[13..]);
    assert!(numbers[12].abs_diff(without[12]) < without[12] / 20);
    assert_eq!(
        coordination(&particle.system, 0.7 * CONSTANT)[1..]
            .iter()
            .sum::<usize>(),
        0
    );

    twinned.twins = vec![-7.0, 0.0, 7.0];
    let lamellae = twinned.build(Streams::new(1)).unwrap();
    assert_eq!(lamellae.report.cut.as_ref().unwrap().twins.len(), 3);
    let closest = coordination(&lamellae.system, 0.7 * CONSTANT);
    assert_eq!(closest[1..].iter().sum::<usize>(), 0);
    assert_eq!(
        coordination(&lamellae.system, 0.8 * CONSTANT)[13..]
            .iter()
            .sum::<usize>(),
        0
    );

    twinned.twins = vec![0.0, 0.1];
    assert!(matches!(
        twinned.build(Streams::new(1)),
        Err(BuildError::TwinTwice { .. })
    ));

    twinned.twins = vec![0.0, 100.0];
    let error = twinned.build(Streams::new(1)).unwrap_err();
    assert!(matches!(error, BuildError::TwinOutside { .. }), "{error}");
}

#[test]
fn oxides_tell_how_far_they_are_from_their_formula() {
    let ceria = Occupation::ordered(
        Lattice::Fluorite,
        &[
            (
                "cation".to_owned(),
                Composition::of_elements([("Ce", 1.0)]).unwrap(),
            ),
            (
                "anion".to_owned(),
                Composition::of_elements([("O", 1.0)]).unwrap(),
            ),
        ],
    )
    .unwrap();
    let crystal = Crystal::new(Lattice::Fluorite, 5.41).unwrap();
    let cube = ParticleRecipe {
        occupation: ceria.clone(),
        ..recipe(crystal.clone(), Shape::Cube(Size::Length(3.0 * 5.41)))
    };
    let particle = cube.build(Streams::new(1)).unwrap();
    // Whole cells keep the formula.
    assert_eq!(particle.system.counts(), [108, 216]);
    assert!(
        particle
            .report
            .to_string()
            .contains("216 sites of the sublattice anion: as the formula")
    );
    let sphere = ParticleRecipe {
        occupation: ceria.clone(),
        ..recipe(crystal.clone(), Shape::Sphere(Size::Length(20.0)))
    };
    let sphere = sphere.build(Streams::new(1)).unwrap();
    let [cerium, oxygen] = sphere.system.counts()[..] else {
        panic!("two elements")
    };
    let excess = sphere.report.cut.as_ref().unwrap().sublattices[1].excess;
    assert_eq!(excess, oxygen as f64 - 2.0 * cerium as f64);
    // Bulk: density of CeO₂, 7.22 g/cm³ (X-ray density at a = 5.411 Å).
    let bulk = Periodic {
        crystal,
        repeat: [2; 3],
        occupation: ceria,
    };
    let report = bulk.build(Streams::new(1)).unwrap().report;
    assert!((report.density - 7.22).abs() < 0.01, "{}", report.density);
    let missing = Occupation::ordered(
        Lattice::Fluorite,
        &[(
            "cation".to_owned(),
            Composition::of_elements([("Ce", 1.0)]).unwrap(),
        )],
    );
    assert!(matches!(missing, Err(BuildError::EmptySublattice { .. })));
}

#[test]
fn quasirandom_alloys_have_no_correlations() {
    let shells = 3;
    let bulk = |arrangement| Periodic {
        crystal: fcc(),
        repeat: [5, 5, 5],
        occupation: alloy(arrangement),
    };
    let special = bulk(Arrangement::SpecialQuasirandom { shells })
        .build(Streams::new(3))
        .unwrap();
    assert_eq!(special.system.counts(), [425, 75]);
    let order = special.report.order.clone().unwrap();
    // An independent count of the bonds, by brute force over nearest images.
    let position = special.system.atoms.position();
    let species = special.system.atoms.species();
    for (shell, distance) in [0.5_f64.sqrt(), 1.0, 1.5_f64.sqrt()]
        .into_iter()
        .enumerate()
    {
        let mut bonds = vec![vec![0_u64; 2]; 2];
        for (i, here) in position.iter().enumerate() {
            for (j, there) in position.iter().enumerate() {
                let apart = special.system.cell.shortest(&(there - here)).norm() / CONSTANT;
                if (apart - distance).abs() < 0.01 {
                    bonds[usize::from(species[i])][usize::from(species[j])] += 1;
                }
            }
        }
        let counted =
            warren_cowley(&bonds)
                .into_iter()
                .flatten()
                .flatten()
                .fold(
                    0.0,
                    |most: f64, one| if one.abs() > most.abs() { one } else { most },
                );
        assert!((counted - order.shells[shell].residue).abs() < EXACT);
        // One bond more or less between the 75 Fe atoms: of 75 · z · 0.15 bonds, at least 67.
        assert!(counted.abs() < 1.0 / 67.0, "{shell}: {counted}");
    }
    let again = bulk(Arrangement::SpecialQuasirandom { shells })
        .build(Streams::new(3))
        .unwrap();
    assert_eq!(again.system, special.system);
}

#[test]
fn adatoms_cover_facets_of_any_orientation() {
    let mut cuboctahedron = recipe(fcc(), Shape::Cuboctahedron(Size::NearestAtoms(2000)));
    let on = |facet: [i32; 3]| Adatoms {
        facet,
        coverage: 1.0,
        species: AdatomSpecies::Alloy,
    };
    // n = 8 shells: (100) facets of 9 x 9 atoms offer 8 x 8 hollows; on the triangle (111) of 45
    // atoms fcc sites continue the crystal: a triangle of 36 or of 28.
    cuboctahedron.adatoms = vec![on([1, 0, 0]), on([1, 1, 1])];
    let particle = cuboctahedron.build(Streams::new(1)).unwrap();
    assert_eq!(particle.report.atoms, 2057);
    let counts: Vec<usize> = particle
        .report
        .adatoms
        .iter()
        .map(|layer| layer.sites)
        .collect();
    assert_eq!(counts[0], 64);
    assert!([28, 36].contains(&counts[1]), "{counts:?}");
    // The adatoms do not hide the facet.
    let facing = particle.outermost(&Vector::x());
    assert_eq!(facing.ids.len(), 81);
}

#[test]
fn turned_particles_face_with_facets_edges_and_corners() {
    let turned = |axis: Vector, degrees: f64| {
        let rotation = Rotation3::new(axis.normalize() * degrees.to_radians());
        let turned = ParticleRecipe {
            rotation: *rotation.matrix(),
            ..recipe(fcc(), Shape::Cube(Size::Length(5.0 * CONSTANT)))
        };
        turned.build(Streams::new(1)).unwrap()
    };
    // About the axis itself the facet stays one; about another axis an edge leads.
    assert_eq!(
        turned(Vector::x(), 10.1).outermost(&Vector::x()).ids.len(),
        61
    );
    assert!(
        turned(Vector::z(), 10.1)
            .outermost(&Vector::x())
            .ids
            .is_empty()
    );
    let straight = turned(Vector::z(), 0.0);
    let corner = Rotation3::rotation_between(&Vector::repeat(1.0), &Vector::x()).unwrap();
    let pointed = ParticleRecipe {
        rotation: *corner.matrix(),
        ..recipe(fcc(), Shape::Cube(Size::Length(5.0 * CONSTANT)))
    };
    let pointed = pointed.build(Streams::new(1)).unwrap();
    assert!(pointed.outermost(&Vector::x()).ids.is_empty());

    let place = |first: &Particle, second: &Particle, turn: Matrix| {
        let member = |built| Member {
            built,
            now: &built.system,
        };
        let placement = Placement {
            axis: Axis::X,
            gap: 10.0,
            set: GapSet::Hot,
            offset: [0.0; 2],
            turn,
        };
        assemble(member(first), member(second), &placement).unwrap()
    };
    // Corner to corner, edge to facet: the gap is between the outermost atoms.
    for (first, second) in [
        (&pointed, &pointed),
        (&straight, &turned(Vector::z(), 40.9)),
    ] {
        let pair = place(first, second, Matrix::identity());
        assert!((pair.report.gap - 10.0).abs() < EXACT);
        assert!((pair.report.outermost_gap - 10.0).abs() < EXACT);
    }
    // Turned when put together is the same as built turned.
    let turn = *Rotation3::new(Vector::z() * 40.9_f64.to_radians()).matrix();
    let late = place(&straight, &straight, turn);
    let early = place(&straight, &turned(Vector::z(), 40.9), Matrix::identity());
    for (a, b) in late
        .system
        .atoms
        .position()
        .iter()
        .zip(early.system.atoms.position())
    {
        assert!((a - b).norm() < EXACT);
    }
    assert!(late.report.to_string().contains("no facet faces the other"));
}

#[test]
fn atoms_of_a_file_are_a_particle() {
    let built = build(fcc(), Shape::Cube(Size::NearestAtoms(1000)));
    let mut shifted = built.system.clone();
    for position in shifted.atoms.position_mut() {
        *position += Vector::new(3.0, -2.0, 50.0);
    }
    for velocity in shifted.atoms.split_mut().velocity {
        *velocity = Vector::x();
    }
    let quarter = *Rotation3::new(Vector::z() * PI / 2.0).matrix();
    let particle = Particle::from_system("a file", &shifted, quarter).unwrap();
    assert_eq!(particle.system.counts(), built.system.counts());
    assert_eq!(particle.core.len(), built.core.len());
    let facet = |particle: &Particle, direction| particle.outermost(&direction).ids;
    assert_eq!(facet(&particle, Vector::y()), facet(&built, Vector::x()));
    for velocity in particle.system.atoms.velocity() {
        assert!((velocity - Vector::y()).norm() < EXACT);
    }
    let few = build(fcc(), Shape::Sphere(Size::NearestAtoms(13))).system;
    let few = System {
        atoms: few.atoms.iter().take(5).collect(),
        ..few
    };
    let error = Particle::from_system("a file", &few, Matrix::identity()).unwrap_err();
    assert!(
        error.to_string().contains("with 5 atoms is too small"),
        "{error}"
    );
}

fn slab(surface: Surface, adatom: Option<SurfaceSite>) -> Slab {
    Slab {
        crystal: fcc(),
        surface,
        layers: 6,
        repeat: [8, 8],
        vacuum: 20.0,
        occupation: alloy(Arrangement::Random),
        adatom: adatom.map(|site| SlabAdatom {
            site,
            species: AdatomSpecies::Element("Pt".to_owned()),
        }),
    }
}

#[test]
fn slabs_have_the_coordination_of_their_surfaces() {
    // Neighbours of atoms of the outermost planes, atoms of a surface cell.
    for (surface, outer, per_cell) in [
        (Surface::S100, 8, 1),
        (Surface::S110, 7, 1),
        (Surface::S111, 9, 2),
    ] {
        let built = slab(surface, None).build(Streams::new(1)).unwrap();
        let system = &built.system;
        assert_eq!(system.atoms.len(), 6 * 64 * per_cell);
        assert_eq!(system.cell.periodic(), [true, true, false]);
        let position = system.atoms.position();
        for here in position {
            let count = position
                .iter()
                .filter(|there| system.cell.shortest(&(*there - here)).norm() < 0.8 * CONSTANT)
                .count()
                - 1;
            let outermost = here.z < 0.1 || here.z > built.report.thickness - 0.1;
            if outermost {
                assert_eq!(count, outer, "{surface:?}");
            }
            assert!((7..=12).contains(&count));
        }
    }
}

#[test]
fn adatoms_of_slabs_touch_as_many_atoms_as_their_site_says() {
    let cases = [
        (Surface::S100, SurfaceSite::Hollow, 4),
        (Surface::S100, SurfaceSite::Bridge, 2),
        (Surface::S100, SurfaceSite::Top, 1),
        (Surface::S110, SurfaceSite::Hollow, 5),
        (Surface::S111, SurfaceSite::Fcc, 3),
        (Surface::S111, SurfaceSite::Hcp, 3),
        (Surface::S111, SurfaceSite::Bridge, 2),
    ];
    for (surface, site, neighbours) in cases {
        let built = slab(surface, Some(site)).build(Streams::new(1)).unwrap();
        let position = built.system.atoms.position();
        let adatom = position.last().unwrap();
        let nearest = CONSTANT / 2.0_f64.sqrt();
        let touching = position
            .iter()
            .filter(|place| ((*place - adatom).norm() - nearest).abs() < EXACT)
            .count();
        assert_eq!(touching, neighbours, "{surface:?} {site:?}");
    }
    let error = slab(Surface::S100, Some(SurfaceSite::Hcp)).build(Streams::new(1));
    assert!(matches!(error, Err(BuildError::NoSite { .. })));
}

#[test]
fn a_particle_lies_on_a_slab() {
    let ground = Slab {
        repeat: [20, 20],
        ..slab(Surface::S100, None)
    };
    let ground = ground.build(Streams::new(1)).unwrap();
    let particle = build(fcc(), Shape::Cube(Size::NearestAtoms(500)));
    let supported = put_on_slab(&particle, &ground, 2.5).unwrap();
    assert!(supported.report.on_facet);
    assert!(supported.report.closest >= 2.5);
    let total = particle.system.atoms.len() + ground.system.atoms.len();
    assert_eq!(supported.system.atoms.len(), total);
    assert!(matches!(
        put_on_slab(&particle, &ground, 0.5),
        Err(BuildError::Overlap { .. })
    ));
    let small = slab(Surface::S100, None).build(Streams::new(1)).unwrap();
    assert!(matches!(
        put_on_slab(&particle, &small, 2.5),
        Err(BuildError::TooWide { .. })
    ));
}

#[test]
fn impossible_shapes_are_refused() {
    let refuse = |shape| {
        let error = recipe(fcc(), shape).build(Streams::new(1)).unwrap_err();
        error.to_string()
    };
    assert!(refuse(Shape::Sphere(Size::Length(2.0))).contains("too small"));
    assert!(refuse(Shape::Sphere(Size::ExactAtoms(5))).contains("too small"));
    assert!(refuse(Shape::Box([20.0, 1.0, 20.0])).contains("too small"));
    assert!(refuse(Shape::Wulff(Vec::new(), Size::Length(20.0))).contains("energies"));
    let family = |plane, energy| FacetEnergy { plane, energy };
    let twice = vec![family([1, 0, 0], 1.0), family([0, 0, -1], 1.0)];
    assert!(refuse(Shape::Wulff(twice, Size::Length(20.0))).contains("one family"));
    let negative = vec![family([1, 0, 0], -1.0)];
    assert!(refuse(Shape::Wulff(negative, Size::Length(20.0))).contains("must be positive"));
}

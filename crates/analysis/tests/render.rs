//! Draws a figure and a picture of a pair as frit's reports do.

use frit_analysis::{
    CrossBonds, Exchange, Figure, Line, Mark, Panel, PictureOptions, View, picture,
};
use frit_atoms::{Matrix, centres};
use frit_build::{
    AdatomSpecies, Adatoms, Arrangement, Axis, Composition, Crystal, GapSet, Lattice, Member,
    Occupation, Pair, ParticleRecipe, Placement, Shape, Size, assemble,
};
use frit_engine::random::{Purpose, Streams};

fn pair(atoms: usize) -> Pair {
    let particle = |side, number| {
        let alloy = Composition::of_elements([("Pt", 0.85), ("Fe", 0.15)]);
        ParticleRecipe {
            crystal: Crystal::new(Lattice::Fcc, 3.92).expect("the lattice constant is positive"),
            shape: Shape::Cube(Size::ExactAtoms(atoms)),
            twins: Vec::new(),
            occupation: Occupation::uniform(alloy.expect("shares sum to one"), Arrangement::Random),
            adatoms: vec![Adatoms {
                facet: [side, 0, 0],
                coverage: 0.2,
                species: AdatomSpecies::Alloy,
            }],
            rotation: Matrix::identity(),
        }
        .build(Streams::new(1473).branch(number))
        .expect("the recipe is sound")
    };
    let (first, second) = (particle(1, 0), particle(-1, 1));
    let member = |built| Member {
        built,
        now: &built.system,
    };
    let placement = Placement {
        axis: Axis::X,
        gap: 5.5,
        set: GapSet::Hot,
        offset: [0.0; 2],
        turn: Matrix::identity(),
    };
    assemble(member(&first), member(&second), &placement).expect("the gap is wide enough")
}

/// A made-up course of a sintering run: numbers of the usual size, with noise.
fn course() -> Figure {
    let mut stream = Streams::new(1).stream(Purpose::Test, 0, 0);
    let times: Vec<f64> = (0..1200).map(|k| 0.1 * f64::from(k)).collect();
    let mut line = |label: &str, value: &dyn Fn(f64) -> f64, noise: f64| Line {
        label: label.to_owned(),
        points: (times.iter())
            .map(|&t| [t, value(t) + noise * stream.normal()])
            .collect(),
    };
    let late = |t: f64| (t - 31.0).max(0.0);
    let mut bonds = line("bonds", &|t| 5.0 * late(t).powf(0.8), 0.8);
    for point in &mut bonds.points {
        point[1] = if point[0] < 30.0 {
            0.0
        } else {
            point[1].max(0.0).round()
        };
    }
    let closing = |t: f64| 3.2 * (1.0 - (-late(t) / 25.0).exp());
    Figure {
        title: "Two Pt85Fe15 nanocubes at 1473 K".to_owned(),
        time_label: "time [ps]".to_owned(),
        panels: vec![
            Panel {
                label: "bonds across the gap (< 3.3 Å)".to_owned(),
                lines: vec![bonds],
                include: Some(0.0),
            },
            Panel {
                label: "gap [Å]".to_owned(),
                lines: vec![
                    line("facet layers", &|t| 5.5 - closing(t), 0.06),
                    line("outermost atoms", &|t| 2.4 - closing(t), 0.15),
                ],
                include: Some(0.0),
            },
            Panel {
                label: "distance of centres of mass [Å]".to_owned(),
                lines: vec![line("distance", &|t| 66.2 - closing(t), 0.03)],
                include: None,
            },
        ],
        marks: vec![
            Mark {
                time: 30.1,
                label: "first contact 30.1 ps".to_owned(),
            },
            Mark {
                time: 36.4,
                label: "sustained neck 36.4 ps".to_owned(),
            },
        ],
    }
}

#[test]
fn figures_and_pictures_repeat_to_the_byte() {
    assert_eq!(course().svg(), course().svg());
    let pair = pair(1000);
    let options = PictureOptions::default();
    assert_eq!(
        picture(&pair.system, &options),
        picture(&pair.system, &options)
    );
}

#[test]
#[ignore = "slow: writes the drawings into the folder FRIT_DRAWINGS, to be looked at"]
fn drawings_to_look_at() {
    let folder = std::path::PathBuf::from(std::env::var("FRIT_DRAWINGS").unwrap());
    std::fs::write(folder.join("course.svg"), course().svg()).unwrap();
    let pair = pair(15_401);
    println!("{}", pair.report);
    for (view, name) in [(View::Tilted, "tilted.svg"), (View::AlongZ, "along-z.svg")] {
        let options = PictureOptions {
            view,
            ..PictureOptions::default()
        };
        std::fs::write(folder.join(name), picture(&pair.system, &options).unwrap()).unwrap();
    }
    let bonds = CrossBonds::new([0, 1], 3.3).unwrap();
    let start = std::time::Instant::now();
    let found = (
        bonds.count(&pair.system),
        Exchange::new(bonds).count(&pair.system),
        centres(&pair.system).and_then(|centres| centres.distance(frit_build::PARTICLES)),
        pair.facing.gap(&pair.system).unwrap(),
    );
    println!("{found:?} in {:?}", start.elapsed());
}

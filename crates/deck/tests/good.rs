//! Good decks: what they become, their canonical text, overrides, places.

use std::path::{Path, PathBuf};

use frit_deck::{
    AdatomSpecies, Arrangement, Body, Deck, DeckErrorKind, EamForm, Ensemble, Facets, Frame,
    GapSet, PairParticles, PotentialModel, Schedule, Shape, Sites, Size, Skin, StageMethod,
    StageTarget, Structure,
};

fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).expect("a deck of this folder")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")
}

fn deck(name: &str, overrides: &[&str]) -> Deck {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Deck::parse(
        Path::new("inputs/necking/deck.toml"),
        &text(name),
        &overrides,
    )
    .map_err(|errors| errors.to_lines())
    .expect(name)
}

#[test]
fn the_main_job() {
    let deck = deck("necking.toml", &[]);
    assert_eq!(deck.seed, 1473);
    assert!(deck.title.as_deref().unwrap().starts_with("Two Pt85Fe15"));
    assert!(deck.warnings().is_empty(), "{}", deck.warnings().to_lines());
    let [PotentialModel::Meam(meam)] = deck.potential.models.as_slice() else {
        panic!("no MEAM")
    };
    assert_eq!(meam.elements, ["Pt", "Fe"]);
    assert_eq!(
        deck.resolve(&meam.parameters),
        Path::new("inputs/necking/../../potentials/Kim-2006-PtFe.meam")
    );
    let Structure::Pair(pair) = &deck.structure else {
        panic!("no pair")
    };
    assert_eq!(pair.gap.in_angstroms(), 5.5);
    assert_eq!(pair.gap_set, GapSet::Hot);
    assert!(matches!(pair.particles, PairParticles::Alike(_)));
    let particle = pair.second();
    let Body::Cut(crystal, Shape::Cube(Size::Length(edge))) = &particle.body else {
        panic!("no cube with an edge")
    };
    assert_eq!(crystal.constant.in_angstroms(), 3.92);
    assert_eq!(edge.in_angstroms(), 31.0);
    let contents = particle.contents.as_ref().unwrap();
    assert_eq!(contents.arrangement, Arrangement::Random);
    let Sites::All(composition) = &contents.sites else {
        panic!("no alloy")
    };
    assert_eq!(
        composition.fractions,
        [("Fe".to_owned(), 0.15), ("Pt".to_owned(), 0.85)]
    );
    let adatoms = particle.adatoms.as_ref().unwrap();
    assert_eq!(
        (adatoms.coverage, &adatoms.facets),
        (0.2, &vec![Facets::Facing])
    );
    assert_eq!(adatoms.species, AdatomSpecies::Alloy);

    let [equilibrate, production] = deck.stages.as_slice() else {
        panic!("not two stages")
    };
    assert_eq!(equilibrate.on, StageTarget::EachParticle);
    let StageMethod::Dynamics(first) = equilibrate.method else {
        panic!("no dynamics")
    };
    assert_eq!(first.steps, 5000);
    assert_eq!(first.timestep.in_picoseconds(), 0.002);
    assert_eq!(first.velocities.unwrap().temperature.in_kelvin(), 1473.0);
    let Ensemble::Langevin {
        temperature,
        friction,
    } = first.ensemble
    else {
        panic!("langevin")
    };
    assert_eq!(temperature.end.in_kelvin(), 1473.0);
    assert_eq!(friction.per_picosecond(), 1.0);
    assert_eq!(
        (production.name.as_str(), production.on),
        ("production", StageTarget::System)
    );
    let StageMethod::Dynamics(second) = production.method else {
        panic!("no dynamics")
    };
    let Ensemble::Bussi {
        temperature,
        relaxation_time,
    } = second.ensemble
    else {
        panic!("bussi")
    };
    assert_eq!(temperature.start.in_kelvin(), 1473.15);
    assert_eq!(relaxation_time.in_picoseconds(), 0.1);

    let neck = deck.observe.neck.unwrap();
    assert_eq!((neck.bonds, neck.bond_length.in_angstroms()), (20, 3.3));
    assert_eq!(neck.hold.in_picoseconds(), 2.0);
    assert!(
        matches!(deck.observe.table.every, Schedule::Time(time) if time.in_picoseconds() == 0.1)
    );
    assert!(deck.observe.trajectory.as_ref().unwrap().compress);
    assert_eq!(deck.neighbours.skin, Skin::Auto);
    assert!(deck.output.plots);
}

#[test]
fn the_other_structures_and_methods() {
    let bulk = deck("bulk.toml", &[]);
    let Structure::Bulk(crystal) = &bulk.structure else {
        panic!("no bulk")
    };
    assert_eq!(crystal.repeat, [4, 4, 8]);
    assert_eq!(bulk.potential.models.len(), 2);
    let PotentialModel::LennardJones(lj) = &bulk.potential.models[0] else {
        panic!("no LJ")
    };
    assert_eq!(lj.pairs[1].sigma.in_angstroms(), 2.54);
    let StageMethod::Dynamics(heat) = bulk.stages[1].method else {
        panic!("no dynamics")
    };
    let Ensemble::Npt {
        pressure,
        temperature,
        ..
    } = heat.ensemble
    else {
        panic!("no npt")
    };
    assert_eq!(pressure.end.in_bar(), -1e4);
    assert_eq!(temperature.end.in_kelvin(), 1000.0);
    assert_eq!(bulk.checkpoint.every, Schedule::Steps(1000));
    assert!(bulk.observe.neck.is_none());

    let particle = deck("particle.toml", &[]);
    let Structure::Particle(cube) = &particle.structure else {
        panic!("no particle")
    };
    assert_eq!(
        cube.adatoms.as_ref().unwrap().facets,
        [Facets::One([1, 0, 0]), Facets::One([0, 0, -1])]
    );
    let PotentialModel::Eam(eam) = &particle.potential.models[0] else {
        panic!("no EAM")
    };
    assert_eq!((eam.form, eam.files.len()), (EamForm::Funcfl, 2));

    let file = deck("file.toml", &[]);
    let Structure::File(structure) = &file.structure else {
        panic!("no file")
    };
    assert_eq!(structure.frame, Frame::Number(3));
    assert!(matches!(file.stages[0].method, StageMethod::Minimise(m) if m.steps == 500));

    let pair = deck("two-particles.toml", &[]);
    let Structure::Pair(pair) = &pair.structure else {
        panic!("no pair")
    };
    assert_ne!(pair.first(), pair.second());
    assert_eq!(
        pair.particle_paths(),
        ["structure.pair.first", "structure.pair.second"]
    );
}

#[test]
fn the_canonical_text_is_a_deck_that_means_the_same() {
    for file in std::fs::read_dir(folder()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let first = deck(&name, &[]);
        let second = Deck::parse(Path::new("canonical.toml"), first.to_canonical_toml(), &[])
            .unwrap_or_else(|errors| {
                panic!("{}\n{}", errors.to_lines(), first.to_canonical_toml())
            });
        assert_eq!(
            first.to_canonical_toml(),
            second.to_canonical_toml(),
            "{name}"
        );
        assert_eq!(first.stages, second.stages, "{name}");
        assert_eq!(first.structure, second.structure, "{name}");
        assert_eq!(first.potential, second.potential, "{name}");
        assert_eq!(first.observe, second.observe, "{name}");
    }
}

#[test]
fn the_canonical_text_does_not_depend_on_spelling() {
    let same = deck(
        "necking.toml",
        &["structure.pair.gap=0.55 nm", "stage.0.duration=0.01 ns"],
    );
    assert_eq!(
        same.to_canonical_toml(),
        deck("necking.toml", &[]).to_canonical_toml()
    );
    let other = deck("necking.toml", &["observe.neck.bonds=21"]);
    assert_ne!(
        other.to_canonical_toml(),
        deck("necking.toml", &[]).to_canonical_toml()
    );
    let canonical = deck("necking.toml", &[]);
    for line in [
        "gap = \"5.5 Å\"",
        "friction = \"1 1/ps\"",
        "steps = 5000",
        "[[stage]]",
        "kernel = \"auto\"",
        "temperature-end = \"1473.15 K\"",
    ] {
        let text = canonical.to_canonical_toml();
        assert!(
            text.lines().any(|known| known == line),
            "`{line}` is not in\n{text}"
        );
    }
}

#[test]
fn overrides_take_names_numbers_and_bare_quantities() {
    let deck = deck(
        "necking.toml",
        &[
            "seed=7",
            "stage.production.duration='1 ps'",
            "stage.0.timestep=1 fs",
            "structure.pair.particle.composition={Pt = 0.5, Fe = 0.5}",
            "stage.production.ensemble = {nve = {}}",
            "neighbours.skin = 0.5 Å",
        ],
    );
    assert_eq!(deck.seed, 7);
    assert!(matches!(deck.neighbours.skin, Skin::Fixed(skin) if skin.in_angstroms() == 0.5));
    let StageMethod::Dynamics(production) = deck.stages[1].method else {
        panic!("no dynamics")
    };
    assert_eq!(
        (production.steps, production.ensemble),
        (500, Ensemble::Nve)
    );
    let StageMethod::Dynamics(equilibrate) = deck.stages[0].method else {
        panic!("no dynamics")
    };
    assert_eq!(equilibrate.steps, 10_000);
}

#[test]
fn errors_in_overrides_point_into_them() {
    let cases = [
        ("structure.pair.gapp=3 Å", 16, "unknown key `gapp`"),
        ("structure.pair.gap=3 K", 20, "expected a length"),
        ("structure.pair.gap=[3", 20, "begins like TOML but is none"),
        (
            "stage.prodution.duration=1 ps",
            7,
            "`stage` has no element `prodution`",
        ),
        ("stage.5.duration=1 ps", 7, "`stage` has no element `5`"),
        ("seed.x=1", 1, "is the integer 1473, it has no keys"),
        ("seed", 1, "no `=`"),
        ("seed=", 1, "the value is missing"),
        ("structure..gap=1", 11, "a key is missing in the path"),
        ("stage.production.ensemble.nve={}", 27, "exclude each other"),
    ];
    for (text_of_override, column, fragment) in cases {
        let overrides = [text_of_override.to_owned()];
        let errors = Deck::parse(Path::new("deck.toml"), &text("necking.toml"), &overrides)
            .expect_err(text_of_override);
        let [error] = errors.errors() else {
            panic!("not one error: {}", errors.to_lines())
        };
        let location = error.location().unwrap();
        assert_eq!(
            (location.file.as_str(), location.line),
            ("--set", 1),
            "{error}"
        );
        assert_eq!(location.column, column, "{text_of_override}: {error}");
        assert!(
            error.to_string().contains(fragment),
            "{error} lacks {fragment}"
        );
    }
}

#[test]
fn later_layers_point_into_the_deck() {
    let deck = deck("necking.toml", &[]);
    let error = deck.error_at(
        "potential.meam.library",
        "the file does not exist",
        "check it",
    );
    assert_eq!(error.kind(), DeckErrorKind::File);
    assert_eq!(
        error.location().unwrap().to_string(),
        "inputs/necking/deck.toml:5:11"
    );
    let at = |path: &str| deck.locate(path).unwrap().line;
    assert_eq!(at("structure.pair.gap"), 11);
    assert_eq!(at("stage.1.ensemble.bussi.temperature"), 41);
    assert_eq!(at("stage.production.ensemble.bussi.temperature"), 41);
    // Left out: the table around it.
    assert_eq!(at("stage.1.ensemble.bussi.relaxation-time"), 40);
    assert_eq!(at("structure.pair.particle.adatoms.species"), 23);
}

#[test]
fn a_potential_alone_and_in_a_deck() {
    let alone = "[potential.eam]\nfile = 'PtFe.eam.alloy'\n";
    let deck = Deck::parse_potential(Path::new("a/b.toml"), alone).unwrap();
    assert_eq!(deck.potential.models.len(), 1);
    assert!(deck.to_canonical_toml().contains("form = \"alloy\""));
    assert!(Deck::parse_potential(Path::new("a/b.toml"), &text("necking.toml")).is_ok());
    let errors = Deck::parse_potential(Path::new("a"), "[potential.eamm]\nfile='x'").unwrap_err();
    assert!(errors.to_lines().contains("unknown key `eamm`"), "{errors}");
    let errors = Deck::parse_potential(Path::new("a"), "").unwrap_err();
    assert!(
        errors.to_lines().contains("`potential` is missing"),
        "{errors}"
    );
}

#[test]
fn what_looks_like_a_mistake_is_a_warning() {
    let warned = deck(
        "necking.toml",
        &[
            "stage.0.timestep=20 fs",
            "stage.1.duration=1.0005 ps",
            "stage.1.timestep=1 fs",
        ],
    );
    let warnings: Vec<String> = warned
        .warnings()
        .errors()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings
            .iter()
            .any(|text| text.contains("is long for atoms")),
        "{warnings:?}"
    );
    assert!(
        warnings
            .iter()
            .any(|text| text.contains("no whole number of steps")),
        "{warnings:?}"
    );

    let drifting = deck(
        "necking.toml",
        &["stage.production.ensemble={langevin = {temperature = '1473 K'}}"],
    );
    let lines = drifting.warnings().to_lines();
    assert!(lines.contains("does not conserve the momentum"), "{lines}");
    assert_eq!(drifting.warnings().to_string(), "the deck has 1 warning");

    let text = text("particle.toml").replace("velocities.temperature = \"800 K\"\n", "");
    let deck = Deck::parse(Path::new("deck.toml"), &text, &[]).unwrap();
    assert!(
        deck.warnings()
            .to_lines()
            .contains("begins with atoms at rest")
    );
}

#[test]
fn a_deck_that_cannot_be_read_says_why() {
    let errors = Deck::read(Path::new("no/such/deck.toml"), &[]).unwrap_err();
    assert!(
        errors
            .to_lines()
            .contains("cannot read the deck no/such/deck.toml"),
        "{errors}"
    );
}

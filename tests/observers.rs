//! Observers of atoms in a run and on its trajectory give the same tables.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::Work;

/// Of a whole deck, and of one that says only what is measured, from its `[observe]` on.
#[test]
fn a_run_and_its_trajectory_give_the_same_tables() {
    let deck = common::observed_pair();
    let work = Work::with_deck(&deck);
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let (_, observe) = deck.split_once("[observe]").unwrap();
    work.write("observe.toml", format!("[observe]{observe}"));
    for deck in ["deck.toml", "observe.toml"] {
        let trajectory = "run/trajectory.0000.xyz";
        work.frit(&["analyze", trajectory, deck, "-o", "offline"])
            .with(0);
        let tables: Vec<String> = work
            .names("offline")
            .into_iter()
            .filter(|name| name.ends_with(".csv"))
            .collect();
        assert_eq!(tables.len(), 18);
        for table in tables {
            let [online, offline] =
                ["run", "offline"].map(|at| work.read(&format!("{at}/{table}")));
            assert!(online.lines().count() > 1, "{table} is empty");
            assert!(online == offline, "{deck}: {table} differs");
        }
        let [online, offline] = ["run", "offline"].map(|at| -> serde_json::Value {
            serde_json::from_str(&work.read(&format!("{at}/summary.json"))).unwrap()
        });
        for key in ["first_contact", "neck", "pair", "observers"] {
            assert!(!online[key].is_null(), "{key} is null");
            assert_eq!(online[key], offline[key], "{deck}: {key}");
        }
    }
}

/// What the run of a deck wrote between frames is not there offline, and what does not fit is told.
#[test]
fn frames_too_far_apart_for_a_neck_are_told() {
    let work = Work::with_deck(&common::observed_pair());
    let set = "stage.0.steps=40";
    work.frit(&["run", "deck.toml", "--out", "run", "--set", set])
        .with(0);
    let trajectory = "run/trajectory.0000.xyz";
    work.write("observe.toml", "[observe.neck]\nhold = \"0.05 ps\"\n");
    work.frit(&["analyze", trajectory, "observe.toml", "-o", "offline"])
        .with(0)
        .says(&[
            "frames are up to 0.04 ps apart",
            "face each other in the first frame",
        ]);
    assert!(work.read("offline/neck.csv").lines().count() > 1);
    let set = "structure.pair.particle.cube.atoms=170";
    work.frit(&[
        "analyze",
        trajectory,
        "deck.toml",
        "--set",
        set,
        "-o",
        "other",
    ])
    .with(0)
    .says(&["the frames are not of the structure of the deck"]);
}

/// Adatoms that stand across a narrow gap bridge it at the first look, and are told as adatoms.
#[test]
fn adatoms_that_bridge_at_once_are_known() {
    let deck = common::eam()
        + r#"
[structure.pair]
gap = "5.5 Å"
gap-set = "cold"

[structure.pair.particle]
cube = { lattice = "fcc", constant = "3.92 Å", atoms = 700 }
composition = { Pt = 1.0 }
adatoms.coverage = 0.2

[[stage]]
name = "look"
steps = 1
timestep = "1 fs"
ensemble.nve = {}

[observe.bridging]
"#;
    let work = Work::with_deck(&deck);
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let table = work.read("run/bridging.csv");
    let mut rows = table.lines().filter(|line| !line.starts_with('#'));
    let header: Vec<&str> = rows.next().unwrap().split(',').collect();
    let at = header
        .iter()
        .position(|name| name.contains("adatom"))
        .unwrap();
    let told: Vec<&str> = rows.map(|row| row.split(',').nth(at).unwrap()).collect();
    assert!(!told.is_empty(), "nothing bridges:\n{table}");
    assert!(told.iter().all(|adatom| *adatom == "1"), "{table}");
}

#[test]
fn wrong_decks_and_files_are_explained() {
    let work = Work::with_deck(&common::observed_pair());
    let set = "observe.closing.evry='1 ps'";
    work.frit(&["check", "deck.toml", "--set", set])
        .with(2)
        .says(&["unknown key `evry`"]);
    let deck = common::small_deck() + "trajectory.columns = [\"id\", \"hops\"]\n";
    work.write("columns.toml", deck);
    work.frit(&["check", "columns.toml"])
        .with(2)
        .says(&["the column \"hops\" needs the observer `bridging`"]);
    work.write("none.toml", common::small_deck());
    work.write(
        "one.xyz",
        "1\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3\nPt 0 0 0\n",
    );
    work.frit(&["analyze", "one.xyz", "none.toml"])
        .with(2)
        .says(&["has no observers of atoms"]);
    work.frit(&["analyze", "one.xyz", "deck.toml"])
        .with(2)
        .says(&["it has no time", "--interval"]);
}

//! Observers of atoms in a run and on its trajectory give the same tables.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::Work;

#[test]
fn a_run_and_its_trajectory_give_the_same_tables() {
    let work = Work::with_deck(&common::observed_pair());
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    work.frit(&[
        "analyze",
        "run/trajectory.0000.xyz",
        "deck.toml",
        "-o",
        "offline",
    ])
    .with(0);
    let tables: Vec<String> = work
        .names("offline")
        .into_iter()
        .filter(|name| name.ends_with(".csv"))
        .collect();
    assert_eq!(tables.len(), 17);
    for table in tables {
        let [online, offline] = ["run", "offline"].map(|at| work.read(&format!("{at}/{table}")));
        assert!(online.lines().count() > 1, "{table} is empty");
        assert!(online == offline, "{table} differs");
    }
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

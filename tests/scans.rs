//! One deck, many runs: tables, order, threads, interruptions, failures; decks of migration.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::{Work, assert_same_results, json, small_deck};

/// Four temperatures of atoms, two seeds each; the neck is a time that no run sees.
fn atoms() -> String {
    small_deck()
        + r#"
[scan]
replicas = 2

[[scan.axis]]
path = "stage.run.velocities.temperature"
from = "300 K"
to = "900 K"
count = 4

[[scan.collect]]
value = "time_ps"
unit = "ps"
label = "time"

[[scan.collect]]
value = "neck.start.time"
unit = "ps"
label = "neck"
observed = "time_ps"
"#
}

fn migration(scan: &str) -> String {
    format!("[migration]\nparticles = 4\nduration = \"0.2 s\"\n\n{scan}")
}

#[test]
fn a_scan_of_atoms_has_a_row_for_each_point_and_run() {
    let work = Work::with_deck(&atoms());
    let ended = work.frit(&["run", "deck.toml", "--out", "scan"]).with(0);
    assert!(ended.stdout.contains("time [ps]"), "{}", ended.stdout);
    let table = work.read("scan/scan.csv");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0],
        "point,stage.run.velocities.temperature [K],time [ps],time: standard error [ps],time: runs,\
         neck [ps],neck: standard error [ps],neck: runs,neck: time observed per event [ps],\
         neck: its standard error [ps]"
    );
    assert_eq!(lines[1], "0,300.0,0.02,0.0,2,,,0,,");
    assert_eq!(lines.len(), 5);
    assert_eq!(work.read("scan/runs.csv").lines().count(), 9);
    // Each point is an ordinary run.
    let point = work.path("scan/points/0003-1");
    assert_eq!(json(&point.join("summary.json"))["seed"], 2);
    work.frit(&["run", "deck.toml", "--out", "scan"]).with(4);
    let listed = work.frit(&["check", "scan"]).with(0);
    assert!(
        listed.stdout.contains("8 of 8 runs are finished"),
        "{}",
        listed.stdout
    );
}

#[test]
fn a_point_has_the_bits_of_a_run_on_its_own_with_any_number_of_threads() {
    let work = Work::with_deck(&atoms());
    work.frit(&["run", "deck.toml", "--out", "one", "--threads", "1"])
        .with(0);
    work.frit(&["run", "deck.toml", "--out", "three", "--threads", "3"])
        .with(0);
    for file in ["scan.csv", "runs.csv", "plan.toml"] {
        assert_eq!(
            work.read(&format!("one/{file}")),
            work.read(&format!("three/{file}"))
        );
    }
    work.write("alone.toml", small_deck());
    let warmer = "stage.run.velocities.temperature=700 K";
    work.frit(&[
        "run",
        "alone.toml",
        "--set",
        warmer,
        "--set",
        "seed=2",
        "--out",
        "alone",
    ])
    .with(0);
    for run in ["one", "three"] {
        let point = work.path(&format!("{run}/points/0002-1"));
        assert_same_results(&work.path("alone"), &point, run);
    }
}

#[test]
fn a_failed_point_is_reported_and_tried_again_while_the_others_go_on() {
    let scan = r#"
[scan]
[[scan.axis]]
path = "migration.hydrogen_to_oxygen"
values = [2.0, 6.0]
[[scan.collect]]
value = "mean_copper"
"#;
    let work = Work::with_deck(&migration(scan));
    // A file where the directory of the first point should stand.
    work.write("scan/points/0000-0", "in the way");
    work.frit(&["run", "deck.toml", "--out", "scan"])
        .with(3)
        .says(&["1 of 2 runs failed", "hydrogen_to_oxygen = 2.0"]);
    assert!(work.path("scan/points/0001-0/summary.json").exists());
    assert!(
        work.read("scan/scan.csv")
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("0,2.0,,")
    );
    std::fs::remove_file(work.path("scan/points/0000-0")).unwrap();
    work.frit(&["run", "deck.toml", "--out", "scan"]).with(0);
    assert!(work.path("scan/summary.json").exists());
}

#[test]
fn a_value_that_the_deck_refuses_stops_a_scan_before_its_first_run() {
    let scan = |values: &str| {
        format!("[[scan.axis]]\npath = \"migration.temperature\"\nvalues = {values}\n")
    };
    let work = Work::with_deck(&migration(&scan("[\"500 °C\", \"3 nm\"]")));
    work.frit(&["run", "deck.toml", "--out", "scan"])
        .with(2)
        .says(&["expected a temperature"]);
    assert!(!work.path("scan").exists());
    let other = scan("[\"500 °C\"]").replace("values", "valeus");
    work.write("deck.toml", migration(&other));
    work.frit(&["run", "deck.toml"])
        .with(2)
        .says(&["did you mean `values`?"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_continues_point_by_point() {
    use std::process::Stdio;
    let scan = r#"
[scan]
replicas = 6
[[scan.collect]]
value = "mean_copper"
label = "Cu fraction"
"#;
    let deck = migration(scan).replace("0.2 s", "6 s");
    let work = Work::with_deck(&deck);
    work.frit(&["run", "deck.toml", "--out", "truth"]).with(0);
    let mut command = work.command(&["run", "deck.toml", "--out", "scan"]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    common::await_file(&work.path("scan/points/0000-0/table.csv"));
    common::signal("TERM", &child);
    assert_eq!(common::wait(&mut child), Some(75));
    assert!(!work.path("scan/scan.csv").exists());
    work.frit(&["run", "scan"]).with(0);
    assert_eq!(work.read("scan/scan.csv"), work.read("truth/scan.csv"));
    for point in common::names(&work.path("truth/points")) {
        if !point.ends_with(".txt") {
            let [truth, found] =
                ["truth", "scan"].map(|run| work.path(run).join("points").join(&point));
            assert_same_results(&truth, &found, &point);
        }
    }
}

#[test]
fn bad_decks_of_migration_are_explained() {
    let cases = [
        ("pressure = \"-1 kPa\"", "`-1 kPa`"),
        (
            "hydrogen_to_oxygen = 0",
            "0 is out of range: it must be larger than zero",
        ),
        (
            "support.edge = \"15 nm\"",
            "does not fit on a periodic support",
        ),
        ("timestep = \"50 ms\"", "unstable"),
        ("drive.driver = \"presure\"", "did you mean \"pressure\"?"),
        ("temperature = 500", "expected a temperature"),
        ("quantities = \"none.toml\"", "cannot read"),
        ("duratoin = \"1 s\"", "did you mean `duration`?"),
        // Speeds are displacements over this time.
        (
            "imaging.frame_interval = \"3 ms\"",
            "it must be a whole number of time steps",
        ),
        (
            "sizes.deviation = 8.0",
            "at least 0.1 nm, about the radius of an atom",
        ),
        ("contact_angle = 10.0", "is 10 °; it must be at least 45°"),
        ("oxygen = \"90 kPa\"", "of a total pressure of 100.000 kPa"),
        ("timestep = \"3 s\"", "is shorter than half a step"),
    ];
    for (line, message) in cases {
        let duration = if line.starts_with("duratoin") {
            ""
        } else {
            "duration = \"1 s\"\n"
        };
        let work = Work::with_deck(&format!("[migration]\n{duration}{line}\n"));
        work.frit(&["run", "deck.toml"]).with(2).says(&[message]);
        assert_eq!(work.names("."), ["deck.toml"]);
    }
    let work = Work::with_deck(&migration(""));
    work.frit(&["build", "deck.toml", "-o", "atoms.xyz"])
        .with(2)
        .says(&["has no atoms to build"]);
    let mixed = small_deck() + "\n[migration]\nduration = \"1 s\"\n";
    let work = Work::with_deck(&mixed);
    work.frit(&["run", "deck.toml"])
        .with(2)
        .says(&["`potential` is of molecular dynamics, this deck is one of particle migration"]);
}

#[test]
fn a_run_of_migration_does_not_depend_on_threads_and_tells_its_gain() {
    let deck = migration("[output]\nplots = true\n")
        .replace("particles = 4", "particles = 60\nobserve.surface_count = 3");
    let work = Work::with_deck(&deck);
    for threads in ["1", "3"] {
        work.frit(&["run", "deck.toml", "--out", threads, "--threads", threads])
            .with(0);
    }
    assert_same_results(&work.path("1"), &work.path("3"), "threads");
    assert_eq!(json(&work.path("1/summary.json"))["gain"], 5e4);
    for table in ["table.csv", "speeds.csv"] {
        assert!(
            work.read(&format!("1/{table}"))
                .lines()
                .next()
                .unwrap()
                .contains("gain")
        );
    }
    assert!(
        work.read("1/final.xyz")
            .lines()
            .nth(1)
            .unwrap()
            .contains("gain=50000.0")
    );
    assert!(
        work.read("1/surface/surface_000000.vtp")
            .contains("Name=\"gain\"")
    );
    assert!(work.read("1/plots/time.svg").contains("50000"));
}

//! `frit energies`, `frit neb` and `frit dimer`, as typed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::{Work, eam, json};

const USAGE: i32 = 2;

/// A square of four atoms and one that passes through it from one side to the other; ids as given.
fn ring(y: f64, ids: [u32; 5]) -> String {
    let places = [
        [0.0, 0.0, 0.0],
        [2.8, 0.0, 0.0],
        [0.0, 0.0, 2.8],
        [2.8, 0.0, 2.8],
        [1.4, y, 1.4],
    ];
    let mut rows: Vec<(u32, String)> = ids
        .into_iter()
        .zip(places)
        .map(|(id, [x, y, z])| (id, format!("Pt {x} {y} {z} {id}\n")))
        .collect();
    // Rows in the order of ids: the order of places differs between files.
    rows.sort();
    let rows: String = rows.into_iter().map(|(_, row)| row).collect();
    format!("5\nProperties=species:S:1:pos:R:3:id:I:1\n{rows}")
}

fn work() -> Work {
    let work = Work::new();
    work.write("zhou.toml", eam());
    work
}

#[test]
fn a_recipe_prints_and_writes_what_it_found_with_units() {
    let work = work();
    let command = [
        "energies",
        "lattice",
        "Pt",
        "--potential",
        "zhou.toml",
        "-o",
        "pt",
    ];
    let ended = work.frit(&command).with(0);
    assert!(ended.stdout.contains("3.92008 Å"), "{}", ended.stdout);
    let found = json(&work.path("pt.json"));
    assert_eq!(found["findings"][0]["unit"], "Å");
    assert!(
        work.read("pt.csv")
            .starts_with("lattice constant [Å],energy per atom [eV]\n")
    );
    assert!(work.read("pt.toml").contains("name = \"cohesive energy\""));
}

#[test]
fn a_path_is_found_for_atoms_in_any_order_and_its_saddle_by_the_dimer() {
    let work = work();
    work.write("start.xyz", ring(1.9, [1, 2, 3, 4, 5]));
    work.write("end.xyz", ring(-1.9, [1, 2, 3, 4, 5]));
    let neb = |end: &str, name: &str| {
        let command = [
            "neb",
            "start.xyz",
            end,
            "--potential",
            "zhou.toml",
            "--climb",
            "--band-to",
            "0.002",
            "--fix",
            "id=1-4",
            "--images",
            "5",
            "-o",
            name,
        ];
        work.frit(&command).with(0);
        json(&work.path(&format!("{name}.json")))["findings"][0]["value"]
            .as_f64()
            .unwrap()
    };
    let barrier = neb("end.xyz", "one");
    let names = [
        "one.csv",
        "one.json",
        "one.saddle.xyz",
        "one.svg",
        "one.toml",
        "one.xyz",
    ];
    assert_eq!(
        work.names(".")
            .iter()
            .filter(|name| name.starts_with("one"))
            .count(),
        names.len()
    );
    assert!(work.read("one.svg").contains("length of the path"));
    // Rows in another order, the same ids.
    let text = work.read("end.xyz");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[2..].reverse();
    work.write("reversed.xyz", lines.join("\n") + "\n");
    assert_eq!(neb("reversed.xyz", "two"), barrier);
    // The dimer starts from the climbing image and the direction of the path there.
    let command = [
        "dimer",
        "one.saddle.xyz",
        "--potential",
        "zhou.toml",
        "--fix",
        "id=1-4",
        "-o",
        "saddle",
    ];
    work.frit(&command).with(0);
    let saddle = json(&work.path("saddle.json"))["findings"][1]["value"]
        .as_f64()
        .unwrap();
    let path = work.read("one.saddle.xyz");
    let top = path
        .split("energy=")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    // Forces below 0.002 eV/Å: second order in them.
    assert!(
        (saddle - top.parse::<f64>().unwrap()).abs() < 1e-5,
        "{saddle} {top}"
    );
}

#[test]
fn structures_that_do_not_match_are_refused() {
    let work = work();
    work.write("start.xyz", ring(1.9, [1, 2, 3, 4, 5]));
    work.write("other.xyz", ring(-1.9, [1, 2, 3, 4, 6]));
    work.write(
        "iron.xyz",
        ring(-1.9, [1, 2, 3, 4, 5]).replace("Pt 1.4", "Fe 1.4"),
    );
    work.write("few.xyz", "1\nProperties=species:S:1:pos:R:3\nPt 0 0 0\n");
    let neb = |end: &str, more: &[&str]| {
        let command = [&["neb", "start.xyz", end, "--potential", "zhou.toml"], more].concat();
        work.frit(&command).with(USAGE)
    };
    neb("other.xyz", &[]).says(&["atom 5 is only in one of them"]);
    neb("iron.xyz", &[]).says(&["atom 5 is Pt at the start and Fe at the end"]);
    neb("few.xyz", &[]).says(&["5 atoms", "the end 1"]);
    neb("start.xyz", &["--fix", "z~4"]).says(&["is no rule", "z<4.5"]);
    neb("start.xyz", &["--fix", "z>40"]).says(&["holds for no atom"]);
    neb("start.xyz", &["--fix", "z>-40"]).says(&["every atom is fixed"]);
    neb("missing.xyz", &[]).says(&["missing.xyz"]);
}

#[test]
fn recipes_say_what_is_wrong_with_their_arguments() {
    let work = work();
    let refused = |arguments: &[&str], fragments: &[&str]| {
        let command = [&["energies"], arguments, &["--potential", "zhou.toml"]].concat();
        work.frit(&command).with(USAGE).says(fragments);
    };
    refused(&["lattice", "Xx"], &["Xx", "not an element"]);
    refused(&["lattice", "Pt=0.5,Fe=0.2"], &["sum to 0.7"]);
    refused(&["lattice", "Au"], &["Au"]);
    refused(
        &["lattice", "Pt", "--lattice", "fcb"],
        &["there is no lattice fcb"],
    );
    refused(
        &["surface", "Pt", "--plane", "210"],
        &["there is no plane 210", "100"],
    );
    refused(
        &["hop", "Pt", "--plane", "111", "--by", "exchange"],
        &["only that on (100)"],
    );
    refused(
        &["detach", "Fe", "--lattice", "bcc", "--plane", "100"],
        &["fcc only"],
    );
}

//! `frit energies`, `frit neb` and `frit dimer`, as typed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{LENNARD_JONES, Work, eam, json, repository};

const USAGE: i32 = 2;
const SIMULATION: i32 = 3;

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

/// An icosahedron of 13 atoms, near a minimum, and where its first atom is, in units of 1.4 Å.
fn icosahedron(first: [f64; 3]) -> String {
    let golden = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let mut places = vec![first];
    for (a, b) in [
        (1.0, golden),
        (1.0, -golden),
        (-1.0, golden),
        (-1.0, -golden),
    ] {
        places.extend([[0.0, a, b], [a, b, 0.0], [b, 0.0, a]]);
    }
    let row = |[x, y, z]: &[f64; 3]| format!("Pt {} {} {}\n", 1.4 * x, 1.4 * y, 1.4 * z);
    let rows: String = places.iter().map(row).collect();
    format!("13\nProperties=species:S:1:pos:R:3\n{rows}")
}

#[test]
fn ends_that_are_the_same_or_become_it_have_no_path() {
    let work = work();
    work.write("start.xyz", icosahedron([0.0; 3]));
    work.write("beside.xyz", icosahedron([0.05, 0.0, 0.0]));
    let neb = |end: &str| work.frit(&["neb", "start.xyz", end, "--potential", "zhou.toml"]);
    neb("start.xyz")
        .with(USAGE)
        .says(&["are the same structure"]);
    neb("beside.xyz")
        .with(SIMULATION)
        .says(&["relaxed into the same minimum"]);
    let over = [
        "neb",
        "start.xyz",
        "beside.xyz",
        "--potential",
        "zhou.toml",
        "-o",
        "start",
    ];
    work.frit(&over)
        .with(USAGE)
        .says(&["start.xyz would be written over"]);
}

#[test]
fn ends_that_relax_far_away_are_told_with_the_atom_and_the_distance() {
    let work = work();
    work.write("start.xyz", ring(1.9, [1, 2, 3, 4, 5]));
    // Inside an atom of the square.
    work.write(
        "end.xyz",
        ring(-1.9, [1, 2, 3, 4, 5]).replace("1.4 -1.9 1.4", "0.4 -0.6 0.4"),
    );
    let command = [
        "neb",
        "start.xyz",
        "end.xyz",
        "--potential",
        "zhou.toml",
        "--fix",
        "id=1-4",
        "--images",
        "3",
    ];
    let ended = work.frit(&command);
    ended.says(&[
        "the end relaxed to 0.001 eV/Å",
        "atom 5 moved most, by",
        "atoms too close",
    ]);
    let kept = [&command[..], &["--keep-ends", "--band-to", "0.5"]].concat();
    work.frit(&kept).says(&["the end is no minimum"]);
}

#[test]
fn a_minimum_is_no_saddle() {
    let work = work();
    work.write("start.xyz", icosahedron([0.0; 3]));
    work.write(
        "apart.xyz",
        "2\nProperties=species:S:1:pos:R:3\nPt 0 0 0\nPt 20 0 0\n",
    );
    let dimer = |start: &str, more: &[&str]| {
        let command = [
            &["dimer", start, "--potential", "zhou.toml", "-o", "saddle"],
            more,
        ]
        .concat();
        work.frit(&command)
    };
    dimer("start.xyz", &["--max-steps", "2"])
        .with(SIMULATION)
        .says(&[
            "no saddle was found",
            "curvature",
            "basin of a minimum",
            "--displace",
        ]);
    dimer("apart.xyz", &[])
        .with(SIMULATION)
        .says(&["no saddle was found", "flat"]);
    assert!(!work.path("saddle.xyz").exists());
    // Without forces to lead it, it finds the way out.
    dimer("start.xyz", &[]).with(0);
    let found = json(&work.path("saddle.json"));
    assert_eq!(found["findings"][2]["name"], "curvature along the mode");
    assert!(found["findings"][2]["value"].as_f64().unwrap() < -1e-3);
    assert!(found["findings"][0]["value"].as_f64().unwrap() > 0.01);
}

/// Starts a command that does not end by itself, waits for a text, interrupts it.
#[cfg(unix)]
fn interrupted(work: &Work, command: &[&str], said: &str) -> String {
    const PATIENCE: Duration = Duration::from_secs(20);
    let log = std::fs::File::create(work.path("log")).unwrap();
    let mut child = work
        .command(command)
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while !work.read("log").contains(said) {
        assert!(begin.elapsed() < PATIENCE, "{}", work.read("log"));
        std::thread::sleep(Duration::from_millis(2));
    }
    common::signal("INT", &child);
    assert_eq!(common::wait(&mut child), Some(75), "{}", work.read("log"));
    work.read("log")
}

#[cfg(unix)]
#[test]
fn an_interrupted_path_is_kept_and_goes_on() {
    let work = work();
    work.write("start.xyz", ring(1.9, [1, 2, 3, 4, 5]));
    work.write("end.xyz", ring(-1.9, [1, 2, 3, 4, 5]));
    let command = [
        "neb",
        "start.xyz",
        "end.xyz",
        "--potential",
        "zhou.toml",
        "--fix",
        "id=1-4",
        "-o",
        "hop",
    ];
    let images = ["--images", "5"];
    // A force that rounding does not allow.
    let endless = ["--band-to", "1e-30", "--max-steps", "1000000000"];
    let log = interrupted(
        &work,
        &[&command[..], &images, &endless].concat(),
        "step 50:",
    );
    assert!(log.contains("interrupted by Ctrl-C"), "{log}");
    assert!(log.contains("--start-from hop.partial.xyz"), "{log}");
    assert!(!work.path("hop.xyz").exists());
    let on = ["--start-from", "hop.partial.xyz"];
    work.frit(&[&command[..], &on].concat()).with(0);
    let barrier = |name: &str| {
        json(&work.path(name))["findings"][0]["value"]
            .as_f64()
            .unwrap()
    };
    let continued = barrier("hop.json");
    assert_eq!(work.read("hop.xyz").matches("image=").count(), 7);
    work.frit(&[&command[..], &images].concat()).with(0);
    // Forces across the path of 0.02 eV/Å: second order in them, over some 5 eV/Å².
    assert!((continued - barrier("hop.json")).abs() < 1e-4);
    // Steps that run out leave the band, too.
    let few = [
        "--max-steps",
        "1",
        "--keep-ends",
        "--band-to",
        "1e-9",
        "-o",
        "few",
    ];
    let ended = work.frit(&[&command[..7], &images, &few].concat());
    ended
        .with(SIMULATION)
        .says(&["few.partial.xyz", "did not converge"]);
    let two = ["--images", "3", "--start-from", "hop.partial.xyz"];
    work.frit(&[&command[..], &two].concat()).with(USAGE);
    let none = ["--start-from", "start.xyz"];
    work.frit(&[&command[..], &none].concat())
        .with(USAGE)
        .says(&["1 frame of a band"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_dimer_is_kept_and_goes_on() {
    let work = work();
    work.write("start.xyz", icosahedron([0.0; 3]));
    let command = [
        "dimer",
        "start.xyz",
        "--potential",
        "zhou.toml",
        "-o",
        "walk",
    ];
    let endless = ["--relax-to", "1e-30", "--max-steps", "1000000000"];
    let log = interrupted(&work, &[&command[..], &endless].concat(), "step 200:");
    assert!(log.contains("frit dimer walk.partial.xyz"), "{log}");
    let on = [
        "dimer",
        "walk.partial.xyz",
        "--potential",
        "zhou.toml",
        "-o",
        "walk",
    ];
    work.frit(&on).with(0);
    assert!(work.read("walk.xyz").contains("mode:R:3"));
}

#[test]
fn options_that_do_not_apply_and_crystals_that_do_not_hold_are_refused() {
    let work = work();
    work.write("pt.xyz", ring(1.9, [1, 2, 3, 4, 5]));
    let refused = |arguments: &[&str], fragments: &[&str]| {
        let command = [&["energies"], arguments, &["--potential", "zhou.toml"]].concat();
        work.frit(&command).with(USAGE).says(fragments);
    };
    let not = "--constant does not apply";
    refused(&["lattice", "Pt", "--constant", "4"], &[not]);
    refused(&["equation-of-state", "Pt", "--constant", "4"], &[not]);
    refused(
        &["elastic", "Pt", "--structure", "pt.xyz", "--constant", "4"],
        &[not],
    );
    refused(
        &["elastic", "Fe", "--structure", "pt.xyz"],
        &["made of Pt", "names Fe"],
    );
    refused(
        &["vacancy", "Pt", "--sites", "4"],
        &["--sites does not apply", "alike"],
    );
    refused(
        &[
            "vacancy",
            "Pt=0.5,Fe=0.5",
            "--cells",
            "4",
            "--constant",
            "3.9",
        ],
        &["--cells does not apply"],
    );
    refused(&["vacancy", "Pt=0.5,Fe=0.5", "--sites", "0"], &["--sites"]);
    refused(
        &["vacancy", "Pt", "--constant", "100"],
        &["70.711 Å apart", "not bound"],
    );
    refused(
        &["hop", "Pt", "--plane", "100", "--constant", "100"],
        &["not bound", "leave it out"],
    );
}

#[test]
fn a_recipe_that_finds_nothing_is_a_failed_computation() {
    let work = work();
    // Cut off before it attracts.
    work.write("repels.toml", LENNARD_JONES.replace("6 Å", "2.5 Å"));
    work.frit(&["energies", "lattice", "Pt", "--potential", "repels.toml"])
        .with(SIMULATION)
        .says(&["does not bind fcc Pt"]);
}

#[test]
fn the_saddle_of_a_hop_is_one_for_the_dimer() {
    let work = work();
    let hop = [
        "energies",
        "hop",
        "Pt",
        "--plane",
        "100",
        "--repeat",
        "4,4",
        "--layers",
        "4",
        "--fixed-layers",
        "1",
        "--images",
        "3",
        "--potential",
        "zhou.toml",
        "-o",
        "hop",
    ];
    work.frit(&hop).with(0);
    assert!(work.read("hop.saddle.xyz").contains("mode:R:3"));
    // As many atoms in the lowest of four layers as are fixed.
    let dimer = [
        "dimer",
        "hop.saddle.xyz",
        "--potential",
        "zhou.toml",
        "--fix",
        "id=1-16",
        "--relax-to",
        "0.006",
    ];
    let ended = work.frit(&dimer).with(0);
    assert!(
        ended.stdout.contains("along its column `mode`"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("in 0 steps"), "{}", ended.stdout);
}

/// The shipped tables, with what takes long made small.
#[test]
fn shipped_tables_run_shortened() {
    for name in ["kim-2006", "zhou-2004"] {
        let work = Work::new();
        let folder = repository().join("inputs/energies");
        let text = std::fs::read_to_string(folder.join(format!("{name}.table.toml"))).unwrap();
        let text = text
            .replace(
                &format!("\"{name}.toml\""),
                &format!("\"{}\"", folder.join(format!("{name}.toml")).display()),
            )
            .replace(
                "--sites 24 --realisations 6",
                "--sites 1 --realisations 1 --cells 2 --repeat 3,3 --layers 3 --fixed-layers 1",
            )
            .replace(
                "--repeat 14,14 --layers 16 --fixed-layers 3",
                "--repeat 4,4 --layers 4 --fixed-layers 1",
            )
            .replace("--by exchange", "--by exchange --images 3");
        work.write("table.toml", &text);
        work.frit(&["energies", "table", "table.toml", "-o", "table"])
            .with(0);
        let table = work.read("table.csv");
        assert_eq!(
            table.lines().count(),
            1 + text.matches("finding = ").count(),
            "{table}"
        );
        assert!(table.starts_with("quantity,value,unit,standard error,reference,difference,"));
        for line in table.lines().filter(|line| {
            [
                "lattice constant",
                "cohesive energy",
                "C11",
                "C44",
                "surface energy",
                "vacancy",
            ]
            .iter()
            .any(|name| line.starts_with(name))
        }) {
            // Those that were not shortened: half a percent of the other program's values.
            let off: f64 = line.split(',').nth(6).unwrap().parse().unwrap();
            assert!(off.abs() < 0.5, "{line}");
        }
    }
}

#[test]
fn tables_say_what_is_wrong_with_them() {
    let work = work();
    let table = |command: &str, finding: &str, reference: &str| {
        work.write(
            "table.toml",
            format!(
                "potential = \"zhou.toml\"\n[[recipe]]\ncommand = \"{command}\"\n\
                 compare = [{{ finding = \"{finding}\", reference = \"{reference}\", source = \"a book\" }}]\n"
            ),
        );
        work.frit(&["energies", "table", "table.toml"])
    };
    let constant = "lattice constant";
    let ended = table("lattice Pt", constant, "3.92 Å").with(0);
    assert!(
        ended.stdout.contains("3.92008 Å, 3.92 of a book: +0.00008"),
        "{}",
        ended.stdout
    );
    table("latice Pt", constant, "3.92 Å")
        .with(USAGE)
        .says(&["latice"]);
    table("lattice Pt -o x", constant, "3.92 Å")
        .with(USAGE)
        .says(&["--output of its own"]);
    table("lattice Pt", constant, "three")
        .with(USAGE)
        .says(&["no number with a unit"]);
    table("lattice Pt", constant, "3.92 nm")
        .with(USAGE)
        .says(&["in nm", "\"lattice constant\" in Å"]);
    table("lattice Au", constant, "4 Å")
        .with(SIMULATION)
        .says(&["1 of 1 recipes failed"]);
    work.frit(&["energies", "table", "table.toml", "--only", "hop"])
        .with(USAGE)
        .says(&["no recipe to follow", "`lattice Au`"]);
}

//! Redispersion from outside: `frit thermo`, decks, what they write, and what they refuse.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::{Work, assert_same_results, json, repository};

/// A deck of redispersion; `extra` follows the keys of its table.
fn redispersion(extra: &str) -> String {
    format!(
        "[redispersion]\nside = 40\n{extra}\n\n[[redispersion.stage]]\ntemperature = \"773 K\"\nevents = 300_000\n"
    )
}

#[test]
fn the_balance_has_the_numbers_of_the_paper() {
    let work = Work::new();
    let printed = work
        .frit(&["thermo", "balance", "-o", "figure-2a"])
        .with(0)
        .stdout;
    for line in [
        "critical concentration c*         3.223395e-2",
        "maximum of dG at N*               51 (M c* = 51.5743)",
        "dispersed state stable for N      3 to 127",
        "dG of N = 50                      2.808379 eV",
        "dG of N = 50 is zero at           572.15 K",
    ] {
        assert!(printed.contains(line), "{printed}");
    }
    let table = work.read("figure-2a.csv");
    let mut lines = table.lines();
    assert_eq!(
        lines.next(),
        Some("atoms,concentration,sintering term [eV],redispersion term [eV],dG [eV]")
    );
    for line in lines {
        let numbers: Vec<f64> = line.split(',').map(|word| word.parse().unwrap()).collect();
        assert!(
            (numbers[2] + numbers[3] - numbers[4]).abs() < 1e-12,
            "{line}"
        );
    }
    assert!(work.read("figure-2a.svg").contains("redispersion"));
    let strong = [
        "--enthalpy",
        "-0.65 eV",
        "--sites",
        "1000000",
        "--atoms",
        "20",
    ];
    let printed = work
        .frit(&[&["thermo", "balance"], &strong[..]].concat())
        .with(0)
        .stdout;
    assert!(printed.contains("8 to 36"), "{printed}");
}

#[test]
fn the_map_has_straight_contours() {
    let work = Work::new();
    let map = ["thermo", "map", "--points", "41", "-o", "map"];
    let printed = work.frit(&map).with(0).stdout;
    for line in [
        "1e-1                    -0.0797",
        "1e-7                    -1.0070",
    ] {
        assert!(printed.contains(line), "{printed}");
    }
    assert_eq!(work.read("map.csv").lines().count(), 41 * 41 + 1);
    assert!(work.read("map.svg").contains("1e-4"));
}

/// `tools/compare-thermochemistry-with-ase inputs/diagrams/hydrogen-oxidation.toml` prints these
/// numbers of ASE 3.29 (IdealGasThermo, HarmonicThermo) and how far frit is from them.
#[test]
fn a_diagram_is_that_of_ase() {
    // ASE has constants of CODATA 2014, and prints six digits here.
    const CONSTANTS: f64 = 2e-6;
    let work = Work::new();
    let file = repository().join("inputs/diagrams/hydrogen-oxidation.toml");
    let file = file.to_str().unwrap();
    work.frit(&["thermo", "diagram", file, "-o", "water"])
        .with(0);
    let table = work.read("water.csv");
    let free: Vec<f64> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(4).unwrap().parse().unwrap())
        .collect();
    assert_eq!(free.len(), ASE.len());
    for (found, expected) in free.iter().zip(ASE) {
        assert!((found - expected).abs() < CONSTANTS, "{found} {expected}");
    }
    assert!(work.read("water.svg").contains("H2O gas"));
}

/// Free energies against the first state [eV].
const ASE: [f64; 4] = [0.0, 1.368_028, 0.498_626, -2.100_911];

#[test]
fn questions_without_sense_are_explained() {
    let work = Work::new();
    for (arguments, message) in [
        (
            vec!["balance", "--atoms", "1601"],
            "1601 atoms do not fit on 1600 sites",
        ),
        (
            vec!["balance", "--temperature", "-3 K"],
            "the temperature is -3 K",
        ),
        (
            vec!["balance", "--sites", "0", "--atoms", "0"],
            "there are no sites",
        ),
        (
            vec!["balance", "--enthalpy", "-0.16 K"],
            "expected an energy",
        ),
        (
            vec!["map", "--temperatures", "900 K", "300 K"],
            "are not a lowest and a highest value",
        ),
        (vec!["diagram", "none.toml"], "cannot read the deck"),
    ] {
        work.frit(&[&["thermo"], &arguments[..]].concat())
            .with(2)
            .says(&[message]);
    }
    let states = "[diagram]\ntemperature = \"700 K\"\n\n[[diagram.state]]\nlabel = \"A\"\nenergy = \"0 eV\"\n";
    for (more, place, message) in [
        (
            "wavenumbers = [-100.0]",
            "deck.toml:7",
            "`A` has 1 imaginary vibrations",
        ),
        ("formula = \"Xx2\"", "deck.toml:7", "`Xx` is no element"),
        (
            "gas = { H2 = 1 }",
            "deck.toml:7",
            "`H2` in its gas, which is not among the molecules",
        ),
        ("kind = \"transition-state\"", "deck.toml", "must have 1"),
    ] {
        let work = Work::with_deck(&format!("{states}{more}\n"));
        work.frit(&["thermo", "diagram", "deck.toml"])
            .with(2)
            .says(&[place, message]);
    }
}

#[test]
fn bad_decks_of_redispersion_are_explained() {
    for (extra, place, message) in [
        (
            "atoms = 1601",
            "deck.toml:3",
            "1601 atoms do not fit on 1600 sites",
        ),
        (
            "atoms = 50\nenergies.support_bond = \"0.6 eV\"",
            "deck.toml:4",
            "leaves an atom on top of another no barrier",
        ),
        (
            "atoms = 50\nenergies.hop_barrier = \"-0.1 eV\"",
            "deck.toml:4",
            "is out of range",
        ),
        (
            "atoms = 50\nenergies.metal_bnd = \"1 eV\"",
            "deck.toml:4",
            "did you mean `metal_bond`?",
        ),
        ("", "deck.toml", "one of `atoms` or `particles` is missing"),
        (
            "atoms = 50\nquantities = \"none.toml\"",
            "deck.toml:4",
            "cannot read",
        ),
        (
            "atoms = 50\nsteps.highest = -1",
            "deck.toml:4",
            "is out of range",
        ),
    ] {
        let work = Work::with_deck(&redispersion(extra));
        work.frit(&["run", "deck.toml"])
            .with(2)
            .says(&[place, message]);
        assert_eq!(work.names("."), ["deck.toml"]);
    }
    for (stage, place, message) in [
        (
            "temperature = \"-5 K\"\nevents = 10",
            "deck.toml:6",
            "is out of range",
        ),
        (
            "temperature = \"300 K\"\nevents = 0",
            "deck.toml:7",
            "out of range",
        ),
        (
            "temperature = \"300 K\"",
            "deck.toml:5",
            "one of `events` or `duration` is missing",
        ),
        (
            "temperature = \"300 K\"\nevents = 10\n\n[[redispersion.stage]]\ntemperature = \"300 K\"\nduration = \"1 s\"",
            "deck.toml:11",
            "this stage lasts `duration`, the first one `events`",
        ),
    ] {
        let deck =
            format!("[redispersion]\nside = 40\natoms = 50\n\n[[redispersion.stage]]\n{stage}\n");
        let work = Work::with_deck(&deck);
        work.frit(&["run", "deck.toml"])
            .with(2)
            .says(&[place, message]);
    }
    let crowded = "[[redispersion.particles]]\nname = \"all\"\nsize = [40, 40]\ngrid = [20, 20]\natoms = 20\n";
    let work = Work::with_deck(&format!(
        "[redispersion]\nside = 40\n\n{crowded}\n[[redispersion.stage]]\ntemperature = \"300 K\"\nevents = 10\n"
    ));
    work.frit(&["run", "deck.toml"])
        .with(2)
        .says(&["deck.toml:4", "do not fit into the 40 x 40 columns"]);
    work.frit(&["build", "deck.toml", "-o", "atoms.xyz"])
        .with(2);
}

#[test]
fn redispersion_does_not_depend_on_threads_and_writes_what_it_saw() {
    let work = Work::with_deck(&redispersion("atoms = 50"));
    for threads in ["1", "3"] {
        work.frit(&["run", "deck.toml", "--out", threads, "--threads", threads])
            .with(0);
    }
    assert_same_results(&work.path("1"), &work.path("3"), "threads");
    let summary = json(&work.path("1/summary.json"));
    assert_eq!(summary["verdict"], "dispersed");
    assert_eq!(summary["steps"], 300_000);
    assert_eq!(summary["parameters"]["metal bond"]["status"], "fit");
    let hops = summary["hops"].as_array().unwrap();
    let hops: u64 = hops.iter().map(|kind| kind["hops"].as_u64().unwrap()).sum();
    assert_eq!(hops, 300_000);
    // The atoms of all clusters are the atoms.
    let sizes = summary["cluster_sizes"].as_array().unwrap();
    let atoms: f64 = sizes
        .iter()
        .map(|pair| pair[0].as_f64().unwrap() * pair[1].as_f64().unwrap())
        .sum();
    assert!((atoms - 50.0).abs() < 1e-9, "{atoms}");
    assert_eq!(work.read("1/final.xyz").lines().count(), 52);
    assert_eq!(work.read("1/table.csv").lines().count(), 32);
    for plot in ["time", "sizes", "snapshot"] {
        assert!(work.path(&format!("1/plots/{plot}.svg")).exists());
    }
}

#[test]
fn barriers_come_from_files_with_units_and_low_ones_are_told() {
    let work = Work::with_deck(&redispersion("atoms = 50\nquantities = \"bonds.toml\""));
    let quantity = |name: &str, value: &str| {
        format!("[[quantity]]\nname = \"{name}\"\nvalue = \"{value}\"\n\n")
    };
    work.write(
        "bonds.toml",
        quantity("metal bond", "8.587 kJ/mol") + &quantity("hop barrier", "200 meV"),
    );
    work.frit(&["run", "deck.toml"])
        .with(2)
        .says(&["deck.toml:4", "metal bond"]);
    work.write(
        "bonds.toml",
        quantity("metal bond", "350 meV") + &quantity("hop barrier", "200 meV"),
    );
    work.frit(&["run", "deck.toml"])
        .with(0)
        .says(&["barriers below 5 kT at 773 K"]);
    let summary = json(&work.path("deck.run/summary.json"));
    assert_eq!(summary["metal_bond_ev"], 0.35);
    assert!(!summary["low_barriers"].as_array().unwrap().is_empty());
    work.write("bonds.toml", quantity("neck time", "4 ps"));
    work.frit(&["check", "deck.toml"]).with(2).says(&[
        "deck.toml:4",
        "has no quantity of this model",
        "metal bond, support bond",
    ]);
}

//! The looping interaction from a deck: what is written, wrong decks, threads, energies from a file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::{Work, assert_same_results, json};

/// A short run at 700 °C with further lines of `[looping]`.
fn deck(lines: &str) -> String {
    format!("[looping]\nduration = \"20 s\"\ntemperature = \"700 °C\"\n{lines}\n")
}

#[test]
fn wrong_decks_are_explained_with_their_line() {
    let cases = [
        // Line of the deck, what it says, number of the line that is shown.
        ("temperature = \"-5 K\"", "must be larger than zero", 3),
        (
            "particle.radius = 40.0",
            "has no room for a step on a support of radius 30 cells",
            4,
        ),
        ("support.radius = 7", "the support needs 9 at least", 4),
        ("support.layers = 3", "embedding <= digging < layers", 4),
        (
            "gas = { hydrogen = \"0 Pa\", oxygen = \"0 Pa\" }",
            "the pressures of hydrogen and oxygen are both 0 Pa",
            4,
        ),
        ("gas.oxygen = \"-2 kPa\"", "must be zero or larger", 4),
        ("gas.flow = \"0 m^3/s\"", "must be larger than zero", 4),
        (
            "gas.residence = \"1 s\"",
            "a residence time belongs to a stirred reactor",
            4,
        ),
        (
            "gas = { flow = \"1e-21 m^3/s\", residence = \"1 ms\" }",
            "less than a tenth of the time step",
            4,
        ),
        (
            "kinetics.hydrogen_sticking = 5.0",
            "a fraction lies between 0 and 1",
            4,
        ),
        ("diffusion = \"fast\"", "is not known here", 4),
        (
            "kinetics.hop_barrier = \"-0.1 eV\"",
            "must be zero or larger",
            4,
        ),
        (
            "kinetics.ledge_energy = \"0.3 eV\"",
            "the support would be unstable",
            4,
        ),
        (
            "kinetics.mobile_limit = 0.99",
            "do not fit on 2791 cells",
            4,
        ),
        ("particle.embedding = 6", "embedding <= digging < layers", 4),
        ("timestep = \"1 min\"", "longer than the whole run", 4),
        ("gas.oxygen = 2000", "expected a pressure", 4),
        (
            "kinetics.hop_barier = \"1 eV\"",
            "did you mean `hop_barrier`?",
            4,
        ),
        ("quantities = \"none.toml\"", "cannot read", 4),
    ];
    for (line, message, number) in cases {
        let text = match line.split_once(" = ").unwrap().0 {
            "temperature" => deck("").replace("temperature = \"700 °C\"", line),
            _ => deck(line),
        };
        let work = Work::with_deck(&text);
        let place = format!("deck.toml:{number}:");
        let said = work.frit(&["run", "deck.toml"]).with(2);
        println!("{line}");
        match number {
            0 => said.says(&[message]),
            _ => said.says(&[message, &place]),
        };
        assert_eq!(work.names("."), ["deck.toml"]);
    }
}

#[test]
fn what_is_rounded_is_told() {
    let text = deck("").replace("20 s", "20.05 s");
    Work::with_deck(&text)
        .frit(&["check", "deck.toml"])
        .with(0)
        .says(&[
            "the duration is 200.5 timesteps, no whole number of them",
            "deck.toml:2:",
        ]);
}

#[test]
fn summaries_are_numbers_in_the_cold_too() {
    let text = deck("").replace("700 °C", "10 K");
    let work = Work::with_deck(&text);
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let summary = json(&work.path("run/summary.json"));
    assert_eq!(summary["water_per_s"], 0.0);
    assert_eq!(summary["direct_water_per_s"], 0.0);
    assert_eq!(summary["oxygen_coverage"], 1.0);
}

#[test]
fn a_stirred_gas_is_used_up() {
    // 20 molecules of oxygen flow in each second; the loop would use 80.
    let work = Work::with_deck(&deck(
        "gas = { flow = \"1.343e-22 m^3/s\", residence = \"2 s\" }",
    ));
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let summary = json(&work.path("run/summary.json"));
    let number = |key: &str| summary[key].as_f64().unwrap();
    assert!((number("fresh_oxygen_per_s") - 20.0).abs() < 0.1);
    // What the reactor held at the start comes on top of what flowed in.
    assert!(number("oxygen_per_s") < 20.0 * (1.0 + 2.0 / 20.0));
    assert!(number("oxygen_at_end_kpa") < 1.0);
    assert!(work.read("run/plots/time.svg").contains("O2 pressure"));
}

#[test]
fn iron_may_be_in_equilibrium() {
    let work = Work::with_deck(&deck("diffusion = \"equilibrated\""));
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let summary = json(&work.path("run/summary.json"));
    assert_eq!(summary["diffusion"], "equilibrated");
    assert_eq!(summary["events_by_kind"]["hop of iron"], 0);
    assert!(summary["grown_layers"].as_u64().unwrap() > 50);
}

#[test]
fn methods_do_not_mix() {
    let work = Work::with_deck(&(deck("") + "[migration]\nduration = \"1 s\"\n"));
    work.frit(&["run", "deck.toml"])
        .with(2)
        .says(&["a deck has one method"]);
    let work = Work::with_deck(&deck(""));
    work.frit(&["build", "deck.toml", "-o", "atoms.xyz"])
        .with(2)
        .says(&["has no atoms to build", "looping metal-support interaction"]);
}

#[test]
fn low_barriers_are_warned_of() {
    let work = Work::with_deck(&deck("kinetics.hop_barrier = \"0.3 eV\""));
    work.frit(&["check", "deck.toml"])
        .with(0)
        .says(&["looping.kinetics.hop_barrier is 0.3 eV, less than 5 kT"]);
}

#[test]
fn energies_come_from_a_file() {
    let file =
        |value: &str| format!("[[quantity]]\nname = \"reduction barrier\"\nvalue = \"{value}\"\n");
    let work = Work::with_deck(&deck("quantities = \"energies.toml\""));
    work.write("energies.toml", file("800 meV"));
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let summary = json(&work.path("run/summary.json"));
    let barrier = &summary["constants"]["barrier of reduction"];
    // Units are converted once.
    assert!((barrier["value"].as_f64().unwrap() - 0.8).abs() < 1e-12);
    assert_eq!(barrier["default"], 0.7);
    // A wrong value is shown where the deck names the file.
    for (text, message) in [
        (file("-1 eV"), "the barrier of reduction is -1 eV"),
        (file("0.2 eV"), "the support would be unstable"),
        (file("1 nm"), "expected an energy"),
        (
            file("1 eV").replace("reduction barrier", "gap"),
            "has no quantity of this model",
        ),
    ] {
        let work = Work::with_deck(&deck("quantities = \"energies.toml\""));
        work.write("energies.toml", &text);
        work.frit(&["run", "deck.toml"])
            .with(2)
            .says(&[message, "deck.toml:4:"]);
    }
}

#[test]
fn a_run_writes_its_files_with_the_same_bits_for_any_number_of_threads() {
    let text = deck("observe.lattice = \"5 s\"") + "\n[output]\nplots = true\n";
    let work = Work::with_deck(&text);
    for threads in ["1", "3"] {
        work.frit(&["run", "deck.toml", "--out", threads, "--threads", threads])
            .with(0);
    }
    assert_same_results(&work.path("1"), &work.path("3"), "threads");
    let summary = json(&work.path("1/summary.json"));
    // 21 lines of the table and its header; the path has the start and every step.
    assert_eq!(work.read("1/table.csv").lines().count(), 22);
    let steps = summary["particle_steps"].as_u64().unwrap() as usize;
    assert!(steps > 0);
    assert_eq!(work.read("1/path.csv").lines().count(), 2 + steps);
    // What is counted fits together: each lump of iron is on its way or has grown.
    let count = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(
        count("reduced_layers"),
        count("grown_layers") + count("mobile_iron")
    );
    let kinds = summary["events_by_kind"].as_object().unwrap();
    let all: u64 = kinds.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(all, count("events"));
    assert_eq!(work.read("1/events.csv").lines().count(), 1 + kinds.len());
    assert!(work.read("1/quantities.toml").contains("particle speed"));
    for plot in ["time", "map", "regrowth"] {
        assert!(
            work.read(&format!("1/plots/{plot}.svg"))
                .ends_with("</svg>\n")
        );
    }
}

#[test]
fn frames_show_metal_iron_and_oxide() {
    let work = Work::with_deck(&deck(""));
    work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    let text = work.read("run/final.xyz");
    let mut lines = text.lines();
    let atoms: usize = lines.next().unwrap().parse().unwrap();
    let header = lines.next().unwrap();
    for word in [
        "time_s=20",
        "temperature_k=973.15",
        "radius:R:1",
        "layer:I:1",
    ] {
        assert!(header.contains(word), "{header}");
    }
    let names: Vec<&str> = lines.map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names.len(), atoms);
    let count = |name: &str| names.iter().filter(|&&one| one == name).count() as u64;
    let summary = json(&work.path("run/summary.json"));
    assert_eq!(count("Fe"), summary["mobile_iron"].as_u64().unwrap());
    // A cell of the support is seen at least once, the disc of the metal has 127.
    assert!(count("O") >= 2791 && count("Ni") >= 127);
}

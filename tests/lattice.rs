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
        "switch of N = 50, dG = 0          572.15 K",
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
    for (enthalpy, atoms, lines) in [
        (
            "-0.16 eV",
            "0",
            [
                "sintering term of N = 0           -0.491447 eV",
                "redispersion term of N = 0        0.000000 eV",
                "none: a particle at every temperature",
            ],
        ),
        (
            "0.1 eV",
            "50",
            [
                "dispersed state stable for N      1 to",
                "sintering term of N = 50          1.177954 eV",
                "none: dispersed at every temperature",
            ],
        ),
    ] {
        let arguments = [
            "thermo",
            "balance",
            "--enthalpy",
            enthalpy,
            "--atoms",
            atoms,
        ];
        let printed = work.frit(&arguments).with(0).stdout;
        for line in lines {
            assert!(printed.contains(line), "{printed}");
        }
    }
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
    // Spins and symmetries are left out.
    let gases = "[diagram]\ntemperature = \"700 K\"\n\n[diagram.gas.O2]\npressure = \"1 bar\"\ngeometry = [\"O 0 0 0\", \"O 0 0 1.21\"]\nwavenumbers = [1580.2]\n\n[[diagram.state]]\nlabel = \"A\"\nenergy = \"0 eV\"\ngas = { O2 = 1 }\n";
    Work::with_deck(gases)
        .frit(&["thermo", "diagram", "deck.toml"])
        .with(0)
        .says(&[
            "the spin multiplicity of O2 is given as 1; in its ground state it is 3",
            "the symmetry number of O2 is given as 1; it is 2",
        ]);
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
            "atoms = 50\ndiscard = 1.0",
            "deck.toml:4",
            "averages would leave out all of each stage",
        ),
        ("atoms = 50.5", "deck.toml:3", "expected an integer"),
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
    let part = |name: &str, first: u32| {
        format!(
            "[[redispersion.particles]]\nname = \"{name}\"\nfirst = [0, {first}]\nsize = [40, 10]\ngrid = [2, 1]\n\
             atoms = 9\n\n"
        )
    };
    let stage = "[[redispersion.stage]]\ntemperature = \"300 K\"\nevents = 10\n";
    for (parts, place, message) in [
        (
            [part("dense", 0), part("sparse", 9)],
            "deck.toml:11",
            "of two parts of the support, overlap",
        ),
        (
            [part("dense", 0), part("dense", 10)],
            "deck.toml:12",
            "there is another part `dense`",
        ),
    ] {
        let deck = format!("[redispersion]\nside = 40\n\n{}{stage}", parts.concat());
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

/// A deck of these stages, which last `key`.
fn stages(key: &str, stages: &[(&str, &str)], rest: &str) -> String {
    let mut deck = "[redispersion]\nside = 40\natoms = 50\n".to_owned();
    for (name, extent) in stages {
        deck += &format!(
            "\n[[redispersion.stage]]\nname = \"{name}\"\ntemperature = \"773 K\"\n{key} = {extent}\n"
        );
    }
    deck + rest
}

#[test]
fn runs_end_where_the_deck_says_and_every_stage_is_looked_at() {
    let lasting = [("a", "300"), ("b", "12_345"), ("c", "1"), ("d", "2e4")];
    let work = Work::with_deck(&stages("events", &lasting, ""));
    work.frit(&["run", "deck.toml"]).with(0);
    let summary = json(&work.path("deck.run/summary.json"));
    assert_eq!(summary["steps"], 32_646);
    let names = |summary: &serde_json::Value| -> Vec<String> {
        let stages = summary["stages"].as_array().unwrap();
        stages
            .iter()
            .map(|stage| {
                assert!(stage["verdict"].is_string() && stage["largest"].is_number());
                stage["name"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    assert_eq!(names(&summary), ["a", "b", "c", "d"]);
    let rows = |table: &str| -> Vec<(String, String)> {
        let lines = table.lines().skip(1);
        lines
            .map(|line| {
                let words: Vec<&str> = line.split(',').collect();
                (words[1].to_owned(), words[2].to_owned())
            })
            .collect()
    };
    let expected = [
        ("0", "a"),
        ("300", "a"),
        ("10000", "b"),
        ("12645", "b"),
        ("12646", "c"),
        ("20000", "d"),
        ("30000", "d"),
        ("32646", "d"),
    ];
    let expected = expected.map(|(events, stage)| (events.to_owned(), stage.to_owned()));
    assert_eq!(rows(&work.read("deck.run/table.csv")), expected);
    assert_eq!(
        json(&work.path("deck.run/summary.json"))["verdict"],
        summary["verdict"]
    );

    // Times that no binary number holds, far shorter than the time between looks.
    let lasting = [
        ("a", "'0.1 ns'"),
        ("b", "'0.2 ns'"),
        ("c", "'0.3 ps'"),
        ("d", "'7 ns'"),
    ];
    for observe in ["", "\n[redispersion.observe]\ntable = \"1 ns\"\n"] {
        let work = Work::with_deck(&stages("duration", &lasting, observe));
        work.frit(&["run", "deck.toml"]).with(0);
        let summary = json(&work.path("deck.run/summary.json"));
        assert_eq!(names(&summary), ["a", "b", "c", "d"]);
        let time = summary["time_s"].as_f64().unwrap();
        // As the clock adds them up.
        assert_eq!(time, 1e-10 + 2e-10 + 3e-13 + 7e-9);
        let table = work.read("deck.run/table.csv");
        let times: Vec<f64> = table
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().parse().unwrap())
            .collect();
        assert!(times.is_sorted() && times.last() == Some(&time));
        if !observe.is_empty() {
            assert_eq!(times.len(), 1 + 3 + 7 + 1, "{times:?}");
        }
    }
}

#[test]
fn large_supports_are_not_built_to_be_checked() {
    let deck = |side: u32| {
        stages("events", &[("a", "10")], "").replace("side = 40", &format!("side = {side}"))
    };
    let work = Work::with_deck(&deck(10_000));
    let begun = std::time::Instant::now();
    work.frit(&["check", "deck.toml"])
        .with(0)
        .prints(&["50 atoms on 100000000 sites", "2.5 GB for the lattice"]);
    // Building it takes several.
    assert!(begun.elapsed().as_secs_f64() < 1.0);
    work.write("deck.toml", deck(65_535));
    for command in ["check", "run"] {
        work.frit(&[command, "deck.toml"])
            .with(2)
            .says(&["deck.toml:2", "the lattice needs about 214.7 GB of memory"]);
    }
}

#[test]
fn layers_that_nothing_leaves_are_told() {
    let work = Work::with_deck(&redispersion("atoms = 50\nsteps.highest = 0"));
    work.frit(&["run", "deck.toml"])
        .with(0)
        .says(&["forbids all hops between layers"]);
    // Lone atoms never stack.
    assert_eq!(json(&work.path("deck.run/summary.json"))["highest"], 1.0);
}

#[test]
fn barriers_come_from_files_with_units_and_low_ones_are_told() {
    let work = Work::with_deck(&redispersion("atoms = 50\nquantities = \"bonds.toml\""));
    let quantity = |name: &str, value: &str| {
        format!("[[quantity]]\nname = \"{name}\"\nvalue = \"{value}\"\nsource = \"band 7\"\n\n")
    };
    work.write(
        "bonds.toml",
        quantity("metal bond", "0.35 V") + &quantity("hop barrier", "200 meV"),
    );
    work.frit(&["run", "deck.toml"])
        .with(2)
        .says(&["deck.toml:4", "metal bond"]);
    // 33.7699 kJ/mol are 0.350 eV.
    work.write(
        "bonds.toml",
        quantity("metal bond", "33.76986624 kJ/mol") + &quantity("hop barrier", "200 meV"),
    );
    work.frit(&["run", "deck.toml"])
        .with(0)
        .says(&["barriers below 5 kT at 773 K"]);
    let summary = json(&work.path("deck.run/summary.json"));
    assert!((summary["metal_bond_ev"].as_f64().unwrap() - 0.35).abs() < 1e-8);
    assert!(!summary["low_barriers"].as_array().unwrap().is_empty());
    let parameters = &summary["parameters"];
    assert_eq!(parameters["metal bond"]["status"], "file");
    assert_eq!(parameters["metal bond"]["source"], "bonds.toml: band 7");
    assert_eq!(parameters["support bond"]["status"], "choice");
    assert_eq!(parameters["attempt frequency"]["status"], "literature");
    work.frit(&[
        "check",
        "deck.toml",
        "--set",
        "redispersion.energies.support_bond='0.1 eV'",
    ])
    .with(0)
    .prints(&[
        "file: bonds.toml: band 7",
        "deck: given in the deck; default 0.14",
    ]);
    // Neither beats the other unseen.
    for twice in [
        "redispersion.energies.metal_bond='0.35 eV'",
        "redispersion.energies.hop_barrier='0.5 eV'",
    ] {
        work.frit(&["run", "deck.toml", "--set", twice])
            .with(2)
            .says(&["is given twice", "from the file"]);
    }
    work.write("bonds.toml", quantity("neck time", "4 ps"));
    work.frit(&["check", "deck.toml"]).with(2).says(&[
        "deck.toml:4",
        "has no quantity of this model",
        "metal bond, support bond",
    ]);
}

#[test]
fn switches_of_equation_2_name_their_enthalpies() {
    let work = Work::with_deck(&stages("events", &[("cold", "3e5")], "").replace("773 K", "300 K"));
    work.frit(&["run", "deck.toml"]).with(0).prints(&[
        "equation 2 switches at 572.15 K with dh = -0.1600 eV, for which the bonds stand",
    ]);
    let bonds = "redispersion.energies.metal_bond='0.1 eV'";
    let run = |more: &[&str]| {
        let arguments = ["run", "deck.toml", "--out", "other", "--set", bonds];
        work.frit(&[&arguments[..], more].concat()).with(0);
        let summary = json(&work.path("other/summary.json"));
        std::fs::remove_dir_all(work.path("other")).unwrap();
        summary
    };
    let summary = run(&[]);
    assert!(summary["equation_2"]["stated"].is_null());
    // No number with a tail of zeros and a one.
    assert_eq!(summary["parameters"]["support bond"]["value"], 0.04);
    assert_eq!(summary["parameters"]["metal bond"]["status"], "deck");
    let summary = run(&["--set", "redispersion.enthalpy='-0.32 eV'"]);
    let switch = summary["equation_2"]["stated"]["switch_temperature_k"]
        .as_f64()
        .unwrap();
    let ramp = run(&["--set", "redispersion.stage.0.temperature_end='310 K'"]);
    assert_eq!(
        (&ramp["verdict"], &ramp["temperature_start_k"]),
        (&"ramp".into(), &300.0.into())
    );
    // Linear in the enthalpy.
    assert!((switch / 2.0 - 572.15).abs() < 0.01, "{switch}");
}

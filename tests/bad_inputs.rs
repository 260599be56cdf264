//! Bad decks and damaged files, given to the program itself: each ends with the right exit code and
//! a message that names the file, the line where there is one, and what is wrong. Never a panic
//! (exit code 101), never a hang (there is a time limit on every command).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{Choices, Ended, Work, potential, repository};

const FAILURE: i32 = 1;
const USAGE: i32 = 2;
const SIMULATION: i32 = 3;
const REFUSED: i32 = 4;

/// A deck for a structure in a file, with a potential.
fn deck(potential: &str, structure: &str) -> String {
    format!(
        "{potential}[structure.file]\npath = \"{structure}\"\n\n[[stage]]\nname = \"run\"\nsteps = 10\n\
         timestep = \"1 fs\"\nvelocities.temperature = \"300 K\"\nensemble.nve = {{}}\n"
    )
}

const DIMER: &str = "2\nProperties=species:S:1:pos:R:3\nPt 0 0 0\nPt 2.7 0 0\n";

/// Bytes that are no text in any encoding, some of them looking like lines.
fn garbage(seed: u64) -> Vec<u8> {
    let mut choices = Choices::fixed(seed);
    (0..4000).map(|_| choices.below(256) as u8).collect()
}

/// The ways in which any file can be useless.
fn useless() -> [(&'static str, Vec<u8>); 5] {
    [
        ("empty", Vec::new()),
        ("blank lines", b"\n\n\n".to_vec()),
        ("garbage", garbage(1)),
        (
            "garbage that claims to be zstd",
            [&[0x28, 0xb5, 0x2f, 0xfd][..], &garbage(2)].concat(),
        ),
        ("zeros", vec![0; 3000]),
    ]
}

// ----- decks

/// Every bad deck of the deck's own tests, through the program: the fragments of its marks (`#^`)
/// and its lines are shown.
#[test]
fn bad_decks_are_explained() {
    let folder = repository().join("crates/deck/tests/bad");
    let names = common::names(&folder);
    assert!(names.len() >= 30, "{}", names.len());
    for name in names {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        let work = Work::new();
        work.write(&name, &text);
        let mut ended = work.frit(&["run", &name]).with(USAGE);
        let mut line = 0;
        for (index, text) in text.lines().enumerate() {
            let Some(mark) = text.strip_prefix("#^") else {
                line = index + 1;
                continue;
            };
            let place = format!("{name}:{line}:");
            let fragments: Vec<&str> = mark.split(" | ").map(str::trim).collect();
            ended = ended.says(&[&place]).says(&fragments);
        }
        assert_eq!(work.names("."), [name], "nothing was written");
    }
}

#[test]
fn useless_files_are_no_decks() {
    for (what, contents) in useless() {
        let work = Work::new();
        work.write("deck.toml", contents);
        work.write("atoms.xyz", DIMER);
        println!("{what}");
        for command in ["run", "check"] {
            work.frit(&[command, "deck.toml"])
                .with(USAGE)
                .says(&["deck"]);
        }
        let arguments = [
            "evaluate",
            "atoms.xyz",
            "--potential",
            "deck.toml",
            "-o",
            "out.xyz",
        ];
        work.frit(&arguments).with(USAGE).says(&["deck"]);
        assert!(!work.path("out.xyz").exists());
    }
    // A folder in place of a file.
    let work = Work::new();
    work.write("deck.toml/inner", "");
    work.frit(&["check", "deck.toml"])
        .with(USAGE)
        .says(&["deck.toml"]);
}

/// Numbers that are of the right kind, but that no computer or no physics can serve.
#[test]
fn decks_that_ask_for_the_impossible_are_refused_at_once() {
    for (set, code, fragments) in [
        (
            "structure.bulk.repeat=[100000, 100000, 100000]",
            USAGE,
            &["too many"][..],
        ),
        ("structure.bulk.repeat=[-1, 1, 1]", USAGE, &["repeat"]),
        (
            "structure.bulk.composition={ Fe = 1.0 }",
            USAGE,
            &["Fe-Fe", "there are some for Pt-Pt"],
        ),
        (
            "structure.bulk.constant='1e-3 Å'",
            SIMULATION,
            &["too small for this cutoff"],
        ),
        (
            "potential.lennard-jones.cutoff='1 m'",
            SIMULATION,
            &["too small for this cutoff"],
        ),
        (
            "stage.run.timestep='1 s'",
            SIMULATION,
            &["too fast", "the time step may be too long"],
        ),
        ("stage.run.steps=99999999999999999999", USAGE, &["steps"]),
        (
            "stage.run.velocities.temperature='1e300 K'",
            USAGE,
            &["`1e300 K` is out of range: frit takes a temperature between 1e-6 K and 1e5 K"],
        ),
    ] {
        println!("{set}");
        let work = Work::with_deck(&common::small_deck());
        work.frit(&["run", "deck.toml", "--set", set])
            .with(code)
            .says(fragments);
        assert!(!work.path("deck.run/summary.json").exists());
    }
}

/// Groups and walls that find no atoms, or all of them, are refused before the first step.
#[test]
fn groups_and_walls_without_atoms_are_found_before_the_first_step() {
    let second =
        "\n[[stage]]\nname = \"later\"\nsteps = 5\ntimestep = \"1 fs\"\nensemble.nve = {}\n";
    let wall = |at: &str| {
        format!(
            "wall.floor = {{ side = \"-z\", at = \"{at}\", epsilon = \"0.1 eV\", sigma = \"3 Å\" }}\n"
        )
    };
    // A crystal of 108 atoms between 0 and 9.8 Å; what acts in the first stage, and in the second.
    for (group, first, then, fragments) in [
        (
            "slab = { axis = \"z\", to = \"-1 Å\" }",
            "freeze = [\"some\"]",
            String::new(),
            &[
                "`some` has no atoms in the stage `run`",
                "between z = 0.000 and 9.800 Å",
            ][..],
        ),
        (
            "ids = [200, 300]",
            "",
            "spring.some.stiffness = \"1 eV/Å^2\"\n".to_owned(),
            &[
                "`some` has no atoms in the stage `later`",
                "have the ids 1 to 108",
            ],
        ),
        (
            "elements = [\"Fe\"]",
            "",
            "freeze = [\"some\"]\n".to_owned(),
            &["no atoms in the stage `later`", "are Pt"],
        ),
        (
            "elements = [\"Pt\"]",
            "freeze = [\"some\"]",
            String::new(),
            &["all atoms are frozen in the stage `run`"],
        ),
        (
            "elements = [\"Pt\"]",
            &wall("1 Å"),
            String::new(),
            &[
                "18 of 108 atoms stand behind the wall `floor`",
                "`distance` instead of `at`",
            ],
        ),
    ] {
        println!("{group} {first} {then}");
        let deck = common::small_deck().replace("[observe]", &format!("{first}\n\n[observe]"));
        let deck = format!("{deck}{second}{then}\n[group]\nsome.{group}\n");
        let work = Work::with_deck(&deck);
        for command in ["check", "run"] {
            work.frit(&[command, "deck.toml"])
                .with(USAGE)
                .says(fragments);
        }
        assert_eq!(work.names("."), ["deck.toml"], "nothing was written");
    }
}

/// What a stage before may mend is no error, but told.
#[test]
fn groups_that_may_be_filled_later_are_warned_of() {
    let deck = common::small_deck()
        + "\n[[stage]]\nname = \"later\"\nsteps = 5\ntimestep = \"1 fs\"\nensemble.nve = {}\n\
           freeze = [\"high\", \"half\"]\nforce.low.total = [\"1 pN\", \"0 pN\", \"0 pN\"]\n\n\
           [group]\nhigh.slab = { axis = \"z\", from = \"9.9 Å\" }\nhalf.ids = [1, 54]\n\
           low.slab = { axis = \"z\", to = \"9 Å\" }\n";
    let work = Work::with_deck(&deck);
    work.frit(&["check", "deck.toml"]).with(0).says(&[
        "`high` has no atoms in the stage `later`; a stage before this one may change that",
        "atoms of `low` are frozen in the stage `later`: their force does nothing",
        "the share of frozen ones is lost",
    ]);
}

// ----- potentials

/// Runs `check` with a damaged potential file beside the deck.
#[track_caller]
fn with_potential(table: &str, files: &[(&str, &[u8])]) -> Ended {
    let work = Work::with_deck(&deck(table, "atoms.xyz"));
    work.write("atoms.xyz", DIMER);
    for (name, contents) in files {
        work.write(name, contents);
    }
    let ended = work.frit(&["run", "deck.toml"]).with(USAGE);
    assert!(!work.path("deck.run").exists(), "nothing was begun");
    ended
}

const EAM: &str = "[potential.eam]\nfile = \"tables.eam.alloy\"\n";

#[test]
fn damaged_eam_tables_are_named() {
    let whole = fs::read_to_string(potential("Zhou-2004-PtFe.eam.alloy")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let without_end = lines[..lines.len() / 2].join("\n");
    let mut word = lines.clone();
    let changed = word[99].replacen(word[99].split_whitespace().next().unwrap(), "1.2x", 1);
    word[99] = &changed;
    let mut number = lines.clone();
    let infinite = number[99].replacen(number[99].split_whitespace().next().unwrap(), "inf", 1);
    number[99] = &infinite;
    for (text, fragment) in [
        (without_end, ""),
        (word.join("\n"), "line 100"),
        (number.join("\n"), "line 100"),
        (whole.replacen("2 Pt Fe", "2 Pt Pt", 1), "Pt"),
        (whole.replacen("2 Pt Fe", "3 Pt Fe", 1), "line 4"),
        (whole.replacen("2 Pt Fe", "999999999 Pt Fe", 1), "line 4"),
        (whole.replacen("2001 0.05", "-1 0.05", 1), "line 5"),
        (
            whole.replacen("2001 0.05", "20010000000000 0.05", 1),
            "line 5",
        ),
        (whole.replacen("2001 0.05", "2001 0", 1), "line 5"),
        (whole.replacen("0.00325 6.5", "0.00325 nan", 1), "line 5"),
        (whole.clone() + "1 2 3\n", "tables"),
    ] {
        with_potential(EAM, &[("tables.eam.alloy", text.as_bytes())]).says(&[
            "tables.eam.alloy",
            "deck.toml:2:",
            fragment,
        ]);
    }
    for (what, contents) in useless() {
        println!("{what}");
        with_potential(EAM, &[("tables.eam.alloy", &contents)]).says(&["tables.eam.alloy"]);
    }
}

#[test]
fn eam_tables_of_another_form_or_element_are_refused() {
    let whole = fs::read(potential("Zhou-2004-PtFe.eam.alloy")).unwrap();
    for form in ["fs", "funcfl"] {
        let table = format!("{EAM}form = \"{form}\"\n");
        with_potential(&table, &[("tables.eam.alloy", &whole)]).says(&["tables.eam.alloy"]);
    }
    let table = format!("{EAM}elements = [\"Pt\", \"Au\"]\n");
    with_potential(&table, &[("tables.eam.alloy", &whole)]).says(&["Au", "it has Pt, Fe"]);
    let only_iron = format!("{EAM}elements = [\"Fe\"]\n");
    with_potential(&only_iron, &[("tables.eam.alloy", &whole)]).says(&["Pt", "deck.toml:3:"]);
}

const MEAM: &str = "[potential.meam]\nlibrary = \"l.meam\"\nparameters = \"p.meam\"\n";

#[track_caller]
fn with_meam(elements: &str, library: &[u8], parameters: &[u8]) -> Ended {
    let table = format!("{MEAM}elements = {elements}\n");
    with_potential(&table, &[("l.meam", library), ("p.meam", parameters)])
}

#[test]
fn damaged_meam_files_are_named() {
    let library = fs::read_to_string(potential("Kim-2006-PtFe.library.meam")).unwrap();
    let parameters = fs::read_to_string(potential("Kim-2006-PtFe.meam")).unwrap();
    let elements = "[\"Pt\", \"Fe\"]";
    let line_of =
        |text: &str, of: &str| 1 + text.lines().position(|one| one.starts_with(of)).unwrap();
    for (from, to, fragment) in [
        ("'fcc'", "'hexagonal'", "hexagonal"),
        ("195.080", "heavy", "heavy"),
        ("'Fe' 'bcc'", "'Fe' 'bcc' 8 26", "Fe"),
        ("1 2.60 1.80 -7.20 1.00 3", "", "Fe"),
    ] {
        let damaged = library.replacen(from, to, 1);
        assert_ne!(damaged, library);
        with_meam(elements, damaged.as_bytes(), parameters.as_bytes()).says(&["l.meam", fragment]);
    }
    let rc = format!("p.meam:{}:", line_of(&parameters, "rc"));
    let augt1 = format!("p.meam:{}:", line_of(&parameters, "augt1"));
    for (from, to, fragments) in [
        ("rc = 4.4", "rc = far", &[&rc[..], "far"][..]),
        ("rc = 4.4", "rc", &[&rc]),
        ("rc = 4.4", "rcut = 4.4", &[&rc, "rcut"]),
        ("rc = 4.4", "rc = -4.4", &["rc"]),
        ("rc = 4.4", "rc = nan", &["rc"]),
        ("augt1 = 0", "augt1 = 7", &[&augt1, "augt1"]),
        ("lattce(1,2) = l12", "lattce(1,2) = l13", &["l13"]),
        ("Ec(1,2)", "Ec(1,3)", &["Ec", "3"]),
        ("Ec(1,2)", "Ec(0,2)", &["Ec", "0"]),
        ("Ec(1,2)", "Ec(1", &["Ec"]),
    ] {
        let damaged = parameters.replacen(from, to, 1);
        assert_ne!(damaged, parameters, "{from}");
        with_meam(elements, library.as_bytes(), damaged.as_bytes())
            .says(&["p.meam"])
            .says(fragments);
    }
    for (what, contents) in useless() {
        println!("{what}");
        with_meam(elements, &contents, parameters.as_bytes()).says(&["l.meam"]);
        if what.starts_with("garbage") || what == "zeros" {
            with_meam(elements, library.as_bytes(), &contents).says(&["p.meam"]);
        }
    }
}

/// The parameter file numbers elements; the deck's list in another order exchanges them silently in
/// LAMMPS. Here the energies that the file repeats give it away.
#[test]
fn the_wrong_order_of_elements_is_caught() {
    let library = fs::read(potential("Kim-2006-PtFe.library.meam")).unwrap();
    let parameters = fs::read(potential("Kim-2006-PtFe.meam")).unwrap();
    with_meam("[\"Fe\", \"Pt\"]", &library, &parameters).says(&["Fe", "Pt", "order"]);
    with_meam("[\"Pt\", \"Ni\"]", &library, &parameters).says(&["Ni", "l.meam"]);
}

// ----- structures

/// Runs a deck with a damaged structure file.
#[track_caller]
fn with_structure(contents: &[u8], name: &str) -> Ended {
    let work = Work::with_deck(&deck(common::LENNARD_JONES, name));
    work.write(name, contents);
    let ended = work.frit(&["run", "deck.toml"]).with(USAGE);
    assert!(!work.path("deck.run").exists(), "nothing was begun");
    ended
}

#[test]
fn damaged_extended_xyz_is_named_with_its_line() {
    let head = "2\nProperties=species:S:1:pos:R:3\n";
    for (text, fragments) in [
        (
            format!("{head}Pt 0 0 0\nPt 2.7 0 nan\n"),
            &["line 4", "finite"][..],
        ),
        (
            format!("{head}Pt 0 0 0\nPt inf 0 0\n"),
            &["line 4", "finite"],
        ),
        (
            format!("{head}Pt 0 0 0\nPt 1e400 0 0\n"),
            &["line 4", "finite"],
        ),
        (
            format!("{head}Pt 0 0 0\nPt 2.7 0 zero\n"),
            &["line 4", "found `zero`"],
        ),
        (
            format!("{head}Pt 0 0 0\nPt 2.7 0\n"),
            &["line 4", "column pos"],
        ),
        (format!("{head}Pt 0 0 0\n"), &["line 3", "1 of 2 atoms"]),
        ("two\n\nPt 0 0 0\n".into(), &["line 1", "found `two`"]),
        ("-2\n\nPt 0 0 0\n".into(), &["line 1", "found `-2`"]),
        (
            "99999999999\n\nPt 0 0 0\n".into(),
            &["line 3", "1 of 99999999999"],
        ),
        ("0\n\n".into(), &["no atoms"]),
        (
            "1\nProperties=species:S:1\nPt\n".into(),
            &["line 2", "pos:R:3"],
        ),
        (
            "1\nProperties=species:S:1:pos:R\nPt 0 0 0\n".into(),
            &["line 2", "width"],
        ),
        (
            "1\nLattice=\"9 0 0\"\nPt 0 0 0\n".into(),
            &["line 2", "no volume"],
        ),
        (
            "1\nLattice=\"9 0 0 9 0 0 0 0 9\"\nPt 0 0 0\n".into(),
            &["line 2", "no volume"],
        ),
        ("1\nLattice=\"a b c\"\nPt 0 0 0\n".into(), &["line 2"]),
        ("1\n\nXx 0 0 0\n".into(), &["mass of species `Xx`"]),
        ("1\n\nFe 0 0 0\n".into(), &["Fe-Fe"]),
        (
            "2\nProperties=species:S:1:pos:R:3:id:I:1\nPt 0 0 0 5\nPt 3 0 0 5\n".into(),
            &["two atoms have the id 5"],
        ),
    ] {
        println!("{text}");
        let ended = with_structure(text.as_bytes(), "atoms.xyz").says(fragments);
        if !fragments.contains(&"Fe-Fe") {
            ended.says(&["atoms.xyz"]);
        }
    }
}

#[test]
fn what_a_reader_takes_for_granted_is_told() {
    let work = Work::with_deck(&deck(common::LENNARD_JONES, "atoms.xyz"));
    work.write(
        "atoms.xyz",
        DIMER.replace("Properties", "pbc=\"T T T\" Properties"),
    );
    let note = "warning: pbc without Lattice";
    work.frit(&["run", "deck.toml"]).with(0).says(&[note]);
    work.frit(&["check", "deck.toml"]).with(0).says(&[note]);
    work.frit(&["convert", "atoms.xyz", "out.data"])
        .with(0)
        .says(&[note]);
    let arguments = [
        "evaluate",
        "atoms.xyz",
        "--potential",
        "deck.toml",
        "-o",
        "out.xyz",
    ];
    work.frit(&arguments).with(0).says(&[note]);
}

#[test]
fn damaged_lammps_files_are_named_with_their_line() {
    let work = Work::with_deck(&common::small_deck());
    for (name, cases) in [
        (
            "atoms.data",
            &[
                ("108 atoms", "many atoms", "line 3"),
                ("108 atoms", "109 atoms", "line 125: found `Velocities`"),
                ("108 atoms", "107 atoms", "line 123: found `108 1"),
                (
                    "108 atoms",
                    "99999999999 atoms",
                    "line 125: found `Velocities`",
                ),
                (
                    "xlo xhi",
                    "xlo ylo",
                    "line 10: the header has no line `LOW HIGH xlo xhi`",
                ),
                ("1 195.08", "1 heavy", "line 12: found `1 heavy"),
                (
                    "1 195.08",
                    "2 195.08",
                    "the mass of species `1` is not known",
                ),
                ("Atoms", "Bonds", "Velocities stands before Atoms"),
                ("\n7 1 ", "\n7 9 ", "9"),
                (
                    "\n7 1 ",
                    "\n6 1 ",
                    "line 22: this is a second atom with the id 6",
                ),
                ("\n7 1 ", "\n-7 1 ", "line 22"),
                ("\n7 1 1.96", "\n7 1 nan", "line 22"),
            ][..],
        ),
        (
            "atoms.lammpstrj",
            &[
                ("OF ATOMS\n108", "OF ATOMS\nmany", "line 6: found `many`"),
                ("OF ATOMS\n108", "OF ATOMS\n109", "108 of 109 atoms"),
                (
                    "OF ATOMS\n108",
                    "OF ATOMS\n107",
                    "line 119: found `108 1 Pt",
                ),
                ("BOX BOUNDS", "BOX OUTLINE", "line 7"),
                (
                    "BOX BOUNDS pp pp pp\n0.0",
                    "BOX BOUNDS pp pp pp\nnan",
                    "line 10: the cell vectors",
                ),
                ("element mass x y z", "element mass x y a", "line 11"),
                ("\n7 1 Pt 195.08 1.96", "\n7 1 Pt 195.08 inf", "line 18"),
            ],
        ),
    ] {
        work.frit(&["build", "deck.toml", "-o", name]).with(0);
        let whole = work.read(name);
        for (from, to, fragment) in cases {
            let damaged = whole.replacen(from, to, 1);
            assert_ne!(damaged, whole, "{from} in\n{}", &whole[..600]);
            println!("{name}: {to}");
            with_structure(damaged.as_bytes(), name).says(&[name, fragment]);
        }
        let half = &whole.as_bytes()[..whole.len() / 2];
        with_structure(half, name).says(&[name, "cut off"]);
    }
}

#[test]
fn useless_files_are_no_structures() {
    for name in [
        "a.xyz",
        "a.data",
        "a.lammpstrj",
        "a.xyz.zst",
        "a.lammpstrj.gz",
        "a.foo",
    ] {
        for (what, contents) in useless() {
            println!("{name}: {what}");
            with_structure(&contents, name).says(&[name]);
            let work = Work::new();
            work.write(name, contents);
            work.frit(&["convert", name, "out.xyz"])
                .with(USAGE)
                .says(&[name]);
            assert_eq!(work.names("."), [name], "nothing was written");
        }
    }
    let work = Work::with_deck(&(deck(common::LENNARD_JONES, "atoms.xyz")));
    work.write("atoms.xyz", DIMER);
    let frame = "structure.file.frame=1";
    work.frit(&["run", "deck.toml", "--set", frame])
        .with(USAGE)
        .says(&["no frame 1", "atoms.xyz"]);
}

// ----- run directories

/// A run directory as an interruption leaves it: all steps done but the last files unwritten.
fn interrupted() -> Work {
    let work = Work::with_deck(
        &(common::small_deck()
            + "trajectory = { every = \"1 steps\", compress = false }\n[checkpoint]\nevery = \"10 steps\"\n"),
    );
    let obstacle = work.obstruct("run");
    work.frit(&["run", "deck.toml", "--out", "run"])
        .with(FAILURE)
        .says(&["plots"]);
    fs::remove_file(obstacle).unwrap();
    assert!(work.path("run/checkpoint.frit").exists());
    work
}

#[test]
fn damaged_checkpoints_are_refused_and_nothing_is_cut() {
    let work = interrupted();
    let checkpoint = work.path("run/checkpoint.frit");
    let whole = fs::read(&checkpoint).unwrap();
    let table = work.read("run/table.csv");
    let resume = || work.frit(&["run", "deck.toml", "--out", "run"]);
    let mut choices = Choices::fixed(3);
    for _ in 0..20 {
        let mut flipped = whole.clone();
        let place = choices.below(whole.len());
        flipped[place] ^= 1 << choices.below(8);
        fs::write(&checkpoint, flipped).unwrap();
        println!("bit flipped in byte {place} of {}", whole.len());
        resume().with(FAILURE).says(&["checkpoint.frit"]);
    }
    for length in [0, 1, 7, 8, 20, whole.len() / 2, whole.len() - 1] {
        fs::write(&checkpoint, &whole[..length]).unwrap();
        println!("cut to {length} bytes of {}", whole.len());
        resume().with(FAILURE).says(&["checkpoint.frit"]);
    }
    for (what, contents) in useless() {
        fs::write(&checkpoint, contents).unwrap();
        println!("{what}");
        resume().with(FAILURE).says(&["checkpoint.frit"]);
    }
    assert_eq!(work.read("run/table.csv"), table);
    fs::write(&checkpoint, whole).unwrap();
    resume().with(0);
}

#[test]
fn outputs_shorter_than_the_checkpoint_says_are_refused() {
    for name in ["trajectory.0000.xyz", "table.csv"] {
        let work = interrupted();
        let path = work.path("run").join(name);
        let whole = fs::read(&path).unwrap();
        let resume = || work.frit(&["run", "deck.toml", "--out", "run"]);
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        resume().with(FAILURE).says(&[name, "checkpoint"]);
        fs::remove_file(&path).unwrap();
        resume().with(FAILURE).says(&[name]);
        fs::write(&path, &whole).unwrap();
        resume().with(0);
    }
}

#[test]
fn damaged_compressed_segments_are_refused() {
    let work = interrupted();
    let text = work
        .read("deck.toml")
        .replace("compress = false", "compress = true");
    work.write("deck.toml", text);
    let obstacle = work.obstruct("packed");
    let resume = || work.frit(&["run", "deck.toml", "--out", "packed"]);
    resume().with(FAILURE);
    fs::remove_file(obstacle).unwrap();
    let path = work.path("packed/trajectory.0000.xyz.zst");
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 4;
    for (what, damaged) in [
        ("cut", whole[..whole.len() / 3].to_vec()),
        ("flipped", flipped),
        ("empty", Vec::new()),
        ("garbage", garbage(4)),
    ] {
        println!("{what}");
        fs::write(&path, damaged).unwrap();
        resume().with(FAILURE).says(&["trajectory.0000.xyz.zst"]);
    }
    fs::write(&path, whole).unwrap();
    resume().with(0);
}

#[test]
fn damaged_files_of_a_run_directory_do_no_harm() {
    // Without its manifest a run still continues by its deck, but not by its name.
    for (what, contents) in useless() {
        let work = interrupted();
        println!("manifest: {what}");
        work.write("run/manifest.json", contents);
        work.frit(&["run", "run"])
            .with(USAGE)
            .says(&["run is neither a run"]);
        work.frit(&["run", "deck.toml", "--out", "run"]).with(0);
    }
    let work = interrupted();
    work.write("run/plan.toml", "");
    let resume = || work.frit(&["run", "deck.toml", "--out", "run"]);
    resume().with(REFUSED).says(&["another deck"]);
    work.write("run/plan.toml", garbage(5));
    let code = resume().code.unwrap();
    assert!([FAILURE, REFUSED].contains(&code), "{code}");
    fs::remove_file(work.path("run/plan.toml")).unwrap();
    resume().with(REFUSED).says(&["plan.toml"]);
    assert!(Path::exists(&work.path("run/checkpoint.frit")));
}

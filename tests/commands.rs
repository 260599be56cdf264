//! Every command with every exit code.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use std::fs;
use std::process::Stdio;

use common::{Ended, Work, assert_same_results, finish, json, repository, results, small_deck};

/// Exit codes, as `frit --help` lists them.
const SUCCESS: i32 = 0;
const FAILURE: i32 = 1;
const USAGE: i32 = 2;
const SIMULATION: i32 = 3;
const REFUSED: i32 = 4;

const COMMANDS: [&str; 7] = [
    "analyze",
    "run",
    "check",
    "build",
    "evaluate",
    "convert",
    "potential",
];

// ----- help and usage

#[test]
fn help_is_everywhere() {
    let work = Work::new();
    for arguments in [vec!["--help"], vec!["-h"], vec!["help"]] {
        let help = work.frit(&arguments).with(SUCCESS).stdout;
        for command in COMMANDS {
            assert!(
                help.contains(&format!("\n  {command} ")),
                "{command} in\n{help}"
            );
        }
        assert!(
            help.contains("Exit codes:") && help.contains("75  interrupted"),
            "{help}"
        );
    }
    for command in COMMANDS {
        let help = work.frit(&[command, "--help"]).with(SUCCESS).stdout;
        assert!(help.contains(&format!("Usage: frit {command}")), "{help}");
        assert!(help.contains("Example"), "{help}");
    }
    let help = work
        .frit(&["potential", "zhou2004", "--help"])
        .with(SUCCESS)
        .stdout;
    assert!(help.contains("Usage: frit potential zhou2004"), "{help}");
    let version = work.frit(&["--version"]).with(SUCCESS).stdout;
    assert_eq!(
        version.trim(),
        format!("frit {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_wrong_command_line_is_explained() {
    let work = Work::with_deck(&small_deck());
    for (arguments, fragment) in [
        (&[][..], "Usage: frit"),
        (&["rum", "deck.toml"], "'run'"),
        (&["run"], "<DECK>"),
        (&["run", "deck.toml", "--ouut", "x"], "--out"),
        (&["run", "deck.toml", "--threads", "0"], "1.."),
        (&["run", "deck.toml", "--set", "seed"], "seed"),
        (
            &["check", "deck.toml", "--set", "sed=1"],
            "did you mean `seed`",
        ),
        (&["build", "deck.toml"], "--output"),
        (&["build", "deck.toml", "-o", "pair.exe"], ".xyz"),
        (&["convert", "deck.toml", "a.xyz"], "deck.toml"),
        (&["evaluate", "a.xyz", "-o", "b.xyz"], "--potential"),
        (
            &["potential", "zhou2004", "Pt", "Xx", "-o", "a"],
            "no element Xx",
        ),
        (
            &["potential", "zhou2004", "Pt", "Pt", "-o", "a"],
            "different elements",
        ),
        (&["run", "nowhere.toml"], "nowhere.toml"),
    ] {
        work.frit(arguments).with(USAGE).says(&[fragment]);
    }
    assert_eq!(work.names("."), ["deck.toml"], "nothing was written");
}

#[test]
fn all_errors_of_a_deck_are_shown_with_their_lines() {
    let deck = small_deck()
        .replace("timestep = \"1 fs\"", "timestep = \"1 Å\"")
        .replace("lattice = \"fcc\"", "latice = \"fcc\"")
        .replace("steps = 20", "steps = -20");
    let line = |text: &str| {
        1 + deck
            .lines()
            .position(|line| line.starts_with(text))
            .unwrap()
    };
    let work = Work::with_deck(&deck);
    for command in ["run", "check"] {
        work.frit(&[command, "deck.toml"]).with(USAGE).says(&[
            &format!("deck.toml:{}:", line("timestep")),
            &format!("deck.toml:{}:", line("latice")),
            &format!("deck.toml:{}:", line("steps")),
            "did you mean `lattice`?",
        ]);
    }
    assert_eq!(work.names("."), ["deck.toml"]);
}

#[test]
fn errors_in_potential_and_structure_are_shown_together() {
    let work = Work::with_deck(
        "[potential.eam]\nfile = \"lost.eam.alloy\"\n[structure.file]\npath = \"lost.xyz\"\n\
         [[stage]]\nname = \"a\"\nminimise.fire = {}\n",
    );
    let files = ["lost.eam.alloy", "lost.xyz", "deck.toml:2:", "deck.toml:4:"];
    work.frit(&["check", "deck.toml"]).with(USAGE).says(&files);
}

#[test]
fn pipes_may_close() {
    let work = Work::with_deck(&small_deck());
    for arguments in [
        &["check", "deck.toml"][..],
        &["--help"],
        &["build", "deck.toml", "-o", "a.xyz"],
        &["run", "deck.toml", "--out", "a"],
    ] {
        let mut command = work.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(common::wait(&mut child), Some(SUCCESS), "{arguments:?}");
    }
    assert!(work.path("a/summary.json").exists());
    let mut child = work
        .command(&["run", "lost.toml"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(common::wait(&mut child), Some(USAGE));
}

// ----- run

#[test]
fn a_run_writes_its_files_and_says_what_came_out() {
    let work = Work::with_deck(&(small_deck() + "trajectory.every = \"10 steps\"\n"));
    let ended = work
        .frit(&["run", "deck.toml"])
        .with(SUCCESS)
        .says(&["108 atoms into deck.run"]);
    assert!(
        ended.stdout.contains("108, 20, 0.020 ps"),
        "{}",
        ended.stdout
    );
    let files = [
        "final.xyz",
        "frit.lock",
        "input.toml",
        "manifest.json",
        "plan.toml",
        "plots",
        "summary.json",
    ];
    let more = ["table.csv", "trajectory.0000.xyz.zst"];
    assert_eq!(work.names("deck.run"), [&files[..], &more].concat());
    let summary = json(&work.path("deck.run/summary.json"));
    assert_eq!(
        (&summary["atoms"], &summary["steps"]),
        (&108.into(), &20.into())
    );
    assert!(summary["loop_seconds"].as_f64().unwrap() > 0.0);
    assert!(summary["atom_steps_per_second"].as_f64().unwrap() > 0.0);
    // Steps 0, 5, ... 20 and a header.
    assert_eq!(work.read("deck.run/table.csv").lines().count(), 6);
    let manifest = json(&work.path("deck.run/manifest.json"));
    assert_eq!(manifest["attempts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_plan_is_a_deck_of_the_same_run() {
    let work = Work::with_deck(&small_deck());
    work.frit(&["run", "deck.toml"]).with(SUCCESS);
    work.frit(&["run", "deck.run/plan.toml", "--out", "again"])
        .with(SUCCESS);
    let (first, again) = (work.path("deck.run"), work.path("again"));
    assert_eq!(results(&first)["final.xyz"], results(&again)["final.xyz"]);
}

#[test]
fn a_finished_run_is_not_run_again() {
    let work = Work::with_deck(&small_deck());
    work.frit(&["run", "deck.toml"]).with(SUCCESS);
    let before = results(&work.path("deck.run"));
    for target in ["deck.toml", "deck.run"] {
        work.frit(&["run", target])
            .with(REFUSED)
            .says(&["is finished", "--out"]);
    }
    assert_eq!(before, results(&work.path("deck.run")));
}

#[test]
fn a_changed_deck_is_refused_with_what_differs() {
    let work = Work::with_deck(&(common::eam() + &small_deck()[common::LENNARD_JONES.len()..]));
    let tables = fs::read_to_string(common::potential("Zhou-2004-PtFe.eam.alloy")).unwrap();
    work.write("tables.eam.alloy", &tables);
    let file = "potential.eam.file=tables.eam.alloy";
    work.frit(&["run", "deck.toml", "--set", file])
        .with(SUCCESS);
    work.frit(&["run", "deck.toml", "--set", file, "--set", "seed=2"])
        .with(REFUSED)
        .says(&["it has: seed = 1", "this has: seed = 2", "--out"]);
    // The same name, other numbers.
    work.write("tables.eam.alloy", tables.replacen("UNITS", "units", 1));
    work.frit(&["run", "deck.toml", "--set", file])
        .with(REFUSED)
        .says(&["tables.eam.alloy blake3"]);
}

#[test]
fn overrides_are_part_of_the_run() {
    let work = Work::with_deck(&small_deck());
    let set = ["--set", "seed=7", "--set", "stage.run.steps=10"];
    work.frit(&[&["run", "deck.toml", "--out", "a"], &set[..]].concat())
        .with(SUCCESS);
    let summary = json(&work.path("a/summary.json"));
    assert_eq!(
        (&summary["seed"], &summary["steps"]),
        (&7.into(), &10.into())
    );
    let plan = work.read("a/plan.toml");
    assert!(
        plan.contains("seed = 7") && plan.contains("steps = 10"),
        "{plan}"
    );
}

#[test]
fn a_directory_with_a_deck_is_run_into_itself() {
    let work = Work::new();
    work.write("job/deck.toml", small_deck());
    work.frit(&["run", "job"]).with(SUCCESS);
    assert!(work.path("job/summary.json").exists());
    work.frit(&["run", "job"]).with(REFUSED);
    work.write("empty/notes.txt", "nothing to run");
    work.frit(&["run", "empty"])
        .with(USAGE)
        .says(&["empty is neither a run nor"]);
}

#[test]
fn files_of_others_are_not_overwritten() {
    let work = Work::with_deck(&small_deck());
    for name in [
        "table.csv",
        "final.xyz",
        "trajectory.0003.lammpstrj",
        "checkpoint.frit",
    ] {
        let file = work.write(&format!("out/{name}"), "precious");
        work.frit(&["run", "deck.toml", "--out", "out"])
            .with(REFUSED)
            .says(&[name, "plan.toml"]);
        assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
        fs::remove_file(file).unwrap();
    }
    work.write("out/notes.txt", "mine");
    work.frit(&["run", "deck.toml", "--out", "out"])
        .with(SUCCESS);
    assert_eq!(work.read("out/notes.txt"), "mine");
}

#[cfg(unix)]
#[test]
fn a_directory_in_use_is_refused_and_an_interrupted_run_continues_from_its_name() {
    let work = Work::with_deck(&small_deck());
    let set = [
        "--set",
        "checkpoint.every='20 steps'",
        "--set",
        "stage.run.steps=40000",
    ];
    let arguments = [&["run", "deck.toml", "--out", "a"], &set[..]].concat();
    let mut first = work
        .command(&arguments)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    common::await_file(&work.path("a/checkpoint.frit"));
    work.frit(&arguments)
        .with(REFUSED)
        .says(&["another process", "--out"]);
    common::signal("TERM", &first);
    assert_eq!(common::wait(&mut first), Some(75));
    // The directory remembers its deck and the overrides: it is the run of 40 000 steps, not of 20.
    let mut again = work
        .command(&["run", "a"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    common::await_change(&work.path("a/checkpoint.frit"), &mut again);
    common::signal("USR1", &again);
    assert_eq!(common::wait(&mut again), Some(75));
    let manifest = json(&work.path("a/manifest.json"));
    assert_eq!(manifest["attempts"].as_array().unwrap().len(), 2);
    // Another number of steps would be another run.
    work.frit(&["run", "a", "--set", "stage.run.steps=40001"])
        .with(REFUSED)
        .says(&["steps = 40000", "steps = 40001"]);
}

/// A run directory keeps its deck: it is continued when that was changed or moved away.
#[cfg(unix)]
#[test]
fn a_run_goes_on_when_its_deck_changed_or_is_gone() {
    let work = Work::with_deck(
        &(small_deck().replace("steps = 20\n", "steps = 30000\n")
            + "\n[checkpoint]\nevery = \"20 steps\"\n"),
    );
    let deck = work.read("deck.toml");
    let interrupt = |arguments: &[&str]| {
        let log = fs::File::create(work.path("log")).unwrap();
        let mut run = work.command(arguments).stderr(log).spawn().unwrap();
        common::await_change(&work.path("a/checkpoint.frit"), &mut run);
        common::signal("TERM", &run);
        assert_eq!(common::wait(&mut run), Some(75));
        work.read("log")
    };
    let said = interrupt(&["run", "deck.toml", "--out", "a"]);
    assert!(!said.contains("warning"), "{said}");
    assert_eq!(work.read("a/input.toml"), deck);
    let said = interrupt(&["run", "a"]);
    assert!(!said.contains("warning"), "{said}");
    work.write("deck.toml", deck.replace("300 K", "400 K"));
    let said = interrupt(&["run", "a"]);
    assert!(
        said.contains("deck.toml has changed since this run began"),
        "{said}"
    );
    fs::remove_file(work.path("deck.toml")).unwrap();
    let said = interrupt(&["run", "a"]);
    assert!(said.contains("deck.toml is not there any more"), "{said}");
    assert_eq!(work.read("a/input.toml"), deck);
    let manifest = json(&work.path("a/manifest.json"));
    assert_eq!(manifest["attempts"].as_array().unwrap().len(), 4);
}

// ----- failures of the simulation

/// Two atoms from a file, near or upon each other.
fn two_atoms(distance: f64) -> Work {
    let work = Work::with_deck(&format!(
        "{}[structure.file]\npath = \"two.xyz\"\n[[stage]]\nname = \"fall\"\nsteps = 50\n\
         timestep = \"1 fs\"\nensemble.nve = {{}}\n",
        common::LENNARD_JONES
    ));
    let atoms = format!("Pt 0 0 0 11\nPt {distance} 0 0 22\n");
    work.write(
        "two.xyz",
        format!("2\nProperties=species:S:1:pos:R:3:id:I:1\n{atoms}"),
    );
    work
}

/// Checks the post-mortem of a failed run, and that nothing claims to be a result.
#[track_caller]
fn assert_post_mortem(
    work: &Work,
    run: &str,
    ended: Ended,
    fragments: &[&str],
) -> serde_json::Value {
    ended
        .with(SIMULATION)
        .says(&["post-mortem written"])
        .says(fragments);
    assert!(!work.path(run).join("summary.json").exists());
    assert!(!work.path(run).join("final.xyz").exists());
    let frame = format!("{run}/post-mortem.xyz");
    work.frit(&["convert", &frame, "readable.lammpstrj"])
        .with(SUCCESS);
    json(&work.path(run).join("post-mortem.json"))
}

#[test]
fn atoms_too_close_leave_a_post_mortem() {
    for distance in [0.0, 1e-9, 0.05, 0.5] {
        let work = two_atoms(distance);
        let ended = work.frit(&["run", "deck.toml"]);
        let report = assert_post_mortem(&work, "deck.run", ended, &["step", "atom"]);
        let id = report["atom"]["id"].as_u64().unwrap();
        assert!(id == 11 || id == 22, "{report:#}");
        assert_eq!(report["stage"], "fall");
        assert!(report["steps_done"].as_u64().unwrap() <= 1, "{report:#}");
        assert!(
            report["error"].as_str().unwrap().contains("step"),
            "{report:#}"
        );
        // Running it again is the same again.
        work.frit(&["run", "deck.toml"]).with(SIMULATION);
    }
}

#[test]
fn atoms_too_close_stop_other_potentials_and_minimisers() {
    for (potential, label) in [(common::eam(), "eam"), (common::meam(), "meam")] {
        let work = two_atoms(0.0);
        let deck = work
            .read("deck.toml")
            .replace(common::LENNARD_JONES, &potential);
        work.write("deck.toml", deck);
        let ended = work.frit(&["run", "deck.toml", "--out", label]);
        assert_post_mortem(&work, label, ended, &["atom"]);
    }
    for minimiser in ["fire", "lbfgs"] {
        let work = two_atoms(0.0);
        let set = format!("stage.fall={{name='fall', minimise={{{minimiser}={{}}}}}}");
        let ended = work.frit(&["run", "deck.toml", "--set", &set]);
        assert_post_mortem(&work, "deck.run", ended, &["atom 11"]);
    }
}

#[test]
fn too_long_a_time_step_leaves_a_post_mortem_and_the_last_checkpoint() {
    let work = Work::with_deck(
        &(small_deck()
            + "[[stage]]\nname = \"jump\"\nsteps = 1000\ntimestep = \"60 fs\"\nensemble.nve = {}\n\
               [checkpoint]\nevery = \"1 steps\"\n"),
    );
    let ended = work.frit(&["run", "deck.toml"]);
    let report = assert_post_mortem(&work, "deck.run", ended, &["atom", "step"]);
    assert_eq!(report["stage"], "jump");
    // The body's steps, those of the stage before included.
    assert!(report["steps_done"].as_u64().unwrap() >= 20, "{report:#}");
    assert!(work.path("deck.run/checkpoint.frit").exists());
    // Continuing leads to the same end.
    let ended = work.frit(&["run", "deck.toml"]);
    assert_eq!(
        report,
        assert_post_mortem(&work, "deck.run", ended, &["continuing jump"])
    );
}

// ----- failures of the system

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let work = Work::with_deck(&small_deck());
    work.write("file", "not a folder");
    for out in ["file", "file/inner"] {
        work.frit(&["run", "deck.toml", "--out", out])
            .with(FAILURE)
            .says(&["file"]);
    }
    work.frit(&["build", "deck.toml", "-o", "file/a.xyz"])
        .with(FAILURE)
        .says(&["file/a.xyz"]);
    work.frit(&["potential", "zhou2004", "Pt", "-o", "lost/a.eam.alloy"])
        .with(FAILURE)
        .says(&["lost/a.eam.alloy"]);
    assert_eq!(work.names("."), ["deck.toml", "file"]);
}

/// A limit on the size of files stands for a disk without space.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_half_file() {
    let work = Work::with_deck(&small_deck());
    for (name, arguments) in [
        ("a.xyz", "build deck.toml -o a.xyz"),
        ("a.data", "build deck.toml -o a.data"),
        ("a.eam", "potential zhou2004 Pt -o a.eam"),
        ("other/plan.toml", "run deck.toml --out other"),
    ] {
        // Without the trap, the system would end the process.
        let script = format!("trap '' XFSZ; ulimit -f 0; exec \"$0\" {arguments}");
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", &script, env!("CARGO_BIN_EXE_frit")])
            .current_dir(work.path("."))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        common::finish(&mut command)
            .with(FAILURE)
            .says(&[name, "File too large"]);
        assert!(!work.path(name).exists(), "{name}");
    }
    assert_eq!(work.names("."), ["deck.toml", "other"]);
    work.frit(&["run", "deck.toml", "--out", "other"])
        .with(SUCCESS);
}

/// A quota on the size of files stops a run while it goes on; with more space it continues.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_hits_a_quota_continues_when_there_is_space() {
    let work = Work::with_deck(
        &(small_deck()
            + "trajectory = { every = \"1 steps\", compress = false }\n[checkpoint]\nevery = \"5 steps\"\n"),
    );
    work.frit(&["run", "deck.toml", "--out", "truth"])
        .with(SUCCESS);
    let frit = env!("CARGO_BIN_EXE_frit");
    // Blocks are of 512 bytes or 1024: both hold the checkpoint, neither all frames.
    let script = format!("trap '' XFSZ; ulimit -f 60; exec {frit} run deck.toml --out run");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &script]).current_dir(work.path("."));
    finish(command.stdout(Stdio::piped()).stderr(Stdio::piped()))
        .with(FAILURE)
        .says(&["trajectory.0000", "File too large"]);
    assert!(!work.path("run/summary.json").exists());
    work.frit(&["run", "deck.toml", "--out", "run"])
        .with(SUCCESS);
    assert_same_results(&work.path("truth"), &work.path("run"), "after the quota");
}

// ----- check and build

#[test]
fn check_says_in_short_what_would_run_and_writes_nothing() {
    let work = Work::with_deck(&common::observed_pair());
    let text = work.frit(&["check", "deck.toml"]).with(SUCCESS).stdout;
    for fragment in [
        "atoms: ",
        "5.50 Å apart",
        "eam, kernel",
        "sinter: ",
        "bussi, 400 steps of 0.002 ps = 0.8 ps, about",
        "time: about",
        "memory: at least",
        "frit check deck.toml --details",
    ] {
        assert!(text.contains(fragment), "no `{fragment}` in\n{text}");
    }
    assert!(text.lines().count() < 10, "{text}");
    // Long runs are priced in hours.
    let long = [
        "check",
        "deck.toml",
        "--set",
        "stage.sinter.steps=1000000000",
    ];
    let text = work.frit(&long).with(SUCCESS).stdout;
    assert!(text.contains(" hours ("), "{text}");
    assert!(text.contains(" core-hours) with"), "{text}");
    // Other methods, too, without the resolved deck.
    work.write("migration.toml", "[migration]\nduration = \"1 s\"\n");
    let short = work.frit(&["check", "migration.toml"]).with(SUCCESS).stdout;
    let all = ["check", "migration.toml", "--details"];
    let all = work.frit(&all).with(SUCCESS).stdout;
    assert!(
        all.starts_with("== deck ==") && all.ends_with(&short),
        "{short}"
    );
    assert!(
        !short.contains("== deck ==") && short.len() > 100,
        "{short}"
    );
    assert_eq!(work.names("."), ["deck.toml", "migration.toml"]);
}

#[test]
fn check_shows_the_plan_in_full_when_asked() {
    let work = Work::with_deck(&small_deck());
    let details = |deck| {
        work.frit(&["check", deck, "--details"])
            .with(SUCCESS)
            .stdout
    };
    let text = details("deck.toml");
    for fragment in [
        "seed = 1",
        "Pt-Pt: epsilon 0.52 eV",
        "108 atoms",
        "100.000 %",
        "20 steps",
        "memory:",
        "time:",
    ] {
        assert!(text.contains(fragment), "no `{fragment}` in\n{text}");
    }
    let meam = small_deck().replace(common::LENNARD_JONES, &common::meam());
    work.write("meam.toml", meam);
    let text = details("meam.toml");
    for fragment in ["nn2", "5.77", "kernel"] {
        assert!(text.contains(fragment), "no `{fragment}` in\n{text}");
    }
    assert_eq!(work.names("."), ["deck.toml", "meam.toml"]);
}

/// Oxides have no potential here; their structures are built all the same.
#[test]
fn build_needs_no_potential_and_no_stages() {
    let work = Work::new();
    for (lattice, constant, sublattices, formula) in [
        (
            "rocksalt",
            "4.17 Å",
            "cation = { Ni = 1.0 }, anion = { O = 1.0 }",
            [("Ni", 4), ("O", 4)],
        ),
        (
            "fluorite",
            "5.41 Å",
            "cation = { Ce = 1.0 }, anion = { O = 1.0 }",
            [("Ce", 4), ("O", 8)],
        ),
        (
            "spinel",
            "8.396 Å",
            "tetrahedral = { Fe = 1.0 }, octahedral = { Fe = 1.0 }, anion = { O = 1.0 }",
            [("Fe", 24), ("O", 32)],
        ),
        (
            "cuprite",
            "4.27 Å",
            "cation = { Cu = 1.0 }, anion = { O = 1.0 }",
            [("Cu", 4), ("O", 2)],
        ),
        (
            "rutile",
            "4.594 Å",
            "cation = { Ti = 1.0 }, anion = { O = 1.0 }",
            [("Ti", 2), ("O", 4)],
        ),
        (
            "anatase",
            "3.785 Å",
            "cation = { Ti = 1.0 }, anion = { O = 1.0 }",
            [("Ti", 4), ("O", 8)],
        ),
    ] {
        let structure = format!(
            "seed = 5\n[structure.bulk]\nlattice = \"{lattice}\"\nconstant = \"{constant}\"\n\
             repeat = [2, 1, 3]\nsublattices = {{ {sublattices} }}\n"
        );
        work.write("oxide.toml", structure);
        let built = work
            .frit(&["build", "oxide.toml", "-o", "oxide.xyz"])
            .with(SUCCESS);
        let atoms: usize = formula.iter().map(|(_, count)| 6 * count).sum();
        assert!(
            built.stdout.contains(&format!("{atoms} atoms")),
            "{}",
            built.stdout
        );
        let frame = Frame::read(&work, "oxide.xyz");
        let species = frame.column("species");
        for (element, count) in formula {
            let found = species.iter().filter(|one| one[0] == element).count();
            assert_eq!(found, 6 * count, "{element} in {lattice}");
        }
    }
    // The atoms of a run, one by one: the rest of its deck does not matter.
    let random = small_deck().replace("{ Pt = 1.0 }", "{ Pt = 0.5, Fe = 0.5 }");
    work.write("whole.toml", &random);
    let part = &random[random.find("[structure").unwrap()..random.find("[[stage]]").unwrap()];
    work.write("part.toml", part);
    for deck in ["whole", "part"] {
        let [from, to] = ["toml", "xyz"].map(|ending| format!("{deck}.{ending}"));
        work.frit(&["build", &from, "-o", &to]).with(SUCCESS);
    }
    assert_eq!(work.read("whole.xyz"), work.read("part.xyz"));
    // What is wrong is still said.
    work.write("typo.toml", format!("{part}\n[strucutre]\n"));
    work.frit(&["build", "typo.toml", "-o", "typo.xyz"])
        .with(USAGE)
        .says(&["unknown key `strucutre`"]);
    work.frit(&["run", "part.toml"])
        .with(USAGE)
        .says(&["`potential` is missing"]);
}

#[test]
fn build_writes_every_format() {
    let work = Work::with_deck(&small_deck());
    for name in [
        "a.xyz",
        "a.extxyz",
        "a.data",
        "a.lmp",
        "a.lammpstrj",
        "a.dump",
        "a.xyz.zst",
    ] {
        let ended = work.frit(&["build", "deck.toml", "-o", name]).with(SUCCESS);
        assert!(ended.stdout.contains("108 atoms"), "{}", ended.stdout);
        work.frit(&["convert", name, "back.xyz"])
            .with(SUCCESS)
            .says(&["1 frame"]);
        let (first, back) = (Frame::read(&work, "a.xyz"), Frame::read(&work, "back.xyz"));
        assert_eq!(first.column("pos"), back.column("pos"), "{name}");
        assert_eq!(first.column("species"), back.column("species"), "{name}");
        assert_eq!(first.column("id"), back.column("id"), "{name}");
        assert_eq!(
            first.attribute("Lattice"),
            back.attribute("Lattice"),
            "{name}"
        );
    }
}

// ----- evaluate

/// Four atoms without symmetry, their ids in no order and with gaps, and a second frame.
const CLUSTER: &str = "\
4
Lattice=\"14 0 0 1 13 0 2 3 15\" Properties=species:S:1:pos:R:3:id:I:1 pbc=\"T T T\"
Fe 0.1 0.2 0.3 40
Pt 2.6 0.1 0.0 7
Pt 1.2 2.4 0.2 1000
Fe 1.3 0.8 2.3 1
4
Properties=species:S:1:pos:R:3:id:I:1 pbc=\"F F F\"
Pt 0.1 0.2 0.3 4
Pt 2.6 0.1 0.0 3
Pt 1.2 2.4 0.2 2
Pt 1.3 0.8 2.3 1
";

/// Rounding of sums of about ten terms of at most 100 eV or eV/Å: a few of 1e-14 each.
const ROUNDING: f64 = 1e-11;

#[test]
fn evaluate_keeps_the_order_of_atoms_and_its_sums_agree() {
    let work = Work::new();
    work.write("cluster.xyz", CLUSTER);
    for (name, potential) in [("eam", common::eam()), ("meam", common::meam())] {
        work.write("potential.toml", potential);
        let arguments = [
            "evaluate",
            "cluster.xyz",
            "--potential",
            "potential.toml",
            "-o",
            "out.xyz",
        ];
        work.frit(&arguments).with(SUCCESS).says(&["2 frames"]);
        let (given, frames) = (
            Frame::read_all(&work, "cluster.xyz"),
            Frame::read_all(&work, "out.xyz"),
        );
        assert_eq!(frames.len(), 2);
        for (given, frame) in given.iter().zip(&frames) {
            for column in ["species", "id"] {
                assert_eq!(given.column(column), frame.column(column), "{name}");
            }
            assert_eq!(given.numbers("pos"), frame.numbers("pos"), "{name}");
            frame.assert_sums(name);
        }
        let stress = frames[0].tensor("stress");
        let virial = frames[0].tensor("virial");
        let volume = 14.0 * 13.0 * 15.0;
        for (s, v) in stress.iter().zip(virial) {
            assert!((s * volume + v).abs() < ROUNDING, "{s} {v}");
        }
        assert_eq!(
            frames[1].attribute("stress"),
            None,
            "nothing periodic, no stress"
        );
    }
}

#[test]
fn evaluate_takes_a_deck_for_its_potential() {
    let work = Work::with_deck(&small_deck());
    work.frit(&["build", "deck.toml", "-o", "a.xyz"])
        .with(SUCCESS);
    let arguments = [
        "evaluate",
        "a.xyz",
        "--potential",
        "deck.toml",
        "-o",
        "out.xyz.zst",
    ];
    work.frit(&arguments).with(SUCCESS).says(&["1 frame "]);
    work.frit(&["convert", "out.xyz.zst", "out.xyz"])
        .with(SUCCESS);
    Frame::read(&work, "out.xyz").assert_sums("lennard-jones");
}

/// Results that came with a frame are of another calculator.
#[test]
fn evaluate_forgets_the_results_of_others() {
    let work = Work::new();
    work.write("potential.toml", common::LENNARD_JONES);
    let frame = "2\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3:magmoms:R:1 \
                 stress=\"1 2 3 4 5 6 7 8 9\" free_energy=-5.1 label=kept pbc=\"F F F\"\n\
                 Pt 0 0 0 1.5\nPt 2.8 0 0 1.5\n";
    work.write("a.xyz", frame);
    let arguments = ["evaluate", "a.xyz", "--potential", "potential.toml", "-o"];
    work.frit(&[&arguments[..], &["b.xyz"]].concat())
        .with(SUCCESS);
    let text = work.read("b.xyz");
    assert!(
        text.contains("label=kept") && text.contains("virial="),
        "{text}"
    );
    for gone in ["stress", "free_energy", "magmoms"] {
        assert!(!text.contains(gone), "{gone} in\n{text}");
    }
    work.frit(&[&arguments[..], &["b.data"]].concat())
        .with(USAGE)
        .says(&["b.data cannot hold", ".xyz"]);
    assert!(!work.path("b.data").exists());
}

/// The frames that a run under way has written are whole.
#[test]
fn convert_keeps_the_whole_frames_of_a_trajectory_that_grows() {
    let work = Work::new();
    work.write("grow.xyz", "1\n\nPt 0 0 0\n1\n\nPt 1 0 0\n2\n\nPt 0 0 0\n");
    work.frit(&["convert", "grow.xyz", "whole.xyz"])
        .with(SUCCESS)
        .says(&["2 frames", "inside frame 3"]);
}

/// A point in the name of a deck is no ending.
#[test]
fn decks_with_points_in_their_names_run_in_directories_of_their_own() {
    let work = Work::new();
    for name in ["gap-5.0", "gap-5.5"] {
        work.write(&format!("{name}.toml"), small_deck());
        work.frit(&["run", &format!("{name}.toml")]).with(SUCCESS);
        assert!(work.path(&format!("{name}.run/summary.json")).exists());
    }
}

/// A slip of the pen must not bring down the machine.
#[test]
fn more_atoms_than_memory_are_refused_before_they_are_built() {
    let work = Work::with_deck(&small_deck());
    work.frit(&[
        "check",
        "deck.toml",
        "--set",
        "structure.bulk.repeat=[900, 900, 900]",
    ])
    .with(USAGE)
    .says(&["GiB only to be built"]);
}

/// Velocities that drift hold no heat: a thermostat would cool the atoms to a standstill.
#[test]
fn drift_is_taken_out_before_a_thermostat() {
    let work = Work::with_deck(
        &(small_deck().replace(
            "ensemble.nve = {}",
            "ensemble.nve = {}\n\n[[stage]]\nname = \"hold\"\nsteps = 10\ntimestep = \"1 fs\"\n\
         ensemble.bussi.temperature = \"300 K\"",
        )),
    );
    work.frit(&[
        "run",
        "deck.toml",
        "--set",
        "stage.run.ensemble={langevin={temperature='300 K', friction='50 1/ps'}}",
    ])
    .with(SUCCESS)
    .says(&["hold: took out drift"]);
    let table = work.read("deck.run/table.csv");
    let column = table
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|name| name.starts_with("momentum"));
    let momenta: Vec<(bool, f64)> = table
        .lines()
        .skip(1)
        .map(|row| {
            let words: Vec<&str> = row.split(',').collect();
            (words[0] == "hold", words[column.unwrap()].parse().unwrap())
        })
        .collect();
    assert!(
        momenta
            .iter()
            .any(|&(hold, momentum)| !hold && momentum > 1.0)
    );
    assert!(
        momenta
            .iter()
            .all(|&(hold, momentum)| !hold || momentum < 1e-6)
    );
}

/// Bonds counted too seldom would show no neck, whatever happens.
#[test]
fn a_neck_that_could_not_be_seen_is_refused() {
    let work = Work::new();
    let deck = common::repository().join("inputs/necking/quickstart.toml");
    let deck = deck.to_str().unwrap();
    work.frit(&["check", deck, "--set", "observe.neck.every='1.5 ps'"])
        .with(USAGE)
        .says(&["too seldom", "sinter"]);
}

#[test]
fn evaluate_refuses_what_it_cannot_evaluate_and_writes_nothing() {
    let work = Work::new();
    work.write("potential.toml", common::LENNARD_JONES);
    work.write("iron.xyz", "1\n\nFe 0 0 0\n");
    work.write("none.xyz", "0\n\n");
    work.write("twins.xyz", "2\n\nPt 0 0 0\nPt 0 0 0\n");
    work.write("late.xyz", "1\n\nPt 0 0 0\n2\n\nPt 0 0 0\nPt 0 0 x\n");
    for (file, code, fragments) in [
        ("iron.xyz", USAGE, &["Fe", "potential.toml"][..]),
        ("none.xyz", USAGE, &["frame 0", "no atoms"]),
        ("twins.xyz", SIMULATION, &["frame 0", "atom 1"]),
        ("late.xyz", USAGE, &["late.xyz, line 7", "x"]),
        ("lost.xyz", USAGE, &["lost.xyz"]),
    ] {
        let arguments = [
            "evaluate",
            file,
            "--potential",
            "potential.toml",
            "-o",
            "out.xyz",
        ];
        work.frit(&arguments).with(code).says(fragments);
        assert!(!work.path("out.xyz").exists(), "{file}");
    }
    let left = work
        .names(".")
        .into_iter()
        .filter(|name| name.contains("out"))
        .count();
    assert_eq!(left, 0, "unfinished files are cleared away");
}

// ----- convert

#[test]
fn conversions_there_and_back_change_nothing() {
    let work = Work::with_deck(&(small_deck() + "trajectory.every = \"10 steps\"\n"));
    work.frit(&["run", "deck.toml"]).with(SUCCESS);
    let convert = |from: &str, to: &str| work.frit(&["convert", from, to]).with(SUCCESS);
    convert("deck.run/trajectory.0000.xyz.zst", "a.xyz").says(&["3 frames"]);
    for name in ["b.xyz.zst", "b.lammpstrj", "b.dump.zst"] {
        convert("a.xyz", name);
        convert(name, "back.xyz");
        let (first, back) = (
            Frame::read_all(&work, "a.xyz"),
            Frame::read_all(&work, "back.xyz"),
        );
        assert_eq!(back.len(), 3, "{name}");
        for (first, back) in first.iter().zip(&back) {
            for column in ["species", "pos", "id", "velo"] {
                assert_eq!(
                    first.column(column),
                    back.column(column),
                    "{name}: {column}"
                );
            }
        }
        if name.contains("xyz") {
            assert_eq!(work.read("a.xyz"), work.read("back.xyz"));
        }
    }
    // A file may be replaced by its own conversion.
    convert("a.xyz", "a.xyz");
    assert_eq!(Frame::read_all(&work, "a.xyz").len(), 3);
}

#[test]
fn types_get_their_species_by_name() {
    let work = Work::new();
    let dump = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n\
                ITEM: ATOMS id type x y z\n1 2 1 1 1\n2 1 4 4 4\n";
    work.write("types.lammpstrj", dump);
    work.frit(&["convert", "types.lammpstrj", "a.xyz", "--species", "Pt,Fe"])
        .with(SUCCESS);
    assert_eq!(
        Frame::read(&work, "a.xyz").column("species"),
        [["Fe"], ["Pt"]]
    );
    // Too few names: the type keeps its number for a name, with a warning.
    work.frit(&["convert", "types.lammpstrj", "b.xyz", "--species", "Pt"])
        .with(SUCCESS)
        .says(&["warning: type 2"]);
    assert_eq!(
        Frame::read(&work, "b.xyz").column("species"),
        [["2"], ["Pt"]]
    );
}

// ----- potential

#[test]
fn the_shipped_tables_are_those_that_frit_makes() {
    let work = Work::new();
    for (elements, shipped) in [
        (&["Pt", "Fe"][..], "Zhou-2004-PtFe.eam.alloy"),
        (&["Pt", "Fe", "Cu", "Ni"], "Zhou-2004-PtFeCuNi.eam.alloy"),
    ] {
        let arguments = [
            &["potential", "zhou2004"],
            elements,
            &["-o", "out.eam.alloy"],
        ]
        .concat();
        work.frit(&arguments).with(SUCCESS);
        let shipped = fs::read_to_string(repository().join("potentials").join(shipped)).unwrap();
        assert!(work.read("out.eam.alloy") == shipped, "{elements:?}");
    }
}

// ----- extended XYZ, as far as these tests need it

/// A frame of extended XYZ, as texts; read here anew, so that frit does not check itself.
struct Frame {
    comment: String,
    properties: Vec<(String, usize)>,
    rows: Vec<Vec<String>>,
}

impl Frame {
    fn read(work: &Work, name: &str) -> Self {
        Self::read_all(work, name).remove(0)
    }

    fn read_all(work: &Work, name: &str) -> Vec<Self> {
        let text = work.read(name);
        let mut lines = text.lines();
        let mut frames = Vec::new();
        while let Some(count) = lines.next() {
            let comment = lines.next().unwrap().to_owned();
            let count: usize = count.trim().parse().unwrap();
            let split = |line: &str| line.split_whitespace().map(str::to_owned).collect();
            let rows = lines.by_ref().take(count).map(split).collect();
            let mut frame = Self {
                comment,
                properties: Vec::new(),
                rows,
            };
            let description = frame.attribute("Properties").unwrap();
            let parts: Vec<&str> = description.split(':').collect();
            frame.properties = parts
                .chunks(3)
                .map(|part| (part[0].to_owned(), part[2].parse().unwrap()))
                .collect();
            frames.push(frame);
        }
        frames
    }

    fn attribute(&self, key: &str) -> Option<String> {
        let (_, rest) = self.comment.split_once(&format!("{key}="))?;
        Some(match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?.to_owned(),
            None => rest.split(' ').next()?.to_owned(),
        })
    }

    fn tensor(&self, key: &str) -> Vec<f64> {
        let text = self.attribute(key).unwrap();
        text.split(' ')
            .map(|number| number.parse().unwrap())
            .collect()
    }

    fn column(&self, name: &str) -> Vec<Vec<String>> {
        let place = self.properties.iter().position(|(one, _)| one == name);
        let place = place.unwrap_or_else(|| panic!("no {name} in {}", self.comment));
        let begin: usize = self.properties[..place]
            .iter()
            .map(|(_, width)| width)
            .sum();
        let end = begin + self.properties[place].1;
        self.rows
            .iter()
            .map(|row| row[begin..end].to_vec())
            .collect()
    }

    fn numbers(&self, name: &str) -> Vec<Vec<f64>> {
        let parse = |text: &String| text.parse().unwrap();
        let column = self.column(name);
        column
            .iter()
            .map(|row| row.iter().map(parse).collect())
            .collect()
    }

    /// Energies of the atoms add to the energy; forces, which have no outer source, to nothing.
    #[track_caller]
    fn assert_sums(&self, context: &str) {
        let energy: f64 = self.attribute("energy").unwrap().parse().unwrap();
        let sum: f64 = self.numbers("local_energy").iter().flatten().sum();
        assert!(energy < 0.0, "{context}: {energy}");
        assert!((energy - sum).abs() < ROUNDING, "{context}: {energy} {sum}");
        let forces = self.numbers("forces");
        for axis in 0..3 {
            let total: f64 = forces.iter().map(|force| force[axis]).sum();
            assert!(total.abs() < ROUNDING, "{context}: {total}");
        }
    }
}

/// A file of many frames, long enough to convert that it can be caught in the act.
#[cfg(unix)]
fn long_trajectory(frames: usize, name: &str) -> String {
    let atom = format!("{name} 0.25 1.5 2.75\n");
    let frame = format!("2000\n\n{}", atom.repeat(2000));
    frame.repeat(frames)
}

/// Whichever is the last, the file is one of the two, whole.
#[cfg(unix)]
#[test]
fn two_conversions_into_one_file_do_not_mix() {
    let work = Work::new();
    let mut children: Vec<_> = ["Pt", "Fe"]
        .into_iter()
        .map(|name| {
            let input = format!("{name}.xyz");
            work.write(&input, long_trajectory(40, name));
            (work.command(&["convert", &input, "out.xyz"]).spawn()).unwrap()
        })
        .collect();
    for child in &mut children {
        assert_eq!(common::wait(child), Some(SUCCESS));
    }
    let frames = Frame::read_all(&work, "out.xyz");
    assert_eq!(frames.len(), 40);
    let names: std::collections::BTreeSet<_> = frames
        .iter()
        .flat_map(|frame| frame.column("species"))
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(work.names("."), ["Fe.xyz", "Pt.xyz", "out.xyz"]);
}

#[cfg(unix)]
#[test]
fn a_conversion_ended_by_a_signal_leaves_nothing() {
    for name in ["INT", "TERM"] {
        let work = Work::new();
        work.write("in.xyz", long_trajectory(400, "Pt"));
        let mut child = work
            .command(&["convert", "in.xyz", "out.xyz"])
            .spawn()
            .unwrap();
        let begin = std::time::Instant::now();
        while work.names(".").len() < 2 {
            assert!(begin.elapsed().as_secs() < 60, "nothing is written");
        }
        common::signal(name, &child);
        assert_eq!(common::wait(&mut child), None, "the signal ends it");
        assert_eq!(work.names("."), ["in.xyz"]);
    }
}

/// Nobody writes into the pipe: to open it would be to wait for ever.
#[cfg(unix)]
#[test]
fn pipes_are_refused() {
    let work = Work::with_deck(&small_deck());
    for name in ["pipe.xyz", "pipe.toml"] {
        let made = std::process::Command::new("mkfifo")
            .arg(work.path(name))
            .status();
        assert!(made.unwrap().success());
    }
    work.frit(&["convert", "pipe.xyz", "out.xyz"])
        .with(USAGE)
        .says(&["cannot open", "pipe.xyz", "it is a pipe"]);
    work.frit(&["check", "pipe.toml"])
        .with(USAGE)
        .says(&["cannot read the deck pipe.toml", "it is a pipe"]);
    assert_eq!(work.names("."), ["deck.toml", "pipe.toml", "pipe.xyz"]);
}

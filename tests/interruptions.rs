//! A run may be interrupted anywhere, any number of times, and continued with any number of
//! threads: it leaves the files of a run in one go, byte for byte.
//!
//! Every deck is run once with one thread and without interruption. Then it is run again and
//! interrupted: by the signals that frit answers with a checkpoint, and by SIGKILL, which leaves
//! files as they happen to be. `summary.json` is compared without its timings.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]
#![cfg(unix)]

mod common;

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::{Choices, Work, assert_same_results, await_change, json, signal, wait};

/// Exit code of a run that a signal interrupted.
const INTERRUPTED: i32 = 75;
/// How often a run is killed before it may finish.
const KILLS: usize = 6;

/// A pair, each particle alone with Langevin noise, then rescaled: every file that a run can write,
/// compressed segments among them.
#[test]
fn a_pair_with_langevin_and_bussi() {
    survives("pair", &pair_deck());
}

/// Noise on particles with pinned centres, then tethers to places that only the checkpoint knows.
#[test]
fn held_centres() {
    let deck = pair_deck()
        .replace(
            "ensemble.langevin",
            "centres.pinned = {}\nensemble.langevin",
        )
        .replace(
            "ensemble.bussi",
            "centres.tethered.stiffness = \"1 eV/Å^2\"\nensemble.bussi",
        );
    survives("held", &deck);
}

/// Frozen atoms, springs, forces and a wall, all on atoms and places found when the stage began.
#[test]
fn groups_and_what_acts_on_them() {
    let deck = pair_deck().replace(
        "ensemble.bussi",
        r#"freeze = ["left"]
spring.iron.stiffness = "2 eV/Å^2"
force.second = { total = ["-0.1 eV/Å", "0 eV/Å", "0 eV/Å"] }
wall.support = { side = "-z", distance = "2.5 Å", epsilon = "0.2 eV", sigma = "2.5 Å" }
ensemble.bussi"#,
    ) + r#"
[group]
left = { particle = "first", slab = { axis = "x", to = "-8 Å" } }
iron = { elements = ["Fe"], ids = [1, 40] }
second.particle = "second"
"#;
    survives("groups", &deck);
}

/// Exchanges of unlike atoms: counts and energies of attempts, and what they did to the list.
#[test]
fn exchanges_of_atoms() {
    let swap = "swap = { every = \"7 steps\", attempts = 3, temperature = \"1473 K\" }\n";
    let deck = pair_deck()
        .replace("ensemble.", &format!("{swap}ensemble."))
        // Exchanges leave the small hot particles in other shapes.
        .replace("gap = \"3 Å\"", "gap = \"5 Å\"")
        .replace("steps = 500", "steps = 200");
    survives("exchanges", &deck);
}

/// A stage that a neck ends, caught before, at and after its last step, and one that it forestalls.
#[test]
fn a_neck_ends_a_stage() {
    let until = "until = \"neck\"\nensemble.bussi.temperature = \"1473 K\"\n";
    let after = "\n[[stage]]\nname = \"after\"\nsteps = 60\ntimestep = \"2 fs\"\n";
    let again = after.replace("after", "again").replace("60", "500");
    let deck = pair_deck()
        .replace(
            "ensemble.bussi.temperature = \"1473 K\"\n",
            &format!("{until}{again}{until}{after}ensemble.nve = {{}}\n"),
        )
        .replace("every = \"17 steps\"", "every = \"5 steps\"");
    let work = survives("until", &deck);
    let summary = json(&work.path("truth/summary.json"));
    let steps = |phase: usize| summary["phases"][phase]["steps"].as_u64().unwrap();
    assert!((50..500).contains(&steps(2)), "{summary}");
    assert_eq!([steps(3), steps(4)], [0, 60]);
    assert_eq!(summary["steps"], steps(2) + 60);
    // The condition is looked at after every step, the bonds every 5.
    let confirmed = summary["neck"]["confirmed_ps"].as_f64().unwrap();
    assert_eq!((confirmed / 0.002).round() as u64, steps(2));
}

/// A pair with every observer of atoms, whose state and tables must survive, and their columns.
#[test]
fn a_pair_with_all_observers() {
    survives("observers", &common::observed_pair());
}

/// Constant energy in a periodic cell, plain text; the list is rebuilt and its skin tuned.
#[test]
fn constant_energy_with_plain_segments() {
    let deck = common::LENNARD_JONES.to_owned()
        + &common::bulk(3)
        + r#"
[[stage]]
name = "melt"
steps = 1500
timestep = "3 fs"
velocities.temperature = "6000 K"
ensemble.nve = {}

[observe]
table.every = "10 steps"
trajectory = { every = "40 steps", compress = false }

[checkpoint]
every = "31 steps"
"#;
    survives("nve", &deck);
}

/// A chain of thermostats has a state of its own; MEAM; a dump as plain text.
#[test]
fn nose_hoover_with_plain_dumps() {
    let deck = common::meam()
        + r#"
[structure.bulk]
lattice = "fcc"
constant = "3.92 Å"
repeat = [2, 2, 3]
composition = { Pt = 0.75, Fe = 0.25 }

[[stage]]
name = "heat"
steps = 120
timestep = "2 fs"
velocities.temperature = "600 K"
ensemble.nose-hoover = { temperature = "600 K", temperature-end = "1500 K" }

[[stage]]
name = "hold"
steps = 120
timestep = "1 fs"
ensemble.nose-hoover.temperature = "1500 K"

[observe]
table.every = "10 steps"
trajectory = { every = "20 steps", format = "lammps-dump", compress = false, columns = ["id", "velocity", "image"] }

[checkpoint]
every = "7 steps"
"#;
    survives("nose-hoover", &deck);
}

/// The cell moves; compressed dumps.
#[test]
fn constant_pressure_with_compressed_dumps() {
    let deck = common::eam()
        + r#"
[structure.bulk]
lattice = "fcc"
constant = "3.92 Å"
repeat = [3, 3, 3]
composition = { Pt = 0.5, Fe = 0.5 }

[[stage]]
name = "squeeze"
steps = 400
timestep = "2 fs"
velocities.temperature = "900 K"
ensemble.npt = { temperature = "900 K", pressure = "1 bar", pressure-end = "2 GPa" }

[observe]
table.every = "10 steps"
trajectory = { every = "20 steps", format = "lammps-dump", columns = ["id", "force"] }

[checkpoint]
every = "13 steps"
"#;
    survives("npt", &deck);
}

/// Particles that react, migrate, merge and ripen, with every file that they write.
#[test]
fn a_population_of_migrating_particles() {
    let deck = r#"
[migration]
particles = 60
duration = "1.2 s"
sizes.mean = "4 nm"
support = { edge = "100 nm", capture_gap = "0.5 nm" }
ripening.time = "20 s"
imaging.localisation = "0.1 nm"
observe = { table = "10 steps", particles = "20 steps", surfaces = "50 steps", surface_count = 2 }

[checkpoint]
every = "17 steps"
"#;
    survives("migration", deck);
}

/// Adatoms from two kinds of particles, in random times, heated and cooled, with every file that
/// they write.
#[test]
fn adatoms_that_disperse_and_gather() {
    let deck = r#"
[redispersion]
side = 40
residence = "random"
cycles = 2
observe = { table = "10000 steps", atoms = "50000 steps" }

[[redispersion.particles]]
name = "dense"
size = [40, 20]
grid = [4, 2]
atoms = 20

[[redispersion.particles]]
name = "sparse"
first = [0, 20]
size = [40, 20]
grid = [2, 1]
atoms = 8

[[redispersion.stage]]
temperature = "473 K"
events = 1_500_000

[[redispersion.stage]]
temperature = "600 K"
events = 1_234

[[redispersion.stage]]
temperature = "473 K"
temperature_end = "773 K"
events = 1_500_000

[checkpoint]
every = "70000 steps"
"#;
    survives("redispersion", deck);
}

/// Adatoms in stages that last times, looked at at times: events, looks and ends never coincide.
#[test]
fn adatoms_in_stages_of_physical_time() {
    let deck = r#"
[redispersion]
side = 40
atoms = 96
residence = "random"
observe = { table = "0.7 ns", atoms = "31 ns" }

[[redispersion.stage]]
temperature = "573 K"
duration = "3 µs"

[[redispersion.stage]]
temperature = "773 K"
duration = "1 ps"

[[redispersion.stage]]
temperature = "573 K"
temperature_end = "773 K"
duration = "3 µs"

[checkpoint]
every = "70000 steps"
"#;
    survives("times", deck);
}

/// A particle that eats its way through its support in a gas that it uses up, with every file.
#[test]
fn a_looping_particle() {
    let deck = r#"
[looping]
duration = "120 s"
temperature = "700 °C"
gas.flow = "1e-21 m^3/s"
observe = { table = "10 steps", lattice = "70 steps" }

[checkpoint]
every = "29 steps"
"#;
    survives("looping", deck);
}

/// A sheared cell from a file, periodic in two directions, with its atoms in no order.
#[test]
fn a_triclinic_slab_from_a_file() {
    let deck = common::eam()
        + r#"
[structure.file]
path = "slab.xyz"

[[stage]]
name = "shake"
steps = 200
timestep = "2 fs"
velocities.temperature = "800 K"
ensemble.langevin = { temperature = "800 K", temperature-end = "1200 K" }

[[stage]]
name = "hold"
steps = 200
timestep = "2 fs"
ensemble.bussi.temperature = "1200 K"

[observe]
table.every = "10 steps"
trajectory = { every = "25 steps", columns = ["id", "velocity", "image"] }

[checkpoint]
every = "11 steps"
"#;
    survives("triclinic", &deck);
}

/// Minimisations before, between and after stages of dynamics, killed in the middle.
#[test]
fn minimisations_before_between_and_after_dynamics() {
    let deck = common::eam()
        + r#"
[structure.particle]
cube = { lattice = "fcc", constant = "3.92 Å", atoms = 100 }
composition = { Pt = 0.5, Fe = 0.5 }
adatoms = { coverage = 0.3, facets = ["+x", "-z"] }

[[stage]]
name = "relax"
minimise.fire = { force-tolerance = "1e-2 eV/Å", steps = 200 }

[[stage]]
name = "anneal"
steps = 250
timestep = "2 fs"
velocities.temperature = "900 K"
ensemble.langevin.temperature = "900 K"

[[stage]]
name = "quench"
minimise.lbfgs = { force-tolerance = "1e-3 eV/Å", steps = 300 }

[[stage]]
name = "again"
steps = 100
timestep = "2 fs"
velocities.temperature = "300 K"
ensemble.nve = {}

[observe]
table.every = "10 steps"
trajectory = { every = "50 steps" }

[checkpoint]
every = "20 steps"
"#;
    survives("minimise", &deck);
}

/// The paper's protocol, made small: killed while the first particle is equilibrated, the second,
/// and while the pair sinters.
#[test]
fn the_protocol_of_the_necking_paper_survives_a_kill_in_each_phase() {
    let deck = common::repository().join("inputs/necking/figure-7.toml");
    let deck = deck.display().to_string();
    let work = Work::new();
    let start = |out: &str, threads: &str| {
        let mut arguments = vec!["run", &deck, "--out", out, "--threads", threads];
        for small in [
            "structure.pair.particle.wulff.atoms=807",
            "stage.equilibrate.duration='0.2 ps'",
            "stage.sinter.duration='0.2 ps'",
            "checkpoint.every='10 steps'",
        ] {
            arguments.extend(["--set", small]);
        }
        let log = fs::File::create(work.path(&format!("{out}.log"))).unwrap();
        let mut command = work.command(&arguments);
        command.stdout(Stdio::null()).stderr(log).spawn().unwrap()
    };
    assert_eq!(wait(&mut start("truth", "1")), Some(0));
    let path = work.path("kills/checkpoint.frit");
    for (phase, threads) in [(0, "2"), (1, "1"), (2, "3")] {
        let mut run = start("kills", threads);
        loop {
            let is_there = frit_io::Checkpoint::read(&path).is_ok_and(|checkpoint| {
                let is_under_way = checkpoint.contains("motion.position");
                is_under_way && checkpoint.get_u64s("phase").unwrap() == [phase]
            });
            if is_there {
                break;
            }
            assert!(
                run.try_wait().unwrap().is_none(),
                "{}",
                work.read("kills.log")
            );
            thread::sleep(Duration::from_millis(1));
        }
        run.kill().unwrap();
        assert_eq!(wait(&mut run), None, "killed in phase {phase}");
    }
    assert_eq!(wait(&mut start("kills", "2")), Some(0));
    let log = work.read("kills.log");
    assert!(log.contains("continuing sinter after step"), "{log}");
    assert_same_results(&work.path("truth"), &work.path("kills"), "figure 7");
}

/// A minimisation goes on where it was, with what it remembers of its way, springs and all.
#[test]
fn a_long_minimisation_goes_on_where_it_was() {
    for method in ["fire", "lbfgs"] {
        let deck = common::eam()
            + &format!(
                r#"
[structure.particle]
cube = {{ lattice = "fcc", constant = "3.7 Å", atoms = 500 }}
composition = {{ Pt = 0.5, Fe = 0.5 }}

[group]
iron.elements = ["Fe"]

[[stage]]
name = "relax"
minimise.{method} = {{ force-tolerance = "1e-9 eV/Å", steps = 150 }}
spring.iron.stiffness = "0.2 eV/Å^2"

[checkpoint]
every = "3 steps"
"#
            );
        let work = Work::with_deck(&deck);
        run_in_one_go(&work);
        let mut continued = 0;
        for threads in 1..4 {
            let mut run = start(&work, "often", threads);
            await_change(&work.path("often/checkpoint.frit"), &mut run);
            signal("USR1", &run);
            assert_eq!(wait(&mut run), Some(INTERRUPTED));
            let log = work.read("often.log");
            let step = log.split("continuing relax after step ").nth(1);
            continued += usize::from(step.is_some_and(|step| !step.starts_with('0')));
        }
        assert_eq!(continued, 2, "the first attempt alone begins at the start");
        assert_eq!(wait(&mut start(&work, "often", 2)), Some(0));
        assert_same_results(&work.path("truth"), &work.path("often"), method);
    }
}

/// The skin is tuned from counts of evaluations: an evaluation too many at each start would show.
#[test]
fn a_tuned_skin_does_not_notice_many_interruptions() {
    const INTERRUPTIONS: usize = 40;
    let deck = common::eam()
        + r#"
[structure.bulk]
lattice = "fcc"
constant = "3.95 Å"
repeat = [3, 3, 3]
composition = { Pt = 0.5, Fe = 0.5 }

[[stage]]
name = "melt"
steps = 1500
timestep = "2 fs"
velocities.temperature = "3000 K"
ensemble.langevin = { temperature = "3000 K", friction = "5 1/ps" }

[observe]
table.every = "10 steps"

[checkpoint]
every = "2 steps"
"#;
    let work = Work::with_deck(&deck);
    run_in_one_go(&work);
    let mut interrupted = 0;
    for attempt in 0..INTERRUPTIONS {
        let mut run = start(&work, "often", 1 + attempt % 3);
        await_change(&work.path("often/checkpoint.frit"), &mut run);
        signal("USR1", &run);
        match wait(&mut run) {
            Some(INTERRUPTED) => interrupted += 1,
            code => {
                assert_eq!(code, Some(0));
                break;
            }
        }
    }
    println!("interrupted {interrupted} times");
    assert!(interrupted > INTERRUPTIONS / 2, "{interrupted}");
    if !work.path("often/summary.json").exists() {
        assert_eq!(wait(&mut start(&work, "often", 2)), Some(0));
    }
    assert_same_results(
        &work.path("truth"),
        &work.path("often"),
        "often interrupted",
    );
}

/// Another processor may have another kernel: the run goes on, and says what that means.
#[test]
fn another_kernel_continues_with_a_warning() {
    let work = Work::with_deck(&pair_deck());
    let mut run = start(&work, "moved", 1);
    let path = work.path("moved/checkpoint.frit");
    common::await_file(&path);
    signal("USR1", &run);
    assert_eq!(wait(&mut run), Some(INTERRUPTED));
    let mut checkpoint = frit_io::Checkpoint::read(&path).unwrap();
    checkpoint.put_text("kernel", "neon");
    checkpoint.write(&path).unwrap();
    work.frit(&["run", "deck.toml", "--out", "moved"])
        .with(0)
        .says(&["begun with the kernel neon", "the bits of its trajectory"]);
}

/// What is left when the last files cannot be written is enough to write them later.
#[test]
fn a_failure_in_the_last_moment_can_be_mended() {
    let work = Work::with_deck(
        &(common::small_deck()
            + "trajectory.every = \"5 steps\"\n[checkpoint]\nevery = \"7 steps\"\n"),
    );
    work.frit(&["run", "deck.toml", "--out", "truth"]).with(0);
    let obstacle = work.obstruct("late");
    work.frit(&["run", "deck.toml", "--out", "late"])
        .with(1)
        .says(&["plots"]);
    assert!(!work.path("late/summary.json").exists());
    fs::remove_file(obstacle).unwrap();
    // As processes that were killed leave them.
    let left = ["final.xyz.1-0.unfinished", "summary.json.12-3.unfinished"];
    for name in left {
        work.write(&format!("late/{name}"), "half");
    }
    work.frit(&["run", "deck.toml", "--out", "late"]).with(0);
    assert_same_results(&work.path("truth"), &work.path("late"), "obstructed");
    for name in left {
        assert!(!work.path("late").join(name).exists(), "{name}");
    }
}

/// Runs that find their particles equilibrated write what they would have written without.
#[test]
fn a_cache_of_particles_leaves_no_trace() {
    let work = Work::with_deck(&pair_deck());
    run_in_one_go(&work);
    let run = |out: &str, gap: &str, rest: &[&str]| {
        let gap = format!("structure.pair.gap={gap}");
        let arguments = ["run", "deck.toml", "--set", &gap, "--out", out];
        work.frit(&[&arguments, rest].concat()).with(0)
    };
    let taken = [
        "particle 1: 150 steps of equilibration taken from",
        "particle 2: 150 steps",
    ];
    let cached = ["--cache", "kept"];
    run("fills", "3 Å", &cached);
    assert_eq!(
        work.names("kept")
            .iter()
            .filter(|name| name.ends_with(".frit"))
            .count(),
        2
    );
    run("finds", "3 Å", &cached).says(&taken);
    for out in ["fills", "finds"] {
        assert_same_results(&work.path("truth"), &work.path(out), out);
    }
    run("wider", "4 Å", &cached).says(&taken);
    let plain = run("computed", "4 Å", &["--no-cache"]);
    assert!(!plain.stderr.contains("taken from"), "{}", plain.stderr);
    assert_same_results(&work.path("computed"), &work.path("wider"), "another gap");
    // Other random numbers are another particle, and damage is computed anew.
    let other = work.frit(&[
        "run",
        "deck.toml",
        "--set",
        "seed=5",
        "--cache",
        "kept",
        "--out",
        "other",
    ]);
    assert!(!other.with(0).stderr.contains("taken from"));
    for name in work
        .names("kept")
        .iter()
        .filter(|name| name.ends_with(".frit"))
    {
        work.write(&format!("kept/{name}"), "half");
    }
    run("mended", "3 Å", &cached).says(&["is not used"]);
    assert_same_results(&work.path("truth"), &work.path("mended"), "damaged entries");
}

/// As [`a_pair_with_langevin_and_bussi`], killed again and again.
#[test]
fn a_pair_killed_dozens_of_times() {
    const TIMES: usize = 100;
    let mut choices = Choices::seeded("dozens of kills");
    let work = Work::with_deck(&pair_deck());
    let duration = run_in_one_go(&work);
    kill(&work, duration.mul_f64(0.15), TIMES, &mut choices);
    assert_same_results(&work.path("truth"), &work.path("kills"), "dozens of kills");
}

fn pair_deck() -> String {
    common::eam()
        + r#"
[structure.pair]
gap = "3 Å"
particle = { cube = { lattice = "fcc", constant = "3.92 Å", atoms = 60 }, composition = { Pt = 0.85, Fe = 0.15 } }

[[stage]]
name = "equilibrate"
on = "each-particle"
steps = 150
timestep = "2 fs"
velocities.temperature = "1473 K"
ensemble.langevin = { temperature = "1473 K", friction = "2 1/ps" }

[[stage]]
name = "sinter"
steps = 500
timestep = "2 fs"
ensemble.bussi.temperature = "1473 K"

[observe]
table.every = "10 steps"
neck = { every = "5 steps", bonds = 5, hold = "0.1 ps" }
trajectory = { every = "50 steps", columns = ["id", "velocity", "force", "energy", "mass", "image", "particle"] }

[checkpoint]
every = "17 steps"
"#
}

/// Compares runs that are interrupted in many ways with one that is not.
fn survives(name: &str, deck: &str) -> Work {
    let mut choices = Choices::seeded(name);
    let work = Work::with_deck(deck);
    work.write("slab.xyz", slab());
    let duration = run_in_one_go(&work);
    let truth = work.path("truth");
    interrupt_with_signals(&work, &mut choices);
    assert_same_results(&truth, &work.path("signals"), &format!("{name}, signals"));
    kill(&work, duration.mul_f64(0.6), KILLS, &mut choices);
    assert_same_results(&truth, &work.path("kills"), &format!("{name}, kills"));
    work
}

/// The truth: one thread, no interruption. Returns how long it took.
fn run_in_one_go(work: &Work) -> Duration {
    let begin = Instant::now();
    work.frit(&["--threads", "1", "run", "deck.toml", "--out", "truth"])
        .with(0);
    begin.elapsed()
}

/// Interrupts a run with each of the signals, some checkpoints after each start, then lets it end.
fn interrupt_with_signals(work: &Work, choices: &mut Choices) {
    for (name, threads) in [("USR1", 2), ("TERM", 3), ("INT", 1)] {
        let mut run = start(work, "signals", threads);
        let checkpoint = work.path("signals/checkpoint.frit");
        for _ in 0..=choices.below(3) {
            await_change(&checkpoint, &mut run);
        }
        thread::sleep(Duration::from_micros(choices.below(3000) as u64));
        signal(name, &run);
        assert_eq!(wait(&mut run), Some(INTERRUPTED), "after SIG{name}");
        assert!(checkpoint.exists());
        assert!(!work.path("signals/summary.json").exists());
    }
    assert_eq!(wait(&mut start(work, "signals", 2)), Some(0));
    let manifest = json(&work.path("signals/manifest.json"));
    assert_eq!(manifest["attempts"].as_array().unwrap().len(), 4);
}

/// Kills a run at random moments, each at most so long after its start, then lets it end.
fn kill(work: &Work, mut longest: Duration, times: usize, choices: &mut Choices) {
    let mut killed = 0;
    for attempt in 0..times {
        // Killed between its last file and its end, as it can be: nothing is left to continue.
        if work.path("kills/summary.json").exists() {
            break;
        }
        let mut run = start(work, "kills", 1 + attempt % 3);
        thread::sleep(longest.mul_f64(choices.uniform()));
        run.kill().unwrap();
        match wait(&mut run) {
            None => killed += 1,
            Some(code) => {
                assert_eq!(code, 0);
                if killed > 0 {
                    break;
                }
                // It was faster than the truth, by far: again, with less time.
                fs::remove_dir_all(work.path("kills")).unwrap();
                longest /= 2;
            }
        }
    }
    println!("killed {killed} times");
    assert!(killed > 0, "the run was never caught");
    if !work.path("kills/summary.json").exists() {
        assert_eq!(wait(&mut start(work, "kills", 2)), Some(0));
    }
}

fn start(work: &Work, out: &str, threads: usize) -> Child {
    let log = fs::File::create(work.path(&format!("{out}.log"))).unwrap();
    work.command(&[
        "run",
        "deck.toml",
        "--out",
        out,
        "--threads",
        &threads.to_string(),
    ])
    .stdout(Stdio::null())
    .stderr(log)
    .spawn()
    .unwrap()
}

/// A sheared slab of 150 Pt and Fe atoms, slightly disordered, its lines shuffled.
fn slab() -> String {
    const CONSTANT: f64 = 3.92;
    /// Primitive vectors of fcc, in units of half the constant: a cell without a right angle.
    const PRIMITIVE: [[f64; 3]; 3] = [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]];
    const REPEAT: [usize; 3] = [6, 5, 5];
    let mut choices = Choices::fixed(7);
    let half = CONSTANT / 2.0;
    let mut lines = Vec::new();
    for (i, j, k) in indices(REPEAT) {
        let mut at = [0.0; 3];
        for (count, vector) in [i, j, k].into_iter().zip(PRIMITIVE) {
            for axis in 0..3 {
                at[axis] += half * count as f64 * vector[axis];
            }
        }
        let [x, y, z] = at.map(|one| one + 0.1 * (choices.uniform() - 0.5));
        let species = if choices.uniform() < 0.85 { "Pt" } else { "Fe" };
        let id = lines.len() + 1;
        lines.push(format!("{species} {x:.8} {y:.8} {z:.8} {id}"));
    }
    for place in (1..lines.len()).rev() {
        let other = choices.below(place + 1);
        lines.swap(place, other);
    }
    let lattice: Vec<String> = PRIMITIVE
        .iter()
        .zip(REPEAT)
        .flat_map(|(vector, count)| vector.map(|one| (one * half * count as f64).to_string()))
        .collect();
    format!(
        "{}\nLattice=\"{}\" Properties=species:S:1:pos:R:3:id:I:1 pbc=\"T T F\"\n{}\n",
        lines.len(),
        lattice.join(" "),
        lines.join("\n")
    )
}

fn indices(repeat: [usize; 3]) -> impl Iterator<Item = (usize, usize, usize)> {
    let [a, b, c] = repeat;
    (0..a).flat_map(move |i| (0..b).flat_map(move |j| (0..c).map(move |k| (i, j, k))))
}

//! Half a million atoms: built in seconds, run in less than a gibibyte.
//!
//! Measured in the release profile:
//! `cargo test --release --test scale -- --ignored --nocapture`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::{Work, json};

/// 50³ cells of fcc.
const ATOMS: u64 = 500_000;
/// The promise for building them.
const BUILD_TIME: Duration = Duration::from_secs(5);
/// The promise for running EAM: a gibibyte.
const MEMORY: u64 = 1 << 30;

fn deck() -> String {
    common::eam()
        + r#"
[structure.bulk]
lattice = "fcc"
constant = "3.92 Å"
repeat = [50, 50, 50]
composition = { Pt = 0.85, Fe = 0.15 }

[[stage]]
name = "run"
steps = 40
timestep = "2 fs"
velocities.temperature = "1473 K"
ensemble.bussi.temperature = "1473 K"

[observe]
table.every = "10 steps"
trajectory = { every = "20 steps", columns = ["id", "velocity", "force", "energy"] }

[checkpoint]
every = "20 steps"
"#
}

/// Waits for a process; its exit code, how long it took, and its largest memory [bytes].
///
/// The kernel keeps the largest resident size of a living process (`VmHWM` in `proc_pid_status(5)`).
fn watch(mut child: Child) -> (Option<i32>, Duration, u64) {
    let begin = Instant::now();
    let status = format!("/proc/{}/status", child.id());
    let mut largest = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        largest = largest.max(kilobytes.unwrap_or(0) * 1024);
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), begin.elapsed(), largest);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[ignore = "slow: half a million atoms; for the release profile"]
fn half_a_million_atoms_are_built_in_seconds_and_run_in_a_gibibyte() {
    let work = Work::with_deck(&deck());
    let start = |arguments: &[&str]| {
        let mut command = work.command(arguments);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mebibytes = |bytes: u64| bytes / (1 << 20);
    for name in ["atoms.xyz", "atoms.data"] {
        let (code, time, memory) = watch(start(&["build", "deck.toml", "-o", name]));
        println!("build {name}: {time:.2?}, {} MiB", mebibytes(memory));
        assert_eq!(code, Some(0));
        assert!(time < BUILD_TIME, "{name}: {time:?}");
    }
    let (code, time, memory) = watch(start(&["run", "deck.toml", "--out", "run"]));
    assert_eq!(code, Some(0));
    let summary = json(&work.path("run/summary.json"));
    let rate = summary["atom_steps_per_second"].as_f64().unwrap();
    println!(
        "run: {time:.2?} for {} steps, {} MiB, {:.3} µs per atom and step with {} threads",
        summary["steps"],
        mebibytes(memory),
        1e6 / rate,
        summary["threads"]
    );
    assert_eq!(summary["atoms"].as_u64(), Some(ATOMS));
    assert!(memory < MEMORY, "{} MiB", mebibytes(memory));
}

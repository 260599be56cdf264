//! What the tests of the whole program share: the binary, folders to run in, small decks.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A command that takes longer hangs: the slowest deck here needs a few seconds on a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of `potentials/`.
pub(crate) fn potential(name: &str) -> String {
    repository()
        .join("potentials")
        .join(name)
        .display()
        .to_string()
}

/// `[potential.eam]` with the shipped tables of Zhou 2004.
pub(crate) fn eam() -> String {
    let file = potential("Zhou-2004-PtFe.eam.alloy");
    format!("[potential.eam]\nfile = \"{file}\"\n")
}

/// `[potential.meam]` with the shipped Pt-Fe set.
pub(crate) fn meam() -> String {
    format!(
        "[potential.meam]\nlibrary = \"{}\"\nparameters = \"{}\"\nelements = [\"Pt\", \"Fe\"]\n",
        potential("Kim-2006-PtFe.library.meam"),
        potential("Kim-2006-PtFe.meam"),
    )
}

/// A Lennard-Jones model of Pt.
pub(crate) const LENNARD_JONES: &str = "\
[potential.lennard-jones]
cutoff = \"6 Å\"
pair.Pt-Pt = { epsilon = \"0.52 eV\", sigma = \"2.54 Å\" }
";

/// A periodic crystal of `4 n³` Pt atoms at rest, ready for Lennard-Jones.
pub(crate) fn bulk(cells: usize) -> String {
    format!(
        "[structure.bulk]\nlattice = \"fcc\"\nconstant = \"3.92 Å\"\n\
         repeat = [{cells}, {cells}, {cells}]\ncomposition = {{ Pt = 1.0 }}\n"
    )
}

/// A run of 20 steps that ends well within a second.
pub(crate) fn small_deck() -> String {
    format!(
        "{LENNARD_JONES}{}\n[[stage]]\nname = \"run\"\nsteps = 20\ntimestep = \"1 fs\"\n\
         velocities.temperature = \"300 K\"\nensemble.nve = {{}}\n\n\
         [observe]\ntable.every = \"5 steps\"\n",
        bulk(3)
    )
}

/// A small pair with adatoms, seen by every observer of atoms whenever a frame is written.
pub(crate) fn observed_pair() -> String {
    let plain = [
        "coordination",
        "structure",
        "radial-distribution",
        "shape",
        "orientation",
        "surface",
        "adatoms",
        "adatom-paths",
        "detached",
        "neck-radius",
        "closing",
        "bridging",
        "facet-mass",
        "order",
        "strain",
    ];
    let observers: String = (plain.iter())
        .map(|name| format!("{name}.every = \"20 steps\"\n"))
        .collect();
    eam()
        + r#"
[structure.pair]
axis = "x"
gap = "5.5 Å"
gap-set = "cold"

[structure.pair.particle]
cube = { lattice = "fcc", constant = "3.92 Å", atoms = 250 }
composition = { Pt = 0.75, Fe = 0.25 }
adatoms = { coverage = 0.2 }

[[stage]]
name = "sinter"
steps = 400
timestep = "2 fs"
velocities.temperature = "700 K"
ensemble.bussi.temperature = "700 K"

[checkpoint]
every = "30 steps"

[observe]
diffusion = { every = "20 steps", block = "0.2 ps" }
lindemann = { every = "20 steps", window = "0.2 ps" }
neck = { every = "20 steps", bonds = 5, hold = "0.1 ps" }
trajectory = { every = "20 steps", compress = false, columns = ["id", "image", "mass", "particle", "coordination", "structure", "facet", "adatom", "shear-strain", "bridging", "hops"] }
"# + &observers
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ended {
    /// Checks the exit code, showing what the program said if it is another.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Checks that standard error holds all of these texts.
    #[track_caller]
    pub(crate) fn says(self, fragments: &[&str]) -> Self {
        // The reporter breaks lines at the width of the terminal.
        let said = flowing(&self.stderr);
        for fragment in fragments {
            let wanted = flowing(fragment);
            assert!(
                said.contains(&wanted),
                "no `{fragment}` in\n{}",
                self.stderr
            );
        }
        self
    }

    /// Checks that standard output holds all of these texts.
    #[track_caller]
    pub(crate) fn prints(self, fragments: &[&str]) -> Self {
        for fragment in fragments {
            assert!(
                self.stdout.contains(fragment),
                "no `{fragment}` in\n{}",
                self.stdout
            );
        }
        self
    }
}

/// Text without the frame and the line breaks of the error reporter.
fn flowing(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || "│╭╰─×·".contains(c));
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("")
}

/// A folder to run the program in.
pub(crate) struct Work {
    folder: TempDir,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with this text as `deck.toml`.
    pub(crate) fn with_deck(text: &str) -> Self {
        let work = Self::new();
        work.write("deck.toml", text);
        work
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The program, to be run in this folder.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frit"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            // No test finds what another has left.
            .env("FRIT_CACHE", "")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn frit<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ended {
        finish(
            self.command(arguments)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped()),
        )
    }

    /// Puts a file in the way of the plots of a run of `deck.toml` into `out`, so that it fails after
    /// all steps were made; returns its path. It stands in a directory that is known as this run's,
    /// since in any other it would be refused.
    pub(crate) fn obstruct(&self, out: &str) -> PathBuf {
        self.frit(&["run", "deck.toml", "--out", "whole"]).with(0);
        self.write(&format!("{out}/plan.toml"), self.read("whole/plan.toml"));
        fs::remove_dir_all(self.path("whole")).unwrap();
        self.write(&format!("{out}/plots"), "in the way")
    }

    /// Names of the files in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }
}

/// Names of what lies in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.unwrap().file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Runs a command to its end; a test fails if that does not come.
pub(crate) fn finish(command: &mut Command) -> Ended {
    let mut child = command.spawn().unwrap();
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let code = wait(&mut child);
    Ended {
        code,
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}

/// Waits for a process; the exit code, if it was not ended by a signal.
pub(crate) fn wait(child: &mut Child) -> Option<i32> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if begin.elapsed() > TIME_LIMIT {
            child.kill().unwrap();
            panic!("still running after {TIME_LIMIT:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until a file is there.
pub(crate) fn await_file(path: &Path) {
    let begin = Instant::now();
    while !path.exists() {
        assert!(begin.elapsed() < TIME_LIMIT, "no {}", path.display());
        thread::sleep(Duration::from_micros(200));
    }
}

/// Waits until a file that a run writes is there, or is replaced.
#[cfg(unix)]
pub(crate) fn await_change(path: &Path, run: &mut Child) {
    use std::os::unix::fs::MetadataExt;
    let stamp = |path: &Path| {
        let data = fs::metadata(path).ok()?;
        Some((data.ino(), data.mtime(), data.mtime_nsec()))
    };
    let (before, begin) = (stamp(path), Instant::now());
    while stamp(path) == before {
        assert!(begin.elapsed() < TIME_LIMIT, "{} stays", path.display());
        assert_eq!(run.try_wait().unwrap(), None, "the run has ended");
        thread::sleep(Duration::from_micros(200));
    }
}

/// Sends a signal, such as `TERM`.
#[cfg(unix)]
pub(crate) fn signal(name: &str, process: &Child) {
    // The shell has `kill` built in wherever there are signals.
    let text = format!("kill -{name} {}", process.id());
    let status = Command::new("sh").args(["-c", &text]).status().unwrap();
    assert!(status.success());
}

fn drain<R: Read + Send + 'static>(source: Option<R>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut source) = source {
            source.read_to_end(&mut bytes).unwrap();
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// All files below a folder that belong to the result of a run, by name: everything that must not
/// depend on threads and interruptions, `summary.json` without its timings. (How the deck was typed
/// is no result.)
pub(crate) fn results(run: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut results = BTreeMap::new();
    for name in names(run) {
        let path = run.join(&name);
        if path.is_dir() {
            for (inner, contents) in results_of_folder(&path) {
                results.insert(format!("{name}/{inner}"), contents);
            }
        } else if name == "summary.json" {
            results.insert(name, untimed(&path).to_string().into_bytes());
        } else if !["frit.lock", "manifest.json", "input.toml"].contains(&&*name) {
            results.insert(name, fs::read(&path).unwrap());
        }
    }
    results
}

fn results_of_folder(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| {
        let contents = fs::read(folder.join(&name)).unwrap();
        (name, contents)
    };
    names(folder).into_iter().map(read).collect()
}

/// `summary.json` without its timings.
fn untimed(path: &Path) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for timing in ["threads", "loop_seconds", "atom_steps_per_second"] {
                    map.remove(timing);
                }
                map.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut summary = json(path);
    strip(&mut summary);
    summary
}

/// A JSON file.
pub(crate) fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Checks that two runs left the same files, byte for byte.
#[track_caller]
pub(crate) fn assert_same_results(truth: &Path, run: &Path, context: &str) {
    let (truth, mut found) = (results(truth), results(run));
    // It goes after the summary is there, and a kill may come between.
    found.remove("checkpoint.frit");
    let names = |results: &BTreeMap<String, Vec<u8>>| results.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&truth), names(&found), "{context}");
    for (name, contents) in &truth {
        if contents != &found[name] {
            let text = String::from_utf8_lossy(contents);
            let other = String::from_utf8_lossy(&found[name]);
            let line = text.lines().zip(other.lines()).position(|(a, b)| a != b);
            let show = |text: &str| line.and_then(|n| text.lines().nth(n)).map(str::to_owned);
            panic!(
                "{context}: {name} differs, first in line {line:?}:\n{:?}\n{:?}",
                show(&text),
                show(&other)
            );
        }
    }
}

/// Random choices of a test, from a seed that the test prints.
#[derive(Debug)]
pub(crate) struct Choices(u64);

impl Choices {
    /// From `FRIT_TEST_SEED`, or from the clock; the seed is printed so that a failure can be
    /// repeated as far as the scheduling of processes allows.
    pub(crate) fn seeded(what: &str) -> Self {
        let seed = std::env::var("FRIT_TEST_SEED").map_or_else(
            |_| {
                let now = std::time::SystemTime::now();
                let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
                since.as_nanos() as u64
            },
            |text| text.parse().unwrap(),
        );
        println!("{what}: FRIT_TEST_SEED={seed}");
        Self(seed)
    }

    /// From a fixed seed.
    pub(crate) fn fixed(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform in 0..1 (SplitMix64, doi:10.1145/2660193.2660195).
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `0..count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.uniform() * count as f64) as usize
    }
}

//! Times MEAM's forces for two Pt85Fe15 cubes: `cargo run --release --example meam_speed [PATH]`.
//!
//! Prints microseconds per atom for each kernel path, with one thread and with all: the median of
//! many evaluations of one configuration, of forces alone and of everything.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers"
)]

use std::path::Path;
use std::time::Instant;

use frit_atoms::{Atom, Atoms, Cell, Neighbours, Species, System, Vector};
use frit_potentials::meam::{self, Meam};
use frit_potentials::{Bound, Evaluation, KernelPath, Potential, Request};

const CONSTANT: f64 = 3.93;
const CELLS: i32 = 15;
const RATTLE: f64 = 0.15;
const SKIN: f64 = 0.8;
const EVALUATIONS: usize = 31;

/// Numbers in (0, 1), the same in every run (a linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A normal deviate, as a sum of twelve uniform ones.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn cubes() -> System {
    let mut numbers = Numbers(1);
    let mut atoms = Atoms::new();
    let edge = f64::from(CELLS) * CONSTANT;
    for start in [0.0, edge + 5.5] {
        for x in 0..=2 * CELLS {
            for y in 0..=2 * CELLS {
                for z in (0..=2 * CELLS).filter(|z| (x + y + z) % 2 == 0) {
                    let site = Vector::new(f64::from(x), f64::from(y), f64::from(z));
                    let jolt = Vector::from_fn(|_, _| RATTLE * numbers.normal() / 3.0_f64.sqrt());
                    atoms.push(Atom {
                        position: 0.5 * CONSTANT * site + Vector::new(start, 0.0, 0.0) + jolt,
                        velocity: Vector::zeros(),
                        image: [0; 3],
                        species: u8::from(numbers.uniform() < 0.15),
                        id: atoms.len() as u32 + 1,
                        group: 0,
                    });
                }
            }
        }
    }
    let cell = Cell::orthogonal([2.0 * edge + 40.0, edge + 20.0, edge + 20.0], [false; 3]).unwrap();
    let species = ["Pt", "Fe"].map(|symbol| Species::of_element(symbol).unwrap());
    System::new(cell, atoms, species.to_vec()).unwrap()
}

/// Nanoseconds that this thread has run, where the system tells: other programs do not count.
fn running_time() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn time(potential: &mut Bound<Meam>, neighbours: &Neighbours, request: Request) -> String {
    let surroundings = neighbours.surroundings();
    let per_atom = 1e6 / surroundings.owned() as f64;
    let mut evaluation = Evaluation::default();
    let begin = running_time();
    let mut times: Vec<f64> = (0..EVALUATIONS)
        .map(|_| {
            let start = Instant::now();
            evaluation.clear(surroundings.owned(), request);
            potential.evaluate(&surroundings, &mut evaluation).unwrap();
            start.elapsed().as_secs_f64() * per_atom
        })
        .collect();
    let running = begin
        .zip(running_time())
        .map_or(f64::NAN, |(begin, end)| end - begin);
    times.sort_unstable_by(f64::total_cmp);
    format!(
        "{:.3} µs/atom (fastest {:.3}; this thread ran {:.3})",
        times[EVALUATIONS / 2],
        times[0],
        1e-9 * running * per_atom / EVALUATIONS as f64
    )
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../potentials");
    let library = std::fs::read_to_string(folder.join("Kim-2006-PtFe.library.meam")).unwrap();
    let parameters = std::fs::read_to_string(folder.join("Kim-2006-PtFe.meam")).unwrap();
    let parameters = meam::read(
        "library",
        &library,
        "parameters",
        &parameters,
        &["Pt", "Fe"],
    )
    .unwrap();
    let mut system = cubes();
    let wanted: Option<KernelPath> = std::env::args().nth(1).map(|name| name.parse().unwrap());
    let mut neighbours: Option<Neighbours> = None;
    for path in KernelPath::ALL {
        if !path.is_available() || wanted.is_some_and(|wanted| wanted != path) {
            continue;
        }
        let model = Meam::new(&parameters, &system.species, path).unwrap();
        let mut potential = Bound::new(model);
        let neighbours = neighbours.get_or_insert_with(|| {
            let mut made = Neighbours::new(potential.cutoff(), SKIN).unwrap();
            made.rebuild(&mut system).unwrap();
            let row = made.surroundings().list.entries() as f64 / system.atoms.len() as f64;
            println!("{} atoms, {row:.1} entries a row", system.atoms.len());
            made
        });
        for threads in [
            1,
            std::thread::available_parallelism().map_or(1, usize::from),
        ] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            for (name, request) in [("forces", Request::FORCES), ("all", Request::ALL)] {
                let report = pool.install(|| time(&mut potential, neighbours, request));
                println!("{path:>9}, {threads} threads, {name:>6}: {report}");
            }
        }
    }
}

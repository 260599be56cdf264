//! Cycles an atom of the forces, measured while nobody else uses the core.
//!
//! A virtual machine's processors are often hardware threads whose core another machine uses as well: that
//! changes from second to second, halves the speed, and no median over it compares two kernels. So a loop of
//! additions is timed before and after each evaluation. A core to itself executes six instructions a
//! cycle; one that is shared, about half as many. Only evaluations between two quiet moments count. What
//! a cycle is, a chain of multiplications tells, each of which takes three.
//!
//! ```sh
//! RAYON_NUM_THREADS=1 taskset -c 1 cargo bench -p frit-potentials --bench cycles
//! ```
//!
//! Arguments behind `--` choose potentials, paths and numbers of atoms by parts of their names.
#![expect(
    unsafe_code,
    clippy::print_stdout,
    reason = "counted instructions, and a table to print"
)]

mod support;

use std::time::{Duration, Instant};

use frit_atoms::Neighbours;
use frit_potentials::{Evaluation, KernelPath, Potential, Request};

use support::{SKIN, crystal, potentials};

/// Conventional cells along each axis: 32 000 atoms and 256 000.
const CELLS: [usize; 2] = [20, 40];
/// Instructions a cycle of a core that nobody else uses, of the six that it can execute.
const QUIET: f64 = 5.7;
/// Quiet evaluations of each kernel.
const WANTED: usize = 25;
/// How long to wait for them.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the core does at a moment.
struct Moment {
    instructions_per_cycle: f64,
    /// [Hz]
    frequency: f64,
}

impl Moment {
    #[cfg(target_arch = "x86_64")]
    fn now() -> Self {
        const ADDITIONS: u32 = 300_000;
        /// Nine additions, three that do nothing, and two of the loop's own.
        const INSTRUCTIONS: f64 = 14.0;
        const MULTIPLICATIONS: u32 = 200_000;
        let start = Instant::now();
        for _ in 0..ADDITIONS {
            // SAFETY: registers are changed, and named.
            unsafe {
                std::arch::asm!(
                    "nop", "nop", "nop",
                    "add rax, 1", "add rcx, 1", "add rdx, 1", "add rsi, 1", "add rdi, 1",
                    "add r8, 1", "add r9, 1", "add r10, 1", "add r11, 1",
                    out("rax") _, out("rcx") _, out("rdx") _, out("rsi") _, out("rdi") _,
                    out("r8") _, out("r9") _, out("r10") _, out("r11") _,
                );
            }
        }
        let additions = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let mut number = 3_u64;
        for _ in 0..MULTIPLICATIONS {
            // SAFETY: as above.
            unsafe { std::arch::asm!("imul {0}, {0}", inout(reg) number) };
        }
        std::hint::black_box(number);
        let frequency = 3.0 * f64::from(MULTIPLICATIONS) / start.elapsed().as_secs_f64();
        Self {
            instructions_per_cycle: f64::from(ADDITIONS) * INSTRUCTIONS / (additions * frequency),
            frequency,
        }
    }

    /// Takes all moments for quiet ones of a core of 1 GHz.
    #[cfg(not(target_arch = "x86_64"))]
    fn now() -> Self {
        Self {
            instructions_per_cycle: QUIET,
            frequency: 1e9,
        }
    }
}

/// The cycles an atom of quiet evaluations, in ascending order, and the number of all.
fn measure(
    potential: &mut dyn Potential,
    neighbours: &Neighbours,
    atoms: usize,
) -> (Vec<f64>, u32) {
    let mut evaluation = Evaluation::default();
    let (mut cycles, mut all) = (Vec::new(), 0);
    let start = Instant::now();
    while cycles.len() < WANTED && (start.elapsed() < PATIENCE || all < 2) {
        let before = Moment::now();
        let now = Instant::now();
        evaluation.clear(atoms, Request::FORCES);
        potential
            .evaluate(&neighbours.surroundings(), &mut evaluation)
            .expect("finite forces");
        let time = now.elapsed().as_secs_f64();
        let after = Moment::now();
        let least = before
            .instructions_per_cycle
            .min(after.instructions_per_cycle);
        // The first one prepares the memory and what lasts as long as the list.
        if all > 0 && least >= QUIET {
            cycles.push(time * 0.5 * (before.frequency + after.frequency) / atoms as f64);
        }
        all += 1;
    }
    cycles.sort_by(f64::total_cmp);
    (cycles, all)
}

fn main() {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    println!(
        "cycles an atom of the forces: least, first quarter, median; quiet evaluations of all"
    );
    for cells in CELLS {
        let mut system = crystal(cells);
        let atoms = system.atoms.len();
        let paths = KernelPath::ALL.into_iter();
        for path in paths.filter(|&path| path != KernelPath::Reference && path.is_available()) {
            for (name, mut potential) in potentials(path) {
                let title = format!("{name}, {path}, {atoms} atoms");
                if !chosen.iter().all(|part| title.contains(part.as_str())) {
                    continue;
                }
                let mut neighbours =
                    Neighbours::new(potential.cutoff(), SKIN).expect("a positive range");
                neighbours.rebuild(&mut system).expect("a sound system");
                let (cycles, all) = measure(potential.as_mut(), &neighbours, atoms);
                let at = |quarter: usize| match cycles.get(cycles.len() * quarter / 4) {
                    Some(cycles) => format!("{cycles:5.0}"),
                    None => "    -".to_owned(),
                };
                println!(
                    "{title:40} {} {} {}   {} of {all}",
                    at(0),
                    at(1),
                    at(2),
                    cycles.len()
                );
            }
        }
    }
}

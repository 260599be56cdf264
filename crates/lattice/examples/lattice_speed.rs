//! Events per second of the lattice simulations: `cargo run --release -p frit-lattice --example
//! lattice_speed [events]`.

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;
use std::time::{Duration, Instant};

use frit_engine::random::Streams;
use frit_lattice::adatoms::{Adatoms, Arrangement, Energies, Setup, StepRule};
use frit_lattice::looping::{self, Looping};

fn main() -> Result<(), Box<dyn Error>> {
    let events: u64 = match std::env::args().nth(1) {
        Some(number) => number.parse()?,
        None => 10_000_000,
    };
    let free = StepRule {
        highest_step: None,
        barrier: 0.0,
    };
    for (label, energies, temperature, side, atoms, step_rule) in [
        ("weak, 773 K", Energies::WEAK, 773.0, 40, 50, None),
        ("strong, 773 K", Energies::STRONG, 773.0, 40, 50, None),
        ("weak, 300 K", Energies::WEAK, 300.0, 40, 50, None),
        (
            "weak, 773 K, tree",
            Energies::WEAK,
            773.0,
            40,
            50,
            Some(free),
        ),
        (
            "weak, 773 K, large",
            Energies::WEAK,
            773.0,
            1000,
            60_000,
            None,
        ),
    ] {
        let mut setup = Setup::of_figure(atoms, energies, temperature)?;
        setup.side = side;
        setup.arrangement = Arrangement::Random { atoms };
        setup.step_rule = step_rule;
        let mut simulation = Adatoms::new(setup, Streams::new(1), 0)?;
        let watch = Watch::new();
        simulation.run_events(events)?;
        let rate = events as f64 / watch.elapsed().as_secs_f64();
        println!("{label} ({side} x {side} sites, {atoms} atoms): {rate:.3e} events/s");
    }
    let mut looping = Looping::new(looping::Setup::standard(973.0), Streams::new(1), 0)?;
    let watch = Watch::new();
    looping.run_until(100.0);
    let time = watch.elapsed().as_secs_f64();
    let rate = looping.events() as f64 / time;
    println!("looping, 700 °C: 100 s in {time:.3} s, {rate:.3e} events/s");
    Ok(())
}

/// Time that this thread has computed, where the system tells; else time that passed.
struct Watch {
    start: Instant,
    computed: Option<Duration>,
}

impl Watch {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            computed: computed(),
        }
    }

    fn elapsed(&self) -> Duration {
        match (self.computed, computed()) {
            (Some(start), Some(now)) => now.saturating_sub(start),
            _ => self.start.elapsed(),
        }
    }
}

fn computed() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

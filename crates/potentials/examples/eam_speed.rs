//! Times EAM force evaluations of two Pt85Fe15 cubes of 14 896 atoms, or of bigger ones.
//!
//! `cargo run --release -p frit-potentials --example eam_speed [CELLS] [SKIN] [REPETITIONS] [PATH]`
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

use std::time::Instant;

use frit_atoms::{Atom, Atoms, Cell, Neighbours, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::eam::{Eam, MixedEam, read_setfl, zhou2004};
use frit_potentials::{Bound, Evaluation, KernelPath, Potential, Request};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let cells: usize = argument("15").parse()?;
    let skin: f64 = argument("0.7").parse()?;
    let repetitions: usize = argument("21").parse()?;
    let wanted = argument("every");
    let paths: Vec<KernelPath> = KernelPath::ALL
        .into_iter()
        .filter(|path| path.is_available() && (wanted == "every" || wanted == path.name()))
        .collect();
    let mut system = two_cubes(cells)?;
    let mut neighbours = Neighbours::new(6.5, skin)?;
    let start = Instant::now();
    neighbours.rebuild(&mut system)?;
    println!(
        "{} atoms, list of {:.1} entries an atom built in {:.3} s",
        system.atoms.len(),
        neighbours.surroundings().list.entries() as f64 / system.atoms.len() as f64,
        start.elapsed().as_secs_f64()
    );
    let text = zhou2004::setfl(&["Pt", "Fe"], zhou2004::Grid::default())?;
    let tables = read_setfl(&text, "zhou2004")?;
    println!("microseconds an atom, median and fastest of {repetitions}");
    for threads in [1, std::thread::available_parallelism()?.get()] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()?;
        for &path in &paths {
            let names = ["Pt", "Fe"];
            let potentials: [Box<dyn Potential>; 2] = [
                Box::new(Bound::new(Eam::new(&tables, &names, path)?)),
                Box::new(Bound::new(MixedEam::new(&tables, &names, path)?)),
            ];
            for mut potential in potentials {
                let kernel = potential.kernel();
                for (what, request) in [("forces", Request::FORCES), ("all", Request::ALL)] {
                    let potential = potential.as_mut();
                    let times = pool
                        .install(|| time(potential, &neighbours, &system, request, repetitions))?;
                    println!(
                        "{threads} threads, {kernel:15} {what:6}: {:.3} {:.3}",
                        times[repetitions / 2],
                        times[0]
                    );
                }
            }
        }
    }
    Ok(())
}

/// Microseconds an atom of each evaluation, in ascending order.
fn time(
    potential: &mut dyn Potential,
    neighbours: &Neighbours,
    system: &System,
    request: Request,
    repetitions: usize,
) -> Result<Vec<f64>, frit_potentials::EvaluationError> {
    let mut evaluation = Evaluation::default();
    let mut times = Vec::new();
    for _ in 0..=repetitions {
        let start = Instant::now();
        evaluation.clear(system.atoms.len(), request);
        potential.evaluate(&neighbours.surroundings(), &mut evaluation)?;
        times.push(start.elapsed().as_secs_f64() * 1e6 / system.atoms.len() as f64);
    }
    // The first evaluation allocates.
    times.remove(0);
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// Two cubes with complete facets, 5.5 Å apart, shaken as if hot.
fn two_cubes(cells: usize) -> Result<System, Failure> {
    const LATTICE_CONSTANT: f64 = 3.9;
    let planes = 2 * cells + 1;
    let edge = cells as f64 * LATTICE_CONSTANT;
    let mut atoms = Atoms::new();
    let mut stream = Streams::new(1).stream(Purpose::Test, 0, 0);
    for particle in 0..2_u8 {
        let shift = f64::from(particle) * (edge + 5.5);
        for site in 0..planes * planes * planes {
            let [i, j, k] = [
                site % planes,
                site / planes % planes,
                site / (planes * planes),
            ];
            if (i + j + k) % 2 == 1 {
                continue;
            }
            let place = Vector::new(i as f64, j as f64, k as f64) * (LATTICE_CONSTANT / 2.0);
            let shake = Vector::from([0; 3].map(|_| 0.15 * stream.normal()));
            atoms.push(Atom {
                position: place + shake + Vector::new(shift, 0.0, 0.0),
                velocity: Vector::zeros(),
                image: [0; 3],
                species: u8::from(stream.uniform() < 0.15),
                id: atoms.len() as u32 + 1,
                group: particle,
            });
        }
    }
    let species = ["Pt", "Fe"].map(|name| Species::of_element(name).ok_or("no element"));
    let species = species.into_iter().collect::<Result<Vec<_>, _>>()?;
    let cell = Cell::orthogonal([3.0 * edge, 2.0 * edge, 2.0 * edge], [false; 3])?;
    Ok(System::new(cell, atoms, species)?)
}

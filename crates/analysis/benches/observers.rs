//! What each observer costs on a hot pair of cubes, and its share of a run at its default rate.
//!
//! `RAYON_NUM_THREADS=1 cargo bench -p frit-analysis` prints the table of `docs/observers.md`. Times are
//! those that the processor worked, over all threads, so that other programs beside it hardly count.

#![allow(clippy::print_stdout, reason = "a bench prints its results")]

use std::path::Path;
use std::time::Instant;

use frit_analysis::observe::{
    AdatomPaths, Adatoms, Bridging, Closing, CommonNeighbours, Coordination, Detached, FacetMass,
    Lindemann, Measure, NeckRadius, NeckStrain, Observatory, Order, Orientation, Radial, Shape,
    Surface, SurfaceDiffusion,
};
use frit_atoms::{Atom, Atoms, Cell, Neighbours, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::eam::{Eam, EamTables, read_setfl, zhou2004};
use frit_potentials::meam::{self, Meam, MeamParameters};
use frit_potentials::{Bound, Evaluation, KernelPath, Potential, Request};

/// Half lattice constants along the edges of a cube: about 15 400 atoms.
const HALVES: [usize; 3] = [30, 30, 32];
/// Of the hot alloy [Å].
const LATTICE_CONSTANT: f64 = 3.92;
/// Between the cubes [Å].
const GAP: f64 = 5.5;
/// Standard deviation of each coordinate [Å]; about that of Pt at 1473 K.
const SHAKEN: f64 = 0.15;
/// Edge of the cell [Å]; nothing is near its sides.
const CELL: f64 = 200.0;
/// Atoms nearer than this are bonded [Å].
const BOND: f64 = 3.3;
/// Of the forces' list [Å].
const SKIN: f64 = 0.8;
/// Frames looked at, one after the other.
const FRAMES: usize = 8;
/// Steps in a picosecond: of 2 fs each.
const STEPS: f64 = 500.0;
/// Looks at the default rates are spread over so many tenths of a picosecond.
const TENTHS: u32 = 100;
const ELEMENTS: [&str; 2] = ["Pt", "Fe"];

fn main() {
    let frames: Vec<System> = (0..FRAMES).map(|frame| pair(frame as u64)).collect();
    let atoms = frames[0].atoms.len();
    println!("{atoms} atoms; ms of one core, and share of a loop of 2 fs steps");
    let [eam, meam] = [eam(), meam()].map(|potential| forces(potential, &frames[0]));
    println!("forces: EAM {eam:.2} ms, 2NN-MEAM {meam:.2} ms");
    println!(
        "| observer | every [ps] | a look [ms] | of EAM [%] | of 2NN-MEAM [%] |\n|---|---|---|---|---|"
    );
    let line = |name: &str, every: f64, look: f64| {
        let [eam, meam] = [eam, meam].map(|step| 100.0 * look / (every * STEPS * step));
        println!("| {name} | {every} | {look:.1} | {eam:.2} | {meam:.2} |");
    };
    for (tenths, measure) in measures() {
        let name = measure.name();
        let looks = alone(measure, &frames);
        line(name, f64::from(tenths) / 10.0, looks);
    }
    let spent = together(&frames);
    line("all together, in a picosecond", 1.0, spent);
}

/// All observers, and how many tenths of a picosecond lie between their looks by default.
fn measures() -> Vec<(u32, Box<dyn Measure>)> {
    let species = ELEMENTS.map(str::to_owned).to_vec();
    let diffusion = SurfaceDiffusion::new(10.0).expect("a positive block");
    let lindemann = Lindemann::new(5.0).expect("a positive window");
    vec![
        (10, Box::new(Coordination)),
        (10, Box::new(CommonNeighbours)),
        (5, Box::new(Shape::new(2))),
        (5, Box::new(Orientation::new(2))),
        (10, Box::new(Surface::new(2))),
        (5, Box::new(Adatoms::new(2))),
        (5, Box::new(NeckRadius)),
        (2, Box::new(Closing::default())),
        (20, Box::new(FacetMass)),
        (20, Box::new(Order::new(species))),
        (50, Box::new(Radial::new(8.0, 160))),
        (5, Box::new(AdatomPaths::new(100))),
        (10, Box::new(Detached { fewer_than: 50 })),
        (5, Box::new(diffusion)),
        (2, Box::new(lindemann)),
        (1, Box::new(Bridging::new(2.0))),
        (20, Box::new(NeckStrain::new(6.0))),
    ]
}

/// A look of one observer [ms], with the neighbours that it needs; the first look does not count.
fn alone(measure: Box<dyn Measure>, frames: &[System]) -> f64 {
    let mut observatory = Observatory::new(BOND, vec![measure]).expect("a positive bond length");
    let mut begun = None;
    for (number, frame) in frames.iter().enumerate() {
        let seen = observatory.look(frame, 0.1 * number as f64, |_| true);
        std::hint::black_box(seen.expect("the same atoms"));
        begun.get_or_insert_with(processor_time);
    }
    (processor_time() - begun.unwrap_or_default()) / (frames.len() - 1) as f64
}

/// All observers at their default rates [ms per ps].
fn together(frames: &[System]) -> f64 {
    let (every, measures): (Vec<u32>, Vec<_>) = measures().into_iter().unzip();
    let mut observatory = Observatory::new(BOND, measures).expect("a positive bond length");
    let mut begun = None;
    for tenth in 0..=TENTHS {
        let frame = &frames[tenth as usize % frames.len()];
        let due = |at: usize| tenth.is_multiple_of(every[at]);
        let seen = observatory.look(frame, 0.1 * f64::from(tenth), due);
        std::hint::black_box(seen.expect("the same atoms"));
        begun.get_or_insert_with(processor_time);
    }
    (processor_time() - begun.unwrap_or_default()) / (f64::from(TENTHS) / 10.0)
}

/// One evaluation of the forces [ms].
fn forces(mut potential: Box<dyn Potential>, frame: &System) -> f64 {
    let mut system = frame.clone();
    let mut neighbours = Neighbours::new(potential.cutoff(), SKIN).expect("a positive range");
    neighbours.rebuild(&mut system).expect("a sound system");
    let mut evaluation = Evaluation::default();
    let mut evaluate = || {
        evaluation.clear(system.atoms.len(), Request::FORCES);
        potential
            .evaluate(&neighbours.surroundings(), &mut evaluation)
            .expect("finite forces");
    };
    evaluate();
    let begun = processor_time();
    for _ in 0..20 {
        evaluate();
    }
    (processor_time() - begun) / 20.0
}

/// Processor time of all threads of this program [ms]; the clock's time where it is not told.
fn processor_time() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = |task: std::fs::DirEntry| -> Option<f64> {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    let spent: f64 = tasks.flatten().filter_map(nanoseconds).sum();
    if spent > 0.0 {
        return 1e-6 * spent;
    }
    static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    1e3 * BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Two hot cubes, with adatoms on a facet of the first.
fn pair(frame: u64) -> System {
    let half = 0.5 * LATTICE_CONSTANT;
    let mut random = Streams::new(1).stream(Purpose::Test, frame, 0);
    let mut atoms = Atoms::new();
    let mut add = |site: [usize; 3], particle: u8| {
        let away = f64::from(particle) * (HALVES[0] as f64 * half + GAP);
        let place = site.map(|k| k as f64 * half + 30.0);
        let noise = [0, 1, 2].map(|_| SHAKEN * random.normal());
        let number = atoms.len() as u32;
        atoms.push(Atom {
            position: Vector::from(place) + Vector::new(away, 0.0, 0.0) + Vector::from(noise),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: u8::from(number.is_multiple_of(7)),
            id: number + 1,
            group: particle,
        });
    };
    for particle in 0..2 {
        for x in 0..=HALVES[0] {
            for y in 0..=HALVES[1] {
                for z in 0..=HALVES[2] {
                    // The last plane holds a fifth of its atoms.
                    let sparse = z == HALVES[2] && (x + 3 * y) % 10 > 1;
                    if (x + y + z) % 2 == 0 && !sparse {
                        add([x, y, z], particle);
                    }
                }
            }
        }
    }
    let cell = Cell::orthogonal([CELL; 3], [false; 3]).expect("the edges are positive");
    let species = ELEMENTS.map(|name| Species::of_element(name).expect("both are elements"));
    System::new(cell, atoms, species.to_vec()).expect("the atoms are numbered and finite")
}

fn eam() -> Box<dyn Potential> {
    let text = zhou2004::setfl(&ELEMENTS, zhou2004::Grid::default()).expect("known elements");
    let tables: EamTables = read_setfl(&text, "Zhou 2004").expect("a sound file");
    let eam = Eam::new(&tables, &ELEMENTS, KernelPath::best()).expect("an available path");
    Box::new(Bound::new(eam))
}

fn meam() -> Box<dyn Potential> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../potentials");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a shipped file");
    let (library, own) = ("Kim-2006-PtFe.library.meam", "Kim-2006-PtFe.meam");
    let elements = ELEMENTS.map(str::to_owned);
    let parameters: MeamParameters =
        meam::read(library, &text(library), own, &text(own), &elements).expect("a sound file");
    let species = ELEMENTS.map(|name| Species::of_element(name).expect("both are elements"));
    let meam = Meam::new(&parameters, &species, KernelPath::best()).expect("an available path");
    Box::new(Bound::new(meam))
}

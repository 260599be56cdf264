//! A step allocates nothing, or a list of chunks, once its buffers have their sizes.
#![allow(
    missing_docs,
    unsafe_code,
    clippy::unwrap_used,
    clippy::undocumented_unsafe_blocks,
    reason = "a failed test may panic; an allocator is unsafe by its trait"
)]

use std::alloc::{GlobalAlloc, Layout, System as SystemAllocator};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use frit_atoms::neighbours::Update;
use frit_atoms::{Atom, Atoms, Cell, Species, System, Vector};
use frit_dynamics::measure::{AtRest, Selection, degrees_of_freedom};
use frit_dynamics::{
    Dynamics, Ensemble, ForceField, Ramp, Rescaling, Setup, initialise_velocities,
};
use frit_engine::random::Streams;
use frit_potentials::eam::{Eam, MixedEam, read_setfl, zhou2004};
use frit_potentials::meam::{self, Meam};
use frit_potentials::{Bound, KernelPath, Potential, Request};
use frit_units::constants::MechanicalConstants;

/// The system's allocator, which also counts.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { SystemAllocator.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { SystemAllocator.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { SystemAllocator.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A periodic crystal of 4 · 6³ atoms at 300 K.
fn crystal() -> System {
    let basis = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]];
    let atoms: Atoms = (0..4 * 216_u32)
        .map(|k| {
            let cell = k / 4;
            let corner = [cell / 36, cell / 6 % 6, cell % 6];
            Atom {
                position: Vector::from(
                    [0, 1, 2].map(|i| 1.96 * f64::from(2 * corner[i] + basis[k as usize % 4][i])),
                ),
                velocity: Vector::zeros(),
                image: [0; 3],
                species: u8::from(k % 7 == 0),
                id: k + 1,
                group: 0,
            }
        })
        .collect();
    let cell = Cell::orthogonal([6.0 * 3.92; 3], [true; 3]).unwrap();
    let species = ["Pt", "Fe"].map(|name| Species::of_element(name).unwrap());
    System::new(cell, atoms, species.to_vec()).unwrap()
}

fn potentials(system: &System) -> Vec<(&'static str, Box<dyn Potential>)> {
    let text = zhou2004::setfl(&["Pt", "Fe"], zhou2004::Grid::default()).unwrap();
    let tables = read_setfl(&text, "Zhou 2004").unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../potentials");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let elements = ["Pt".to_owned(), "Fe".to_owned()];
    let parameters = meam::read(
        "library",
        &read("Kim-2006-PtFe.library.meam"),
        "parameters",
        &read("Kim-2006-PtFe.meam"),
        &elements,
    )
    .unwrap();
    let path = KernelPath::best();
    let names = ["Pt", "Fe"];
    vec![
        (
            "EAM",
            Box::new(Bound::new(Eam::new(&tables, &names, path).unwrap())),
        ),
        (
            "EAM, mixed",
            Box::new(Bound::new(MixedEam::new(&tables, &names, path).unwrap())),
        ),
        (
            "MEAM",
            Box::new(Bound::new(
                Meam::new(&parameters, &system.species, path).unwrap(),
            )),
        ),
        (
            "MEAM, mixed",
            Box::new(Bound::new(
                Meam::mixed(&parameters, &system.species, path).unwrap(),
            )),
        ),
    ]
}

#[test]
fn steps_between_two_lists_allocate_next_to_nothing() {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    pool.install(|| {
        let constants = MechanicalConstants::CODATA;
        for (name, potential) in potentials(&crystal()) {
            let mut system = crystal();
            let (at_rest, streams) = (AtRest::Translation, Streams::new(1));
            initialise_velocities(
                &mut system,
                Selection::All,
                300.0,
                at_rest,
                streams,
                &constants,
            )
            .unwrap();
            let freedom = degrees_of_freedom(&system, Selection::All, at_rest);
            let thermostat =
                Rescaling::new(Ramp::constant(300.0), 0.1, freedom, &constants).unwrap();
            let setup = Setup::new(Ensemble::Rescaling(thermostat), 0.002, streams);
            let mut dynamics = Dynamics::new(setup, &system).unwrap();
            let mut forces = ForceField::new(potential, 1.0).unwrap();
            forces.evaluate(&mut system, Request::ALL).unwrap();
            let (mut quiet, mut worst) = (0, 0);
            for step in 0..60 {
                let before = ALLOCATIONS.load(Ordering::Relaxed);
                let request = if step % 10 == 0 {
                    Request::ALL
                } else {
                    Request::FORCES
                };
                let report = dynamics.advance(&mut system, &mut forces, request).unwrap();
                let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
                // The first steps bring buffers to their sizes.
                if step > 20 && report.list == Update::Kept {
                    quiet += 1;
                    worst = worst.max(allocations);
                }
            }
            assert!(quiet > 20, "{name}: the list was built too often to tell");
            // EAM lists its chunks, which borrow their parts of the evaluation.
            let allowed = u64::from(name.starts_with("EAM"));
            assert!(worst <= allowed, "{name}: {worst} allocations in one step");
        }
    });
}

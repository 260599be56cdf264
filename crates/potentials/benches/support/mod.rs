//! What the benches evaluate.

use std::path::Path;

use frit_atoms::{Atom, Atoms, Cell, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::eam::{Eam, EamTables, MixedEam, read_setfl, zhou2004};
use frit_potentials::meam::{self, Meam, MeamParameters};
use frit_potentials::{Bound, KernelPath, Potential};

/// Of lists [Å].
pub(crate) const SKIN: f64 = 0.8;
/// Of the hot alloy [Å].
const LATTICE_CONSTANT: f64 = 3.92;
/// Standard deviation of each coordinate [Å]; about that of Pt at 1473 K.
const SHAKEN: f64 = 0.15;
const ELEMENTS: [&str; 2] = ["Pt", "Fe"];

/// All potentials that have kernels of a path, with their names.
pub(crate) fn potentials(path: KernelPath) -> Vec<(&'static str, Box<dyn Potential>)> {
    let (tables, parameters) = (eam_tables(), meam_parameters());
    let species = ELEMENTS.map(|name| Species::of_element(name).expect("both are elements"));
    let eam = Eam::new(&tables, &ELEMENTS, path).expect("an available path");
    let mixed = MixedEam::new(&tables, &ELEMENTS, path).expect("smooth tables");
    let meam = Meam::new(&parameters, &species, path).expect("an available path");
    let mut potentials: Vec<(&'static str, Box<dyn Potential>)> = vec![
        ("EAM", Box::new(Bound::new(eam))),
        ("EAM, mixed", Box::new(Bound::new(mixed))),
        ("MEAM", Box::new(Bound::new(meam))),
    ];
    if path != KernelPath::Reference {
        let meam = Meam::mixed(&parameters, &species, path).expect("two species");
        potentials.push(("MEAM, mixed", Box::new(Bound::new(meam))));
    }
    potentials
}

/// A hot crystal of Pt85Fe15 of so many conventional cells along each axis, of four atoms each.
pub(crate) fn crystal(cells: usize) -> System {
    let mut stream = Streams::new(1).stream(Purpose::Test, 0, 0);
    let basis = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]];
    let mut atoms = Atoms::new();
    for number in 0..4 * cells.pow(3) {
        let cell = number / 4;
        let corner = [cell / cells / cells, cell / cells % cells, cell % cells];
        let position = [0, 1, 2].map(|k| {
            0.5 * LATTICE_CONSTANT * (2 * corner[k] + basis[number % 4][k]) as f64
                + SHAKEN * stream.normal()
        });
        atoms.push(Atom {
            position: Vector::from(position),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: u8::from(stream.uniform() < 0.15),
            id: number as u32 + 1,
            group: 0,
        });
    }
    let cell = Cell::orthogonal([LATTICE_CONSTANT * cells as f64; 3], [true; 3])
        .expect("the edges are positive");
    let species = ELEMENTS.map(|name| Species::of_element(name).expect("both are elements"));
    System::new(cell, atoms, species.to_vec()).expect("the atoms are numbered and finite")
}

fn eam_tables() -> EamTables {
    let text = zhou2004::setfl(&ELEMENTS, zhou2004::Grid::default()).expect("known elements");
    read_setfl(&text, "Zhou 2004").expect("a sound file")
}

fn meam_parameters() -> MeamParameters {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../potentials");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a shipped file");
    let (library, parameters) = ("Kim-2006-PtFe.library.meam", "Kim-2006-PtFe.meam");
    let elements = ELEMENTS.map(str::to_owned);
    meam::read(
        library,
        &text(library),
        parameters,
        &text(parameters),
        &elements,
    )
    .expect("a sound file")
}

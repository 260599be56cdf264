//! The lattice as spheres that OVITO and ASE draw: what is seen of it.

use frit_atoms::{Cell as Box, Matrix, Vector};
use frit_engine::Engine;
use frit_io::{Attributes, Column, Frame};
use frit_lattice::looping::{CELL_DISTANCE, LAYER_HEIGHT, Looping, neighbours, position};

use crate::run::tidy;

/// One nanometre [Å].
const NANOMETRE: f64 = 10.0;

/// Names of the species, each with its number: oxide, mobile iron, metal. They are elements, so
/// that every program has colours for them.
const SPECIES: [&str; 3] = ["O", "Fe", "Ni"];
const OXIDE: u32 = 0;
const IRON: u32 = 1;
const METAL: u32 = 2;

/// Spheres with the layers they stand in.
#[derive(Default)]
struct Spheres {
    species: Vec<u32>,
    position: Vec<Vector>,
    layer: Vec<i64>,
}

impl Spheres {
    /// Adds a sphere in the middle of a layer of a cell; layer 0 is the lowest.
    fn push(&mut self, species: u32, cell: [i32; 2], layer: i32) {
        let [x, y] = position(cell);
        let z = LAYER_HEIGHT * (f64::from(layer) + 0.5);
        self.species.push(species);
        self.position.push(Vector::new(x, y, z) * NANOMETRE);
        self.layer.push(i64::from(layer));
    }
}

/// A frame: of the oxide those layers that stand free, mobile iron on its cells, the metal as a
/// dome over its disc.
pub(super) fn frame(looping: &Looping) -> Frame {
    let mut spheres = Spheres::default();
    for (cell, height) in looping.columns() {
        // Beyond the edge there is nothing: the mesa is seen from the side.
        let around = neighbours(cell).map(|cell| looping.height(cell).unwrap_or(0));
        let lowest = around.into_iter().min().unwrap_or(0);
        for layer in lowest.min(height - 1).max(0)..height {
            spheres.push(OXIDE, cell, layer);
        }
    }
    for cell in looping.mobile_cells() {
        spheres.push(IRON, cell, looping.height(cell).unwrap_or(0));
    }
    if let (Some(particle), Some(shape)) = (looping.particle(), looping.setup().particle) {
        for (cell, from_centre) in looping.footprint() {
            let rise = (shape.radius.powi(2) - from_centre.powi(2)).max(0.0).sqrt();
            let layers = (rise * CELL_DISTANCE / LAYER_HEIGHT) as i32;
            for layer in 0..=layers {
                spheres.push(METAL, cell, particle.base + layer);
            }
        }
    }
    let count = spheres.species.len();
    let clock = looping.clock();
    Frame {
        step: Some(clock.step),
        time: Some(tidy(clock.time) * 1e12),
        cell: surroundings(looping),
        attributes: attributes(looping),
        names: SPECIES.map(str::to_owned).to_vec(),
        species: spheres.species,
        position: spheres.position,
        extra: vec![
            Column::real("radius", vec![CELL_DISTANCE * NANOMETRE / 2.0; count]),
            Column::integer("layer", spheres.layer),
        ],
        ..Frame::default()
    }
}

fn attributes(looping: &Looping) -> Attributes {
    let mut attributes = Attributes::default();
    attributes.insert("time_s", tidy(looping.time()));
    attributes.insert("temperature_k", looping.setup().temperature);
    let totals = looping.totals();
    for (name, count) in [
        ("reduced_layers", totals.reductions),
        ("grown_layers", totals.growths()),
        ("mobile_iron", looping.mobiles() as u64),
    ] {
        attributes.insert(name, count as i64);
    }
    if let Some(particle) = looping.particle() {
        let [x, y] = position(particle.cell);
        attributes.insert("particle_nm", vec![x, y]);
    }
    attributes
}

/// A box of the same size in all frames, not periodic.
fn surroundings(looping: &Looping) -> Option<Box> {
    let setup = looping.setup();
    let reach = f64::from(setup.radius + 1) * CELL_DISTANCE * NANOMETRE;
    let height = 2.0 * f64::from(setup.layers) * LAYER_HEIGHT * NANOMETRE;
    let size = Matrix::from_diagonal(&Vector::new(2.0 * reach, 2.0 * reach, height));
    Box::new(size, Vector::new(-reach, -reach, 0.0), [false; 3]).ok()
}

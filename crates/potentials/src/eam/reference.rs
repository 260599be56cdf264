//! The plain formulas, atom by atom: what the other kernels are tested against.

use std::ops::Range;

use super::cubic::{Knot, Place};
use super::full::{InnerList, Kernel, Record, Scene};
use crate::chunks::Task;

/// The plain formulas.
pub(super) struct Plain;

impl Kernel for Plain {
    type Record = Record;
    type Inner = InnerList;
    const ASKS_AHEAD: bool = false;

    fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        _inner: &mut InnerList,
        density: &mut [f64],
    ) {
        let functions = scene.functions;
        for (atom, density) in atoms.zip(density) {
            *density = 0.0;
            let kind = usize::from(scene.surroundings.species[atom]);
            for pair in pairs(scene, atom) {
                let place = Place::of(pair.distance, functions.inverse_step, functions.points);
                *density += functions.radial(pair.kind, kind)[place.knot]
                    .density
                    .value(place.fraction);
            }
        }
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, _inner: &InnerList, task: &mut Task<'_>) {
        let functions = scene.functions;
        for atom in task.atoms.clone() {
            let kind = usize::from(scene.surroundings.species[atom]);
            let mut force = [0.0; 3];
            let mut energy = 0.0;
            let mut virial = [0.0; 6];
            for pair in pairs(scene, atom) {
                let (r, d) = (pair.distance, pair.displacement);
                let Place { knot, fraction } =
                    Place::of(r, functions.inverse_step, functions.points);
                let slope = |cubic: &Knot| cubic.slope(fraction) * functions.inverse_step;
                let here = &functions.radial(pair.kind, kind)[knot];
                let there = &functions.radial(kind, pair.kind)[knot];
                // r φ and φ' = ((r φ)' − φ) / r.
                let phi = here.pair.value(fraction) / r;
                let phi_slope = (slope(&here.pair) - phi) / r;
                let pull = phi_slope
                    + scene.records[atom].slope * slope(&here.density)
                    + scene.records[pair.other].slope * slope(&there.density);
                let along = [0, 1, 2].map(|k| pull * d[k] / r);
                for k in 0..3 {
                    force[k] += along[k];
                }
                // The other half of each pair is found from the other atom.
                energy += 0.5 * phi;
                for (sum, (a, b)) in
                    virial
                        .iter_mut()
                        .zip([(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)])
                {
                    *sum -= 0.5 * d[a] * along[b];
                }
            }
            task.add_force(atom, force);
            if SUMS {
                let embedding = functions.embedding(kind).energy(scene.density[atom]);
                task.add_energy_and_virial(atom, embedding + energy, virial);
            }
        }
    }
}

/// An atom's neighbour within the cutoff.
struct Neighbour {
    other: usize,
    kind: usize,
    displacement: [f64; 3],
    distance: f64,
}

fn pairs(scene: &Scene<'_>, atom: usize) -> impl Iterator<Item = Neighbour> {
    let here = scene.records[atom].position;
    let cutoff = scene.functions.cutoff;
    scene
        .surroundings
        .list
        .row(atom)
        .iter()
        .filter_map(move |&other| {
            let other = other as usize;
            let there = scene.records[other].position;
            let displacement = [0, 1, 2].map(|k| there[k] - here[k]);
            let squared: f64 = displacement.iter().map(|d| d * d).sum();
            (squared < cutoff * cutoff).then(|| Neighbour {
                other,
                kind: usize::from(scene.surroundings.species[other]),
                displacement,
                distance: squared.sqrt(),
            })
        })
}

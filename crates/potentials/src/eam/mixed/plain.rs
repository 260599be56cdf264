//! The mixed kernel in plain Rust, also compiled for AVX2.

use std::ops::Range;

use super::polynomials::{PairPolynomials, Polynomials, exact};
use super::{Inner, Single, Squares};
use crate::chunks::{Symmetric, Task};
use crate::eam::full::{InnerList, Kernel};

/// Plain Rust.
pub(super) struct Plain;

type Scene<'a> = crate::eam::full::Scene<'a, Single>;

impl Kernel for Plain {
    type Record = Single;
    type Inner = Inner;

    fn densities(scene: &Scene<'_>, atoms: Range<usize>, inner: &mut Inner, density: &mut [f64]) {
        densities(scene, atoms, &mut inner.list, density);
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &Inner, task: &mut Task<'_>) {
        forces::<SUMS>(scene, &inner.list, task);
    }
}

/// The first pass over a chunk.
#[inline(always)]
pub(super) fn densities(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    inner: &mut InnerList,
    density: &mut [f64],
) {
    let (functions, list) = (scene.functions, scene.surroundings.list);
    let polynomials = functions.polynomials();
    inner.reserve(scene, &atoms, 1, 0);
    let (chunk, ahead) = (atoms.start, scene.ahead(atoms.start));
    let mut start = 0;
    for (atom, density) in atoms.zip(density) {
        ahead.ask(atom - chunk..atom - chunk + 1);
        let here = &scene.records[atom];
        let kind = usize::from(scene.surroundings.species[atom]);
        let (mut sum, mut close) = (0.0_f32, 0.0_f64);
        for other_kind in 0..functions.species {
            let mut count = 0;
            let entries = &mut inner.entries[start..];
            for &other in list.row_of_species(atom, other_kind) {
                let squared = Squares::of(here, &scene.records[other as usize]).sum;
                entries[count] = other;
                inner.squared[count] = squared;
                count += usize::from(squared < polynomials.limit);
            }
            inner.counts.push(count as u32);
            start += count;
            let pair = polynomials.of(other_kind, kind);
            for &squared in &inner.squared[..count] {
                if squared < polynomials.least {
                    let table = functions.radial(other_kind, kind);
                    close += exact(functions, table, f64::from(squared).sqrt()).density;
                } else {
                    let (interval, v) = Polynomials::locate(squared);
                    sum += pair.density.at(interval, v);
                }
            }
        }
        *density = f64::from(sum) + close;
    }
}

/// The second pass over a chunk.
#[inline(always)]
pub(super) fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
    let functions = scene.functions;
    let polynomials = functions.polynomials();
    let mut rest = inner.entries.as_slice();
    let mut counts = inner.counts.iter();
    let (chunk, ahead) = (task.atoms.start, scene.ahead(task.atoms.start));
    for atom in task.atoms.clone() {
        ahead.ask(atom - chunk..atom - chunk + 1);
        let here = &scene.records[atom];
        let kind = usize::from(scene.surroundings.species[atom]);
        let mut sums = Sums::default();
        let mut close = Close::default();
        for other_kind in 0..functions.species {
            let count = counts.next().map_or(0, |&count| count as usize);
            let (row, after) = rest.split_at(count);
            rest = after;
            let given = polynomials.of(other_kind, kind);
            let taken = polynomials.of(kind, other_kind);
            for &other in row {
                let there = &scene.records[other as usize];
                let d = Squares::of(here, there);
                if d.sum < polynomials.least {
                    close.add(scene, [kind, other_kind], [here, there]);
                } else {
                    sums.add::<SUMS>([given, taken], [here, there], &d);
                }
            }
        }
        let force = [0, 1, 2].map(|k| f64::from(sums.force[k]) + close.force[k]);
        task.add_force(atom, force);
        if SUMS {
            let embedding = functions.embedding(kind).energy(scene.density[atom]);
            let energy = embedding + 0.5 * (f64::from(sums.energy) + close.energy);
            let virial: Symmetric =
                std::array::from_fn(|k| -0.5 * (f64::from(sums.virial[k]) + close.virial[k]));
            task.add_energy_and_virial(atom, energy, virial);
        }
    }
}

/// What an atom sums over its neighbours.
#[derive(Default)]
struct Sums {
    force: [f32; 3],
    energy: f32,
    virial: [f32; 6],
}

impl Sums {
    #[inline(always)]
    fn add<const SUMS: bool>(
        &mut self,
        [given, taken]: [&PairPolynomials; 2],
        [here, there]: [&Single; 2],
        Squares { d, sum }: &Squares,
    ) {
        let (interval, v) = Polynomials::locate(*sum);
        // The same bits seen from the other atom: sums of two rounded products.
        let embedding = here.slope * given.density_slope.at(interval, v)
            + there.slope * taken.density_slope.at(interval, v);
        let pull = embedding + given.pair_slope.at(interval, v);
        for k in 0..3 {
            self.force[k] += pull * d[k];
        }
        if SUMS {
            self.energy += given.pair.at(interval, v);
            for (sum, (a, b)) in self.virial.iter_mut().zip(COMPONENTS) {
                *sum += pull * d[a] * d[b];
            }
        }
    }
}

const COMPONENTS: [(usize, usize); 6] = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];

/// What neighbours before the first interval add: closer than atoms of solids and liquids ever come,
/// and computed from the tables.
#[derive(Default)]
pub(super) struct Close {
    pub(super) force: [f64; 3],
    pub(super) energy: f64,
    pub(super) virial: Symmetric,
}

impl Close {
    #[cold]
    #[inline(never)]
    pub(super) fn add(
        &mut self,
        scene: &Scene<'_>,
        [kind, other_kind]: [usize; 2],
        [here, there]: [&Single; 2],
    ) {
        let functions = scene.functions;
        let d = Squares::of(here, there).d.map(f64::from);
        let r = d.iter().map(|x| x * x).sum::<f64>().sqrt();
        let given = exact(functions, functions.radial(other_kind, kind), r);
        let taken = exact(functions, functions.radial(kind, other_kind), r);
        let pull = (f64::from(here.slope) * given.density_slope
            + f64::from(there.slope) * taken.density_slope
            + given.pair_slope)
            / r;
        for k in 0..3 {
            self.force[k] += pull * d[k];
        }
        self.energy += given.pair;
        for (sum, (a, b)) in self.virial.iter_mut().zip(COMPONENTS) {
            *sum += pull * d[a] * d[b];
        }
    }
}

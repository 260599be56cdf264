//! The optimised kernel in plain Rust, also compiled for AVX2.
//!
//! The first pass keeps the neighbours within the cutoff in a list of its own, so that the second has
//! no branch on distances. Rows are grouped by species, so tables are looked up once a row.

use std::ops::Range;

use super::cubic::Knot;
use super::evaluate::{InnerList, Kernel, Record, Scene};
use super::functions::{Duo, Functions};
use crate::chunks::{Symmetric, Task};

/// How `a * b + c` is computed.
pub(super) trait Arithmetic {
    /// `a * b + c`.
    fn multiply_add(a: f64, b: f64, c: f64) -> f64;
}

/// With two roundings.
pub(super) struct Portable;

impl Arithmetic for Portable {
    #[inline(always)]
    fn multiply_add(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
}

impl Kernel for Portable {
    type Record = Record;
    type Squared = f64;

    fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut InnerList,
        density: &mut [f64],
    ) {
        densities::<Self>(scene, atoms, inner, density);
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
        forces::<Self, SUMS>(scene, inner, task);
    }
}

/// The first pass over a chunk.
#[inline(always)]
pub(super) fn densities<A: Arithmetic>(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    inner: &mut InnerList,
    density: &mut [f64],
) {
    let (functions, list) = (scene.functions, scene.surroundings.list);
    inner.reserve(scene, &atoms, 1, 0);
    let mut start = 0;
    for (atom, density) in atoms.zip(density) {
        let here = scene.records[atom].position;
        let kind = usize::from(scene.surroundings.species[atom]);
        let mut sum = 0.0;
        for other_kind in 0..functions.species {
            let row = list.row_of_species(atom, other_kind);
            let entries = &mut inner.entries[start..start + row.len()];
            let count = select(scene, here, row, entries, &mut inner.squared[..row.len()]);
            inner.counts.push(count as u32);
            start += count;
            let table = functions.radial(other_kind, kind);
            for &squared in &inner.squared[..count] {
                let (knot, fraction) = place(squared.sqrt(), functions);
                sum += value::<A>(&table[knot].density, fraction);
            }
        }
        *density = sum;
    }
}

/// Puts the neighbours within the cutoff, and their squared distances, at the front of the slices,
/// which are as long as the row. Returns their number.
#[inline(always)]
fn select(
    scene: &Scene<'_>,
    here: [f64; 3],
    row: &[u32],
    entries: &mut [u32],
    squared: &mut [f64],
) -> usize {
    let limit = scene.functions.cutoff * scene.functions.cutoff;
    let mut count = 0;
    for &other in row {
        let there = scene.records[other as usize].position;
        let [x, y, z] = [0, 1, 2].map(|k| there[k] - here[k]);
        let square = x * x + y * y + z * z;
        // Written without a branch: a third of the entries are beyond the cutoff, at random.
        entries[count] = other;
        squared[count] = square;
        count += usize::from(square < limit);
    }
    count
}

/// The second pass over a chunk.
#[inline(always)]
pub(super) fn forces<A: Arithmetic, const SUMS: bool>(
    scene: &Scene<'_>,
    inner: &InnerList,
    task: &mut Task<'_>,
) {
    let functions = scene.functions;
    let mut rest = inner.entries.as_slice();
    let mut counts = inner.counts.iter();
    for atom in task.atoms.clone() {
        let kind = usize::from(scene.surroundings.species[atom]);
        let mut sums = Sums::default();
        for other_kind in 0..functions.species {
            let count = counts.next().map_or(0, |&count| count as usize);
            let (row, after) = rest.split_at(count);
            rest = after;
            let tables = Tables {
                given: functions.radial(other_kind, kind),
                taken: functions.radial(kind, other_kind),
            };
            let record = &scene.records[atom];
            if other_kind == kind {
                row_forces::<A, SUMS, true>(scene, record, row, &tables, &mut sums);
            } else {
                row_forces::<A, SUMS, false>(scene, record, row, &tables, &mut sums);
            }
        }
        task.add_force(atom, sums.force);
        if SUMS {
            let embedding = functions.embedding(kind).energy(scene.density[atom]);
            let virial = sums.virial.map(|sum| -0.5 * sum);
            task.add_energy_and_virial(atom, embedding + 0.5 * sums.energy, virial);
        }
    }
}

/// The functions of a pair of species.
struct Tables<'a> {
    /// The density that the neighbour gives, and r φ.
    given: &'a [Duo],
    /// The density that it takes.
    taken: &'a [Duo],
}

/// What an atom sums over its neighbours.
#[derive(Default)]
struct Sums {
    force: [f64; 3],
    energy: f64,
    virial: Symmetric,
}

/// Sums over one row; with `SAME` the densities given and taken are the same function.
#[inline(always)]
fn row_forces<A: Arithmetic, const SUMS: bool, const SAME: bool>(
    scene: &Scene<'_>,
    record: &Record,
    row: &[u32],
    tables: &Tables<'_>,
    sums: &mut Sums,
) {
    let inverse_step = scene.functions.inverse_step;
    let mut force = sums.force;
    for &other in row {
        let neighbour = &scene.records[other as usize];
        let d = [0, 1, 2].map(|k| neighbour.position[k] - record.position[k]);
        let r = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        let inverse = 1.0 / r;
        let (knot, fraction) = place(r, scene.functions);
        let Duo { density, pair } = &tables.given[knot];
        let given = slope::<A>(density, fraction);
        let embedding = if SAME {
            (record.slope + neighbour.slope) * given
        } else {
            let taken = slope::<A>(&tables.taken[knot].density, fraction);
            A::multiply_add(record.slope, given, neighbour.slope * taken)
        };
        let phi = value::<A>(pair, fraction) * inverse;
        let pair_slope = A::multiply_add(slope::<A>(pair, fraction), inverse_step, -phi);
        let pull = A::multiply_add(embedding, inverse_step, pair_slope * inverse) * inverse;
        for k in 0..3 {
            force[k] = A::multiply_add(pull, d[k], force[k]);
        }
        if SUMS {
            sums.energy += phi;
            let products = [
                d[0] * d[0],
                d[1] * d[1],
                d[2] * d[2],
                d[0] * d[1],
                d[0] * d[2],
                d[1] * d[2],
            ];
            for (sum, product) in sums.virial.iter_mut().zip(products) {
                *sum = A::multiply_add(pull, product, *sum);
            }
        }
    }
    sums.force = force;
}

/// The knot below a distance (or at it) and the way to the next, from 0 to 1; beyond the table its last
/// interval.
///
/// Conversion to an integer and back is slow, for its result is defined for all numbers. Instead, a
/// number so large that its last place is one is added: the sum is rounded to a whole number, which
/// its lower bits hold.
#[inline(always)]
fn place(distance: f64, functions: &Functions) -> (usize, f64) {
    // Half as much again as 2^52: the last place is one on both sides.
    const LARGE: f64 = 1.5 * (1_u64 << 52) as f64;
    let place = distance * functions.inverse_step;
    let last = (functions.points - 2) as f64;
    let below = ((place - 0.5) + LARGE) - LARGE;
    // Also for what is no number, as `f64::min` is, but in one instruction.
    let knot = if below < last { below } else { last };
    let fraction = place - knot;
    let fraction = if fraction < 1.0 { fraction } else { 1.0 };
    let bits = (knot + LARGE).to_bits();
    (bits as u32 as usize, fraction)
}

/// The value of a cubic at a fraction of the way to the next knot.
#[inline(always)]
fn value<A: Arithmetic>(knot: &Knot, p: f64) -> f64 {
    let [c0, c1, c2, c3] = knot.0;
    A::multiply_add(A::multiply_add(A::multiply_add(c3, p, c2), p, c1), p, c0)
}

/// Its derivative by the fraction.
#[inline(always)]
fn slope<A: Arithmetic>(knot: &Knot, p: f64) -> f64 {
    let [_, c1, c2, c3] = knot.0;
    A::multiply_add(A::multiply_add(3.0 * c3, p, c2 + c2), p, c1)
}

#[cfg(test)]
mod tests {
    use super::super::cubic::Place;
    use super::super::tables::{EamElement, EamForm, EamTables};
    use super::*;

    /// Tables of eleven points, 0.5 Å apart.
    fn functions() -> Functions {
        let element = EamElement {
            name: "X".to_owned(),
            number: 1.0,
            mass: 1.0,
            lattice: String::new(),
        };
        let tables = EamTables {
            comments: Vec::new(),
            form: EamForm::Alloy,
            elements: vec![element],
            density_step: 1.0,
            distance_step: 0.5,
            cutoff: 5.0,
            embedding: vec![vec![0.0; 11]],
            density: vec![vec![0.0; 11]],
            pair: vec![vec![0.0; 11]],
        };
        Functions::new(&tables, &[0])
    }

    #[test]
    fn places_are_those_of_the_plain_formula() {
        let functions = functions();
        for step in 0..1200 {
            let distance = f64::from(step) / 200.0;
            let plain = Place::of(distance, functions.inverse_step, functions.points);
            let (knot, fraction) = place(distance, &functions);
            // At a knot, the end of the interval below is the same place.
            assert!(knot < functions.points - 1 && (0.0..=1.0).contains(&fraction));
            assert_eq!(
                knot as f64 + fraction,
                plain.knot as f64 + plain.fraction,
                "{distance}"
            );
        }
        for distance in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(place(distance, &functions), (9, 1.0));
        }
    }
}

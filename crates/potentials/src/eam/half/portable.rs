//! The optimised kernel in plain Rust, also compiled for AVX2.
//!
//! The first pass keeps the pairs within the cutoff in a list of its own, so that the second has no
//! branch on distances.
#![expect(unsafe_code, reason = "units add to arrays that they share")]

use std::ops::Range;

use super::rows::{INDEX, SPECIES_SHIFT};
use super::{AheadOfDensities, AheadOfForces, Collected, Inner, Kernel, Scene, Squares, UnitRows};
use crate::eam::cubic::Knot;
use crate::eam::functions::{Duo, Functions};

/// How `a * b + c` is computed.
pub(super) trait Arithmetic {
    /// `a * b + c`.
    fn multiply_add(a: f64, b: f64, c: f64) -> f64;
}

/// With two roundings.
pub(in crate::eam) struct Portable;

impl Arithmetic for Portable {
    #[inline(always)]
    fn multiply_add(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
}

impl Kernel for Portable {
    unsafe fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        rows: &UnitRows,
        inner: &mut Inner,
        squares: &mut Squares,
        ahead: &AheadOfDensities<'_>,
    ) {
        // SAFETY: the caller's.
        unsafe { densities::<Self>(scene, atoms, rows, inner, squares, ahead) }
    }

    unsafe fn forces<const SUMS: bool>(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut Inner,
        ahead: &AheadOfForces<'_>,
    ) {
        // SAFETY: the caller's.
        unsafe { forces::<Self, SUMS>(scene, atoms, inner, ahead) }
    }
}

/// The first pass. Counts are in pairs.
///
/// # Safety
/// As [`Kernel::densities`].
#[inline(always)]
pub(super) unsafe fn densities<A: Arithmetic>(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    rows: &UnitRows,
    inner: &mut Inner,
    Squares(squares): &mut Squares,
    ahead: &AheadOfDensities<'_>,
) {
    let functions = scene.functions;
    if inner.entries.len() < rows.len() {
        inner.entries.resize(rows.len(), 0);
    }
    if squares.len() < rows.len() {
        squares.resize(rows.len(), 0.0);
    }
    inner.counts.clear();
    let mut start = 0;
    for (row, atom) in atoms.enumerate() {
        ahead.ask(row..row + 1);
        let kind = usize::from(scene.species[atom]);
        let row = rows.row(row);
        let entries = &mut inner.entries[start..start + row.len()];
        let squares = &mut squares[..row.len()];
        let count = select(scene, scene.records[atom].position, row, entries, squares);
        inner.counts.push(count as u32);
        start += count;
        let mut sum = 0.0;
        for (&entry, squared) in entries[..count].iter().zip(squares) {
            let (index, other) = split(entry);
            let (knot, fraction) = place(squared.sqrt(), functions);
            let given = value::<A>(&functions.radial(other, kind)[knot].density, fraction);
            sum += given;
            let taken = if other == kind {
                given
            } else {
                value::<A>(&functions.radial(kind, other)[knot].density, fraction)
            };
            // SAFETY: entries within the cutoff are indices of densities; the caller's for the threads.
            unsafe { *scene.density.add(index) += taken };
        }
        // SAFETY: as above.
        unsafe { *scene.density.add(atom) += sum };
    }
}

/// Index and species.
#[inline(always)]
fn split(entry: u32) -> (usize, usize) {
    ((entry & INDEX) as usize, (entry >> SPECIES_SHIFT) as usize)
}

/// Puts the pairs within the cutoff, and their squared distances, at the front of the slices, which are
/// as long as the row. Returns their number.
#[inline(always)]
fn select(
    scene: &Scene<'_>,
    here: [f64; 3],
    row: &[u32],
    entries: &mut [u32],
    squares: &mut [f64],
) -> usize {
    let limit = scene.functions.cutoff * scene.functions.cutoff;
    let mut count = 0;
    for &entry in row {
        let there = scene.records[split(entry).0].position;
        let [x, y, z] = [0, 1, 2].map(|k| there[k] - here[k]);
        let squared = x * x + y * y + z * z;
        // Written without a branch: a fifth of the entries are beyond the cutoff, at random.
        entries[count] = entry;
        squares[count] = squared;
        count += usize::from(squared < limit);
    }
    count
}

/// The second pass.
///
/// # Safety
/// As [`Kernel::forces`].
#[inline(always)]
pub(super) unsafe fn forces<A: Arithmetic, const SUMS: bool>(
    scene: &Scene<'_>,
    atoms: Range<usize>,
    inner: &mut Inner,
    ahead: &AheadOfForces<'_>,
) {
    let mut rest = inner.entries.as_slice();
    for (row, (atom, &count)) in atoms.zip(&inner.counts).enumerate() {
        ahead.ask(row..row + 1);
        let (entries, after) = rest.split_at(count as usize);
        rest = after;
        let mut sum = Collected::default();
        for &entry in entries {
            let pair = Pair::of::<A>(scene, atom, entry);
            let force = pair.to_atom.map(|d| pair.pull * d);
            for k in 0..3 {
                sum.force[k] += force[k];
            }
            if SUMS {
                sum.energy += 0.5 * pair.phi;
                add_virial(force, pair.to_atom, &mut inner.virial);
            }
            // SAFETY: entries within the cutoff are indices of what is collected; the caller's for
            // the threads.
            let other = unsafe { &mut *scene.collected.add(split(entry).0) };
            for k in 0..3 {
                other.force[k] += force[k];
            }
            if SUMS {
                other.energy += 0.5 * pair.phi;
            }
        }
        // SAFETY: as above.
        let own = unsafe { &mut *scene.collected.add(atom) };
        for k in 0..3 {
            own.force[k] -= sum.force[k];
        }
        own.energy += sum.energy;
    }
}

/// Adds the part `force ⊗ to_atom` of a pair.
#[inline(always)]
fn add_virial(force: [f64; 3], to_atom: [f64; 3], virial: &mut [f64; 6]) {
    let components = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];
    for (sum, (a, b)) in virial.iter_mut().zip(components) {
        *sum -= force[a] * to_atom[b];
    }
}

/// A pair of an atom.
struct Pair {
    /// From the neighbour to the atom [Å].
    to_atom: [f64; 3],
    /// Force on the neighbour along that [eV/Å²].
    pull: f64,
    /// φ [eV].
    phi: f64,
}

impl Pair {
    #[inline(always)]
    fn of<A: Arithmetic>(scene: &Scene<'_>, atom: usize, entry: u32) -> Self {
        let functions = scene.functions;
        let inverse_step = functions.inverse_step;
        let (index, other) = split(entry);
        let kind = usize::from(scene.species[atom]);
        let (record, neighbour) = (&scene.records[atom], &scene.records[index]);
        let d = [0, 1, 2].map(|k| record.position[k] - neighbour.position[k]);
        let r = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        let inverse = 1.0 / r;
        let (knot, fraction) = place(r, functions);
        let Duo { density, pair } = &functions.radial(other, kind)[knot];
        let given = slope::<A>(density, fraction);
        let embedding = if other == kind {
            (record.slope + neighbour.slope) * given
        } else {
            let taken = slope::<A>(&functions.radial(kind, other)[knot].density, fraction);
            A::multiply_add(record.slope, given, neighbour.slope * taken)
        };
        // φ' = ((r φ)' − φ) / r, and the force is along d / r.
        let phi = value::<A>(pair, fraction) * inverse;
        let pair_slope = A::multiply_add(slope::<A>(pair, fraction), inverse_step, -phi);
        let pull = A::multiply_add(embedding, inverse_step, pair_slope * inverse) * inverse;
        Self {
            to_atom: d,
            pull,
            phi,
        }
    }
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
    use super::*;
    use crate::eam::cubic::Place;
    use crate::eam::tables::{EamElement, EamForm, EamTables};

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

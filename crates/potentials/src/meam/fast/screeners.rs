//! Phase 2: which atoms screen which bonds, in single precision and with a margin.
//!
//! Every pair of a bond j and an atom k is looked at, without branches. What remains are bonds that
//! no atom screens completely, and for each the atoms that may screen it in part; those are looked
//! at again in double precision.
//!
//! The test is C < Cmax, with C = (X_ik - p²)/(p - p²) and p = d_ij·d_ik / r_ij² in (0, 1), written
//! without division as X_ik - p² < Cmax (p - p²).
//!
//! **Margin.** A screener has X_ik < p² + Cmax/4, so X_ik - p² and Cmax (p - p²) are computed from
//! numbers below 1 + Cmax/4, with some ten roundings of 6e-8 each: less than 1e-6 (1 + Cmax).
//! [`MARGIN`], by which Cmin is diminished and Cmax enlarged, and [`ABSOLUTE`] are at least ten times that.
#![expect(unsafe_code, reason = "lists of bits are written to memory")]

use super::constants::MAX_SPECIES;
use super::lanes::{Number, NumberOf, Singles, Vectors};
use super::site::{MAX_NEIGHBOURS, MAX_TRIPLETS, SingleColumn, Site};

/// The part of Cmin and of Cmax by which they are changed.
pub(super) const MARGIN: f64 = 1e-4;
const ABSOLUTE: f32 = 1e-5;

#[inline(always)]
fn load4<S: Singles>(columns: &[SingleColumn; 4], at: usize) -> [S; 4] {
    let [a, b, c, d] = columns;
    [a.load(at), b.load(at), c.load(at), d.load(at)]
}

#[inline(always)]
fn splat4<S: Singles>(columns: &[SingleColumn; 4], at: usize) -> [S; 4] {
    let [a, b, c, d] = columns;
    [
        S::splat(a.get(at)),
        S::splat(b.get(at)),
        S::splat(c.get(at)),
        S::splat(d.get(at)),
    ]
}

/// Which of the atoms at `at` may screen a bond, and which surely screen it completely, as bits.
#[inline(always)]
fn test<S: Singles>(
    [ux, uy, uz, inverse]: [S; 4],
    [x, y, z, distance2]: [S; 4],
    (cmin, cmax): (&SingleColumn, &SingleColumn),
    at: usize,
) -> (u64, u64) {
    let margin = S::splat(ABSOLUTE);
    let p = ux.mul_add(x, uy.mul_add(y, uz.mul(z)));
    let square = p.mul(p);
    let q = p.sub(square);
    let numerator = distance2.mul_sub(inverse, square);
    let (high, low) = (cmax.load::<S>(at), cmin.load::<S>(at));
    let some = numerator.less(high.mul_add(q, margin));
    let all = numerator.less(low.mul_sub(q, margin));
    (some, all)
}

/// Finds for each neighbour within the cutoff its screeners; returns the bonds that live.
#[inline(always)]
fn classify<N: Number, S: Singles>(site: &mut Site<N>) -> u64 {
    let count = site.neighbours;
    let valid = if count >= 64 {
        u64::MAX
    } else {
        (1 << count) - 1
    };
    let mut dead = 0;
    for start in (0..count).step_by(2 * S::N) {
        let second = (start + S::N).min(MAX_NEIGHBOURS);
        let (near, far) = (
            load4::<S>(&site.single, start),
            load4::<S>(&site.single, second),
        );
        let mut rest = site.in_cutoff;
        while rest != 0 {
            let j = rest.trailing_zeros() as usize & (MAX_NEIGHBOURS - 1);
            rest &= rest - 1;
            let bond = splat4::<S>(&site.scaled, j);
            let species = site.records[j][3].index() & (MAX_SPECIES - 1);
            let limits = (&site.single_cmin[species], &site.single_cmax[species]);
            let (some_near, all_near) = test(bond, near, limits, start);
            let (some_far, all_far) = test(bond, far, limits, second);
            let partial = some_near | some_far << S::N;
            let complete = all_near | all_far << S::N;
            let others = (valid & !(1 << j)) >> start;
            let partial = partial & others;
            dead |= u64::from(partial & complete != 0) << j;
            if start == 0 {
                site.screeners[j] = partial;
            } else {
                site.screeners[j] |= partial << start;
            }
        }
    }
    site.in_cutoff & !dead
}

/// Lists the bonds and their possible screeners.
#[inline(always)]
pub(super) fn find<V: Vectors>(site: &mut Site<NumberOf<V>>) {
    let alive = classify::<_, V::Single>(site);
    // SAFETY: there is room for 64 bits' numbers.
    site.bonds = unsafe { V::Single::list_bits(alive, site.neighbour_of_bond.as_mut_ptr()) };
    let mut triplets = 0;
    for bond in 0..site.bonds.min(MAX_NEIGHBOURS) {
        let j = site.neighbour_of_bond[bond];
        if triplets > MAX_TRIPLETS - MAX_NEIGHBOURS {
            site.crowded = true;
            break;
        }
        let bits = site.screeners[j as usize & (MAX_NEIGHBOURS - 1)];
        // SAFETY: `triplets` leaves room for 64 more, and 64 and 16 overhang.
        let count = unsafe {
            let count = V::Single::list_bits(bits, site.screener.as_mut_ptr().add(triplets));
            let ends = site.bond_end.as_mut_ptr().add(triplets);
            for part in (0..count.max(1)).step_by(16) {
                ends.add(part).cast::<[u32; 16]>().write_unaligned([j; 16]);
            }
            count
        };
        site.first_triplet[bond] = triplets as u32;
        site.triplets_of_bond[bond] = count as u32;
        triplets += count;
    }
    if site.crowded {
        (site.neighbours, site.bonds, triplets) = (0, 0, 0);
    }
    site.triplets = triplets;
    site.bond_end[triplets..triplets + 8].fill(0);
    site.screener[triplets..triplets + 8].fill(0);
    let bonds = site.bonds.min(MAX_NEIGHBOURS);
    site.neighbour_of_bond[bonds..bonds + 8].fill(0);
    site.triplets_of_bond[bonds..bonds + 8].fill(0);
}

//! Phase 1: which atoms of the list are within range, and where.
#![expect(unsafe_code, reason = "indices come from the neighbour list")]

use super::constants::VectorConstants;
use super::lanes::{Lanes, NumberOf, Place, PlaceOf, Singles, Vectors, dot};
use super::site::{MAX_NEIGHBOURS, Site};

/// Lists the neighbours of `atom` within the range of screening.
///
/// # Safety
/// `atom` and the entries of `row` are indices of `places`.
#[inline(always)]
pub(super) unsafe fn find<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    places: *const PlaceOf<V::Real>,
    atom: usize,
    row: &[u32],
    site: &mut Site<NumberOf<V>>,
) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    // SAFETY: the caller's.
    let here = unsafe { *places.add(atom) };
    site.atom = atom;
    site.species = here.species();
    site.crowded = false;
    let range2 = R::<V>::splat(constants.range2);
    let mut count = 0;
    let mut entries = [atom as u32; 16];
    for start in (0..row.len()).step_by(n) {
        let left = row.len() - start;
        let part = if left >= n {
            &row[start..start + n]
        } else {
            entries[..left].copy_from_slice(&row[start..]);
            &entries[..n]
        };
        // SAFETY: `part` has `n` indices of places.
        let [x, y, z, _] = unsafe { R::<V>::ways(places, part.as_ptr(), &here) };
        let offset = [x, y, z];
        let distance2 = dot(offset, offset);
        let near = R::<V>::bits(R::<V>::both(distance2.less(range2), R::<V>::first(left)));
        if count > MAX_NEIGHBOURS - n {
            site.crowded = true;
            break;
        }
        // SAFETY: `index` has room for 16 entries behind `MAX_NEIGHBOURS`.
        unsafe { V::Single::compress_indices(part, near, site.index.as_mut_ptr().add(count)) };
        count += near.count_ones() as usize;
    }
    site.neighbours = if site.crowded { 0 } else { count };
    let padded = site.neighbours.div_ceil(n) * n;
    site.index[site.neighbours..padded].fill(atom as u32);
}

/// Copies the neighbours' positions, and what the classification of screeners needs, in single
/// precision.
///
/// # Safety
/// The site's indices are those of `places`.
#[inline(always)]
pub(super) unsafe fn localise<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    places: *const PlaceOf<V::Real>,
    site: &mut Site<NumberOf<V>>,
) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    // SAFETY: the caller's.
    let here = unsafe { *places.add(site.atom) };
    let central = &constants.central[site.species];
    let cutoff2 = R::<V>::splat(constants.cutoff2);
    let mut in_cutoff = 0;
    for at in (0..site.neighbours).step_by(n) {
        // SAFETY: the caller's; the index list is padded to whole vectors.
        let [x, y, z, kind] = unsafe { R::<V>::ways(places, site.index.as_ptr().add(at), &here) };
        let offset = [x, y, z];
        let distance2 = dot(offset, offset);
        let valid = R::<V>::first(site.neighbours - at);
        let near = R::<V>::both(distance2.less(cutoff2), valid);
        in_cutoff |= u64::from(R::<V>::bits(near)) << at;
        let inverse = distance2.reciprocal();
        for k in 0..3 {
            site.single[k].store(at, offset[k]);
            site.scaled[k].store(at, offset[k].mul(inverse));
        }
        site.store_records([x, y, z, kind], at);
        site.single[3].store(at, distance2);
        site.scaled[3].store(at, inverse);
        for j in 0..constants.species {
            // SAFETY: the bits of `kind` are a species.
            let (low, high) = unsafe {
                (
                    kind.lookup(&central.careful_cmin[j]),
                    kind.lookup(&central.careful_cmax[j]),
                )
            };
            site.single_cmin[j].store(at, low);
            site.single_cmax[j].store(at, high);
        }
    }
    site.in_cutoff = in_cutoff;
}

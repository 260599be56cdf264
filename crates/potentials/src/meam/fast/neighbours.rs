//! Phase 1: which atoms of the list are within range, and where.
#![expect(unsafe_code, reason = "indices come from the neighbour list")]

use super::constants::VectorConstants;
use super::lanes::{Lanes, Singles, Vectors, dot, splat3, sub3};
use super::site::{MAX_NEIGHBOURS, Site};

/// Lists the neighbours of `atom` within the range of screening.
///
/// # Safety
/// `atom` and the entries of `row` are indices of `positions`.
#[inline(always)]
pub(super) unsafe fn find<V: Vectors>(
    constants: &VectorConstants,
    positions: *const [f64; 4],
    atom: usize,
    row: &[u32],
    site: &mut Site,
) {
    type D<V> = <V as Vectors>::Double;
    let n = <D<V> as Lanes>::N;
    // SAFETY: the caller's.
    let here = unsafe { *positions.add(atom) };
    site.atom = atom;
    site.species = here[3].to_bits() as usize;
    site.crowded = false;
    let center = splat3::<D<V>>([here[0], here[1], here[2]]);
    let range2 = D::<V>::splat(constants.range2);
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
        // SAFETY: `part` has `n` indices of positions.
        let [x, y, z, _] = unsafe { D::<V>::records(positions, part.as_ptr()) };
        let offset = sub3([x, y, z], center);
        let distance2 = dot(offset, offset);
        let near = D::<V>::bits(D::<V>::both(distance2.less(range2), D::<V>::first(left)));
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
/// The site's indices are those of `positions`.
#[inline(always)]
pub(super) unsafe fn localise<V: Vectors>(
    constants: &VectorConstants,
    positions: *const [f64; 4],
    site: &mut Site,
) {
    type D<V> = <V as Vectors>::Double;
    let n = <D<V> as Lanes>::N;
    // SAFETY: the caller's.
    let here = unsafe { *positions.add(site.atom) };
    let central = &constants.central[site.species];
    let center = splat3::<D<V>>([here[0], here[1], here[2]]);
    let cutoff2 = D::<V>::splat(constants.cutoff2);
    let mut in_cutoff = 0;
    for at in (0..site.neighbours).step_by(n) {
        // SAFETY: the caller's; the index list is padded to whole vectors.
        let [x, y, z, kind] = unsafe { D::<V>::records(positions, site.index.as_ptr().add(at)) };
        let offset = sub3([x, y, z], center);
        let distance2 = dot(offset, offset);
        let valid = D::<V>::first(site.neighbours - at);
        let near = D::<V>::both(distance2.less(cutoff2), valid);
        in_cutoff |= u64::from(D::<V>::bits(near)) << at;
        let inverse = distance2.reciprocal();
        for k in 0..3 {
            site.single[k].store::<V>(at, offset[k]);
            site.scaled[k].store::<V>(at, offset[k].mul(inverse));
        }
        site.single[3].store::<V>(at, distance2);
        site.scaled[3].store::<V>(at, inverse);
        for j in 0..constants.species {
            // SAFETY: the bits of `kind` are a species.
            let (low, high) =
                unsafe { (kind.lookup(&central.cmin[j]), kind.lookup(&central.cmax[j])) };
            site.single_cmin[j].store::<V>(at, low);
            site.single_cmax[j].store::<V>(at, high);
        }
    }
    site.in_cutoff = in_cutoff;
    for place in 0..site.neighbours.min(MAX_NEIGHBOURS) {
        // SAFETY: the caller's.
        let [x, y, z, kind] = unsafe { *positions.add(site.index[place] as usize) };
        site.records[place] = [x - here[0], y - here[1], z - here[2], kind];
        site.species_of[place] = kind.to_bits() as u8;
    }
}

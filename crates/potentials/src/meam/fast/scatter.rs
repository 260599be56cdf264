//! Phases 7 and 8: the gradient through the screening, and forces.
#![expect(unsafe_code, reason = "gradients and forces are added to records")]

use super::lanes::{Lanes, Number, NumberOf, Vectors, neg_mul_add3, scale3};
use super::site::{MAX_NEIGHBOURS, MAX_TRIPLETS, Site};

/// Adds the gradient through each partial screener to those of bond end and screener.
#[inline(always)]
pub(super) fn screening<V: Vectors>(site: &mut Site<NumberOf<V>>) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    for at in (0..site.triplets.min(MAX_TRIPLETS)).step_by(n) {
        let count = site.triplets - at;
        let (ends, screeners) = (site.bond_end.as_ptr(), site.screener.as_ptr());
        // SAFETY: the lists hold places of neighbours, up to 8 beyond their ends.
        let strength = unsafe { R::<V>::gather(site.strength.as_ptr(), ends.add(at)) };
        let by_ik = strength.mul(site.by_ik.load(at));
        let by_jk = strength.mul(site.by_jk.load(at));
        let by_ij = strength.mul(site.by_ij.load(at));
        let [x, y, z] = &site.end_position;
        let end: [R<V>; 3] = [x.load(at), y.load(at), z.load(at)];
        let [x, y, z] = &site.screener_position;
        let screener: [R<V>; 3] = [x.load(at), y.load(at), z.load(at)];
        // d X_ik / d x_k = 2 d_ik / r_ij², and so on; the factor 2 / r_ij² is in the strength.
        let both = by_ik.add(by_jk);
        let own = by_jk.sub(by_ij);
        let of_screener = neg_mul_add3(by_jk, end, scale3(both, screener));
        let of_end = neg_mul_add3(by_jk, screener, scale3(own, end));
        let gradient = site.gradient.as_mut_ptr();
        // SAFETY: as above.
        unsafe {
            R::<V>::add_to_records(of_screener, gradient, screeners.add(at), count);
            R::<V>::add_to_records(of_end, gradient, ends.add(at), count);
        }
    }
}

/// Subtracts the gradients from the forces on the neighbours, and adds them to that on the atom;
/// returns the sum of the gradients.
///
/// # Safety
/// The site's indices are those of `forces`, and no other thread uses their records.
#[inline(always)]
pub(super) unsafe fn forces<N: Number>(site: &Site<N>, forces: *mut [f64; 4]) -> [f64; 4] {
    let mut sum = [0.0; 4];
    for place in 0..site.neighbours.min(MAX_NEIGHBOURS) {
        let gradient = site.gradient[place].map(N::wide);
        // SAFETY: the caller's.
        let force = unsafe { &mut *forces.add(site.index[place] as usize) };
        for k in 0..4 {
            force[k] -= gradient[k];
            sum[k] += gradient[k];
        }
    }
    // SAFETY: the caller's.
    let force = unsafe { &mut *forces.add(site.atom) };
    for k in 0..4 {
        force[k] += sum[k];
    }
    sum
}

/// Virial of the site, `-Σ d ⊗ g`: xx, yy, zz, xy, xz, yz. It is symmetric, for turning everything
/// changes no site energy.
#[inline(always)]
pub(super) fn virial<N: Number>(site: &Site<N>) -> [f64; 6] {
    let mut virial = [0.0; 6];
    for place in 0..site.neighbours.min(MAX_NEIGHBOURS) {
        let [x, y, z, _] = site.records[place].map(N::wide);
        let [gx, gy, gz, _] = site.gradient[place].map(N::wide);
        let parts = [x * gx, y * gy, z * gz, x * gy, x * gz, y * gz];
        for (sum, part) in virial.iter_mut().zip(parts) {
            *sum -= part;
        }
    }
    virial
}

//! Phase 3: partial screening, and the product of it for each bond.
#![expect(unsafe_code, reason = "places of neighbours are gathered")]

use super::constants::VectorConstants;
use super::lanes::{Lanes, NumberOf, Vectors, dot};
use super::site::{MAX_TRIPLETS, Site};

/// Finds S_ijk of each triplet and its derivatives.
///
/// With y = 1 - x and x = (C - Cmin)/(Cmax - Cmin): S = g², g = 1 - y⁴, d ln S / dC = 8 y³/(g (Cmax -
/// Cmin)); and, with u = 2p - 1, 2q dC/dX_ik = 1 + u (C-1), 2q dC/dX_jk = 1 - u (C-1).
#[inline(always)]
pub(super) fn evaluate<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    site: &mut Site<NumberOf<V>>,
) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    let central = &constants.central[site.species];
    let (zero, one, four) = (R::<V>::splat(0.0), R::<V>::splat(1.0), R::<V>::splat(4.0));
    for at in (0..site.triplets.min(MAX_TRIPLETS)).step_by(n) {
        // SAFETY: both lists hold places of neighbours, up to 8 beyond their ends.
        let ([xj, yj, zj, kind_j], [xk, yk, zk, kind_k]) = unsafe {
            (
                R::<V>::records(site.records.as_ptr(), site.bond_end.as_ptr().add(at)),
                R::<V>::records(site.records.as_ptr(), site.screener.as_ptr().add(at)),
            )
        };
        let (end, screener) = ([xj, yj, zj], [xk, yk, zk]);
        let (r2j, r2k) = (dot(end, end), dot(screener, screener));
        let projection = dot(end, screener);
        let inverse = r2j.reciprocal();
        let x_ik = r2k.mul(inverse);
        let p = projection.mul(inverse);
        let q = p.neg_mul_add(p, p);
        let numerator = p.neg_mul_add(p, x_ik);
        let pair = kind_j.combine_index(constants.species, kind_k);
        // SAFETY: the bits of `pair` are that of a pair of species.
        let (cmax, inverse_width) = unsafe {
            (
                pair.lookup(&central.cmax_of_pair),
                pair.lookup(&central.inverse_width),
            )
        };
        // Where the single precision was too careful, S is 1.
        let screens = numerator.less(cmax.mul(q));
        let inverse_q = R::<V>::select(screens, q, one).reciprocal();
        let c = numerator.mul(inverse_q);
        let y = cmax.sub(c).mul(inverse_width);
        let y3 = y.mul(y).mul(y);
        let g = y3.neg_mul_add(y, one);
        // Where C <= Cmin, S is 0 and takes the bond with it.
        let partial = R::<V>::both(screens, zero.less(g));
        let safe = R::<V>::select(partial, g, one);
        let factor = R::<V>::select(screens, g.mul(g).keep(partial), one);
        let logarithmic = four
            .mul(y3)
            .mul(inverse_width)
            .mul(safe.reciprocal().mul(inverse_q))
            .keep(partial);
        let u = p.add(p).sub(one);
        let skew = u.mul(c.sub(one));
        let by_ik = logarithmic.mul_add(skew, logarithmic);
        let by_jk = logarithmic.neg_mul_add(skew, logarithmic);
        // X_jk = X_ik - u.
        let by_ij = x_ik.mul_add(by_ik, x_ik.sub(u).mul(by_jk));
        for k in 0..3 {
            site.end_position[k].store(at, end[k]);
            site.screener_position[k].store(at, screener[k]);
        }
        site.factor.store(at, factor);
        site.by_ik.store(at, by_ik);
        site.by_jk.store(at, by_jk);
        site.by_ij.store(at, by_ij);
    }
}

/// Multiplies the factors of each bond.
#[inline(always)]
pub(super) fn multiply<V: Vectors>(site: &mut Site<NumberOf<V>>) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    for at in (0..site.bonds).step_by(n) {
        let first = &site.first_triplet[at..at + n];
        let count = &site.triplets_of_bond[at..at + n];
        // SAFETY: the runs are those of triplets.
        let product =
            unsafe { R::<V>::products(site.factor.as_ptr(), first.as_ptr(), count.as_ptr()) };
        site.screening.store(at, product);
    }
}

//! Phase 4: atomic densities, their moments, and the pair potential.
#![expect(unsafe_code, reason = "tables and places of neighbours are gathered")]

use super::constants::VectorConstants;
use super::lanes::{Lanes, Number, NumberOf, Vectors, scale3};
use super::site::Site;

/// Places of the moments, by powers of the direction's components.
pub(super) mod moment {
    pub(in crate::meam::fast) const ZEROTH: usize = 0;
    pub(in crate::meam::fast) const FIRST: [usize; 3] = [1, 2, 3];
    pub(in crate::meam::fast) const SECOND_TRACE: usize = 4;
    /// xx, yy, zz, xy, xz, yz.
    pub(in crate::meam::fast) const SECOND: [usize; 6] = [5, 6, 7, 8, 9, 10];
    pub(in crate::meam::fast) const THIRD_TRACE: [usize; 3] = [11, 12, 13];
    /// xxx, yyy, zzz, xxy, xxz, yyx, yyz, zzx, zzy, xyz.
    pub(in crate::meam::fast) const THIRD: [usize; 10] = [14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
}

/// Finds what depends on the bonds' lengths and directions, and sums the moments.
#[inline(always)]
pub(super) fn sum<V: Vectors, const SUMS: bool>(
    constants: &VectorConstants<NumberOf<V>>,
    site: &mut Site<NumberOf<V>>,
) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    let central = &constants.central[site.species];
    let (zero, one) = (R::<V>::splat(0.0), R::<V>::splat(1.0));
    let mut sums = [zero; 24];
    let mut energy = zero;
    for at in (0..site.bonds).step_by(n) {
        let used = R::<V>::first(site.bonds - at);
        // SAFETY: places of neighbours, padded with that of the first.
        let [x, y, z, kind] = unsafe {
            R::<V>::records(
                site.records.as_ptr(),
                site.neighbour_of_bond.as_ptr().add(at),
            )
        };
        let distance2 = x.mul_add(x, y.mul_add(y, z.mul(z)));
        let inverse = distance2.reciprocal_root();
        let r = distance2.mul(inverse);
        let direction = scale3(inverse.keep(used), [x, y, z]);

        // The taper [1 - y⁴]² with y = 1 - (rc - r)/Δr in [0, 1].
        let inside = R::<V>::splat(constants.cutoff)
            .sub(r)
            .mul(R::<V>::splat(constants.inverse_taper));
        let y = one.sub(inside.max(zero).min(one));
        let y3 = y.mul(y).mul(y);
        let g = y3.neg_mul_add(y, one);
        let taper = g.mul(g);
        let taper_slope = g.mul(y3).mul(R::<V>::splat(-8.0 * constants.inverse_taper));

        let first = density(constants, 1, kind, r);
        let third = if constants.third_is_first {
            first
        } else {
            density(constants, 3, kind, r)
        };
        let densities = [
            density(constants, 0, kind, r),
            first,
            density(constants, 2, kind, r),
            third,
        ];

        let place = r.mul(R::<V>::splat(constants.inverse_step));
        let place = place
            .max(zero)
            .min(R::<V>::splat(constants.last_place.wide()));
        // SAFETY: the place lies in a table, whose start is that of a pair.
        let ([c0, c1, c2, c3], p) = unsafe {
            let start = kind.lookup(&central.table_start);
            R::<V>::coefficients(place, start, constants.tables.as_ptr())
        };
        let pair = c3.mul_add(p, c2).mul_add(p, c1).mul_add(p, c0);
        let slope = c3
            .mul(R::<V>::splat(3.0))
            .mul_add(p, c2.add(c2))
            .mul_add(p, c1)
            .mul(R::<V>::splat(constants.inverse_step));

        let screening = site.screening.load::<R<V>>(at).keep(used);
        let weight = screening.mul(taper);
        if SUMS {
            energy = weight.mul_add(pair, energy);
        }
        let [w0, w1, w2, w3] = densities;
        let weighted = [
            w0.mul(weight),
            w1.mul(weight),
            w2.mul(weight),
            w3.mul(weight),
        ];
        add_moments(&mut sums, weighted, direction);

        site.screening.store(at, screening);
        site.kind.store(at, kind);
        for k in 0..3 {
            site.direction[k].store(at, direction[k]);
        }
        site.distance.store(at, r);
        site.inverse_distance.store(at, inverse);
        site.taper.store(at, taper);
        site.taper_slope.store(at, taper_slope);
        for l in 0..4 {
            site.density[l].store(at, densities[l]);
        }
        site.pair.store(at, pair);
        site.pair_slope.store(at, slope);
    }
    for part in 0..3 {
        let mut eight = [zero; 8];
        eight.copy_from_slice(&sums[8 * part..8 * part + 8]);
        site.moments[8 * part..8 * part + 8].copy_from_slice(&R::<V>::sums(eight));
    }
    if SUMS {
        let [energy, ..] = R::<V>::sums([energy, zero, zero, zero, zero, zero, zero, zero]);
        site.pair_energy = 0.5 * energy;
    }
}

/// The atomic density of order `l` of neighbours at `r`.
#[inline(always)]
fn density<D: Lanes>(constants: &VectorConstants<D::Number>, l: usize, kind: D, r: D) -> D {
    // SAFETY: the bits of `kind` are a species.
    let (rate, intercept) = unsafe {
        (
            kind.lookup(&constants.rate[l]),
            kind.lookup(&constants.intercept[l]),
        )
    };
    rate.neg_mul_add(r, intercept).exp()
}

/// Adds `factor * other` to a sum.
#[inline(always)]
fn add<D: Lanes>(sums: &mut [D; 24], place: usize, factor: D, other: D) {
    sums[place] = factor.mul_add(other, sums[place]);
}

#[inline(always)]
fn add_moments<D: Lanes>(sums: &mut [D; 24], [w0, w1, w2, w3]: [D; 4], n: [D; 3]) {
    let [x, y, z] = n;
    sums[moment::ZEROTH] = sums[moment::ZEROTH].add(w0);
    sums[moment::SECOND_TRACE] = sums[moment::SECOND_TRACE].add(w2);
    let second = scale3(w2, n);
    let third = scale3(w3, n);
    for k in 0..3 {
        add(sums, moment::FIRST[k], w1, n[k]);
        add(sums, moment::SECOND[k], second[k], n[k]);
        sums[moment::THIRD_TRACE[k]] = sums[moment::THIRD_TRACE[k]].add(third[k]);
    }
    let [xy, xz, yz] = [moment::SECOND[3], moment::SECOND[4], moment::SECOND[5]];
    add(sums, xy, second[0], y);
    add(sums, xz, second[0], z);
    add(sums, yz, second[1], z);
    let squares = [third[0].mul(x), third[1].mul(y), third[2].mul(z)];
    let [xxx, yyy, zzz, xxy, xxz, yyx, yyz, zzx, zzy, xyz] = moment::THIRD;
    add(sums, xxx, squares[0], x);
    add(sums, yyy, squares[1], y);
    add(sums, zzz, squares[2], z);
    add(sums, xxy, squares[0], y);
    add(sums, xxz, squares[0], z);
    add(sums, yyx, squares[1], x);
    add(sums, yyz, squares[1], z);
    add(sums, zzx, squares[2], x);
    add(sums, zzy, squares[2], y);
    add(sums, xyz, third[0].mul(y), z);
}

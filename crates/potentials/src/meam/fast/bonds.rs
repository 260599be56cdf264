//! Phase 6: the gradient along and across each bond, with its screening held fixed.
#![expect(unsafe_code, reason = "gradients are added to records")]

use super::constants::VectorConstants;
use super::densities::moment;
use super::lanes::{Lanes, NumberOf, Vectors, dot, mul_add3, scale3, sub3};
use super::site::{MAX_NEIGHBOURS, Site};

/// Starts the neighbours' gradients with those of the bonds.
#[inline(always)]
pub(super) fn differentiate<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    site: &mut Site<NumberOf<V>>,
) {
    type R<V> = <V as Vectors>::Real;
    let n = <R<V> as Lanes>::N;
    site.gradient[..site.neighbours.min(MAX_NEIGHBOURS)].fill([NumberOf::<V>::default(); 4]);
    let weights = Weights::<R<V>>::new(constants, site);
    let half = R::<V>::splat(0.5);
    for at in (0..site.bonds).step_by(n) {
        let [nx, ny, nz] = &site.direction;
        let direction: [R<V>; 3] = [nx.load(at), ny.load(at), nz.load(at)];
        let [w0, w1, w2, w3] = &site.density;
        let w: [R<V>; 4] = [w0.load(at), w1.load(at), w2.load(at), w3.load(at)];
        let kind = site.kind.load::<R<V>>(at);
        let screening = site.screening.load::<R<V>>(at);
        let taper = site.taper.load::<R<V>>(at);
        let inverse = site.inverse_distance.load::<R<V>>(at);

        let angular = weights.contract(direction);
        let parts = [
            weights.zeroth.mul(w[0]),
            angular.by_density[0].mul(w[1]),
            angular.by_density[1].mul(w[2]),
            angular.by_density[2].mul(w[3]),
        ];
        let density_energy = parts[0].add(parts[1]).add(parts[2].add(parts[3]));
        let mut fall = parts[0].mul(rate(constants, 0, kind));
        for l in 1..4 {
            fall = parts[l].mul_add(rate(constants, l, kind), fall);
        }
        let by_direction = angular.by_direction([w[1], w[2], w[3]]);
        let radial = dot(by_direction, direction);

        let pair = site.pair.load::<R<V>>(at);
        let pair_slope = site.pair_slope.load::<R<V>>(at);
        let strength = half.mul_add(pair, density_energy);
        let slope = half.mul(pair_slope).sub(fall);
        let along = site.taper_slope.load::<R<V>>(at).mul(strength);
        let along = screening.mul(taper.mul_add(slope, along));
        let weight = screening.mul(taper);
        let across = weight.mul(inverse);
        let along = across.neg_mul_add(radial, along);
        let gradient = mul_add3(along, direction, scale3(across, by_direction));
        // SAFETY: places of neighbours.
        unsafe {
            R::<V>::add_to_records(
                gradient,
                site.gradient.as_mut_ptr(),
                site.neighbour_of_bond.as_ptr().add(at),
                site.bonds - at,
            );
        }
        let twice = inverse.add(inverse).mul(inverse);
        // The column of distances is read no more: it takes the strengths, bond by bond.
        site.distance.store(at, weight.mul(strength).mul(twice));
    }
    for bond in 0..site.bonds.min(MAX_NEIGHBOURS) {
        let place = site.neighbour_of_bond[bond] as usize & (MAX_NEIGHBOURS - 1);
        site.strength.set(place, site.distance.get(bond));
    }
}

/// The rate at which atomic densities of order `l` fall.
#[inline(always)]
fn rate<D: Lanes>(constants: &VectorConstants<D::Number>, l: usize, kind: D) -> D {
    // SAFETY: the bits of `kind` are a species.
    unsafe { kind.lookup(&constants.rate[l]) }
}

/// A symmetric form of the direction: squares with `a`, mixed products, doubled, with `b`.
#[inline(always)]
fn form<D: Lanes>(squares: [D; 3], mixed: [D; 3], a: [D; 3], b: [D; 3]) -> D {
    let rest = dot(b, mixed);
    a[0].mul_add(
        squares[0],
        a[1].mul_add(squares[1], a[2].mul_add(squares[2], rest)),
    )
}

/// Moments times derivatives of the site energy, in every lane.
struct Weights<D> {
    zeroth: D,
    first: [D; 3],
    second: [D; 6],
    second_trace: D,
    third: [D; 10],
    third_trace: [D; 3],
}

/// Moments contracted with a direction.
struct Contracted<D> {
    /// ∂E by the atomic densities 1 to 3, the weight S f_c left out.
    by_density: [D; 3],
    first: [D; 3],
    second: [D; 3],
    third: [D; 3],
}

impl<D: Lanes> Weights<D> {
    #[inline(always)]
    fn new(constants: &VectorConstants<D::Number>, site: &Site<D::Number>) -> Self {
        let t = &constants.central[site.species].t;
        let b = site.by_square;
        let (b1, b2, b3) = (b * t[1], b * t[2], b * t[3]);
        let mut weights = Self {
            zeroth: D::splat(site.by_zeroth),
            first: [D::splat(0.0); 3],
            second: [D::splat(0.0); 6],
            second_trace: D::splat(2.0 / 3.0 * b2 * site.moments[moment::SECOND_TRACE]),
            third: [D::splat(0.0); 10],
            third_trace: [D::splat(0.0); 3],
        };
        for k in 0..3 {
            weights.first[k] = D::splat(2.0 * b1 * site.moments[moment::FIRST[k]]);
            weights.third_trace[k] = D::splat(1.2 * b3 * site.moments[moment::THIRD_TRACE[k]]);
        }
        for k in 0..6 {
            weights.second[k] = D::splat(4.0 * b2 * site.moments[moment::SECOND[k]]);
        }
        for k in 0..10 {
            weights.third[k] = D::splat(6.0 * b3 * site.moments[moment::THIRD[k]]);
        }
        weights
    }

    #[inline(always)]
    fn contract(&self, n: [D; 3]) -> Contracted<D> {
        let [x, y, z] = n;
        let [s_xx, s_yy, s_zz, s_xy, s_xz, s_yz] = self.second;
        let second = [
            dot([s_xx, s_xy, s_xz], n),
            dot([s_xy, s_yy, s_yz], n),
            dot([s_xz, s_yz, s_zz], n),
        ];
        let [xxx, yyy, zzz, xxy, xxz, yyx, yyz, zzx, zzy, xyz] = self.third;
        let squares = [x.mul(x), y.mul(y), z.mul(z)];
        let (twice_x, twice_y) = (x.add(x), y.add(y));
        let mixed = [twice_x.mul(y), twice_x.mul(z), twice_y.mul(z)];
        let third = [
            form(squares, mixed, [xxx, yyx, zzx], [xxy, xxz, xyz]),
            form(squares, mixed, [xxy, yyy, zzy], [yyx, xyz, yyz]),
            form(squares, mixed, [xxz, yyz, zzz], [xyz, zzx, zzy]),
        ];
        let by_density = [
            dot(self.first, n),
            D::splat(0.5).mul(dot(second, n)).sub(self.second_trace),
            D::splat(1.0 / 3.0)
                .mul(dot(third, n))
                .sub(dot(self.third_trace, n)),
        ];
        Contracted {
            by_density,
            first: self.first,
            second,
            third: sub3(third, self.third_trace),
        }
    }
}

impl<D: Lanes> Contracted<D> {
    /// ∂E by the direction, S f_c left out, for atomic densities 1 to 3.
    #[inline(always)]
    fn by_direction(&self, [w1, w2, w3]: [D; 3]) -> [D; 3] {
        mul_add3(
            w1,
            self.first,
            mul_add3(w2, self.second, scale3(w3, self.third)),
        )
    }
}

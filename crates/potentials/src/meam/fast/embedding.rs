//! Phase 5: the embedding energy and its derivatives, an atom to each lane.
#![expect(unsafe_code, reason = "vectors are loaded from arrays")]

use super::constants::VectorConstants;
use super::densities::moment;
use super::lanes::{Doubles, Lanes, NumberOf, Vectors};
use super::site::Site;
use crate::meam::functions::GammaForm;

/// A number for each of up to eight sites.
type BySite = [f64; 8];

#[inline(always)]
fn load<D: Doubles>(from: &BySite, at: usize) -> D {
    assert!(at <= 8 - D::N);
    // SAFETY: all numbers lie in the array.
    unsafe { D::load(from.as_ptr().add(at)) }
}

#[inline(always)]
fn store<D: Doubles>(to: &mut BySite, at: usize, x: D) {
    assert!(at <= 8 - D::N);
    // SAFETY: all numbers have room in the array.
    unsafe { x.store(to.as_mut_ptr().add(at)) }
}

/// Squared partial densities, weighted by t_l and summed: Γ ρ_0².
#[inline(always)]
fn angular<N>(site: &Site<N>, t: &[f64; 4]) -> f64 {
    let m = &site.moments;
    let square = |place: usize| m[place] * m[place];
    let squares = |places: &[usize]| places.iter().map(|&place| square(place)).sum::<f64>();
    let first = squares(&moment::FIRST);
    let second = squares(&moment::SECOND[..3]) + 2.0 * squares(&moment::SECOND[3..])
        - square(moment::SECOND_TRACE) / 3.0;
    let third = squares(&moment::THIRD[..3])
        + 3.0 * squares(&moment::THIRD[3..9])
        + 6.0 * square(moment::THIRD[9])
        - 0.6 * squares(&moment::THIRD_TRACE);
    t[1] * first + t[2] * second + t[3] * third
}

/// Embeds the atoms of up to eight sites.
#[inline(always)]
pub(super) fn embed<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    sites: &mut [Site<NumberOf<V>>],
) {
    let mut rho: BySite = [1.0; 8];
    let mut angle: BySite = [0.0; 8];
    let mut scale: BySite = [1.0; 8];
    let mut strength: BySite = [0.0; 8];
    for (lane, site) in sites.iter().enumerate() {
        let central = &constants.central[site.species];
        // An atom without neighbours has no embedding energy; one without numbers has none either.
        if site.moments[moment::ZEROTH] != 0.0 {
            rho[lane] = site.moments[moment::ZEROTH];
            strength[lane] = central.embedding;
        }
        angle[lane] = angular(site, &central.t);
        scale[lane] = central.inverse_reference;
    }
    let shape = shapes::<V>(constants, sites, &rho, &angle);
    let (mut energy, mut by_zeroth, mut by_square) = ([0.0; 8], [0.0; 8], [0.0; 8]);
    let n = <V::Double as Lanes>::N;
    for at in (0..sites.len()).step_by(n) {
        let rho = load::<V::Double>(&rho, at);
        let scale = load::<V::Double>(&scale, at);
        let strength = load::<V::Double>(&strength, at);
        let gamma = load::<V::Double>(&shape.gamma, at);
        let g = load::<V::Double>(&shape.g, at);
        let slope = load::<V::Double>(&shape.slope, at);
        let density = rho.mul(g).mul(scale);
        let logarithm = density.ln();
        let by_density = strength
            .mul(logarithm.add(V::Double::splat(1.0)))
            .mul(scale);
        let total = strength.mul(density).mul(logarithm);
        let zeroth = by_density.mul(gamma.add(gamma).neg_mul_add(slope, g));
        let square = by_density.mul(slope).mul(rho.reciprocal());
        store(&mut energy, at, total);
        store(&mut by_zeroth, at, zeroth);
        store(&mut by_square, at, square);
    }
    for (lane, site) in sites.iter_mut().enumerate() {
        site.embedding = energy[lane];
        site.by_zeroth = by_zeroth[lane];
        site.by_square = by_square[lane];
    }
}

struct Shapes {
    gamma: BySite,
    g: BySite,
    slope: BySite,
}

/// Γ, G and dG/dΓ: in vectors for the form of 2NN-MEAM, one by one for others.
#[inline(always)]
fn shapes<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    sites: &[Site<NumberOf<V>>],
    rho: &BySite,
    angle: &BySite,
) -> Shapes {
    let mut shapes = Shapes {
        gamma: [0.0; 8],
        g: [1.0; 8],
        slope: [0.0; 8],
    };
    let n = <V::Double as Lanes>::N;
    for at in (0..sites.len()).step_by(n) {
        let inverse = load::<V::Double>(rho, at).reciprocal();
        let gamma = load::<V::Double>(angle, at).mul(inverse).mul(inverse);
        // G is 2 or 0 to all digits where |Γ| is 700.
        let limit = V::Double::splat(700.0);
        let bounded = gamma.min(limit).max(V::Double::splat(-700.0));
        let power = V::Double::splat(0.0).sub(bounded).exp();
        let two = V::Double::splat(2.0);
        let g = two.mul(V::Double::splat(1.0).add(power).reciprocal());
        let slope = g.mul(two.sub(g)).mul(V::Double::splat(0.5));
        store(&mut shapes.gamma, at, gamma);
        store(&mut shapes.g, at, g);
        store(&mut shapes.slope, at, slope);
    }
    for (lane, site) in sites.iter().enumerate() {
        let form = constants.central[site.species].gamma_form;
        if form != GammaForm::Sigmoid {
            let (g, slope) = form.value(shapes.gamma[lane], constants.smoothing);
            (shapes.g[lane], shapes.slope[lane]) = (g, slope);
        }
    }
    shapes
}

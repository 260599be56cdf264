//! Phase 5: the embedding energy and its derivatives, an atom to each lane.
#![expect(unsafe_code, reason = "vectors are loaded from arrays")]

use super::constants::VectorConstants;
use super::densities::moment;
use super::lanes::{Doubles, Lanes, NumberOf, Vectors};
use super::site::{GROUP, Site};
use crate::meam::functions::GammaForm;

/// A number for each site.
type BySite = [f64; GROUP];

/// The numbers as the first lanes of a vector. Through memory the vector would have to wait for all that
/// was written before.
#[inline(always)]
fn lanes<D: Doubles>(numbers: &BySite) -> D {
    const { assert!(GROUP <= D::N) };
    let mut lanes = D::splat(numbers[GROUP - 1]);
    for lane in (0..GROUP - 1).rev() {
        lanes = D::select(D::first(lane + 1), D::splat(numbers[lane]), lanes);
    }
    lanes
}

/// The first lanes of a vector.
#[inline(always)]
fn numbers<D: Doubles>(lanes: D) -> BySite {
    const { assert!(GROUP <= D::N && D::N <= 8) };
    let mut all = [0.0; 8];
    // SAFETY: no vector has more than eight numbers.
    unsafe { lanes.store(all.as_mut_ptr()) };
    std::array::from_fn(|lane| all[lane])
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

/// Embeds the atoms of a group of sites.
#[inline(always)]
pub(super) fn embed<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    sites: &mut [Site<NumberOf<V>>; GROUP],
) {
    let mut rho: BySite = [1.0; GROUP];
    let mut angle: BySite = [0.0; GROUP];
    let mut scale: BySite = [1.0; GROUP];
    let mut strength: BySite = [0.0; GROUP];
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
    let (rho, angle) = (lanes::<V::Double>(&rho), lanes::<V::Double>(&angle));
    let (scale, strength) = (lanes::<V::Double>(&scale), lanes::<V::Double>(&strength));
    let inverse = rho.reciprocal();
    let gamma = angle.mul(inverse).mul(inverse);
    let (g, slope) = shapes::<V>(constants, sites, gamma);
    let density = rho.mul(g).mul(scale);
    let logarithm = density.ln();
    let by_density = strength
        .mul(logarithm.add(V::Double::splat(1.0)))
        .mul(scale);
    let energy = numbers(strength.mul(density).mul(logarithm));
    let by_zeroth = numbers(by_density.mul(gamma.add(gamma).neg_mul_add(slope, g)));
    let by_square = numbers(by_density.mul(slope).mul(inverse));
    for (lane, site) in sites.iter_mut().enumerate() {
        site.embedding = energy[lane];
        site.by_zeroth = by_zeroth[lane];
        site.by_square = by_square[lane];
    }
}

/// G and dG/dΓ: in vectors for the form of 2NN-MEAM, one by one for others.
#[inline(always)]
fn shapes<V: Vectors>(
    constants: &VectorConstants<NumberOf<V>>,
    sites: &[Site<NumberOf<V>>; GROUP],
    gamma: V::Double,
) -> (V::Double, V::Double) {
    // G is 2 or 0 to all digits where |Γ| is 700.
    let limit = V::Double::splat(700.0);
    let bounded = gamma.min(limit).max(V::Double::splat(-700.0));
    let power = V::Double::splat(0.0).sub(bounded).exp();
    let two = V::Double::splat(2.0);
    let g = two.mul(V::Double::splat(1.0).add(power).reciprocal());
    let slope = g.mul(two.sub(g)).mul(V::Double::splat(0.5));
    let form = |site: &Site<_>| constants.central[site.species].gamma_form;
    if sites.iter().all(|site| form(site) == GammaForm::Sigmoid) {
        return (g, slope);
    }
    let (mut all_g, mut all_slopes, gamma) = (numbers(g), numbers(slope), numbers(gamma));
    for (lane, site) in sites.iter().enumerate() {
        if form(site) != GammaForm::Sigmoid {
            (all_g[lane], all_slopes[lane]) = form(site).value(gamma[lane], constants.smoothing);
        }
    }
    (lanes(&all_g), lanes(&all_slopes))
}

//! The reference path: the formulas, atom by atom, in the order in which they are written.
//!
//! Each atom's site energy depends on the atom, its neighbours and the atoms that screen them; the
//! gradient by all of their positions is found at once, and forces and virial are sums of it.

use frit_atoms::{Matrix, Surroundings, Vector};

use super::functions::smooth_step;
use super::model::Constants;
use super::workspace::MeamWorkspace;
use crate::{Evaluation, EvaluationError};

/// An atom within range of the central one.
#[derive(Debug, Clone, Copy)]
struct Neighbour {
    index: u32,
    species: usize,
    /// From the central atom [Å].
    offset: Vector,
    distance2: f64,
    distance: f64,
    /// S, the product of the screening factors; 0 beyond the cutoff.
    screening: f64,
    /// Its first partial screener and how many there are.
    screeners: (usize, usize),
}

/// An atom k that screens a bond ij in part.
#[derive(Debug, Clone, Copy)]
struct Screener {
    /// Place of k among the neighbours.
    k: usize,
    /// d ln S_ijk by X_ik = r_ik²/r_ij² and by X_jk = r_jk²/r_ij².
    by_ik: f64,
    by_jk: f64,
}

/// Moments of the neighbours' directions, weighted by atomic densities.
#[derive(Debug, Clone, Copy)]
struct Moments {
    zeroth: f64,
    first: Vector,
    second: Matrix,
    second_trace: f64,
    third: [Matrix; 3],
    third_trace: Vector,
}

/// Scratch memory.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    neighbours: Vec<Neighbour>,
    screeners: Vec<Screener>,
    gradient: Vec<Vector>,
}

pub(super) fn evaluate(
    constants: &Constants,
    surroundings: &Surroundings<'_>,
    workspace: &mut MeamWorkspace,
    evaluation: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let scratch = &mut workspace.reference;
    let request = evaluation.request;
    let owned = &surroundings.position[..surroundings.owned()];
    if let Some(atom) = owned.iter().position(|p| !p.iter().all(|x| x.is_finite())) {
        return Err(EvaluationError::NotFinite { atom });
    }
    for atom in 0..surroundings.owned() {
        let energy = evaluate_site(constants, surroundings, atom, scratch);
        if !(energy.is_finite()
            && scratch
                .gradient
                .iter()
                .all(|g| g.iter().all(|x| x.is_finite())))
        {
            return Err(EvaluationError::NotFinite { atom });
        }
        for (neighbour, gradient) in scratch.neighbours.iter().zip(&scratch.gradient) {
            let other = surroundings.owner(neighbour.index) as usize;
            evaluation.force[atom] += gradient;
            evaluation.force[other] -= gradient;
            if request.virial {
                evaluation.virial -= neighbour.offset * gradient.transpose();
            }
        }
        if request.energy || request.atom_energy {
            evaluation.energy += energy;
        }
        if request.atom_energy {
            evaluation.atom_energy[atom] += energy;
        }
    }
    Ok(())
}

/// The site energy of `atom`; its gradient is then in `scratch`.
pub(super) fn evaluate_site(
    constants: &Constants,
    surroundings: &Surroundings<'_>,
    atom: usize,
    scratch: &mut Scratch,
) -> f64 {
    let species = usize::from(surroundings.species[atom]);
    gather(constants, surroundings, atom, scratch);
    screen(constants, species, scratch);
    site(constants, species, scratch)
}

impl Scratch {
    /// Index, offset from the atom and gradient of each neighbour.
    pub(super) fn gradients(&self) -> impl Iterator<Item = (u32, Vector, Vector)> {
        let neighbours = self.neighbours.iter();
        let both = neighbours.zip(&self.gradient);
        both.map(|(neighbour, gradient)| (neighbour.index, neighbour.offset, *gradient))
    }
}

/// Lists the atoms within range of `atom`.
fn gather(
    constants: &Constants,
    surroundings: &Surroundings<'_>,
    atom: usize,
    scratch: &mut Scratch,
) {
    let here = surroundings.position[atom];
    scratch.neighbours.clear();
    for &index in surroundings.list.row(atom) {
        let offset = surroundings.position[index as usize] - here;
        let distance2 = offset.norm_squared();
        if distance2 < constants.range * constants.range {
            scratch.neighbours.push(Neighbour {
                index,
                species: usize::from(surroundings.species[index as usize]),
                offset,
                distance2,
                distance: distance2.sqrt(),
                screening: 1.0,
                screeners: (0, 0),
            });
        }
    }
}

/// Finds the screening of every bond, with its derivatives (Baskes 1992 and Lee and Baskes 2000).
///
/// With p = d_ij·d_ik / r_ij² the ellipse through i, j and k has
/// C = (X_ik - p²) / (p - p²); k screens only where 0 < p < 1.
fn screen(constants: &Constants, species: usize, scratch: &mut Scratch) {
    scratch.screeners.clear();
    for j in 0..scratch.neighbours.len() {
        let bond = scratch.neighbours[j];
        let start = scratch.screeners.len();
        let mut screening = 1.0;
        if bond.distance >= constants.rc {
            screening = 0.0;
        } else {
            for (k, other) in scratch.neighbours.iter().enumerate() {
                if k == j {
                    continue;
                }
                let triple = constants.triple(species, bond.species, other.species);
                let limits = (constants.cmin[triple], constants.cmax[triple]);
                match screening_factor(&bond, other, limits) {
                    Factor::One => {}
                    Factor::Zero => {
                        screening = 0.0;
                        break;
                    }
                    Factor::Partial(factor, by_ik, by_jk) => {
                        screening *= factor;
                        scratch.screeners.push(Screener { k, by_ik, by_jk });
                    }
                }
            }
        }
        if screening == 0.0 {
            scratch.screeners.truncate(start);
        }
        let count = scratch.screeners.len() - start;
        scratch.neighbours[j].screening = screening;
        scratch.neighbours[j].screeners = (start, count);
    }
}

enum Factor {
    One,
    Zero,
    /// S_ijk, and d ln S_ijk by X_ik and X_jk.
    Partial(f64, f64, f64),
}

fn screening_factor(bond: &Neighbour, other: &Neighbour, (cmin, cmax): (f64, f64)) -> Factor {
    let p = bond.offset.dot(&other.offset) / bond.distance2;
    let q = p - p * p;
    if q <= 0.0 {
        return Factor::One;
    }
    let c = (other.distance2 / bond.distance2 - p * p) / q;
    if c >= cmax {
        return Factor::One;
    }
    if c <= cmin {
        return Factor::Zero;
    }
    let width = cmax - cmin;
    let (factor, slope) = smooth_step((c - cmin) / width);
    if factor == 0.0 {
        return Factor::Zero;
    }
    // With u = X_ik - X_jk = 2p - 1: 4q = 1 - u², dC/dX_ik = [1 + u (C-1)] / 2q,
    // dC/dX_jk = [1 - u (C-1)] / 2q.
    let u = 2.0 * p - 1.0;
    let logarithmic = slope / (width * factor);
    let by_ik = logarithmic * (1.0 + u * (c - 1.0)) / (2.0 * q);
    let by_jk = logarithmic * (1.0 - u * (c - 1.0)) / (2.0 * q);
    Factor::Partial(factor, by_ik, by_jk)
}

/// The site energy, and its gradient by the neighbours' positions in `scratch.gradient`.
fn site(constants: &Constants, species: usize, scratch: &mut Scratch) -> f64 {
    scratch.gradient.clear();
    scratch
        .gradient
        .resize(scratch.neighbours.len(), Vector::zeros());
    let moments = moments(constants, &scratch.neighbours);
    if moments.zeroth == 0.0 {
        return 0.0;
    }
    let embedding = Embedding::new(constants, species, &moments);
    let mut energy = embedding.energy;
    for j in 0..scratch.neighbours.len() {
        let bond = scratch.neighbours[j];
        if bond.screening != 0.0 {
            let (pair, by_bond) = bond_gradient(constants, species, &moments, &embedding, &bond);
            energy += 0.5 * pair;
            scratch.gradient[j] += by_bond.vector;
            screening_gradient(scratch, j, by_bond.by_logarithm_of_screening);
        }
    }
    energy
}

/// Atomic densities of a neighbour at its distance.
fn densities(constants: &Constants, bond: &Neighbour) -> [f64; 4] {
    let element = &constants.elements[bond.species];
    [0, 1, 2, 3].map(|l| (element.intercept[l] - element.rate[l] * bond.distance).exp())
}

/// The cutoff taper and its derivative by distance.
fn taper(constants: &Constants, distance: f64) -> (f64, f64) {
    let (value, slope) = smooth_step((constants.rc - distance) / constants.delr);
    (value, -slope / constants.delr)
}

fn moments(constants: &Constants, neighbours: &[Neighbour]) -> Moments {
    let mut moments = Moments {
        zeroth: 0.0,
        first: Vector::zeros(),
        second: Matrix::zeros(),
        second_trace: 0.0,
        third: [Matrix::zeros(); 3],
        third_trace: Vector::zeros(),
    };
    for bond in neighbours.iter().filter(|bond| bond.screening != 0.0) {
        let weight = bond.screening * taper(constants, bond.distance).0;
        let [w0, w1, w2, w3] = densities(constants, bond).map(|density| weight * density);
        let n = bond.offset / bond.distance;
        let nn = n * n.transpose();
        moments.zeroth += w0;
        moments.first += w1 * n;
        moments.second += w2 * nn;
        moments.second_trace += w2;
        for a in 0..3 {
            moments.third[a] += w3 * n[a] * nn;
        }
        moments.third_trace += w3 * n;
    }
    moments
}

/// The embedding energy and its derivatives by the squared partial densities.
struct Embedding {
    energy: f64,
    by_zeroth: f64,
    /// dE / d(ρ_l²) for l = 1, 2, 3.
    by_square: [f64; 3],
}

impl Embedding {
    fn new(constants: &Constants, species: usize, moments: &Moments) -> Self {
        let element = &constants.elements[species];
        let rho = moments.zeroth;
        let [_, t1, t2, t3] = element.t;
        let first = moments.first.norm_squared();
        let second = moments.second.norm_squared() - moments.second_trace.powi(2) / 3.0;
        let third: f64 = moments.third.iter().map(Matrix::norm_squared).sum();
        let third = third - 0.6 * moments.third_trace.norm_squared();
        let gamma = (t1 * first + t2 * second + t3 * third) / (rho * rho);
        let (g, slope) = element.gamma_form.value(gamma, constants.smoothing);
        let density = rho * g / element.reference_density;
        let logarithm = density.ln();
        let by_density = element.embedding * (logarithm + 1.0) / element.reference_density;
        Self {
            energy: element.embedding * density * logarithm,
            by_zeroth: by_density * (g - 2.0 * gamma * slope),
            by_square: [t1, t2, t3].map(|t| by_density * slope / rho * t),
        }
    }
}

struct BondGradient {
    vector: Vector,
    by_logarithm_of_screening: f64,
}

/// The pair energy of a bond, and the site energy's gradient by its end with S held fixed.
fn bond_gradient(
    constants: &Constants,
    species: usize,
    moments: &Moments,
    embedding: &Embedding,
    bond: &Neighbour,
) -> (f64, BondGradient) {
    let r = bond.distance;
    let n = bond.offset / r;
    let w = densities(constants, bond);
    let rate = constants.elements[bond.species].rate;
    let (taper, taper_slope) = taper(constants, r);
    let [b1, b2, b3] = embedding.by_square;

    // Contractions of the moments with n leave vectors; with n again, numbers.
    let second = moments.second * n;
    let third = Vector::from([0, 1, 2].map(|a| n.dot(&(moments.third[a] * n))));
    let by_density = [
        embedding.by_zeroth,
        2.0 * b1 * moments.first.dot(&n),
        b2 * (2.0 * second.dot(&n) - 2.0 / 3.0 * moments.second_trace),
        b3 * (2.0 * third.dot(&n) - 1.2 * moments.third_trace.dot(&n)),
    ];
    let mut density_energy = 0.0;
    let mut density_slope = 0.0;
    for l in 0..4 {
        density_energy += by_density[l] * w[l];
        density_slope -= by_density[l] * w[l] * rate[l];
    }
    let by_direction = 2.0 * b1 * w[1] * moments.first
        + 4.0 * b2 * w[2] * second
        + b3 * w[3] * (6.0 * third - 1.2 * moments.third_trace);
    let across = by_direction - n * by_direction.dot(&n);

    let (pair, pair_slope) = constants.pair[species * constants.species + bond.species].at(r);
    let strength = density_energy + 0.5 * pair;
    let along = taper * (density_slope + 0.5 * pair_slope) + taper_slope * strength;
    let gradient = BondGradient {
        vector: bond.screening * (along * n + taper / r * across),
        by_logarithm_of_screening: bond.screening * taper * strength,
    };
    (bond.screening * taper * pair, gradient)
}

/// Adds the gradient through the screening of bond `j`.
fn screening_gradient(scratch: &mut Scratch, j: usize, by_logarithm: f64) {
    let bond = scratch.neighbours[j];
    let (start, count) = bond.screeners;
    for screener in &scratch.screeners[start..start + count] {
        let other = scratch.neighbours[screener.k];
        let scale = 2.0 * by_logarithm / bond.distance2;
        let between = other.offset - bond.offset;
        let x_ik = other.distance2 / bond.distance2;
        let x_jk = between.norm_squared() / bond.distance2;
        let by_bond = x_ik * screener.by_ik + x_jk * screener.by_jk;
        scratch.gradient[screener.k] +=
            scale * (screener.by_ik * other.offset + screener.by_jk * between);
        scratch.gradient[j] -= scale * (screener.by_jk * between + by_bond * bond.offset);
    }
}

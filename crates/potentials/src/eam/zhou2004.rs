//! The EAM alloy potentials of Zhou, Johnson and Wadley.
//!
//! X. W. Zhou, R. A. Johnson, H. N. G. Wadley, Phys. Rev. B 69, 144113 (2004),
//! doi:10.1103/PhysRevB.69.144113. With x = r/r_e:
//!
//! - density (Eq. 4) f(r) = f_e e^(−β(x−1)) / [1 + (x−λ)²⁰]
//! - pair energy (Eq. 3) φ(r) = A e^(−α(x−1)) / [1 + (x−κ)²⁰] − B e^(−β(x−1)) / [1 + (x−λ)²⁰]
//! - pair energy of two elements (Eq. 5) φ_ab = ½ [f_b/f_a φ_aa + f_a/f_b φ_bb]
//! - embedding energy (Eqs. 6 to 8): Σ F_ni (ρ/ρ_n − 1)^i for ρ < ρ_n; Σ F_i (ρ/ρ_e − 1)^i for
//!   ρ_n ≤ ρ < ρ_0 = 1.15 ρ_e; F_e [1 − η ln(ρ/ρ_s)] (ρ/ρ_s)^η from ρ_0
//!
//! **Platinum.** ρ_n is 0.85 ρ_e for all elements but platinum, whose set was fitted with
//! ρ_n = 0.25 ρ_e: only there do the first two branches meet, in value and slope (to the six digits
//! of the parameters). With 0.85 the energy of an atom would jump by 2.6 eV. The tests of this module
//! show it for every element.

use frit_atoms::element;

use super::setfl::write_setfl;
use super::tables::{EamElement, EamForm, EamTables};

/// The published parameters of one element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Symbol.
    pub symbol: &'static str,
    lattice: Lattice,
    equilibrium_distance: f64,
    density_scale: f64,
    equilibrium_density: f64,
    high_density: f64,
    alpha: f64,
    beta: f64,
    repulsion: f64,
    attraction: f64,
    kappa: f64,
    lambda: f64,
    low_embedding: [f64; 4],
    embedding: [f64; 4],
    eta: f64,
    high_embedding: f64,
}

/// The crystal that the element forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lattice {
    Fcc,
    Bcc,
    Hcp,
}

/// The grid of the tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Points of the embedding energy, from zero.
    pub densities: usize,
    /// Their spacing.
    pub density_step: f64,
    /// Points of densities and pair energies, from zero to the cutoff.
    pub distances: usize,
    /// The cutoff [Å]; functions are not shifted there.
    pub cutoff: f64,
}

impl Default for Grid {
    fn default() -> Self {
        Self {
            densities: 2001,
            density_step: 0.05,
            distances: 2001,
            cutoff: 6.5,
        }
    }
}

/// Why no tables can be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ZhouError {
    /// The set has no such element.
    #[error("the potentials of Zhou, Johnson, Wadley (2004) have no element {name}; they have {}", known.join(", "))]
    UnknownElement {
        /// The name asked for.
        name: String,
        /// The elements of the set.
        known: Vec<&'static str>,
    },
    /// An element is asked for twice, or none.
    #[error("a potential needs one or more different elements; found {}", found.join(" "))]
    Elements {
        /// The elements asked for.
        found: Vec<String>,
    },
    /// The grid has too few points or no extent.
    #[error("tables need at least 5 points and positive spacings; found {grid:?}")]
    BadGrid {
        /// The grid.
        grid: Grid,
    },
}

/// The text of a setfl file for these elements, in this order.
///
/// # Errors
/// Lists the known elements if one is unknown.
pub fn setfl(elements: &[&str], grid: Grid) -> Result<String, ZhouError> {
    tables(elements, grid).map(|tables| write_setfl(&tables))
}

/// Tables for these elements, in this order.
///
/// # Errors
/// As [`setfl`].
pub fn tables(elements: &[&str], grid: Grid) -> Result<EamTables, ZhouError> {
    let positive = |x: f64| x > 0.0 && x.is_finite();
    if grid.densities < 5
        || grid.distances < 5
        || !positive(grid.density_step)
        || !positive(grid.cutoff)
    {
        return Err(ZhouError::BadGrid { grid });
    }
    let sets = elements
        .iter()
        .map(|name| parameters(name))
        .collect::<Result<Vec<_>, _>>()?;
    let twice = |(index, set): (usize, &&Parameters)| sets[..index].contains(set);
    if sets.is_empty() || sets.iter().enumerate().any(twice) {
        return Err(ZhouError::Elements {
            found: elements.iter().map(|&name| name.to_owned()).collect(),
        });
    }
    let step = grid.cutoff / (grid.distances - 1) as f64;
    let over_distances = |function: &dyn Fn(f64) -> f64| {
        (0..grid.distances)
            .map(|point| function(point as f64 * step))
            .collect::<Vec<f64>>()
    };
    let mut pair = Vec::new();
    for (index, first) in sets.iter().enumerate() {
        for second in &sets[..=index] {
            pair.push(over_distances(&|r| r * pair_energy(first, second, r)));
        }
    }
    Ok(EamTables {
        comments: comments(grid),
        form: EamForm::Alloy,
        elements: sets.iter().map(|set| set.element()).collect(),
        density_step: grid.density_step,
        distance_step: step,
        cutoff: grid.cutoff,
        embedding: sets
            .iter()
            .map(|set| {
                (0..grid.densities)
                    .map(|point| set.embedding(point as f64 * grid.density_step))
                    .collect()
            })
            .collect(),
        density: sets
            .iter()
            .map(|set| over_distances(&|r| set.density(r)))
            .collect(),
        pair,
    })
}

/// The parameters of an element.
///
/// # Errors
/// Lists the known elements.
pub fn parameters(name: &str) -> Result<&'static Parameters, ZhouError> {
    PARAMETERS
        .iter()
        .find(|set| set.symbol == name)
        .ok_or_else(|| ZhouError::UnknownElement {
            name: name.to_owned(),
            known: PARAMETERS.iter().map(|set| set.symbol).collect(),
        })
}

/// φ_ab(r) [eV].
pub fn pair_energy(first: &Parameters, second: &Parameters, r: f64) -> f64 {
    if first.symbol == second.symbol {
        return first.pair(r);
    }
    let ratio = second.density(r) / first.density(r);
    0.5 * (ratio * first.pair(r) + second.pair(r) / ratio)
}

fn comments(grid: Grid) -> Vec<String> {
    vec![
        "UNITS: metal CITATION: X. W. Zhou, R. A. Johnson, H. N. G. Wadley, Phys. Rev. B 69, 144113 (2004), doi:10.1103/PhysRevB.69.144113".to_owned(),
        format!(
            "tabulated by frit {} (`frit potential zhou2004`) from the analytic functions, not shifted at the cutoff of {} A",
            env!("CARGO_PKG_VERSION"),
            grid.cutoff
        ),
        "rho_n = 0.85 rho_e, for Pt 0.25 rho_e (where its embedding energy is continuous)".to_owned(),
    ]
}

impl Parameters {
    /// f(r), in the unit of density of the set.
    pub fn density(&self, r: f64) -> f64 {
        let x = r / self.equilibrium_distance;
        self.density_scale * (-self.beta * (x - 1.0)).exp() / (1.0 + (x - self.lambda).powi(20))
    }

    /// φ(r) of the element with itself [eV].
    pub fn pair(&self, r: f64) -> f64 {
        let x = r / self.equilibrium_distance;
        let repulsion =
            self.repulsion * (-self.alpha * (x - 1.0)).exp() / (1.0 + (x - self.kappa).powi(20));
        let attraction =
            self.attraction * (-self.beta * (x - 1.0)).exp() / (1.0 + (x - self.lambda).powi(20));
        repulsion - attraction
    }

    /// F(ρ) [eV].
    pub fn embedding(&self, density: f64) -> f64 {
        let [low, high] = self.joints();
        if density < low {
            polynomial(&self.low_embedding, density / low - 1.0)
        } else if density < high {
            polynomial(&self.embedding, density / self.equilibrium_density - 1.0)
        } else {
            let ratio = density / self.high_density;
            self.high_embedding * (1.0 - self.eta * ratio.ln()) * ratio.powf(self.eta)
        }
    }

    /// The densities ρ_n and ρ_0 at which the branches of F meet.
    pub fn joints(&self) -> [f64; 2] {
        let low = if self.symbol == "Pt" { 0.25 } else { 0.85 };
        [low, 1.15].map(|ratio| ratio * self.equilibrium_density)
    }

    fn element(&self) -> EamElement {
        // The lattice constant at which nearest neighbours stand r_e apart.
        let (ratio, lattice) = match self.lattice {
            Lattice::Fcc => (2.0_f64.sqrt(), "fcc"),
            Lattice::Bcc => (2.0 / 3.0_f64.sqrt(), "bcc"),
            Lattice::Hcp => (1.0, "hcp"),
        };
        let constant = ratio * self.equilibrium_distance;
        let (number, mass) = element(self.symbol).map_or((0.0, 0.0), |element| {
            (f64::from(element.number), element.mass)
        });
        EamElement {
            name: self.symbol.to_owned(),
            number,
            mass,
            lattice: format!("{constant:.6} {lattice}"),
        }
    }
}

/// Σ c_i x^i.
fn polynomial(coefficients: &[f64; 4], x: f64) -> f64 {
    let [c0, c1, c2, c3] = coefficients;
    c0 + x * (c1 + x * (c2 + x * c3))
}

/// A row of the published table: r_e f_e ρ_e ρ_s α β A B κ λ F_n0..3 F_0..3 η F_e.
const fn set(symbol: &'static str, lattice: Lattice, row: [f64; 20]) -> Parameters {
    Parameters {
        symbol,
        lattice,
        equilibrium_distance: row[0],
        density_scale: row[1],
        equilibrium_density: row[2],
        high_density: row[3],
        alpha: row[4],
        beta: row[5],
        repulsion: row[6],
        attraction: row[7],
        kappa: row[8],
        lambda: row[9],
        low_embedding: [row[10], row[11], row[12], row[13]],
        embedding: [row[14], row[15], row[16], row[17]],
        eta: row[18],
        high_embedding: row[19],
    }
}

/// The sixteen metals of the paper (Table III).
///
/// Later lists of this form that go around also have Cr and V. They are not from this paper, and the
/// slope of V's embedding energy jumps at both joints: they are left out.
#[rustfmt::skip]
const PARAMETERS: &[Parameters] = &[
    set("Cu", Lattice::Fcc, [2.556162, 1.554485, 21.175871, 21.175395, 8.12762, 4.334731, 0.39662, 0.548085, 0.308782, 0.756515,
        -2.170269, -0.263788, 1.088878, -0.817603, -2.19, 0.0, 0.56183, -2.100595, 0.31049, -2.186568]),
    set("Ag", Lattice::Fcc, [2.891814, 1.106232, 14.6041, 14.604144, 9.13201, 4.870405, 0.277758, 0.419611, 0.33971, 0.750758,
        -1.729364, -0.255882, 0.91205, -0.561432, -1.75, 0.0, 0.744561, -1.15065, 0.783924, -1.748423]),
    set("Au", Lattice::Fcc, [2.885034, 1.529021, 19.991632, 19.991509, 9.516052, 5.075228, 0.229762, 0.356666, 0.35657, 0.748798,
        -2.937772, -0.500288, 1.601954, -0.83553, -2.98, 0.0, 1.706587, -1.134778, 1.021095, -2.978815]),
    set("Ni", Lattice::Fcc, [2.488746, 2.007018, 27.562015, 27.562031, 8.383453, 4.471175, 0.429046, 0.633531, 0.443599, 0.820658,
        -2.693513, -0.076445, 0.241442, -2.375626, -2.7, 0.0, 0.26539, -0.152856, 0.44547, -2.7]),
    set("Pd", Lattice::Fcc, [2.750897, 1.595417, 21.335246, 21.940073, 8.697397, 4.638612, 0.406763, 0.59888, 0.397263, 0.754799,
        -2.321006, -0.473983, 1.615343, -0.231681, -2.36, 0.0, 1.481742, -1.675615, 1.13, -2.352753]),
    set("Pt", Lattice::Fcc, [2.771916, 2.336509, 33.367564, 35.205357, 7.105782, 3.78975, 0.556398, 0.696037, 0.385255, 0.77051,
        -1.455568, -2.149952, 0.528491, 1.222875, -4.17, 0.0, 3.010561, -2.420128, 1.45, -4.145597]),
    set("Al", Lattice::Fcc, [2.863924, 1.403115, 20.418205, 23.19574, 6.613165, 3.527021, 0.314873, 0.365551, 0.379846, 0.759692,
        -2.807602, -0.301435, 1.258562, -1.247604, -2.83, 0.0, 0.622245, -2.488244, 0.785902, -2.824528]),
    set("Pb", Lattice::Fcc, [3.499723, 0.647872, 8.450154, 8.450063, 9.121799, 5.212457, 0.161219, 0.236884, 0.250805, 0.764955,
        -1.42237, -0.210107, 0.682886, -0.529378, -1.44, 0.0, 0.702726, -0.538766, 0.93538, -1.439436]),
    set("Fe", Lattice::Bcc, [2.481987, 1.885957, 20.041463, 20.041463, 9.81827, 5.236411, 0.392811, 0.646243, 0.170306, 0.340613,
        -2.534992, -0.059605, 0.193065, -2.282322, -2.54, 0.0, 0.200269, -0.14877, 0.39175, -2.539945]),
    set("Mo", Lattice::Bcc, [2.7281, 2.72371, 29.354065, 29.354065, 8.393531, 4.47655, 0.708787, 1.120373, 0.13764, 0.27528,
        -3.692913, -0.178812, 0.38045, -3.13365, -3.71, 0.0, 0.875874, 0.776222, 0.790879, -3.712093]),
    set("Ta", Lattice::Bcc, [2.860082, 3.086341, 33.787168, 33.787168, 8.489528, 4.527748, 0.611679, 1.032101, 0.176977, 0.353954,
        -5.103845, -0.405524, 1.112997, -3.585325, -5.14, 0.0, 1.640098, 0.221375, 0.848843, -5.141526]),
    set("W", Lattice::Bcc, [2.74084, 3.48734, 37.234847, 37.234847, 8.900114, 4.746728, 0.882435, 1.394592, 0.139209, 0.278417,
        -4.946281, -0.148818, 0.365057, -4.432406, -4.96, 0.0, 0.661935, 0.348147, 0.582714, -4.961306]),
    set("Mg", Lattice::Hcp, [3.196291, 0.544323, 7.1326, 7.1326, 10.228708, 5.455311, 0.137518, 0.22593, 0.5, 1.0,
        -0.896473, -0.044291, 0.162232, -0.68995, -0.9, 0.0, 0.122838, -0.22601, 0.431425, -0.899702]),
    set("Co", Lattice::Hcp, [2.505979, 1.975299, 27.206789, 27.206789, 8.679625, 4.629134, 0.421378, 0.640107, 0.5, 1.0,
        -2.541799, -0.219415, 0.733381, -1.589003, -2.56, 0.0, 0.705845, -0.68714, 0.694608, -2.559307]),
    set("Ti", Lattice::Hcp, [2.933872, 1.8632, 25.565138, 25.565138, 8.775431, 4.68023, 0.373601, 0.570968, 0.5, 1.0,
        -3.203773, -0.198262, 0.683779, -2.321732, -3.22, 0.0, 0.608587, -0.75071, 0.558572, -3.219176]),
    set("Zr", Lattice::Hcp, [3.199978, 2.230909, 30.879991, 30.879991, 8.55919, 4.564902, 0.424667, 0.640054, 0.5, 1.0,
        -4.485793, -0.293129, 0.990148, -3.202516, -4.51, 0.0, 0.928602, -0.98187, 0.597133, -4.509025]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Parameters have six decimals; a joint adds up four of them for the value, and six, in powers
    /// of the ratios of the densities, for the slope.
    const JUMP_OF_ENERGY: f64 = 2e-6;
    /// Relative to the equilibrium density [eV]; the largest found is 1e-4, for Zr.
    const JUMP_OF_SLOPE: f64 = 2e-4;

    /// Energy and slope (times the equilibrium density) just below and just above a density.
    fn sides(set: &Parameters, density: f64) -> [[f64; 2]; 2] {
        // Far enough for a difference of energies to have ten digits.
        let step = 1e-5 * density;
        [-1.0, 1.0].map(|side| {
            let [near, mid, far] =
                [1e-9, 1.0, 2.0].map(|k| set.embedding(density + side * k * step));
            let slope = side * (-3.0 * near + 4.0 * mid - far) / (2.0 * step);
            [near, slope * set.equilibrium_density]
        })
    }

    #[test]
    fn embedding_energies_and_slopes_are_continuous() {
        for set in PARAMETERS {
            for joint in set.joints() {
                let [below, above] = sides(set, joint);
                let jumps = [0, 1].map(|k| (below[k] - above[k]).abs());
                assert!(
                    jumps[0] < JUMP_OF_ENERGY && jumps[1] < JUMP_OF_SLOPE,
                    "{} at {joint}: {jumps:?}",
                    set.symbol
                );
            }
        }
    }

    #[test]
    fn platinum_with_the_joint_of_the_others_would_jump() {
        let platinum = parameters("Pt").unwrap();
        let low = 0.85 * platinum.equilibrium_density;
        let with_others = polynomial(&platinum.low_embedding, low / low - 1.0);
        let jump = with_others - platinum.embedding(low);
        assert!((jump - 2.6).abs() < 0.05, "{jump}");
    }

    /// Energy of an atom [eV] in a perfect fcc crystal of the analytic functions.
    fn fcc_energy(set: &Parameters, constant: f64) -> f64 {
        let (mut density, mut pair) = (0.0, 0.0);
        let reach = 5_i32;
        for i in -reach..=reach {
            for j in -reach..=reach {
                for k in -reach..=reach {
                    let squared = f64::from(i * i + j * j + k * k);
                    let r = squared.sqrt() * constant / 2.0;
                    if (i + j + k) % 2 == 0 && r > 0.0 && r < 6.5 {
                        density += set.density(r);
                        pair += 0.5 * set.pair(r);
                    }
                }
            }
        }
        set.embedding(density) + pair
    }

    #[test]
    fn platinum_has_its_lattice_constant_and_cohesive_energy() {
        let platinum = parameters("Pt").unwrap();
        let energy = |constant: f64| fcc_energy(platinum, constant);
        let constants = (0..400).map(|k| 3.90 + 1e-4 * f64::from(k));
        let best = constants
            .min_by(|a, b| energy(*a).total_cmp(&energy(*b)))
            .unwrap();
        assert!((best - 3.9201).abs() < 1.01e-4, "{best}");
        assert!((energy(best) + 5.7700).abs() < 5e-5, "{}", energy(best));
    }

    #[test]
    fn tables_hold_the_functions() {
        let tables = tables(&["Fe", "Cu", "Pt"], Grid::default()).unwrap();
        let [iron, copper] = ["Fe", "Cu"].map(|name| parameters(name).unwrap());
        let r = 800.0 * 0.00325;
        assert_eq!(tables.embedding[1][400], copper.embedding(20.0));
        assert_eq!(tables.density[0][800], iron.density(r));
        let pair = tables.pair[tables.pair_index(0, 1)][800];
        assert!((pair - r * pair_energy(iron, copper, r)).abs() < 1e-15);
        assert_eq!(tables.pair[0][0], 0.0);
    }

    #[test]
    fn what_cannot_be_tabulated_is_refused() {
        let refused = |elements: &[&str], grid| setfl(elements, grid).unwrap_err().to_string();
        assert!(
            refused(&["Pt", "Xx"], Grid::default()).contains("no element Xx; they have Cu, Ag")
        );
        assert!(refused(&["Pt", "Pt"], Grid::default()).contains("different elements"));
        assert!(refused(&[], Grid::default()).contains("different elements"));
        let coarse = Grid {
            distances: 1,
            ..Grid::default()
        };
        assert!(refused(&["Pt"], coarse).contains("at least 5 points"));
    }
}

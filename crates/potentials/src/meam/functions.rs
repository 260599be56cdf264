//! The elementary functions of MEAM.
//!
//! M. I. Baskes, Phys. Rev. B 46, 2727 (1992), doi:10.1103/PhysRevB.46.2727; B.-J. Lee and
//! M. I. Baskes, Phys. Rev. B 62, 8564 (2000), doi:10.1103/PhysRevB.62.8564.

/// The smooth step `[1 - (1-x)^4]²` from 0 (x <= 0) to 1 (x >= 1), and its derivative.
///
/// It cuts distances, with x = (rc - r)/Δr, and screening, with x = (C - Cmin)/(Cmax - Cmin).
#[inline]
pub(super) fn smooth_step(x: f64) -> (f64, f64) {
    if x >= 1.0 {
        (1.0, 0.0)
    } else if x <= 0.0 {
        (0.0, 0.0)
    } else {
        let y = 1.0 - x;
        let y3 = y * y * y;
        let g = 1.0 - y3 * y;
        (g * g, 8.0 * g * y3)
    }
}

/// The function G(Γ) with which angular densities enter the background density.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum GammaForm {
    /// `ibar` 0 and 4: √(1+Γ), continued smoothly below Γ near -1.
    Root,
    /// `ibar` 1: exp(Γ/2).
    Exponential,
    /// `ibar` 3: 2/(1 + exp(-Γ)), the form of 2NN-MEAM.
    Sigmoid,
}

impl GammaForm {
    pub(super) const SUPPORTED: &'static str =
        "0 and 4 (sqrt(1+Gamma)), 1 (exp(Gamma/2)), 3 (2/(1+exp(-Gamma)))";

    pub(super) fn from_ibar(text: &str) -> Option<Self> {
        match text {
            "0" | "4" => Some(Self::Root),
            "1" => Some(Self::Exponential),
            "3" => Some(Self::Sigmoid),
            _ => None,
        }
    }

    /// As people write it.
    pub(super) fn formula(self) -> &'static str {
        match self {
            Self::Root => "sqrt(1+Gamma)",
            Self::Exponential => "exp(Gamma/2)",
            Self::Sigmoid => "2/(1+exp(-Gamma))",
        }
    }

    /// G and dG/dΓ. `smoothing` is the parameter `gsmooth_factor` n: below Γs = -n/(n+1) the root
    /// continues as √[(Γs/Γ)^n / (n+1)], which joins it with equal value and slope.
    #[inline]
    pub(super) fn value(self, gamma: f64, smoothing: f64) -> (f64, f64) {
        match self {
            Self::Sigmoid => {
                let g = 2.0 / (1.0 + (-gamma).exp());
                (g, 0.5 * g * (2.0 - g))
            }
            Self::Exponential => {
                let g = (0.5 * gamma).exp();
                (g, 0.5 * g)
            }
            Self::Root => {
                let switch = -smoothing / (smoothing + 1.0);
                if gamma < switch {
                    let g = ((switch / gamma).powf(smoothing) / (smoothing + 1.0)).sqrt();
                    (g, -0.5 * smoothing * g / gamma)
                } else {
                    let g = (1.0 + gamma).sqrt();
                    (g, 0.5 / g)
                }
            }
        }
    }
}

/// The form of the universal equation of state (`erose_form`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoseForm {
    /// 0: cubic term d a*³ re/r.
    Scaled,
    /// 1: cubic term (-attrac + repuls/r) a*³.
    Mixed,
    /// 2: cubic term d a*³, the form of 2NN-MEAM.
    Plain,
}

/// The universal equation of state of a reference crystal: energy per atom against distance.
///
/// J. H. Rose, J. R. Smith, F. Guinea, J. Ferrante, Phys. Rev. B 29, 2963 (1984),
/// doi:10.1103/PhysRevB.29.2963; with the cubic term as Lee and Baskes (2000), Eq. (2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rose {
    /// Cohesive energy [eV].
    pub(super) energy: f64,
    /// Equilibrium distance [Å].
    pub(super) distance: f64,
    /// Exponent α.
    pub(super) alpha: f64,
    /// d for a* >= 0.
    pub(super) attraction: f64,
    /// d for a* < 0.
    pub(super) repulsion: f64,
    pub(super) form: RoseForm,
}

impl Rose {
    /// E_u [eV] at nearest-neighbour distance `r` [Å] > 0.
    pub(super) fn value(&self, r: f64) -> f64 {
        let a = self.alpha * (r / self.distance - 1.0);
        let d = if a >= 0.0 {
            self.attraction
        } else {
            self.repulsion
        };
        let cubic = match self.form {
            RoseForm::Scaled => d / (r / self.distance),
            RoseForm::Mixed => -self.attraction + self.repulsion / r,
            RoseForm::Plain => d,
        };
        -self.energy * (1.0 + a + cubic * a * a * a) * (-a).exp()
    }
}

/// The universal screened repulsion of two nuclei [eV] at `r` [Å] > 0.
///
/// J. F. Ziegler, J. P. Biersack, U. Littmark, The Stopping and Range of Ions in Solids (1985),
/// with the digits that MEAM implementations share.
pub(super) fn ziegler_biersack_littmark(r: f64, first: f64, second: f64) -> f64 {
    const COULOMB: f64 = 14.3997; // e²/(4πε0) [eV Å]
    const WEIGHTS: [f64; 4] = [0.028171, 0.28022, 0.50986, 0.18175];
    const RATES: [f64; 4] = [0.20162, 0.40290, 0.94229, 3.1998];
    let x = r * (first.powf(0.23) + second.powf(0.23)) / 0.4685;
    let screening: f64 = WEIGHTS
        .iter()
        .zip(RATES)
        .map(|(weight, rate)| weight * (-rate * x).exp())
        .sum();
    COULOMB * first * second / r * screening
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central differences of smooth functions of order 1 with this step are right to about 1e-9.
    const STEP: f64 = 1e-5;
    const TOLERANCE: f64 = 1e-8;

    #[test]
    fn slopes_are_derivatives() {
        for x in [0.05, 0.3, 0.77, 0.99] {
            let slope = (smooth_step(x + STEP).0 - smooth_step(x - STEP).0) / (2.0 * STEP);
            assert!((slope - smooth_step(x).1).abs() < TOLERANCE);
        }
        for form in [GammaForm::Root, GammaForm::Exponential, GammaForm::Sigmoid] {
            for gamma in [-0.9, -0.3, 0.0, 0.4, 2.0] {
                let value = |g| form.value(g, 99.0).0;
                let slope = (value(gamma + STEP) - value(gamma - STEP)) / (2.0 * STEP);
                assert!((slope - form.value(gamma, 99.0).1).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_root_continues_smoothly() {
        let (above, below) = (
            GammaForm::Root.value(-0.99 + 1e-12, 99.0),
            GammaForm::Root.value(-0.99 - 1e-12, 99.0),
        );
        assert!((above.0 - below.0).abs() < 1e-9);
        assert!((above.1 - below.1).abs() < 1e-6);
        assert!((above.0 - 0.1).abs() < 1e-9, "sqrt(1 - 0.99) = 0.1");
    }

    #[test]
    fn every_form_is_one_without_angular_density() {
        for form in [GammaForm::Root, GammaForm::Exponential, GammaForm::Sigmoid] {
            assert_eq!(form.value(0.0, 99.0).0, 1.0);
        }
    }

    #[test]
    fn the_equation_of_state_has_its_minimum_at_the_cohesive_energy() {
        let rose = Rose {
            energy: 5.77,
            distance: 2.77,
            alpha: 6.5,
            attraction: 0.05,
            repulsion: 0.05,
            form: RoseForm::Plain,
        };
        assert_eq!(rose.value(2.77), -5.77);
        let slope = (rose.value(2.77 + STEP) - rose.value(2.77 - STEP)) / (2.0 * STEP);
        assert!(slope.abs() < TOLERANCE);
    }
}

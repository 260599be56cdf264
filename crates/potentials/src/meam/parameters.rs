//! The effective parameters of a MEAM potential: library, parameter file and defaults together.

use super::functions::{GammaForm, Rose, RoseForm};
use super::lattice::Lattice;

/// Parameters of one element.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ElementParameters {
    pub(super) name: String,
    pub(super) lattice: Lattice,
    pub(super) atomic_number: f64,
    pub(super) mass: f64,
    /// Decay rates β0 to β3 of the atomic densities.
    pub(super) beta: [f64; 4],
    /// Weights t0 to t3 of the angular densities, with augt1 applied.
    pub(super) t: [f64; 4],
    /// A of the embedding energy.
    pub(super) a: f64,
    /// Scale of the atomic densities.
    pub(super) rho0: f64,
    pub(super) gamma_form: GammaForm,
}

/// Parameters of a pair of elements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PairParameters {
    pub(super) lattice: Lattice,
    pub(super) rose: Rose,
    pub(super) zbl: bool,
}

/// What the neighbours that the reference crystals count are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Neighbourhood {
    /// nn2 = 0: nearest neighbours only.
    First,
    /// nn2 = 1: second-nearest neighbours too (2NN-MEAM).
    Second,
}

/// To what background densities are referred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Background {
    /// bkgd_dyn = 0: the density of the element's reference crystal.
    Reference,
    /// bkgd_dyn = 1: Z ρ0.
    Coordination,
}

/// A MEAM potential, read and completed.
#[derive(Debug, Clone, PartialEq)]
pub struct MeamParameters {
    pub(super) elements: Vec<ElementParameters>,
    pub(super) pairs: Vec<PairParameters>,
    pub(super) cmin: Vec<f64>,
    pub(super) cmax: Vec<f64>,
    /// Cutoff [Å].
    pub(super) rc: f64,
    /// Width of the cutoff taper [Å].
    pub(super) delr: f64,
    pub(super) neighbourhood: Neighbourhood,
    pub(super) background: Background,
    pub(super) smoothing: f64,
    pub(super) warnings: Vec<String>,
    /// What the files leave to the format's defaults and rules.
    pub(super) defaulted: Vec<String>,
}

impl MeamParameters {
    pub(super) fn pair(&self, i: usize, j: usize) -> &PairParameters {
        &self.pairs[i * self.elements.len() + j]
    }

    pub(super) fn triple(&self, i: usize, j: usize, k: usize) -> usize {
        (i * self.elements.len() + j) * self.elements.len() + k
    }

    /// Names of the elements, in the order of the parameter file's numbers.
    pub fn elements(&self) -> impl Iterator<Item = &str> {
        self.elements.iter().map(|element| element.name.as_str())
    }

    /// The library's mass [u] of an element; `None` if the potential does not have it.
    pub fn mass_of(&self, element: &str) -> Option<f64> {
        let found = self.elements.iter().find(|known| known.name == element);
        found.map(|known| known.mass)
    }

    /// What looks like a mistake, though it is allowed.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// How far a screening atom or neighbour can be from an atom [Å].
    ///
    /// Atom k screens the bond ij when it lies inside the ellipse of Cmax; the point of that
    /// ellipse farthest from i is at r_ij Cmax / (2 √(Cmax - 1)) for Cmax >= 2, else at j.
    pub(super) fn range(&self) -> f64 {
        let stretch = |c: f64| {
            if c >= 2.0 {
                0.5 * c / (c - 1.0).sqrt()
            } else {
                1.0
            }
        };
        self.cmax.iter().copied().map(stretch).fold(1.0, f64::max) * self.rc
    }

    /// The effective parameters, for people.
    pub fn describe(&self) -> String {
        let mut lines = vec![format!(
            "MEAM of {}: cutoff {} Å with taper {} Å, neighbours needed to {:.4} Å",
            self.elements().collect::<Vec<_>>().join(", "),
            self.rc,
            self.delr,
            self.range()
        )];
        lines.push(match self.neighbourhood {
            Neighbourhood::First => "reference crystals with nearest neighbours (nn2 = 0)".into(),
            Neighbourhood::Second => {
                "reference crystals with second-nearest neighbours (nn2 = 1)".into()
            }
        });
        for element in &self.elements {
            lines.push(describe_element(element));
        }
        let n = self.elements.len();
        for i in 0..n {
            for j in i..n {
                lines.push(self.describe_pair(i, j));
                lines.push(self.describe_screening(i, j));
            }
        }
        if !self.defaulted.is_empty() {
            lines.push(format!(
                "not in the files, so as the format has it: {}",
                self.defaulted.join(", ")
            ));
        }
        lines.join("\n")
    }

    fn describe_pair(&self, i: usize, j: usize) -> String {
        let pair = self.pair(i, j);
        let rose = &pair.rose;
        format!(
            "{}-{}: {} Ec {} eV, re {} Å, alpha {}, attrac {}, repuls {}, erose_form {}, zbl {}",
            self.elements[i].name,
            self.elements[j].name,
            pair.lattice.name(),
            rose.energy,
            rose.distance,
            rose.alpha,
            rose.attraction,
            rose.repulsion,
            match rose.form {
                RoseForm::Scaled => 0,
                RoseForm::Mixed => 1,
                RoseForm::Plain => 2,
            },
            u8::from(pair.zbl),
        )
    }

    fn describe_screening(&self, i: usize, j: usize) -> String {
        let ranges: Vec<String> = self
            .elements
            .iter()
            .enumerate()
            .map(|(k, screener)| {
                let triple = self.triple(i, j, k);
                format!(
                    "{} C {} to {}",
                    screener.name, self.cmin[triple], self.cmax[triple]
                )
            })
            .collect();
        format!("    screened by {}", ranges.join(", by "))
    }
}

fn describe_element(element: &ElementParameters) -> String {
    format!(
        "{}: {}, mass {} u, A {}, beta {:?}, t {:?}, rho0 {}, G = {}",
        element.name,
        element.lattice.name(),
        element.mass,
        element.a,
        element.beta,
        element.t,
        element.rho0,
        element.gamma_form.formula()
    )
}

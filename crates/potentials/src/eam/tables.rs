//! The functions of an EAM potential, tabulated.

use super::error::EamError;
use super::header::FEWEST_POINTS;

/// How a file gives its functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EamForm {
    /// setfl, LAMMPS' `eam/alloy`: an atom gives the same density whoever receives it.
    Alloy,
    /// LAMMPS' `eam/fs` (Finnis-Sinclair): the density depends on both species.
    FinnisSinclair,
    /// funcfl, LAMMPS' `eam`: single elements, mixed by their effective charges.
    Funcfl,
}

impl EamForm {
    /// The name in LAMMPS and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alloy => "eam/alloy",
            Self::FinnisSinclair => "eam/fs",
            Self::Funcfl => "eam (funcfl)",
        }
    }
}

/// What a file says about an element.
#[derive(Debug, Clone, PartialEq)]
pub struct EamElement {
    /// Symbol.
    pub name: String,
    /// Atomic number.
    pub number: f64,
    /// Mass [u]. Frit takes masses from the system; this is the file's.
    pub mass: f64,
    /// The rest of the element's line: lattice constant [Å] and lattice.
    pub lattice: String,
}

/// The functions of an EAM potential on common grids, both starting at zero.
///
/// E = Σ_i F_a(ρ_i) + Σ_{i<j} φ_ab(r_ij), ρ_i = Σ_j f_ba(r_ij), with a, b the elements of i and j
/// (M. S. Daw, M. I. Baskes, Phys. Rev. B 29, 6443 (1984), doi:10.1103/PhysRevB.29.6443).
#[derive(Debug, Clone, PartialEq)]
pub struct EamTables {
    /// Comments, with the provenance.
    pub comments: Vec<String>,
    /// What the file was.
    pub form: EamForm,
    /// The elements.
    pub elements: Vec<EamElement>,
    /// Spacing of the densities in `embedding` (in the potential's own unit of density).
    pub density_step: f64,
    /// Spacing of the distances in `density` and `pair` [Å].
    pub distance_step: f64,
    /// Atoms further apart do not interact [Å].
    pub cutoff: f64,
    /// F(ρ) of each element [eV].
    pub embedding: Vec<Vec<f64>>,
    /// f(r) of each element, or for `eam/fs` of each element (slow) at each element (fast).
    pub density: Vec<Vec<f64>>,
    /// r φ(r) [eV Å] of pairs (1,1), (2,1), (2,2), (3,1), ...
    pub pair: Vec<Vec<f64>>,
}

impl EamTables {
    /// Checks that each function is there, on a usable grid that those of the distance share: kernels
    /// rely on it when they address tables.
    pub(super) fn require_whole(&self) -> Result<(), EamError> {
        let steps = [self.density_step, self.distance_step];
        if !steps.iter().all(|step| step.is_finite() && *step > 0.0) {
            return Err(EamError::Spacing { found: steps });
        }
        let elements = self.elements.len();
        let densities = match self.form {
            EamForm::FinnisSinclair => elements * elements,
            EamForm::Alloy | EamForm::Funcfl => elements,
        };
        let pairs = elements * (elements + 1) / 2;
        let length = |tables: &[Vec<f64>]| tables.first().map_or(FEWEST_POINTS, Vec::len);
        let points = length(&self.density);
        for (name, tables, count, points) in [
            ("F", &self.embedding, elements, length(&self.embedding)),
            ("f", &self.density, densities, points),
            ("r φ", &self.pair, pairs, points),
        ] {
            if tables.len() != count {
                return Err(EamError::TableCount {
                    name,
                    found: tables.len(),
                    wanted: count,
                    elements,
                });
            }
            let wanted = points.max(FEWEST_POINTS);
            if let Some(other) = tables.iter().find(|table| table.len() != wanted) {
                return Err(EamError::TableLength {
                    name,
                    found: other.len(),
                    wanted,
                });
            }
        }
        Ok(())
    }

    /// Where in `density` the function stands that element `source` gives at element `at`.
    pub fn density_index(&self, source: usize, at: usize) -> usize {
        match self.form {
            EamForm::FinnisSinclair => source * self.elements.len() + at,
            EamForm::Alloy | EamForm::Funcfl => source,
        }
    }

    /// Where in `pair` the function of two elements stands.
    pub fn pair_index(&self, first: usize, second: usize) -> usize {
        let (low, high) = (first.min(second), first.max(second));
        high * (high + 1) / 2 + low
    }
}

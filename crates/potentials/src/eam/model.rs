//! EAM as a model: which tables serve which species, and which kernel evaluates.

use frit_atoms::Surroundings;

use super::error::EamError;
use super::functions::Functions;
use super::tables::EamTables;
use super::{full, half, reference};
use crate::{Evaluation, EvaluationError, KernelPath, Model};

/// An EAM potential for the species of one system.
#[derive(Debug, Clone)]
pub struct Eam {
    functions: Functions,
    description: String,
    path: KernelPath,
}

/// Scratch memory of [`Eam`]: about 500 bytes an atom.
#[derive(Debug, Default)]
pub struct Workspace {
    plain: full::Memory,
    fast: half::Memory,
}

impl Eam {
    /// A potential for a system whose species have these names, in its order.
    ///
    /// More than 16 species, and more than 2²⁸ atoms and ghosts, are evaluated by the reference path.
    ///
    /// # Errors
    /// Names a species without tables, tables that are not complete, or a kernel path that the machine cannot run.
    pub fn new(tables: &EamTables, species: &[&str], path: KernelPath) -> Result<Self, EamError> {
        let path = path.checked()?;
        let elements = elements_of(tables, species)?;
        Ok(Self {
            functions: Functions::new(tables, &elements),
            description: describe(tables, &elements),
            path,
        })
    }
}

/// Which elements of the tables the species are.
pub(super) fn elements_of(tables: &EamTables, species: &[&str]) -> Result<Vec<usize>, EamError> {
    tables.require_whole()?;
    let points = tables.density.first().map_or(0, Vec::len);
    if species.len() * species.len() * points > Functions::MOST_KNOTS {
        return Err(EamError::TooManyKnots {
            species: species.len(),
            points,
            most: Functions::MOST_KNOTS,
        });
    }
    species
        .iter()
        .map(|&name| {
            let found = tables.elements.iter().position(|known| known.name == name);
            found.ok_or_else(|| EamError::UnknownElement {
                name: name.to_owned(),
                known: tables.elements.iter().map(|e| e.name.clone()).collect(),
            })
        })
        .collect()
}

pub(super) fn describe(tables: &EamTables, elements: &[usize]) -> String {
    let densities = tables.embedding.first().map_or(0, Vec::len);
    let distances = tables.density.first().map_or(0, Vec::len);
    let mut lines = vec![format!(
        "{}, cutoff {} Å; {distances} distances every {} Å, {densities} densities every {}",
        tables.form.name(),
        tables.cutoff,
        tables.distance_step,
        tables.density_step,
    )];
    for &index in elements {
        let element = &tables.elements[index];
        lines.push(format!(
            "  {}: atomic number {}, mass in the file {} u, lattice {}",
            element.name, element.number, element.mass, element.lattice
        ));
    }
    let comments = tables.comments.iter().filter(|line| !line.is_empty());
    lines.extend(comments.map(|line| format!("  # {line}")));
    lines.join("\n")
}

impl Model for Eam {
    type Workspace = Workspace;

    fn name(&self) -> &'static str {
        "eam"
    }

    fn cutoff(&self) -> f64 {
        self.functions.cutoff
    }

    fn describe(&self) -> String {
        self.description.clone()
    }

    fn kernel(&self) -> &'static str {
        self.path.name()
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        workspace: &mut Workspace,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let functions = &self.functions;
        let path = if half::fits(functions, surroundings) {
            self.path
        } else {
            KernelPath::Reference
        };
        let Workspace { plain, fast } = workspace;
        match path {
            KernelPath::Reference => {
                full::evaluate::<reference::Plain>(functions, surroundings, plain, evaluation)
            }
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx2 => {
                half::evaluate::<half::Avx2>(functions, surroundings, fast, evaluation)
            }
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx512 => {
                half::evaluate::<half::Avx512>(functions, surroundings, fast, evaluation)
            }
            _ => half::evaluate::<half::Portable>(functions, surroundings, fast, evaluation),
        }
    }
}

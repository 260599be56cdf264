//! funcfl files: single elements with effective charges, mixed as LAMMPS' `pair_style eam` does.
//!
//! A comment; `number mass lattice-constant lattice`; `Nrho drho Nr dr cutoff`; F(ρ), Z(r), f(r).
//! The pair energy is r φ_ab(r) = 27.2 eV · 0.529 Å · Z_a(r) Z_b(r): LAMMPS' rounded Hartree and Bohr
//! radius, which belong to the format.

use frit_atoms::ELEMENTS;

use super::error::{EamFileError, EamProblem};
use super::header::Header;
use super::setfl::element_line;
use super::tables::{EamElement, EamForm, EamTables};
use super::words::{Words, shortened};

/// Hartree [eV] times Bohr radius [Å] as the format rounds them.
const CHARGES_TO_ENERGY: f64 = 27.2 * 0.529;

/// A funcfl file: its name, for errors, and its text.
#[derive(Debug, Clone, Copy)]
pub struct FuncflFile<'a> {
    /// Name.
    pub name: &'a str,
    /// Content.
    pub text: &'a str,
}

/// One element on its own grid.
struct Single {
    element: EamElement,
    comment: String,
    header: Header,
    embedding: Vec<f64>,
    charge: Vec<f64>,
    density: Vec<f64>,
}

/// Reads funcfl files, one an element, and mixes them on a common grid: the coarsest spacings and
/// largest ranges of all files, four-point Lagrange interpolation.
///
/// Elements are known by their atomic numbers.
///
/// # Errors
/// Names file and line, what was found and what should stand there.
pub fn read_funcfl(files: &[FuncflFile<'_>]) -> Result<EamTables, EamFileError> {
    let mut singles: Vec<Single> = Vec::with_capacity(files.len());
    for file in files {
        let single = read_single(file)?;
        let name = &single.element.name;
        if singles.iter().any(|other| other.element.name == *name) {
            let problem = EamProblem::ElementTwice { name: name.clone() };
            return Err(Words::new(file.name, file.text).error(problem));
        }
        singles.push(single);
    }
    mixed(&singles).ok_or_else(|| Words::new("", "").error(EamProblem::NoFile))
}

fn read_single(file: &FuncflFile<'_>) -> Result<Single, EamFileError> {
    let mut words = Words::new(file.name, file.text);
    let comment = words.line("a comment")?.trim().to_owned();
    let mut element = element_line(&mut words, "")?;
    element.name = symbol(element.number).ok_or_else(|| {
        words.error(EamProblem::NoElement {
            found: shortened(&element.number.to_string()),
        })
    })?;
    let header = Header::read(&mut words)?;
    let announced = header.densities as u128 + 2 * header.distances as u128;
    let found = words.count();
    if announced > found as u128 {
        return Err(words.error(EamProblem::TooFew { announced, found }));
    }
    let single = Single {
        embedding: words.numbers(header.densities, "a value of F(rho)")?,
        charge: words.numbers(header.distances, "a value of the effective charge Z(r)")?,
        density: words.numbers(header.distances, "a value of the density")?,
        element,
        comment,
        header,
    };
    words.end("is the file a setfl (eam/alloy) file?")?;
    Ok(single)
}

fn symbol(number: f64) -> Option<String> {
    ELEMENTS
        .iter()
        .find(|element| f64::from(element.number) == number)
        .map(|element| element.symbol.to_owned())
}

/// The files' functions on one grid; `None` without files.
fn mixed(singles: &[Single]) -> Option<EamTables> {
    let largest = |value: &dyn Fn(&Single) -> f64| singles.iter().map(value).reduce(f64::max);
    let distance_step = largest(&|one| one.header.distance_step)?;
    let density_step = largest(&|one| one.header.density_step)?;
    let cutoff = largest(&|one| one.header.cutoff)?;
    let farthest = largest(&|one| (one.header.distances - 1) as f64 * one.header.distance_step)?;
    let densest = largest(&|one| (one.header.densities - 1) as f64 * one.header.density_step)?;
    // LAMMPS leaves out the last point of the range.
    let distances = (farthest / distance_step + 0.5) as usize;
    let densities = (densest / density_step + 0.5) as usize;
    let on_distances = |values: &[f64], one: &Single| {
        resampled(values, one.header.distance_step, distances, distance_step)
    };
    let charges: Vec<Vec<f64>> = singles
        .iter()
        .map(|one| on_distances(&one.charge, one))
        .collect();
    let mut pair = Vec::new();
    for (index, first) in charges.iter().enumerate() {
        for second in &charges[..=index] {
            let product = first.iter().zip(second);
            pair.push(product.map(|(a, b)| CHARGES_TO_ENERGY * a * b).collect());
        }
    }
    Some(EamTables {
        comments: singles.iter().map(|one| one.comment.clone()).collect(),
        form: EamForm::Funcfl,
        elements: singles.iter().map(|one| one.element.clone()).collect(),
        density_step,
        distance_step,
        cutoff,
        embedding: singles
            .iter()
            .map(|one| {
                resampled(
                    &one.embedding,
                    one.header.density_step,
                    densities,
                    density_step,
                )
            })
            .collect(),
        density: singles
            .iter()
            .map(|one| on_distances(&one.density, one))
            .collect(),
        pair,
    })
}

/// A table on another grid, by Lagrange's cubic through the four nearest points; beyond the last
/// point the value two intervals past the last inner point is kept, as LAMMPS does.
fn resampled(values: &[f64], step: f64, points: usize, new_step: f64) -> Vec<f64> {
    let last = values.len() - 3;
    (0..points)
        .map(|point| {
            let place = point as f64 * new_step / step;
            let knot = (place as usize).clamp(1, last);
            let p = (place - knot as f64).min(2.0);
            let weights = [
                -p * (p - 1.0) * (p - 2.0) / 6.0,
                (p * p - 1.0) * (p - 2.0) / 2.0,
                -p * (p + 1.0) * (p - 2.0) / 2.0,
                p * (p * p - 1.0) / 6.0,
            ];
            let nearest = &values[knot - 1..knot + 3];
            weights.iter().zip(nearest).map(|(w, v)| w * v).sum()
        })
        .collect()
}

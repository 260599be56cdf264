//! setfl (`eam/alloy`) and `eam/fs` files, as LAMMPS documents them for `pair_style eam`.
//!
//! Three lines of comments; the number of elements and their names; `Nrho drho Nr dr cutoff`; for each
//! element a line `number mass lattice-constant lattice`, F(ρ), and f(r) (for `eam/fs` one f(r) at each
//! element); then r φ(r) for the pairs (1,1), (2,1), (2,2), (3,1), ... Numbers flow over lines.

use std::fmt::Write;

use super::error::{EamFileError, EamProblem};
use super::header::Header;
use super::tables::{EamElement, EamForm, EamTables};
use super::words::{Words, shortened};

/// More elements than the periodic table has are an error.
const MOST_ELEMENTS: usize = 128;

/// Reads a setfl file (`eam/alloy`) from its text; `file` names it in errors.
///
/// # Errors
/// Names the line, what was found and what should stand there.
pub fn read_setfl(text: &str, file: &str) -> Result<EamTables, EamFileError> {
    read(text, file, EamForm::Alloy)
}

/// Reads an `eam/fs` file from its text; `file` names it in errors.
///
/// # Errors
/// As [`read_setfl`].
pub fn read_fs(text: &str, file: &str) -> Result<EamTables, EamFileError> {
    read(text, file, EamForm::FinnisSinclair)
}

fn read(text: &str, file: &str, form: EamForm) -> Result<EamTables, EamFileError> {
    let mut words = Words::new(file, text);
    let mut comments = Vec::new();
    for _ in 0..3 {
        comments.push(words.line("a comment")?.trim().to_owned());
    }
    let names = element_names(&mut words)?;
    let header = Header::read(&mut words)?;
    let count = names.len();
    let densities_each = match form {
        EamForm::FinnisSinclair => count,
        EamForm::Alloy | EamForm::Funcfl => 1,
    };
    check_size(&words, &header, count, densities_each)?;
    let mut tables = EamTables {
        comments,
        form,
        elements: Vec::with_capacity(count),
        density_step: header.density_step,
        distance_step: header.distance_step,
        cutoff: header.cutoff,
        embedding: Vec::with_capacity(count),
        density: Vec::with_capacity(count * densities_each),
        pair: Vec::with_capacity(count * (count + 1) / 2),
    };
    for name in &names {
        tables.elements.push(element_line(&mut words, name)?);
        let embedding = format!("a value of F(rho) of {name}");
        tables
            .embedding
            .push(words.numbers(header.densities, &embedding)?);
        let density = format!("a value of the density of {name}");
        for _ in 0..densities_each {
            tables
                .density
                .push(words.numbers(header.distances, &density)?);
        }
    }
    for (index, first) in names.iter().enumerate() {
        for second in &names[..=index] {
            let pair = format!("a value of r phi(r) of {first}-{second}");
            tables.pair.push(words.numbers(header.distances, &pair)?);
        }
    }
    words.end(match form {
        EamForm::FinnisSinclair => "is the file damaged?",
        EamForm::Alloy | EamForm::Funcfl => {
            "an eam/fs file has more tables than eam/alloy: is it one?"
        }
    })?;
    Ok(tables)
}

/// The line with the number of elements and their names.
fn element_names(words: &mut Words<'_>) -> Result<Vec<String>, EamFileError> {
    const WANTED: &str = "the number of elements and their names";
    let line = words.filled_line(WANTED)?;
    let mut fields = line.split_whitespace();
    let announced = words.parse_count(fields.next().unwrap_or_default(), WANTED)?;
    let named = fields.clone().count();
    if announced != named {
        return Err(words.error(EamProblem::ElementCount { announced, named }));
    }
    if !(1..=MOST_ELEMENTS).contains(&announced) {
        return Err(words.error(EamProblem::OutOfRange {
            name: "the number of elements",
            found: announced as f64,
            allowed: format!("from 1 to {MOST_ELEMENTS}"),
        }));
    }
    let names: Vec<String> = fields.map(str::to_owned).collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return Err(words.error(EamProblem::ElementTwice {
                name: shortened(name),
            }));
        }
    }
    Ok(names)
}

/// Refuses tables that the file cannot hold, before any memory is spent on them.
fn check_size(
    words: &Words<'_>,
    header: &Header,
    elements: usize,
    densities_each: usize,
) -> Result<(), EamFileError> {
    let (elements, densities_each) = (elements as u128, densities_each as u128);
    let (rho, r) = (header.densities as u128, header.distances as u128);
    let announced = elements * (rho + densities_each * r) + elements * (elements + 1) / 2 * r;
    let found = words.count();
    if announced > found as u128 {
        return Err(words.error(EamProblem::TooFew { announced, found }));
    }
    Ok(())
}

/// The line before an element's tables: atomic number, mass, lattice constant, lattice.
pub(super) fn element_line(words: &mut Words<'_>, name: &str) -> Result<EamElement, EamFileError> {
    const WANTED: &str = "`number mass lattice-constant lattice` of an element";
    let line = words.filled_line(WANTED)?;
    let fields: Vec<&str> = line.split_whitespace().take(8).collect();
    let [number, mass, lattice @ ..] = fields.as_slice() else {
        return Err(words.error(EamProblem::WordCount {
            found: fields.len(),
            wanted: WANTED,
        }));
    };
    // A line of the tables here means that a table before was shorter than announced.
    if fields.len() > 4 && fields[3].parse::<f64>().is_ok() {
        return Err(words.error(EamProblem::WordCount {
            found: fields.len(),
            wanted: WANTED,
        }));
    }
    Ok(EamElement {
        name: name.to_owned(),
        number: words.parse_number(number, "the atomic number")?,
        mass: words.parse_number(mass, "the mass")?,
        lattice: lattice.join(" "),
    })
}

/// Writes tables as setfl, or as `eam/fs` if the densities need it, with every digit.
pub fn write_setfl(tables: &EamTables) -> String {
    let mut text = String::new();
    for line in 0..3 {
        let comment = tables.comments.get(line).map_or("", String::as_str);
        text.push_str(&comment.replace(['\n', '\r'], " "));
        text.push('\n');
    }
    let names: Vec<&str> = tables.elements.iter().map(|e| e.name.as_str()).collect();
    let densities = tables.embedding.first().map_or(0, Vec::len);
    let distances = tables.density.first().map_or(0, Vec::len);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} {}", names.len(), names.join(" "));
    let _ = writeln!(
        text,
        "{densities} {:?} {distances} {:?} {:?}",
        tables.density_step, tables.distance_step, tables.cutoff
    );
    let densities_each = tables.density.len() / tables.elements.len().max(1);
    for (index, element) in tables.elements.iter().enumerate() {
        let _ = writeln!(
            text,
            "{} {} {}",
            element.number, element.mass, element.lattice
        );
        write_numbers(&mut text, &tables.embedding[index]);
        for density in &tables.density[index * densities_each..(index + 1) * densities_each] {
            write_numbers(&mut text, density);
        }
    }
    for pair in &tables.pair {
        write_numbers(&mut text, pair);
    }
    text
}

/// Five numbers a line, each with as many digits as it takes to read the same number back.
fn write_numbers(text: &mut String, numbers: &[f64]) {
    for line in numbers.chunks(5) {
        for (place, number) in line.iter().enumerate() {
            let separator = if place == 0 { "" } else { " " };
            let _ = write!(text, "{separator}{number:e}");
        }
        text.push('\n');
    }
}

//! `frit thermo`: one particle or dispersed adatoms, and free-energy diagrams.

mod balance;
mod diagram;
mod map;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use frit_io::{Entry, TableColumn, TableWriter};

use crate::exit::Exit;
use crate::failure::{OrFail, Outcome};
use crate::terminal;

/// What is asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Thermo {
    /// Free energy of one particle against dispersed adatoms, its two terms, maximum and switch
    #[command(after_help = "\
dG(N) = [N dh - kT ln(M e^N)] + kT ln C(M, N): a particle of N atoms (sintering term) against N adatoms
on M sites (redispersion term). dG > 0: the dispersed state is stable. (Zhu et al., eqs. 1 to 4)

Examples:
  frit thermo balance                                             Fig. 2a: 1600 sites, 773 K, -0.16 eV
  frit thermo balance -o figure-2a                                and figure-2a.csv, figure-2a.svg
  frit thermo balance --enthalpy '-0.65 eV' --sites 1000000 --atoms 20")]
    Balance(balance::BalanceArguments),
    /// Contour map of the critical concentration over temperature and enthalpy
    #[command(after_help = "\
c* = 1 / (1 + exp(1 - dh/kT)), the concentration of adatoms at which entropy favours dispersion most.
Prints dh along the contours, which are straight lines through the origin: dh = kT [1 - ln(1/c - 1)].

Examples:
  frit thermo map -o figure-2b                                    Fig. 2b: 200 to 1200 K, -1 to 0 eV
  frit thermo map --temperatures '300 K' '900 K' --enthalpies '-0.5 eV' '0 eV' -o map")]
    Map(map::MapArguments),
    /// Free-energy diagram from a file of states
    #[command(after_help = "\
FILE.toml has a table [diagram]: temperature, molecules of the gas, and states with energies and
vibrations; see docs/lattice.md. Gases are ideal (rigid rotor, harmonic oscillator), surfaces harmonic.

Examples:
  frit thermo diagram inputs/diagrams/hydrogen-oxidation.toml -o water
  frit thermo diagram states.toml --set diagram.temperature='800 °C'")]
    Diagram(diagram::DiagramArguments),
}

/// Answers a question.
///
/// # Errors
/// Numbers that make no sense, or a file that cannot be read or written.
pub(crate) fn thermo(question: &Thermo) -> Outcome {
    match question {
        Thermo::Balance(arguments) => balance::balance(arguments),
        Thermo::Map(arguments) => map::map(arguments),
        Thermo::Diagram(arguments) => diagram::diagram(arguments),
    }
}

/// A file beside others: `name` with an ending.
fn ending(name: &Path, ending: &str) -> PathBuf {
    let mut whole = name.as_os_str().to_owned();
    whole.push(".");
    whole.push(ending);
    whole.into()
}

/// Writes `name.csv` and `name.svg`.
fn write(
    name: &Path,
    columns: &[(&str, &str)],
    rows: impl IntoIterator<Item = Vec<Entry>>,
    svg: &str,
) -> Outcome {
    let columns: Vec<TableColumn> = columns
        .iter()
        .map(|(name, unit)| TableColumn::new(*name, *unit))
        .collect();
    let (csv, picture) = (ending(name, "csv"), ending(name, "svg"));
    let mut table = TableWriter::create(&csv, &columns).or_fail(Exit::Failure)?;
    for row in rows {
        table.row(&row).or_fail(Exit::Failure)?;
    }
    table.sync().or_fail(Exit::Failure)?;
    frit_io::write_atomically(&picture, |writer| writer.write_all(svg.as_bytes()))
        .or_fail(Exit::Failure)?;
    terminal::say(&format!(
        "wrote {} and {}",
        csv.display(),
        picture.display()
    ));
    Ok(())
}

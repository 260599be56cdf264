//! `frit thermo balance`: the free energy over the number of atoms.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use frit_analysis::{Figure, Line, Mark, Panel};
use frit_io::Entry;
use frit_lattice::dispersion::{Dispersion, switch_temperature};
use frit_units::{Energy, Temperature};

use crate::exit::Exit;
use crate::failure::{OrFail, Outcome};
use crate::terminal;

/// Arguments of `frit thermo balance`.
#[derive(Debug, Args)]
pub(crate) struct BalanceArguments {
    /// Sites of the support, M
    #[arg(long, value_name = "M", default_value_t = 1600)]
    sites: u64,

    /// Temperature
    #[arg(
        long,
        value_name = "T",
        default_value = "773 K",
        allow_hyphen_values = true
    )]
    temperature: Temperature,

    /// Enthalpy per atom of the particle against adatoms, dh
    #[arg(
        long,
        value_name = "DH",
        default_value = "-0.16 eV",
        allow_hyphen_values = true
    )]
    enthalpy: Energy,

    /// Atoms, N, of which the free energy and the temperature of its switch are told
    #[arg(long, value_name = "N", default_value_t = 50)]
    atoms: u64,

    /// The largest number of atoms of table and plot [default: such that dG > 0 is seen]
    #[arg(long, value_name = "N")]
    most: Option<u64>,

    /// Write NAME.csv and NAME.svg
    #[arg(long, short, value_name = "NAME")]
    output: Option<PathBuf>,
}

/// Rows of the table at most.
const ROWS: u64 = 2000;
/// The plot ends at so many times the last number of atoms of interest.
const BEYOND: f64 = 1.25;
/// The plot shows at least so many atoms.
const FEWEST: u64 = 20;

/// Tells and draws the balance.
///
/// # Errors
/// Impossible numbers, or files that cannot be written.
pub(super) fn balance(arguments: &BalanceArguments) -> Outcome {
    let (kelvin, enthalpy) = (
        arguments.temperature.in_kelvin(),
        arguments.enthalpy.in_electronvolts(),
    );
    let dispersion = Dispersion::new(arguments.sites, kelvin, enthalpy).or_fail(Exit::Usage)?;
    let chosen = dispersion.balance(arguments.atoms).or_fail(Exit::Usage)?;
    let switch =
        switch_temperature(arguments.atoms, arguments.sites, enthalpy).or_fail(Exit::Usage)?;
    let maximum = dispersion.maximum();
    let range = dispersion.dispersed_range();

    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<34}{value}");
    };
    line("sites M", arguments.sites.to_string());
    line("temperature", format!("{kelvin} K"));
    line("enthalpy per atom dh", format!("{enthalpy} eV"));
    let concentration = dispersion.critical_concentration();
    line("critical concentration c*", format!("{concentration:.6e}"));
    line(
        "maximum of dG at N*",
        format!(
            "{} (M c* = {:.4})",
            span(maximum.atoms.clone()),
            arguments.sites as f64 * concentration
        ),
    );
    line("dG at the maximum", energy(maximum.balance.total()));
    line(
        "dispersed state stable for N",
        range
            .clone()
            .map_or("none: the particle is stable for every N".to_owned(), span),
    );
    let n = arguments.atoms;
    line(
        &format!("sintering term of N = {n}"),
        energy(chosen.sintering),
    );
    line(
        &format!("redispersion term of N = {n}"),
        energy(chosen.redispersion),
    );
    line(&format!("dG of N = {n}"), energy(chosen.total()));
    line(
        &format!("switch of N = {n}, dG = 0"),
        match (switch, chosen.total() > 0.0) {
            (Some(kelvin), _) => format!("{kelvin:.2} K"),
            (None, true) => "none: dispersed at every temperature".to_owned(),
            (None, false) => "none: a particle at every temperature".to_owned(),
        },
    );
    terminal::print(&text);

    let Some(output) = &arguments.output else {
        return Ok(());
    };
    let of_interest = [
        arguments.atoms,
        *maximum.atoms.end(),
        range.map_or(0, |range| *range.end()),
        FEWEST,
    ];
    let last = of_interest.into_iter().max().unwrap_or(FEWEST) as f64 * BEYOND;
    let last = arguments.most.unwrap_or(last as u64).min(arguments.sites);
    let points = last.min(ROWS);
    let mut rows = Vec::new();
    for k in 0..=points {
        let atoms = (u128::from(last) * u128::from(k) / u128::from(points.max(1))) as u64;
        rows.push((atoms, dispersion.balance(atoms).or_fail(Exit::Usage)?));
    }
    let sites = arguments.sites as f64;
    let curve = |label: &str, value: &dyn Fn(usize) -> f64| Line {
        label: label.to_owned(),
        points: (0..rows.len())
            .map(|k| [rows[k].0 as f64, value(k)])
            .collect(),
    };
    let figure = Figure {
        title: format!("One particle or adatoms: {sites} sites, {kelvin} K, Δh = {enthalpy} eV"),
        time_label: "atoms N".to_owned(),
        panels: vec![
            Panel {
                label: "free energy [eV]".to_owned(),
                lines: vec![
                    curve("ΔG", &|k| rows[k].1.total()),
                    curve("sintering", &|k| rows[k].1.sintering),
                    curve("redispersion", &|k| rows[k].1.redispersion),
                ],
                include: Some(0.0),
            },
            Panel {
                label: "ΔG [eV]; above 0 adatoms are stable".to_owned(),
                lines: vec![curve("ΔG", &|k| rows[k].1.total())],
                include: Some(0.0),
            },
        ],
        marks: vec![Mark {
            time: *maximum.atoms.end() as f64,
            label: format!("N* = {}", span(maximum.atoms.clone())),
        }],
    };
    let entries = rows.iter().map(|(atoms, balance)| {
        vec![
            Entry::Integer(*atoms as i64),
            (*atoms as f64 / sites).into(),
            balance.sintering.into(),
            // No minus before 0.
            (balance.redispersion + 0.0).into(),
            balance.total().into(),
        ]
    });
    let columns = [
        ("atoms", ""),
        ("concentration", ""),
        ("sintering term", "eV"),
        ("redispersion term", "eV"),
        ("dG", "eV"),
    ];
    super::write(output, &columns, entries, &figure.svg())
}

/// An energy, without a minus before zero.
fn energy(electronvolts: f64) -> String {
    let text = format!("{electronvolts:.6}");
    match text.trim_start_matches('-') {
        zero @ "0.000000" => format!("{zero} eV"),
        _ => format!("{text} eV"),
    }
}

/// One number, or the ends of a range.
fn span(range: std::ops::RangeInclusive<u64>) -> String {
    if range.start() == range.end() {
        range.start().to_string()
    } else {
        format!("{} to {}", range.start(), range.end())
    }
}

//! `frit thermo map`: the critical concentration over temperature and enthalpy.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use frit_analysis::{Contour, FieldMap, MapShape};
use frit_lattice::dispersion::{ConcentrationMap, contour_enthalpy};
use frit_units::{Energy, Temperature};

use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::terminal;

/// Arguments of `frit thermo map`.
#[derive(Debug, Args)]
pub(crate) struct MapArguments {
    /// Lowest and highest temperature
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], default_values = ["200 K", "1200 K"])]
    temperatures: Vec<Temperature>,

    /// Lowest and highest enthalpy per atom of the particle against adatoms, dh
    #[arg(
        long,
        num_args = 2,
        value_names = ["FROM", "TO"],
        default_values = ["-1 eV", "0 eV"],
        allow_hyphen_values = true
    )]
    enthalpies: Vec<Energy>,

    /// Points along each axis
    #[arg(long, value_name = "POINTS", default_value_t = 201, value_parser = clap::value_parser!(u32).range(2..=2000))]
    points: u32,

    /// Temperature at which enthalpies of the contours are printed
    #[arg(long, value_name = "T", default_value = "773 K")]
    temperature: Temperature,

    /// Write NAME.csv and NAME.svg
    #[arg(long, short, value_name = "NAME")]
    output: Option<PathBuf>,
}

/// The contours of the figure: powers of ten.
const CONTOURS: std::ops::RangeInclusive<i32> = -7..=-1;
/// The range of colours, as powers of ten.
const COLOURS: [f64; 2] = [-8.0, 0.0];

/// Tells and draws the map.
///
/// # Errors
/// Impossible numbers, or files that cannot be written.
pub(super) fn map(arguments: &MapArguments) -> Outcome {
    let temperatures = ascending(
        "temperatures",
        arguments.temperatures.iter().map(|t| t.in_kelvin()),
    )?;
    let enthalpies = ascending(
        "enthalpies",
        arguments.enthalpies.iter().map(|e| e.in_electronvolts()),
    )?;
    let kelvin = arguments.temperature.in_kelvin();
    let mut text = format!("{:<24}dh at {kelvin} K [eV]\n", "concentration c*");
    for power in CONTOURS.rev() {
        let enthalpy = contour_enthalpy(10_f64.powi(power), kelvin).or_fail(Exit::Usage)?;
        let _ = writeln!(text, "{:<24}{enthalpy:.4}", format!("1e{power}"));
    }
    terminal::print(&text);

    let even = |[first, last]: [f64; 2]| {
        let steps = f64::from(arguments.points - 1);
        (0..arguments.points)
            .map(|k| first + (last - first) * f64::from(k) / steps)
            .collect::<Vec<f64>>()
    };
    let map = ConcentrationMap::new(even(temperatures), even(enthalpies)).or_fail(Exit::Usage)?;
    let Some(output) = &arguments.output else {
        return Ok(());
    };
    let contours = CONTOURS.map(|power| Contour {
        label: format!("1e{power}"),
        points: map.contour(power.into()),
    });
    let figure = FieldMap {
        title: "Critical concentration of adatoms, c* = 1 / (1 + exp(1 \u{2212} Δh/kT))".to_owned(),
        x_label: "temperature [K]".to_owned(),
        y_label: "Δh [eV]".to_owned(),
        value_label: "log10 c*".to_owned(),
        x: map.temperatures.clone(),
        y: map.enthalpies.clone(),
        values: map.log10_concentrations.clone(),
        range: COLOURS,
        shape: MapShape::Wide,
        contours: contours
            .filter(|contour| !contour.points.is_empty())
            .collect(),
    };
    let width = map.enthalpies.len();
    let rows = map
        .log10_concentrations
        .iter()
        .enumerate()
        .map(|(k, value)| {
            vec![
                map.temperatures[k / width].into(),
                map.enthalpies[k % width].into(),
                (*value).into(),
            ]
        });
    let columns = [
        ("temperature", "K"),
        ("enthalpy per atom", "eV"),
        ("log10 of the critical concentration", ""),
    ];
    super::write(output, &columns, rows, &figure.svg())
}

fn ascending(name: &str, values: impl Iterator<Item = f64>) -> Outcome<[f64; 2]> {
    let values: Vec<f64> = values.collect();
    match values[..] {
        [first, last] if first < last => Ok([first, last]),
        _ => Err(Failure::new(
            Exit::Usage,
            format!("--{name}: {values:?} are not a lowest and a highest value"),
            "give two values, the lower one first",
        )),
    }
}

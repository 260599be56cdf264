//! `frit thermo diagram`: free energies of states.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use frit_analysis::{LevelDiagram, StateLevel};
use frit_deck::{DeckErrors, DiagramDeck, DiagramStateKind, FreeEnergyParts, GasMolecule};
use frit_io::Entry;
use frit_lattice::free_energy::{
    Diagram, DiagramSetup, Formula, FreeEnergyError, Molecule, MoleculeSetup, Parts, ReactionState,
    StateKind,
};

use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal;

/// Arguments of `frit thermo diagram`.
#[derive(Debug, Args)]
pub(crate) struct DiagramArguments {
    /// The file of states
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,

    /// Override a value of the file, such as diagram.temperature='800 °C'
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,

    /// Write NAME.csv and NAME.svg
    #[arg(long, short, value_name = "NAME")]
    output: Option<PathBuf>,
}

/// Tells and draws the diagram.
///
/// # Errors
/// A wrong file of states, or files that cannot be written.
pub(super) fn diagram(arguments: &DiagramArguments) -> Outcome {
    let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
    let deck = DiagramDeck::read(&arguments.file, &arguments.overrides).map_err(wrong)?;
    let (setup, states, diagram) = resolve(&deck).map_err(|(path, error)| {
        let found = deck.error_at(&path, error.to_string(), "");
        wrong(DeckErrors::from(vec![found]))
    })?;
    for (molecule, _) in &setup.gases {
        for doubt in molecule.doubts() {
            terminal::warn(&format!("diagram.gas.{}: {doubt}", molecule.name()));
        }
    }
    terminal::print(&text(&setup, &states, &diagram)?);
    let Some(output) = &arguments.output else {
        return Ok(());
    };
    let title = deck.title.clone().unwrap_or_default();
    let picture = LevelDiagram {
        title: format!("{title} ({:.2} K)", setup.temperature),
        label: "against the first state [eV]".to_owned(),
        series: vec!["free energy".to_owned(), "energy at rest".to_owned()],
        states: diagram
            .levels
            .iter()
            .map(|level| StateLevel {
                label: level.label.clone(),
                values: vec![level.free_energy, level.energy],
            })
            .collect(),
    };
    let rows = diagram.levels.iter().enumerate().map(|(k, level)| {
        vec![
            Entry::Text(level.label.clone()),
            Entry::Text(kind(level.kind).to_owned()),
            setup.temperature.into(),
            level.energy.into(),
            level.free_energy.into(),
            barrier(&diagram, k).into(),
        ]
    });
    let columns = [
        ("state", ""),
        ("kind", ""),
        ("temperature", "K"),
        ("energy", "eV"),
        ("free energy", "eV"),
        ("barrier from the minimum before", "eV"),
    ];
    super::write(output, &columns, rows, &picture.svg())
}

fn kind(kind: StateKind) -> &'static str {
    match kind {
        StateKind::Minimum => "minimum",
        StateKind::TransitionState => "transition state",
    }
}

fn barrier(diagram: &Diagram, state: usize) -> Option<f64> {
    let mut barriers = diagram.barriers.iter();
    let found = barriers.find(|barrier| barrier.through == state);
    found.map(|barrier| barrier.height)
}

type Resolved = (DiagramSetup, Vec<ReactionState>, Diagram);

/// The diagram, or what is wrong and where.
fn resolve(deck: &DiagramDeck) -> Result<Resolved, (String, FreeEnergyError)> {
    let given = &deck.diagram;
    let mut gases = Vec::new();
    for gas in &given.gas {
        let molecule =
            molecule(gas).map_err(|error| (format!("diagram.gas.{}", gas.name), error))?;
        gases.push((molecule, gas.pressure.in_pascals()));
    }
    let setup = DiagramSetup {
        temperature: given.temperature.in_kelvin(),
        gases,
        floor: given.floor,
        parts: match given.parts {
            FreeEnergyParts::WithoutHeat => Parts::WithoutHeat,
            FreeEnergyParts::All => Parts::All,
        },
    };
    let mut states = Vec::new();
    for (k, state) in given.states.iter().enumerate() {
        let formula = Formula::parse(&state.formula)
            .map_err(|error| (format!("diagram.state.{k}.formula"), error))?;
        states.push(ReactionState {
            label: state.label.clone(),
            kind: match state.kind {
                DiagramStateKind::Minimum => StateKind::Minimum,
                DiagramStateKind::TransitionState => StateKind::TransitionState,
            },
            energy: state.energy.in_electronvolts(),
            formula,
            wavenumbers: state.wavenumbers.clone(),
            gases: state.gas.clone(),
        });
    }
    let diagram = Diagram::new(&setup, &states).map_err(|error| (place(&error, &states), error))?;
    Ok((setup, states, diagram))
}

/// The state that an error is about.
fn place(error: &FreeEnergyError, states: &[ReactionState]) -> String {
    let of = |label: &str, key: &str| {
        let index = states.iter().position(|state| state.label == label);
        index.map_or("diagram".to_owned(), |k| format!("diagram.state.{k}{key}"))
    };
    match error {
        FreeEnergyError::Wavenumber { label, .. } | FreeEnergyError::Imaginary { label, .. } => {
            of(label, ".wavenumbers")
        }
        FreeEnergyError::Atoms { label, .. } => of(label, ".formula"),
        FreeEnergyError::UnknownGas { label, .. } => of(label, ".gas"),
        FreeEnergyError::NoMinimum { label } => of(label, ".kind"),
        _ => "diagram".to_owned(),
    }
}

fn molecule(gas: &GasMolecule) -> Result<Molecule, FreeEnergyError> {
    let mut atoms = Vec::new();
    for line in &gas.geometry {
        let words: Vec<&str> = line.split_whitespace().collect();
        let place: Vec<f64> = words
            .iter()
            .skip(1)
            .filter_map(|word| word.parse().ok().filter(|number: &f64| number.is_finite()))
            .collect();
        match (words.len(), <[f64; 3]>::try_from(place)) {
            (4, Ok(place)) => atoms.push((words[0].to_owned(), place)),
            _ => {
                return Err(FreeEnergyError::Geometry {
                    name: gas.name.clone(),
                    line: line.clone(),
                });
            }
        }
    }
    Molecule::new(MoleculeSetup {
        name: gas.name.clone(),
        energy: gas.energy.in_electronvolts(),
        atoms,
        symmetry_number: gas.symmetry_number as u32,
        multiplicity: gas.multiplicity as u32,
        wavenumbers: gas.wavenumbers.clone(),
    })
}

/// The diagram for people.
fn text(setup: &DiagramSetup, states: &[ReactionState], diagram: &Diagram) -> Outcome<String> {
    let mut text = format!("temperature {:.2} K\n\n", setup.temperature);
    if !setup.gases.is_empty() {
        let _ = writeln!(
            text,
            "{:<12}{:>14}{:>14}{:>18}{:>14}",
            "gas", "p [Pa]", "ZPE [eV]", "S [eV/K]", "G - E [eV]"
        );
    }
    for (molecule, pressure) in &setup.gases {
        let thermal = molecule
            .thermal(setup.temperature, *pressure, setup.floor)
            .map_err(|error| Failure::from_error(Exit::Usage, error))?;
        let heat = match setup.parts {
            Parts::WithoutHeat => 0.0,
            Parts::All => thermal.heat,
        };
        let free = thermal.zero_point + heat - setup.temperature * thermal.entropy;
        let _ = writeln!(
            text,
            "{:<12}{:>14}{:>14.5}{:>18.7e}{:>14.5}",
            molecule.name(),
            pressure,
            thermal.zero_point,
            thermal.entropy,
            free
        );
    }
    let width = states.iter().map(|state| state.label.chars().count());
    let width = width.max().unwrap_or(0).max(5) + 2;
    let _ = writeln!(
        text,
        "\n{:<width$}{:<18}{:>12}{:>12}{:>14}",
        "state", "kind", "E [eV]", "G [eV]", "barrier [eV]"
    );
    for (k, level) in diagram.levels.iter().enumerate() {
        let height = barrier(diagram, k).map_or(String::new(), |height| format!("{height:.4}"));
        let _ = writeln!(
            text,
            "{:<width$}{:<18}{:>12.4}{:>12.4}{:>14}",
            level.label,
            kind(level.kind),
            level.energy,
            level.free_energy,
            height
        );
    }
    Ok(text)
}

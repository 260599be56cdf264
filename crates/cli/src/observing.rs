//! From the observers of a deck to measures and their tables, in a run and offline.

use std::collections::BTreeSet;

use frit_analysis::observe::{self, Measure, Observatory, ObserveError};
use frit_atoms::System;
use frit_io::{Entry, TableColumn};

/// The measures that a deck asks for, for a system's particles and species.
///
/// # Errors
/// A parameter is out of its range.
pub(crate) fn observatory(
    deck: &frit_deck::Observers,
    system: &System,
) -> Result<Observatory, ObserveError> {
    let bodies = system.atoms.group().iter().collect::<BTreeSet<_>>().len();
    let mut species: Vec<String> = (system.species.iter())
        .map(|one| one.name.clone())
        .collect();
    // As in a snapshot.
    species.sort();
    let measures = deck
        .list
        .iter()
        .map(|observer| measure(observer.measure, bodies, &species))
        .collect::<Result<_, _>>()?;
    Observatory::new(deck.bond_length.in_angstroms(), measures)
}

fn measure(
    deck: frit_deck::Measure,
    bodies: usize,
    species: &[String],
) -> Result<Box<dyn Measure>, ObserveError> {
    use frit_deck::Measure as Deck;
    Ok(match deck {
        Deck::Coordination => Box::new(observe::Coordination),
        Deck::Structure => Box::new(observe::CommonNeighbours),
        Deck::RadialDistribution { range, bins } => {
            Box::new(observe::Radial::new(range.in_angstroms(), bins as usize))
        }
        Deck::Shape => Box::new(observe::Shape::new(bodies)),
        Deck::Orientation => Box::new(observe::Orientation::new(bodies)),
        Deck::Surface => Box::new(observe::Surface::new(bodies)),
        Deck::Adatoms => Box::new(observe::Adatoms::new(bodies)),
        Deck::AdatomPaths { most } => Box::new(observe::AdatomPaths::new(most as usize)),
        Deck::Diffusion { block } => {
            Box::new(observe::SurfaceDiffusion::new(block.in_picoseconds())?)
        }
        Deck::Detached { fewer_than } => Box::new(observe::Detached {
            fewer_than: u32::try_from(fewer_than).unwrap_or(u32::MAX),
        }),
        Deck::Lindemann { window } => Box::new(observe::Lindemann::new(window.in_picoseconds())?),
        Deck::NeckRadius => Box::new(observe::NeckRadius),
        Deck::Closing => Box::new(observe::Closing::default()),
        Deck::Bridging { hop } => Box::new(observe::Bridging::new(hop.in_angstroms())),
        Deck::FacetMass => Box::new(observe::FacetMass),
        Deck::Order => Box::new(observe::Order::new(species.to_vec())),
        Deck::Strain { half_width } => {
            Box::new(observe::NeckStrain::new(half_width.in_angstroms()))
        }
    })
}

/// The name of the file of an observer's table.
pub(crate) fn file_name(observer: &str) -> String {
    format!("{observer}.csv")
}

/// The columns of an observer's table: step and time before its own.
pub(crate) fn columns(own: Vec<TableColumn>) -> Vec<TableColumn> {
    let mut columns = vec![TableColumn::new("step", ""), TableColumn::new("time", "ps")];
    columns.extend(own);
    columns
}

/// A row of an observer's table.
pub(crate) fn row(step: Option<u64>, time: f64, own: Vec<Entry>) -> Vec<Entry> {
    let mut row = vec![step.map(|step| step as i64).into(), time.into()];
    row.extend(own);
    row
}

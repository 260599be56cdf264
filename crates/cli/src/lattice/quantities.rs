//! Barriers and bond energies that come from elsewhere: files of quantities with units.

use std::path::Path;

use frit_deck::{DeckErrors, MethodDeck, QuantityFile, QuantityFileError};
use frit_units::kind;

use crate::run::HashedFile;

/// A quantity that may be given.
pub(super) enum Given<'a> {
    /// An energy [eV], by its name.
    Energy(&'static str, &'a mut f64),
    /// A frequency [1/s], by its name.
    Rate(&'static str, &'a mut f64),
}

impl Given<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Energy(name, _) | Self::Rate(name, _) => name,
        }
    }

    /// The value, in eV or 1/s.
    fn value(&self) -> f64 {
        match self {
            Self::Energy(_, place) | Self::Rate(_, place) => **place,
        }
    }

    /// Takes the value of a file, if it has one.
    fn take(&mut self, file: &QuantityFile) -> Result<bool, QuantityFileError> {
        match self {
            Self::Energy(name, place) => {
                let found = file.find::<kind::Energy>(name)?;
                found
                    .iter()
                    .for_each(|energy| **place = energy.in_electronvolts());
                Ok(found.is_some())
            }
            Self::Rate(name, place) => {
                let found = file.find::<kind::Rate>(name)?;
                if let Some(rate) = &found {
                    **place = rate.in_unit("1/s").expect("1/s is a rate");
                }
                Ok(found.is_some())
            }
        }
    }
}

/// A number that came from a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    /// What it is.
    pub(super) name: &'static str,
    /// Its value, in eV or 1/s.
    pub(super) value: f64,
    /// The file, and the source that stands in it.
    pub(super) source: String,
}

/// What came from a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Learned {
    /// The file, if there is one.
    pub(super) files: Vec<HashedFile>,
    /// What it gave.
    pub(super) taken: Vec<Taken>,
}

/// Replaces numbers by those of the file that a deck names at `key`; tells what came from it.
///
/// # Errors
/// The file cannot be read, holds none of these quantities, or one of another dimension.
pub(super) fn learn<B>(
    deck: &MethodDeck<B>,
    path: Option<&Path>,
    key: &str,
    mut given: Vec<Given<'_>>,
) -> Result<Learned, DeckErrors> {
    let Some(path) = path else {
        return Ok(Learned::default());
    };
    let names: Vec<&str> = given.iter().map(Given::name).collect();
    let names = names.join(", ");
    let resolved = deck.resolve(path);
    let wrong = |message: String| {
        let help = format!("names that are known here: {names}");
        DeckErrors::from(vec![deck.error_at(key, message, help)])
    };
    let contents = std::fs::read_to_string(&resolved)
        .map_err(|error| wrong(format!("cannot read {}: {error}", resolved.display())))?;
    let file =
        QuantityFile::parse(&resolved, &contents).map_err(|error| wrong(error.to_string()))?;
    let mut taken = Vec::new();
    for quantity in &mut given {
        let found = quantity.take(&file);
        if found.map_err(|error| wrong(error.to_string()))? {
            taken.push(Taken {
                name: quantity.name(),
                value: quantity.value(),
                source: source(&file, path, quantity.name()),
            });
        }
    }
    if taken.is_empty() {
        let message = format!("{} has no quantity of this model", resolved.display());
        return Err(wrong(message));
    }
    Ok(Learned {
        files: vec![HashedFile::new(&resolved, contents.as_bytes())],
        taken,
    })
}

/// The file as the deck names it, and what it says of a quantity.
fn source(file: &QuantityFile, path: &Path, name: &str) -> String {
    let found = file.quantities().iter().find(|known| known.name == name);
    let mut text = path.display().to_string();
    if let Some(uncertainty) = found.and_then(|known| known.uncertainty.as_ref()) {
        text += &format!(" (± {uncertainty})");
    }
    if let Some(source) = found.and_then(|known| known.source.as_ref()) {
        text += &format!(": {source}");
    }
    text
}

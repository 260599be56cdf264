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

/// Replaces numbers by those of the file that a deck names at `key`; returns the file.
///
/// # Errors
/// The file cannot be read, holds none of these quantities, or one of another dimension.
pub(super) fn learn<B>(
    deck: &MethodDeck<B>,
    path: Option<&Path>,
    key: &str,
    mut given: Vec<Given<'_>>,
) -> Result<Vec<HashedFile>, DeckErrors> {
    let Some(path) = path else {
        return Ok(Vec::new());
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
    let mut taken = 0;
    for quantity in &mut given {
        let found = quantity.take(&file);
        taken += usize::from(found.map_err(|error| wrong(error.to_string()))?);
    }
    if taken == 0 {
        let message = format!("{} has no quantity of this model", resolved.display());
        return Err(wrong(message));
    }
    Ok(vec![HashedFile::new(&resolved, contents.as_bytes())])
}

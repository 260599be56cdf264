//! Forces that other methods have taught: from files of quantities into a deck.

use frit_deck::{AddedForce, Deck, DeckError, DeckErrors, QuantityFile};
use frit_units::{Force, kind};

use crate::run::HashedFile;

/// Takes every force that a stage has from a file over into the deck; the files.
///
/// # Errors
/// A file cannot be read, or has no such force.
pub(super) fn forces(deck: &mut Deck) -> Result<Vec<HashedFile>, DeckErrors> {
    let mut files: Vec<HashedFile> = Vec::new();
    let mut errors = DeckErrors::default();
    let mut stages = std::mem::take(&mut deck.stages);
    for (index, stage) in stages.iter_mut().enumerate() {
        for added in &mut stage.external.forces {
            match learn(deck, index, added) {
                Ok(Some(file)) if !files.contains(&file) => files.push(file),
                Ok(_) => {}
                Err(error) => errors.push(*error),
            }
        }
    }
    deck.stages = stages;
    errors.into_result(files)
}

fn learn(
    deck: &Deck,
    stage: usize,
    added: &mut AddedForce,
) -> Result<Option<HashedFile>, Box<DeckError>> {
    let Some(learned) = &added.learned else {
        return Ok(None);
    };
    let path = deck.resolve(&learned.file);
    let wrong = |message: String| {
        let place = format!("stage.{stage}.force.{}.quantity", added.group);
        let help = "a run of particle migration writes such a file: quantities.toml; see docs/migration.md";
        Box::new(deck.error_at(&place, message, help))
    };
    let contents = std::fs::read_to_string(&path)
        .map_err(|error| wrong(format!("cannot read {}: {error}", path.display())))?;
    let size = QuantityFile::parse(&path, &contents)
        .and_then(|file| file.get::<kind::Force>(&learned.name))
        .map_err(|error| wrong(error.to_string()))?;
    let length = learned.along.iter().map(|x| x * x).sum::<f64>().sqrt();
    for (component, along) in added.force.iter_mut().zip(learned.along) {
        *component = Force::from_internal(size.internal() * along / length)
            .map_err(|error| wrong(error.to_string()))?;
    }
    Ok(Some(HashedFile::new(&path, contents.as_bytes())))
}

//! Which columns a writer writes.

use crate::frame::{Column, Frame, FrameError, Values, check_word};
use std::collections::HashSet;

/// A column beside species and position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Identities.
    Id,
    /// Velocities (and momenta, where the format has them).
    Velocity,
    /// Forces.
    Force,
    /// Potential energy of each atom.
    LocalEnergy,
    /// Masses.
    Mass,
    /// Groups.
    Group,
    /// Images.
    Image,
    /// The column of this name among [`Frame::extra`].
    Extra(String),
}

impl Field {
    /// The name by which a deck or a message calls it.
    pub fn name(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::Velocity => "velocity",
            Self::Force => "force",
            Self::LocalEnergy => "local_energy",
            Self::Mass => "mass",
            Self::Group => "group",
            Self::Image => "image",
            Self::Extra(name) => name,
        }
    }

    fn is_in(&self, frame: &Frame) -> bool {
        match self {
            Self::Id => frame.id.is_some(),
            Self::Velocity => frame.velocity.is_some(),
            Self::Force => frame.force.is_some(),
            Self::LocalEnergy => frame.local_energy.is_some(),
            Self::Mass => frame.mass.is_some(),
            Self::Group => frame.group.is_some(),
            Self::Image => frame.image.is_some(),
            Self::Extra(name) => frame.column(name).is_some(),
        }
    }
}

/// The columns to write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Selection {
    /// All that a frame has.
    #[default]
    All,
    /// These; a frame that lacks one is an error.
    Only(Vec<Field>),
}

impl Selection {
    /// The columns of this frame in the order in which they are written: as in [`Field`].
    pub(crate) fn fields(&self, frame: &Frame) -> Result<Vec<Field>, FrameError> {
        let extra = (frame.extra.iter()).map(|column| Field::Extra(column.name.clone()));
        let all: Vec<Field> = [
            Field::Id,
            Field::Velocity,
            Field::Force,
            Field::LocalEnergy,
            Field::Mass,
            Field::Group,
            Field::Image,
        ]
        .into_iter()
        .chain(extra)
        .filter(|field| field.is_in(frame))
        .collect();
        let Self::Only(wanted) = self else {
            return Ok(all);
        };
        if let Some(missing) = wanted.iter().find(|field| !field.is_in(frame)) {
            let known: Vec<&str> = all.iter().map(Field::name).collect();
            return Err(FrameError::NoColumn {
                name: missing.name().to_owned(),
                known: format!("species, position, {}", known.join(", ")),
            });
        }
        Ok(all
            .into_iter()
            .filter(|field| wanted.contains(field))
            .collect())
    }
}

/// Whether names of species and words of text columns can stand in a row.
pub(crate) fn check_words(frame: &Frame) -> Result<(), FrameError> {
    for name in &frame.names {
        check_word("species", name)?;
    }
    for column in &frame.extra {
        check_word("column", &column.name)?;
        check_texts(column)?;
    }
    Ok(())
}

/// Whether the names of the columns of a file differ: a column without meaning to frit can have the
/// name that the format gives to one with a meaning.
pub(crate) fn check_distinct<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), FrameError> {
    let mut known = HashSet::new();
    for name in names {
        if !known.insert(name) {
            return Err(FrameError::NotInFormat(format!(
                "two columns would have the name `{name}` in this format; rename the one of the \
                 input, or leave it out"
            )));
        }
    }
    Ok(())
}

fn check_texts(column: &Column) -> Result<(), FrameError> {
    let Values::Text(texts) = &column.values else {
        return Ok(());
    };
    match texts
        .iter()
        .find(|text| text.is_empty() || text.contains(char::is_whitespace))
    {
        Some(text) => Err(FrameError::BadName {
            what: "word",
            name: text.clone(),
        }),
        None => Ok(()),
    }
}

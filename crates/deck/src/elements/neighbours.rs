//! `[neighbours]`: the neighbour list.

use frit_units::{Length, kind};

use crate::document::{Node, Value};
use crate::walk::Table;
use crate::walk::form::{Complaint, Form, positive, quoted};
use crate::walk::key;

/// The neighbour list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbours {
    /// What is added to the cutoff.
    pub skin: Skin,
}

/// What is added to the cutoff, so that a list serves for several steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Skin {
    /// Tuned during the run, from counts.
    Auto,
    /// Fixed.
    Fixed(Length),
}

struct SkinForm;

impl Form for SkinForm {
    type Value = Skin;

    fn takes(&self) -> String {
        "length > 0, or `\"auto\"`".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Skin> {
        if matches!(&node.value, Value::Text { text, .. } if text == "auto") {
            return Some(Skin::Auto);
        }
        positive::<kind::Length>()
            .read(node, complaints)
            .map(Skin::Fixed)
    }

    fn write(&self, value: &Skin) -> String {
        match value {
            Skin::Auto => quoted("auto"),
            Skin::Fixed(length) => quoted(&length.to_string()),
        }
    }
}

pub(crate) fn read(table: &mut Table<'_, '_>) -> Option<Neighbours> {
    let skin = table.default(
        key(
            "skin",
            "Added to the cutoff so that a list serves for several steps; tuned from counts with `auto`",
            "\"0.8 Å\"",
        ),
        &SkinForm,
        "\"auto\"",
    );
    Some(Neighbours { skin })
}

//! What every deck begins with: title and seed.

use crate::walk::form::{Integer, LARGEST, Text};
use crate::walk::{Table, key};

/// Title and seed.
pub(crate) fn read(table: &mut Table<'_, '_>) -> (Option<String>, u64) {
    let title = table.optional(
        key(
            "title",
            "What the run is about, for plots and reports",
            "\"Two cubes at 1473 K\"",
        ),
        &Text,
        "none",
    );
    let seed = table.default(
        key(
            "seed",
            "Seed of every random choice: equal decks with equal seeds are equal runs",
            "1473",
        ),
        &Integer(0..=LARGEST),
        "1",
    );
    (title, seed)
}

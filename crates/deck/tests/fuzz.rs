//! Mutated decks and arbitrary text: read or refused, never a panic, and errors that point.

use std::path::Path;

use frit_deck::{Deck, DeckErrors};
use miette::{GraphicalReportHandler, GraphicalTheme};
use proptest::prelude::*;

const GOOD: [&str; 5] = [
    include_str!("good/necking.toml"),
    include_str!("good/bulk.toml"),
    include_str!("good/particle.toml"),
    include_str!("good/file.toml"),
    include_str!("good/two-particles.toml"),
];

/// What replaces or joins pieces of a deck.
const PIECES: [&str; 24] = [
    "",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    ".",
    "\n",
    "#",
    "[[stage]]",
    "[stage]",
    "nan",
    "-1",
    "99999999999999999999999999999999999999999999",
    "1e999",
    "Å",
    "\u{0}",
    "\r",
    "true",
    "[]",
    "{}",
    "\"1 ps\"",
];

fn check(text: &str, overrides: &[String]) -> Result<(), TestCaseError> {
    match Deck::parse(Path::new("deck.toml"), text, overrides) {
        Ok(deck) => {
            let again = Deck::parse(Path::new("deck.toml"), deck.to_canonical_toml(), &[]);
            let again = again.map_err(|errors| TestCaseError::fail(errors.to_lines()))?;
            prop_assert_eq!(again.to_canonical_toml(), deck.to_canonical_toml());
        }
        Err(errors) => check_errors(&errors)?,
    }
    let _ = Deck::parse_potential(Path::new("deck.toml"), text);
    Ok(())
}

fn check_errors(errors: &DeckErrors) -> Result<(), TestCaseError> {
    prop_assert!(!errors.is_empty());
    for error in errors.errors() {
        prop_assert!(!error.to_string().is_empty());
        prop_assert!(!error.to_string().contains("cannot name"), "{}", error);
        prop_assert!(error.location().is_some());
    }
    let mut rendered = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::none())
        .render_report(&mut rendered, errors)
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    Ok(())
}

/// The boundary of a character nearest below a fraction of the text.
fn boundary(text: &str, fraction: f64) -> usize {
    let mut at = (fraction * text.len() as f64) as usize;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutated_decks_are_read_or_refused(
        deck in 0..GOOD.len(),
        changes in prop::collection::vec((0.0..1.0f64, 0..12usize, 0..PIECES.len()), 1..4),
    ) {
        let mut text = GOOD[deck].to_owned();
        for (place, removed, piece) in changes {
            let start = boundary(&text, place);
            let mut end = (start + removed).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(start..end, PIECES[piece]);
        }
        check(&text, &[])?;
    }

    #[test]
    fn decks_with_lines_moved_are_read_or_refused(
        deck in 0..GOOD.len(),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
    ) {
        let mut lines: Vec<&str> = GOOD[deck].lines().collect();
        for (from, to) in moves {
            let line = lines.remove(from.index(lines.len()));
            lines.insert(to.index(lines.len() + 1), line);
        }
        check(&lines.join("\n"), &[])?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check(&text, &[])?;
    }

    #[test]
    fn any_override_is_applied_or_refused(
        deck in 0..GOOD.len(),
        path in "(seed|stage|structure|potential|[a-z.0-9]{0,9})([.](0|1|pair|gap|hold|ensemble|nve|eam)){0,3}",
        value in "[a-z0-9 \"'\\[\\]{}=.Å-]{0,12}",
    ) {
        check(GOOD[deck], &[format!("{path}={value}"), path, value])?;
    }
}

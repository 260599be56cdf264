//! Bad decks, each with its errors beside the offending lines.
//!
//! After an offending line stand marks, one for each error on it: `#^ fragment | fragment`. Every
//! fragment must appear in the message, label or help; the caret must stand on the line; and the
//! deck must have exactly as many errors as marks, which proves that all are found at once.

use std::path::Path;

use frit_deck::{Deck, DeckErrors};

struct Mark {
    line: usize,
    fragments: Vec<String>,
}

/// The marks, and the deck as it would be without them: lines keep their numbers.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut line_of_text = 0;
    for (index, line) in text.lines().enumerate() {
        match line.strip_prefix("#^") {
            Some(fragments) => marks.push(Mark {
                line: line_of_text,
                fragments: fragments
                    .split(" | ")
                    .map(|part| part.trim().to_owned())
                    .collect(),
            }),
            None => line_of_text = index + 1,
        }
    }
    marks
}

fn all_text(error: &frit_deck::DeckError) -> String {
    format!(
        "{error} / {} / {}",
        error.label(),
        error.help_text().unwrap_or("")
    )
}

/// Matches every mark with an error of its own; returns what does not fit.
fn disagreements(marks: &[Mark], errors: &DeckErrors) -> Vec<String> {
    let mut unmatched: Vec<(usize, String)> = errors
        .errors()
        .iter()
        .map(|error| {
            (
                error.location().map_or(0, |place| place.line),
                all_text(error),
            )
        })
        .collect();
    let mut disagreements = Vec::new();
    for mark in marks {
        let fits = |(line, text): &(usize, String)| {
            *line == mark.line
                && mark
                    .fragments
                    .iter()
                    .all(|fragment| text.contains(fragment))
        };
        match unmatched.iter().position(fits) {
            Some(position) => {
                unmatched.remove(position);
            }
            None => disagreements.push(format!("line {}: no {:?}", mark.line, mark.fragments)),
        }
    }
    disagreements.extend(
        unmatched
            .iter()
            .map(|(line, text)| format!("line {line}: unexpected {text}")),
    );
    disagreements
}

#[test]
fn every_bad_deck_has_exactly_its_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut failures = String::new();
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        count += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = match Deck::parse(Path::new(&name), &text, &[]) {
            Ok(_) => vec!["it is accepted".to_owned()],
            Err(errors) => disagreements(&marks(&text), &errors),
        };
        for line in found {
            failures += &format!("{name}: {line}\n");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(count >= 30, "only {count} bad decks");
}

/// What a person sees, whole.
#[test]
fn an_error_shows_its_line_and_the_next_step() {
    let text = "[potential.eam]\nfile = \"Pt.eam.alloy\"\n\n[structure.bulk]\nlattise = \"fcc\"\n\
                constant = \"3.92 Å\"\nrepeat = [4, 4, 4]\ncomposition = { Pt = 1.0 }\n\n\
                [[stage]]\nname = \"hold\"\nminimise.fire = { force-tolerance = \"1 eV\" }\n";
    let errors = Deck::parse(Path::new("inputs/bulk.toml"), text, &[]).unwrap_err();
    let mut rendered = String::new();
    miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
        .with_width(100)
        .render_report(&mut rendered, &errors)
        .unwrap();
    let trimmed: Vec<&str> = rendered.lines().map(str::trim_end).collect();
    assert_eq!(trimmed.join("\n"), RENDERED.trim_end());
}

const RENDERED: &str = r#"  × the deck has 2 errors

Error: deck::unknown-key

  × unknown key `lattise` in `[structure.bulk]`
   ╭─[inputs/bulk.toml:5:1]
 4 │ [structure.bulk]
 5 │ lattise = "fcc"
   · ───┬───
   ·    ╰── not known
 6 │ constant = "3.92 Å"
   ╰────
  help: did you mean `lattice`?

Error: deck::wrong-type

  × expected a force, such as `0.01 eV/Å` or `1 nN`; found an energy, `1 eV`
    ╭─[inputs/bulk.toml:12:38]
 11 │ name = "hold"
 12 │ minimise.fire = { force-tolerance = "1 eV" }
    ·                                      ────
    ╰────
"#;

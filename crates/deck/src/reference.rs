//! The reference of the language, written from the definitions that also read decks.

use std::fmt::Write as _;

use crate::walk::{Page, language};

/// The deck reference as Markdown.
#[must_use]
pub fn reference_markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    let pages = language();
    // Tables with their sub-tables that repeat an earlier one.
    let mut repeated: Vec<&str> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        if repeated
            .iter()
            .any(|header| is_inside(&page.header, header))
        {
            continue;
        }
        // Writing to a string cannot fail.
        match pages[..index]
            .iter()
            .find(|earlier| is_repetition(page, earlier))
        {
            Some(earlier) => {
                repeated.push(&page.header);
                let _ = write_repetition(&mut text, page, earlier);
            }
            None => {
                let _ = write_page(&mut text, page);
            }
        }
    }
    let _ = write_units(&mut text);
    text
}

const INTRODUCTION: &str = "\
# Deck reference

<!-- Generated from the definitions in crates/deck; `UPDATE_DOCS=1 cargo test -p frit-deck` \
rewrites it. -->

A deck is a TOML file. Every table knows its keys and refuses others; alternatives are tables named
after the variant (`[stage.ensemble.langevin]`); every quantity is a text with a unit
(`\"1473 K\"`), whose dimension is checked. Paths are relative to the deck's folder.

`--set path=value` overrides a value: `--set seed=2`, `--set structure.pair.gap='10 Å'`. Stages go
by their name or their number from 0: `--set stage.production.duration='10 ps'`. To replace a
variant, set its whole table: `--set 'stage.production.ensemble={nve={}}'`.
";

fn is_inside(header: &str, of: &str) -> bool {
    header
        .strip_prefix(of)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// Whether two tables have the same keys, and sub-tables to repeat.
fn is_repetition(page: &Page, earlier: &Page) -> bool {
    page.rows.iter().any(|row| row.takes == "table") && page.rows == earlier.rows
}

fn write_repetition(text: &mut String, page: &Page, earlier: &Page) -> std::fmt::Result {
    writeln!(
        text,
        "\n## `[{}]`\n\n{}. The same keys and tables as in `[{}]`.",
        page.header, page.meaning, earlier.header
    )
}

fn write_page(text: &mut String, page: &Page) -> std::fmt::Result {
    match (page.header.as_str(), page.is_list) {
        ("", _) => writeln!(text, "\n## Top level\n")?,
        (header, true) => writeln!(text, "\n## `[[{header}]]`\n\n{}.\n", page.meaning)?,
        (header, false) => writeln!(text, "\n## `[{header}]`\n\n{}.\n", page.meaning)?,
    }
    if page.rows.is_empty() {
        return writeln!(text, "It has no keys; the header alone chooses it.");
    }
    writeln!(text, "| key | takes | if left out | meaning | example |")?;
    writeln!(text, "|---|---|---|---|---|")?;
    for row in &page.rows {
        let example = match row.example.as_str() {
            "" if row.takes == "list of tables" => format!("`[[{}]]`", join(page, &row.name)),
            "" => format!("`[{}]`", join(page, &row.name)),
            example => format!("`{} = {example}`", row.name),
        };
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {example} |",
            row.name, row.takes, row.otherwise, row.meaning
        )?;
    }
    Ok(())
}

fn join(page: &Page, name: &str) -> String {
    if page.header.is_empty() {
        name.to_owned()
    } else {
        format!("{}.{name}", page.header)
    }
}

fn write_units(text: &mut String) -> std::fmt::Result {
    writeln!(text, "\n## Units\n")?;
    writeln!(
        text,
        "A quantity is a number and a unit. Units are multiplied with `*` or `·`, divided with `/` \
         and\nraised with `^2`, `²` or a plain digit: `2 eV/Å`, `1.2 J/m^2`, `1 1/ps`, `1 ps^-1`. \
         `A` is the ångström;\nthe ampere is not supported. `°C` stands alone and only as a \
         temperature.\n"
    )?;
    writeln!(text, "| unit | name | measures | prefixes `a` to `E` |")?;
    writeln!(text, "|---|---|---|---|")?;
    for unit in frit_units::known_units() {
        let symbols: Vec<String> = unit
            .symbols
            .iter()
            .map(|symbol| format!("`{symbol}`"))
            .collect();
        let prefixes = if unit.prefixes { "yes" } else { "no" };
        let (symbols, dimension) = (symbols.join(", "), unit.dimension);
        writeln!(
            text,
            "| {symbols} | {} | {dimension} | {prefixes} |",
            unit.name
        )?;
    }
    Ok(())
}

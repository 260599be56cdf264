//! Every deck that is shipped or shown runs: those in `inputs/` shortened to a few steps, and the
//! TOML of the guide and the README.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Work, json, repository};

/// All decks below a folder.
fn decks(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in common::names(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            found.extend(decks(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            found.push(path);
        }
    }
    found
}

/// Overrides that make a deck small: stages of a few steps and particles of about a hundred atoms.
fn shortened(text: &str) -> Vec<String> {
    const STEPS: &str = "10";
    let mut overrides = Vec::new();
    if text.contains("\n[scan]") {
        overrides.push("scan.replicas=1".to_owned());
    }
    if text.contains("\n[migration]") {
        overrides.push("migration.duration='40 ms'".to_owned());
        overrides.push("migration.particles=20".to_owned());
    }
    for (index, stage) in text.split("\n[[redispersion.stage]]").skip(1).enumerate() {
        let (key, value) = match stage.contains("\nevents") {
            true => ("events", "20000"),
            false => ("duration", "'0.2 ns'"),
        };
        overrides.push(format!("redispersion.stage.{index}.{key}={value}"));
    }
    if text.contains("\n[looping]") {
        overrides.push("looping.duration='2 s'".to_owned());
    }
    for (index, stage) in text.split("\n[[stage]]").skip(1).enumerate() {
        let stage = stage.split("\n[observe").next().unwrap();
        // Whichever is given stays the one that is given.
        if stage.contains("\nduration") {
            overrides.push(format!("stage.{index}.duration='20 fs'"));
        } else if stage.contains("\nsteps") {
            overrides.push(format!("stage.{index}.steps={STEPS}"));
        }
    }
    let mut table = "";
    for line in text.lines() {
        if let Some(header) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            table = header;
        }
        if line.starts_with("atoms =") && !table.contains("redispersion") {
            // A Wulff shape has facets with sites for adatoms only if it is a little larger.
            let atoms = if table.ends_with("wulff") { 201 } else { 100 };
            overrides.push(format!("{table}.atoms={atoms}"));
        } else if line.starts_with("edge =") {
            overrides.push(format!("{table}.edge='9 Å'"));
        } else if line.starts_with("repeat =") {
            overrides.push(format!("{table}.repeat=[3, 3, 3]"));
        }
    }
    overrides
}

#[test]
fn every_input_runs_shortened() {
    let decks = decks(&repository().join("inputs"));
    assert!(
        decks
            .iter()
            .any(|deck| deck.ends_with("necking/quickstart.toml"))
    );
    for deck in decks {
        let text = fs::read_to_string(&deck).unwrap();
        // Files of quantities lie beside the decks that name them; potentials alone are for the
        // commands about energies.
        if text.contains("\n[[quantity]]") || !text.contains("\ntitle =") {
            continue;
        }
        println!("{}", deck.display());
        let work = Work::new();
        let is_diagram = fs::read_to_string(&deck).unwrap().contains("\n[diagram]");
        let deck = deck.to_str().unwrap();
        if is_diagram {
            work.frit(&["thermo", "diagram", deck]).with(0);
            continue;
        }
        if !text.contains("\n[[stage]]") && text.contains("\n[structure.") {
            // Only to be built.
            work.frit(&["build", deck, "-o", "built.xyz"]).with(0);
            continue;
        }
        // As it stands, it is a good deck.
        work.frit(&["check", deck]).with(0);
        let overrides = shortened(&fs::read_to_string(deck).unwrap());
        let mut arguments = vec!["run", deck, "--out", "run"];
        for one in &overrides {
            arguments.extend(["--set", one]);
        }
        work.frit(&arguments).with(0);
        let text = fs::read_to_string(deck).unwrap();
        if text.contains("\n[scan]") {
            assert!(work.path("run/scan.csv").exists());
            continue;
        }
        let summary = json(&work.path("run/summary.json"));
        if ["migration", "redispersion", "looping"]
            .iter()
            .any(|method| text.contains(&format!("\n[{method}]")))
        {
            continue;
        }
        assert!(
            summary["atoms"].as_u64().unwrap() < 1000,
            "{overrides:?}: {summary:#}"
        );
        if text.contains("[structure.pair]") {
            assert!(summary["pair"].is_object(), "{summary:#}");
            assert!(work.path("run/assembled.xyz").exists());
        }
    }
}

/// The blocks of TOML in a text in Markdown.
fn blocks(text: &str) -> Vec<&str> {
    let parts = text.split("\n```toml\n").skip(1);
    parts
        .map(|part| part.split("\n```").next().unwrap())
        .collect()
}

/// Files that the examples of the texts name: the shipped potentials, beside the deck.
fn files_of_the_texts(work: &Work) {
    let folder = work.path("potentials");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(repository().join("potentials")).unwrap() {
        let file = entry.unwrap();
        fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    // Enough atoms for a particle.
    let mut atoms = String::from("14\n\n");
    for place in 0..14 {
        let along = 2.7 * f64::from(place);
        atoms.push_str(&format!("Pt {along} 0 0\n"));
    }
    work.write("pair.xyz", &atoms);
}

const PLATINUM_IRON: &str = r#"
[potential.meam]
library = "potentials/Kim-2006-PtFe.library.meam"
parameters = "potentials/Kim-2006-PtFe.meam"
elements = ["Pt", "Fe"]
"#;

const STAGE: &str = r#"
[[stage]]
name = "hold"
steps = 10
timestep = "1 fs"
ensemble.nve = {}
"#;

#[test]
fn the_toml_of_the_texts_is_good() {
    let mut seen = 0;
    for name in [
        "docs/user-guide.md",
        "docs/structures.md",
        "docs/architecture.md",
        "README.md",
    ] {
        let Ok(text) = fs::read_to_string(repository().join(name)) else {
            continue;
        };
        for block in blocks(&text) {
            seen += 1;
            let work = Work::with_deck(&format!("{block}\n"));
            files_of_the_texts(&work);
            println!("{name}:\n{block}");
            let has_structure = block.contains("[structure.");
            if has_structure && block.contains("[[stage]]") && block.contains("[potential.") {
                work.frit(&["check", "deck.toml"]).with(0);
            } else if has_structure {
                // A structure of platinum and iron: with their potential, and a stage if it has none.
                let stage = if block.contains("[[stage]]") {
                    ""
                } else {
                    STAGE
                };
                work.write("deck.toml", format!("{PLATINUM_IRON}\n{block}\n{stage}"));
                work.frit(&["check", "deck.toml"]).with(0);
            } else if block.contains("[potential.") {
                let arguments = [
                    "evaluate",
                    "pair.xyz",
                    "--potential",
                    "deck.toml",
                    "-o",
                    "out.xyz",
                ];
                work.frit(&arguments).with(0);
            } else {
                // A part of a deck: put into a whole one it must fit.
                let whole = format!("{}{}\n{block}\n", common::LENNARD_JONES, common::bulk(2));
                work.write("deck.toml", whole);
                work.frit(&["check", "deck.toml"]).with(0);
            }
        }
    }
    assert!(seen > 0);
}

/// Adatoms of both particles that meet in the gap by chance do not end a run of hours: the second
/// particle goes a little aside.
#[test]
fn hot_adatoms_that_meet_in_the_gap_are_put_aside() {
    let work = Work::new();
    let deck = repository().join("inputs/necking/figure-7.toml");
    let small = [
        "structure.pair.particle.wulff.atoms=807",
        "stage.equilibrate.duration='0.02 ps'",
        "stage.sinter.duration='0.02 ps'",
    ];
    let mut arguments = vec!["run", deck.to_str().unwrap(), "--out", "run"];
    for one in small {
        arguments.extend(["--set", one]);
    }
    work.frit(&arguments).with(0).says(&[
        "the second particle is put",
        "are only 1.46",
        "aside, across the axis",
    ]);
}

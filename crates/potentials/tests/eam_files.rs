//! EAM files: what is read is right, what is wrong is refused with its line.
#![allow(clippy::unwrap_used, reason = "a test that fails should stop")]

use frit_potentials::eam::{
    Eam, EamFileError, EamForm, EamProblem, EamTables, FuncflFile, read_fs, read_funcfl,
    read_setfl, write_setfl, zhou2004,
};
use frit_potentials::{Bound, KernelPath};
use proptest::prelude::*;

mod support;
use support::{evaluate, frames};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}")).unwrap()
}

fn made_up_funcfl() -> EamTables {
    let [nickel, copper] = ["Ni-made-up.eam", "Cu-made-up.eam"].map(|name| (name, text(name)));
    let files = [&nickel, &copper].map(|(name, text)| FuncflFile { name, text });
    read_funcfl(&files).unwrap()
}

fn small_setfl() -> String {
    let grid = zhou2004::Grid {
        densities: 7,
        density_step: 10.0,
        distances: 9,
        cutoff: 6.5,
    };
    zhou2004::setfl(&["Pt", "Fe"], grid).unwrap()
}

/// LAMMPS read the same files; see `tests/data/make_eam_references.py`. Rounding as in `eam_lammps.rs`.
#[test]
fn funcfl_and_fs_agree_with_lammps() {
    const ROUNDING: f64 = 1e-12;
    let fs = read_fs(&text("NiCu-made-up.eam.fs"), "NiCu-made-up.eam.fs").unwrap();
    for (file, tables) in [("funcfl_made_up", made_up_funcfl()), ("fs_made_up", fs)] {
        let frame = &frames(&format!("{FOLDER}/{file}.extxyz"))[0];
        let species = &frame.system.species;
        let names: Vec<&str> = species.iter().map(|s| s.name.as_str()).collect();
        for path in KernelPath::ALL
            .into_iter()
            .filter(|path| path.is_available())
        {
            let model = Eam::new(&tables, &names, path).unwrap();
            let found = evaluate(&mut Bound::new(model), &frame.system, 0.4);
            let virial = found.virial - frame.virial.unwrap();
            assert!(
                (found.energy - frame.energy).abs() < 40.0 * ROUNDING,
                "{file} {path}"
            );
            assert!(virial.amax() < 40.0 * ROUNDING, "{file} {path}: {virial}");
            for (a, b) in found.force.iter().zip(&frame.force) {
                assert!((a - b).amax() < ROUNDING, "{file} {path}: {a} {b}");
            }
            for (a, b) in found.atom_energy.iter().zip(&frame.atom_energy) {
                assert!((a - b).abs() < ROUNDING, "{file} {path}: {a} {b}");
            }
        }
    }
}

#[test]
fn what_is_written_is_read_back() {
    let tables = zhou2004::tables(&["Ni", "Pt", "Cu"], zhou2004::Grid::default()).unwrap();
    let read = read_setfl(&write_setfl(&tables), "written").unwrap();
    assert_eq!(read, tables);
    let fs = read_fs(&text("NiCu-made-up.eam.fs"), "fs").unwrap();
    assert_eq!(read_fs(&write_setfl(&fs), "written").unwrap(), fs);
}

/// The files that the project ships are what the generator writes.
#[test]
fn shipped_files_are_those_of_the_generator() {
    let shipped: [(&str, &[&str]); 2] = [
        ("Zhou-2004-PtFe.eam.alloy", &["Pt", "Fe"]),
        ("Zhou-2004-PtFeCuNi.eam.alloy", &["Pt", "Fe", "Cu", "Ni"]),
    ];
    for (name, elements) in shipped {
        let path = format!("{}/../../potentials/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let made = zhou2004::tables(elements, zhou2004::Grid::default()).unwrap();
        let read = read_setfl(&text, name).unwrap();
        assert_eq!(read.elements, made.elements);
        // Exponentials and powers differ in the last place between mathematical libraries.
        let values = |tables: &EamTables| {
            let all = [&tables.embedding, &tables.density, &tables.pair];
            all.into_iter()
                .flatten()
                .flatten()
                .copied()
                .collect::<Vec<f64>>()
        };
        for (a, b) in values(&read).into_iter().zip(values(&made)) {
            assert!((a - b).abs() <= 1e-14 * a.abs().max(1.0), "{name}: {a} {b}");
        }
    }
}

#[test]
fn fortran_exponents_and_free_flow_are_read() {
    let plain = small_setfl();
    let expected = read_setfl(&plain, "plain").unwrap();
    let (head, tables) = plain.split_at(plain.find("\n7 ").unwrap());
    let fortran = format!("{head}{}", tables.replace("e-", "D-").replace("e0", "d0"));
    assert_eq!(read_setfl(&fortran, "fortran").unwrap(), expected);
    let windows = plain.replace('\n', "\r\n");
    assert_eq!(read_setfl(&windows, "windows").unwrap(), expected);
    let lines: Vec<&str> = plain.lines().collect();
    // The numbers of the first element's tables, one a line.
    let mut flowing = lines[..6].join("\n");
    for number in lines[6..10].join(" ").split(' ') {
        flowing.push('\n');
        flowing.push_str(number);
    }
    flowing.push('\n');
    flowing.push_str(&lines[10..].join("\n"));
    assert_eq!(read_setfl(&flowing, "flowing").unwrap(), expected);
}

fn refused(change: impl Fn(&mut Vec<String>)) -> EamFileError {
    let mut lines: Vec<String> = small_setfl().lines().map(str::to_owned).collect();
    change(&mut lines);
    read_setfl(&lines.join("\n"), "bad.eam.alloy").unwrap_err()
}

#[test]
fn errors_name_file_and_line() {
    let word = refused(|lines| lines[6] = lines[6].replacen("-1", "minus", 1));
    assert_eq!(word.line, 7);
    let word = word.to_string();
    assert!(word.starts_with("bad.eam.alloy, line 7: found `"), "{word}");
    assert!(
        word.contains("where a value of F(rho) of Pt should stand"),
        "{word}"
    );
    let cases: [(&str, EamFileError); 9] = [
        (
            "announces 3 elements but names 2",
            refused(|l| l[3] = "3 Pt Fe".into()),
        ),
        ("Pt stands twice", refused(|l| l[3] = "2 Pt Pt".into())),
        (
            "must be from 5 to",
            refused(|l| l[4] = "4 10.0 9 0.8125 6.5".into()),
        ),
        (
            "only 67 words follow",
            refused(|l| l[4] = "9999999 10.0 9999999 0.8125 6.5".into()),
        ),
        (
            "must be within the table",
            refused(|l| l[4] = "7 10.0 9 0.8125 6500".into()),
        ),
        (
            "dr, the spacing of distances, is -1",
            refused(|l| l[4] = "7 10 9 -1 6.5".into()),
        ),
        ("found 4 words", refused(|l| l[4] = "7 10 9 0.8125".into())),
        (
            "found `nan`",
            refused(|l| l[7] = l[7].replacen("0e0", "nan", 1) + " nan"),
        ),
        ("is it one?", refused(|l| l.push("1.0 2.0".into()))),
    ];
    for (expected, error) in cases {
        let error = error.to_string();
        assert!(error.contains(expected), "{error} lacks: {expected}");
    }
    let cut = refused(|lines| lines.truncate(4));
    assert_eq!(
        *cut.problem,
        EamProblem::Ended {
            wanted: "`Nrho drho Nr dr cutoff`".into()
        }
    );
    // An eam/fs file is no setfl file.
    let fs = read_setfl(&text("NiCu-made-up.eam.fs"), "x.eam.fs").unwrap_err();
    assert!(fs.to_string().contains("x.eam.fs, line "), "{fs}");
}

#[test]
fn funcfl_errors_name_their_file() {
    let good = text("Ni-made-up.eam");
    let file = |name, text| FuncflFile { name, text };
    let twice = read_funcfl(&[file("a.eam", &good), file("b.eam", &good)]).unwrap_err();
    assert!(twice.to_string().contains("b.eam") && twice.to_string().contains("Ni stands twice"));
    let unknown = good.replacen("28 ", "280 ", 1);
    let unknown = read_funcfl(&[file("c.eam", &unknown)])
        .unwrap_err()
        .to_string();
    assert!(
        unknown.contains("c.eam, line 2") && unknown.contains("number 280"),
        "{unknown}"
    );
    assert_eq!(*read_funcfl(&[]).unwrap_err().problem, EamProblem::NoFile);
}

#[test]
fn species_are_matched_by_name() {
    let tables = read_setfl(&small_setfl(), "small").unwrap();
    let error = Eam::new(&tables, &["Fe", "Ni"], KernelPath::Portable).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no element Ni; they have Pt, Fe"),
        "{error}"
    );
}

/// Reads a text as every kind of file. What comes out must be usable tables.
fn read_as_everything(text: &str) {
    let single = [FuncflFile { name: "x", text }];
    for tables in [
        read_setfl(text, "x"),
        read_fs(text, "x"),
        read_funcfl(&single),
    ] {
        let Ok(tables) = tables else { continue };
        let names: Vec<&str> = tables.elements.iter().map(|e| e.name.as_str()).collect();
        Eam::new(&tables, &names, KernelPath::Portable).unwrap();
        if tables.form == EamForm::Alloy {
            assert!(read_setfl(&write_setfl(&tables), "again").is_ok());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn garbage_is_refused_without_panic(text in "[0-9eEdD+. \\-\nA-Za-z#]{0,400}") {
        read_as_everything(&text);
    }

    #[test]
    fn any_text_is_refused_without_panic(text in any::<String>()) {
        read_as_everything(&text);
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        kind in 0_usize..3,
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        truncate in any::<bool>(),
    ) {
        let names = ["", "Ni-made-up.eam", "NiCu-made-up.eam.fs"];
        let original = if kind == 0 { small_setfl() } else { text(names[kind]) };
        let mut bytes = original.into_bytes();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if truncate {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_as_everything(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn changed_words_are_read_or_refused(
        kind in 0_usize..3,
        place in 0_usize..40,
        word in prop_oneof![
            Just("18446744073709551615"), Just("16777216"), Just("1e308"), Just("1e-320"), Just("-1"),
            Just("0"), Just("nan"), Just("inf"), Just("1D5"), Just("\n"), Just("Pt"), Just("99999999999999999999"),
        ],
    ) {
        let names = ["", "Ni-made-up.eam", "NiCu-made-up.eam.fs"];
        let original = if kind == 0 { small_setfl() } else { text(names[kind]) };
        let mut changed = String::new();
        for (number, old) in original.split_inclusive(char::is_whitespace).enumerate() {
            if number == place {
                changed.push_str(word);
                changed.push_str(&old[old.trim_end().len()..]);
            } else {
                changed.push_str(old);
            }
        }
        read_as_everything(&changed);
    }
}

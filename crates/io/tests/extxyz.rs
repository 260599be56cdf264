//! Extended XYZ: to the bit, other programs' dialects, damaged files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, also outside of test functions"
)]

mod common;

use common::{error, frame, one, read_all, xyz};
use frit_atoms::{Matrix, Vector};
use frit_io::extxyz::{Encoder, Options, VelUnit};
use frit_io::{Attributes, Field, Frame, Selection, Value, Values};
use proptest::prelude::*;
use std::io::Cursor;
use std::path::Path;

fn text(frame: &Frame) -> String {
    let mut bytes = Vec::new();
    Encoder::default().encode(frame, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn frames_come_back_to_the_bit(frame in frame(false)) {
        let written = text(&frame);
        let read = one(xyz(written.as_bytes()));
        prop_assert_eq!(text(&read), written.clone());
        // -0.0 and 0.0 are equal but not the same; the texts above tell them apart.
        prop_assert_eq!(read, frame);
        let comment = written.lines().nth(1).unwrap();
        prop_assert_eq!(comment.trim_end(), comment);
    }
}

#[test]
fn the_comment_line_is_as_other_programs_want_it() {
    let mut frame = one(xyz(b"1\n\nPt 0.5 1 2\n"));
    frame.id = Some(vec![7]);
    frame.velocity = Some(vec![Vector::new(1.0, 0.0, 0.0)]);
    frame.force = Some(vec![Vector::zeros()]);
    frame.local_energy = Some(vec![-5.77]);
    frame.mass = Some(vec![195.084]);
    frame.cell = Some(frit_atoms::Cell::orthogonal([10.0; 3], [false; 3]).unwrap());
    frame.time = Some(0.1);
    frame.step = Some(100);
    frame.attributes.insert("energy", -1.5);
    frame.attributes.insert("virial", Matrix::identity());
    frame.attributes.insert("name", "two cubes");
    let text = text(&frame);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[1],
        "Lattice=\"10.0 0.0 0.0 0.0 10.0 0.0 0.0 0.0 10.0\" \
         Properties=species:S:1:pos:R:3:id:I:1:velo:R:3:momenta:R:3:forces:R:3:local_energy:R:1:\
         mass:R:1:masses:R:1 pbc=\"F F F\" Time=0.1 Timestep=100 energy=-1.5 \
         virial=\"1.0 0.0 0.0 0.0 1.0 0.0 0.0 0.0 1.0\" name=\"two cubes\""
    );
    // ASE 3.29: 195.084 u * 1 Å / (1000 * ase.units.fs).
    assert!(
        lines[2].starts_with("Pt 0.5 1.0 2.0 7 1.0 0.0 0.0 1.98605376835"),
        "{}",
        lines[2]
    );
}

#[test]
fn only_the_selected_columns_are_written() {
    let mut frame = one(xyz(b"1\n\nPt 0 0 0\n"));
    frame.id = Some(vec![1]);
    frame.mass = Some(vec![195.0]);
    let encoder = Encoder::new(Selection::Only(vec![Field::Id]));
    let mut bytes = Vec::new();
    encoder.encode(&frame, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.contains("Properties=species:S:1:pos:R:3:id:I:1 pbc"),
        "{text}"
    );
    let encoder = Encoder::new(Selection::Only(vec![Field::Force]));
    let error = encoder
        .encode(&frame, &mut Vec::new())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("force") && error.contains("id, mass"),
        "{error}"
    );
}

#[test]
fn names_that_would_break_the_file_are_refused() {
    let good = one(xyz(b"1\n\nPt 0 0 0\n"));
    let refused = |change: &dyn Fn(&mut Frame)| {
        let mut frame = good.clone();
        change(&mut frame);
        Encoder::default().encode(&frame, &mut Vec::new()).is_err()
    };
    assert!(refused(&|frame| frame.names[0] = "P t".into()));
    assert!(refused(&|frame| frame.attributes.insert("a\nb", 1.0)));
    assert!(refused(&|frame| frame.attributes.insert("lattice", 1.0)));
    assert!(refused(&|frame| frame.mass = Some(vec![])));
}

#[test]
fn momenta_of_ase_become_velocities() {
    // ASE 3.29: Atoms('Pt', momenta=[[1, 2, 3]], masses=[195.084]); v = p/m * ase.units.fs * 1000 [Å/ps].
    let frame = one(xyz(
        b"1\nProperties=species:S:1:pos:R:3:momenta:R:3:masses:R:1 pbc=\"F F F\"\nPt 0 0 0 1 2 3 195.084\n",
    ));
    let expected = Vector::new(1.0, 2.0, 3.0) / 195.084 * 98.226_947_884_640_63;
    assert!((frame.velocity.unwrap()[0] - expected).norm() < 1e-15);
    assert!(frame.cell.is_none() && frame.notes.is_empty());
    let text = b"1\nProperties=species:S:1:pos:R:3:momenta:R:3\nPt 0 0 0 1 2 3\n";
    let frame = one(xyz(text));
    assert_eq!(frame.mass, Some(vec![195.08]));
    assert!(frame.velocity.is_some() && frame.notes.len() == 1);
    let frame = one(xyz(
        b"1\nProperties=species:S:1:pos:R:3:momenta:R:3\nX 0 0 0 1 2 3\n",
    ));
    assert!(frame.velocity.is_none());
    assert_eq!(
        frame.column("momenta").unwrap().values,
        Values::Real(vec![1.0, 2.0, 3.0])
    );
    assert!(frame.notes.iter().any(|note| note.contains("no masses")));
}

#[test]
fn vel_is_read_in_the_unit_of_the_program_that_wrote_it() {
    let lammps = b"1\nTimestep=5 Properties=species:S:1:pos:R:3:vel:R:3\nPt 0 0 0 1 2 3\n";
    let gpumd = b"1\nTime=2000 Properties=species:S:1:pos:R:3:vel:R:3\nPt 0 0 0 1 2 3\n";
    let one_two_three = Vector::new(1.0, 2.0, 3.0);
    let frame = one(xyz(lammps));
    assert_eq!(frame.velocity.unwrap()[0], one_two_three);
    let frame = one(xyz(gpumd));
    assert_eq!(frame.velocity.unwrap()[0], one_two_three * 1000.0);
    assert_eq!(frame.time, Some(2.0));
    assert_eq!(frame.notes.len(), 1);
    let options = Options {
        vel_unit: VelUnit::AngstromPerPicosecond,
    };
    let reader = Box::new(Cursor::new(gpumd.to_vec()));
    let frame = one(frit_io::extxyz::read(reader, Path::new("x"), options));
    assert_eq!(frame.velocity.unwrap()[0], one_two_three);
    assert_eq!(frame.time, Some(2000.0));
}

#[test]
fn dialects_are_read() {
    // Properties in another order, QUIP's Z beside species, arrays, logicals, keys alone, CRLF.
    let text = "2\r\ncutoff=-1.0 nneightol=1.2 pbc=[T, T, F] virial={1 2 3} flag \
                properties=Z:I:1:pos:R:3:fixed:L:1:species:S:1 \
                lattice=[[5, 0, 0], [0, 5, 0], [0, 0, 5]]\r\n78 0 0 0 T Pt\r\n26 1 1D0 1 F Fe\r\n\r\n";
    let frame = one(xyz(text.as_bytes()));
    assert_eq!(frame.names, ["Pt", "Fe"]);
    assert_eq!(frame.position[1], Vector::repeat(1.0));
    assert_eq!(frame.cell.unwrap().periodic(), [true, true, false]);
    assert_eq!(frame.attributes.get("flag"), Some(&Value::Logical(true)));
    assert_eq!(
        frame.attributes.get("virial"),
        Some(&Value::Integers(vec![1, 2, 3]))
    );
    assert_eq!(
        frame.column("fixed").unwrap().values,
        Values::Logical(vec![true, false])
    );
    let plain = one(xyz(b"1\nAtoms. Timestep: 300\n26 0 0 0\n"));
    assert_eq!((plain.step, plain.name(0)), (Some(300), "26"));
    let plain = one(xyz(b"1\na comment, x = unsaid \"\n C 0 0 0 0.3\n"));
    assert!(plain.attributes != Attributes::default() && plain.notes.len() == 1);
    let numbers = one(xyz(b"1\nProperties=pos:R:3:numbers:I:1\n0 0 0 78\n"));
    assert_eq!(numbers.name(0), "Pt");
    assert_eq!(xyz(b"").count(), 0);
    assert_eq!(one(xyz(b"0\n\n")).len(), 0);
}

#[test]
fn errors_say_where_and_what() {
    let cases: [(&str, &[&str]); 14] = [
        ("two\n", &["line 1", "`two`", "number of atoms"]),
        ("1\n\nPt 0 0\n", &["line 3", "column pos"]),
        ("1\n\nPt 0 0 x\n", &["line 3", "`x`", "a number"]),
        ("1\n\nPt 0 0 nan\n", &["line 3", "not a finite number"]),
        ("2\n\nPt 0 0 0\n", &["line 3", "frame 1", "1 of 2 atoms"]),
        (
            "1\n\nPt 0 0 0\n1\n",
            &["line 4", "frame 2", "comment line is missing"],
        ),
        (
            "1\nLattice=\"1 2\"\nPt 0 0 0\n",
            &["line 2", "`1 2`", "9 numbers"],
        ),
        (
            "1\nLattice=\"1 0 0 0 1 0 0 0\nPt 0 0 0\n",
            &["line 2", "closing quote"],
        ),
        (
            "1\nLattice=\"1 0 0 0 1 0 1 1 0\"\nPt 0 0 0\n",
            &["line 2", "span no volume"],
        ),
        (
            "1\nProperties=pos:R:3\nPt 0 0 0\n",
            &["line 2", "species:S:1"],
        ),
        (
            "1\nProperties=species:S:1:pos:R:3:x:Q:1\nPt 0 0 0\n",
            &["line 2", "`x:Q:1`"],
        ),
        (
            "1\nProperties=species:S:1:pos:R:3:x:R:0\nPt 0 0 0\n",
            &["`x:R:0`"],
        ),
        (
            "1\nProperties=species:S:1:pos:R:3:pos:R:3\nPt 0 0 0\n",
            &["`pos`", "once"],
        ),
        (
            "1\nProperties=species:S:1:pos:R:3:id:I:1\nPt 0 0 0 -1\n",
            &["line 3", "`-1`", "column id"],
        ),
    ];
    for (text, words) in cases {
        let message = error(xyz(text.as_bytes()));
        for word in words.iter().chain(&["test.xyz"]) {
            assert!(message.contains(word), "{message}\nlacks {word}");
        }
    }
}

#[test]
fn untrusted_counts_allocate_nothing() {
    let message = error(xyz(b"18446744073709551615\n\nPt 0 0 0\n"));
    assert!(
        message.contains("1 of 18446744073709551615 atoms"),
        "{message}"
    );
    let wide = b"1\nProperties=species:S:1:pos:R:3:x:R:18446744073709551615\nPt 0 0 0 1\n";
    assert!(error(xyz(wide)).contains("a width from 1 to"));
}

#[test]
fn whole_frames_before_a_cut_are_read() {
    let mut frames = xyz(b"1\n\nPt 0 0 0\n3\n\nPt 0 0 0\n");
    assert!(frames.next().unwrap().is_ok());
    assert!(frames.next().unwrap().is_err());
    assert!(frames.next().is_none());
}

#[test]
fn files_of_other_hands_are_read() {
    let folder = common::golden("..");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "extxyz")
        {
            let frames = read_all(&path);
            assert!(!frames.is_empty(), "{}", path.display());
            for frame in &frames {
                assert!(frame.force.is_some() && frame.attributes.get("energy").is_some());
                let system = frame.to_system(&[]).unwrap();
                assert_eq!(system.atoms.len(), frame.len());
            }
        }
    }
}

#[test]
fn species_named_by_numbers_keep_their_names() {
    let frame = Frame {
        names: vec!["1".into(), "2".into()],
        species: vec![0, 1],
        position: vec![Vector::zeros(), Vector::repeat(1.0)],
        ..Frame::default()
    };
    let read = one(xyz(text(&frame).as_bytes()));
    assert_eq!(read.names, ["1", "2"]);
    assert!(read.notes[0].contains("column Z:I:1"), "{:?}", read.notes);
    // As LAMMPS writes types, with and without the time.
    for comment in ["Atoms. Timestep: 7", "Atoms. Timestep: 7 Time: 0.5"] {
        let read = one(xyz(format!("1\n{comment}\n2 0 0 0\n").as_bytes()));
        assert_eq!((read.step, read.name(0)), (Some(7), "2"));
    }
    let old = one(xyz(b"1\n\n78 0 0 0\n"));
    assert_eq!(old.name(0), "Pt");
    assert!(old.notes[0].contains("atomic numbers"), "{:?}", old.notes);
}

#[test]
fn keys_of_other_programs_pass_through() {
    let comment = "1\nProperties=species:S:1:pos:R:3 time=2.5 config:type=bulk timestep=4 \
                   \"two words\"=3 Time=7.0\nPt 0 0 0\n";
    let read = one(xyz(comment.as_bytes()));
    assert_eq!(read.time, Some(7.0));
    let written = text(&read);
    assert!(
        written.contains(" time=2.5 config:type=bulk timestep=4 \"two words\"=3"),
        "{written}"
    );
    assert_eq!(one(xyz(written.as_bytes())).attributes, read.attributes);
    for key in ["Time", "pbc", "LATTICE", "", "a\nb"] {
        let mut frame = read.clone();
        frame.attributes.insert(key, 1.0);
        assert!(Encoder::default().encode(&frame, &mut Vec::new()).is_err());
    }
}

#[test]
fn impossible_widths_and_short_lattices_are_told() {
    let head = |comment: &str| error(xyz(format!("0\n{comment}\n").as_bytes()));
    let message = head("Properties=species:S:1:pos:R:3:x:R:1000000000");
    assert!(
        message.contains("x:R:1000000000") && message.contains("a width from 1 to 65536"),
        "{message}"
    );
    let message = head("Lattice=\"1 0 0 0 1 0 0 0\" Properties=species:S:1:pos:R:3");
    assert!(
        message.contains("expected 9 numbers for Lattice")
            && message.ends_with("8 values are there"),
        "{message}"
    );
}

#[test]
fn two_columns_of_one_name_are_not_written() {
    let frame = one(xyz(
        b"1\nProperties=species:S:1:pos:R:3:local_energy:R:1:c_epot:R:1\nPt 0 0 0 1 2\n",
    ));
    assert!(text(&frame).contains("local_energy:R:1:c_epot:R:1"));
    let dump = frit_io::lammps::dump::Encoder::default();
    let message = dump
        .encode(&frame, Default::default(), &mut Vec::new())
        .unwrap_err()
        .to_string();
    assert!(message.contains("the name `c_epot`"), "{message}");
}

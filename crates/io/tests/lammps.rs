//! LAMMPS's own files against the truth from its memory, and ours back to the bit.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, also outside of test functions"
)]

mod common;

use common::{data, dump, error, frame, golden, one, read_all};
use frit_atoms::{Cell, Vector};
use frit_io::lammps::dump::{Encoder, PlaceInFile};
use frit_io::{Frame, Value};
use proptest::prelude::*;

/// LAMMPS wraps, scales and turns boxes in double precision: a few roundings of coordinates of about
/// 10 Å.
const ROUNDING: f64 = 1e-13;

/// `%g`, LAMMPS's default, keeps six digits.
const SHORT: f64 = 1e-5;

fn by_id(frame: &Frame) -> Vec<usize> {
    let ids = frame.id.as_ref().unwrap();
    let mut order: Vec<usize> = (0..frame.len()).collect();
    order.sort_by_key(|&index| ids[index]);
    order
}

fn images(truth: &Frame) -> Vec<[i32; 3]> {
    let Some(Value::Integers(numbers)) = truth.attributes.get("images") else {
        panic!("no images");
    };
    let rows = numbers.chunks(3);
    rows.map(|row| [row[0], row[1], row[2]].map(|n| n as i32))
        .collect()
}

fn unwrapped(position: &Vector, image: [i32; 3], cell: &Cell) -> Vector {
    position + cell.translation(image)
}

/// Compares unwrapped positions, cell, and where the file has them names and velocities.
fn compare(found: &Frame, truth: &Frame, name: &str, tolerance: f64) {
    assert_eq!(found.len(), truth.len(), "{name}");
    let (cell, true_cell) = (found.cell.unwrap(), truth.cell.unwrap());
    assert!(
        (cell.vectors() - true_cell.vectors()).norm() < ROUNDING,
        "{name}"
    );
    assert!(
        (cell.origin() - true_cell.origin()).norm() < ROUNDING,
        "{name}"
    );
    let images = images(truth);
    for (at, index) in by_id(found).into_iter().enumerate() {
        let image = found.image.as_ref().map_or([0; 3], |image| image[index]);
        let position = unwrapped(&found.position[index], image, &cell);
        let expected = unwrapped(&truth.position[at], images[at], &true_cell);
        let mut difference = position - expected;
        if found.image.is_none() && !name.contains("unwrapped") {
            difference = cell.shortest(&difference);
        }
        assert!(
            difference.norm() < tolerance,
            "{name}: atom {at} is off by {difference}"
        );
        if !name.contains("short") {
            assert_eq!(found.name(index), truth.name(at), "{name}: atom {at}");
        }
        if let Some(velocity) = &found.velocity {
            let difference = velocity[index] - truth.velocity.as_ref().unwrap()[at];
            assert!(difference.norm() < ROUNDING, "{name}: atom {at}");
        }
    }
}

#[test]
fn dumps_of_lammps_hold_the_truth() {
    let files = [
        ("orthogonal.dump", "orthogonal", ROUNDING),
        ("orthogonal_images.dump", "orthogonal", ROUNDING),
        ("orthogonal_unwrapped.dump", "orthogonal", ROUNDING),
        ("orthogonal_scaled.dump", "orthogonal", ROUNDING),
        ("orthogonal_unsorted_short.dump", "orthogonal", SHORT),
        ("triclinic.dump", "triclinic", ROUNDING),
        ("triclinic_scaled.dump", "triclinic", ROUNDING),
        ("general_triclinic.dump", "general_triclinic", ROUNDING),
    ];
    for (name, group, tolerance) in files {
        let found = read_all(&golden(name));
        let truth = read_all(&golden(&format!("{group}.extxyz")));
        assert_eq!(found.len(), truth.len(), "{name}");
        for (found, truth) in found.iter().zip(&truth) {
            assert_eq!(found.step, truth.step, "{name}");
            compare(found, truth, name, tolerance);
        }
    }
}

#[test]
fn labels_and_gaps_between_ids_are_read() {
    let labels = &read_all(&golden("labels.dump"))[0];
    compare(
        labels,
        &read_all(&golden("labels.extxyz"))[0],
        "labels.dump",
        ROUNDING,
    );
    let free = &read_all(&golden("free_ids_with_gaps.dump"))[0];
    assert_eq!(free.cell.unwrap().periodic(), [true, false, false]);
    let ids = free.id.as_ref().unwrap();
    assert_eq!(ids[..], [1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]);
    let data = &read_all(&golden("free_ids_with_gaps.data"))[0];
    for (index, id) in data.id.as_ref().unwrap().iter().enumerate() {
        let at = ids.iter().position(|known| known == id).unwrap();
        assert!((data.position[index] - free.position[at]).norm() < ROUNDING);
    }
}

#[test]
fn data_files_of_lammps_hold_the_truth() {
    let files = [
        ("orthogonal.data", "orthogonal"),
        ("orthogonal_comments.data", "orthogonal"),
        ("triclinic.data", "triclinic"),
        ("general_triclinic.data", "general_triclinic"),
        ("labels.data", "labels"),
    ];
    for (name, group) in files {
        let found = &read_all(&golden(name))[0];
        let truth = read_all(&golden(&format!("{group}.extxyz")));
        let truth = truth.iter().find(|truth| truth.step == found.step).unwrap();
        // write_data prints 17 digits; velocities there are LAMMPS's own.
        compare(found, truth, name, ROUNDING);
        assert_eq!(found.species_masses().unwrap(), [195.084, 55.845], "{name}");
        let guessed = found
            .notes
            .iter()
            .filter(|note| note.contains("from its mass"));
        let has_names = name.contains("comments") || name.contains("labels");
        assert_eq!(guessed.count(), if has_names { 0 } else { 2 }, "{name}");
    }
}

fn dumped(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = Encoder::default();
    encoder.encode(frame, PlaceInFile(0), &mut bytes).unwrap();
    bytes
}

/// What a dump can hold of a frame.
fn for_dump(mut frame: Frame) -> Frame {
    frame.extra.retain(|column| column.name == "count");
    frame.attributes = Default::default();
    frame.step = frame.step.or(Some(0));
    let count = frame.len() as u32;
    frame.id.get_or_insert_with(|| (1..=count).collect());
    frame
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn dumps_come_back_to_the_bit(frame in frame(true), general in frame(false)) {
        let general = for_dump(general);
        prop_assert_eq!(one(dump(&dumped(&general))), general);
        // Bounds of tilted boxes are sums: exact to rounding, the rest to the bit.
        let frame = for_dump(frame);
        let mut read = one(dump(&dumped(&frame)));
        let (cell, read_cell) = (frame.cell.unwrap(), read.cell.unwrap());
        prop_assert!((cell.vectors() - read_cell.vectors()).norm() < ROUNDING);
        prop_assert!(read_cell.origin().norm() < ROUNDING);
        read.cell = frame.cell;
        prop_assert_eq!(read, frame);
    }

    #[test]
    fn data_files_come_back_to_the_bit(mut frame in frame(true), general in frame(false)) {
        for mut frame in [frame.clone(), general] {
            let periodic = frame.cell.unwrap();
            frame.cell = Some(
                Cell::new(*periodic.vectors(), periodic.origin(), [true; 3]).unwrap(),
            );
            frame.mass = Some(frame.species.iter().map(|&s| [7.0, 1e-3, 9.5][s as usize]).collect());
            frame.extra.clear();
            frame.force = None;
            frame.local_energy = None;
            frame.group = None;
            frame.time = None;
            frame.attributes = Default::default();
            let count = frame.len() as u32;
            // Ids must differ.
            frame.id = Some((10..10 + count).rev().collect());
            frame.image.get_or_insert_with(|| vec![[0; 3]; count as usize]);
            let mut bytes = Vec::new();
            frit_io::lammps::data::encode(&frame, &mut bytes).unwrap();
            let mut read = one(data(&bytes));
            prop_assert_eq!(read.notes.len(), 1, "only that all directions are taken to be periodic");
            read.notes.clear();
            if frame.is_empty() {
                read.velocity = frame.velocity.clone();
                read.image = frame.image.clone();
                read.mass = frame.mass.clone();
            }
            prop_assert_eq!(&read, &frame);
        }
        frame.extra.clear();
        frame.mass = None;
        frame.names = vec!["Q".into(); 3];
        prop_assert!(frit_io::lammps::data::encode(&frame, &mut Vec::new()).is_err());
    }
}

#[test]
fn styles_of_data_files_are_told_apart() {
    let file = |style: &str, row: &str| {
        format!(
            "comment\n\n1 atoms # one\n3 bonds\n1 atom types\n0 5 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n\n\
             Masses\n\n1 195.1\n\nPair Coeffs # lj/cut\n\n1 0.1 2.5\n\nAtoms{style}\n\n{row}\n\nBonds\n\n1 1 1 1\n"
        )
    };
    let full = one(data(file("", "1 4 1 -0.5 1 2 3").as_bytes()));
    assert_eq!(full.group, Some(vec![4]));
    assert_eq!(full.name(0), "Pt");
    assert_eq!(full.position[0], Vector::new(1.0, 2.0, 3.0));
    assert!(full.column("charge").is_some());
    assert!(
        full.notes
            .iter()
            .any(|note| note.contains("`Bonds` is left out"))
    );
    let charge = one(data(file(" # charge", "1 1 0.5 1 2 3 0 0 -1").as_bytes()));
    assert_eq!(charge.image, Some(vec![[0, 0, -1]]));
    let message = error(data(file("", "1 1 0.5 1 2 3").as_bytes()));
    assert!(message.contains("Atoms # charge"), "{message}");
    let message = error(data(file(" # sphere", "1 1 0.5 1 2 3 4").as_bytes()));
    assert!(
        message.contains("`sphere`") && message.contains("full"),
        "{message}"
    );
}

#[test]
fn types_without_names_are_said_to_be_such() {
    let text =
        b"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\n\
                 ITEM: ATOMS id type x y z c_1[2]\n1 3 1 1 1 0.5\n";
    let frame = one(dump(text));
    assert_eq!(frame.name(0), "3");
    assert!(frame.notes[0].contains("type 3"));
    assert!(
        frame
            .to_system(&[])
            .unwrap_err()
            .to_string()
            .contains("mass of species `3`")
    );
    let options = frit_io::lammps::Options {
        type_names: ["Pt", "Fe", "Ni"].map(String::from).to_vec(),
    };
    let reader = Box::new(std::io::Cursor::new(text.to_vec()));
    let frame = one(frit_io::lammps::dump::read(reader, "x".as_ref(), options));
    assert_eq!(frame.name(0), "Ni");
    assert!(frame.notes.is_empty() && frame.column("c_1[2]").is_some());
}

#[test]
fn given_names_that_contradict_the_file_are_said_to() {
    let read = |columns: &str, row: &str, names: &[&str]| {
        let text = format!(
            "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\n\
             ITEM: ATOMS {columns}\n{row}\n"
        );
        let options = frit_io::lammps::Options {
            type_names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let reader = Box::new(std::io::Cursor::new(text.into_bytes()));
        one(frit_io::lammps::dump::read(reader, "x".as_ref(), options))
    };
    let with_element = "id type element x y z";
    // What LAMMPS writes where nobody told it the elements.
    let frame = read(with_element, "1 1 C 1 1 1", &["Pt"]);
    assert_eq!(frame.name(0), "Pt");
    let note = "type 1 is Pt, as the given names say; the column `element` calls it C";
    assert!(frame.notes[0].starts_with(note), "{:?}", frame.notes);
    assert!(read(with_element, "1 1 Pt 1 1 1", &["Pt"]).notes.is_empty());
    let frame = read("id type x y z mass", "1 2 1 1 1 195.08", &["Pt", "Fe"]);
    assert!(
        frame.notes[0].contains("195.08 u, that of Fe 55.845 u"),
        "{:?}",
        frame.notes
    );
    let frame = read("id element x y z", "1 Fe 1 1 1", &["Pt"]);
    assert_eq!(frame.name(0), "Fe");
    assert!(
        frame.notes[0].contains("no column `type`"),
        "{:?}",
        frame.notes
    );
    let text = "made by hand\n\n1 atoms\n1 atom types\n0 5 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n\n\
                Masses\n\n1 55.845 # Fe\n\nAtoms # atomic\n\n1 1 1 1 1\n";
    let options = frit_io::lammps::Options {
        type_names: vec!["Pt".to_owned()],
    };
    let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    let frame = one(frit_io::lammps::data::read(reader, "x".as_ref(), options));
    assert_eq!(frame.name(0), "Pt");
    let said = frame.notes.join("\n");
    assert!(
        said.contains("the comment behind its mass calls it Fe"),
        "{said}"
    );
    assert!(said.contains("55.845 u, that of Pt 195.08 u"), "{said}");
}

#[test]
fn real_units_are_converted_and_others_refused() {
    let text = |units: &str| {
        format!(
            "ITEM: UNITS\n{units}\nITEM: TIME\n5\nITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\n\
             ITEM: BOX BOUNDS ff pp mm\n0 5\n0 5\n0 5\n\
             ITEM: ATOMS element xs ys zs vx vy vz fx fy fz\nPt 0.5 0.1 0 1 2 3 1 0 0\n"
        )
    };
    let frame = one(dump(text("real").as_bytes()));
    assert_eq!(frame.time, Some(0.005));
    assert_eq!(frame.position[0], Vector::new(2.5, 0.5, 0.0));
    assert_eq!(
        frame.velocity.unwrap()[0],
        Vector::new(1000.0, 2000.0, 3000.0)
    );
    // 1 kcal/mol = 43.36410 meV (4.184 kJ/mol over 96.48533 kJ/mol per eV).
    assert!((frame.force.unwrap()[0].x - 0.043_364_10).abs() < 1e-8);
    assert_eq!(frame.cell.unwrap().periodic(), [false, true, false]);
    let message = error(dump(text("lj").as_bytes()));
    assert!(
        message.contains("`lj`") && message.contains("metal"),
        "{message}"
    );
}

#[test]
fn errors_of_dumps_say_where_and_what() {
    let good = std::fs::read_to_string(golden("triclinic.dump")).unwrap();
    let changed = |from: &str, to: &str| error(dump(good.replacen(from, to, 1).as_bytes()));
    let cases = [
        (
            changed("ITEM: TIMESTEP", "ITEM: STEP"),
            vec!["line 5", "ITEM: STEP", "TIMESTEP"],
        ),
        (
            changed("xy xz yz pp pp pp", "xy xz yz pp pp"),
            vec!["boundaries"],
        ),
        (
            changed("\n32\n", "\n-32\n"),
            vec!["line 8", "`-32`", "number of atoms"],
        ),
        (changed(" x y z ", " x y zz "), vec!["xu yu zu"]),
        (
            changed("type element", "sort kind"),
            vec!["element", "type"],
        ),
        (changed("1 1 Pt ", "1 Pt "), vec!["line 14", "column"]),
        (changed("1 1 Pt ", "1 1 1 Pt "), vec!["line 14", "expected"]),
        (
            error(dump(&good.as_bytes()[..good.len() - 80])),
            vec!["frame 2", "last line is cut off"],
        ),
    ];
    for (message, words) in cases {
        for word in words {
            assert!(message.contains(word), "{message}\nlacks {word}");
        }
    }
}

#[test]
fn errors_of_data_files_say_where_and_what() {
    let good = std::fs::read_to_string(golden("orthogonal.data")).unwrap();
    let changed = |from: &str, to: &str| error(data(good.replacen(from, to, 1).as_bytes()));
    let missing_comment = good.split_once("\n\n").unwrap().1;
    let cases = [
        (
            error(data(missing_comment.as_bytes())),
            vec!["first line", "comment"],
        ),
        (changed("0 7.8 ylo yhi", ""), vec!["ylo yhi"]),
        (
            changed("0 7.8 ylo yhi", "0 b ylo yhi"),
            vec!["line 7", "header"],
        ),
        (changed("32 atoms", "33 atoms"), vec!["expected"]),
        (changed("32 atoms", "31 atoms"), vec!["section"]),
        (
            changed("\nVelocities", "\nAtoms # atomic"),
            vec!["two sections"],
        ),
        (
            changed("units = metal", "units = si"),
            vec!["`si`", "metal"],
        ),
        (changed("1 195.084", "1 -195.084"), vec!["positive mass"]),
        (error(data(b"")), vec!["empty"]),
        (
            error(data(&good.as_bytes()[..2000])),
            vec!["frame 1", "cut off"],
        ),
        (
            error(data(b"c\n5 atoms\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n")),
            vec!["Atoms"],
        ),
    ];
    for (message, words) in cases {
        for word in words {
            assert!(message.contains(word), "{message}\nlacks {word}");
        }
    }
}

#[test]
fn free_directions_are_widened_for_lammps() {
    let mut frame = read_all(&golden("orthogonal.dump")).remove(0);
    let cell = Cell::orthogonal([5.0; 3], [true, false, true]).unwrap();
    frame.cell = Some(cell);
    let mut bytes = Vec::new();
    frit_io::lammps::data::encode(&frame, &mut bytes).unwrap();
    let read = one(data(&bytes));
    let high = frame
        .position
        .iter()
        .fold(f64::MIN, |high, x| high.max(x.y));
    assert!((read.cell.unwrap().vectors()[(1, 1)] - high).abs() < ROUNDING);
    assert_eq!(read.cell.unwrap().vectors()[(0, 0)], 5.0);
}

#[test]
fn what_a_data_file_says_twice_is_refused_with_both_lines() {
    let file = |masses: &str, atoms: &str, velocities: &str| {
        format!(
            "comment\n2 atoms\n1 atom types\n0 5 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n\
             Masses\n\n{masses}\n\nAtoms # atomic\n\n{atoms}\n\nVelocities\n\n{velocities}\n"
        )
    };
    let (atoms, velocities) = ("1 1 0 0 0\n2 1 1 1 1", "1 0 0 1\n2 0 0 2");
    let whole = one(data(file("1 195.1", atoms, velocities).as_bytes()));
    assert!(
        whole
            .notes
            .iter()
            .any(|note| note.contains("which directions are periodic")),
        "{:?}",
        whole.notes
    );
    for (text, expected) in [
        (
            file("1 195.1\n1 55.8", atoms, velocities),
            "line 10: this is a second mass of the type 1; the first stands on line 9",
        ),
        (
            file("1 195.1", "1 1 0 0 0\n1 1 1 1 1", velocities),
            "line 14: this is a second atom with the id 1; the first stands on line 13",
        ),
        (
            file("1 195.1", atoms, "2 0 0 1\n2 0 0 2"),
            "line 19: this is a second velocity of the atom 2; the first stands on line 18",
        ),
        (
            file(
                "1 195.1",
                atoms,
                "1 0 0 1\n2 0 0 2\n\nVelocities\n\n1 0 0 1\n2 0 0 1",
            ),
            "two sections Velocities",
        ),
    ] {
        let message = error(data(text.as_bytes()));
        assert!(message.contains(expected), "{message}");
    }
}

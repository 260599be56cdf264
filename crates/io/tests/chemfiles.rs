//! The formats left to chemfiles: units, cells, names, and damaged files.
#![cfg(feature = "chemfiles")]
#![allow(
    clippy::unwrap_used,
    reason = "these are tests, also outside of test functions"
)]

mod common;

use frit_atoms::{Cell, Matrix, Vector};
use frit_io::{Format, Frame, ReadOptions, Selection, read_frames, write_frames};
use std::fs;

/// Half the last digit of PDB [Å].
const PDB: f64 = 0.5e-3;
/// Half the last digit of GRO, 0.001 nm, and of XTC in its usual precision [Å].
const NANOMETRES: f64 = 0.5e-2;
/// Single precision at 10 Å.
const SINGLE: f64 = 1e-6;

fn frame() -> Frame {
    let vectors = Matrix::new(12.0, 0.0, 0.0, 1.5, 11.0, 0.0, -2.0, 0.7, 13.0);
    Frame {
        step: Some(3),
        time: Some(1.5),
        cell: Some(Cell::new(vectors, Vector::zeros(), [true; 3]).unwrap()),
        names: vec!["Pt".into(), "Fe".into()],
        species: vec![0, 1, 0],
        position: vec![
            Vector::new(1.2345, 2.0, 3.0),
            Vector::new(4.0, 5.5, 6.0),
            Vector::new(-1.0, 0.25, 9.875),
        ],
        velocity: Some(vec![
            Vector::new(1.5, -2.0, 0.25),
            Vector::new(10.0, 0.0, 0.0),
            Vector::new(0.0, 0.0, -3.125),
        ]),
        mass: Some(vec![195.084, 55.845, 195.084]),
        ..Frame::default()
    }
}

#[test]
fn formats_keep_what_they_can_hold() {
    let folder = tempfile::tempdir().unwrap();
    // Name, tolerance of positions and cell [Å], and whether there are names, velocities, time.
    let formats = [
        ("a.pdb", 2.0 * PDB, true, false, false),
        ("a.cif", 1e-2, true, false, false),
        ("a.gro", 2.0 * NANOMETRES, true, true, false),
        ("a.xtc", 2.0 * NANOMETRES, false, false, true),
        ("a.trr", 10.0 * SINGLE, false, true, true),
        ("a.dcd", 10.0 * SINGLE, false, false, false),
        ("a.nc", 10.0 * SINGLE, false, true, false),
    ];
    for (name, tolerance, has_names, has_velocities, has_time) in formats {
        let path = folder.path().join(name);
        let frame = frame();
        assert_eq!(write_frames(&path, Selection::All, [&frame]).unwrap(), 1);
        let read = common::read_all(&path);
        assert_eq!(read.len(), 1, "{name}");
        let read = &read[0];
        assert_eq!(read.len(), 3, "{name}");
        for (found, expected) in read.position.iter().zip(&frame.position) {
            // CIF files hold fractions from 0 to 1.
            let difference = frame.cell.unwrap().shortest(&(found - expected));
            assert!(difference.norm() < tolerance, "{name}: {found}");
        }
        let difference = read.cell.unwrap().vectors() - frame.cell.unwrap().vectors();
        assert!(difference.norm() < 3.0 * tolerance, "{name}: {difference}");
        let names: Vec<&str> = (0..3).map(|index| read.name(index)).collect();
        let expected = if has_names {
            ["Pt", "Fe", "Pt"]
        } else {
            ["X"; 3]
        };
        assert_eq!(names, expected, "{name}");
        assert_eq!(
            read.notes.iter().any(|note| note.contains("`X`")),
            !has_names
        );
        if has_velocities {
            for (found, expected) in
                (read.velocity.iter().flatten()).zip(frame.velocity.iter().flatten())
            {
                assert!((found - expected).norm() < 1e-3, "{name}: {found}");
            }
        }
        assert_eq!(read.velocity.is_some(), has_velocities, "{name}");
        assert_eq!(read.time, has_time.then_some(1.5), "{name}");
    }
}

#[test]
fn units_are_those_of_the_formats() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gro");
    write_frames(&path, Selection::All, [&frame()]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    // GRO: nm with three digits, nm/ps with four.
    let line = text.lines().nth(3).unwrap();
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let numbers = &words[words.len() - 6..];
    assert_eq!(
        numbers,
        ["0.400", "0.550", "0.600", "1.0000", "0.0000", "0.0000"]
    );
}

#[test]
fn free_atoms_have_no_cell_and_other_orientations_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdb");
    let mut free = frame();
    free.cell = Some(Cell::orthogonal([20.0; 3], [false; 3]).unwrap());
    write_frames(&path, Selection::All, [&free, &free]).unwrap();
    let read = common::read_all(&path);
    assert!(read.len() == 2 && read[1].cell.is_none());
    let turned = Matrix::new(0.0, 5.0, 5.0, 5.0, 0.0, 5.0, 5.0, 5.0, 0.0);
    free.cell = Some(Cell::new(turned, Vector::zeros(), [true; 3]).unwrap());
    let message = write_frames(&path, Selection::All, [&free])
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("orientation") && message.contains(".xyz"),
        "{message}"
    );
    // The old file is still there, and nothing else.
    assert_eq!(common::read_all(&path).len(), 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn garbage_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.pdb", "a.cif", "a.gro", "a.xtc", "a.trr", "a.dcd", "a.nc"] {
        let path = folder.path().join(name);
        let message = read_frames(
            &path,
            Format::guess(&path).unwrap(),
            &ReadOptions::default(),
        );
        assert!(message.unwrap_err().to_string().contains(name));
        fs::write(&path, b"\x07garbage\n\n12\n1 2 3").unwrap();
        let format = Format::guess(&path).unwrap();
        let frames = read_frames(&path, format, &ReadOptions::default());
        let frames = frames.map(|frames| frames.collect::<Result<Vec<_>, _>>());
        assert!(!matches!(frames, Ok(Ok(_))), "{name}");
    }
}

//! Files and random frames for the tests.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses its own part; these are tests, outside of test functions"
)]

use frit_atoms::{Cell, Matrix, Vector};
use frit_io::{Column, Frame, Frames, ReadError, ReadOptions, Value, Values, read_frames};
use proptest::prelude::*;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// A file that LAMMPS wrote, or the truth beside it.
pub(crate) fn golden(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/lammps/files");
    Path::new(folder).join(name)
}

pub(crate) fn read_all(path: &Path) -> Vec<Frame> {
    let format = frit_io::Format::guess(path).unwrap();
    let frames = read_frames(path, format, &ReadOptions::default()).unwrap();
    frames.collect::<Result<_, _>>().unwrap()
}

pub(crate) fn xyz(text: &[u8]) -> Frames {
    let reader = Box::new(Cursor::new(text.to_vec()));
    frit_io::extxyz::read(reader, Path::new("test.xyz"), Default::default())
}

pub(crate) fn dump(text: &[u8]) -> Frames {
    let reader = Box::new(Cursor::new(text.to_vec()));
    frit_io::lammps::dump::read(reader, Path::new("test.dump"), Default::default())
}

pub(crate) fn data(text: &[u8]) -> Frames {
    let reader = Box::new(Cursor::new(text.to_vec()));
    frit_io::lammps::data::read(reader, Path::new("test.data"), Default::default())
}

pub(crate) fn one(mut frames: Frames) -> Frame {
    let frame = frames.next().unwrap().unwrap();
    assert!(frames.next().is_none());
    frame
}

pub(crate) fn error(frames: Frames) -> String {
    let result: Result<Vec<Frame>, ReadError> = frames.collect();
    result.unwrap_err().to_string()
}

/// Any finite number, all bit patterns alike.
pub(crate) fn real() -> impl Strategy<Value = f64> {
    any::<u64>()
        .prop_map(f64::from_bits)
        .prop_filter("finite", |value| value.is_finite())
}

fn vector() -> impl Strategy<Value = Vector> {
    [real(), real(), real()].prop_map(Vector::from)
}

/// Right-handed, of ordinary size; lower triangular with a corner at zero if `lammps`.
pub(crate) fn cell(lammps: bool) -> impl Strategy<Value = Cell> {
    let off = prop::array::uniform6(-3.0..3.0);
    let diagonal = prop::array::uniform3(8.0..50.0);
    let origin = prop::array::uniform3(-100.0..100.0);
    (diagonal, off, origin, any::<[bool; 3]>()).prop_map(move |(d, o, origin, periodic)| {
        let mut vectors = Matrix::new(d[0], o[0], o[1], o[2], d[1], o[3], o[4], o[5], d[2]);
        let mut origin = Vector::from(origin);
        if lammps {
            vectors.fill_upper_triangle(0.0, 1);
            origin = Vector::zeros();
        }
        Cell::new(vectors, origin, periodic).unwrap()
    })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Integer),
        real().prop_map(Value::Real),
        any::<bool>().prop_map(Value::Logical),
        // A letter and a blank, so that it is no number.
        "[^0-9]{0,8}".prop_map(|text| Value::Text(format!("q {text}"))),
        prop::collection::vec(any::<i64>(), 1..5).prop_map(Value::Integers),
        prop::collection::vec(real(), 0..10).prop_map(Value::Reals),
        prop::collection::vec(any::<bool>(), 1..4).prop_map(Value::Logicals),
    ]
}

/// Frames with all that extended XYZ can hold.
pub(crate) fn frame(lammps: bool) -> impl Strategy<Value = Frame> {
    let columns = (0_usize..6).prop_flat_map(|n| {
        use prop::collection::vec;
        use prop::option::of;
        let first = (
            vec(vector(), n),
            vec(0_u32..3, n),
            of(vec(any::<u32>(), n)),
            of(vec(vector(), n)),
            of(vec(vector(), n)),
            of(vec(real(), n)),
            of(vec(real(), n)),
            of(vec(any::<u32>(), n)),
            of(vec(any::<[i32; 3]>(), n)),
        );
        let extra = (
            vec(real(), 2 * n),
            vec(any::<i64>(), n),
            vec(any::<bool>(), n),
            vec("[a-z]{1,5}", n),
        );
        (first, extra)
    });
    let whole = (
        prop::option::of(any::<u32>()),
        prop::option::of(real()),
        cell(lammps),
        prop::collection::vec(value(), 0..5),
    );
    (columns, whole).prop_map(|((first, extra), (step, time, cell, values))| {
        let mut frame = Frame {
            step: step.map(u64::from),
            time,
            cell: Some(cell),
            position: first.0,
            id: first.2,
            velocity: first.3,
            force: first.4,
            local_energy: first.5,
            mass: first.6,
            group: first.7,
            image: first.8,
            ..Frame::default()
        };
        for species in first.1 {
            let name = ["Pt", "Fe", "A_1"][species as usize].to_owned();
            let known = frame.names.iter().position(|known| *known == name);
            let number = known.unwrap_or_else(|| {
                frame.names.push(name);
                frame.names.len() - 1
            });
            frame.species.push(number as u32);
        }
        let two = Column {
            name: "two".into(),
            width: 2,
            values: Values::Real(extra.0),
        };
        let flag = Column {
            name: "flag".into(),
            width: 1,
            values: Values::Logical(extra.2),
        };
        let word = Column {
            name: "word".into(),
            width: 1,
            values: Values::Text(extra.3),
        };
        frame.extra = vec![two, Column::integer("count", extra.1), flag, word];
        for (at, value) in values.into_iter().enumerate() {
            frame.attributes.insert(format!("key_{at}"), value);
        }
        frame
    })
}

//! Trajectories cut off anywhere and continued have the bytes of one go.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, also outside of test functions"
)]

mod common;

use frit_atoms::Vector;
use frit_io::{
    Compression, Encoder, Field, Frame, SegmentOptions, SegmentPosition, SegmentWriter, Selection,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const FRAMES: u64 = 40;
/// About seven frames a segment.
const SEGMENT: u64 = 60_000;

fn frame(step: u64) -> Frame {
    let atoms = 100;
    // Not smooth, so that compression is not trivial; the same for the same step.
    let noise =
        |k: u64| (((k + 31 * step).wrapping_mul(0x9E37_79B9_7F4A_7C15)) >> 20) as f64 * 1e-12;
    let vector = |k: u64| Vector::new(noise(k), noise(k + 1000), noise(k + 2000));
    Frame {
        step: Some(step),
        time: Some(step as f64 * 0.002),
        names: vec!["Pt".into()],
        species: vec![0; atoms as usize],
        position: (0..atoms).map(vector).collect(),
        velocity: Some((0..atoms).map(|k| vector(k + 5000)).collect()),
        mass: Some(vec![195.08; atoms as usize]),
        ..Frame::default()
    }
}

fn options(folder: &Path, compression: Compression) -> SegmentOptions {
    SegmentOptions {
        folder: folder.to_owned(),
        stem: "trajectory".into(),
        extension: "dump".into(),
        compression,
        segment_size: SEGMENT,
    }
}

fn encoder() -> Encoder {
    Encoder::lammps_dump(Selection::Only(vec![Field::Velocity, Field::Mass]))
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}

fn in_one_go(compression: Compression) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = SegmentWriter::create(options(folder.path(), compression), encoder()).unwrap();
    for step in 0..FRAMES {
        writer.write(&frame(step)).unwrap();
    }
    writer.finish().unwrap();
    contents(folder.path())
}

/// Writes with a checkpoint every `every` frames; dies after each of `deaths` and continues from the
/// checkpoint.
fn interrupted(compression: Compression, every: u64, deaths: &[u64]) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), compression);
    let mut checkpoint = (0, SegmentPosition::default(), 0);
    let mut deaths = deaths.iter().copied();
    let mut death = deaths.next();
    let mut writer = SegmentWriter::create(options.clone(), encoder()).unwrap();
    let mut step = 0;
    while step < FRAMES {
        if step % every == 0 {
            let numbers = writer.sync().unwrap().to_numbers();
            let position = SegmentPosition::from_numbers(&numbers).unwrap();
            let path = options.path(position.segment);
            let length = fs::metadata(path).map_or(0, |metadata| metadata.len());
            checkpoint = (step, position, length);
        }
        writer.write(&frame(step)).unwrap();
        step += 1;
        if death == Some(step) {
            death = deaths.next();
            // What a killed process leaves: bytes cut anywhere behind the checkpoint, and copies.
            if step % 2 == 0 {
                writer.finish().unwrap();
            } else {
                drop(writer);
            }
            let path = options.path(checkpoint.1.segment);
            if let Ok(file) = fs::OpenOptions::new().write(true).open(&path) {
                let length = file.metadata().unwrap().len();
                file.set_len(checkpoint.2 + (length - checkpoint.2) * (step % 7) / 7)
                    .unwrap();
            }
            let mut copy = path.into_os_string();
            copy.push(".1-0.unfinished");
            fs::write(copy, b"half").unwrap();
            writer = SegmentWriter::resume(options.clone(), encoder(), &checkpoint.1).unwrap();
            step = checkpoint.0;
        }
    }
    writer.finish().unwrap();
    contents(folder.path())
}

#[test]
fn interruptions_leave_no_trace() {
    for compression in [Compression::None, Compression::Zstd] {
        let expected = in_one_go(compression);
        assert!(expected.len() > 3, "{:?}", expected.keys());
        for (every, deaths) in [
            (1, vec![1, 2, 3, 8, 9, 17, 40]),
            (5, vec![4, 9, 10, 23, 39]),
            (11, vec![3, 3, 12, 30]),
            (100, vec![20]),
        ] {
            let found = interrupted(compression, every, &deaths);
            assert!(
                found == expected,
                "{compression:?} {every} {deaths:?}: {:?}",
                found.keys()
            );
        }
    }
}

#[test]
fn growing_segments_can_be_read_and_say_that_they_are_unfinished() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), Compression::Zstd);
    let mut writer = SegmentWriter::create(options.clone(), encoder()).unwrap();
    for step in 0..3 {
        writer.write(&frame(step)).unwrap();
    }
    let path = options.path(0);
    let format = frit_io::Format::guess(&path).unwrap();
    let mut frames = frit_io::read_frames(&path, format, &Default::default()).unwrap();
    for step in 0..3 {
        assert_eq!(frames.next().unwrap().unwrap().step, Some(step));
    }
    let message = frames.next().unwrap().unwrap_err().to_string();
    assert!(
        message.contains("frame 4") && message.contains("still being written"),
        "{message}"
    );
    writer.finish().unwrap();
    assert_eq!(common::read_all(&path).len(), 3);
    assert_eq!(options.segments().unwrap(), [path]);
}

#[test]
fn missing_and_shortened_segments_are_refused() {
    for compression in [Compression::None, Compression::Zstd] {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path(), compression);
        let mut writer = SegmentWriter::create(options.clone(), encoder()).unwrap();
        for step in 0..10 {
            writer.write(&frame(step)).unwrap();
        }
        let position = writer.sync().unwrap();
        drop(writer);
        let path = options.path(position.segment);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 3]).unwrap();
        let resume = || SegmentWriter::resume(options.clone(), encoder(), &position);
        let message = resume().unwrap_err().to_string();
        assert!(
            message.contains("trajectory.0001.dump") && message.contains("put the"),
            "{message}"
        );
        fs::remove_file(&path).unwrap();
        let message = resume().unwrap_err().to_string();
        assert!(message.contains("trajectory.0001.dump"), "{message}");
    }
}

#[test]
fn segments_cut_anywhere_are_incomplete_and_their_frames_whole() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), Compression::Zstd);
    let mut writer = SegmentWriter::create(options.clone(), encoder()).unwrap();
    for step in 0..3 {
        writer.write(&frame(step)).unwrap();
    }
    writer.finish().unwrap();
    let path = options.path(0);
    let bytes = fs::read(&path).unwrap();
    let format = frit_io::Format::guess(&path).unwrap();
    let mut most = 0;
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        let frames = frit_io::read_frames(&path, format, &Default::default());
        let frames: Vec<_> = match frames {
            Ok(frames) => frames.collect(),
            Err(error) => vec![Err(error)],
        };
        let (last, whole) = frames.split_last().unwrap();
        assert!(whole.iter().all(Result::is_ok), "cut at {length}");
        most = most.max(whole.len());
        let error = last.as_ref().unwrap_err();
        assert!(
            matches!(error, frit_io::ReadError::Incomplete { .. }),
            "cut at {length}: {error}"
        );
    }
    assert_eq!(most, 3);
}

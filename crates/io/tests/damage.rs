//! Garbage and damaged files: an error or frames, never a panic, a hang or an allocation by a count.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, also outside of test functions"
)]

mod common;

use common::{data, dump, golden, xyz};
use frit_io::{Format, Frames, ReadOptions, read_frames};
use proptest::prelude::*;
use std::fs;

fn read_through(frames: Frames) {
    for frame in frames.flatten() {
        frame.check().unwrap();
        let _ = frame.to_system(&[]);
    }
}

fn read_all_formats(bytes: &[u8]) {
    read_through(xyz(bytes));
    read_through(dump(bytes));
    read_through(data(bytes));
}

/// Words that mean something to the parsers, so that garbage gets past their first line.
fn tokens() -> impl Strategy<Value = String> {
    let words = prop_oneof![
        Just("1"),
        Just("2"),
        Just("-1"),
        Just("0.5"),
        Just("1e999"),
        Just("99999999999999999999"),
        Just("\n"),
        Just("\n"),
        Just("\n"),
        Just("Pt"),
        Just("Lattice=\"1 0 0 0 1 0 0 0 1\""),
        Just("Properties=species:S:1:pos:R:3"),
        Just("\""),
        Just("[["),
        Just("}"),
        Just("="),
        Just("pbc="),
        Just("id:I:1"),
        Just("ITEM: TIMESTEP\n"),
        Just("ITEM: NUMBER OF ATOMS\n"),
        Just("ITEM: BOX BOUNDS pp pp pp\n"),
        Just("ITEM: BOX BOUNDS abc origin pp pp pp\n"),
        Just("ITEM: ATOMS id type x y z\n"),
        Just("ITEM: ATOMS element xs ys zs ix iy iz\n"),
        Just("atoms\n"),
        Just("xlo xhi\n"),
        Just("ylo yhi\n"),
        Just("zlo zhi\n"),
        Just("xy xz yz\n"),
        Just("Atoms # atomic\n\n"),
        Just("Masses\n\n"),
        Just("Velocities\n\n"),
        Just("avec\n"),
        Just("Atom Type Labels\n\n"),
        Just("# Pt"),
        Just("\u{feff}"),
        Just("\0"),
        Just("Å"),
    ];
    prop::collection::vec(words, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn garbage_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), text in tokens()) {
        read_all_formats(&bytes);
        read_all_formats(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_files_of_lammps_are_survived(
        file in 0_usize..6,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let names = [
            "orthogonal_images.dump", "triclinic.dump", "general_triclinic.dump",
            "labels.data", "general_triclinic.data", "triclinic.extxyz",
        ];
        let mut bytes = fs::read(golden(names[file])).unwrap();
        for (place, byte) in damage {
            let place = place.index(bytes.len().min(900));
            bytes[place] = byte;
        }
        read_all_formats(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read_all_formats(&bytes);
    }

    #[test]
    fn damaged_compressed_files_are_survived(
        place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let text = fs::read(golden("triclinic.extxyz")).unwrap();
        let zstd = zstd::encode_all(&text[..], 3).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut gzip, &text).unwrap();
        for (name, mut bytes) in [("a.xyz.zst", zstd), ("a.xyz.gz", gzip.finish().unwrap())] {
            let path = folder.path().join(name);
            fs::write(&path, &bytes).unwrap();
            let whole = common::read_all(&path);
            assert_eq!(whole, common::read_all(&golden("triclinic.extxyz")));
            let at = place.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(cut.index(bytes.len()));
            fs::write(&path, &bytes).unwrap();
            if let Ok(frames) = read_frames(&path, Format::ExtendedXyz, &ReadOptions::default()) {
                read_through(frames);
            }
        }
    }
}

#[test]
fn a_small_file_that_unpacks_into_a_huge_line_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.xyz.zst");
    let zeros = std::io::Read::take(std::io::repeat(b'0'), 200 << 20);
    let mut file = fs::File::create(&path).unwrap();
    zstd::stream::copy_encode(zeros, &mut file, 1).unwrap();
    let mut frames = read_frames(&path, Format::ExtendedXyz, &ReadOptions::default()).unwrap();
    let message = frames.next().unwrap().unwrap_err().to_string();
    assert!(message.contains("longer than"), "{message}");
}

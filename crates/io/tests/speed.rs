//! How fast trajectories are written and read; prints, and checks nothing but the count.
#![allow(
    clippy::unwrap_used,
    reason = "these are tests, also outside of test functions"
)]

mod common;

use frit_atoms::Vector;
use frit_io::Frame;
use std::time::Instant;

#[test]
#[ignore = "slow: half a million atoms"]
fn half_a_million_atoms() {
    let atoms = 500_000;
    let noise = |k: usize| (k.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 12) as f64 * 1e-13;
    let column = |seed: usize| -> Vec<Vector> {
        let vector = |k| Vector::new(noise(3 * k + seed), noise(3 * k + 1), noise(3 * k + 2));
        (0..atoms).map(vector).collect()
    };
    let frame = Frame {
        names: vec!["Pt".into(), "Fe".into()],
        species: (0..atoms as u32).map(|k| k % 2).collect(),
        position: column(0),
        velocity: Some(column(7)),
        force: Some(column(9)),
        mass: Some(vec![195.08; atoms]),
        id: Some((1..=atoms as u32).collect()),
        ..Frame::default()
    };
    let start = Instant::now();
    let mut bytes = Vec::new();
    let encoder = frit_io::extxyz::Encoder::default();
    encoder.encode(&frame, &mut bytes).unwrap();
    let written = start.elapsed();
    let start = Instant::now();
    let read = common::one(common::xyz(&bytes));
    let parsed = start.elapsed();
    assert_eq!(read.len(), atoms);
    let start = Instant::now();
    let packed = zstd::encode_all(&bytes[..], 3).unwrap();
    println!(
        "{} MB: written in {written:?}, read in {parsed:?}, packed to {} MB in {:?}",
        bytes.len() / 1_000_000,
        packed.len() / 1_000_000,
        start.elapsed()
    );
}

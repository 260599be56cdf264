//! Checkpoints: to the bit, and damage is seen.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, also outside of test functions"
)]

use frit_io::{Checkpoint, CheckpointError};
use proptest::prelude::*;
use std::fs;

fn sample() -> Checkpoint {
    let mut checkpoint = Checkpoint::new();
    checkpoint.put_f64s(
        "position",
        &[
            0.1,
            -0.0,
            f64::INFINITY,
            f64::from_bits(0x7ff8_dead_beef_0001),
        ],
    );
    checkpoint.put_u64s("step", &[u64::MAX]);
    checkpoint.put_u32s("id", &[1, 2, 3]);
    checkpoint.put_i32s("image", &[-1, 0, 1]);
    checkpoint.put_u8s("species", &[]);
    checkpoint.put_text("deck", "temperature = \"1473 K\" # Å");
    checkpoint
}

#[test]
fn sections_come_back_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.frit");
    sample().write(&path).unwrap();
    let read = Checkpoint::read(&path).unwrap();
    let bits = |c: &Checkpoint| -> Vec<u64> {
        c.get_f64s("position")
            .unwrap()
            .iter()
            .map(|x| x.to_bits())
            .collect()
    };
    assert_eq!(bits(&read), bits(&sample()));
    assert_eq!(read.get_u64s("step").unwrap(), [u64::MAX]);
    assert_eq!(read.get_u32s("id").unwrap(), [1, 2, 3]);
    assert_eq!(read.get_i32s("image").unwrap(), [-1, 0, 1]);
    assert!(read.get_u8s("species").unwrap().is_empty());
    assert_eq!(
        read.get_text("deck").unwrap(),
        "temperature = \"1473 K\" # Å"
    );
    let message = read.get_u32s("ids").unwrap_err().to_string();
    assert!(
        message.contains("`ids`") && message.contains("position"),
        "{message}"
    );
    let message = read.get_u32s("image").unwrap_err().to_string();
    assert!(message.contains("i32"), "{message}");
    let again = folder.path().join("again");
    read.write(&again).unwrap();
    assert_eq!(fs::read(path).unwrap(), fs::read(again).unwrap());
}

#[test]
fn every_cut_and_every_changed_byte_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.frit");
    sample().write(&path).unwrap();
    let good = fs::read(&path).unwrap();
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        let error = Checkpoint::read(&path).unwrap_err();
        assert!(error.to_string().contains("checkpoint.frit"));
        if length >= 8 {
            assert!(
                matches!(error, CheckpointError::Truncated { .. }),
                "{length}: {error}"
            );
        }
    }
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        fs::write(&path, bad).unwrap();
        assert!(Checkpoint::read(&path).is_err(), "byte {at}");
    }
    let mut newer = good.clone();
    newer[8] = 2;
    fs::write(&path, newer).unwrap();
    let message = Checkpoint::read(&path).unwrap_err().to_string();
    assert!(message.contains("version 2"), "{message}");
}

proptest! {
    #[test]
    fn garbage_with_a_right_checksum_is_no_danger(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.frit");
        let mut bytes = b"FRITCHK\0\x01\0\0\0\0\0\0\0".to_vec();
        bytes.extend((24 + body.len() as u64 + 32).to_le_bytes());
        bytes.extend(&body);
        let hash = blake3::hash(&bytes);
        bytes.extend(hash.as_bytes());
        fs::write(&path, bytes).unwrap();
        // Either nonsense that parses or an error; no panic, and no allocation by a wild count.
        let _ = Checkpoint::read(&path);
    }
}

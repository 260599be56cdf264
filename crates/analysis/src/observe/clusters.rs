//! Atoms held together by bonds.

use super::Snapshot;

/// The cluster of every atom, and how many atoms each has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// Number of the cluster of each atom, in the order of the snapshot.
    pub of: Vec<u32>,
    /// Atoms of each cluster.
    pub size: Vec<u32>,
}

/// Finds what is connected by bonds shorter than `bond` [Å].
pub fn clusters(snapshot: &Snapshot, bond: f64) -> Clusters {
    let mut of = vec![u32::MAX; snapshot.len()];
    let mut size = Vec::new();
    let mut open = Vec::new();
    for start in 0..snapshot.len() {
        if of[start] != u32::MAX {
            continue;
        }
        let number = size.len() as u32;
        of[start] = number;
        open.push(start);
        let mut atoms = 0;
        while let Some(place) = open.pop() {
            atoms += 1;
            for near in snapshot.near(place, bond) {
                if of[near.place] == u32::MAX {
                    of[near.place] = number;
                    open.push(near.place);
                }
            }
        }
        size.push(atoms);
    }
    Clusters { of, size }
}

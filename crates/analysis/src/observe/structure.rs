//! Common-neighbour analysis with an adaptive cutoff.
//!
//! Honeycutt and Andersen, J. Phys. Chem. 91, 4950 (1987), doi:10.1021/j100303a014; the cutoff of
//! each atom after Stukowski, Model. Simul. Mater. Sci. Eng. 20, 045021 (2012),
//! doi:10.1088/0965-0393/20/4/045021.

use super::Snapshot;
use frit_atoms::Vector;

/// How the nearest neighbours of an atom are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Structure {
    /// None of the others.
    Other,
    /// Face-centred cubic.
    Fcc,
    /// Hexagonal close-packed: stacking faults and twin planes in fcc.
    Hcp,
    /// Body-centred cubic.
    Bcc,
    /// Icosahedral.
    Icosahedral,
}

impl Structure {
    /// All structures, in the order of their numbers.
    pub const ALL: [Self; 5] = [
        Self::Other,
        Self::Fcc,
        Self::Hcp,
        Self::Bcc,
        Self::Icosahedral,
    ];

    /// The number that OVITO gives it in its `Structure Type`.
    pub fn number(self) -> usize {
        self as usize
    }

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Fcc => "fcc",
            Self::Hcp => "hcp",
            Self::Bcc => "bcc",
            Self::Icosahedral => "icosahedral",
        }
    }
}

/// Neighbours looked at: 12 of close packing, 14 of bcc.
const CLOSE: usize = 12;
const BODY: usize = 14;

/// The structure of every atom, in the order of the snapshot.
///
/// The 12 (14 for bcc) nearest neighbours are bonded to each other when closer than a cutoff that
/// follows from their mean distance: half-way between first and second neighbours of fcc, between
/// second and third of bcc. An atom with fewer neighbours within the snapshot's reach is
/// [`Structure::Other`].
pub fn structures(snapshot: &Snapshot) -> Vec<Structure> {
    snapshot.map(|place| structure(snapshot, place))
}

fn structure(snapshot: &Snapshot, place: usize) -> Structure {
    // Neighbours of one atom within two bond lengths: 54 in a perfect fcc crystal.
    let mut near: Vec<(f64, Vector)> = Vec::with_capacity(64);
    near.extend(
        snapshot
            .near(place, snapshot.reach())
            .map(|n| (n.square, n.vector)),
    );
    if near.len() < CLOSE {
        return Structure::Other;
    }
    near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let close = close_packed(&near[..CLOSE]);
    if close != Structure::Other || near.len() < BODY {
        return close;
    }
    if is_body_centred(&near[..BODY]) {
        Structure::Bcc
    } else {
        Structure::Other
    }
}

fn close_packed(near: &[(f64, Vector)]) -> Structure {
    let mean = near.iter().map(|(square, _)| square.sqrt()).sum::<f64>() / CLOSE as f64;
    let cutoff = 0.5 * (1.0 + 2_f64.sqrt()) * mean;
    let bonds = bonds(near, cutoff);
    let mut counts = [0_usize; 3];
    for place in 0..CLOSE {
        match signature(&bonds, place) {
            [4, 2, 1] => counts[0] += 1,
            [4, 2, 2] => counts[1] += 1,
            [5, 5, 5] => counts[2] += 1,
            _ => return Structure::Other,
        }
    }
    match counts {
        [12, 0, 0] => Structure::Fcc,
        [6, 6, 0] => Structure::Hcp,
        [0, 0, 12] => Structure::Icosahedral,
        _ => Structure::Other,
    }
}

fn is_body_centred(near: &[(f64, Vector)]) -> bool {
    // First neighbours stand at √3/2 of the lattice constant, second at the lattice constant.
    let first: f64 = near[..8]
        .iter()
        .map(|(s, _)| s.sqrt() / (0.75_f64).sqrt())
        .sum();
    let second: f64 = near[8..].iter().map(|(square, _)| square.sqrt()).sum();
    let constant = (first + second) / BODY as f64;
    let cutoff = 0.5 * (1.0 + 2_f64.sqrt()) * constant;
    let bonds = bonds(near, cutoff);
    let mut counts = [0_usize; 2];
    for place in 0..BODY {
        match signature(&bonds, place) {
            [4, 4, 4] => counts[0] += 1,
            [6, 6, 6] => counts[1] += 1,
            _ => return false,
        }
    }
    counts == [6, 8]
}

/// For each neighbour, the bits of those to which it is bonded.
fn bonds(near: &[(f64, Vector)], cutoff: f64) -> [u32; BODY] {
    let mut bonds = [0; BODY];
    for i in 0..near.len() {
        for j in i + 1..near.len() {
            if (near[i].1 - near[j].1).norm_squared() <= cutoff * cutoff {
                bonds[i] |= 1 << j;
                bonds[j] |= 1 << i;
            }
        }
    }
    bonds
}

/// Common neighbours of the atom and its neighbour `place`, bonds among them, and the bonds of the
/// longest chain.
fn signature(bonds: &[u32; BODY], place: usize) -> [usize; 3] {
    let common = bonds[place];
    let ends = |of: u32| -> u32 {
        let within = |member: usize| (bonds[member] & of).count_ones();
        members(of).map(within).sum()
    };
    let mut left = common;
    let mut longest = 0;
    while left != 0 {
        let mut cluster = left & left.wrapping_neg();
        loop {
            let grown = members(cluster).fold(cluster, |all, k| all | (bonds[k] & common));
            if grown == cluster {
                break;
            }
            cluster = grown;
        }
        longest = longest.max(ends(cluster) / 2);
        left &= !cluster;
    }
    [common.count_ones(), ends(common) / 2, longest].map(|count| count as usize)
}

/// The places of the bits that are set.
fn members(mut set: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(lowest)
    })
}

//! Centres of mass, of the system and of its groups.

use frit_atoms::{System, Vector};
use std::collections::BTreeMap;

/// Centres of mass [Å], from positions with all wrapping undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Centres {
    /// Of all atoms.
    pub system: Vector,
    /// Of each group that has atoms.
    pub groups: BTreeMap<u8, Vector>,
}

/// Centres of mass of the system and of all its groups; `None` without atoms.
///
/// R = Σ m r / Σ m over unwrapped positions r, so that neither periodic images nor their counting
/// matters. The sum runs relative to the first atom: its rounding does not grow with the distance
/// of the system from the origin.
pub fn centres(system: &System) -> Option<Centres> {
    let mut sums: BTreeMap<u8, (Vector, f64)> = BTreeMap::new();
    if system.atoms.is_empty() {
        return None;
    }
    let anchor = system.unwrapped(0);
    for (index, &group) in system.atoms.group().iter().enumerate() {
        let mass = system.mass(index);
        let (moment, total) = sums.entry(group).or_insert((Vector::zeros(), 0.0));
        *moment += mass * (system.unwrapped(index) - anchor);
        *total += mass;
    }
    let (moment, mass) = (sums.values()).fold((Vector::zeros(), 0.0), |(r, m), (moment, mass)| {
        (r + moment, m + mass)
    });
    let groups = sums
        .into_iter()
        .map(|(group, (moment, mass))| (group, anchor + moment / mass))
        .collect();
    Some(Centres {
        system: anchor + moment / mass,
        groups,
    })
}

/// Centre of mass [Å] of all atoms; `None` without atoms.
pub fn centre_of_mass(system: &System) -> Option<Vector> {
    centres(system).map(|centres| centres.system)
}

/// Distance [Å] between the centres of mass of two groups; `None` if one has no atoms.
pub fn centre_distance(system: &System, groups: [u8; 2]) -> Option<f64> {
    let centres = centres(system)?.groups;
    let [first, second] = groups.map(|group| centres.get(&group));
    Some((second? - first?).norm())
}

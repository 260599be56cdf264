//! Centres of mass, of a system and of its groups.

use crate::{System, Vector};
use std::collections::BTreeMap;

/// Centres of mass [Å], from positions with all wrapping undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Centres {
    /// Of all atoms.
    pub system: Vector,
    /// Of each group that has atoms.
    pub groups: BTreeMap<u8, Vector>,
}

impl Centres {
    /// Distance [Å] between the centres of two groups; `None` if one has no atoms.
    pub fn distance(&self, groups: [u8; 2]) -> Option<f64> {
        let [first, second] = groups.map(|group| self.groups.get(&group));
        Some((second? - first?).norm())
    }
}

/// Centres of mass of the system and of all its groups; `None` without atoms.
///
/// R = Σ m r / Σ m over unwrapped positions r, so that neither periodic images nor their counting
/// matters. The bits do not depend on the order of the atoms: a run, which sorts them in space, and a
/// file give the same.
pub fn centres(system: &System) -> Option<Centres> {
    let mut sums: BTreeMap<u8, Moment> = BTreeMap::new();
    for (index, &group) in system.atoms.group().iter().enumerate() {
        sums.entry(group).or_default().add(system, index);
    }
    let whole = (sums.values()).fold(Moment::default(), |sum, moment| sum.and(moment));
    Some(Centres {
        system: whole.centre()?,
        groups: (sums.iter())
            .filter_map(|(&group, moment)| Some((group, moment.centre()?)))
            .collect(),
    })
}

/// Centre of mass [Å] of the atoms whose groups are `wanted`, with the bits of [`centres`]; `None`
/// without such atoms.
pub fn centre_of_mass(system: &System, wanted: impl Fn(u8) -> bool) -> Option<Vector> {
    let mut moment = Moment::default();
    for (index, &group) in system.atoms.group().iter().enumerate() {
        if wanted(group) {
            moment.add(system, index);
        }
    }
    moment.centre()
}

/// Sums of masses [u] and of masses times positions [u Å], as multiples of 2⁻⁴⁸: sums of integers
/// are exact, whatever their order.
#[derive(Debug, Clone, Copy, Default)]
struct Moment {
    mass: i128,
    along: [i128; 3],
}

/// Multiples in a unit, 2⁴⁸: masses are rounded by 2·10⁻¹⁵ u, as their numbers are, moments by as many u Å.
const UNIT: f64 = 281_474_976_710_656.0;

/// Terms below fit 64 bits, which is faster.
const SMALL: f64 = 9.0e18;

impl Moment {
    fn add(&mut self, system: &System, index: usize) {
        let mass = system.mass(index);
        let position = system.unwrapped(index);
        self.mass += whole(mass);
        for (sum, place) in self.along.iter_mut().zip(position.iter()) {
            *sum += whole(mass * place);
        }
    }

    fn and(self, other: &Self) -> Self {
        Self {
            mass: self.mass + other.mass,
            along: [0, 1, 2].map(|k| self.along[k] + other.along[k]),
        }
    }

    fn centre(&self) -> Option<Vector> {
        let mass = self.mass as f64;
        (self.mass > 0).then(|| Vector::from(self.along.map(|along| along as f64 / mass)))
    }
}

fn whole(value: f64) -> i128 {
    let scaled = (value * UNIT).round();
    if scaled.abs() < SMALL {
        i128::from(scaled as i64)
    } else {
        scaled as i128
    }
}

//! Start and end of a path, matched atom by atom, and straight lines between them.

use frit_atoms::{System, Vector};

use crate::optimise::longest;
use crate::report::counted;
use crate::{EnergyError, Landscape};

/// By how much components of the cell vectors may differ [Å]: digits lost in files.
const CELL_TOLERANCE: f64 = 1e-5;

/// Two structures are one if no atom is further than this [Å] from its place in the other: relaxed to
/// 0.001 eV/Å, soft motions of 0.1 eV/Å² leave 0.01 Å in each.
pub const SAME: f64 = 0.02;

/// How far two structures of the same atoms are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Which atom differs most, counted from 0 in the order of ascending ids.
    pub atom: usize,
    /// By how much [Å].
    pub distance: f64,
}

impl Difference {
    /// Between two lists of positions [Å].
    pub fn between(here: &[Vector], there: &[Vector]) -> Self {
        let distances = here.iter().zip(there).map(|(a, b)| (a - b).norm());
        let none = Self {
            atom: 0,
            distance: 0.0,
        };
        distances.enumerate().fold(none, |most, (atom, distance)| {
            if distance > most.distance {
                Self { atom, distance }
            } else {
                most
            }
        })
    }
}

/// Two structures of the same atoms in the same cell, in the order of ascending ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Ends {
    /// Unwrapped positions at the start [Å].
    pub start: Vec<Vector>,
    /// Positions at the end [Å]: of each atom the periodic image that is closest to its start.
    pub end: Vec<Vector>,
}

impl Ends {
    /// Matches two structures by the ids of their atoms, of which at least one is elsewhere.
    ///
    /// # Errors
    /// Cells, ids or elements differ, or positions do not.
    pub fn of(start: &System, end: &System) -> Result<Self, EnergyError> {
        let ends = Self::matched(start, end)?;
        match ends.difference().distance {
            apart if apart <= SAME => Err(EnergyError::SameEnds { apart }),
            _ => Ok(ends),
        }
    }

    /// Matches two structures by the ids of their atoms.
    ///
    /// # Errors
    /// Cells, ids or elements differ.
    pub fn matched(start: &System, end: &System) -> Result<Self, EnergyError> {
        let differ = |text: String| Err(EnergyError::Ends(text));
        // In free directions a cell only frames the atoms.
        let periodic = start.cell.periodic();
        let rows = (0..3).filter(|&k| periodic[k]);
        let apart = rows.map(|k| (start.cell.vector(k) - end.cell.vector(k)).abs().max());
        let apart = apart.fold(0.0, f64::max);
        if apart > CELL_TOLERANCE {
            return differ(format!(
                "their cell vectors differ by up to {apart:.5} Å; build both in one cell"
            ));
        }
        if start.cell.periodic() != end.cell.periodic() {
            return differ(format!(
                "the start is periodic along {:?}, the end along {:?}",
                start.cell.periodic(),
                end.cell.periodic()
            ));
        }
        if start.atoms.len() != end.atoms.len() {
            return differ(format!(
                "the start has {}, the end {}",
                counted(start.atoms.len() as u64, "atom"),
                end.atoms.len()
            ));
        }
        let mut ends = Self {
            start: Vec::new(),
            end: Vec::new(),
        };
        for (&a, &b) in start.atoms.by_id().iter().zip(&end.atoms.by_id()) {
            let (a, b) = (a as usize, b as usize);
            let (id, other) = (start.atoms.id()[a], end.atoms.id()[b]);
            if id != other {
                return differ(format!(
                    "atom {} is only in one of them; number the atoms alike",
                    id.min(other)
                ));
            }
            let [here, there] = [(start, a), (end, b)].map(|(system, at)| {
                system.species[usize::from(system.atoms.species()[at])]
                    .name
                    .as_str()
            });
            if here != there {
                return differ(format!(
                    "atom {id} is {here} at the start and {there} at the end; atoms are matched by id"
                ));
            }
            let from = start.unwrapped(a);
            let step = start.cell.shortest(&(end.atoms.position()[b] - from));
            ends.start.push(from);
            ends.end.push(from + step);
        }
        Ok(ends)
    }

    /// How far start and end are apart.
    pub fn difference(&self) -> Difference {
        Difference::between(&self.start, &self.end)
    }

    /// Ends relaxed in a landscape [Å].
    ///
    /// # Errors
    /// Both are one structure now, but perhaps moved or turned as a whole.
    pub fn relaxed<L: Landscape>(
        start: Vec<Vector>,
        end: Vec<Vector>,
        landscape: &L,
    ) -> Result<Self, EnergyError> {
        let mut apart: Vec<Vector> = end.iter().zip(&start).map(|(b, a)| b - a).collect();
        landscape.free(&start, &mut apart);
        match longest(&apart) {
            apart if apart <= SAME => Err(EnergyError::SameMinimum { apart }),
            _ => Ok(Self { start, end }),
        }
    }
}

/// A straight path with `images` structures between the ends, which are part of it.
pub fn linear(start: &[Vector], end: &[Vector], images: usize) -> Vec<Vec<Vector>> {
    let at = |k: usize| -> Vec<Vector> {
        let fraction = k as f64 / (images + 1) as f64;
        let pairs = start.iter().zip(end);
        pairs.map(|(a, b)| a + (b - a) * fraction).collect()
    };
    let mut path: Vec<_> = (0..=images).map(at).collect();
    // To the bit, which 1.0 times the difference is not.
    path.push(end.to_vec());
    path
}

//! Start and end of a path, matched atom by atom, and straight lines between them.

use frit_atoms::{System, Vector};

use crate::EnergyError;

/// By how much components of the cell vectors may differ [Å]: digits lost in files.
const CELL_TOLERANCE: f64 = 1e-5;

/// Two structures of the same atoms in the same cell, in the order of ascending ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Ends {
    /// Unwrapped positions at the start [Å].
    pub start: Vec<Vector>,
    /// Positions at the end [Å]: of each atom the periodic image that is closest to its start.
    pub end: Vec<Vector>,
}

impl Ends {
    /// Matches two structures by the ids of their atoms.
    ///
    /// # Errors
    /// Cells, ids or elements differ.
    pub fn of(start: &System, end: &System) -> Result<Self, EnergyError> {
        let differ = |text: String| Err(EnergyError::Ends(text));
        // In free directions a cell only frames the atoms.
        let periodic = start.cell.periodic();
        let rows = (0..3).filter(|&k| periodic[k]);
        let apart = rows.map(|k| (start.cell.vector(k) - end.cell.vector(k)).abs().max());
        let apart = apart.fold(0.0, f64::max);
        if apart > CELL_TOLERANCE {
            return differ(format!(
                "their cell vectors differ by up to {apart} Å; build both in one cell"
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
                "the start has {} atoms, the end {}",
                start.atoms.len(),
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

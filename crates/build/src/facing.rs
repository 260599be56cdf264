//! The two facet layers that face each other, and the gap between them.

use crate::Axis;
use frit_atoms::System;

/// An atom that should be there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "atom {id} is not in the system, though it was there when the structure was built; measure gaps only on systems that keep their atoms and ids"
)]
pub struct MissingAtom {
    /// Its id.
    pub id: u32,
}

/// The atoms that made the outermost complete planes of two facing facets when these were built.
///
/// They are remembered by id: when hot, adatoms cover the planes and single atoms leave them, but
/// the median coordinate of the atoms that once were the plane still tells where the plane is. A particle
/// that turns an edge or a corner to the other has no such atoms: its outermost atom stands for them.
#[derive(Debug, Clone, PartialEq)]
pub struct FacingLayers {
    axis: Axis,
    groups: [u8; 2],
    layers: [Vec<u32>; 2],
}

/// The two measures of the gap between facing particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Distance [Å] along the axis between the median planes of the two facing facet layers (or the
    /// outermost atom of a particle that turns no facet to the other).
    ///
    /// The median coordinate of a layer is that of its middle atom (the mean of the middle two of
    /// an even number); up to half of the atoms may wander off without moving it far.
    pub layers: f64,
    /// Distance [Å] along the axis between the outermost atoms of the two particles, adatoms
    /// included; negative once the particles interlock.
    pub outermost: f64,
}

impl FacingLayers {
    /// Layers, by the ids of their atoms, of two groups; the second lies further along the axis.
    pub fn new(axis: Axis, groups: [u8; 2], mut layers: [Vec<u32>; 2]) -> Self {
        for layer in &mut layers {
            layer.sort_unstable();
            layer.dedup();
        }
        Self {
            axis,
            groups,
            layers,
        }
    }

    /// The axis along which they face each other.
    pub fn axis(&self) -> Axis {
        self.axis
    }

    /// The groups of the two particles.
    pub fn groups(&self) -> [u8; 2] {
        self.groups
    }

    /// The ids of the two layers' atoms, ascending.
    pub fn layers(&self) -> [&[u32]; 2] {
        [&self.layers[0], &self.layers[1]]
    }

    /// The gap now, from unwrapped positions.
    ///
    /// # Errors
    /// All atoms of the layers must be there.
    pub fn gap(&self, system: &System) -> Result<Gap, MissingAtom> {
        let axis = self.axis.index();
        let mut reach = [f64::NEG_INFINITY, f64::INFINITY];
        for (index, &group) in system.atoms.group().iter().enumerate() {
            let along = system.unwrapped(index)[axis];
            if group == self.groups[0] {
                reach[0] = reach[0].max(along);
            }
            if group == self.groups[1] {
                reach[1] = reach[1].min(along);
            }
        }
        let plane = |which: usize| -> Result<f64, MissingAtom> {
            match self.layers[which].as_slice() {
                [] => Ok(reach[which]),
                layer => Ok(median(coordinates(system, self.axis, layer)?)),
            }
        };
        let (first, second) = (plane(0)?, plane(1)?);
        Ok(Gap {
            layers: second - first,
            outermost: reach[1] - reach[0],
        })
    }
}

/// Unwrapped coordinates [Å] along `axis` of the atoms with the ids `layer` (ascending).
pub(crate) fn coordinates(
    system: &System,
    axis: Axis,
    layer: &[u32],
) -> Result<Vec<f64>, MissingAtom> {
    let mut found = vec![None; layer.len()];
    for (index, id) in system.atoms.id().iter().enumerate() {
        if let Ok(place) = layer.binary_search(id) {
            found[place] = Some(system.unwrapped(index)[axis.index()]);
        }
    }
    let pairs = layer.iter().zip(found);
    pairs
        .map(|(&id, found)| found.ok_or(MissingAtom { id }))
        .collect()
}

/// The middle value, or the mean of the middle two; not a number for no values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => 0.5 * (values[middle - 1] + values[middle]),
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }
}

//! Neighbours by looking at every pair and image: slow, obvious, and what lists are tested against.

use crate::System;

/// A pair: an atom, another, and the image of the other [whole cell vectors].
pub(super) type Pair = (u32, u32, [i32; 3]);

/// All pairs (in both directions) closer than `reach` [Å], sorted.
pub(super) fn pairs(system: &System, reach: f64) -> Vec<Pair> {
    let cell = &system.cell;
    let positions = system.atoms.position();
    let mut pairs = Vec::new();
    for (i, here) in positions.iter().enumerate() {
        for (j, there) in positions.iter().enumerate() {
            let difference = there - here;
            let fraction = cell.fraction(there) - cell.fraction(here);
            let range = |k: usize| {
                let width = reach / cell.thickness(k) + 1.0;
                if cell.periodic()[k] {
                    (-fraction[k] - width).floor() as i32..=(-fraction[k] + width).ceil() as i32
                } else {
                    0..=0
                }
            };
            for a in range(0) {
                for b in range(1) {
                    for c in range(2) {
                        let image = [a, b, c];
                        let distance = (difference + cell.translation(image)).norm();
                        if distance < reach && (i != j || image != [0; 3]) {
                            pairs.push((i as u32, j as u32, image));
                        }
                    }
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

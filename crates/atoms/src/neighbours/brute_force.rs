//! Ghosts and lists by looking at every pair: slow, obvious, and what the fast build is tested against.

use super::list::{CHUNK, Chunk, List};
use crate::{System, Vector};

/// Ghosts that may lie within `reach` [Å] of an owned atom: parents and images.
pub(super) fn ghosts(system: &System, reach: f64) -> (Vec<u32>, Vec<[i32; 3]>) {
    let cell = &system.cell;
    let fractions: Vec<Vector> = system
        .atoms
        .position()
        .iter()
        .map(|position| cell.fraction(position))
        .collect();
    let mut low = Vector::repeat(f64::INFINITY);
    let mut high = Vector::repeat(f64::NEG_INFINITY);
    for fraction in &fractions {
        low = low.inf(fraction);
        high = high.sup(fraction);
    }
    let width = Vector::from([0, 1, 2].map(|k| reach / cell.thickness(k)));
    let images = [0, 1, 2].map(|k| {
        if cell.periodic()[k] && !fractions.is_empty() {
            (width[k] + high[k] - low[k]).ceil() as i32
        } else {
            0
        }
    });
    let (mut parents, mut shifts) = (Vec::new(), Vec::new());
    for a in -images[0]..=images[0] {
        for b in -images[1]..=images[1] {
            for c in -images[2]..=images[2] {
                if [a, b, c] == [0; 3] {
                    continue;
                }
                let shift = Vector::new(f64::from(a), f64::from(b), f64::from(c));
                for (index, fraction) in fractions.iter().enumerate() {
                    let image = fraction + shift;
                    if (0..3)
                        .all(|k| image[k] >= low[k] - width[k] && image[k] <= high[k] + width[k])
                    {
                        parents.push(index as u32);
                        shifts.push([a, b, c]);
                    }
                }
            }
        }
    }
    (parents, shifts)
}

/// The list of all pairs closer than `reach` [Å].
pub(super) fn list(
    position: &[Vector],
    species: &[u8],
    owned: usize,
    kinds: usize,
    reach: f64,
) -> List {
    let mut chunks = vec![Chunk::default(); owned.div_ceil(CHUNK)];
    for (atom, here) in position.iter().enumerate().take(owned) {
        let chunk = &mut chunks[atom / CHUNK];
        for kind in 0..kinds {
            chunk.start.push(chunk.entries.len() as u32);
            for (other, there) in position.iter().enumerate() {
                if other != atom
                    && usize::from(species[other]) == kind
                    && (there - here).norm_squared() < reach * reach
                {
                    chunk.entries.push(other as u32);
                }
            }
        }
    }
    for chunk in &mut chunks {
        chunk.start.push(chunk.entries.len() as u32);
    }
    List {
        atoms: owned,
        species: kinds,
        chunks,
    }
}

//! Periodic images near the owned atoms.

use rayon::prelude::*;

use super::NeighbourError;
use crate::{Cell, System, Vector};

/// Atoms or ghosts that are one piece of parallel work.
const PIECE: usize = 4096;

/// Images of a cell within reach, and ghosts, at most: indices of points are `u32`, with room.
const LIMIT: f64 = (1_u32 << 31) as f64;

/// Wider by this than the reach, relative, so that rounding of fractions loses no ghost.
const WIDER: f64 = 1.0 + 1e-6;

/// The ghosts of one image of the cell.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Block {
    image: [i32; 3],
    /// Where its ghosts end; they start where those of the block before end.
    end: usize,
}

/// Ghosts: image by image, and in each image in the order of their parents.
///
/// As the parents are sorted in space, so are the ghosts of each image. Images come in the order of
/// their numbers, but those that lie *forward*, whose first number that is not zero is positive, before
/// all others: of two opposite images one lies forward, so who wants each pair of an atom and a ghost
/// once needs the first ghosts only.
#[derive(Debug, Default)]
pub(super) struct Ghosts {
    parent: Vec<u32>,
    blocks: Vec<Block>,
    /// How many ghosts lie forward.
    forward: usize,
    /// Scratch: the ghosts of each piece of atoms, as found: numbers of their images, and parents.
    found: Vec<Vec<(u32, u32)>>,
    /// Scratch: how many ghosts each image has, then where its next ghost goes.
    places: Vec<u32>,
}

/// For each direction, which fractions are near the owned atoms, and how many images may be.
struct Frame {
    low: Vector,
    high: Vector,
    images: [i32; 3],
}

impl Ghosts {
    /// For each ghost the owned atom of which it is an image.
    pub(super) fn parent(&self) -> &[u32] {
        &self.parent
    }

    /// How many ghosts, the first, are of images that lie forward.
    pub(super) fn forward(&self) -> usize {
        self.forward
    }

    /// The image of each ghost.
    #[cfg(test)]
    pub(super) fn images(&self) -> Vec<[i32; 3]> {
        let mut images = Vec::new();
        for block in &self.blocks {
            images.resize(block.end, block.image);
        }
        images
    }

    /// Finds all images that may lie within `reach` [Å] of an owned atom.
    ///
    /// The difference of two points no further apart than `reach` has fractions of at most
    /// `reach / thickness` along each cell vector, so images beyond that from the range of the
    /// owned atoms' fractions cannot be near any of them.
    pub(super) fn find(&mut self, system: &System, reach: f64) -> Result<(), NeighbourError> {
        self.parent.clear();
        self.blocks.clear();
        self.forward = 0;
        let frame = Frame::new(system, reach)?;
        if frame.images == [0; 3] {
            return Ok(());
        }
        let atoms = system.atoms.position();
        self.found
            .resize_with(atoms.len().div_ceil(PIECE), Vec::new);
        self.found
            .par_iter_mut()
            .zip(atoms.par_chunks(PIECE))
            .enumerate()
            .for_each(|(piece, (found, atoms))| {
                found.clear();
                for (index, position) in atoms.iter().enumerate() {
                    let parent = (piece * PIECE + index) as u32;
                    frame.each_image(&system.cell, position, |image| found.push((image, parent)));
                }
            });
        let total: usize = self.found.iter().map(Vec::len).sum();
        if (total + atoms.len()) as f64 > LIMIT {
            return Err(NeighbourError::TooManyImages { reach });
        }
        self.sort_found(&frame, total);
        Ok(())
    }

    /// Sorts what was found by image; in each image the order of the parents remains.
    fn sort_found(&mut self, frame: &Frame, total: usize) {
        let sides = frame.images.map(|n| 2 * n as usize + 1);
        self.places.clear();
        self.places.resize(sides.iter().product(), 0);
        for &(image, _) in self.found.iter().flatten() {
            self.places[image as usize] += 1;
        }
        self.number_blocks(sides, frame.images);
        self.parent.resize(total, 0);
        for &(image, parent) in self.found.iter().flatten() {
            let place = &mut self.places[image as usize];
            self.parent[*place as usize] = parent;
            *place += 1;
        }
    }

    /// Turns the counts of ghosts into the places where each image's first ghost goes.
    fn number_blocks(&mut self, sides: [usize; 3], images: [i32; 3]) {
        let mut end = 0;
        // That of the cell itself, which has no ghosts.
        let middle = self.places.len() / 2;
        for place in (middle..self.places.len()).chain(0..middle) {
            let start = end;
            let count = &mut self.places[place];
            end += *count;
            if *count > 0 {
                let numbers = [
                    place / (sides[1] * sides[2]),
                    place / sides[2] % sides[1],
                    place % sides[2],
                ];
                self.blocks.push(Block {
                    image: [0, 1, 2].map(|k| numbers[k] as i32 - images[k]),
                    end: end as usize,
                });
            }
            *count = start;
            if place >= middle {
                self.forward = end as usize;
            }
        }
    }

    /// Writes the ghosts' positions [Å] from those of the owned atoms.
    pub(super) fn place(&self, cell: &Cell, owned: &[Vector], ghosts: &mut [Vector]) {
        if ghosts.len() <= PIECE {
            // Waking a thread takes longer than this.
            self.place_from(0, cell, owned, ghosts);
            return;
        }
        ghosts
            .par_chunks_mut(PIECE)
            .enumerate()
            .for_each(|(piece, ghosts)| self.place_from(piece * PIECE, cell, owned, ghosts));
    }

    /// As [`Ghosts::place`], for the ghosts from number `first` on.
    fn place_from(&self, first: usize, cell: &Cell, owned: &[Vector], ghosts: &mut [Vector]) {
        let parents = &self.parent[first..first + ghosts.len()];
        let block = self.blocks.partition_point(|block| block.end <= first);
        let mut done = 0;
        for block in &self.blocks[block..] {
            if done == ghosts.len() {
                break;
            }
            let end = (block.end - first).min(ghosts.len());
            let translation = cell.translation(block.image);
            for (ghost, &parent) in ghosts[done..end].iter_mut().zip(&parents[done..end]) {
                *ghost = owned[parent as usize] + translation;
            }
            done = end;
        }
    }
}

impl Frame {
    fn new(system: &System, reach: f64) -> Result<Self, NeighbourError> {
        let cell = &system.cell;
        let nothing = (
            Vector::repeat(f64::INFINITY),
            Vector::repeat(f64::NEG_INFINITY),
        );
        let (mut low, mut high) = system
            .atoms
            .position()
            .par_chunks(PIECE)
            .map(|atoms| {
                atoms.iter().fold(nothing, |(low, high), position| {
                    let fraction = cell.fraction(position);
                    (low.inf(&fraction), high.sup(&fraction))
                })
            })
            .reduce(
                || nothing,
                |one, other| (one.0.inf(&other.0), one.1.sup(&other.1)),
            );
        let mut images = [0.0; 3];
        for k in 0..3 {
            let width = WIDER * reach / cell.thickness(k);
            if cell.periodic()[k] && !system.atoms.is_empty() {
                images[k] = (width + high[k] - low[k]).ceil();
            }
            low[k] -= width;
            high[k] += width;
        }
        if images.iter().map(|n| 2.0 * n + 1.0).product::<f64>() > LIMIT {
            return Err(NeighbourError::TooManyImages { reach });
        }
        Ok(Self {
            low,
            high,
            images: images.map(|n| n as i32),
        })
    }

    /// Calls `with` the number of each image of a point that is a ghost, in ascending order.
    #[inline]
    fn each_image(&self, cell: &Cell, position: &Vector, mut with: impl FnMut(u32)) {
        let fraction = cell.fraction(position);
        let mut first = [0; 3];
        let mut last = [0; 3];
        for k in 0..3 {
            // Few steps, none for most atoms: cheaper than rounding to whole numbers.
            while first[k] > -self.images[k] && fraction[k] + f64::from(first[k] - 1) >= self.low[k]
            {
                first[k] -= 1;
            }
            while last[k] < self.images[k] && fraction[k] + f64::from(last[k] + 1) <= self.high[k] {
                last[k] += 1;
            }
        }
        if first == [0; 3] && last == [0; 3] {
            return;
        }
        let sides = self.images.map(|n| 2 * n + 1);
        for a in first[0]..=last[0] {
            for b in first[1]..=last[1] {
                for c in first[2]..=last[2] {
                    if [a, b, c] != [0; 3] {
                        let [a, b, c] =
                            [a + self.images[0], b + self.images[1], c + self.images[2]];
                        with(((a * sides[1] + b) * sides[2] + c) as u32);
                    }
                }
            }
        }
    }
}

//! The inner loops of the list build: which points are near a box, and which near an atom.
//!
//! Every path does the same operations in single precision, in the same order and without fused
//! multiplication, so that the list has the same bits on any machine.

use std::ops::Range;

use super::grid::Grid;
use super::rows::Candidates;

/// The surroundings of a box: all points within a distance of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shell {
    /// Centre of the box [Å].
    pub(super) centre: [f64; 3],
    /// Half of its widths [Å].
    pub(super) half: [f32; 3],
    /// The distance, squared [Å²].
    pub(super) far2: f32,
}

/// The instructions with which rows are built. All give the same rows, bit for bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// Plain Rust.
    Portable,
    /// AVX-512, in [`super::avx512`]; only made where the processor has it.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Path {
    /// The fastest path of this machine.
    pub(super) fn fastest() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("popcnt") {
            return Self::Avx512;
        }
        Self::Portable
    }

    /// Appends those of the grid's points in `runs` that lie in the shell to the candidates, which must
    /// have room for all of them and [`super::rows::OVERHANG`] more.
    #[inline]
    pub(super) fn collect(
        self,
        grid: &Grid,
        runs: &[Range<usize>],
        shell: &Shell,
        candidates: &mut Candidates,
    ) {
        match self {
            Self::Portable => collect(grid, runs, shell, candidates),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => super::avx512::collect(grid, runs, shell, candidates),
        }
    }

    /// Writes the indices of those candidates in `range` that are nearer to an atom (its index, its
    /// coordinates [Å], the squared distance [Å²]) to the start of `entries`, the atom itself left
    /// out; returns how many they are.
    ///
    /// `entries` must be longer than the range by [`super::rows::OVERHANG`].
    #[inline]
    pub(super) fn select(
        self,
        candidates: &Candidates,
        range: Range<usize>,
        atom: (u32, [f32; 3], f32),
        entries: &mut [u32],
    ) -> usize {
        match self {
            Self::Portable => select(candidates, range, atom, entries),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => super::avx512::select(candidates, range, atom, entries),
        }
    }
}

fn collect(grid: &Grid, runs: &[Range<usize>], shell: &Shell, candidates: &mut Candidates) {
    let mut used = candidates.used;
    for point in runs.iter().cloned().flatten() {
        let at = [grid.x[point], grid.y[point], grid.z[point]];
        let relative = [0, 1, 2].map(|k| (at[k] - shell.centre[k]) as f32);
        let [dx, dy, dz] = [0, 1, 2].map(|k| (relative[k].abs() - shell.half[k]).max(0.0));
        candidates.x[used] = relative[0];
        candidates.y[used] = relative[1];
        candidates.z[used] = relative[2];
        candidates.index[used] = grid.index[point];
        used += usize::from(dx * dx + dy * dy + dz * dz < shell.far2);
    }
    candidates.used = used;
}

fn select(
    candidates: &Candidates,
    range: Range<usize>,
    (atom, here, near2): (u32, [f32; 3], f32),
    entries: &mut [u32],
) -> usize {
    let mut used = 0;
    let columns = candidates.x[range.clone()]
        .iter()
        .zip(&candidates.y[range.clone()])
        .zip(&candidates.z[range.clone()])
        .zip(&candidates.index[range]);
    for (((x, y), z), &index) in columns {
        let (dx, dy, dz) = (x - here[0], y - here[1], z - here[2]);
        let near = dx * dx + dy * dy + dz * dz < near2;
        entries[used] = index;
        used += usize::from(near & (index != atom));
    }
    used
}

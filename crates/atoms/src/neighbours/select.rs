//! The inner loops of the list build: which points are near a box, and which near an atom.
//!
//! Every path does the same operations in single precision, in the same order and without fused
//! multiplication, so that the list has the same bits on any machine.

use std::ops::Range;

use super::grid::Grid;
use super::rows::Candidates;
#[cfg(target_arch = "x86_64")]
use super::rows::OVERHANG;

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
    /// AVX2, in [`super::avx2`]; only made where the processor has it.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512, in [`super::avx512`]; only made where the processor has it.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Path {
    /// The fastest path of this machine.
    pub(super) fn fastest() -> Self {
        #[cfg(target_arch = "x86_64")]
        for path in [Self::Avx512, Self::Avx2] {
            if path.is_there() {
                return path;
            }
        }
        Self::Portable
    }

    /// Whether this machine has the instructions.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn is_there(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt"),
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("popcnt")
            }
        }
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
            Self::Avx2 => super::avx2::collect(grid, runs, shell, candidates),
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
            Self::Avx2 => super::avx2::select(candidates, range, atom, entries),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => super::avx512::select(candidates, range, atom, entries),
        }
    }
}

/// Asserts what vectors need to collect: the runs lie in the grid, whose columns are longer by
/// [`OVERHANG`], and the candidates have room for all their points and [`OVERHANG`] more.
#[cfg(target_arch = "x86_64")]
pub(super) fn check_collect(grid: &Grid, runs: &[Range<usize>], candidates: &Candidates) {
    let points: usize = runs.iter().map(ExactSizeIterator::len).sum();
    let end = runs.iter().map(|run| run.end).max().unwrap_or(0) + OVERHANG;
    let room = candidates.used + points + OVERHANG;
    assert!(
        end <= grid.index.len().min(grid.x.len())
            && end <= grid.y.len().min(grid.z.len())
            && room <= candidates.index.len().min(candidates.x.len())
            && room <= candidates.y.len().min(candidates.z.len()),
        "runs lie in the grid and the candidates have room"
    );
}

/// Asserts what vectors need to select: the candidates have [`OVERHANG`] entries behind the range,
/// and `entries` has room for as many as the range is long and [`OVERHANG`] more.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(super) fn check_select(candidates: &Candidates, range: &Range<usize>, entries: &[u32]) {
    let end = range.end + OVERHANG;
    assert!(
        range.start <= range.end
            && end <= candidates.index.len().min(candidates.x.len())
            && end <= candidates.y.len().min(candidates.z.len())
            && range.len() + OVERHANG <= entries.len(),
        "candidates and entries have room"
    );
}

/// Candidates that are compared before any is written.
const BLOCK: usize = 16;

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
    let mut block = range.start;
    while block < range.end {
        let end = range.end.min(block + BLOCK);
        // Apart from the next loop, so that the compiler makes vectors of this one.
        let mut near = [false; BLOCK];
        let columns = candidates.x[block..end]
            .iter()
            .zip(&candidates.y[block..end])
            .zip(&candidates.z[block..end]);
        for (near, ((x, y), z)) in near.iter_mut().zip(columns) {
            let (dx, dy, dz) = (x - here[0], y - here[1], z - here[2]);
            *near = dx * dx + dy * dy + dz * dz < near2;
        }
        for (&near, &index) in near.iter().zip(&candidates.index[block..end]) {
            entries[used] = index;
            used += usize::from(near & (index != atom));
        }
        block = end;
    }
    used
}

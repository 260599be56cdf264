//! The radial distribution of atoms.

use super::Snapshot;

/// Radial distribution: how many atoms stand at which distance from an atom.
#[derive(Debug, Clone, PartialEq)]
pub struct RadialDistribution {
    /// Middle of each shell [Å].
    pub distance: Vec<f64>,
    /// Atoms in the shell, for an atom of the mean [1].
    pub atoms: Vec<f64>,
    /// The same over the number that the cell's mean density would put there, g(r).
    pub relative: Vec<f64>,
}

/// Counts pairs in `bins` shells of equal width up to `range` [Å], at most the snapshot's reach.
///
/// g(r) = n(r) / (N/V · 4π/3 (r₊³ - r₋³)) with the volume V of the cell, as in OVITO and LAMMPS
/// (Allen and Tildesley, Computer Simulation of Liquids, 2nd ed. 2017, section 8.2). Of
/// particles in vacuum V is that of the frame around them: there the number of atoms means more.
pub fn radial_distribution(snapshot: &Snapshot, range: f64, bins: usize) -> RadialDistribution {
    let width = range / bins as f64;
    let mut counts = vec![0_u64; bins];
    for place in 0..snapshot.len() {
        for near in snapshot.near(place, range) {
            let bin = (near.square.sqrt() / width) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
    }
    let count = snapshot.len().max(1) as f64;
    let density = count / snapshot.system().cell.volume();
    let atoms: Vec<f64> = counts.iter().map(|&pairs| pairs as f64 / count).collect();
    let relative = (atoms.iter().enumerate())
        .map(|(bin, &atoms)| {
            let [low, high] = [bin, bin + 1].map(|edge| (edge as f64 * width).powi(3));
            let shell = 4.0 / 3.0 * std::f64::consts::PI * (high - low);
            atoms / (density * shell)
        })
        .collect();
    RadialDistribution {
        distance: (0..bins).map(|bin| (bin as f64 + 0.5) * width).collect(),
        atoms,
        relative,
    }
}

//! Short-range order, from counts of bonds.

/// Warren-Cowley parameters of one shell of neighbours.
///
/// α_ij = 1 - P(j|i) / c_j (Cowley, Phys. Rev. 77, 669 (1950), doi:10.1103/PhysRev.77.669), with
/// P(j|i) the share of species j among the neighbours of atoms of species i, and c_j its share among
/// all neighbours of all atoms: in the bulk the concentration, and at surfaces weighed by bonds, so
/// that a random alloy gives zero there too. Negative for unlike species means order; `None` without
/// bonds of a species.
///
/// `bonds[i][j]` counts, over all atoms of species i, their neighbours of species j.
pub fn warren_cowley(bonds: &[Vec<u64>]) -> Vec<Vec<Option<f64>>> {
    let total: u64 = bonds.iter().flatten().sum();
    let of: Vec<f64> = bonds
        .iter()
        .map(|row| row.iter().sum::<u64>() as f64)
        .collect();
    (0..bonds.len())
        .map(|i| {
            (0..bonds.len())
                .map(|j| {
                    let product = of[i] * of[j];
                    (product > 0.0).then(|| 1.0 - bonds[i][j] as f64 * total as f64 / product)
                })
                .collect()
        })
        .collect()
}

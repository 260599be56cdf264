//! Which atoms form clusters.

use super::{Region, Surface};

/// From this many atoms on, a cluster counts as a particle.
pub const PARTICLE_SIZE: u32 = 10;

/// The clusters of a surface: columns with atoms that are connected side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Census {
    /// Atoms of each cluster, the largest first.
    pub sizes: Vec<u32>,
    /// The highest column.
    pub highest: u32,
}

impl Census {
    /// Counts the clusters of a surface.
    pub fn of(surface: &Surface) -> Self {
        Self::where_column(surface, |_| true)
    }

    /// Counts the clusters that have their first column, row by row, in a region.
    pub fn within(surface: &Surface, region: Region) -> Self {
        let side = surface.side();
        Self::where_column(surface, |column| {
            region.contains([column % side, column / side])
        })
    }

    /// For each column, the number of atoms of its cluster; 0 without atoms.
    pub fn of_columns(surface: &Surface) -> Vec<u32> {
        let mut clusters = vec![0; surface.sites()];
        Self::visit(surface, |columns, size, _| {
            for &column in columns {
                clusters[column] = size;
            }
        });
        clusters
    }

    fn where_column(surface: &Surface, counts: impl Fn(usize) -> bool) -> Self {
        let mut census = Self {
            sizes: Vec::new(),
            highest: 0,
        };
        Self::visit(surface, |columns, size, highest| {
            if counts(columns[0]) {
                census.sizes.push(size);
                census.highest = census.highest.max(highest);
            }
        });
        census.sizes.sort_unstable_by(|a, b| b.cmp(a));
        census
    }

    /// Calls `cluster` with the columns of each cluster, its first one first, its atoms and its
    /// highest column.
    fn visit(surface: &Surface, mut cluster: impl FnMut(&[usize], u32, u32)) {
        let heights = surface.heights();
        let mut seen = vec![false; surface.sites()];
        let mut columns = Vec::new();
        for first in 0..surface.sites() {
            if heights[first] == 0 || seen[first] {
                continue;
            }
            let (mut size, mut highest) = (0, 0);
            seen[first] = true;
            columns.clear();
            columns.push(first);
            let mut next = 0;
            while let Some(&column) = columns.get(next) {
                next += 1;
                size += heights[column];
                highest = highest.max(heights[column]);
                for neighbour in surface.neighbours(column) {
                    let neighbour = neighbour as usize;
                    if heights[neighbour] > 0 && !seen[neighbour] {
                        seen[neighbour] = true;
                        columns.push(neighbour);
                    }
                }
            }
            cluster(&columns, size, highest);
        }
    }

    /// Atoms of the largest cluster; 0 if there is none.
    pub fn largest(&self) -> u32 {
        self.sizes.first().copied().unwrap_or(0)
    }

    /// Lone atoms.
    pub fn monomers(&self) -> usize {
        self.sizes.len() - self.sizes.partition_point(|&size| size > 1)
    }

    /// Clusters of at least [`PARTICLE_SIZE`] atoms.
    pub fn particles(&self) -> usize {
        self.sizes.partition_point(|&size| size >= PARTICLE_SIZE)
    }

    /// Atoms of all clusters.
    pub fn atoms(&self) -> u32 {
        self.sizes.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_connect_across_the_border_but_not_at_corners() {
        let mut heights = vec![0; 25];
        for (x, y, height) in [(0, 0, 2), (4, 0, 3), (1, 1, 1), (2, 3, 9), (2, 4, 1)] {
            heights[y * 5 + x] = height;
        }
        let surface = Surface::new(5, heights).unwrap();
        let census = Census::of(&surface);
        assert_eq!(census.sizes, [10, 5, 1]);
        assert_eq!(census.highest, 9);
        assert_eq!(
            (census.largest(), census.monomers(), census.particles()),
            (10, 1, 1)
        );
        assert_eq!(u64::from(census.atoms()), surface.atoms());
        let lower = Region {
            first: [0, 0],
            size: [5, 2],
        };
        assert_eq!(Census::within(&surface, lower).sizes, [5, 1]);
        let clusters = Census::of_columns(&surface);
        assert_eq!(
            [0, 1, 4, 6, 17, 22].map(|k| clusters[k]),
            [5, 0, 5, 1, 10, 10]
        );
    }
}

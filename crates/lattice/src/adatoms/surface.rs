//! The support: columns of atoms on a periodic square lattice.

use super::{AdatomError, Energies};

/// The directions of a hop as steps along x and y.
pub const DIRECTIONS: [[i32; 2]; 4] = [[1, 0], [-1, 0], [0, 1], [0, -1]];

/// Columns of atoms on a periodic square of sites, without overhangs.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    side: usize,
    heights: Vec<u32>,
    atoms: u64,
    /// The neighbours of each column, in the order of [`DIRECTIONS`].
    neighbours: Vec<[u32; 4]>,
    contacts: u64,
    bonds: u64,
}

impl Surface {
    /// The surface of `side` x `side` columns of these heights \[atoms\], row by row.
    ///
    /// # Errors
    /// If there are fewer than 3 columns along a side (a column would be its own neighbour, or
    /// twice that of another), too many for the program's indices, no atom at all, or not one
    /// height for each column.
    pub fn new(side: usize, heights: Vec<u32>) -> Result<Self, AdatomError> {
        check_side(side)?;
        if heights.len() != side * side {
            return Err(AdatomError::Heights {
                found: heights.len(),
                expected: side * side,
            });
        }
        let atoms: u64 = heights.iter().map(|&height| u64::from(height)).sum();
        if atoms == 0 {
            return Err(AdatomError::NoAtoms);
        }
        if atoms > u64::from(u32::MAX) {
            return Err(AdatomError::ManyAtoms { atoms });
        }
        let neighbours = (0..side * side)
            .map(|column| {
                let (x, y) = (column % side, column / side);
                let (left, right) = ((x + side - 1) % side, (x + 1) % side);
                let (down, up) = ((y + side - 1) % side, (y + 1) % side);
                [
                    y * side + right,
                    y * side + left,
                    up * side + x,
                    down * side + x,
                ]
                .map(|neighbour| neighbour as u32)
            })
            .collect();
        let mut surface = Self {
            side,
            heights,
            atoms,
            neighbours,
            contacts: 0,
            bonds: 0,
        };
        (surface.contacts, surface.bonds) = surface.count();
        Ok(surface)
    }

    /// Contacts with the support and bonds between atoms, counted anew.
    ///
    /// A column of h atoms has h - 1 bonds, and two columns side by side have as many as the lower
    /// of them has atoms.
    pub(crate) fn count(&self) -> (u64, u64) {
        let (mut contacts, mut bonds) = (0, 0);
        for (column, &height) in self.heights.iter().enumerate() {
            contacts += u64::from(height > 0);
            bonds += u64::from(height.saturating_sub(1));
            for direction in [0, 2] {
                let neighbour = self.neighbours[column][direction] as usize;
                bonds += u64::from(height.min(self.heights[neighbour]));
            }
        }
        (contacts, bonds)
    }

    /// Columns along a side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Columns in all.
    pub fn sites(&self) -> usize {
        self.heights.len()
    }

    /// Atoms on each column, row by row.
    pub fn heights(&self) -> &[u32] {
        &self.heights
    }

    /// Atoms in all.
    pub fn atoms(&self) -> u64 {
        self.atoms
    }

    /// The neighbours of a column, in the order of [`DIRECTIONS`].
    #[inline]
    pub fn neighbours(&self, column: usize) -> [u32; 4] {
        self.neighbours[column]
    }

    /// Neighbours beside the top atom of a column.
    #[inline]
    pub fn coordination(&self, column: usize) -> usize {
        let height = self.heights[column];
        self.neighbours[column]
            .iter()
            .map(|&neighbour| usize::from(self.heights[neighbour as usize] >= height))
            .sum()
    }

    /// The energy \[eV\] against atoms apart from each other and from the support.
    pub fn energy(&self, energies: &Energies) -> f64 {
        -energies.support_bond * self.contacts as f64 - energies.metal_bond * self.bonds as f64
    }

    /// The enthalpy per atom \[eV\] against lone adatoms on the support, each of energy
    /// -`support_bond`: what the thermodynamics of [`crate::dispersion`] calls Δh.
    pub fn enthalpy_per_atom(&self, energies: &Energies) -> f64 {
        self.energy(energies) / self.atoms as f64 + energies.support_bond
    }

    /// Takes the top atom, which has `coordination` neighbours, off a column.
    #[inline]
    pub(crate) fn take(&mut self, column: usize, coordination: usize) {
        let height = &mut self.heights[column];
        *height -= 1;
        let on_support = *height == 0;
        self.contacts -= u64::from(on_support);
        self.bonds -= coordination as u64 + u64::from(!on_support);
    }

    /// Puts an atom on a column and returns how many neighbours it has there.
    #[inline]
    pub(crate) fn put(&mut self, column: usize) -> usize {
        let height = &mut self.heights[column];
        *height += 1;
        let on_support = *height == 1;
        let coordination = self.coordination(column);
        self.contacts += u64::from(on_support);
        self.bonds += coordination as u64 + u64::from(!on_support);
        coordination
    }

    /// Contacts with the support and bonds between atoms, as kept up to date by each hop.
    pub fn contacts_and_bonds(&self) -> (u64, u64) {
        (self.contacts, self.bonds)
    }

    /// Places of all atoms as column x, column y and layer, for pictures; layers begin at 0.
    pub fn atom_sites(&self) -> impl Iterator<Item = [u32; 3]> {
        let side = self.side;
        self.heights
            .iter()
            .enumerate()
            .flat_map(move |(column, &height)| {
                (0..height)
                    .map(move |layer| [(column % side) as u32, (column / side) as u32, layer])
            })
    }
}

/// Whether there can be so many columns along a side.
pub(crate) fn check_side(side: usize) -> Result<(), AdatomError> {
    if (3..=usize::from(u16::MAX)).contains(&side) {
        return Ok(());
    }
    Err(AdatomError::Side { side })
}

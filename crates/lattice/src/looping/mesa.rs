//! The support: a hexagonal mesa of cells on a triangular lattice.

/// Distance between neighbouring cells [nm]: p(1x1) of Fe₃O₄(111), 8.394 Å / √2.
pub const CELL_DISTANCE: f64 = 0.594;
/// Height of a layer [nm]: the distance of {111} planes.
pub const LAYER_HEIGHT: f64 = 0.485;
/// Area of a cell [m²].
pub const CELL_AREA: f64 = 3.05e-19;
/// A step along ⟨112⟩ [nm]: √3 cells.
pub const STEP_LENGTH: f64 = 1.732_050_807_568_877_2 * CELL_DISTANCE;

/// The six neighbours of a cell, along ⟨110⟩: steps in axial coordinates.
pub(crate) const NEIGHBOURS: [[i32; 2]; 6] = [[1, 0], [0, 1], [-1, 1], [-1, 0], [0, -1], [1, -1]];
/// The six steps along ⟨112⟩, in order of their angle.
pub(crate) const STEPS: [[i32; 2]; 6] = [[1, 1], [-1, 2], [-2, 1], [-1, -1], [1, -2], [2, -1]];

/// Cells beyond the edge that need a place in memory, so that no neighbour is missing.
const MARGIN: i32 = 3;

/// A cell in axial coordinates (q, r): at x = a (q + r/2), y = a r √3/2.
pub type Cell = [i32; 2];

/// The place of a cell's centre in the plane [nm].
pub fn position([q, r]: Cell) -> [f64; 2] {
    let [q, r] = [q, r].map(f64::from);
    [
        CELL_DISTANCE * (q + r / 2.0),
        CELL_DISTANCE * r * 0.75_f64.sqrt(),
    ]
}

/// The six neighbours of a cell.
pub fn neighbours([q, r]: Cell) -> [Cell; 6] {
    NEIGHBOURS.map(|[dq, dr]| [q + dq, r + dr])
}

/// The angle of a step along ⟨112⟩ by the index of its direction [degrees from x].
pub fn direction_angle(direction: usize) -> f64 {
    30.0 + 60.0 * (direction % 6) as f64
}

/// The distance of a cell from the origin in steps to neighbours.
pub(crate) fn hexagonal_distance([q, r]: Cell) -> i32 {
    q.abs().max(r.abs()).max((q + r).abs())
}

/// The distance between two cells [cells].
pub(crate) fn distance([q, r]: Cell, [other_q, other_r]: Cell) -> f64 {
    let (dq, dr) = (f64::from(q - other_q), f64::from(r - other_r));
    // |q a + r b|² with |a| = |b| = 1 and a·b = 1/2.
    (dq * dq + dq * dr + dr * dr).sqrt()
}

/// Where cells stand in memory.
#[derive(Debug, Clone)]
pub(crate) struct Mesa {
    pub(crate) radius: i32,
    width: i32,
    /// From a place to those of its neighbours.
    offsets: [i32; 6],
}

impl Mesa {
    pub(crate) fn new(radius: i32) -> Self {
        let width = 2 * (radius + MARGIN) + 1;
        Self {
            radius,
            width,
            offsets: NEIGHBOURS.map(|[q, r]| r * width + q),
        }
    }

    /// Places in memory.
    pub(crate) fn places(&self) -> usize {
        (self.width * self.width) as usize
    }

    /// The place of a cell.
    #[inline]
    pub(crate) fn place(&self, [q, r]: Cell) -> usize {
        let offset = self.radius + MARGIN;
        ((r + offset) * self.width + q + offset) as usize
    }

    /// The cell of a place.
    #[inline]
    pub(crate) fn cell(&self, place: usize) -> Cell {
        let (place, offset) = (place as i32, self.radius + MARGIN);
        [place % self.width - offset, place / self.width - offset]
    }

    /// The place of a neighbour of a cell on the support.
    #[inline]
    pub(crate) fn neighbour(&self, place: usize, direction: usize) -> usize {
        (place as i32 + self.offsets[direction]) as usize
    }

    /// The cells of the support.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> + Clone {
        let radius = self.radius;
        (-radius..=radius)
            .flat_map(move |r| (-radius..=radius).map(move |q| [q, r]))
            .filter(move |&cell| hexagonal_distance(cell) <= radius)
    }
}

/// The cells under a disc of this radius [cells] around the origin.
pub(crate) fn disc(radius: f64) -> Vec<Cell> {
    let reach = (2.0 * radius / 3.0_f64.sqrt()).ceil() as i32 + 1;
    (-reach..=reach)
        .flat_map(|r| (-reach..=reach).map(move |q| [q, r]))
        .filter(|&cell| distance(cell, [0, 0]) <= radius)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lattice_is_triangular() {
        for direction in 0..6 {
            assert_eq!(distance(NEIGHBOURS[direction], [0, 0]), 1.0);
            assert!((distance(STEPS[direction], [0, 0]) - 3.0_f64.sqrt()).abs() < 1e-12);
            let [x, y] = position(STEPS[direction]);
            let turn = (y.atan2(x).to_degrees() - direction_angle(direction)).rem_euclid(360.0);
            assert!(turn.min(360.0 - turn) < 1e-9);
            // Each step lies between two neighbours, and directions turn by 60°.
            let [q, r] = STEPS[direction];
            assert_eq!(STEPS[(direction + 3) % 6], [-q, -r]);
            assert!(
                (distance(STEPS[direction], STEPS[(direction + 1) % 6]) - 3.0_f64.sqrt()).abs()
                    < 1e-12
            );
        }
        assert!((STEP_LENGTH - 1.028).abs() < 1e-3);
        assert_eq!(disc(6.0).len(), 127);
    }

    #[test]
    fn cells_and_places_belong_to_each_other() {
        let mesa = Mesa::new(5);
        assert_eq!(mesa.cells().count(), 91);
        for cell in mesa.cells() {
            assert_eq!(mesa.cell(mesa.place(cell)), cell);
            for (direction, [q, r]) in NEIGHBOURS.into_iter().enumerate() {
                let neighbour = [cell[0] + q, cell[1] + r];
                assert_eq!(
                    mesa.neighbour(mesa.place(cell), direction),
                    mesa.place(neighbour)
                );
            }
        }
    }
}

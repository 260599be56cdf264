//! Units of work that may run at the same time.
//!
//! Site energies push neighbours of an atom, so units of atoms that share neighbours must not run
//! at once, and must add to them in an order that does not depend on threads. Space is divided into
//! cells; a unit uses all cells that the box around its atoms, wider by the range on all sides,
//! touches; units of one colour use no cell in common. Colours follow each other, units of a colour
//! run in any order. Atoms are sorted in space, so that units are compact and colours few.

use frit_atoms::Vector;

/// Atoms in a unit. Fewer make more units, for more threads; but their boxes overlap more.
pub(super) const UNIT: usize = 128;
/// Colours that a word holds; units left over run alone.
const COLOURS: u32 = 64;
/// Edge of the cells at least [Å].
const EDGE: f64 = 4.0;
/// Cells along an axis at most: far atoms make the cells larger.
const MOST_CELLS: f64 = 48.0;
/// Room for rounding at the faces of boxes [Å].
const SLACK: f64 = 1e-6;

/// The units in the order in which they run.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Units, colour after colour.
    pub(super) order: Vec<u32>,
    /// Where each colour ends in `order`; units in no colour are colours of their own.
    pub(super) ends: Vec<usize>,
    boxes: Vec<[Vector; 2]>,
    colour: Vec<u32>,
    cells: Vec<u64>,
}

impl Plan {
    /// Plans the units of the atoms at `position`, which push others within `range` [Å].
    pub(super) fn make(&mut self, position: &[Vector], range: f64) {
        self.boxes.clear();
        self.boxes.extend(
            position
                .chunks(UNIT)
                .map(|atoms| around(atoms, range + SLACK)),
        );
        let start = Vector::repeat(f64::INFINITY);
        let low = self.boxes.iter().fold(start, |low, unit| low.inf(&unit[0]));
        let high = self
            .boxes
            .iter()
            .fold(-start, |high, unit| high.sup(&unit[1]));
        let extent = (high - low).amax();
        let edge = EDGE.max(extent / MOST_CELLS);
        let sides = [0, 1, 2].map(|k| ((high[k] - low[k]) / edge) as usize + 1);
        self.cells.clear();
        self.cells.resize(sides.iter().product(), 0);
        self.colour.clear();
        for unit in &self.boxes {
            let ranges = [0, 1, 2].map(|k| {
                let first = ((unit[0][k] - low[k]) / edge) as usize;
                let last = ((unit[1][k] - low[k]) / edge) as usize;
                first.min(sides[k] - 1)..last.min(sides[k] - 1) + 1
            });
            self.colour
                .push(take_colour(&mut self.cells, sides, &ranges));
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.order.clear();
        self.ends.clear();
        for colour in 0..COLOURS {
            let units = self.colour.iter().enumerate();
            let units = units.filter(|(_, of)| **of == colour);
            self.order.extend(units.map(|(unit, _)| unit as u32));
            if self.ends.last().copied().unwrap_or(0) < self.order.len() {
                self.ends.push(self.order.len());
            }
        }
        for (unit, &colour) in self.colour.iter().enumerate() {
            if colour == COLOURS {
                self.order.push(unit as u32);
                self.ends.push(self.order.len());
            }
        }
    }
}

/// The box around atoms, wider by `range` on all sides.
fn around(atoms: &[Vector], range: f64) -> [Vector; 2] {
    let start = Vector::repeat(f64::INFINITY);
    let low = atoms.iter().fold(start, |low, atom| low.inf(atom));
    let high = atoms.iter().fold(-start, |high, atom| high.sup(atom));
    [low - Vector::repeat(range), high + Vector::repeat(range)]
}

/// The first colour that no cell has yet, which then all have; `COLOURS` if there is none.
fn take_colour(cells: &mut [u64], sides: [usize; 3], ranges: &[std::ops::Range<usize>; 3]) -> u32 {
    let rows = || {
        let (xs, ys) = (ranges[0].clone(), ranges[1].clone());
        xs.flat_map(move |x| ys.clone().map(move |y| (x * sides[1] + y) * sides[2]))
    };
    let mut used = 0;
    for row in rows() {
        let part = &cells[row + ranges[2].start..row + ranges[2].end];
        used = part.iter().fold(used, |used, cell| used | cell);
    }
    let colour = (!used).trailing_zeros();
    if colour < COLOURS {
        for row in rows() {
            for cell in &mut cells[row + ranges[2].start..row + ranges[2].end] {
                *cell |= 1 << colour;
            }
        }
    }
    colour
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_a_colour_are_far_apart_and_all_units_run_once() {
        let position: Vec<Vector> = (0..20_000)
            .map(|k| {
                let k = f64::from(k);
                // A jagged curve through a box, now and then an atom far away.
                let far = if k % 5003.0 == 0.0 { 900.0 } else { 0.0 };
                Vector::new(
                    (k / 400.0) % 60.0,
                    (k / 40.0) % 40.0,
                    (k * 1.7) % 25.0 + far,
                )
            })
            .collect();
        let range = 4.6;
        let mut plan = Plan::default();
        plan.make(&position, range);
        let mut seen: Vec<u32> = plan.order.clone();
        seen.sort_unstable();
        let units = position.len().div_ceil(UNIT) as u32;
        assert_eq!(seen, (0..units).collect::<Vec<_>>());
        let mut start = 0;
        for &end in &plan.ends {
            let colour = &plan.order[start..end];
            for (place, &one) in colour.iter().enumerate() {
                for &other in &colour[..place] {
                    let (a, b) = (&plan.boxes[one as usize], &plan.boxes[other as usize]);
                    let apart = (0..3).any(|k| a[1][k] < b[0][k] || b[1][k] < a[0][k]);
                    assert!(apart, "units {one} and {other} reach the same atoms");
                }
            }
            start = end;
        }
        assert!(plan.ends.len() > 1);
    }

    #[test]
    fn nothing_to_do_is_planned() {
        let mut plan = Plan::default();
        plan.make(&[], 4.0);
        assert!(plan.order.is_empty() && plan.ends.is_empty());
    }
}

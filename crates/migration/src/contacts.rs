//! Which particles touch on a periodic square.

/// The separation of two places on a periodic square, the shortest of all images.
pub fn shortest(from: [f64; 2], to: [f64; 2], edge: f64) -> [f64; 2] {
    [0, 1].map(|k| {
        let difference = to[k] - from[k];
        difference - edge * (difference / edge).round()
    })
}

/// The image of a place within a periodic square, from 0 to `edge` in both directions.
pub fn wrap(place: [f64; 2], edge: f64) -> [f64; 2] {
    place.map(|x| {
        let inside = x - edge * (x / edge).floor();
        // A place just below 0 may round to the upper edge.
        if inside < edge { inside } else { 0.0 }
    })
}

/// Whether two discs touch: `|Δx| < R_i + R_j + gap`.
fn touch(
    position: &[[f64; 2]],
    radius: &[f64],
    [edge, gap]: [f64; 2],
    first: usize,
    second: usize,
) -> bool {
    let [x, y] = shortest(position[first], position[second], edge);
    let reach = radius[first] + radius[second] + gap;
    x * x + y * y < reach * reach
}

/// A cell list on a periodic square, with cells no smaller than the largest contact.
#[derive(Debug)]
struct Grid {
    edge: f64,
    cells: usize,
    /// Where the members of a cell begin.
    start: Vec<usize>,
    members: Vec<usize>,
}

impl Grid {
    /// A list of those of `some`; nothing if the square is too small for it to help.
    fn new(position: &[[f64; 2]], some: &[usize], reach: f64, edge: f64) -> Option<Self> {
        // More cells than particles would only be walked over empty.
        let most = (some.len() as f64).sqrt().ceil() as usize;
        let cells = ((edge / reach).floor() as usize).min(most);
        if cells < 4 {
            return None;
        }
        let mut grid = Self {
            edge,
            cells,
            start: vec![0; cells * cells + 1],
            members: vec![0; some.len()],
        };
        let cell: Vec<usize> = some.iter().map(|&k| grid.cell(position[k])).collect();
        for &cell in &cell {
            grid.start[cell + 1] += 1;
        }
        for k in 0..cells * cells {
            grid.start[k + 1] += grid.start[k];
        }
        let mut next = grid.start.clone();
        for (&particle, &cell) in some.iter().zip(&cell) {
            grid.members[next[cell]] = particle;
            next[cell] += 1;
        }
        Some(grid)
    }

    /// The cell of a place.
    fn cell(&self, place: [f64; 2]) -> usize {
        let along = |x: f64| ((x / self.edge * self.cells as f64) as usize).min(self.cells - 1);
        let [x, y] = wrap(place, self.edge);
        along(y) * self.cells + along(x)
    }

    /// The members of the cell that is `up` and `right` of a cell, modulo the square.
    fn beside(&self, cell: usize, [up, right]: [usize; 2]) -> (usize, &[usize]) {
        let (row, column) = (cell / self.cells, cell % self.cells);
        let other = (row + up) % self.cells * self.cells + (column + right) % self.cells;
        (
            other,
            &self.members[self.start[other]..self.start[other + 1]],
        )
    }
}

/// The largest distance of centres at which particles touch.
fn reach(radius: &[f64], gap: f64) -> f64 {
    2.0 * radius.iter().copied().fold(0.0, f64::max) + gap
}

/// All pairs that touch, each with the smaller index first, in rising order.
///
/// The cell list is built anew each time, which costs far less than the fields on the particles and
/// needs no skin. Positions [m] may lie outside the square.
pub fn contacts(position: &[[f64; 2]], radius: &[f64], edge: f64, gap: f64) -> Vec<(usize, usize)> {
    let all: Vec<usize> = (0..position.len()).collect();
    let Some(grid) = Grid::new(position, &all, reach(radius, gap), edge) else {
        return brute_force(position, radius, edge, gap);
    };
    let mut pairs = Vec::new();
    for particle in all {
        let home = grid.cell(position[particle]);
        for way in [[0, 0], [0, 1], [1, grid.cells - 1], [1, 0], [1, 1]] {
            let (cell, members) = grid.beside(home, way);
            for &other in members {
                let new = cell != home || other > particle;
                if new && touch(position, radius, [edge, gap], particle, other) {
                    pairs.push((particle.min(other), particle.max(other)));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Particles that some walk among: who of a few that move touches any.
#[derive(Debug)]
pub(crate) struct Bystanders<'a> {
    size: [f64; 2],
    /// Those that rest, and a list of them if that helps.
    rest: Vec<usize>,
    grid: Option<Grid>,
    walkers: &'a [usize],
}

impl<'a> Bystanders<'a> {
    /// All particles on a square with an edge and a gap [m]; only `walkers`, in rising order, will
    /// change their places.
    pub(crate) fn new(
        position: &[[f64; 2]],
        radius: &[f64],
        size: [f64; 2],
        walkers: &'a [usize],
    ) -> Self {
        let rests = |k: &usize| walkers.binary_search(k).is_err();
        let rest: Vec<usize> = (0..position.len()).filter(rests).collect();
        let grid = Grid::new(position, &rest, reach(radius, size[1]), size[0]);
        Self {
            size,
            rest,
            grid,
            walkers,
        }
    }

    /// Whether a walker touches anyone.
    pub(crate) fn touch(&self, position: &[[f64; 2]], radius: &[f64], walker: usize) -> bool {
        let hit =
            |&other: &usize| other != walker && touch(position, radius, self.size, walker, other);
        if self.walkers.iter().any(hit) {
            return true;
        }
        let Some(grid) = &self.grid else {
            return self.rest.iter().any(hit);
        };
        let home = grid.cell(position[walker]);
        let last = grid.cells - 1;
        let ways = [last, 0, 1]
            .into_iter()
            .flat_map(|up| [last, 0, 1].map(|right| [up, right]));
        let mut near = ways.flat_map(|way| grid.beside(home, way).1);
        near.any(hit)
    }
}

/// The same by looking at all pairs.
pub fn brute_force(
    position: &[[f64; 2]],
    radius: &[f64],
    edge: f64,
    gap: f64,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for first in 0..position.len() {
        for second in first + 1..position.len() {
            if touch(position, radius, [edge, gap], first, second) {
                pairs.push((first, second));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_engine::random::{Purpose, Streams};

    #[test]
    fn walkers_among_bystanders_touch_whom_brute_force_finds() {
        for (case, largest) in [(0, 0.01), (1, 0.03)] {
            let mut stream = Streams::new(3).stream(Purpose::Test, case, 0);
            let mut place = || [3.0 * stream.uniform() - 1.0, 3.0 * stream.uniform() - 1.0];
            let mut position: Vec<[f64; 2]> = (0..300).map(|_| place()).collect();
            let radius: Vec<f64> = (0..300).map(|k| largest * f64::from(k % 7) / 7.0).collect();
            let walkers = [3, 4, 50, 299];
            let (edge, gap) = (1.0, 1e-3);
            let others = Bystanders::new(&position, &radius, [edge, gap], &walkers);
            let mut touches = 0;
            for _ in 0..50 {
                for &walker in &walkers {
                    position[walker] = place();
                    let pairs = brute_force(&position, &radius, edge, gap);
                    let expected = pairs.iter().any(|&(a, b)| a == walker || b == walker);
                    assert_eq!(others.touch(&position, &radius, walker), expected);
                    touches += u32::from(expected);
                }
            }
            assert!((1..200).contains(&touches), "{touches}");
        }
    }
}

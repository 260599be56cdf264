//! Pairs of close atoms, one from each of two sets, found with cells.

use frit_atoms::{System, Vector};

/// Positions of a system, inside the cell along its periodic directions.
pub(crate) struct Wrapped<'a> {
    system: &'a System,
    position: Vec<Vector>,
}

impl<'a> Wrapped<'a> {
    pub(crate) fn new(system: &'a System) -> Self {
        let cell = &system.cell;
        let periodic = cell.periodic().contains(&true);
        let wrap = |position: &Vector| position - cell.translation(cell.image_of(position));
        let position = system.atoms.position();
        Self {
            system,
            position: if periodic {
                position.iter().map(wrap).collect()
            } else {
                position.to_vec()
            },
        }
    }

    /// Calls `visit(i, j)` for every pair of an atom `i` of `ones` and an atom `j` of `others`
    /// closer than `reach` [Å], once for each periodic image of `j` that is; never for an atom and
    /// itself.
    ///
    /// Only atoms within reach of the other set's bounding box are looked at closely: the work is
    /// that of reading all positions once, and of the surfaces that meet.
    pub(crate) fn pairs(
        &self,
        ones: &[u32],
        others: &[u32],
        reach: f64,
        mut visit: impl FnMut(u32, u32),
    ) {
        let (Some(box_one), Some(box_other)) = (self.bounds(ones), self.bounds(others)) else {
            return;
        };
        let cell = &self.system.cell;
        // Along a periodic direction all fractions lie in [0, 1).
        let images = [0, 1, 2].map(|k| {
            if cell.periodic()[k] {
                1 + (reach / cell.thickness(k)).ceil() as i32
            } else {
                0
            }
        });
        for a in -images[0]..=images[0] {
            for b in -images[1]..=images[1] {
                for c in -images[2]..=images[2] {
                    let shift = cell.translation([a, b, c]);
                    let box_other = box_other.moved(shift);
                    if !box_one.grown(reach).meets(&box_other) {
                        continue;
                    }
                    let same = [a, b, c] == [0; 3];
                    let near = self.inside(ones, Vector::zeros(), &box_other.grown(reach));
                    let Some(bounds) = self.bounds(&near) else {
                        continue;
                    };
                    let far = self.inside(others, shift, &bounds.grown(reach));
                    let grid = Grid::new(&self.position, far, shift, reach);
                    for &one in &near {
                        grid.visit(&self.position[one as usize], |other| {
                            if !(same && one == other) {
                                visit(one, other);
                            }
                        });
                    }
                }
            }
        }
    }

    fn bounds(&self, atoms: &[u32]) -> Option<Bounds> {
        let finite = atoms.iter().map(|&atom| self.position[atom as usize]);
        let mut finite = finite.filter(|position| position.iter().all(|x| x.is_finite()));
        let first = finite.next()?;
        let corners = finite.fold((first, first), |(low, high), position| {
            (low.inf(&position), high.sup(&position))
        });
        Some(Bounds {
            low: corners.0,
            high: corners.1,
        })
    }

    /// Those of `atoms` that, shifted, lie within `bounds`.
    fn inside(&self, atoms: &[u32], shift: Vector, bounds: &Bounds) -> Vec<u32> {
        let held = |atom: &&u32| bounds.holds(&(self.position[**atom as usize] + shift));
        atoms.iter().filter(held).copied().collect()
    }
}

/// A box along the axes.
#[derive(Clone, Copy)]
struct Bounds {
    low: Vector,
    high: Vector,
}

impl Bounds {
    fn grown(&self, by: f64) -> Self {
        Self {
            low: self.low.add_scalar(-by),
            high: self.high.add_scalar(by),
        }
    }

    fn moved(&self, by: Vector) -> Self {
        Self {
            low: self.low + by,
            high: self.high + by,
        }
    }

    fn meets(&self, other: &Self) -> bool {
        (0..3).all(|k| self.low[k] <= other.high[k] && other.low[k] <= self.high[k])
    }

    fn holds(&self, point: &Vector) -> bool {
        (0..3).all(|k| self.low[k] <= point[k] && point[k] <= self.high[k])
    }
}

/// Points sorted into cells not smaller than the reach.
struct Grid {
    low: Vector,
    edge: f64,
    reach: f64,
    cells: [usize; 3],
    /// Where each cell starts in `entries`; one more at the end.
    start: Vec<usize>,
    entries: Vec<(u32, Vector)>,
}

impl Grid {
    fn new(position: &[Vector], atoms: Vec<u32>, shift: Vector, reach: f64) -> Self {
        let points: Vec<(u32, Vector)> = atoms
            .into_iter()
            .map(|atom| (atom, position[atom as usize] + shift))
            .collect();
        let far = Vector::repeat(f64::INFINITY);
        let low = points.iter().fold(far, |low, (_, point)| low.inf(point));
        let high = points.iter().fold(-far, |high, (_, point)| high.sup(point));
        let mut grid = Self {
            low,
            edge: reach,
            reach,
            cells: [1; 3],
            start: Vec::new(),
            entries: Vec::new(),
        };
        if !points.is_empty() {
            // Larger cells where few atoms are far apart, so that empty ones cost no memory.
            let most = 64.0 + 8.0 * points.len() as f64;
            let along = |edge: f64| (high - low).map(|extent| (extent / edge).floor() + 1.0);
            while along(grid.edge).product() > most {
                grid.edge *= 2.0;
            }
            let cells = along(grid.edge);
            grid.cells = [0, 1, 2].map(|k| cells[k] as usize);
        }
        let cell_of: Vec<usize> = points.iter().map(|(_, p)| grid.cell_of(p)).collect();
        grid.start = vec![0; grid.cells.iter().product::<usize>() + 1];
        for &cell in &cell_of {
            grid.start[cell + 1] += 1;
        }
        for cell in 1..grid.start.len() {
            grid.start[cell] += grid.start[cell - 1];
        }
        let mut next = grid.start.clone();
        grid.entries = vec![(0, Vector::zeros()); points.len()];
        for (point, cell) in points.into_iter().zip(cell_of) {
            grid.entries[next[cell]] = point;
            next[cell] += 1;
        }
        grid
    }

    fn cell_of(&self, point: &Vector) -> usize {
        let [x, y, z] = [0, 1, 2].map(|k| {
            let cell = ((point[k] - self.low[k]) / self.edge) as usize;
            cell.min(self.cells[k] - 1)
        });
        (x * self.cells[1] + y) * self.cells[2] + z
    }

    /// Calls `visit` for every atom closer than the reach to `point`.
    fn visit(&self, point: &Vector, mut visit: impl FnMut(u32)) {
        let range = [0, 1, 2].map(|k| {
            let cell = ((point[k] - self.low[k]) / self.edge).floor();
            let last = self.cells[k] as f64 - 1.0;
            let from = (cell - 1.0).clamp(0.0, last) as usize;
            let to = (cell + 1.0).clamp(0.0, last) as usize;
            from..=to
        });
        for x in range[0].clone() {
            for y in range[1].clone() {
                for z in range[2].clone() {
                    let cell = (x * self.cells[1] + y) * self.cells[2] + z;
                    for (atom, there) in &self.entries[self.start[cell]..self.start[cell + 1]] {
                        if (there - point).norm_squared() < self.reach * self.reach {
                            visit(*atom);
                        }
                    }
                }
            }
        }
    }
}

/// The places of the atoms of each of two groups.
pub(crate) fn members(system: &System, groups: [u8; 2]) -> [Vec<u32>; 2] {
    let group = system.atoms.group();
    groups.map(|wanted| {
        let all = 0..group.len() as u32;
        all.filter(|&atom| group[atom as usize] == wanted).collect()
    })
}

//! What has happened, and what can be measured.

use std::f64::consts::TAU;

use super::mesa::{Cell, distance, hexagonal_distance, position};
use super::simulation::Looping;
use super::{CELL_DISTANCE, OXYGEN_PER_LAYER, SITE_AREA, STEP_LENGTH, WATER_PER_LAYER};

/// What has happened so far.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Totals {
    /// Layers of cells reduced.
    pub reductions: u64,
    /// Layers of cells grown at steps.
    pub attachments: u64,
    /// Layers of cells grown away from steps.
    pub nucleations: u64,
    /// Layers of cells grown above the surface that the support had at the start.
    pub terraces: u64,
    /// Steps of the particle.
    pub advances: u64,
    /// Those of them made at random.
    pub wanders: u64,
    /// Changes of its direction.
    pub turns: u64,
    /// Those of them where the support ends straight on.
    pub edge_turns: u64,
    /// Layers it dug itself in.
    pub digs: u64,
    /// Hops of mobile iron.
    pub hops: u64,
    /// Sum of the distances from the particle's rim at which layers grew [cells].
    pub regrowth_distance: f64,
    /// Mobile iron integrated over time \[s\].
    pub mobile_time: f64,
}

impl Totals {
    /// Layers of cells grown.
    pub fn growths(&self) -> u64 {
        self.attachments + self.nucleations
    }

    /// What has changed the support or the particle: layers taken off and grown, steps.
    pub fn structural(&self) -> u64 {
        self.reductions + self.growths() + self.advances
    }

    /// Water from the reduction of the support [molecules].
    pub fn water(&self) -> u64 {
        WATER_PER_LAYER * self.reductions
    }

    /// Oxygen that went into the support [molecules].
    pub fn oxygen(&self) -> u64 {
        OXYGEN_PER_LAYER * self.growths()
    }

    /// How far the particle has travelled [nm].
    pub fn path_length(&self) -> f64 {
        self.advances as f64 * STEP_LENGTH
    }
}

/// A place the particle came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// When [s].
    pub time: f64,
    /// The cell of its centre.
    pub cell: Cell,
}

impl Visit {
    /// The place in the plane [nm].
    pub fn position(&self) -> [f64; 2] {
        position(self.cell)
    }
}

impl Looping {
    /// Water that the metal itself has made from gas [molecules], without the support.
    pub fn direct_water(&self) -> f64 {
        self.direct_water + (self.time - self.rates_since) * self.direct_water_rate()
    }

    /// Sites on the metal, a hemisphere over its disc.
    fn metal_sites(&self) -> f64 {
        self.setup.particle.map_or(0.0, |particle| {
            let radius = particle.radius * CELL_DISTANCE * 1e-9;
            TAU * radius * radius / SITE_AREA
        })
    }

    pub(crate) fn direct_water_rate(&self) -> f64 {
        self.metal_sites() * self.rates.coverages.direct_water()
    }

    /// Cells of the support with their heights \[layers\].
    pub fn columns(&self) -> impl Iterator<Item = (Cell, i32)> {
        self.mesa
            .cells()
            .map(|cell| (cell, self.heights[self.mesa.place(cell)]))
    }

    /// The height of a cell \[layers\]; `None` beyond the support.
    pub fn height(&self, cell: Cell) -> Option<i32> {
        (hexagonal_distance(cell) <= self.mesa.radius).then(|| self.heights[self.mesa.place(cell)])
    }

    /// How many different cells the particle's centre has been on.
    pub fn places(&self) -> usize {
        let mut cells: Vec<Cell> = self.path.iter().map(|visit| visit.cell).collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len()
    }

    /// The cells under the particle, with their distances from its centre [cells].
    pub fn footprint(&self) -> impl Iterator<Item = (Cell, f64)> {
        let centre = self.particle.map(|particle| particle.cell);
        centre.into_iter().flat_map(|[q, r]| {
            let cells = self.disc.iter();
            cells.map(move |&[dq, dr]| ([q + dq, r + dr], distance([dq, dr], [0, 0])))
        })
    }

    /// Mean distance from the particle's rim at which layers grew \[nm\]; `None` if none did, or
    /// if there is no particle.
    pub fn mean_regrowth_distance(&self) -> Option<f64> {
        let growths = self.totals.growths();
        (growths > 0 && self.particle.is_some())
            .then(|| self.totals.regrowth_distance / growths as f64 * CELL_DISTANCE)
    }

    /// Layers grown, by their distance from the particle's rim: less than 1 cell, 1 to 2, ...
    pub fn regrowth_places(&self) -> &[u64] {
        &self.regrowth_places
    }

    /// The cells of mobile iron.
    pub fn mobile_cells(&self) -> impl Iterator<Item = Cell> {
        self.mobiles
            .iter()
            .map(|&place| self.mesa.cell(place as usize))
    }

    /// Layers of all cells and mobile iron together: conserved.
    pub fn iron(&self) -> i64 {
        self.columns()
            .map(|(_, height)| i64::from(height))
            .sum::<i64>()
            + self.mobiles.len() as i64
    }

    /// Root mean square deviation of the heights from their mean [layers].
    pub fn roughness(&self) -> f64 {
        let count = self.cells as f64;
        let mean = self
            .columns()
            .map(|(_, height)| f64::from(height))
            .sum::<f64>()
            / count;
        let squares = self
            .columns()
            .map(|(_, height)| (f64::from(height) - mean).powi(2));
        (squares.sum::<f64>() / count).sqrt()
    }

    /// The area of the support's shadow, seen along y: half cells times layers.
    pub fn projected_area(&self) -> i64 {
        let reach = 2 * self.setup.radius;
        let mut highest = vec![0; 2 * reach as usize + 1];
        for ([q, r], height) in self.columns() {
            let highest = &mut highest[(2 * q + r + reach) as usize];
            *highest = (*highest).max(height);
        }
        highest.into_iter().map(i64::from).sum()
    }
}

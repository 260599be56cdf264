//! The radial distribution as an observer.

use crate::observe::measure::{Measure, ObserveError, Rows, column};
use crate::observe::radial::radial_distribution;
use crate::observe::scene::Scene;
use frit_io::TableColumn;

/// Radial distribution of all atoms; each look adds a row for each shell.
#[derive(Debug)]
pub struct Radial {
    range: f64,
    bins: usize,
}

impl Radial {
    /// `bins` shells up to `range` [Å].
    pub fn new(range: f64, bins: usize) -> Self {
        Self { range, bins }
    }
}

impl Measure for Radial {
    fn name(&self) -> &'static str {
        "radial-distribution"
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            column("distance", "Å"),
            column("atoms in the shell", ""),
            column("g", ""),
        ]
    }

    fn reach(&self) -> f64 {
        self.range
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let radial = radial_distribution(scene.snapshot, self.range, self.bins);
        Ok((0..self.bins)
            .map(|bin| {
                let values = [
                    radial.distance[bin],
                    radial.atoms[bin],
                    radial.relative[bin],
                ];
                values.map(Into::into).into()
            })
            .collect())
    }
}

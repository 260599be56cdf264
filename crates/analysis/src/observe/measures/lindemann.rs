//! Whether it is solid.

use crate::observe::body::places;
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::scene::Scene;
use frit_io::TableColumn;
use serde::{Deserialize, Serialize};

/// Most bonds that are followed, drawn evenly over all: the mean of so many is known to 1 %.
const MOST_BONDS: usize = 10_000;

/// Rounding of sums of time steps, relative.
const TIME_ROUNDING: f64 = 1e-9;

/// Lindemann index of the bonds of the beginning of each window of time.
///
/// δ = ⟨√(⟨r²⟩ - ⟨r⟩²) / ⟨r⟩⟩ over bonds, the inner means over the looks of a window (Etters and
/// Kaelberer, Phys. Rev. A 11, 1068 (1975), doi:10.1103/PhysRevA.11.1068; for neighbours only, as
/// distances of far pairs say nothing more). Solids have δ < 0.1, melts more than 0.15 over some ps.
/// Bonds *inside* have no end at the surface.
#[derive(Debug)]
pub struct Lindemann {
    window: f64,
    state: Window,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Window {
    begun: Option<f64>,
    bonds: Vec<[u32; 2]>,
    inside: Vec<bool>,
    sum: Vec<f64>,
    square: Vec<f64>,
    looks: u32,
}

impl Lindemann {
    /// Windows of `window` [ps].
    ///
    /// # Errors
    /// The window must be positive.
    pub fn new(window: f64) -> Result<Self, ObserveError> {
        if !(window > 0.0 && window.is_finite()) {
            return Err(ObserveError::BadParameter {
                what: "the window of `lindemann` [ps]",
                found: window,
                needed: "it must be positive: some vibrations long, such as 5 ps",
            });
        }
        Ok(Self {
            window,
            state: Window::default(),
        })
    }

    fn begin(&mut self, scene: &Scene<'_>, order: &[usize], time: f64) {
        let snapshot = scene.snapshot;
        let mut all = Vec::new();
        for (rank, &place) in order.iter().enumerate() {
            let rank = rank as u32;
            let mut near: Vec<u32> = (snapshot.near(place, scene.bond))
                .map(|near| snapshot.rank()[near.place])
                .filter(|other| *other > rank)
                .collect();
            near.sort_unstable();
            all.extend(near.into_iter().map(|other| [rank, other]));
        }
        let step = all.len().div_ceil(MOST_BONDS).max(1);
        let bonds: Vec<[u32; 2]> = all.into_iter().step_by(step).collect();
        let hidden = |rank: u32| scene.normals()[order[rank as usize]].is_none();
        self.state = Window {
            begun: Some(time),
            inside: bonds
                .iter()
                .map(|bond| bond.iter().all(|&rank| hidden(rank)))
                .collect(),
            sum: vec![0.0; bonds.len()],
            square: vec![0.0; bonds.len()],
            bonds,
            looks: 0,
        };
    }

    fn look(&mut self, scene: &Scene<'_>, order: &[usize]) {
        let unwrapped = scene.snapshot.unwrapped();
        let cell = &scene.snapshot.system().cell;
        let at = |rank: u32| unwrapped[order[rank as usize]];
        for (k, &[one, other]) in self.state.bonds.iter().enumerate() {
            let square = cell.shortest(&(at(other) - at(one))).norm_squared();
            self.state.sum[k] += square.sqrt();
            self.state.square[k] += square;
        }
        self.state.looks += 1;
    }

    fn index(&self, only_inside: bool) -> Option<f64> {
        let looks = f64::from(self.state.looks);
        let mut total = 0.0;
        let mut bonds = 0.0;
        for k in 0..self.state.bonds.len() {
            if only_inside && !self.state.inside[k] {
                continue;
            }
            let mean = self.state.sum[k] / looks;
            let variance = (self.state.square[k] / looks - mean * mean).max(0.0);
            total += variance.sqrt() / mean;
            bonds += 1.0;
        }
        (bonds > 0.0 && looks > 1.0).then(|| total / bonds)
    }
}

impl Measure for Lindemann {
    fn name(&self) -> &'static str {
        "lindemann"
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            column("looks", ""),
            column("bonds", ""),
            column("lindemann index", ""),
            column("lindemann index inside", ""),
        ]
    }

    fn observe(&mut self, scene: &Scene<'_>, time: f64) -> Result<Rows, ObserveError> {
        let order = places(scene.snapshot);
        if self.state.begun.is_none() {
            self.begin(scene, &order, time);
        }
        self.look(scene, &order);
        let begun = self.state.begun.unwrap_or(time);
        if time - begun < self.window * (1.0 - TIME_ROUNDING) {
            return Ok(Vec::new());
        }
        let row = vec![
            self.state.looks.into(),
            count(self.state.bonds.len()),
            self.index(false).into(),
            self.index(true).into(),
        ];
        self.begin(scene, &order, time);
        self.look(scene, &order);
        Ok(vec![row])
    }

    fn save(&self) -> Result<String, ObserveError> {
        Ok(serde_json::to_string(&self.state)?)
    }

    fn restore(&mut self, saved: &str) -> Result<(), ObserveError> {
        self.state = serde_json::from_str(saved)?;
        Ok(())
    }
}

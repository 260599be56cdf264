//! Mean squared displacements, diffusion coefficients and paths on the surface.

use crate::observe::adatoms::adatoms;
use crate::observe::body::{Vector3, places};
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::scene::Scene;
use frit_atoms::Vector;
use frit_io::{Entry, TableColumn};
use serde::{Deserialize, Serialize};

/// Rounding of sums of time steps, relative.
const TIME_ROUNDING: f64 = 1e-9;

/// A coefficient of diffusion from blocks of time.
///
/// In each block displacements are measured from its beginning; the coefficient is the slope of
/// their mean square over the second half of the block, D = (⟨r²⟩(τ) - ⟨r²⟩(τ/2)) / (2 d τ/2)
/// (Einstein 1905; Allen and Tildesley 2017, section 8.5.2), so that vibrations, which add a constant,
/// do not count. The mean over blocks has the standard error of independent blocks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockDiffusion {
    dimensions: f64,
    half: Option<[f64; 2]>,
    coefficients: Vec<f64>,
}

impl BlockDiffusion {
    /// Diffusion in `dimensions` directions: 2 on a surface, 3 in space.
    pub fn new(dimensions: u8) -> Self {
        Self {
            dimensions: f64::from(dimensions),
            ..Self::default()
        }
    }

    /// Feeds the mean squared displacement [Å²] at `time` [ps] since the block began, blocks being
    /// `block` [ps] long; true when this ended the block.
    pub fn observe(&mut self, time: f64, square: f64, block: f64) -> bool {
        if self.half.is_none() && time >= 0.5 * block * (1.0 - TIME_ROUNDING) {
            self.half = Some([time, square]);
            return false;
        }
        let Some([then, before]) = self.half else {
            return false;
        };
        if time < block * (1.0 - TIME_ROUNDING) {
            return false;
        }
        let slope = (square - before) / (time - then);
        self.coefficients.push(slope / (2.0 * self.dimensions));
        self.half = None;
        true
    }

    /// Coefficients of all finished blocks [Å²/ps].
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Mean of the blocks [Å²/ps].
    pub fn mean(&self) -> Option<f64> {
        let count = self.coefficients.len() as f64;
        (count > 0.0).then(|| self.coefficients.iter().sum::<f64>() / count)
    }

    /// Standard error of the mean [Å²/ps]; `None` before the second block.
    pub fn error(&self) -> Option<f64> {
        let count = self.coefficients.len() as f64;
        let mean = self.mean()?;
        let squares: f64 = self.coefficients.iter().map(|d| (d - mean).powi(2)).sum();
        (count > 1.0).then(|| (squares / (count * (count - 1.0))).sqrt())
    }
}

/// Diffusion of surface atoms and of adatoms, in the frame of their particle.
#[derive(Debug)]
pub struct SurfaceDiffusion {
    block: f64,
    state: DiffusionState,
}

#[derive(Debug, Serialize, Deserialize)]
struct DiffusionState {
    blocks: usize,
    origin: Option<Origin>,
    surface: BlockDiffusion,
    adatoms: BlockDiffusion,
}

/// Where a block began.
#[derive(Debug, Serialize, Deserialize)]
struct Origin {
    time: f64,
    /// Ranks of the surface atoms, and where they stood.
    rank: Vec<u32>,
    position: Vec<Vector3>,
    /// Which of them were adatoms.
    adatom: Vec<bool>,
}

impl SurfaceDiffusion {
    /// Blocks of `block` [ps].
    ///
    /// # Errors
    /// The block must be positive.
    pub fn new(block: f64) -> Result<Self, ObserveError> {
        if !(block > 0.0 && block.is_finite()) {
            return Err(ObserveError::BadParameter {
                what: "the block of `diffusion` [ps]",
                found: block,
                needed: "it must be positive: the time over which displacements are measured",
            });
        }
        Ok(Self {
            block,
            state: DiffusionState {
                blocks: 0,
                origin: None,
                surface: BlockDiffusion::new(2),
                adatoms: BlockDiffusion::new(2),
            },
        })
    }

    fn begin(&mut self, scene: &Scene<'_>, time: f64) {
        let standing = adatoms(scene);
        let mut origin = Origin {
            time,
            rank: Vec::new(),
            position: Vec::new(),
            adatom: Vec::new(),
        };
        for (rank, place) in places(scene.snapshot).into_iter().enumerate() {
            if scene.normals()[place].is_some() {
                origin.rank.push(rank as u32);
                origin.position.push(scene.inside()[place].into());
                origin.adatom.push(standing[place].is_some());
            }
        }
        self.state.origin = Some(origin);
        self.state.blocks += 1;
    }
}

impl Measure for SurfaceDiffusion {
    fn name(&self) -> &'static str {
        "diffusion"
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            column("block", ""),
            column("time in block", "ps"),
            column("surface atoms", ""),
            column("surface msd", "Å^2"),
            column("surface D", "Å^2/ps"),
            column("error of surface D", "Å^2/ps"),
            column("adatoms", ""),
            column("adatom msd", "Å^2"),
            column("adatom D", "Å^2/ps"),
            column("error of adatom D", "Å^2/ps"),
        ]
    }

    fn observe(&mut self, scene: &Scene<'_>, time: f64) -> Result<Rows, ObserveError> {
        if self.state.origin.is_none() {
            self.begin(scene, time);
        }
        let block = self.state.blocks;
        let Some(origin) = &self.state.origin else {
            return Ok(Vec::new());
        };
        let order = places(scene.snapshot);
        let mut sums = [(0, 0.0); 2];
        for (at, &rank) in origin.rank.iter().enumerate() {
            let now = scene.inside()[order[rank as usize]];
            let square = (now - Vector::from(origin.position[at])).norm_squared();
            sums[0].0 += 1;
            sums[0].1 += square;
            if origin.adatom[at] {
                sums[1].0 += 1;
                sums[1].1 += square;
            }
        }
        let means = sums.map(|(atoms, sum)| (atoms > 0).then(|| sum / f64::from(atoms)));
        let elapsed = time - origin.time;
        let mut ended = false;
        for (blocks, mean) in [&mut self.state.surface, &mut self.state.adatoms]
            .into_iter()
            .zip(means)
        {
            if let Some(mean) = mean {
                ended |= blocks.observe(elapsed, mean, self.block);
            } else {
                blocks.half = None;
            }
        }
        let mut row: Vec<Entry> = vec![count(block), elapsed.into()];
        for (blocks, (atoms, mean)) in [&self.state.surface, &self.state.adatoms]
            .into_iter()
            .zip([(sums[0].0, means[0]), (sums[1].0, means[1])])
        {
            row.extend([
                Entry::Integer(i64::from(atoms)),
                mean.into(),
                blocks.mean().into(),
                blocks.error().into(),
            ]);
        }
        if ended {
            self.begin(scene, time);
        }
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

/// The ways of the atoms that were adatoms at the first moment.
#[derive(Debug)]
pub struct AdatomPaths {
    most: usize,
    tracked: Option<Vec<u32>>,
}

impl AdatomPaths {
    /// Follows at most `most` adatoms, those of the lowest ids.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            tracked: None,
        }
    }
}

impl Measure for AdatomPaths {
    fn name(&self) -> &'static str {
        "adatom-paths"
    }

    fn columns(&self) -> Vec<TableColumn> {
        let mut columns = vec![
            column("id", ""),
            column("particle", ""),
            column("facet", ""),
            column("height", "Å"),
        ];
        columns.extend(["x", "y", "z"].map(|axis| column(axis, "Å")));
        columns.extend(["x", "y", "z"].map(|axis| column(format!("particle {axis}"), "Å")));
        columns
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let order = places(scene.snapshot);
        if self.tracked.is_none() {
            let standing = adatoms(scene);
            let adatom = |rank: &u32| standing[order[*rank as usize]].is_some();
            let all = (0..order.len() as u32).filter(adatom);
            self.tracked = Some(all.take(self.most).collect());
        }
        let bodies = scene.body_of_group();
        let rows = self.tracked.iter().flatten().map(|&rank| {
            let place = order[rank as usize];
            let at = bodies[usize::from(scene.snapshot.group(place))];
            let body = &scene.reference.bodies[at];
            let inside = scene.inside()[place];
            let over = body.sector(&inside);
            let mut row = vec![
                scene.snapshot.system().atoms.id()[place].into(),
                count(at + 1),
                over.map_or(Entry::Empty, |(facet, _)| {
                    Entry::Text(super::surface::miller(body, &body.facets[facet]))
                }),
                over.map(|(_, height)| height).into(),
            ];
            let here = scene.snapshot.unwrapped()[place];
            row.extend([here.x, here.y, here.z, inside.x, inside.y, inside.z].map(Entry::from));
            row
        });
        Ok(rows.collect())
    }

    fn save(&self) -> Result<String, ObserveError> {
        Ok(serde_json::to_string(&self.tracked)?)
    }

    fn restore(&mut self, saved: &str) -> Result<(), ObserveError> {
        self.tracked = serde_json::from_str(saved)?;
        Ok(())
    }
}

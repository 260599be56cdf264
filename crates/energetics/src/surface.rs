//! Surface energies.

use rayon::prelude::*;

use crate::EnergyError;
use crate::bench::Bench;
use crate::crystal::Crystal;
use crate::report::{Finding, Report, Samples};
use crate::slab::{Block, Plane, area, free_along_z};

/// 1 eV/Å² in J/m², by the value of the elementary charge in the SI.
pub const JOULE_PER_SQUARE_METRE: f64 = 16.021_766_34;
/// Empty space above slabs [Å]; they are free along z, so that it only frames the atoms.
pub(crate) const VACUUM: f64 = 15.0;

/// How a surface is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The crystal.
    pub crystal: Crystal,
    /// Lattice constant [Å].
    pub constant: f64,
    /// The plane.
    pub plane: Plane,
    /// Shortest repeats along the two edges.
    pub repeat: [u32; 2],
    /// Thickness of the slab [Å], rounded up to whole periods of the stacking.
    pub thickness: f64,
}

impl Surface {
    /// Cuts periodic crystals open: the energy of the slab less that of the same atoms without a
    /// gap, by the area of both faces.
    ///
    /// # Errors
    /// A relaxation failed.
    pub fn find(&self, bench: &Bench) -> Result<Report, EnergyError> {
        self.crystal.check_bound(bench, self.constant)?;
        let block = self.block()?;
        let (spacing, edges) = (block.spacing()?, block.edges()?);
        let found: Vec<Result<[f64; 3], EnergyError>> = (0..self.crystal.realisations())
            .into_par_iter()
            .map(|realisation| {
                let streams = self.crystal.streams.branch(realisation.into());
                let whole = block.periodic(streams)?;
                let faces = 2.0 * area(whole.cell.vectors());
                let (closed, _) = bench.relax(whole.clone(), "the crystal without a surface")?;
                let slab = free_along_z(whole)?;
                let (cut, _) = bench.evaluate(slab.clone())?;
                let (open, _) = bench.relax(slab, "the slab")?;
                let energy = |slab: f64| JOULE_PER_SQUARE_METRE * (slab - closed.energy) / faces;
                Ok([f64::from(realisation), energy(open.energy), energy(cut)])
            })
            .collect();
        let mut samples = Samples::new(&[
            ("realisation", ""),
            ("surface energy", "J/m^2"),
            ("unrelaxed", "J/m^2"),
        ]);
        for row in found {
            samples.rows.push(row?.to_vec());
        }
        let column = |k: usize| samples.rows.iter().map(|row| row[k]).collect::<Vec<_>>();
        let plane = self.plane.name();
        Ok(Report {
            recipe: vec![
                format!(
                    "crystal: {}, lattice constant {:.5} Å",
                    self.crystal.describe(),
                    self.constant
                ),
                format!(
                    "slab ({plane}): {} layers, {:.1} Å thick, {} x {} surface cells ({:.2} x {:.2} Å), free on both sides, no atom fixed, relaxed to {} eV/Å",
                    block.layers,
                    f64::from(block.layers) * spacing,
                    self.repeat[0],
                    self.repeat[1],
                    edges[0],
                    edges[1],
                    bench.criteria.max_force
                ),
                "energy: slab less the same atoms in a periodic cell, by the area of both faces"
                    .to_owned(),
            ],
            findings: vec![
                Finding::over(format!("surface energy ({plane})"), &column(1), "J/m^2"),
                Finding::over(
                    format!("surface energy ({plane}), unrelaxed"),
                    &column(2),
                    "J/m^2",
                ),
            ],
            samples,
        })
    }

    fn block(&self) -> Result<Block, EnergyError> {
        let mut block = Block {
            lattice: self.crystal.lattice,
            constant: self.constant,
            plane: self.plane,
            repeat: self.repeat,
            layers: 1,
            composition: self.crystal.composition.clone(),
        };
        let period = block.period()?;
        let periods = (self.thickness / (f64::from(period) * block.spacing()?)).ceil();
        block.layers = period * (periods.max(1.0) as u32);
        Ok(block)
    }
}

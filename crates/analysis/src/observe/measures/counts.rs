//! Coordination, structure and clusters: how many atoms are of which kind.

use crate::observe::clusters::clusters;
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::scene::Scene;
use crate::observe::structure::Structure;
use frit_io::{Column, TableColumn};

/// Number of neighbours of atoms.
#[derive(Debug)]
pub struct Coordination;

/// Coordinations counted together at either end: the last holds all higher ones.
const LOWEST: u32 = 5;
const HIGHEST: u32 = 13;

impl Measure for Coordination {
    fn name(&self) -> &'static str {
        "coordination"
    }

    fn columns(&self) -> Vec<TableColumn> {
        let mut columns = vec![
            column("mean coordination", ""),
            column("undercoordinated", ""),
        ];
        columns.extend((LOWEST..=HIGHEST).map(|n| match n {
            LOWEST => column(format!("atoms with {n} or fewer"), ""),
            HIGHEST => column(format!("atoms with {n} or more"), ""),
            n => column(format!("atoms with {n}"), ""),
        }));
        columns
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let coordination = scene.coordination();
        let total: u64 = coordination.iter().map(|&n| u64::from(n)).sum();
        let mut counts = [0; (HIGHEST - LOWEST + 1) as usize];
        for &n in coordination {
            counts[(n.clamp(LOWEST, HIGHEST) - LOWEST) as usize] += 1;
        }
        let under = coordination.iter().filter(|n| **n < 12).count();
        let mut row = vec![
            (total as f64 / coordination.len().max(1) as f64).into(),
            count(under),
        ];
        row.extend(counts.map(count));
        Ok(vec![row])
    }

    fn atoms(&self, scene: &Scene<'_>) -> Vec<Column> {
        let values: Vec<i64> = (scene.coordination().iter())
            .map(|&n| i64::from(n))
            .collect();
        vec![Column::integer(
            "coordination",
            scene.snapshot.by_rank(&values),
        )]
    }
}

/// Crystal structure around atoms, by common-neighbour analysis.
#[derive(Debug)]
pub struct CommonNeighbours;

impl Measure for CommonNeighbours {
    fn name(&self) -> &'static str {
        "structure"
    }

    fn columns(&self) -> Vec<TableColumn> {
        Structure::ALL.map(|s| column(s.name(), "")).into()
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let mut counts = [0; Structure::ALL.len()];
        for structure in scene.structures() {
            counts[structure.number()] += 1;
        }
        Ok(vec![counts.map(count).into()])
    }

    fn atoms(&self, scene: &Scene<'_>) -> Vec<Column> {
        let values: Vec<i64> = (scene.structures().iter())
            .map(|s| s.number() as i64)
            .collect();
        vec![Column::integer(
            "structure_type",
            scene.snapshot.by_rank(&values),
        )]
    }
}

/// Atoms that have left the particles.
#[derive(Debug)]
pub struct Detached {
    /// A cluster of fewer atoms is detached.
    pub fewer_than: u32,
}

impl Measure for Detached {
    fn name(&self) -> &'static str {
        "detached"
    }

    fn columns(&self) -> Vec<TableColumn> {
        [
            "clusters",
            "largest cluster",
            "detached atoms",
            "single atoms",
        ]
        .map(|name| column(name, ""))
        .into()
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let size = clusters(scene.snapshot, scene.bond).size;
        let detached = size.iter().filter(|&&atoms| atoms < self.fewer_than);
        Ok(vec![vec![
            count(size.len()),
            count(size.iter().copied().max().unwrap_or(0) as usize),
            count(detached.sum::<u32>() as usize),
            count(size.iter().filter(|&&atoms| atoms == 1).count()),
        ]])
    }
}

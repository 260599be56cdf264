//! The neck and the gap as observers.

use super::surface::name_facing;
use crate::observe::closing::{Reaches, reaches};
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::neck_section::neck_section;
use crate::observe::scene::Scene;
use frit_io::{Entry, TableColumn};
use serde::{Deserialize, Serialize};

/// Radius of the neck from its connected cross-section.
#[derive(Debug)]
pub struct NeckRadius;

impl Measure for NeckRadius {
    fn name(&self) -> &'static str {
        "neck-radius"
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            column("neck radius", "Å"),
            column("neck area", "Å^2"),
            column("plane from centre 1", "Å"),
            column("atoms in the plane", ""),
        ]
    }

    fn needs_pair(&self) -> bool {
        true
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let section = scene.couple().and_then(|couple| {
            let centres = couple.poses.map(|pose| pose.centre);
            let groups = couple.bodies.map(|body| body.group);
            // A particle that is no crystal has no spacing of its own.
            let spacing = couple
                .bodies
                .iter()
                .map(|body| body.spacing)
                .fold(0.0, f64::max);
            let spacing = if spacing > 0.0 {
                spacing
            } else {
                0.85 * scene.bond
            };
            neck_section(scene.snapshot, centres, groups, scene.bond, spacing)
        });
        Ok(vec![vec![
            section.map_or(0.0, |s| s.radius).into(),
            section.map_or(0.0, |s| s.area).into(),
            section.map(|s| s.position).into(),
            count(section.map_or(0, |s| s.atoms)),
        ]])
    }
}

/// How the gap closes: by approach of the centres and by advance of the facets.
#[derive(Debug, Default)]
pub struct Closing {
    first: First,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct First(Option<Reaches>);

impl Measure for Closing {
    fn name(&self) -> &'static str {
        "closing"
    }

    fn columns(&self) -> Vec<TableColumn> {
        let lengths = [
            "centre distance",
            "plane gap along centres",
            "front gap along centres",
            "closed by approach",
            "closed by plane 1",
            "closed by plane 2",
            "closed by front 1",
            "closed by front 2",
        ];
        (lengths.map(|name| column(name, "Å")).into_iter())
            .chain(["facing facet 1", "facing facet 2"].map(|name| column(name, "")))
            .collect()
    }

    fn needs_pair(&self) -> bool {
        true
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let Some(now) = reaches(scene) else {
            // The centres fall together: there is no direction between them.
            return Ok(vec![vec![Entry::Empty; self.columns().len()]]);
        };
        let first = *self.first.0.get_or_insert(now);
        let gap = |[one, two]: [Option<f64>; 2]| Some(now.distance - one? - two?);
        let advance = |now: Option<f64>, first: Option<f64>| Some(now? - first?);
        let values = [
            Some(now.distance),
            gap(now.plane),
            gap(now.front),
            Some(first.distance - now.distance),
            advance(now.plane[0], first.plane[0]),
            advance(now.plane[1], first.plane[1]),
            advance(now.front[0], first.front[0]),
            advance(now.front[1], first.front[1]),
        ];
        let facing = [0, 1].map(|body| Entry::Text(name_facing(scene, body)));
        Ok(vec![
            values.into_iter().map(Entry::from).chain(facing).collect(),
        ])
    }

    fn save(&self) -> Result<String, ObserveError> {
        Ok(serde_json::to_string(&self.first)?)
    }

    fn restore(&mut self, saved: &str) -> Result<(), ObserveError> {
        self.first = serde_json::from_str(saved)?;
        Ok(())
    }
}

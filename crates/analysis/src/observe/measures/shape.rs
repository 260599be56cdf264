//! Size, shape and orientation of particles.

use crate::observe::measure::{Measure, ObserveError, Rows, column};
use crate::observe::rotation::{axis_angle, misorientation};
use crate::observe::scene::Scene;
use frit_atoms::{Matrix, Vector};
use frit_io::{Entry, TableColumn};

/// Radius of gyration and departures from the sphere.
///
/// With the eigenvalues λ₁ ≥ λ₂ ≥ λ₃ of the gyration tensor Σ m s sᵀ / Σ m about the centre of mass
/// (Theodorou and Suter, Macromolecules 18, 1206 (1985), doi:10.1021/ma00148a028).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gyration {
    /// √(λ₁ + λ₂ + λ₃) [Å].
    pub radius: f64,
    /// λ₁ - (λ₂ + λ₃)/2 [Å²]; zero for spheres and cubes.
    pub asphericity: f64,
    /// κ² = 1 - 3 (λ₁λ₂ + λ₂λ₃ + λ₃λ₁) / (λ₁ + λ₂ + λ₃)²: 0 for a sphere, 1 for a line.
    pub anisotropy: f64,
}

/// The gyration of masses [u] at points [Å]; `None` without any.
pub fn gyration(atoms: impl Iterator<Item = (f64, Vector)> + Clone) -> Option<Gyration> {
    let (_, anchor) = atoms.clone().next()?;
    let (mass, moment) = (atoms.clone()).fold((0.0, Vector::zeros()), |(mass, moment), (m, at)| {
        (mass + m, moment + m * (at - anchor))
    });
    let centre = anchor + moment / mass;
    let tensor = atoms.fold(Matrix::zeros(), |sum, (m, at)| {
        let offset = at - centre;
        sum + m * offset * offset.transpose()
    }) / mass;
    let mut values: [f64; 3] = tensor.symmetric_eigenvalues().into();
    values.sort_unstable_by(|a, b| b.total_cmp(a));
    let [one, two, three] = values;
    let trace = one + two + three;
    let anisotropy = if trace > 0.0 {
        1.0 - 3.0 * (one * two + two * three + three * one) / (trace * trace)
    } else {
        0.0
    };
    Some(Gyration {
        radius: trace.max(0.0).sqrt(),
        asphericity: one - 0.5 * (two + three),
        anisotropy,
    })
}

/// Radius of gyration and asphericity of everything and of each particle.
#[derive(Debug)]
pub struct Shape {
    bodies: usize,
}

impl Shape {
    /// For so many particles.
    pub fn new(bodies: usize) -> Self {
        Self { bodies }
    }
}

impl Measure for Shape {
    fn name(&self) -> &'static str {
        "shape"
    }

    fn columns(&self) -> Vec<TableColumn> {
        let bodies = (1..=self.bodies).map(|body| format!(" {body}"));
        std::iter::once(String::new())
            .chain(bodies)
            .flat_map(|which| {
                [
                    column(format!("radius of gyration{which}"), "Å"),
                    column(format!("asphericity{which}"), "Å^2"),
                    column(format!("anisotropy{which}"), ""),
                ]
            })
            .collect()
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let snapshot = scene.snapshot;
        let atom = |place: usize| (snapshot.system().mass(place), snapshot.unwrapped()[place]);
        let mut row: Vec<Entry> = Vec::new();
        let mut add = |found: Option<Gyration>| {
            row.extend([
                Entry::from(found.map(|g| g.radius)),
                found.map(|g| g.asphericity).into(),
                found.map(|g| g.anisotropy).into(),
            ]);
        };
        add(gyration((0..snapshot.len()).map(atom)));
        for body in &scene.reference.bodies {
            let own = (0..snapshot.len()).filter(|&place| snapshot.group(place) == body.group);
            add(gyration(own.map(atom)));
        }
        Ok(vec![row])
    }
}

/// Rotation of each particle since the first moment, and the misorientation of a pair: that of the
/// grains with which the particles faced each other at the first moment.
#[derive(Debug)]
pub struct Orientation {
    bodies: usize,
}

impl Orientation {
    /// For so many particles.
    pub fn new(bodies: usize) -> Self {
        Self { bodies }
    }
}

impl Measure for Orientation {
    fn name(&self) -> &'static str {
        "orientation"
    }

    fn columns(&self) -> Vec<TableColumn> {
        let mut columns: Vec<TableColumn> = (1..=self.bodies)
            .flat_map(|body| {
                [
                    column(format!("rotation {body}"), "°"),
                    column(format!("axis {body} x"), ""),
                    column(format!("axis {body} y"), ""),
                    column(format!("axis {body} z"), ""),
                ]
            })
            .collect();
        columns.push(column("misorientation", "°"));
        columns
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let mut row: Vec<Entry> = Vec::new();
        for pose in scene.poses() {
            let (axis, angle) = axis_angle(&pose.rotation);
            row.push(angle.to_degrees().into());
            row.extend([axis.x, axis.y, axis.z].map(Entry::from));
        }
        let misorientation = scene.couple().and_then(|couple| {
            let now = |which: usize| {
                let grain = &couple.bodies[which].grains[couple.facing_grain(which)?];
                Some(couple.poses[which].rotation * grain.axes())
            };
            Some(misorientation(&now(0)?, &now(1)?).to_degrees())
        });
        row.push(misorientation.into());
        Ok(vec![row])
    }
}

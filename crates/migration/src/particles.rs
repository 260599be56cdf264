//! Particles in columns.

use nalgebra::{Quaternion, UnitQuaternion, Vector3};

use crate::error::RestoreError;
use crate::field::Sums;

/// All particles, in the order of their ids; fields hold one block of vertices per particle.
#[derive(Debug, Clone, Default)]
pub struct Particles {
    pub(crate) id: Vec<u64>,
    /// How many particles went into this one.
    pub(crate) ancestors: Vec<u64>,
    pub(crate) radius: Vec<f64>,
    /// Not wrapped into the support.
    pub(crate) position: Vec<[f64; 2]>,
    pub(crate) velocity: Vec<[f64; 2]>,
    pub(crate) orientation: Vec<UnitQuaternion<f64>>,
    pub(crate) force: Vec<[f64; 2]>,
    pub(crate) sums: Vec<Sums>,
    pub(crate) vertices: usize,
    pub(crate) copper: Vec<f64>,
    pub(crate) promoter: Vec<f64>,
    pub(crate) activity: Vec<f64>,
}

/// One particle to start from.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// Radius [m].
    pub radius: f64,
    /// Position on the support [m].
    pub position: [f64; 2],
    /// u on each vertex.
    pub copper: Vec<f64>,
    /// s on each vertex.
    pub promoter: Vec<f64>,
    /// z on each vertex: factor of the rate of reduction.
    pub activity: Vec<f64>,
}

impl Particles {
    pub(crate) fn new(vertices: usize) -> Self {
        Self {
            vertices,
            ..Self::default()
        }
    }

    pub(crate) fn push(&mut self, particle: &Particle) {
        self.id.push(self.id.len() as u64);
        self.ancestors.push(1);
        self.radius.push(particle.radius);
        self.position.push(particle.position);
        self.velocity.push([0.0; 2]);
        self.orientation.push(UnitQuaternion::identity());
        self.force.push([0.0; 2]);
        self.sums.push(Sums {
            copper: 0.0,
            promoter: 0.0,
            deficit: Vector3::zeros(),
            dipole: Vector3::zeros(),
        });
        self.copper.extend(&particle.copper);
        self.promoter.extend(&particle.promoter);
        self.activity.extend(&particle.activity);
    }

    /// Takes away the particles that are not to be kept.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        fn column<T>(values: &mut Vec<T>, keep: &[bool], block: usize) {
            let mut index = 0;
            values.retain(|_| {
                index += 1;
                keep[(index - 1) / block]
            });
        }
        column(&mut self.id, keep, 1);
        column(&mut self.ancestors, keep, 1);
        column(&mut self.radius, keep, 1);
        column(&mut self.position, keep, 1);
        column(&mut self.velocity, keep, 1);
        column(&mut self.orientation, keep, 1);
        column(&mut self.force, keep, 1);
        column(&mut self.sums, keep, 1);
        column(&mut self.copper, keep, self.vertices);
        column(&mut self.promoter, keep, self.vertices);
        column(&mut self.activity, keep, self.vertices);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// Identities: 0, 1, ... at the start; the larger of two that merge keeps its own.
    pub fn id(&self) -> &[u64] {
        &self.id
    }

    /// How many particles of the start went into each.
    pub fn ancestors(&self) -> &[u64] {
        &self.ancestors
    }

    /// Radii [m].
    pub fn radius(&self) -> &[f64] {
        &self.radius
    }

    /// Positions [m], not wrapped into the support.
    pub fn position(&self) -> &[[f64; 2]] {
        &self.position
    }

    /// Velocities [m/s]; zero without inertia.
    pub fn velocity(&self) -> &[[f64; 2]] {
        &self.velocity
    }

    /// Orientations: they turn the mesh into the frame of the support.
    pub fn orientation(&self) -> &[UnitQuaternion<f64>] {
        &self.orientation
    }

    /// Driving forces [N] along the support, noise and friction not included.
    pub fn force(&self) -> &[[f64; 2]] {
        &self.force
    }

    /// Cu fraction, promoter, deficit and dipole of each.
    pub fn sums(&self) -> &[Sums] {
        &self.sums
    }

    /// u on the vertices of one particle.
    pub fn copper(&self, particle: usize) -> &[f64] {
        &self.copper[self.block(particle)]
    }

    /// s on the vertices of one particle.
    pub fn promoter(&self, particle: usize) -> &[f64] {
        &self.promoter[self.block(particle)]
    }

    /// z on the vertices of one particle.
    pub fn activity(&self, particle: usize) -> &[f64] {
        &self.activity[self.block(particle)]
    }

    pub(crate) fn block(&self, particle: usize) -> std::ops::Range<usize> {
        particle * self.vertices..(particle + 1) * self.vertices
    }

    /// d of one particle: the length of its dipole along the support.
    pub fn dipole(&self, particle: usize) -> f64 {
        let dipole = &self.sums[particle].dipole;
        dipole.x.hypot(dipole.y)
    }

    /// All columns of numbers, with the numbers of each per particle.
    pub(crate) fn numbers(&self) -> Vec<(&'static str, Vec<f64>)> {
        let sums = |values: fn(&Sums) -> Vec<f64>| self.sums.iter().flat_map(values).collect();
        let turns = self.orientation.iter();
        vec![
            ("radius", self.radius.clone()),
            ("position", self.position.as_flattened().to_vec()),
            ("velocity", self.velocity.as_flattened().to_vec()),
            (
                "orientation",
                turns.flat_map(|q| q.coords.iter().copied()).collect(),
            ),
            ("force", self.force.as_flattened().to_vec()),
            ("means", sums(|sums| vec![sums.copper, sums.promoter])),
            (
                "deficit",
                sums(|sums| sums.deficit.iter().copied().collect()),
            ),
            ("dipole", sums(|sums| sums.dipole.iter().copied().collect())),
            ("copper", self.copper.clone()),
            ("promoter", self.promoter.clone()),
            ("activity", self.activity.clone()),
        ]
    }

    /// Particles from what [`Particles::numbers`] gave; `column` finds an array by name and checks
    /// its length per particle.
    pub(crate) fn from_numbers(
        vertices: usize,
        id: Vec<u64>,
        ancestors: Vec<u64>,
        column: impl Fn(&str, usize) -> Result<Vec<f64>, RestoreError>,
    ) -> Result<Self, RestoreError> {
        let pairs = |values: Vec<f64>| values.chunks_exact(2).map(|v| [v[0], v[1]]).collect();
        let turn =
            |v: &[f64]| UnitQuaternion::new_unchecked(Quaternion::new(v[3], v[0], v[1], v[2]));
        let (means, deficit, dipole) = (
            column("means", 2)?,
            column("deficit", 3)?,
            column("dipole", 3)?,
        );
        let sums = |k: usize| Sums {
            copper: means[2 * k],
            promoter: means[2 * k + 1],
            deficit: Vector3::from_column_slice(&deficit[3 * k..3 * k + 3]),
            dipole: Vector3::from_column_slice(&dipole[3 * k..3 * k + 3]),
        };
        Ok(Self {
            radius: column("radius", 1)?,
            position: pairs(column("position", 2)?),
            velocity: pairs(column("velocity", 2)?),
            orientation: column("orientation", 4)?
                .chunks_exact(4)
                .map(turn)
                .collect(),
            force: pairs(column("force", 2)?),
            sums: (0..id.len()).map(sums).collect(),
            copper: column("copper", vertices)?,
            promoter: column("promoter", vertices)?,
            activity: column("activity", vertices)?,
            id,
            ancestors,
            vertices,
        })
    }
}

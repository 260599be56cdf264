//! Atomic strain since the first moment.

use crate::observe::body::places;
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::scene::Scene;
use frit_atoms::{Matrix, Vector};
use frit_io::{Column, TableColumn};

/// Strain of one atom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strain {
    /// Mises shear strain.
    pub shear: f64,
    /// Volumetric strain, a third of the trace.
    pub volumetric: f64,
}

/// Atomic strain of each atom since the first moment, in the order of the snapshot; `None` where
/// its neighbours of then (closer than the scene's bond) span no volume.
///
/// The deformation J is the least-squares map of the vectors to the neighbours at the first moment to
/// those now; η = (JᵀJ - 1)/2 is the Green-Lagrange strain (Shimizu, Ogata, Li, Mater. Trans. 48, 2923
/// (2007), doi:10.2320/matertrans.MJ200769; Falk and Langer, Phys. Rev. E 57, 7192 (1998),
/// doi:10.1103/PhysRevE.57.7192). The shear is
/// √(η_yz² + η_xz² + η_xy² + ((η_yy-η_zz)² + (η_xx-η_zz)² + (η_xx-η_yy)²)/6).
pub fn atomic_strain(scene: &Scene<'_>) -> Vec<Option<Strain>> {
    let order = places(scene.snapshot);
    let then = &scene.reference.bonds;
    let unwrapped = scene.snapshot.unwrapped();
    let cell = &scene.snapshot.system().cell;
    scene.snapshot.map(|place| {
        let rank = scene.snapshot.rank()[place] as usize;
        let mut before = Matrix::zeros();
        let mut mixed = Matrix::zeros();
        for bond in then.of(rank) {
            let other = unwrapped[order[bond.rank as usize]];
            let now = other - unwrapped[place] + cell.translation(bond.image);
            before += bond.vector * bond.vector.transpose();
            mixed += now * bond.vector.transpose();
        }
        let deformation = mixed * invert(&before)?;
        let strain = 0.5 * (deformation.tr_mul(&deformation) - Matrix::identity());
        Some(Strain {
            shear: mises(&strain),
            volumetric: strain.trace() / 3.0,
        })
    })
}

/// The inverse, unless three directions are not spanned: less than a bond's square in the weakest.
fn invert(matrix: &Matrix) -> Option<Matrix> {
    let scale = matrix.trace() / 3.0;
    (matrix.determinant() > 1e-6 * scale.powi(3))
        .then(|| matrix.try_inverse())
        .flatten()
}

fn mises(strain: &Matrix) -> f64 {
    let off: Vector = Vector::new(strain[(1, 2)], strain[(0, 2)], strain[(0, 1)]);
    let d = strain.diagonal();
    let differences = (d.y - d.z).powi(2) + (d.x - d.z).powi(2) + (d.x - d.y).powi(2);
    (off.norm_squared() + differences / 6.0).sqrt()
}

/// Atomic strain of everything and of the neck.
#[derive(Debug)]
pub struct NeckStrain {
    half_width: f64,
}

impl NeckStrain {
    /// The neck reaches `half_width` [Å] to either side of the middle between the particles.
    pub fn new(half_width: f64) -> Self {
        Self { half_width }
    }
}

impl Measure for NeckStrain {
    fn name(&self) -> &'static str {
        "strain"
    }

    fn columns(&self) -> Vec<TableColumn> {
        [
            "mean shear",
            "mean volumetric",
            "atoms in the neck",
            "mean shear in the neck",
            "largest shear in the neck",
            "mean volumetric in the neck",
        ]
        .map(|name| column(name, ""))
        .into()
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let strain = atomic_strain(scene);
        let middle = scene.couple().map(|couple| {
            let middle = 0.5 * (couple.poses[0].centre + couple.poses[1].centre);
            (middle, couple.axis)
        });
        let is_in_neck = |place: usize| {
            middle.is_some_and(|(middle, axis)| {
                axis.dot(&(scene.snapshot.unwrapped()[place] - middle))
                    .abs()
                    < self.half_width
            })
        };
        let mut all = (0, 0.0, 0.0);
        let mut neck = (0, 0.0, 0.0, 0.0_f64);
        for (place, strain) in strain.iter().enumerate() {
            let Some(strain) = strain else { continue };
            all = (all.0 + 1, all.1 + strain.shear, all.2 + strain.volumetric);
            if is_in_neck(place) {
                neck = (
                    neck.0 + 1,
                    neck.1 + strain.shear,
                    neck.2 + strain.volumetric,
                    neck.3.max(strain.shear),
                );
            }
        }
        let mean = |sum: f64, atoms: usize| (atoms > 0).then(|| sum / atoms as f64);
        Ok(vec![vec![
            mean(all.1, all.0).into(),
            mean(all.2, all.0).into(),
            count(neck.0),
            mean(neck.1, neck.0).into(),
            (neck.0 > 0).then_some(neck.3).into(),
            mean(neck.2, neck.0).into(),
        ]])
    }

    fn atoms(&self, scene: &Scene<'_>) -> Vec<Column> {
        let shear: Vec<f64> = (atomic_strain(scene).iter())
            .map(|strain| strain.map_or(0.0, |strain| strain.shear))
            .collect();
        vec![Column::real("shear_strain", scene.snapshot.by_rank(&shear))]
    }
}

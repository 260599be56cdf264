//! From Cu on a surface to the force of the gas.
//!
//! Equation (3) of Zhao et al. (doi:10.1002/smll.202405759) is `F = -Σ P_i n_i A_i` with outward
//! normals. With `P_i = P - dP_i` and `Σ n_i A_i = 0` it is `F = +Σ dP_i n_i A_i`: the force
//! points to where O2 is used, to the Cu side, and Cu leads, as observed. Their equation (4)
//! prints a minus with the same normal, which would drive the particle the other way.

use nalgebra::{DMatrix, DVector, Vector3};

use crate::gas::{Prefactor, facet_impulse, facet_impulse_linear, water_recoil};
use crate::mesh::Mesh;
use crate::parameters::{Gas, PressureModel};

/// The integral `Σ y_i n_i a_i` over the unit sphere.
///
/// The force on a sphere of radius R is `p R²` times this for deficits `y_i` in units of p.
pub fn surface_integral(mesh: &Mesh, field: &[f64]) -> Vector3<f64> {
    let mut sum = Vector3::zeros();
    for ((&value, normal), &area) in field.iter().zip(mesh.normals()).zip(mesh.areas()) {
        sum += area * value * normal;
    }
    sum
}

/// Time integral [N s] of the force over a window that starts with full layers, exactly.
///
/// `oxygen` [Pa] in the pool, k1 and κ [1/s], time [s], radius [m]; see [`facet_impulse`].
pub fn impulse_exact(mesh: &Mesh, copper: &[f64], window: &Window) -> Vector3<f64> {
    let facet = |u: &f64| {
        facet_impulse(
            window.oxygen,
            window.uptake_rate * u,
            window.exchange_rate,
            window.time,
        )
    };
    let facets: Vec<f64> = copper.iter().map(facet).collect();
    window.radius * window.radius * surface_integral(mesh, &facets)
}

/// The same by equation (4): linear in the loss, without exchange, with either prefactor.
///
/// Valid for `k1 u Δt` far below 1 alone. With Δt = 0.04 s the forces that move particles would
/// ask for k1 Δt = 5000, long after all O2 is gone.
pub fn impulse_equation_4(
    mesh: &Mesh,
    copper: &[f64],
    window: &Window,
    prefactor: Prefactor,
) -> Vector3<f64> {
    let facet = |u: &f64| {
        facet_impulse_linear(
            window.oxygen,
            window.uptake_rate * u,
            window.time,
            prefactor,
        )
    };
    let facets: Vec<f64> = copper.iter().map(facet).collect();
    window.radius * window.radius * surface_integral(mesh, &facets)
}

/// A window of time over which layers that start full lose O2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// O2 in the pool [Pa].
    pub oxygen: f64,
    /// k1 [1/s].
    pub uptake_rate: f64,
    /// κ [1/s].
    pub exchange_rate: f64,
    /// Δt [s].
    pub time: f64,
    /// R [m].
    pub radius: f64,
}

/// Pressure deficits on facets in units of the O2 pressure of the pool.
#[derive(Debug, Clone)]
pub struct Deficit {
    model: PressureModel,
    /// χ, or k1 Δt of the window.
    uptake: f64,
    /// The layer of a continuous gas: inverse of its exchange.
    diffusion: Option<DMatrix<f64>>,
}

impl Deficit {
    /// The model of a gas on a mesh.
    ///
    /// [`PressureModel::Diffusive`] finds the eigenvectors of the Laplacian once, in time that
    /// grows with the cube of the number of vertices: seconds from 642 on.
    pub fn new(gas: &Gas, mesh: &Mesh) -> Self {
        let diffusion = match gas.pressure {
            PressureModel::Diffusive => Some(exterior_exchange(mesh)),
            _ => None,
        };
        Self {
            model: gas.pressure,
            uptake: match gas.pressure {
                PressureModel::Window => gas.window,
                _ => gas.uptake,
            },
            diffusion,
        }
    }

    /// The deficits, from Cu fractions and the share of each vertex that is exposed.
    pub fn evaluate(&self, mesh: &Mesh, copper: &[f64], exposure: &[f64], out: &mut [f64]) {
        let cells = copper.iter().zip(exposure);
        for (out, (&copper, &exposure)) in out.iter_mut().zip(cells) {
            let uptake = self.uptake * copper * exposure;
            *out = match self.model {
                PressureModel::Window | PressureModel::Diffusive => uptake,
                PressureModel::Layer => uptake / (1.0 + uptake),
                PressureModel::FreeMolecular => 0.5 * uptake / (1.0 + uptake),
            };
        }
        if self.model == PressureModel::FreeMolecular {
            add_recoil(mesh, copper, exposure, out);
        }
        if let Some(exchange) = &self.diffusion {
            share_loss(exchange, out);
        }
    }
}

/// Adds the recoil of H2O: as much hydrogen leaves as water from the oxide, in proportion to
/// `1 - u`, as the O2 taken up on Cu asks for. More pressure is less deficit.
fn add_recoil(mesh: &Mesh, copper: &[f64], exposure: &[f64], out: &mut [f64]) {
    let (mut loss, mut oxide) = (0.0, 0.0);
    for (i, area) in mesh.areas().iter().enumerate() {
        loss += area * out[i];
        oxide += area * (1.0 - copper[i]) * exposure[i];
    }
    if oxide > 0.0 {
        let scale = water_recoil() * loss / oxide;
        for i in 0..out.len() {
            out[i] -= scale * (1.0 - copper[i]) * exposure[i];
        }
    }
}

/// The inverse of the exchange between a sphere and the gas around it, relative to that of a
/// uniform sphere: `1/(l+1)` on harmonics of degree l, with `l + 1 = 1/2 + √(1/4 - L)`.
fn exterior_exchange(mesh: &Mesh) -> DMatrix<f64> {
    let n = mesh.vertices();
    let root: Vec<f64> = mesh.areas().iter().map(|area| area.sqrt()).collect();
    // √a L 1/√a is symmetric.
    let mut symmetric = DMatrix::zeros(n, n);
    let (mut unit, mut column) = (vec![0.0; n], vec![0.0; n]);
    for j in 0..n {
        unit[j] = 1.0 / root[j];
        mesh.laplacian(&unit, &mut column);
        unit[j] = 0.0;
        for i in 0..n {
            symmetric[(i, j)] = -root[i] * column[i];
        }
    }
    let symmetric = 0.5 * (&symmetric + symmetric.transpose());
    let eigen = symmetric.symmetric_eigen();
    let inverse = eigen
        .eigenvalues
        .map(|value| 1.0 / (0.5 + (0.25 + value.max(0.0)).sqrt()));
    let scaled = &eigen.eigenvectors * DMatrix::from_diagonal(&inverse);
    let mut exchange = scaled * eigen.eigenvectors.transpose();
    for i in 0..n {
        for j in 0..n {
            exchange[(i, j)] *= root[j] / root[i];
        }
    }
    exchange
}

/// Solves `y = E [X (1 - y)]`, where `out` holds X and takes y; E is the inverse exchange.
///
/// Each iteration multiplies the error by at most the largest X, which parameters keep below 0.9.
fn share_loss(exchange: &DMatrix<f64>, out: &mut [f64]) {
    const ACCURACY: f64 = 1e-14;
    const ITERATIONS: usize = 400;
    let uptake = DVector::from_column_slice(out);
    let mut deficit = DVector::zeros(out.len());
    for _ in 0..ITERATIONS {
        let next = exchange * uptake.zip_map(&deficit, |x, y| x * (1.0 - y));
        let change = (&next - &deficit).amax();
        deficit = next;
        if change < ACCURACY {
            break;
        }
    }
    out.copy_from_slice(deficit.as_slice());
}

//! Icospheres: nearly uniform triangulations of the unit sphere, and diffusion on them.

mod cap;

use std::collections::HashMap;

use nalgebra::Vector3;

/// Vertices around a vertex, at most.
const NEIGHBOURS: usize = 6;

/// The corners of an icosahedron, before they are put on the unit sphere, from the golden ratio.
///
/// The orientation matters at the level of 1 % for coarse meshes, and gives them the mirror
/// planes x = 0, y = 0 and z = 0.
fn corners() -> Vec<Vector3<f64>> {
    let golden = f64::midpoint(1.0, 5.0_f64.sqrt());
    let mut corners = Vec::new();
    for axis in 0..3 {
        for (one, ratio) in [
            (-1.0, golden),
            (1.0, golden),
            (-1.0, -golden),
            (1.0, -golden),
        ] {
            let mut corner = Vector3::zeros();
            corner[axis] = one;
            corner[(axis + 1) % 3] = ratio;
            corners.push(corner);
        }
    }
    corners
}

/// The faces of the icosahedron, counter-clockwise seen from outside.
const FACES: [[u32; 3]; 20] = [
    [0, 11, 5],
    [0, 5, 1],
    [0, 1, 7],
    [0, 7, 10],
    [0, 10, 11],
    [1, 5, 9],
    [5, 11, 4],
    [11, 10, 2],
    [10, 7, 6],
    [7, 1, 8],
    [3, 9, 4],
    [3, 4, 2],
    [3, 2, 6],
    [3, 6, 8],
    [3, 8, 9],
    [4, 9, 5],
    [2, 4, 11],
    [6, 2, 10],
    [8, 6, 7],
    [9, 8, 1],
];

/// A triangulated unit sphere with lumped vertex areas and the Laplace-Beltrami operator.
///
/// The operator is that of linear finite elements (cotangent weights; Pinkall and Polthier 1993,
/// doi:10.1080/10586458.1993.10504266) with lumped areas, scaled so that the areas add up to 4π:
/// `(L f)_i = Σ_j w_ij (f_j - f_i)`, `w_ij = (cot α + cot β) / (2 a_i)`. A constant field gives
/// exactly 0, and `Σ a_i (L f)_i = 0` up to rounding.
#[derive(Debug, Clone)]
pub struct Mesh {
    normals: Vec<Vector3<f64>>,
    faces: Vec<[u32; 3]>,
    areas: Vec<f64>,
    /// Padded with the vertex itself.
    neighbours: Vec<[u32; NEIGHBOURS]>,
    /// Padded with zeros.
    weights: Vec<[f64; NEIGHBOURS]>,
    spectral_bound: f64,
}

impl Mesh {
    /// The icosahedron with each face divided `subdivisions` times into four: 12, 42, 162, 642,
    /// 2562 vertices and so on.
    pub fn icosphere(subdivisions: u32) -> Self {
        let mut normals: Vec<_> = corners().iter().map(Vector3::normalize).collect();
        let mut faces = FACES.to_vec();
        for _ in 0..subdivisions {
            faces = divide(&mut normals, &faces);
        }
        let mut areas = vec![0.0; normals.len()];
        let mut links: Vec<Vec<(u32, f64)>> = vec![Vec::new(); normals.len()];
        for face in &faces {
            let corner = face.map(|vertex| normals[vertex as usize]);
            let area = 0.5
                * (corner[1] - corner[0])
                    .cross(&(corner[2] - corner[0]))
                    .norm();
            for k in 0..3 {
                areas[face[k] as usize] += area / 3.0;
                let (from, to, opposite) = (face[k], face[(k + 1) % 3], corner[(k + 2) % 3]);
                let edges = (corner[k] - opposite, corner[(k + 1) % 3] - opposite);
                let half = 0.5 * edges.0.dot(&edges.1) / edges.0.cross(&edges.1).norm();
                add_link(&mut links[from as usize], to, half);
                add_link(&mut links[to as usize], from, half);
            }
        }
        let scale = 4.0 * std::f64::consts::PI / areas.iter().sum::<f64>();
        for area in &mut areas {
            *area *= scale;
        }
        let mut neighbours = Vec::with_capacity(normals.len());
        let mut weights = Vec::with_capacity(normals.len());
        for (vertex, links) in links.iter().enumerate() {
            let mut around = [vertex as u32; NEIGHBOURS];
            let mut weight = [0.0; NEIGHBOURS];
            for (k, &(other, value)) in links.iter().enumerate() {
                around[k] = other;
                weight[k] = value / areas[vertex];
            }
            neighbours.push(around);
            weights.push(weight);
        }
        let row = |weight: &[f64; NEIGHBOURS]| 2.0 * weight.iter().sum::<f64>();
        let spectral_bound = weights.iter().map(row).fold(0.0, f64::max);
        Self {
            normals,
            faces,
            areas,
            neighbours,
            weights,
            spectral_bound,
        }
    }

    /// How many vertices there are.
    pub fn vertices(&self) -> usize {
        self.normals.len()
    }

    /// The vertices, which are the outward unit normals as well.
    pub fn normals(&self) -> &[Vector3<f64>] {
        &self.normals
    }

    /// The triangles, counter-clockwise seen from outside.
    pub fn faces(&self) -> &[[u32; 3]] {
        &self.faces
    }

    /// Areas that belong to the vertices on the unit sphere; they add up to 4π.
    pub fn areas(&self) -> &[f64] {
        &self.areas
    }

    /// A bound of the largest eigenvalue of `-L` (Gershgorin), about one and a half times it.
    ///
    /// Explicit diffusion with coefficient D on a sphere of radius R is stable for time steps
    /// below `2 R²/(D λ)`.
    pub fn spectral_bound(&self) -> f64 {
        self.spectral_bound
    }

    /// `out = L field`, the Laplace-Beltrami operator of the unit sphere.
    pub fn laplacian(&self, field: &[f64], out: &mut [f64]) {
        let rows = self.neighbours.iter().zip(&self.weights);
        for ((out, &here), (neighbours, weights)) in out.iter_mut().zip(field).zip(rows) {
            let mut sum = 0.0;
            for k in 0..NEIGHBOURS {
                sum += weights[k] * (field[neighbours[k] as usize] - here);
            }
            *out = sum;
        }
    }

    /// Solves `(1 - strength L) field = right`, with `field` for `right` at the start.
    ///
    /// Chebyshev iteration (Saad 2003, Iterative Methods for Sparse Linear Systems, algorithm
    /// 12.1) with as many iterations as bring the error to 1e-13 of the first residual: the
    /// number depends on `strength` alone. It needs no sums over the sphere.
    pub(crate) fn solve_implicit(
        &self,
        strength: f64,
        field: &mut [f64],
        [residual, step, image]: [&mut [f64]; 3],
    ) {
        const ACCURACY: f64 = 1e-13;
        if strength == 0.0 {
            return;
        }
        let half_width = 0.5 * strength * self.spectral_bound;
        let centre = 1.0 + half_width;
        let sigma = centre / half_width;
        let factor = sigma - (sigma * sigma - 1.0).sqrt();
        let iterations = ((0.5 * ACCURACY).ln() / factor.ln()).ceil() as usize;
        self.laplacian(field, image);
        for i in 0..field.len() {
            residual[i] = strength * image[i];
            step[i] = residual[i] / centre;
        }
        let mut rho = 1.0 / sigma;
        for _ in 0..iterations.max(1) {
            self.laplacian(step, image);
            let next = 1.0 / (2.0 * sigma - rho);
            let (keep, push) = (next * rho, 2.0 * next / half_width);
            for i in 0..field.len() {
                field[i] += step[i];
                residual[i] -= step[i] - strength * image[i];
                step[i] = keep * step[i] + push * residual[i];
            }
            rho = next;
        }
    }

    /// Lets heat flow over the unit sphere for a time: `field = exp(time L) field`.
    ///
    /// Uniformisation: with `P = 1 + L/λ`, `exp(time L)` is the average of `P^k` over a Poisson
    /// distribution of `k` with mean `λ time` (Grassmann,
    /// Comput. Oper. Res. 1977, 4, 47). All terms are positive, none cancel.
    pub(crate) fn heat(&self, field: &mut [f64], time: f64) {
        let mean = self.spectral_bound * time;
        // What is left out weighs less than 1e-16.
        let terms = (mean + 8.0 * mean.sqrt() + 14.0).ceil() as usize;
        let mut power = field.to_vec();
        let mut image = vec![0.0; field.len()];
        let mut log_weight = -mean;
        for value in field.iter_mut() {
            *value *= log_weight.exp();
        }
        for k in 1..=terms {
            self.laplacian(&power, &mut image);
            log_weight += (mean / k as f64).ln();
            let weight = log_weight.exp();
            for i in 0..power.len() {
                power[i] += image[i] / self.spectral_bound;
                field[i] += weight * power[i];
            }
        }
    }

    /// The vertex nearest to a direction.
    pub(crate) fn nearest(&self, direction: &Vector3<f64>) -> usize {
        let mut best = (0, f64::NEG_INFINITY);
        for (vertex, normal) in self.normals.iter().enumerate() {
            let cosine = normal.dot(direction);
            if cosine > best.1 {
                best = (vertex, cosine);
            }
        }
        best.0
    }
}

/// Adds to the weight of a link, which is new or there already.
fn add_link(links: &mut Vec<(u32, f64)>, to: u32, weight: f64) {
    match links.iter_mut().find(|link| link.0 == to) {
        Some(link) => link.1 += weight,
        None => links.push((to, weight)),
    }
}

/// Divides each face into four, with the middles of the edges on the unit sphere.
fn divide(normals: &mut Vec<Vector3<f64>>, faces: &[[u32; 3]]) -> Vec<[u32; 3]> {
    let mut middles = HashMap::new();
    let mut middle = |a: u32, b: u32| {
        *middles.entry((a.min(b), a.max(b))).or_insert_with(|| {
            normals.push((normals[a as usize] + normals[b as usize]).normalize());
            normals.len() as u32 - 1
        })
    };
    let mut finer = Vec::with_capacity(4 * faces.len());
    for &[a, b, c] in faces {
        let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a));
        finer.extend([[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]]);
    }
    finer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(mesh: &Mesh) -> Vec<f64> {
        let value = |n: &Vector3<f64>| (3.0 * n.x).sin() + n.y * n.z + (n.z - 0.3).abs();
        mesh.normals().iter().map(value).collect()
    }

    #[test]
    fn the_implicit_solution_solves_its_equation() {
        let mesh = Mesh::icosphere(2);
        for strength in [1e-4, 2e-3, 0.1, 3.0] {
            let right = field(&mesh);
            let mut solution = right.clone();
            let mut scratch = vec![vec![0.0; right.len()]; 3];
            let [a, b, c] = &mut scratch[..] else {
                unreachable!()
            };
            mesh.solve_implicit(strength, &mut solution, [a, b, c]);
            let mut image = vec![0.0; right.len()];
            mesh.laplacian(&solution, &mut image);
            for i in 0..right.len() {
                let error = solution[i] - strength * image[i] - right[i];
                // Rounding of the operator grows with its norm.
                assert!(error.abs() < 1e-13 * (1.0 + strength * mesh.spectral_bound()) * 10.0);
            }
        }
    }

    #[test]
    fn heat_flows_like_many_small_implicit_steps() {
        const STEPS: u32 = 2000;
        const TIME: f64 = 0.15;
        let mesh = Mesh::icosphere(2);
        let mut exact = field(&mesh);
        let mut stepped = exact.clone();
        mesh.heat(&mut exact, TIME);
        let mut scratch = vec![vec![0.0; stepped.len()]; 3];
        for _ in 0..STEPS {
            let [a, b, c] = &mut scratch[..] else {
                unreachable!()
            };
            mesh.solve_implicit(TIME / f64::from(STEPS), &mut stepped, [a, b, c]);
        }
        // Implicit steps of length h decay by 1/(1 + λ h): too slowly, at worst by
        // max x e^-x λ h / 2 with x = λ t, thus (2/e²)/STEPS, times amplitudes of about 3.
        for (a, b) in exact.iter().zip(&stepped) {
            assert!((a - b).abs() < 1.0 / f64::from(STEPS), "{a} {b}");
        }
    }
}

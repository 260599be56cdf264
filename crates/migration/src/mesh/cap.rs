//! Caps with a sharp border on a mesh.

use nalgebra::Vector3;

use super::Mesh;

impl Mesh {
    /// The share of the cell of each vertex that lies in the cap around `axis`, a unit vector,
    /// that covers `share` of the sphere.
    ///
    /// Cells are the barycentric ones, whose areas are [`Mesh::areas`] before these are scaled to
    /// 4π: a corner's part of a triangle is bounded by the middles of its two edges and by the
    /// centre. The border is straight within a part. Whole vertices in or out instead would make
    /// the dipole of a cap of three tenths of the sphere wrong by 0.5 % on 642 vertices for a
    /// typical axis, and by 2.5 % for the worst; with shares of cells it is 0.19 ± 0.04 % too small
    /// for any axis, since a cell counts with the normal of its vertex: the mean over a cell of
    /// `|x - n|²/2` is 0.16 %.
    pub fn cap(&self, axis: &Vector3<f64>, share: f64) -> Vec<f64> {
        let height = 1.0 - 2.0 * share;
        let level = |place: Vector3<f64>| place.normalize().dot(axis) - height;
        let mut inside = vec![0.0; self.vertices()];
        let mut whole = vec![0.0; self.vertices()];
        for face in &self.faces {
            let corner = face.map(|vertex| self.normals[vertex as usize]);
            let area = (corner[1] - corner[0])
                .cross(&(corner[2] - corner[0]))
                .norm();
            let centre = level(corner[0] + corner[1] + corner[2]);
            for k in 0..3 {
                let [here, next, last] = [0, 1, 2].map(|step| corner[(k + step) % 3]);
                let levels = [level(here), level(here + next), centre, level(here + last)];
                inside[face[k] as usize] += area * share_above(levels);
                whole[face[k] as usize] += area;
            }
        }
        let shares = inside.iter().zip(&whole);
        shares.map(|(part, all)| part / all).collect()
    }
}

/// A corner's part of a triangle, in the coordinates in which the corners are (0, 0), (1, 0), (0, 1).
const PART: [[f64; 2]; 4] = [[0.0, 0.0], [0.5, 0.0], [1.0 / 3.0, 1.0 / 3.0], [0.0, 0.5]];
/// Its area.
const PART_AREA: f64 = 1.0 / 6.0;

/// The share of a corner's part of a triangle in which a level, known at its four corners and
/// linear along its edges, is above 0.
fn share_above(level: [f64; 4]) -> f64 {
    if level.iter().all(|&level| level > 0.0) {
        return 1.0;
    }
    let mut border: Vec<[f64; 2]> = Vec::with_capacity(6);
    for k in 0..4 {
        let (next, [here, there]) = ((k + 1) % 4, [level[k], level[(k + 1) % 4]]);
        if here > 0.0 {
            border.push(PART[k]);
        }
        if (here > 0.0) != (there > 0.0) {
            let way = here / (here - there);
            border.push([0, 1].map(|x| PART[k][x] + way * (PART[next][x] - PART[k][x])));
        }
    }
    let pairs = border.iter().zip(border.iter().cycle().skip(1));
    let twice: f64 = pairs.map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum();
    (0.5 * twice / PART_AREA).clamp(0.0, 1.0)
}

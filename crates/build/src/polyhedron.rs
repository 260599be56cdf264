//! Convex polyhedra from planes: faces, areas, volume.

use frit_atoms::Vector;

/// A plane that bounds a polyhedron around the origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plane {
    /// Outward unit normal.
    pub(crate) normal: Vector,
    /// Distance from the origin; positive.
    pub(crate) height: f64,
}

/// A polyhedron: all points r with n·r ≤ h for each of its planes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Polyhedron {
    /// The corners of the face on each plane, in order around it; empty if the plane only touches
    /// or lies outside.
    pub(crate) faces: Vec<Vec<Vector>>,
    /// Area of each face.
    pub(crate) areas: Vec<f64>,
    /// Volume: Σ h A / 3.
    pub(crate) volume: f64,
}

/// Size of the square from which a face is cut, in units of the greatest height: more than any
/// corner of a polyhedron with the directions of a crystal is far away.
const WIDE: f64 = 1e3;

impl Polyhedron {
    /// From its planes: each face is a wide square, cut by all the other planes in turn.
    ///
    /// `None` if the planes do not enclose a bounded body.
    pub(crate) fn of(planes: &[Plane]) -> Option<Self> {
        let wide = WIDE * planes.iter().map(|plane| plane.height).fold(0.0, f64::max);
        let mut faces = Vec::with_capacity(planes.len());
        for (index, plane) in planes.iter().enumerate() {
            let mut face = square(plane, wide);
            for (other, cut) in planes.iter().enumerate() {
                if other != index && !face.is_empty() {
                    face = clip(&face, cut);
                }
            }
            if face.iter().any(|corner| corner.norm() > 0.5 * wide) {
                return None;
            }
            faces.push(face);
        }
        let areas: Vec<f64> = faces.iter().map(|face| area(face)).collect();
        let volume = planes
            .iter()
            .zip(&areas)
            .map(|(p, a)| p.height * a)
            .sum::<f64>()
            / 3.0;
        (volume > 0.0).then_some(Self {
            faces,
            areas,
            volume,
        })
    }

    /// Greatest distance of a corner from the origin.
    pub(crate) fn radius(&self) -> f64 {
        let corners = self.faces.iter().flatten();
        corners.map(|corner| corner.norm()).fold(0.0, f64::max)
    }
}

/// A square of half side `wide` on a plane.
fn square(plane: &Plane, wide: f64) -> Vec<Vector> {
    let aside = across(&plane.normal);
    let along = plane.normal.cross(&aside);
    let centre = plane.height * plane.normal;
    [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
        .map(|(s, t)| centre + wide * (s * aside + t * along))
        .to_vec()
}

/// A unit vector perpendicular to a unit vector.
pub(crate) fn across(normal: &Vector) -> Vector {
    let mut axis = Vector::zeros();
    axis[normal.iamin()] = 1.0;
    (axis - normal * normal.dot(&axis)).normalize()
}

/// The part of a convex polygon inside a plane (Sutherland and Hodgman 1974,
/// doi:10.1145/360767.360802).
fn clip(polygon: &[Vector], plane: &Plane) -> Vec<Vector> {
    let depth = |corner: &Vector| plane.height - plane.normal.dot(corner);
    let mut inside = Vec::with_capacity(polygon.len() + 1);
    for (index, here) in polygon.iter().enumerate() {
        let next = &polygon[(index + 1) % polygon.len()];
        let (at_here, at_next) = (depth(here), depth(next));
        if at_here >= 0.0 {
            inside.push(*here);
        }
        if (at_here >= 0.0) != (at_next >= 0.0) {
            inside.push(here + (next - here) * (at_here / (at_here - at_next)));
        }
    }
    inside
}

/// Area of a plane polygon.
fn area(polygon: &[Vector]) -> f64 {
    let Some(first) = polygon.first() else {
        return 0.0;
    };
    let fan = polygon.windows(2);
    let twice: Vector = fan
        .map(|pair| (pair[0] - first).cross(&(pair[1] - first)))
        .sum();
    0.5 * twice.norm()
}

//! The shapes of particles: bodies that grow with their size.

use crate::error::positive;
use crate::polyhedron::{Plane, Polyhedron};
use crate::{BuildError, Crystal, Symmetry};
use frit_atoms::Vector;
use std::f64::consts::PI;

/// A shape with its size.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A cube bounded by complete {100} planes.
    ///
    /// It has `n` planes along each axis. An fcc cube has an atom at its corner, so that an odd `n`
    /// gives (n³ + 1)/2 atoms and like facets, an even `n` n³/2 atoms and every second corner vacant;
    /// a bcc cube has ⌈n/2⌉³ + ⌊n/2⌋³ atoms, a simple cubic one n³. Where complete planes would break
    /// the formula (fluorite, spinel, ...) it is made of whole conventional cells.
    Cube(Size),
    /// A box with these edges [Å] along x, y and z; each becomes the nearest possible.
    Box([f64; 3]),
    /// A sphere around an atom; its length is the diameter.
    Sphere(Size),
    /// Eight {111} and six {100} facets that meet in corners of four edges; its length is the edge.
    /// In fcc, sizes of complete shells have 13, 55, 147, 309, ... atoms.
    Cuboctahedron(Size),
    /// The equilibrium shape of a crystal with these facet energies (Wulff's theorem: the distance
    /// of a facet from the centre is in proportion to its energy); its length is the diameter of a
    /// sphere of equal volume. It is centred on an atom.
    Wulff(Vec<FacetEnergy>, Size),
}

/// How the size of a shape is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// A length [Å]: the edge of a cube between the centres of its outermost planes, the diameter
    /// of a sphere. The nearest complete shape is built.
    Length(f64),
    /// Number of atoms; the complete shape nearest to it is built.
    NearestAtoms(usize),
    /// Number of atoms, exactly: the next larger complete shape loses the least bound atoms of its
    /// outermost layer until the number is right.
    ExactAtoms(usize),
}

/// The energy of a family of facets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacetEnergy {
    /// One plane of the family, by its Miller indices.
    pub plane: [i32; 3],
    /// Its energy [any unit: only ratios count].
    pub energy: f64,
}

/// A family of facets of a Wulff shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacetShare {
    /// One plane of the family, by its Miller indices.
    pub plane: [i32; 3],
    /// Its facets.
    pub facets: usize,
    /// Their share of the whole area.
    pub share: f64,
}

/// A body around the origin whose points r have g(r) ≤ s, with its size s; g is positive and
/// grows in proportion to r.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Gauge {
    /// g = |r|.
    Ball,
    /// g = the largest n·r/h.
    Planes(Vec<Plane>),
}

impl Gauge {
    /// g(r).
    pub(crate) fn value(&self, place: &Vector) -> f64 {
        match self {
            Self::Ball => place.norm(),
            Self::Planes(planes) => planes
                .iter()
                .map(|plane| plane.normal.dot(place) / plane.height)
                .fold(0.0, f64::max),
        }
    }

    /// Volume and greatest radius of the body of size 1.
    ///
    /// # Errors
    /// The planes must enclose it.
    pub(crate) fn extent(&self) -> Result<[f64; 2], BuildError> {
        match self {
            Self::Ball => Ok([4.0 / 3.0 * PI, 1.0]),
            Self::Planes(planes) => {
                let body = Polyhedron::of(planes).ok_or(BuildError::Unbounded)?;
                Ok([body.volume, body.radius()])
            }
        }
    }
}

impl Shape {
    /// Name as in decks.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cube(_) => "cube",
            Self::Box(_) => "box",
            Self::Sphere(_) => "sphere",
            Self::Cuboctahedron(_) => "cuboctahedron",
            Self::Wulff(..) => "Wulff shape",
        }
    }

    /// The body that grows; for a box, the finished body itself.
    pub(crate) fn gauge(&self, crystal: &Crystal) -> Result<Gauge, BuildError> {
        match self {
            Self::Sphere(_) => Ok(Gauge::Ball),
            Self::Cube(_) | Self::Box(_) => {
                let edges = if let Self::Box(edges) = self {
                    *edges
                } else {
                    [2.0; 3]
                };
                let mut planes = Vec::new();
                for (axis, edge) in edges.into_iter().enumerate() {
                    let height = 0.5 * positive("an edge of the box", edge)?;
                    for sign in [-1.0, 1.0] {
                        let mut normal = Vector::zeros();
                        normal[axis] = sign;
                        planes.push(Plane { normal, height });
                    }
                }
                Ok(Gauge::Planes(planes))
            }
            Self::Cuboctahedron(_) => {
                // Corners at (1, 1, 0)/√2: edge 1.
                let family = [
                    FacetEnergy {
                        plane: [1, 0, 0],
                        energy: 0.5_f64.sqrt(),
                    },
                    FacetEnergy {
                        plane: [1, 1, 1],
                        energy: (2.0_f64 / 3.0).sqrt(),
                    },
                ];
                Ok(Gauge::Planes(all_planes(crystal, &family)?.0))
            }
            Self::Wulff(energies, _) => {
                if energies.is_empty() {
                    return Err(BuildError::NoEnergies);
                }
                for (k, one) in energies.iter().enumerate() {
                    if one.plane == [0; 3] {
                        return Err(BuildError::NoPlane);
                    }
                    if !(one.energy > 0.0 && one.energy.is_finite()) {
                        return Err(BuildError::BadEnergy {
                            plane: miller(one.plane),
                            energy: one.energy,
                        });
                    }
                    let family = family(crystal.lattice().symmetry(), one.plane)?;
                    for other in &energies[..k] {
                        if family.contains(&other.plane) {
                            return Err(BuildError::PlaneTwice {
                                first: miller(other.plane),
                                second: miller(one.plane),
                            });
                        }
                    }
                }
                Ok(Gauge::Planes(all_planes(crystal, energies)?.0))
            }
        }
    }

    /// The size s of the gauge for a length [Å].
    pub(crate) fn scale(&self, length: f64, gauge: &Gauge) -> Result<f64, BuildError> {
        Ok(match self {
            Self::Sphere(_) => 0.5 * positive("the diameter", length)?,
            Self::Wulff(..) => {
                let radius = 0.5 * positive("the diameter", length)?;
                let volume = gauge.extent()?[0];
                radius * (4.0 / 3.0 * PI / volume).cbrt()
            }
            _ => positive("the edge", length)?,
        })
    }

    /// What it has for a size; `None` for a box.
    pub fn size(&self) -> Option<Size> {
        match self {
            Self::Box(_) => None,
            Self::Cube(size)
            | Self::Sphere(size)
            | Self::Cuboctahedron(size)
            | Self::Wulff(_, size) => Some(*size),
        }
    }
}

/// Shares of the facet families in the area of a Wulff shape, in the order of `energies`.
///
/// Exact for the polyhedron of the energies; the particle of atoms has facets of whole atoms.
///
/// # Errors
/// Energies must be positive and enclose a body, planes distinct, the lattice cubic or tetragonal.
pub fn wulff_shares(
    crystal: &Crystal,
    energies: &[FacetEnergy],
) -> Result<Vec<FacetShare>, BuildError> {
    Shape::Wulff(energies.to_vec(), Size::Length(1.0)).gauge(crystal)?;
    let (planes, families) = all_planes(crystal, energies)?;
    let body = Polyhedron::of(&planes).ok_or(BuildError::Unbounded)?;
    let total: f64 = body.areas.iter().sum();
    Ok(energies
        .iter()
        .enumerate()
        .map(|(family, one)| {
            let of = || {
                body.areas
                    .iter()
                    .zip(&families)
                    .filter(move |(_, f)| **f == family)
            };
            let area: f64 = of().map(|(area, _)| area).sum();
            // A plane that only touches an edge or a corner has a face of no area but rounding.
            let facets = of().filter(|(area, _)| **area > 1e-9 * total).count();
            FacetShare {
                plane: one.plane,
                facets,
                share: if facets > 0 { area / total } else { 0.0 },
            }
        })
        .collect())
}

/// All planes of the families, and the family of each.
fn all_planes(
    crystal: &Crystal,
    energies: &[FacetEnergy],
) -> Result<(Vec<Plane>, Vec<usize>), BuildError> {
    let mut planes = Vec::new();
    let mut families = Vec::new();
    for (index, one) in energies.iter().enumerate() {
        for plane in family(crystal.lattice().symmetry(), one.plane)? {
            planes.push(Plane {
                normal: crystal.normal(plane),
                height: one.energy,
            });
            families.push(index);
        }
    }
    Ok((planes, families))
}

/// All planes equivalent to one, ascending.
///
/// # Errors
/// Families of hexagonal lattices are not known here.
pub fn family(symmetry: Symmetry, plane: [i32; 3]) -> Result<Vec<[i32; 3]>, BuildError> {
    const ORDERS: [[usize; 3]; 6] = [
        [0, 1, 2],
        [1, 0, 2],
        [0, 2, 1],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let orders = match symmetry {
        Symmetry::Cubic => &ORDERS[..],
        Symmetry::Tetragonal => &ORDERS[..2],
        Symmetry::Hexagonal => return Err(BuildError::NoFacets),
    };
    let mut all = Vec::new();
    for order in orders {
        for signs in 0..8 {
            let index = |k: usize| {
                let sign = if signs >> k & 1 == 0 { 1 } else { -1 };
                sign * plane[order[k]]
            };
            all.push([index(0), index(1), index(2)]);
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Miller indices as in `(1 -1 0)`.
pub(crate) fn miller(plane: [i32; 3]) -> String {
    let [h, k, l] = plane;
    format!("({h} {k} {l})")
}

//! Cutting a shape out of a crystal.

use crate::error::{countable, positive};
use crate::shape::Gauge;
use crate::sites::{Ground, Site};
use crate::trim::trim;
use crate::{BuildError, Crystal, Shape, Size};
use frit_atoms::Vector;
use frit_engine::random::Stream;
use std::collections::BTreeSet;

/// A particle cut out of a crystal, before atoms stand on its sites.
#[derive(Debug, Clone)]
pub(crate) struct Cut<'a> {
    /// The crystal it was cut from.
    pub(crate) ground: Ground<'a>,
    /// Its sites, x slowest.
    pub(crate) sites: Vec<Site>,
    /// What was cut, in numbers.
    pub(crate) measures: Measures,
    gauge: Gauge,
    scale: f64,
}

/// The measures of a cut shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Sites of the complete shape.
    pub complete: usize,
    /// Sites removed from its outermost layer.
    pub removed: usize,
    /// Sites of the complete shape without its outermost layer.
    pub inner: usize,
    /// Planes along each axis of a cube or box of complete planes; zero for other shapes.
    pub planes: [u32; 3],
    /// Extent [Å] along x, y and z between the centres of the outermost atoms.
    pub extent: [f64; 3],
}

/// Values of the gauge closer than this part are one layer.
const LAYER: f64 = 1e-7;

/// Planes a side of the smallest cube: below, an fcc cube is a tetrahedron without any bulk.
const LEAST_PLANES: u32 = 3;

/// Fewest atoms of a particle: one with its twelve neighbours.
const LEAST_ATOMS: usize = 13;

/// Cuts a shape out of a crystal with twin planes; `stream` decides between atoms that are alike
/// when some of them must go.
///
/// # Errors
/// Sizes must be positive and not too small.
pub(crate) fn cut<'a>(
    crystal: &'a Crystal,
    shape: &Shape,
    twins: &[f64],
    stream: &mut Stream,
) -> Result<Cut<'a>, BuildError> {
    match shape {
        Shape::Cube(_) | Shape::Box(_) => cut_box(crystal, shape, twins, stream),
        _ => cut_body(crystal, shape, twins, stream),
    }
}

impl Cut<'_> {
    /// Sites beside the particle, up to `reach` [Å] above its facets, x slowest.
    pub(crate) fn beside(&self, reach: f64) -> Result<Vec<Site>, BuildError> {
        let inside: BTreeSet<_> = self.sites.iter().map(Site::key).collect();
        let limit = self.scale + self.scale_step(reach);
        let radius = limit * self.gauge.extent()?[1];
        let near = |place: &Vector| self.gauge.value(&self.ground.untwinned(place)) <= limit;
        let mut sites = self.ground.sites(radius, near);
        sites.retain(|site| !inside.contains(&site.key()));
        Ok(sites)
    }

    /// By how much the gauge grows over a distance [Å] at most.
    fn scale_step(&self, distance: f64) -> f64 {
        scale_step(&self.gauge, distance)
    }
}

fn scale_step(gauge: &Gauge, distance: f64) -> f64 {
    match gauge {
        Gauge::Ball => distance,
        Gauge::Planes(planes) => {
            let least = planes.iter().map(|plane| plane.height);
            distance / least.fold(f64::INFINITY, f64::min)
        }
    }
}

// Boxes of complete planes or whole cells

/// The extents of a box, and how many planes (or cells) it has.
struct Extent {
    planes: [u32; 3],
    lengths: Vector,
}

/// The box nearest to these edges [Å]: complete planes, or whole cells.
fn extent(crystal: &Crystal, edges: Vector) -> Extent {
    let lattice = crystal.lattice();
    let mut planes = [0; 3];
    let mut lengths = Vector::zeros();
    for axis in 0..3 {
        let edge = crystal.edges()[axis];
        // Beyond 10⁹ no number of atoms fits 32 bits; the cast must not wrap before.
        let nearest = |step: f64| (edges[axis] / step).round().min(1e9);
        match lattice.plane_step() {
            Some(step) => {
                let steps = nearest(step * edge);
                planes[axis] = steps as u32 + 1;
                lengths[axis] = steps * step * edge;
            }
            None => {
                let cells = nearest(edge);
                planes[axis] = cells as u32;
                // From the first site of the first cell to the last of the last.
                let last = crystal.sites().iter().map(|site| site.fraction[axis]);
                lengths[axis] = (cells - 1.0 + last.fold(0.0, f64::max)) * edge;
            }
        }
    }
    Extent { planes, lengths }
}

impl Extent {
    fn least(&self) -> u32 {
        self.planes.iter().copied().min().unwrap_or(0)
    }

    /// Sites of the box, one corner of which is the origin of the lattice.
    fn count(&self, crystal: &Crystal) -> u128 {
        let along = |axis: usize, fraction: f64| {
            let cells = self.lengths[axis] / crystal.edges()[axis] - fraction;
            ((cells + 1e-9).floor() + 1.0).max(0.0) as u128
        };
        let sites = crystal.sites().iter();
        sites
            .map(|site| (0..3).map(|k| along(k, site.fraction[k])).product::<u128>())
            .sum()
    }
}

/// Fewest planes (or cells) along each axis of a box of this crystal.
fn least_planes(crystal: &Crystal) -> u32 {
    crystal.lattice().plane_step().map_or(1, |_| LEAST_PLANES)
}

/// The cube whose edge is `steps` plane spacings (or cells) of the first axis.
fn cube(crystal: &Crystal, steps: u32) -> Extent {
    let step = crystal.lattice().plane_step().unwrap_or(1.0) * crystal.constant();
    extent(crystal, Vector::repeat(f64::from(steps) * step))
}

/// Fewest steps whose cube has at least `atoms` atoms.
fn steps_holding(crystal: &Crystal, atoms: usize) -> u32 {
    let enough = |steps: u32| cube(crystal, steps).count(crystal) >= atoms as u128;
    let mut above = 1;
    while !enough(above) {
        above *= 2;
    }
    let mut below = above / 2;
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if enough(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
    above
}

/// The complete cube or box to be built, or from which atoms are removed.
fn box_of(crystal: &Crystal, shape: &Shape) -> Result<Extent, BuildError> {
    let found = match shape {
        Shape::Box(edges) => {
            for &edge in edges {
                positive("an edge of the box", edge)?;
            }
            extent(crystal, Vector::from(*edges))
        }
        _ => match shape.size().unwrap_or(Size::Length(0.0)) {
            Size::Length(edge) => {
                let edge = positive("the edge of the cube", edge)?;
                extent(crystal, Vector::repeat(edge))
            }
            Size::NearestAtoms(atoms) => {
                let steps = steps_holding(crystal, atoms);
                let (larger, smaller) = (cube(crystal, steps), cube(crystal, steps - 1));
                let wanted = atoms as u128;
                let above = larger.count(crystal).saturating_sub(wanted);
                let below = wanted.saturating_sub(smaller.count(crystal));
                if below <= above { smaller } else { larger }
            }
            Size::ExactAtoms(atoms) => cube(crystal, steps_holding(crystal, atoms)),
        },
    };
    let least = least_planes(crystal);
    if found.least() < least {
        let smallest = cube(crystal, if least == 1 { 1 } else { least - 1 });
        return Err(BuildError::TooSmall {
            asked: asked(shape),
            least: format!(
                "it needs at least {least} {} a side, which are an edge of {:.2} Å and {} atoms here",
                if least == 1 {
                    "conventional cell"
                } else {
                    "planes"
                },
                smallest.lengths.max(),
                smallest.count(crystal)
            ),
        });
    }
    countable(found.count(crystal))?;
    Ok(found)
}

/// Complete planes (or cells) along x, y and z that a cube or box will have, and its atoms; for
/// estimates before it is built.
///
/// # Errors
/// As [`crate::ParticleRecipe::build`].
pub(crate) fn estimate(crystal: &Crystal, shape: &Shape) -> Result<f64, BuildError> {
    match shape {
        Shape::Cube(_) | Shape::Box(_) => Ok(box_of(crystal, shape)?.count(crystal) as f64),
        _ => match shape.size() {
            Some(Size::NearestAtoms(atoms) | Size::ExactAtoms(atoms)) => Ok(atoms as f64),
            Some(Size::Length(length)) => {
                let gauge = shape.gauge(crystal)?;
                let scale = shape.scale(length, &gauge)?;
                Ok(gauge.extent()?[0] * scale.powi(3) / crystal.site_volume())
            }
            None => Ok(0.0),
        },
    }
}

fn cut_box<'a>(
    crystal: &'a Crystal,
    shape: &Shape,
    twins: &[f64],
    stream: &mut Stream,
) -> Result<Cut<'a>, BuildError> {
    let Extent { planes, lengths } = box_of(crystal, shape)?;
    let ground = Ground::new(crystal, 0.5 * lengths, twins)?;
    // A box of whole cells of a tetragonal lattice may have an axis without extent.
    let gauge = Shape::Box(lengths.map(|x| x.max(QUITE_FLAT)).into()).gauge(crystal)?;
    let inside = |place: &Vector| gauge.value(&ground.untwinned(place)) <= 1.0 + LAYER;
    let sites = ground.sites(0.5 * lengths.norm(), inside);
    let outer = |site: &Site| gauge.value(&ground.untwinned(&site.position)) >= 1.0 - LAYER;
    let inner = sites.iter().filter(|site| !outer(site)).count();
    let complete = sites.len();
    let keep = match shape.size() {
        Some(Size::ExactAtoms(atoms)) => atoms.min(complete),
        _ => complete,
    };
    let sites = trim(crystal.bond(), sites, outer, keep, stream);
    Ok(Cut {
        measures: Measures {
            complete,
            removed: complete - sites.len(),
            inner,
            planes,
            extent: extent_of(&sites),
        },
        ground,
        sites,
        gauge,
        scale: 1.0,
    })
}

/// Extent [Å] of a box that is one plane thin.
const QUITE_FLAT: f64 = 1e-3;

// Bodies that grow around a site

fn cut_body<'a>(
    crystal: &'a Crystal,
    shape: &Shape,
    twins: &[f64],
    stream: &mut Stream,
) -> Result<Cut<'a>, BuildError> {
    let gauge = shape.gauge(crystal)?;
    let origin = crystal.sites()[0].fraction.component_mul(&crystal.edges());
    let ground = Ground::new(crystal, origin, twins)?;
    let [volume, radius] = gauge.extent()?;
    let size = shape.size().unwrap_or(Size::Length(0.0));
    let wanted = match size {
        Size::Length(length) => {
            let scale = shape.scale(length, &gauge)?;
            Wanted {
                scale: scale * (1.0 + LAYER),
                atoms: 0,
            }
        }
        Size::NearestAtoms(atoms) | Size::ExactAtoms(atoms) => {
            countable(atoms as u128)?;
            let scale = (atoms as f64 * crystal.site_volume() / volume).cbrt();
            Wanted { scale, atoms }
        }
    };
    // Enough layers beyond the estimate that the count asked for lies within.
    let mut margin = scale_step(&gauge, 1.5 * crystal.constant());
    let ranked = loop {
        let limit = wanted.scale + margin;
        countable((volume * limit.powi(3) / crystal.site_volume()) as u128)?;
        let value = |place: &Vector| gauge.value(&ground.untwinned(place));
        let sites = ground.sites(limit * radius, |place| value(place) <= limit);
        if sites.len() > wanted.atoms {
            break rank(sites, value);
        }
        margin *= 2.0;
    };
    let layers = Layers::of(&ranked);
    let layer = match size {
        Size::Length(_) => layers.within(wanted.scale),
        Size::NearestAtoms(atoms) => layers.nearest(atoms),
        Size::ExactAtoms(atoms) => layers.holding(atoms),
    };
    let (inner, complete) = (layers.count(layer), layers.count(layer + 1));
    if complete < LEAST_ATOMS || matches!(size, Size::ExactAtoms(atoms) if atoms < LEAST_ATOMS) {
        return Err(BuildError::TooSmall {
            asked: asked(shape),
            least: format!("it needs at least {LEAST_ATOMS} atoms"),
        });
    }
    let scale = layers.values[layer];
    let mut sites: Vec<Site> = ranked[..complete].iter().map(|(_, site)| *site).collect();
    sites.sort_by_key(Site::key);
    let keep = match size {
        Size::ExactAtoms(atoms) => atoms,
        _ => complete,
    };
    let outermost =
        |site: &Site| gauge.value(&ground.untwinned(&site.position)) >= scale * (1.0 - LAYER);
    let sites = trim(crystal.bond(), sites, outermost, keep, stream);
    Ok(Cut {
        measures: Measures {
            complete,
            removed: complete - sites.len(),
            inner,
            planes: [0; 3],
            extent: extent_of(&sites),
        },
        ground,
        sites,
        gauge,
        scale,
    })
}

struct Wanted {
    scale: f64,
    atoms: usize,
}

/// Sites with their values of the gauge, ascending.
fn rank(sites: Vec<Site>, value: impl Fn(&Vector) -> f64) -> Vec<(f64, Site)> {
    let mut ranked: Vec<(f64, Site)> = sites
        .into_iter()
        .map(|site| (value(&site.position), site))
        .collect();
    ranked.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.key().cmp(&other.key())));
    ranked
}

/// Layers of sites with equal values of the gauge.
struct Layers {
    /// Greatest value of each.
    values: Vec<f64>,
    /// Sites up to the end of each.
    ends: Vec<usize>,
}

impl Layers {
    fn of(ranked: &[(f64, Site)]) -> Self {
        let (mut values, mut ends): (Vec<f64>, Vec<usize>) = (Vec::new(), Vec::new());
        for (place, (value, _)) in ranked.iter().enumerate() {
            match values.last_mut() {
                Some(last) if *value <= *last * (1.0 + LAYER) + f64::MIN_POSITIVE => {
                    *last = value.max(*last);
                    if let Some(end) = ends.last_mut() {
                        *end = place + 1;
                    }
                }
                _ => {
                    values.push(*value);
                    ends.push(place + 1);
                }
            }
        }
        Self { values, ends }
    }

    /// Sites of the first `layers` layers.
    fn count(&self, layers: usize) -> usize {
        layers.checked_sub(1).map_or(0, |last| self.ends[last])
    }

    /// The last layer up to a value.
    fn within(&self, limit: f64) -> usize {
        self.values
            .partition_point(|&value| value <= limit)
            .saturating_sub(1)
    }

    /// The first layer with which there are so many sites.
    fn holding(&self, atoms: usize) -> usize {
        self.ends
            .partition_point(|&end| end < atoms)
            .min(self.ends.len() - 1)
    }

    /// The layer with which the number of sites is nearest, the inner one of two.
    fn nearest(&self, atoms: usize) -> usize {
        let above = self.holding(atoms);
        let Some(below) = above.checked_sub(1) else {
            return above;
        };
        if atoms - self.ends[below] <= self.ends[above].saturating_sub(atoms) {
            below
        } else {
            above
        }
    }
}

fn extent_of(sites: &[Site]) -> [f64; 3] {
    [0, 1, 2].map(|k| {
        let along = || sites.iter().map(|site| site.position[k]);
        along().fold(f64::NEG_INFINITY, f64::max) - along().fold(f64::INFINITY, f64::min)
    })
}

/// A shape with the size asked for, in words.
pub(crate) fn asked(shape: &Shape) -> String {
    let name = shape.name();
    match (shape, shape.size()) {
        (Shape::Box([x, y, z]), _) => format!("a {name} of {x} Å x {y} Å x {z} Å"),
        (Shape::Cube(_) | Shape::Cuboctahedron(_), Some(Size::Length(edge))) => {
            format!("a {name} with an edge of {edge} Å")
        }
        (_, Some(Size::Length(diameter))) => format!("a {name} with a diameter of {diameter} Å"),
        (_, Some(Size::NearestAtoms(atoms) | Size::ExactAtoms(atoms))) => {
            format!("a {name} of {atoms} atoms")
        }
        (_, None) => format!("a {name}"),
    }
}

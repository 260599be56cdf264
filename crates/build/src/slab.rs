//! Slabs: crystals that end in a low-index surface, periodic in its plane.

use crate::adatoms::AdatomSpecies;
use crate::near::Near;
use crate::report::counts_of;
use crate::shape::miller;
use crate::sites::quantised;
use crate::{BuildError, Count, Crystal, Occupation, Symmetry};
use frit_atoms::{Atom, Atoms, Cell, Matrix, System, Vector};
use frit_engine::random::Streams;

/// A slab of a cubic crystal, periodic along x and y, with its surface normal along z.
#[derive(Debug, Clone, PartialEq)]
pub struct Slab {
    /// The crystal.
    pub crystal: Crystal,
    /// Its surface.
    pub surface: Surface,
    /// Atomic planes.
    pub layers: u32,
    /// Surface cells along x and y.
    pub repeat: [u32; 2],
    /// Empty space [Å] below and above, together.
    pub vacuum: f64,
    /// What stands on its sites.
    pub occupation: Occupation,
    /// An adatom on the upper surface.
    pub adatom: Option<SlabAdatom>,
}

/// A low-index surface, and the directions of its rectangular cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// (001), with x and y along \[110\] and \[-110\] where these are shorter (fcc), else \[100\] and \[010\].
    S100,
    /// (110), with x along \[1-10\] and y along \[00-1\].
    S110,
    /// (111), with x along \[1-10\] and y along \[11-2\].
    S111,
}

/// An adatom on a slab.
#[derive(Debug, Clone, PartialEq)]
pub struct SlabAdatom {
    /// Where it stands.
    pub site: SurfaceSite,
    /// Its species.
    pub species: AdatomSpecies,
}

/// A site on a surface: the atom stands where it touches the atoms below, as spheres at the distance of
/// nearest neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceSite {
    /// On top of an atom.
    Top,
    /// Between two nearest atoms.
    Bridge,
    /// The fourfold hollow of (100), the long hollow of (110).
    Hollow,
    /// The threefold hollow of (111) above an atom of the third plane: the next plane of fcc.
    Fcc,
    /// The threefold hollow of (111) above an atom of the second plane.
    Hcp,
}

impl SurfaceSite {
    fn name(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Bridge => "bridge",
            Self::Hollow => "hollow",
            Self::Fcc => "fcc",
            Self::Hcp => "hcp",
        }
    }
}

/// A slab as built.
#[derive(Debug, Clone, PartialEq)]
pub struct SlabStructure {
    /// The slab: at rest, one group, ids from 1 (planes from the lowest, then the adatom).
    pub system: System,
    /// What was built.
    pub report: SlabReport,
}

/// What [`Slab::build`] built.
#[derive(Debug, Clone, PartialEq)]
pub struct SlabReport {
    /// Atoms of each species.
    pub composition: Vec<Count>,
    /// The lattice's name.
    pub lattice: &'static str,
    /// The surface.
    pub surface: [i32; 3],
    /// Atomic planes.
    pub layers: u32,
    /// Periods [Å] along x and y.
    pub periods: [f64; 2],
    /// Distance [Å] between the lowest and the highest plane.
    pub thickness: f64,
    /// Height [Å] of the adatom above the highest plane.
    pub adatom: Option<f64>,
}

impl Surface {
    /// Its Miller indices.
    pub fn plane(self) -> [i32; 3] {
        match self {
            Self::S100 => [0, 0, 1],
            Self::S110 => [1, 1, 0],
            Self::S111 => [1, 1, 1],
        }
    }

    /// Directions along x and y, and the normal, in the axes of the crystal; the shortest that are a
    /// translation times a whole number.
    fn directions(self, crystal: &Crystal) -> [Vector; 3] {
        let vector = |x: f64, y: f64, z: f64| Vector::new(x, y, z);
        match self {
            Self::S100 => {
                let diagonal = vector(0.5, 0.5, 0.0);
                if crystal.is_translation(diagonal) {
                    [diagonal, vector(-0.5, 0.5, 0.0), vector(0.0, 0.0, 1.0)]
                } else {
                    [
                        vector(1.0, 0.0, 0.0),
                        vector(0.0, 1.0, 0.0),
                        vector(0.0, 0.0, 1.0),
                    ]
                }
            }
            Self::S110 => [
                vector(1.0, -1.0, 0.0),
                vector(0.0, 0.0, -1.0),
                vector(1.0, 1.0, 0.0),
            ],
            Self::S111 => [
                vector(1.0, -1.0, 0.0),
                vector(1.0, 1.0, -2.0),
                vector(1.0, 1.0, 1.0),
            ],
        }
    }
}

/// Points closer than this [Å] to the far side of a cell belong to its image.
const RIM: f64 = 1e-6;

impl Slab {
    /// Atoms that it will have, about.
    pub fn estimate(&self) -> f64 {
        let cells = self.repeat.iter().chain([&self.layers]);
        4.0 * cells.map(|&n| f64::from(n)).product::<f64>()
    }

    /// Builds it; `streams` decide which species stands where.
    ///
    /// # Errors
    /// The lattice must be cubic, layers and repeats at least 1, the vacuum positive, the site one that
    /// the surface has.
    pub fn build(&self, streams: Streams) -> Result<SlabStructure, BuildError> {
        let plane = self.surface.plane();
        let lattice = self.crystal.lattice();
        if lattice.symmetry() != Symmetry::Cubic {
            return Err(BuildError::NoSlab {
                plane: miller(plane),
                lattice: lattice.name(),
            });
        }
        if self.repeat.contains(&0) || self.layers == 0 {
            let [x, y] = self.repeat;
            return Err(BuildError::NoCells {
                repeat: [x, y, self.layers],
            });
        }
        let vacuum = crate::error::positive("the vacuum of the slab", self.vacuum)?;
        let cell = self.surface_cell();
        let (sites, periods, spacing) = self.sites(&cell);
        let mut places: Vec<Vector> = sites.iter().map(|(place, _)| *place).collect();
        let top = places.iter().map(|place| place.z).fold(0.0, f64::max);
        let sublattices: Vec<usize> = sites.iter().map(|(_, sublattice)| *sublattice).collect();
        let mut species = self.occupation.species();
        let mut on_sites = self.occupation.assign(&sublattices, streams);
        let mut movable = vec![true; places.len()];
        let mut height = None;
        if let Some(adatom) = &self.adatom {
            let place = self.adatom_place(adatom.site, &places, periods)?;
            height = Some(place.z - top);
            places.push(place);
            movable.push(false);
            on_sites.push(match &adatom.species {
                AdatomSpecies::Alloy => self.occupation.assign(&[0], streams)[0],
                AdatomSpecies::Element(symbol) => crate::particle::index_of(&mut species, symbol)?,
            });
        }
        let atoms: Atoms = (1_u32..)
            .zip(places.iter().zip(on_sites))
            .map(|(id, (&position, species))| Atom {
                position,
                velocity: Vector::zeros(),
                image: [0; 3],
                species,
                id,
                group: 0,
            })
            .collect();
        let highest = places.iter().map(|place| place.z).fold(0.0, f64::max);
        let edges = Vector::new(periods[0], periods[1], highest + vacuum.max(spacing));
        let origin = Vector::new(0.0, 0.0, -0.5 * vacuum.max(spacing));
        let cell = Cell::new(Matrix::from_diagonal(&edges), origin, [true, true, false])?;
        let mut system = System::new(cell, atoms, species)?;
        self.occupation
            .arrange(&self.crystal, &mut system, &movable, streams)?;
        let report = SlabReport {
            composition: counts_of(&system),
            lattice: lattice.name(),
            surface: plane,
            layers: self.layers,
            periods,
            thickness: top,
            adatom: height,
        };
        Ok(SlabStructure { system, report })
    }

    /// Unit vectors along x, y and z, and the periods [Å] of the surface cell.
    fn surface_cell(&self) -> ([Vector; 3], [f64; 2]) {
        let constant = self.crystal.constant();
        let directions = self.surface.directions(&self.crystal);
        let period = |direction: &Vector| {
            let half = 0.5 * direction;
            let shortest = if self.crystal.is_translation(half) {
                half
            } else {
                *direction
            };
            constant * shortest.norm()
        };
        let periods = [period(&directions[0]), period(&directions[1])];
        (directions.map(|direction| direction.normalize()), periods)
    }

    /// Sites, plane by plane from z = 0, with their sublattices; the periods of the slab; the distance of
    /// its two highest planes.
    fn sites(
        &self,
        (axes, periods): &([Vector; 3], [f64; 2]),
    ) -> (Vec<(Vector, usize)>, [f64; 2], f64) {
        let constant = self.crystal.constant();
        // The planes of one surface cell, over a depth of at least one period along the normal.
        let depth = constant * 3.0_f64.sqrt();
        let reach = (periods[0].hypot(periods[1]) + depth) / constant;
        let cells = reach.ceil() as i32 + 1;
        let mut column: Vec<(Vector, usize)> = Vec::new();
        let along = || -cells..=cells;
        for x in along() {
            for y in along() {
                for z in along() {
                    let cell = Vector::new(f64::from(x), f64::from(y), f64::from(z));
                    for site in self.crystal.sites() {
                        let place = constant * (cell + site.fraction);
                        let inside = Vector::from_fn(|k, _| axes[k].dot(&place));
                        let within = |x: f64, end: f64| x > -RIM && x < end - RIM;
                        if within(inside.x, periods[0])
                            && within(inside.y, periods[1])
                            && within(inside.z, depth)
                        {
                            column.push((inside, site.sublattice));
                        }
                    }
                }
            }
        }
        column.sort_by_key(|(place, _)| {
            let [x, y, z] = quantised(place);
            [z, x, y]
        });
        self.stack(&column, *periods, depth)
    }

    /// Repeats a column of planes along x, y and z.
    fn stack(
        &self,
        column: &[(Vector, usize)],
        periods: [f64; 2],
        depth: f64,
    ) -> (Vec<(Vector, usize)>, [f64; 2], f64) {
        let mut heights: Vec<f64> = column.iter().map(|(place, _)| place.z).collect();
        heights.dedup_by(|a, b| (*a - *b).abs() < RIM);
        let depth = repeat_depth(&self.crystal, self.surface, depth);
        let per_period = heights
            .iter()
            .filter(|&&height| height < depth - RIM)
            .count();
        let mut sites = Vec::new();
        let height_of =
            |layer: usize| heights[layer % per_period] + depth * (layer / per_period) as f64;
        for layer in 0..self.layers as usize {
            let plane = heights[layer % per_period];
            let of_plane: Vec<_> = column
                .iter()
                .filter(|(place, _)| (place.z - plane).abs() < RIM)
                .collect();
            for x in 0..self.repeat[0] {
                for y in 0..self.repeat[1] {
                    for (place, sublattice) in &of_plane {
                        let corner =
                            Vector::new(f64::from(x) * periods[0], f64::from(y) * periods[1], 0.0);
                        let mut place = place + corner;
                        place.z = height_of(layer);
                        sites.push((place, *sublattice));
                    }
                }
            }
        }
        let last = self.layers as usize;
        let spacing = height_of(last) - height_of(last - 1);
        let whole = [0, 1].map(|k| periods[k] * f64::from(self.repeat[k]));
        (sites, whole, spacing)
    }

    /// Where an adatom stands at a site, near the middle of the slab.
    fn adatom_place(
        &self,
        site: SurfaceSite,
        places: &[Vector],
        periods: [f64; 2],
    ) -> Result<Vector, BuildError> {
        let nearest = self.crystal.nearest();
        let top = places
            .iter()
            .map(|place| place.z)
            .fold(f64::NEG_INFINITY, f64::max);
        let middle = Vector::new(0.5 * periods[0], 0.5 * periods[1], top);
        let aside = |place: &Vector| {
            let mut apart = place - middle;
            apart.z = 0.0;
            apart.norm_squared()
        };
        let planes = crate::outermost::layers(places.iter().map(|place| place.z).enumerate(), RIM);
        let plane = |depth: usize| -> Vec<Vector> {
            planes
                .points(depth)
                .iter()
                .map(|&point| places[point])
                .collect()
        };
        let surface = plane(0);
        let central = |points: &[Vector]| {
            points
                .iter()
                .copied()
                .min_by(|a, b| aside(a).total_cmp(&aside(b)))
        };
        let pairs = || {
            let near = surface.iter().enumerate();
            near.flat_map(|(k, one)| surface[..k].iter().map(move |other| (*one, *other)))
        };
        let close = |(one, other): &(Vector, Vector), distance: f64| {
            ((one - other).norm() - distance).abs() < 0.01 * distance
        };
        let between = |distance: f64| -> Vec<Vector> {
            let all = pairs().filter(|pair| close(pair, distance));
            all.map(|(one, other)| 0.5 * (one + other)).collect()
        };
        let candidates = match (site, self.surface) {
            (SurfaceSite::Top, _) => surface.clone(),
            (SurfaceSite::Bridge, _) => between(self.shortest_in_plane(&surface)),
            (SurfaceSite::Hollow, Surface::S100) => {
                between(self.shortest_in_plane(&surface) * 2.0_f64.sqrt())
            }
            (SurfaceSite::Hollow, Surface::S110) => plane(1),
            (SurfaceSite::Hcp, Surface::S111) => plane(1),
            (SurfaceSite::Fcc, Surface::S111) => plane(2),
            _ => Vec::new(),
        };
        let Some(place) = central(&candidates) else {
            return Err(BuildError::NoSite {
                plane: miller(self.surface.plane()),
                lattice: self.crystal.lattice().name(),
                site: site.name(),
            });
        };
        // It comes down until it touches an atom, of the slab or an image.
        let mut height = top;
        for other in places {
            for x in -1..=1 {
                for y in -1..=1 {
                    let image =
                        Vector::new(f64::from(x) * periods[0], f64::from(y) * periods[1], 0.0);
                    let apart = other + image - place;
                    let square = nearest * nearest - apart.x * apart.x - apart.y * apart.y;
                    if square > 0.0 {
                        height = height.max(other.z + square.sqrt());
                    }
                }
            }
        }
        Ok(Vector::new(place.x, place.y, height))
    }

    /// Least distance [Å] of atoms of one plane.
    fn shortest_in_plane(&self, surface: &[Vector]) -> f64 {
        let near = Near::new(surface, 1.5 * self.crystal.constant());
        let distances = surface.iter().flat_map(|&place| near.around(place));
        let apart = distances
            .map(|(_, distance)| distance)
            .filter(|&distance| distance > RIM);
        apart.fold(f64::INFINITY, f64::min)
    }
}

/// Period [Å] of the crystal along the normal of a surface, up to `depth`.
fn repeat_depth(crystal: &Crystal, surface: Surface, depth: f64) -> f64 {
    let direction = Vector::from(surface.plane().map(f64::from));
    let half = 0.5 * direction;
    let shortest = if crystal.is_translation(half) {
        half
    } else {
        direction
    };
    (crystal.constant() * shortest.norm()).min(depth)
}

impl std::fmt::Display for SlabReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::report::write_composition(f, &self.composition)?;
        writeln!(
            f,
            "{} slab with {} surfaces: {} planes, {:.3} Å thick, periodic over {:.3} Å x {:.3} Å",
            self.lattice,
            miller(self.surface),
            self.layers,
            self.thickness,
            self.periods[0],
            self.periods[1]
        )?;
        match self.adatom {
            Some(height) => writeln!(f, "one adatom, {height:.3} Å above the highest plane"),
            None => Ok(()),
        }
    }
}

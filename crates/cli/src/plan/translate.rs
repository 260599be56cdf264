//! From the deck's words for structures to those of the builder.

use frit_atoms::{Matrix, Vector};
use frit_build::{
    AdatomSpecies, Adatoms, Arrangement, Axis, BuildError, Composition, Crystal, FacetEnergy,
    Lattice, Occupation, ParticleRecipe, Periodic, Shape, Size, Slab, SlabAdatom, Surface,
    SurfaceSite,
};
use frit_deck::Facets;
use nalgebra::{Rotation3, Unit};

/// What is wrong with a description, and under which of its keys.
#[derive(Debug)]
pub(super) struct Problem {
    /// Path below the description; empty for all of it.
    pub key: &'static str,
    /// What is wrong.
    pub message: String,
}

/// Stands for the key of whatever shape a particle has.
const SHAPE: &str = "<shape>";

impl From<BuildError> for Problem {
    fn from(error: BuildError) -> Self {
        let key = match &error {
            BuildError::BadCoverage { .. }
            | BuildError::NoHollowSite { .. }
            | BuildError::FacetTwice { .. } => "adatoms",
            BuildError::NoTwin { .. }
            | BuildError::TwinTwice { .. }
            | BuildError::TwinOutside { .. } => "twins",
            BuildError::UnknownSublattice { .. } | BuildError::EmptySublattice { .. } => {
                "sublattices"
            }
            BuildError::NotQuasirandom { .. } => "arrangement",
            BuildError::NoSite { .. } => "adatom",
            BuildError::TooSmall { .. }
            | BuildError::NoParameter { .. }
            | BuildError::PlaneTwice { .. }
            | BuildError::Unbounded
            | BuildError::NoFacets => SHAPE,
            _ => "",
        };
        let message = error.to_string();
        Self { key, message }
    }
}

impl From<String> for Problem {
    fn from(message: String) -> Self {
        Self { key: "", message }
    }
}

impl Problem {
    /// The path of the key, for a description at `path`.
    pub(super) fn path(&self, path: &str, body: Option<&frit_deck::Body>) -> String {
        let key = match self.key {
            SHAPE => body.map_or("", shape_key),
            key => key,
        };
        match key {
            "" => path.to_owned(),
            key => format!("{path}.{key}"),
        }
    }
}

fn shape_key(body: &frit_deck::Body) -> &'static str {
    match body {
        frit_deck::Body::File(_) => "file",
        frit_deck::Body::Cut(_, shape) => match shape {
            frit_deck::Shape::Cube(_) => "cube",
            frit_deck::Shape::Box(_) => "box",
            frit_deck::Shape::Sphere(_) => "sphere",
            frit_deck::Shape::Cuboctahedron(_) => "cuboctahedron",
            frit_deck::Shape::Wulff(..) => "wulff",
        },
    }
}

/// A periodic crystal.
pub(super) fn bulk(description: &frit_deck::Bulk) -> Result<Periodic, Problem> {
    Ok(Periodic {
        crystal: crystal(&description.crystal)?,
        // The deck allows no more cells than fit.
        repeat: description.repeat.map(|cells| cells as u32),
        occupation: occupation(&description.crystal, &description.contents)?,
    })
}

/// A particle to be cut from a crystal; `facing` is the direction to its partner.
pub(super) fn recipe(
    description: &frit_deck::Particle,
    cut: (&frit_deck::Crystal, &frit_deck::Shape),
    contents: &frit_deck::Contents,
    facing: Option<Vector>,
) -> Result<ParticleRecipe, Problem> {
    let (of_crystal, of_shape) = cut;
    let crystal = crystal(of_crystal)?;
    let rotation = turn(&description.turn, &crystal);
    let adatoms = match &description.adatoms {
        Some(asked) => adatoms(asked, &crystal, facing.map(|d| rotation.transpose() * d))?,
        None => Vec::new(),
    };
    Ok(ParticleRecipe {
        shape: shape(of_shape),
        twins: description
            .twins
            .iter()
            .map(|twin| twin.in_angstroms())
            .collect(),
        occupation: occupation(of_crystal, contents)?,
        adatoms,
        rotation,
        crystal,
    })
}

/// The rotation that a deck describes, for a particle cut from a crystal.
fn turn(turn: &frit_deck::Turn, crystal: &Crystal) -> Matrix {
    let first = turn
        .orientation
        .map_or_else(Matrix::identity, |(plane, along)| {
            onto(&crystal.normal(plane), &axis(along).unit())
        });
    turned(turn.rotation) * first
}

/// The rotation of atoms from a file: planes count in the axes of space.
pub(super) fn turn_of_file(turn: &frit_deck::Turn) -> Matrix {
    let first = turn
        .orientation
        .map_or_else(Matrix::identity, |(plane, along)| {
            let normal = Vector::from(plane.map(f64::from)).normalize();
            onto(&normal, &axis(along).unit())
        });
    turned(turn.rotation) * first
}

/// A rotation about an axis.
pub(super) fn turned(rotation: Option<(frit_deck::Axis, f64)>) -> Matrix {
    rotation.map_or_else(Matrix::identity, |(about, angle)| {
        *Rotation3::from_axis_angle(&Unit::new_normalize(axis(about).unit()), angle).matrix()
    })
}

/// The smallest rotation that carries one direction onto another.
fn onto(from: &Vector, to: &Vector) -> Matrix {
    match Rotation3::rotation_between(from, to) {
        Some(rotation) => *rotation.matrix(),
        // Opposite: half a turn about any axis across.
        None => {
            let mut aside = Vector::zeros();
            aside[from.iamin()] = 1.0;
            let about = Unit::new_normalize(from.cross(&aside));
            *Rotation3::from_axis_angle(&about, std::f64::consts::PI).matrix()
        }
    }
}

/// The adatoms of each facet; `facing` is the direction to the partner in the axes of the crystal.
fn adatoms(
    asked: &frit_deck::Adatoms,
    crystal: &Crystal,
    facing: Option<Vector>,
) -> Result<Vec<Adatoms>, Problem> {
    let mut facets: Vec<[i32; 3]> = Vec::new();
    for &one in &asked.facets {
        let these = match one {
            Facets::One(plane) => vec![plane],
            Facets::Family(plane) => frit_build::family(crystal.lattice().symmetry(), plane)?,
            Facets::Facing => vec![facet_along(crystal, facing)?],
        };
        facets.extend(these);
    }
    let species = adatom_species(&asked.species);
    Ok(facets
        .into_iter()
        .map(|facet| Adatoms {
            facet,
            coverage: asked.coverage,
            species: species.clone(),
        })
        .collect())
}

/// The low-index facet along a direction in the axes of the crystal.
fn facet_along(crystal: &Crystal, direction: Option<Vector>) -> Result<[i32; 3], Problem> {
    const LARGEST: i32 = 3;
    /// Cosine of half a degree: more turned, the facet faces elsewhere.
    const ALONG: f64 = 0.999_96;
    let none = || {
        Problem {
        key: "adatoms",
        message: "no low-index facet of the particle faces the other one; name the facets of the adatoms, such as facets = [\"{100}\"]".to_owned(),
    }
    };
    let direction = direction.ok_or_else(none)?;
    let indices = || -LARGEST..=LARGEST;
    indices()
        .flat_map(|h| indices().flat_map(move |k| indices().map(move |l| [h, k, l])))
        .filter(|plane| *plane != [0; 3] && crystal.normal(*plane).dot(&direction) > ALONG)
        .min_by_key(|plane| plane.iter().map(|index| index.abs()).sum::<i32>())
        .ok_or_else(none)
}

fn adatom_species(species: &frit_deck::AdatomSpecies) -> AdatomSpecies {
    match species {
        frit_deck::AdatomSpecies::Alloy => AdatomSpecies::Alloy,
        frit_deck::AdatomSpecies::Element(symbol) => AdatomSpecies::Element(symbol.clone()),
    }
}

/// A slab.
pub(super) fn slab(description: &frit_deck::CrystalSlab) -> Result<Slab, Problem> {
    Ok(Slab {
        crystal: crystal(&description.crystal)?,
        surface: match description.surface {
            frit_deck::Surface::S100 => Surface::S100,
            frit_deck::Surface::S110 => Surface::S110,
            frit_deck::Surface::S111 => Surface::S111,
        },
        // The deck allows no more than fit.
        layers: description.layers as u32,
        repeat: description.repeat.map(|cells| cells as u32),
        vacuum: description.vacuum.in_angstroms(),
        occupation: occupation(&description.crystal, &description.contents)?,
        adatom: description.adatom.as_ref().map(|adatom| SlabAdatom {
            site: match adatom.site {
                frit_deck::SurfaceSite::Top => SurfaceSite::Top,
                frit_deck::SurfaceSite::Bridge => SurfaceSite::Bridge,
                frit_deck::SurfaceSite::Hollow => SurfaceSite::Hollow,
                frit_deck::SurfaceSite::Fcc => SurfaceSite::Fcc,
                frit_deck::SurfaceSite::Hcp => SurfaceSite::Hcp,
            },
            species: adatom_species(&adatom.species),
        }),
    })
}

fn shape(shape: &frit_deck::Shape) -> Shape {
    match shape {
        frit_deck::Shape::Cube(of) => Shape::Cube(size(*of)),
        frit_deck::Shape::Box(edges) => Shape::Box(edges.map(|edge| edge.in_angstroms())),
        frit_deck::Shape::Sphere(of) => Shape::Sphere(size(*of)),
        frit_deck::Shape::Cuboctahedron(of) => Shape::Cuboctahedron(size(*of)),
        frit_deck::Shape::Wulff(energies, of) => {
            let energies = energies.iter().map(|one| FacetEnergy {
                plane: one.plane,
                energy: one.energy.internal(),
            });
            Shape::Wulff(energies.collect(), size(*of))
        }
    }
}

fn size(size: frit_deck::Size) -> Size {
    match size {
        frit_deck::Size::Length(length) => Size::Length(length.in_angstroms()),
        frit_deck::Size::NearestAtoms(atoms) => Size::NearestAtoms(atoms as usize),
        frit_deck::Size::ExactAtoms(atoms) => Size::ExactAtoms(atoms as usize),
    }
}

/// An axis of space.
pub(super) fn axis(axis: frit_deck::Axis) -> Axis {
    match axis {
        frit_deck::Axis::X => Axis::X,
        frit_deck::Axis::Y => Axis::Y,
        frit_deck::Axis::Z => Axis::Z,
    }
}

fn crystal(crystal: &frit_deck::Crystal) -> Result<Crystal, BuildError> {
    Crystal::with(
        lattice(crystal.lattice),
        crystal.constant.in_angstroms(),
        crystal.ratio,
        crystal.internal,
    )
}

fn lattice(lattice: frit_deck::Lattice) -> Lattice {
    match lattice {
        frit_deck::Lattice::FaceCentredCubic => Lattice::Fcc,
        frit_deck::Lattice::BodyCentredCubic => Lattice::Bcc,
        frit_deck::Lattice::SimpleCubic => Lattice::Sc,
        frit_deck::Lattice::HexagonalClosePacked => Lattice::Hcp,
        frit_deck::Lattice::L12 => Lattice::L12,
        frit_deck::Lattice::L10 => Lattice::L10,
        frit_deck::Lattice::Rocksalt => Lattice::Rocksalt,
        frit_deck::Lattice::Fluorite => Lattice::Fluorite,
        frit_deck::Lattice::Spinel => Lattice::Spinel,
        frit_deck::Lattice::Cuprite => Lattice::Cuprite,
        frit_deck::Lattice::Rutile => Lattice::Rutile,
        frit_deck::Lattice::Anatase => Lattice::Anatase,
    }
}

fn occupation(
    crystal: &frit_deck::Crystal,
    contents: &frit_deck::Contents,
) -> Result<Occupation, Problem> {
    match &contents.sites {
        frit_deck::Sites::All(alloy) => {
            let arrangement = match contents.arrangement {
                frit_deck::Arrangement::Random => Arrangement::Random,
                frit_deck::Arrangement::SpecialQuasirandom { shells } => {
                    let shells = shells as usize;
                    Arrangement::SpecialQuasirandom { shells }
                }
            };
            Ok(Occupation::uniform(composition(alloy)?, arrangement))
        }
        frit_deck::Sites::Sublattices(named) => {
            if contents.arrangement != frit_deck::Arrangement::Random {
                let lattice = lattice(crystal.lattice).name();
                return Err(BuildError::NotQuasirandom { lattice }.into());
            }
            let named: Vec<(String, Composition)> = named
                .iter()
                .map(|(name, alloy)| Ok((name.clone(), composition(alloy)?)))
                .collect::<Result<_, String>>()?;
            Ok(Occupation::ordered(lattice(crystal.lattice), &named)?)
        }
    }
}

fn composition(composition: &frit_deck::Composition) -> Result<Composition, String> {
    let shares = composition
        .fractions
        .iter()
        .map(|(symbol, fraction)| (symbol.as_str(), *fraction));
    Composition::of_elements(shares).map_err(|error| error.to_string())
}

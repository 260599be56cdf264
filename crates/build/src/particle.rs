//! One free particle: a shape cut from a crystal, with its alloy and adatoms, turned.

use crate::adatoms::Chosen;
use crate::cut::{Cut, asked, cut, estimate};
use crate::error::countable;
use crate::near::Near;
use crate::outermost::layers;
use crate::report::{AdatomCount, CutReport, counts_of, density, formula};
use crate::sites::Site;
use crate::{
    AdatomSpecies, Adatoms, BuildError, CompositionError, Crystal, Occupation, Outermost,
    PARTICLES, ParticleReport, Shape, wulff_shares,
};
use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};

/// Empty space [Å] between the outermost atoms and the cell that frames them.
pub(crate) const VACUUM: f64 = 10.0;

/// Fewest atoms that make a core of their own: one with its twelve neighbours.
const LEAST_CORE: usize = 13;

/// Thickness [Å] of a plane of perfect lattice sites, and of one of atoms from a file, which shake.
const PERFECT: f64 = 0.1;
const SHAKEN: f64 = 0.5;

/// Description of a particle.
#[derive(Debug, Clone, PartialEq)]
pub struct ParticleRecipe {
    /// The crystal from which it is cut.
    pub crystal: Crystal,
    /// Its shape.
    pub shape: Shape,
    /// Heights [Å] of (111) twin planes along \[111\] from the centre: each mirrors what lies above.
    pub twins: Vec<f64>,
    /// What stands on its sites.
    pub occupation: Occupation,
    /// Adatoms, at most one layer a facet.
    pub adatoms: Vec<Adatoms>,
    /// Rotation from the axes of the crystal to the axes of space.
    pub rotation: Matrix,
}

/// A particle as built: perfect lattice sites at rest, or atoms from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// The atoms: group 0, ids from 1 (the shape's in the order of their sites, then the adatoms').
    ///
    /// The particle is centred on the origin; the cell is free in all directions and only frames it.
    pub system: System,
    /// Ids of the adatoms, ascending.
    pub adatoms: Vec<u32>,
    /// Ids of the atoms deep inside, which stay on their sites when hot: they show how the
    /// particle has turned. A small particle has all its atoms but the adatoms here.
    pub core: Vec<u32>,
    /// What was built.
    pub report: ParticleReport,
    /// Up to this distance [Å] atoms are nearest neighbours.
    bond: f64,
    /// Thickness [Å] of its planes.
    flat: f64,
}

impl Particle {
    /// What it turns towards a direction (a unit vector), as built.
    pub fn outermost(&self, direction: &Vector) -> Outermost {
        let position = self.system.atoms.position();
        let body = position.len() - self.adatoms.len();
        let heights = position[..body].iter().map(|place| direction.dot(place));
        let layers = layers(heights.enumerate(), self.flat);
        let facet = layers.facet(position, self.bond);
        let mut ids: Vec<u32> = facet
            .map(|(points, _)| points.iter().map(|&point| point as u32 + 1).collect())
            .unwrap_or_default();
        ids.sort_unstable();
        Outermost {
            ids,
            spacing: layers.spacing(position, self.bond),
        }
    }

    /// Atoms from a file, turned by a rotation: centred on the origin, ids from 1 in the order of the
    /// file's ids, velocities turned too.
    ///
    /// # Errors
    /// There must be atoms, in a cell that is free in all directions or periodic with the atoms in one
    /// piece.
    pub fn from_system(
        source: &str,
        system: &System,
        rotation: Matrix,
    ) -> Result<Self, BuildError> {
        let count = system.atoms.len();
        if count < LEAST_CORE {
            return Err(BuildError::TooSmall {
                asked: format!("{source} with {count} atoms"),
                least: format!("a particle needs at least {LEAST_CORE} atoms"),
            });
        }
        let order = system.atoms.by_id();
        let places: Vec<Vector> = order
            .iter()
            .map(|&index| system.unwrapped(index as usize))
            .collect();
        let centre = places.iter().sum::<Vector>() / count as f64;
        let atoms: Atoms = (1_u32..)
            .zip(order.iter().zip(&places))
            .map(|(id, (&index, place))| {
                let atom = system.atoms.get(index as usize);
                Atom {
                    position: rotation * (place - centre),
                    velocity: rotation * atom.velocity,
                    image: [0; 3],
                    id,
                    group: PARTICLES[0],
                    ..atom
                }
            })
            .collect();
        let cell = frame(atoms.position())?;
        let system = System::new(cell, atoms, system.species.clone())?;
        let bond = usual_bond(system.atoms.position());
        let kinds: Vec<usize> = system
            .atoms
            .species()
            .iter()
            .map(|&s| usize::from(s))
            .collect();
        Ok(Self {
            core: core(system.atoms.position(), &kinds, bond),
            adatoms: Vec::new(),
            report: ParticleReport {
                cut: None,
                source: Some(source.to_owned()),
                atoms: count,
                adatoms: Vec::new(),
                composition: counts_of(&system),
                order: None,
                turned: turned(&rotation),
            },
            bond,
            flat: SHAKEN,
            system,
        })
    }
}

/// 1.2 times the median distance of atoms from their nearest neighbours [Å]: beyond the nearest shell,
/// hot or not.
fn usual_bond(positions: &[Vector]) -> f64 {
    let mut reach = 4.0;
    loop {
        let near = Near::new(positions, reach);
        let nearest: Vec<f64> = positions
            .iter()
            .map(|&place| {
                let others = near.around(place).filter(|(_, distance)| *distance > 0.0);
                others
                    .map(|(_, distance)| distance)
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        let median = crate::facing::median(nearest);
        if median.is_finite() || reach > 1e3 {
            return 1.2 * median.min(reach);
        }
        reach *= 2.0;
    }
}

impl ParticleRecipe {
    /// Atoms that it will have, about: for checks before it is built.
    ///
    /// # Errors
    /// As [`ParticleRecipe::build`], for the shape.
    pub fn estimate(&self) -> Result<f64, BuildError> {
        estimate(&self.crystal, &self.shape)
    }

    /// Builds it; `streams` decide the species of the sites and the places of the adatoms.
    ///
    /// # Errors
    /// Lengths must be positive, the shape not too small, coverages fractions, facets with adatoms
    /// distinct and with sites for them, elements known.
    pub fn build(&self, streams: Streams) -> Result<Particle, BuildError> {
        let mut stream = streams.stream(Purpose::Trimming, 0, 0);
        let cut = cut(&self.crystal, &self.shape, &self.twins, &mut stream)?;
        let positions: Vec<Vector> = cut.sites.iter().map(|site| site.position).collect();
        twins_cut(cut.ground.twins(), &positions)?;
        let near = Near::new(&positions, self.crystal.bond());
        let adatoms = self.choose_adatoms(&cut, &near, streams)?;
        let on_facets: usize = adatoms.iter().map(|chosen| chosen.sites.len()).sum();
        let body = cut.sites.len();
        countable((body + on_facets) as u128)?;
        let (system, order) = self.fill(&cut.sites, &adatoms, streams)?;
        let kinds: Vec<usize> = cut.sites.iter().map(|site| site.sublattice).collect();
        let first_adatom = body as u32 + 1;
        let counts = self.adatoms.iter().zip(&adatoms);
        Ok(Particle {
            adatoms: (first_adatom..first_adatom + on_facets as u32).collect(),
            core: core(&positions, &kinds, self.crystal.bond()),
            report: ParticleReport {
                cut: Some(self.cut_report(&cut)?),
                source: None,
                atoms: body,
                adatoms: counts
                    .map(|(asked, chosen)| AdatomCount {
                        facet: asked.facet,
                        sites: chosen.complete,
                        adatoms: chosen.sites.len(),
                    })
                    .collect(),
                composition: counts_of(&system),
                order,
                turned: turned(&self.rotation),
            },
            bond: self.crystal.bond(),
            flat: PERFECT,
            system,
        })
    }

    fn cut_report(&self, cut: &Cut<'_>) -> Result<CutReport, BuildError> {
        Ok(CutReport {
            lattice: self.crystal.lattice(),
            constant: self.crystal.constant(),
            shape: self.shape.name(),
            asked: asked(&self.shape),
            size: self.shape.size(),
            measures: cut.measures,
            facets: match &self.shape {
                Shape::Wulff(energies, _) => wulff_shares(&self.crystal, energies)?,
                _ => Vec::new(),
            },
            twins: cut.ground.twins().to_vec(),
            sublattices: formula(&self.crystal, cut.sites.iter().map(|site| site.sublattice)),
            density: density(&self.crystal, &self.occupation),
        })
    }

    fn choose_adatoms(
        &self,
        cut: &Cut<'_>,
        near: &Near<'_>,
        streams: Streams,
    ) -> Result<Vec<Chosen>, BuildError> {
        if self.adatoms.is_empty() {
            return Ok(Vec::new());
        }
        // An adatom stands one plane above its facet, less than a bond.
        let beside = cut.beside(self.crystal.bond())?;
        let mut chosen: Vec<Chosen> = Vec::new();
        for (k, adatoms) in self.adatoms.iter().enumerate() {
            let facet = adatoms.facet;
            if self.adatoms[..k].iter().any(|other| other.facet == facet) {
                return Err(BuildError::FacetTwice {
                    facet: crate::shape::miller(facet),
                });
            }
            chosen.push(adatoms.choose(&self.crystal, cut, near, &beside, streams)?);
        }
        Ok(chosen)
    }

    /// Puts species on the sites.
    fn fill(
        &self,
        sites: &[Site],
        adatoms: &[Chosen],
        streams: Streams,
    ) -> Result<(System, Option<crate::SpecialReport>), BuildError> {
        let mut species = self.occupation.species();
        // For each site the species it must have, or none if it belongs to the alloy.
        let mut wanted: Vec<(Site, Option<u8>)> = sites.iter().map(|&site| (site, None)).collect();
        for (asked, chosen) in self.adatoms.iter().zip(adatoms) {
            let fixed = match &asked.species {
                AdatomSpecies::Alloy => None,
                AdatomSpecies::Element(symbol) => Some(index_of(&mut species, symbol)?),
            };
            wanted.extend(chosen.sites.iter().map(|&site| (site, fixed)));
        }
        let alloyed: Vec<bool> = wanted.iter().map(|(_, fixed)| fixed.is_none()).collect();
        let sublattices: Vec<usize> = wanted
            .iter()
            .filter(|(_, fixed)| fixed.is_none())
            .map(|(site, _)| site.sublattice)
            .collect();
        let mut alloy = self.occupation.assign(&sublattices, streams).into_iter();
        let atoms: Atoms = (1_u32..)
            .zip(wanted)
            .map(|(id, (site, fixed))| Atom {
                position: site.position,
                velocity: Vector::zeros(),
                image: [0; 3],
                species: fixed.or_else(|| alloy.next()).unwrap_or(0),
                id,
                group: PARTICLES[0],
            })
            .collect();
        let mut system = System::new(frame(atoms.position())?, atoms, species)?;
        let order = self
            .occupation
            .arrange(&self.crystal, &mut system, &alloyed, streams)?;
        if self.rotation != Matrix::identity() {
            for position in system.atoms.position_mut() {
                *position = self.rotation * *position;
            }
            system.cell = frame(system.atoms.position())?;
        }
        Ok((system, order))
    }
}

/// Ids of the atoms whose neighbours, and theirs, are all there: as many as the best surrounded atom of
/// their kind has.
fn core(positions: &[Vector], kinds: &[usize], bond: f64) -> Vec<u32> {
    let near = Near::new(positions, bond);
    // Itself counted too, for all alike.
    let counts: Vec<usize> = positions
        .iter()
        .map(|&place| near.around(place).count())
        .collect();
    let mut full = vec![0; kinds.iter().max().map_or(0, |most| most + 1)];
    for (&count, &kind) in counts.iter().zip(kinds) {
        full[kind] = count.max(full[kind]);
    }
    let is_full: Vec<bool> = counts
        .iter()
        .zip(kinds)
        .map(|(&n, &kind)| n == full[kind])
        .collect();
    let core: Vec<u32> = (1_u32..)
        .zip(positions)
        .filter(|(_, place)| near.around(**place).all(|(other, _)| is_full[other]))
        .map(|(id, _)| id)
        .collect();
    if core.len() < LEAST_CORE {
        (1..=positions.len() as u32).collect()
    } else {
        core
    }
}

/// Angle [rad] of a rotation.
fn turned(rotation: &Matrix) -> f64 {
    nalgebra::Rotation3::from_matrix_unchecked(*rotation).angle()
}

/// Index of an element among `species`, to which it is added if it is not there.
pub(crate) fn index_of(species: &mut Vec<Species>, symbol: &str) -> Result<u8, BuildError> {
    let place = match species.iter().position(|known| known.name == symbol) {
        Some(place) => place,
        None => {
            let element =
                Species::of_element(symbol).ok_or_else(|| CompositionError::UnknownElement {
                    symbol: symbol.to_owned(),
                })?;
            species.push(element);
            species.len() - 1
        }
    };
    u8::try_from(place).map_err(|_| {
        let found = species.len();
        CompositionError::TooMany { found }.into()
    })
}

/// Each twin plane [Å] has atoms on both sides.
fn twins_cut(twins: &[f64], positions: &[Vector]) -> Result<(), BuildError> {
    let heights = positions.iter().map(|place| place.sum() / 3.0_f64.sqrt());
    let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), height| {
        (low.min(height), high.max(height))
    });
    match twins.iter().find(|&&twin| twin <= low || twin >= high) {
        Some(&height) => Err(BuildError::TwinOutside { height, low, high }),
        None => Ok(()),
    }
}

/// A free cell around positions [Å], with vacuum on all sides.
pub(crate) fn frame(positions: &[Vector]) -> Result<Cell, BuildError> {
    let mut low = Vector::repeat(f64::INFINITY);
    let mut high = Vector::repeat(f64::NEG_INFINITY);
    for position in positions {
        low = low.inf(position);
        high = high.sup(position);
    }
    let margin = Vector::repeat(VACUUM);
    let edges = high - low + 2.0 * margin;
    let vectors = Matrix::from_diagonal(&edges);
    Ok(Cell::new(vectors, low - margin, [false; 3])?)
}

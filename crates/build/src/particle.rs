//! One free particle: a cube of a random alloy with adatoms on its facets.

use crate::adatoms::Chosen;
use crate::error::countable;
use crate::report::{AdatomCount, counts_of, density};
use crate::trim::trim;
use crate::{
    AdatomSpecies, Adatoms, BuildError, Composition, CompositionError, Cube, CubeSize, Facet,
    ParticleReport, Side, Trimmed,
};
use frit_atoms::{Atom, Atoms, Cell, Matrix, Species, System, Vector};
use frit_engine::random::{Purpose, Streams};

/// Empty space [Å] between the outermost atoms and the cell that frames them.
pub(crate) const VACUUM: f64 = 10.0;

/// Planes below each facet that do not count as core: atoms of the first two planes may wander.
const SKIN_PLANES: i32 = 2;

/// Fewest atoms that make a core of their own: one with its twelve neighbours.
const LEAST_CORE: usize = 13;

/// Description of a particle.
#[derive(Debug, Clone, PartialEq)]
pub struct ParticleRecipe {
    /// Its shape.
    pub cube: Cube,
    /// The random alloy it is made of.
    pub composition: Composition,
    /// Adatoms, at most one layer a facet.
    pub adatoms: Vec<Adatoms>,
}

/// A particle as built: perfect lattice sites, at rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// The atoms: group 0, ids from 1 (the cube's in the order of their sites, then the adatoms').
    ///
    /// The cube is centred on the origin, its edges lie along the axes; the cell is free in all
    /// directions and only frames it.
    pub system: System,
    /// Ids of the adatoms, ascending.
    pub adatoms: Vec<u32>,
    /// Ids of the atoms deep inside, which stay on their sites when hot: they show how the
    /// particle has turned. A particle of few planes has all its cube's atoms here.
    pub core: Vec<u32>,
    /// Distance between {100} planes [Å].
    pub plane_spacing: f64,
    /// What was built.
    pub report: ParticleReport,
    facet_layers: [Vec<u32>; 6],
}

impl Particle {
    /// Ids of the atoms of the outermost complete plane of a facet (below its adatoms), ascending.
    pub fn facet_layer(&self, facet: Facet) -> &[u32] {
        &self.facet_layers[facet.index()]
    }
}

impl ParticleRecipe {
    /// Builds it; `streams` decide the species of the sites and the places of the adatoms.
    ///
    /// # Errors
    /// Lengths must be positive, the cube not too small, coverages fractions, facets with adatoms
    /// distinct and with hollow sites, elements known.
    pub fn build(&self, streams: Streams) -> Result<Particle, BuildError> {
        let planes = self.cube.planes()?;
        let complete = self.cube.sites(planes);
        let complete_atoms = complete.len();
        let (sites, removed) = match self.cube.size {
            CubeSize::ExactAtoms(atoms) => trim(self.cube.lattice, complete, atoms),
            CubeSize::Edge(_) | CubeSize::NearestAtoms(_) => (complete, Vec::new()),
        };
        let layers = Facet::ALL.map(|facet| layer_of(&sites, facet));
        let adatoms = self.choose_adatoms(&sites, &layers, streams)?;
        let on_facets: usize = adatoms.iter().map(|chosen| chosen.sites.len()).sum();
        countable((sites.len() + on_facets) as u128)?;

        let system = self.fill(planes, &sites, &adatoms, streams)?;
        let first_adatom = sites.len() as u32 + 1;
        let id_of = |&place: &usize| place as u32 + 1;
        let report = ParticleReport {
            lattice: self.cube.lattice,
            constant: self.cube.constant,
            asked: self.cube.size,
            planes,
            edge: self.cube.edge(planes),
            cube_atoms: sites.len(),
            trimmed: (!removed.is_empty()).then_some(Trimmed {
                complete: complete_atoms,
                removed: removed.len(),
            }),
            adatoms: (self.adatoms.iter().zip(&adatoms))
                .map(|(asked, chosen)| AdatomCount {
                    facet: asked.facet,
                    sites: chosen.complete,
                    adatoms: chosen.sites.len(),
                })
                .collect(),
            composition: counts_of(&system),
            density: density(self.cube.lattice, self.cube.constant, &system),
        };
        Ok(Particle {
            adatoms: (first_adatom..first_adatom + on_facets as u32).collect(),
            core: self.core(planes, &sites),
            plane_spacing: self.cube.lattice.plane_spacing(self.cube.constant),
            report,
            facet_layers: layers.map(|layer| layer.iter().map(id_of).collect()),
            system,
        })
    }

    fn choose_adatoms(
        &self,
        sites: &[[i32; 3]],
        layers: &[Vec<usize>; 6],
        streams: Streams,
    ) -> Result<Vec<Chosen>, BuildError> {
        let mut chosen = Vec::new();
        for (k, adatoms) in self.adatoms.iter().enumerate() {
            let facet = adatoms.facet;
            if self.adatoms[..k].iter().any(|other| other.facet == facet) {
                return Err(BuildError::FacetTwice {
                    facet: facet.name(),
                });
            }
            let layer: Vec<_> = layers[facet.index()].iter().map(|&at| sites[at]).collect();
            chosen.push(adatoms.sites(self.cube.lattice, &layer, streams)?);
        }
        Ok(chosen)
    }

    /// Puts species on the sites.
    fn fill(
        &self,
        planes: u32,
        sites: &[[i32; 3]],
        adatoms: &[Chosen],
        streams: Streams,
    ) -> Result<System, BuildError> {
        let mut species = self.composition.species().to_vec();
        // For each site the species it must have, or none if it belongs to the alloy.
        let mut wanted: Vec<([i32; 3], Option<u8>)> =
            sites.iter().map(|&site| (site, None)).collect();
        for (asked, chosen) in self.adatoms.iter().zip(adatoms) {
            let fixed = match &asked.species {
                AdatomSpecies::Alloy => None,
                AdatomSpecies::Element(symbol) => Some(index_of(&mut species, symbol)?),
            };
            wanted.extend(chosen.sites.iter().map(|&site| (site, fixed)));
        }
        let alloyed = wanted.iter().filter(|(_, fixed)| fixed.is_none()).count();
        let mut stream = streams.stream(Purpose::Alloy, 0, 0);
        let mut alloy = self.composition.assign(alloyed, &mut stream).into_iter();
        let last = self.cube.lattice.plane_step() * (planes as i32 - 1);
        let atoms: Atoms = (1_u32..)
            .zip(wanted)
            .map(|(id, (site, fixed))| Atom {
                // Twice the site is a whole number of quarters from the centre.
                position: Vector::from(site.map(|k| f64::from(2 * k - last)))
                    * (0.25 * self.cube.constant),
                velocity: Vector::zeros(),
                image: [0; 3],
                species: fixed.or_else(|| alloy.next()).unwrap_or(0),
                id,
                group: 0,
            })
            .collect();
        let cell = frame(atoms.position())?;
        Ok(System::new(cell, atoms, species)?)
    }

    /// Ids of the cube's atoms that lie deeper than the skin.
    fn core(&self, planes: u32, sites: &[[i32; 3]]) -> Vec<u32> {
        let step = self.cube.lattice.plane_step();
        let skin = SKIN_PLANES * step;
        let inside = skin..=step * (planes as i32 - 1) - skin;
        let core: Vec<u32> = (1_u32..)
            .zip(sites)
            .filter(|(_, site)| site.iter().all(|k| inside.contains(k)))
            .map(|(id, _)| id)
            .collect();
        if core.len() < LEAST_CORE {
            (1..=sites.len() as u32).collect()
        } else {
            core
        }
    }
}

/// Places in `sites` of the outermost plane of a facet.
fn layer_of(sites: &[[i32; 3]], facet: Facet) -> Vec<usize> {
    let axis = facet.axis.index();
    let along = sites.iter().map(|site| site[axis]);
    let outermost = match facet.side {
        Side::Minus => along.min(),
        Side::Plus => along.max(),
    };
    (0..sites.len())
        .filter(|&place| Some(sites[place][axis]) == outermost)
        .collect()
}

/// Index of an element among `species`, to which it is added if it is not there.
fn index_of(species: &mut Vec<Species>, symbol: &str) -> Result<u8, BuildError> {
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

//! What stands on the sites of a crystal.

use crate::special::{self, SpecialReport};
use crate::{BuildError, Composition, Crystal};
use frit_atoms::{Species, System};
use frit_engine::random::{Purpose, Streams};

/// What stands on the sites of a crystal: one alloy on all, or one on each sublattice.
#[derive(Debug, Clone, PartialEq)]
pub struct Occupation {
    /// One for all sublattices, or one for each.
    compositions: Vec<Composition>,
    arrangement: Arrangement,
}

/// How the elements of an alloy lie on its sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrangement {
    /// At random.
    Random,
    /// As near as possible to no correlation between the elements of neighbours, in this many shells.
    SpecialQuasirandom {
        /// Shells of neighbours, from the nearest.
        shells: usize,
    },
}

impl Occupation {
    /// One alloy on all sites.
    pub fn uniform(composition: Composition, arrangement: Arrangement) -> Self {
        Self {
            compositions: vec![composition],
            arrangement,
        }
    }

    /// One alloy on each of a lattice's sublattices, by their names.
    ///
    /// # Errors
    /// Every sublattice needs one, and only sublattices take one.
    pub fn ordered(
        lattice: crate::Lattice,
        compositions: &[(String, Composition)],
    ) -> Result<Self, BuildError> {
        let known = lattice.sublattices();
        for (name, _) in compositions {
            if !known.contains(&name.as_str()) {
                return Err(BuildError::UnknownSublattice {
                    lattice: lattice.name(),
                    name: name.clone(),
                    known: known.join(", "),
                });
            }
        }
        let of = |wanted: &&str| {
            let found = compositions.iter().find(|(name, _)| name == wanted);
            found
                .map(|(_, composition)| composition.clone())
                .ok_or_else(|| BuildError::EmptySublattice {
                    lattice: lattice.name(),
                    name: (*wanted).to_owned(),
                })
        };
        Ok(Self {
            compositions: known.iter().map(of).collect::<Result<_, _>>()?,
            arrangement: Arrangement::Random,
        })
    }

    /// All species, in order of their first appearance.
    pub(crate) fn species(&self) -> Vec<Species> {
        let mut species: Vec<Species> = Vec::new();
        for one in self.compositions.iter().flat_map(Composition::species) {
            if !species.iter().any(|known| known.name == one.name) {
                species.push(one.clone());
            }
        }
        species
    }

    /// Mean mass of an atom of a crystal [u].
    pub(crate) fn mean_mass(&self, crystal: &Crystal) -> f64 {
        let sites = crystal.sites();
        let mass = |site: &crate::crystal::CrystalSite| {
            let sublattice = if self.compositions.len() == 1 {
                0
            } else {
                site.sublattice
            };
            self.compositions[sublattice].mean_mass()
        };
        sites.iter().map(mass).sum::<f64>() / sites.len() as f64
    }

    /// Species, as indices into [`Occupation::species`], for sites of these sublattices.
    pub(crate) fn assign(&self, sublattices: &[usize], streams: Streams) -> Vec<u8> {
        let species = self.species();
        let mut assigned = vec![0; sublattices.len()];
        for (index, composition) in self.compositions.iter().enumerate() {
            let places: Vec<usize> = (0..sublattices.len())
                .filter(|&place| self.compositions.len() == 1 || sublattices[place] == index)
                .collect();
            let translate: Vec<u8> = composition
                .species()
                .iter()
                .map(|one| species.iter().position(|known| known.name == one.name))
                .map(|place| place.unwrap_or(0) as u8)
                .collect();
            let mut stream = streams.stream(Purpose::Alloy, 0, index as u64);
            let drawn = composition.assign(places.len(), &mut stream);
            for (place, drawn) in places.into_iter().zip(drawn) {
                assigned[place] = translate[usize::from(drawn)];
            }
        }
        assigned
    }

    /// Rearranges the atoms of a system by its arrangement; only atoms that `may_move` change places.
    ///
    /// # Errors
    /// Quasi-random structures are for one alloy on a lattice of like sites.
    pub(crate) fn arrange(
        &self,
        crystal: &Crystal,
        system: &mut System,
        may_move: &[bool],
        streams: Streams,
    ) -> Result<Option<SpecialReport>, BuildError> {
        let Arrangement::SpecialQuasirandom { shells } = self.arrangement else {
            return Ok(None);
        };
        if self.compositions.len() > 1 || crystal.lattice().sublattices().len() > 1 {
            return Err(BuildError::NotQuasirandom {
                lattice: crystal.lattice().name(),
            });
        }
        special::rearrange(crystal, system, may_move, shells, streams).map(Some)
    }
}

//! The tables of a potential in the shape that kernels read, for the species of one system.

use super::cubic::{Knot, Place, knots};
use super::tables::EamTables;

/// Interpolated functions: those of the distance in one block of memory, all on the same grid.
#[derive(Debug, Clone)]
pub(super) struct Functions {
    /// Number of species.
    pub(super) species: usize,
    pub(super) cutoff: f64,
    /// One over the spacing of distances [1/Å].
    pub(super) inverse_step: f64,
    /// Points of each function of the distance.
    pub(super) points: usize,
    /// Functions of the distance, one after the other.
    radial: Vec<Knot>,
    /// For species (source, at): number of the density function.
    density: Vec<usize>,
    /// For species (a, b): number of the function r φ.
    pair: Vec<usize>,
    embedding: Vec<Embedding>,
}

/// F(ρ) of a species.
#[derive(Debug, Clone)]
pub(super) struct Embedding {
    knots: Vec<Knot>,
    inverse_step: f64,
    end: f64,
}

impl Functions {
    /// The functions of a system whose species are these elements of the tables.
    pub(super) fn new(tables: &EamTables, elements: &[usize]) -> Self {
        let densities = tables.density.iter().map(|values| knots(values));
        let pairs = tables.pair.iter().map(|values| knots(values));
        let over_pairs = |index: &dyn Fn(usize, usize) -> usize| {
            let firsts = elements.iter();
            firsts
                .flat_map(|&first| elements.iter().map(move |&second| (first, second)))
                .map(|(first, second)| index(first, second))
                .collect()
        };
        Self {
            species: elements.len(),
            cutoff: tables.cutoff,
            inverse_step: 1.0 / tables.distance_step,
            points: tables.density.first().map_or(0, Vec::len),
            radial: densities.chain(pairs).flatten().collect(),
            density: over_pairs(&|source, at| tables.density_index(source, at)),
            pair: over_pairs(&|a, b| tables.density.len() + tables.pair_index(a, b)),
            embedding: elements
                .iter()
                .map(|&element| Embedding {
                    knots: knots(&tables.embedding[element]),
                    inverse_step: 1.0 / tables.density_step,
                    end: (tables.embedding[element].len() - 1) as f64 * tables.density_step,
                })
                .collect(),
        }
    }

    /// The density that an atom of species `source` gives to one of species `at`.
    #[inline(always)]
    pub(super) fn density(&self, source: usize, at: usize) -> &[Knot] {
        self.function(self.density[source * self.species + at])
    }

    /// r φ of two species.
    #[inline(always)]
    pub(super) fn pair(&self, first: usize, second: usize) -> &[Knot] {
        self.function(self.pair[first * self.species + second])
    }

    #[inline(always)]
    fn function(&self, number: usize) -> &[Knot] {
        &self.radial[number * self.points..][..self.points]
    }

    /// The embedding function of a species.
    #[inline(always)]
    pub(super) fn embedding(&self, species: usize) -> &Embedding {
        &self.embedding[species]
    }
}

impl Embedding {
    /// F(ρ) [eV]; a straight line beyond the table, as in LAMMPS.
    pub(super) fn energy(&self, density: f64) -> f64 {
        let place = Place::of(density, self.inverse_step, self.knots.len());
        let inside = self.knots[place.knot].value(place.fraction);
        inside + self.slope(density) * (density - self.end).max(0.0)
    }

    /// F'(ρ).
    #[inline]
    pub(super) fn slope(&self, density: f64) -> f64 {
        let place = Place::of(density, self.inverse_step, self.knots.len());
        self.knots[place.knot].slope(place.fraction) * self.inverse_step
    }
}

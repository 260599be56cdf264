//! The tables of a potential in the shape that kernels read, for the species of one system.

use super::cubic::{Knot, Place, knots};
use super::mixed::polynomials::Polynomials;
use super::tables::EamTables;

/// The two functions of a distance that an evaluation needs at the same time, from one knot to the
/// next: together they fill a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Duo {
    /// The density that the neighbour gives.
    pub(super) density: Knot,
    /// r φ.
    pub(super) pair: Knot,
}

/// Most species of which vector kernels look up the starts in one register.
pub(super) const MOST_SPECIES: usize = 16;

/// Where, in numbers, the functions start by which neighbours of each species give density to an
/// atom of one species, and take it from it.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(64))]
pub(super) struct Starts {
    pub(super) given: [u32; MOST_SPECIES],
    pub(super) taken: [u32; MOST_SPECIES],
}

/// Numbers of a [`Duo`].
pub(super) const DUO_NUMBERS: usize = size_of::<Duo>() / size_of::<f64>();

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
    /// For species (source, at), one after the other: the density that the source gives, and r φ.
    radial: Vec<Duo>,
    /// For each species of an atom, where the functions of its pairs start; none if there are more
    /// than [`MOST_SPECIES`].
    pub(super) starts: Vec<Starts>,
    embedding: Vec<Embedding>,
    /// For mixed precision; none for double.
    polynomials: Option<Polynomials>,
}

/// F(ρ) of a species.
#[derive(Debug, Clone)]
pub(super) struct Embedding {
    knots: Vec<Knot>,
    inverse_step: f64,
    end: f64,
}

impl Functions {
    /// Most knots of all pairs of species: kernels address their eight numbers by 31 bits.
    pub(super) const MOST_KNOTS: usize = 1 << 28;

    /// The functions of a system whose species are these elements of the tables.
    pub(super) fn new(tables: &EamTables, elements: &[usize]) -> Self {
        let mut radial = Vec::new();
        for &source in elements {
            for &at in elements {
                let densities = knots(&tables.density[tables.density_index(source, at)]);
                let pairs = knots(&tables.pair[tables.pair_index(source, at)]);
                let knots = densities.into_iter().zip(pairs);
                radial.extend(knots.map(|(density, pair)| Duo { density, pair }));
            }
        }
        let species = elements.len();
        let points = tables.density.first().map_or(0, Vec::len);
        // At most `MOST_KNOTS`, so that this fits.
        let start =
            |source: usize, at: usize| ((source * species + at) * points * DUO_NUMBERS) as u32;
        let starts = |atom: usize| {
            let mut starts = Starts::default();
            for other in 0..species {
                starts.given[other] = start(other, atom);
                starts.taken[other] = start(atom, other);
            }
            starts
        };
        let described = if species <= MOST_SPECIES { species } else { 0 };
        Self {
            starts: (0..described).map(starts).collect(),
            species,
            cutoff: tables.cutoff,
            inverse_step: 1.0 / tables.distance_step,
            points,
            radial,
            embedding: elements
                .iter()
                .map(|&element| Embedding {
                    knots: knots(&tables.embedding[element]),
                    inverse_step: 1.0 / tables.density_step,
                    end: (tables.embedding[element].len() - 1) as f64 * tables.density_step,
                })
                .collect(),
            polynomials: None,
        }
    }

    /// Adds the functions of mixed precision.
    pub(super) fn set_polynomials(&mut self, polynomials: Polynomials) {
        self.polynomials = Some(polynomials);
    }

    /// The functions of mixed precision.
    ///
    /// # Panics
    /// When there are none: only `MixedEam` asks, which sets them.
    #[inline(always)]
    pub(super) fn polynomials(&self) -> &Polynomials {
        self.polynomials
            .as_ref()
            .expect("mixed kernels evaluate functions with polynomials")
    }

    /// The density that an atom of species `source` gives to one of species `at`, and their r φ.
    #[inline(always)]
    pub(super) fn radial(&self, source: usize, at: usize) -> &[Duo] {
        &self.radial[self.start(source, at)..][..self.points]
    }

    /// Where [`Functions::radial`] starts among [`Functions::all_radial`].
    #[inline(always)]
    pub(super) fn start(&self, source: usize, at: usize) -> usize {
        (source * self.species + at) * self.points
    }

    /// The functions of all pairs of species, one after the other.
    #[inline(always)]
    pub(super) fn all_radial(&self) -> &[Duo] {
        &self.radial
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

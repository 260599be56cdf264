//! Adatoms: part of a monolayer in the fourfold hollows of a {100} facet.

use crate::{BuildError, Facet, Lattice, Side};
use frit_engine::random::{Purpose, Streams};
use std::collections::BTreeMap;

/// Which species the adatoms are of.
#[derive(Debug, Clone, PartialEq)]
pub enum AdatomSpecies {
    /// They belong to the random alloy: particle and adatoms together have its exact composition.
    Alloy,
    /// All are of this element; the rest of the particle has the exact composition.
    Element(String),
}

/// Adatoms on one facet.
///
/// A complete monolayer stands in all fourfold hollows of the facet's outermost plane (sites with
/// all four nearest neighbours below, none hangs over an edge); a random part of it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Adatoms {
    /// The facet.
    pub facet: Facet,
    /// Fraction of the monolayer that is kept, 0 to 1; the number of adatoms is rounded.
    pub coverage: f64,
    /// Their species.
    pub species: AdatomSpecies,
}

/// Nearest neighbours of an adatom in a hollow of a {100} plane.
const FOURFOLD: u32 = 4;

impl Adatoms {
    /// Hollow sites over `layer`, and which of them are kept [half lattice constants].
    pub(crate) fn sites(
        &self,
        lattice: Lattice,
        layer: &[[i32; 3]],
        streams: Streams,
    ) -> Result<Chosen, BuildError> {
        let facet = self.facet.name();
        if !(0.0..=1.0).contains(&self.coverage) {
            return Err(BuildError::BadCoverage {
                facet,
                coverage: self.coverage,
            });
        }
        let mut hollows = hollows(lattice, layer, self.facet);
        if hollows.is_empty() {
            return Err(BuildError::NoHollowSite {
                facet,
                lattice: lattice.name(),
            });
        }
        let complete = hollows.len();
        let kept = (self.coverage * complete as f64).round() as usize;
        let mut stream = streams.stream(Purpose::Adatoms, 0, self.facet.index() as u64);
        stream.shuffle(&mut hollows);
        hollows.truncate(kept);
        hollows.sort_unstable();
        Ok(Chosen {
            complete,
            sites: hollows,
        })
    }
}

/// The sites of adatoms on one facet.
pub(crate) struct Chosen {
    /// Sites of the complete monolayer.
    pub(crate) complete: usize,
    /// Sites kept [half lattice constants], in ascending order.
    pub(crate) sites: Vec<[i32; 3]>,
}

/// Sites outside `layer` with four nearest neighbours in it, in ascending order.
fn hollows(lattice: Lattice, layer: &[[i32; 3]], facet: Facet) -> Vec<[i32; 3]> {
    let outward = match facet.side {
        Side::Minus => -1,
        Side::Plus => 1,
    };
    let mut below: BTreeMap<[i32; 3], u32> = BTreeMap::new();
    for step in lattice.neighbours() {
        if step[facet.axis.index()] * outward > 0 {
            for site in layer {
                *below
                    .entry([0, 1, 2].map(|k| site[k] + step[k]))
                    .or_default() += 1;
            }
        }
    }
    below.retain(|_, count| *count == FOURFOLD);
    below.into_keys().collect()
}

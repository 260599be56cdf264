//! Atoms that stand on facets.

use super::scene::Scene;

/// How far above the outermost complete plane an adatom stands at least, in planes.
const LEAST_HEIGHT: f64 = 0.5;

/// Adatoms of one facet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacetAdatoms {
    /// Place of the particle among the bodies.
    pub body: usize,
    /// Place of the facet among those of the particle.
    pub facet: usize,
    /// Atoms on it.
    pub count: usize,
}

/// Where an adatom stands: body, facet, and height above its plane [Å].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Place of the particle among the bodies.
    pub body: usize,
    /// Place of the facet among those of the particle.
    pub facet: usize,
    /// Height above the facet's outermost complete plane of the first moment [Å].
    pub height: f64,
}

/// For each atom, in the order of the snapshot, the facet of its own particle on which it stands
/// as an adatom: more than half a plane above the outermost complete plane of the first moment.
///
/// Atoms over two facets belong to that whose plane they exceed more. Facets are those of the first
/// moment, in the frame that moves and turns with the particle.
pub fn adatoms(scene: &Scene<'_>) -> Vec<Option<Standing>> {
    let inside = scene.inside();
    let bodies = scene.body_of_group();
    scene.snapshot.map(|place| {
        let body = bodies[usize::from(scene.snapshot.group(place))];
        let reference = &scene.reference.bodies[body];
        let (facet, height) = reference.sector(&inside[place])?;
        (height > LEAST_HEIGHT * reference.facets[facet].spacing).then_some(Standing {
            body,
            facet,
            height,
        })
    })
}

/// Adatoms of every facet, bodies and facets in their order.
pub fn count_adatoms(scene: &Scene<'_>, standing: &[Option<Standing>]) -> Vec<FacetAdatoms> {
    let mut counts: Vec<FacetAdatoms> = (scene.reference.bodies.iter().enumerate())
        .flat_map(|(body, reference)| {
            (0..reference.facets.len()).map(move |facet| FacetAdatoms {
                body,
                facet,
                count: 0,
            })
        })
        .collect();
    for one in standing.iter().flatten() {
        if let Some(found) =
            (counts.iter_mut()).find(|c| (c.body, c.facet) == (one.body, one.facet))
        {
            found.count += 1;
        }
    }
    counts
}

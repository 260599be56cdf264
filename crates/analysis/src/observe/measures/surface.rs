//! Surface atoms, adatoms and the mass of facets.

use crate::observe::adatoms::{adatoms, count_adatoms};
use crate::observe::body::{BodyReference, FacetReference};
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::scene::Scene;
use crate::observe::surface::{Family, facet_of, low_index_facets};
use frit_io::{Column, Entry, TableColumn};

/// Area of a nm² [Å²].
const SQUARE_NANOMETRE: f64 = 100.0;

/// Surface atoms of each particle by the facet to which they belong.
#[derive(Debug)]
pub struct Surface {
    bodies: usize,
}

impl Surface {
    /// For so many particles.
    pub fn new(bodies: usize) -> Self {
        Self { bodies }
    }
}

/// The family of each surface atom; `None` inside for edges, corners and adatoms.
fn families(scene: &Scene<'_>) -> Vec<Option<Option<Family>>> {
    let facets = low_index_facets();
    let bodies = scene.body_of_group();
    let axes: Vec<Vec<_>> = (scene.reference.bodies.iter().zip(scene.poses()))
        .map(|(body, pose)| {
            let grains = body.grains.iter();
            grains.map(|grain| pose.rotation * grain.axes()).collect()
        })
        .collect();
    let inside = scene.inside();
    let (normals, coordination) = (scene.normals(), scene.coordination());
    scene.snapshot.map(|place| {
        let normal = normals[place]?;
        let body = bodies[usize::from(scene.snapshot.group(place))];
        let grain = scene.reference.bodies[body].grain(&inside[place]);
        let facet =
            grain.and_then(|grain| facet_of(&normal, coordination[place], &axes[body][grain]));
        Some(facet.map(|facet| facets[facet].0))
    })
}

impl Measure for Surface {
    fn name(&self) -> &'static str {
        "surface"
    }

    fn columns(&self) -> Vec<TableColumn> {
        (1..=self.bodies)
            .flat_map(|body| {
                let families = Family::ALL.map(Family::name);
                (families.into_iter().chain(["other"]))
                    .map(move |name| column(format!("{name} {body}"), ""))
            })
            .collect()
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let bodies = scene.body_of_group();
        let mut counts = vec![[0; 4]; self.bodies];
        for (place, family) in families(scene).into_iter().enumerate() {
            if let Some(family) = family {
                let body = bodies[usize::from(scene.snapshot.group(place))];
                counts[body][family.map_or(3, |family| family as usize)] += 1;
            }
        }
        Ok(vec![counts.into_iter().flatten().map(count).collect()])
    }

    fn atoms(&self, scene: &Scene<'_>) -> Vec<Column> {
        // 0 inside, 1 {100}, 2 {111}, 3 {110}, 4 other.
        let number = |family: &Option<Option<Family>>| match family {
            None => 0,
            Some(Some(family)) => 1 + *family as i64,
            Some(None) => 4,
        };
        let values: Vec<i64> = families(scene).iter().map(number).collect();
        vec![Column::integer("facet", scene.snapshot.by_rank(&values))]
    }
}

/// Adatoms on the facets that face each other, against those on free facets.
#[derive(Debug)]
pub struct Adatoms {
    bodies: usize,
}

impl Adatoms {
    /// For so many particles.
    pub fn new(bodies: usize) -> Self {
        Self { bodies }
    }
}

impl Measure for Adatoms {
    fn name(&self) -> &'static str {
        "adatoms"
    }

    fn columns(&self) -> Vec<TableColumn> {
        (1..=self.bodies)
            .flat_map(|body| {
                [
                    column(format!("adatoms in the gap {body}"), ""),
                    column(format!("density in the gap {body}"), "1/nm^2"),
                    column(format!("adatoms on free facets {body}"), ""),
                    column(format!("density on free facets {body}"), "1/nm^2"),
                    column(format!("facing facet {body}"), ""),
                ]
            })
            .collect()
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let counts = count_adatoms(scene, &adatoms(scene));
        let mut row = Vec::new();
        for (at, body) in scene.reference.bodies.iter().enumerate() {
            let facing = facing(scene, at);
            let mut total = [(0, 0.0); 2];
            for one in counts.iter().filter(|one| one.body == at) {
                let free = usize::from(facing != Some(one.facet));
                total[free].0 += one.count;
                total[free].1 += body.facets[one.facet].area;
            }
            for (atoms, area) in total {
                let is_there = area > 0.0;
                row.push(is_there.then_some(atoms).map_or(Entry::Empty, count));
                let density = is_there.then(|| SQUARE_NANOMETRE * atoms as f64 / area);
                row.push(density.into());
            }
            row.push(Entry::Text(name_facing(scene, at)));
        }
        Ok(vec![row])
    }

    fn atoms(&self, scene: &Scene<'_>) -> Vec<Column> {
        let values: Vec<i64> = (adatoms(scene).iter())
            .map(|one| i64::from(one.is_some()))
            .collect();
        vec![Column::integer("adatom", scene.snapshot.by_rank(&values))]
    }
}

/// The facet of a body that faces the other particle.
pub(super) fn facing(scene: &Scene<'_>, body: usize) -> Option<usize> {
    let couple = scene.couple()?;
    couple.facing(body).map(|(facet, _)| facet)
}

/// The facet with which a body faces the other particle, or why there is none.
pub(super) fn name_facing(scene: &Scene<'_>, body: usize) -> String {
    let reference = &scene.reference.bodies[body];
    if let Some(facet) = facing(scene, body) {
        miller(reference, &reference.facets[facet])
    } else if scene.reference.bodies.len() != 2 {
        "none: no other particle".to_owned()
    } else if reference.grains.is_empty() {
        "none: no fcc crystal at the first look".to_owned()
    } else {
        "none: no facet within 30° of the other particle at the first look".to_owned()
    }
}

/// Which facets recede and which advance: where the mass of the neck comes from.
///
/// Each atom belongs to the facet of its own particle over which it stands (or whose plane it is
/// nearest below), in the frame that moves with the particle, down to three planes under the
/// outermost complete one. The advance is the change of their number times the volume of an atom,
/// over the area of the facet.
#[derive(Debug)]
pub struct FacetMass;

impl Measure for FacetMass {
    fn name(&self) -> &'static str {
        "facet-mass"
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            column("particle", ""),
            column("facet", ""),
            column("faces the other", ""),
            column("area", "nm^2"),
            column("atoms", ""),
            column("change", ""),
            column("advance", "Å"),
        ]
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let inside = scene.inside();
        let bodies = scene.body_of_group();
        let mut mass: Vec<Vec<usize>> = (scene.reference.bodies.iter())
            .map(|body| vec![0; body.facets.len()])
            .collect();
        for (place, point) in inside.iter().enumerate() {
            let at = bodies[usize::from(scene.snapshot.group(place))];
            let body = &scene.reference.bodies[at];
            if let Some((facet, height)) = body.sector(point)
                && height > -FacetReference::BELOW * body.facets[facet].spacing
            {
                mass[at][facet] += 1;
            }
        }
        let mut rows = Vec::new();
        for (at, body) in scene.reference.bodies.iter().enumerate() {
            let facing = facing(scene, at);
            for (number, facet) in body.facets.iter().enumerate() {
                let now = mass[at][number];
                let change = now as f64 - facet.mass as f64;
                rows.push(vec![
                    count(at + 1),
                    Entry::Text(miller(body, facet)),
                    count(usize::from(facing == Some(number))),
                    (facet.area / SQUARE_NANOMETRE).into(),
                    count(now),
                    Entry::Integer(now as i64 - facet.mass as i64),
                    (change * body.atomic_volume() / facet.area).into(),
                ]);
            }
        }
        Ok(rows)
    }
}

/// The indices of a facet, `(1 0 -1)`; of a particle with several grains with its grain, counted from
/// the largest: `(1 0 -1) of grain 2`.
pub(super) fn miller(body: &BodyReference, facet: &FacetReference) -> String {
    let [h, k, l] = facet.indices;
    let of = match body.grains.len() {
        0 | 1 => String::new(),
        _ => format!(" of grain {}", facet.grain + 1),
    };
    format!("({h} {k} {l}){of}")
}

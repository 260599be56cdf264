//! Atoms that bridge a gap, and whether they hopped on the surface before.

use crate::observe::adatoms::adatoms;
use crate::observe::body::{Vector3, places};
use crate::observe::measure::{Measure, ObserveError, Rows, column, count};
use crate::observe::scene::Scene;
use crate::observe::surface::MOST_NEIGHBOURS;
use frit_atoms::Vector;
use frit_io::{Column, Entry, TableColumn};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Writes a row for each atom when it is first bonded to the other particle.
///
/// A *hop* is a lasting change of an atom's place among those atoms of its own particle that were
/// its neighbours: relative to their centroid, in the frame that turns with the particle, it has
/// moved by more than the hop length at two looks one after the other. Rigid motion, rotation,
/// strain and vibration are thus no hops. Every atom is watched from when it is first seen at the
/// surface; after a hop its new neighbours count.
#[derive(Debug)]
pub struct Bridging {
    hop: f64,
    state: State,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    started: bool,
    /// By rank.
    watched: BTreeMap<u32, Watched>,
    /// Ranks of atoms bonded to the other particle at some look, with the hops before.
    bridged: BTreeMap<u32, u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Watched {
    near: Vec<u32>,
    offset: Vector3,
    /// Where it stood first.
    first: Vector3,
    pending: bool,
    hops: u32,
    adatom_at_first: bool,
}

impl Bridging {
    /// Hops are longer than `hop` [Å].
    pub fn new(hop: f64) -> Self {
        Self {
            hop,
            state: State::default(),
        }
    }

    /// Watches atoms that have come to the surface; brings the others up to date.
    fn follow(&mut self, scene: &Scene<'_>, order: &[usize]) {
        let inside = scene.inside();
        let coordination = scene.coordination();
        for (&rank, atom) in &mut self.state.watched {
            let place = order[rank as usize];
            let offset = inside[place] - centroid(inside, order, &atom.near);
            let moved = (offset - Vector::from(atom.offset)).norm() > self.hop;
            if moved && atom.pending {
                let near = own_neighbours(scene, place);
                // In flight it has no place of its own yet.
                if !near.is_empty() {
                    atom.hops += 1;
                    atom.offset = (inside[place] - centroid(inside, order, &near)).into();
                    atom.near = near;
                    atom.pending = false;
                }
            } else {
                atom.pending = moved;
            }
        }
        // Adatoms matter at the first look only.
        let standing = (!self.state.started).then(|| adatoms(scene));
        for (rank, &place) in order.iter().enumerate() {
            let rank = rank as u32;
            if coordination[place] > MOST_NEIGHBOURS || self.state.watched.contains_key(&rank) {
                continue;
            }
            let near = own_neighbours(scene, place);
            if near.is_empty() {
                continue;
            }
            let watched = Watched {
                offset: (inside[place] - centroid(inside, order, &near)).into(),
                near,
                first: inside[place].into(),
                pending: false,
                hops: 0,
                adatom_at_first: (standing.as_ref()).is_some_and(|all| all[place].is_some()),
            };
            self.state.watched.insert(rank, watched);
        }
        self.state.started = true;
    }
}

/// Ranks of the neighbours of an atom in its own particle.
fn own_neighbours(scene: &Scene<'_>, place: usize) -> Vec<u32> {
    let snapshot = scene.snapshot;
    let own = snapshot.group(place);
    (snapshot.near(place, scene.bond))
        .filter(|near| snapshot.group(near.place) == own)
        .map(|near| snapshot.rank()[near.place])
        .collect()
}

fn centroid(inside: &[Vector], order: &[usize], ranks: &[u32]) -> Vector {
    let sum: Vector = ranks.iter().map(|&rank| inside[order[rank as usize]]).sum();
    sum / ranks.len().max(1) as f64
}

impl Measure for Bridging {
    fn name(&self) -> &'static str {
        "bridging"
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            column("id", ""),
            column("element", ""),
            column("particle", ""),
            column("hops before", ""),
            column("way on the surface", "Å"),
            column("adatom at first", ""),
            column("bridging so far", ""),
            column("of them after a hop", ""),
        ]
    }

    fn needs_pair(&self) -> bool {
        true
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let snapshot = scene.snapshot;
        let order = places(snapshot);
        let bodies = scene.body_of_group();
        // Hops are counted up to the look before: the crossing itself is none. What bridges at the
        // first look already has no look before.
        let is_first = !self.state.started;
        if is_first {
            self.follow(scene, &order);
        }
        let mut rows = Vec::new();
        for (rank, &place) in order.iter().enumerate() {
            let rank = rank as u32;
            if !scene.crosses(place) || self.state.bridged.contains_key(&rank) {
                continue;
            }
            let own = snapshot.group(place);
            let watched = self.state.watched.get(&rank);
            let hops = watched.map_or(0, |atom| atom.hops);
            self.state.bridged.insert(rank, hops);
            let way = watched.map(|atom| (scene.inside()[place] - Vector::from(atom.first)).norm());
            let after = self
                .state
                .bridged
                .values()
                .filter(|hops| **hops > 0)
                .count();
            let species = usize::from(snapshot.system().atoms.species()[place]);
            rows.push(vec![
                snapshot.system().atoms.id()[place].into(),
                Entry::Text(snapshot.system().species[species].name.clone()),
                count(1 + bodies[usize::from(own)]),
                hops.into(),
                way.into(),
                count(usize::from(
                    watched.is_some_and(|atom| atom.adatom_at_first),
                )),
                count(self.state.bridged.len()),
                count(after),
            ]);
        }
        if !is_first {
            self.follow(scene, &order);
        }
        Ok(rows)
    }

    fn atoms(&self, scene: &Scene<'_>) -> Vec<Column> {
        // 0 never, 1 without a hop before, 2 after a hop.
        let mut bridging = vec![0_i64; scene.snapshot.len()];
        let mut hops = vec![0_i64; scene.snapshot.len()];
        for (&rank, atom) in &self.state.watched {
            hops[rank as usize] = i64::from(atom.hops);
        }
        for (&rank, &before) in &self.state.bridged {
            bridging[rank as usize] = if before > 0 { 2 } else { 1 };
        }
        vec![
            Column::integer("bridging", bridging),
            Column::integer("hops", hops),
        ]
    }

    fn save(&self) -> Result<String, ObserveError> {
        Ok(serde_json::to_string(&self.state)?)
    }

    fn restore(&mut self, saved: &str) -> Result<(), ObserveError> {
        self.state = serde_json::from_str(saved)?;
        Ok(())
    }
}

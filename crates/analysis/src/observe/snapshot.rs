//! One moment of a system, with neighbours that all measures share.

use frit_atoms::{Atom, NeighbourError, Neighbours, System, Vector};
use rayon::prelude::*;

/// An atom near another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Place of the neighbour in the snapshot.
    pub place: usize,
    /// Vector to it [Å], to the image that is near.
    pub vector: Vector,
    /// Its squared length [Å²].
    pub square: f64,
}

/// One moment of a system: its own copy of the atoms, and the list of neighbours.
///
/// Species are numbered in the order of their names. The order of the atoms follows from their ids and positions alone, not from the order in which
/// they came: a run and a file with the same numbers give the same bits. State that lasts from
/// one moment to the next is kept by *rank*, the place of an atom among ascending ids.
#[derive(Debug)]
pub struct Snapshot {
    system: System,
    unwrapped: Vec<Vector>,
    rank: Vec<u32>,
    neighbours: Neighbours,
    reach: f64,
}

impl Snapshot {
    /// A copy of the system with all neighbours within `reach` [Å].
    ///
    /// # Errors
    /// The reach must be positive, positions finite.
    pub fn new(system: &System, reach: f64) -> Result<Self, NeighbourError> {
        let mut system = system.clone();
        let order = system.atoms.by_id();
        system.atoms.reorder(&order);
        name_species_in_order(&mut system);
        let mut neighbours = Neighbours::new(reach, 0.0)?;
        neighbours.rebuild(&mut system)?;
        let atoms = system.atoms.len();
        let mut rank = vec![0; atoms];
        for (at, place) in system.atoms.by_id().into_iter().enumerate() {
            rank[place as usize] = at as u32;
        }
        Ok(Self {
            unwrapped: (0..atoms).map(|place| system.unwrapped(place)).collect(),
            rank,
            system,
            neighbours,
            reach,
        })
    }

    /// Number of atoms.
    pub fn len(&self) -> usize {
        self.unwrapped.len()
    }

    /// Whether there are no atoms.
    pub fn is_empty(&self) -> bool {
        self.unwrapped.is_empty()
    }

    /// How far neighbours are known [Å].
    pub fn reach(&self) -> f64 {
        self.reach
    }

    /// The system, in the order of the snapshot, wrapped into its cell.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// Positions with all wrapping undone [Å].
    pub fn unwrapped(&self) -> &[Vector] {
        &self.unwrapped
    }

    /// Group of an atom.
    pub fn group(&self, place: usize) -> u8 {
        self.system.atoms.group()[place]
    }

    /// Place of each atom among ascending ids.
    pub fn rank(&self) -> &[u32] {
        &self.rank
    }

    /// The neighbours of an atom closer than `within` [Å], which must not exceed the reach.
    pub fn near(&self, place: usize, within: f64) -> impl Iterator<Item = Near> + '_ {
        debug_assert!(within <= self.reach);
        let around = self.neighbours.surroundings();
        let here = around.position[place];
        let limit = within * within;
        around.list.row(place).iter().filter_map(move |&index| {
            let vector = around.position[index as usize] - here;
            let square = vector.norm_squared();
            (square < limit).then(|| Near {
                place: around.owner(index) as usize,
                vector,
                square,
            })
        })
    }

    /// A value for each atom, in the order of the snapshot; computed in parallel.
    pub fn map<T: Send>(&self, value: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
        (0..self.len())
            .into_par_iter()
            .with_min_len(256)
            .map(value)
            .collect()
    }

    /// A column in the order of ascending ids, from one in the order of the snapshot.
    pub fn by_rank<T: Copy>(&self, column: &[T]) -> Vec<T> {
        let mut sorted = column.to_vec();
        for (&rank, &value) in self.rank.iter().zip(column) {
            sorted[rank as usize] = value;
        }
        sorted
    }

    /// Number of neighbours of each atom closer than `within` [Å].
    pub fn coordination(&self, within: f64) -> Vec<u32> {
        self.map(|place| self.near(place, within).count() as u32)
    }
}

/// Numbers the species by their names: files number them as they come, and rows of neighbours are
/// grouped by species.
fn name_species_in_order(system: &mut System) {
    let mut order: Vec<usize> = (0..system.species.len()).collect();
    order.sort_by(|&a, &b| system.species[a].name.cmp(&system.species[b].name));
    if order.is_sorted() {
        return;
    }
    let mut number = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        number[old] = new as u8;
    }
    system.atoms = (system.atoms.iter())
        .map(|atom| Atom {
            species: number[usize::from(atom.species)],
            ..atom
        })
        .collect();
    system.species = order
        .iter()
        .map(|&old| system.species[old].clone())
        .collect();
}

//! Special quasi-random structures: alloys whose neighbours are as uncorrelated as they can be.

use crate::order::warren_cowley;
use crate::{BuildError, Crystal};
use frit_atoms::{Atom, Neighbours, System};
use frit_engine::random::{Purpose, Stream, Streams};

/// Short-range order of an alloy that was made special quasi-random (Zunger et al. 1990,
/// doi:10.1103/PhysRevLett.65.353, here with pair correlations only).
#[derive(Debug, Clone, PartialEq)]
pub struct SpecialReport {
    /// Each shell, from the nearest.
    pub shells: Vec<ShellOrder>,
    /// Exchanges of two atoms that were tried.
    pub tried: usize,
}

/// Order in one shell of neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShellOrder {
    /// Distance of the neighbours [Å].
    pub distance: f64,
    /// Neighbours of an atom in the bulk.
    pub neighbours: usize,
    /// Largest Warren-Cowley parameter, by amount, when random.
    pub random: f64,
    /// The same now: the residue.
    pub residue: f64,
}

/// Exchanges tried for each atom, at most.
const TRIES_PER_ATOM: usize = 60;

/// Largest parameter at which to stop: a tenth of the standard deviation of a random alloy of 10⁵
/// atoms.
const ENOUGH: f64 = 3e-4;

/// Shells of equal distance are joined within this part of it.
const SAME_SHELL: f64 = 1e-3;

/// Exchanges atoms that `may_move` until the Warren-Cowley parameters of the first shells vanish as
/// nearly as they can: Monte Carlo on the sum of their squares, at a temperature that falls to zero.
///
/// # Errors
/// There must be a shell; the neighbours must be countable.
pub(crate) fn rearrange(
    crystal: &Crystal,
    system: &mut System,
    may_move: &[bool],
    shells: usize,
    streams: Streams,
) -> Result<SpecialReport, BuildError> {
    let distances = shells_of(crystal, shells.max(1));
    let graph = Graph::of(system, &distances)?;
    let mut state = State::of(system, &graph, distances.len());
    let random = state.largest();
    let movable: Vec<usize> = (0..may_move.len())
        .filter(|&place| may_move[place])
        .collect();
    let mut stream = streams.stream(Purpose::QuasirandomSwap, 0, 0);
    let tried = state.anneal(&graph, &movable, &mut stream);
    let renamed = system.atoms.iter().zip(&state.species);
    let renamed = renamed.map(|(atom, &species)| Atom { species, ..atom });
    system.atoms = renamed.collect();
    let residue = state.largest();
    let shells = distances.iter().zip(random.iter().zip(&residue));
    Ok(SpecialReport {
        shells: shells
            .map(
                |(&(distance, neighbours), (&random, &residue))| ShellOrder {
                    distance,
                    neighbours,
                    random,
                    residue,
                },
            )
            .collect(),
        tried,
    })
}

/// Distances [Å] of the first shells, and the neighbours in each.
fn shells_of(crystal: &Crystal, shells: usize) -> Vec<(f64, usize)> {
    let mut reach = 2.0 * crystal.bond();
    loop {
        let mut found: Vec<(f64, usize)> = Vec::new();
        let mut distances: Vec<f64> = crystal
            .surroundings(0, reach)
            .iter()
            .map(|(apart, _)| apart.norm())
            .collect();
        distances.sort_unstable_by(f64::total_cmp);
        for distance in distances {
            match found.last_mut() {
                Some((last, count)) if distance < *last * (1.0 + SAME_SHELL) => *count += 1,
                _ => found.push((distance, 1)),
            }
        }
        // The outermost shell may be cut by the reach.
        if found.len() > shells {
            found.truncate(shells);
            return found;
        }
        reach *= 1.3;
    }
}

/// For each atom its neighbours and the shell of each.
struct Graph {
    starts: Vec<usize>,
    entries: Vec<(u32, u8)>,
}

impl Graph {
    fn of(system: &System, shells: &[(f64, usize)]) -> Result<Self, BuildError> {
        let last = shells.last().map_or(0.0, |(distance, _)| *distance);
        let mut sorted = system.clone();
        let mut neighbours = Neighbours::new(last * (1.0 + SAME_SHELL), 0.0)?;
        neighbours.rebuild(&mut sorted)?;
        let surroundings = neighbours.surroundings();
        // The list may have sorted the atoms: back to the order of the system, by id.
        let mut place_of_id: Vec<(u32, u32)> = (0_u32..)
            .zip(system.atoms.id())
            .map(|(place, &id)| (id, place))
            .collect();
        place_of_id.sort_unstable();
        let place = |index: u32| {
            let id = sorted.atoms.id()[surroundings.owner(index) as usize];
            let found = place_of_id.binary_search_by_key(&id, |(id, _)| *id);
            found.map_or(0, |at| place_of_id[at].1)
        };
        let mut rows: Vec<Vec<(u32, u8)>> = vec![Vec::new(); system.atoms.len()];
        for atom in 0..system.atoms.len() {
            let row = &mut rows[place(atom as u32) as usize];
            for &other in surroundings.list.row(atom) {
                let apart = surroundings.position[other as usize] - surroundings.position[atom];
                let distance = apart.norm();
                let shell = shells
                    .iter()
                    .position(|(of_shell, _)| (distance / of_shell - 1.0).abs() < SAME_SHELL);
                if let Some(shell) = shell {
                    row.push((place(other), shell as u8));
                }
            }
        }
        let mut starts = vec![0];
        let mut entries = Vec::new();
        for row in rows {
            entries.extend(row);
            starts.push(entries.len());
        }
        Ok(Self { starts, entries })
    }

    fn row(&self, atom: usize) -> &[(u32, u8)] {
        &self.entries[self.starts[atom]..self.starts[atom + 1]]
    }
}

/// Species of the atoms, and the bonds between them: shell, species, species.
struct State {
    species: Vec<u8>,
    bonds: Vec<Vec<Vec<u64>>>,
}

impl State {
    fn of(system: &System, graph: &Graph, shells: usize) -> Self {
        let kinds = system.species.len();
        let species = system.atoms.species().to_vec();
        let mut bonds = vec![vec![vec![0_u64; kinds]; kinds]; shells];
        for (atom, &one) in species.iter().enumerate() {
            for &(other, shell) in graph.row(atom) {
                bonds[usize::from(shell)][usize::from(one)]
                    [usize::from(species[other as usize])] += 1;
            }
        }
        Self { species, bonds }
    }

    /// The largest parameter of each shell, by amount, with its sign.
    fn largest(&self) -> Vec<f64> {
        let of_shell = |bonds: &Vec<Vec<u64>>| {
            let all = warren_cowley(bonds).into_iter().flatten().flatten();
            all.fold(
                0.0,
                |most: f64, one| if one.abs() > most.abs() { one } else { most },
            )
        };
        self.bonds.iter().map(of_shell).collect()
    }

    /// Sum of the squares of all parameters.
    fn objective(&self) -> f64 {
        self.bonds
            .iter()
            .flat_map(|bonds| warren_cowley(bonds).into_iter().flatten().flatten())
            .map(|parameter| parameter * parameter)
            .sum()
    }

    /// Gives `atom` the species `new`, and counts its bonds anew.
    fn change(&mut self, graph: &Graph, atom: usize, new: u8) {
        let (old, new) = (usize::from(self.species[atom]), usize::from(new));
        for &(other, shell) in graph.row(atom) {
            let bonds = &mut self.bonds[usize::from(shell)];
            if other as usize == atom {
                // Its own image: one entry of the row, both ends change.
                bonds[old][old] -= 1;
                bonds[new][new] += 1;
                continue;
            }
            let other = usize::from(self.species[other as usize]);
            bonds[old][other] -= 1;
            bonds[other][old] -= 1;
            bonds[new][other] += 1;
            bonds[other][new] += 1;
        }
        self.species[atom] = new as u8;
    }

    fn swap(&mut self, graph: &Graph, one: usize, other: usize) {
        let (of_one, of_other) = (self.species[one], self.species[other]);
        self.change(graph, one, of_other);
        self.change(graph, other, of_one);
    }

    /// Exchanges atoms until the parameters vanish or the tries are spent; returns the tries.
    fn anneal(&mut self, graph: &Graph, movable: &[usize], stream: &mut Stream) -> usize {
        let tries = TRIES_PER_ATOM * movable.len();
        let mut current = self.objective();
        let (mut best, mut of_best) = (current, self.species.clone());
        let start = 0.1 * current / movable.len().max(1) as f64;
        for tried in 0..tries {
            if self
                .largest()
                .iter()
                .all(|parameter| parameter.abs() < ENOUGH)
            {
                return tried;
            }
            let mut draw = || movable[stream.below(movable.len() as u64) as usize];
            let (one, other) = (draw(), draw());
            if self.species[one] == self.species[other] {
                continue;
            }
            self.swap(graph, one, other);
            let new = self.objective();
            let temperature = start * (1.0 - tried as f64 / tries as f64);
            if new <= current || stream.uniform() < ((current - new) / temperature).exp() {
                current = new;
                if current < best {
                    best = current;
                    of_best.clone_from(&self.species);
                }
            } else {
                self.swap(graph, one, other);
            }
        }
        for (atom, species) in of_best.into_iter().enumerate() {
            if self.species[atom] != species {
                self.change(graph, atom, species);
            }
        }
        tries
    }
}

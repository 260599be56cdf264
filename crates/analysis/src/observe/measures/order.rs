//! Chemical order of alloys.

use crate::observe::measure::{Measure, ObserveError, Rows, column};
use crate::observe::scene::Scene;
use crate::observe::snapshot::{Near, Snapshot};
use crate::observe::structure::Structure;
use frit_atoms::Vector;
use frit_io::{Entry, TableColumn};

/// Warren-Cowley parameters of nearest neighbours, those up to `bond` [Å]: see
/// [`frit_build::warren_cowley`].
pub fn warren_cowley(snapshot: &Snapshot, bond: f64) -> Vec<Vec<Option<f64>>> {
    let species = snapshot.system().atoms.species();
    let kinds = snapshot.system().species.len();
    let mut bonds = vec![vec![0_u64; kinds]; kinds];
    for place in 0..snapshot.len() {
        for near in snapshot.near(place, bond) {
            bonds[usize::from(species[place])][usize::from(species[near.place])] += 1;
        }
    }
    frit_build::warren_cowley(&bonds)
}

/// How the neighbours of an fcc atom are ordered by species.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordering {
    /// L1_0 (CuAu): four like atoms in one {100} plane, eight unlike.
    L10,
    /// L1_2 (Cu3Au): twelve unlike (the minority site), or eight like and four unlike in one
    /// {100} plane (the majority site).
    L12,
    /// Something else.
    None,
}

/// The ordering of each atom that is fcc; `None` for others. Order of the snapshot.
pub fn orderings(scene: &Scene<'_>) -> Vec<Option<Ordering>> {
    let structures = scene.structures();
    scene.snapshot.map(|place| {
        if structures[place] != Structure::Fcc {
            return None;
        }
        let species = scene.snapshot.system().atoms.species();
        let near: Vec<Near> = scene.snapshot.near(place, scene.bond).collect();
        let (like, unlike): (Vec<Near>, Vec<Near>) = near
            .into_iter()
            .partition(|near| species[near.place] == species[place]);
        Some(match (like.len(), unlike.len()) {
            (0, 12) => Ordering::L12,
            (8, 4) if in_one_plane(&unlike) => Ordering::L12,
            (4, 8) if in_one_plane(&like) => Ordering::L10,
            _ => Ordering::None,
        })
    })
}

/// Largest sine between a bond and the plane of the four; thermal motion reaches 0.2.
const OUT_OF_PLANE: f64 = 0.35;

/// Whether four neighbours form a square around the atom: two opposite pairs.
fn in_one_plane(four: &[Near]) -> bool {
    let units: Vec<Vector> = four.iter().map(|near| near.vector.normalize()).collect();
    let Some(first) = units.first() else {
        return false;
    };
    let Some(across) = units
        .iter()
        .min_by(|a, b| a.dot(first).abs().total_cmp(&b.dot(first).abs()))
    else {
        return false;
    };
    let Some(normal) = first.cross(across).try_normalize(0.5) else {
        return false;
    };
    units
        .iter()
        .all(|unit| unit.dot(&normal).abs() < OUT_OF_PLANE)
        && units.iter().sum::<Vector>().norm() < 2.0 * OUT_OF_PLANE
}

/// Warren-Cowley parameters, and the shares of L1_0 and L1_2 among fcc atoms.
#[derive(Debug)]
pub struct Order {
    species: Vec<String>,
}

impl Order {
    /// For these species, in the order of their names.
    pub fn new(species: Vec<String>) -> Self {
        Self { species }
    }

    fn pairs(&self) -> impl Iterator<Item = [usize; 2]> + '_ {
        let kinds = self.species.len();
        (0..kinds).flat_map(move |i| (i..kinds).map(move |j| [i, j]))
    }
}

impl Measure for Order {
    fn name(&self) -> &'static str {
        "order"
    }

    fn columns(&self) -> Vec<TableColumn> {
        let pair = |[i, j]: [usize; 2]| {
            column(format!("alpha {}-{}", self.species[i], self.species[j]), "")
        };
        let mut columns: Vec<TableColumn> = self.pairs().map(pair).collect();
        columns
            .extend(["fcc atoms", "share of L1_0", "share of L1_2"].map(|name| column(name, "")));
        columns
    }

    fn observe(&mut self, scene: &Scene<'_>, _: f64) -> Result<Rows, ObserveError> {
        let alpha = warren_cowley(scene.snapshot, scene.bond);
        let mut row: Vec<Entry> = self.pairs().map(|[i, j]| alpha[i][j].into()).collect();
        let orderings = orderings(scene);
        let of = |wanted| orderings.iter().filter(|o| **o == Some(wanted)).count() as f64;
        let crystal = orderings.iter().flatten().count();
        let share = |wanted| (crystal > 0).then(|| of(wanted) / crystal as f64);
        row.extend([
            Entry::Integer(crystal as i64),
            share(Ordering::L10).into(),
            share(Ordering::L12).into(),
        ]);
        Ok(vec![row])
    }
}

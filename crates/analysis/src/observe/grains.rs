//! Grains of a particle: twins and other crystals that share one body.

use super::body::Vector3;
use super::rotation::{best_rotation, cubic_rotations, misorientation};
use super::snapshot::Snapshot;
use super::structure::Structure;
use frit_atoms::{Matrix, Vector};
use serde::{Deserialize, Serialize};

/// Rounds of fitting a crystal's axes to the bonds of all its atoms; two suffice at 1500 K.
const ROUNDS: usize = 4;

/// Least cosine between a bond and the <110> direction next to it: 25.8°. At 1500 K bonds of one atom
/// turn by 6°; half of the bonds of a twin are 33.6° or more away.
const STRAIGHT: f64 = 0.9;

/// Of an atom's bonds in the crystal so many are straight, of twelve.
const MOST_STRAIGHT: usize = 10;

/// Fewest fcc atoms of a grain: the inside of a cap of four planes. Smaller islands in a hot crystal are
/// cut off by disorder, or chance.
const LEAST_ATOMS: usize = 4;

/// Least share of a grain in the fcc atoms of its particle.
const LEAST_SHARE: f64 = 0.002;

/// Grains in contact that differ by less are one [rad]: 10°.
const ALIKE: f64 = 0.1745;

/// Traces of rotations that differ by less are equal.
const EQUAL: f64 = 1e-6;

/// Fewest bonds between grains that show where their border lies.
const LEAST_BONDS: usize = 6;

/// A grain at the first moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrainReference {
    /// Its cubic axes in space, as columns.
    pub axes: [Vector3; 3],
    /// Atoms that belong to it, those of its surface and of its borders too.
    pub atoms: usize,
    /// Where other grains begin.
    pub borders: Vec<Border>,
}

/// The plane between two grains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Border {
    /// Unit normal, out of the grain.
    pub normal: Vector3,
    /// Distance from the centre of the particle [Å].
    pub height: f64,
}

impl GrainReference {
    /// The cubic axes as the columns of a matrix.
    pub fn axes(&self) -> Matrix {
        Matrix::from_columns(&self.axes.map(Vector::from))
    }
}

/// Grains of a particle, the largest first.
pub(super) struct Grains {
    /// Cubic axes of each, as columns.
    pub(super) axes: Vec<Matrix>,
    /// To which each of the particle's atoms belongs, in their order; none for atoms without bonds.
    pub(super) of: Vec<Option<usize>>,
}

/// A particle among the atoms of a snapshot.
pub(super) struct Body<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Places of its atoms, by ascending id.
    pub(super) places: &'a [usize],
    /// For each place of the snapshot, where it stands among these.
    pub(super) member: &'a [Option<u32>],
    /// Of all atoms of the snapshot.
    pub(super) structures: &'a [Structure],
    pub(super) bond: f64,
}

impl Body<'_> {
    /// The grains: connected fcc atoms whose bonds fit one set of axes; every other atom goes to the
    /// grain to which most of its neighbours went before.
    pub(super) fn grains(&self) -> Grains {
        let (mut axes, mut of) = self.crystals();
        self.spread(&mut of);
        self.merge(&mut axes, &mut of);
        Grains { axes, of }
    }

    fn neighbours(&self, atom: usize) -> impl Iterator<Item = (usize, Vector)> + '_ {
        (self.snapshot.near(self.places[atom], self.bond))
            .filter_map(|near| Some((self.member[near.place]? as usize, near.vector)))
    }

    fn is_crystal(&self, atom: usize) -> bool {
        self.structures[self.places[atom]] == Structure::Fcc
    }

    /// Unit vectors along the bonds of an atom, also to other particles.
    fn bonds(&self, atom: usize) -> impl Iterator<Item = Vector> + '_ {
        (self.snapshot.near(self.places[atom], self.bond)).map(|near| near.vector.normalize())
    }

    /// Axes of the grains, and the fcc atoms that belong to them.
    fn crystals(&self) -> (Vec<Matrix>, Vec<Option<usize>>) {
        let crystal: Vec<usize> = (0..self.places.len())
            .filter(|&atom| self.is_crystal(atom))
            .collect();
        let least = LEAST_ATOMS.max((LEAST_SHARE * crystal.len() as f64) as usize);
        let mut seen = vec![false; self.places.len()];
        let mut found: Vec<(Matrix, Vec<usize>)> = Vec::new();
        let mut largest_island: Option<(Matrix, Vec<usize>)> = None;
        for &seed in &crystal {
            if seen[seed] {
                continue;
            }
            seen[seed] = true;
            let Some(first) = first_axes(&self.bonds(seed).collect::<Vec<_>>()) else {
                continue;
            };
            // The bonds of one hot atom tell the axes to some degrees; those around it do better.
            let near = self.grow(seed, &self.fit(first, &[seed]), &seen);
            let axes = self.fit(first, &near);
            let atoms = self.grow(seed, &axes, &seen);
            for &atom in &atoms {
                seen[atom] = true;
            }
            if atoms.len() >= least {
                found.push((axes, atoms));
            } else if (largest_island.as_ref()).is_none_or(|(_, other)| atoms.len() > other.len()) {
                largest_island = Some((axes, atoms));
            }
        }
        if found.is_empty() {
            // Small and hot: too few atoms inside to be connected. One crystal is taken for granted.
            found.extend(largest_island.map(|(axes, _)| {
                let fits = |atom: &usize| self.is_straight(*atom, &axes);
                (axes, crystal.iter().copied().filter(fits).collect())
            }));
        }
        found.sort_by_key(|(_, atoms)| std::cmp::Reverse(atoms.len()));
        let mut of = vec![None; self.places.len()];
        let mut all = Vec::new();
        for (grain, (axes, atoms)) in found.into_iter().enumerate() {
            all.push(upright(&self.fit(axes, &atoms)));
            for atom in atoms {
                of[atom] = Some(grain);
            }
        }
        (all, of)
    }

    /// fcc atoms connected with `seed` whose bonds fit the axes.
    fn grow(&self, seed: usize, axes: &Matrix, seen: &[bool]) -> Vec<usize> {
        let mut taken = vec![false; self.places.len()];
        taken[seed] = true;
        let mut atoms = vec![seed];
        let mut next = 0;
        while let Some(&atom) = atoms.get(next) {
            next += 1;
            for (other, _) in self.neighbours(atom) {
                let free = !taken[other] && !seen[other];
                if free && self.is_crystal(other) && self.is_straight(other, axes) {
                    taken[other] = true;
                    atoms.push(other);
                }
            }
        }
        atoms
    }

    fn is_straight(&self, atom: usize, axes: &Matrix) -> bool {
        let straight = self.bonds(atom).filter(|bond| straight(bond, axes)).count();
        straight >= MOST_STRAIGHT
    }

    /// Axes that fit the bonds of atoms best.
    fn fit(&self, first: Matrix, atoms: &[usize]) -> Matrix {
        (0..ROUNDS).fold(first, |axes, _| {
            let bonds = atoms.iter().flat_map(|&atom| self.bonds(atom));
            best_rotation(bonds.map(|bond| (nearest_bond(&axes.tr_mul(&bond)), bond)))
        })
    }

    /// Gives the other atoms to grains, layer after layer.
    fn spread(&self, of: &mut [Option<usize>]) {
        loop {
            let new: Vec<(usize, usize)> = (0..of.len())
                .filter(|&atom| of[atom].is_none())
                .filter_map(|atom| {
                    let around = self.neighbours(atom).filter_map(|(other, _)| of[other]);
                    Some((atom, most_frequent(around)?))
                })
                .collect();
            if new.is_empty() {
                return;
            }
            for (atom, grain) in new {
                of[atom] = Some(grain);
            }
        }
    }

    /// Makes one grain of those that touch and are alike, as when disorder cuts a hot crystal in two.
    fn merge(&self, axes: &mut Vec<Matrix>, of: &mut [Option<usize>]) {
        while let Some((keep, gone)) = self.alike(axes, of) {
            axes.remove(gone);
            for grain in of.iter_mut().flatten() {
                if *grain == gone {
                    *grain = keep;
                } else if *grain > gone {
                    *grain -= 1;
                }
            }
        }
    }

    fn alike(&self, axes: &[Matrix], of: &[Option<usize>]) -> Option<(usize, usize)> {
        let pairs = (0..axes.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        pairs
            .filter(|&(a, b)| misorientation(&axes[a], &axes[b]) < ALIKE)
            .find(|&(a, b)| {
                let atoms = of.iter().filter(|grain| **grain == Some(b)).count() as f64;
                self.bonds_between(of, a, b).len() as f64 > atoms.powf(2.0 / 3.0)
            })
    }

    /// Middles of the bonds between two grains, and the vectors from the first to the second.
    fn bonds_between(&self, of: &[Option<usize>], a: usize, b: usize) -> Vec<(Vector, Vector)> {
        let mut bonds = Vec::new();
        for atom in (0..of.len()).filter(|&atom| of[atom] == Some(a)) {
            let here = self.snapshot.unwrapped()[self.places[atom]];
            let across = self
                .neighbours(atom)
                .filter(|(other, _)| of[*other] == Some(b));
            bonds.extend(across.map(|(_, vector)| (here + 0.5 * vector, vector)));
        }
        bonds
    }

    /// What is kept of the grains, relative to a centre.
    pub(super) fn references(&self, grains: &Grains, centre: &Vector) -> Vec<GrainReference> {
        let count = grains.axes.len();
        let mut references: Vec<GrainReference> = (grains.axes.iter().enumerate())
            .map(|(grain, axes)| GrainReference {
                axes: [0, 1, 2].map(|k| axes.column(k).into_owned().into()),
                atoms: grains.of.iter().filter(|of| **of == Some(grain)).count(),
                borders: Vec::new(),
            })
            .collect();
        for a in 0..count {
            for b in a + 1..count {
                let bonds = self.bonds_between(&grains.of, a, b);
                let Some((middle, normal)) = plane(&bonds) else {
                    continue;
                };
                let height = normal.dot(&(middle - centre));
                for (grain, sign) in [(a, 1.0), (b, -1.0)] {
                    references[grain].borders.push(Border {
                        normal: (sign * normal).into(),
                        height: sign * height,
                    });
                }
            }
        }
        references
    }
}

/// Of the 24 ways to name the axes of a cubic crystal that nearest to the axes of space, so that facets
/// of a particle that is not turned have the indices that one expects.
fn upright(axes: &Matrix) -> Matrix {
    let named = cubic_rotations()
        .into_iter()
        .map(|symmetry| axes * symmetry);
    let nearest = named.fold(None, |best: Option<Matrix>, other| match best {
        Some(best) if best.trace() + EQUAL >= other.trace() => Some(best),
        _ => Some(other),
    });
    nearest.unwrap_or(*axes)
}

/// The plane through the middles of bonds: a point, and the normal in the direction of the bonds.
fn plane(bonds: &[(Vector, Vector)]) -> Option<(Vector, Vector)> {
    if bonds.len() < LEAST_BONDS {
        return None;
    }
    let count = bonds.len() as f64;
    let middle = bonds.iter().map(|(middle, _)| middle).sum::<Vector>() / count;
    let spread: Matrix = (bonds.iter())
        .map(|(at, _)| (at - middle) * (at - middle).transpose())
        .sum();
    let principal = spread.symmetric_eigen();
    let normal = principal.eigenvectors.column(principal.eigenvalues.imin());
    let across: Vector = bonds.iter().map(|(_, vector)| vector).sum();
    Some((middle, normal * normal.dot(&across).signum()))
}

/// The value that comes most often, of equals the lowest.
fn most_frequent(values: impl Iterator<Item = usize>) -> Option<usize> {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    (values.chunk_by(usize::eq))
        .max_by_key(|same| (same.len(), std::cmp::Reverse(same[0])))
        .map(|same| same[0])
}

/// Cubic axes from the bonds of one atom: two bonds at a right angle add up to one axis and differ
/// by another.
fn first_axes(bonds: &[Vector]) -> Option<Matrix> {
    let u = bonds.first()?;
    let v = bonds
        .iter()
        .min_by(|a, b| a.dot(u).abs().total_cmp(&b.dot(u).abs()))?;
    let x = (u + v).try_normalize(0.5)?;
    let y = (u - v) - x * x.dot(&(u - v));
    let y = y.try_normalize(0.5)?;
    let axes = Matrix::from_columns(&[x, y, x.cross(&y)]);
    let fits = bonds.iter().filter(|bond| straight(bond, &axes)).count();
    (fits >= MOST_STRAIGHT).then_some(axes)
}

/// Whether a bond lies near a <110> direction of the crystal, as all of fcc do.
fn straight(bond: &Vector, axes: &Matrix) -> bool {
    let inside = axes.tr_mul(bond);
    nearest_bond(&inside).dot(&inside) > STRAIGHT
}

/// The <110> direction nearest to one given in cubic axes.
fn nearest_bond(direction: &Vector) -> Vector {
    let least = direction.iamin();
    let mut bond = direction.map(|x| 0.5_f64.sqrt().copysign(x));
    bond[least] = 0.0;
    bond
}

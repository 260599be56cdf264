//! Ghosts and neighbour lists, kept up to date.
//!
//! Periodic images within reach of the cell are explicit *ghosts*: extra positions behind those of
//! the owned atoms, so that no kernel ever asks for a nearest image, and cells smaller than the
//! cutoff just work (an atom may meet several ghosts of one parent, and of itself). Rows of the
//! list are full (each pair stands in both rows) and grouped by the neighbour's species, so that a
//! kernel reads one table after the other. A row holds every neighbour within cutoff and skin, and
//! may hold a few that are further by less than 1e-5 of that: kernels drop by distance what is beyond
//! their cutoff.
//!
//! The same atoms in the same order give rows with the same bits, whatever the number of threads and
//! the processor. Nothing here reads a clock: when to build, to sort and to change the skin follows
//! from positions and counts alone, and [`ListOrigin`] holds all of it.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(test)]
mod brute_force;
mod displacement;
mod ghosts;
mod grid;
mod list;
mod order;
mod rows;
mod select;
mod skin;
#[cfg(test)]
mod tests;

pub use list::{CHUNK, List};
pub use skin::SkinTuner;

use ghosts::Ghosts;
use grid::Grid;
use select::Path;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Cell, System, Vector};

/// Why neighbours cannot be found.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NeighbourError {
    /// Cutoff or skin is not a usable number.
    #[error(
        "a neighbour list needs a positive cutoff and a skin that is not negative; found cutoff {cutoff} Å, skin {skin} Å"
    )]
    BadRange {
        /// Cutoff [Å].
        cutoff: f64,
        /// Skin [Å].
        skin: f64,
    },
    /// An atom's position is not finite.
    #[error("atom {id} has the position {position:?}, which is not finite")]
    NotFinite {
        /// The atom's id.
        id: u32,
        /// Its position [Å].
        position: [f64; 3],
    },
    /// The cell is so small, or an atom so far from the others, that too many images are near.
    #[error(
        "within {reach} Å there are more than 2^31 atoms and periodic images; the cell is too small for this cutoff, or its atoms have left it"
    )]
    TooManyImages {
        /// Cutoff and skin [Å].
        reach: f64,
    },
    /// A list's origin is of other atoms.
    #[error(
        "the list's origin has {origin} atoms, the system {atoms}; restore it for the system with which it was saved"
    )]
    OtherAtoms {
        /// Atoms of the origin.
        origin: usize,
        /// Atoms of the system.
        atoms: usize,
    },
}

/// Builds between two sorts of the atoms: metal atoms hardly change places in as many.
const BUILDS_PER_SORT: u64 = 32;

/// Builds over which evaluations are counted before the skin is chosen anew.
const BUILDS_PER_TUNING: u64 = 16;

/// What [`Neighbours`] must remember to go on as if never interrupted: a checkpoint keeps it.
///
/// With the atoms in the same order, [`Neighbours::restore`] builds from it rows with the same bits,
/// and all later builds, sorts and changes of the skin come at the same steps.
#[derive(Debug, Clone, PartialEq)]
pub struct ListOrigin {
    /// Positions of the owned atoms when the list was built [Å], in the atoms' order.
    pub position: Vec<Vector>,
    /// The cell when the list was built.
    pub cell: Cell,
    /// The skin of the list [Å].
    pub skin: f64,
    /// How many lists were built so far, this one included; decides when to sort and when to tune.
    pub builds: u64,
    /// Calls of [`Neighbours::update`] since the skin was last chosen.
    pub updates: u64,
}

/// What [`Neighbours::update`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// The list still holds; only positions were refreshed.
    Kept,
    /// Atoms were wrapped, now and then sorted, and the list was built anew: columns that hold a
    /// number for each atom in the atoms' order no longer match.
    Rebuilt,
}

/// Neighbour list and ghosts of a system for one cutoff.
///
/// ```
/// use frit_atoms::{Atom, Cell, Neighbours, Species, System, Vector};
///
/// // One atom in a cell of one atom: body-centred iron by its primitive vectors.
/// let half = 2.87 / 2.0;
/// let vectors = frit_atoms::Matrix::new(
///     -half, half, half, half, -half, half, half, half, -half,
/// );
/// let cell = Cell::new(vectors, Vector::zeros(), [true; 3])?;
/// let atom = Atom {
///     position: Vector::zeros(),
///     velocity: Vector::zeros(),
///     image: [0; 3],
///     species: 0,
///     id: 1,
///     group: 0,
/// };
/// let iron = Species::of_element("Fe").expect("iron is an element");
/// let mut system = System::new(cell, [atom].into_iter().collect(), vec![iron])?;
///
/// let mut neighbours = Neighbours::new(3.0, 0.5)?;
/// neighbours.update(&mut system)?;
/// // Eight nearest and six next neighbours, all of them ghosts.
/// assert_eq!(neighbours.surroundings().list.row(0).len(), 14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Neighbours {
    cutoff: f64,
    skin: f64,
    tuner: Option<SkinTuner>,
    origin: Option<ListOrigin>,
    position: Vec<Vector>,
    species: Vec<u8>,
    ghosts: Ghosts,
    grid: Grid,
    list: List,
    /// A number that no other list has.
    stamp: u64,
    path: Path,
}

/// Lists built so far by this program.
static BUILT: AtomicU64 = AtomicU64::new(0);

impl Neighbours {
    /// Neighbours within `cutoff` [Å], from lists that reach further by `skin` [Å].
    ///
    /// # Errors
    /// The cutoff must be positive, the skin not negative, both finite.
    pub fn new(cutoff: f64, skin: f64) -> Result<Self, NeighbourError> {
        if !(cutoff > 0.0 && cutoff.is_finite() && skin >= 0.0 && skin.is_finite()) {
            return Err(NeighbourError::BadRange { cutoff, skin });
        }
        Ok(Self {
            cutoff,
            skin,
            tuner: None,
            origin: None,
            position: Vec::new(),
            species: Vec::new(),
            ghosts: Ghosts::default(),
            grid: Grid::default(),
            list: List::default(),
            stamp: 0,
            path: Path::fastest(),
        })
    }

    /// Lets the skin be chosen anew every 16 builds; that of [`Neighbours::new`] is the first.
    #[must_use]
    pub fn with_tuner(mut self, tuner: SkinTuner) -> Self {
        self.tuner = Some(tuner);
        self
    }

    /// The cutoff [Å].
    pub fn cutoff(&self) -> f64 {
        self.cutoff
    }

    /// The skin of the present list [Å].
    pub fn skin(&self) -> f64 {
        self.skin
    }

    /// How often the list was built, over all interruptions.
    pub fn builds(&self) -> u64 {
        self.origin.as_ref().map_or(0, |origin| origin.builds)
    }

    /// What a checkpoint keeps; `None` before the first build.
    pub fn origin(&self) -> Option<&ListOrigin> {
        self.origin.as_ref()
    }

    /// Brings list and ghosts up to date with the system's positions and cell; called once an
    /// evaluation.
    ///
    /// Rebuilding wraps the atoms into the cell and, at the first and then every 32nd build, sorts
    /// them in space; otherwise the atoms stay as they are.
    ///
    /// # Errors
    /// Names an atom whose position is not finite; refuses a cell too small for the cutoff.
    pub fn update(&mut self, system: &mut System) -> Result<Update, NeighbourError> {
        if let Some(origin) = &mut self.origin {
            origin.updates += 1;
        }
        if self.refresh_if_it_holds(system) {
            return Ok(Update::Kept);
        }
        self.rebuild(system)?;
        Ok(Update::Rebuilt)
    }

    /// Wraps the atoms, sorts them if it is time, and builds the list anew.
    ///
    /// # Errors
    /// As [`Neighbours::update`].
    pub fn rebuild(&mut self, system: &mut System) -> Result<(), NeighbourError> {
        check_finite(system)?;
        system.wrap();
        // The old origin's column serves again.
        let (mut position, builds, mut updates) = match self.origin.take() {
            None => (Vec::new(), 0, 0),
            Some(origin) => (origin.position, origin.builds, origin.updates),
        };
        if builds % BUILDS_PER_SORT == 0 || position.len() != system.atoms.len() {
            order::sort(&mut system.atoms);
        }
        if builds > 0 && builds % BUILDS_PER_TUNING == 0 {
            if let Some(tuner) = &self.tuner {
                let lasted = updates as f64 / (BUILDS_PER_TUNING as f64 * self.skin);
                self.skin = tuner.best(self.cutoff, lasted);
            }
            updates = 0;
        }
        self.build(system)?;
        position.clear();
        position.extend_from_slice(system.atoms.position());
        self.origin = Some(ListOrigin {
            position,
            cell: system.cell,
            skin: self.skin,
            builds: builds + 1,
            updates,
        });
        Ok(())
    }

    /// Builds the list of an earlier origin, for the same atoms in the same order, and refreshes
    /// the ghosts: the state in which a checkpoint was written.
    ///
    /// Forces can be evaluated at once; a call of [`Neighbours::update`] would be counted as one
    /// that the run without interruption did not make.
    ///
    /// # Errors
    /// The origin must have as many atoms as the system, finite positions and a usable skin.
    pub fn restore(
        &mut self,
        system: &mut System,
        origin: &ListOrigin,
    ) -> Result<(), NeighbourError> {
        if origin.position.len() != system.atoms.len() {
            return Err(NeighbourError::OtherAtoms {
                origin: origin.position.len(),
                atoms: system.atoms.len(),
            });
        }
        check_finite(system)?;
        self.skin = Self::new(self.cutoff, origin.skin)?.skin;
        // Should the build fail, the list is of nothing any more.
        self.origin = None;
        let present = system.atoms.position().to_vec();
        let cell = std::mem::replace(&mut system.cell, origin.cell);
        system
            .atoms
            .position_mut()
            .copy_from_slice(&origin.position);
        let built = check_finite(system).and_then(|()| self.build(system));
        system.atoms.position_mut().copy_from_slice(&present);
        system.cell = cell;
        built?;
        self.origin = Some(origin.clone());
        self.position[..present.len()].copy_from_slice(&present);
        self.place_ghosts(system);
        Ok(())
    }

    /// What potentials see: all positions with ghosts, and the list.
    pub fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            position: &self.position,
            species: &self.species,
            parent: self.ghosts.parent(),
            list: &self.list,
            skin: self.skin,
            built: Built {
                list: &self.list,
                points: self.position.len(),
                forward: self.ghosts.forward(),
                stamp: self.stamp,
                position: self.origin.as_ref().map_or(&[], |origin| &origin.position),
                reach: self.cutoff + self.skin,
            },
        }
    }

    /// Copies the positions and, if the list still holds, places the ghosts; returns whether it does.
    fn refresh_if_it_holds(&mut self, system: &System) -> bool {
        let Some(origin) = &self.origin else {
            return false;
        };
        let owned = self.position.len() - self.ghosts.parent().len();
        let holds = system.atoms.species().len() == owned
            && system.atoms.species() == &self.species[..owned]
            && system.species.len() == self.list.species
            && displacement::holds(
                origin,
                system,
                self.cutoff,
                self.cutoff + self.skin,
                &mut self.position[..owned],
            );
        if holds {
            self.place_ghosts(system);
        }
        holds
    }

    /// Finds the ghosts and builds the list for the system as it is.
    fn build(&mut self, system: &System) -> Result<(), NeighbourError> {
        let reach = self.cutoff + self.skin;
        self.ghosts.find(system, reach)?;
        let owned = system.atoms.len();
        self.position.clear();
        self.position.extend_from_slice(system.atoms.position());
        self.position
            .resize(owned + self.ghosts.parent().len(), Vector::zeros());
        self.place_ghosts(system);
        let species = system.atoms.species();
        self.species.clear();
        self.species.extend_from_slice(species);
        self.species.extend(
            self.ghosts
                .parent()
                .iter()
                .map(|&parent| species[parent as usize]),
        );
        self.grid.fill(
            &self.position,
            &self.species,
            system.species.len(),
            rows::GRID_EDGE * reach,
        );
        let source = rows::Source {
            position: &self.position,
            owned,
            species: system.species.len(),
            grid: &self.grid,
            reach,
            path: self.path,
        };
        rows::build(&source, &mut self.list);
        self.stamp = 1 + BUILT.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Writes the ghosts' positions from those of the owned atoms.
    fn place_ghosts(&mut self, system: &System) {
        let (owned, ghosts) = self.position.split_at_mut(system.atoms.len());
        self.ghosts.place(&system.cell, owned, ghosts);
    }
}

fn check_finite(system: &System) -> Result<(), NeighbourError> {
    for (index, position) in system.atoms.position().iter().enumerate() {
        if !position.iter().all(|x| x.is_finite()) {
            return Err(NeighbourError::NotFinite {
                id: system.atoms.id()[index],
                position: [position.x, position.y, position.z],
            });
        }
    }
    Ok(())
}

/// What potentials see of a system: positions and species of owned atoms and ghosts, and the list.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Positions [Å]: the owned atoms first, then the ghosts.
    pub position: &'a [Vector],
    /// Species indices, as the positions.
    pub species: &'a [u8],
    /// For each ghost the owned atom of which it is an image. Those that lie forward come first, see
    /// [`Built::forward`].
    pub parent: &'a [u32],
    /// Rows of the owned atoms; entries index the positions.
    pub list: &'a List,
    /// The skin [Å]: rows reach that much beyond the cutoff.
    pub skin: f64,
    /// How the list was built.
    pub built: Built<'a>,
}

/// How a list was built: for what potentials prepare once for each list.
///
/// Only [`Neighbours`] makes one: kernels that write through pointers rely on what it says.
#[derive(Debug, Clone, Copy)]
pub struct Built<'a> {
    list: &'a List,
    /// Number of positions, with ghosts.
    points: usize,
    forward: usize,
    stamp: u64,
    position: &'a [Vector],
    reach: f64,
}

impl<'a> Built<'a> {
    /// A number that no other list of this program has. Results must not depend on it.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// Positions of the owned atoms when the list was built [Å]; the same after a restart.
    pub fn position(&self) -> &'a [Vector] {
        self.position
    }

    /// How many ghosts, the first of all, lie forward: of the three whole numbers that tell of which
    /// image of the cell a ghost is, the first that is not zero is positive.
    ///
    /// A pair of an atom and an image of another (or of itself) stands in the list twice, for the same
    /// pair is seen from the other atom, with the opposite image: once with a ghost that lies forward,
    /// once with one that does not. That holds for all pairs within the reach.
    pub fn forward(&self) -> usize {
        self.forward
    }

    /// Rows hold all neighbours that were then within this distance [Å], and a few that were further
    /// by less than 1e-5 of it.
    pub fn reach(&self) -> f64 {
        self.reach
    }
}

impl Surroundings<'_> {
    /// Checks that list and columns belong together: that entries of the list index the columns, and
    /// that `built` speaks of this list.
    ///
    /// Columns are public, so that others may stand in for them, but kernels that write through
    /// pointers must be able to rely on that.
    ///
    /// # Panics
    /// When they do not belong together, as after a build that failed.
    pub fn require_whole(&self) {
        let Built { list, points, .. } = self.built;
        assert!(
            std::ptr::eq(self.list, list)
                && self.built.position.len() == list.atoms()
                && list.atoms() + self.parent.len() == points
                && self.position.len() == points
                && self.species.len() == points,
            "a list of other atoms"
        );
    }

    /// Number of owned atoms.
    pub fn owned(&self) -> usize {
        self.position.len() - self.parent.len()
    }

    /// The owned atom that `index` is, or is an image of.
    #[inline]
    pub fn owner(&self, index: u32) -> u32 {
        let owned = self.owned();
        match (index as usize).checked_sub(owned) {
            None => index,
            Some(ghost) => self.parent[ghost],
        }
    }
}

//! Ghosts and neighbour lists, kept up to date.
//!
//! Periodic images within reach of the cell are explicit *ghosts*: extra positions behind those of
//! the owned atoms, so that no kernel ever asks for a nearest image, and cells smaller than the
//! cutoff just work (an atom may meet several ghosts of one parent, and of itself). Rows of the
//! list are full (each pair stands in both rows) and grouped by the neighbour's species, so that a
//! kernel reads one table after the other.

mod brute_force;
mod list;

pub use list::{CHUNK, List};

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
}

/// Positions and cell when the list was last built.
///
/// With the atoms in the same order and the same skin, the list built from it has the same bits:
/// a checkpoint keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListOrigin {
    /// Positions of the owned atoms [Å], in the atoms' order.
    pub position: Vec<Vector>,
    /// The cell.
    pub cell: Cell,
}

/// What [`Neighbours::update`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// The list still holds; only ghost positions were refreshed.
    Kept,
    /// Atoms were wrapped and sorted, and the list was built anew.
    Rebuilt,
}

/// Neighbour list and ghosts of a system, valid for one cutoff and skin.
#[derive(Debug)]
pub struct Neighbours {
    cutoff: f64,
    skin: f64,
    origin: Option<ListOrigin>,
    position: Vec<Vector>,
    species: Vec<u8>,
    parent: Vec<u32>,
    image: Vec<[i32; 3]>,
    list: List,
    builds: u64,
}

impl Neighbours {
    /// Neighbours within `cutoff` [Å], from lists that hold while no atom moves further than half
    /// of `skin` [Å].
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
            origin: None,
            position: Vec::new(),
            species: Vec::new(),
            parent: Vec::new(),
            image: Vec::new(),
            list: List::default(),
            builds: 0,
        })
    }

    /// The cutoff [Å].
    pub fn cutoff(&self) -> f64 {
        self.cutoff
    }

    /// The skin [Å].
    pub fn skin(&self) -> f64 {
        self.skin
    }

    /// How often the list was built.
    pub fn builds(&self) -> u64 {
        self.builds
    }

    /// Positions and cell at the last build; `None` before the first.
    pub fn origin(&self) -> Option<&ListOrigin> {
        self.origin.as_ref()
    }

    /// Brings list and ghosts up to date with the system's positions and cell.
    ///
    /// Rebuilding wraps the atoms into the cell and sorts them in space; otherwise the atoms stay
    /// as they are.
    ///
    /// # Errors
    /// Names an atom whose position is not finite.
    pub fn update(&mut self, system: &mut System) -> Result<Update, NeighbourError> {
        if self.holds(system) {
            self.refresh(system);
            return Ok(Update::Kept);
        }
        self.rebuild(system)?;
        Ok(Update::Rebuilt)
    }

    /// Wraps and sorts the atoms and builds the list anew.
    ///
    /// # Errors
    /// As [`Neighbours::update`].
    pub fn rebuild(&mut self, system: &mut System) -> Result<(), NeighbourError> {
        check_finite(system)?;
        system.wrap();
        self.build(system);
        Ok(())
    }

    /// Builds the list of an earlier origin, for the same atoms in the same order, and refreshes
    /// the ghosts: the state in which a checkpoint was written.
    ///
    /// # Errors
    /// As [`Neighbours::update`].
    pub fn restore(
        &mut self,
        system: &mut System,
        origin: &ListOrigin,
    ) -> Result<(), NeighbourError> {
        let present = system.atoms.position().to_vec();
        let cell = system.cell;
        system
            .atoms
            .position_mut()
            .copy_from_slice(&origin.position);
        system.cell = origin.cell;
        self.build(system);
        system.atoms.position_mut().copy_from_slice(&present);
        system.cell = cell;
        self.refresh(system);
        Ok(())
    }

    /// What potentials see: all positions with ghosts, and the list.
    pub fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            position: &self.position,
            species: &self.species,
            parent: &self.parent,
            list: &self.list,
            skin: self.skin,
        }
    }

    fn holds(&self, system: &System) -> bool {
        let Some(origin) = &self.origin else {
            return false;
        };
        let limit = 0.25 * self.skin * self.skin;
        origin.cell == system.cell
            && origin.position.len() == system.atoms.len()
            && system
                .atoms
                .position()
                .iter()
                .zip(&origin.position)
                .all(|(now, then)| (now - then).norm_squared() <= limit)
    }

    fn build(&mut self, system: &System) {
        let (parent, image) = brute_force::ghosts(system, self.cutoff + self.skin);
        self.parent = parent;
        self.image = image;
        self.origin = Some(ListOrigin {
            position: system.atoms.position().to_vec(),
            cell: system.cell,
        });
        self.refresh(system);
        self.list = brute_force::list(
            &self.position,
            &self.species,
            system.atoms.len(),
            system.species.len(),
            self.cutoff + self.skin,
        );
        self.builds += 1;
    }

    fn refresh(&mut self, system: &System) {
        self.position.clear();
        self.position.extend_from_slice(system.atoms.position());
        self.species.clear();
        self.species.extend_from_slice(system.atoms.species());
        for (&parent, &image) in self.parent.iter().zip(&self.image) {
            let shift = system.cell.translation(image);
            self.position
                .push(system.atoms.position()[parent as usize] + shift);
            self.species.push(system.atoms.species()[parent as usize]);
        }
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
    /// For each ghost the owned atom of which it is an image.
    pub parent: &'a [u32],
    /// Rows of the owned atoms; entries index the positions.
    pub list: &'a List,
    /// The skin [Å]: rows reach that much beyond the cutoff.
    pub skin: f64,
}

impl Surroundings<'_> {
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

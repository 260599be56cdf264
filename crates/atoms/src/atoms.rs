//! The state of the atoms, in columns.

use crate::Vector;

/// One atom, as given to [`Atoms::push`] and read back with [`Atoms::get`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Atom {
    /// Position [Å].
    pub position: Vector,
    /// Velocity [Å/ps].
    pub velocity: Vector,
    /// How many cell vectors to add to the position to undo all wrapping.
    pub image: [i32; 3],
    /// Index into the species of the system.
    pub species: u8,
    /// Identity, unique and positive; it follows the atom through all reordering.
    pub id: u32,
    /// Particle or other group to which the atom was assigned when built.
    pub group: u8,
}

/// Columns of equal length, one entry an atom.
///
/// The order of the atoms changes when they are sorted in space; the id does not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Atoms {
    position: Vec<Vector>,
    velocity: Vec<Vector>,
    image: Vec<[i32; 3]>,
    species: Vec<u8>,
    id: Vec<u32>,
    group: Vec<u8>,
}

/// The columns that dynamics writes, beside those that it reads.
#[derive(Debug)]
pub struct AtomsMut<'a> {
    /// Positions [Å].
    pub position: &'a mut [Vector],
    /// Velocities [Å/ps].
    pub velocity: &'a mut [Vector],
    /// Images.
    pub image: &'a mut [[i32; 3]],
    /// Species indices.
    pub species: &'a [u8],
    /// Identities.
    pub id: &'a [u32],
    /// Groups.
    pub group: &'a [u8],
}

impl Atoms {
    /// No atoms.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of atoms.
    pub fn len(&self) -> usize {
        self.position.len()
    }

    /// Whether there are no atoms.
    pub fn is_empty(&self) -> bool {
        self.position.is_empty()
    }

    /// Adds an atom at the end.
    pub fn push(&mut self, atom: Atom) {
        self.position.push(atom.position);
        self.velocity.push(atom.velocity);
        self.image.push(atom.image);
        self.species.push(atom.species);
        self.id.push(atom.id);
        self.group.push(atom.group);
    }

    /// Atom at place `index` of the present order.
    ///
    /// # Panics
    /// When `index` is not below [`Atoms::len`].
    pub fn get(&self, index: usize) -> Atom {
        Atom {
            position: self.position[index],
            velocity: self.velocity[index],
            image: self.image[index],
            species: self.species[index],
            id: self.id[index],
            group: self.group[index],
        }
    }

    /// All atoms in the present order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Atom> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Positions [Å].
    pub fn position(&self) -> &[Vector] {
        &self.position
    }

    /// Velocities [Å/ps].
    pub fn velocity(&self) -> &[Vector] {
        &self.velocity
    }

    /// Images: how many cell vectors to add to each position to undo all wrapping.
    pub fn image(&self) -> &[[i32; 3]] {
        &self.image
    }

    /// Indices into the species of the system.
    pub fn species(&self) -> &[u8] {
        &self.species
    }

    /// Identities.
    pub fn id(&self) -> &[u32] {
        &self.id
    }

    /// Groups.
    pub fn group(&self) -> &[u8] {
        &self.group
    }

    /// Positions [Å], writable.
    pub fn position_mut(&mut self) -> &mut [Vector] {
        &mut self.position
    }

    /// Velocities [Å/ps], writable.
    pub fn velocity_mut(&mut self) -> &mut [Vector] {
        &mut self.velocity
    }

    /// Groups, writable.
    pub fn group_mut(&mut self) -> &mut [u8] {
        &mut self.group
    }

    /// Identities, writable; the caller keeps them unique.
    pub fn id_mut(&mut self) -> &mut [u32] {
        &mut self.id
    }

    /// All columns at once: those that dynamics writes, and the rest to read.
    pub fn split_mut(&mut self) -> AtomsMut<'_> {
        AtomsMut {
            position: &mut self.position,
            velocity: &mut self.velocity,
            image: &mut self.image,
            species: &self.species,
            id: &self.id,
            group: &self.group,
        }
    }

    /// The places of the atoms in ascending order of their ids.
    pub fn by_id(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by_key(|&index| self.id[index as usize]);
        order
    }

    /// Puts the atoms in a new order: place `k` gets the atom now at place `order[k]`.
    ///
    /// `order` must be a permutation of `0..len`.
    pub fn reorder(&mut self, order: &[u32]) {
        fn gather<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
            *column = order.iter().map(|&from| column[from as usize]).collect();
        }
        debug_assert_eq!(order.len(), self.len());
        gather(&mut self.position, order);
        gather(&mut self.velocity, order);
        gather(&mut self.image, order);
        gather(&mut self.species, order);
        gather(&mut self.id, order);
        gather(&mut self.group, order);
    }
}

impl FromIterator<Atom> for Atoms {
    fn from_iter<I: IntoIterator<Item = Atom>>(atoms: I) -> Self {
        let mut columns = Self::new();
        for atom in atoms {
            columns.push(atom);
        }
        columns
    }
}

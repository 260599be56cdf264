//! From a system to a frame and back.

use super::{Frame, FrameError};
use frit_atoms::{Atom, Species, System, Vector};

/// Free space [Å] left around atoms that come without a cell: wider than any cutoff.
const MARGIN: f64 = 15.0;

/// A column of a system, such as its forces, in the order in which [`Frame::from_system`] has the
/// atoms: by ascending id.
pub fn in_id_order<T: Copy>(system: &System, column: &[T]) -> Vec<T> {
    let order = system.atoms.by_id();
    order.iter().map(|&at| column[at as usize]).collect()
}

impl Frame {
    /// The state of a system, atoms by ascending id: cell, species, masses, positions, images,
    /// velocities, ids and groups.
    pub fn from_system(system: &System) -> Self {
        let atoms = &system.atoms;
        let order = atoms.by_id();
        fn gather<T: Copy>(column: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&at| column[at as usize]).collect()
        }
        let species = gather(atoms.species(), &order);
        let masses = (species.iter()).map(|&s| system.species[usize::from(s)].mass);
        Self {
            cell: Some(system.cell),
            names: system.species.iter().map(|s| s.name.clone()).collect(),
            mass: Some(masses.collect()),
            species: species.into_iter().map(u32::from).collect(),
            position: gather(atoms.position(), &order),
            image: Some(gather(atoms.image(), &order)),
            id: Some(gather(atoms.id(), &order)),
            velocity: Some(gather(atoms.velocity(), &order)),
            group: Some(
                gather(atoms.group(), &order)
                    .into_iter()
                    .map(u32::from)
                    .collect(),
            ),
            ..Self::default()
        }
    }

    /// The system of this frame, atoms in the frame's order.
    ///
    /// `known` species come first, with their masses, whatever the frame says; others follow in the
    /// frame's order with the frame's mass or that of the element. What the frame lacks is
    /// filled in: ids from 1, no motion, group 0, and a free cell around the atoms.
    ///
    /// # Errors
    /// A mass is missing, or ids, groups or numbers are not fit for a system.
    pub fn to_system(&self, known: &[Species]) -> Result<System, FrameError> {
        self.check()?;
        let (species, numbers) = self.merge_species(known)?;
        let cell = match self.cell {
            Some(cell) => cell,
            None => self.enclosing_cell(MARGIN)?,
        };
        let atoms = (0..self.len()).map(|index| {
            let id = match &self.id {
                Some(id) => id[index],
                None => index as u32 + 1,
            };
            if id == 0 {
                return Err(FrameError::ZeroId);
            }
            let group = self.group.as_ref().map_or(0, |group| group[index]);
            Ok(Atom {
                position: self.position[index],
                velocity: (self.velocity.as_ref()).map_or_else(Vector::zeros, |v| v[index]),
                image: self.image.as_ref().map_or([0; 3], |image| image[index]),
                species: numbers[self.species[index] as usize],
                id,
                group: u8::try_from(group).map_err(|_| FrameError::BadGroup { group })?,
            })
        });
        let atoms = atoms.collect::<Result<_, FrameError>>()?;
        Ok(System::new(cell, atoms, species)?)
    }

    /// All species of the system, and for each of the frame its number there.
    fn merge_species(&self, known: &[Species]) -> Result<(Vec<Species>, Vec<u8>), FrameError> {
        let is_known = |name: &String| known.iter().any(|species| species.name == *name);
        // A frame that names only known species needs no masses of its own.
        let masses = if self.names.iter().all(is_known) {
            Vec::new()
        } else {
            self.species_masses()?
        };
        let mut species = known.to_vec();
        let mut numbers = Vec::with_capacity(self.names.len());
        for (at, name) in self.names.iter().enumerate() {
            let number = match species.iter().position(|one| one.name == *name) {
                Some(number) => number,
                None => {
                    species.push(Species {
                        name: name.clone(),
                        mass: masses[at],
                    });
                    species.len() - 1
                }
            };
            let found = known.len().max(self.names.len());
            numbers.push(u8::try_from(number).map_err(|_| FrameError::TooManySpecies { found })?);
        }
        Ok((species, numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_atoms::{Atoms, Cell};

    fn system() -> System {
        let species = ["Fe", "Pt"].map(|name| Species::of_element(name).unwrap());
        let atoms: Atoms = [(3, 1), (1, 0), (2, 1)]
            .map(|(id, species)| Atom {
                position: Vector::new(f64::from(id), 0.5, 0.1),
                velocity: Vector::new(-1.0, f64::from(id), 0.0),
                image: [id as i32, 0, -1],
                species,
                id,
                group: species + 1,
            })
            .into_iter()
            .collect();
        let cell = Cell::orthogonal([10.0; 3], [true, true, false]).unwrap();
        System::new(cell, atoms, species.to_vec()).unwrap()
    }

    #[test]
    fn a_frame_holds_the_system_in_the_order_of_ids() {
        let system = system();
        let frame = Frame::from_system(&system);
        assert_eq!(frame.id.as_deref(), Some(&[1, 2, 3][..]));
        assert_eq!(in_id_order(&system, &[30, 10, 20]), [10, 20, 30]);
        let mut sorted = system.clone();
        sorted.atoms.reorder(&system.atoms.by_id());
        assert_eq!(frame.to_system(&system.species).unwrap(), sorted);
        assert_eq!(frame.to_system(&[]).unwrap(), sorted);
    }

    #[test]
    fn known_species_keep_their_order_and_mass() {
        let frame = Frame::from_system(&system());
        let known = [Species {
            name: "Pt".into(),
            mass: 195.0,
        }];
        let system = frame.to_system(&known).unwrap();
        assert_eq!(system.species[0], known[0]);
        assert_eq!(system.species[1].name, "Fe");
        assert_eq!(system.atoms.species(), [1, 0, 0]);
    }

    #[test]
    fn bad_ids_and_groups_are_refused() {
        let mut frame = Frame::from_system(&system());
        frame.group = Some(vec![0, 256, 0]);
        let message = frame.to_system(&[]).unwrap_err().to_string();
        assert!(message.contains("group 256"), "{message}");
        frame.group = None;
        frame.id = Some(vec![0, 1, 2]);
        assert_eq!(frame.to_system(&[]).unwrap_err(), FrameError::ZeroId);
        frame.id = Some(vec![1, 1, 2]);
        assert!(matches!(frame.to_system(&[]), Err(FrameError::System(_))));
    }
}

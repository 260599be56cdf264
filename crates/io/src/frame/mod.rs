//! A snapshot of atoms as files hold it: columns, some of them optional.

mod attributes;
mod system;

pub(crate) use attributes::logical;
pub use attributes::{Attributes, Value};
pub use system::in_id_order;

use frit_atoms::{Cell, Matrix, Vector};

/// Why a frame cannot be used or written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FrameError {
    /// A column has not one row an atom.
    #[error("the column {name} has {found} rows, but the frame has {atoms} atoms")]
    Length {
        /// The column.
        name: String,
        /// Its rows.
        found: usize,
        /// The atoms of the frame.
        atoms: usize,
    },
    /// A name would break the file's syntax.
    #[error(
        "the {what} `{name}` cannot stand in a file: use letters, digits and `_`, without blanks"
    )]
    BadName {
        /// What has the name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A column was selected that the frame does not have.
    #[error("the column {name} was selected, but the frame has none; it has {known}")]
    NoColumn {
        /// The column.
        name: String,
        /// The columns there are.
        known: String,
    },
    /// An atom's species number has no name.
    #[error("an atom has the species number {species}, but only {known} species are named")]
    NoName {
        /// The number.
        species: u32,
        /// How many are named.
        known: usize,
    },
    /// The mass of a species is not known.
    #[error(
        "the mass of species `{name}` is not known: it is no element, and the file has no masses; \
         give the mass or name the species after its element"
    )]
    NoMass {
        /// The species.
        name: String,
    },
    /// Atoms of one species have different masses.
    #[error(
        "atoms of species `{name}` have the masses {first} u and {second} u; \
         give atoms of different mass different species"
    )]
    MixedMasses {
        /// The species.
        name: String,
        /// One mass [u].
        first: f64,
        /// Another [u].
        second: f64,
    },
    /// More species than a system can hold.
    #[error("the frame has {found} species; a system holds at most 256")]
    TooManySpecies {
        /// How many.
        found: usize,
    },
    /// An id that a system cannot hold.
    #[error("an atom has the id 0; ids start at 1: renumber the atoms or drop the ids")]
    ZeroId,
    /// A group that a system cannot hold.
    #[error("an atom is in group {group}; groups go from 0 to 255")]
    BadGroup {
        /// The group.
        group: u32,
    },
    /// The cell cannot be made.
    #[error(transparent)]
    Cell(#[from] frit_atoms::CellError),
    /// The system cannot be made.
    #[error(transparent)]
    System(#[from] frit_atoms::SystemError),
    /// The format has no place for what the frame holds.
    #[error("{0}")]
    NotInFormat(String),
}

/// The values of a column that frit gives no meaning to.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Real numbers.
    Real(Vec<f64>),
    /// Whole numbers.
    Integer(Vec<i64>),
    /// True or false.
    Logical(Vec<bool>),
    /// Words.
    Text(Vec<String>),
}

impl Values {
    /// How many values, over all atoms.
    pub fn len(&self) -> usize {
        match self {
            Self::Real(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Logical(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column that frit gives no meaning to: it is kept, and written again.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Values an atom.
    pub width: usize,
    /// The values, atom by atom: `width` values for each.
    pub values: Values,
}

impl Column {
    /// A column of one real number an atom.
    pub fn real(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self {
            name: name.into(),
            width: 1,
            values: Values::Real(values),
        }
    }

    /// A column of one whole number an atom.
    pub fn integer(name: impl Into<String>, values: Vec<i64>) -> Self {
        Self {
            name: name.into(),
            width: 1,
            values: Values::Integer(values),
        }
    }
}

/// A snapshot of atoms: one step of a trajectory, or a structure.
///
/// All columns have one entry an atom, in one order; [`Frame::check`] says whether they do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    /// Step of the run.
    pub step: Option<u64>,
    /// Time [ps].
    pub time: Option<f64>,
    /// Cell [Å].
    pub cell: Option<Cell>,
    /// What is said of the frame as a whole: energy, stress, counts.
    pub attributes: Attributes,
    /// Names of the species, to which [`Frame::species`] refers.
    pub names: Vec<String>,
    /// Index into [`Frame::names`].
    pub species: Vec<u32>,
    /// Positions [Å].
    pub position: Vec<Vector>,
    /// How many cell vectors to add to each position to undo all wrapping.
    pub image: Option<Vec<[i32; 3]>>,
    /// Identities.
    pub id: Option<Vec<u32>>,
    /// Velocities [Å/ps].
    pub velocity: Option<Vec<Vector>>,
    /// Forces [eV/Å].
    pub force: Option<Vec<Vector>>,
    /// Potential energy of each atom [eV].
    pub local_energy: Option<Vec<f64>>,
    /// Masses [u].
    pub mass: Option<Vec<f64>>,
    /// Particle or other group of each atom.
    pub group: Option<Vec<u32>>,
    /// Columns without a meaning to frit.
    pub extra: Vec<Column>,
    /// What a reader had to assume or leave out; never written to files.
    pub notes: Vec<String>,
}

impl Frame {
    /// Number of atoms.
    pub fn len(&self) -> usize {
        self.position.len()
    }

    /// Whether there are no atoms.
    pub fn is_empty(&self) -> bool {
        self.position.is_empty()
    }

    /// Name of the species of the atom at place `index`.
    ///
    /// # Panics
    /// When the frame does not pass [`Frame::check`] or `index` is not below [`Frame::len`].
    pub fn name(&self, index: usize) -> &str {
        &self.names[self.species[index] as usize]
    }

    /// The column of this name among [`Frame::extra`].
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.extra.iter().find(|column| column.name == name)
    }

    /// Whether all columns have one entry an atom and all species have names.
    ///
    /// # Errors
    /// Names the first column at fault.
    pub fn check(&self) -> Result<(), FrameError> {
        let lengths = [
            ("species", Some(self.species.len())),
            ("image", self.image.as_ref().map(Vec::len)),
            ("id", self.id.as_ref().map(Vec::len)),
            ("velocity", self.velocity.as_ref().map(Vec::len)),
            ("force", self.force.as_ref().map(Vec::len)),
            ("local_energy", self.local_energy.as_ref().map(Vec::len)),
            ("mass", self.mass.as_ref().map(Vec::len)),
            ("group", self.group.as_ref().map(Vec::len)),
        ];
        let atoms = self.len();
        let own = lengths
            .into_iter()
            .filter_map(|(name, length)| Some((name, length?, 1)));
        let extra = self
            .extra
            .iter()
            .map(|column| (column.name.as_str(), column.values.len(), column.width));
        for (name, found, width) in own.chain(extra) {
            if width == 0 || atoms.checked_mul(width) != Some(found) {
                return Err(FrameError::Length {
                    name: name.to_owned(),
                    found: found / width.max(1),
                    atoms,
                });
            }
        }
        let known = self.names.len();
        match self.species.iter().find(|&&s| s as usize >= known) {
            Some(&species) => Err(FrameError::NoName { species, known }),
            None => Ok(()),
        }
    }

    /// The mass of each species [u], in the order of [`Frame::names`]: from the column of masses,
    /// or the standard atomic weight of the element of this name.
    ///
    /// # Errors
    /// A species has two masses or none.
    pub fn species_masses(&self) -> Result<Vec<f64>, FrameError> {
        self.check()?;
        let mut masses = vec![None; self.names.len()];
        for (&mass, &species) in self.mass.iter().flatten().zip(&self.species) {
            let known = &mut masses[species as usize];
            match *known {
                None => *known = Some(mass),
                Some(first) if first == mass => {}
                Some(first) => {
                    return Err(FrameError::MixedMasses {
                        name: self.names[species as usize].clone(),
                        first,
                        second: mass,
                    });
                }
            }
        }
        let standard = |name: &String| frit_atoms::element(name).map(|element| element.mass);
        (masses.into_iter().zip(&self.names))
            .map(|(mass, name)| {
                mass.or_else(|| standard(name))
                    .ok_or_else(|| FrameError::NoMass { name: name.clone() })
            })
            .collect()
    }

    /// A free rectangular cell around all atoms, `margin` [Å] wider on each side.
    ///
    /// # Errors
    /// Positions are not finite, or the cell is empty (no extent and no margin).
    pub fn enclosing_cell(&self, margin: f64) -> Result<Cell, FrameError> {
        let first = self.position.first().copied().unwrap_or_default();
        let (low, high) = (self.position.iter()).fold((first, first), |(low, high), position| {
            (low.inf(position), high.sup(position))
        });
        let margin = Vector::repeat(margin);
        let lengths = high - low + 2.0 * margin;
        let cell = Cell::new(Matrix::from_diagonal(&lengths), low - margin, [false; 3])?;
        Ok(cell)
    }
}

/// Gives species their numbers in the order of their first appearance.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<String>,
    numbers: std::collections::HashMap<String, u32>,
}

impl Names {
    /// The number of this name, a new one if need be.
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// All names in the order of their numbers.
    pub(crate) fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// Whether a name can stand in a column header or a row of any text format.
pub(crate) fn check_word(what: &'static str, name: &str) -> Result<(), FrameError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || "\"'=:{},#\\".contains(c);
    if name.is_empty() || name.contains(bad) {
        return Err(FrameError::BadName {
            what,
            name: name.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_atoms() -> Frame {
        Frame {
            names: vec!["Pt".into(), "X".into()],
            species: vec![0, 1],
            position: vec![Vector::zeros(), Vector::new(1.0, 2.0, 3.0)],
            ..Frame::default()
        }
    }

    #[test]
    fn columns_of_the_wrong_length_are_named() {
        let mut frame = two_atoms();
        frame.force = Some(vec![Vector::zeros()]);
        let message = frame.check().unwrap_err().to_string();
        assert!(message.contains("force has 1 rows"), "{message}");
        frame.force = None;
        frame.extra.push(Column {
            name: "empty".into(),
            width: 0,
            values: Values::Real(vec![]),
        });
        assert!(frame.check().is_err());
    }

    #[test]
    fn masses_come_from_the_column_or_the_element() {
        let mut frame = two_atoms();
        assert!(matches!(frame.species_masses(), Err(FrameError::NoMass { name }) if name == "X"));
        frame.mass = Some(vec![195.084, 7.0]);
        assert_eq!(frame.species_masses().unwrap(), [195.084, 7.0]);
        frame.species = vec![0, 0];
        assert!(matches!(
            frame.species_masses(),
            Err(FrameError::MixedMasses { .. })
        ));
    }

    #[test]
    fn the_enclosing_cell_holds_all_atoms() {
        let cell = two_atoms().enclosing_cell(5.0).unwrap();
        assert_eq!(cell.origin(), Vector::repeat(-5.0));
        assert_eq!(cell.vectors().diagonal(), Vector::new(11.0, 12.0, 13.0));
        assert!(Frame::default().enclosing_cell(0.0).is_err());
    }
}

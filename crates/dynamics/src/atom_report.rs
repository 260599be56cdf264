//! What is known of an atom at which something went wrong.

use std::fmt;

use frit_atoms::{System, Vector};

use crate::number::Number;

/// One atom and its nearest neighbour, for messages about a failed run.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomReport {
    /// The atom's id.
    pub id: u32,
    /// The name of its species.
    pub species: String,
    /// Position [Å].
    pub position: Vector,
    /// Velocity [Å/ps].
    pub velocity: Vector,
    /// Force [eV/Å]; `None` if there is no valid one.
    pub force: Option<Vector>,
    /// Id of the nearest other atom and its distance [Å]; `None` for a single atom, or if the
    /// position is not finite.
    pub nearest: Option<(u32, f64)>,
}

impl AtomReport {
    /// Looks at the atom at place `place`, at all others for the nearest, and takes the force from
    /// `force` if there is one for each atom.
    pub fn new(system: &System, place: usize, force: &[Vector]) -> Self {
        let atom = system.atoms.get(place);
        Self {
            id: atom.id,
            species: system.species[usize::from(atom.species)].name.clone(),
            position: atom.position,
            velocity: atom.velocity,
            force: (force.len() == system.atoms.len()).then(|| force[place]),
            nearest: nearest(system, place),
        }
    }
}

fn nearest(system: &System, place: usize) -> Option<(u32, f64)> {
    let here = system.atoms.position()[place];
    if !here.iter().all(|x| x.is_finite()) {
        return None;
    }
    let others = system.atoms.position().iter().zip(system.atoms.id());
    others
        .enumerate()
        .filter(|(other, (position, _))| *other != place && position.iter().all(|x| x.is_finite()))
        .map(|(_, (position, &id))| (id, system.cell.shortest(&(position - here)).norm()))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

impl fmt::Display for AtomReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vector = |v: &Vector| format!("({}, {}, {})", Number(v.x), Number(v.y), Number(v.z));
        write!(
            formatter,
            "atom {} ({}) at {} Å with velocity {} Å/ps",
            self.id,
            self.species,
            vector(&self.position),
            vector(&self.velocity)
        )?;
        if let Some(force) = &self.force {
            write!(formatter, " and force {} eV/Å", vector(force))?;
        }
        if let Some((id, distance)) = self.nearest {
            write!(
                formatter,
                "; its nearest neighbour, atom {id}, is {} Å away",
                Number(distance)
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_huge_numbers_are_short() {
        let report = AtomReport {
            id: 3,
            species: "Pt".to_owned(),
            position: Vector::new(1.5, -1e300, 0.0),
            velocity: Vector::repeat(f64::MAX),
            force: Some(Vector::repeat(-f64::MAX)),
            nearest: Some((4, 1e200)),
        };
        let text = report.to_string();
        assert!(
            text.contains("(1.500000, -1.000000e300, 0.000000) Å"),
            "{text}"
        );
        assert!(text.contains("1.000000e200 Å away"), "{text}");
        // Three vectors and a distance, each number of at most 15 characters, in a sentence.
        assert!(text.len() < 300, "{text}");
    }
}

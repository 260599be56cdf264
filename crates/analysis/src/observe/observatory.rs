//! Several measures that share one moment.

use super::body::Reference;
use super::measure::{Measure, ObserveError, Rows};
use super::scene::Scene;
use super::snapshot::Snapshot;
use frit_atoms::System;
use frit_io::{Column, TableColumn};

/// How far neighbours are sought at least, in bond lengths: 4.8 Å for 3.3 Å, where every atom of a
/// crystal has the 14 that the common-neighbour analysis needs.
const REACH: f64 = 1.45;

/// Measures that look at the same system, each when it is due, and share what they need of it.
#[derive(Debug)]
pub struct Observatory {
    bond: f64,
    measures: Vec<Box<dyn Measure>>,
    reference: Option<Reference>,
}

impl Observatory {
    /// Measures for bonds shorter than `bond` [Å].
    ///
    /// # Errors
    /// The bond length must be positive.
    pub fn new(bond: f64, measures: Vec<Box<dyn Measure>>) -> Result<Self, ObserveError> {
        if !(bond > 0.0 && bond.is_finite()) {
            return Err(ObserveError::BadParameter {
                what: "the bond length [Å]",
                found: bond,
                needed: "it must be positive, between the first and the second neighbours' distance",
            });
        }
        Ok(Self {
            bond,
            measures,
            reference: None,
        })
    }

    /// Names and columns of the tables, in the order of the measures.
    pub fn tables(&self) -> impl Iterator<Item = (&'static str, Vec<TableColumn>)> + '_ {
        (self.measures.iter()).map(|measure| (measure.name(), measure.columns()))
    }

    /// Names of the measures that need two particles.
    pub fn of_pairs(&self) -> impl Iterator<Item = &'static str> + '_ {
        (self.measures.iter())
            .filter(|measure| measure.needs_pair())
            .map(|measure| measure.name())
    }

    /// Number of measures.
    pub fn len(&self) -> usize {
        self.measures.len()
    }

    /// Whether there are no measures.
    pub fn is_empty(&self) -> bool {
        self.measures.is_empty()
    }

    /// The first moment, once there was one.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// Looks at a moment at `time` [ps] with the measures that are due; their places and rows. The
    /// first look makes the reference.
    ///
    /// # Errors
    /// The atoms are not those of the first look, or a measure does not exist for them.
    pub fn look(
        &mut self,
        system: &System,
        time: f64,
        due: impl Fn(usize) -> bool,
    ) -> Result<Vec<(usize, Rows)>, ObserveError> {
        let wanted = (self.measures.iter().enumerate()).filter(|(at, _)| due(*at));
        let reach = wanted
            .map(|(_, measure)| measure.reach())
            .fold(0.0, f64::max);
        let snapshot = self.snapshot(system, reach)?;
        let Some(reference) = &self.reference else {
            return Ok(Vec::new());
        };
        let scene = Scene::new(&snapshot, reference, self.bond);
        let mut seen = Vec::new();
        for (at, measure) in self.measures.iter_mut().enumerate() {
            if due(at) {
                if measure.needs_pair() && reference.bodies.len() != 2 {
                    return Err(ObserveError::NoPair {
                        name: measure.name(),
                        found: reference.bodies.len(),
                    });
                }
                seen.push((at, measure.observe(&scene, time)?));
            }
        }
        Ok(seen)
    }

    /// All columns that the measures offer to a trajectory, atoms by ascending id.
    ///
    /// # Errors
    /// As [`Observatory::look`].
    pub fn atoms(&mut self, system: &System) -> Result<Vec<Column>, ObserveError> {
        let snapshot = self.snapshot(system, 0.0)?;
        let Some(reference) = &self.reference else {
            return Ok(Vec::new());
        };
        let scene = Scene::new(&snapshot, reference, self.bond);
        Ok((self.measures.iter())
            .flat_map(|measure| measure.atoms(&scene))
            .collect())
    }

    fn snapshot(&mut self, system: &System, reach: f64) -> Result<Snapshot, ObserveError> {
        let snapshot = Snapshot::new(system, reach.max(REACH * self.bond))?;
        match &self.reference {
            None => self.reference = Some(Reference::new(&snapshot, self.bond)?),
            Some(reference) => reference.check(&snapshot)?,
        }
        Ok(snapshot)
    }

    /// What a checkpoint must keep: a name and a text for the reference and each measure.
    ///
    /// # Errors
    /// Numbers that JSON cannot hold.
    pub fn save(&self) -> Result<Vec<(String, String)>, ObserveError> {
        let reference = serde_json::to_string(&self.reference)?;
        let mut parts = vec![("reference".to_owned(), reference)];
        for measure in &self.measures {
            parts.push((measure.name().to_owned(), measure.save()?));
        }
        Ok(parts)
    }

    /// Goes on from what was saved, to the bit; `part` gives the text of a name.
    ///
    /// # Errors
    /// A part is missing (the error of `part`) or not of these measures.
    pub fn restore<E: From<ObserveError>>(
        &mut self,
        mut part: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<(), E> {
        let mut reference: Option<Reference> =
            serde_json::from_str(&part("reference")?).map_err(ObserveError::from)?;
        if let Some(reference) = &mut reference {
            reference.find_bonds(self.bond)?;
        }
        self.reference = reference;
        for measure in &mut self.measures {
            measure.restore(&part(measure.name())?)?;
        }
        Ok(())
    }
}

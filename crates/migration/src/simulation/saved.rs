//! State as plain arrays.

use super::{Counters, Simulation};
use crate::error::RestoreError;
use crate::particles::Particles;

/// State as plain named arrays; to be kept to the bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Steps made.
    pub step: u64,
    /// Arrays of integers.
    pub integers: Vec<(String, Vec<u64>)>,
    /// Arrays of numbers.
    pub numbers: Vec<(String, Vec<f64>)>,
}

impl Simulation {
    /// All state; with the parameters and the seed it continues the run to the bit.
    pub fn save(&self) -> Saved {
        let c = &self.counters;
        let counters = vec![c.updates, c.clamps, c.mergers, c.dissolved, c.coarse_moves];
        let last = self.mergers.iter().flat_map(|&(stays, goes)| [stays, goes]);
        let integers = vec![
            ("id".to_owned(), self.particles.id.clone()),
            ("ancestors".to_owned(), self.particles.ancestors.clone()),
            ("counters".to_owned(), counters),
            ("mergers".to_owned(), last.collect()),
        ];
        let mut numbers = vec![("pool".to_owned(), vec![self.oxygen, self.dissolved])];
        let columns = self.particles.numbers().into_iter();
        numbers.extend(columns.map(|(name, values)| (name.to_owned(), values)));
        Saved {
            step: self.step,
            integers,
            numbers,
        }
    }

    /// Takes on a saved state of a simulation with the same parameters and seed.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn restore(&mut self, saved: &Saved) -> Result<(), RestoreError> {
        let names = |saved: &Saved| -> Vec<String> {
            let integers = saved.integers.iter().map(|(name, _)| name.clone());
            let numbers = saved.numbers.iter().map(|(name, _)| name.clone());
            integers.chain(numbers).collect()
        };
        let (found, expected) = (names(saved), names(&self.save()));
        if found != expected {
            return Err(RestoreError::Arrays { found, expected });
        }
        let length = |name: &str, found: usize, expected: usize| {
            if found == expected {
                return Ok(());
            }
            Err(RestoreError::Length {
                name: name.to_owned(),
                found,
                expected,
            })
        };
        // The names are those of `save`, in its order.
        let [id, ancestors, counters, mergers] = [0, 1, 2, 3].map(|k| &saved.integers[k].1);
        length("ancestors", ancestors.len(), id.len())?;
        length("counters", counters.len(), 5)?;
        length("mergers", mergers.len(), mergers.len() / 2 * 2)?;
        let pool = &saved.numbers[0].1;
        length("pool", pool.len(), 2)?;
        let column = |name: &str, each: usize| {
            let known = saved.numbers.iter().find(|(other, _)| other == name);
            let values = known.map(|(_, values)| values.clone()).unwrap_or_default();
            length(name, values.len(), each * id.len())?;
            Ok(values)
        };
        let vertices = self.surface.mesh.vertices();
        self.particles = Particles::from_numbers(vertices, id.clone(), ancestors.clone(), column)?;
        self.counters = Counters {
            updates: counters[0],
            clamps: counters[1],
            mergers: counters[2],
            dissolved: counters[3],
            coarse_moves: counters[4],
        };
        self.mergers = mergers
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect();
        (self.step, self.oxygen, self.dissolved) = (saved.step, pool[0], pool[1]);
        Ok(())
    }
}

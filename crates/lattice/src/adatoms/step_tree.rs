//! Choosing a hop when its rate depends on its direction too.

use super::{Energies, Layer, Surface};
use crate::SumTree;

/// What hops between layers cost, over the barrier of bonds.
///
/// Both members treat a hop and its reverse alike, so that the equilibrium stays what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepRule {
    /// Hops over more layers than this are forbidden.
    pub highest_step: Option<u32>,
    /// Additional barrier of hops to another layer (of Ehrlich and Schwoebel) [eV].
    pub barrier: f64,
}

/// The total rates of the columns in a tree.
#[derive(Debug, Clone)]
pub(crate) struct StepTree {
    tree: SumTree,
    rule: StepRule,
    /// Rates in one direction within a layer, by class of [`super::classes`].
    rates: [f64; 10],
    /// Factor of hops to another layer.
    step_factor: f64,
}

impl StepTree {
    pub(crate) fn new(
        surface: &Surface,
        energies: &Energies,
        rule: StepRule,
        temperature: f64,
    ) -> Self {
        let mut tree = Self {
            tree: SumTree::new(0),
            rule,
            rates: [0.0; 10],
            step_factor: 0.0,
        };
        tree.set_temperature(surface, energies, temperature);
        tree
    }

    pub(crate) fn set_temperature(
        &mut self,
        surface: &Surface,
        energies: &Energies,
        temperature: f64,
    ) {
        self.rates = std::array::from_fn(|class| {
            let layer = if class < 5 {
                Layer::First
            } else {
                Layer::Upper
            };
            energies.rate(layer, class % 5, temperature)
        });
        let thermal_energy = frit_units::constants::BOLTZMANN * temperature;
        self.step_factor = (-self.rule.barrier / thermal_energy).exp();
        let weights: Vec<f64> = (0..surface.sites())
            .map(|column| self.rates_of(surface, column).iter().sum())
            .collect();
        self.tree = SumTree::from_weights(&weights);
    }

    /// The rates of the top atom of a column in the four directions.
    pub(crate) fn rates_of(&self, surface: &Surface, column: usize) -> [f64; 4] {
        let height = surface.heights()[column];
        if height == 0 {
            return [0.0; 4];
        }
        let class = surface.coordination(column) + if height > 1 { 5 } else { 0 };
        surface.neighbours(column).map(|neighbour| {
            let step = height.abs_diff(surface.heights()[neighbour as usize] + 1);
            if self.rule.highest_step.is_some_and(|highest| step > highest) {
                0.0
            } else if step == 0 {
                self.rates[class]
            } else {
                self.rates[class] * self.step_factor
            }
        })
    }

    pub(crate) fn total(&self) -> f64 {
        self.tree.total()
    }

    /// The column and the direction that a point `share` of the total rate means.
    pub(crate) fn choose(&self, surface: &Surface, share: f64) -> (usize, usize) {
        let (column, mut rest) = self.tree.select(share * self.tree.total());
        let rates = self.rates_of(surface, column);
        let mut chosen = 0;
        for (direction, &rate) in rates.iter().enumerate() {
            if rate == 0.0 {
                continue;
            }
            chosen = direction;
            if rest < rate {
                break;
            }
            rest -= rate;
        }
        (column, chosen)
    }

    pub(crate) fn hop(&mut self, surface: &mut Surface, from: usize, direction: usize) {
        let to = surface.neighbours(from)[direction] as usize;
        surface.take(from, surface.coordination(from));
        surface.put(to);
        for column in [from, to] {
            self.renew(surface, column);
            for neighbour in surface.neighbours(column) {
                self.renew(surface, neighbour as usize);
            }
        }
    }

    fn renew(&mut self, surface: &Surface, column: usize) {
        let total = self.rates_of(surface, column).iter().sum();
        self.tree.set(column, total);
    }
}

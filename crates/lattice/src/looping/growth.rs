//! Growth of the support where mobile iron is oxidised.
//!
//! Where every hop of iron is followed, a lump that has come to a step may grow there. In the limit
//! of hops that are fast beside everything else, iron is in equilibrium on the surface as it is, and
//! layers grow at the mean rates of that equilibrium: hops need not be followed.

use frit_engine::random::Stream;

use super::mesa::distance;
use super::occupants::{COVERED, FREE, VOID};
use super::simulation::{Looping, draw_place, unit};

/// Activities beyond which a surface is as good as full.
const LARGEST_ACTIVITY: f64 = 1e30;
/// Halvings of the interval of the activity: more than a number has bits.
const HALVINGS: usize = 100;

/// Iron in equilibrium on a surface: what share of the cells of each height hold a lump.
///
/// A lump on a cell of height h has the energy E h, with E the additional barrier of a hop upwards:
/// then hops up and down balance in detail. No two lumps share a cell, so that the share is
/// z exp(-E h/kT) / [1 + z exp(-E h/kT)] (a lattice gas without other interactions: the form of
/// Langmuir, doi:10.1021/ja02242a004), and z makes their sum the number of lumps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Equilibrium {
    /// z exp(-E h/kT), from the lowest height on.
    odds: Vec<f64>,
    /// Shares of the cells, likewise.
    shares: Vec<f64>,
    lowest: i32,
}

impl Equilibrium {
    /// Of so many lumps on cells of these heights; `climb_factor` is exp(-E/kT).
    pub(crate) fn new(
        heights: impl Iterator<Item = i32> + Clone,
        lumps: usize,
        climb_factor: f64,
    ) -> Self {
        let lowest = heights.clone().min().unwrap_or(0);
        let mut cells: Vec<f64> = Vec::new();
        for height in heights {
            let level = (height - lowest) as usize;
            if level >= cells.len() {
                cells.resize(level + 1, 0.0);
            }
            cells[level] += 1.0;
        }
        let weights: Vec<f64> = (0..cells.len())
            .map(|level| climb_factor.powi(level as i32))
            .collect();
        let held = |activity: f64| -> f64 {
            let levels = cells.iter().zip(&weights);
            levels
                .map(|(count, weight)| count * share(activity * weight))
                .sum()
        };
        // The larger the activity, the more lumps are held.
        let lumps = lumps as f64;
        let (mut low, mut high) = (0.0, 1.0);
        while held(high) < lumps && high < LARGEST_ACTIVITY {
            high *= 2.0;
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            match held(middle) < lumps {
                true => low = middle,
                false => high = middle,
            }
        }
        let odds: Vec<f64> = weights.iter().map(|weight| low * weight).collect();
        Self {
            shares: odds.iter().map(|&odds| share(odds)).collect(),
            odds,
            lowest,
        }
    }

    /// The odds that a cell of a height holds a lump.
    fn odds(&self, height: i32) -> f64 {
        self.odds[(height - self.lowest) as usize]
    }

    /// The share of the cells of a height that hold a lump.
    pub(crate) fn share(&self, height: i32) -> f64 {
        self.shares[(height - self.lowest) as usize]
    }
}

/// The share of what has these odds.
fn share(odds: f64) -> f64 {
    odds / (1.0 + odds)
}

impl Looping {
    /// The distance of a place from the rim of the particle [cells]; `None` without one.
    fn distance_from_rim(&self, place: usize) -> Option<f64> {
        let (particle, shape) = (self.particle?, self.setup.particle?);
        Some(distance(self.mesa.cell(place), particle.cell) - shape.radius)
    }

    /// Whether hydrogen keeps iron from being oxidised, so far from the rim.
    fn is_reached_by_hydrogen(&self, from_rim: Option<f64>) -> bool {
        from_rim.is_some_and(|distance| distance < self.setup.kinetics.hydrogen_reach)
    }

    /// Whether iron can stand there.
    fn holds_iron(&self, place: usize) -> bool {
        !matches!(self.occupants[place], VOID | COVERED)
    }

    /// Neighbours that are higher, without those under the particle: the steps around a place.
    fn steps_around(&self, place: usize) -> usize {
        (0..6)
            .map(|k| self.mesa.neighbour(place, k))
            .filter(|&k| self.heights[k] > self.heights[place] && self.holds_iron(k))
            .count()
    }

    /// Grows a layer where a lump stands, if it may.
    pub(crate) fn grow(&mut self, lump: usize, within: f64) {
        let place = self.mobiles[lump] as usize;
        if self.is_reached_by_hydrogen(self.distance_from_rim(place)) {
            return;
        }
        let steps = self.steps_around(place);
        if within < 6.0 * self.rates.attachment {
            if (within / self.rates.attachment) as usize >= steps {
                return;
            }
        } else {
            let mut neighbours = (0..6).map(|k| self.mesa.neighbour(place, k));
            if steps > 0 || !neighbours.any(|k| self.occupants[k] < VOID) {
                return;
            }
        }
        self.remove(lump);
        let mut random = self.detail();
        self.grown(place, steps, &mut random);
    }

    /// Grows a layer where iron in equilibrium makes it grow.
    pub(crate) fn grow_anywhere(&mut self, share: f64) {
        let mut random = self.detail();
        let place = draw_place(&self.growth, share * self.growth_rate);
        let steps = self.steps_around(place);
        // Any lump will do: where they stand is drawn anew.
        let lump = match self.occupants[place] {
            FREE => self.mobiles.len() - 1,
            lump => lump as usize,
        };
        self.remove(lump);
        self.spread_iron(&mut random);
        self.grown(place, steps, &mut random);
    }

    /// Takes a lump of iron off the surface.
    fn remove(&mut self, lump: usize) {
        let place = self.mobiles.swap_remove(lump);
        self.occupants[place as usize] = FREE;
        if let Some(&moved) = self.mobiles.get(lump) {
            self.occupants[moved as usize] = lump as u32;
        }
    }

    /// Notes the growth of a layer with so many steps around.
    fn grown(&mut self, place: usize, steps: usize, random: &mut Stream) {
        match steps {
            0 => self.totals.nucleations += 1,
            _ => self.totals.attachments += 1,
        }
        if let Some(distance) = self.distance_from_rim(place) {
            self.totals.regrowth_distance += distance;
            self.regrowth_places[distance.max(0.0) as usize] += 1;
        }
        self.heights[place] += 1;
        self.totals.terraces += u64::from(self.heights[place] > self.setup.layers);
        self.restructured(random);
    }

    /// Lists where iron can be oxidised, for the particle where it is.
    pub(crate) fn list_open(&mut self) {
        let mut open = std::mem::take(&mut self.open);
        open.clear();
        open.extend(self.places.iter().copied().filter(|&place| {
            self.holds_iron(place) && !self.is_reached_by_hydrogen(self.distance_from_rim(place))
        }));
        self.open = open;
    }

    /// Lists the cells where iron in equilibrium makes layers grow, with their rates.
    pub(crate) fn list_growth(&mut self) {
        let mut growth = std::mem::take(&mut self.growth);
        growth.clear();
        if !self.mobiles.is_empty() && self.rates.attachment > 0.0 {
            let equilibrium = self.equilibrium();
            growth.extend(self.open.iter().filter_map(|&place| {
                let rate = equilibrium.share(self.heights[place])
                    * match self.steps_around(place) {
                        0 => self.rates.nucleation * self.company(place, &equilibrium),
                        steps => self.rates.attachment * steps as f64,
                    };
                (rate > 0.0).then_some((place, rate))
            }));
        }
        self.growth_rate = growth.iter().map(|(_, rate)| rate).sum();
        self.growth = growth;
    }

    /// The probability that a lump in equilibrium has another one beside it.
    fn company(&self, place: usize, equilibrium: &Equilibrium) -> f64 {
        let lumps = self.mobiles.len() as f64;
        let others = (lumps - 1.0) / lumps;
        let beside = (0..6)
            .map(|k| self.mesa.neighbour(place, k))
            .filter(|&k| self.holds_iron(k));
        let alone: f64 = beside
            .map(|k| 1.0 - others * equilibrium.share(self.heights[k]))
            .product();
        1.0 - alone
    }

    /// The equilibrium of the iron on the surface as it is.
    fn equilibrium(&self) -> Equilibrium {
        let places = self.places.iter().copied();
        let heights = places
            .filter(|&place| self.holds_iron(place))
            .map(|place| self.heights[place]);
        Equilibrium::new(heights, self.mobiles.len(), self.rates.climb_factor)
    }

    /// Draws where the iron stands, one lump after the other: for pictures, rates need no places.
    fn spread_iron(&mut self, random: &mut Stream) {
        let equilibrium = self.equilibrium();
        let lumps = std::mem::take(&mut self.mobiles);
        for &place in &lumps {
            self.occupants[place as usize] = FREE;
        }
        let mut sum = 0.0;
        let sums: Vec<(usize, f64)> = self
            .places
            .iter()
            .filter(|&&place| self.holds_iron(place))
            .map(|&place| {
                sum += equilibrium.odds(self.heights[place]);
                (place, sum)
            })
            .collect();
        for _ in lumps {
            let point = sum * unit(random.bits());
            let chosen = sums.partition_point(|&(_, sum)| sum <= point);
            let place = sums[chosen.min(sums.len() - 1)].0;
            let free = self.nearest_free(place, random);
            self.occupy(free);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rates;
    use super::*;

    impl Looping {
        /// The sum of the rates at which layers grow under the iron where it stands.
        pub(crate) fn growth_where_iron_stands(&self, rates: &Rates) -> f64 {
            let places = self.mobiles.iter().map(|&place| place as usize);
            places
                .filter(|&place| !self.is_reached_by_hydrogen(self.distance_from_rim(place)))
                .map(|place| match self.steps_around(place) {
                    0 if (0..6).any(|k| self.occupants[self.mesa.neighbour(place, k)] < VOID) => {
                        rates.nucleation
                    }
                    steps => rates.attachment * steps as f64,
                })
                .sum()
        }
    }

    #[test]
    fn shares_are_those_of_a_lattice_gas() {
        // One lump: its shares are Boltzmann's, up to the exclusion of itself, 1e-3 here.
        let heights = [3; 400].into_iter().chain([4; 600]).chain([6; 1000]);
        let found = Equilibrium::new(heights.clone(), 1, 0.1);
        let weight = 400.0 + 600.0 * 0.1 + 1000.0 * 0.001;
        for (height, expected) in [(3, 1.0), (4, 0.1), (6, 0.001)] {
            assert!((found.share(height) * weight / expected - 1.0).abs() < 5e-3);
        }
        // Many lumps: as many as there are, no cell twice, and odds in the ratio of Boltzmann's factors.
        for lumps in [0, 10, 1000, 1999] {
            let found = Equilibrium::new(heights.clone(), lumps, 0.1);
            let sum: f64 = heights.clone().map(|height| found.share(height)).sum();
            assert!((sum - lumps as f64).abs() < 1e-6 * lumps as f64 + 1e-12);
            assert!(found.share(3) <= 1.0);
            let ratio = found.odds(4) / found.odds(3);
            assert!(lumps == 0 || (ratio - 0.1).abs() < 1e-12);
        }
    }
}

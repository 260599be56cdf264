//! Averages over time, and what they mean.

use super::Census;
use super::blocks::Blocks;

/// What is seen of a simulation at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Events so far.
    pub events: u64,
    /// Physical time [s].
    pub time: f64,
    /// Temperature [K].
    pub temperature: f64,
    /// How long the present state is expected to last [s].
    pub residence: f64,
    /// Enthalpy per atom against lone adatoms [eV].
    pub enthalpy: f64,
    /// The clusters.
    pub census: Census,
}

/// From this share of all atoms on, one cluster is *the* particle.
const ONE_PARTICLE: f64 = 0.8;
/// Below this share, the largest cluster is one of many.
const DISPERSED: f64 = 0.2;
/// How far the mean number of particles may be from 1.
const ABOUT_ONE: f64 = 0.1;

/// Whether atoms disperse or gather.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The largest cluster has, on average, less than 20 % of the atoms.
    Dispersed,
    /// One cluster has more than 80 % of the atoms, and there is one particle.
    OneParticle,
    /// Neither.
    Mixed,
}

/// Averages of observations, each with a weight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Averages {
    weight: f64,
    atoms: f64,
    enthalpy: f64,
    largest: f64,
    monomers: f64,
    particles: f64,
    highest: f64,
    basin_weight: f64,
    basin_enthalpy: f64,
    /// Of the largest cluster and of the enthalpy, for errors.
    blocks: Blocks<2>,
    sizes: Vec<f64>,
}

/// The numbers before those of the blocks in checkpoints.
const SUMS: usize = 9;

impl State {
    /// The word of reports: "dispersed", "one particle", "mixed".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dispersed => "dispersed",
            Self::OneParticle => "one particle",
            Self::Mixed => "mixed",
        }
    }
}

impl Averages {
    /// Adds an observation: with the residence time of its state where observations are made at
    /// certain events, or with equal weights where they are made at certain times.
    pub fn add(&mut self, observation: &Observation, weight: f64) {
        let census = &observation.census;
        self.weight += weight;
        self.atoms = f64::from(census.atoms());
        self.enthalpy += weight * observation.enthalpy;
        self.largest += weight * f64::from(census.largest());
        self.monomers += weight * census.monomers() as f64;
        self.particles += weight * census.particles() as f64;
        self.highest += weight * f64::from(census.highest);
        self.blocks
            .add(weight, [census.largest().into(), observation.enthalpy]);
        if f64::from(census.largest()) > ONE_PARTICLE * self.atoms {
            self.basin_weight += weight;
            self.basin_enthalpy += weight * observation.enthalpy;
        }
        for &size in &census.sizes {
            let size = size as usize;
            if self.sizes.len() <= size {
                self.sizes.resize(size + 1, 0.0);
            }
            self.sizes[size] += weight;
        }
    }

    /// The sum of the weights.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Mean enthalpy per atom against lone adatoms [eV].
    pub fn enthalpy(&self) -> f64 {
        self.enthalpy / self.weight
    }

    /// The same over the time when one cluster has more than 80 % of the atoms: the simulated Δh
    /// of a particle. `None` if there was no such time.
    pub fn particle_enthalpy(&self) -> Option<f64> {
        (self.basin_weight > 0.0).then(|| self.basin_enthalpy / self.basin_weight)
    }

    /// Mean number of atoms in the largest cluster.
    pub fn largest(&self) -> f64 {
        self.largest / self.weight
    }

    /// The standard error of [`Averages::largest`]; `None` with too few observations.
    pub fn largest_error(&self) -> Option<f64> {
        self.blocks.error(0)
    }

    /// The standard error of [`Averages::enthalpy`] \[eV\]; `None` with too few observations.
    pub fn enthalpy_error(&self) -> Option<f64> {
        self.blocks.error(1)
    }

    /// The largest cluster's mean share of the atoms.
    pub fn largest_share(&self) -> f64 {
        self.largest() / self.atoms
    }

    /// The standard error of [`Averages::largest_share`]; `None` with too few observations.
    pub fn largest_share_error(&self) -> Option<f64> {
        self.largest_error().map(|error| error / self.atoms)
    }

    /// Mean number of lone atoms.
    pub fn monomers(&self) -> f64 {
        self.monomers / self.weight
    }

    /// Mean number of clusters of at least 10 atoms.
    pub fn particles(&self) -> f64 {
        self.particles / self.weight
    }

    /// Mean height of the highest column.
    pub fn highest(&self) -> f64 {
        self.highest / self.weight
    }

    /// Mean number of clusters of each size; the index is the size.
    pub fn sizes(&self) -> Vec<f64> {
        self.sizes.iter().map(|sum| sum / self.weight).collect()
    }

    /// All sums, for checkpoints that keep every bit.
    pub fn to_numbers(&self) -> Vec<f64> {
        let mut numbers = vec![
            self.weight,
            self.atoms,
            self.enthalpy,
            self.largest,
            self.monomers,
            self.particles,
            self.highest,
            self.basin_weight,
            self.basin_enthalpy,
        ];
        numbers.extend(self.blocks.to_numbers());
        numbers.extend(&self.sizes);
        numbers
    }

    /// The averages of these sums; `None` if there are too few.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let (
            &[
                weight,
                atoms,
                enthalpy,
                largest,
                monomers,
                particles,
                highest,
                basin,
                sum,
            ],
            rest,
        ) = numbers.split_first_chunk::<SUMS>()?;
        let (blocks, sizes) = Blocks::from_numbers(rest)?;
        Some(Self {
            weight,
            atoms,
            enthalpy,
            largest,
            monomers,
            particles,
            highest,
            basin_weight: basin,
            basin_enthalpy: sum,
            blocks,
            sizes: sizes.to_vec(),
        })
    }

    /// Whether the atoms disperse or gather.
    pub fn state(&self) -> State {
        let share = self.largest_share();
        if share < DISPERSED {
            State::Dispersed
        } else if share > ONE_PARTICLE && (self.particles() - 1.0).abs() <= ABOUT_ONE {
            State::OneParticle
        } else {
            State::Mixed
        }
    }
}

/// The mean share of the largest cluster at a temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Temperature [K].
    pub temperature: f64,
    /// Mean share of the largest cluster.
    pub share: f64,
    /// Its standard error, if it is known.
    pub error: Option<f64>,
}

/// Where atoms switch from one particle to many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Switch {
    /// Temperature [K].
    pub temperature: f64,
    /// Its standard error \[K\], if those of the shares are known.
    pub error: Option<f64>,
}

/// The temperature at which the largest cluster's share of the atoms falls through one half: from
/// shares in ascending order of temperature, by linear interpolation; its error follows from
/// those of the two shares around it. `None` if it does not fall through one half.
pub fn switch_temperature(shares: &[Share]) -> Option<Switch> {
    shares.windows(2).find_map(|pair| {
        let [cold, hot] = [pair[0], pair[1]];
        if cold.share < 0.5 || hot.share >= 0.5 {
            return None;
        }
        let (span, fall) = (hot.temperature - cold.temperature, cold.share - hot.share);
        // Derivatives of the temperature with respect to either share.
        let by_cold = span * (0.5 - hot.share) / (fall * fall);
        let by_hot = span * (cold.share - 0.5) / (fall * fall);
        let errors = cold.error.zip(hot.error);
        Some(Switch {
            temperature: cold.temperature + span * (cold.share - 0.5) / fall,
            error: errors.map(|(at_cold, at_hot)| (by_cold * at_cold).hypot(by_hot * at_hot)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share([temperature, share, error]: [f64; 3]) -> Share {
        Share {
            temperature,
            share,
            error: Some(error),
        }
    }

    #[test]
    fn the_switch_lies_where_the_share_is_one_half() {
        let shares = [[400.0, 0.9, 0.1], [450.0, 0.6, 0.04], [500.0, 0.2, 0.03]].map(share);
        let switch = switch_temperature(&shares).unwrap();
        assert!((switch.temperature - 462.5).abs() < 1e-9);
        // By finite differences.
        const STEP: f64 = 1e-6;
        let by = |which: usize| {
            let mut moved = shares;
            moved[which].share += STEP;
            (switch_temperature(&moved).unwrap().temperature - switch.temperature) / STEP
        };
        let expected = (by(1) * 0.04).hypot(by(2) * 0.03);
        assert!((switch.error.unwrap() - expected).abs() < 1e-3);
        assert_eq!(switch_temperature(&shares[..2]), None);
    }
}

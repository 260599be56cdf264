//! Lattice constant and cohesive energy.

use frit_atoms::{Matrix, System};
use frit_build::{Bulk, Composition, Lattice};
use frit_engine::random::Streams;

use crate::bench::{Bench, deformed, is_no_energy, is_pure};
use crate::report::{Finding, Report, Samples, counted};
use crate::{EnergyError, Spread};

/// Distances of nearest neighbours [Å] among which the lattice constant is looked for, and the step.
const BOND_RANGE: [f64; 2] = [1.8, 5.0];
const BOND_STEP: f64 = 0.05;
/// Largest pressure at the lattice constant [eV/Å³]: 1e-8 is 1.6 kPa, and less than 1e-8 of it for any metal.
const MAX_PRESSURE: f64 = 1e-8;
/// A crystal whose atoms gain less than this [eV] by being together is not bound: rounding, and the
/// ends of potentials' tails.
const LEAST_COHESION: f64 = 1e-6;
/// Steps towards no pressure.
const MAX_STEPS: usize = 40;

/// A crystal of one or several species on random sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Crystal {
    /// Its lattice.
    pub lattice: Lattice,
    /// What stands on the sites.
    pub composition: Composition,
    /// Conventional cells along each edge of the cell in which an alloy is looked at.
    pub repeat: u32,
    /// Realisations of an alloy.
    pub realisations: u32,
    /// Decide which species stands where.
    pub streams: Streams,
}

/// A crystal at the lattice constant of no pressure.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundState {
    /// Lattice constant [Å], of each realisation.
    pub constant: Spread,
    /// Cohesive energy [eV]: that of isolated atoms less that of the crystal, per atom.
    pub cohesive_energy: Spread,
    /// Energy per atom [eV].
    pub energy: Spread,
    samples: Vec<[f64; 2]>,
}

impl Crystal {
    /// Whether it has one species only: then all its cells are equal.
    pub fn is_pure(&self) -> bool {
        is_pure(&self.composition)
    }

    /// Its periodic cell at a lattice constant [Å], in one realisation.
    ///
    /// # Errors
    /// The lattice constant must be positive.
    pub fn bulk(&self, constant: f64, realisation: u32) -> Result<System, EnergyError> {
        let repeat = if self.is_pure() { 1 } else { self.repeat };
        let bulk = Bulk {
            lattice: self.lattice,
            constant,
            repeat: [repeat; 3],
            composition: self.composition.clone(),
        };
        Ok(bulk.build(self.streams.branch(realisation.into()))?.system)
    }

    /// How many realisations make a difference.
    pub fn realisations(&self) -> u32 {
        if self.is_pure() { 1 } else { self.realisations }
    }

    /// What it is, for people.
    pub fn describe(&self) -> String {
        let shares = self
            .composition
            .species()
            .iter()
            .zip(self.composition.fractions());
        let shares: Vec<String> = shares
            .filter(|(_, share)| **share > 0.0)
            .map(|(species, share)| format!("{} {share}", species.name))
            .collect();
        let lattice = self.lattice.name();
        if self.is_pure() {
            return format!("{lattice} {}", self.composition_name());
        }
        format!(
            "{lattice}, random alloy of {}: {}",
            shares.join(", "),
            counted(self.realisations.into(), "realisation")
        )
    }

    /// What it is and in which periodic cell it is looked at, for people.
    pub fn describe_cells(&self) -> String {
        let r = if self.is_pure() { 1 } else { self.repeat };
        format!("{}, periodic cell of {r} x {r} x {r}", self.describe())
    }

    /// Symbols of the elements that it has.
    pub fn elements(&self) -> impl Iterator<Item = &str> {
        let shares = self.composition.fractions();
        let species = self.composition.species().iter().zip(shares);
        let there = species.filter(|(_, share)| **share > 0.0);
        there.map(|(species, _)| species.name.as_str())
    }

    /// The composition as in `Pt` or `Pt85Fe15`.
    pub fn composition_name(&self) -> String {
        let shares = self
            .composition
            .species()
            .iter()
            .zip(self.composition.fractions());
        let shares = shares.filter(|(_, share)| **share > 0.0);
        shares
            .map(|(species, share)| {
                if self.is_pure() {
                    species.name.clone()
                } else {
                    // Two digits of percent at most: 85, 33.33.
                    let percent = (share * 1e4).round() / 100.0;
                    format!("{}{percent}", species.name)
                }
            })
            .collect()
    }

    /// Looks for the lattice constant at which there is no pressure, atoms relaxed.
    ///
    /// # Errors
    /// There is none with neighbours between 1.8 and 5 Å, or a relaxation failed.
    pub fn ground_state(&self, bench: &Bench) -> Result<GroundState, EnergyError> {
        let mut samples: Vec<[f64; 2]> = Vec::new();
        let mut cohesion = Vec::new();
        for realisation in 0..self.realisations() {
            let guess = match samples.last() {
                Some(&[constant, _]) => constant,
                None => self.rough_constant(bench)?,
            };
            let bulk = self.bulk(guess, realisation)?;
            let atoms = bulk.atoms.len() as f64;
            let apart = self.isolated(bench, &bulk)?;
            let [scale, energy] = without_pressure(bench, &bulk)?;
            if (apart - energy) / atoms <= LEAST_COHESION {
                return Err(EnergyError::NoResult(format!(
                    "the potential does not bind {}: without pressure its atoms have no lower energy than far apart; does it reach as far as the nearest neighbours?",
                    self.describe()
                )));
            }
            samples.push([guess * scale, energy / atoms]);
            cohesion.push((apart - energy) / atoms);
        }
        let column = |k: usize| Spread::of(&samples.iter().map(|s| s[k]).collect::<Vec<_>>());
        Ok(GroundState {
            constant: column(0),
            energy: column(1),
            cohesive_energy: Spread::of(&cohesion),
            samples,
        })
    }

    /// Refuses a lattice constant [Å] at which the atoms on their sites are not bound to each other:
    /// whatever is computed there is no property of a crystal.
    ///
    /// # Errors
    /// The crystal has no lower energy than its isolated atoms.
    pub fn check_bound(&self, bench: &Bench, constant: f64) -> Result<(), EnergyError> {
        let bulk = self.bulk(constant, 0)?;
        let atoms = bulk.atoms.len() as f64;
        let isolated = self.isolated(bench, &bulk)?;
        let why = match bench.evaluate(bulk) {
            Ok((energy, _)) if (isolated - energy) / atoms > LEAST_COHESION => return Ok(()),
            Ok((energy, _)) => format!(
                "an atom has {:.4} eV there, and {:.4} eV with nothing around it",
                energy / atoms,
                isolated / atoms
            ),
            Err(error) if is_no_energy(&error) => error.to_string(),
            Err(error) => return Err(error),
        };
        Err(EnergyError::Unbound {
            what: self.composition_name(),
            constant,
            nearest: constant * frit_build::Crystal::new(self.lattice, 1.0)?.nearest(),
            why,
        })
    }

    /// Energy of the atoms of a cell far from each other [eV].
    fn isolated(&self, bench: &Bench, bulk: &System) -> Result<f64, EnergyError> {
        let mut energy = 0.0;
        for (species, count) in bulk.species.iter().zip(bulk.counts()) {
            energy += bench.isolated_atom(species)? * count as f64;
        }
        Ok(energy)
    }

    /// The lattice constant of least energy among rough steps, atoms on their sites.
    fn rough_constant(&self, bench: &Bench) -> Result<f64, EnergyError> {
        let per_constant = frit_build::Crystal::new(self.lattice, 1.0)?.nearest();
        let steps = ((BOND_RANGE[1] - BOND_RANGE[0]) / BOND_STEP) as u32;
        let mut best: Option<[f64; 2]> = None;
        for step in 0..=steps {
            let constant = (BOND_RANGE[0] + BOND_STEP * f64::from(step)) / per_constant;
            let energy = match bench.evaluate(self.bulk(constant, 0)?) {
                Ok((energy, _)) => energy,
                Err(error) if is_no_energy(&error) => continue,
                Err(error) => return Err(error),
            };
            if best.is_none_or(|[_, least]| energy < least) {
                best = Some([constant, energy]);
            }
        }
        match best {
            Some([constant, _]) => Ok(constant),
            None => Err(EnergyError::NoResult(format!(
                "the potential gives no energy for {} with neighbours between {} and {} Å",
                self.describe(),
                BOND_RANGE[0],
                BOND_RANGE[1]
            ))),
        }
    }
}

impl GroundState {
    /// What was found, and how.
    pub fn report(&self, crystal: &Crystal) -> Report {
        let mut samples = Samples::new(&[("lattice constant", "Å"), ("energy per atom", "eV")]);
        samples.rows = self.samples.iter().map(|row| row.to_vec()).collect();
        Report {
            recipe: vec![
                format!("crystal: {}, atoms relaxed", crystal.describe_cells()),
                format!(
                    "lattice constant: where the pressure is below {MAX_PRESSURE} eV/Å³; the cell stays cubic"
                ),
                "cohesive energy: isolated atoms less crystal, per atom".to_owned(),
            ],
            findings: vec![
                Finding {
                    name: "lattice constant".to_owned(),
                    unit: "Å",
                    value: self.constant,
                },
                Finding {
                    name: "cohesive energy".to_owned(),
                    unit: "eV",
                    value: self.cohesive_energy,
                },
            ],
            samples,
        }
    }
}

/// The scale of a cell at which there is no pressure, and the energy there [eV]; atoms are relaxed.
///
/// # Errors
/// No such scale is near.
pub fn without_pressure(bench: &Bench, system: &System) -> Result<[f64; 2], EnergyError> {
    let mut position = crate::bench::unwrapped(system);
    let mut at = |scale: f64| -> Result<[f64; 2], EnergyError> {
        let scaled = deformed(system, &position, &Matrix::from_diagonal_element(scale))?;
        let volume = scaled.cell.volume();
        let (relaxed, mut landscape) = bench.relax(scaled, "a scaled cell")?;
        position = relaxed.position.iter().map(|p| p / scale).collect();
        Ok([landscape.virial()?.trace() / (3.0 * volume), relaxed.energy])
    };
    // The secant method: the pressure is smooth and falls steadily around its zero.
    let [mut scale, mut next] = [1.0, 1.002];
    let [mut pressure, mut energy] = at(scale)?;
    for _ in 0..MAX_STEPS {
        if pressure.abs() < MAX_PRESSURE {
            return Ok([scale, energy]);
        }
        let [there, energy_there] = at(next)?;
        let slope = (there - pressure) / (next - scale);
        let step = -there / slope;
        // Uphill in pressure the crystal is torn: go back towards smaller cells.
        let step = if slope < 0.0 { step } else { -0.02 };
        [scale, pressure, energy] = [next, there, energy_there];
        next = (next + step.clamp(-0.03, 0.03)).clamp(0.5, 2.0);
    }
    Err(EnergyError::NoResult(format!(
        "no lattice constant without pressure was found: {pressure:.3e} eV/Å³ are left when the cell is scaled by {scale:.4}; does the potential bind this lattice?"
    )))
}

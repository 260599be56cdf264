//! Formation energy of vacancies.

use frit_atoms::System;
use frit_build::Bulk;
use frit_engine::random::Purpose;
use rayon::prelude::*;

use crate::EnergyError;
use crate::bench::Bench;
use crate::crystal::Crystal;
use crate::report::{Finding, Report, Samples, counted};

/// How vacancies are made.
#[derive(Debug, Clone, PartialEq)]
pub struct Vacancy {
    /// The crystal.
    pub crystal: Crystal,
    /// Lattice constant [Å].
    pub constant: f64,
    /// Conventional cells along each edge of the periodic cell.
    pub repeat: u32,
    /// Sites looked at in each realisation of an alloy.
    pub sites: u32,
}

impl Vacancy {
    /// Removes atoms one at a time, relaxing at constant volume: `E(N-1) - (N-1)/N E(N)`.
    ///
    /// # Errors
    /// A relaxation failed, or the cell has no atoms.
    pub fn find(&self, bench: &Bench) -> Result<Report, EnergyError> {
        let mut samples = Samples::new(&[
            ("realisation", ""),
            ("atom", ""),
            ("formation energy", "eV"),
        ]);
        self.crystal.check_bound(bench, self.constant)?;
        let mut atoms = 0;
        let mut by_species: Vec<(String, Vec<f64>)> = Vec::new();
        for realisation in 0..self.crystal.realisations() {
            let bulk = self.bulk(realisation)?;
            atoms = bulk.atoms.len();
            let (whole, _) = bench.relax(bulk.clone(), "the crystal without a vacancy")?;
            let sites = self.sites(&bulk, realisation);
            let energies: Vec<Result<f64, EnergyError>> = sites
                .par_iter()
                .map(|&site| {
                    let without = without_atom(&bulk, site)?;
                    let (relaxed, _) = bench.relax(without, "the crystal with a vacancy")?;
                    let count = atoms as f64;
                    Ok(relaxed.energy - (count - 1.0) / count * whole.energy)
                })
                .collect();
            for (site, energy) in sites.into_iter().zip(energies) {
                let energy = energy?;
                let name = &bulk.species[usize::from(bulk.atoms.species()[site])].name;
                samples.rows.push(vec![
                    f64::from(realisation),
                    f64::from(bulk.atoms.id()[site]),
                    energy,
                ]);
                match by_species.iter_mut().find(|(known, _)| known == name) {
                    Some((_, energies)) => energies.push(energy),
                    None => by_species.push((name.clone(), vec![energy])),
                }
            }
        }
        let all: Vec<f64> = samples.rows.iter().map(|row| row[2]).collect();
        let mut findings = vec![Finding::over("vacancy formation energy", &all, "eV")];
        if by_species.len() > 1 {
            findings.extend(by_species.iter().map(|(name, energies)| {
                Finding::over(
                    format!("vacancy formation energy, {name} removed"),
                    energies,
                    "eV",
                )
            }));
        }
        Ok(Report {
            recipe: self.recipe(atoms, bench),
            findings,
            samples,
        })
    }

    fn recipe(&self, atoms: usize, bench: &Bench) -> Vec<String> {
        let mut recipe = vec![
            format!(
                "crystal: {}, lattice constant {:.5} Å; periodic cell of {} ({r} x {r} x {r})",
                self.crystal.describe(),
                self.constant,
                counted(atoms as u64, "atom"),
                r = self.repeat
            ),
            format!(
                "one atom removed, atoms relaxed at constant volume to {} eV/Å",
                bench.criteria.max_force
            ),
            "energy: E(N-1) - (N-1)/N E(N)".to_owned(),
        ];
        if !self.crystal.is_pure() {
            recipe.push(
                "alloy: the removed atom is booked at the mean energy of the alloy's atoms, so only the mean over all species is a formation energy; those by species tell how strongly each is bound".to_owned(),
            );
        }
        recipe
    }

    fn bulk(&self, realisation: u32) -> Result<System, EnergyError> {
        let bulk = Bulk {
            lattice: self.crystal.lattice,
            constant: self.constant,
            repeat: [self.repeat; 3],
            composition: self.crystal.composition.clone(),
        };
        Ok(bulk
            .build(self.crystal.streams.branch(realisation.into()))?
            .system)
    }

    /// Places of the atoms to remove: in a pure crystal all are equal.
    fn sites(&self, bulk: &System, realisation: u32) -> Vec<usize> {
        if self.crystal.is_pure() {
            return vec![0];
        }
        let streams = self.crystal.streams.branch(realisation.into());
        let mut stream = streams.stream(Purpose::EnergySite, 0, 0);
        let mut sites: Vec<usize> = (0..bulk.atoms.len()).collect();
        stream.shuffle(&mut sites);
        sites.truncate(self.sites as usize);
        sites
    }
}

/// The system without the atom at place `site`.
fn without_atom(system: &System, site: usize) -> Result<System, EnergyError> {
    let kept = system
        .atoms
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != site);
    let atoms = kept.map(|(_, atom)| atom).collect();
    Ok(System::new(system.cell, atoms, system.species.clone())?)
}

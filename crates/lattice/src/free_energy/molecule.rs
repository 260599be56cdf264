//! Molecules of an ideal gas.

use std::f64::consts::PI;

use frit_atoms::{Matrix, Vector};
use frit_units::constants::{ATOMIC_MASS_UNIT, BOLTZMANN, BOLTZMANN_SI, PLANCK_SI};

use super::formula::{Formula, element_of};
use super::known::{self, Doubt};
use super::vibrations::{Thermal, harmonic};
use super::{FreeEnergyError, checked_wavenumbers};
use crate::parameter::{finite, positive};

/// Below this ratio to the largest, the smallest moment of inertia is that of a straight line.
const LINEAR: f64 = 1e-6;

/// How a molecule can rotate.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rotation {
    /// An atom: not at all.
    None,
    /// About two axes, with this moment of inertia [u Å²].
    Linear(f64),
    /// About three axes, with this product of the moments [u³ Å⁶].
    Nonlinear(f64),
}

/// A molecule of an ideal gas: a rigid rotor with harmonic vibrations.
#[derive(Debug, Clone, PartialEq)]
pub struct Molecule {
    name: String,
    energy: f64,
    formula: Formula,
    mass: f64,
    rotation: Rotation,
    symmetry_number: u32,
    multiplicity: u32,
    wavenumbers: Vec<f64>,
}

/// What a molecule is made of and how it moves.
#[derive(Debug, Clone, PartialEq)]
pub struct MoleculeSetup {
    /// Its name.
    pub name: String,
    /// Energy of the resting molecule [eV].
    pub energy: f64,
    /// Symbols and positions [Å] of its atoms.
    pub atoms: Vec<(String, [f64; 3])>,
    /// In how many ways rotations bring it onto itself.
    pub symmetry_number: u32,
    /// Spin multiplicity 2S + 1.
    pub multiplicity: u32,
    /// Wavenumbers of its vibrations [cm⁻¹].
    pub wavenumbers: Vec<f64>,
}

impl Molecule {
    /// Checks a molecule.
    ///
    /// # Errors
    /// For an unknown element, no atoms, two on one place, a wrong number of vibrations, imaginary
    /// ones, or a symmetry number or multiplicity of 0.
    pub fn new(setup: MoleculeSetup) -> Result<Self, FreeEnergyError> {
        let MoleculeSetup {
            name,
            energy,
            atoms,
            symmetry_number,
            multiplicity,
            wavenumbers,
        } = setup;
        if atoms.is_empty() || symmetry_number == 0 || multiplicity == 0 {
            return Err(FreeEnergyError::Molecule { name });
        }
        finite("energy of a molecule", energy, "eV")?;
        let mut formula = Formula::default();
        let mut masses = Vec::new();
        for (symbol, _) in &atoms {
            formula.add(symbol, 1.0);
            masses.push(element_of(symbol)?.mass);
        }
        let positions: Vec<Vector> = atoms
            .iter()
            .map(|(_, place)| Vector::from(*place))
            .collect();
        let rotation = rotation(&masses, &positions);
        let modes = match rotation {
            Rotation::None => 0,
            Rotation::Linear(_) => 3 * atoms.len() - 5,
            Rotation::Nonlinear(_) => 3 * atoms.len() - 6,
        };
        let found = wavenumbers.len();
        if found != modes || (rotation == Rotation::None && atoms.len() > 1) {
            return Err(FreeEnergyError::Modes {
                name,
                found,
                expected: modes,
            });
        }
        let wavenumbers = checked_wavenumbers(&name, wavenumbers, 0)?;
        Ok(Self {
            energy,
            formula,
            mass: masses.iter().sum(),
            rotation,
            symmetry_number,
            multiplicity,
            wavenumbers,
            name,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What looks like a slip in its symmetry number and its spin, which count as 1 where nobody
    /// gives them.
    pub fn doubts(&self) -> Vec<Doubt> {
        let numbers = self.formula.counts().map(|(symbol, count)| {
            let number = element_of(symbol).map_or(0, |element| element.number);
            f64::from(number) * count
        });
        let electrons = numbers.sum::<f64>().round() as u64;
        let found = (self.symmetry_number, self.multiplicity);
        known::doubts(&self.name, &self.formula, electrons, found)
    }

    /// Energy of the resting molecule [eV].
    pub fn energy(&self) -> f64 {
        self.energy
    }

    /// Its atoms.
    pub fn formula(&self) -> &Formula {
        &self.formula
    }

    /// Zero-point energy, enthalpy of heating and entropy at a temperature \[K\] and a pressure
    /// [Pa]. Wavenumbers below `floor` \[cm⁻¹\] count as that.
    ///
    /// Ideal gas, rigid rotor, harmonic oscillator: McQuarrie, Statistical Mechanics (1976), chapters
    /// 5, 6 and 8. The rotor is in its classical limit, which for H₂ below 300 K is an approximation.
    ///
    /// # Errors
    /// If temperature or pressure are not positive.
    pub fn thermal(
        &self,
        temperature: f64,
        pressure: f64,
        floor: f64,
    ) -> Result<Thermal, FreeEnergyError> {
        positive("temperature", temperature, "K")?;
        positive("pressure", pressure, "Pa")?;
        let raised: Vec<f64> = self.wavenumbers.iter().map(|w| w.max(floor)).collect();
        let mut thermal = harmonic(&raised, temperature);

        let kt = BOLTZMANN_SI * temperature;
        let mass = self.mass * ATOMIC_MASS_UNIT;
        let waves = (2.0 * PI * mass * kt / (PLANCK_SI * PLANCK_SI)).powf(1.5);
        let translation = (waves * kt / pressure).ln() + 2.5;
        // 8 π² kT / h² of a moment of 1 u Å².
        let unit = 8.0 * PI * PI * kt * ATOMIC_MASS_UNIT * 1e-20 / (PLANCK_SI * PLANCK_SI);
        let symmetry = f64::from(self.symmetry_number);
        let (rotation, freedoms) = match self.rotation {
            Rotation::None => (0.0, 0.0),
            Rotation::Linear(moment) => ((unit * moment / symmetry).ln() + 1.0, 2.0),
            Rotation::Nonlinear(product) => {
                let states = (PI * product).sqrt() * unit.powf(1.5) / symmetry;
                (states.ln() + 1.5, 3.0)
            }
        };
        let spin = f64::from(self.multiplicity).ln();
        thermal.entropy += BOLTZMANN * (translation + rotation + spin);
        // Three freedoms of translation, those of rotation, and pV = kT.
        thermal.heat += BOLTZMANN * temperature * (2.5 + freedoms / 2.0);
        Ok(thermal)
    }
}

fn rotation(masses: &[f64], positions: &[Vector]) -> Rotation {
    let mass: f64 = masses.iter().sum();
    let moment: Vector = masses.iter().zip(positions).map(|(m, r)| r * *m).sum();
    let centre = moment / mass;
    let mut inertia = Matrix::zeros();
    for (mass, position) in masses.iter().zip(positions) {
        let r = position - centre;
        inertia += (Matrix::identity() * r.norm_squared() - r * r.transpose()) * *mass;
    }
    // Of a straight line, two moments are equal and the third is zero.
    let mean = inertia.trace() / 3.0;
    if mean == 0.0 {
        Rotation::None
    } else if inertia.determinant() < LINEAR * mean.powi(3) {
        Rotation::Linear(inertia.trace() / 2.0)
    } else {
        Rotation::Nonlinear(inertia.determinant())
    }
}

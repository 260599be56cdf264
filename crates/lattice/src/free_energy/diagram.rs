//! States one after the other.

use super::formula::Formula;
use super::vibrations::harmonic;
use super::{FreeEnergyError, Molecule, checked_wavenumbers};
use crate::parameter::{finite, not_negative, positive};

/// What a state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// A minimum of the energy.
    Minimum,
    /// A saddle between two minima, with one imaginary vibration.
    TransitionState,
}

/// A state of the reaction: something on the surface, and molecules in the gas.
#[derive(Debug, Clone, PartialEq)]
pub struct ReactionState {
    /// Its label.
    pub label: String,
    /// What it is.
    pub kind: StateKind,
    /// Energy of the surface with what is on it, at rest [eV].
    pub energy: f64,
    /// Their atoms.
    pub formula: Formula,
    /// Wavenumbers of what vibrates [cm⁻¹]; an imaginary one as a negative number.
    pub wavenumbers: Vec<f64>,
    /// Molecules in the gas: name and number.
    pub gases: Vec<(String, f64)>,
}

/// Which parts of the free energy count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// ΔE + ΔZPE - TΔS, the formula of Pan et al.
    WithoutHeat,
    /// With the heat from 0 K to the temperature as well.
    All,
}

/// Conditions of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct DiagramSetup {
    /// Temperature [K].
    pub temperature: f64,
    /// The molecules, with their pressures [Pa].
    pub gases: Vec<(Molecule, f64)>,
    /// Wavenumbers below this one [cm⁻¹] count as this one: the entropy of soft modes, which are
    /// not harmonic, would grow without bound.
    pub floor: f64,
    /// Which parts count.
    pub parts: Parts,
}

impl DiagramSetup {
    /// The default of [`DiagramSetup::floor`] [cm⁻¹] (our choice).
    pub const FLOOR: f64 = 50.0;
}

/// A level of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The state's label.
    pub label: String,
    /// What it is.
    pub kind: StateKind,
    /// Energy at rest, against the first state [eV].
    pub energy: f64,
    /// Free energy, against the first state [eV].
    pub free_energy: f64,
}

/// A barrier of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Barrier {
    /// The minimum before, as an index of the levels.
    pub from: usize,
    /// The transition state, likewise.
    pub through: usize,
    /// Free energy of the one less that of the other [eV].
    pub height: f64,
}

/// A free-energy diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagram {
    /// The levels, in the order of the states.
    pub levels: Vec<Level>,
    /// The barriers, one for each transition state.
    pub barriers: Vec<Barrier>,
}

impl Diagram {
    /// The diagram of these states.
    ///
    /// # Errors
    /// Without states, if states differ in their atoms, if a gas is unknown, if a minimum has an
    /// imaginary vibration or a transition state not exactly one, if a transition state has no
    /// minimum before it, or if a number is out of its range.
    pub fn new(setup: &DiagramSetup, states: &[ReactionState]) -> Result<Self, FreeEnergyError> {
        positive("temperature", setup.temperature, "K")?;
        not_negative("floor of wavenumbers", setup.floor, "cm⁻¹")?;
        let mut levels: Vec<Level> = Vec::new();
        let mut barriers: Vec<Barrier> = Vec::new();
        let mut formulas: Vec<Formula> = Vec::new();
        let (mut first, mut minimum) = (None, None);
        for (index, state) in states.iter().enumerate() {
            let (energy, free_energy, formula) = evaluate(setup, state)?;
            if let Some(reference) = formulas.first()
                && !formula.is_like(reference)
            {
                return Err(FreeEnergyError::Atoms {
                    label: state.label.clone(),
                    found: formula.to_string(),
                    first: states[0].label.clone(),
                    expected: reference.to_string(),
                });
            }
            formulas.push(formula);
            let (energy_zero, free_zero) = *first.get_or_insert((energy, free_energy));
            let level = Level {
                label: state.label.clone(),
                kind: state.kind,
                energy: energy - energy_zero,
                free_energy: free_energy - free_zero,
            };
            match state.kind {
                StateKind::Minimum => minimum = Some((index, level.free_energy)),
                StateKind::TransitionState => {
                    let (from, below) = minimum.ok_or_else(|| FreeEnergyError::NoMinimum {
                        label: state.label.clone(),
                    })?;
                    barriers.push(Barrier {
                        from,
                        through: index,
                        height: level.free_energy - below,
                    });
                }
            }
            levels.push(level);
        }
        if levels.is_empty() {
            return Err(FreeEnergyError::NoStates);
        }
        Ok(Self { levels, barriers })
    }
}

/// Energy, free energy and atoms of a state.
fn evaluate(
    setup: &DiagramSetup,
    state: &ReactionState,
) -> Result<(f64, f64, Formula), FreeEnergyError> {
    finite("energy of a state", state.energy, "eV")?;
    let imaginary = usize::from(state.kind == StateKind::TransitionState);
    let modes = checked_wavenumbers(&state.label, state.wavenumbers.clone(), imaginary)?;
    let raised: Vec<f64> = modes.iter().map(|w| w.max(setup.floor)).collect();
    let mut energy = state.energy;
    let mut thermal = harmonic(&raised, setup.temperature);
    let mut formula = state.formula.clone();
    for (name, number) in &state.gases {
        finite("number of molecules", *number, "")?;
        let (molecule, pressure) = setup
            .gases
            .iter()
            .find(|(molecule, _)| molecule.name() == name)
            .ok_or_else(|| FreeEnergyError::UnknownGas {
                label: state.label.clone(),
                name: name.clone(),
            })?;
        let gas = molecule.thermal(setup.temperature, *pressure, setup.floor)?;
        energy += number * molecule.energy();
        thermal.zero_point += number * gas.zero_point;
        thermal.heat += number * gas.heat;
        thermal.entropy += number * gas.entropy;
        formula.add_times(molecule.formula(), *number);
    }
    let heat = match setup.parts {
        Parts::WithoutHeat => 0.0,
        Parts::All => thermal.heat,
    };
    let free = energy + thermal.zero_point + heat - setup.temperature * thermal.entropy;
    Ok((energy, free, formula))
}

//! The constants of the model, and whence they are.

use frit_units::constants::BOLTZMANN;

use super::LoopingError;
use crate::parameter::{not_negative, positive, share};
use crate::{Parameter, Status};

/// Barriers below this many kT are low: frequency times exp(-E/kT) is then no rate of rare events.
pub const LEAST_BARRIER: f64 = 5.0;

/// Constants of the gas reactions, of reduction, diffusion and growth.
///
/// Rates are ν exp(-E/kT). What is fitted makes stated trends come out; it is no measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kinetics {
    /// Barrier of the dissociation of H₂ on the metal at its support [eV].
    pub hydrogen_barrier: f64,
    /// The same on the oxide alone [eV].
    pub bare_hydrogen_barrier: f64,
    /// Sticking coefficient of H₂ without barrier.
    pub hydrogen_sticking: f64,
    /// Desorption energy of H₂ from the metal [eV].
    pub hydrogen_desorption: f64,
    /// The same from the oxide [eV].
    pub bare_hydrogen_desorption: f64,
    /// Frequency of desorption [1/s].
    pub desorption_frequency: f64,
    /// Effective sticking coefficient of O₂ that blocks the metal.
    pub oxygen_sticking: f64,
    /// Frequency of the reaction of blocking oxygen with hydrogen [1/s].
    pub removal_frequency: f64,
    /// Its barrier [eV].
    pub removal_barrier: f64,
    /// Frequency of the reduction of the oxide under the metal [1/s].
    pub reduction_frequency: f64,
    /// Its barrier [eV].
    pub reduction_barrier: f64,
    /// Barrier of the reduction of the bare oxide [eV].
    pub bare_reduction_barrier: f64,
    /// Additional barrier of reduction for each neighbour over three [eV].
    pub ledge_energy: f64,
    /// Frequency of hops of iron on the oxide [1/s].
    pub hop_frequency: f64,
    /// Barrier of these hops [eV].
    pub hop_barrier: f64,
    /// Upper limit of their rate in one direction [1/s].
    pub hop_limit: f64,
    /// Additional barrier of a hop upwards for each layer [eV].
    pub climb_barrier: f64,
    /// Sticking coefficient of O₂ where it binds mobile iron.
    pub oxidation_sticking: f64,
    /// Barrier of that [eV].
    pub oxidation_barrier: f64,
    /// Additional barrier of growth away from steps [eV].
    pub nucleation_barrier: f64,
    /// How near the metal hydrogen keeps iron from oxidising [cells from its rim].
    pub hydrogen_reach: f64,
    /// Mobile iron at which reduction stops, as a share of the cells of the support.
    pub mobile_limit: f64,
    /// Frequency of the metal's advance by a step [1/s].
    pub advance_frequency: f64,
    /// Its barrier [eV].
    pub advance_barrier: f64,
    /// Upper limit of its rate [1/s].
    pub advance_limit: f64,
    /// How unlikely a turn by 60° makes a direction: exponent per turn.
    pub turn_exponent: f64,
}

impl Default for Kinetics {
    fn default() -> Self {
        Self {
            hydrogen_barrier: 0.11,
            bare_hydrogen_barrier: 1.1,
            hydrogen_sticking: 0.1,
            hydrogen_desorption: 0.95,
            bare_hydrogen_desorption: 1.5,
            desorption_frequency: 1e13,
            oxygen_sticking: 3e-10,
            removal_frequency: 1e9,
            removal_barrier: 1.885,
            reduction_frequency: 6e5,
            reduction_barrier: 0.70,
            bare_reduction_barrier: 1.7,
            ledge_energy: 0.10,
            hop_frequency: 1e13,
            hop_barrier: 0.9,
            hop_limit: 2e3,
            climb_barrier: 0.20,
            oxidation_sticking: 5e-5,
            oxidation_barrier: 0.10,
            nucleation_barrier: 0.30,
            hydrogen_reach: 4.0,
            mobile_limit: 0.05,
            advance_frequency: 1e13,
            advance_barrier: 1.4,
            advance_limit: 1e4,
            turn_exponent: 1.5,
        }
    }
}

const fn parameter(
    name: &'static str,
    unit: &'static str,
    status: Status,
    source: &'static str,
    value: fn(&Kinetics) -> f64,
) -> Parameter<Kinetics> {
    Parameter {
        name,
        unit,
        status,
        source,
        value,
    }
}

impl Kinetics {
    /// All constants: unit, status and source of the default.
    pub const PARAMETERS: &[Parameter<Self>] = &[
        parameter(
            "barrier of hydrogen dissociation on the metal",
            "eV",
            Status::Literature,
            "Pan et al., DFT",
            |k| k.hydrogen_barrier,
        ),
        parameter(
            "barrier of hydrogen dissociation on the oxide",
            "eV",
            Status::Choice,
            "\"higher\" in Pan et al.; the number is in their supplement",
            |k| k.bare_hydrogen_barrier,
        ),
        parameter(
            "sticking coefficient of hydrogen",
            "",
            Status::Choice,
            "ordinary size on metals",
            |k| k.hydrogen_sticking,
        ),
        parameter(
            "desorption energy of hydrogen from the metal",
            "eV",
            Status::Literature,
            "ordinary for nickel",
            |k| k.hydrogen_desorption,
        ),
        parameter(
            "desorption energy of hydrogen from the oxide",
            "eV",
            Status::Choice,
            "strongly bound hydroxyl",
            |k| k.bare_hydrogen_desorption,
        ),
        parameter(
            "frequency of desorption",
            "1/s",
            Status::Choice,
            "ordinary size",
            |k| k.desorption_frequency,
        ),
        parameter(
            "effective sticking coefficient of blocking oxygen",
            "",
            Status::Fit,
            "onset at 500 °C; only its ratio to the frequency of removal matters",
            |k| k.oxygen_sticking,
        ),
        parameter(
            "frequency of removal of blocking oxygen",
            "1/s",
            Status::Fit,
            "onset at 500 °C; effective formation and removal of oxide patches",
            |k| k.removal_frequency,
        ),
        parameter(
            "barrier of removal of blocking oxygen",
            "eV",
            Status::Fit,
            "onset at 500 °C",
            |k| k.removal_barrier,
        ),
        parameter(
            "frequency of reduction",
            "1/s",
            Status::Fit,
            "absolute speed",
            |k| k.reduction_frequency,
        ),
        parameter(
            "barrier of reduction",
            "eV",
            Status::Fit,
            "plateau from 700 °C on: compensates the loss of hydrogen",
            |k| k.reduction_barrier,
        ),
        parameter(
            "barrier of reduction of the bare oxide",
            "eV",
            Status::Choice,
            "no reduction without metal",
            |k| k.bare_reduction_barrier,
        ),
        parameter(
            "ledge energy",
            "eV",
            Status::Choice,
            "ledges are reduced first",
            |k| k.ledge_energy,
        ),
        parameter(
            "frequency of hops",
            "1/s",
            Status::Literature,
            "ordinary size",
            |k| k.hop_frequency,
        ),
        parameter(
            "barrier of hops",
            "eV",
            Status::Choice,
            "ordinary for iron on oxides",
            |k| k.hop_barrier,
        ),
        parameter(
            "limit of the rate of hops",
            "1/s",
            Status::Choice,
            "numerical: slows fast diffusion down; physical rates are 1e5 times as large at 700 °C",
            |k| k.hop_limit,
        ),
        parameter(
            "barrier of climbing a layer",
            "eV",
            Status::Choice,
            "without it the support roughens without bound",
            |k| k.climb_barrier,
        ),
        parameter(
            "sticking coefficient of oxidation",
            "",
            Status::Choice,
            "not rate limiting, as in Pan et al.",
            |k| k.oxidation_sticking,
        ),
        parameter(
            "barrier of oxidation",
            "eV",
            Status::Choice,
            "low, as in Pan et al.",
            |k| k.oxidation_barrier,
        ),
        parameter(
            "barrier of nucleation",
            "eV",
            Status::Choice,
            "growth at steps, layer by layer",
            |k| k.nucleation_barrier,
        ),
        parameter(
            "reach of hydrogen",
            "cells",
            Status::Choice,
            "2.4 nm: hydrogen around the metal lengthens the path of iron (Pan et al.)",
            |k| k.hydrogen_reach,
        ),
        parameter(
            "limit of mobile iron",
            "of the cells",
            Status::Choice,
            "back-pressure of iron that is not oxidised",
            |k| k.mobile_limit,
        ),
        parameter(
            "frequency of advance",
            "1/s",
            Status::Choice,
            "ordinary size",
            |k| k.advance_frequency,
        ),
        parameter(
            "barrier of advance",
            "eV",
            Status::Choice,
            "fast once the way is free",
            |k| k.advance_barrier,
        ),
        parameter(
            "limit of the rate of advance",
            "1/s",
            Status::Choice,
            "numerical",
            |k| k.advance_limit,
        ),
        parameter(
            "exponent of a turn by 60°",
            "",
            Status::Choice,
            "small turns are preferred",
            |k| k.turn_exponent,
        ),
    ];

    /// Barriers with frequencies that are so low at a temperature \[K\] that their rates mean little:
    /// transition-state theory needs many kT, [`LEAST_BARRIER`]; names and barriers [eV].
    pub fn low_barriers(&self, temperature: f64) -> Vec<(&'static str, f64)> {
        let least = LEAST_BARRIER * BOLTZMANN * temperature;
        [
            ("hop_barrier", self.hop_barrier),
            ("advance_barrier", self.advance_barrier),
            ("reduction_barrier", self.reduction_barrier),
            ("bare_reduction_barrier", self.bare_reduction_barrier),
            ("removal_barrier", self.removal_barrier),
            ("hydrogen_desorption", self.hydrogen_desorption),
            ("bare_hydrogen_desorption", self.bare_hydrogen_desorption),
        ]
        .into_iter()
        .filter(|(_, barrier)| *barrier < least)
        .collect()
    }

    /// Checks the constants.
    ///
    /// # Errors
    /// If one is out of its range, or the support unstable.
    pub fn validate(&self) -> Result<(), LoopingError> {
        for parameter in Self::PARAMETERS {
            not_negative(parameter.name, (parameter.value)(self), parameter.unit)?;
        }
        for (name, value, unit) in [
            ("frequency of desorption", self.desorption_frequency, "1/s"),
            (
                "frequency of removal of blocking oxygen",
                self.removal_frequency,
                "1/s",
            ),
            ("limit of mobile iron", self.mobile_limit, "of the cells"),
        ] {
            positive(name, value, unit)?;
        }
        for (name, value) in [
            ("sticking coefficient of hydrogen", self.hydrogen_sticking),
            (
                "effective sticking coefficient of blocking oxygen",
                self.oxygen_sticking,
            ),
            ("sticking coefficient of oxidation", self.oxidation_sticking),
            ("limit of mobile iron", self.mobile_limit),
        ] {
            share(name, value)?;
        }
        // Neighbours missing from three lower the barrier, and a cell may have none.
        let lowered = 3.0 * self.ledge_energy;
        for (process, barrier) in [
            ("reduction", self.reduction_barrier),
            ("reduction of the bare oxide", self.bare_reduction_barrier),
        ] {
            if barrier < lowered {
                return Err(LoopingError::Unstable {
                    process,
                    barrier,
                    ledge: self.ledge_energy,
                });
            }
        }
        Ok(())
    }
}

//! A stirred reactor: gas that the loop uses up, and that a flow brings back.

use frit_units::constants::BOLTZMANN_SI;

use super::simulation::Looping;
use super::{Gas, OXYGEN_PER_LAYER, Rates, Supply, WATER_PER_LAYER};

/// How often in a residence time the gas is looked at, beside each change of the support.
const BALANCES_PER_RESIDENCE: f64 = 20.0;

/// What the last balance of a stirred gas counted from.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Balance {
    pub(crate) time: f64,
    pub(crate) reductions: u64,
    pub(crate) growths: u64,
}

impl Supply {
    /// The pressure of one molecule in the reactor \[Pa\], kT/V with V = flow times residence; `None`
    /// where pressures are fixed.
    fn pressure_of_a_molecule(self, temperature: f64) -> Option<f64> {
        match self {
            Self::Fixed => None,
            Self::Stirred { flow, residence } => {
                Some(BOLTZMANN_SI * temperature / (flow * residence))
            }
        }
    }
}

impl Looping {
    /// When the gas is looked at again, if nothing happens until then \[s\].
    pub(crate) fn next_balance(&self) -> f64 {
        match self.setup.supply {
            Supply::Fixed => f64::INFINITY,
            Supply::Stirred { residence, .. } => {
                self.balance.time + residence / BALANCES_PER_RESIDENCE
            }
        }
    }

    /// The rates in the gas as it is. What needs more molecules than the reactor has cannot happen.
    pub(crate) fn rates_now(&self) -> Rates {
        let setup = &self.setup;
        let mut rates = Rates::at(&setup.kinetics, self.gas, setup.temperature);
        if let Some(molecule) = setup.supply.pressure_of_a_molecule(setup.temperature) {
            if self.gas.hydrogen < WATER_PER_LAYER as f64 * molecule {
                (rates.reduction, rates.bare_reduction) = (0.0, 0.0);
            }
            if self.gas.oxygen < OXYGEN_PER_LAYER as f64 * molecule {
                (rates.attachment, rates.nucleation) = (0.0, 0.0);
            }
        }
        rates
    }

    /// Brings a stirred gas up to date, and the rates with it.
    ///
    /// An ideally stirred reactor of constant volume V, flow q and residence τ = V/q:
    /// dp/dt = (p_in - p)/τ - (use) kT/V (e.g. Levenspiel, Chemical Reaction Engineering, ch. 5).
    /// Changes of the support use whole numbers of molecules when they happen; the water that the
    /// metal makes by itself uses gas at a constant rate since the last balance.
    pub(crate) fn balance_gas(&mut self) {
        let supply = self.setup.supply;
        let (Supply::Stirred { residence, .. }, Some(molecule)) = (
            supply,
            supply.pressure_of_a_molecule(self.setup.temperature),
        ) else {
            return;
        };
        let stays = (-(self.time - self.balance.time) / residence).exp();
        let direct = self.direct_water_rate();
        let reductions = self.totals.reductions - self.balance.reductions;
        let growths = self.totals.growths() - self.balance.growths;
        let relaxed = |now: f64, inlet: f64, steady_use: f64, used: u64| {
            let steady = inlet - steady_use * residence * molecule;
            (steady + (now - steady) * stays - used as f64 * molecule).max(0.0)
        };
        let (now, inlet) = (self.gas, self.setup.gas);
        let (for_water, for_layers) = (WATER_PER_LAYER * reductions, OXYGEN_PER_LAYER * growths);
        self.gas = Gas {
            hydrogen: relaxed(now.hydrogen, inlet.hydrogen, direct, for_water),
            oxygen: relaxed(now.oxygen, inlet.oxygen, direct / 2.0, for_layers),
        };
        self.balance = Balance {
            time: self.time,
            reductions: self.totals.reductions,
            growths: self.totals.growths(),
        };
        self.take_rates(self.rates_now());
    }

    /// Sets the gas where temperature \[K\] and inflow change: a fixed one is the new gas at once; a
    /// stirred one keeps its molecules.
    pub(crate) fn change_gas(&mut self, temperature: f64, inflow: Gas) {
        match self.setup.supply {
            Supply::Fixed => self.gas = inflow,
            Supply::Stirred { .. } => {
                self.balance_gas();
                let factor = temperature / self.setup.temperature;
                self.gas.hydrogen *= factor;
                self.gas.oxygen *= factor;
            }
        }
    }
}

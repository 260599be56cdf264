//! The numbers of the model and where they come from.

use super::{ChemicalNoise, Inertia, Parameters, Pool, PressureModel, Rotation, Start, Support};

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Established physics or arithmetic.
    Physics,
    /// Taken from a named source.
    Literature,
    /// A modelling choice.
    Choice,
    /// Adjusted so that the trends of Zhao et al. (Small 2024, doi:10.1002/smll.202405759) come
    /// out.
    Fit,
}

impl Status {
    /// The status as a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Physics => "physics",
            Self::Literature => "literature",
            Self::Choice => "choice",
            Self::Fit => "fit",
        }
    }
}

/// One number of the model, for reports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// What it is.
    pub name: &'static str,
    /// Its value, in SI units.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Where the default comes from.
    pub status: Status,
}

impl Parameters {
    /// Every number with its unit and the status of its default.
    pub fn entries(&self) -> Vec<Entry> {
        use Status::{Choice, Fit, Literature, Physics};
        let (c, k, h, g) = (
            &self.conditions,
            &self.kinetics,
            &self.heterogeneity,
            &self.gas,
        );
        let (d, m, s) = (&self.drive, &self.motion, &self.sizes);
        let entry = |name, value, unit, status| Entry {
            name,
            value,
            unit,
            status,
        };
        let mut entries = vec![
            entry("temperature", c.temperature, "K", Literature),
            entry("pressure", c.pressure, "Pa", Choice),
            entry(
                "reactive share of the gas",
                c.reactive_share,
                "",
                Literature,
            ),
            entry("ratio of H2 to O2", c.hydrogen_to_oxygen, "", Literature),
            entry(
                "reference temperature",
                k.reference_temperature,
                "K",
                Literature,
            ),
            entry("rate of reduction", k.reduction_rate, "1/s", Fit),
            entry(
                "activation energy of reduction",
                k.reduction_energy,
                "J/mol",
                Literature,
            ),
            entry("half pressure of H2", k.hydrogen_half_pressure, "Pa", Fit),
            entry(
                "effective heat of activated hydrogen",
                k.hydrogen_heat,
                "J/mol",
                Fit,
            ),
            entry(
                "logarithm of the ratio of the rates",
                k.log_rate_ratio,
                "",
                Fit,
            ),
            entry(
                "activation energy of oxidation",
                k.oxidation_energy,
                "J/mol",
                Literature,
            ),
            entry("half pressure of O2", k.oxygen_half_pressure, "Pa", Fit),
            entry(
                "spontaneous share of the reactions",
                k.spontaneous_share,
                "",
                Fit,
            ),
            entry("promotion of oxidation", k.promotion, "", Fit),
            entry("time of the promoter", k.promoter_time, "s", Fit),
            entry("sharing of the promoter", k.promoter_sharing, "", Fit),
            entry(
                "diffusivity of the phase boundary",
                k.boundary_diffusivity,
                "m²/s",
                Choice,
            ),
            entry("heterogeneity of facets", h.facets, "", Choice),
            entry("heterogeneity of particles", h.particles, "", Choice),
            entry("smoothing of the heterogeneity", h.smoothing, "", Choice),
            entry("Damköhler number of the pool", g.damkoehler, "", Choice),
            entry("uptake over exchange at a facet", g.uptake, "", Choice),
            entry(
                "rate of exchange at a facet",
                g.exchange_rate,
                "1/s",
                Choice,
            ),
            entry("gain of the pressure force", d.gain, "", Fit),
            entry("imbalance of adhesion", d.adhesion, "J/m²", Choice),
            entry("diffusivity of particles", m.diffusivity, "m²/s", Choice),
            entry("reference radius", m.reference_radius, "m", Choice),
            entry("exponent of the diffusivity", m.exponent, "", Literature),
            entry(
                "activation energy of the diffusivity",
                m.energy,
                "J",
                Choice,
            ),
            entry("contact angle", self.contact_angle, "rad", Choice),
            entry("mean radius", s.mean, "m", Choice),
            entry(
                "deviation of the logarithm of radii",
                s.deviation,
                "",
                Choice,
            ),
            entry("time step", self.numerics.time_step, "s", Choice),
            entry(
                "time between frames",
                self.imaging.frame_interval,
                "s",
                Literature,
            ),
            entry(
                "error of localisation",
                self.imaging.localisation,
                "m",
                Choice,
            ),
        ];
        if let ChemicalNoise::Langevin {
            site_density,
            layers,
        } = self.noise
        {
            entries.push(entry("density of sites", site_density, "1/m²", Physics));
            entries.push(entry("layers that react", layers, "", Choice));
        }
        if let Rotation::Free { ratio } | Rotation::InPlane { ratio } = m.rotation {
            entries.push(entry(
                "rotational diffusivity times R²/D",
                ratio,
                "",
                Choice,
            ));
        }
        if let Pool::Relaxing { rate } = g.pool {
            entries.push(entry("rate of exchange of the pool", rate, "1/s", Choice));
        }
        if g.pressure == PressureModel::Window {
            entries.push(entry("window k1 Δt", g.window, "", Fit));
        }
        if let Inertia::Underdamped { density } = m.inertia {
            entries.push(entry("effective density", density, "kg/m³", Choice));
        }
        match self.start {
            Start::Uniform { copper } => {
                entries.push(entry("Cu fraction at the start", copper, "", Choice));
            }
            Start::Cap {
                share,
                inside,
                outside,
            } => {
                entries.push(entry("share of the cap at the start", share, "", Choice));
                entries.push(entry("Cu fraction inside the cap", inside, "", Choice));
                entries.push(entry("Cu fraction outside the cap", outside, "", Choice));
            }
        }
        if let Support::Periodic { edge, capture_gap } = self.support {
            entries.push(entry("edge of the support", edge, "m", Choice));
            entries.push(entry("capture gap", capture_gap, "m", Choice));
        }
        if let Some(ripening) = &self.ripening {
            entries.extend(ripening.entries());
        }
        entries
    }
}

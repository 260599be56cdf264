//! Ranges of the parameters.

use super::{ChemicalNoise, Inertia, Parameters, Pool, PressureModel, Rotation, Start, Support};
use crate::error::{ParameterError, finite, not_negative, positive, share, within};

impl Parameters {
    /// Whether all numbers are in their ranges.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn check(&self) -> Result<(), ParameterError> {
        self.check_chemistry()?;
        self.check_gas()?;
        self.check_motion()?;
        positive("mean radius", self.sizes.mean, "m")?;
        not_negative(
            "deviation of the logarithm of radii",
            self.sizes.deviation,
            "",
        )?;
        match self.start {
            Start::Cap {
                share: part,
                inside,
                outside,
            } => {
                share("share of the cap", part)?;
                share("Cu fraction inside the cap", inside)?;
                share("Cu fraction outside the cap", outside)?;
            }
            Start::Uniform { copper } => share("Cu fraction at the start", copper)?,
        }
        if let Some(ripening) = &self.ripening {
            ripening.check()?;
        }
        let subdivisions = self.numerics.subdivisions;
        let fits = subdivisions <= 6;
        within(
            "number of subdivisions",
            subdivisions.into(),
            "",
            fits,
            "at most 6",
        )?;
        not_negative("error of localisation", self.imaging.localisation, "m")?;
        positive("time between frames", self.imaging.frame_interval, "s")?;
        positive("time step", self.numerics.time_step, "s")
    }

    /// Whether frames are taken at steps: speeds are displacements over the time between them.
    ///
    /// # Errors
    /// They are not.
    pub(crate) fn check_frames(&self) -> Result<(), ParameterError> {
        let interval = self.imaging.frame_interval;
        let steps = interval / self.numerics.time_step;
        let whole = steps.round() >= 1.0 && (steps - steps.round()).abs() < 1e-6 * steps;
        within(
            "time between frames",
            interval,
            "s",
            whole,
            "a whole number of time steps; change either",
        )
    }

    fn check_chemistry(&self) -> Result<(), ParameterError> {
        let (k, h) = (&self.kinetics, &self.heterogeneity);
        positive("reference temperature", k.reference_temperature, "K")?;
        positive("rate of reduction", k.reduction_rate, "1/s")?;
        finite(
            "activation energy of reduction",
            k.reduction_energy,
            "J/mol",
        )?;
        positive("half pressure of H2", k.hydrogen_half_pressure, "Pa")?;
        finite("heat of activated hydrogen", k.hydrogen_heat, "J/mol")?;
        finite("logarithm of the ratio of the rates", k.log_rate_ratio, "")?;
        finite(
            "activation energy of oxidation",
            k.oxidation_energy,
            "J/mol",
        )?;
        positive("half pressure of O2", k.oxygen_half_pressure, "Pa")?;
        not_negative(
            "spontaneous share of the reactions",
            k.spontaneous_share,
            "",
        )?;
        finite("promotion of oxidation", k.promotion, "")?;
        positive("time of the promoter", k.promoter_time, "s")?;
        share("sharing of the promoter", k.promoter_sharing)?;
        not_negative(
            "diffusivity of the phase boundary",
            k.boundary_diffusivity,
            "m²/s",
        )?;
        not_negative("heterogeneity of facets", h.facets, "")?;
        not_negative("heterogeneity of particles", h.particles, "")?;
        not_negative("smoothing of the heterogeneity", h.smoothing, "")?;
        if let ChemicalNoise::Langevin {
            site_density,
            layers,
        } = self.noise
        {
            positive("density of sites", site_density, "1/m²")?;
            positive("number of layers that react", layers, "")?;
        }
        Ok(())
    }

    fn check_gas(&self) -> Result<(), ParameterError> {
        let (c, g) = (&self.conditions, &self.gas);
        positive("temperature", c.temperature, "K")?;
        positive("pressure", c.pressure, "Pa")?;
        share("reactive share of the gas", c.reactive_share)?;
        positive("ratio of H2 to O2", c.hydrogen_to_oxygen, "")?;
        if let Pool::Relaxing { rate } = g.pool {
            positive("rate of exchange of the pool", rate, "1/s")?;
        }
        not_negative("Damköhler number of the pool", g.damkoehler, "")?;
        not_negative("uptake over exchange at a facet", g.uptake, "")?;
        if g.pressure == PressureModel::Diffusive {
            let (name, fits) = ("uptake over exchange of a diffusive gas", g.uptake <= 0.9);
            within(
                name,
                g.uptake,
                "",
                fits,
                "at most 0.9, where its solution converges",
            )?;
        }
        positive("rate of exchange at a facet", g.exchange_rate, "1/s")?;
        not_negative("window k1 Δt", g.window, "")
    }

    fn check_motion(&self) -> Result<(), ParameterError> {
        let (d, m) = (&self.drive, &self.motion);
        finite("gain of the pressure force", d.gain, "")?;
        finite("imbalance of adhesion", d.adhesion, "J/m²")?;
        finite("external force", d.external[0], "N")?;
        finite("external force", d.external[1], "N")?;
        positive("diffusivity of particles", m.diffusivity, "m²/s")?;
        positive("reference radius", m.reference_radius, "m")?;
        finite("exponent of the diffusivity", m.exponent, "")?;
        finite("activation energy of the diffusivity", m.energy, "J")?;
        if let Inertia::Underdamped { density } = m.inertia {
            positive("effective density", density, "kg/m³")?;
        }
        if let Rotation::Free { ratio } | Rotation::InPlane { ratio } = m.rotation {
            not_negative("ratio of rotation to diffusion", ratio, "")?;
        }
        let most = m.most_substeps;
        within(
            "number of substeps",
            most.into(),
            "",
            most > 0,
            "at least 1",
        )?;
        let angle = self.contact_angle;
        // Below, a coarse mesh may have no vertex that meets gas.
        let fits = (std::f64::consts::FRAC_PI_4..=std::f64::consts::PI).contains(&angle);
        let (name, degrees) = ("contact angle", angle.to_degrees());
        within(name, degrees, "°", fits, "at least 45° and at most 180°")?;
        if let Support::Periodic { edge, capture_gap } = self.support {
            positive("edge of the support", edge, "m")?;
            not_negative("capture gap", capture_gap, "m")?;
        }
        Ok(())
    }
}

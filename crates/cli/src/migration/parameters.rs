//! From a deck to the parameters of the model, in SI units.

use frit_deck::{
    CapOrUniform, DeckErrors, Driver, Inertia as DeckInertia, Migration, MigrationDeck,
    Pool as DeckPool, PressureModel as DeckPressure, QuantityFile, QuantityFileError,
    RipeningLimit, RipeningPotential, Rotation as DeckRotation, SurfaceDiffusion,
};
use frit_migration::gas::GAS_CONSTANT;
use frit_migration::parameters::{
    ChemicalNoise, Conditions, Diffusion, Drive, Gas, Heterogeneity, Imaging, Inertia, Kinetics,
    Motion, Numerics, Pool, PressureModel, Rotation, Sizes, Start, Support,
};
use frit_migration::ripening::{Limit, Potential, Ripening};
use frit_migration::{ParameterError, Parameters};
use frit_units::{Kind, Quantity, kind};

use super::NANOMETRE;
use crate::run::HashedFile;

/// What a deck became.
pub(crate) struct Resolved {
    /// Of the model.
    pub parameters: Parameters,
    /// Files on which they depend.
    pub files: Vec<HashedFile>,
    /// Steps of the run.
    pub steps: u64,
    /// What other methods have taught, in words.
    pub learned: Vec<String>,
}

/// Distance of nearest neighbours in Cu [m], of the diffusivity by surface diffusion.
const NEIGHBOUR_DISTANCE: f64 = 0.2556e-9;

/// Factor of the diffusivity of a sphere by surface diffusion, `D = 0.301 Ds (a/R)^4` (Wynblatt
/// and Gjostein, Prog. Solid State Chem. 1975, doi:10.1016/0079-6786(75)90013-8).
const WYNBLATT: f64 = 0.301;

/// A quantity in a unit of its own dimension.
fn si<K: Kind>(quantity: Quantity<K>, unit: &str) -> f64 {
    quantity
        .in_unit(unit)
        .expect("the unit is of the quantity's dimension")
}

fn seconds(time: frit_units::Time) -> f64 {
    si(time, "s")
}

/// Works a deck out.
///
/// # Errors
/// The file of quantities cannot be read or has nothing of use; times that do not fit the step.
pub(crate) fn resolve(deck: &MigrationDeck) -> Result<Resolved, DeckErrors> {
    let migration = &deck.migration;
    let mut parameters = of(migration);
    if parameters.conditions.reactive_share > 1.0 {
        let message = format!(
            "H2 and O2 together have {:.3} kPa of a total pressure of {:.3} kPa",
            parameters.conditions.reactive_share * parameters.conditions.pressure / 1e3,
            parameters.conditions.pressure / 1e3
        );
        return Err(wrong(deck, "migration.oxygen", message, ""));
    }
    let (mut files, mut learned) = (Vec::new(), Vec::new());
    if let Some(path) = &migration.quantities {
        let resolved = deck.resolve(path);
        let wrong = |message: String| {
            let help = format!("known are {}; see docs/migration.md", KNOWN.join(", "));
            wrong(deck, "migration.quantities", message, &help)
        };
        let contents = std::fs::read_to_string(&resolved)
            .map_err(|error| wrong(format!("cannot read {}: {error}", resolved.display())))?;
        files.push(HashedFile::new(&resolved, contents.as_bytes()));
        learned = QuantityFile::parse(&resolved, &contents)
            .and_then(|file| learn(&mut parameters, &file))
            .map_err(|error| wrong(error.to_string()))?;
        if learned.is_empty() {
            let message = format!(
                "{} has nothing that particles can learn",
                resolved.display()
            );
            return Err(wrong(message));
        }
        parameters
            .check()
            .map_err(|error| wrong(error.to_string()))?;
    }
    let (step, duration) = (seconds(migration.timestep), seconds(migration.duration));
    let steps = (duration / step).round();
    if steps < 1.0 {
        let message =
            format!("the duration of {duration:e} s is shorter than half a step of {step:e} s");
        return Err(wrong(deck, "migration.duration", message, ""));
    }
    Ok(Resolved {
        parameters,
        files,
        steps: steps as u64,
        learned,
    })
}

/// Where in the deck a number is set that the model refuses.
pub(super) fn place(error: &ParameterError) -> &'static str {
    match error.name {
        "spontaneous share of the reactions" => "migration.kinetics.spontaneous_share",
        "heterogeneity of facets" => "migration.heterogeneity.facets",
        "heterogeneity of particles" => "migration.heterogeneity.particles",
        "smoothing of the heterogeneity" => "migration.heterogeneity.smoothing",
        "Damköhler number of the pool" => "migration.gas.damkoehler",
        "uptake over exchange at a facet" | "uptake over exchange of a diffusive gas" => {
            "migration.gas.uptake"
        }
        "window k1 Δt" => "migration.gas.window",
        "ratio of rotation to diffusion" => "migration.motion.rotation_ratio",
        "contact angle" => "migration.contact_angle",
        "deviation of the logarithm of radii" | "radius of a particle" => {
            "migration.sizes.deviation"
        }
        "time between frames" => "migration.imaging.frame_interval",
        _ => "migration",
    }
}

fn wrong(deck: &MigrationDeck, path: &str, message: String, help: &str) -> DeckErrors {
    DeckErrors::from(vec![deck.error_at(path, message, help)])
}

/// Names of quantities that particles learn.
const KNOWN: [&str; 5] = [
    "\"surface diffusivity\"",
    "\"particle diffusivity\"",
    "\"hop barrier\"",
    "\"surface energy\" (with ripening)",
    "\"neck time\" with \"particle radius\"",
];

/// Takes over what atoms have taught; says what.
fn learn(
    parameters: &mut Parameters,
    file: &QuantityFile,
) -> Result<Vec<String>, QuantityFileError> {
    let mut learned = Vec::new();
    let motion = &mut parameters.motion;
    let radius = motion.reference_radius;
    if let Some(surface) = file.find::<kind::Diffusivity>("surface diffusivity")? {
        let ratio = NEIGHBOUR_DISTANCE / radius;
        motion.diffusivity = WYNBLATT * si(surface, "m^2/s") * ratio.powi(4);
        learned.push(format!("surface diffusivity {surface}"));
    }
    if let Some(particle) = file.find::<kind::Diffusivity>("particle diffusivity")? {
        motion.diffusivity = si(particle, "m^2/s");
        learned.push(format!("particle diffusivity {particle}"));
    }
    if !learned.is_empty() {
        let nanometres = motion.diffusivity / (NANOMETRE * NANOMETRE);
        let last = learned.len() - 1;
        learned[last] += &format!(
            ": D0 = {nanometres:.4} nm²/s at {:.3} nm and {} K",
            radius / NANOMETRE,
            parameters.kinetics.reference_temperature
        );
    }
    if let Some(barrier) = file.find::<kind::Energy>("hop barrier")? {
        motion.energy = si(barrier, "J");
        learned.push(format!(
            "hop barrier {barrier}: activation energy of the diffusivity"
        ));
    }
    if let Some(ripening) = &mut parameters.ripening
        && let Some(energy) = file.find::<kind::SurfaceEnergy>("surface energy")?
        && let Potential::GibbsThomson { surface_energy, .. }
        | Potential::Campbell { surface_energy, .. } = &mut ripening.potential
    {
        *surface_energy = si(energy, "J/m^2");
        learned.push(format!("surface energy {energy}"));
    }
    if let Some(time) = file.find::<kind::Time>("neck time")?
        && let Some(small) = file.find::<kind::Length>("particle radius")?
    {
        // Growth of necks by surface diffusion: time in proportion to R^4.
        let scale = (parameters.sizes.mean / si(small, "m")).powi(4);
        let time = seconds(time) * scale;
        let step = parameters.numerics.time_step;
        let verdict = match time < step {
            true => "below the time step: particles that touch merge at once, rightly",
            false => "ABOVE the time step, but particles that touch merge at once",
        };
        learned.push(format!(
            "neck time {time:.2e} s at {:.3} nm, in proportion to R^4, is {verdict}",
            parameters.sizes.mean / NANOMETRE
        ));
    }
    Ok(learned)
}

/// Bulk gas. O2 with a pressure by itself leaves H2 as it is.
fn conditions(deck: &Migration) -> Conditions {
    let pressure = si(deck.pressure, "Pa");
    let ratio = deck.hydrogen_to_oxygen;
    let (mut reactive_share, mut hydrogen_to_oxygen) = (deck.reactive_share, ratio);
    if let Some(oxygen) = deck.oxygen {
        let hydrogen = pressure * reactive_share * ratio / (1.0 + ratio);
        let oxygen = si(oxygen, "Pa");
        reactive_share = (hydrogen + oxygen) / pressure;
        hydrogen_to_oxygen = hydrogen / oxygen;
    }
    Conditions {
        temperature: deck.temperature.in_kelvin(),
        pressure,
        reactive_share,
        hydrogen_to_oxygen,
    }
}

fn of(deck: &Migration) -> Parameters {
    Parameters {
        conditions: conditions(deck),
        kinetics: kinetics(deck),
        heterogeneity: Heterogeneity {
            facets: deck.heterogeneity.facets,
            particles: deck.heterogeneity.particles,
            smoothing: deck.heterogeneity.smoothing,
        },
        noise: match deck.noise.on {
            true => ChemicalNoise::Langevin {
                site_density: si(deck.noise.site_density, "1/m^2"),
                layers: deck.noise.layers,
            },
            false => ChemicalNoise::Off,
        },
        gas: gas(deck),
        drive: drive(deck),
        motion: motion(deck),
        contact_angle: deck.contact_angle.to_radians(),
        support: match deck.support {
            None => Support::Separate,
            Some(support) => Support::Periodic {
                edge: si(support.edge, "m"),
                capture_gap: si(support.capture_gap, "m"),
            },
        },
        sizes: Sizes {
            mean: si(deck.sizes.mean, "m"),
            deviation: deck.sizes.deviation,
        },
        start: match deck.start {
            CapOrUniform::Cap {
                share,
                inside,
                outside,
            } => Start::Cap {
                share,
                inside,
                outside,
            },
            CapOrUniform::Uniform { copper } => Start::Uniform { copper },
        },
        ripening: deck
            .ripening
            .map(|ripening| self::ripening(deck, &ripening)),
        numerics: Numerics {
            subdivisions: deck.mesh.subdivisions as u32,
            time_step: seconds(deck.timestep),
            diffusion: match deck.mesh.diffusion {
                SurfaceDiffusion::Explicit => Diffusion::Explicit,
                SurfaceDiffusion::Implicit => Diffusion::Implicit,
                SurfaceDiffusion::Adaptive => Diffusion::Adaptive,
            },
        },
        imaging: Imaging {
            frame_interval: seconds(deck.imaging.frame_interval),
            localisation: si(deck.imaging.localisation, "m"),
            particles: deck.particles as usize,
        },
    }
}

fn kinetics(deck: &Migration) -> Kinetics {
    let k = &deck.kinetics;
    Kinetics {
        reference_temperature: k.reference_temperature.in_kelvin(),
        reduction_rate: si(k.reduction_rate, "1/s"),
        reduction_energy: si(k.reduction_energy, "J/mol"),
        hydrogen_half_pressure: si(k.hydrogen_half_pressure, "Pa"),
        hydrogen_heat: si(k.hydrogen_heat, "J/mol"),
        log_rate_ratio: k.log_rate_ratio,
        oxidation_energy: si(k.oxidation_energy, "J/mol"),
        oxygen_half_pressure: si(k.oxygen_half_pressure, "Pa"),
        spontaneous_share: k.spontaneous_share,
        promotion: k.promotion,
        promoter_time: seconds(k.promoter_time),
        promoter_sharing: k.promoter_sharing,
        boundary_diffusivity: si(k.boundary_diffusivity, "m^2/s"),
    }
}

fn gas(deck: &Migration) -> Gas {
    let gas = &deck.gas;
    Gas {
        pool: match gas.pool {
            DeckPool::QuasiSteady => Pool::QuasiSteady,
            DeckPool::Relaxing => Pool::Relaxing {
                rate: si(gas.pool_rate, "1/s"),
            },
        },
        damkoehler: gas.damkoehler,
        uptake: gas.uptake,
        exchange_rate: si(gas.exchange_rate, "1/s"),
        pressure: match gas.pressure {
            DeckPressure::Layer => PressureModel::Layer,
            DeckPressure::Diffusive => PressureModel::Diffusive,
            DeckPressure::FreeMolecular => PressureModel::FreeMolecular,
            DeckPressure::Window => PressureModel::Window,
        },
        window: gas.window,
    }
}

fn drive(deck: &Migration) -> Drive {
    let drive = &deck.drive;
    let (gain, adhesion) = match drive.driver {
        Driver::Pressure => (drive.gain, 0.0),
        Driver::Adhesion => (0.0, si(drive.adhesion, "J/m^2")),
        Driver::Both => (drive.gain, si(drive.adhesion, "J/m^2")),
    };
    Drive {
        gain,
        adhesion,
        external: [drive.external_x, drive.external_y].map(|force| si(force, "N")),
    }
}

fn motion(deck: &Migration) -> Motion {
    let motion = &deck.motion;
    let ratio = motion.rotation_ratio;
    Motion {
        diffusivity: si(motion.diffusivity, "m^2/s"),
        reference_radius: si(motion.reference_radius, "m"),
        exponent: motion.exponent,
        energy: si(motion.energy, "J"),
        inertia: match motion.inertia {
            DeckInertia::Overdamped => Inertia::Overdamped,
            DeckInertia::Underdamped => Inertia::Underdamped {
                density: si(motion.density, "kg/m^3"),
            },
        },
        rotation: match motion.rotation {
            DeckRotation::Fixed => Rotation::Fixed,
            DeckRotation::InPlane => Rotation::InPlane { ratio },
            DeckRotation::Free => Rotation::Free { ratio },
        },
        most_substeps: Parameters::default().motion.most_substeps,
    }
}

fn ripening(deck: &Migration, ripening: &frit_deck::Ripening) -> Ripening {
    let limit = match ripening.limit {
        RipeningLimit::Interface => Limit::Interface,
        RipeningLimit::Volume => Limit::Volume,
        RipeningLimit::Support => Limit::Support,
    };
    let energy = si(ripening.energy, "J/mol");
    let reference = deck.kinetics.reference_temperature.in_kelvin();
    // K at the reference temperature is R0^n over the time scale.
    let scale = si(ripening.reference_radius, "m").powi(limit.exponent() as i32);
    let rate = scale / seconds(ripening.time) * (energy / (GAS_CONSTANT * reference)).exp();
    let surface_energy = si(ripening.surface_energy, "J/m^2");
    let atomic_volume = si(ripening.atomic_volume, "nm^3") * NANOMETRE.powi(3);
    Ripening {
        limit,
        rate,
        energy,
        potential: match ripening.potential {
            RipeningPotential::Linear => Potential::Linear,
            RipeningPotential::GibbsThomson => Potential::GibbsThomson {
                surface_energy,
                atomic_volume,
            },
            RipeningPotential::Campbell => Potential::Campbell {
                surface_energy,
                adhesion_energy: si(ripening.adhesion_energy, "J/m^2"),
                atomic_volume,
            },
        },
        smallest_radius: si(ripening.smallest_radius, "m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn resolved(text: &str) -> Resolved {
        resolve(&MigrationDeck::parse(Path::new("deck.toml"), text, &[]).unwrap()).unwrap()
    }

    #[test]
    fn a_deck_without_values_has_the_defaults_of_the_model() {
        let found = resolved("[migration]\nduration = \"3 s\"\n");
        assert_eq!(found.steps, 1500);
        let pairs = found
            .parameters
            .entries()
            .into_iter()
            .zip(Parameters::default().entries());
        for (found, expected) in pairs {
            assert_eq!(found.name, expected.name);
            let error = (found.value - expected.value).abs();
            // Units are converted once.
            assert!(
                error <= 4.0 * f64::EPSILON * expected.value.abs(),
                "{found:?} {expected:?}"
            );
        }
        let (found, expected) = (found.parameters, Parameters::default());
        assert_eq!(found.motion.rotation, expected.motion.rotation);
        assert_eq!(found.gas.pressure, expected.gas.pressure);
        assert_eq!(found.start, expected.start);
        assert_eq!(found.support, expected.support);
    }

    #[test]
    fn the_surface_diffusivity_of_the_specification_gives_its_mobility() {
        // 4.6e-9 cm²/s corresponds to 0.06 nm²/s at 10 nm.
        let text = "[[quantity]]\nname = \"surface diffusivity\"\nvalue = \"4.6e-9 cm^2/s\"\n";
        let file = QuantityFile::parse(Path::new("q.toml"), text).unwrap();
        let mut parameters = Parameters::default();
        let learned = learn(&mut parameters, &file).unwrap();
        assert_eq!(learned.len(), 1, "{learned:?}");
        let found = parameters.motion.diffusivity / (NANOMETRE * NANOMETRE);
        // Both numbers have two digits.
        assert!((found - 0.06).abs() < 0.002, "{found}");
    }

    #[test]
    fn oxygen_by_itself_leaves_hydrogen_as_it_is() {
        let found = resolved("[migration]\nduration = \"3 s\"\noxygen = \"5 kPa\"\n").parameters;
        let pressure = found.conditions.pressure * found.conditions.reactive_share;
        let ratio = found.conditions.hydrogen_to_oxygen;
        // Units are converted twice; 6 to 1 at 20 kPa is the default.
        assert!((pressure / (1.0 + ratio) - 5e3).abs() < 1e-9);
        assert!((pressure * ratio / (1.0 + ratio) - 120e3 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn a_hop_barrier_is_the_activation_energy_of_the_mobility() {
        let text = "[[quantity]]\nname = \"hop barrier\"\nvalue = \"0.5 eV\"\n\n\
                    [[quantity]]\nname = \"neck time\"\nvalue = \"10 ps\"\n\n\
                    [[quantity]]\nname = \"particle radius\"\nvalue = \"1 nm\"\n";
        let file = QuantityFile::parse(Path::new("q.toml"), text).unwrap();
        let mut parameters = Parameters::default();
        let learned = learn(&mut parameters, &file).unwrap();
        assert!((parameters.motion.energy / 1.602_176_634e-19 - 0.5).abs() < 1e-12);
        // 10 ps at 1 nm are 0.1 µs at 10 nm.
        assert!(learned[1].contains("1.00e-7 s at 10.000 nm"), "{learned:?}");
    }
}

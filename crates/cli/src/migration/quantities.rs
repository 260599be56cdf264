//! What a run of migration leaves for other methods.

use frit_deck::{Heading, NamedQuantity, QuantityFile};
use frit_migration::Simulation;
use frit_migration::motion::diffusivity;
use serde_json::{Map, Value};

/// The file.
pub(super) const FILE: &str = "quantities.toml";

/// Force, mobility and mean size at the end of a run.
pub(super) fn learned(
    simulation: &Simulation,
    heading: &Heading,
    summary: &Map<String, Value>,
) -> QuantityFile {
    let number = |key: &str| summary.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    let parameters = simulation.parameters();
    let seen = simulation.observe();
    let temperature = parameters.conditions.temperature;
    let reference = parameters.kinetics.reference_temperature;
    let mobility = diffusivity(&parameters.motion, seen.radius, temperature, reference);
    let title = heading.title.as_deref().unwrap_or("particle migration");
    let source = format!(
        "frit, {title}, seed {}, {temperature} K, gain of the pressure force {}",
        heading.seed, parameters.drive.gain
    );
    let quantity = |name: &str, value: f64, unit: &str| NamedQuantity {
        name: name.to_owned(),
        value: format!("{value} {unit}"),
        uncertainty: None,
        source: Some(source.clone()),
    };
    let literal = match parameters.drive.gain {
        0.0 => 0.0,
        gain => number("mean_force_nn") / gain,
    };
    let mut quantities = vec![
        quantity("redox force", number("mean_force_nn"), "nN"),
        quantity("mean radius", seen.radius, "m"),
        quantity("diffusivity at the mean radius", mobility, "m^2/s"),
    ];
    if parameters.drive.adhesion == 0.0 && parameters.drive.external == [0.0; 2] {
        quantities.insert(1, quantity("redox force at gain 1", literal, "nN"));
    }
    QuantityFile::new(quantities)
}

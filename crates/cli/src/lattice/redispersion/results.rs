//! What the averages of the stages mean: verdicts, switch temperatures, for files and for people.

use std::fmt::Write;

use frit_lattice::adatoms::{Adatoms, Averages, Layer, Share, switch_temperature};
use frit_lattice::dispersion;
use serde_json::{Map, Value, json};

use super::StageInfo;
use super::clusters::Rules;

/// Adds averages and verdicts to the summary: of each stage, and those of the last one for the run.
///
/// `averages` has, for each stage, those of the whole support and of each part.
pub(super) fn put(
    rules: &Rules,
    averages: &[Vec<Averages>],
    (atoms, sites): (u64, u64),
    summary: &mut Map<String, Value>,
) {
    let mut stages = Vec::new();
    for (stage, parts) in rules.stages.iter().zip(averages) {
        let mut entry = averages_of(stage, &parts[0]);
        entry.insert("name".to_owned(), json!(stage.name));
        entry.insert("temperature_k".to_owned(), json!(stage.temperatures[1]));
        if !stage.is_constant() {
            entry.insert(
                "temperature_start_k".to_owned(),
                json!(stage.temperatures[0]),
            );
        }
        let of_parts = rules.parts.iter().zip(&parts[1..]);
        let of_parts: Map<String, Value> = of_parts
            .map(|((part, _), averages)| {
                let entry = Value::Object(averages_of(stage, averages));
                (part.clone(), entry)
            })
            .collect();
        entry.insert("parts".to_owned(), Value::Object(of_parts));
        stages.push(Value::Object(entry));
    }
    if let Some(Value::Object(last)) = stages.last() {
        summary.extend(last.clone());
        summary.remove("name");
    }
    summary.insert("stages".to_owned(), Value::Array(stages));
    let sizes = averages.last().map(|parts| parts[0].sizes());
    let sizes = sizes.unwrap_or_default().into_iter().enumerate();
    let sizes: Vec<(usize, f64)> = sizes.filter(|(_, number)| *number > 0.0).collect();
    summary.insert("cluster_sizes".to_owned(), json!(sizes));

    // Between two temperatures alone, a straight line would tell nothing.
    let shares = shares(rules, averages);
    let switch = (shares.len() > 2)
        .then(|| switch_temperature(&shares))
        .flatten();
    let mut put = |key: &str, value: Option<f64>| summary.insert(key.to_owned(), json!(value));
    put(
        "switch_temperature_k",
        switch.map(|switch| switch.temperature),
    );
    put(
        "switch_temperature_error_k",
        switch.and_then(|switch| switch.error),
    );
    let entry = |enthalpy: f64| {
        let switch = dispersion::switch_temperature(atoms, sites, enthalpy);
        json!({ "enthalpy_ev": enthalpy, "switch_temperature_k": switch.ok().flatten() })
    };
    let equation = json!({
        "stated": rules.stated_enthalpy.map(entry),
        "measured": measured_enthalpy(rules, averages).map(|(enthalpy, stage)| {
            let mut entry = entry(enthalpy);
            entry["stage"] = json!(stage);
            entry
        }),
    });
    summary.insert("equation_2".to_owned(), equation);
}

/// The enthalpy per atom of the particle [eV], and the stage in which it was measured: the least of
/// the means, since where it is coldest the particle is most itself.
fn measured_enthalpy<'a>(
    rules: &'a Rules,
    averages: &[Vec<Averages>],
) -> Option<(f64, &'a String)> {
    let stages = rules.stages.iter().zip(averages);
    let enthalpies =
        stages.filter_map(|(stage, parts)| Some((parts[0].particle_enthalpy()?, &stage.name)));
    enthalpies.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// The share of the largest cluster in all stages of constant temperature, in ascending order of
/// temperature; means where a temperature comes again.
fn shares(rules: &Rules, averages: &[Vec<Averages>]) -> Vec<Share> {
    let stages = rules.stages.iter().zip(averages);
    let mut seen: Vec<Share> = stages
        .filter(|(stage, _)| stage.is_constant())
        .map(|(stage, parts)| Share {
            temperature: stage.temperatures[0],
            share: parts[0].largest_share(),
            error: parts[0].largest_share_error(),
        })
        .collect();
    seen.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
    seen.chunk_by(|a, b| a.temperature == b.temperature)
        .map(|same| {
            let count = same.len() as f64;
            let squares = same.iter().map(|one| one.error.map(|error| error * error));
            let squares: Option<f64> = squares.sum();
            Share {
                temperature: same[0].temperature,
                share: same.iter().map(|one| one.share).sum::<f64>() / count,
                error: squares.map(|sum| sum.sqrt() / count),
            }
        })
        .collect()
}

/// What stands in place of a verdict for a ramp: a mean over its temperatures is no state.
pub(super) const RAMP: &str = "ramp";

/// The verdict of a stage, in words.
pub(super) fn verdict(stage: &StageInfo, averages: &Averages) -> &'static str {
    match stage.is_constant() {
        true => averages.state().name(),
        false => RAMP,
    }
}

fn averages_of(stage: &StageInfo, averages: &Averages) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("verdict", json!(verdict(stage, averages)));
    put("largest", json!(averages.largest()));
    put("largest_error", json!(averages.largest_error()));
    put("largest_share", json!(averages.largest_share()));
    put("largest_share_error", json!(averages.largest_share_error()));
    put("monomers", json!(averages.monomers()));
    put("particles", json!(averages.particles()));
    put("highest", json!(averages.highest()));
    put("enthalpy_ev", json!(averages.enthalpy()));
    put("enthalpy_error_ev", json!(averages.enthalpy_error()));
    put("particle_enthalpy_ev", json!(averages.particle_enthalpy()));
    map
}

pub(super) const fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::First => "first",
        Layer::Upper => "upper",
    }
}

/// How often atoms of each kind hopped, and their barriers.
pub(super) fn hops(adatoms: &Adatoms) -> Value {
    let energies = &adatoms.setup().energies;
    let kinds = [Layer::First, Layer::Upper]
        .into_iter()
        .flat_map(|layer| (0..=4).map(move |neighbours| (layer, neighbours)));
    let entries = kinds.map(|(layer, neighbours)| {
        json!({
            "layer": layer_name(layer),
            "neighbours": neighbours,
            "barrier_ev": energies.barrier(layer, neighbours),
            "hops": adatoms.hops(layer, neighbours),
        })
    });
    Value::Array(entries.collect())
}

/// Digits of enthalpies per atom, for people.
const DECIMALS: f64 = 1e4;

/// The summary for people.
pub(super) fn describe(summary: &Map<String, Value>) -> String {
    let mut text = format!(
        "{:<20}{:>10}{:>14}{:>18}{:>10}{:>11}{:>12}\n",
        "stage", "T [K]", "verdict", "largest", "monomers", "particles", "dh [eV]"
    );
    let stages = summary.get("stages").and_then(Value::as_array);
    for stage in stages.into_iter().flatten() {
        let number = |key: &str| stage[key].as_f64().unwrap_or(f64::NAN);
        let word = |key: &str| stage[key].as_str().unwrap_or_default();
        let temperature = match stage["temperature_start_k"].as_f64() {
            Some(start) => format!("{start:.0}-{:.0}", number("temperature_k")),
            None => format!("{:.2}", number("temperature_k")),
        };
        let largest = match stage["largest_error"].as_f64() {
            Some(error) => format!("{:.2} ± {error:.2}", number("largest")),
            None => format!("{:.2}", number("largest")),
        };
        let _ = writeln!(
            text,
            "{:<20}{temperature:>10}{:>14}{largest:>18}{:>10.2}{:>11.2}{:>12.4}",
            word("name"),
            word("verdict"),
            number("monomers"),
            number("particles"),
            // Lone atoms have 0 but for rounding: no minus before it.
            (number("enthalpy_ev") * DECIMALS).round() / DECIMALS + 0.0,
        );
    }
    let kelvin = |key: &str| summary.get(key).and_then(Value::as_f64);
    if let Some(found) = kelvin("switch_temperature_k") {
        let error = kelvin("switch_temperature_error_k");
        let error = error.map_or(String::new(), |error| format!(" ± {error:.1}"));
        let _ = writeln!(
            text,
            "half of the atoms in one cluster at {found:.1}{error} K"
        );
    }
    let equation = |which: &str| {
        let entry = summary.get("equation_2")?.get(which)?;
        let (switch, enthalpy) = (
            entry["switch_temperature_k"].as_f64()?,
            entry["enthalpy_ev"].as_f64()?,
        );
        let stage = entry.get("stage").and_then(Value::as_str);
        Some((
            switch,
            enthalpy,
            stage.map_or(String::new(), |name| format!(" (stage {name})")),
        ))
    };
    for (which, words) in [
        ("stated", "for which the bonds stand"),
        ("measured", "measured in the particle"),
    ] {
        if let Some((switch, enthalpy, stage)) = equation(which) {
            let _ = writeln!(
                text,
                "equation 2 switches at {switch:.2} K with dh = {enthalpy:.4} eV, {words}{stage}"
            );
        }
    }
    text
}

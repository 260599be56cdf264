//! What a run of the loop has found: the summary, its events, quantities for other methods.

use std::fmt::Write;

use frit_deck::{Heading, NamedQuantity, QuantityFile};
use frit_lattice::looping::{CELL_DISTANCE, Diffusion, Gas, Kinetics, Looping, Supply};
use frit_lattice::{Status, describe};
use frit_units::constants::BOLTZMANN_SI;
use serde_json::{Map, Value, json};

/// The file of quantities.
pub(super) const QUANTITIES: &str = "quantities.toml";

/// What happened how often, with the barrier it has, if one belongs to it [eV].
pub(super) struct EventCount {
    pub name: &'static str,
    pub count: u64,
    pub barrier: Option<f64>,
}

/// All kinds of events; those that could not happen, and changed nothing, last.
pub(super) fn events(looping: &Looping) -> Vec<EventCount> {
    let (totals, kinetics) = (looping.totals(), &looping.setup().kinetics);
    let reduction = match looping.particle() {
        Some(_) => kinetics.reduction_barrier,
        None => kinetics.bare_reduction_barrier,
    };
    let event = |name, count, barrier| EventCount {
        name,
        count,
        barrier,
    };
    let nucleation = kinetics.oxidation_barrier + kinetics.nucleation_barrier;
    let forward = totals.advances - totals.wanders;
    let all = looping.events();
    vec![
        event("reduction of a layer", totals.reductions, Some(reduction)),
        event(
            "growth at a step",
            totals.attachments,
            Some(kinetics.oxidation_barrier),
        ),
        event(
            "growth away from steps",
            totals.nucleations,
            Some(nucleation),
        ),
        event(
            "advance of the particle",
            forward,
            Some(kinetics.advance_barrier),
        ),
        event(
            "wandering of the particle",
            totals.wanders,
            Some(kinetics.reduction_barrier),
        ),
        event("hop of iron", totals.hops, Some(kinetics.hop_barrier)),
        event(
            "nothing",
            all.saturating_sub(totals.structural() + totals.hops),
            None,
        ),
    ]
}

/// The events as a table.
pub(super) fn events_table(looping: &Looping) -> String {
    let mut text = String::from("event,count,rate [1/s],share,barrier [eV]\n");
    let all = looping.events().max(1) as f64;
    for EventCount {
        name,
        count,
        barrier,
    } in events(looping)
    {
        let barrier = barrier.map_or(String::new(), |barrier| format!("{barrier}"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{name},{count},{},{},{barrier}",
            count as f64 / looping.time(),
            count as f64 / all
        );
    }
    text
}

/// How many times slower iron hops than its barrier says, because of the numerical limit.
pub(super) fn hop_slowdown(looping: &Looping) -> f64 {
    if looping.setup().diffusion == Diffusion::Equilibrated {
        return 1.0;
    }
    let mut setup = *looping.setup();
    setup.kinetics.hop_limit = f64::MAX;
    let limited = looping.rates().hop;
    let free = frit_lattice::looping::Rates::new(&setup.kinetics, setup.gas, setup.temperature);
    match free {
        Ok(free) if limited > 0.0 => free.hop / limited,
        _ => 1.0,
    }
}

/// The name of a status in reports.
pub(super) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Physics => "physics",
        Status::Literature => "literature",
        Status::Choice => "choice",
        Status::Fit => "fit",
    }
}

/// Adds the last state to the summary; `area` is the projected area at the start.
pub(super) fn put(looping: &Looping, area: i64, summary: &mut Map<String, Value>) {
    let setup = looping.setup();
    let mut put = |key: &str, value: Value| summary.insert(key.to_owned(), value);
    put("temperature_k", json!(setup.temperature));
    put("temperature_c", json!(setup.temperature - 273.15));
    put("hydrogen_kpa", json!(setup.gas.hydrogen / 1e3));
    put("oxygen_kpa", json!(setup.gas.oxygen / 1e3));
    put("hydrogen_at_end_kpa", json!(looping.gas().hydrogen / 1e3));
    put("oxygen_at_end_kpa", json!(looping.gas().oxygen / 1e3));
    if let Some(fresh) = fresh_gas(looping) {
        put("fresh_hydrogen_per_s", json!(fresh.hydrogen));
        put("fresh_oxygen_per_s", json!(fresh.oxygen));
    }
    let diffusion = match setup.diffusion {
        Diffusion::Followed => "followed",
        Diffusion::Equilibrated => "equilibrated",
    };
    put("diffusion", json!(diffusion));
    let coverages = looping.rates().coverages;
    put("hydrogen_coverage", json!(coverages.hydrogen));
    put("oxygen_coverage", json!(coverages.oxygen));
    for (key, value) in motion(looping).into_iter().chain(reaction(looping)) {
        put(key, value);
    }
    put("mobile_iron", json!(looping.mobiles()));
    put("roughness_layers", json!(looping.roughness()));
    put(
        "projected_area_change",
        json!(looping.projected_area() as f64 / area as f64 - 1.0),
    );
    let counts: Map<String, Value> = events(looping)
        .into_iter()
        .map(|event| (event.name.to_owned(), json!(event.count)))
        .collect();
    put("events", json!(looping.events()));
    put("events_by_kind", Value::Object(counts));
    put("events_per_change", json!(events_per_change(looping)));
    put("hop_slowdown", json!(hop_slowdown(looping)));
    let constants = describe(Kinetics::PARAMETERS, &setup.kinetics, &Kinetics::default());
    let constants: Map<String, Value> = constants
        .into_iter()
        .map(|one| {
            let value = json!({
                "value": one.value,
                "default": one.default,
                "unit": one.unit,
                "status": status_name(one.status),
                "source": one.source,
            });
            (one.name.to_owned(), value)
        })
        .collect();
    put("constants", Value::Object(constants));
}

/// Molecules that flow into a stirred reactor [1/s]: p q / kT.
fn fresh_gas(looping: &Looping) -> Option<Gas> {
    let setup = looping.setup();
    match setup.supply {
        Supply::Fixed => None,
        Supply::Stirred { flow, .. } => {
            let molecules = |pressure: f64| pressure * flow / (BOLTZMANN_SI * setup.temperature);
            Some(Gas {
                hydrogen: molecules(setup.gas.hydrogen),
                oxygen: molecules(setup.gas.oxygen),
            })
        }
    }
}

/// Events for each that changed the support or moved the particle.
pub(super) fn events_per_change(looping: &Looping) -> f64 {
    looping.events() as f64 / looping.totals().structural().max(1) as f64
}

fn motion(looping: &Looping) -> Vec<(&'static str, Value)> {
    let totals = looping.totals();
    let displacement = looping.path().last().map_or(0.0, |last| {
        let [x, y] = last.position();
        x.hypot(y)
    });
    vec![
        ("path_length_nm", json!(totals.path_length())),
        ("displacement_nm", json!(displacement)),
        (
            "speed_nm_per_s",
            json!(totals.path_length() / looping.time()),
        ),
        ("particle_steps", json!(totals.advances)),
        ("wanders", json!(totals.wanders)),
        ("particle_places", json!(looping.places())),
        ("turns", json!(totals.turns)),
        ("turns_at_edge", json!(totals.edge_turns)),
        ("digs", json!(totals.digs)),
    ]
}

fn reaction(looping: &Looping) -> Vec<(&'static str, Value)> {
    let (totals, time) = (looping.totals(), looping.time());
    let (water, oxygen) = (totals.water() as f64, totals.oxygen() as f64);
    let share = |part: f64| if water > 0.0 { part / water } else { 0.0 };
    let grown = totals.growths().max(1) as f64;
    let places: Vec<f64> = looping
        .regrowth_places()
        .iter()
        .map(|&count| count as f64 / grown)
        .collect();
    let bins: Vec<f64> = (0..places.len())
        .map(|k| k as f64 * CELL_DISTANCE)
        .collect();
    vec![
        ("reduced_layers", json!(totals.reductions)),
        ("grown_layers", json!(totals.growths())),
        // The others fill what was reduced before.
        ("layers_grown_above_start", json!(totals.terraces)),
        ("water_per_s", json!(water / time)),
        ("oxygen_per_s", json!(oxygen / time)),
        // 2 H2 + O2 -> 2 H2O: what is missing is mobile iron, not yet oxidised.
        (
            "oxygen_imbalance",
            json!(share((water - 2.0 * oxygen).abs())),
        ),
        ("direct_water_per_s", json!(looping.direct_water() / time)),
        ("direct_water_share", json!(share(looping.direct_water()))),
        (
            "mean_regrowth_distance_nm",
            json!(looping.mean_regrowth_distance()),
        ),
        ("regrowth_distance_nm", json!(bins)),
        ("regrowth_shares", json!(places)),
        ("mean_mobile_iron", json!(totals.mobile_time / time)),
    ]
}

/// Rates and distances with units, for other methods.
pub(super) fn learned(looping: &Looping, heading: &Heading) -> QuantityFile {
    let setup = looping.setup();
    let title = heading.title.as_deref().unwrap_or("looping");
    let source = format!(
        "frit, {title}, seed {}, {} K, H2 {} Pa, O2 {} Pa",
        heading.seed, setup.temperature, setup.gas.hydrogen, setup.gas.oxygen
    );
    let quantity = |name: &str, value: f64, unit: &str| NamedQuantity {
        name: name.to_owned(),
        value: format!("{value} {unit}"),
        uncertainty: None,
        source: Some(source.clone()),
    };
    let (totals, time) = (looping.totals(), looping.time());
    let mut quantities = vec![
        quantity("particle speed", totals.path_length() / time, "nm/s"),
        quantity("water rate", totals.water() as f64 / time, "1/s"),
        quantity("oxygen rate", totals.oxygen() as f64 / time, "1/s"),
    ];
    if let Some(distance) = looping.mean_regrowth_distance() {
        quantities.push(quantity("regrowth distance", distance, "nm"));
    }
    QuantityFile::new(quantities)
}

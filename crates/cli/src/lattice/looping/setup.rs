//! From a deck to the setup of the model.

use frit_deck::{
    DeckErrors, IronDiffusion, Looping as Deck, LoopingDeck, LoopingKinetics, StirredGas,
};
use frit_lattice::looping::{
    Diffusion, Gas, Kinetics, LoopingError, ParticleSetup, Setup, Supply, Support,
};
use frit_units::{Kind, Quantity};

use super::super::quantities::{Given, learn};
use crate::run::HashedFile;

/// Where a deck names a file of quantities.
const QUANTITIES: &str = "looping.quantities";

/// What a deck became.
pub(crate) struct Resolved {
    /// Of the model.
    pub setup: Setup,
    /// Files on which it depends.
    pub files: Vec<HashedFile>,
    /// Steps of the run.
    pub steps: u64,
}

/// A quantity in a unit of its own dimension.
fn value<K: Kind>(quantity: Quantity<K>, unit: &str) -> f64 {
    quantity
        .in_unit(unit)
        .expect("the unit is of the quantity's dimension")
}

/// Works a deck out.
///
/// # Errors
/// The file of quantities cannot be read, or has values that make no sense.
pub(crate) fn resolve(deck: &LoopingDeck) -> Result<Resolved, DeckErrors> {
    let looping = &deck.body;
    let mut setup = of(looping);
    let path = looping.quantities.as_deref();
    let files = learn(deck, path, QUANTITIES, given(&mut setup.kinetics))?.files;
    if path.is_some() {
        // What the file says and what the deck says must fit together.
        setup.kinetics.validate().map_err(|error| {
            let message = format!("with the values of the file, {error}");
            DeckErrors::from(vec![deck.error_at(QUANTITIES, message, "")])
        })?;
    }
    let steps = value(looping.duration, "s") / setup.time_step;
    if steps < 1.0 {
        let message = format!(
            "the timestep of {} s is longer than the whole run of {} s",
            setup.time_step,
            value(looping.duration, "s")
        );
        let help = "make it a part of the time between two lines of the table";
        return Err(DeckErrors::from(vec![deck.error_at(
            "looping.timestep",
            message,
            help,
        )]));
    }
    Ok(Resolved {
        setup,
        files,
        steps: steps.round() as u64,
    })
}

/// Where in the deck an error of the model has its place: the first key that it gives.
pub(crate) fn place(deck: &LoopingDeck, error: &LoopingError) -> &'static str {
    let keys = keys(error);
    let given = keys.iter().find(|key| deck.gives(key));
    given.or(keys.first()).copied().unwrap_or("looping")
}

/// The keys with which an error has to do.
fn keys(error: &LoopingError) -> &'static [&'static str] {
    match error {
        LoopingError::Parameter(_) => &["looping.kinetics"],
        LoopingError::Unstable { .. } => &[
            "looping.kinetics.ledge_energy",
            "looping.kinetics.reduction_barrier",
            "looping.kinetics.bare_reduction_barrier",
        ],
        LoopingError::NoGas => &["looping.gas"],
        LoopingError::Rates { .. } => &["looping.temperature"],
        LoopingError::Mesa { .. } => &["looping.support.radius"],
        LoopingError::LargeParticle { .. } => {
            &["looping.particle.radius", "looping.support.radius"]
        }
        LoopingError::Depth { .. } => &[
            "looping.particle.embedding",
            "looping.support.layers",
            "looping.support.digging_depth",
        ],
        LoopingError::NoRoom { .. } => {
            &["looping.kinetics.mobile_limit", "looping.particle.radius"]
        }
        LoopingError::Residence { .. } => &["looping.gas.residence", "looping.timestep"],
    }
}

/// Constants that a file of quantities may set.
fn given(k: &mut Kinetics) -> Vec<Given<'_>> {
    vec![
        Given::Energy("hydrogen barrier", &mut k.hydrogen_barrier),
        Given::Energy("bare hydrogen barrier", &mut k.bare_hydrogen_barrier),
        Given::Energy("hydrogen desorption", &mut k.hydrogen_desorption),
        Given::Energy("bare hydrogen desorption", &mut k.bare_hydrogen_desorption),
        Given::Energy("removal barrier", &mut k.removal_barrier),
        Given::Energy("reduction barrier", &mut k.reduction_barrier),
        Given::Energy("bare reduction barrier", &mut k.bare_reduction_barrier),
        Given::Energy("ledge energy", &mut k.ledge_energy),
        Given::Energy("hop barrier", &mut k.hop_barrier),
        Given::Energy("climb barrier", &mut k.climb_barrier),
        Given::Energy("oxidation barrier", &mut k.oxidation_barrier),
        Given::Energy("nucleation barrier", &mut k.nucleation_barrier),
        Given::Energy("advance barrier", &mut k.advance_barrier),
        Given::Rate("desorption frequency", &mut k.desorption_frequency),
        Given::Rate("removal frequency", &mut k.removal_frequency),
        Given::Rate("reduction frequency", &mut k.reduction_frequency),
        Given::Rate("hop frequency", &mut k.hop_frequency),
        Given::Rate("advance frequency", &mut k.advance_frequency),
    ]
}

fn of(deck: &Deck) -> Setup {
    Setup {
        radius: deck.support.radius as i32,
        layers: deck.support.layers as i32,
        digging_depth: deck.support.digging_depth as i32,
        support: match deck.support.reducible {
            true => Support::Reducible,
            false => Support::Irreducible,
        },
        particle: deck.particle.present.then_some(ParticleSetup {
            radius: deck.particle.radius,
            embedding: deck.particle.embedding as i32,
        }),
        kinetics: kinetics(&deck.kinetics),
        temperature: deck.temperature.in_kelvin(),
        gas: Gas {
            hydrogen: value(deck.gas.hydrogen, "Pa"),
            oxygen: value(deck.gas.oxygen, "Pa"),
        },
        supply: match deck.gas.stirred {
            None => Supply::Fixed,
            Some(StirredGas { flow, residence }) => Supply::Stirred {
                flow: value(flow, "m^3/s"),
                residence: residence.map_or(Supply::RESIDENCE, |time| value(time, "s")),
            },
        },
        diffusion: match deck.diffusion {
            IronDiffusion::Followed => Diffusion::Followed,
            IronDiffusion::Equilibrated => Diffusion::Equilibrated,
        },
        time_step: value(deck.timestep, "s"),
    }
}

fn kinetics(k: &LoopingKinetics) -> Kinetics {
    let energy = |energy: frit_units::Energy| value(energy, "eV");
    let rate = |rate: frit_units::Rate| value(rate, "1/s");
    Kinetics {
        hydrogen_barrier: energy(k.hydrogen_barrier),
        bare_hydrogen_barrier: energy(k.bare_hydrogen_barrier),
        hydrogen_sticking: k.hydrogen_sticking,
        hydrogen_desorption: energy(k.hydrogen_desorption),
        bare_hydrogen_desorption: energy(k.bare_hydrogen_desorption),
        desorption_frequency: rate(k.desorption_frequency),
        oxygen_sticking: k.oxygen_sticking,
        removal_frequency: rate(k.removal_frequency),
        removal_barrier: energy(k.removal_barrier),
        reduction_frequency: rate(k.reduction_frequency),
        reduction_barrier: energy(k.reduction_barrier),
        bare_reduction_barrier: energy(k.bare_reduction_barrier),
        ledge_energy: energy(k.ledge_energy),
        hop_frequency: rate(k.hop_frequency),
        hop_barrier: energy(k.hop_barrier),
        hop_limit: rate(k.hop_limit),
        climb_barrier: energy(k.climb_barrier),
        oxidation_sticking: k.oxidation_sticking,
        oxidation_barrier: energy(k.oxidation_barrier),
        nucleation_barrier: energy(k.nucleation_barrier),
        hydrogen_reach: k.hydrogen_reach,
        mobile_limit: k.mobile_limit,
        advance_frequency: rate(k.advance_frequency),
        advance_barrier: energy(k.advance_barrier),
        advance_limit: rate(k.advance_limit),
        turn_exponent: k.turn_exponent,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_deck_without_values_has_the_defaults_of_the_model() {
        let text = "[looping]\nduration = \"1000 s\"\ntemperature = \"700 °C\"\n";
        let deck = LoopingDeck::parse(Path::new("deck.toml"), text, &[]).unwrap();
        let found = resolve(&deck).unwrap();
        assert_eq!(found.steps, 10_000);
        let expected = Setup::standard(973.15);
        assert_eq!(found.setup.gas, expected.gas);
        assert_eq!(found.setup.particle, expected.particle);
        assert_eq!(
            (
                found.setup.radius,
                found.setup.layers,
                found.setup.digging_depth
            ),
            (expected.radius, expected.layers, expected.digging_depth)
        );
        for parameter in Kinetics::PARAMETERS {
            let [found, expected] =
                [found.setup.kinetics, expected.kinetics].map(|k| (parameter.value)(&k));
            // Units are converted once.
            let error = (found - expected).abs();
            assert!(error <= 4.0 * f64::EPSILON * expected, "{}", parameter.name);
        }
    }
}

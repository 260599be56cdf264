//! Initial velocities, and taking rigid motions out of them.

use frit_atoms::System;
use frit_engine::random::{Purpose, Streams};
use frit_units::constants::MechanicalConstants;

use crate::measure::{
    AtRest, Selection, angular_momentum, angular_velocity, centre_of_mass, degrees_of_freedom,
    inertia, kinetic_energy, mass, momentum, temperature as temperature_of,
};
use crate::parameter::{ParameterError, not_negative};

/// Gives the selected atoms velocities of a temperature [K]: Maxwell's distribution, less the rigid
/// motions that are to be at rest, scaled to exactly this temperature of the remaining degrees of
/// freedom.
///
/// The numbers of an atom depend on the seed and its id alone, not on the order of the atoms.
///
/// # Errors
/// The temperature must be finite and not negative.
pub fn initialise_velocities(
    system: &mut System,
    selection: Selection,
    temperature: f64,
    at_rest: AtRest,
    streams: Streams,
    constants: &MechanicalConstants,
) -> Result<(), ParameterError> {
    not_negative("temperature of the initial velocities", temperature, "K")?;
    let thermal_energy = constants.boltzmann * temperature;
    let widths: Vec<f64> = system
        .species
        .iter()
        .map(|s| (thermal_energy / (s.mass * constants.mass_velocity2_to_energy)).sqrt())
        .collect();
    let atoms = system.atoms.split_mut();
    for place in 0..atoms.velocity.len() {
        if selection.contains(atoms.group[place]) {
            let mut stream = streams.stream(Purpose::Velocities, 0, u64::from(atoms.id[place]));
            let [x, y] = stream.normal_pair();
            let z = stream.normal();
            atoms.velocity[place] =
                widths[usize::from(atoms.species[place])] * frit_atoms::Vector::new(x, y, z);
        }
    }
    match at_rest {
        AtRest::Nothing => {}
        // Of several bodies each is selected in turn.
        AtRest::Translation | AtRest::Held { .. } => remove_momentum(system, selection),
        AtRest::TranslationAndRotation => {
            remove_momentum(system, selection);
            remove_angular_momentum(system, selection);
        }
    }
    let freedom = degrees_of_freedom(system, selection, at_rest);
    let kinetic = kinetic_energy(system, selection, constants);
    let found = temperature_of(kinetic, freedom, constants);
    // Without degrees of freedom the velocities are rounding errors, and so is their temperature.
    let scale = if found > 0.0 {
        (temperature / found).sqrt()
    } else {
        0.0
    };
    for_selected(system, selection, |_, velocity| *velocity *= scale);
    Ok(())
}

/// How often a rigid motion is taken out: once leaves the rounding errors of the thermal
/// velocities, twice those of what was left.
const PASSES: usize = 2;

/// Brings the centre of mass of the selected atoms to rest.
pub fn remove_momentum(system: &mut System, selection: Selection) {
    let mass = mass(system, selection);
    for _ in 0..PASSES {
        let drift = momentum(system, selection) / mass;
        for_selected(system, selection, |_, velocity| *velocity -= drift);
    }
}

/// Stops the rotation of the selected atoms about their centre of mass.
///
/// Right for single atoms and atoms on a line too: axes without inertia are left alone.
pub fn remove_angular_momentum(system: &mut System, selection: Selection) {
    let Some(centre) = centre_of_mass(system, selection) else {
        return;
    };
    let inertia = inertia(system, selection);
    for _ in 0..PASSES {
        let spin = angular_velocity(&inertia, &angular_momentum(system, selection));
        for_selected(system, selection, |position, velocity| {
            *velocity -= spin.cross(&(position - centre));
        });
    }
}

/// Calls `change(unwrapped position, velocity)` for each selected atom.
fn for_selected(
    system: &mut System,
    selection: Selection,
    change: impl Fn(&frit_atoms::Vector, &mut frit_atoms::Vector),
) {
    let cell = system.cell;
    let atoms = system.atoms.split_mut();
    for place in 0..atoms.velocity.len() {
        if selection.contains(atoms.group[place]) {
            let position = atoms.position[place] + cell.translation(atoms.image[place]);
            change(&position, &mut atoms.velocity[place]);
        }
    }
}

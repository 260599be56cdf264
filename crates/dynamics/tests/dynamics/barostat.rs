//! The isobaric ensemble.

use frit_atoms::{Cell, System, Vector};
use frit_dynamics::measure::{kinetic_energy, momentum, pressure, thermal_pressure};
use frit_dynamics::{
    AtRest, CellRescaling, Dynamics, Ensemble, ForceField, Isobaric, Ramp, Rescaling, Selection,
    Setup, SetupError,
};
use frit_engine::random::{Purpose, Streams};
use frit_potentials::Request;

use crate::models::{
    CODATA, Well, crystal, dynamics, force_field, gas, heat, smooth_argon, system,
};
use crate::statistics::{
    Estimate, KOLMOGOROV_LIMIT, SIGMAS, correlation_time, gamma_cumulative, kolmogorov, range,
};

fn isobaric(
    temperature: f64,
    pressure: f64,
    compressibility: f64,
    times: [f64; 2],
    interval: u64,
    freedom: usize,
) -> Ensemble {
    let [thermostat, barostat] = times;
    let pressure = Ramp::constant(pressure);
    Ensemble::Isobaric(Isobaric {
        thermostat: Rescaling::new(Ramp::constant(temperature), thermostat, freedom, &CODATA)
            .unwrap(),
        barostat: CellRescaling::new(pressure, compressibility, barostat, interval, &CODATA)
            .unwrap(),
    })
}

#[test]
fn an_ideal_gas_has_the_exact_distribution_of_volumes() {
    // N atoms: V^N exp(-P V/(k T)), the gamma distribution of shape N + 1, though the momentum of
    // the centre of mass is at rest.
    const ATOMS: usize = 16;
    const TEMPERATURE: f64 = 300.0;
    let thermal = CODATA.boltzmann * TEMPERATURE;
    let target = ATOMS as f64 * thermal / 1000.0;
    let cell = Cell::orthogonal([10.0; 3], [true; 3]).unwrap();
    let mut stream = Streams::new(3).stream(Purpose::Test, 1, 0);
    let places: Vec<Vector> = (0..ATOMS)
        .map(|_| 10.0 * Vector::new(stream.uniform(), stream.uniform(), stream.uniform()))
        .collect();
    let mut system = system(cell, &places);
    heat(&mut system, TEMPERATURE, AtRest::Translation);
    let mut forces = force_field(Well { stiffness: 0.0 }, 0.1);
    // Moves every 0.02 ps with a relaxation time of 1 ps: the Euler step broadens the variance by
    // about their ratio over four, 0.5 %.
    let freedom = 3 * ATOMS - 3;
    let ensemble = isobaric(TEMPERATURE, target, 1.0 / target, [0.05, 1.0], 2, freedom);
    let mut dynamics = dynamics(ensemble, 0.01, &mut system, &mut forces);
    let mut volumes = Vec::new();
    let (mut pressures, mut of_motion) = (Vec::new(), Vec::new());
    for step in 0..400_000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        if step % 20 == 0 {
            let volume = system.cell.volume();
            volumes.push(target * volume / thermal);
            let kinetic = kinetic_energy(&system, Selection::All, &CODATA);
            let rest = AtRest::Translation;
            let virial = &forces.evaluation().virial;
            pressures.push(thermal_pressure(kinetic, freedom, rest, virial, volume) / target);
            of_motion.push(pressure(kinetic, virial, volume) / target);
        }
    }
    // The mean pressure is the target; without the momentum at rest a sixteenth is missing.
    let [all, moving] = [&pressures, &of_motion].map(|values| Estimate::of(values));
    println!("pressure {all:?}, of the motion alone {moving:?}");
    assert!(all.sigmas_from(1.0) < SIGMAS, "{all:?}");
    assert!(
        moving.sigmas_from(1.0 - 1.0 / ATOMS as f64) < SIGMAS,
        "{moving:?}"
    );
    assert!(moving.sigmas_from(1.0) > SIGMAS, "{moving:?}");
    let shape = ATOMS as f64 + 1.0;
    let mean = Estimate::of(&volumes);
    let squares: Vec<f64> = volumes.iter().map(|v| (v - shape).powi(2)).collect();
    let variance = Estimate::of(&squares);
    let time = correlation_time(&volumes);
    let independent: Vec<f64> = volumes
        .iter()
        .copied()
        .step_by((2.0 * time).ceil() as usize)
        .collect();
    let kolmogorov = kolmogorov(&independent, |v| gamma_cumulative(shape, v));
    println!("{mean:?} {variance:?} time {time} kolmogorov {kolmogorov}");
    assert!(volumes.len() as f64 > 320.0 * time);
    assert!(mean.sigmas_from(shape) < SIGMAS, "{mean:?}");
    assert!(variance.sigmas_from(shape) < SIGMAS, "{variance:?}");
    assert!(kolmogorov < KOLMOGOROV_LIMIT, "{kolmogorov}");
    assert!(momentum(&system, Selection::All).norm() < 1e-9);
}

const COMPRESSIBILITY: f64 = 100.0;
const TEMPERATURE: f64 = 150.0;

/// A liquid of 32 argon atoms at a pressure [eV/Å³], after its equilibration.
fn liquid(pressure: f64) -> (System, ForceField, Dynamics) {
    let mut system = crystal(2, 6.2, TEMPERATURE);
    let mut forces = smooth_argon();
    let ensemble = isobaric(TEMPERATURE, pressure, COMPRESSIBILITY, [0.1, 0.5], 5, 93);
    let mut dynamics = dynamics(ensemble, 0.008, &mut system, &mut forces);
    for _ in 0..3000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
    }
    (system, forces, dynamics)
}

#[test]
fn volumes_of_a_liquid_at_two_pressures_belong_to_one_free_energy() {
    // Reweighting one run to the pressure of the other must give its mean volume (the test of
    // Shirts 2013, doi:10.1021/ct300688p): true for the right distribution alone, whatever the
    // interaction. The mean pressure, with the momenta at rest, must be the target.
    const PRESSURES: [f64; 2] = [0.0010, 0.0013];
    let [low, high] = PRESSURES.map(|pressure| {
        let (mut system, mut forces, mut dynamics) = liquid(pressure);
        let mut volumes = Vec::new();
        let mut pressures = Vec::new();
        for step in 1..=40_000 {
            dynamics
                .advance(&mut system, &mut forces, Request::ALL)
                .unwrap();
            if step % 10 == 0 {
                let volume = system.cell.volume();
                let kinetic = kinetic_energy(&system, Selection::All, &CODATA);
                let virial = &forces.evaluation().virial;
                let rest = AtRest::Translation;
                pressures.push(thermal_pressure(kinetic, 93, rest, virial, volume));
                volumes.push(volume);
            }
        }
        let pressure_found = Estimate::of(&pressures);
        println!(
            "{pressure} {pressure_found:?} volume {:?} time {}",
            Estimate::of(&volumes),
            correlation_time(&volumes)
        );
        assert!(
            pressure_found.sigmas_from(pressure) < SIGMAS,
            "{pressure_found:?}"
        );
        volumes
    });
    let thermal = CODATA.boltzmann * TEMPERATURE;
    let weight =
        |volume: f64, sign: f64| (-sign * (PRESSURES[1] - PRESSURES[0]) * volume / thermal).exp();
    for (from, to, sign) in [(&low, &high, 1.0), (&high, &low, -1.0)] {
        let to = Estimate::of(to);
        let middle = from.iter().sum::<f64>() / from.len() as f64;
        // The weighted mean of V - ⟨V⟩ is zero; its scatter is that of the products.
        let products: Vec<f64> = from
            .iter()
            .map(|v| (v - to.mean) * weight(v - middle, sign))
            .collect();
        let norm = from.iter().map(|v| weight(v - middle, sign)).sum::<f64>() / from.len() as f64;
        let difference = Estimate::of(&products);
        let sigma = ((difference.sigma / norm).powi(2) + to.sigma.powi(2)).sqrt();
        println!("reweighted difference {} ± {sigma}", difference.mean / norm);
        assert!((difference.mean / norm / sigma).abs() < SIGMAS);
    }
}

#[test]
fn heat_and_work_are_accounted_for() {
    let (mut system, mut forces, mut dynamics) = liquid(0.0013);
    let unit = CODATA.boltzmann * TEMPERATURE;
    let (mut conserved, mut energies) = (Vec::new(), Vec::new());
    for _ in 0..6400 {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
        let potential = forces.evaluation().energy;
        conserved.push(dynamics.conserved(&system, potential) / unit);
        energies.push((potential + kinetic_energy(&system, Selection::All, &CODATA)) / unit);
    }
    let (error, natural) = (range(&conserved), range(&energies));
    println!("the conserved quantity varies by {error} k T, the energy by {natural} k T");
    // What is left are the errors of 1280 moves, some 0.01 k T each, adding up at random: far below
    // the energy that thermostat and barostat exchange.
    assert!(error < 0.05 * natural);
}

#[test]
fn a_cell_that_is_not_periodic_is_refused() {
    let system = gas(4, 1.0, 300.0, AtRest::Nothing);
    let setup = Setup::new(
        isobaric(300.0, 0.0, 1.0, [0.1, 1.0], 10, 9),
        0.01,
        Streams::new(1),
    );
    let error = Dynamics::new(setup, &system).unwrap_err();
    assert_eq!(
        error,
        SetupError::NotPeriodic {
            periodic: [false; 3]
        }
    );
}

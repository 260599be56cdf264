//! Thermostats: distributions, conserved quantities.

use frit_dynamics::measure::{angular_momentum, degrees_of_freedom, kinetic_energy, momentum};
use frit_dynamics::{
    AtRest, Ensemble, ForceField, Langevin, NoseHoover, Ramp, Rescaling, Selection,
};
use frit_potentials::Request;

use crate::models::{
    CODATA, Well, cluster, crystal, dynamics, dynamics_within, force_field, gas, smooth_argon,
};
use crate::statistics::{
    Estimate, KOLMOGOROV_LIMIT, SIGMAS, correlation_time, gamma_cumulative, kolmogorov, range,
};

fn nose_hoover(temperature: f64, time: f64, freedom: usize) -> Ensemble {
    Ensemble::NoseHoover(
        NoseHoover::new(Ramp::constant(temperature), time, freedom, &CODATA).unwrap(),
    )
}

fn rescaling(temperature: f64, time: f64, freedom: usize) -> Ensemble {
    Ensemble::Rescaling(
        Rescaling::new(Ramp::constant(temperature), time, freedom, &CODATA).unwrap(),
    )
}

fn langevin(temperature: f64, friction: f64) -> Ensemble {
    Ensemble::Langevin(Langevin::new(Ramp::constant(temperature), friction).unwrap())
}

/// Compares kinetic energies over k T with the gamma distribution of half the degrees of freedom:
/// mean and variance by blocks, the whole distribution by Kolmogorov's test on samples two
/// correlation times apart.
pub(crate) fn check_kinetic_energies(energies: &[f64], freedom: usize) {
    let shape = 0.5 * freedom as f64;
    let mean = Estimate::of(energies);
    let squares: Vec<f64> = energies.iter().map(|k| (k - shape).powi(2)).collect();
    let variance = Estimate::of(&squares);
    let time = correlation_time(energies);
    let stride = (2.0 * time).ceil() as usize;
    let independent: Vec<f64> = energies.iter().copied().step_by(stride).collect();
    let kolmogorov = kolmogorov(&independent, |k| gamma_cumulative(shape, k));
    let figures = format!(
        "{freedom} degrees of freedom, correlation time {time:.1} samples, {} independent: mean {} ± {} for {shape}, variance {} ± {}, Kolmogorov {kolmogorov:.2}",
        independent.len(),
        mean.mean,
        mean.sigma,
        variance.mean,
        variance.sigma
    );
    println!("{figures}");
    // Blocks must be much longer than the correlation time for their scatter to mean anything.
    assert!(energies.len() as f64 > 32.0 * 10.0 * time, "{figures}");
    assert!(mean.sigmas_from(shape) < SIGMAS, "{figures}");
    assert!(variance.sigmas_from(shape) < SIGMAS, "{figures}");
    assert!(kolmogorov < KOLMOGOROV_LIMIT, "{figures}");
}

/// Kinetic energies over k T of a warm argon liquid, every `stride` steps of 0.01 ps.
fn liquid_energies(
    ensemble: impl Fn(f64, usize) -> Ensemble,
    at_rest: AtRest,
    stride: usize,
) -> (Vec<f64>, usize) {
    const TEMPERATURE: f64 = 150.0;
    const SAMPLES: usize = 4000;
    let mut system = crystal(2, 6.9, TEMPERATURE);
    let mut forces = smooth_argon();
    let freedom = degrees_of_freedom(&system, Selection::All, at_rest);
    let ensemble = ensemble(TEMPERATURE, freedom);
    let mut dynamics = dynamics(ensemble, 0.01, &mut system, &mut forces);
    let mut energies = Vec::new();
    for step in 0..1000 + SAMPLES * stride {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        if step >= 1000 && step % stride == 0 {
            let kinetic = kinetic_energy(&system, Selection::All, &CODATA);
            energies.push(kinetic / (CODATA.boltzmann * TEMPERATURE));
        }
    }
    (energies, freedom)
}

#[test]
fn rescaling_gives_canonical_kinetic_energies() {
    let (energies, freedom) = liquid_energies(|t, f| rescaling(t, 0.1, f), AtRest::Translation, 10);
    check_kinetic_energies(&energies, freedom);
}

#[test]
fn nose_hoover_chains_give_canonical_kinetic_energies() {
    let (energies, freedom) =
        liquid_energies(|t, f| nose_hoover(t, 0.1, f), AtRest::Translation, 10);
    check_kinetic_energies(&energies, freedom);
}

#[test]
fn langevin_dynamics_gives_canonical_kinetic_energies() {
    let (energies, freedom) = liquid_energies(|t, _| langevin(t, 5.0), AtRest::Nothing, 10);
    check_kinetic_energies(&energies, freedom);
}

#[test]
fn rescaling_alone_is_exact_for_any_number_of_degrees_of_freedom() {
    // Without forces the kinetic energy is a Markov chain of known correlation exp(-Δt/τ).
    for (atoms, at_rest, freedom) in [
        (1, AtRest::Nothing, 3),
        (2, AtRest::TranslationAndRotation, 1),
        (11, AtRest::Translation, 30),
    ] {
        let mut system = gas(atoms, 1.0, 300.0, at_rest);
        let found = degrees_of_freedom(&system, Selection::All, at_rest);
        assert_eq!(found, freedom);
        let mut forces = force_field(Well { stiffness: 0.0 }, 1e6);
        let ensemble = rescaling(300.0, 0.01, freedom);
        let mut dynamics = dynamics(ensemble, 0.01, &mut system, &mut forces);
        let energies: Vec<f64> = (0..20_000)
            .map(|_| {
                dynamics
                    .advance(&mut system, &mut forces, Request::FORCES)
                    .unwrap();
                kinetic_energy(&system, Selection::All, &CODATA) / (CODATA.boltzmann * 300.0)
            })
            .collect();
        check_kinetic_energies(&energies, freedom);
        // (1 + c)/(1 - c) with c = 1/e is 2.16.
        assert!((correlation_time(&energies) - 2.16).abs() < 0.3);
    }
}

#[test]
fn langevin_dynamics_of_an_oscillator_has_the_exact_mean_square_displacement() {
    // BAOAB has no error in <x²> of an oscillator, at any time step below the limit of stability;
    // the mean square velocity is smaller by the factor 1 - (ω Δt)²/4.
    const STIFFNESS: f64 = 1.0;
    const TEMPERATURE: f64 = 100.0;
    const ATOMS: usize = 200;
    let mut system = gas(ATOMS, 0.05, TEMPERATURE, AtRest::Nothing);
    let mut forces = force_field(
        Well {
            stiffness: STIFFNESS,
        },
        1e6,
    );
    let omega = (STIFFNESS * CODATA.force_to_acceleration / system.mass(0)).sqrt();
    let time_step = 1.2 / omega;
    let ensemble = langevin(TEMPERATURE, 0.5 * omega);
    let mut dynamics = dynamics_within(10.0, ensemble, time_step, &mut system, &mut forces);
    let thermal = CODATA.boltzmann * TEMPERATURE;
    let (mut places, mut speeds) = (Vec::new(), Vec::new());
    for step in 0..16_000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        if step >= 100 {
            let (mut place, mut speed) = (0.0, 0.0);
            for k in (0..ATOMS).filter(|&k| system.atoms.species()[k] == 0) {
                place += STIFFNESS * system.atoms.position()[k].norm_squared();
                speed += system.mass(k)
                    * CODATA.mass_velocity2_to_energy
                    * system.atoms.velocity()[k].norm_squared();
            }
            let components = 3.0 * (ATOMS / 2) as f64 * thermal;
            places.push(place / components);
            speeds.push(speed / components);
        }
    }
    let (place, speed) = (Estimate::of(&places), Estimate::of(&speeds));
    println!("{place:?} {speed:?}");
    assert!(place.sigmas_from(1.0) < SIGMAS, "{place:?}");
    assert!(
        speed.sigmas_from(1.0 - 0.25 * 1.2 * 1.2) < SIGMAS,
        "{speed:?}"
    );
}

/// Root mean square deviation of the conserved quantity at eight common times.
fn conserved_error(ensemble: Ensemble, time_step: f64) -> f64 {
    let mut system = crystal(2, 6.9, 150.0);
    let mut forces = smooth_argon();
    let mut dynamics = dynamics(ensemble, time_step, &mut system, &mut forces);
    let start = dynamics.conserved(&system, forces.evaluation().energy);
    let steps = (0.0625 / time_step).round() as u64;
    let mut sum = 0.0;
    for step in 1..=8 * steps {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
        if step % steps == 0 {
            sum += (dynamics.conserved(&system, forces.evaluation().energy) - start).powi(2);
        }
    }
    (sum / 8.0).sqrt()
}

#[test]
fn the_conserved_quantity_of_a_nose_hoover_chain_errs_with_the_square_of_the_time_step() {
    for temperature in [Ramp::constant(150.0), Ramp::linear(120.0, 180.0, 64)] {
        // The ramp is given in steps: as many as cover 0.5 ps.
        let error = |time_step: f64| {
            let [from, to] = temperature.ends();
            let ramp = Ramp::linear(from, to, (0.5 / time_step) as u64);
            let chain = NoseHoover::new(ramp, 0.05, 93, &CODATA).unwrap();
            conserved_error(Ensemble::NoseHoover(chain), time_step)
        };
        let errors = [1.0 / 128.0, 1.0 / 256.0, 1.0 / 512.0].map(error);
        for (pair, tolerance) in errors.windows(2).zip([0.1, 0.03]) {
            let ratio = pair[0] / pair[1];
            assert!((ratio / 4.0 - 1.0).abs() < tolerance, "{errors:?}");
        }
    }
}

#[test]
fn stochastic_thermostats_account_for_their_heat() {
    let unit = CODATA.boltzmann * 150.0;
    for ensemble in [rescaling(150.0, 0.1, 93), langevin(150.0, 5.0)] {
        let name = ensemble.name();
        let mut system = crystal(2, 6.9, 150.0);
        let mut forces = smooth_argon();
        let mut dynamics = dynamics(ensemble, 0.005, &mut system, &mut forces);
        let (mut conserved, mut energies) = (Vec::new(), Vec::new());
        for _ in 0..10_000 {
            dynamics
                .advance(&mut system, &mut forces, Request::ENERGY)
                .unwrap();
            let potential = forces.evaluation().energy;
            conserved.push(dynamics.conserved(&system, potential) / unit);
            energies.push((potential + kinetic_energy(&system, Selection::All, &CODATA)) / unit);
        }
        let (error, natural) = (range(&conserved), range(&energies));
        println!("{name}: conserved within {error} k T, energy within {natural} k T");
        // What is left is the error of velocity Verlet, 1e-3 k T an atom at this time step.
        assert!(error < 0.01 * natural, "{name}: {error}, {natural}");
    }
}

fn run(system: &mut frit_atoms::System, forces: &mut ForceField, ensemble: Ensemble, steps: u64) {
    let mut dynamics = dynamics(ensemble, 0.005, system, forces);
    for _ in 0..steps {
        dynamics.advance(system, forces, Request::FORCES).unwrap();
    }
}

#[test]
fn global_thermostats_keep_momentum_and_angular_momentum_at_zero() {
    for ensemble in [nose_hoover(60.0, 0.1, 90), rescaling(60.0, 0.1, 90)] {
        assert!(ensemble.conserves_momentum());
        let mut system = cluster(2, 60.0);
        let mut forces = smooth_argon();
        run(&mut system, &mut forces, ensemble, 2000);
        // 2000 roundings of momenta of about 50 u Å/ps an atom, arms of 10 Å.
        assert!(momentum(&system, Selection::All).norm() < 1e-9);
        assert!(angular_momentum(&system, Selection::All).norm() < 1e-8);
    }
    assert!(!langevin(1.0, 1.0).conserves_momentum());
}

#[test]
fn rescaling_gives_no_momentum_to_particles_that_do_not_touch() {
    // Two clusters 40 Å apart, each at rest: where plain Langevin noise would make them drift.
    let mut system = cluster(3, 60.0);
    for place in 0..system.atoms.len() {
        if system.atoms.group()[place] == 1 {
            system.atoms.position_mut()[place].x += 40.0;
        }
    }
    let particles = [Selection::Group(0), Selection::Group(1)];
    for particle in particles {
        frit_dynamics::remove_momentum(&mut system, particle);
        frit_dynamics::remove_angular_momentum(&mut system, particle);
    }
    let mut forces = smooth_argon();
    run(&mut system, &mut forces, rescaling(60.0, 0.1, 318), 1000);
    for particle in particles {
        assert!(momentum(&system, particle).norm() < 1e-9);
        assert!(angular_momentum(&system, particle).norm() < 1e-8);
    }
}

#[test]
fn a_temperature_ramp_is_followed() {
    let mut system = crystal(2, 6.9, 100.0);
    let mut forces = smooth_argon();
    let ramp = Ramp::linear(100.0, 300.0, 4000);
    let thermostat = Rescaling::new(ramp, 0.02, 93, &CODATA).unwrap();
    let ensemble = Ensemble::Rescaling(thermostat);
    let mut dynamics = dynamics(ensemble, 0.005, &mut system, &mut forces);
    let mut ratios = Vec::new();
    for step in 0..4000 {
        dynamics
            .advance(&mut system, &mut forces, Request::FORCES)
            .unwrap();
        let kinetic = kinetic_energy(&system, Selection::All, &CODATA);
        let found = frit_dynamics::measure::temperature(kinetic, 93, &CODATA);
        ratios.push(found / ramp.during(step));
    }
    let ratio = Estimate::of(&ratios);
    assert!(ratio.sigmas_from(1.0) < SIGMAS, "{ratio:?}");
}

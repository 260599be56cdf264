//! Rows 20 to 22: Ostwald ripening.

use frit_engine::random::{Purpose, Streams};
use frit_migration::ripening::{Limit, MeanField, Potential, Ripening, self_similar_radii};

use crate::common::{close, deviation, mean, slope};

/// The linear form with K = 1, in units of the first critical radius.
fn linear(limit: Limit) -> Ripening {
    Ripening {
        limit,
        rate: 1.0,
        energy: 0.0,
        potential: Potential::Linear,
        smallest_radius: 0.0,
    }
}

const LIMITS: [Limit; 3] = [Limit::Interface, Limit::Volume, Limit::Support];

/// Rows 21 and 22 with `count` particles; the exponent of N against Rc is -3 within `tolerance`.
fn ripens_as_theory_says(count: usize, tolerance: f64) {
    let ends = [8.0, 12.0, 14.0];
    let theory = [
        (0.5000, 0.3536, 0.8889),
        (0.4444, 0.2151, 1.0),
        (0.4219, 0.1520, 1.0338),
    ];
    for ((limit, end), (growth, spread, ratio)) in LIMITS.into_iter().zip(ends).zip(theory) {
        let n = f64::from(limit.exponent());
        close("growth", ((n - 1.0) / n).powf(n - 1.0), growth, 2e-4);
        let field = MeanField::new(&linear(limit), 300.0);
        let mut radii = self_similar_radii(limit, count);
        close(
            "cv at the start",
            deviation(&radii) / mean(&radii),
            spread,
            0.002,
        );
        let mut pool = 0.0;
        let (mut times, mut powers) = (Vec::new(), Vec::new());
        let (mut logs, mut numbers) = (Vec::new(), Vec::new());
        const LOOKS: u32 = 40;
        for look in 1..=LOOKS {
            field
                .advance(&mut radii, &mut pool, end / f64::from(LOOKS))
                .unwrap();
            radii.retain(|&radius| radius > 0.0);
            if look < LOOKS / 4 {
                continue;
            }
            let critical = field.critical_radius(&radii);
            times.push(end * f64::from(look) / f64::from(LOOKS));
            powers.push(critical.powf(n));
            logs.push(critical.ln());
            numbers.push((radii.len() as f64).ln());
        }
        close("d(Rc^n)/dt", slope(&times, &powers), growth, 0.01);
        assert!(
            (slope(&logs, &numbers) + 3.0).abs() < tolerance,
            "{}",
            slope(&logs, &numbers)
        );
        close("cv", deviation(&radii) / mean(&radii), spread, 0.01);
        close(
            "mean/Rc",
            mean(&radii) / field.critical_radius(&radii),
            ratio,
            0.01,
        );
    }
}

#[test]
fn rows_21_and_22_ripening_is_self_similar() {
    // A quarter of the particles, twice the bound for many.
    ripens_as_theory_says(10_000, 0.02);
}

#[test]
#[ignore = "slow: 40 000 particles, about 10 s"]
fn rows_21_and_22_ripening_is_self_similar_for_many_particles() {
    ripens_as_theory_says(40_000, 0.01);
}

#[test]
fn row_20_ripening_keeps_mass_without_rescaling() {
    let copper = Potential::COPPER;
    let campbell = Potential::Campbell {
        surface_energy: 1.78,
        adhesion_energy: 0.8,
        atomic_volume: 1.18e-29,
    };
    for limit in LIMITS {
        for potential in [Potential::Linear, copper, campbell] {
            let mut stream = Streams::new(40).stream(Purpose::Test, 0, 0);
            let mut radii: Vec<f64> = (0..2000)
                .map(|_| 2e-9 * (0.4 * stream.normal()).exp())
                .collect();
            let ripening = Ripening {
                limit,
                // R_c^n doubles in about a second.
                rate: 2e-9_f64.powi(limit.exponent() as i32),
                energy: 0.0,
                potential,
                smallest_radius: 0.3e-9,
            };
            let field = MeanField::new(&ripening, 773.15);
            let volume = |radii: &[f64]| radii.iter().map(|r| r.powi(3)).sum::<f64>();
            let (start, mut pool) = (volume(&radii), 0.0);
            for _ in 0..100 {
                field.advance(&mut radii, &mut pool, 0.01).unwrap();
                radii.retain(|&radius| radius > 0.0);
                // All steps together, and to rounding: the bound is 1e-9 for one.
                close("volume", volume(&radii) + pool, start, 1e-11);
                assert!(
                    pool >= -1e-12 * start && pool < 1e-3 * start,
                    "{pool:e} {start:e}"
                );
            }
            assert!(
                radii.len() < 1900,
                "{limit:?} {potential:?}: {}",
                radii.len()
            );
            assert!(radii.iter().all(|&r| (0.3e-9..20e-9).contains(&r)));
        }
    }
}

#[test]
fn the_exponential_form_becomes_the_linear_one_for_large_particles() {
    // 2γΩ/kT is 4 nm; at 1 µm the forms differ by a few parts in a thousand of the driving force.
    let start: Vec<f64> = self_similar_radii(Limit::Volume, 300)
        .iter()
        .map(|z| z * 1e-6)
        .collect();
    let run = |potential| {
        let ripening = Ripening {
            limit: Limit::Volume,
            rate: 1e-18,
            energy: 0.0,
            potential,
            smallest_radius: 1e-9,
        };
        let (mut radii, mut pool) = (start.clone(), 0.0);
        MeanField::new(&ripening, 773.15)
            .advance(&mut radii, &mut pool, 0.1)
            .unwrap();
        radii
    };
    let (linear, full) = (run(Potential::Linear), run(Potential::COPPER));
    for k in 100..300 {
        let (change, other) = (linear[k] - start[k], full[k] - start[k]);
        assert!(
            (change - other).abs() < 0.02 * change.abs() + 1e-10,
            "{k}: {change} {other}"
        );
    }
}

#[test]
fn chemical_potentials_have_their_closed_forms() {
    // 2 x 1.78 x 1.18e-29 / 1e-9.
    close(
        "Gibbs-Thomson",
        Potential::COPPER.value(1e-9),
        4.2008e-20,
        1e-6,
    );
    let campbell = Potential::Campbell {
        surface_energy: 1.78,
        adhesion_energy: 0.8,
        atomic_volume: 1.18e-29,
    };
    // A hemisphere of 1 µm, where the factor of small ones is 1: μ = dG/dn by differences, with
    // G = (3γ - E_adh) π D²/4 and a volume π D³/12.
    let energy = |volume: f64| {
        let diameter = (12.0 * volume / std::f64::consts::PI).cbrt();
        4.54 * std::f64::consts::PI * diameter * diameter / 4.0
    };
    let radius = 1e-6 / 16.0_f64.cbrt();
    let volume = 4.0 / 3.0 * std::f64::consts::PI * radius.powi(3);
    let change = 1e-4 * volume;
    let slope = (energy(volume + change) - energy(volume - change)) / (2.0 * change);
    close(
        "Campbell, large",
        campbell.value(radius),
        1.18e-29 * slope,
        0.002,
    );
    // D = 1.5 nm: twice the large form.
    let small = campbell.value(1.5e-9 / 16.0_f64.cbrt());
    close(
        "Campbell, small",
        small,
        4.54 * 2.0 * 2.0 * 1.18e-29 / 1.5e-9,
        1e-12,
    );
}

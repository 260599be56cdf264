//! Against figures of the paper, brute force and an independent program.

use super::*;

/// Reference values are given with seven digits.
const DIGITS: f64 = 1e-6;

fn cases() -> [Dispersion; 3] {
    [(773.0, -0.16), (773.0, -0.65), (300.0, -0.16)]
        .map(|(temperature, enthalpy)| Dispersion::new(1600, temperature, enthalpy).unwrap())
}

#[test]
fn the_critical_concentration_is_that_of_the_paper() {
    let (ours, printed) = (
        [3.223395e-2, 2.127400e-5, 7.542167e-4],
        [0.032, 2.1e-5, 7.6e-4],
    );
    for (k, case) in cases().iter().enumerate() {
        let found = case.critical_concentration();
        assert!((found / ours[k] - 1.0).abs() < DIGITS, "{found}");
        // Two digits are printed. The third needs 300.4 K or -0.1598 eV to come out as printed.
        assert!((found / printed[k] - 1.0).abs() < 0.02, "{found}");
    }
}

#[test]
fn the_free_energy_is_that_of_an_independent_program() {
    // scipy.special.gammaln with 1600 sites and 50 atoms; four digits after the point.
    let expected = [2.8084, -21.6916, -3.8053];
    for (case, expected) in cases().iter().zip(expected) {
        let found = case.balance(50).unwrap();
        assert!((found.total() - expected).abs() < 2e-4, "{found:?}");
        assert!(found.sintering < 0.0 && found.redispersion > 0.0);
    }
    let cold = Dispersion::new(1600, 473.0, -0.16)
        .unwrap()
        .balance(50)
        .unwrap();
    assert!((cold.total() + 1.3863).abs() < 2e-4);
}

#[test]
fn the_maximum_is_the_one_of_brute_force() {
    for sites in [1, 2, 99, 100, 1600, 10_000, 1_000_000] {
        for (temperature, enthalpy) in
            [(773.0, -0.16), (773.0, -0.65), (300.0, -0.16), (500.0, 0.3)]
        {
            let case = Dispersion::new(sites, temperature, enthalpy).unwrap();
            let maximum = case.maximum();
            let best = (0..=sites)
                .map(|atoms| (atoms, case.terms(atoms).total()))
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .unwrap();
            assert_eq!(maximum.atoms, best.0..=best.0, "{case:?}");
            let by_formula = ((sites + 1) as f64 * case.critical_concentration()).floor();
            assert_eq!(best.0 as f64, by_formula);
        }
    }
    let numbers = |sites| {
        cases().map(|case| {
            let case = Dispersion { sites, ..case };
            *case.maximum().atoms.end()
        })
    };
    assert_eq!(numbers(1600), [51, 0, 1]);
    assert_eq!(numbers(10_000), [322, 0, 7]);
    assert_eq!(numbers(1_000_000), [32_233, 21, 754]);
}

#[test]
fn a_tie_gives_both_numbers() {
    // Δh = kT makes c* = 1/2; 3 sites then have (M + 1) c* = 2.
    let temperature = 300.0;
    let case = Dispersion::new(3, temperature, BOLTZMANN * temperature).unwrap();
    assert_eq!(case.maximum().atoms, 1..=2);
    let [one, two] = [1, 2].map(|atoms| case.balance(atoms).unwrap().total());
    assert!((one - two).abs() < 1e-15);
}

#[test]
fn heights_of_the_maximum_can_be_negative() {
    let heights = cases().map(|case| case.maximum().balance.total());
    for (found, expected) in heights.into_iter().zip([2.809, -0.491, -0.186]) {
        assert!((found - expected).abs() < 1e-3, "{found}");
    }
}

#[test]
fn the_dispersed_range_is_where_the_free_energy_is_positive() {
    let range = |sites, case: usize| {
        let case = Dispersion {
            sites,
            ..cases()[case]
        };
        case.dispersed_range()
    };
    assert_eq!(range(1600, 0), Some(3..=127));
    assert_eq!(range(10_000, 0), Some(2..=852));
    assert_eq!(range(1_000_000, 0), Some(2..=86_570));
    assert_eq!(range(1_000_000, 1), Some(8..=36));
    assert_eq!(range(10_000, 1), None);
    assert_eq!(range(1600, 1), None);
    assert_eq!(range(1600, 2), None);
}

#[test]
fn the_switch_is_where_the_free_energy_vanishes() {
    for (enthalpy, expected) in [(-0.16, 572.15), (-0.65, 2324.4)] {
        let found = switch_temperature(50, 1600, enthalpy).unwrap().unwrap();
        assert!((found / expected - 1.0).abs() < 2e-5, "{found}");
        let there = Dispersion::new(1600, found, enthalpy).unwrap();
        assert!(there.balance(50).unwrap().total().abs() < 1e-12);
    }
    // Adatoms that gain nothing by gathering are dispersed at all temperatures.
    assert_eq!(switch_temperature(50, 1600, 0.1).unwrap(), None);
}

#[test]
fn contours_are_straight_lines_through_the_origin() {
    let at_773 = [
        -0.0797, -0.2395, -0.3935, -0.5469, -0.7003, -0.8537, -1.0070,
    ];
    let map = ConcentrationMap::of_figure().unwrap();
    let step = map.enthalpies[1] - map.enthalpies[0];
    for (k, expected) in at_773.into_iter().enumerate() {
        let exponent = -(k as i32) - 1;
        let concentration = 10_f64.powi(exponent);
        let found = contour_enthalpy(concentration, 773.0).unwrap();
        assert!((found - expected).abs() < 1e-4, "{found}");
        let line = map.contour(f64::from(exponent));
        assert!(!line.is_empty());
        for [temperature, enthalpy] in line {
            let exact = contour_enthalpy(concentration, temperature).unwrap();
            assert!(
                (enthalpy - exact).abs() < step,
                "{temperature} K: {enthalpy} {exact}"
            );
        }
    }
}

#[test]
fn impossible_questions_are_refused() {
    assert_eq!(
        Dispersion::new(0, 300.0, -0.1),
        Err(DispersionError::NoSites)
    );
    let too_many = Dispersion::new(10, 300.0, -0.1).unwrap().balance(11);
    assert_eq!(
        too_many.unwrap_err().to_string(),
        "11 atoms do not fit on 10 sites; there can be at most one on each"
    );
    let frozen = Dispersion::new(10, -3.0, -0.1).unwrap_err();
    assert_eq!(
        frozen.to_string(),
        "the temperature is -3 K; it must be positive and finite"
    );
    assert!(Dispersion::new(10, 300.0, f64::NAN).is_err());
    assert!(contour_enthalpy(1.0, 300.0).is_err());
}

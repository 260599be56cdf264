//! Quantities as people write them, what is refused, and laws that hold for any text.

use frit_units::{
    Diffusivity, Dimension, Energy, Force, HeatingRate, Length, Mass, Pressure, Quantity,
    QuantityErrorKind, Rate, Speed, SurfaceEnergy, Temperature, Time, constants, kind, known_units,
};
use proptest::prelude::*;

fn refused<K: frit_units::Kind>(text: &str) -> String {
    let error = text.parse::<Quantity<K>>().expect_err(text);
    assert!(text.is_char_boundary(error.span.start) && text.is_char_boundary(error.span.end));
    match error.help() {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    }
}

#[test]
fn what_people_write() {
    let kelvin = |text: &str| text.parse::<Temperature>().unwrap().in_kelvin();
    assert_eq!(kelvin("1473 K"), 1473.0);
    assert_eq!(kelvin("1200 °C"), 1473.15);
    assert_eq!(kelvin("1200degC"), 1473.15);
    assert_eq!(kelvin("-5 ℃"), 268.15);

    for text in [
        "5.5 Å",
        "5.5 A",
        "5.5Å",
        "5.5 \u{212b}",
        "5.5 A\u{30a}",
        "5.5 angstrom",
        ".55 nm",
        "+5.5e0 Å",
    ] {
        assert_eq!(
            text.parse::<Length>().unwrap().in_angstroms(),
            5.5,
            "{text}"
        );
    }
    assert_eq!("31 Å".parse::<Length>().unwrap().in_metres(), 31e-10);

    let picoseconds = |text: &str| text.parse::<Time>().unwrap().in_picoseconds();
    assert_eq!(picoseconds("465 ps"), 465.0);
    assert_eq!(picoseconds("2 fs"), 0.002);
    assert_eq!(picoseconds("1 µs"), 1e6);
    assert_eq!(picoseconds("1 us"), 1e6);
    assert_eq!(picoseconds("2 h"), 7.2e15);

    for text in [
        "0.1 1/ps",
        "0.1 ps^-1",
        "0.1 /ps",
        "0.1 ps⁻¹",
        "100 1/ns",
        "0.1 THz",
    ] {
        assert_eq!(
            text.parse::<Rate>().unwrap().per_picosecond(),
            0.1,
            "{text}"
        );
    }
    assert_eq!("0.7 eV".parse::<Energy>().unwrap().in_electronvolts(), 0.7);
    assert_eq!("10 meV".parse::<Energy>().unwrap().in_electronvolts(), 0.01);
    assert_eq!("1 GPa".parse::<Pressure>().unwrap().in_bar(), 1e4);
    assert_eq!("1 bar".parse::<Pressure>().unwrap().in_pascals(), 1e5);
    assert_eq!(
        "2 eV/Å"
            .parse::<Force>()
            .unwrap()
            .in_electronvolts_per_angstrom(),
        2.0
    );
    assert_eq!(
        "1.5 Å/ps".parse::<Speed>().unwrap().in_metres_per_second(),
        150.0
    );
    assert_eq!(
        "195.08 u".parse::<Mass>().unwrap().in_atomic_mass_units(),
        195.08
    );
    assert_eq!(
        "3 K/ps"
            .parse::<HeatingRate>()
            .unwrap()
            .in_kelvin_per_picosecond(),
        3.0
    );
    for text in [
        "1.2 J/m^2",
        "1.2 J/m2",
        "1.2 J·m^-2",
        "1.2 J*m⁻²",
        "1200 mJ/m²",
        "1.2 J/m/m",
    ] {
        assert_eq!(
            text.parse::<SurfaceEnergy>()
                .unwrap()
                .in_joules_per_square_metre(),
            1.2,
            "{text}"
        );
    }
    assert_eq!(
        "1 Å^2/ps"
            .parse::<Diffusivity>()
            .unwrap()
            .in_square_metres_per_second(),
        1e-8
    );
}

#[test]
fn internal_units_follow_from_the_constants() {
    let pressure: Pressure = "1 eV/Å^3".parse().unwrap();
    assert!((pressure.internal() - 1.0).abs() < 1e-15);
    assert!((pressure.in_bar() / constants::PRESSURE_TO_BAR - 1.0).abs() < 1e-15);
    let mass: Mass = "1 kg".parse().unwrap();
    assert!((mass.internal() * constants::ATOMIC_MASS_UNIT - 1.0).abs() < 1e-15);
    // 1 u (Å/ps)² in eV, once more by way of the parser.
    let energy: Energy = "1 u·Å^2/ps^2".parse().unwrap();
    assert!((energy.internal() / constants::MASS_VELOCITY2_TO_ENERGY - 1.0).abs() < 1e-15);
    let surface: SurfaceEnergy = "1 eV/Å^2".parse().unwrap();
    assert!((surface.internal() - 1.0).abs() < 1e-15);
    let back = Pressure::from_internal(pressure.internal()).unwrap();
    assert!((back.in_bar() / pressure.in_bar() - 1.0).abs() < 1e-15);
}

#[test]
fn refusals_teach() {
    let cases = [
        (
            refused::<kind::Temperature>("1473"),
            "expected a temperature, such as `1473 K` or `1200 °C`; `1473` has no unit",
        ),
        (
            refused::<kind::Temperature>("5 Å"),
            "expected a temperature, such as `1473 K` or `1200 °C`; found a length, `5 Å`",
        ),
        (
            refused::<kind::Temperature>("1200 C"),
            "found a charge, `1200 C`; `C` is the coulomb; a degree Celsius is written `°C` or `degC`",
        ),
        (
            refused::<kind::Temperature>("1473 k"),
            "`k` is not a known unit; did you mean `K`?",
        ),
        (
            refused::<kind::Temperature>("1473 Kelvin"),
            "did you mean `K`?",
        ),
        (refused::<kind::Temperature>(" "), "found an empty text"),
        (
            refused::<kind::Temperature>("hot"),
            "`hot` does not begin with a number",
        ),
        (
            refused::<kind::Temperature>("nan K"),
            "does not begin with a number",
        ),
        (
            refused::<kind::Temperature>("inf K"),
            "does not begin with a number",
        ),
        (
            refused::<kind::Temperature>("1e999 K"),
            "too large or too small",
        ),
        (
            refused::<kind::Temperature>("1e-999 K"),
            "too large or too small",
        ),
        (
            refused::<kind::Length>("1e300 Em"),
            "too large or too small",
        ),
        (
            refused::<kind::Length>("5,5 Å"),
            "the decimal sign is a point; write `5.5 Å`",
        ),
        (
            refused::<kind::Length>("5.5 parsec"),
            "`parsec` is not a known unit; units are for example Å",
        ),
        (
            refused::<kind::HeatingRate>("5 °C/ps"),
            "write `K`: a difference of 1 °C is 1 K",
        ),
        (refused::<kind::Temperature>("5 °C^1*K/K"), "cannot"),
        (refused::<kind::Force>("5 eV/Å*ps"), "ambiguous"),
        (
            refused::<kind::Force>("5 eV/"),
            "a unit is missing at its end",
        ),
        (refused::<kind::Force>("5 eV/(Å)"), "parentheses"),
        (
            refused::<kind::Length>("5 Å^"),
            "a whole number must follow `^`",
        ),
        (
            refused::<kind::Length>("5 Å^99"),
            "an exponent must lie between",
        ),
        (
            refused::<kind::Length>("5 Å^0"),
            "an exponent must lie between",
        ),
        (
            refused::<kind::Length>("5 6 Å"),
            "only the number 1 may stand in a unit",
        ),
        (
            refused::<kind::Force>("5 kJ/mol"),
            "found an energy per amount of substance",
        ),
        (
            refused::<kind::Rate>("5 Å^3/ps^2"),
            "found a quantity of dimension length^3·time^-2",
        ),
    ];
    for (message, fragment) in cases {
        assert!(message.contains(fragment), "`{message}` lacks `{fragment}`");
    }
}

#[test]
fn energies_per_amount_are_those_of_one_particle() {
    // The Faraday constant, 96485.33212 C/mol (CODATA), to its last printed digit.
    const DIGITS: f64 = 1e-10;
    let energy = |text: &str| text.parse::<frit_units::Energy>().unwrap();
    for (text, expected) in [
        ("96.48533212 kJ/mol", 1.0),
        ("-96485.33212 J/mol", -1.0),
        ("23.060547830 kcal/mol", 1.0),
        ("1 eV/mol", 1.660_539_067_17e-24),
    ] {
        let found = energy(text).in_electronvolts() / expected;
        assert!((found - 1.0).abs() < DIGITS, "{text}: {found}");
    }
    let back = energy("1 eV").in_unit("kJ/mol").unwrap();
    assert!((back / 96.485_332_12 - 1.0).abs() < DIGITS, "{back}");
}

#[test]
fn the_span_is_the_offending_part() {
    let error = "5.5 eV/Ångstrom".parse::<Force>().unwrap_err();
    assert_eq!(&"5.5 eV/Ångstrom"[error.span], "Ångstrom");
    assert!(matches!(error.kind, QuantityErrorKind::UnknownUnit { .. }));
}

#[test]
fn serde_reads_and_writes_strings() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Stage {
        temperature: Temperature,
    }
    let stage: Stage = toml::from_str("temperature = '1200 °C'").unwrap();
    assert_eq!(
        toml::to_string(&stage).unwrap(),
        "temperature = \"1473.15 K\"\n"
    );
    let error = toml::from_str::<Stage>("temperature = 1473")
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("expected a temperature"), "{error}");
    let error = toml::from_str::<Stage>("temperature = '3 k'")
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("did you mean `K`?"), "{error}");
}

#[test]
fn display_in_a_chosen_unit() {
    let temperature: Temperature = "1473.15 K".parse().unwrap();
    assert_eq!(temperature.display_in("°C").unwrap(), "1200 °C");
    assert_eq!(
        "1 bar"
            .parse::<Pressure>()
            .unwrap()
            .display_in("GPa")
            .unwrap(),
        "0.0001 GPa"
    );
    assert!(temperature.display_in("Å").is_err());
    assert_eq!(
        "1e-30 eV".parse::<Energy>().unwrap().to_string(),
        "1e-30 eV"
    );
    assert_eq!("-0 eV".parse::<Energy>().unwrap().to_string(), "0 eV");
}

#[test]
fn every_listed_unit_is_read() {
    for unit in known_units() {
        for symbol in unit.symbols {
            let text = format!("1 {symbol}");
            let readable = [
                text.parse::<Length>().is_ok() == (unit.dimension == Dimension::LENGTH),
                text.parse::<Temperature>().is_ok() == (unit.dimension == Dimension::TEMPERATURE),
                text.parse::<Energy>().is_ok() == (unit.dimension == Dimension::ENERGY),
            ];
            assert_eq!(readable, [true; 3], "{symbol}");
        }
    }
}

/// Reads the display of a value back.
fn round_trip<K: frit_units::Kind>(value: f64) {
    let quantity = Quantity::<K>::new(value, K::UNIT).expect("finite, own unit");
    let read: Quantity<K> = quantity.to_string().parse().expect("its own display");
    assert_eq!(read, quantity);
}

proptest! {
    #[test]
    fn display_reads_back_to_the_same_value(
        value in prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL
    ) {
        round_trip::<kind::Temperature>(value);
        round_trip::<kind::Length>(value);
        round_trip::<kind::Pressure>(value);
        round_trip::<kind::Force>(value);
        round_trip::<kind::Rate>(value);
        round_trip::<kind::SurfaceEnergy>(value);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = text.parse::<Temperature>();
        let _ = Length::new(1.0, &text);
    }

    #[test]
    fn near_quantities_are_read_or_refused(
        text in "[-+]?[0-9.,eE]{1,6}[ \u{a0}]?([fpnµumckMGT]?(Å|A|eV|K|°C|s|m|u|bar|Pa|C|1)[ ]?[*/·^²⁻0-9-]{0,4}){0,4}"
    ) {
        match text.parse::<Force>() {
            Ok(force) => prop_assert!(force.internal().is_finite()),
            Err(error) => {
                prop_assert!(text.get(error.span.clone()).is_some());
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn a_unit_and_its_prefixed_form_agree(number in -1e6..1e6f64) {
        let base: Length = format!("{number} nm").parse().unwrap();
        let scaled: Length = format!("{number}e-9 m").parse().unwrap();
        prop_assert!((base.internal() - scaled.internal()).abs() <= 1e-15 * base.internal().abs());
    }
}

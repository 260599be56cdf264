//! Quantities of a fixed kind, as types.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::constants::{ATOMIC_MASS_UNIT, AVOGADRO, ELEMENTARY_CHARGE, PRESSURE_TO_BAR};
use crate::dimension::Dimension;
use crate::error::{QuantityError, QuantityErrorKind};
use crate::parse;
use crate::scale::Scale;

/// What a [`Quantity`] is: its dimension, the unit its value is kept in, how to write it.
pub trait Kind: Copy + fmt::Debug + 'static {
    /// Name with article: "a temperature".
    const NAME: &'static str;
    /// Dimension of every unit that it may be written in.
    const DIMENSION: Dimension;
    /// Unit of the value kept, and of the display.
    const UNIT: &'static str;
    /// Internal units (Å, ps, eV, u, K) per [`Kind::UNIT`].
    const INTERNAL_PER_UNIT: f64;
    /// Two texts that a person may write.
    const EXAMPLES: [&'static str; 2];
    /// Smallest and largest magnitude beside zero, in [`Kind::UNIT`], that can be meant of matter
    /// in the laboratory: wide, but what lies outside is a slip of the pen.
    const RANGE: [f64; 2];
}

/// The kinds, as markers for [`Quantity`].
pub mod kind {
    use super::{ATOMIC_MASS_UNIT, AVOGADRO, Dimension, ELEMENTARY_CHARGE, Kind, PRESSURE_TO_BAR};

    /// Temperature, kept in K.
    #[derive(Debug, Clone, Copy)]
    pub struct Temperature;
    impl Kind for Temperature {
        const NAME: &'static str = "a temperature";
        const DIMENSION: Dimension = Dimension::TEMPERATURE;
        const UNIT: &'static str = "K";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["1473 K", "1200 °C"];
        const RANGE: [f64; 2] = [1e-6, 1e5];
    }

    /// Length, kept in Å.
    #[derive(Debug, Clone, Copy)]
    pub struct Length;
    impl Kind for Length {
        const NAME: &'static str = "a length";
        const DIMENSION: Dimension = Dimension::LENGTH;
        const UNIT: &'static str = "Å";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["5.5 Å", "3 nm"];
        const RANGE: [f64; 2] = [1e-6, 1e10];
    }

    /// Time, kept in ps.
    #[derive(Debug, Clone, Copy)]
    pub struct Time;
    impl Kind for Time {
        const NAME: &'static str = "a time";
        const DIMENSION: Dimension = Dimension::TIME;
        const UNIT: &'static str = "ps";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["465 ps", "2 fs"];
        const RANGE: [f64; 2] = [1e-9, 1e24];
    }

    /// Energy, kept in eV; energies per amount (`kJ/mol`) are taken for those of one particle.
    #[derive(Debug, Clone, Copy)]
    pub struct Energy;
    impl Kind for Energy {
        const NAME: &'static str = "an energy";
        const DIMENSION: Dimension = Dimension::ENERGY;
        const UNIT: &'static str = "eV";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["0.7 eV", "10 meV"];
        const RANGE: [f64; 2] = [1e-15, 1e9];
    }

    /// Pressure, kept in bar so that bar, Pa and GPa stay exact; internally eV/Å³.
    #[derive(Debug, Clone, Copy)]
    pub struct Pressure;
    impl Kind for Pressure {
        const NAME: &'static str = "a pressure";
        const DIMENSION: Dimension = Dimension::PRESSURE;
        const UNIT: &'static str = "bar";
        const INTERNAL_PER_UNIT: f64 = 1.0 / PRESSURE_TO_BAR;
        const EXAMPLES: [&'static str; 2] = ["1 bar", "1 GPa"];
        const RANGE: [f64; 2] = [1e-30, 1e9];
    }

    /// Force, kept in eV/Å.
    #[derive(Debug, Clone, Copy)]
    pub struct Force;
    impl Kind for Force {
        const NAME: &'static str = "a force";
        const DIMENSION: Dimension = Dimension::FORCE;
        const UNIT: &'static str = "eV/Å";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["0.01 eV/Å", "1 nN"];
        const RANGE: [f64; 2] = [1e-15, 1e6];
    }

    /// Reciprocal time, kept in 1/ps.
    #[derive(Debug, Clone, Copy)]
    pub struct Rate;
    impl Kind for Rate {
        const NAME: &'static str = "a rate (1/time)";
        const DIMENSION: Dimension = Dimension::RATE;
        const UNIT: &'static str = "1/ps";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["1 1/ps", "0.1 ps^-1"];
        const RANGE: [f64; 2] = [1e-36, 1e9];
    }

    /// Mass, kept in u.
    #[derive(Debug, Clone, Copy)]
    pub struct Mass;
    impl Kind for Mass {
        const NAME: &'static str = "a mass";
        const DIMENSION: Dimension = Dimension::MASS;
        const UNIT: &'static str = "u";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["195.08 u", "1 kg"];
        const RANGE: [f64; 2] = [1e-6, 1e30];
    }

    /// Speed, kept in Å/ps.
    #[derive(Debug, Clone, Copy)]
    pub struct Speed;
    impl Kind for Speed {
        const NAME: &'static str = "a speed";
        const DIMENSION: Dimension = Dimension::SPEED;
        const UNIT: &'static str = "Å/ps";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["1.5 Å/ps", "10 m/s"];
        const RANGE: [f64; 2] = [1e-12, 3e6];
    }

    /// Temperature per time, kept in K/ps.
    #[derive(Debug, Clone, Copy)]
    pub struct HeatingRate;
    impl Kind for HeatingRate {
        const NAME: &'static str = "a rate of heating (temperature/time)";
        const DIMENSION: Dimension = Dimension::HEATING_RATE;
        const UNIT: &'static str = "K/ps";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["1 K/ps", "10 K/s"];
        const RANGE: [f64; 2] = [1e-24, 1e9];
    }

    /// Energy per area, kept in J/m²; internally eV/Å².
    #[derive(Debug, Clone, Copy)]
    pub struct SurfaceEnergy;
    impl Kind for SurfaceEnergy {
        const NAME: &'static str = "a surface energy (energy/area)";
        const DIMENSION: Dimension = Dimension::SURFACE_ENERGY;
        const UNIT: &'static str = "J/m^2";
        const INTERNAL_PER_UNIT: f64 = 1.0e-20 / ELEMENTARY_CHARGE;
        const EXAMPLES: [&'static str; 2] = ["1.2 J/m^2", "0.1 eV/Å^2"];
        const RANGE: [f64; 2] = [1e-9, 1e6];
    }

    /// Area per time, kept in m²/s; internally Å²/ps.
    #[derive(Debug, Clone, Copy)]
    pub struct Diffusivity;
    impl Kind for Diffusivity {
        const NAME: &'static str = "a diffusivity (area/time)";
        const DIMENSION: Dimension = Dimension::DIFFUSIVITY;
        const UNIT: &'static str = "m^2/s";
        const INTERNAL_PER_UNIT: f64 = 1.0e8;
        const EXAMPLES: [&'static str; 2] = ["1e-9 m^2/s", "0.1 Å^2/ps"];
        const RANGE: [f64; 2] = [1e-60, 1e3];
    }

    /// Energy per amount, kept in J/mol; internally eV per particle.
    #[derive(Debug, Clone, Copy)]
    pub struct MolarEnergy;
    impl Kind for MolarEnergy {
        const NAME: &'static str = "a molar energy (energy/amount)";
        const DIMENSION: Dimension = Dimension::ENERGY.times(Dimension::AMOUNT.power(-1));
        const UNIT: &'static str = "J/mol";
        const INTERNAL_PER_UNIT: f64 = 1.0 / (ELEMENTARY_CHARGE * AVOGADRO);
        const EXAMPLES: [&'static str; 2] = ["115 kJ/mol", "8000 J/mol"];
        const RANGE: [f64; 2] = [1e-6, 1e12];
    }

    /// Number per area, kept in 1/m²; internally 1/Å².
    #[derive(Debug, Clone, Copy)]
    pub struct ArealDensity;
    impl Kind for ArealDensity {
        const NAME: &'static str = "a number per area";
        const DIMENSION: Dimension = Dimension::LENGTH.power(-2);
        const UNIT: &'static str = "1/m^2";
        const INTERNAL_PER_UNIT: f64 = 1.0e-20;
        const EXAMPLES: [&'static str; 2] = ["15 1/nm^2", "1e19 1/m^2"];
        const RANGE: [f64; 2] = [1.0, 1e26];
    }

    /// Mass per volume, kept in kg/m³; internally u/Å³.
    #[derive(Debug, Clone, Copy)]
    pub struct Density;
    impl Kind for Density {
        const NAME: &'static str = "a density (mass/volume)";
        const DIMENSION: Dimension = Dimension::MASS.times(Dimension::LENGTH.power(-3));
        const UNIT: &'static str = "kg/m^3";
        const INTERNAL_PER_UNIT: f64 = 1.0e-30 / ATOMIC_MASS_UNIT;
        const EXAMPLES: [&'static str; 2] = ["8960 kg/m^3", "8.96 kg/dm^3"];
        const RANGE: [f64; 2] = [1e-9, 1e9];
    }

    /// Volume per time, kept in m³/s; internally Å³/ps.
    #[derive(Debug, Clone, Copy)]
    pub struct Flow;
    impl Kind for Flow {
        const NAME: &'static str = "a flow (volume/time)";
        const DIMENSION: Dimension = Dimension::LENGTH.power(3).times(Dimension::RATE);
        const UNIT: &'static str = "m^3/s";
        const INTERNAL_PER_UNIT: f64 = 1.0e18;
        const EXAMPLES: [&'static str; 2] = ["1e-20 m^3/s", "1e7 nm^3/s"];
        const RANGE: [f64; 2] = [1e-36, 1e6];
    }

    /// Volume, kept in Å³.
    #[derive(Debug, Clone, Copy)]
    pub struct Volume;
    impl Kind for Volume {
        const NAME: &'static str = "a volume";
        const DIMENSION: Dimension = Dimension::LENGTH.power(3);
        const UNIT: &'static str = "Å^3";
        const INTERNAL_PER_UNIT: f64 = 1.0;
        const EXAMPLES: [&'static str; 2] = ["11.8 Å^3", "0.0118 nm^3"];
        const RANGE: [f64; 2] = [1e-9, 1e30];
    }
}

/// A finite number with a unit whose dimension has been checked.
///
/// It is read from text ([`FromStr`], serde) and written back with the shortest digits that read
/// back to the same value.
pub struct Quantity<K> {
    /// In `K::UNIT`, finite.
    value: f64,
    kind: PhantomData<K>,
}

/// Temperature.
pub type Temperature = Quantity<kind::Temperature>;
/// Length.
pub type Length = Quantity<kind::Length>;
/// Time.
pub type Time = Quantity<kind::Time>;
/// Energy.
pub type Energy = Quantity<kind::Energy>;
/// Pressure.
pub type Pressure = Quantity<kind::Pressure>;
/// Force.
pub type Force = Quantity<kind::Force>;
/// Reciprocal time.
pub type Rate = Quantity<kind::Rate>;
/// Mass.
pub type Mass = Quantity<kind::Mass>;
/// Speed.
pub type Speed = Quantity<kind::Speed>;
/// Temperature per time.
pub type HeatingRate = Quantity<kind::HeatingRate>;
/// Energy per area.
pub type SurfaceEnergy = Quantity<kind::SurfaceEnergy>;
/// Area per time.
pub type Diffusivity = Quantity<kind::Diffusivity>;
/// Energy per amount.
pub type MolarEnergy = Quantity<kind::MolarEnergy>;
/// Number per area.
pub type ArealDensity = Quantity<kind::ArealDensity>;
/// Mass per volume.
pub type Density = Quantity<kind::Density>;
/// Volume per time.
pub type Flow = Quantity<kind::Flow>;
/// Volume.
pub type Volume = Quantity<kind::Volume>;

impl<K: Kind> Quantity<K> {
    /// What is expected, for messages: "a length, such as `5.5 Å` or `3 nm`".
    #[must_use]
    pub fn expected() -> String {
        let [first, second] = K::EXAMPLES;
        format!("{}, such as `{first}` or `{second}`", K::NAME)
    }

    /// A number of the given unit, `Length::new(3.0, "nm")`.
    ///
    /// # Errors
    /// If the unit is unknown or of another dimension, or the value is not finite.
    pub fn new(number: f64, unit: &str) -> Result<Self, QuantityError> {
        let parsed = parse::unit(unit)?;
        Self::checked(number, Some(parsed), &format!("{number} {unit}"))
    }

    /// A value in internal units (Å, ps, eV, u, K); the reverse of [`Quantity::internal`].
    ///
    /// # Errors
    /// If the value is not finite.
    pub fn from_internal(value: f64) -> Result<Self, QuantityError> {
        Self::finite(value / K::INTERNAL_PER_UNIT, &value.to_string())
    }

    /// The value in internal units: Å, ps, eV, u, K and what is composed of them (a pressure in
    /// eV/Å³, a surface energy in eV/Å²).
    #[must_use]
    pub fn internal(self) -> f64 {
        self.value * K::INTERNAL_PER_UNIT
    }

    /// The value in another unit of the same dimension.
    ///
    /// # Errors
    /// If the unit is unknown or of another dimension.
    pub fn in_unit(self, unit: &str) -> Result<f64, QuantityError> {
        let target = of_one_particle::<K>(parse::unit(unit)?);
        if target.dimension != K::DIMENSION {
            return Err(wrong_dimension::<K>(target.dimension, unit));
        }
        let converted = own_unit::<K>().scale.convert(self.value, target.scale);
        Ok(converted - target.zero)
    }

    /// Text in another unit of the same dimension, such as `1200 °C`.
    ///
    /// # Errors
    /// If the unit is unknown or of another dimension.
    pub fn display_in(self, unit: &str) -> Result<String, QuantityError> {
        Ok(format!("{} {unit}", Digits(self.in_unit(unit)?)))
    }

    /// Whether the value is zero or its magnitude within [`Kind::RANGE`].
    #[must_use]
    pub fn is_plausible(self) -> bool {
        let [least, most] = K::RANGE;
        self.value == 0.0 || (least..=most).contains(&self.value.abs())
    }

    /// The magnitudes of [`Kind::RANGE`], for messages: "1e-6 Å to 1e10 Å".
    #[must_use]
    pub fn plausible() -> String {
        let [least, most] = K::RANGE;
        format!("{least:e} {unit} to {most:e} {unit}", unit = K::UNIT)
    }

    /// Whether the value is larger than zero (kelvin, for a temperature).
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.value > 0.0
    }

    /// Whether the value is smaller than zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.value < 0.0
    }

    fn checked(
        number: f64,
        unit: Option<parse::ParsedUnit>,
        text: &str,
    ) -> Result<Self, QuantityError> {
        let Some(unit) = unit else {
            let (expected, found) = (Self::expected(), text.trim().to_owned());
            let kind = QuantityErrorKind::NoUnit { expected, found };
            return Err(whole(kind, text));
        };
        let unit = of_one_particle::<K>(unit);
        if unit.dimension != K::DIMENSION {
            return Err(wrong_dimension::<K>(unit.dimension, text));
        }
        let own = own_unit::<K>().scale;
        let value = if parse::is_affine(&unit) {
            number + unit.zero
        } else {
            number
        };
        let converted = unit.scale.convert(value, own);
        if converted == 0.0 && value != 0.0 {
            return Err(out_of_range(text));
        }
        Self::finite(converted, text)
    }

    fn finite(value: f64, text: &str) -> Result<Self, QuantityError> {
        if !value.is_finite() {
            return Err(out_of_range(text));
        }
        // Adding zero turns -0 into 0, so that equal quantities also print alike.
        Ok(Self {
            value: value + 0.0,
            kind: PhantomData,
        })
    }

    fn value_in(self, unit: &str) -> f64 {
        self.in_unit(unit)
            .expect("a unit of the kind's own dimension")
    }
}

/// Where an energy is asked for, `kJ/mol` and its like are meant of one particle.
fn of_one_particle<K: Kind>(unit: parse::ParsedUnit) -> parse::ParsedUnit {
    const PER_AMOUNT: Dimension = Dimension::ENERGY.times(Dimension::AMOUNT.power(-1));
    if K::DIMENSION != Dimension::ENERGY || unit.dimension != PER_AMOUNT {
        return unit;
    }
    parse::ParsedUnit {
        scale: unit.scale.times(Scale::new(1.0 / AVOGADRO, 0)),
        dimension: Dimension::ENERGY,
        ..unit
    }
}

fn own_unit<K: Kind>() -> parse::ParsedUnit {
    parse::unit(K::UNIT).expect("a kind's own unit is in the table")
}

fn whole(kind: QuantityErrorKind, text: &str) -> QuantityError {
    let start = text.len() - text.trim_start().len();
    QuantityError {
        kind,
        span: start..start + text.trim().len(),
    }
}

fn wrong_dimension<K: Kind>(dimension: Dimension, text: &str) -> QuantityError {
    let (expected, found) = (Quantity::<K>::expected(), text.trim().to_owned());
    whole(
        QuantityErrorKind::WrongDimension {
            expected,
            dimension,
            found,
        },
        text,
    )
}

fn out_of_range(text: &str) -> QuantityError {
    whole(
        QuantityErrorKind::OutOfRange {
            found: text.trim().to_owned(),
        },
        text,
    )
}

impl Temperature {
    /// Value in K.
    #[must_use]
    pub fn in_kelvin(self) -> f64 {
        self.value
    }
}

impl Length {
    /// Value in Å.
    #[must_use]
    pub fn in_angstroms(self) -> f64 {
        self.value
    }

    /// Value in m.
    #[must_use]
    pub fn in_metres(self) -> f64 {
        self.value_in("m")
    }
}

impl Time {
    /// Value in ps.
    #[must_use]
    pub fn in_picoseconds(self) -> f64 {
        self.value
    }

    /// Value in s.
    #[must_use]
    pub fn in_seconds(self) -> f64 {
        self.value_in("s")
    }
}

impl Energy {
    /// Value in eV.
    #[must_use]
    pub fn in_electronvolts(self) -> f64 {
        self.value
    }

    /// Value in J.
    #[must_use]
    pub fn in_joules(self) -> f64 {
        self.value_in("J")
    }
}

impl Pressure {
    /// Value in bar.
    #[must_use]
    pub fn in_bar(self) -> f64 {
        self.value
    }

    /// Value in Pa.
    #[must_use]
    pub fn in_pascals(self) -> f64 {
        self.value_in("Pa")
    }
}

impl Force {
    /// Value in eV/Å.
    #[must_use]
    pub fn in_electronvolts_per_angstrom(self) -> f64 {
        self.value
    }

    /// Value in N.
    #[must_use]
    pub fn in_newtons(self) -> f64 {
        self.value_in("N")
    }
}

impl Rate {
    /// Value in 1/ps.
    #[must_use]
    pub fn per_picosecond(self) -> f64 {
        self.value
    }

    /// Value in 1/s.
    #[must_use]
    pub fn per_second(self) -> f64 {
        self.value_in("1/s")
    }
}

impl Mass {
    /// Value in u.
    #[must_use]
    pub fn in_atomic_mass_units(self) -> f64 {
        self.value
    }

    /// Value in kg.
    #[must_use]
    pub fn in_kilograms(self) -> f64 {
        self.value_in("kg")
    }
}

impl Speed {
    /// Value in Å/ps.
    #[must_use]
    pub fn in_angstroms_per_picosecond(self) -> f64 {
        self.value
    }

    /// Value in m/s.
    #[must_use]
    pub fn in_metres_per_second(self) -> f64 {
        self.value_in("m/s")
    }
}

impl HeatingRate {
    /// Value in K/ps.
    #[must_use]
    pub fn in_kelvin_per_picosecond(self) -> f64 {
        self.value
    }
}

impl SurfaceEnergy {
    /// Value in J/m².
    #[must_use]
    pub fn in_joules_per_square_metre(self) -> f64 {
        self.value
    }
}

impl Diffusivity {
    /// Value in m²/s.
    #[must_use]
    pub fn in_square_metres_per_second(self) -> f64 {
        self.value
    }
}

impl<K: Kind> FromStr for Quantity<K> {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let parsed = parse::quantity(text, &Self::expected())?;
        Self::checked(parsed.number, parsed.unit, text)
    }
}

/// The shortest digits that read back to the same double; an exponent where zeros would fill it.
struct Digits(f64);

impl fmt::Display for Digits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size == 0.0 || (1e-4..1e7).contains(&size) {
            write!(formatter, "{}", self.0)
        } else {
            write!(formatter, "{:e}", self.0)
        }
    }
}

impl<K: Kind> fmt::Display for Quantity<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", Digits(self.value), K::UNIT)
    }
}

impl<K: Kind> fmt::Debug for Quantity<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

// Written out because derives would ask the marker for the same traits.
impl<K> Clone for Quantity<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Quantity<K> {}

impl<K> PartialEq for Quantity<K> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<K> PartialOrd for Quantity<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<K: Kind> Serialize for Quantity<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Quantity<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<K>(PhantomData<K>);
        impl<K: Kind> serde::de::Visitor<'_> for Visitor<K> {
            type Value = Quantity<K>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(
                    formatter,
                    "{}, as a string with its unit",
                    Quantity::<K>::expected()
                )
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse()
                    .map_err(|error: QuantityError| match error.help() {
                        Some(help) => E::custom(format!("{error}; {help}")),
                        None => E::custom(error),
                    })
            }
        }
        deserializer.deserialize_str(Visitor(PhantomData))
    }
}

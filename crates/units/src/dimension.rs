//! What a quantity measures, as exponents of the base quantities.

use std::fmt;

/// Exponents of the base quantities: a force is length 1, mass 1, time -2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Dimension {
    /// Exponent of length.
    pub length: i16,
    /// Exponent of mass.
    pub mass: i16,
    /// Exponent of time.
    pub time: i16,
    /// Exponent of electric charge (charge, not current, is the base here).
    pub charge: i16,
    /// Exponent of temperature.
    pub temperature: i16,
    /// Exponent of the amount of substance.
    pub amount: i16,
}

impl Dimension {
    /// A pure number.
    pub const NONE: Self = Self::new(0, 0, 0, 0, 0, 0);
    /// Length.
    pub const LENGTH: Self = Self::new(1, 0, 0, 0, 0, 0);
    /// Mass.
    pub const MASS: Self = Self::new(0, 1, 0, 0, 0, 0);
    /// Time.
    pub const TIME: Self = Self::new(0, 0, 1, 0, 0, 0);
    /// Electric charge.
    pub const CHARGE: Self = Self::new(0, 0, 0, 1, 0, 0);
    /// Temperature.
    pub const TEMPERATURE: Self = Self::new(0, 0, 0, 0, 1, 0);
    /// Amount of substance.
    pub const AMOUNT: Self = Self::new(0, 0, 0, 0, 0, 1);
    /// Energy.
    pub const ENERGY: Self = Self::new(2, 1, -2, 0, 0, 0);
    /// Force.
    pub const FORCE: Self = Self::new(1, 1, -2, 0, 0, 0);
    /// Pressure, also energy per volume.
    pub const PRESSURE: Self = Self::new(-1, 1, -2, 0, 0, 0);
    /// Reciprocal time.
    pub const RATE: Self = Self::new(0, 0, -1, 0, 0, 0);
    /// Speed.
    pub const SPEED: Self = Self::new(1, 0, -1, 0, 0, 0);
    /// Temperature per time.
    pub const HEATING_RATE: Self = Self::new(0, 0, -1, 0, 1, 0);
    /// Energy per area, also force per length.
    pub const SURFACE_ENERGY: Self = Self::new(0, 1, -2, 0, 0, 0);
    /// Area per time.
    pub const DIFFUSIVITY: Self = Self::new(2, 0, -1, 0, 0, 0);
    /// Power.
    pub const POWER: Self = Self::new(2, 1, -3, 0, 0, 0);
    /// Electric potential.
    pub const VOLTAGE: Self = Self::new(2, 1, -2, -1, 0, 0);

    const fn new(
        length: i16,
        mass: i16,
        time: i16,
        charge: i16,
        temperature: i16,
        amount: i16,
    ) -> Self {
        Self {
            length,
            mass,
            time,
            charge,
            temperature,
            amount,
        }
    }

    /// The dimension of a product.
    #[must_use]
    pub const fn times(self, other: Self) -> Self {
        Self::new(
            self.length + other.length,
            self.mass + other.mass,
            self.time + other.time,
            self.charge + other.charge,
            self.temperature + other.temperature,
            self.amount + other.amount,
        )
    }

    /// The dimension of a power.
    #[must_use]
    pub const fn power(self, exponent: i16) -> Self {
        Self::new(
            self.length * exponent,
            self.mass * exponent,
            self.time * exponent,
            self.charge * exponent,
            self.temperature * exponent,
            self.amount * exponent,
        )
    }

    /// Name with its article, for the dimensions that have one: "a length", "an energy".
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        NAMES
            .iter()
            .find(|(dimension, _)| *dimension == self)
            .map(|(_, name)| *name)
    }
}

const NAMES: &[(Dimension, &str)] = &[
    (Dimension::NONE, "a pure number"),
    (Dimension::LENGTH, "a length"),
    (Dimension::MASS, "a mass"),
    (Dimension::TIME, "a time"),
    (Dimension::CHARGE, "a charge"),
    (Dimension::TEMPERATURE, "a temperature"),
    (Dimension::AMOUNT, "an amount of substance"),
    (Dimension::ENERGY, "an energy"),
    (Dimension::FORCE, "a force"),
    (Dimension::PRESSURE, "a pressure"),
    (Dimension::RATE, "a rate (1/time)"),
    (Dimension::SPEED, "a speed"),
    (
        Dimension::HEATING_RATE,
        "a rate of heating (temperature/time)",
    ),
    (Dimension::SURFACE_ENERGY, "a surface energy (energy/area)"),
    (Dimension::DIFFUSIVITY, "a diffusivity (area/time)"),
    (Dimension::POWER, "a power"),
    (Dimension::VOLTAGE, "a voltage"),
    (Dimension::LENGTH.power(2), "an area"),
    (Dimension::LENGTH.power(3), "a volume"),
    (Dimension::LENGTH.power(-1), "a reciprocal length"),
    (
        Dimension::MASS.times(Dimension::LENGTH.power(-3)),
        "a mass density",
    ),
    (
        Dimension::ENERGY.times(Dimension::AMOUNT.power(-1)),
        "an energy per amount of substance",
    ),
];

/// `a length`, or `a quantity of dimension length^2·time^-3` where there is no name.
impl fmt::Display for Dimension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.name() {
            return formatter.write_str(name);
        }
        formatter.write_str("a quantity of dimension ")?;
        let parts = [
            ("mass", self.mass),
            ("length", self.length),
            ("time", self.time),
            ("charge", self.charge),
            ("temperature", self.temperature),
            ("amount", self.amount),
        ];
        let mut separator = "";
        for (base, exponent) in parts.into_iter().filter(|(_, exponent)| *exponent != 0) {
            write!(formatter, "{separator}{base}")?;
            if exponent != 1 {
                write!(formatter, "^{exponent}")?;
            }
            separator = "·";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_names() {
        let force = Dimension::MASS
            .times(Dimension::LENGTH)
            .times(Dimension::TIME.power(-2));
        assert_eq!(force, Dimension::FORCE);
        assert_eq!(force.to_string(), "a force");
        assert_eq!(
            Dimension::TIME
                .power(-3)
                .times(Dimension::LENGTH)
                .to_string(),
            "a quantity of dimension length·time^-3"
        );
    }
}

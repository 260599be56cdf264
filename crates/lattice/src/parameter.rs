//! Parameters: their ranges, and where their defaults come from.

/// A parameter is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the {name} is {}; it must be {expected}", with_unit(*.value, .unit))]
pub struct OutOfRange {
    /// What the parameter is.
    pub name: &'static str,
    /// The value found.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What is allowed.
    pub expected: &'static str,
}

/// Whence a default value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It follows from physics: a constant, a definition, a crystal structure.
    Physics,
    /// A publication states it, or it is ordinary in the literature.
    Literature,
    /// A free choice within reason.
    Choice,
    /// Chosen such that a stated trend comes out.
    Fit,
}

/// A parameter of the configuration `C`.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<C> {
    /// Its name in whole words.
    pub name: &'static str,
    /// Its unit; empty for a pure number.
    pub unit: &'static str,
    /// Whence its default.
    pub status: Status,
    /// Source or reason of the default.
    pub source: &'static str,
    /// Reads it.
    pub value: fn(&C) -> f64,
}

/// A parameter with its value in one configuration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Described {
    /// Its name.
    pub name: &'static str,
    /// Its unit; empty for a pure number.
    pub unit: &'static str,
    /// Its value.
    pub value: f64,
    /// Its default.
    pub default: f64,
    /// Whence the default.
    pub status: Status,
    /// Source or reason of the default.
    pub source: &'static str,
}

/// The values of a configuration beside the defaults of `reference`.
pub fn describe<C>(table: &[Parameter<C>], configuration: &C, reference: &C) -> Vec<Described> {
    table
        .iter()
        .map(|parameter| Described {
            name: parameter.name,
            unit: parameter.unit,
            value: (parameter.value)(configuration),
            default: (parameter.value)(reference),
            status: parameter.status,
            source: parameter.source,
        })
        .collect()
}

/// `value` if it is positive and finite.
pub(crate) fn positive(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<f64, OutOfRange> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange {
        name,
        value,
        unit,
        expected: "positive and finite",
    })
}

/// `value` if it is finite and not negative.
pub(crate) fn not_negative(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<f64, OutOfRange> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange {
        name,
        value,
        unit,
        expected: "finite and not negative",
    })
}

/// A number as errors print it.
pub(crate) fn short(value: f64) -> String {
    match value == 0.0 || (1e-4..1e7).contains(&value.abs()) {
        true => format!("{value}"),
        false => format!("{value:e}"),
    }
}

/// A value with its unit, if it has one.
fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "" => short(value),
        _ => format!("{} {unit}", short(value)),
    }
}

/// `value` if it is from 0 to 1.
pub(crate) fn share(name: &'static str, value: f64) -> Result<f64, OutOfRange> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(OutOfRange {
        name,
        value,
        unit: "",
        expected: "from 0 to 1",
    })
}

/// `value` if it is finite.
pub(crate) fn finite(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<f64, OutOfRange> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange {
        name,
        value,
        unit,
        expected: "finite",
    })
}

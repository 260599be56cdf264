//! Parameters out of their range.

use crate::number::Short;

/// A parameter of a method is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the {name} is {} {unit}; it must be {expected}", Short(*value))]
pub struct ParameterError {
    /// What the parameter is.
    pub name: &'static str,
    /// The value found.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What is allowed.
    pub expected: &'static str,
}

/// `value` if it is positive and finite.
pub(crate) fn positive(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<f64, ParameterError> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(ParameterError {
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
) -> Result<f64, ParameterError> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(ParameterError {
        name,
        value,
        unit,
        expected: "finite and not negative",
    })
}

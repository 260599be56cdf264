//! Directions: planes of crystals, axes of space, rotations.

use crate::document::{Node, Value};
use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, Complaint, Form, quoted};
use crate::walk::{Table, key};

/// An axis of the laboratory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// x.
    X,
    /// y.
    Y,
    /// z.
    Z,
}

pub(crate) const AXES: Choice<Axis> = Choice(&[("x", Axis::X), ("y", Axis::Y), ("z", Axis::Z)]);

/// How a particle is turned from the axes of its crystal: first a plane normal onto an axis, then by an
/// angle about an axis.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Turn {
    /// This plane's normal points along this axis.
    pub orientation: Option<([i32; 3], Axis)>,
    /// Axis and angle [rad].
    pub rotation: Option<(Axis, f64)>,
}

/// The keys `orientation` and `rotation`.
pub(crate) fn read_turn(table: &mut Table<'_, '_>) -> Turn {
    let orientation = table.optional_table(
        crate::walk::table(
            "orientation",
            "Turns a plane of the crystal towards an axis; the smallest such rotation",
        ),
        "the axes of the crystal along x, y and z",
        |table| {
            let plane = table.required(
                key(
                    "plane",
                    "Miller indices of the plane whose normal points along the axis; `111` turns the corner of a cube there",
                    "\"111\"",
                ),
                &MillerForm,
            );
            let along = table.default(
                key("along", "The axis of space", "\"z\""),
                &AXES,
                "\"x\"",
            );
            Some((plane?, along))
        },
    );
    Turn {
        orientation,
        rotation: read_rotation(
            table,
            "Turns the particle about an axis through its centre, after `orientation`",
        ),
    }
}

/// The key `rotation`.
pub(crate) fn read_rotation(
    table: &mut Table<'_, '_>,
    meaning: &'static str,
) -> Option<(Axis, f64)> {
    table.optional_table(crate::walk::table("rotation", meaning), "none", |table| {
        let axis = table.required(key("axis", "The axis of space", "\"z\""), &AXES);
        let angle = table.required(
            key(
                "angle",
                "Angle, counterclockwise about the axis",
                "\"10.1°\"",
            ),
            &AngleForm,
        );
        Some((axis?, angle?))
    })
}

/// An angle with its unit, as radians.
struct AngleForm;

const ANGLE_UNITS: [(&str, f64); 4] = [
    ("°", std::f64::consts::PI / 180.0),
    ("degrees", std::f64::consts::PI / 180.0),
    ("deg", std::f64::consts::PI / 180.0),
    ("rad", 1.0),
];

impl Form for AngleForm {
    type Value = f64;

    fn takes(&self) -> String {
        "angle".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<f64> {
        let help = "an angle is a text with a unit, in quotes, such as \"10.1°\" or \"0.2 rad\"";
        let Value::Text { text, .. } = &node.value else {
            let message = format!("expected an angle; found {}", node.value.describe());
            complaints.push(Complaint::new(
                DeckErrorKind::WrongType,
                message,
                help.to_owned(),
            ));
            return None;
        };
        let parsed = ANGLE_UNITS.iter().find_map(|(unit, radians)| {
            let number: f64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
            number.is_finite().then_some(number * radians)
        });
        if parsed.is_none() {
            let message = format!("`{}` is no angle", text.trim());
            complaints.push(Complaint::new(
                DeckErrorKind::WrongType,
                message,
                help.to_owned(),
            ));
        }
        parsed
    }

    fn write(&self, value: &f64) -> String {
        // Radians, whose digits are kept.
        quoted(&format!("{value:?} rad"))
    }
}

/// Miller indices as in `100`, `1-11` or `2 1 0`.
pub(crate) struct MillerForm;

/// Larger indices than any facet has.
const LARGEST_INDEX: i32 = 20;

/// Reads Miller indices: digits with signs, or numbers with blanks between them.
pub(crate) fn miller(text: &str) -> Option<[i32; 3]> {
    let parts: Vec<i32> = if text.contains([' ', ',']) {
        let words = text.split([' ', ',']).filter(|word| !word.is_empty());
        words.map(|word| word.parse().ok()).collect::<Option<_>>()?
    } else {
        let mut digits = Vec::new();
        let mut sign = 1;
        for letter in text.chars() {
            match letter.to_digit(10) {
                Some(digit) => {
                    digits.push(sign * digit as i32);
                    sign = 1;
                }
                None if letter == '-' && sign == 1 => sign = -1,
                None => return None,
            }
        }
        if sign == -1 {
            return None;
        }
        digits
    };
    let plane: [i32; 3] = parts.try_into().ok()?;
    let fits = plane.iter().all(|index| index.abs() <= LARGEST_INDEX);
    (fits && plane != [0; 3]).then_some(plane)
}

/// Miller indices without blanks where one digit is enough for each.
pub(crate) fn write_miller(plane: [i32; 3]) -> String {
    let blank = if plane.iter().any(|index| index.abs() > 9) {
        " "
    } else {
        ""
    };
    plane.map(|index| index.to_string()).join(blank)
}

/// What is wrong with a text that should be Miller indices.
pub(crate) fn no_plane(text: &str) -> Complaint {
    Complaint::new(
        DeckErrorKind::UnknownValue,
        format!("`{text}` are no Miller indices"),
        "write three whole numbers, not all zero, such as 100, 1-11 or \"10 1 0\"".to_owned(),
    )
}

impl Form for MillerForm {
    type Value = [i32; 3];

    fn takes(&self) -> String {
        "Miller indices".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<[i32; 3]> {
        let text = match &node.value {
            Value::Text { text, .. } => text.clone(),
            Value::Integer(number) => format!("{number:03}"),
            other => other.describe(),
        };
        let plane = miller(text.trim());
        if plane.is_none() {
            complaints.push(no_plane(text.trim()));
        }
        plane
    }

    fn write(&self, value: &[i32; 3]) -> String {
        quoted(&write_miller(*value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn miller_indices_are_read_and_written() {
        for (text, plane) in [
            ("100", [1, 0, 0]),
            ("1-11", [1, -1, 1]),
            ("-2 1 0", [-2, 1, 0]),
            ("10,1,1", [10, 1, 1]),
        ] {
            assert_eq!(miller(text), Some(plane), "{text}");
            assert_eq!(miller(&write_miller(plane)), Some(plane), "{text}");
        }
        for text in ["", "10", "000", "1-1", "1x0", "1--11", "11-", "1 0 99"] {
            assert_eq!(miller(text), None, "{text}");
        }
    }
}

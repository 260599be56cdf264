//! How often something happens.

use frit_units::{Quantity, Time};

use crate::document::{Node, Value};
use crate::error::DeckErrorKind;
use crate::walk::form::{Complaint, Form, positive, quoted};

/// How often something happens: by physical time or by steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Schedule {
    /// Every so much physical time.
    Time(Time),
    /// Every so many steps.
    Steps(u64),
}

/// Reads `"0.1 ps"` or `"50 steps"`.
pub(crate) struct ScheduleForm;

impl Form for ScheduleForm {
    type Value = Schedule;

    fn takes(&self) -> String {
        "time > 0, or a number of steps".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Schedule> {
        let Value::Text { text, .. } = &node.value else {
            let expected = Quantity::<frit_units::kind::Time>::expected();
            let message = format!(
                "expected {expected}, or `50 steps`; found {}",
                node.value.describe()
            );
            let help = match node.value {
                Value::Integer(steps) => format!("if steps are meant, write \"{steps} steps\""),
                _ => "a schedule is a text with a unit, in quotes".to_owned(),
            };
            complaints.push(Complaint::new(DeckErrorKind::WrongType, message, help));
            return None;
        };
        let trimmed = text.trim();
        let steps = trimmed
            .strip_suffix("steps")
            .or_else(|| trimmed.strip_suffix("step"));
        let Some(steps) = steps else {
            return positive::<frit_units::kind::Time>()
                .read(node, complaints)
                .map(Schedule::Time);
        };
        match steps.trim().parse::<u64>() {
            Ok(steps) if steps > 0 => Some(Schedule::Steps(steps)),
            _ => {
                complaints.push(Complaint::new(
                    DeckErrorKind::OutOfRange,
                    format!("`{trimmed}` is no schedule: the number of steps is an integer ≥ 1"),
                    "such as \"50 steps\", or a time such as \"0.1 ps\"".to_owned(),
                ));
                None
            }
        }
    }

    fn write(&self, value: &Schedule) -> String {
        match value {
            Schedule::Time(time) => quoted(&time.to_string()),
            Schedule::Steps(steps) => quoted(&format!("{steps} steps")),
        }
    }
}

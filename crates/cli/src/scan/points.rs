//! The points of a scan: every combination of the axes' values, each with several seeds.

use frit_deck::Scan;

use crate::args::DeckArguments;
use crate::failure::Outcome;
use crate::method::AnyPlan;
use crate::terminal;

/// One run of a scan.
pub(super) struct Point {
    /// Number among all runs.
    pub index: usize,
    /// Number of the point, replicas not counted.
    pub number: usize,
    /// Number of the replica.
    pub replica: u64,
    /// Seed of the run.
    pub seed: u64,
    /// Which value of each axis it has.
    pub choice: Vec<usize>,
    /// The axes' last keys and the values, for people.
    values: Vec<String>,
    arguments: DeckArguments,
}

impl Point {
    /// Name of its directory.
    pub(super) fn name(&self) -> String {
        format!("{:04}-{}", self.number, self.replica)
    }

    /// What it is, for people.
    pub(super) fn label(&self) -> String {
        let mut words = self.values.clone();
        words.push(format!("seed {}", self.seed));
        words.join(", ")
    }

    /// The values of the axes without their names, for people.
    pub(super) fn short_values(&self) -> String {
        let values = self.values.iter();
        let short = values.map(|value| value.split_once(" = ").map_or(&**value, |(_, it)| it));
        short.collect::<Vec<_>>().join(", ")
    }

    /// The values of all axes but one, for people.
    pub(super) fn values_without(&self, place: usize) -> String {
        let mut values = self.values.clone();
        values.remove(place);
        values.join(", ")
    }

    /// Its plan, made in silence.
    ///
    /// # Errors
    /// The deck is wrong with its values.
    pub(super) fn plan(&self) -> Outcome<AnyPlan> {
        terminal::logged(None, || self.plan_aloud())
    }

    /// Its plan, with warnings.
    ///
    /// # Errors
    /// The deck is wrong with its values.
    pub(super) fn plan_aloud(&self) -> Outcome<AnyPlan> {
        AnyPlan::make(&self.arguments)
    }
}

/// All runs, in order; each was planned once.
///
/// # Errors
/// The deck is wrong with the values of some point.
pub(super) fn all(scan: &Scan, arguments: &DeckArguments) -> Outcome<Vec<Point>> {
    let mut points = Vec::new();
    for number in 0..scan.points() {
        let choice = choice(scan, number);
        let mut overrides = arguments.overrides.clone();
        let mut values = Vec::new();
        for (axis, &at) in scan.axes.iter().zip(&choice) {
            let value = &axis.values.toml[at];
            for path in std::iter::once(&axis.path).chain(&axis.also) {
                overrides.push(format!("{path}={value}"));
            }
            let last = axis.path.rsplit('.').next().unwrap_or(&axis.path);
            values.push(format!("{last} = {}", value.trim_matches('"')));
        }
        let with = |overrides: Vec<String>| DeckArguments {
            deck: arguments.deck.clone(),
            overrides,
            text: arguments.text.clone(),
        };
        let first = with(overrides.clone());
        let plan = match number {
            0 => AnyPlan::make(&first)?,
            _ => terminal::logged(None, || AnyPlan::make(&first))?,
        };
        for replica in 0..scan.replicas {
            let seed = plan.seed() + replica;
            let mut overrides = overrides.clone();
            overrides.push(format!("seed={seed}"));
            points.push(Point {
                index: points.len(),
                number,
                replica,
                seed,
                choice: choice.clone(),
                values: values.clone(),
                arguments: with(overrides),
            });
        }
    }
    Ok(points)
}

/// Which value of each axis a point has; the last axis varies fastest.
fn choice(scan: &Scan, mut number: usize) -> Vec<usize> {
    let mut choice = vec![0; scan.axes.len()];
    for (place, axis) in choice.iter_mut().zip(&scan.axes).rev() {
        let count = axis.values.toml.len();
        *place = number % count;
        number /= count;
    }
    choice
}

//! Ranges of axes and the round numbers on them.

/// Part of the range left free above and below the data.
const PADDING: f64 = 0.06;

/// A linear axis: a range of values over a range of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Axis {
    /// An axis for values from `low` to `high`, from pixel `start` to pixel `end`.
    ///
    /// A range of no length is widened around its value.
    pub(super) fn new(range: [f64; 2], pixels: [f64; 2]) -> Self {
        let [low, high] = range;
        // Below this the values differ by rounding only; a plot of that would mislead.
        let least = 1e-9 * low.abs().max(high.abs()).max(1e-9);
        let widen = if high - low > least {
            0.0
        } else {
            0.5 * low.abs().max(high.abs()).clamp(1e-3, 1.0)
        };
        Self {
            low: low - widen,
            high: high + widen,
            start: pixels[0],
            end: pixels[1],
        }
    }

    /// The same with free space at the ends; none below zero if the data end there exactly.
    pub(super) fn padded(self) -> Self {
        let space = PADDING * (self.high - self.low);
        Self {
            low: if self.low == 0.0 {
                0.0
            } else {
                self.low - space
            },
            high: self.high + space,
            ..self
        }
    }

    /// Pixel at which the axis begins.
    pub(super) fn start(&self) -> f64 {
        self.start
    }

    /// Pixel of a value.
    pub(super) fn pixel(&self, value: f64) -> f64 {
        self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)
    }

    /// Whether a value lies in the range.
    pub(super) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// About `wanted` round values in the range, with their labels.
    pub(super) fn ticks(&self, wanted: f64) -> Vec<(f64, String)> {
        let rough = (self.high - self.low) / wanted;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0]
            .map(|factor| factor * power)
            .into_iter()
            .find(|step| *step >= rough * (1.0 - 1e-9))
            .unwrap_or(10.0 * power);
        let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
        let first = (self.low / step - 1e-9).ceil();
        let last = (self.high / step + 1e-9).floor();
        let count = (last - first + 1.0).clamp(0.0, 4.0 * wanted) as usize;
        (0..count)
            .map(|k| {
                let value = (first + k as f64) * step;
                (value, label(value, decimals))
            })
            .collect()
    }
}

/// A number with a true minus sign and thin spaces between thousands.
fn label(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e7 {
        return format!("{value:e}").replace('-', "\u{2212}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (k, digit) in whole.chars().enumerate() {
        // Four digits are read without help.
        if k > 0 && whole.len() > 4 && (whole.len() - k).is_multiple_of(3) {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    let nothing = text.chars().all(|c| c == '0' || c == '.');
    let sign = if value < 0.0 && !nothing {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64) -> Vec<String> {
        let axis = Axis::new([low, high], [0.0, 100.0]);
        axis.ticks(5.0)
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(0.0, 465.0), ["0", "100", "200", "300", "400"]);
        assert_eq!(labels(65.03, 65.71), ["65.2", "65.4", "65.6"]);
        assert_eq!(labels(-0.31, 0.42), ["\u{2212}0.2", "0.0", "0.2", "0.4"]);
        assert_eq!(labels(0.0, 50_000.0).last().unwrap(), "50\u{2009}000");
    }

    #[test]
    fn ranges_of_no_length_are_widened() {
        for value in [0.0, 5.5, -1e8, 1e-12] {
            let axis = Axis::new([value, value], [0.0, 100.0]);
            assert!((axis.pixel(value) - 50.0).abs() < 1e-6);
            assert!(axis.ticks(5.0).len() < 21);
        }
    }
}

//! Levels of states one after the other: energy diagrams.

use super::axis::Axis;
use super::{FRAME, GREY, GRID, INK, LABEL_SIZE, LABEL_SPACE, STROKES, Stroke, TICKS, range, text};
use crate::svg::{Anchor, Svg};

const WIDTH: f64 = 800.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 774.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 420.0;
/// Rows that the labels of states take turns in, below the data, if there are many.
const ROWS: usize = 3;
/// So many states need no more than one row.
const FEW: usize = 6;
const ROW: f64 = 17.0;
/// The share of a state's width that its level takes.
const LEVEL: f64 = 0.62;

/// A state of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct StateLevel {
    /// What it is.
    pub label: String,
    /// Its levels, one for each series.
    pub values: Vec<f64>,
}

/// States from left to right, joined by lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelDiagram {
    /// Title of the whole.
    pub title: String,
    /// What the vertical axis shows, with its unit.
    pub label: String,
    /// Labels of the series, at most four.
    pub series: Vec<String>,
    /// The states.
    pub states: Vec<StateLevel>,
}

impl LevelDiagram {
    /// The diagram as an SVG document; the same data give the same bytes.
    pub fn svg(&self) -> String {
        let bottom = BOTTOM + ROW * ROWS as f64 + 24.0;
        let mut svg = Svg::new([WIDTH, bottom]);
        svg.text(
            [LEFT, 27.0],
            text(Anchor::Start, 17.0, INK, "bold"),
            &self.title,
        );
        svg.text(
            [LEFT, TOP - 10.0],
            text(Anchor::Start, 14.0, INK, "bold"),
            &self.label,
        );
        let values = self.states.iter().flat_map(|state| state.values.clone());
        let axis = Axis::new(range(values).unwrap_or([0.0, 1.0]), [BOTTOM, TOP]).padded();
        for (value, label) in axis.ticks(TICKS) {
            let y = axis.pixel(value);
            svg.line([LEFT, y], [RIGHT, y], GRID);
            svg.line([LEFT - 5.0, y], [LEFT, y], FRAME);
            let style = text(Anchor::End, LABEL_SIZE, INK, "normal");
            svg.text([LEFT - LABEL_SPACE, y + 4.5], style, &label);
        }
        for (series, stroke) in STROKES.into_iter().enumerate().take(self.series.len()) {
            self.draw_series(&mut svg, &axis, series, stroke);
        }
        svg.line([LEFT, TOP], [LEFT, BOTTOM], FRAME);
        svg.line([LEFT, BOTTOM], [RIGHT, BOTTOM], FRAME);
        for (k, state) in self.states.iter().enumerate() {
            let [middle, _] = self.place(k);
            let rows = if self.states.len() > FEW { ROWS } else { 1 };
            let y = BOTTOM + 18.0 + ROW * (k % rows) as f64;
            let style = text(Anchor::Middle, 12.0, INK, "normal");
            svg.text([middle, y], style, &state.label);
        }
        self.draw_legend(&mut svg);
        svg.finish(&self.title)
    }

    /// The middle of a state and half the length of its level [px].
    fn place(&self, state: usize) -> [f64; 2] {
        let width = (RIGHT - LEFT) / self.states.len().max(1) as f64;
        [LEFT + (state as f64 + 0.5) * width, 0.5 * LEVEL * width]
    }

    fn draw_series(&self, svg: &mut Svg, axis: &Axis, series: usize, stroke: Stroke) {
        let joint = Stroke {
            width: 1.0,
            dash: "3 3",
            ..stroke
        };
        let level = Stroke {
            width: 3.0,
            dash: "",
            ..stroke
        };
        let mut before: Option<[f64; 2]> = None;
        for (k, state) in self.states.iter().enumerate() {
            let Some(&value) = state.values.get(series).filter(|value| value.is_finite()) else {
                continue;
            };
            let ([middle, half], y) = (self.place(k), axis.pixel(value));
            if let Some(end) = before {
                svg.line(end, [middle - half, y], joint);
            }
            svg.line([middle - half, y], [middle + half, y], level);
            before = Some([middle + half, y]);
            if series == 0 {
                let style = text(Anchor::Middle, 11.0, stroke.colour, "normal");
                let number = format!("{value:.2}").replace('-', "\u{2212}");
                svg.text([middle, y - 6.0], style, &number);
            }
        }
    }

    /// The labels of the series, right-aligned above the data.
    fn draw_legend(&self, svg: &mut Svg) {
        const SLOT: f64 = 150.0;
        let first = RIGHT - SLOT * self.series.len() as f64;
        for (k, (label, stroke)) in self.series.iter().zip(STROKES).enumerate() {
            let x = first + SLOT * k as f64;
            let sample = Stroke {
                width: 3.0,
                dash: "",
                ..stroke
            };
            svg.line([x, TOP - 15.0], [x + 24.0, TOP - 15.0], sample);
            let style = text(Anchor::Start, 13.0, GREY, "normal");
            svg.text([x + 30.0, TOP - 10.0], style, label);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_states_makes_a_diagram() {
        for states in [0, 1, 9] {
            let diagram = LevelDiagram {
                title: "a & b".to_owned(),
                label: "free energy [eV]".to_owned(),
                series: vec!["G".to_owned(), "E".to_owned()],
                states: (0..states)
                    .map(|k| StateLevel {
                        label: format!("S{k}"),
                        values: vec![f64::from(k), f64::NAN],
                    })
                    .collect(),
            };
            let svg = diagram.svg();
            assert!(svg.contains("a &amp; b"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}

//! One curve through points, with its peaks marked: energy along a path, energy against volume.

use super::axis::Axis;
use super::{FRAME, GREY, GRID, INK, STROKES, WIDTH, ZERO, range, text};
use crate::svg::{Anchor, Svg, text_width};

const HEIGHT: f64 = 420.0;
const TOP: f64 = 58.0;
const BOTTOM: f64 = 62.0;
const LEFT: f64 = 86.0;
const RIGHT: f64 = 30.0;
const DOT: f64 = 4.2;
/// From a marked place to its text.
const LABEL_SPACE: f64 = 12.0;
const LABEL_SIZE: f64 = 13.0;

/// A place of a curve with a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// Where on the curve.
    pub at: [f64; 2],
    /// What is said of it.
    pub label: String,
}

/// One curve through points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Title of the whole.
    pub title: String,
    /// What the two axes show, with their units.
    pub labels: [String; 2],
    /// The curve, closely sampled.
    pub curve: Vec<[f64; 2]>,
    /// The points that it goes through.
    pub points: Vec<[f64; 2]>,
    /// Marked places.
    pub annotations: Vec<Annotation>,
}

impl Curve {
    /// The curve as an SVG document, 800 pixels wide; the same data give the same bytes.
    pub fn svg(&self) -> String {
        let all = || self.curve.iter().chain(&self.points);
        let across = range(all().map(|p| p[0])).unwrap_or([0.0, 1.0]);
        let up = range(all().map(|p| p[1])).unwrap_or([0.0, 1.0]);
        let horizontal = Axis::new(across, [LEFT + 14.0, WIDTH - RIGHT - 14.0]);
        // Room for the texts above the highest point.
        let [top, bottom] = [TOP, HEIGHT - BOTTOM];
        let vertical = Axis::new(up, [bottom - 12.0, top + 34.0]);
        let pixel = |p: &[f64; 2]| [horizontal.pixel(p[0]), vertical.pixel(p[1])];

        let mut svg = Svg::new([WIDTH, HEIGHT]);
        svg.text(
            [LEFT, 27.0],
            text(Anchor::Start, 17.0, INK, "bold"),
            &self.title,
        );
        svg.text(
            [LEFT, 48.0],
            text(Anchor::Start, 14.0, INK, "bold"),
            &self.labels[1],
        );
        for (value, label) in horizontal.ticks(8.0) {
            let x = horizontal.pixel(value);
            svg.line([x, top], [x, bottom], GRID);
            svg.line([x, bottom], [x, bottom + 5.0], FRAME);
            let style = text(Anchor::Middle, LABEL_SIZE, INK, "normal");
            svg.text([x, bottom + 21.0], style, &label);
        }
        for (value, label) in vertical.ticks(6.0) {
            let y = vertical.pixel(value);
            let stroke = if value == 0.0 { ZERO } else { GRID };
            svg.line([LEFT, y], [WIDTH - RIGHT, y], stroke);
            svg.line([LEFT - 5.0, y], [LEFT, y], FRAME);
            let style = text(Anchor::End, LABEL_SIZE, INK, "normal");
            svg.text([LEFT - 9.0, y + 4.5], style, &label);
        }
        let middle = [0.5 * (LEFT + WIDTH - RIGHT), bottom + 45.0];
        svg.text(
            middle,
            text(Anchor::Middle, 14.0, INK, "normal"),
            &self.labels[0],
        );
        let curve: Vec<[f64; 2]> = self.curve.iter().map(pixel).collect();
        svg.path(&[curve], STROKES[0]);
        for point in &self.points {
            svg.dot(pixel(point), DOT, STROKES[1].colour);
        }
        for annotation in &self.annotations {
            draw(&mut svg, pixel(&annotation.at), &annotation.label);
        }
        svg.line([LEFT, top], [LEFT, bottom], FRAME);
        svg.line([LEFT, bottom], [WIDTH - RIGHT, bottom], FRAME);
        svg.finish(&self.title)
    }
}

/// A text above a place, on white, with a ring around the place.
fn draw(svg: &mut Svg, at: [f64; 2], label: &str) {
    let width = text_width(label, LABEL_SIZE);
    let x = at[0].clamp(LEFT + 0.5 * width + 4.0, WIDTH - RIGHT - 0.5 * width - 4.0);
    let y = at[1] - LABEL_SPACE;
    svg.rectangle(
        [x - 0.5 * width - 3.0, y - 13.0],
        [width + 6.0, 17.0],
        "#ffffff",
    );
    svg.text(
        [x, y],
        text(Anchor::Middle, LABEL_SIZE, INK, "normal"),
        label,
    );
    svg.ring(at, DOT + 2.5, GREY);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_shows_its_points_and_marks_whatever_the_data() {
        let mut curve = Curve {
            title: "hop < exchange".to_owned(),
            labels: ["path [Å]".to_owned(), "energy [eV]".to_owned()],
            curve: (0..=100)
                .map(|k| f64::from(k) / 100.0)
                .map(|x| [x, x * (1.0 - x)])
                .collect(),
            points: vec![[0.0, 0.0], [0.5, 0.25], [1.0, 0.0]],
            annotations: vec![Annotation {
                at: [0.5, 0.25],
                label: "0.250 eV".to_owned(),
            }],
        };
        let svg = curve.svg();
        assert_eq!(svg.matches("<circle").count(), 4);
        assert!(svg.contains("hop &lt; exchange") && svg.contains("0.250 eV"));
        curve.curve.clear();
        curve.points.clear();
        curve.annotations.clear();
        assert!(!curve.svg().contains("NaN"));
    }
}

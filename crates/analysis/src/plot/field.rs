//! Maps of a field over two axes, with contours.

use super::axis::Axis;
use super::{FRAME, INK, Stroke, text};
use crate::svg::{Anchor, Svg, text_width};

const SIZE: [f64; 2] = [800.0, 560.0];
const LEFT: f64 = 84.0;
const WIDE: f64 = 606.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 496.0;
/// Distance of the scale of colours from the map, and its width.
const SCALE: [f64; 2] = [22.0, 18.0];
/// How many colours the range is divided into.
const COLOURS: usize = 40;
/// Where a contour's label stands, as a share of its points.
const LABEL_PLACE: f64 = 0.86;

const CONTOUR: Stroke = Stroke {
    colour: "#1a1a1a",
    width: 1.1,
    dash: "",
};

/// Dark to light, even in lightness: viridis at even distances.
const PALETTE: [[f64; 3]; 10] = [
    [68.0, 1.0, 84.0],
    [72.0, 40.0, 120.0],
    [62.0, 74.0, 137.0],
    [49.0, 104.0, 142.0],
    [38.0, 130.0, 142.0],
    [31.0, 158.0, 137.0],
    [53.0, 183.0, 121.0],
    [109.0, 205.0, 89.0],
    [180.0, 222.0, 44.0],
    [253.0, 231.0, 37.0],
];

/// The colour of a share of the range, 0 to 1.
pub(crate) fn colour(share: f64) -> String {
    let place = share.clamp(0.0, 1.0) * (PALETTE.len() - 1) as f64;
    let below = (place as usize).min(PALETTE.len() - 2);
    let rest = place - below as f64;
    let [red, green, blue] = [0, 1, 2].map(|k| {
        let value = PALETTE[below][k] * (1.0 - rest) + PALETTE[below + 1][k] * rest;
        value.round() as u8
    });
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A line of equal value.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// Written on it; none if empty.
    pub label: String,
    /// Its points.
    pub points: Vec<[f64; 2]>,
}

/// The proportions of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapShape {
    /// As wide as the page: the axes measure different things.
    Wide,
    /// Square: the axes are lengths.
    Square,
}

/// A field over two axes, as colours and contours.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldMap {
    /// Title of the whole.
    pub title: String,
    /// What the horizontal axis shows, with its unit.
    pub x_label: String,
    /// What the vertical axis shows, with its unit.
    pub y_label: String,
    /// What the colours show, with its unit.
    pub value_label: String,
    /// Places along the horizontal axis, ascending and even.
    pub x: Vec<f64>,
    /// Places along the vertical axis, ascending and even.
    pub y: Vec<f64>,
    /// Values: for each place along the horizontal axis, all along the vertical one; white where
    /// they are not finite.
    pub values: Vec<f64>,
    /// The values of the first and the last colour; those beyond have these colours too.
    pub range: [f64; 2],
    /// Lines over the colours.
    pub contours: Vec<Contour>,
    /// Its proportions.
    pub shape: MapShape,
}

impl FieldMap {
    /// The map as an SVG document; the same data give the same bytes.
    pub fn svg(&self) -> String {
        let mut svg = Svg::new(SIZE);
        svg.text(
            [LEFT, 27.0],
            text(Anchor::Start, 17.0, INK, "bold"),
            &self.title,
        );
        let ends = |places: &[f64]| {
            let first = places.first().copied().unwrap_or(0.0);
            [first, places.last().copied().unwrap_or(1.0)]
        };
        let x = Axis::new(ends(&self.x), [LEFT, self.right()]);
        let y = Axis::new(ends(&self.y), [BOTTOM, TOP]);
        self.draw_field(&mut svg, &x, &y);
        self.draw_contours(&mut svg, &x, &y);
        self.draw_axes(&mut svg, &x, &y);
        self.draw_scale(&mut svg);
        svg.finish(&self.title)
    }

    /// The right edge of the data [px].
    fn right(&self) -> f64 {
        match self.shape {
            MapShape::Wide => LEFT + WIDE,
            MapShape::Square => LEFT + BOTTOM - TOP,
        }
    }

    /// The number of a value's colour; none for one that is not finite.
    fn level(&self, value: f64) -> Option<usize> {
        let share = (value - self.range[0]) / (self.range[1] - self.range[0]);
        (value.is_finite()).then(|| ((share * COLOURS as f64) as usize).min(COLOURS - 1))
    }

    /// Columns of rectangles, each as long as the colour is the same.
    fn draw_field(&self, svg: &mut Svg, x: &Axis, y: &Axis) {
        let (columns, rows) = (self.x.len(), self.y.len());
        if columns < 2 || rows < 2 || self.values.len() != columns * rows {
            return;
        }
        let half = [self.x[1] - self.x[0], self.y[1] - self.y[0]].map(|step| 0.5 * step);
        // A pixel more hides seams.
        const OVERLAP: f64 = 1.0;
        for (column, &place) in self.x.iter().enumerate() {
            let left = x.pixel(place - half[0]).max(LEFT);
            let right = (x.pixel(place + half[0]) + OVERLAP).min(self.right());
            let levels: Vec<Option<usize>> = (0..rows)
                .map(|row| self.level(self.values[column * rows + row]))
                .collect();
            let mut first = 0;
            for run in levels.chunk_by(|a, b| a == b) {
                let last = first + run.len() - 1;
                if let Some(level) = run[0] {
                    let lower = (y.pixel(self.y[first] - half[1]) + OVERLAP).min(BOTTOM);
                    let upper = y.pixel(self.y[last] + half[1]).max(TOP);
                    let share = (level as f64 + 0.5) / COLOURS as f64;
                    svg.rectangle([left, upper], [right - left, lower - upper], &colour(share));
                }
                first = last + 1;
            }
        }
    }

    fn draw_contours(&self, svg: &mut Svg, x: &Axis, y: &Axis) {
        let halo = Stroke {
            colour: "#ffffff",
            width: 2.6,
            ..CONTOUR
        };
        for contour in &self.contours {
            let points = contour.points.iter();
            let points: Vec<[f64; 2]> = points
                .map(|point| [x.pixel(point[0]), y.pixel(point[1])])
                .collect();
            svg.path(std::slice::from_ref(&points), halo);
            svg.path(std::slice::from_ref(&points), CONTOUR);
            let labelled = (points.len() as f64 * LABEL_PLACE) as usize;
            if let Some(&[place, height]) =
                points.get(labelled).filter(|_| !contour.label.is_empty())
            {
                let width = text_width(&contour.label, 12.0) + 4.0;
                svg.rectangle(
                    [place - 0.5 * width, height - 8.0],
                    [width, 16.0],
                    "#ffffff",
                );
                let style = text(Anchor::Middle, 12.0, INK, "normal");
                svg.text([place, height + 4.0], style, &contour.label);
            }
        }
    }

    fn draw_axes(&self, svg: &mut Svg, x: &Axis, y: &Axis) {
        for (value, label) in x.ticks(8.0) {
            let at = x.pixel(value);
            svg.line([at, BOTTOM], [at, BOTTOM + 5.0], FRAME);
            let style = text(Anchor::Middle, 13.0, INK, "normal");
            svg.text([at, BOTTOM + 20.0], style, &label);
        }
        for (value, label) in y.ticks(6.0) {
            let at = y.pixel(value);
            svg.line([LEFT - 5.0, at], [LEFT, at], FRAME);
            let style = text(Anchor::End, 13.0, INK, "normal");
            svg.text([LEFT - 9.0, at + 4.5], style, &label);
        }
        for (from, to) in [
            ([LEFT, TOP], [LEFT, BOTTOM]),
            ([LEFT, BOTTOM], [self.right(), BOTTOM]),
        ] {
            svg.line(from, to, FRAME);
        }
        let style = text(Anchor::Middle, 14.0, INK, "normal");
        svg.text(
            [0.5 * (LEFT + self.right()), BOTTOM + 44.0],
            style,
            &self.x_label,
        );
        let style = text(Anchor::Start, 13.0, INK, "bold");
        svg.text([LEFT, TOP - 6.0], style, &self.y_label);
    }

    fn draw_scale(&self, svg: &mut Svg) {
        let [distance, width] = SCALE;
        let left = self.right() + distance;
        let axis = Axis::new(self.range, [BOTTOM, TOP]);
        let height = (BOTTOM - TOP) / COLOURS as f64;
        for level in 0..COLOURS {
            let upper = BOTTOM - (level + 1) as f64 * height;
            let share = (level as f64 + 0.5) / COLOURS as f64;
            svg.rectangle([left, upper], [width, height + 0.5], &colour(share));
        }
        for (value, label) in axis.ticks(8.0) {
            let at = axis.pixel(value);
            svg.line([left + width, at], [left + width + 4.0, at], FRAME);
            let style = text(Anchor::Start, 13.0, INK, "normal");
            svg.text([left + width + 8.0, at + 4.5], style, &label);
        }
        let style = text(Anchor::Start, 13.0, INK, "bold");
        svg.text([left, TOP - 6.0], style, &self.value_label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(columns: usize) -> FieldMap {
        let places: Vec<f64> = (0..columns).map(|k| k as f64).collect();
        let square = places
            .iter()
            .flat_map(|x| places.iter().map(move |y| x * y));
        FieldMap {
            title: "x < y".to_owned(),
            x_label: "x".to_owned(),
            y_label: "y".to_owned(),
            value_label: "product".to_owned(),
            values: square.collect(),
            x: places.clone(),
            y: places,
            range: [0.0, 1.0],
            contours: vec![Contour {
                label: "10".to_owned(),
                points: vec![[1.0, 2.0], [2.0, 1.0]],
            }],
            shape: MapShape::Square,
        }
    }

    #[test]
    fn fields_of_any_size_make_a_map() {
        for columns in [0, 1, 2, 30] {
            let svg = map(columns).svg();
            assert!(svg.contains("x &lt; y"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn colours_go_from_dark_to_light() {
        assert_eq!(colour(-1.0), "#440154");
        assert_eq!(colour(0.0), "#440154");
        assert_eq!(colour(1.0), "#fde725");
        assert_eq!(colour(7.0), "#fde725");
    }
}

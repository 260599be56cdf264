//! Paths in a plane: where single atoms went, seen from one side.

use super::axis::Axis;
use super::{FRAME, GRID, INK, STROKES, WIDTH, range, text};
use crate::svg::{Anchor, Stroke, Svg};

const TOP: f64 = 84.0;
const BOTTOM: f64 = 62.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 22.0;
/// Largest edge of the square of a view.
const LARGEST: f64 = 420.0;
const LABEL_SIZE: f64 = 13.0;
const BEGIN: f64 = 3.6;
const END: f64 = 3.0;
const PATH: Stroke = Stroke {
    colour: "#0b3c6f",
    width: 0.9,
    dash: "",
};

/// Paths seen from one side.
#[derive(Debug, Clone, PartialEq)]
pub struct PathView {
    /// What is seen.
    pub label: String,
    /// What the two axes show, with their units.
    pub axes: [String; 2],
    /// The points of each path, in their order.
    pub paths: Vec<Vec<[f64; 2]>>,
}

/// Views beside each other, of one scale: begins of paths are rings, ends are dots.
#[derive(Debug, Clone, PartialEq)]
pub struct PathMap {
    /// Title of the whole.
    pub title: String,
    /// The views, from the left; two at most fit.
    pub views: Vec<PathView>,
}

impl PathMap {
    /// The map as an SVG document, 800 pixels wide; the same data give the same bytes.
    pub fn svg(&self) -> String {
        let cell = WIDTH / self.views.len().max(1) as f64;
        let edge = (cell - LEFT - RIGHT).min(LARGEST);
        let ranges: Vec<[[f64; 2]; 2]> = self.views.iter().map(PathView::ranges).collect();
        let span = (ranges.iter().flatten())
            .map(|[low, high]| high - low)
            .fold(1.0, f64::max);
        let mut svg = Svg::new([WIDTH, TOP + edge + BOTTOM]);
        let style = text(Anchor::Start, 17.0, INK, "bold");
        svg.text([LEFT, 27.0], style, &self.title);
        for (at, (view, ranges)) in self.views.iter().zip(ranges).enumerate() {
            let left = LEFT + at as f64 * cell;
            // A common span around the middle of each.
            let around = |[low, high]: [f64; 2]| {
                let middle = 0.5 * (low + high);
                [middle - 0.5 * span, middle + 0.5 * span]
            };
            let axes = [
                Axis::new(around(ranges[0]), [left, left + edge]).padded(),
                Axis::new(around(ranges[1]), [TOP + edge, TOP]).padded(),
            ];
            view.draw(&mut svg, axes, [left, edge]);
        }
        svg.finish(&self.title)
    }
}

impl PathView {
    fn ranges(&self) -> [[f64; 2]; 2] {
        let all = || self.paths.iter().flatten();
        [0, 1].map(|k| range(all().map(|point| point[k])).unwrap_or([0.0, 1.0]))
    }

    fn draw(&self, svg: &mut Svg, [across, up]: [Axis; 2], [left, edge]: [f64; 2]) {
        let bottom = TOP + edge;
        let bold = text(Anchor::Start, 14.0, INK, "bold");
        svg.text([left, 54.0], bold, &self.label);
        let plain = |anchor| text(anchor, LABEL_SIZE, INK, "normal");
        svg.text([left, TOP - 8.0], plain(Anchor::Start), &self.axes[1]);
        for (value, label) in across.ticks(5.0) {
            let x = across.pixel(value);
            svg.line([x, TOP], [x, bottom], GRID);
            svg.text([x, bottom + 20.0], plain(Anchor::Middle), &label);
        }
        for (value, label) in up.ticks(5.0) {
            let y = up.pixel(value);
            svg.line([left, y], [left + edge, y], GRID);
            svg.text([left - 8.0, y + 4.5], plain(Anchor::End), &label);
        }
        let middle = [left + 0.5 * edge, bottom + 42.0];
        svg.text(middle, plain(Anchor::Middle), &self.axes[0]);
        let pixel = |point: &[f64; 2]| [across.pixel(point[0]), up.pixel(point[1])];
        let paths: Vec<Vec<[f64; 2]>> = (self.paths.iter())
            .map(|path| path.iter().map(pixel).collect())
            .collect();
        svg.path(&paths, PATH);
        for path in &paths {
            if let (Some(begin), Some(end)) = (path.first(), path.last()) {
                svg.ring(*begin, BEGIN, PATH.colour);
                svg.dot(*end, END, STROKES[1].colour);
            }
        }
        for corner in [[left, TOP], [left + edge, bottom]] {
            svg.line([left, corner[1]], [left + edge, corner[1]], FRAME);
            svg.line([corner[0], TOP], [corner[0], bottom], FRAME);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_share_a_scale_and_show_where_paths_begin_and_end() {
        let view = |far: f64| PathView {
            label: "particle < 2".to_owned(),
            axes: ["y [Å]".to_owned(), "z [Å]".to_owned()],
            paths: vec![vec![[0.0, 0.0], [far, 1.0]], vec![[3.0, 3.0]], Vec::new()],
        };
        let mut map = PathMap {
            title: "adatoms".to_owned(),
            views: vec![view(10.0), view(40.0)],
        };
        let svg = map.svg();
        assert_eq!(svg.matches("<circle").count(), 8);
        assert!(svg.contains("particle &lt; 2"));
        map.views = vec![PathView {
            paths: Vec::new(),
            ..view(1.0)
        }];
        assert!(!map.svg().contains("NaN"));
        map.views.clear();
        assert!(!map.svg().contains("NaN"));
    }
}
